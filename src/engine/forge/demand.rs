//! What is wanted of forges, and in which order: what is visible and unknown, or known and may have changed.

use std::time::Duration;

use rustc_hash::FxHashMap;

use super::{
    facts::{FactState, FactTable, Volatility, needs_parts_of, volatility},
    origin::Origins,
};
use crate::{
    domain::{fact::Fact, time::Timestamp},
    forge::{self, PartsCalls, Repositories, Resource, ResourceKey},
    model::order::sorted_by,
};

/// What runs is asked again so often, while somebody looks at it.
pub(super) const RUNNING_EVERY: Duration = Duration::from_secs(5);

/// How soon something is asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Rank {
    /// On screen and running.
    Running,
    /// On screen and unknown.
    Unknown,
    /// What the rings need.
    Board,
    /// On screen; its row has a state, its forge may have a newer one.
    Provenance,
    /// Soon to be seen: asked for together with something of the same kind, or not at all.
    Next,
}

/// Where a deployment is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// On screen.
    Screen,
    /// Among the rings.
    Board,
    /// Below what is on screen.
    Next,
}

/// What a row holds of a resource by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum RowKnowledge {
    /// That it is under way.
    Pending,
    /// Too little to know how it stands.
    Little,
    /// All that its forge could report.
    All,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct FetchDemand {
    pub(super) rank: Rank,
    pub(super) key: ResourceKey,
    /// The parts of a run instead of the run.
    pub(super) parts: bool,
    /// Not before; `None` is at once.
    pub(super) due: Option<Timestamp>,
    /// It is known, and may have changed.
    pub(super) is_repeat: bool,
}

/// How often what may change is asked again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct RefreshPolicy {
    /// `None`: only by hand.
    pub(super) every: Option<Duration>,
    /// Somebody asks by hand, now.
    pub(super) by_hand: bool,
}

/// Whether a resource of a repository is asked for again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Again {
    /// It does not change, or not so that anybody must know.
    Never,
    /// When so long has passed.
    After(Duration),
}

/// All that is wanted, each resource once.
#[derive(Debug, Default)]
pub(super) struct DemandQueue {
    all: Vec<FetchDemand>,
    /// Where in `all` a resource is, or the parts of a run; before `all` is sorted.
    index: FxHashMap<(ResourceKey, bool), usize>,
}

impl DemandQueue {
    pub(super) fn clear(&mut self) {
        self.all.clear();
        self.index.clear();
    }

    pub(super) fn all(&self) -> &[FetchDemand] {
        &self.all
    }

    /// Whether a resource, or the parts of a run, are wanted.
    pub(super) fn contains(&self, key: &ResourceKey, parts: bool) -> bool {
        self.index.contains_key(&(key.clone(), parts))
    }

    /// Adds a demand. Rows share commits, pull requests and runs.
    fn push(&mut self, demand: FetchDemand) {
        let index = *self.index.entry((demand.key.clone(), demand.parts)).or_insert(self.all.len());
        match self.all.get_mut(index) {
            Some(known) => known.rank = known.rank.min(demand.rank),
            None => self.all.push(demand),
        }
    }

    /// Puts what is unknown in the order of its ranks; then what is asked anew, whatever has waited longest first, so
    /// that no project's keeps another's waiting for ever.
    pub(super) fn sort(&mut self) {
        let order = |demand: &FetchDemand| match demand.is_repeat {
            false => (false, demand.rank, None),
            true => (true, Rank::Running, Some(demand.due)),
        };
        self.all = sorted_by(&self.all, |a, b| order(a).cmp(&order(b)));
    }
}

/// Fills the queue: has what is known, and so what is due when.
#[derive(Debug)]
pub(super) struct DemandBuilder<'a> {
    pub(super) queue: &'a mut DemandQueue,
    pub(super) facts: &'a mut FactTable,
    pub(super) origins: &'a mut Origins,
    pub(super) repositories: &'a Repositories,
    pub(super) policy: RefreshPolicy,
}

impl DemandBuilder<'_> {
    /// Notes that something of that kind is visible at its origin.
    fn note_origin(&mut self, key: &ResourceKey) -> Option<()> {
        let forge = self.repositories.get(key.repo)?;
        let origin = self.origins.intern(self.repositories.origin(key)?, forge);
        self.origins.get_mut(origin)?.note_visible(key.reads());
        Some(())
    }

    /// What is known of a resource, marked as stale after a refresh by hand.
    fn state(&mut self, key: &ResourceKey) -> &mut FactState {
        let state = self.facts.demand(key);
        if self.policy.by_hand {
            state.is_stale = true;
            state.not_before = state.not_before.min(state.fetched_at);
            state.failures = 0;
        }
        state
    }

    /// Demands what a row names. `is_unclear`: a run that went well does not show by itself which of its stages did.
    pub(super) fn add(&mut self, key: ResourceKey, row: RowKnowledge, place: Place, is_unclear: bool) {
        if place == Place::Next {
            return self.add_along(key);
        }
        let is_board = place == Place::Board;
        if self.note_origin(&key).is_none() {
            return;
        }
        let calls = self.repositories.get(key.repo).map(|forge| forge::capabilities(forge.service()).parts_calls);
        let RefreshPolicy { every, by_hand } = self.policy;
        let state = self.state(&key);
        let last = state.fact.as_ref().map(volatility);
        let interval = match last {
            Some(Volatility::Pending) => Some(RUNNING_EVERY),
            Some(Volatility::Waiting) => every.map(|every| every.max(RUNNING_EVERY)),
            _ => None,
        };
        let repeat = interval.filter(|_| every.is_some()).and_then(|interval| Some(state.fetched_at? + interval));
        let due = match last {
            None => Some(state.not_before),
            Some(Volatility::Final) => None,
            Some(_) if state.is_stale => Some(state.not_before),
            Some(Volatility::Pending | Volatility::Waiting) => repeat.map(|at| Some(at).max(state.not_before)),
            Some(Volatility::Reversible) => {
                Some(state.fetched_at.map(|at| at + state.reversible_after()).max(state.not_before))
            }
        };
        // Releases list their environments themselves.
        let is_run = matches!(key.resource, Resource::Run(_));
        let needs_parts = match (&state.fact, calls) {
            (Some(Fact::Run(run)), Some(calls)) => {
                is_run && (needs_parts_of(run, calls) || is_unclear && calls == PartsCalls::UnlessPlainlyWell)
            }
            _ => false,
        };
        let rank = match (last, row, is_board) {
            (Some(Volatility::Pending | Volatility::Waiting), _, false) | (None, RowKnowledge::Pending, false) => {
                Rank::Running
            }
            (None, RowKnowledge::Little, false) => Rank::Unknown,
            (Some(Volatility::Reversible | Volatility::Final), _, false) | (None, RowKnowledge::All, false) => {
                Rank::Provenance
            }
            // What the row has, or is over, is enough for the rings.
            (Some(Volatility::Final), _, true) | (None, RowKnowledge::All, true)
                if !(by_hand || needs_parts && state.parts_stale) =>
            {
                return;
            }
            (Some(Volatility::Reversible), _, true) => Rank::Provenance,
            (_, _, true) => Rank::Board,
        };
        // A timeline that was not there may be there now.
        state.parts_stale |= needs_parts && by_hand;
        let parts_due = (needs_parts && state.parts_stale).then_some(state.not_before);
        let is_repeat = last.is_some();
        for (parts, due) in [(false, due), (true, parts_due)] {
            let Some(due) = due else { continue };
            self.queue.push(FetchDemand { rank, key: key.clone(), parts, due, is_repeat: is_repeat && !parts });
        }
    }

    /// Demands what is not known at all, if it costs nothing.
    fn add_along(&mut self, key: ResourceKey) {
        let forge = self.repositories.get(key.repo);
        if !forge.is_some_and(|forge| forge::capabilities(forge.service()).takes_lists) {
            return;
        }
        let state = self.facts.entry(&key);
        if state.fact.is_none() {
            let due = state.not_before;
            self.queue.push(FetchDemand { rank: Rank::Next, key, parts: false, due, is_repeat: false });
        }
    }

    /// Demands something of a repository that no row names by itself.
    pub(super) fn add_of_repo(&mut self, key: ResourceKey, rank: Rank, again: Again) {
        if self.note_origin(&key).is_none() {
            return;
        }
        self.facts.recall(&key, self.repositories);
        let is_refreshed = self.policy.every.is_some();
        let state = self.state(&key);
        let due = match (&state.fact, again) {
            (None, _) => state.not_before,
            (Some(_), Again::Never) => return,
            (Some(_), Again::After(_)) if state.is_stale => state.not_before,
            (Some(_), Again::After(_)) if !is_refreshed => return,
            (Some(_), Again::After(every)) => state.fetched_at.map(|at| at + every).max(state.not_before),
        };
        let is_repeat = state.fact.is_some();
        self.queue.push(FetchDemand { rank, key, parts: false, due, is_repeat });
    }
}
