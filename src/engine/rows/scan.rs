//! One read of (a part of) a table: the ranges of keys it is split into and how far each has come.
//!
//! **A page proves its end** only by a missing header that is known to be visible, or by an empty answer to the
//! question for what follows. **A read ends** also where the service does not let it: a next page that was named
//! before, or page after page without a row, is an error of its own.

use std::{
    hash::{BuildHasher, Hash},
    time::Duration,
};

use rustc_hash::{FxBuildHasher, FxHashSet};

use crate::{
    domain::{
        problem::ProblemKind,
        time::{Timestamp, minutes},
    },
    engine::clock::Now,
    http::ApiError,
    model::order::sorted_by,
    storage::{
        azure_table::{ENDLESS, PAGE},
        rows::RowsRead,
        span::{Cursor, Next, Span},
    },
};

/// Into how many ranges of keys the remainder of a long read is split.
const RANGES: usize = 6;

/// From so many known keys on, their quantiles are better than a guess where to split.
const ENOUGH_KEYS: usize = 60;

/// Where to split when no keys are known: row keys are random hexadecimal digits as Bedrock writes them. Keys of
/// another kind are read as well, only less evenly shared among the ranges.
const HEX_SPLITS: [&str; RANGES - 1] = ["2a", "55", "80", "aa", "d5"];

/// So many pages without any row may follow one another at once: a service that searches long answers like that.
const EMPTY_PAGES: u32 = 20;
/// From then on each waits so long, ...
const EMPTY_PAUSE: Duration = Duration::from_secs(1);
/// ... and this is the last.
const MOST_EMPTY_PAGES: u32 = 100;

/// A read that had to be ended is tried again after so long, ...
const PAUSE: Duration = minutes(1);
/// ... after twice as long the next time, and so on up to so often.
const LONGEST_PAUSE: u32 = 10;

/// Whether the header that names a next page would be visible.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Continuation {
    #[default]
    Unknown,
    Shown,
    Hidden,
}

impl Continuation {
    fn apply(&mut self, next: &Next) {
        match next {
            Next::More(_) => *self = Self::Shown,
            Next::Hidden if *self == Self::Unknown => *self = Self::Hidden,
            Next::Hidden | Next::Unnamed | Next::End => {}
        }
    }
}

/// Partition and row key.
pub(super) type Key = (String, String);

/// What a job asks next.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Step {
    /// The page there.
    Page(Cursor),
    /// Whether the last page, which named no next one, was the last. It ended with this row.
    Proof(Key),
}

/// A range of keys that is read page after page.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Job {
    pub span: Span,
    pub step: Step,
    pub state: JobState,
    pub failures: u32,
    pub error: Option<ApiError>,
    /// How much of the way, from 0 to 1.
    reached: f32,
    /// Fingerprints of the next pages that were named, and of the rows that pages ended with.
    seen: FxHashSet<u64>,
    /// Pages without a row that have just followed one another.
    empty_pages: u32,
    /// The last row that was read.
    last: Option<Key>,
    /// How often it had to be ended.
    endings: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum JobState {
    /// To be asked at once.
    Due,
    /// To be asked then.
    DueAt(Timestamp),
    /// Failed in a way that asking again does not mend; waits for a hand.
    Stuck,
    Asked,
    Done,
}

impl Job {
    fn new(span: Span) -> Self {
        Self {
            span,
            step: Step::Page(Cursor::Start),
            state: JobState::Due,
            failures: 0,
            error: None,
            reached: 0.0,
            seen: FxHashSet::default(),
            empty_pages: 0,
            last: None,
            endings: 0,
        }
    }

    /// How much of its range lies before a key.
    fn part_before(&self, key: &str) -> f32 {
        let from = self.span.from_key.as_deref().map_or(0.0, position);
        let to = self.span.to_key.as_deref().map_or(1.0, position);
        if to > from { ((position(key) - from) / (to - from)).clamp(0.0, 0.99) } else { 0.0 }
    }

    fn is_new(&mut self, what: impl Hash) -> bool {
        self.seen.insert(FxBuildHasher.hash_one(what))
    }

    /// Goes on behind a row.
    fn go_behind(&mut self, last: Key) {
        self.step = Step::Page(Cursor::Start);
        self.span.behind = Some(last);
        self.state = JobState::Due;
    }

    /// Goes on by key, behind the last row that was read: the service's tokens are not to be trusted any more.
    pub(super) fn restart(&mut self) {
        self.step = Step::Page(Cursor::Start);
        self.span.behind = self.last.clone().or_else(|| self.span.behind.take());
        self.seen.clear();
        self.empty_pages = 0;
    }

    /// Ends a read that would never end by itself.
    fn end(&mut self) -> ApiError {
        self.restart();
        self.endings += 1;
        let pause = PAUSE * self.endings.min(LONGEST_PAUSE);
        let error = ApiError::new(ProblemKind::Unreadable, "");
        ApiError { code: ENDLESS.to_owned(), retry_after: Some(pause), ..error }
    }

    /// Goes on behind a page.
    fn advance(
        &mut self,
        read: &RowsRead,
        next: &Next,
        continuation: &mut Continuation,
        now: Now,
    ) -> Result<(), ApiError> {
        continuation.apply(next);
        if let Step::Proof(last) = &self.step {
            let last = last.clone();
            if *continuation == Continuation::Shown {
                self.state = JobState::Done;
            } else {
                // Two rows or more are there, and the answer with one of them named no next page.
                *continuation = Continuation::Hidden;
                self.go_behind(last);
            }
            return Ok(());
        }
        let last = read.last_key.clone();
        if let Some((_, row)) = &last {
            // Keys of several partitions start over; progress does not.
            self.reached = self.reached.max(self.part_before(row));
        }
        let is_new = match next {
            Next::More(cursor) => self.is_new(cursor),
            Next::Hidden | Next::Unnamed | Next::End => true,
        };
        let is_new = last.as_ref().is_none_or(|last| self.is_new(last)) && is_new;
        self.empty_pages = if last.is_some() { 0 } else { self.empty_pages + 1 };
        if !is_new || self.empty_pages > MOST_EMPTY_PAGES {
            return Err(self.end());
        }
        self.last = last.clone().or_else(|| self.last.take());
        match (next, last) {
            (Next::More(cursor), _) => {
                self.step = Step::Page(cursor.clone());
                self.state = match self.empty_pages {
                    0..=EMPTY_PAGES => JobState::Due,
                    _ => JobState::DueAt(now.steady + EMPTY_PAUSE),
                };
            }
            // Nothing was there, or nothing was behind the last row.
            (Next::End, _) | (_, None) => self.state = JobState::Done,
            (Next::Unnamed, Some(_)) if *continuation == Continuation::Shown => self.state = JobState::Done,
            // A sweep asks again: the service's rule may have been put right, or the table had one row alone.
            (Next::Unnamed, Some(last))
                if (*continuation == Continuation::Unknown || self.span.keys_only)
                    && (2..PAGE).contains(&read.rows) =>
            {
                self.step = Step::Proof(last);
                self.state = JobState::Due;
            }
            (Next::Unnamed | Next::Hidden, Some(last)) => self.go_behind(last),
        }
        Ok(())
    }
}

/// About where in the order of keys a key stands, from 0 to 1.
fn position(key: &str) -> f32 {
    let hex = key.get(..4).and_then(|start| u16::from_str_radix(start, 16).ok());
    hex.map_or_else(
        || key.bytes().take(3).fold((0.0, 1.0 / 128.0), |(sum, unit), b| (sum + f32::from(b) * unit, unit / 128.0)).0,
        |n| f32::from(n) / 65_536.0,
    )
}

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Scan {
    pub started: Now,
    pub jobs: Vec<Job>,
    /// How much of the way lay behind when it was split.
    before: f32,
    /// It has been split into ranges.
    is_split: bool,
}

impl Scan {
    pub(super) fn new(span: Span, started: Now) -> Self {
        Self { started, jobs: vec![Job::new(span)], before: 0.0, is_split: false }
    }

    pub(super) fn is_done(&self) -> bool {
        self.jobs.iter().all(|j| j.state == JobState::Done)
    }

    pub(super) fn part(&self) -> f32 {
        let parts = self.jobs.iter().map(|j| if j.state == JobState::Done { 1.0 } else { j.reached });
        let part = parts.sum::<f32>() / self.jobs.len().max(1) as f32;
        (1.0 - self.before).mul_add(part, self.before)
    }

    pub(super) fn error(&self) -> Option<&Job> {
        self.jobs.iter().find(|j| j.error.is_some())
    }

    /// What failed in such a way is due again.
    pub(super) fn try_again(&mut self, mended: impl Fn(&ApiError) -> bool) {
        for job in &mut self.jobs {
            let waits = matches!(job.state, JobState::Stuck | JobState::Due | JobState::DueAt(_));
            if waits && job.error.as_ref().is_some_and(&mended) {
                job.state = JobState::Due;
            }
        }
    }

    /// What failed did so for a reason that is gone: everything is due again, as if nothing had happened.
    pub(super) fn forgive(&mut self) {
        self.try_again(|_| true);
        for job in &mut self.jobs {
            job.failures = 0;
            job.error = None;
        }
    }

    /// What had been asked will not be answered: it is due again.
    pub(super) fn forget_sent(&mut self) {
        for job in &mut self.jobs {
            if job.state == JobState::Asked {
                job.state = JobState::Due;
            }
        }
    }

    /// When a job is due next: what is due at once has been since the read began.
    pub(super) fn due_at(&self) -> Option<Timestamp> {
        let due = self.jobs.iter().filter_map(|job| match job.state {
            JobState::Due => Some(self.started.steady),
            JobState::DueAt(at) => Some(at),
            JobState::Stuck | JobState::Asked | JobState::Done => None,
        });
        due.min()
    }

    /// Goes on behind a page. `keys` lists known row keys in any order; `has_partitions` when keys of several
    /// partitions follow one another.
    #[expect(clippy::too_many_arguments, reason = "what a page says, and what is known besides")]
    pub(super) fn advance(
        &mut self,
        job: usize,
        read: &RowsRead,
        next: &Next,
        continuation: &mut Continuation,
        now: Now,
        has_partitions: bool,
        keys: impl FnOnce() -> Vec<String>,
    ) -> Result<(), ApiError> {
        let Some(at) = self.jobs.get_mut(job) else { return Ok(()) };
        at.advance(read, next, continuation, now)?;
        at.failures = 0;
        at.error = None;
        // The first page that is full shows that there is enough to be worth six questions.
        let is_over = at.state == JobState::Done;
        if !is_over && read.rows >= PAGE && !std::mem::replace(&mut self.is_split, true) {
            // In a whole table the next partition's keys may be any.
            let last = read.last_key.as_ref().map(|(_, row)| row.as_str());
            self.split(last.filter(|_| !has_partitions), keys());
        }
        Ok(())
    }

    /// Shares what is left, from the last key that was read, among ranges of keys.
    fn split(&mut self, start: Option<&str>, mut keys: Vec<String>) {
        let Some(first) = self.jobs.pop() else { return };
        self.before = first.reached;
        keys.retain(|k| start.is_none_or(|s| k.as_str() > s));
        keys = sorted_by(&keys, |a, b| a.cmp(b));
        keys.dedup();
        let mut splits: Vec<String> = if keys.len() >= ENOUGH_KEYS {
            (1..RANGES).filter_map(|i| keys.get(keys.len() * i / RANGES).cloned()).collect()
        } else {
            HEX_SPLITS.into_iter().filter(|&s| start.is_none_or(|k| s > k)).map(str::to_owned).collect()
        };
        splits.dedup();
        let ends = splits.iter().cloned().map(Some).chain([None]);
        // The first range begins with the row that was read last: the same filter with and without it.
        let begins = [start.map(str::to_owned)].into_iter().chain(splits.iter().cloned().map(Some));
        for (from_key, to_key) in begins.zip(ends) {
            self.jobs.push(Job::new(Span { from_key, to_key, behind: None, ..first.span.clone() }));
        }
    }
}
