//! Environments that a workflow run waits for ("Get pending deployments for a workflow run").

use serde::Deserialize;

use super::{
    requests::get,
    trouble,
    wire::{Named, User, filled},
};
use crate::{
    config::GitHub,
    domain::run::Approval,
    http::{ApiError, Request, Response, encode, secret::Secret},
};

/// The environments that a workflow run, by its number, waits for.
#[must_use]
pub(super) fn request_pending(at: &GitHub, run: &str, secret: Option<&Secret>, etag: Option<&str>) -> Request {
    get(at, &["/actions/runs/", &encode(run), "/pending_deployments"].concat(), secret, etag)
}

#[derive(Deserialize)]
struct Pending {
    environment: Option<Named>,
    wait_timer: Option<u64>,
    reviewers: Option<Vec<Reviewer>>,
}

#[derive(Deserialize)]
struct Reviewer {
    /// A person or a team.
    reviewer: Option<User>,
}

/// Reads the answer to [`request_pending`]. An environment without reviewers may wait for time to pass, or for a rule of
/// an app, of which nothing is told.
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
