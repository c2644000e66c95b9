//! What is known of resources, how it may change, and what is kept of that by the browser.

use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    domain::{
        commit::Commit,
        deployment::Status,
        fact::Fact,
        id::CommitId,
        link::Link,
        pull_request::PullState,
        run::{Run, RunPart},
        time::{Timestamp, days},
    },
    engine::{
        backoff::{Random, wait},
        cache::CachedFact,
    },
    forge::{KnownFacts, PartsCalls, RepoId, Repositories, Resource, ResourceKey},
};

/// What may yet be taken back (a failed run is run again, a closed pull request opened again, a build restored) is
/// asked again when so much time has passed, and after twice as long each time that it is still so, ...
const REVERSIBLE_FIRST: Duration = Duration::from_secs(45);
/// ... up to this.
const REVERSIBLE_LAST: Duration = days(1);

/// How a fact may change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Volatility {
    /// Never.
    Final,
    /// Only if somebody goes to some length.
    Reversible,
    /// By itself: a run that runs.
    Pending,
    /// When somebody decides: a pull request that is open. So too what we do not understand.
    Waiting,
}

/// How a fact may change.
pub(super) fn volatility(fact: &Fact) -> Volatility {
    match fact {
        Fact::Run(run) => match run.status {
            Status::Succeeded => Volatility::Final,
            Status::Failed | Status::Canceled | Status::Skipped => Volatility::Reversible,
            // Somebody may start the rest of it, or has to approve.
            Status::Incomplete | Status::Waiting | Status::Unknown => Volatility::Waiting,
            Status::Running if run.is_waiting() => Volatility::Waiting,
            Status::Queued | Status::Running => Volatility::Pending,
        },
        Fact::PullRequest(pull) => match pull.state {
            PullState::Merged => Volatility::Final,
            PullState::Abandoned => Volatility::Reversible,
            PullState::Open | PullState::Unknown => Volatility::Waiting,
        },
        Fact::Commit(_) | Fact::Project { .. } | Fact::Listed(_) | Fact::Tag(_) | Fact::Compared { .. } => {
            Volatility::Final
        }
        Fact::Log(_)
        | Fact::Tags(_)
        | Fact::Statuses(_)
        | Fact::Approvals(_)
        | Fact::Deployments(_)
        | Fact::Outcome(_)
        | Fact::Branch(_)
        | Fact::BranchPullRequest(_) => Volatility::Waiting,
        Fact::Gone => Volatility::Reversible,
    }
}

/// Whether the parts of a run show what the run does not.
pub(super) fn needs_parts_of(run: &Run, calls: PartsCalls) -> bool {
    match calls {
        PartsCalls::Never => false,
        PartsCalls::OfFailedAndWaiting => matches!(run.status, Status::Failed | Status::Waiting),
        PartsCalls::UnlessPlainlyWell => run.status != Status::Succeeded || run.warned,
    }
}

/// What is known of one resource, and how asking for it goes.
#[derive(Clone, Debug)]
pub(super) struct FactState {
    pub(super) fact: Option<Fact>,
    /// When the request that brought it was sent.
    pub(super) fetched_at: Option<Timestamp>,
    /// The answer's mark, to be sent next time that nothing has changed.
    pub(super) etag: Option<String>,
    /// A request for it is in flight.
    pub(super) in_flight: bool,
    /// Not to be asked before; `None` is at once.
    pub(super) not_before: Option<Timestamp>,
    pub(super) failures: u32,
    /// How many times it was asked again and was still so.
    pub(super) unchanged: u32,
    /// Somebody asked by hand since it was learnt.
    pub(super) is_stale: bool,
    /// To be asked for together with no more than so many others: more were refused.
    pub(super) batch_limit: Option<NonZeroUsize>,
    /// The first way of asking found nothing, and there is another.
    pub(super) otherwise: bool,
    /// What a call for many could not answer.
    pub(super) individually: bool,
    /// The parts of a run are older than the run, or were never read.
    pub(super) parts_stale: bool,
    /// It is kept by the browser.
    pub(super) is_cached: bool,
    /// The last pass over all that is visible that wanted it.
    pub(super) wanted: u32,
}

impl FactState {
    fn new() -> Self {
        Self {
            fact: None,
            fetched_at: None,
            etag: None,
            in_flight: false,
            not_before: None,
            failures: 0,
            unchanged: 0,
            is_stale: false,
            batch_limit: None,
            otherwise: false,
            individually: false,
            parts_stale: true,
            is_cached: false,
            wanted: 0,
        }
    }

    /// It was asked for together with so many, which went wrong: next time half of them are.
    pub(super) fn bisect_batch(&mut self, size: usize) {
        self.batch_limit = Some(NonZeroUsize::new(size / 2).unwrap_or(NonZeroUsize::MIN));
    }

    /// How long what is over stays as it is before it is looked at again.
    pub(super) fn reversible_after(&self) -> Duration {
        REVERSIBLE_FIRST.saturating_mul(1_u32 << self.unchanged.min(12)).min(REVERSIBLE_LAST)
    }

    /// It was asked for at `sent`, and is still so.
    pub(super) fn confirm(&mut self, sent: Timestamp) {
        (self.fetched_at, self.is_stale, self.failures) = (Some(sent), false, 0);
        self.unchanged = self.unchanged.saturating_add(1);
    }

    /// The parts of a run are as they were asked for. What the browser keeps lacks that.
    pub(super) fn note_parts_read(&mut self) {
        self.is_cached &= !std::mem::take(&mut self.parts_stale);
    }

    /// Whether the parts of a run are known, if not all as new as the run.
    pub(super) fn has_parts(&self) -> bool {
        matches!(&self.fact, Some(Fact::Run(run)) if !run.parts.is_empty())
    }

    /// Nothing was learnt: it is asked again later and later.
    pub(super) fn fail(&mut self, retry_after: Option<Duration>, now: Timestamp, random: &mut Random) {
        self.failures += 1;
        self.not_before = Some(now + wait(self.failures, retry_after, random));
    }
}

#[derive(Debug, Default)]
pub(super) struct FactTable {
    states: FxHashMap<ResourceKey, FactState>,
    /// What the browser kept from earlier visits, until something asks for it.
    cached: FxHashMap<Box<str>, CachedFact>,
    /// Repositories of which something was shown, and those of which something was not.
    shown: FxHashSet<RepoId>,
    hidden: FxHashSet<RepoId>,
    /// Resources of repositories that were learnt and have yet to be exported.
    news: Vec<ResourceKey>,
    /// How often it was decided what is wanted.
    pass: u32,
}

impl FactTable {
    pub(super) fn is_empty(&self) -> bool {
        self.states.is_empty() && self.cached.is_empty()
    }

    /// Takes in what earlier visits left.
    pub(super) fn restore(&mut self, cached: Vec<CachedFact>) {
        self.cached.extend(cached.into_iter().map(|cached| (cached.key.clone(), cached)));
    }

    /// How many facts about finished work are kept.
    pub(super) fn count_cached(&self) -> usize {
        self.states.values().filter(|state| state.is_cached).count() + self.cached.len()
    }

    /// Forgets what the browser kept, and that it is kept.
    pub(super) fn forget_cached(&mut self) {
        self.cached.clear();
        self.states.values_mut().for_each(|state| state.is_cached = false);
    }

    /// What the browser kept and nobody has asked for is not needed any more.
    pub(super) fn drop_cached(&mut self) {
        self.cached = FxHashMap::default();
    }

    /// Brings what the browser kept of a resource to hand.
    pub(super) fn recall(&mut self, key: &ResourceKey, repositories: &Repositories) {
        // It may have been wanted already while the browser was still looking for what it kept.
        if self.cached.is_empty() || self.fact(key).is_some() {
            return;
        }
        let Some(cached) = self.cached.remove(repositories.text(key).as_str()) else { return };
        if matches!(key.resource, Resource::Repo(_)) {
            self.news.push(key.clone());
        }
        // Earlier versions did not write down whether parts were asked for: of what did not go well they were.
        let has_read_parts = match &cached.fact {
            Fact::Run(run) => cached.has_read_parts || !run.parts.is_empty() || run.status != Status::Succeeded,
            _ => true,
        };
        let state = self.entry(key);
        state.fact = Some(cached.fact);
        state.fetched_at = Some(cached.fetched_at);
        state.parts_stale = !has_read_parts;
        state.is_cached = true;
    }

    /// What is known of a resource, to write to.
    pub(super) fn entry(&mut self, key: &ResourceKey) -> &mut FactState {
        self.states.entry(key.clone()).or_insert_with(FactState::new)
    }

    pub(super) fn get(&self, key: &ResourceKey) -> Option<&FactState> {
        self.states.get(key)
    }

    /// From here on it is decided anew what is wanted.
    pub(super) const fn begin_pass(&mut self) {
        self.pass = self.pass.wrapping_add(1);
    }

    /// What is known of a resource that is wanted.
    pub(super) fn demand(&mut self, key: &ResourceKey) -> &mut FactState {
        let pass = self.pass;
        let state = self.entry(key);
        state.wanted = pass;
        state
    }

    /// Of how many resources something is known or noted.
    pub(super) fn len(&self) -> usize {
        self.states.len()
    }

    /// Forgets all of what `keep` refuses, unless its answer is awaited.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(&ResourceKey, &FactState) -> bool) {
        self.states.retain(|key, state| state.in_flight || keep(key, state));
        self.states.shrink_to(2 * self.states.len());
    }

    /// All of which something is known or noted.
    pub(super) fn all(&self) -> impl Iterator<Item = (&ResourceKey, &FactState)> {
        self.states.iter()
    }

    /// All that something is known or noted of.
    pub(super) fn keys(&self) -> impl Iterator<Item = &ResourceKey> {
        self.states.keys()
    }

    /// Writes a fact down that was asked for at `sent`. `parts` are those of which runs the parts are asked for.
    /// Returns whether it is news.
    #[must_use]
    pub(super) fn record(&mut self, key: &ResourceKey, mut fact: Fact, sent: Timestamp, parts: PartsCalls) -> bool {
        let state = self.entry(key);
        if state.fetched_at > Some(sent) && state.fact.is_some() {
            return false;
        }
        let is_news;
        // The parts of a run come by another answer, and stay until that does. Where none will come, they would show
        // for ever how it stood before: what failed in a run that was run again, or ran in one that went well.
        if let (Fact::Run(new), Some(Fact::Run(old))) = (&mut fact, &state.fact) {
            let is_well = |part: &RunPart| matches!(part.status, Status::Succeeded | Status::Skipped);
            let still_hold = new.status == Status::Succeeded && old.parts.iter().all(is_well);
            if new.parts.is_empty() && (still_hold || needs_parts_of(new, parts)) {
                Arc::make_mut(new).parts.clone_from(&old.parts);
            }
            is_news = new != old;
            let may_change = volatility(&Fact::Run(Arc::clone(new))) != Volatility::Final;
            state.parts_stale |= is_news || may_change && (old.status.is_under_way() || old.is_waiting());
        } else {
            is_news = state.fact.as_ref() != Some(&fact);
        }
        state.confirm(sent);
        state.batch_limit = None;
        if is_news {
            (state.is_cached, state.unchanged) = (false, 0);
            let is_gone = fact == Fact::Gone;
            state.fact = Some(fact);
            let repos = if is_gone { &mut self.hidden } else { &mut self.shown };
            repos.insert(key.repo);
            if matches!(key.resource, Resource::Repo(_)) {
                self.news.push(key.clone());
            }
        }
        is_news
    }

    /// Writes the parts of a run down. Returns whether they are news.
    #[must_use]
    pub(super) fn apply_parts(&mut self, key: &ResourceKey, parts: Vec<RunPart>) -> bool {
        let state = self.entry(key);
        state.note_parts_read();
        match &mut state.fact {
            Some(Fact::Run(run)) if run.parts != parts => {
                Arc::make_mut(run).parts = parts;
                state.is_cached = false;
                true
            }
            _ => false,
        }
    }

    /// Resources of repositories that were learnt since the last time.
    pub(super) fn take_news(&mut self) -> Vec<ResourceKey> {
        std::mem::take(&mut self.news)
    }

    /// Has a resource exported again: another project needs it too.
    pub(super) fn announce(&mut self, key: &ResourceKey) {
        self.news.push(key.clone());
    }

    /// A new credential: what was not shown may have been there all the time, and what failed may go well.
    pub(super) fn forget_refusals(&mut self, mut is_touched: impl FnMut(&ResourceKey) -> bool) {
        for (_, state) in self.states.iter_mut().filter(|(key, _)| is_touched(key)) {
            if matches!(state.fact, Some(Fact::Gone)) {
                state.fact = None;
            }
            let fresh = FactState::new();
            (state.failures, state.not_before, state.batch_limit) =
                (fresh.failures, fresh.not_before, fresh.batch_limit);
            (state.otherwise, state.individually, state.etag) = (false, false, None);
        }
        self.hidden.clear();
    }

    /// Repositories of which nothing that was asked for is to be seen.
    pub(super) fn hidden(&self) -> Vec<RepoId> {
        let mut hidden: Vec<RepoId> = self.hidden.iter().filter(|repo| !self.shown.contains(repo)).copied().collect();
        hidden.sort_unstable();
        hidden
    }

    /// When a resource was learnt.
    pub(super) fn fetched_at(&self, key: &ResourceKey) -> Option<Timestamp> {
        self.get(key).filter(|state| state.fact.is_some()).and_then(|state| state.fetched_at)
    }

    /// The commit of that key, if it is the one whose id is wanted.
    pub(super) fn commit(&self, key: &ResourceKey, id: &CommitId) -> Option<&Commit> {
        match self.fact(key)? {
            Fact::Commit(commit) if commit.id.is_same_as(id) => Some(commit),
            _ => None,
        }
    }

    /// The address of a project, where that has to be asked for and is known.
    pub(super) fn project_link(&self, repo: RepoId) -> Option<&Link> {
        match self.fact(&ResourceKey { repo, resource: Resource::Project })? {
            Fact::Project { web, .. } => Some(web),
            _ => None,
        }
    }
}

impl KnownFacts for FactTable {
    fn fact(&self, key: &ResourceKey) -> Option<&Fact> {
        self.get(key)?.fact.as_ref()
    }
}
