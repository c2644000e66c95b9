//! Sentences about a deployment; [`clusters`] has those about what clusters make of it, [`changes`] those about a
//! change in several rings.

pub mod changes;
pub mod clusters;
pub mod details;
mod stages;

use self::stages::{approval_of, following, since_begin, stage_noun, stage_place};
pub use self::stages::{stage_part, stage_state, stage_title, why};

use crate::{
    domain::{
        deployment::{Deployment, Kind, Status},
        stage::{Provenance, Stage, StageKind},
        time::Timestamp,
    },
    text,
};

/// Why a deployment has its state, for a tooltip.
#[must_use]
pub fn why_status(d: &Deployment) -> String {
    let Some(stage) = d.deciding_stage() else {
        return "Status unknown: no stage known.".to_owned();
    };
    let noun = stage_place(stage);
    match d.status {
        Status::Unknown => format!("Status unknown: {noun}. {}", why(stage)),
        Status::Incomplete if stage.status == Status::Skipped => format!("Skipped: {noun}."),
        Status::Incomplete => {
            format!("Stalled after {noun}: {} has not started.", stage_noun(following(stage.kind)))
        }
        Status::Waiting => match waits_for(d) {
            Some(who) => format!("Waiting for {who}. {}", why(stage)),
            None => format!("Waiting for approval. {}", why(stage)),
        },
        Status::Canceled if stage.kind == StageKind::PullRequest => "Pull request closed without merging.".to_owned(),
        status => format!("{}: {noun}. {}", text::status(status), why(stage)),
    }
}

/// Where a deployment stands, in a few words; `None` when its state is all.
#[must_use]
pub fn place(d: &Deployment, now: Timestamp) -> Option<String> {
    let stage = d.deciding_stage()?;
    match d.status {
        Status::Succeeded => remark(d),
        Status::Waiting => Some(waiting(stage, now)),
        Status::Incomplete if stage.status == Status::Skipped => Some(format!("{} skipped", stage_place(stage))),
        Status::Incomplete => Some(format!("stalled after {}", stage_noun(stage.kind))),
        Status::Running => Some(match stage.started {
            Some(start) => format!("{}, {}", stage_place(stage), text::duration(now.since(start))),
            None => stage_place(stage),
        }),
        _ => Some(stage_place(stage)),
    }
}

/// What else is to be shown of a deployment that went through.
fn remark(d: &Deployment) -> Option<String> {
    let gone = d.stages.iter().find_map(|stage| match stage.provenance {
        Some(Provenance::Gone(service, _)) if stage.kind != StageKind::Commit => Some(service),
        _ => None,
    });
    match gone {
        Some(service) => Some(format!("expired in {}", service.name())),
        None => d.stages.iter().any(|stage| stage.warned).then(|| "with warnings".to_owned()),
    }
}

/// Who may give the approval that it waits for, as far as that is known.
#[must_use]
pub fn waits_for(d: &Deployment) -> Option<String> {
    let names: Vec<&str> = d.waits_for().iter().map(|p| &*p.name).collect();
    (!names.is_empty()).then(|| text::list(&names))
}

/// When it began, while it is under way.
#[must_use]
pub fn running_since(d: &Deployment) -> Option<Timestamp> {
    let first = || d.stages.iter().filter(|s| s.kind != StageKind::Commit).filter_map(|s| s.started).min();
    d.status.is_under_way().then(first).flatten()
}

fn waiting(stage: &Stage, now: Timestamp) -> String {
    if stage.kind != StageKind::PullRequest {
        let approval = stage.waiting_part().map_or_else(|| "approval".to_owned(), approval_of);
        return format!("{}: waiting for {approval}{}", stage_place(stage), since_begin(stage, now));
    }
    let number = stage.run.as_ref().map_or_else(|| "Pull request".to_owned(), |run| format!("PR #{run}"));
    match stage.started {
        Some(since) => format!("{number} open {}", text::lasting(since, now)),
        None => format!("{number} open"),
    }
}

/// The version as people distinguish it from others: the image's tag without what all of them share, else the commit.
#[must_use]
pub fn version(d: &Deployment) -> String {
    let service = d.service.as_ref().map(|s| s.as_str());
    match (&d.image, &d.source.commit, &d.hld_commit) {
        (Some(image), ..) => text::shorten_tag(image.tag(), service).to_owned(),
        (None, Some(commit), _) => commit.short().to_owned(),
        (None, None, Some(commit)) if d.kind == Kind::HldEdit => format!("HLD {}", commit.short()),
        _ if d.kind == Kind::HldEdit => "HLD edit".to_owned(),
        _ => "no version".to_owned(),
    }
}

/// `4 min ago`
fn ago(then: Option<Timestamp>, now: Timestamp) -> String {
    then.map_or_else(|| text::NO_TIME.to_owned(), |then| text::ago(then, now))
}

/// How long ago a deployment changed last.
#[must_use]
pub fn updated_ago(d: &Deployment, now: Timestamp) -> String {
    ago(d.updated, now)
}

/// `1.44.0-dev.13 building for 2 min`
#[must_use]
pub fn on_its_way(d: &Deployment, now: Timestamp) -> String {
    let version = version(d);
    let Some(stage) = d.deciding_stage() else { return format!("{version}, status unknown") };
    let since = stage.started.or(d.updated);
    let lasting = || since.map_or_else(String::new, |since| [" ", &text::lasting(since, now)].concat());
    match (d.status, stage.kind) {
        (Status::Waiting, StageKind::PullRequest) => format!("{version} {}", waiting(stage, now)),
        (Status::Waiting, _) => {
            format!("{version} waiting for approval{}: {}", since_begin(stage, now), stage_place(stage))
        }
        (Status::Queued, kind) => format!("{version} {} queued{}", stage_noun(kind), lasting()),
        (Status::Running, StageKind::Build) => format!("{version} building{}", lasting()),
        (Status::Running, StageKind::Release) => format!("{version} updating metadata{}", lasting()),
        (Status::Running, StageKind::Manifest) => format!("{version} generating manifests{}", lasting()),
        (Status::Incomplete, kind) if stage.status == Status::Skipped => {
            format!("{version}: {} skipped, {}", stage_noun(kind), updated_ago(d, now))
        }
        (Status::Incomplete, kind) => {
            format!("{version} stalled after {}, {}", stage_noun(kind), updated_ago(d, now))
        }
        (_, kind) => format!("{version}: {} status unknown, {}", stage_noun(kind), updated_ago(d, now)),
    }
}

/// `2.8.2 failed: manifest build · Ken Abe, 40 min ago`: the step that failed where it is known, and whose it is.
#[must_use]
pub fn failed(d: &Deployment, now: Timestamp) -> String {
    let place = |stage: &Stage| match &stage.part {
        Some(part) if !part.is_environment => part.name.to_string(),
        _ => stage_place(stage),
    };
    let place = d.deciding_stage().map_or_else(String::new, |stage| format!(": {}", place(stage)));
    let who = d.source.author.as_ref().map_or_else(String::new, |who| format!(" · {}", who.name));
    format!("{} failed{place}{who}, {}", version(d), updated_ago(d, now))
}

/// `2.8.2 waiting for Ana Ruiz, 12 h`; `None` where it is not known for whom.
#[must_use]
pub fn waiting_for(d: &Deployment, now: Timestamp) -> Option<String> {
    let who = waits_for(d)?;
    let since = d.deciding_stage().and_then(|stage| stage.started).or(d.updated);
    let lasts = since.map_or_else(String::new, |since| [", ", &text::duration(now.since(since))].concat());
    Some(format!("{} waiting for {who}{lasts}", version(d)))
}

/// `or 1.42.0: not known which is newer`
#[must_use]
pub fn not_known_which(other: &Deployment) -> String {
    format!("or {}: not known which is newer", version(other))
}

/// `client 2.9.0 → Production`
#[must_use]
pub fn title(d: &Deployment) -> String {
    let ring = d.ring_title.as_deref().unwrap_or("ring not set");
    let what = version(d);
    d.service.as_ref().map_or_else(|| format!("{what} → {ring}"), |service| format!("{service} {what} → {ring}"))
}

/// A text that Markdown shows as it is.
#[must_use]
pub fn escape_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_[]<>#|~&@!".contains(c) {
            out.push('\\');
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    out
}

#[cfg(test)]
mod tests;
