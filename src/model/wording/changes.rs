//! Sentences about changes: how two rings differ, and what became of a change in a ring.

use std::time::Duration;

use super::{stage_noun, stage_place};
use crate::{
    domain::{
        cluster::SyncState,
        deployment::{Deployment, Status},
        stage::StageKind,
        time::Timestamp,
    },
    model::{
        compare::{Lag, ServiceDiff},
        rings::Hang,
        trace::{Fate, TracedBy},
    },
    text,
};

/// How long something has been so: `since 3 h`, `since at least 3 h`, `just now`, `since 12 Oct`.
fn since(then: Timestamp, is_vague: bool, now: Timestamp) -> String {
    match text::age(then, now).as_str() {
        "now" => "just now".to_owned(),
        age if is_vague => format!("since at least {age}"),
        age => format!("since {age}"),
    }
}

/// Where a change on its way hangs: `waiting for approval since 20 min`.
#[must_use]
pub fn hangs(d: &Deployment, hang: Hang, now: Timestamp) -> String {
    let stage = d.deciding_stage();
    let begun = stage.and_then(|stage| stage.started).unwrap_or(hang.since);
    let what = match (hang.stage, d.status) {
        (Some(StageKind::Sync), _) => {
            return format!("published, and not applied yet, {}", since(hang.since, false, now));
        }
        (_, Status::Waiting) => "waiting for approval".to_owned(),
        (Some(kind), Status::Queued) => format!("queued: {}", stage_noun(kind)),
        (Some(StageKind::Build), Status::Running) => "building".to_owned(),
        (Some(StageKind::Release), Status::Running) => "updating metadata".to_owned(),
        (Some(StageKind::Manifest), Status::Running) => "generating manifests".to_owned(),
        (Some(kind), Status::Incomplete) => {
            return format!("stopped after {}, {}", stage_noun(kind), text::ago(hang.since, now));
        }
        (Some(kind), _) => return format!("{} unknown, {}", stage_noun(kind), text::ago(hang.since, now)),
        (None, _) => return "its row names no stage".to_owned(),
    };
    format!("{what} {}", since(begun, false, now))
}

/// What became of a change, in a word or two.
#[must_use]
pub const fn fate(fate: &Fate) -> &'static str {
    match fate {
        Fate::Live { .. } => "live",
        Fate::Deployed { .. } => "deployed, sync unknown",
        Fate::Replaced { .. } => "replaced",
        Fate::OnItsWay(_) => "on its way",
        Fate::Failed => "failed",
        Fate::Canceled => "canceled",
        Fate::Superseded => "overtaken",
        Fate::NotThere => "not there",
    }
}

/// The same before a ring's name: `live in`.
#[must_use]
pub const fn fate_in(fate: &Fate) -> &'static str {
    match fate {
        Fate::Live { .. } => "live in",
        Fate::Deployed { .. } => "deployed, sync unknown, in",
        Fate::Replaced { .. } => "replaced in",
        Fate::OnItsWay(_) => "on its way to",
        Fate::Failed => "failed on its way to",
        Fate::Canceled => "canceled on its way to",
        Fate::Superseded => "overtaken in",
        Fate::NotThere => "not in",
    }
}

/// What stands between a ring's name and [`fate_more`].
#[must_use]
pub const fn fate_joint(fate: &Fate) -> &'static str {
    match fate {
        Fate::OnItsWay(_) | Fate::Failed => ": ",
        Fate::Canceled | Fate::Superseded => ", ",
        _ => " ",
    }
}

/// What else there is to say of it: since when, on which clusters, where it hangs, by what it was replaced. `d` is the
/// deployment that says so, `by` the version that took its place.
#[must_use]
pub fn fate_more(fate: &Fate, d: Option<&Deployment>, by: Option<&str>, now: Timestamp) -> String {
    match fate {
        Fate::Live { clusters, since: began, is_vague } => {
            let names: Vec<&str> = clusters.iter().map(|c| c.as_str()).collect();
            let on = (!names.is_empty()).then(|| format!("on {}", text::list(&names)));
            let began = began.map(|began| since(began, *is_vague, now));
            began.into_iter().chain(on).collect::<Vec<_>>().join(" ")
        }
        Fate::Deployed { since } => text::ago(*since, now),
        Fate::Replaced { after, .. } => {
            let after = text::duration(*after);
            by.map_or_else(|| format!("after {after}"), |by| format!("after {after} by {by}"))
        }
        Fate::OnItsWay(hang) => d.map_or_else(String::new, |d| hangs(d, *hang, now)),
        Fate::Failed => d.map_or_else(String::new, |d| why_failed(d, now)),
        Fate::Canceled => d.map_or_else(String::new, |d| text::ago(d.updated, now)),
        Fate::Superseded => d.filter(|d| d.status == Status::Succeeded).map_or_else(String::new, |d| {
            format!("published {}, and whether it ran is not known", text::ago(d.updated, now))
        }),
        Fate::NotThere => String::new(),
    }
}

/// Where a change is, in one breath and without times, for whoever hears it: `live in dev; not in prod`.
#[must_use]
pub fn announced<'a>(places: impl Iterator<Item = (&'a Fate, &'a str)>) -> String {
    places.map(|(fate, ring)| format!("{} {ring}", fate_in(fate))).collect::<Vec<_>>().join("; ")
}

fn why_failed(d: &Deployment, now: Timestamp) -> String {
    if d.status != Status::Succeeded {
        let ago = text::ago(d.updated, now);
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

/// What a question was taken for: `Where commit 1a2b3c4 is`.
#[must_use]
pub fn traced(by: TracedBy, question: &str) -> String {
    let name = question.trim().trim_matches('"');
    let number = name.trim_start_matches(['#', '!']);
    match by {
        TracedBy::Commit => format!("Where commit {} is", name.get(..name.len().min(12)).unwrap_or(name)),
        TracedBy::Image => format!("Where image {name} is"),
        TracedBy::PullRequest => format!("Where pull request #{number} is"),
        TracedBy::Run => format!("Where run {name} is"),
        TracedBy::Id => format!("Where deployment {name} is"),
        TracedBy::Author => format!("Where the changes of {name} are"),
    }
}

/// How a service stands in the second of two rings: `Production is 3 versions, 12 commits and 2 d behind`.
#[must_use]
pub fn lag(diff: &ServiceDiff, commits: Option<u32>, first: &str, second: &str) -> String {
    let versions = (!diff.between.is_empty()).then(|| text::plural(diff.between.len(), "version"));
    let commits = commits.map(|n| text::plural(n as usize, "commit"));
    let by = (diff.by > Duration::ZERO).then(|| text::duration(diff.by));
    let older = || by.as_ref().map_or_else(String::new, |by| format!("; it is {by} older"));
    let distance: Vec<String> = versions.into_iter().chain(commits).chain(by.clone()).collect();
    let distance: Vec<&str> = distance.iter().map(String::as_str).collect();
    match diff.lag {
        Lag::Behind => format!("{second} is {} behind", text::list(&distance)),
        Lag::Ahead => format!("{second} is {} ahead", text::list(&distance)),
        Lag::Other => format!("{first} never ran what {second} runs, as far as is known{}", older()),
        Lag::OnlyFirst => format!("Not yet in {second}"),
        Lag::OnlySecond => format!("Not in {first}"),
        Lag::Same => "The same in both".to_owned(),
    }
}

/// How two rings stand together, from how often each lag occurs: `Production beside dev: 3 services behind, 1 ahead`.
#[must_use]
pub fn compared(count: impl Fn(Lag) -> usize, first: &str, second: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    for lag in Lag::ALL {
        let what = match lag {
            Lag::Behind => "behind",
            Lag::Other => "in another version",
            Lag::OnlyFirst => "not there yet",
            Lag::Ahead => "ahead",
            Lag::OnlySecond => "only there",
            Lag::Same => "the same",
        };
        let number = match (count(lag), parts.is_empty()) {
            (0, _) => continue,
            (n, true) => text::plural(n, "service"),
            (n, false) => text::count(n),
        };
        parts.push(format!("{number} {what}"));
    }
    format!("{second} beside {first}: {}", parts.join(", "))
}

/// `12 services are the same`
#[must_use]
pub fn same(n: usize) -> String {
    format!("{} {} the same", text::plural(n, "service"), if n == 1 { "is" } else { "are" })
}

#[cfg(test)]
mod tests;
