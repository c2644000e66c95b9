//! One read of (a part of) a table: the jobs it is split into and how far each has come.

use crate::{
    domain::time::Timestamp,
    http::ApiError,
    model::order::ordered,
    storage::azure_table::{Cursor, Next, PAGE, RowsPage, Span},
};

/// Into how many ranges of keys the remainder of a long read is split.
const RANGES: usize = 6;

/// From so many known keys on, their quantiles say better than a guess where to split.
const ENOUGH_KEYS: usize = 60;

/// Where to split when no keys are known: row keys are random hexadecimal digits as Bedrock writes them. Keys of
/// another kind are read as well, only less evenly shared among the ranges.
const HEX_SPLITS: [&str; RANGES - 1] = ["2a", "55", "80", "aa", "d5"];

/// A range of keys that is read page after page.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Job {
    pub span: Span,
    pub cursor: Cursor,
    pub state: JobState,
    pub failures: u32,
    pub error: Option<ApiError>,
    /// How much of the way, from 0 to 1.
    reached: f32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum JobState {
    /// To be asked, not before.
    Due(Timestamp),
    /// Failed in a way that asking again does not mend; waits for a hand.
    Stuck,
    Asked,
    Done,
}

impl Job {
    fn new(span: Span) -> Self {
        let due = JobState::Due(Timestamp::from_millis(i64::MIN));
        Self { span, cursor: Cursor::Start, state: due, failures: 0, error: None, reached: 0.0 }
    }

    /// How much of its range lies before a key.
    fn part_before(&self, key: &str) -> f32 {
        let from = self.span.from_key.as_deref().map_or(0.0, position);
        let to = self.span.to_key.as_deref().map_or(1.0, position);
        if to > from { ((position(key) - from) / (to - from)).clamp(0.0, 0.99) } else { 0.0 }
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

/// One read.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Read {
    pub started: Timestamp,
    pub jobs: Vec<Job>,
    /// How much of the way lay behind when it was split.
    before: f32,
    /// It has been split into ranges.
    is_split: bool,
}

impl Read {
    pub(super) fn new(span: Span, started: Timestamp) -> Self {
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
            let waits = matches!(job.state, JobState::Stuck | JobState::Due(_));
            if waits && job.error.as_ref().is_some_and(&mended) {
                job.state = JobState::Due(Timestamp::from_millis(i64::MIN));
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
    pub(super) fn forget_asked(&mut self) {
        for job in &mut self.jobs {
            if job.state == JobState::Asked {
                job.state = JobState::Due(Timestamp::from_millis(i64::MIN));
            }
        }
    }

    /// When a job is due next.
    pub(super) fn due_at(&self) -> Option<Timestamp> {
        let due = self.jobs.iter().filter_map(|j| if let JobState::Due(at) = j.state { Some(at) } else { None });
        due.min()
    }

    /// Goes on behind a page. `keys` lists known row keys in any order; `whole_table` when keys of several
    /// partitions follow one another.
    pub(super) fn advance(
        &mut self,
        job: usize,
        page: &RowsPage,
        whole_table: bool,
        keys: impl FnOnce() -> Vec<String>,
    ) {
        let Some(at) = self.jobs.get_mut(job) else { return };
        at.failures = 0;
        at.error = None;
        let last = page.read.last_key.as_ref().map(|(_, row)| row.as_str());
        if let Some(row) = last {
            // Keys of several partitions start over; progress does not.
            at.reached = at.reached.max(at.part_before(row));
        }
        match &page.next {
            Next::More(cursor) => at.cursor = cursor.clone(),
            Next::Full | Next::Hidden if page.read.last_key.is_some() => {
                at.cursor = Cursor::Start;
                at.span.behind.clone_from(&page.read.last_key);
            }
            // Also when there was nothing behind the last row.
            Next::Done | Next::Full | Next::Hidden => {
                at.state = JobState::Done;
                return;
            }
        }
        at.state = JobState::Due(Timestamp::from_millis(i64::MIN));
        // The first page that is full tells that there is enough to be worth six questions.
        if page.read.rows >= PAGE && !std::mem::replace(&mut self.is_split, true) {
            // In a whole table the next partition's keys may be any.
            self.split(last.filter(|_| !whole_table), keys());
        }
    }

    /// Shares what is left, from the last key that was read, among ranges of keys.
    fn split(&mut self, start: Option<&str>, mut keys: Vec<String>) {
        let Some(first) = self.jobs.pop() else { return };
        self.before = first.reached;
        keys.retain(|k| start.is_none_or(|s| k.as_str() > s));
        keys = ordered(&keys, |a, b| a.cmp(b));
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
