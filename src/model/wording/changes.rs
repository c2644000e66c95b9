//! Sentences about changes: how two rings differ, and what became of a change in a ring.

use std::time::Duration;

use super::stages::{stage_noun, stage_place};
use crate::{
    domain::{
        cluster::SyncState,
        deployment::{Deployment, Status},
        stage::StageKind,
        time::Timestamp,
    },
    model::{
        compare::{Lag, ServiceDiff},
        rings::BlockedAt,
        trace::{ChangeStatus, TracedBy},
    },
    text,
};

/// Where a change on its way hangs: `waiting for approval for 20 min`.
#[must_use]
pub fn blocked(d: &Deployment, blocked_at: BlockedAt, now: Timestamp) -> String {
    let stage = d.deciding_stage();
    let begun = stage.and_then(|stage| stage.started).or(blocked_at.since);
    let lasting = |what: &str, since: Option<Timestamp>| match since {
        Some(since) => format!("{what} {}", text::lasting(since, now)),
        None => what.to_owned(),
    };
    let what = match (blocked_at.stage, d.status) {
        (Some(StageKind::Sync), _) => {
            return lasting("published, not applied", blocked_at.since);
        }
        (_, Status::Waiting) => "waiting for approval".to_owned(),
        (Some(kind), Status::Queued) => format!("queued: {}", stage_noun(kind)),
        (Some(StageKind::Build), Status::Running) => "building".to_owned(),
        (Some(StageKind::Release), Status::Running) => "updating metadata".to_owned(),
        (Some(StageKind::Manifest), Status::Running) => "generating manifests".to_owned(),
        (Some(kind), Status::Incomplete) => {
            return format!("stalled after {} {}", stage_noun(kind), super::ago(blocked_at.since, now));
        }
        (Some(kind), _) => return format!("{} unknown, {}", stage_noun(kind), super::ago(blocked_at.since, now)),
        (None, _) => return "no stage known".to_owned(),
    };
    lasting(&what, begun)
}

/// What became of a change, in a word or two.
#[must_use]
pub const fn change_status(change_status: &ChangeStatus) -> &'static str {
    match change_status {
        ChangeStatus::Live { .. } => "live",
        ChangeStatus::Deployed { .. } => "deployed · cluster state unknown",
        ChangeStatus::Replaced { .. } => "replaced",
        ChangeStatus::OnItsWay(_) => "in progress",
        ChangeStatus::Failed => "failed",
        ChangeStatus::Canceled => "canceled",
        ChangeStatus::Superseded => "superseded",
        ChangeStatus::NotThere => "not deployed",
    }
}

/// The same before a ring's name: `live in`.
#[must_use]
pub const fn change_status_in(change_status: &ChangeStatus) -> &'static str {
    match change_status {
        ChangeStatus::Live { .. } => "live in",
        ChangeStatus::Deployed { .. } => "deployed, cluster state unknown, in",
        ChangeStatus::Replaced { .. } => "replaced in",
        ChangeStatus::OnItsWay(_) => "in progress in",
        ChangeStatus::Failed => "failed in",
        ChangeStatus::Canceled => "canceled in",
        ChangeStatus::Superseded => "superseded in",
        ChangeStatus::NotThere => "not in",
    }
}

/// What stands between a ring's name and [`change_status_more`].
#[must_use]
pub const fn change_status_joint(change_status: &ChangeStatus) -> &'static str {
    match change_status {
        ChangeStatus::OnItsWay(_) | ChangeStatus::Failed => ": ",
        ChangeStatus::Live { is_vague: true, .. } | ChangeStatus::Canceled | ChangeStatus::Superseded => ", ",
        _ => " ",
    }
}

/// What else is to be shown of it: since when, on which clusters, where it hangs, by what it was replaced. `d` is the
/// deployment that shows it, `by` the version that took its place.
#[must_use]
pub fn change_status_more(
    change_status: &ChangeStatus,
    d: Option<&Deployment>,
    by: Option<&str>,
    now: Timestamp,
) -> String {
    match change_status {
        ChangeStatus::Live { clusters, since: began, is_vague } => {
            let names: Vec<&str> = clusters.iter().map(|c| c.as_str()).collect();
            let on = (!names.is_empty()).then(|| format!("on {}", text::list(&names)));
            // When a cluster began to run it may not be known; when it was deployed is.
            let deployed = d.filter(|_| *is_vague).map(|d| format!("deployed {}", super::updated_ago(d, now)));
            let lasting = || began.filter(|_| !is_vague).map(|began| text::lasting(began, now));
            deployed.or_else(lasting).into_iter().chain(on).collect::<Vec<_>>().join(" ")
        }
        ChangeStatus::Deployed { since } => super::ago(*since, now),
        ChangeStatus::Replaced { after, .. } => {
            let after = after.map(|after| format!("after {}", text::duration(after)));
            let parts = [after, by.map(|by| format!("by {by}"))];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        ChangeStatus::OnItsWay(blocked_at) => d.map_or_else(String::new, |d| blocked(d, *blocked_at, now)),
        ChangeStatus::Failed => d.map_or_else(String::new, |d| why_failed(d, now)),
        ChangeStatus::Canceled => d.map_or_else(String::new, |d| super::updated_ago(d, now)),
        ChangeStatus::Superseded => d
            .filter(|d| d.status == Status::Succeeded)
            .map_or_else(String::new, |d| format!("published {}; unknown whether it ran", super::updated_ago(d, now))),
        ChangeStatus::NotThere => String::new(),
    }
}

/// Where a change is, short and without times, for screen readers: `live in dev; not in prod`.
#[must_use]
pub fn announced<'a>(places: impl Iterator<Item = (&'a ChangeStatus, &'a str)>) -> String {
    places
        .map(|(change_status, ring)| format!("{} {ring}", change_status_in(change_status)))
        .collect::<Vec<_>>()
        .join("; ")
}

fn why_failed(d: &Deployment, now: Timestamp) -> String {
    if d.status != Status::Succeeded {
        let ago = super::updated_ago(d, now);
        return d.deciding_stage().map_or_else(|| ago.clone(), |stage| format!("{}, {ago}", stage_place(stage)));
    }
    let failed: Vec<_> = d.clusters.iter().filter(|c| c.state == SyncState::Failed).collect();
    let names: Vec<&str> = failed.iter().map(|c| c.cluster.as_str()).collect();
    let who = if names.is_empty() { "a cluster".to_owned() } else { text::list(&names) };
    match failed.iter().find_map(|c| c.message.as_deref()) {
        Some(message) => format!("{who} could not apply it: {}", text::first_line(message)),
        None => format!("{who} could not apply it"),
    }
}

/// What a question was taken for: `Commit 1a2b3c4`.
#[must_use]
pub fn traced(by: TracedBy, question: &str) -> String {
    let name = question.trim().trim_matches('"');
    let number = name.trim_start_matches(['#', '!']);
    match by {
        TracedBy::Commit => format!("Commit {}", name.get(..name.len().min(12)).unwrap_or(name)),
        TracedBy::Image => format!("Image {name}"),
        TracedBy::PullRequest => format!("Pull request #{number}"),
        TracedBy::Run => format!("Run {name}"),
        TracedBy::Id => format!("Deployment {name}"),
        TracedBy::Author => format!("Changes by {name}"),
    }
}

/// How a service stands in the second of two rings: `Production is 3 versions, 12 commits and 2 d behind`.
/// `second_runs` is the version there.
#[must_use]
pub fn lag(diff: &ServiceDiff, commits: Option<u32>, second_runs: &str, first: &str, second: &str) -> String {
    let versions = (!diff.between.is_empty()).then(|| text::plural(diff.between.len(), "version"));
    let commits = commits.map(|n| text::plural(n as usize, "commit"));
    let by = diff.by.filter(|by| *by > Duration::ZERO).map(text::duration);
    let older = by.as_ref().map_or_else(String::new, |by| format!(" ({by} older)"));
    let distance: Vec<String> = versions.into_iter().chain(commits).chain(by).collect();
    let distance: Vec<&str> = distance.iter().map(String::as_str).collect();
    match diff.lag {
        Lag::Behind => format!("{second} is {} behind", text::list(&distance)),
        Lag::Ahead => format!("{second} is {} ahead", text::list(&distance)),
        Lag::Other => format!("Diverged: {second_runs} not seen in {first}{older}"),
        Lag::OnlyFirst => format!("Not in {second}"),
        Lag::OnlySecond => format!("Not in {first}"),
        Lag::Same => "The same in both".to_owned(),
    }
}

/// How two rings stand together, from how often each lag occurs: `Production vs dev: 3 behind, 1 ahead`.
#[must_use]
pub fn compared(count: impl Fn(Lag) -> usize, first: &str, second: &str) -> String {
    let parts = Lag::ALL.into_iter().filter_map(|lag| {
        let what = match lag {
            Lag::Behind => "behind",
            Lag::Other => "diverged",
            Lag::OnlyFirst => "missing",
            Lag::Ahead => "ahead",
            Lag::OnlySecond => "extra",
            Lag::Same => "the same",
        };
        let n = count(lag);
        (n > 0).then(|| format!("{} {what}", text::count(n)))
    });
    format!("{second} vs {first}: {}", parts.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests;
