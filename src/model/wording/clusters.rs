//! Sentences about clusters: what each has of a ring, of a cell of the board and of one deployment.
//!
//! A time that is only near the moment, or the latest that it can have been, is shown as "about". Where not known,
//! that is shown, and never anything better.

use std::time::Duration;

use super::version;
use crate::{
    domain::{
        cluster::{ClusterSync, SyncState},
        deployment::Deployment,
        id::CommitId,
        time::Timestamp,
    },
    model::{
        rings::{BranchEnd, Drift, LeftOver},
        sync::ClusterInRing,
    },
    text,
};

/// The most that is shown of a cluster's own words; all of them are on hover.
const MESSAGE: usize = 80;

/// `3 min ago`, `about 3 min ago`.
fn ago(at: Timestamp, is_approximate: bool, now: Timestamp) -> String {
    let ago = text::ago(at, now);
    if is_approximate { format!("about {ago}") } else { ago }
}

/// What a cluster reports of a failure, as short as a line.
fn short_message(message: &str) -> Option<String> {
    let line = text::first_line(message).trim_end_matches('.');
    (!line.is_empty()).then(|| text::shorten_middle(line, MESSAGE).into_owned())
}

/// `synced 3 min ago`, `2 deployments behind, applied 3 h ago`, `failed: health check failed, 40 min ago`
#[must_use]
pub fn in_ring(c: &ClusterInRing, now: Timestamp) -> String {
    let age = c.sync.at.map(|at| ago(at, c.sync.is_approximate, now));
    let applied = c.applied.as_ref().and_then(|(_, at)| *at);
    let applied = applied.map(|at| format!("applied {}", ago(at, c.applied_is_approximate, now)));
    let report = || age.as_ref().map(|age| format!("last report {age}"));
    let (mut sentence, when) = match c.state {
        SyncState::Synced => (age.as_ref().map_or_else(|| "synced".to_owned(), |age| format!("synced {age}")), None),
        SyncState::Pending => (behind(c), applied.or_else(report)),
        SyncState::Failed => {
            let message = c.sync.message.as_deref().and_then(short_message);
            (message.map_or_else(|| "failed".to_owned(), |message| format!("failed: {message}")), age)
        }
        SyncState::Unknown => ("status unknown".to_owned(), report()),
    };
    if c.back_from.is_some() {
        sentence += ", rolled back to an older version";
    }
    match when {
        Some(when) => format!("{sentence}, {when}"),
        None => sentence,
    }
}

/// `2 synced`, `1 behind`, `1 failed`, `3 unknown`
#[must_use]
pub fn clusters_in_state(n: usize, state: SyncState) -> String {
    let word = match state {
        SyncState::Synced => "synced",
        SyncState::Pending => "behind",
        SyncState::Failed => "failed",
        SyncState::Unknown => "unknown",
    };
    format!("{n} {word}")
}

/// How far, by what is known best.
fn behind(c: &ClusterInRing) -> String {
    let some = |n: Option<u32>| n.filter(|&n| n > 0).map(|n| n as usize);
    // Of the branch's commits many may be other rings'.
    match (some(c.behind), some(c.commits)) {
        (Some(n), _) => format!("{} behind", text::plural(n, "deployment")),
        (None, Some(n)) => format!("{} behind", text::plural(n, "commit")),
        (None, None) => "not yet applied".to_owned(),
    }
}

/// The manifest commit that a ring's cluster is about: what it runs while it is behind, else what it reported last.
#[must_use]
pub fn commit_in_ring(c: &ClusterInRing) -> Option<&CommitId> {
    let applied = c.applied.as_ref().map(|(commit, _)| commit);
    match c.state {
        SyncState::Pending => applied.or(c.sync.commit.as_ref()),
        _ => c.sync.commit.as_ref().or(applied),
    }
}

/// The same at length: the commits, the exact time, all of its own words.
#[must_use]
pub fn in_ring_at_length(c: &ClusterInRing, exact: impl Fn(Timestamp) -> String) -> String {
    let mut parts: Vec<String> = Vec::new();
    match (c.state, &c.sync.commit) {
        (_, None) => parts.push("No manifest commit reported.".to_owned()),
        (SyncState::Unknown, Some(commit)) => parts.push(format!(
            "Last reported manifest commit {}; unknown whether it has everything published here.",
            commit.short()
        )),
        (_, Some(commit)) => parts.push(format!("Manifest commit {}.", commit.short())),
    }
    match &c.applied {
        Some((applied, _)) if c.sync.commit.as_ref().is_none_or(|last| !last.is_same_as(applied)) => {
            parts.push(format!("Runs {}.", applied.short()));
        }
        _ => {}
    }
    if let Some(n) = c.behind.filter(|&n| n > 0) {
        parts.push(format!("{} here are not in it yet.", text::plural(n as usize, "published deployment")));
    }
    if let Some(n) = c.commits.filter(|&n| n > 0) {
        parts.push(format!("The branch is {} further, for all rings together.", text::plural(n as usize, "commit")));
    }
    if let Some(from) = &c.back_from {
        parts.push(format!("Ran the newer {} before.", from.short()));
    }
    if let Some(at) = c.sync.at {
        let about = if c.sync.is_approximate { "about " } else { "" };
        parts.push(format!("Last report {about}{}.", exact(at)));
    }
    parts.extend(c.sync.message.as_deref().map(str::to_owned));
    parts.join(" ")
}

/// `1.43.0 published 12 min ago, not yet applied`
#[must_use]
pub fn not_yet_applied(d: &Deployment, since: Timestamp, now: Timestamp) -> String {
    format!("{} published {}, not yet applied", version(d), text::ago(since, now))
}

/// `1.43.0 failed in lab: health check failed`
#[must_use]
pub fn failed_in(d: &Deployment, clusters: &[&str], message: Option<&str>) -> String {
    let place = text::list(clusters);
    match message.and_then(short_message) {
        Some(message) => format!("{} failed in {place}: {message}", version(d)),
        None => format!("{} failed in {place}", version(d)),
    }
}

/// `rolled back to 12 from 14`
#[must_use]
pub fn rolled_back(to: &Deployment, from: &Deployment) -> String {
    format!("rolled back to {} from {}", version(to), version(from))
}

/// `2 of 3 clusters`, `1 of 3 clusters, 2 unknown`
#[must_use]
pub fn on_clusters(runs: usize, all: usize, unknown: usize) -> String {
    let sentence = format!("{runs} of {}", text::plural(all, "cluster"));
    if unknown > 0 { format!("{sentence}, {unknown} unknown") } else { sentence }
}

/// What one cluster of a cell runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InCell<'a> {
    /// What it has of what was published for the cell.
    pub state: SyncState,
    /// The version that it runs.
    pub version: Option<&'a str>,
    /// Since when, and whether that is the latest that it can have been.
    pub since: (Option<Timestamp>, bool),
    /// How many published deployments it does not have.
    pub missing: Option<u32>,
    /// The version that it failed to apply.
    pub failed: Option<&'a str>,
    /// In its own words why.
    pub message: Option<&'a str>,
}

/// `runs 12, applied about 3 h ago`, `runs 12, 2 deployments behind`, `runs 12, failed to apply 14`
#[must_use]
pub fn in_cell(c: InCell<'_>, now: Timestamp) -> String {
    let (since, is_vague) = c.since;
    let runs = match (c.version, since) {
        (Some(version), Some(at)) => format!("runs {version}, applied {}", ago(at, is_vague, now)),
        (Some(version), None) => format!("runs {version}"),
        (None, _) if c.state == SyncState::Unknown => return "version unknown".to_owned(),
        (None, _) if c.missing.is_none() => "version unknown".to_owned(),
        (None, _) => "nothing deployed".to_owned(),
    };
    let but = match (c.state, c.missing) {
        (SyncState::Failed, _) => Some(failure(c)),
        (SyncState::Pending, Some(n)) if n > 0 => Some(format!("{} behind", text::plural(n as usize, "deployment"))),
        (SyncState::Pending, ..) => Some("pending".to_owned()),
        (SyncState::Unknown, ..) => Some("unknown whether that is the newest".to_owned()),
        (SyncState::Synced, ..) => None,
    };
    match but {
        Some(but) => format!("{runs}, {but}"),
        None => runs,
    }
}

fn failure(c: InCell<'_>) -> String {
    let what = c.failed.map_or_else(|| "failed".to_owned(), |version| format!("failed to apply {version}"));
    match c.message.and_then(short_message) {
        Some(message) => format!("{what}: {message}"),
        None => what,
    }
}

/// How far a cell is behind the ring before it: in short, and at length.
///
/// `3 behind · 2 d`, and `3 deployments, 5 commits, 2 d behind dev`.
#[must_use]
pub fn drift(drift: &Drift, with: &str) -> (String, String) {
    let by = drift.by.map(text::duration);
    let roughly = drift.by.map_or_else(String::new, |by| format!(" · {}", text::roughly(by)));
    let commits = drift.commits.filter(|&n| n > 0).map(|n| text::plural(n as usize, "commit"));
    let Some(n) = drift.deployments else {
        // What runs here never ran there, so that there is nothing to count.
        let parts = [Some(format!("Diverged from {with}")), commits, by.map(|by| format!("{by} older"))];
        return (format!("diverged{roughly}"), parts.into_iter().flatten().collect::<Vec<_>>().join(", "));
    };
    let parts = [Some(text::plural(n as usize, "deployment")), commits, by];
    (
        format!("{n} behind{roughly}"),
        format!("{} behind {with}", parts.into_iter().flatten().collect::<Vec<_>>().join(", ")),
    )
}

/// `branch merged`, `branch gone`, `idle for 21 days`
#[must_use]
pub fn left_over(why: LeftOver) -> String {
    match why {
        LeftOver::Branch(BranchEnd::Merged) => "branch merged".to_owned(),
        LeftOver::Branch(BranchEnd::Gone) => "branch gone".to_owned(),
        LeftOver::Idle(quiet) => format!("idle for {}", text::plural(whole_days(quiet), "day")),
    }
}

fn whole_days(length: Duration) -> usize {
    usize::try_from(length.as_secs() / 86_400).unwrap_or(usize::MAX)
}

/// `applied 3 min ago`, `applied about 3 h ago`, `failed 40 min ago`, `not yet applied`
#[must_use]
pub fn of_deployment(c: &ClusterSync, now: Timestamp) -> String {
    let ago = c.at.map(|at| ago(at, c.is_approximate, now));
    let with = |what: &str| ago.as_ref().map_or_else(|| what.to_owned(), |ago| format!("{what} {ago}"));
    match c.state {
        SyncState::Synced => with("applied"),
        SyncState::Failed => with("failed"),
        SyncState::Pending => ago
            .as_ref()
            .map_or_else(|| "not yet applied".to_owned(), |ago| format!("not yet applied, last report {ago}")),
        SyncState::Unknown => {
            ago.as_ref().map_or_else(|| "unknown".to_owned(), |ago| format!("unknown, last report {ago}"))
        }
    }
}

/// What the table shows of a deployment's clusters.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct InTable {
    /// Those that have it.
    pub synced: String,
    /// What is to be shown of the others, the worst of it.
    pub others: String,
    /// What state that is.
    pub state: Option<SyncState>,
    /// Each with its state, for a tooltip.
    pub all: String,
}

/// What the table shows of a deployment's clusters.
#[must_use]
pub fn in_table(clusters: &[ClusterSync]) -> InTable {
    let of = |state: SyncState| -> Vec<&str> {
        clusters.iter().filter(|c| c.state == state).map(|c| c.cluster.as_str()).collect()
    };
    let others: Vec<(SyncState, String)> =
        [(SyncState::Failed, "failed"), (SyncState::Pending, "pending"), (SyncState::Unknown, "unknown")]
            .into_iter()
            .filter_map(|(state, word)| {
                let names = of(state);
                (!names.is_empty()).then(|| (state, format!("{word}: {}", text::list(&names))))
            })
            .collect();
    let all: Vec<String> = clusters.iter().map(|c| format!("{}: {}", c.cluster, c.state.as_str())).collect();
    InTable {
        synced: text::list(&of(SyncState::Synced)),
        state: others.first().map(|(state, _)| *state),
        others: others.into_iter().map(|(_, sentence)| sentence).collect::<Vec<_>>().join("; "),
        all: all.join(", "),
    }
}

#[cfg(test)]
mod tests;
