//! What to read next, and when.

use std::time::Duration;

use super::{
    lane::{Haste, Lane},
    phase::{Complete, Phase, Rest},
    reader::Reader,
    scan::{JobState, Scan, Step},
    sweep::Sweep,
};
use crate::{
    domain::time::{Timestamp, days, minutes},
    engine::clock::Now,
    http::Request,
    model::{store::Store, sync::Syncs},
    storage::{azure_table, span::Span},
};

/// What counts as recent.
const RECENT: Duration = days(30);
/// Between two sweeps at the least; long tables are swept less often.
const SWEEP_EVERY: Duration = minutes(10);
/// Added to that for every thousand rows, so that sweeps stay a small part of the traffic.
const SWEEP_PER_PAGE: Duration = Duration::from_secs(30);

/// From when on rows are recent: from a full hour on, so that `start.js`, which asks for the first page while the
/// program loads, asks for the same.
fn recent_since(now: Timestamp) -> Timestamp {
    const HOUR: i64 = 3_600_000;
    let since = (now - RECENT).millis();
    Timestamp::from_millis(since - since.rem_euclid(HOUR))
}

impl Reader {
    /// Decides what to read next in each lane that is free.
    pub(in crate::engine) fn plan(&mut self, now: Now, visible: bool, store: &Store, syncs: &Syncs) {
        if self.access.recheck(&self.source, now) {
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
            self.phase = Phase::Rest(Rest { before: None, began, is_by_device_clock: false, scan: None });
        }
        match &mut self.phase {
            Phase::Recent(scan @ None) => {
                let since = (!is_whole).then(|| recent_since(now.wall));
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
                    let reports = syncs.keys(self.project).count();
                    let span = Span { keys_only: !is_whole, ..Span::default() };
                    *sweep = Some((Sweep::new(self.project, store, reports), Scan::new(span, now)));
                }
            }
            _ => {}
        }
    }

    fn plan_refresh(&mut self, now: Now) {
        self.refresh.is_wanted = false;
        let mark = self.watermark.get();
        let (mut since, mut began) = (mark, now);
        // Until any row is known, what is new is what the rest leaves out, by this device's clock. Then nothing shows
        // that it reads all that came between the first read's begin and its own.
        if let (Phase::Rest(rest), None) = (&mut self.phase, mark)
            && rest.before.is_some()
        {
            (since, began) = (rest.before, rest.began);
            rest.is_by_device_clock = true;
        }
        self.refresh.scan = Some(Scan::new(Span { since, ..Span::default() }, began));
        self.refresh.to_bring = std::mem::take(&mut self.refresh.suspects);
    }

    fn is_refresh_due(&self, now: Now, visible: bool) -> bool {
        visible && (self.refresh.is_wanted || self.refresh_at().is_some_and(|at| at <= now.steady))
    }

    fn refresh_at(&self) -> Option<Timestamp> {
        Some(self.fresh_at? + self.every?)
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
    pub(in crate::engine) fn next_request(
        &mut self,
        now: Now,
        visible: bool,
        haste: Haste,
    ) -> Option<(Lane, usize, Request)> {
        let later = self.access.quiet_until().max(self.rate.free_at());
        if !self.is_open() || later.is_some_and(|until| until > now.steady) {
            return None;
        }
        for lane in [Lane::Refresh, Lane::Load] {
            if self.haste(lane) != haste || !self.goes_on(lane, visible) {
                continue;
            }
            let is_due = |state| match state {
                JobState::Due => true,
                JobState::DueAt(at) => at <= now.steady,
                JobState::Stuck | JobState::Asked | JobState::Done => false,
            };
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
    pub(in crate::engine) fn wake_at(&self, visible: bool, online: bool) -> Option<Timestamp> {
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
}
