//! What an answer brings, in steps of at most [`STEP_ROWS`], so that no step holds up the page.

use std::time::Duration;

use super::{
    access::REFUSED,
    lane::{IN_FLIGHT, Lane},
    notices::RowNotices,
    phase::{Complete, Phase, Rest},
    reader::{Arrived, Reader},
    scan::{JobState, Key, Step},
};
use crate::{
    domain::{
        problem::ProblemKind,
        project::ProjectId,
        time::{Timestamp, days},
    },
    engine::{
        backoff::{Random, wait},
        clock::Now,
    },
    http::{ApiError, Response},
    model::{
        store::{Change, Store},
        sync::Syncs,
    },
    storage::{azure_table::ENDLESS, row::Row, span::Cursor},
};

/// How many known keys decide where to split a range.
const SAMPLE: usize = 1000;
/// How many rows are read in one step.
const STEP_ROWS: usize = 250;
/// A row dated so far in the future is replaced by one that is dated earlier.
const IMPOSSIBLE: Duration = days(3_650);
/// Among so many requests at once the line is shared so that a page arrives at least this often.
const PAGE_EVERY: Duration = Duration::from_secs(8);

impl Reader {
    /// Takes an answer in, which took so long while so many were under way. Returns whether the store changed.
    #[must_use]
    #[expect(clippy::too_many_arguments, reason = "what an answer may touch, and nothing else")]
    pub(in crate::engine) fn take(
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
        let bytes = result.as_ref().map_or(0, |response| response.body.len());
        match result.and_then(|response| self.source.open(response)) {
            Ok(page) => {
                self.page_bytes = self.page_bytes.max(bytes);
                // What is small shows how far away the service is, and nothing of the connection.
                if bytes >= self.page_bytes / 2 {
                    let share = self.page_bytes as f64 / (bytes.max(1) * among.max(1)) as f64;
                    let width = PAGE_EVERY.as_secs_f64() / (took.as_secs_f64() * share);
                    self.width = (width as usize).clamp(1, IN_FLIGHT);
                }
                self.access.answered();
                self.arrived.push_back(Arrived { lane, job, page, at: now });
                has_changed |= self.read_some(now, store, syncs, random);
            }
            Err(error) => self.fail(lane, job, error, now, random),
        }
        has_changed | !std::mem::replace(&mut self.has_answered, true)
    }

    /// Whether an answer has arrived that has not been read to its end.
    pub(in crate::engine) fn is_behind(&self) -> bool {
        !self.arrived.is_empty()
    }

    /// Reads the next rows of what has arrived. Returns whether the store changed.
    #[must_use]
    pub(in crate::engine) fn read_some(
        &mut self,
        now: Now,
        store: &mut Store,
        syncs: &mut Syncs,
        random: &mut Random,
    ) -> bool {
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
        let (project, at, lane) = (self.project, arrived.at, arrived.lane);
        let job = self.scan(lane).and_then(|scan| scan.jobs.get(arrived.job));
        let is_proof = job.is_some_and(|job| matches!(job.step, Step::Proof(_)));
        let is_keys_only = is_proof || job.is_some_and(|job| job.span.keys_only);
        let (watermark, has_impossible) = (&mut self.watermark, &mut self.has_impossible);
        // Either lane shows what is there; a question about headers brings no news of rows.
        let mut sweep = if is_proof { None } else { self.phase.sweep_mut() };
        let mut each = |row: &Row<'_>| {
            let (partition, key) = row.keys();
            let written = row.written();
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
                watermark.observe(written, at);
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
    #[must_use]
    fn advance(
        &mut self,
        arrived: &Arrived,
        now: Now,
        store: &mut Store,
        syncs: &mut Syncs,
        random: &mut Random,
    ) -> bool {
        let (read, lane, job) = (arrived.page.counted(), arrived.lane, arrived.job);
        let (project, has_partitions) = (self.project, self.source.has_partitions());
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
            JobState::DueAt(again)
        } else {
            let pause = REFUSED.max(error.retry_after.unwrap_or_default());
            every.map_or(JobState::Stuck, |every| JobState::DueAt(now.steady + pause.max(every)))
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
    #[must_use]
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
        let project = self.project;
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
                    Phase::Rest(Rest { before, began, is_by_device_clock: false, scan: None })
                };
                // The views waited for this moment.
                true
            }
            Phase::Rest(rest) => {
                // When no row was recent, these are the first to show what time it is there.
                self.watermark.pass(rest.began);
                self.refresh.is_wanted |= rest.is_by_device_clock;
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
                let (has_changed, unconfirmed) = sweep.finish(self.project, before.as_ref(), now.steady, store, syncs);
                complete.unconfirmed = unconfirmed;
                self.refresh.is_wanted |= !sweep.unknown.is_empty();
                self.refresh.suspects = sweep.unknown;
                has_changed
            }
        }
    }
}

/// A row that is dated far in the future cannot be overtaken by its own later versions: it makes way for them.
fn forget_impossible(store: &mut Store, project: ProjectId, row: &Row<'_>, written: Option<Timestamp>, at: Now) {
    let (partition, key) = row.keys();
    let known = store.slot_of(project, partition, key);
    let dated = known.and_then(|slot| store.at(slot).written());
    if let (Some(slot), Some(dated)) = (known, dated)
        && dated > at.steady + IMPOSSIBLE
        && written.is_some_and(|written| written < dated)
    {
        store.remove(slot);
    }
}

/// The row keys known of a project, to split a range by.
fn keys(store: &Store, project: ProjectId) -> Vec<String> {
    // A sample is as good, and a hundred thousand texts would be a noticeable pause.
    let step = store.len() / SAMPLE + 1;
    let ours = store.all_slots().filter(|&s| store.is_live(s) && store.at(s).project() == project);
    ours.step_by(step).map(|s| store.at(s).key().to_owned()).collect()
}
