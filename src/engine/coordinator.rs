//! Composes the agents: gives each what concerns it, and returns what is to be done.

use std::{collections::VecDeque, time::Duration};

use super::{
    backoff::Random,
    clock::{Now, SteadyClock},
    forges::{ForgeInput, ForgesOrLater},
    message::{Input, Output},
    request_id::{RequestId, RequestIds},
    rows::{Haste, Lane, Reader},
};
use crate::{
    config::Config,
    domain::{clock::Clock, project::ProjectId, time::Timestamp},
    http::{ApiError, NetError, Origin, Response, secret::Secret},
    model::{fold::is_same, rings::RingNames, store::Store, sync::Syncs},
};

/// The views look anew at most this often while rows stream in.
const PUBLISH_EVERY: Duration = Duration::from_millis(200);
/// Added for each row that is known: looking anew costs more with each, and must stay a small share of a whole load.
const PUBLISH_LATER: Duration = Duration::from_micros(10);

/// What forges report of rows on a first look is shown together, unless it takes so long.
const TOGETHER: Duration = Duration::from_secs(2);

/// A request for rows whose answer is awaited.
#[derive(Clone, Copy, Debug)]
struct InFlight {
    id: RequestId,
    project: ProjectId,
    lane: Lane,
    job: usize,
    /// When it was sent, in steady time.
    sent_at: Timestamp,
}

/// Everything that is asked and known.
#[derive(Debug)]
pub struct Engine {
    pub(super) store: Store,
    pub(super) syncs: Syncs,
    pub(super) readers: Vec<Reader>,
    pub(super) forges: ForgesOrLater,
    pub(super) clock: SteadyClock,
    pub(super) page: Box<str>,
    pub(super) online: bool,
    visible: bool,
    /// Where each reader's requests go. Projects that share an account share its limit.
    origins: Vec<Option<Origin>>,
    in_flight: Vec<InFlight>,
    ids: RequestIds,
    random: Random,
    /// What is to be done, as far as it is known.
    outputs: VecDeque<Output>,
    /// Nothing has come since it was decided what is to be done.
    is_planned: bool,
    /// It is time to publish, if there is anything.
    may_publish: bool,
    changed: bool,
    /// Since when what forges reported, which comes in many small answers, has not been published.
    unpublished_since: Option<Timestamp>,
    published: Option<Timestamp>,
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
            .map(|(i, project)| Reader::new(ProjectId::at(i), project.name.clone(), &project.storage, config.refresh))
            .collect();
        let stages = config.projects.iter().map(|project| project.stages.clone()).collect();
        let mut store = Store::new(names, RingNames::new(&config.rings)).with_stages(stages);
        if config.uses_forges() {
            store.watch_fresh();
        }
        Self {
            store,
            forges: ForgesOrLater::Later(Vec::new()),
            syncs: Syncs::new(&config.rings, &config.clusters),
            origins: readers.iter().map(Reader::origin).collect(),
            readers,
            clock: SteadyClock::default(),
            page: page.into(),
            online: true,
            visible: true,
            in_flight: Vec::new(),
            ids: RequestIds::default(),
            random: Random::new(seed),
            outputs: VecDeque::new(),
            is_planned: false,
            may_publish: false,
            changed: false,
            unpublished_since: None,
            published: None,
        }
    }

    /// Takes in what has happened. [`Engine::poll_output`] returns what follows from it.
    pub fn handle_input(&mut self, input: Input, clock: impl Into<Clock>) {
        // An answer that came is no longer given up, even if the device slept before.
        let answered = match &input {
            Input::Response(id, _) => self.take_in_flight(*id),
            _ => None,
        };
        let now = self.read_clock(clock.into());
        self.is_planned = false;
        match input {
            Input::Timer => self.may_publish = true,
            Input::Response(id, result) => self.apply_response(id, answered, result, now),
            Input::Visibility(visible) => self.set_visible(visible),
            Input::Network(online) => self.set_online(online),
            Input::RefreshInterval(every) => {
                self.readers.iter_mut().for_each(|r| r.set_refresh(every));
                self.send_to_forges(ForgeInput::RefreshInterval(every));
            }
            Input::Refresh => {
                self.readers.iter_mut().for_each(Reader::refresh_now);
                self.send_to_forges(ForgeInput::Refresh);
            }
            Input::Projects(wanted) => self.set_projects(&wanted),
            Input::StorageCredential(project, sas) => self.set_sas(project, sas),
            Input::ForgeCredential(origin, token) => self.send_to_forges(ForgeInput::Credential(origin, token)),
            Input::TestCredential(origin) => self.send_to_forges(ForgeInput::TestCredential(origin)),
            Input::VisibleSet(visible) => self.send_to_forges(ForgeInput::VisibleSet(visible)),
            Input::CachedFacts(chunks) => self.send_to_forges(ForgeInput::CachedFacts(chunks)),
            Input::ClearCache => self.send_to_forges(ForgeInput::ClearCache),
            Input::Forges(forges) => {
                self.forges.attach(forges, &self.store);
                // It has links.
                self.changed = true;
            }
        }
    }

    /// What is to be done next, as of the last input.
    pub fn poll_output(&mut self) -> Output {
        if !std::mem::replace(&mut self.is_planned, true)
            && let Some(now) = self.clock.last()
        {
            self.plan(now);
        }
        self.outputs.pop_front().unwrap_or_else(|| Output::Wait(self.wake_at()))
    }

    fn project_ids(&self) -> impl Iterator<Item = ProjectId> + use<> {
        (0..self.readers.len()).map(ProjectId::at)
    }

    fn send_to_forges(&mut self, input: ForgeInput) {
        self.forges.handle_input(input, &self.store);
    }

    /// The moment that the clocks show. What was under way when the device fell asleep is given up.
    fn read_clock(&mut self, clock: Clock) -> Now {
        let (now, has_slept) = self.clock.read(clock);
        if has_slept {
            self.project_ids().for_each(|project| self.give_up(project));
            self.readers.iter_mut().for_each(Reader::wake);
            self.send_to_forges(ForgeInput::NetworkIsBack);
        }
        now
    }

    /// Decides what is to be done.
    fn plan(&mut self, now: Now) {
        // One step at a time: the page may have something to do in between.
        if let Some(reader) = self.readers.iter_mut().find(|reader| reader.is_behind()) {
            self.changed |= reader.read_some(now, &mut self.store, &mut self.syncs, &mut self.random);
        }
        self.plan_rows(now);
        self.plan_forges(now.steady);
        if std::mem::take(&mut self.may_publish) {
            self.publish(now.steady);
        }
    }

    fn plan_rows(&mut self, now: Now) {
        for reader in &mut self.readers {
            reader.plan(now, self.visible, &self.store, &self.syncs);
        }
        // What is new in any project comes before what is old in another.
        for haste in [Haste::Now, Haste::Later] {
            for project in self.project_ids() {
                while self.online && !self.is_busy(project) {
                    let next = project.of_mut(&mut self.readers).and_then(|r| r.next_request(now, self.visible, haste));
                    let Some((lane, job, request)) = next else { break };
                    let id = self.ids.next();
                    self.in_flight.push(InFlight { id, project, lane, job, sent_at: now.steady });
                    self.outputs.push_back(Output::Send(id, request));
                }
            }
        }
    }

    fn plan_forges(&mut self, now: Timestamp) {
        let Some(forges) = self.forges.get_mut() else { return };
        let has_new_facts = forges.plan(now, &mut self.store, &mut self.syncs);
        let requests = forges.poll(now, self.online && self.visible, &mut self.ids);
        self.outputs.extend(requests.into_iter().map(|(id, request)| Output::Send(id, request)));
        self.outputs.extend(forges.take_cache_writes(now).into_iter().map(Output::Persist));
        self.note_new_facts(has_new_facts, now);
    }

    /// Notes whether forges reported anything that is to be published.
    fn note_new_facts(&mut self, has_new_facts: bool, now: Timestamp) {
        if has_new_facts {
            self.changed = true;
            self.unpublished_since.get_or_insert(now);
        }
    }

    /// Whether as much as may be is under way to where a reader's rows are.
    fn is_busy(&self, project: ProjectId) -> bool {
        project.of(&self.readers).is_none_or(|r| self.count_in_flight(project) >= r.width())
    }

    fn count_in_flight(&self, project: ProjectId) -> usize {
        let here = project.of(&self.origins);
        self.in_flight.iter().filter(|f| f.project.of(&self.origins) == here).count()
    }

    /// The request for rows that an answer is to, and how many there were to the same origin.
    fn take_in_flight(&mut self, id: RequestId) -> Option<(InFlight, usize)> {
        let index = self.in_flight.iter().position(|f| f.id == id)?;
        let among = self.in_flight.get(index).map_or(1, |f| self.count_in_flight(f.project));
        Some((self.in_flight.swap_remove(index), among))
    }

    fn apply_response(
        &mut self,
        id: RequestId,
        answered: Option<(InFlight, usize)>,
        result: Result<Response, NetError>,
        now: Now,
    ) {
        if let Some(forges) = self.forges.get_mut()
            && forges.is_in_flight(id)
        {
            let (store, syncs) = (&mut self.store, &mut self.syncs);
            let has_new_facts = forges.apply_answer(id, result, now.steady, store, syncs, &mut self.random);
            self.note_new_facts(has_new_facts, now.steady);
        } else if let Some((request, among)) = answered
            && let Some(reader) = request.project.of_mut(&mut self.readers)
        {
            let result = result.map_err(ApiError::from);
            let line = (now.steady.since(request.sent_at), among);
            let (store, syncs) = (&mut self.store, &mut self.syncs);
            self.changed |= reader.take(request.lane, request.job, result, line, now, store, syncs, &mut self.random);
        }
    }

    /// When there is something to do, by the wall clock as it was at the last input.
    fn wake_at(&self) -> Option<Timestamp> {
        if self.readers.iter().any(Reader::is_behind) {
            return self.clock.last().map(|now| now.wall);
        }
        // Where as much as may be is under way, nothing can be done before an answer comes.
        let free = self.readers.iter().filter(|reader| !self.is_busy(reader.project));
        let readers = free.filter_map(|r| r.wake_at(self.visible, self.online));
        let publish = self.changed.then(|| self.publish_at()).flatten();
        let forges = self.forges.get().and_then(|forges| forges.wake_at());
        readers.chain(publish).chain(forges).min().map(|at| self.clock.to_wall(at))
    }

    /// Brings the store's order up to date, and returns what has changed, if it is time to.
    fn publish(&mut self, now: Timestamp) {
        if !self.changed || self.publish_at().is_none_or(|at| at > now) {
            return;
        }
        self.store.rebuild();
        let mut delta = self.store.take_delta();
        self.syncs.follow(&self.store, &mut delta);
        (self.changed, self.unpublished_since) = (false, None);
        self.published = Some(now);
        self.outputs.push_back(Output::Publish(delta));
    }

    /// When what has changed may be shown; `None` while it should wait for more.
    ///
    /// While the recent rows are still coming, the views keep what they drew first: pages come in the order of keys,
    /// and showing each would let newer rows push in above older ones again and again. So it is with what forges report
    /// of rows that were not known to them before, as long as that takes no longer than [`TOGETHER`].
    fn publish_at(&self) -> Option<Timestamp> {
        let is_loading = self.forges.get().is_some_and(|forges| forges.is_loading());
        let every = PUBLISH_EVERY + PUBLISH_LATER * u32::try_from(self.store.len()).unwrap_or(u32::MAX);
        match self.published {
            None => self.clock.last().map(|now| now.steady),
            Some(_) if self.readers.iter().any(Reader::is_reading_recent) => None,
            Some(last) => Some(match self.unpublished_since {
                Some(since) if is_loading => (last + every).max(since + TOGETHER),
                None if !self.readers.iter().any(Reader::is_first_read) => last,
                _ => last + every,
            }),
        }
    }

    fn set_visible(&mut self, visible: bool) {
        if visible && !self.visible {
            self.readers.iter_mut().for_each(Reader::seen_again);
        }
        self.visible = visible;
    }

    fn set_online(&mut self, online: bool) {
        if online && !self.online {
            self.readers.iter_mut().for_each(Reader::network_is_back);
            self.send_to_forges(ForgeInput::NetworkIsBack);
        }
        self.online = online;
    }

    fn set_projects(&mut self, wanted: &[String]) {
        for project in self.project_ids() {
            let Some(reader) = project.of_mut(&mut self.readers) else { continue };
            let active = wanted.is_empty() || wanted.iter().any(|w| is_same(w, reader.name().as_str()));
            if reader.set_active(active) && !active {
                self.give_up(project);
            }
        }
    }

    fn set_sas(&mut self, project: ProjectId, sas: Option<Secret>) {
        self.give_up(project);
        if let Some(reader) = project.of_mut(&mut self.readers) {
            reader.set_sas(sas);
        }
    }

    fn give_up(&mut self, project: ProjectId) {
        let outputs = &mut self.outputs;
        self.in_flight.retain(|f| {
            let ours = f.project == project;
            if ours {
                outputs.push_back(Output::Abort(f.id));
            }
            !ours
        });
        if let Some(reader) = project.of_mut(&mut self.readers) {
            reader.forget_sent();
        }
    }
}
