//! Composes the agents: brings rows up to date, decides what is wanted, and sends as much of it as each origin allows.

use std::time::Duration;

use super::{
    demand::{DemandBuilder, FetchDemand, Place, Rank},
    forge_engine::ForgeEngine,
    in_flight::{PendingRequest, RequestKind},
    origin::OriginId,
};
use crate::{
    domain::{
        fact::Fact,
        time::{Timestamp, minutes},
    },
    engine::{
        request_id::{RequestId, RequestIds},
        visible_set::VisibleSet,
    },
    forge::{self, Anonymous, Call, Demand, PlanContext, Resource},
    http::Request,
    model::{
        store::{Slot, Store},
        sync::Syncs,
    },
};

/// Rows that fly by while somebody scrolls are not asked for: only what stays so long.
const SETTLES: Duration = Duration::from_millis(150);
/// All rows have come after so long: what the browser kept and none of them named is of no use in memory.
const RECALLED: Duration = minutes(10);
/// Between two slices of rows that are brought up to date.
const PAUSE: Duration = Duration::from_millis(1);

/// Why a demand is not asked for now.
enum NotNow {
    /// It may be then.
    Before(Timestamp),
    /// An answer, a token or a person has to come first.
    Unknown,
}

impl ForgeEngine {
    /// Decides what is wanted, and brings rows up to date with what is known. Returns whether any has changed.
    #[must_use]
    pub(super) fn plan_demands(&mut self, now: Timestamp, store: &mut Store, syncs: &mut Syncs) -> bool {
        if std::mem::take(&mut self.has_moved) {
            self.moved_at = Some(now);
        }
        let fresh = store.take_fresh();
        self.is_dirty |= !fresh.is_empty();
        fresh.into_iter().for_each(|slot| self.tracked.forget(slot));
        let mut changed = false;
        if std::mem::take(&mut self.is_dirty) {
            let visible = std::mem::take(&mut self.visible);
            changed |= self.track(&visible, store);
            changed |= self.demand(&visible, store, syncs);
            self.visible = visible;
            self.policy.by_hand = false;
            self.forget_unneeded(store, syncs);
        }
        changed |= self.tracked.catch_up(store, &mut self.repositories, &mut self.facts);
        if self.is_restored && !self.tracked.is_behind() && now >= *self.recalls_until.get_or_insert(now + RECALLED) {
            self.facts.drop_cached();
        }
        changed
    }

    /// Looks at what is visible and has not been looked at: what is learnt later is laid over when it is learnt.
    fn track(&mut self, visible: &VisibleSet, store: &mut Store) -> bool {
        let has_forgotten = std::mem::take(&mut self.has_forgotten);
        let spans = visible.spans.iter().flat_map(|(old, new)| [old, new]);
        let slots =
            visible.screen.iter().chain(&visible.board).chain(&visible.branches).chain(spans).chain(&visible.next);
        let mut changed = false;
        for &slot in slots {
            if store.is_live(slot) && (has_forgotten || self.tracked.get(slot).is_none()) {
                changed |= self.tracked.track(slot, store, &mut self.repositories, &mut self.facts);
            }
        }
        changed
    }

    /// Decides what is wanted. Returns whether what the browser kept changed anything.
    #[must_use]
    fn demand(&mut self, visible: &VisibleSet, store: &Store, syncs: &mut Syncs) -> bool {
        if self.policy.by_hand {
            self.origins.refresh_by_hand();
        }
        self.demands.clear();
        self.facts.begin_pass();
        self.origins.forget_visible();
        let mut demands = DemandBuilder {
            queue: &mut self.demands,
            facts: &mut self.facts,
            origins: &mut self.origins,
            repositories: &self.repositories,
            policy: self.policy,
        };
        let is_live = |slot: &&Slot| store.is_live(**slot);
        let places = [(&visible.screen, Place::Screen), (&visible.board, Place::Board), (&visible.next, Place::Next)];
        for (slots, place) in places {
            for &slot in slots.iter().filter(is_live) {
                self.tracked.demand(slot, place, store, &mut demands);
            }
        }
        let changed = self.manifests.demand(visible, &self.tracked, store, syncs, &mut demands);
        self.demands.sort();
        changed
    }

    /// Requests to send now. Nothing while nobody looks or there is no network.
    pub(super) fn poll_requests(
        &mut self,
        now: Timestamp,
        is_awake: bool,
        ids: &mut RequestIds,
    ) -> Vec<(RequestId, Request)> {
        self.wake = self.tracked.is_behind().then(|| now + PAUSE);
        self.wake_by(self.cache.wake_at().filter(|&at| at > now));
        let mut requests = Vec::new();
        if !is_awake {
            return requests;
        }
        while let Some((origin, check, request)) = self.origins.next_check() {
            let id = ids.next();
            self.note_sent(id, origin, RequestKind::Credential(check), now, false);
            requests.push((id, request));
        }
        if !self.is_restored || self.is_settling(now) {
            return requests;
        }
        let demands = std::mem::take(&mut self.demands);
        for (index, demand) in demands.all().iter().enumerate().filter(|(_, demand)| demand.rank != Rank::Next) {
            match self.may_request(demand, now) {
                Err(NotNow::Before(at)) => self.wake_by(Some(at)),
                Err(NotNow::Unknown) => {}
                Ok(origin) => {
                    let rest = demands.all().get(index..).unwrap_or_default();
                    if let Some((call, request)) = self.call(origin, rest, now) {
                        for key in call.keys() {
                            self.facts.entry(key).in_flight = true;
                        }
                        let id = ids.next();
                        self.note_sent(id, origin, RequestKind::Call(call), now, demand.is_repeat);
                        requests.push((id, request));
                    }
                }
            }
        }
        self.demands = demands;
        requests
    }

    fn wake_by(&mut self, at: Option<Timestamp>) {
        self.wake = self.wake.into_iter().chain(at).min();
    }

    /// Whether what is visible has changed so lately that it may change again.
    fn is_settling(&mut self, now: Timestamp) -> bool {
        let Some(moved) = self.moved_at else { return false };
        // A clock that was set back must not make it wait until it is that late again.
        if moved + SETTLES > now && moved <= now {
            self.wake_by(Some(moved + SETTLES));
            return true;
        }
        self.moved_at = None;
        false
    }

    fn note_sent(&mut self, id: RequestId, origin: OriginId, kind: RequestKind, now: Timestamp, is_repeat: bool) {
        let Some(state) = self.origins.get_mut(origin) else { return };
        state.bucket.take(now, is_repeat);
        self.in_flight.add(PendingRequest { id, origin, epoch: state.epoch, sent: now, kind, is_repeat });
    }

    /// The origin to ask for a demand, if it may be asked now.
    fn may_request(&mut self, demand: &FetchDemand, now: Timestamp) -> Result<OriginId, NotNow> {
        let state = self.facts.get(&demand.key).filter(|state| !state.in_flight).ok_or(NotNow::Unknown)?;
        if let Some(due) = demand.due.max(state.not_before).filter(|due| *due > now) {
            return Err(NotNow::Before(due));
        }
        let origin = self.repositories.origin(&demand.key).and_then(|origin| self.origins.find(origin));
        let id = origin.ok_or(NotNow::Unknown)?;
        let has_token = self.origins.token(id).is_some();
        let origin = self.origins.get_mut(id).ok_or(NotNow::Unknown)?;
        // Where little is reported without a token, nothing is fetched again that is known.
        let is_worth_it = match origin.capabilities().anonymous {
            Anonymous::Nothing => has_token,
            Anonymous::Little => has_token || demand.rank != Rank::Provenance,
            Anonymous::AsMuch => true,
        };
        if !is_worth_it || origin.bucket.is_busy() {
            return Err(NotNow::Unknown);
        }
        let refused = origin.refused_until(demand.key.repo, demand.key.reads(), now);
        let waits = origin.bucket.waits_until(now);
        let repeats = if demand.is_repeat { origin.bucket.repeats_at(now) } else { None };
        match waits.max(refused).max(repeats) {
            Some(at) => Err(NotNow::Before(at)),
            None => Ok(id),
        }
    }

    /// The call that asks for the first of these demands, and for as many of the others as fit in, and its request.
    fn call(&self, id: OriginId, demands: &[FetchDemand], now: Timestamp) -> Option<(Call, Request)> {
        let origin = &self.origins.get(id)?.origin;
        let is_ready = |demand: &&FetchDemand| {
            let may_request =
                |state: &super::facts::FactState| !state.in_flight && demand.due.max(state.not_before) <= Some(now);
            self.repositories.origin(&demand.key) == Some(origin)
                && self.facts.get(&demand.key).is_some_and(may_request)
        };
        let demands: Vec<Demand<'_>> =
            demands.iter().filter(is_ready).filter_map(|demand| self.with_knowledge(demand)).collect();
        let token = self.origins.token(id);
        let context = PlanContext { repositories: &self.repositories, has_token: token.is_some() };
        let call = forge::plan(&demands, &context, &self.in_flight.calls_to(id))?;
        let request = forge::request(self.repositories.get(call.repo()?)?, &call, token.as_ref())?;
        Some((call, request))
    }

    /// A demand with what is known that the way of asking depends on.
    fn with_knowledge<'a>(&'a self, demand: &'a FetchDemand) -> Option<Demand<'a>> {
        let key = &demand.key;
        let state = self.facts.get(key)?;
        let commit = match (&key.resource, &state.fact) {
            (Resource::Commit(_), _) => self.tracked.whole_id(key),
            // Where its commit is known from the run itself, that is the one; else from the row.
            (Resource::Run(_), Some(Fact::Run(run))) => run.commit.as_ref().or_else(|| self.tracked.ran_on(key)),
            (Resource::Run(_), _) => self.tracked.ran_on(key),
            _ => None,
        };
        Some(Demand {
            key,
            parts: demand.parts,
            batch_limit: state.batch_limit,
            individually: state.individually,
            otherwise: state.otherwise,
            etag: state.fact.as_ref().and(state.etag.as_deref()),
            commit,
            repository: self.tracked.pull_repository(key),
        })
    }
}
