//! What forges know of the deployments in sight: what to ask them next, and what an answer changes.
//!
//! Asked in this order, inside each origin's [budget]: what is on screen and running, what is on screen and unknown,
//! what the rings need, what is on screen and told by its row alone; then nothing. What nobody sees is not asked, what
//! is finished is asked once and kept, and nothing is asked twice at a time. What is learnt is [laid over](overlay) the
//! rows in the store, so that search, filters and order know of it.
//!
//! No request is made to an address that a row holds: rows name repositories, the configuration names forges.

mod ask;
mod budget;
mod facts;
mod learn;
mod line;
mod manifests;
mod needs;
mod places;
mod show;
mod slot_facts;

use std::{collections::VecDeque, time::Duration};

use rustc_hash::FxHashMap;

use self::{
    ask::Question,
    facts::{Facts, Lasting, lasting},
    learn::wants_parts_of,
    line::Line,
    manifests::Manifests,
    needs::{Needs, ProjectForges},
    places::{Key, PlaceId, Places},
};
pub use self::{budget::IN_FLIGHT, line::Tested, show::Left};
use super::{
    RequestId,
    cache::{Fact, Keep, Keeper},
};
use crate::{
    config::{ClusterRule, Config, Forge, secret::Secret},
    domain::{deployment::Status, id::CommitId, pull_request::PullState, time::Timestamp},
    forge::azure_devops,
    http::Origin,
    model::{
        journey::{RUNS, Texts, pull_state, stated},
        overlay::is_over,
        store::{Slot, Store},
        sync::Syncs,
    },
    storage::row::Field,
};

/// Rows that fly by while somebody scrolls are not asked for: only what stays so long.
const SETTLES: Duration = Duration::from_millis(150);
/// What runs is asked again so often, while somebody looks at it.
const RUNNING_EVERY: Duration = Duration::from_secs(5);
/// So many rows out of sight are brought up to date with what is known at a time.
const SLICE: usize = 200;
/// Between two slices.
const PAUSE: Duration = Duration::from_millis(1);

/// What somebody sees.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sight {
    /// Deployments on screen, the first ones first: rows of the table, and the one whose details are open.
    pub screen: Vec<Slot>,
    /// Deployments that the rings show.
    pub board: Vec<Slot>,
    /// Deployments of whose branches it is to be known whether they have ended: the newest of each feature ring.
    pub branches: Vec<Slot>,
    /// Pairs of deployments of one service, the older first, of whose source the commits between are to be counted.
    pub spans: Vec<(Slot, Slot)>,
    /// What is seen hangs on what clusters have, whatever that is: a filter asks for it.
    pub by_cluster: bool,
}

/// How soon something is asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Rank {
    /// On screen and running.
    Running,
    /// On screen and unknown.
    Unknown,
    /// What the rings need.
    Board,
    /// On screen; its row tells, and its forge may know better.
    Told,
}

/// Something to ask for.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Want {
    rank: Rank,
    key: Key,
    /// The parts of a run instead of the run.
    parts: bool,
    due: Timestamp,
    /// It is known, and moves.
    is_repeat: bool,
}

/// What has been seen of one deployment.
#[derive(Debug)]
struct Seen {
    needs: Needs,
}

#[derive(Debug)]
struct UnderWay {
    id: RequestId,
    line: usize,
    epoch: u32,
    place: PlaceId,
    sent: Timestamp,
    question: Question,
}

/// Everything about forges.
#[derive(Debug)]
pub(super) struct Forges {
    projects: Vec<Option<ProjectForges>>,
    places: Places,
    facts: Facts,
    lines: Vec<Line>,
    sight: Sight,
    /// When what is in sight last changed, until it has settled.
    moved_at: Option<Timestamp>,
    has_moved: bool,
    wants: Vec<Want>,
    /// Where in `wants` a thing is, or the parts of a run.
    wanted: FxHashMap<(Key, bool), usize>,
    is_dirty: bool,
    /// Something that was known is no more, so that what deployments name may have to be looked for elsewhere.
    has_forgotten: bool,
    under_way: Vec<UnderWay>,
    /// Tests of credentials that somebody asked for, by line.
    to_test: Vec<(usize, Question)>,
    seen: FxHashMap<Slot, Seen>,
    watchers: FxHashMap<Key, Vec<Slot>>,
    /// Commits on which runs ran, to find them by.
    ran_on: FxHashMap<Key, CommitId>,
    /// The repository in which a pull request of Azure DevOps is, where that is known.
    repositories: FxHashMap<Key, Box<str>>,
    /// Rows out of sight that have yet to be brought up to date.
    behind: VecDeque<Slot>,
    /// By project.
    manifests: Vec<Option<Manifests>>,
    rules: Vec<ClusterRule>,
    /// Pages of history that were read besides the newest, and commits whose parents no list told.
    pages: FxHashMap<PlaceId, u32>,
    unclear: FxHashMap<PlaceId, Vec<CommitId>>,
    /// For which projects commits between two are counted.
    counting: FxHashMap<Key, Vec<usize>>,
    /// Things of repositories that were learnt and have yet to be handed on.
    news: Vec<Key>,
    keeper: Keeper,
    to_keep: Vec<Keep>,
    is_restored: bool,
    every: Option<Duration>,
    by_hand: bool,
    wake: Option<Timestamp>,
}

impl Forges {
    pub(super) fn new(config: &Config, seed: u64) -> Self {
        let mut forges = Self {
            projects: ProjectForges::all(config),
            places: Places::default(),
            facts: Facts::default(),
            lines: Vec::new(),
            sight: Sight::default(),
            moved_at: None,
            has_moved: false,
            wants: Vec::new(),
            wanted: FxHashMap::default(),
            is_dirty: false,
            has_forgotten: false,
            under_way: Vec::new(),
            to_test: Vec::new(),
            seen: FxHashMap::default(),
            watchers: FxHashMap::default(),
            ran_on: FxHashMap::default(),
            repositories: FxHashMap::default(),
            behind: VecDeque::new(),
            manifests: Vec::new(),
            rules: Vec::new(),
            pages: FxHashMap::default(),
            unclear: FxHashMap::default(),
            counting: FxHashMap::default(),
            news: Vec::new(),
            keeper: Keeper::new(seed),
            to_keep: Vec::new(),
            is_restored: false,
            every: config.refresh,
            by_hand: false,
            wake: None,
        };
        for pipelines in config.projects.iter().filter_map(|p| p.pipelines.as_ref()) {
            for forge in [&pipelines.build, &pipelines.release, &pipelines.manifest] {
                forges.line(forge.api().origin(), forge);
                if let Forge::AzureDevOps(at) = forge {
                    forges.line(at.release_api.origin(), forge);
                }
            }
        }
        forges.add_manifests(config);
        forges
    }

    /// Whether any project has forges to ask.
    pub(super) fn is_used(&self) -> bool {
        self.projects.iter().any(Option::is_some) || self.manifests.iter().any(Option::is_some)
    }

    /// The line to an origin, made now if there is none.
    fn line(&mut self, origin: &Origin, forge: &Forge) -> usize {
        let known = self.lines.iter().position(|line| line.origin == *origin);
        known.unwrap_or_else(|| {
            self.lines.push(Line::new(origin.clone(), forge.service(), forge.clone()));
            self.lines.len() - 1
        })
    }

    fn find_line(&self, origin: &Origin) -> Option<&Line> {
        self.lines.iter().find(|line| line.origin == *origin)
    }

    /// The token for a line. Azure DevOps' releases are on a host of their own, for which the one token is good too.
    fn token(&self, line: usize) -> Option<Secret> {
        let line = self.lines.get(line)?;
        if line.token.is_some() {
            return line.token.clone();
        }
        let Forge::AzureDevOps(at) = &line.forge else { return None };
        if line.origin != *at.release_api.origin() {
            return None;
        }
        let of_api = self.find_line(at.api.origin())?.token.as_ref()?;
        azure_devops::release_secret(at, of_api)
    }

    /// Gives an origin a credential, or takes it away. What was refused without it is asked again.
    pub(super) fn set_token(&mut self, origin: &Origin, token: Option<Secret>) {
        let touched: Vec<Origin> = {
            let pairs = self.lines.iter().filter_map(|line| match &line.forge {
                Forge::AzureDevOps(at) if *at.api.origin() == *origin => Some(at.release_api.origin().clone()),
                _ => None,
            });
            std::iter::once(origin.clone()).chain(pairs).collect()
        };
        for line in self.lines.iter_mut().filter(|line| touched.contains(&line.origin)) {
            let own = if line.origin == *origin { token.clone() } else { line.token.clone() };
            line.set_token(own);
        }
        let places = &self.places;
        for (key, entry) in self.facts.all_mut() {
            if places.origin(key).is_some_and(|of_key| touched.contains(of_key)) {
                // What it did not show may have been there all the time.
                if matches!(entry.fact, Some(Fact::Gone)) {
                    entry.fact = None;
                }
                (entry.failures, entry.again_at, entry.at_most) = (0, Timestamp::from_millis(i64::MIN), usize::MAX);
                (entry.as_run, entry.alone, entry.etag) = (false, false, None);
            }
        }
        self.facts.forget_hidden();
        self.has_forgotten = true;
        self.is_dirty = true;
    }

    /// What somebody sees now.
    pub(super) fn set_sight(&mut self, sight: Sight) {
        if self.sight != sight {
            self.sight = sight;
            self.has_moved = true;
            self.is_dirty = true;
        }
    }

    pub(super) fn set_refresh(&mut self, every: Option<Duration>) {
        self.every = every;
        self.is_dirty = true;
    }

    /// Asks anew, now, for all in sight that may have changed.
    pub(super) fn refresh(&mut self) {
        self.by_hand = true;
        self.is_dirty = true;
    }

    /// What failed for want of a network need wait no longer.
    pub(super) fn network_is_back(&mut self) {
        self.lines.iter_mut().for_each(|line| line.try_again());
        self.is_dirty = true;
    }

    /// What the browser kept from earlier visits. Nothing is asked before.
    pub(super) fn restore(&mut self, chunks: Vec<(String, Vec<u8>)>, store: &Store) {
        self.facts.restore(self.keeper.restore(chunks));
        self.is_restored = true;
        self.is_dirty = true;
        // What is in sight already may be known now.
        self.has_forgotten = true;
        self.behind = (0..store.slots() as Slot).collect();
    }

    /// What the browser is to keep, and to throw away.
    pub(super) fn take_keep(&mut self, now: Timestamp) -> Vec<Keep> {
        let mut keep = std::mem::take(&mut self.to_keep);
        keep.extend(self.keeper.take(now));
        keep
    }

    pub(super) fn count_kept(&self) -> usize {
        self.facts.count_kept()
    }

    /// Throws away what the browser keeps. What is known stays known while the page is open.
    pub(super) fn forget_kept(&mut self) {
        self.to_keep.extend(self.keeper.clear());
        self.facts.forget_kept();
    }

    /// Decides what is wanted, and brings rows up to date with what is known. Returns whether any has changed.
    pub(super) fn plan(&mut self, now: Timestamp, store: &mut Store, syncs: &mut Syncs) -> bool {
        if !self.is_used() {
            return false;
        }
        if std::mem::take(&mut self.has_moved) {
            self.moved_at = Some(now);
        }
        let fresh = store.take_fresh();
        self.is_dirty |= !fresh.is_empty();
        for slot in fresh {
            self.seen.remove(&slot);
            self.behind.push_back(slot);
        }
        let mut changed = false;
        if std::mem::take(&mut self.is_dirty) {
            if self.by_hand {
                self.lines.iter_mut().for_each(|line| line.try_again());
            }
            self.wants.clear();
            self.wanted.clear();
            self.lines.iter_mut().for_each(|line| line.wanted.clear());
            let sight = std::mem::take(&mut self.sight);
            let forgot = std::mem::take(&mut self.has_forgotten);
            for (slots, is_board) in [(&sight.screen, false), (&sight.board, true)] {
                for &slot in slots {
                    if !store.is_live(slot) {
                        continue;
                    }
                    // What is learnt of one that has been seen is laid over it when it is learnt.
                    if forgot || !self.seen.contains_key(&slot) {
                        changed |= self.see(slot, store);
                    }
                    self.want(slot, is_board, store);
                }
            }
            for &slot in sight.branches.iter().chain(sight.spans.iter().flat_map(|(old, new)| [old, new])) {
                if store.is_live(slot) && (forgot || !self.seen.contains_key(&slot)) {
                    changed |= self.see(slot, store);
                }
            }
            changed |= self.want_manifests(&sight, store, syncs);
            self.sight = sight;
            self.by_hand = false;
            // What is unknown in the order of its ranks; then what is asked anew, whatever has waited longest first, so
            // that no project's keeps another's waiting for ever.
            let place = |want: &Want| match want.is_repeat {
                false => (false, want.rank, Timestamp::from_millis(i64::MIN)),
                true => (true, Rank::Running, want.due),
            };
            self.wants = crate::model::order::ordered(&self.wants, |a, b| place(a).cmp(&place(b)));
        }
        changed | self.catch_up(store)
    }

    /// Brings some rows out of sight up to date.
    fn catch_up(&mut self, store: &mut Store) -> bool {
        let mut changed = false;
        if self.facts.is_empty() {
            self.behind.clear();
        }
        for _ in 0..SLICE {
            let Some(slot) = self.behind.pop_front() else { break };
            if store.is_live(slot) && !self.seen.contains_key(&slot) {
                changed |= self.see(slot, store);
            }
        }
        changed
    }

    /// What a deployment's row names, and with it what is known of that by now.
    fn needs(&mut self, slot: Slot, store: &Store) -> Option<Needs> {
        let row = store.at(slot);
        let forges = self.projects.get(row.project())?.as_ref()?;
        let mut needs = Needs::of(row, forges, &mut self.places, &self.facts);
        let runs: Vec<Key> = needs.runs.iter().flatten().cloned().collect();
        for key in &runs {
            self.facts.recall(key, &self.places);
        }
        if !runs.is_empty() {
            // Where the rest is may be known now from the runs.
            needs = Needs::of(row, forges, &mut self.places, &self.facts);
        }
        let others = needs.commit.iter().map(|(key, _)| key).chain(&needs.pull).chain(&needs.projects);
        for key in needs.runs.iter().flatten().chain(others) {
            self.facts.recall(key, &self.places);
        }
        Some(needs)
    }

    /// Looks at a deployment: lays what is known over its row, and remembers to do so again when more is. Returns
    /// whether that changed it.
    fn see(&mut self, slot: Slot, store: &mut Store) -> bool {
        let Some(needs) = self.needs(slot, store) else { return false };
        for key in needs.keys() {
            let watchers = self.watchers.entry(key.clone()).or_default();
            if !watchers.contains(&slot) {
                watchers.push(slot);
            }
        }
        for (key, commit) in needs.runs.iter().zip(&needs.ran_on) {
            if let (Some(key), Some(commit)) = (key, commit) {
                self.ran_on.entry(key.clone()).or_insert_with(|| commit.clone());
            }
        }
        if let (Some(pull), Some(Forge::AzureDevOps(at))) =
            (&needs.pull, needs.definition.and_then(|p| self.places.get(p)))
            && let Some(repository) = &at.repository
        {
            self.repositories.entry(pull.clone()).or_insert_with(|| repository.clone());
        }
        self.seen.insert(slot, Seen { needs });
        self.lay_over(slot, store)
    }

    /// Adds what a deployment in sight wants to be asked for.
    fn want(&mut self, slot: Slot, is_board: bool, store: &Store) {
        let Some(Seen { needs, .. }) = self.seen.get(&slot) else { return };
        let row = store.at(slot);
        let mut wanted: Vec<(Key, Said)> = Vec::new();
        for (key, fields) in needs.runs.iter().zip(RUNS) {
            let Some(key) = key else { continue };
            let status = stated(row.text(fields.status));
            wanted.push((
                key.clone(),
                match status {
                    Status::Queued | Status::Running => Said::Moving,
                    status if is_over(status) && row.has(fields.end) => Said::All,
                    _ => Said::Little,
                },
            ));
        }
        if let Some(key) = &needs.pull {
            wanted.push((
                key.clone(),
                match pull_state(row.text(Field::PrState)) {
                    PullState::Open => Said::Moving,
                    PullState::Merged | PullState::Abandoned if row.has(Field::PrMergedAt) => Said::All,
                    _ => Said::Little,
                },
            ));
        }
        if let Some((key, _)) = &needs.commit
            && !self.waits_for_whole_id(needs)
        {
            let is_told = row.has(Field::AuthorName) && row.has(Field::CommitMessage);
            wanted.push((key.clone(), if is_told { Said::All } else { Said::Little }));
        }
        wanted.extend(needs.projects.iter().map(|key| (key.clone(), Said::Little)));
        let staged = needs.is_staged.then(|| needs.runs.first().cloned().flatten()).flatten();
        for (key, said) in wanted {
            let is_staged = staged.as_ref() == Some(&key);
            self.want_one(key, said, is_board, is_staged);
        }
    }

    /// Azure DevOps may not know a commit by its short id; its build tells the whole one.
    fn waits_for_whole_id(&self, needs: &Needs) -> bool {
        let Some((key, id)) = &needs.commit else { return false };
        let is_whole = id.as_str().len() >= 40;
        let of_azure = matches!(self.places.get(key.place), Some(Forge::AzureDevOps(_)));
        let build = needs.runs.get(needs.told_by).and_then(Option::as_ref);
        // One that is queued may not know yet.
        let may_tell = |build: &Key| match self.facts.get(build).and_then(|entry| entry.fact.as_ref()) {
            None => true,
            Some(Fact::Run(run)) => run.commit.is_none() && !is_over(run.status),
            Some(_) => false,
        };
        let not_told = build.is_some_and(may_tell);
        of_azure && !is_whole && not_told
    }

    fn want_one(&mut self, key: Key, said: Said, is_board: bool, is_staged: bool) {
        let Some(forge) = self.places.get(key.place).cloned() else { return };
        let Some(origin) = self.places.origin(&key).cloned() else { return };
        let line = self.line(&origin, &forge);
        if let Some(line) = self.lines.get_mut(line) {
            line.is_wanted_for(key.reads());
        }
        let (every, by_hand) = (self.every, self.by_hand);
        let entry = self.facts.entry(&key);
        entry.is_stale |= by_hand;
        if by_hand {
            entry.again_at = entry.again_at.min(entry.learnt);
            entry.failures = 0;
        }
        let last = entry.fact.as_ref().map(lasting);
        let interval = match last {
            Some(Lasting::Moving) => Some(RUNNING_EVERY),
            Some(Lasting::Waiting) => every.map(|every| every.max(RUNNING_EVERY)),
            _ => None,
        };
        let repeat = interval.filter(|_| every.is_some()).map(|interval| entry.learnt + interval);
        let due = match last {
            None => Some(entry.again_at),
            Some(Lasting::Final) => None,
            Some(Lasting::Moving | Lasting::Waiting) if entry.is_stale => Some(entry.again_at),
            Some(Lasting::Moving | Lasting::Waiting) => repeat.map(|at| at.max(entry.again_at)),
            Some(Lasting::Reversible) if entry.is_stale => Some(entry.again_at),
            Some(Lasting::Reversible) => Some((entry.learnt + facts::REVERSIBLE).max(entry.again_at)),
        };
        let rank = match (last, said, is_board) {
            (Some(Lasting::Moving | Lasting::Waiting), _, false) | (None, Said::Moving, false) => Rank::Running,
            (None, Said::Little, false) => Rank::Unknown,
            (Some(Lasting::Reversible | Lasting::Final), _, false) | (None, Said::All, false) => Rank::Told,
            // What the row tells, or is over, is enough for the rings.
            (Some(Lasting::Reversible | Lasting::Final), _, true) | (None, Said::All, true) if !by_hand => return,
            (_, _, true) => Rank::Board,
        };
        let wants_parts = match (&forge, entry.fact.as_ref()) {
            (Forge::AzureDevOps(_), Some(Fact::Run(run))) => is_staged && wants_parts_of(run, true),
            (Forge::GitLab(_), Some(Fact::Run(run))) => wants_parts_of(run, false),
            _ => false,
        };
        // A timeline that was not there may be there now.
        entry.parts_stale |= wants_parts && by_hand;
        let parts_due = (wants_parts && entry.parts_stale).then_some(entry.again_at);
        let is_repeat = last.is_some();
        for (parts, due) in [(false, due), (true, parts_due)] {
            let Some(due) = due else { continue };
            self.push(Want { rank, key: key.clone(), parts, due, is_repeat: is_repeat && !parts });
        }
    }

    /// Adds a want. Rows share commits, pull requests and runs.
    fn push(&mut self, want: Want) {
        let place = *self.wanted.entry((want.key.clone(), want.parts)).or_insert(self.wants.len());
        match self.wants.get_mut(place) {
            Some(known) => known.rank = known.rank.min(want.rank),
            None => self.wants.push(want),
        }
    }

    /// When there is something to do if no answer comes before; as of the last [`Forges::ask`].
    pub(super) const fn wake_at(&self) -> Option<Timestamp> {
        self.wake
    }
}

/// What a row says of a thing by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Said {
    /// That it is under way.
    Moving,
    /// Too little to know how it stands.
    Little,
    /// All that its forge could say.
    All,
}
