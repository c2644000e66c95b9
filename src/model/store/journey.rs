//! What is known of a deployment's stages decides its status.
//!
//! The rules, in order:
//!
//! 1. A stage's own status holds: what a forge reported ([`super::overlay`] decides between it and the row), else
//!    `p1Status` and so on, which capture writes. A word we do not know is [`Status::Unknown`].
//! 2. A stage whose product is there went through: `manifestCommitId` is the manifest build's.
//! 3. A stage went through if a later one exists.
//! 4. Otherwise a stage with an id is [`Status::Unknown`], and one without has not begun.
//!
//! A deployment is where its furthest stage is.

use std::time::Duration;

use crate::{
    domain::{
        deployment::{Kind, Status},
        pull_request::PullState,
        stage::{Evidence, StageKind},
        time::Timestamp,
    },
    storage::row::{Field, Row},
};

/// A row's texts, wherever they lie.
pub trait Texts<'a>: Copy {
    /// The field's text; empty when there is none.
    fn text(self, field: Field) -> &'a str;

    /// Whether there is one.
    fn has(self, field: Field) -> bool {
        !self.text(field).is_empty()
    }

    /// The moment in it.
    fn time(self, field: Field) -> Option<Timestamp> {
        Timestamp::parse(self.text(field))
    }
}

impl<'a> Texts<'a> for &'a Row<'_> {
    fn text(self, field: Field) -> &'a str {
        self.get(field)
    }
}

/// The columns of one run of a pipeline.
#[derive(Clone, Copy, Debug)]
pub struct RunFields {
    /// Its stage.
    pub kind: StageKind,
    /// The run's number.
    pub id: Field,
    /// A word that [`stated`] reads.
    pub status: Field,
    /// Begin.
    pub start: Field,
    /// End.
    pub end: Field,
    /// Where to see it.
    pub url: Field,
    /// What people call it.
    pub name: Field,
}

/// The columns of `p1`, `p2` and `p3`.
pub const RUNS: [RunFields; 3] = [
    RunFields {
        kind: StageKind::Build,
        id: Field::P1,
        status: Field::P1Status,
        start: Field::P1Start,
        end: Field::P1End,
        url: Field::P1Url,
        name: Field::P1Name,
    },
    RunFields {
        kind: StageKind::Release,
        id: Field::P2,
        status: Field::P2Status,
        start: Field::P2Start,
        end: Field::P2End,
        url: Field::P2Url,
        name: Field::P2Name,
    },
    RunFields {
        kind: StageKind::Manifest,
        id: Field::P3,
        status: Field::P3Status,
        start: Field::P3Start,
        end: Field::P3End,
        url: Field::P3Url,
        name: Field::P3Name,
    },
];

/// What is reported of a run's state.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Word {
    /// Nothing.
    #[default]
    Silent,
    /// It has not begun: a later stage of a run whose earlier ones are not through.
    NotYet,
    /// A word that we do not know.
    Strange,
    /// That.
    Known(Status),
}

impl Word {
    /// As a column has it.
    #[must_use]
    pub fn of_row(text: &str) -> Self {
        if text.is_empty() {
            return Self::Silent;
        }
        if text.eq_ignore_ascii_case(Status::Incomplete.as_str()) {
            return Self::NotYet;
        }
        match stated(text) {
            Status::Unknown => Self::Strange,
            status => Self::Known(status),
        }
    }

    /// As a forge reports it.
    #[must_use]
    pub const fn of_forge(status: Status) -> Self {
        match status {
            Status::Incomplete => Self::NotYet,
            Status::Unknown => Self::Strange,
            status => Self::Known(status),
        }
    }
}

/// What is known of one run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RunKnown {
    /// The row names it.
    pub is_named: bool,
    /// Its state.
    pub word: Word,
    /// Begin.
    pub started: Option<Timestamp>,
    /// End.
    pub ended: Option<Timestamp>,
}

/// What is known of a deployment's stages, row and forges laid over one another.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct StagesKnown {
    /// `p1`, `p2` and `p3`.
    pub runs: [RunKnown; 3],
    /// The row names a pull request.
    pub has_pull: bool,
    /// What is reported of it; `None` is nothing, [`PullState::Unknown`] a word that we do not know.
    pub pull: Option<PullState>,
    /// When it was opened.
    pub pull_created: Option<Timestamp>,
    /// When it was merged or closed.
    pub pull_ended: Option<Timestamp>,
    /// An image or its source is known.
    pub has_image: bool,
    /// The commit to the high-level definition is known.
    pub has_definition: bool,
    /// The commit that holds the manifests is known.
    pub has_manifests: bool,
    /// When the row was written, where no stage has a time.
    pub written: Option<Timestamp>,
}

/// What is known of one stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StageState {
    /// Which.
    pub kind: StageKind,
    /// What became of it.
    pub status: Status,
    /// How that is known.
    pub evidence: Evidence,
}

/// What views filter and sort by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// What became of it.
    pub status: Status,
    /// The stage that decided it.
    pub decided_by: Option<StageKind>,
    /// What kind of change.
    pub kind: Kind,
    /// The newest of the stages' times, else when the row was written.
    pub updated: Option<Timestamp>,
    /// It is a time of a stage: when a row was written shows only that the deployment is no newer.
    pub is_timed: bool,
    /// From the first begin to the last end.
    pub took: Option<Duration>,
}

/// A run's state as its column states it.
#[must_use]
pub fn stated(word: &str) -> Status {
    match word.to_ascii_lowercase().as_str() {
        "queued" => Status::Queued,
        "running" => Status::Running,
        "succeeded" => Status::Succeeded,
        "failed" => Status::Failed,
        "canceled" => Status::Canceled,
        "skipped" => Status::Skipped,
        _ => Status::Unknown,
    }
}

/// A pull request's state as a column states it.
#[must_use]
pub fn pull_state(word: &str) -> PullState {
    match word.to_ascii_lowercase().as_str() {
        "open" => PullState::Open,
        "merged" => PullState::Merged,
        "abandoned" => PullState::Abandoned,
        _ => PullState::Unknown,
    }
}

impl StagesKnown {
    /// What that makes of the deployment.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let (status, decided_by) = overall(&self.states());
        let (updated, took) = self.times(status);
        Outcome { status, decided_by, kind: self.kind(), updated, is_timed: self.newest().is_some(), took }
    }

    /// The states of build, release, approval and manifest, in that order.
    #[must_use]
    pub fn states(&self) -> [StageState; 4] {
        let [build, release, manifest] = &self.runs;
        let published = self.has_manifests;
        let generated = published || manifest.is_known();
        let approval = self.has_pull || self.pull.is_some();
        let updated = generated || approval;
        let released = updated || release.is_known() || self.has_definition;
        let pull = match self.pull {
            Some(PullState::Unknown) => (Status::Unknown, Evidence::StrangeWord),
            Some(state) => (state.status(), Evidence::Stated),
            None if self.pull_ended.is_some() => (Status::Succeeded, Evidence::Product),
            None if approval && generated => (Status::Succeeded, Evidence::LaterStage),
            None if approval => (Status::Unknown, Evidence::IdOnly),
            None => (Status::Incomplete, Evidence::NotYet),
        };
        // The update of the high-level definition is also there when only its commit is named.
        let release = RunKnown { is_named: release.is_named || self.has_definition, ..*release };
        [
            build.state(StageKind::Build, false, released),
            release.state(StageKind::Release, false, updated),
            StageState { kind: StageKind::PullRequest, status: pull.0, evidence: pull.1 },
            manifest.state(StageKind::Manifest, published, false),
        ]
    }

    const fn kind(&self) -> Kind {
        let [build, release, manifest] = &self.runs;
        let image = build.is_named || release.is_named || self.has_image;
        let edit = manifest.is_named || self.has_definition || self.has_manifests || self.has_pull;
        if edit && !image { Kind::HldEdit } else { Kind::Deployment }
    }

    /// The newest of its stages' times.
    #[must_use]
    pub fn newest(&self) -> Option<Timestamp> {
        let of_runs = self.runs.iter().flat_map(|run| [run.started, run.ended]);
        of_runs.chain([self.pull_created, self.pull_ended]).flatten().max()
    }

    fn times(&self, status: Status) -> (Option<Timestamp>, Option<Duration>) {
        let first = self.runs.iter().map(|run| run.started).chain([self.pull_created]).flatten().min();
        let last = self.runs.iter().map(|run| run.ended).chain([self.pull_ended]).flatten().max();
        let updated = self.newest().or(self.written);
        let took = match (first, last) {
            (Some(first), Some(last)) if !status.is_under_way() && last >= first => Some(last.since(first)),
            _ => None,
        };
        (updated, took)
    }
}

impl RunKnown {
    fn is_known(&self) -> bool {
        self.is_named || self.word != Word::Silent
    }

    const fn state(&self, kind: StageKind, product: bool, later: bool) -> StageState {
        let (status, evidence) = match self.word {
            _ if product => (Status::Succeeded, Evidence::Product),
            Word::NotYet => (Status::Incomplete, Evidence::NotYet),
            Word::Strange => (Status::Unknown, Evidence::StrangeWord),
            Word::Known(status) => (status, Evidence::Stated),
            Word::Silent if later => (Status::Succeeded, Evidence::LaterStage),
            Word::Silent if self.is_named => (Status::Unknown, Evidence::IdOnly),
            Word::Silent => (Status::Incomplete, Evidence::NotYet),
        };
        StageState { kind, status, evidence }
    }
}

/// Where the furthest stage is, is where the deployment is.
fn overall(states: &[StageState; 4]) -> (Status, Option<StageKind>) {
    let furthest = states.iter().rev().find(|s| s.evidence != Evidence::NotYet);
    let Some(furthest) = furthest else { return (Status::Unknown, None) };
    let stopped = || {
        states.iter().find(|s| s.evidence == Evidence::Stated && matches!(s.status, Status::Failed | Status::Canceled))
    };
    match furthest.status {
        Status::Succeeded if furthest.kind == StageKind::Manifest => (Status::Succeeded, Some(StageKind::Manifest)),
        // Nothing followed; where an earlier stage failed, that is why.
        Status::Succeeded | Status::Unknown | Status::Skipped => match stopped() {
            Some(stage) => (stage.status, Some(stage.kind)),
            None if furthest.status == Status::Unknown => (Status::Unknown, Some(furthest.kind)),
            None => (Status::Incomplete, Some(furthest.kind)),
        },

        status => (status, Some(furthest.kind)),
    }
}

#[cfg(test)]
mod tests;
