//! Environments that a workflow run waits for ("Get pending deployments for a workflow run").

use super::{
    requests::get,
    trouble,
    wire::{Named, User, filled},
};
use crate::{
    config::GitHub,
    domain::run::{Approval, Run},
    forge::key::{Resource, ResourceKey},
    http::{ApiError, Request, Response, encode, secret::Secret},
    json::wire,
};

/// The environments that a workflow run, by its number, waits for.
pub(super) fn request_pending(at: &GitHub, run: &str, secret: Option<&Secret>, etag: Option<&str>) -> Request {
    get(at, &["/actions/runs/", &encode(run), "/pending_deployments"].concat(), secret, etag)
}

wire! {
    struct Pending {
        environment: Option<Named>,
        wait_timer: Option<u64>,
        reviewers: Option<Vec<Reviewer>>,
    }

    struct Reviewer {
        /// A person or a team.
        reviewer: Option<User>,
    }
}

/// Reads the answer to [`request_pending`]. An environment without reviewers may wait for time to pass, or for a rule
/// of an app, of which nothing is reported.
///
/// # Errors
/// When it is a refusal, or no list.
pub(super) fn parse_pending(response: &Response) -> Result<Vec<Approval>, ApiError> {
    let all: Vec<Pending> = trouble::read(response)?;
    let approval = |pending: Pending| {
        let reviewers = pending.reviewers.unwrap_or_default();
        Approval {
            environment: pending.environment.and_then(|named| filled(&named.name).map(Into::into)),
            is_timer: reviewers.is_empty() && pending.wait_timer.is_some_and(|minutes| minutes > 0),
            waits_for: reviewers.into_iter().filter_map(|reviewer| reviewer.reviewer?.person()).collect(),
        }
    };
    Ok(all.into_iter().map(approval).collect())
}

/// Which of the approvals that a workflow run waits for one of its jobs waits for, or the run itself: of several that
/// of the environment which the job is called by. A run's environments are reported without their jobs.
pub(in crate::forge) fn approvals_of_run<'a>(
    key: &ResourceKey,
    run: &Run,
    approvals: &'a [Approval],
) -> Vec<&'a Approval> {
    let is_whole = matches!(&key.resource, Resource::Run(id) if run.approvals.as_deref() == Some(id.as_str()));
    let job = run.name.as_deref().unwrap_or_default();
    let is_its = |approval: &&Approval| {
        is_whole || approvals.len() == 1 || approval.environment.as_deref().is_some_and(|name| has_words(job, name))
    };
    approvals.iter().filter(is_its).collect()
}

/// Whether words stand in a name as such, one after the other.
fn has_words(name: &str, words: &str) -> bool {
    let spaced = |text: &str| {
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        [" ", &words.join(" ").to_lowercase(), " "].concat()
    };
    spaced(name).contains(&spaced(words))
}
