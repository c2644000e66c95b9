//! One project's reader: its state, and its inputs.

use std::{collections::VecDeque, time::Duration};

use super::{
    access::Access,
    lane::{IN_FLIGHT, Lane},
    notices::RowNotices,
    phase::{Phase, Rest},
    rate::Rate,
    scan::{Continuation, Key, Scan},
    source::Source,
    watermark::Watermark,
};
use crate::{
    config::Storage,
    domain::{id::ProjectName, problem::ProblemKind, project::ProjectId, time::Timestamp},
    engine::clock::Now,
    http::{ApiError, Origin, secret::Secret},
    storage::{page::RowsPage, sas::Sas},
};

/// An answer that has arrived and is being read.
#[derive(Debug)]
pub(super) struct Arrived {
    pub(super) lane: Lane,
    pub(super) job: usize,
    pub(super) page: RowsPage,
    pub(super) at: Now,
}

/// What keeps up with the newest rows.
#[derive(Debug, Default)]
pub(super) struct Refresh {
    pub(super) scan: Option<Scan>,
    pub(super) is_wanted: bool,
    /// Rows that a sweep read and the store did not have. The next refresh should bring them, ...
    pub(super) suspects: Vec<Key>,
    /// ... and the one under way these: one that began before the sweep's end shows nothing.
    pub(super) to_bring: Vec<Key>,
}

/// Reads one project's rows.
#[derive(Debug)]
pub struct Reader {
    pub(in crate::engine) project: ProjectId,
    pub(super) name: ProjectName,
    pub(super) source: Source,
    pub(super) every: Option<Duration>,
    pub(super) is_active: bool,
    pub(super) access: Access,
    pub(super) phase: Phase,
    pub(super) refresh: Refresh,
    pub(super) is_sweep_wanted: bool,
    pub(super) arrived: VecDeque<Arrived>,
    pub(super) has_answered: bool,
    pub(super) watermark: Watermark,
    pub(super) fresh_at: Option<Timestamp>,
    pub(super) continuation: Continuation,
    /// A row was dated so far in the future that this must be wrong.
    pub(super) has_impossible: bool,
    pub(super) notices: RowNotices,
    pub(super) rate: Rate,
    /// How many requests at once the line allows.
    pub(super) width: usize,
    /// The largest answer so far.
    pub(super) page_bytes: usize,
}

impl Reader {
    pub(in crate::engine) fn new(
        project: ProjectId,
        name: ProjectName,
        storage: &Storage,
        every: Option<Duration>,
    ) -> Self {
        let source = Source::new(storage);
        Self {
            project,
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
            width: IN_FLIGHT,
            page_bytes: 0,
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

    /// What its credential allows.
    #[must_use]
    pub const fn sas(&self) -> Option<&Sas> {
        self.access.sas.as_ref()
    }

    /// Whether its rows are wanted now.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        self.is_active
    }

    /// Whether the service hides the headers that hold where the next page starts.
    #[must_use]
    pub fn has_hidden_headers(&self) -> bool {
        self.continuation == Continuation::Hidden
    }

    /// When it was last known to be up to date, in steady time.
    #[must_use]
    pub const fn fresh_at(&self) -> Option<Timestamp> {
        self.fresh_at
    }

    pub(in crate::engine) fn origin(&self) -> Option<Origin> {
        self.source.origin()
    }

    /// How many requests at once the line allows.
    pub(in crate::engine) const fn width(&self) -> usize {
        self.width
    }

    /// Whether an answer of any kind has come, or none is to be expected.
    pub(in crate::engine) fn has_answered(&self, now: Now) -> bool {
        self.has_answered || !self.is_active || self.access.refusal(&self.source, now).is_some()
    }

    pub(super) fn is_open(&self) -> bool {
        self.is_active && !self.access.is_barred()
    }

    /// Whether the recent rows are still coming. A read that waits for better times holds back nothing.
    pub(in crate::engine) fn is_reading_recent(&self) -> bool {
        let goes_on = |scan: &Scan| scan.error().is_none();
        self.is_open() && self.phase.is_recent() && self.phase.scan().is_some_and(goes_on)
    }

    /// Whether rows are still coming that have never been read.
    pub(in crate::engine) fn is_loading(&self) -> bool {
        let goes_on = |scan: &Scan| scan.error().is_none();
        self.is_open() && !self.phase.is_complete() && self.phase.scan().is_some_and(goes_on)
    }

    /// Whether the load lane reads what has never been read.
    pub(in crate::engine) const fn is_first_read(&self) -> bool {
        !self.phase.is_complete() && self.phase.scan().is_some()
    }

    pub(in crate::engine) fn part(&self) -> f32 {
        match &self.phase {
            Phase::Recent(Some(scan)) => scan.part() * 0.2,
            Phase::Rest(Rest { scan: Some(scan), .. }) => scan.part().mul_add(0.8, 0.2),
            _ => 1.0,
        }
    }

    pub(in crate::engine) fn set_active(&mut self, is_active: bool) -> bool {
        std::mem::replace(&mut self.is_active, is_active) != is_active
    }

    pub(in crate::engine) fn set_refresh(&mut self, every: Option<Duration>) {
        self.every = every;
        if every.is_some() {
            // What waited for a hand need not any longer.
            self.scans_mut().for_each(|scan| scan.try_again(|error| !error.is_passing()));
        }
    }

    pub(in crate::engine) fn set_sas(&mut self, credential: Option<Secret>) {
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

    pub(super) fn scan(&self, lane: Lane) -> Option<&Scan> {
        match lane {
            Lane::Refresh => self.refresh.scan.as_ref(),
            Lane::Load => self.phase.scan(),
        }
    }

    pub(super) const fn scan_mut(&mut self, lane: Lane) -> Option<&mut Scan> {
        match lane {
            Lane::Refresh => self.refresh.scan.as_mut(),
            Lane::Load => self.phase.scan_mut(),
        }
    }

    pub(super) fn scans_mut(&mut self) -> impl Iterator<Item = &mut Scan> {
        self.refresh.scan.iter_mut().chain(self.phase.scan_mut())
    }

    /// What is under way will not be answered.
    pub(in crate::engine) fn forget_sent(&mut self) {
        self.arrived.clear();
        self.scans_mut().for_each(Scan::forget_sent);
    }

    /// What failed for want of a network need wait no longer.
    pub(in crate::engine) fn network_is_back(&mut self) {
        let network = [ProblemKind::Offline, ProblemKind::Timeout, ProblemKind::Unreachable];
        self.scans_mut().for_each(|scan| scan.try_again(|error| network.contains(&error.kind)));
    }

    /// The page is seen again: what it shows may be old.
    pub(in crate::engine) fn seen_again(&mut self) {
        self.refresh.is_wanted |= self.every.is_some();
        self.network_is_back();
    }

    /// The device slept: whatever was waited for may be over.
    pub(in crate::engine) fn wake(&mut self) {
        self.access.try_again();
        self.scans_mut().for_each(|scan| scan.try_again(ApiError::is_passing));
        self.seen_again();
    }

    /// Somebody asks by hand, and is not kept waiting by what anybody asked for before.
    pub(in crate::engine) fn refresh_now(&mut self) {
        self.refresh.is_wanted = true;
        self.is_sweep_wanted = true;
        self.access.try_again();
        self.scans_mut().for_each(|scan| scan.try_again(|_| true));
    }
}
