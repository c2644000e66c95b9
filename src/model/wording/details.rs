//! Sentences about one deployment, for its details: how it stands, who can move it on, where its time went.

use std::time::Duration;

use super::{
    stages::{approval_of, following, service_of, since_begin, stage_noun, stage_place},
    waits_for,
};
use crate::{
    domain::{
        cluster::SyncState,
        deployment::{Deployment, Status},
        stage::{Evidence, Provenance, Stage, StageKind},
        time::{Timestamp, minutes},
    },
    model::timeline::{Span, SpanKind},
    text,
};

/// What a forge reported longer ago than this of something that moves may be out of date.
const OLD: Duration = minutes(10);

/// How a deployment stands, in one sentence: `Waiting for Ana Ruiz · PR #4563 open for 26 min`.
#[must_use]
pub fn status(d: &Deployment, now: Timestamp) -> String {
    let Some(stage) = d.deciding_stage() else { return "Status unknown: no stage known".to_owned() };
    let place = capitalized(&stage_place(stage));
    let lasting = |stage: &Stage| since_begin(stage, now);
    match d.status {
        Status::Waiting if stage.kind == StageKind::PullRequest => {
            let who = waits_for(d).unwrap_or_else(|| "approval".to_owned());
            format!("Waiting for {who} · {}{}", pull_request(stage), open(stage, now))
        }
        Status::Waiting => {
            let approval = stage.waiting_part().map_or_else(|| "approval".to_owned(), approval_of);
            format!("{place} is waiting for {approval}{}", lasting(stage))
        }
        Status::Running => format!("{place} running{}", lasting(stage)),
        Status::Queued => format!("{place} queued{}", lasting(stage)),
        Status::Failed => format!("{place} failed {}", super::ago(stage.ended.or(d.updated), now)),
        Status::Canceled if stage.kind == StageKind::PullRequest => {
            format!("{} closed without merging {}", pull_request(stage), super::updated_ago(d, now))
        }
        Status::Canceled => format!("{place} canceled {}", super::updated_ago(d, now)),
        Status::Incomplete if stage.status == Status::Skipped => {
            format!("{place} skipped {}", super::updated_ago(d, now))
        }
        Status::Skipped => format!("{place} skipped"),
        Status::Incomplete => {
            format!("Stalled after {}: {} has not started", stage_noun(stage.kind), stage_noun(following(stage.kind)))
        }
        Status::Unknown => format!("Status unknown: {}", stage_noun(stage.kind)),
        Status::Succeeded => delivered(d, now),
    }
}

fn open(stage: &Stage, now: Timestamp) -> String {
    stage.started.map_or_else(|| " open".to_owned(), |at| format!(" open {}", text::lasting(at, now)))
}

fn pull_request(stage: &Stage) -> String {
    stage.run.as_ref().map_or_else(|| "Pull request".to_owned(), |run| format!("PR #{run}"))
}

fn delivered(d: &Deployment, now: Timestamp) -> String {
    let of = |state: SyncState| -> Vec<&str> {
        d.clusters.iter().filter(|c| c.state == state).map(|c| c.cluster.as_str()).collect()
    };
    let (failed, pending, unknown) = (of(SyncState::Failed), of(SyncState::Pending), of(SyncState::Unknown));
    let published = || format!("Published {}", super::updated_ago(d, now));
    if !failed.is_empty() {
        format!("{}, but {} failed to apply it", published(), text::list(&failed))
    } else if !pending.is_empty() {
        format!("{}, not applied yet on {}", published(), text::list(&pending))
    } else if !unknown.is_empty() {
        format!("{}; cluster state unknown: {}", published(), text::list(&unknown))
    } else if d.clusters.is_empty() {
        published()
    } else {
        format!("Applied on {}", text::list(&of(SyncState::Synced)))
    }
}

/// What to press to move it on: `Review PR #4563`. Only where there is something to do.
#[must_use]
pub fn next_step(d: &Deployment) -> Option<String> {
    let stage = d.deciding_stage()?;
    let is_pull = stage.kind == StageKind::PullRequest;
    match d.status {
        Status::Waiting if is_pull => Some(format!("Review {}", pull_request(stage))),
        Status::Failed if is_pull => Some(format!("Open {}", pull_request(stage))),
        Status::Failed if stage.kind == StageKind::Release => Some("Open failed release".to_owned()),
        Status::Failed => Some("Open failed run".to_owned()),
        Status::Unknown | Status::Canceled if is_pull => Some(format!("Open {}", pull_request(stage))),
        Status::Running | Status::Queued | Status::Waiting | Status::Unknown | Status::Incomplete | Status::Skipped => {
            Some("Open run".to_owned())
        }
        Status::Canceled => Some("Open canceled run".to_owned()),
        Status::Succeeded => None,
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + chars.as_str())
}

/// A wait, with how long it usually is: `waited 12 h for Ana Ruiz, usually 40 min`.
#[must_use]
pub fn wait(span: &Span, d: &Deployment, usual: Option<Duration>, now: Timestamp) -> String {
    let sentence = wait_alone(span, d, now);
    match usual {
        Some(usual) => format!("{sentence}, usually {}", text::duration(usual)),
        None => sentence,
    }
}

/// A wait in a few words: `waited 12 h for Ana Ruiz`, `queued 4 min`, `applied after 55 s`.
#[must_use]
pub fn wait_alone(span: &Span, d: &Deployment, now: Timestamp) -> String {
    let length = text::duration(span.length(now));
    match (span.kind, span.end) {
        (SpanKind::Approval, None) => {
            format!("waiting for {} for {length}", waits_for(d).unwrap_or_else(|| "approval".to_owned()))
        }
        (SpanKind::Approval, Some(_)) => {
            let by = d.pull_request.as_ref().and_then(|pr| pr.merged_by.as_ref());
            by.map_or_else(|| format!("waited {length} for approval"), |by| format!("waited {length} for {}", by.name))
        }
        (SpanKind::Sync, None) => format!("not applied for {length}"),
        (SpanKind::Sync, Some(_)) => format!("applied after {length}"),
        (_, None) => format!("queued for {length}"),
        (_, Some(_)) => format!("queued {length}"),
    }
}

/// How long it took from begin to end, and how long it usually does: `2 h 6 min from image build to manifest build`.
#[must_use]
pub fn lead(length: Duration, from: SpanKind, to: SpanKind, usual: Option<Duration>) -> String {
    let begin = match from {
        SpanKind::Queue(StageKind::Build) => "commit",
        from => stage_noun(from.stage()),
    };
    let (length, end) = (text::duration(length), stage_noun(to.stage()));
    let sentence = if begin == end { format!("{length} for {end}") } else { format!("{length} from {begin} to {end}") };
    match usual {
        Some(usual) => format!("{sentence}, usually {} (30 days)", text::duration(usual)),
        None => sentence,
    }
}

/// Where what is shown of a stage comes from, where that is inferred or old.
#[must_use]
pub fn source(stage: &Stage, now: Timestamp) -> Option<String> {
    match (stage.provenance, stage.evidence) {
        (Some(Provenance::Gone(service, at)), _) => {
            Some(format!("Expired in {} (asked {}); from the table", service.name(), text::ago(at, now)))
        }
        (Some(Provenance::Older(service, at)), _) => Some(format!(
            "From the table; {} reported an older or unknown status {}",
            service.name(),
            text::ago(at, now)
        )),
        (provenance, Evidence::StrangeWord) => Some(format!("Unknown status word from {}", service_of(provenance))),
        (Some(Provenance::By(service, at)), _) if stage.status.is_under_way() && now.since(at) > OLD => {
            Some(format!("From {}, {}", service.name(), text::ago(at, now)))
        }
        (Some(Provenance::By(..)), _) => None,
        (None, Evidence::LaterStage) => Some("Inferred from a later stage".to_owned()),
        (None, Evidence::IdOnly) if stage.kind == StageKind::Sync => {
            Some("No cluster has reported this manifest commit".to_owned())
        }
        (None, Evidence::IdOnly) => Some("Only its id is known; connect the pipeline to see its result".to_owned()),
        (None, Evidence::Product) if stage.kind == StageKind::Manifest => {
            Some("Inferred from the manifest commit".to_owned())
        }
        (None, Evidence::Product) if stage.kind == StageKind::PullRequest => {
            Some("Inferred from its merge time".to_owned())
        }
        (None, Evidence::Product | Evidence::Stated | Evidence::NotYet) => None,
    }
}

#[cfg(test)]
mod tests;
