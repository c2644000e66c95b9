//! Reads one project's rows and keeps them up to date.
//!
//! First the recent rows, by `Timestamp`, because those are what people look for; then the rest behind them; then,
//! every so often, what has been written since, and more rarely a sweep over all keys for what has been deleted.
//! Two lanes: refreshing the newest goes on while the rest, or a sweep, takes its time. No lane overlaps itself.
//!
//! **Nothing is missed:** a refresh asks from [`Reader::watermark`] on. Whatever a read could not see was written
//! after the read began; the newest row it saw was written before it ended; so going back from that row by the
//! read's duration, and a margin for servers whose clocks differ, covers every gap, whatever this device's clock says.

use std::{hash::BuildHasher, time::Duration};

use rustc_hash::{FxBuildHasher, FxHashSet};

use super::{
    backoff::{Random, wait},
    read::{JobState, Read},
};
use crate::{
    config::{AzureTable, secret::Secret},
    domain::{
        id::ProjectName,
        problem::{Area, Problem, ProblemKind, Severity},
        time::{Timestamp, days, minutes},
    },
    http::{ApiError, NetError, Origin, Request, Response},
    model::{
        store::{Change, Slot, Store},
        sync::Syncs,
    },
    storage::{
        azure_table::{self, Next, RowsPage, Span},
        row::{Field, Row},
        sas::Sas,
        snapshot,
    },
};

/// How many known keys say where to split a range.
const SAMPLE: usize = 1000;
/// What counts as recent.
const RECENT: Duration = days(30);
/// How far the clocks of a table's servers may differ.
const MARGIN: Duration = minutes(1);
/// Between two sweeps at the least; long tables are swept less often.
const SWEEP_EVERY: Duration = minutes(10);
/// Added to that for every thousand rows, so that sweeps stay a small part of the traffic.
const SWEEP_PER_PAGE: Duration = Duration::from_secs(30);
/// After a failure that asking again does not mend by itself: somebody may mend it meanwhile.
const REFUSED: Duration = minutes(1);
/// How many unreadable rows are kept to look at.
const BAD_KEPT: usize = 50;

/// Where the rows are.
#[derive(Clone, Debug)]
pub enum Source {
    /// An Azure table, and what opens it.
    Table {
        /// The table.
        table: AzureTable,
        /// The credential.
        sas: Option<Secret>,
    },
    /// A file beside the page.
    Snapshot {
        /// Where.
        url: Box<str>,
    },
}

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

/// What the load lane is doing.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Load {
    Recent,
    Rest,
    Sweep(Sweep),
}

/// What a sweep has found so far.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Sweep {
    /// By slot: rows of ours that nothing has vouched for since the sweep began.
    doubtful: Vec<bool>,
    /// Keys of reports that are there.
    reports: Vec<Key>,
    /// Keys of rows that we do not have.
    unknown: Vec<Key>,
}

/// Partition and row key.
type Key = (String, String);

/// Reads one project's rows.
#[derive(Debug)]
pub struct Reader {
    index: usize,
    name: ProjectName,
    source: Source,
    sas: Option<Sas>,
    active: bool,
    every: Option<Duration>,
    load: Option<(Load, Read)>,
    refresh: Option<Read>,
    loaded_recent: bool,
    loaded_rest: bool,
    answered: bool,
    newest: Option<Timestamp>,
    watermark: Option<Timestamp>,
    fresh_at: Option<Timestamp>,
    /// When the first read began.
    began: Option<Timestamp>,
    /// A refresh had nothing better to go by than this device's clock.
    asked_by_clock: bool,
    /// The rest is what was last written before; all of the table when rows turn out to be missing.
    rest_before: Option<Timestamp>,
    swept_at: Option<Timestamp>,
    /// Rows that a sweep saw and we did not have. The next refresh should bring them, ...
    suspects: Vec<Key>,
    /// ... and the one under way these: one that began before the sweep's end cannot say.
    to_bring: Vec<Key>,
    wants_refresh: bool,
    wants_sweep: bool,
    /// The credential, as it was when last planned with, is not to be used, ...
    barred: bool,
    /// ... and will be then, if that is all that is wrong with it.
    barred_until: Option<Timestamp>,
    /// Nothing is asked before: the service is busy.
    throttled_until: Option<Timestamp>,
    /// Nothing is asked before unless by hand: the service has refused.
    refused_until: Option<Timestamp>,
    hidden_headers: bool,
    bad: Vec<String>,
    /// Fingerprints of all that could not be read, to count each once.
    bad_seen: FxHashSet<u64>,
}

impl Reader {
    pub(super) fn new(index: usize, name: ProjectName, source: Source, every: Option<Duration>) -> Self {
        let mut reader = Self {
            index,
            name,
            source,
            sas: None,
            active: true,
            every,
            load: None,
            refresh: None,
            loaded_recent: false,
            loaded_rest: false,
            answered: false,
            newest: None,
            watermark: None,
            fresh_at: None,
            began: None,
            asked_by_clock: false,
            rest_before: None,
            swept_at: None,
            suspects: Vec::new(),
            to_bring: Vec::new(),
            wants_refresh: false,
            wants_sweep: false,
            barred: false,
            barred_until: None,
            throttled_until: None,
            refused_until: None,
            hidden_headers: false,
            bad: Vec::new(),
            bad_seen: FxHashSet::default(),
        };
        reader.read_sas();
        reader
    }

    fn read_sas(&mut self) {
        self.sas = match &self.source {
            Source::Table { sas, .. } => sas.as_ref().map(Sas::read),
            Source::Snapshot { .. } => None,
        };
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
        self.sas.as_ref()
    }

    /// Whether its rows are wanted now.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        self.active
    }

    /// Whether the service hides the headers that say where the next page starts.
    #[must_use]
    pub const fn has_hidden_headers(&self) -> bool {
        self.hidden_headers
    }

    /// When it was last known to be up to date.
    #[must_use]
    pub const fn fresh_at(&self) -> Option<Timestamp> {
        self.fresh_at
    }

    /// From where on the next refresh asks.
    #[must_use]
    pub const fn watermark(&self) -> Option<Timestamp> {
        self.watermark
    }

    pub(super) fn origin(&self) -> Option<Origin> {
        match &self.source {
            Source::Table { table, .. } => Some(table.origin.clone()),
            Source::Snapshot { .. } => None,
        }
    }

    /// Whether an answer of any kind has come, or none is to be expected.
    pub(super) fn has_answered(&self, now: Timestamp) -> bool {
        self.answered || !self.active || self.refusal(now).is_some()
    }

    /// Whether the recent rows are still coming.
    pub(super) fn is_reading_recent(&self) -> bool {
        // A read that waits for better times holds back nothing.
        let stands = |read: &Read| read.error().is_some();
        matches!(&self.load, Some((Load::Recent, read)) if self.active && !self.barred && !stands(read))
    }

    /// Whether rows are still coming that have never been read.
    pub(super) fn is_loading(&self) -> bool {
        self.active
            && !self.barred
            && self.is_first_read()
            && self.load.as_ref().is_some_and(|(_, r)| r.error().is_none())
    }

    /// Whether the load lane reads what has never been read.
    pub(super) const fn is_first_read(&self) -> bool {
        matches!(self.load, Some((Load::Recent | Load::Rest, _)))
    }

    pub(super) fn part(&self) -> f32 {
        match &self.load {
            Some((Load::Recent, read)) => read.part() * 0.2,
            Some((Load::Rest, read)) => read.part().mul_add(0.8, 0.2),
            _ => 1.0,
        }
    }

    pub(super) fn set_active(&mut self, active: bool) -> bool {
        std::mem::replace(&mut self.active, active) != active
    }

    pub(super) fn set_refresh(&mut self, every: Option<Duration>) {
        self.every = every;
        if every.is_some() {
            // What waited for a hand need not any longer.
            self.reads_mut().for_each(|read| read.try_again(|error| !error.is_passing()));
        }
    }

    pub(super) fn set_sas(&mut self, credential: Option<Secret>) {
        if let Source::Table { sas, .. } = &mut self.source {
            *sas = credential;
        }
        self.read_sas();
        self.answered = false;
        self.refused_until = None;
        self.reads_mut().for_each(Read::forgive);
        // The first read goes on where it stood; what is known already may be old, or less than the new one opens.
        self.wants_refresh |= self.loaded_recent;
        self.wants_sweep |= self.loaded_rest;
    }

    fn reads_mut(&mut self) -> impl Iterator<Item = &mut Read> {
        self.refresh.iter_mut().chain(self.load.as_mut().map(|(_, read)| read))
    }

    pub(super) fn forget_asked(&mut self) {
        self.reads_mut().for_each(Read::forget_asked);
    }

    /// What failed for want of a network need wait no longer.
    pub(super) fn network_is_back(&mut self) {
        let network = [ProblemKind::Offline, ProblemKind::Timeout, ProblemKind::Unreachable];
        self.reads_mut().for_each(|read| read.try_again(|error| network.contains(&error.kind)));
    }

    /// The page is seen again: what it shows may be old.
    pub(super) fn seen_again(&mut self) {
        self.wants_refresh |= self.every.is_some();
        self.network_is_back();
    }

    pub(super) fn refresh_now(&mut self) {
        self.wants_refresh = true;
        self.wants_sweep = true;
        self.refused_until = None;
        // Who is busy gets no quieter by being asked.
        self.reads_mut().for_each(|read| read.try_again(|error| error.kind != ProblemKind::RateLimited));
    }

    /// Decides what to read next in each lane that is free.
    pub(super) fn plan(&mut self, now: Timestamp, visible: bool, store: &Store) {
        self.barred = self.refusal(now).is_some();
        self.barred_until = self.sas.as_ref().and_then(|sas| sas.starts).filter(|&start| start > now);
        if !self.active || self.barred {
            return;
        }
        if self.load.is_none() {
            self.load = self.next_load(now, visible, store);
        }
        if self.refresh.is_none() && self.loaded_recent && self.is_refresh_due(now, visible) {
            self.wants_refresh = false;
            // A file is read whole: its sweep is the refresh.
            if matches!(self.source, Source::Table { .. }) {
                // Until any row is known, what is new is what the rest leaves out, by this device's clock.
                let by_clock = self.rest_before.filter(|_| !self.loaded_rest && self.watermark.is_none());
                self.asked_by_clock |= by_clock.is_some();
                let since = self.watermark.or(by_clock);
                // Then nothing says that it sees all that came between the first read's begin and its own.
                let started = self.began.filter(|_| by_clock.is_some()).unwrap_or(now);
                self.refresh = Some(Read::new(Span { since, ..Span::default() }, started));
                self.to_bring = std::mem::take(&mut self.suspects);
            }
        }
    }

    fn next_load(&mut self, now: Timestamp, visible: bool, store: &Store) -> Option<(Load, Read)> {
        let is_file = matches!(self.source, Source::Snapshot { .. });
        if !self.loaded_recent {
            let since = (!is_file).then(|| now - RECENT);
            return Some((Load::Recent, Read::new(Span { since, ..Span::default() }, now)));
        }
        if !self.loaded_rest {
            return Some((Load::Rest, Read::new(Span { before: self.rest_before, ..Span::default() }, now)));
        }
        let due = if is_file { self.is_refresh_due(now, visible) } else { self.is_sweep_due(now, visible, store) };
        due.then(|| {
            self.wants_sweep = false;
            if is_file {
                self.wants_refresh = false;
            }
            let project = self.index;
            let doubtful = (0..store.slots() as Slot).map(|s| store.is_live(s) && store.at(s).project() == project);
            let sweep = Sweep { doubtful: doubtful.collect(), ..Sweep::default() };
            (Load::Sweep(sweep), Read::new(Span { keys_only: !is_file, ..Span::default() }, now))
        })
    }

    fn is_refresh_due(&self, now: Timestamp, visible: bool) -> bool {
        // A clock that was set back must not make it wait until it is that late again.
        let is_set_back = self.fresh_at.is_some_and(|last| last > now);
        visible && (self.wants_refresh || self.refresh_at().is_some_and(|at| at <= now || is_set_back))
    }

    fn refresh_at(&self) -> Option<Timestamp> {
        let every = self.every?;
        Some(self.fresh_at.map_or(Timestamp::from_millis(i64::MIN), |last| last + every))
    }

    fn is_sweep_due(&self, now: Timestamp, visible: bool, store: &Store) -> bool {
        let pages = u32::try_from(store.len() / azure_table::PAGE).unwrap_or(u32::MAX);
        let every = SWEEP_EVERY + SWEEP_PER_PAGE.saturating_mul(pages);
        let due = self.every.is_some() && self.swept_at.is_none_or(|last| last + every <= now);
        visible && (self.wants_sweep || due)
    }

    /// What is wrong with the credential, without asking anybody.
    fn refusal(&self, now: Timestamp) -> Option<Problem> {
        let Source::Table { table, .. } = &self.source else { return None };
        let Some(sas) = &self.sas else {
            let what = format!("Reading {} needs a SAS of the table {}.", table.endpoint, table.table);
            let hint = "Enter one in the connections view. It stays in this browser.";
            return Some(Problem::error(Area::Storage, ProblemKind::Unauthorized, what, hint));
        };
        let findings = sas.check(&table.table, table.origin.is_https(), now);
        let fatal = findings.into_iter().find(|f| f.severity == Severity::Error)?;
        Some(Problem::error(Area::Storage, fatal.kind, fatal.what, fatal.hint))
    }

    /// The next request of either lane, which counts as asked from now on.
    pub(super) fn next_request(
        &mut self,
        now: Timestamp,
        visible: bool,
        haste: Haste,
    ) -> Option<(Lane, usize, Request)> {
        if !self.active || self.barred || self.quiet_until().is_some_and(|until| until > now) {
            return None;
        }
        for lane in [Lane::Refresh, Lane::Load] {
            if self.haste(lane) != haste || !self.goes_on(lane, visible) {
                continue;
            }
            let read = match lane {
                Lane::Refresh => self.refresh.as_mut(),
                Lane::Load => self.load.as_mut().map(|(_, read)| read),
            };
            let Some(read) = read else { continue };
            let due = read.jobs.iter_mut().enumerate().find(|(_, j)| matches!(j.state, JobState::Due(at) if at <= now));
            if let Some((index, job)) = due {
                job.state = JobState::Asked;
                let request = match &self.source {
                    Source::Table { table, sas } => {
                        azure_table::request_rows(table, sas.as_ref(), &job.span, &job.cursor)
                    }
                    Source::Snapshot { url } => snapshot::request_rows(url),
                };
                return Some((lane, index, request));
            }
        }
        None
    }

    fn haste(&self, lane: Lane) -> Haste {
        let is_new = lane == Lane::Refresh || matches!(self.load, Some((Load::Recent, _)));
        if is_new { Haste::Now } else { Haste::Later }
    }

    /// Whether a lane goes on: while nobody looks, only the first read does.
    fn goes_on(&self, lane: Lane, visible: bool) -> bool {
        visible || (lane == Lane::Load && self.is_first_read())
    }

    fn quiet_until(&self) -> Option<Timestamp> {
        self.throttled_until.max(self.refused_until)
    }

    /// When there is something to do if no answer comes before.
    pub(super) fn wake_at(&self, visible: bool, online: bool) -> Option<Timestamp> {
        if !self.active || !online {
            return None;
        }
        if self.barred {
            return self.barred_until;
        }
        let lanes = [(Lane::Refresh, self.refresh.as_ref()), (Lane::Load, self.load.as_ref().map(|(_, read)| read))];
        let going = lanes.into_iter().filter(|&(lane, _)| self.goes_on(lane, visible)).filter_map(|(_, read)| read);
        let due = going.filter_map(Read::due_at).map(|at| self.quiet_until().map_or(at, |until| at.max(until)));
        let refreshes = match &self.source {
            Source::Table { .. } => self.refresh.is_some(),
            Source::Snapshot { .. } => self.load.is_some(),
        };
        let idle = self.loaded_recent && visible && !refreshes;
        due.chain(idle.then(|| self.refresh_at()).flatten()).min()
    }

    /// Takes an answer in. Returns whether the store changed.
    #[expect(clippy::too_many_arguments, reason = "what an answer may touch, and nothing else")]
    pub(super) fn take(
        &mut self,
        lane: Lane,
        job: usize,
        result: Result<Response, ApiError>,
        now: Timestamp,
        store: &mut Store,
        syncs: &mut Syncs,
        random: &mut Random,
    ) -> bool {
        let mut changed = false;
        let page = result.and_then(|response| self.put_rows(lane, &response, store, syncs, &mut changed));
        let first_answer = !std::mem::replace(&mut self.answered, true);
        let whole_table = matches!(&self.source, Source::Table { table, .. } if table.partition.is_none());
        let every = self.every;
        let read = match lane {
            Lane::Refresh => self.refresh.as_mut(),
            Lane::Load => self.load.as_mut().map(|(_, read)| read),
        };
        let Some(read) = read else { return changed };
        match page {
            Ok(page) => {
                // Either they are not there, or rows are where no header said that there are more.
                let behind = read.jobs.get(job).is_some_and(|j| j.span.behind.is_some());
                self.hidden_headers |= page.next == Next::Hidden || behind && page.read.rows > 0;
                let project = self.index;
                read.advance(job, &page, whole_table, || keys(store, project));
                if read.is_done() {
                    changed |= self.finish(lane, now, store, syncs);
                }
            }
            Err(error) => {
                if let Some(job) = read.jobs.get_mut(job) {
                    job.failures += 1;
                    // What one question is refused for, others would be too.
                    job.state = if error.is_passing() {
                        let again = now + wait(job.failures, error.retry_after, random);
                        if error.kind == ProblemKind::RateLimited {
                            self.throttled_until = self.throttled_until.max(Some(again));
                        }
                        JobState::Due(again)
                    } else {
                        self.refused_until = Some(now + REFUSED);
                        every.map_or(JobState::Stuck, |every| JobState::Due(now + REFUSED.max(every)))
                    };
                    job.error = Some(error);
                }
            }
        }
        changed || first_answer
    }

    fn put_rows(
        &mut self,
        lane: Lane,
        response: &Response,
        store: &mut Store,
        syncs: &mut Syncs,
        changed: &mut bool,
    ) -> Result<RowsPage, ApiError> {
        let project = self.index;
        let newest = &mut self.newest;
        let keys_only =
            lane == Lane::Load && matches!(&self.load, Some((_, r)) if r.jobs.iter().any(|j| j.span.keys_only));
        let mut sweep = match &mut self.load {
            Some((Load::Sweep(sweep), _)) => Some(sweep),
            _ => None,
        };
        let mut each = |row: &Row<'_>| {
            let (partition, key) = (row.get(Field::PartitionKey), row.get(Field::RowKey));
            let whole = || (partition.to_owned(), key.to_owned());
            let slot = if keys_only {
                store.slot_of(project, partition, key)
            } else if row.is_sync() {
                *changed |= syncs.put(project, row) != Change::Same;
                None
            } else {
                let (slot, change) = store.put(project, row);
                *changed |= change != Change::Same;
                Some(slot)
            };
            *newest = (*newest).max(Timestamp::parse(row.get(Field::Timestamp)));
            let Some(sweep) = &mut sweep else { return };
            match slot.map(|slot| sweep.doubtful.get_mut(slot as usize)) {
                Some(Some(doubt)) => *doubt = false,
                Some(None) => {}
                None if syncs.has(project, partition, key) => sweep.reports.push(whole()),
                None => sweep.unknown.push(whole()),
            }
        };
        let page = match &self.source {
            Source::Table { .. } => azure_table::parse_rows(response, &mut each)?,
            Source::Snapshot { .. } => RowsPage { read: snapshot::parse_rows(response, &mut each)?, next: Next::Done },
        };
        if matches!(self.source, Source::Snapshot { .. }) {
            // Read whole: what could not be read before may have been mended.
            self.bad.clear();
            self.bad_seen.clear();
        }
        for bad in &page.read.bad {
            if self.bad_seen.insert(FxBuildHasher.hash_one(bad)) && self.bad.len() < BAD_KEPT {
                self.bad.push(bad.clone());
            }
        }
        Ok(page)
    }

    /// A read came to its end. Returns whether that changed the store.
    fn finish(&mut self, lane: Lane, now: Timestamp, store: &mut Store, syncs: &mut Syncs) -> bool {
        if lane == Lane::Refresh {
            if let Some(read) = self.refresh.take() {
                self.remember(read.started, now);
                self.fresh_at = Some(now);
                let project = self.index;
                let missing = |(p, k): &Key| store.slot_of(project, p, k).is_none() && !syncs.has(project, p, k);
                if std::mem::take(&mut self.to_bring).iter().any(missing) {
                    // Rows are there that neither their time nor a refresh brought, however that came: read all.
                    self.loaded_rest = false;
                    self.rest_before = None;
                }
            }
            return false;
        }
        let Some((load, read)) = self.load.take() else { return false };
        let is_file = matches!(self.source, Source::Snapshot { .. });
        match load {
            Load::Recent => {
                self.loaded_recent = true;
                self.loaded_rest = is_file;
                self.rest_before = read.jobs.first().and_then(|j| j.span.since);
                self.began = Some(read.started);
                self.remember(read.started, now);
                self.fresh_at = Some(now);
                // The views waited for this moment.
                true
            }
            Load::Rest => {
                self.loaded_rest = true;
                self.swept_at = Some(now);
                // When no row was recent, these are the first to say what time it is there.
                if let Some(began) = self.began {
                    self.remember(began, now);
                }
                self.wants_refresh |= std::mem::take(&mut self.asked_by_clock);
                true
            }
            Load::Sweep(sweep) => {
                self.swept_at = Some(now);
                if is_file {
                    self.fresh_at = Some(now);
                }
                let doubtful = sweep.doubtful.iter().enumerate().filter(|(_, doubt)| **doubt);
                let gone: Vec<Slot> = doubtful.map(|(slot, _)| slot as Slot).collect();
                gone.iter().for_each(|&slot| store.remove(slot));
                let project = self.index;
                let forgot = syncs.retain(|p, partition, key| {
                    p != project || sweep.reports.iter().any(|(rp, rk)| rp == partition && rk == key)
                });
                self.wants_refresh |= !sweep.unknown.is_empty();
                self.suspects = sweep.unknown;
                forgot || !gone.is_empty()
            }
        }
    }

    /// Moves the watermark: see the module's proof.
    fn remember(&mut self, began: Timestamp, now: Timestamp) {
        if let Some(newest) = self.newest {
            self.watermark = self.watermark.max(Some(newest - now.since(began) - MARGIN));
        }
    }

    /// What is wrong, for people.
    pub(super) fn problems(&self, page: &str, online: bool, now: Timestamp) -> Vec<Problem> {
        let mut problems = Vec::new();
        let failed = [self.refresh.as_ref(), self.load.as_ref().map(|(_, read)| read)].into_iter().flatten();
        let failed = failed.filter_map(Read::error).next();
        if !online {
            problems.push(self.explain(&NetError::Offline.into(), page));
        } else if let Some(refusal) = self.refusal(now) {
            problems.push(refusal);
        } else if let Some((job, error)) = failed.and_then(|job| Some((job, job.error.as_ref()?))) {
            let mut problem = self.explain(error, page);
            problem.retry_at = if let JobState::Due(at) = job.state { Some(at).max(self.quiet_until()) } else { None };
            problems.push(problem);
        }
        if let (Some(sas), Source::Table { table, .. }) = (&self.sas, &self.source) {
            let findings = sas.check(&table.table, table.origin.is_https(), now).into_iter();
            problems.extend(
                findings
                    .filter(|f| f.severity == Severity::Warning)
                    .map(|f| Problem::error(Area::Storage, f.kind, f.what, f.hint).severity(Severity::Warning)),
            );
        }
        if !self.bad.is_empty() {
            let what = format!("{} cannot be read.", crate::text::plural(self.bad_seen.len(), "row"));
            let hint = "All others are shown. These are what the table holds in their place:";
            let problem = Problem::error(Area::Storage, ProblemKind::Unreadable, what, hint);
            problems.push(problem.severity(Severity::Warning).details(self.bad.clone()));
        }
        if self.hidden_headers
            && let Source::Table { table, .. } = &self.source
        {
            let what = format!("{} does not show this page where the next thousand rows begin.", table.origin);
            let hint = "All rows are read nevertheless, with one more question at each end. To spare it, add x-ms-continuation-* \
                        (or x-ms-*) to the exposed headers of the table service's CORS rule.";
            let problem = Problem::error(Area::Storage, ProblemKind::Truncated, what, hint);
            problems.push(problem.severity(Severity::Note));
        }
        for problem in &mut problems {
            problem.project = Some(self.name.clone());
        }
        problems
    }

    fn explain(&self, error: &ApiError, page: &str) -> Problem {
        match &self.source {
            Source::Table { table, .. } => azure_table::explain(error, table, page),
            Source::Snapshot { url } => snapshot::explain(error, url),
        }
    }
}

/// The row keys known of a project, to split a range by.
fn keys(store: &Store, project: usize) -> Vec<String> {
    // A sample is as good, and a hundred thousand texts would be a noticeable pause.
    let step = store.len() / SAMPLE + 1;
    let ours = (0..store.slots() as Slot).filter(|&s| store.is_live(s) && store.at(s).project() == project);
    ours.step_by(step).map(|s| store.at(s).text(Field::RowKey).to_owned()).collect()
}
