//! Lays what forges said over what a row says.
//!
//! What a forge says now wins; the row fills what the forge does not know. One exception, so that no older truth takes
//! the place of a newer one: a row that says that a stage has ended, written after the forge was asked, wins over an
//! answer by which it still ran.
//!
//! The result depends on the row and the answers alone, not on what was laid over it before: [`Raw`] keeps what the
//! row itself said of states, and everything else that is laid over is replaced as a whole.

#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::{
    domain::{
        commit::Commit,
        deployment::Status,
        person::Person,
        pull_request::{PullRequest, PullState},
        run::{Run, RunPart},
        time::{Timestamp, minutes},
    },
    model::{
        fold::fold,
        journey::{RUNS, Texts, pull_state, state_word, stated},
    },
    storage::row::{Field, Row},
};

/// How far this device's clock may be off from the table's, where the two are compared.
const MARGIN: Duration = minutes(2);

/// What the row itself said, before anything was laid over it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Raw {
    runs: [(Status, Option<Timestamp>); 3],
    pull: PullState,
    written: Option<Timestamp>,
    has_author: bool,
}

impl Raw {
    /// Of a row on which nothing has been laid yet.
    pub(super) fn of(row: &Row<'_>) -> Self {
        Self {
            runs: RUNS.map(|run| (stated(row.text(run.status)), row.time(run.end))),
            pull: pull_state(row.text(Field::PrState)),
            written: row.time(Field::Timestamp),
            has_author: row.has(Field::AuthorName),
        }
    }

    /// Whether the row is surely newer than an answer of that time.
    fn is_after(&self, asked: Timestamp) -> bool {
        self.written.is_some_and(|written| written + MARGIN > asked)
    }
}

/// An answer, and when its question was sent.
#[derive(Debug)]
pub(super) struct Learnt<'f, T> {
    pub(super) fact: &'f T,
    pub(super) at: Timestamp,
}

// Not derived: what is borrowed need not be `Copy`.
impl<T> Clone for Learnt<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Learnt<'_, T> {}

/// All that forges said of one deployment.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Said<'f> {
    pub(super) runs: [Option<Learnt<'f, Run>>; 3],
    /// `p1` and `p2` are stages of one run.
    pub(super) is_staged: bool,
    /// That run's stages are still to come, so that which of them it failed or runs in is not known.
    pub(super) awaits_parts: bool,
    pub(super) pull: Option<Learnt<'f, PullRequest>>,
    pub(super) commit: Option<&'f Commit>,
    /// Nobody will say who wrote the commit, so who set off the build is the next best to ask.
    pub(super) no_author: bool,
}

/// One stage, as its run tells it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct StageOfRun {
    pub(super) status: Status,
    pub(super) warned: bool,
    pub(super) started: Option<Timestamp>,
    pub(super) ended: Option<Timestamp>,
    /// What within it says where it stands, unless that is all of it.
    pub(super) part: Option<(Box<str>, Status)>,
}

impl Said<'_> {
    /// What the run of the stage number `index` (0 to 2) says of that stage. `ring` is what the row and people call
    /// the deployment's ring: a release to several environments is, to this deployment, the one to its own ring.
    pub(super) fn stage(&self, index: usize, ring: &[&str]) -> Option<StageOfRun> {
        let run = self.runs.get(index).copied().flatten()?.fact;
        let of_part = |part: &RunPart| StageOfRun {
            status: part.status,
            warned: part.warned,
            started: part.started,
            ended: part.ended,
            part: (part.status != Status::Succeeded).then(|| (part.name.clone(), part.status)),
        };
        let whole = StageOfRun {
            // A release of which some environments are through and nobody has started the others went well so far.
            status: if run.status == Status::Incomplete { Status::Succeeded } else { run.status },
            warned: run.warned,
            started: run.started.or(run.queued),
            ended: run.ended,
            part: run.deciding_part().map(|part| (part.name.clone(), part.status)),
        };
        let is_second = index == 1;
        let staged = self.is_staged && index < 2;
        Some(match run.parts.get(index) {
            // Stages were not asked for, since all of it went well.
            _ if staged && run.status == Status::Succeeded && !run.warned => {
                let (started, ended) = if is_second { (None, None) } else { (whole.started, whole.ended) };
                StageOfRun { started, ended, ..whole }
            }
            _ if staged && self.awaits_parts => return None,
            Some(part) if staged => of_part(part),
            None if staged && is_second => {
                let status = Status::Incomplete;
                StageOfRun { status, warned: false, started: None, ended: None, part: None }
            }
            _ => match run.parts.iter().find(|part| is_ring(&part.name, ring)) {
                Some(part) if is_second && !staged => of_part(part),
                _ => whole,
            },
        })
    }

    /// Whether the row is newer than what the run of a stage says.
    pub(super) fn is_older(&self, index: usize, stage: &StageOfRun, raw: &Raw) -> bool {
        let Some((told, end)) = raw.runs.get(index) else { return false };
        let run = self.runs.get(index).copied().flatten();
        let learnt = run.map(|run| run.at);
        // A run of whose stages nothing is told failed, or is, in one of them; the row knows better in which.
        let is_vague = self.is_staged && index < 2 && run.is_some_and(|run| run.fact.parts.is_empty());
        let began_after = matches!((stage.started, end), (Some(start), Some(end)) if start > *end);
        match (is_over(*told), stage.status) {
            (true, Status::Failed | Status::Canceled | Status::Incomplete) if is_vague => true,
            (true, Status::Running) if is_vague && !began_after => true,
            (true, Status::Unknown) => true,
            (true, status) if !is_over(status) => !began_after && learnt.is_none_or(|at| raw.is_after(at)),
            _ => false,
        }
    }

    /// Whether the row is newer than what the pull request says.
    pub(super) fn is_pull_older(&self, pull: PullState, raw: &Raw) -> bool {
        let is_over = |state| matches!(state, PullState::Merged | PullState::Abandoned);
        let learnt = self.pull.map(|pull| pull.at);
        is_over(raw.pull) && !is_over(pull) && learnt.is_none_or(|at| raw.is_after(at))
    }

    /// Lays all of it over a row. `ring` as in [`Said::stage`].
    pub(super) fn apply(&self, row: &mut Row<'_>, raw: &Raw, ring: &[&str]) {
        for (index, fields) in RUNS.iter().enumerate() {
            let (Some(run), Some(stage)) = (self.runs.get(index).copied().flatten(), self.stage(index, ring)) else {
                continue;
            };
            if !self.is_older(index, &stage, raw) {
                row.set(fields.status, state_word(stage.status));
                row.set(fields.start, time(stage.started));
                row.set(fields.end, time(stage.ended));
            }
            put(row, fields.name, run.fact.name.as_deref());
            put(row, fields.url, run.fact.link.as_ref().map(|l| l.as_str()));
        }
        if let Some(build) = self.runs.first().copied().flatten() {
            fill(row, Field::Branch, build.fact.branch.as_ref().map(|b| b.as_str()));
            fill(row, Field::CommitId, build.fact.commit.as_ref().map(|c| c.as_str()));
            fill(row, Field::SourceRepo, build.fact.repository.as_ref().map(|r| r.as_str()));
            if self.no_author && !raw.has_author {
                put_person(row, build.fact.starter.as_ref());
            }
        }
        for run in self.runs.into_iter().flatten() {
            fill(row, Field::ImageTag, run.fact.image.as_ref().map(|i| i.as_str()));
        }
        if let Some(commit) = self.commit {
            put(row, Field::CommitMessage, commit.message.as_deref());
            put_person(row, commit.author.as_ref());
        }
        if let Some(pull) = self.pull {
            let pull = pull.fact;
            let state = match pull.state {
                PullState::Open => "open",
                PullState::Merged => "merged",
                PullState::Abandoned => "abandoned",
                PullState::Unknown => "unknown",
            };
            if !self.is_pull_older(pull.state, raw) {
                row.set(Field::PrState, state);
                row.set(Field::PrMergedAt, time(pull.ended));
                put(row, Field::MergedBy, pull.merged_by.as_ref().map(|p| &*p.name));
                put(
                    row,
                    Field::MergedByImage,
                    pull.merged_by.as_ref().and_then(|p| p.image.as_ref()).map(|i| i.as_str()),
                );
            }
            put(row, Field::PrTitle, pull.title.as_deref());
            put(row, Field::PrUrl, pull.link.as_ref().map(|l| l.as_str()));
            put(row, Field::PrBranch, pull.branch.as_ref().map(|b| b.as_str()));
            put(row, Field::PrCreatedAt, pull.created.map(Timestamp::to_rfc3339).as_deref());
        }
    }
}

/// Whether a run in that state has ended.
pub(super) const fn is_over(status: Status) -> bool {
    matches!(status, Status::Succeeded | Status::Failed | Status::Canceled)
}

/// Whether an environment of that name is the ring: the same name, or one that has it as a word (`trivia-prod`).
fn is_ring(environment: &str, ring: &[&str]) -> bool {
    let environment = fold(environment);
    let words = environment.split(|c: char| !c.is_alphanumeric());
    ring.iter().any(|name| {
        !name.is_empty() && {
            let name = fold(name);
            environment == name || words.clone().any(|word| word == name)
        }
    })
}

fn time(moment: Option<Timestamp>) -> String {
    moment.map_or_else(String::new, Timestamp::to_rfc3339)
}

/// Puts a text in, if there is one.
fn put(row: &mut Row<'_>, field: Field, text: Option<&str>) {
    if let Some(text) = text {
        row.set(field, text.to_owned());
    }
}

/// Puts a text in where the row has none.
fn fill(row: &mut Row<'_>, field: Field, text: Option<&str>) {
    if !row.has(field) {
        put(row, field, text);
    }
}

/// Puts a person in, as a whole: nobody gets another one's picture.
fn put_person(row: &mut Row<'_>, person: Option<&Person>) {
    let Some(person) = person else { return };
    row.set(Field::AuthorName, person.name.to_string());
    row.set(Field::AuthorEmail, person.email.as_deref().unwrap_or_default().to_owned());
    row.set(Field::AuthorImage, person.image.as_ref().map_or("", |i| i.as_str()).to_owned());
    row.set(Field::AuthorUrl, person.url.as_ref().map_or("", |u| u.as_str()).to_owned());
}
