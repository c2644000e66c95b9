//! Origins that forges are asked at: credential, token bucket, what each refuses, and whether a credential works.

use std::time::Duration;

use super::token_bucket::TokenBucket;
use crate::{
    config::Forge,
    domain::{
        problem::ProblemKind,
        stage::Service,
        time::{Timestamp, minutes},
    },
    engine::{
        backoff::{Random, wait},
        forges::CredentialTest,
    },
    forge::{self, Capabilities, Reads, RepoId, TokenScope},
    http::{ApiError, NetError, Origin, Request, Response, secret::Secret},
};

/// What is refused is asked again after so long: somebody may have mended it meanwhile.
const REFUSED: Duration = minutes(5);

/// How it is asked whether a credential works.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum CredentialCheck {
    /// By one harmless call with it.
    Call,
    /// By whether anybody answers there at all.
    Probe,
    /// It works: by whose it is.
    Owner,
}

/// An origin's number in [`Origins`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct OriginId(usize);

/// Something an origin does not answer.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    /// Of one repository, or of all.
    pub(super) repo: Option<RepoId>,
    /// Of one kind of thing, or of all.
    pub(super) reads: Option<Reads>,
    pub(super) error: ApiError,
    failures: u32,
    /// It is not asked before; `None`: it may be.
    pub(super) until: Option<Timestamp>,
}

#[derive(Debug)]
pub(super) struct OriginState {
    pub(super) origin: Origin,
    pub(super) service: Service,
    /// One of the repositories there: for tests of a credential and for explanations.
    pub(super) forge: Forge,
    token: Option<Secret>,
    /// Grows with every new token: an answer to an old one is no evidence of the new.
    pub(super) epoch: u32,
    pub(super) bucket: TokenBucket,
    pub(super) refusals: Vec<Refusal>,
    test: Option<CredentialTest>,
    /// Kinds of things that are visible and there.
    pub(super) visible: Vec<Reads>,
    /// Kinds of resources that it has answered for.
    answered: Vec<Reads>,
}

impl OriginState {
    fn new(origin: Origin, forge: Forge) -> Self {
        let service = forge.service();
        Self {
            origin,
            service,
            forge,
            token: None,
            epoch: 0,
            bucket: TokenBucket::new(forge::capabilities(service).bucket),
            refusals: Vec::new(),
            test: None,
            visible: Vec::new(),
            answered: Vec::new(),
        }
    }

    pub(super) const fn capabilities(&self) -> &'static Capabilities {
        forge::capabilities(self.service)
    }

    fn set_token(&mut self, token: Option<Secret>) {
        self.token = token;
        self.epoch += 1;
        self.bucket.forget();
        self.refusals.clear();
        self.answered.clear();
        self.test = None;
    }

    /// Until when a kind of thing in a repository is not asked for; `None` when it may be.
    pub(super) fn refused_until(&self, repo: RepoId, reads: Reads, now: Timestamp) -> Option<Timestamp> {
        let here = self.refusals.iter().filter(|r| r.until > Some(now) && r.covers(repo, reads));
        here.filter_map(|r| r.until).max()
    }

    /// Whether it has ever answered, with this token, for that kind of thing.
    pub(super) fn has_answered(&self, reads: Reads) -> bool {
        self.answered.contains(&reads)
    }

    /// Something of that kind is visible and there.
    pub(super) fn note_visible(&mut self, reads: Reads) {
        if !self.visible.contains(&reads) {
            self.visible.push(reads);
        }
    }

    /// It answered.
    pub(super) fn went_well(&mut self, repo: RepoId, reads: Reads) {
        self.bucket.went_well();
        if !self.answered.contains(&reads) {
            self.answered.push(reads);
        }
        self.refusals.retain(|r| !r.covers(repo, reads));
    }

    /// It did not. That keeps others from being asked for only if it `blocks`.
    pub(super) fn went_wrong(
        &mut self,
        repo: RepoId,
        reads: Reads,
        error: &ApiError,
        blocks: bool,
        now: Timestamp,
        random: &mut Random,
    ) {
        let (repo, reads) = match error.kind {
            ProblemKind::Unauthorized if self.capabilities().token_scope == TokenScope::Origin => (None, None),
            ProblemKind::Unauthorized | ProblemKind::Forbidden | ProblemKind::NotFound => (Some(repo), Some(reads)),
            // Without CORS headers a refusal looks like a network that is down, so other kinds of things may be had.
            _ => (None, Some(reads)),
        };
        let known = self.refusals.iter().position(|r| (r.repo, r.reads) == (repo, reads));
        let failures = known.and_then(|at| self.refusals.get(at)).map_or(0, |r| r.failures) + 1;
        let passes = error.is_passing() || forge::is_outage(error);
        let pause = if passes { wait(failures, error.retry_after, random) } else { REFUSED };
        let until = blocks.then(|| now + pause);
        let refusal = Refusal { repo, reads, error: error.clone(), failures, until };
        match known.and_then(|at| self.refusals.get_mut(at)) {
            Some(known) => *known = refusal,
            None => self.refusals.push(refusal),
        }
    }
}

impl Refusal {
    fn covers(&self, repo: RepoId, reads: Reads) -> bool {
        self.repo.is_none_or(|of| of == repo) && self.reads.is_none_or(|of| of == reads)
    }
}

#[derive(Debug, Default)]
pub(super) struct Origins {
    all: Vec<OriginState>,
    /// Credentials that somebody asks about and that no request was sent for.
    checks: Vec<(OriginId, CredentialCheck)>,
}

impl Origins {
    /// The number of an origin, given now if it has none.
    pub(super) fn intern(&mut self, origin: &Origin, forge: &Forge) -> OriginId {
        self.find(origin).unwrap_or_else(|| {
            self.all.push(OriginState::new(origin.clone(), forge.clone()));
            OriginId(self.all.len() - 1)
        })
    }

    pub(super) fn find(&self, origin: &Origin) -> Option<OriginId> {
        self.all.iter().position(|state| state.origin == *origin).map(OriginId)
    }

    pub(super) fn get(&self, id: OriginId) -> Option<&OriginState> {
        self.all.get(id.0)
    }

    pub(super) fn get_mut(&mut self, id: OriginId) -> Option<&mut OriginState> {
        self.all.get_mut(id.0)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (OriginId, &OriginState)> {
        self.all.iter().enumerate().map(|(index, state)| (OriginId(index), state))
    }

    /// The token for an origin: its own, or the one for its forge's API where that is good for both.
    pub(super) fn token(&self, id: OriginId) -> Option<Secret> {
        let state = self.get(id)?;
        if state.token.is_some() {
            return state.token.clone();
        }
        let api = self.get(self.find(state.forge.api().origin())?)?;
        forge::secret_for(&state.forge, &state.origin, api.token.as_ref()?)
    }

    /// Gives an origin a credential, or takes it away. Returns the origins that are asked with it.
    #[must_use]
    pub(super) fn set_token(&mut self, origin: &Origin, token: Option<&Secret>) -> Vec<Origin> {
        let of_api = self.all.iter().filter(|state| state.forge.api().origin() == origin);
        let touched = std::iter::once(origin).chain(of_api.flat_map(|state| forge::origins(&state.forge)));
        let touched: Vec<Origin> = touched.cloned().collect();
        for state in self.all.iter_mut().filter(|state| touched.contains(&state.origin)) {
            let own = if state.origin == *origin { token.cloned() } else { state.token.clone() };
            state.set_token(own);
        }
        touched
    }

    /// Nothing is visible any more, as far as is known.
    pub(super) fn forget_visible(&mut self) {
        self.all.iter_mut().for_each(|state| state.visible.clear());
    }

    /// Somebody asks by hand: what was refused may be tried again, also before a `Retry-After` has passed.
    pub(super) fn refresh_by_hand(&mut self) {
        self.all.iter_mut().for_each(|state| state.bucket.end_wait());
        self.try_again();
    }

    /// Forgets what was refused of repositories that nobody names any more.
    pub(super) fn forget_refusals(&mut self, is_named: impl Fn(RepoId) -> bool) {
        for state in &mut self.all {
            state.refusals.retain(|refusal| refusal.repo.is_none_or(&is_named));
        }
    }

    /// The network is back: what was refused may be tried again.
    pub(super) fn try_again(&mut self) {
        let refusals = self.all.iter_mut().flat_map(|state| &mut state.refusals);
        refusals.for_each(|refusal| refusal.until = None);
    }

    /// Somebody asks whether the credential for an origin is good.
    pub(super) fn start_test(&mut self, origin: &Origin) {
        let Some(id) = self.find(origin) else { return };
        self.checks.push((id, CredentialCheck::Call));
        if let Some(state) = self.get_mut(id) {
            state.test = Some(CredentialTest::Running);
        }
    }

    /// What the last test of an origin's credential came to.
    pub(super) fn test_of(&self, origin: &Origin) -> Option<CredentialTest> {
        self.get(self.find(origin)?)?.test.clone()
    }

    /// The next request that asks whether a credential works.
    pub(super) fn next_check(&mut self) -> Option<(OriginId, CredentialCheck, Request)> {
        let (id, check) = self.checks.pop()?;
        let token = self.token(id);
        let state = self.get(id)?;
        let request = match check {
            CredentialCheck::Call => forge::request_test(&state.forge, token.as_ref()),
            CredentialCheck::Probe => Request::probe(&state.origin),
            CredentialCheck::Owner => forge::request_owner(&state.forge, token.as_ref()),
        };
        Some((id, check, request))
    }

    /// Takes in the answer to such a request.
    pub(super) fn apply_check(&mut self, id: OriginId, check: CredentialCheck, result: Result<Response, NetError>) {
        let has_token = self.token(id).is_some();
        let Some(state) = self.get_mut(id) else { return };
        let failed = |state: &OriginState, error: &ApiError| {
            let (what, hint) = forge::explain(error, &state.forge, Reads::Runs, has_token);
            CredentialTest::Failed { what, hint }
        };
        let result = result.map_err(ApiError::from);
        let test = match (check, result) {
            (CredentialCheck::Call, result) => {
                match result.and_then(|response| forge::parse_test(state.service, &response)) {
                    Ok(()) if has_token => {
                        state.test = Some(CredentialTest::Passed("Token accepted.".to_owned(), None));
                        self.checks.push((id, CredentialCheck::Owner));
                        return;
                    }
                    Ok(()) => CredentialTest::Passed("It answers without a token.".to_owned(), None),
                    // A refusal without CORS headers looks like a network that is down.
                    Err(error) if error.kind == ProblemKind::Unreachable => {
                        self.checks.push((id, CredentialCheck::Probe));
                        return;
                    }
                    Err(error) => failed(state, &error),
                }
            }
            // Who may not ask that has a token that works nevertheless.
            (CredentialCheck::Owner, answer) => {
                let Some(owner) = answer.ok().as_ref().and_then(forge::parse_owner) else { return };
                CredentialTest::Passed(format!("Token of {owner} accepted."), Some(owner))
            }
            (CredentialCheck::Probe, Ok(_)) => failed(state, &ApiError::new(ProblemKind::Unauthorized, "")),
            (CredentialCheck::Probe, Err(_)) => CredentialTest::Failed {
                what: format!("{} cannot be reached from here.", state.origin),
                hint: "No host of that name answers: check the address in config.json, the network, a VPN or a proxy."
                    .to_owned(),
            },
        };
        state.test = Some(test);
    }
}
