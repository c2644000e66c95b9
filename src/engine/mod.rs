//! What to ask next, and what an answer changes. Pure: it is told what the clocks show, returns requests, is given answers.
//!
//! The loop around it (`web` in the page, a simulation in the tests) is always the same: [`Engine::poll`] says what to
//! send, every answer goes to [`Engine::answer`], [`Engine::wake_at`] says when to poll again, and
//! [`Engine::publish`] says when the views should look at the store anew.
//!
//! One [`rows::Reader`] a project reads its rows, [`forge`] asks what became of what they name, [`cache`] keeps what
//! never changes.

pub mod backoff;
pub mod cache;
pub mod clock;
pub mod forge;
pub mod rows;

use std::time::Duration;

use self::{
    backoff::Random,
    cache::CacheWrite,
    clock::{Clock, Now, SteadyClock},
    forge::{CredentialTest, ForgeEngine, RemainingRequests, VisibleSet},
    rows::{Haste, Lane, Reader},
};
use crate::{
    config::Config,
    domain::{
        deployment::Deployment, id::CommitId, link::Link, manifests::BranchEnd, problem::Problem, time::Timestamp,
    },
    http::{ApiError, NetError, Origin, Request, Response, secret::Secret},
    model::{
        assemble::assemble,
        fold::is_same,
        rings::RingNames,
        store::{Delta, Slot, Store},
        sync::Syncs,
    },
};

/// Requests under way at once to one table service.
pub const IN_FLIGHT: usize = 6;

/// The views look anew at most this often while rows stream in.
const PUBLISH_EVERY: Duration = Duration::from_millis(200);

/// A request's number, to find its answer's place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RequestId(u32);

/// What the world outside is to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// Send this, and bring the answer.
    Send(RequestId, Request),
    /// Nobody wants that answer any more.
    Abort(RequestId),
}

#[derive(Clone, Copy, Debug)]
struct InFlight {
    id: RequestId,
    reader: usize,
    lane: Lane,
    job: usize,
    /// When it was sent, in steady time.
    sent_at: Timestamp,
}

/// What is being read, for the progress bar.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Progress {
    /// Rows known.
    pub rows: usize,
    /// How much of the way, from 0 to 1.
    pub part: f32,
}

/// Everything that is asked and known.
#[derive(Debug)]
pub struct Engine {
    store: Store,
    syncs: Syncs,
    readers: Vec<Reader>,
    forges: ForgeEngine,
    /// Where each reader's requests go. Projects that share an account share its limit.
    origins: Vec<Option<Origin>>,
    in_flight: Vec<InFlight>,
    aborted: Vec<RequestId>,
    next_id: u32,
    random: Random,
    clock: SteadyClock,
    page: Box<str>,
    online: bool,
    visible: bool,
    changed: bool,
    /// What changed is what forges told, which comes in many small answers.
    told: bool,
    published: Option<Timestamp>,
    /// What has been published and nobody has taken note of yet.
    delta: Delta,
}

impl Engine {
    /// An engine for a configuration. `page` is this page's origin, for explanations; `seed` scatters retries.
    #[must_use]
    pub fn new(config: &Config, page: &str, seed: u64) -> Self {
        let names = config.projects.iter().map(|p| p.name.clone()).collect();
        let readers: Vec<Reader> = config
            .projects
            .iter()
            .enumerate()
            .map(|(i, project)| Reader::new(i, project.name.clone(), &project.storage, config.refresh))
            .collect();
        let mut store = Store::new(names, RingNames::new(&config.rings));
        let forges = ForgeEngine::new(config, seed);
        if forges.is_used() {
            store.watch_fresh();
        }
        Self {
            store,
            forges,
            syncs: Syncs::new(&config.rings, &config.clusters),
            origins: readers.iter().map(Reader::origin).collect(),
            readers,
            in_flight: Vec::new(),
            aborted: Vec::new(),
            next_id: 0,
            random: Random::new(seed),
            clock: SteadyClock::default(),
            page: page.into(),
            online: true,
            visible: true,
            changed: false,
            told: false,
            published: None,
            delta: Delta::default(),
        }
    }

    /// What is known.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// What clusters reported.
    #[must_use]
    pub const fn syncs(&self) -> &Syncs {
        &self.syncs
    }

    /// Who reads what.
    #[must_use]
    pub fn readers(&self) -> &[Reader] {
        &self.readers
    }

    /// The moment that the clocks show. What was under way when the device fell asleep is given up.
    fn read_clock(&mut self, clock: impl Into<Clock>) -> Now {
        let (now, has_slept) = self.clock.read(clock.into());
        if has_slept {
            (0..self.readers.len()).for_each(|index| self.give_up(index));
            self.readers.iter_mut().for_each(Reader::wake);
            self.forges.network_is_back();
        }
        now
    }

    /// What to send, and what to give up.
    pub fn poll(&mut self, clock: impl Into<Clock>) -> Vec<Command> {
        let now = self.read_clock(clock);
        let mut commands: Vec<Command> = self.aborted.drain(..).map(Command::Abort).collect();
        // One step at a time: the page may have something to do in between.
        if let Some(reader) = self.readers.iter_mut().find(|reader| reader.is_behind()) {
            self.changed |= reader.read_some(now, &mut self.store, &mut self.syncs, &mut self.random);
        }
        for reader in &mut self.readers {
            reader.plan(now, self.visible, &self.store, &self.syncs);
        }
        // What is new in any project comes before what is old in another.
        for haste in [Haste::Now, Haste::Later] {
            for index in 0..self.readers.len() {
                while self.online && !self.is_busy(index) {
                    let next = self.readers.get_mut(index).and_then(|r| r.next_request(now, self.visible, haste));
                    let Some((lane, job, request)) = next else { break };
                    let id = RequestId(self.next_id);
                    self.next_id = self.next_id.wrapping_add(1);
                    self.in_flight.push(InFlight { id, reader: index, lane, job, sent_at: now.steady });
                    commands.push(Command::Send(id, request));
                }
            }
        }
        let now = now.steady;
        self.told |= self.forges.plan(now, &mut self.store, &mut self.syncs);
        self.told |= self.forges.export_signals(&mut self.syncs);
        self.changed |= self.told;
        let next_id = &mut self.next_id;
        let asked = self.forges.poll(now, self.online && self.visible, || {
            let id = RequestId(*next_id);
            *next_id = next_id.wrapping_add(1);
            id
        });
        commands.extend(asked.into_iter().map(|(id, request)| Command::Send(id, request)));
        commands
    }

    /// Whether as much as may be is under way to where a reader's rows are.
    fn is_busy(&self, reader: usize) -> bool {
        let width = self.readers.get(reader).map_or(IN_FLIGHT, Reader::width);
        self.count_in_flight(reader) >= width
    }

    fn count_in_flight(&self, reader: usize) -> usize {
        let here = self.origins.get(reader);
        self.in_flight.iter().filter(|f| self.origins.get(f.reader) == here).count()
    }

    /// Takes an answer in. One that was given up is ignored.
    pub fn answer(&mut self, id: RequestId, result: Result<Response, NetError>, clock: impl Into<Clock>) {
        // An answer that came is no longer given up, even if the device slept before.
        let asked = self.in_flight.iter().position(|f| f.id == id).map(|index| {
            let among = self.in_flight.get(index).map_or(1, |f| self.count_in_flight(f.reader));
            (self.in_flight.swap_remove(index), among)
        });
        let now = self.read_clock(clock);
        if self.forges.has_asked(id) {
            self.told |= self.forges.apply_answer(id, result, now.steady, &mut self.store, &mut self.random);
            self.told |= self.forges.export_signals(&mut self.syncs);
            self.changed |= self.told;
            return;
        }
        let Some((asked, among)) = asked else { return };
        if let Some(reader) = self.readers.get_mut(asked.reader) {
            let result = result.map_err(ApiError::from);
            let line = (now.steady.since(asked.sent_at), among);
            let (store, syncs) = (&mut self.store, &mut self.syncs);
            self.changed |= reader.take(asked.lane, asked.job, result, line, now, store, syncs, &mut self.random);
        }
    }

    /// When to poll again if no answer comes before, by the wall clock as it was at the last call.
    #[must_use]
    pub fn wake_at(&self) -> Option<Timestamp> {
        if self.readers.iter().any(Reader::is_behind) {
            return self.clock.last().map(|now| now.wall);
        }
        // Where as much as may be is under way, nothing can be done before an answer comes.
        let free = self.readers.iter().enumerate().filter(|&(index, _)| !self.is_busy(index));
        let readers = free.filter_map(|(_, r)| r.wake_at(self.visible, self.online));
        let publish = self.changed.then(|| self.publish_at()).flatten();
        readers.chain(publish).chain(self.forges.wake_at()).min().map(|at| self.clock.to_wall(at))
    }

    /// Whether the views should look anew. Brings the store's order up to date if so.
    ///
    /// While the recent rows are still coming, the views keep what they drew first: pages come in the order of keys,
    /// and showing each would let newer rows push in above older ones again and again.
    pub fn publish(&mut self, clock: impl Into<Clock>) -> bool {
        let now = self.read_clock(clock).steady;
        if !self.changed || self.publish_at().is_none_or(|at| at > now) {
            return false;
        }
        self.store.settle();
        let mut delta = self.store.take_delta();
        self.syncs.follow(&self.store, &mut delta);
        self.delta.add(&delta);
        (self.changed, self.told) = (false, false);
        self.published = Some(now);
        true
    }

    /// What has been published since the last time.
    pub fn take_delta(&mut self) -> Delta {
        std::mem::take(&mut self.delta)
    }

    /// When what has changed may be shown; `None` while it should wait for more.
    fn publish_at(&self) -> Option<Timestamp> {
        match self.published {
            None => Some(Timestamp::from_millis(i64::MIN)),
            Some(_) if self.readers.iter().any(Reader::is_reading_recent) => None,
            Some(last) if self.readers.iter().any(Reader::is_first_read) || self.told => Some(last + PUBLISH_EVERY),
            Some(last) => Some(last),
        }
    }

    /// Whether every project's recent rows, or its failure, are known: there is something to show.
    #[must_use]
    pub fn is_ready(&self, clock: impl Into<Clock>) -> bool {
        let now = self.at(clock);
        !self.store.is_empty() || self.readers.iter().all(|r| r.has_answered(now))
    }

    /// The moment that the clocks show, where nothing follows from it.
    fn at(&self, clock: impl Into<Clock>) -> Now {
        let mut steady = self.clock;
        steady.read(clock.into()).0
    }

    /// What is being read, if anything is besides a refresh.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        // Those that have all their rows count too, or the bar would fall back whenever one has.
        let parts: Vec<f32> = self.readers.iter().filter(|r| r.is_active()).map(Reader::part).collect();
        let part = parts.iter().sum::<f32>() / parts.len().max(1) as f32;
        self.readers.iter().any(Reader::is_loading).then_some(Progress { rows: self.store.len(), part })
    }

    /// When the oldest of the projects was last known to be up to date, by the wall clock as it is now.
    #[must_use]
    pub fn fresh_at(&self) -> Option<Timestamp> {
        let active = self.readers.iter().filter(|r| r.is_active());
        active.map(Reader::fresh_at).min().flatten().map(|at| self.clock.to_wall(at))
    }

    /// What is wrong.
    #[must_use]
    pub fn problems(&self, clock: impl Into<Clock>) -> Vec<Problem> {
        let now = self.at(clock);
        let active = self.readers.iter().filter(|r| r.is_active());
        let of_rows = active.flat_map(|r| r.problems(&self.page, self.online, now));
        self.dated(of_rows.chain(self.forges.problems(now.steady)).collect())
    }

    /// The same with times by the wall clock.
    fn dated(&self, mut problems: Vec<Problem>) -> Vec<Problem> {
        for problem in &mut problems {
            problem.retry_at = problem.retry_at.map(|at| self.clock.to_wall(at));
        }
        problems
    }

    /// One deployment, with all that is known of it.
    #[must_use]
    pub fn deployment(&self, slot: Slot) -> Option<Deployment> {
        assemble(&self.store, slot, self.syncs.of_slot(&self.store, slot))
    }

    /// What became of the branch that a deployment was built from, where that is known.
    #[must_use]
    pub fn branch_end(&self, slot: Slot) -> Option<BranchEnd> {
        self.forges.branch_end(slot, &self.store)
    }

    /// Where to see a commit of a project's manifests.
    #[must_use]
    pub fn manifest_link(&self, project: usize, id: &CommitId) -> Option<Link> {
        self.forges.manifest_link(project, id)
    }

    /// The forge's page with what lies between the sources of two deployments, the older first.
    #[must_use]
    pub fn compare_link(&self, old: Slot, new: Slot) -> Option<Link> {
        self.forges.compare_link(&self.store, old, new)
    }

    /// What somebody sees now: forges are asked about nothing else.
    pub fn set_visible_set(&mut self, visible: VisibleSet) {
        self.forges.set_visible(visible);
    }

    /// Gives an origin of forges a credential, or takes it away.
    pub fn set_token(&mut self, origin: &Origin, token: Option<Secret>) {
        self.forges.set_token(origin, token.as_ref());
    }

    /// What the browser kept from earlier visits: chunks by name, none where it keeps nothing. No forge is asked before.
    pub fn restore(&mut self, chunks: Vec<(String, Vec<u8>)>) {
        self.forges.restore(chunks, &self.store);
    }

    /// What the browser is to keep, and to throw away.
    pub fn take_cache_writes(&mut self, clock: impl Into<Clock>) -> Vec<CacheWrite> {
        let now = self.at(clock);
        self.forges.take_cache_writes(now.steady)
    }

    /// How many facts about finished work the browser keeps.
    #[must_use]
    pub fn kept_count(&self) -> usize {
        self.forges.count_cached()
    }

    /// Throws away what the browser keeps of finished work.
    pub fn forget_kept(&mut self) {
        self.forges.forget_cached();
    }

    /// Asks an origin, with one harmless question, whether its credential is good.
    pub fn test(&mut self, origin: &Origin) {
        self.forges.test(origin);
    }

    /// What the last such test came to.
    #[must_use]
    pub fn tested(&self, origin: &Origin) -> Option<CredentialTest> {
        self.forges.test_of(origin)
    }

    /// How many requests an origin has left, as far as it says.
    #[must_use]
    pub fn budget(&self, origin: &Origin) -> Option<RemainingRequests> {
        self.forges.remaining(origin)
    }

    /// What is wrong with one origin of forges.
    #[must_use]
    pub fn origin_problems(&self, origin: &Origin, clock: impl Into<Clock>) -> Vec<Problem> {
        let now = self.at(clock);
        self.dated(self.forges.origin_problems(origin, now.steady))
    }

    /// Whether the page can be seen. Nothing is refreshed while it cannot.
    pub fn set_visible(&mut self, visible: bool) {
        if visible && !self.visible {
            self.readers.iter_mut().for_each(Reader::seen_again);
        }
        self.visible = visible;
    }

    /// Whether the device has a network.
    pub fn set_online(&mut self, online: bool) {
        if online && !self.online {
            self.readers.iter_mut().for_each(Reader::network_is_back);
            self.forges.network_is_back();
        }
        self.online = online;
    }

    /// How often to refresh; `None` is by hand.
    pub fn set_refresh(&mut self, every: Option<Duration>) {
        self.readers.iter_mut().for_each(|r| r.set_refresh(every));
        self.forges.set_refresh(every);
    }

    /// Reads only these projects, and gives up what is under way for others. An empty list is all of them.
    pub fn set_projects(&mut self, wanted: &[String]) {
        for index in 0..self.readers.len() {
            let Some(reader) = self.readers.get_mut(index) else { continue };
            let active = wanted.is_empty() || wanted.iter().any(|w| is_same(w, reader.name().as_str()));
            if reader.set_active(active) && !active {
                self.give_up(index);
            }
        }
    }

    /// Gives a project's storage a credential, or takes it away, and starts over with it.
    pub fn set_sas(&mut self, project: usize, sas: Option<Secret>) {
        self.give_up(project);
        if let Some(reader) = self.readers.get_mut(project) {
            reader.set_sas(sas);
        }
    }

    /// Reads everything anew now: what changed, and what has been deleted.
    pub fn refresh(&mut self) {
        self.readers.iter_mut().for_each(Reader::refresh_now);
        self.forges.refresh();
    }

    fn give_up(&mut self, project: usize) {
        let aborted = &mut self.aborted;
        self.in_flight.retain(|f| {
            let ours = f.reader == project;
            if ours {
                aborted.push(f.id);
            }
            !ours
        });
        if let Some(reader) = self.readers.get_mut(project) {
            reader.forget_asked();
        }
    }
}
