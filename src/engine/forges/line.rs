//! One origin: its credential, its budget, and what it refuses.

use std::time::Duration;

use super::{budget::Budget, places::PlaceId};
use crate::{
    config::{Forge, secret::Secret},
    domain::{
        problem::ProblemKind,
        stage::Service,
        time::{Timestamp, minutes},
    },
    engine::backoff::{Random, wait},
    forge::Reads,
    http::{ApiError, Origin},
};

/// What is refused is asked again after so long: somebody may have mended it meanwhile.
const REFUSED: Duration = minutes(5);

/// What a test of a credential came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Tested {
    /// No answer yet.
    Running,
    /// It works; in words.
    Passed(String),
    /// It does not.
    Failed {
        /// What is wrong.
        what: String,
        /// What to do.
        hint: String,
    },
}

/// Something an origin does not answer.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    /// Of one place, or of all.
    pub(super) place: Option<PlaceId>,
    /// Of one kind of thing, or of all.
    pub(super) reads: Option<Reads>,
    pub(super) error: ApiError,
    failures: u32,
    /// It is not asked before.
    pub(super) until: Timestamp,
}

/// One origin.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) origin: Origin,
    pub(super) service: Service,
    /// One of the places there: for tests of a credential and for explanations.
    pub(super) forge: Forge,
    pub(super) token: Option<Secret>,
    /// Grows with every new token: an answer to an old one says nothing of the new.
    pub(super) epoch: u32,
    pub(super) budget: Budget,
    pub(super) refusals: Vec<Refusal>,
    pub(super) tested: Option<Tested>,
    /// Kinds of things that are in sight and there.
    pub(super) wanted: Vec<Reads>,
    /// Kinds of things that it has told something of.
    well: Vec<Reads>,
}

impl Line {
    pub(super) const fn new(origin: Origin, service: Service, forge: Forge) -> Self {
        Self {
            origin,
            service,
            forge,
            token: None,
            epoch: 0,
            budget: Budget::new(service),
            refusals: Vec::new(),
            tested: None,
            wanted: Vec::new(),
            well: Vec::new(),
        }
    }

    pub(super) fn set_token(&mut self, token: Option<Secret>) {
        self.token = token;
        self.epoch += 1;
        self.budget.forget();
        self.refusals.clear();
        self.well.clear();
        self.tested = None;
    }

    /// Until when a kind of thing in a place is not asked for; `None` when it may be.
    pub(super) fn refused_until(&self, place: PlaceId, reads: Reads, now: Timestamp) -> Option<Timestamp> {
        let here = self
            .refusals
            .iter()
            .filter(|r| r.until > now && r.place.is_none_or(|p| p == place) && r.reads.is_none_or(|of| of == reads));
        here.map(|r| r.until).max()
    }

    /// Whether it has ever answered, with this token, for that kind of thing.
    pub(super) fn answers(&self, reads: Reads) -> bool {
        self.well.contains(&reads)
    }

    /// Something of that kind is in sight and there.
    pub(super) fn is_wanted_for(&mut self, reads: Reads) {
        if !self.wanted.contains(&reads) {
            self.wanted.push(reads);
        }
    }

    /// It told something.
    pub(super) fn went_well(&mut self, place: PlaceId, reads: Reads) {
        self.budget.went_well();
        if !self.well.contains(&reads) {
            self.well.push(reads);
        }
        self.refusals.retain(|r| {
            let same_kind = r.reads.is_none_or(|of| of == reads);
            let same_place = r.place.is_none_or(|p| p == place);
            !(same_kind && same_place)
        });
    }

    /// It did not. What it stumbles over by itself need not keep others from being asked.
    pub(super) fn went_wrong(
        &mut self,
        place: PlaceId,
        reads: Reads,
        error: &ApiError,
        blocks: bool,
        now: Timestamp,
        random: &mut Random,
    ) {
        let (place, reads) = match error.kind {
            // A token of GitHub or GitLab is good or bad for everything; one of Azure DevOps is of an organization.
            ProblemKind::Unauthorized if self.service != Service::AzureDevOps => (None, None),
            ProblemKind::Unauthorized | ProblemKind::Forbidden | ProblemKind::NotFound => (Some(place), Some(reads)),
            // Without CORS headers a refusal looks like a network that is down, so other kinds of things may be had.
            _ => (None, Some(reads)),
        };
        let known = self.refusals.iter().position(|r| (r.place, r.reads) == (place, reads));
        let failures = known.and_then(|at| self.refusals.get(at)).map_or(0, |r| r.failures) + 1;
        let pause = if error.is_passing() { wait(failures, error.retry_after, random) } else { REFUSED };
        let until = if blocks { now + pause } else { now };
        let refusal = Refusal { place, reads, error: error.clone(), failures, until };
        match known.and_then(|at| self.refusals.get_mut(at)) {
            Some(known) => *known = refusal,
            None => self.refusals.push(refusal),
        }
    }

    /// Somebody asks by hand, or the network is back: what was refused may be tried again, if patience was not asked
    /// for.
    pub(super) fn try_again(&mut self) {
        self.refusals.iter_mut().for_each(|r| r.until = Timestamp::from_millis(i64::MIN));
    }
}
