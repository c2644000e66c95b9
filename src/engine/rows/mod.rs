//! Reads one project's rows and keeps them up to date.
//!
//! First the recent rows, by `Timestamp`, because those are what people look for; then the rest behind them; then,
//! every so often, what has been written since, and more rarely a sweep over all keys for what has been deleted: see
//! [`phase`]. Two lanes: refreshing the newest goes on while the rest, or a sweep, takes its time. No lane overlaps
//! itself. Nothing is missed: see [`watermark`].
//!
//! An answer is read in steps of at most [`STEP_ROWS`], so that no step holds up the page.

mod access;
mod notices;
mod phase;
mod problems;
mod rate;
mod scan;
mod source;
mod sweep;
mod watermark;

use std::{collections::VecDeque, time::Duration};

use self::{
    access::{Access, REFUSED},
    notices::RowNotices,
    phase::{Complete, Phase, Rest},
    rate::Rate,
    scan::{Continuation, JobState, Key, Scan, Step},
    sweep::Sweep,
    watermark::Watermark,
};
use super::{
    backoff::{Random, wait},
    clock::Now,
};
use crate::{
    config::{Storage, secret::Secret},
    domain::{
        id::ProjectName,
        problem::ProblemKind,
        time::{Timestamp, days, minutes},
    },
    http::{ApiError, Origin, Request, Response},
    model::{
        store::{Change, Slot, Store},
        sync::Syncs,
    },
    storage::{
        azure_table::{self, Cursor, ENDLESS, Span},
        page::RowsPage,
        row::{Field, Row},
        sas::Sas,
    },
};

pub use self::source::Source;

/// How many known keys say where to split a range.
const SAMPLE: usize = 1000;
/// What counts as recent.
const RECENT: Duration = days(30);
/// Between two sweeps at the least; long tables are swept less often.
const SWEEP_EVERY: Duration = minutes(10);
/// Added to that for every thousand rows, so that sweeps stay a small part of the traffic.
const SWEEP_PER_PAGE: Duration = Duration::from_secs(30);
/// How many rows are read in one step.
pub const STEP_ROWS: usize = 250;
/// A row dated so far in the future is replaced by one that is dated earlier.
const IMPOSSIBLE: Duration = days(3_650);
/// Among so many requests at once the line is shared so that a page arrives at least this often.
const PAGE_EVERY: Duration = Duration::from_secs(8);

/// Which of the two reads a request belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Lane {
    Load,
    Refresh,
}

/// How soon something is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Haste {
    /// Recent rows, and what is newer still.
    Now,
    /// All that was written long ago, and what has been deleted.
    Later,
}

/// An answer that has arrived and is being read.
#[derive(Debug)]
struct Arrived {
    lane: Lane,
    job: usize,
    page: RowsPage,
    at: Now,
}

/// What keeps up with the newest rows.
#[derive(Debug, Default)]
struct Refresh {
    scan: Option<Scan>,
    is_wanted: bool,
    /// Rows that a sweep saw and we did not have. The next refresh should bring them, ...
    suspects: Vec<Key>,
    /// ... and the one under way these: one that began before the sweep's end cannot say.
    to_bring: Vec<Key>,
}

/// Reads one project's rows.
#[derive(Debug)]
pub struct Reader {
    index: usize,
    name: ProjectName,
    source: Source,
    every: Option<Duration>,
    is_active: bool,
    access: Access,
    phase: Phase,
    refresh: Refresh,
    is_sweep_wanted: bool,
    arrived: VecDeque<Arrived>,
    has_answered: bool,
    watermark: Watermark,
    fresh_at: Option<Timestamp>,
    continuation: Continuation,
    /// A row was dated so far in the future that this must be wrong.
    has_impossible: bool,
    notices: RowNotices,
    rate: Rate,
    /// How many requests at once the line allows.
    width: usize,
}

impl Reader {
    pub(super) fn new(index: usize, name: ProjectName, storage: &Storage, every: Option<Duration>) -> Self {
        let source = Source::new(storage);
        Self {
            index,
            name,
            every,
            is_active: true,
            access: Access::new(&source),
            source,
            phase: Phase::Recent(None),
            refresh: Refresh::default(),
            is_sweep_wanted: false,
            arrived: VecDeque::new(),
            has_answered: false,
            watermark: Watermark::default(),
            fresh_at: None,
            continuation: Continuation::default(),
            has_impossible: false,
            notices: RowNotices::default(),
            rate: Rate::default(),
            width: super::IN_FLIGHT,
        }
    }

    /// The project's name.
    #[must_use]
    pub const fn name(&self) -> &ProjectName {
        &self.name
    }

    /// Where it reads.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    /// What its credential says of itself.
    #[must_use]
    pub const fn sas(&self) -> Option<&Sas> {
        self.access.sas.as_ref()
    }

    /// Whether its rows are wanted now.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        self.is_active
    }

    /// Whether the service hides the headers that say where the next page starts.
    #[must_use]
    pub fn has_hidden_headers(&self) -> bool {
        self.continuation == Continuation::Hidden
    }

    /// When it was last known to be up to date, in steady time.
    #[must_use]
    pub const fn fresh_at(&self) -> Option<Timestamp> {
        self.fresh_at
    }

    /// From where on the next refresh asks.
    #[must_use]
    pub const fn watermark(&self) -> Option<Timestamp> {
        self.watermark.get()
    }

    pub(super) fn origin(&self) -> Option<Origin> {
        self.source.origin()
    }

    /// How many requests at once the line allows.
    pub(super) const fn width(&self) -> usize {
        self.width
    }

    /// Whether an answer of any kind has come, or none is to be expected.
    pub(super) fn has_answered(&self, now: Now) -> bool {
        self.has_answered || !self.is_active || self.access.refusal(&self.source, now).is_some()
    }

    fn is_open(&self) -> bool {
        self.is_active && !self.access.is_barred()
    }

    /// Whether the recent rows are still coming. A read that waits for better times holds back nothing.
    pub(super) fn is_reading_recent(&self) -> bool {
        let goes_on = |scan: &Scan| scan.error().is_none();
        self.is_open() && self.phase.is_recent() && self.phase.scan().is_some_and(goes_on)
    }

    /// Whether rows are still coming that have never been read.
    pub(super) fn is_loading(&self) -> bool {
        let goes_on = |scan: &Scan| scan.error().is_none();
        self.is_open() && !self.phase.is_complete() && self.phase.scan().is_some_and(goes_on)
    }

    /// Whether the load lane reads what has never been read.
    pub(super) const fn is_first_read(&self) -> bool {
        !self.phase.is_complete() && self.phase.scan().is_some()
    }

    pub(super) fn part(&self) -> f32 {
        match &self.phase {
            Phase::Recent(Some(scan)) => scan.part() * 0.2,
            Phase::Rest(Rest { scan: Some(scan), .. }) => scan.part().mul_add(0.8, 0.2),
            _ => 1.0,
        }
    }

    pub(super) fn set_active(&mut self, is_active: bool) -> bool {
        std::mem::replace(&mut self.is_active, is_active) != is_active
    }

    pub(super) fn set_refresh(&mut self, every: Option<Duration>) {
        self.every = every;
        if every.is_some() {
            // What waited for a hand need not any longer.
            self.scans_mut().for_each(|scan| scan.try_again(|error| !error.is_passing()));
        }
    }

    pub(super) fn set_sas(&mut self, credential: Option<Secret>) {
        if let Source::Table { sas, .. } = &mut self.source {
            *sas = credential;
        }
        self.access = Access::new(&self.source);
        self.has_answered = false;
        self.scans_mut().for_each(Scan::forgive);
        // The first read goes on where it stood; what is known already may be old, or less than the new one opens.
        self.refresh.is_wanted |= !self.phase.is_recent();
        self.is_sweep_wanted |= self.phase.is_complete();
    }

    fn scan(&self, lane: Lane) -> Option<&Scan> {
        match lane {
            Lane::Refresh => self.refresh.scan.as_ref(),
            Lane::Load => self.phase.scan(),
        }
    }

    const fn scan_mut(&mut self, lane: Lane) -> Option<&mut Scan> {
        match lane {
            Lane::Refresh => self.refresh.scan.as_mut(),
            Lane::Load => self.phase.scan_mut(),
        }
    }

    fn scans_mut(&mut self) -> impl Iterator<Item = &mut Scan> {
        self.refresh.scan.iter_mut().chain(self.phase.scan_mut())
    }

    /// What is under way will not be answered.
    pub(super) fn forget_asked(&mut self) {
        self.arrived.clear();
        self.scans_mut().for_each(Scan::forget_asked);
    }

    /// What failed for want of a network need wait no longer.
    pub(super) fn network_is_back(&mut self) {
        let network = [ProblemKind::Offline, ProblemKind::Timeout, ProblemKind::Unreachable];
        self.scans_mut().for_each(|scan| scan.try_again(|error| network.contains(&error.kind)));
    }

    /// The page is seen again: what it shows may be old.
    pub(super) fn seen_again(&mut self) {
        self.refresh.is_wanted |= self.every.is_some();
        self.network_is_back();
    }

    /// The device slept: whatever was waited for may be over.
    pub(super) fn wake(&mut self) {
        self.access.try_again();
        self.scans_mut().for_each(|scan| scan.try_again(ApiError::is_passing));
        self.seen_again();
    }

    /// Somebody asks by hand, and is not kept waiting by what anybody asked for before.
    pub(super) fn refresh_now(&mut self) {
        self.refresh.is_wanted = true;
        self.is_sweep_wanted = true;
        self.access.try_again();
        self.scans_mut().for_each(|scan| scan.try_again(|_| true));
    }

    /// Decides what to read next in each lane that is free.
    pub(super) fn plan(&mut self, now: Now, visible: bool, store: &Store, syncs: &Syncs) {
        if self.access.look(&self.source, now) {
            self.scans_mut().for_each(|scan| scan.try_again(|_| true));
        }
        if !self.is_open() {
            return;
        }
        self.plan_load(now, visible, store, syncs);
        // A file is read whole: its sweep is the refresh.
        let is_free = self.refresh.scan.is_none() && !self.phase.is_recent() && !self.source.is_whole();
        if is_free && self.is_refresh_due(now, visible) {
            self.plan_refresh(now);
        }
    }

    fn plan_load(&mut self, now: Now, visible: bool, store: &Store, syncs: &Syncs) {
        let is_whole = self.source.is_whole();
        let is_due = if is_whole { self.is_refresh_due(now, visible) } else { self.is_sweep_due(now, visible, store) };
        if let Phase::Complete(Complete { sweep: None, lacks_rows: true, began, .. }) = self.phase {
            self.phase = Phase::Rest(Rest { before: None, began, is_asked_by_clock: false, scan: None });
        }
        match &mut self.phase {
            Phase::Recent(scan @ None) => {
                let since = (!is_whole).then(|| now.wall - RECENT);
                *scan = Some(Scan::new(Span { since, ..Span::default() }, now));
            }
            Phase::Rest(Rest { scan: scan @ None, before, .. }) => {
                *scan = Some(Scan::new(Span { before: *before, ..Span::default() }, now));
            }
            Phase::Complete(Complete { sweep: sweep @ None, unconfirmed, .. }) => {
                let is_doubted = unconfirmed.as_ref().is_some_and(|u| visible && u.due_at <= now.steady);
                if is_due || is_doubted {
                    self.is_sweep_wanted = false;
                    self.refresh.is_wanted &= !is_whole;
                    let reports = syncs.reports().filter(|(project, _)| *project == self.index).count();
                    let span = Span { keys_only: !is_whole, ..Span::default() };
                    *sweep = Some((Sweep::new(self.index, store, reports), Scan::new(span, now)));
                }
            }
            _ => {}
        }
    }

    fn plan_refresh(&mut self, now: Now) {
        self.refresh.is_wanted = false;
        let mark = self.watermark.get();
        let (mut since, mut began) = (mark, now);
        // Until any row is known, what is new is what the rest leaves out, by this device's clock. Then nothing says
        // that it sees all that came between the first read's begin and its own.
        if let (Phase::Rest(rest), None) = (&mut self.phase, mark)
            && rest.before.is_some()
        {
            (since, began) = (rest.before, rest.began);
            rest.is_asked_by_clock = true;
        }
        self.refresh.scan = Some(Scan::new(Span { since, ..Span::default() }, began));
        self.refresh.to_bring = std::mem::take(&mut self.refresh.suspects);
    }

    fn is_refresh_due(&self, now: Now, visible: bool) -> bool {
        visible && (self.refresh.is_wanted || self.refresh_at().is_some_and(|at| at <= now.steady))
    }

    fn refresh_at(&self) -> Option<Timestamp> {
        let every = self.every?;
        Some(self.fresh_at.map_or(Timestamp::from_millis(i64::MIN), |last| last + every))
    }

    fn is_sweep_due(&self, now: Now, visible: bool, store: &Store) -> bool {
        let Phase::Complete(Complete { swept_at, unconfirmed: None, .. }) = &self.phase else {
            return visible && self.is_sweep_wanted;
        };
        let pages = u32::try_from(store.len() / azure_table::PAGE).unwrap_or(u32::MAX);
        let every = SWEEP_EVERY + SWEEP_PER_PAGE.saturating_mul(pages);
        visible && (self.is_sweep_wanted || self.every.is_some() && *swept_at + every <= now.steady)
    }

    /// The next request of either lane, which counts as asked from now on.
    pub(super) fn next_request(&mut self, now: Now, visible: bool, haste: Haste) -> Option<(Lane, usize, Request)> {
        let later = self.access.quiet_until().max(self.rate.free_at());
        if !self.is_open() || later.is_some_and(|until| until > now.steady) {
            return None;
        }
        for lane in [Lane::Refresh, Lane::Load] {
            if self.haste(lane) != haste || !self.goes_on(lane, visible) {
                continue;
            }
            let is_due = |state| matches!(state, JobState::Due(at) if at <= now.steady);
            let Some(scan) = self.scan_mut(lane) else { continue };
            let due = scan.jobs.iter_mut().enumerate().find(|(_, job)| is_due(job.state));
            if let Some((index, job)) = due {
                job.state = JobState::Asked;
                let (span, step) = (job.span.clone(), job.step.clone());
                self.rate.spend(now.steady);
                let request = match step {
                    Step::Page(cursor) => self.source.request(&span, &cursor),
                    Step::Proof(_) => self.source.request_proof(),
                };
                return Some((lane, index, request));
            }
        }
        None
    }

    const fn haste(&self, lane: Lane) -> Haste {
        match (lane, &self.phase) {
            (Lane::Refresh, _) | (Lane::Load, Phase::Recent(_)) => Haste::Now,
            (Lane::Load, _) => Haste::Later,
        }
    }

    /// Whether a lane goes on: while nobody looks, only the first read does.
    fn goes_on(&self, lane: Lane, visible: bool) -> bool {
        visible || (lane == Lane::Load && self.is_first_read())
    }

    /// When there is something to do if no answer comes before.
    pub(super) fn wake_at(&self, visible: bool, online: bool) -> Option<Timestamp> {
        if !self.is_active || !online {
            return None;
        }
        if self.access.is_barred() {
            return self.access.barred_until();
        }
        let later = self.access.quiet_until().max(self.rate.free_at());
        let lanes = [Lane::Refresh, Lane::Load].into_iter().filter(|&lane| self.goes_on(lane, visible));
        let due = lanes.filter_map(|lane| self.scan(lane)?.due_at()).map(|at| later.map_or(at, |until| at.max(until)));
        let is_whole = self.source.is_whole();
        let is_reading = if is_whole { self.phase.scan().is_some() } else { self.refresh.scan.is_some() };
        let is_idle = visible && !self.phase.is_recent() && !is_reading;
        let is_doubted = visible && self.phase.scan().is_none();
        due.chain(is_idle.then(|| self.refresh_at()).flatten())
            .chain(self.phase.unconfirmed().filter(|_| is_doubted).map(|u| u.due_at))
            .min()
    }

    /// Takes an answer in, which took so long while so many were under way. Returns whether the store changed.
    #[expect(clippy::too_many_arguments, reason = "what an answer may touch, and nothing else")]
    pub(super) fn take(
        &mut self,
        lane: Lane,
        job: usize,
        result: Result<Response, ApiError>,
        (took, among): (Duration, usize),
        now: Now,
        store: &mut Store,
        syncs: &mut Syncs,
        random: &mut Random,
    ) -> bool {
        let mut has_changed = false;
        match result.and_then(|response| self.source.open(response)) {
            Ok(page) => {
                let alone = took.as_millis() / among.max(1) as u128;
                let width = PAGE_EVERY.as_millis().checked_div(alone).unwrap_or(u128::MAX);
                self.width = usize::try_from(width).unwrap_or(usize::MAX).clamp(1, super::IN_FLIGHT);
                self.access.answered();
                self.arrived.push_back(Arrived { lane, job, page, at: now });
                has_changed |= self.read_some(now, store, syncs, random);
            }
            Err(error) => self.fail(lane, job, error, now, random),
        }
        has_changed | !std::mem::replace(&mut self.has_answered, true)
    }

    /// Whether an answer has arrived that has not been read to its end.
    pub(super) fn is_behind(&self) -> bool {
        !self.arrived.is_empty()
    }

    /// Reads the next rows of what has arrived. Returns whether the store changed.
    pub(super) fn read_some(&mut self, now: Now, store: &mut Store, syncs: &mut Syncs, random: &mut Random) -> bool {
        let Some(mut arrived) = self.arrived.pop_front() else { return false };
        let mut has_changed = false;
        match self.put_rows(&mut arrived, store, syncs, &mut has_changed) {
            Ok(false) => self.arrived.push_front(arrived),
            Ok(true) => has_changed |= self.advance(&arrived, now, store, syncs, random),
            Err(error) => self.fail(arrived.lane, arrived.job, error, now, random),
        }
        has_changed
    }

    fn put_rows(
        &mut self,
        arrived: &mut Arrived,
        store: &mut Store,
        syncs: &mut Syncs,
        has_changed: &mut bool,
    ) -> Result<bool, ApiError> {
        let (project, at, lane) = (self.index, arrived.at, arrived.lane);
        let job = self.scan(lane).and_then(|scan| scan.jobs.get(arrived.job));
        let is_proof = job.is_some_and(|job| matches!(job.step, Step::Proof(_)));
        let is_keys_only = is_proof || job.is_some_and(|job| job.span.keys_only);
        let (watermark, has_impossible) = (&mut self.watermark, &mut self.has_impossible);
        // Either lane tells what is there; a question about headers brings no news of rows.
        let mut sweep = if is_proof { None } else { self.phase.sweep_mut() };
        let mut each = |row: &Row<'_>| {
            let (partition, key) = (row.get(Field::PartitionKey), row.get(Field::RowKey));
            let written = Timestamp::parse(row.get(Field::Timestamp));
            let slot = if is_keys_only {
                store.slot_of(project, partition, key)
            } else if row.is_sync() {
                *has_changed |= syncs.put(project, row) != Change::Same;
                None
            } else {
                if *has_impossible {
                    forget_impossible(store, project, row, written, at);
                }
                let (slot, change) = store.put(project, row);
                *has_changed |= change != Change::Same;
                Some(slot)
            };
            if let Some(written) = written {
                watermark.see(written, at);
                *has_impossible |= written > at.steady + IMPOSSIBLE;
            }
            if let Some(sweep) = &mut sweep {
                let is_report = slot.is_none() && syncs.has(project, partition, key);
                sweep.vouch(slot, is_report, || (partition.to_owned(), key.to_owned()));
            }
        };
        arrived.page.read(STEP_ROWS, &mut each)
    }

    /// Goes on behind a page that has been read. Returns whether that changed the store.
    fn advance(
        &mut self,
        arrived: &Arrived,
        now: Now,
        store: &mut Store,
        syncs: &mut Syncs,
        random: &mut Random,
    ) -> bool {
        let (read, lane, job) = (arrived.page.counted(), arrived.lane, arrived.job);
        let (project, has_partitions) = (self.index, self.source.has_partitions());
        if self.source.is_whole() {
            // What could not be read before may have been mended.
            self.notices = RowNotices::default();
        }
        self.notices.add(read);
        let mut continuation = self.continuation;
        let Some(scan) = self.scan_mut(lane) else { return false };
        let next = arrived.page.next();
        let result = scan.advance(job, read, next, &mut continuation, now, has_partitions, || keys(store, project));
        let is_done = scan.is_done();
        self.continuation = continuation;
        match result {
            Err(error) => self.fail(lane, job, error, now, random),
            Ok(()) if is_done => return self.finish(lane, now, store, syncs),
            Ok(()) => {}
        }
        false
    }

    fn fail(&mut self, lane: Lane, job: usize, error: ApiError, now: Now, random: &mut Random) {
        let every = self.every;
        let Some(job) = self.scan_mut(lane).and_then(|scan| scan.jobs.get_mut(job)) else { return };
        job.failures += 1;
        if error.status == 400 && job.step != Step::Page(Cursor::Start) {
            job.restart();
        }
        let again = now.steady + wait(job.failures, error.retry_after, random);
        let is_passing = error.is_passing();
        job.state = if is_passing {
            JobState::Due(again)
        } else {
            let pause = REFUSED.max(error.retry_after.unwrap_or_default());
            every.map_or(JobState::Stuck, |every| JobState::Due(now.steady + pause.max(every)))
        };
        job.error = Some(error.clone());
        if error.kind == ProblemKind::RateLimited {
            self.access.throttled(again);
        } else if !is_passing && error.code != ENDLESS {
            // What one question is refused for, others would be too.
            self.access.refused(&error, now.steady);
        }
    }

    /// A read came to its end. Returns whether that changed the store.
    fn finish(&mut self, lane: Lane, now: Now, store: &mut Store, syncs: &mut Syncs) -> bool {
        match lane {
            Lane::Refresh => self.finish_refresh(now, store, syncs),
            Lane::Load => return self.finish_load(now, store, syncs),
        }
        false
    }

    fn finish_refresh(&mut self, now: Now, store: &Store, syncs: &Syncs) {
        let Some(scan) = self.refresh.scan.take() else { return };
        self.watermark.pass(scan.started);
        self.fresh_at = Some(now.steady);
        let project = self.index;
        let missing = |(p, k): &Key| store.slot_of(project, p, k).is_none() && !syncs.has(project, p, k);
        if std::mem::take(&mut self.refresh.to_bring).iter().any(missing)
            && let Phase::Complete(complete) = &mut self.phase
        {
            // Rows are there that neither their time nor a refresh brought, however that came.
            complete.lacks_rows = true;
        }
    }

    fn finish_load(&mut self, now: Now, store: &mut Store, syncs: &mut Syncs) -> bool {
        let complete = |began| Complete::new(began, now.steady);
        match &mut self.phase {
            Phase::Recent(scan) => {
                let Some(scan) = scan.take() else { return false };
                let (began, before) = (scan.started, scan.jobs.first().and_then(|job| job.span.since));
                self.watermark.pass(began);
                self.fresh_at = Some(now.steady);
                self.phase = if self.source.is_whole() {
                    Phase::Complete(complete(began))
                } else {
                    Phase::Rest(Rest { before, began, is_asked_by_clock: false, scan: None })
                };
                // The views waited for this moment.
                true
            }
            Phase::Rest(rest) => {
                // When no row was recent, these are the first to say what time it is there.
                self.watermark.pass(rest.began);
                self.refresh.is_wanted |= rest.is_asked_by_clock;
                self.phase = Phase::Complete(complete(rest.began));
                true
            }
            Phase::Complete(complete) => {
                let Some((sweep, _)) = complete.sweep.take() else { return false };
                complete.swept_at = now.steady;
                if self.source.is_whole() {
                    self.fresh_at = Some(now.steady);
                }
                let before = complete.unconfirmed.take();
                let (has_changed, unconfirmed) = sweep.finish(self.index, before.as_ref(), now.steady, store, syncs);
                complete.unconfirmed = unconfirmed;
                self.refresh.is_wanted |= !sweep.unknown.is_empty();
                self.refresh.suspects = sweep.unknown;
                has_changed
            }
        }
    }
}

/// A row that is dated far in the future cannot be overtaken by its own later versions: it makes way for them.
fn forget_impossible(store: &mut Store, project: usize, row: &Row<'_>, written: Option<Timestamp>, at: Now) {
    let known = store.slot_of(project, row.get(Field::PartitionKey), row.get(Field::RowKey));
    let dated = known.and_then(|slot| Timestamp::parse(store.at(slot).text(Field::Timestamp)));
    if let (Some(slot), Some(dated)) = (known, dated)
        && dated > at.steady + IMPOSSIBLE
        && written.is_some_and(|written| written < dated)
    {
        store.remove(slot);
    }
}

/// The row keys known of a project, to split a range by.
fn keys(store: &Store, project: usize) -> Vec<String> {
    // A sample is as good, and a hundred thousand texts would be a noticeable pause.
    let step = store.len() / SAMPLE + 1;
    let ours = (0..store.slots() as Slot).filter(|&s| store.is_live(s) && store.at(s).project() == project);
    ours.step_by(step).map(|s| store.at(s).text(Field::RowKey).to_owned()).collect()
}
