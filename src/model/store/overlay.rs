//! What forges reported of a deployment, laid over what its row states.
//!
//! What a forge reports now wins; the row fills what the forge does not know. One exception, so that no older truth
//! takes the place of a newer one: a row that states that a stage has ended, written after the forge was asked, wins
//! over an answer by which it still ran.
//!
//! An [`Overlay`] is a view: it holds nothing, copies no text, and is made anew wherever somebody asks.

#[cfg(test)]
mod tests;

use std::time::Duration;

use super::{
    journey::{Outcome, RUNS, RunKnown, StagesKnown, Texts, Word, pull_state, stated},
    parts::{Role, StageNames, is_ring, roles, together},
    stage_of_run::{RingWords, StageOfRun},
};
use crate::{
    domain::{
        commit::Commit,
        deployment::Status,
        facts::{Answer, SlotFacts},
        person::Person,
        pull_request::{PullRequest, PullState},
        run::Run,
        stage::Service,
        time::{Timestamp, minutes},
    },
    storage::row::{Field, Row},
};

/// How far this device's clock may be off from the table's, where the two are compared.
const MARGIN: Duration = minutes(2);

/// A row, and what forges reported beside it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Overlay<'a, T> {
    row: T,
    facts: &'a SlotFacts,
    names: StageNames<'a>,
}

impl<'a, T: Texts<'a>> Overlay<'a, T> {
    pub(super) fn new(row: T, facts: Option<&'a SlotFacts>) -> Self {
        Self { row, facts: facts.unwrap_or(SlotFacts::nothing()), names: StageNames::default() }
    }

    /// The same with what is known of the names of stages.
    pub(super) const fn with_names(self, names: StageNames<'a>) -> Self {
        Self { names, ..self }
    }

    pub(super) const fn facts(&self) -> &'a SlotFacts {
        self.facts
    }

    fn answer(&self, index: usize) -> Option<&'a Answer<Run>> {
        self.facts.runs.get(index)?.as_ref()
    }

    fn run(&self, index: usize) -> Option<&'a Run> {
        self.answer(index)?.value.as_deref()
    }

    pub(super) fn pull(&self) -> Option<&'a PullRequest> {
        self.facts.pull_request.as_ref()?.value.as_deref()
    }

    fn reported_commit(&self) -> Option<&'a Commit> {
        self.facts.commit.as_ref()?.value.as_deref()
    }

    /// The row's text, else what a forge fills in for it.
    fn or(&self, field: Field, fill: impl FnOnce() -> Option<&'a str>) -> &'a str {
        match self.row.text(field) {
            "" => fill().unwrap_or_default(),
            text => text,
        }
    }

    /// What a forge reports, else the row's text.
    fn reported_or(&self, reported: Option<&'a str>, field: Field) -> &'a str {
        reported.unwrap_or_else(|| self.row.text(field))
    }

    pub(super) fn commit(&self) -> &'a str {
        self.or(Field::CommitId, || Some(self.run(0)?.commit.as_ref()?.as_str()))
    }

    pub(super) fn branch(&self) -> &'a str {
        self.or(Field::Branch, || Some(self.run(0)?.branch.as_ref()?.as_str()))
    }

    pub(super) fn repository(&self) -> &'a str {
        self.or(Field::SourceRepo, || Some(self.run(0)?.repository.as_ref()?.as_str()))
    }

    pub(super) fn image(&self) -> &'a str {
        self.or(Field::ImageTag, || (0..RUNS.len()).find_map(|index| Some(self.run(index)?.image.as_ref()?.as_str())))
    }

    pub(super) fn message(&self) -> &'a str {
        self.reported_or(self.reported_commit().and_then(|commit| commit.message.as_deref()), Field::CommitMessage)
    }

    pub(super) fn run_name(&self, index: usize) -> &'a str {
        let Some(fields) = RUNS.get(index) else { return "" };
        self.reported_or(self.run(index).and_then(|run| run.name.as_deref()), fields.name)
    }

    pub(super) fn run_url(&self, index: usize) -> &'a str {
        let Some(fields) = RUNS.get(index) else { return "" };
        self.reported_or(self.run(index).and_then(|run| Some(run.link.as_ref()?.as_str())), fields.url)
    }

    pub(super) fn pull_title(&self) -> &'a str {
        self.reported_or(self.pull().and_then(|pull| pull.title.as_deref()), Field::PrTitle)
    }

    pub(super) fn pull_url(&self) -> &'a str {
        self.reported_or(self.pull().and_then(|pull| Some(pull.link.as_ref()?.as_str())), Field::PrUrl)
    }

    pub(super) fn pull_branch(&self) -> &'a str {
        self.reported_or(self.pull().and_then(|pull| Some(pull.branch.as_ref()?.as_str())), Field::PrBranch)
    }

    /// Who wrote the change, where a forge reports that; as a whole, so that nobody gets another one's picture.
    pub(super) fn reported_author(&self) -> Option<&'a Person> {
        let of_commit = self.reported_commit().and_then(|commit| commit.author.as_ref());
        of_commit.or_else(|| {
            let starts = self.facts.has_no_author && !self.row.has(Field::AuthorName);
            self.run(0).filter(|_| starts)?.starter.as_ref()
        })
    }

    /// Who merged the pull request, where a forge reports that.
    pub(super) fn reported_merged_by(&self) -> Option<&'a Person> {
        let pull = self.pull()?;
        pull.merged_by.as_ref().filter(|_| !self.is_pull_older(pull.state))
    }

    pub(super) fn author_email(&self) -> &'a str {
        match self.reported_author() {
            Some(person) => person.email.as_deref().unwrap_or_default(),
            None => self.row.text(Field::AuthorEmail),
        }
    }

    /// Whether build and release are stages of one run: the row has the same number for both, or names no release, and
    /// a stage of the build is called as releases are.
    fn is_staged(&self, ring: RingWords<'_>) -> bool {
        let is_release = |run: &Run| roles(&run.parts, ring, self.names).contains(&(Role::Release, true));
        self.facts.is_staged || !self.row.has(Field::P2) && self.is_of_stages() && self.run(0).is_some_and(is_release)
    }

    /// Whether the parts of the build's run are stages that may do more than build. Elsewhere a release is a run of its
    /// own.
    fn is_of_stages(&self) -> bool {
        self.answer(0).is_some_and(|answer| answer.by == Service::AzureDevOps)
    }

    /// Whether there is something that only a release makes.
    pub(super) fn has_released(&self) -> bool {
        let later = [Field::HldCommitId, Field::Pr, Field::P3, Field::ManifestCommitId];
        later.into_iter().any(|field| self.row.has(field))
    }

    /// What the run of the stage number `index` (0 to 2) states of that stage.
    pub(super) fn stage(&self, index: usize, ring: RingWords<'_>) -> Option<StageOfRun> {
        let is_second = index == 1;
        let staged = index < 2 && self.is_staged(ring);
        let run = self.run(if staged { 0 } else { index })?;
        let whole = StageOfRun {
            status: match run.status {
                // A release of which some environments are through and nobody has started the others went well so far.
                Status::Incomplete => Status::Succeeded,
                Status::Running if run.is_waiting() => Status::Waiting,
                status => status,
            },
            warned: run.warned,
            started: run.started.or(run.queued),
            ended: run.ended,
            part: run.deciding_part().cloned(),
        };
        if !staged {
            let of_ring = run.parts.iter().find(|part| is_second && is_ring(&part.name, ring));
            return Some(of_ring.and_then(|part| together(run, std::iter::once(part))).unwrap_or(whole));
        }
        if run.parts.is_empty() {
            let is_well = run.status == Status::Succeeded && !run.warned;
            return match is_well {
                // A stage may have been skipped, unless something shows that it was not.
                true if !is_second || self.has_released() || !self.facts.awaits_parts => {
                    let (started, ended) = if is_second { (None, None) } else { (whole.started, whole.ended) };
                    Some(StageOfRun { started, ended, ..whole })
                }
                _ if self.facts.awaits_parts => None,
                _ if is_second => Some(StageOfRun::not_begun()),
                _ => Some(whole),
            };
        }
        let role = if is_second { Role::Release } else { Role::Build };
        let roles = roles(&run.parts, ring, self.names);
        let parts = run.parts.iter().zip(roles).filter(|(_, (of, _))| *of == role).map(|(part, _)| part);
        Some(together(run, parts).unwrap_or_else(StageOfRun::not_begun))
    }

    /// Whether the row was surely written after a forge was asked.
    fn is_written_after(&self, asked: Timestamp) -> bool {
        self.row.time(Field::Timestamp).is_some_and(|written| written + MARGIN > asked)
    }

    /// Whether the row is newer than what the run of a stage states.
    pub(super) fn is_older(&self, index: usize, stage: &StageOfRun) -> bool {
        let Some(fields) = RUNS.get(index) else { return false };
        let Some(answer) = self.answer(index) else { return false };
        let (reported, end) = (stated(self.row.text(fields.status)), self.row.time(fields.end));
        // A run without reported stages failed, or is, in one of them; the row decides in which.
        let has_no_parts = answer.value.as_ref().is_some_and(|run| run.parts.is_empty());
        let is_vague = self.facts.is_staged && index < 2 && has_no_parts;
        let began_after = matches!((stage.started, end), (Some(start), Some(end)) if start > end);
        match (is_over(reported), stage.status) {
            (true, Status::Failed | Status::Canceled | Status::Incomplete) if is_vague => true,
            (true, Status::Running) if is_vague && !began_after => true,
            (true, Status::Unknown) => true,
            (true, status) if !is_over(status) => !began_after && self.is_written_after(answer.at),
            _ => false,
        }
    }

    /// Whether the row is newer than what the pull request states.
    pub(super) fn is_pull_older(&self, pull: PullState) -> bool {
        let is_over = |state| matches!(state, PullState::Merged | PullState::Abandoned);
        let Some(answer) = &self.facts.pull_request else { return false };
        !is_over(pull) && is_over(pull_state(self.row.text(Field::PrState))) && self.is_written_after(answer.at)
    }

    /// What is known of the stages.
    pub(super) fn stages(&self, ring: RingWords<'_>) -> StagesKnown {
        let row = self.row;
        let mut known = StagesKnown {
            runs: RUNS.map(|fields| RunKnown {
                is_named: row.has(fields.id),
                word: Word::of_row(row.text(fields.status)),
                started: row.time(fields.start),
                ended: row.time(fields.end),
            }),
            has_pull: row.has(Field::Pr),
            pull: Some(row.text(Field::PrState)).filter(|word| !word.is_empty()).map(pull_state),
            pull_created: row.time(Field::PrCreatedAt),
            pull_ended: row.time(Field::PrMergedAt),
            has_image: !self.image().is_empty() || !self.commit().is_empty(),
            has_definition: row.has(Field::HldCommitId),
            has_manifests: row.has(Field::ManifestCommitId),
            written: None,
        };
        for (index, run) in known.runs.iter_mut().enumerate() {
            if let Some(stage) = self.stage(index, ring)
                && !self.is_older(index, &stage)
            {
                let (started, ended) = (stage.started, stage.ended);
                *run = RunKnown { word: Word::of_forge(stage.status), started, ended, ..*run };
            }
        }
        if let Some(pull) = self.pull() {
            if !self.is_pull_older(pull.state) {
                (known.pull, known.pull_ended) = (Some(pull.state), pull.ended);
            }
            known.pull_created = pull.created.or(known.pull_created);
        }
        if known.newest().is_none() {
            known.written = row.time(Field::Timestamp);
        }
        known
    }
}

/// What becomes of a row of which no forge has reported anything.
pub(in crate::model) fn outcome_of_row(row: &Row<'_>) -> Outcome {
    Overlay::new(row, None).stages([""; 3]).outcome()
}

/// Whether a run in that state has ended.
#[must_use]
pub const fn is_over(status: Status) -> bool {
    matches!(status, Status::Succeeded | Status::Failed | Status::Canceled | Status::Skipped)
}
