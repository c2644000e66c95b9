//! The page's loop around an engine, stepped by hand.

use std::time::Duration;

use ringside::{
    config::{AzureTable, Config, Project, StageRules, Storage},
    domain::{
        clock::Clock,
        id::ProjectName,
        problem::{Problem, ProblemKind, Severity},
        time::Timestamp,
    },
    engine::{Engine, Input, RequestId},
    http::{NetError, Origin, Request, Response, secret::Secret},
};

use crate::{
    service::{Headers, Service},
    support::{
        rng::Rng,
        rows::{self, RowBuilder},
        simulation::{CachedChunks, Simulation, Timeline, Turn},
    },
    world::{World, check_same, check_same_syncs},
};

/// When it all begins.
pub(crate) const START: i64 = 1_795_000_000_000;
pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const DAY: i64 = 24 * 60 * MINUTE;
/// A SAS that opens every table of the tests.
pub(crate) const SAS: &str = "sv=2024-05-04&tn=deployments&sp=r&se=2040-01-01T00%3A00%3A00Z&sig=good%2Bsignature%3D";

pub(crate) fn after(millis: i64) -> Timestamp {
    Timestamp::from_millis(START + millis)
}

pub(crate) const fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

pub(crate) fn secret(sas: &str) -> Secret {
    Secret::new(Origin::of("https://acct.table.core.windows.net").unwrap(), sas)
}

pub(crate) fn project(name: &str, table: &str, partition: Option<&str>, sas: Option<&str>) -> Project {
    let endpoint = "https://acct.table.core.windows.net";
    Project {
        name: ProjectName::new(name).unwrap(),
        storage: Storage::AzureTable(AzureTable {
            endpoint: endpoint.into(),
            origin: Origin::of(endpoint).unwrap(),
            table: table.into(),
            partition: partition.map(Into::into),
            sas: sas.map(secret),
            has_sign_in: false,
        }),
        pipelines: None,
        stages: StageRules::default(),
        manifests: None,
    }
}

pub(crate) fn config(projects: Vec<Project>, refresh: Option<Duration>) -> Config {
    let title = "Trivia".into();
    Config {
        title,
        refresh,
        idle: None,
        waiting_limit: None,
        projects,
        rings: vec![],
        clusters: vec![],
        columns: None,
        links: vec![],
        avatars: vec![],
        views: Vec::new(),
        teams: Vec::new(),
        sign_in: Vec::new(),
    }
}

/// A row about one deployment.
pub(crate) fn deployment(n: u64) -> RowBuilder {
    RowBuilder::of(&format!("service=contoso/api env=dev p1={n} manifestCommitId={n:07x}"))
}

/// A row about a cluster.
pub(crate) fn sync(cluster: &str, commit: &str) -> RowBuilder {
    RowBuilder::of(&format!("kind=sync cluster= syncCommit={commit} syncState=applied"))
        .column("cluster", cluster.into())
}

pub(crate) fn key(row: &str) -> (String, String) {
    ("trivia".to_owned(), row.to_owned())
}

/// Random row keys as Bedrock writes them.
pub(crate) fn hex_key(n: u64) -> (String, String) {
    key(&rows::hex_key(n))
}

/// A request, and when it was sent.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) at: Timestamp,
    pub(crate) id: RequestId,
    pub(crate) request: Request,
}

impl Sent {
    pub(crate) fn filter(&self) -> String {
        self.request.query("$filter").unwrap_or_default()
    }

    /// Part of the rows that were last written recently.
    pub(crate) fn is_since(&self) -> bool {
        self.filter().contains("Timestamp ge")
    }

    pub(crate) fn is_rest(&self) -> bool {
        self.filter().contains("Timestamp lt")
    }

    pub(crate) fn is_sweep(&self) -> bool {
        self.request.query("$select").is_some() && !self.is_proof()
    }

    /// A question whether the headers that name a next page are visible.
    pub(crate) fn is_proof(&self) -> bool {
        self.request.query("$top").as_deref() == Some("1")
    }
}

type Hook = dyn FnMut(&Sent) -> Option<Result<Response, NetError>>;

/// An engine, the tables it reads, and the loop between them.
pub(crate) struct Harness {
    pub(crate) engine: Engine,
    /// Time as it passes. The device's wall clock is off by `wall_off` milliseconds.
    pub(crate) timeline: Timeline<()>,
    pub(crate) wall_off: i64,
    /// For so many milliseconds its monotonic clock has stood still.
    pub(crate) slept: i64,
    pub(crate) tables: Vec<(Service, World)>,
    /// All that was ever sent.
    pub(crate) sent: Vec<Sent>,
    /// What has no answer yet.
    pub(crate) waiting: Vec<Sent>,
    pub(crate) aborted: Vec<RequestId>,
    /// How often the views had to look anew.
    pub(crate) published: usize,
    /// Answers in place of the tables, for what it does not leave to them.
    hook: Option<Box<Hook>>,
    rng: Rng,
}

impl Harness {
    /// One project that reads one partition of one table every half a minute.
    pub(crate) fn new() -> Self {
        let projects = vec![project("trivia", "deployments", Some("trivia"), Some(SAS))];
        Self::with(config(projects, Some(seconds(30))))
    }

    /// The tables are those of the configuration, empty.
    pub(crate) fn with(config: Config) -> Self {
        let tables = config.projects.iter().filter_map(|project| match &project.storage {
            Storage::AzureTable(table) => {
                let partition = table.partition.as_ref().map(ToString::to_string);
                Some((Service::new(&table.table), World::of(partition)))
            }
            Storage::Snapshot { .. } | Storage::Sample => None,
        });
        Self {
            engine: Engine::new(&config, "https://page.example", 1),
            timeline: Timeline::new(START),
            wall_off: 0,
            slept: 0,
            tables: tables.collect(),
            sent: Vec::new(),
            waiting: Vec::new(),
            aborted: Vec::new(),
            published: 0,
            hook: None,
            rng: Rng::new(1),
        }
    }

    /// So many rows, each written so long ago.
    pub(crate) fn rows(mut self, count: u64, millis_ago: i64) -> Self {
        let there = self.world().rows.len() as u64;
        for n in there..there + count {
            self.world().write(&hex_key(n), START - millis_ago - n as i64, 0, deployment(n));
        }
        self
    }

    pub(crate) fn headers(mut self, headers: Headers) -> Self {
        for (service, _) in &mut self.tables {
            service.headers = headers;
        }
        self
    }

    pub(crate) fn world(&mut self) -> &mut World {
        &mut self.tables[0].1
    }

    /// Writes a row now.
    pub(crate) fn write(&mut self, row: &str, columns: RowBuilder) {
        let now = self.timeline.now;
        self.world().write(&key(row), now, 0, columns);
    }

    /// From now on these answers come instead of the tables'.
    pub(crate) fn answer_with(&mut self, hook: impl FnMut(&Sent) -> Option<Result<Response, NetError>> + 'static) {
        self.hook = Some(Box::new(hook));
    }

    /// The tables answer again.
    pub(crate) fn mend(&mut self) {
        self.hook = None;
    }

    /// What the device's clocks show.
    pub(crate) fn clock(&self) -> Clock {
        let wall = Timestamp::from_millis(self.timeline.now + self.wall_off);
        Clock { wall, ..Clock::from(Timestamp::from_millis(self.timeline.now - self.slept)) }
    }

    /// Hands the engine what has happened. What follows from it comes with the next turn.
    pub(crate) fn give(&mut self, input: Input) {
        self.engine.handle_input(input, self.clock());
    }

    /// Time as it passes.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.timeline.now)
    }

    /// Lets so much time go by unnoticed.
    pub(crate) fn skip(&mut self, time: Duration) {
        self.timeline.now = (self.now() + time).millis();
    }

    /// When the engine is to be woken, in time as it passes.
    pub(crate) fn wake_at(&mut self) -> Option<i64> {
        let turn = Turn::of(&mut self.engine, &mut CachedChunks::new());
        self.perform(turn)
    }

    /// Carries out the engine's outputs. Returns when it is to be woken.
    fn perform(&mut self, turn: Turn) -> Option<i64> {
        for (id, request) in turn.sent {
            let sent = Sent { at: self.now(), id, request };
            self.sent.push(sent.clone());
            self.waiting.push(sent);
        }
        self.waiting.retain(|w| !turn.aborted.contains(&w.id));
        self.aborted.extend(turn.aborted);
        self.published += usize::from(turn.published.is_some());
        turn.wake.map(|at| at.millis() - self.wall_off)
    }

    /// One turn of the loop without any answer, until there is nothing more to do now. Returns how many requests were
    /// sent.
    pub(crate) fn turn(&mut self) -> usize {
        let before = self.sent.len();
        self.until_idle();
        self.sent.len() - before
    }

    /// What the tables answer to a request now.
    pub(crate) fn response(&mut self, sent: &Sent) -> Result<Response, NetError> {
        if let Some(answer) = self.hook.as_mut().and_then(|hook| hook(sent)) {
            return answer;
        }
        let table = self.tables.iter_mut().find(|(service, _)| service.is_asked(&sent.request));
        let (service, world) = table.unwrap_or_else(|| panic!("nobody answers {:?}", sent.request));
        service.time = Timestamp::from_millis(self.timeline.now);
        Ok(service.answer(world, &sent.request, &mut self.rng))
    }

    /// Answers the oldest request under way, if there is any.
    pub(crate) fn answer_one(&mut self) -> bool {
        if self.waiting.is_empty() {
            return false;
        }
        let sent = self.waiting.remove(0);
        let response = self.response(&sent);
        self.give(Input::Response(sent.id, response));
        true
    }

    /// Answers what is under way, and what follows from it, until nothing is. Each answer takes ten milliseconds.
    /// Returns how many requests were sent.
    pub(crate) fn rebuild(&mut self) -> usize {
        let mut sent = self.turn();
        while self.answer_one() {
            assert!(sent < 10_000, "it goes on for ever: {:?}", self.sent.last());
            self.timeline.now += 10;
            sent += self.turn();
        }
        sent
    }

    /// Lets so much time pass, waking the engine when it is to be woken. Returns how many requests were sent.
    pub(crate) fn pass(&mut self, time: Duration) -> usize {
        let (before, end) = (self.sent.len(), (self.now() + time).millis());
        self.run_until(end);
        self.rebuild();
        self.sent.len() - before
    }

    /// Reads everything for the first time.
    pub(crate) fn loaded(mut self) -> Self {
        self.rebuild();
        assert!(self.engine.progress().is_none(), "{:?}", self.engine.problems());
        self.check();
        self
    }

    /// Checks that what is known is what the tables hold.
    #[track_caller]
    pub(crate) fn check(&self) {
        let worlds: Vec<&World> = self.tables.iter().map(|(_, world)| world).collect();
        check_same(self.engine.store(), &worlds);
        check_same_syncs(self.engine.syncs(), &worlds);
    }

    /// The errors and warnings, in the order in which they are shown.
    pub(crate) fn problems(&self) -> Vec<(ProblemKind, Severity)> {
        self.all_problems().iter().map(|p| (p.kind, p.severity)).collect()
    }

    pub(crate) fn all_problems(&self) -> Vec<Problem> {
        self.engine.problems()
    }

    /// What was sent since there were `from` requests.
    pub(crate) fn since(&self, from: usize) -> &[Sent] {
        &self.sent[from..]
    }
}

impl Simulation for Harness {
    type Event = ();

    fn timeline(&mut self) -> &mut Timeline<()> {
        &mut self.timeline
    }

    fn step(&mut self) -> Option<i64> {
        let clock = self.clock();
        let turn = Turn::at(&mut self.engine, clock, &mut CachedChunks::new());
        self.perform(turn)
    }

    fn turn(&mut self) -> Option<i64> {
        self.rebuild();
        self.wake_at()
    }

    fn happen(&mut self, (): ()) {}
}
