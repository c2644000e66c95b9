//! From answers to facts: what each holds of resources and of its origin.

use std::num::NonZeroUsize;

use super::{
    facts::{Volatility, needs_parts_of, volatility},
    forge_engine::ForgeEngine,
    in_flight::{PendingRequest, RequestKind},
};
use crate::{
    domain::{fact::Fact, problem::ProblemKind, time::Timestamp},
    engine::{backoff::Random, cache::CachedFact, request_id::RequestId},
    forge::{self, Call, Limits, NotFound, ParsedAnswer, PartsCalls, ResourceKey},
    http::{ApiError, NetError, Response},
    model::store::Store,
};

impl ForgeEngine {
    /// Takes an answer in. Returns whether anything that is shown has changed.
    #[must_use]
    pub(super) fn apply_result(
        &mut self,
        id: RequestId,
        result: Result<Response, NetError>,
        now: Timestamp,
        store: &mut Store,
        random: &mut Random,
    ) -> bool {
        let Some(request) = self.in_flight.take(id) else { return false };
        self.is_dirty = true;
        for key in request.kind.keys() {
            self.facts.entry(key).in_flight = false;
        }
        let Some(origin) = self.origins.get_mut(request.origin) else { return false };
        origin.bucket.give_back();
        let is_current = origin.epoch == request.epoch;
        if let Ok(response) = &result {
            // What an earlier token had left does not apply to this one; a `Retry-After` applies to every token.
            let limits = forge::limits(origin.service, response);
            let only_retry_after = Limits { retry_after: limits.retry_after, ..Limits::default() };
            origin.bucket.apply(if is_current { &limits } else { &only_retry_after }, now);
        }
        if !is_current {
            return false;
        }
        let call = match &request.kind {
            RequestKind::Credential(check) => {
                self.origins.apply_check(request.origin, *check, result);
                return true;
            }
            RequestKind::Call(call) => call,
        };
        let etag = result.as_ref().ok().and_then(|response| response.header("etag")).map(str::to_owned);
        if result.as_ref().is_ok_and(|response| response.status == 304) {
            for key in call.keys() {
                self.facts.entry(key).confirm(request.sent);
            }
            self.went_well(&request, call);
            return self.tracked.confirm(call.keys(), store, &self.repositories, &self.facts);
        }
        match result.map_err(ApiError::from).and_then(|response| forge::read(call, &response)) {
            Ok(answer) => {
                self.went_well(&request, call);
                self.take_in(&request, call, answer, etag, now, store, random)
            }
            Err(error) => {
                self.failed(&request, call, &error, now, store, random);
                true
            }
        }
    }

    fn went_well(&mut self, request: &PendingRequest, call: &Call) {
        if let (Some(origin), Some(repo)) = (self.origins.get_mut(request.origin), call.repo()) {
            origin.went_well(repo, call.reads());
        }
    }

    /// Takes in an answer.
    #[expect(clippy::too_many_arguments, reason = "an answer, and all that it may change")]
    fn take_in(
        &mut self,
        request: &PendingRequest,
        call: &Call,
        answer: ParsedAnswer,
        etag: Option<String>,
        now: Timestamp,
        store: &mut Store,
        random: &mut Random,
    ) -> bool {
        let (mut changed, mut same): (Vec<ResourceKey>, Vec<ResourceKey>) = (Vec::new(), Vec::new());
        if let (Some(parts), Some(key)) = (answer.parts, call.keys().first()) {
            if self.facts.apply_parts(key, parts) {
                changed.push(key.clone());
            }
            self.cache_fact(key, now);
        }
        // Others that became visible meanwhile are reported by a list too, if they are in it.
        let demands = &self.demands;
        let besides = answer.besides.into_iter().filter(|(key, _)| demands.contains(key, false));
        let forge = call.repo().and_then(|repo| self.repositories.get(repo));
        let parts_calls = forge.map_or(PartsCalls::Never, |forge| forge::capabilities(forge.service()).parts_calls);
        let facts: Vec<(ResourceKey, Fact)> = answer.facts.into_iter().chain(besides).collect();
        for (key, fact) in facts {
            self.manifests.note_log(&key, &fact);
            let is_news = self.facts.record(&key, fact, request.sent, parts_calls);
            if is_news { &mut changed } else { &mut same }.push(key.clone());
            self.facts.entry(&key).etag.clone_from(&etag);
            self.cache_fact(&key, now);
        }
        if let (Some(origin), Some(repo)) = (self.origins.get_mut(request.origin), call.repo()) {
            origin.bucket.apply(&answer.limits, now);
            for (reads, may_read) in answer.permissions {
                if may_read {
                    origin.went_well(repo, reads);
                } else {
                    origin.went_wrong(repo, reads, &ApiError::new(ProblemKind::Forbidden, ""), false, now, random);
                }
            }
        }
        for key in answer.individually {
            let state = self.facts.entry(&key);
            (state.individually, state.batch_limit) = (true, Some(NonZeroUsize::MIN));
        }
        for key in answer.unreadable {
            self.facts.entry(&key).fail(None, now, random);
        }
        let is_newer = self.tracked.confirm(&same, store, &self.repositories, &self.facts);
        self.tracked.apply(&changed, store, &mut self.repositories, &mut self.facts) | is_newer
    }

    /// Gives a fact about finished work to the browser to keep.
    fn cache_fact(&mut self, key: &ResourceKey, now: Timestamp) {
        let Some(forge) = self.repositories.get(key.repo) else { return };
        let capabilities = forge::capabilities(forge.service());
        let needs_parts = self.demands.contains(key, true);
        let state = self.facts.entry(key);
        let Some(fact) = &state.fact else { return };
        let lasts = matches!(volatility(fact), Volatility::Final | Volatility::Reversible);
        let is_sure = *fact != Fact::Gone || capabilities.is_sure_of_absence;
        // Without its parts it would be asked for again.
        // What was wanted of it before it went well is not wanted any more.
        let is_whole = match fact {
            Fact::Run(run) => !state.parts_stale || !needs_parts || !needs_parts_of(run, capabilities.parts_calls),
            _ => true,
        };
        if let Some(fetched_at) = state.fetched_at.filter(|_| lasts && is_sure && is_whole && !state.is_cached) {
            state.is_cached = true;
            let key = self.repositories.text(key).into();
            let has_read_parts = matches!(fact, Fact::Run(_)) && !state.parts_stale;
            self.cache.add(CachedFact { key, fetched_at, fact: fact.clone(), has_read_parts }, now);
        }
    }

    /// What was asked for did not come.
    fn failed(
        &mut self,
        request: &PendingRequest,
        call: &Call,
        error: &ApiError,
        now: Timestamp,
        store: &mut Store,
        random: &mut Random,
    ) {
        let (keys, reads) = (call.keys(), call.reads());
        let Some(origin) = self.origins.get_mut(request.origin) else { return };
        if error.kind == ProblemKind::RateLimited {
            origin.bucket.slow_down(error.retry_after, now, random);
            return;
        }
        let answers = origin.has_answered(reads);
        if error.kind == ProblemKind::NotFound && self.not_found(request, call, now, store) {
            return;
        }
        // One of many may be what the service fails at; then the others need not fail with it.
        let is_about_some = match error.kind {
            _ if forge::is_outage(error) => false,
            ProblemKind::Unreadable | ProblemKind::Server | ProblemKind::Truncated => true,
            ProblemKind::Timeout | ProblemKind::Unreachable => answers,
            _ => false,
        };
        for key in keys {
            let state = self.facts.entry(key);
            if is_about_some {
                state.fail(error.retry_after, now, random);
                state.bisect_batch(keys.len());
                state.individually |= forge::is_bundle(call);
            } else {
                state.failures += 1;
            }
        }
        let blocks = !is_about_some || matches!(error.kind, ProblemKind::Timeout | ProblemKind::Unreachable);
        if let (Some(origin), Some(repo)) = (self.origins.get_mut(request.origin), call.repo()) {
            origin.went_wrong(repo, reads, error, blocks, now, random);
        }
    }

    /// The forge has no such thing. Returns whether that is all there is to it.
    #[must_use]
    fn not_found(&mut self, request: &PendingRequest, call: &Call, now: Timestamp, store: &mut Store) -> bool {
        let keys = call.keys();
        match forge::not_found(call) {
            NotFound::Refused => return false,
            NotFound::OtherEndpoint => keys.iter().for_each(|key| self.facts.entry(key).otherwise = true),
            NotFound::NoParts => {
                for key in keys {
                    self.facts.entry(key).note_parts_read();
                    self.cache_fact(key, now);
                }
            }
            NotFound::SomeOfMany { individually } => {
                for key in keys {
                    let state = self.facts.entry(key);
                    state.bisect_batch(keys.len());
                    state.individually |= individually;
                }
            }
            NotFound::Gone => {
                for key in keys {
                    if self.facts.record(key, Fact::Gone, request.sent, PartsCalls::Never) {
                        self.cache_fact(key, now);
                        let key = std::slice::from_ref(key);
                        self.tracked.apply(key, store, &mut self.repositories, &mut self.facts);
                    }
                }
            }
        }
        true
    }
}
