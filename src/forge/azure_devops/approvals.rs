//! Approvals that stages of a build wait for ("Approvals And Checks"). In a timeline an approval has the id that it is
//! asked for by.

use super::{
    answers::{known_first, list, word},
    person::{Identity, person},
    requests::{AT_ONCE, VERSION, home, read_at},
};
use crate::{
    config::AzureDevOps,
    domain::{person::Person, run::Approval},
    http::{ApiError, Page, Request, Response, secret::Secret},
    json::wire,
};

/// Up to [`AT_ONCE`] approvals ("Approvals - Query").
pub(super) fn request_approvals(at: &AzureDevOps, ids: &[&str], secret: Option<&Secret>) -> Request {
    let (home, ids) = (home(&at.api, at), ids.join(","));
    read_at(format!("{home}/_apis/pipelines/approvals?approvalIds={ids}&$expand=steps&top={AT_ONCE}&{VERSION}"), secret)
}

/// Whether that may be the id of an approval: one that is none would have all of them refused.
pub(super) fn is_id(id: &str) -> bool {
    id.len() == 36 && id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

/// Reads the answer to [`request_approvals`]: each by its id.
///
/// # Errors
/// When the answer is a refusal or no list.
pub(super) fn parse_approvals(response: &Response) -> Result<Page<(String, Approval), ()>, ApiError> {
    list(response, "Approval", |wire: PendingApproval| {
        let id = wire.id.to_ascii_lowercase();
        Ok((id, Approval { environment: None, waits_for: wire.waits_for(), is_timer: false }))
    })
}

wire! {
    struct PendingApproval {
        id: String,
        status: Option<String>,
        execution_order: Option<String> = "executionOrder",
        steps: Option<Vec<Step>>,
        blocked_approvers: Option<Vec<Identity>> = "blockedApprovers",
    }

    struct Step {
        assigned_approver: Option<Identity> = "assignedApprover",
        status: Option<String>,
        order: Option<i64>,
    }
}

impl PendingApproval {
    /// Those who have been asked and have not decided; where they are asked one after the other, the first of them.
    fn waits_for(self) -> Vec<Person> {
        if word(self.status.as_deref()) != "pending" {
            return Vec::new();
        }
        let blocked: Vec<String> =
            self.blocked_approvers.into_iter().flatten().filter_map(|identity| identity.id).collect();
        let is_blocked = |step: &Step| {
            step.assigned_approver.as_ref().and_then(|by| by.id.as_ref()).is_some_and(|id| blocked.contains(id))
        };
        let mut steps: Vec<Step> = self.steps.unwrap_or_default();
        steps.sort_by_key(|step| known_first(step.order));
        let open =
            steps.into_iter().filter(|step| matches!(word(step.status.as_deref()).as_str(), "pending" | "uninitiated"));
        let mut people: Vec<_> =
            open.filter(|step| !is_blocked(step)).filter_map(|step| person(step.assigned_approver)).collect();
        if word(self.execution_order.as_deref()) == "insequence" {
            people.truncate(1);
        }
        people
    }
}
