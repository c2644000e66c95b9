//! GitHub's words for what became of things. The REST API writes them small, GraphQL in capitals.

use crate::domain::{cluster::SignalState, deployment::Status, pull_request::PullState};

/// Of a workflow run, a job, a step, a check run: its phase, and how it ended if it has.
///
/// A neutral end counts as success, as it does for GitHub's own required checks. What was skipped is over without
/// having done anything and without a fault, which is what canceled means here: it will not go on by itself, and
/// nothing that should follow from it is there. A run that wants somebody's action waits for that person. `stale` is
/// GitHub's word for what it gave up waiting for.
pub(super) fn status(phase: Option<&str>, conclusion: Option<&str>) -> Status {
    match phase.unwrap_or_default().to_ascii_lowercase().as_str() {
        "queued" | "requested" | "pending" => Status::Queued,
        "waiting" => Status::Waiting,
        "in_progress" => Status::Running,
        "completed" => match conclusion.unwrap_or_default().to_ascii_lowercase().as_str() {
            "success" | "neutral" => Status::Succeeded,
            "failure" | "timed_out" | "startup_failure" => Status::Failed,
            "cancelled" => Status::Canceled,
            "skipped" => Status::Skipped,
            "action_required" => Status::Waiting,
            _ => Status::Unknown,
        },
        _ => Status::Unknown,
    }
}

/// The same of a step: one that was skipped has not begun.
pub(super) fn step(phase: Option<&str>, conclusion: Option<&str>) -> Status {
    match conclusion {
        Some(word) if word.eq_ignore_ascii_case("skipped") => Status::Incomplete,
        _ => status(phase, conclusion),
    }
}

/// Of a pull request. The REST API has no word for merged; it has the time of that.
pub(super) fn pull_state(state: Option<&str>, merged: bool) -> PullState {
    match state.unwrap_or_default().to_ascii_lowercase().as_str() {
        "merged" => PullState::Merged,
        _ if merged => PullState::Merged,
        "open" => PullState::Open,
        "closed" => PullState::Abandoned,
        _ => PullState::Unknown,
    }
}

/// Of a commit status. What GraphQL calls expected is one that a rule requires and nobody has made.
pub(super) fn signal(state: Option<&str>) -> SignalState {
    match state.unwrap_or_default().to_ascii_lowercase().as_str() {
        "success" => SignalState::Applied,
        "pending" => SignalState::Pending,
        "failure" | "error" => SignalState::Failed,
        _ => SignalState::Unknown,
    }
}

/// Of a deployment. `inactive` is GitHub's state of an older one once the environment has a newer one, so it shows
/// nothing of what it came to.
pub(super) fn outcome(state: Option<&str>) -> Option<SignalState> {
    match state.unwrap_or_default().to_ascii_lowercase().as_str() {
        "success" => Some(SignalState::Applied),
        "pending" | "queued" | "in_progress" | "waiting" => Some(SignalState::Pending),
        "failure" | "error" => Some(SignalState::Failed),
        "inactive" => None,
        _ => Some(SignalState::Unknown),
    }
}

/// What people call a job: `CI / build`.
pub(super) fn job_name(workflow: Option<&str>, job: Option<&str>) -> Option<Box<str>> {
    let known = |text: Option<&str>| text.map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    match (known(workflow), known(job)) {
        (Some(workflow), Some(job)) if workflow != job => Some(format!("{workflow} / {job}").into()),
        (workflow, job) => job.or(workflow).map(Into::into),
    }
}

/// What people call a workflow run: `CI #562`.
pub(super) fn run_name(workflow: Option<&str>, number: Option<u64>) -> Option<Box<str>> {
    let workflow = workflow.map(str::trim).filter(|t| !t.is_empty());
    match (workflow, number) {
        (Some(workflow), Some(number)) => Some(format!("{workflow} #{number}").into()),
        (Some(workflow), None) => Some(workflow.into()),
        (None, number) => number.map(|n| format!("#{n}").into()),
    }
}
