//! Words for the stages of a deployment.

use crate::{
    domain::{
        deployment::Status,
        stage::{Evidence, Provenance, Stage, StageKind, StagePart},
        time::Timestamp,
    },
    text,
};

/// What people call a stage.
#[must_use]
pub const fn stage_title(kind: StageKind) -> &'static str {
    match kind {
        StageKind::Commit => "Commit",
        StageKind::Build => "Image",
        StageKind::Release => "Metadata update",
        StageKind::PullRequest => "Approval",
        StageKind::Manifest => "Manifests",
        StageKind::Sync => "Clusters",
    }
}

/// The work that a stage is, in the middle of a sentence.
pub(super) const fn stage_noun(kind: StageKind) -> &'static str {
    match kind {
        StageKind::Commit => "commit",
        StageKind::Build => "image build",
        StageKind::Release => "metadata update",
        StageKind::PullRequest => "approval",
        StageKind::Manifest => "manifest build",
        StageKind::Sync => "cluster sync",
    }
}

/// The work that a stage is, and the part of it that decides its status: `release to prod`, `image build, test`.
pub(super) fn stage_place(stage: &Stage) -> String {
    match &stage.part {
        Some(part) if part.is_environment => format!("release to {}", part.name),
        Some(part) => format!("{}: {}", stage_noun(stage.kind), part.name),
        None => stage_noun(stage.kind).to_owned(),
    }
}

/// How a stage's state is known, and why it is not where it is not.
#[must_use]
pub fn why(stage: &Stage) -> String {
    let by_row = why_by_row(stage);
    match (stage.provenance, stage.kind) {
        (None, _) => by_row.to_owned(),
        (Some(Provenance::By(..)), _) if stage.evidence == Evidence::Product => by_row.to_owned(),
        (Some(Provenance::By(service, _)), _) if stage.status == Status::Unknown => {
            format!("Unknown status word from {}.", service.name())
        }
        (Some(Provenance::By(service, _)), _) => format!("From {}.", service.name()),
        (Some(Provenance::Older(service, _)), _) => {
            format!("{by_row} {} reports an older or unknown status.", service.name())
        }
        (Some(Provenance::Gone(service, _)), _) => format!("Expired in {}. {by_row}", service.name()),
    }
}

pub(super) const fn why_by_row(stage: &Stage) -> &'static str {
    match (stage.evidence, stage.kind) {
        (Evidence::Stated, StageKind::Sync) => "Reported by the clusters.",
        (Evidence::Stated, _) => "From the table.",
        (Evidence::LaterStage, _) => "Inferred from a later stage.",
        (Evidence::Product, StageKind::Manifest) => "Manifest commit published.",
        (Evidence::Product, StageKind::PullRequest) => "Inferred from its merge time.",
        (Evidence::Product, _) => "From the table.",
        (Evidence::IdOnly, StageKind::Sync) => "No cluster has reported this manifest commit.",
        (Evidence::IdOnly, _) => "Only its id is known; connect the pipeline to see its result.",
        (Evidence::StrangeWord, _) => "Unknown status word from the table.",
        (Evidence::NotYet, StageKind::Commit) => "No commit known.",
        (Evidence::NotYet, _) => "Not started.",
    }
}

/// The state of one stage in people's words.
#[must_use]
pub const fn stage_state(stage: &Stage) -> &'static str {
    match (stage.kind, stage.status, stage.evidence) {
        (StageKind::Build | StageKind::Release | StageKind::Manifest, Status::Succeeded, _) if stage.warned => {
            "Succeeded with warnings"
        }
        (StageKind::Commit, _, Evidence::NotYet) => "Unknown",
        (StageKind::Build | StageKind::Release | StageKind::Manifest, Status::Succeeded, Evidence::LaterStage) => {
            "Succeeded"
        }
        (_, Status::Incomplete, _) => "Not started",
        (StageKind::PullRequest, Status::Waiting, _) => "Open",
        (StageKind::PullRequest, Status::Succeeded, _) => "Merged",
        (StageKind::PullRequest, Status::Canceled, _) => "Closed without merging",
        (StageKind::Sync, Status::Succeeded, _) => "Applied",
        (StageKind::Sync, Status::Running, _) => "Pending",
        (_, status, _) => text::status(status),
    }
}

/// The stage that should come next.
pub(super) const fn following(kind: StageKind) -> StageKind {
    match kind {
        StageKind::Commit => StageKind::Build,
        StageKind::Build => StageKind::Release,
        StageKind::Release | StageKind::PullRequest => StageKind::Manifest,
        StageKind::Manifest | StageKind::Sync => StageKind::Sync,
    }
}

/// A part of a stage's run that decides its status: `release to prod: waiting for approval`.
#[must_use]
pub fn stage_part(part: &StagePart) -> String {
    match part.status {
        Status::Waiting => format!("{}: waiting for {}", part.name, approval_of(part)),
        status => format!("{}: {}", part.name, text::status(status).to_lowercase()),
    }
}

/// `approval by Ana Ruiz`, or `approval` where it is not known by whom.
pub(super) fn approval_of(part: &StagePart) -> String {
    let names: Vec<&str> = part.waits_for.iter().map(|person| &*person.name).collect();
    if names.is_empty() { "approval".to_owned() } else { format!("approval by {}", text::list(&names)) }
}

/// Who reported it: the table, or a forge.
pub(super) fn service_of(provenance: Option<Provenance>) -> &'static str {
    match provenance {
        Some(Provenance::By(service, _) | Provenance::Older(service, _) | Provenance::Gone(service, _)) => {
            service.name()
        }
        None => "the table",
    }
}

/// ` for 20 min`, or nothing where it is not known when it began.
pub(super) fn since_begin(stage: &Stage, now: Timestamp) -> String {
    stage.started.map_or_else(String::new, |at| format!(" {}", text::lasting(at, now)))
}
