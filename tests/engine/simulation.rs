//! Chance rules: tables that change, a service that fails in every way there is, a network that loses, delays and
//! reorders, and a person who looks away, changes projects and credentials. Whatever happens, what must hold is
//! checked after every step; and once the faults end, the engine must know exactly what the tables hold.
//!
//! A seed decides all that happens. One that fails teaches something: that becomes a test of its own, in
//! [`crate::refreshing`] for one.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use ringside::{
    config::Project,
    domain::{clock::Clock, problem::Severity, project::ProjectId, time::Timestamp},
    engine::{Engine, Input, RequestId, rows::IN_FLIGHT},
    http::{NetError, Request, Response},
    model::{store::Slot, sync::Syncs},
};

use crate::{
    harness::{DAY, MINUTE, SAS, START, config, project, secret, sync},
    service::{Headers, Service},
    support::{
        rng::Rng,
        rows::{RowBuilder, Value},
        simulation::{CachedChunks, Simulation, Timeline, Turn, run_seeds},
    },
    world::{Key, TrackedRows, World, check_same, check_same_syncs},
};

/// How many seeds each run tries.
const SEEDS: u64 = 1_500;

/// Faults happen until then.
const FAULTS: i64 = 20 * MINUTE;

/// In calm weather everything is known after so long: the longest wait for a retry, a sweep, a refresh, a read of all
/// that it missed.
const CALM: i64 = 30 * MINUTE;

#[test]
fn whatever_happens_everything_is_known_in_the_end() {
    let run = |seed, is_verbose| Tables::new(seed, is_verbose).run();
    let Some((seeds, sum)) = run_seeds(SEEDS, run, Sum::and) else { return };
    println!("{seeds} seeds: {sum:?}");
    // A simulation in which nothing happens proves nothing.
    let Sum { sent, faults, aborted, split, hidden, writes, sleeps } = sum;
    let each = [sent / 20, faults, aborted, split * 10, hidden, writes / 5, sleeps];
    assert!(each.iter().all(|n| *n > seeds / 10), "too little happens: {sum:?}");
}

/// What has happened in some simulations.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    sent: u64,
    faults: u64,
    aborted: u64,
    /// Requests for a range of keys.
    split: u64,
    /// Times that nobody looked.
    hidden: u64,
    writes: u64,
    /// Times that the device slept.
    sleeps: u64,
}

impl Sum {
    const fn and(self, other: Self) -> Self {
        Self {
            sent: self.sent + other.sent,
            faults: self.faults + other.faults,
            aborted: self.aborted + other.aborted,
            split: self.split + other.split,
            hidden: self.hidden + other.hidden,
            writes: self.writes + other.writes,
            sleeps: self.sleeps + other.sleeps,
        }
    }
}

/// What comes at some moment.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Event {
    /// The service reads a request.
    Serve(RequestId),
    /// An answer arrives; there is one for each number.
    Arrive(RequestId, usize),
    /// Somebody writes or deletes.
    Write,
    /// The person at the page does something.
    Act,
    /// From now on all goes well.
    Calm,
    /// Somebody asks for everything anew.
    ByHand,
}

/// A project's table and what it is like.
struct Table {
    service: Service,
    world: World,
    keys: Vec<Key>,
}

/// The page, its tables and a person.
struct Tables {
    seed: u64,
    rng: Rng,
    /// Of a hundred answers so many go wrong.
    faults: u64,
    /// How long either way usually takes at most.
    delay: i64,
    engine: Engine,
    tables: Vec<Table>,
    /// The true time. The page's clock is off by `clock`, and its monotonic clock has stood still so long.
    timeline: Timeline<Event>,
    clock: i64,
    slept: i64,
    every: Option<Duration>,
    requests: HashMap<RequestId, Request>,
    /// Sent, and neither answered nor given up.
    waiting: Vec<RequestId>,
    answers: Vec<Result<Response, NetError>>,
    /// Requests that were under way when the device fell asleep, and that nobody will ever answer.
    lost: HashSet<RequestId>,
    seen: TrackedRows,
    visible: bool,
    online: bool,
    calm: bool,
    active: Vec<bool>,
    good_sas: Vec<bool>,
    version: u64,
    sum: Sum,
    is_verbose: bool,
}

impl Drop for Tables {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let minutes = (self.timeline.now - START) / MINUTE;
            println!("the seed that failed is {}, after {minutes} minutes; RINGSIDE_SEED={0} tells more", self.seed);
        }
    }
}

impl Tables {
    fn new(seed: u64, is_verbose: bool) -> Self {
        let mut rng = Rng::new(seed);
        // Now and then a long table, which is read in ranges.
        let is_long = rng.percent(3);
        let every = rng.pick(&[Some(15), Some(60), Some(120), Some(300), Some(300), None]).map(Duration::from_secs);
        let mut count = rng.pick(&[1, 1, 1, 2, 3]);
        if is_long {
            count = 1;
        }
        let tables: Vec<Table> = (0..count).map(|n| Table::new(n, is_long, &mut rng)).collect();
        let projects: Vec<Project> = tables
            .iter()
            .enumerate()
            .map(|(n, t)| {
                project(&format!("project {n}"), &t.service.table, t.world.partition.as_deref(), Some(&sas(true)))
            })
            .collect();
        let mut simulation = Self {
            seed,
            faults: rng.pick(&[0, 5, 20, 40]),
            delay: rng.pick(&[50, 1_000, 10_000]),
            engine: Engine::new(&config(projects, every), "https://page.example", seed),
            timeline: Timeline::new(START),
            clock: rng.pick(&[0, 0, 0, 5 * MINUTE, -5 * MINUTE, 40 * DAY, -40 * DAY]),
            slept: 0,
            every,
            requests: HashMap::new(),
            waiting: Vec::new(),
            answers: Vec::new(),
            lost: HashSet::new(),
            seen: TrackedRows::default(),
            visible: true,
            online: true,
            calm: false,
            active: vec![true; tables.len()],
            good_sas: vec![true; tables.len()],
            tables,
            version: 0,
            sum: Sum::default(),
            is_verbose,
            rng: rng.split(),
        };
        for _ in 0..rng.below(40) {
            let until = rng.pick(&[MINUTE, FAULTS]);
            simulation.at(rng.between(0, until), Event::Write);
        }
        let acts = if rng.percent(30) { 0 } else { rng.below(16) };
        for _ in 0..acts {
            // Half of it while the first read is under way.
            let until = rng.pick(&[MINUTE / 2, FAULTS]);
            simulation.at(rng.between(0, until), Event::Act);
        }
        simulation.at(FAULTS, Event::Calm);
        simulation
    }

    /// Something will happen so long from now.
    fn at(&mut self, millis: i64, event: Event) {
        self.timeline.after(millis, event);
    }

    fn give(&mut self, input: Input) {
        let clock = self.page_clock();
        self.engine.handle_input(input, clock);
    }

    fn page_clock(&self) -> Clock {
        let monotonic = Duration::from_millis((self.timeline.now - self.slept - START).unsigned_abs());
        Clock { wall: Timestamp::from_millis(self.timeline.now + self.clock), monotonic }
    }

    fn log(&self, what: impl FnOnce() -> String) {
        if self.is_verbose {
            println!("{:>9.3} {}", (self.timeline.now - START) as f64 / 1000.0, what());
        }
    }

    fn run(mut self) -> Sum {
        self.run_until(START + FAULTS + CALM);
        self.check_all_is_known();
        self.sum
    }

    fn send(&mut self, id: RequestId, request: Request) {
        self.log(|| format!("{id:?} {}", request.query("$filter").unwrap_or_default()));
        assert!(self.online, "asked without a network");
        let table = self.tables.iter().position(|t| t.service.is_asked(&request)).unwrap();
        assert!(self.active[table], "asked for a project that nobody wants");
        let filter = request.query("$filter").unwrap_or_default();
        let is_proof = request.query("$top").as_deref() == Some("1");
        let is_sweep = request.query("$select").is_some() && !is_proof;
        let is_recent = self.engine.readers()[table].fresh_at().is_none();
        let is_refresh = filter.contains("Timestamp ge") && !is_recent;
        assert!(self.visible || !(is_sweep || is_refresh), "{filter} is asked while nobody looks");
        self.sum.sent += 1;
        assert!(self.sum.sent < 50_000, "it goes on for ever: {filter}");
        self.sum.split += u64::from(filter.contains("RowKey lt"));
        self.waiting.push(id);
        self.requests.insert(id, request);
        let late = self.late();
        let change_status = if self.calm { 100 } else { self.rng.below(100) };
        if change_status < self.faults / 5 {
            // It is lost on its way.
            let at = if self.rng.percent(50) { 45_000 } else { late };
            let error = if at == 45_000 { NetError::Timeout } else { NetError::Blocked };
            self.deliver_after(id, at, Err(error));
            self.sum.faults += 1;
        } else {
            self.at(late, Event::Serve(id));
        }
    }

    /// How long something takes on its way.
    fn late(&mut self) -> i64 {
        let straggles = !self.calm && self.rng.percent(10);
        self.rng.between(1, if straggles { 22_000 } else { self.delay })
    }

    fn deliver_after(&mut self, id: RequestId, millis: i64, answer: Result<Response, NetError>) {
        self.answers.push(answer);
        self.at(millis, Event::Arrive(id, self.answers.len() - 1));
    }

    /// What the service answers now, or what becomes of it on its way back.
    fn serve(&mut self, id: RequestId) -> Result<Response, NetError> {
        let request = &self.requests[&id];
        let table = self.tables.iter().find(|t| t.service.is_asked(request)).unwrap();
        let service = Service { time: Timestamp::from_millis(self.timeline.now), ..table.service.clone() };
        let mut answer = service.answer(&table.world, request, &mut self.rng);
        let is_sweep = request.query("$select").is_some() && request.query("$top").as_deref() != Some("1");
        let fails = !self.calm && self.rng.percent(self.faults);
        if !fails {
            return Ok(answer);
        }
        self.sum.faults += 1;
        let busy = |status: u16, seconds: Option<u64>| {
            let mut busy = service.refusal(status, "ServerBusy", "The server is busy.");
            busy.headers.extend(seconds.map(|s| ("retry-after".to_owned(), s.to_string())));
            busy
        };
        let text = |body: &str| Response { status: 200, headers: Vec::new(), body: body.into() };
        Ok(match self.rng.below(14) {
            0 => busy(429, Some(self.rng.below(120))),
            1 => busy(503, None),
            2 => service.refusal(500, "InternalError", "The server encountered an internal error."),
            3 => service.refusal(403, "AuthorizationFailure", "This request is not authorized."),
            4 => service.refusal(404, "TableNotFound", "The table specified does not exist."),
            5 => text("<!DOCTYPE html><html><title>Sign in</title>"),
            6 => text("{\"value\":[{\"RowKey\":}]}"),
            7 => text(""),
            // Cut, but not before it begins, and not at its very end.
            8..=10 => {
                let length = answer.body.len() as u64;
                answer.body.truncate(1 + self.rng.below(length.saturating_sub(2)) as usize);
                answer
            }
            // An empty answer. For other questions that could not be distinguished from the truth.
            11 if is_sweep => {
                answer.headers.retain(|(name, _)| !name.contains("continuation"));
                Response { body: b"{\"value\":[]}".to_vec(), ..answer }
            }
            // Where it stands it goes on, for ever.
            12 if request.query("NextPartitionKey").is_some() => {
                answer.headers.retain(|(name, _)| !name.contains("continuation"));
                for name in ["NextPartitionKey", "NextRowKey"] {
                    let token = request.query(name).map(|token| (format!("x-ms-continuation-{name}"), token));
                    answer.headers.extend(token);
                }
                Response { body: b"{\"value\":[]}".to_vec(), ..answer }
            }
            _ => return Err(NetError::Blocked),
        })
    }

    fn receive(&mut self, id: RequestId, answer: usize) {
        let answer = self.answers[answer].clone();
        self.log(|| format!("answer to {id:?}: {answer:?}"));
        if !self.waiting.contains(&id) {
            // It was given up, or lost with the network: its answer is nobody's.
            self.turn();
            let known = |engine: &Engine| (engine.store().version(), engine.syncs().clone());
            let before = known(&self.engine);
            self.give(Input::Response(id, answer));
            let turn = Turn::of(&mut self.engine, &mut CachedChunks::new());
            assert_eq!(before, known(&self.engine), "an answer that nobody waits for changed something");
            assert!(turn.sent.is_empty() && turn.aborted.is_empty(), "it led to something: {turn:?}");
            return;
        }
        self.waiting.retain(|w| *w != id);
        self.give(Input::Response(id, answer));
    }

    fn write(&mut self) {
        self.sum.writes += 1;
        let many = if self.rng.percent(10) { 30 } else { 1 };
        for _ in 0..many {
            let at = self.rng.below(self.tables.len() as u64) as usize;
            let Table { world, keys, .. } = &mut self.tables[at];
            // The clocks of the table's servers differ by less than a minute. Now and then one is out of its mind.
            let is_mad = self.rng.percent(1);
            let written =
                if is_mad { 253_000_000_000_000 } else { self.timeline.now + self.rng.between(-29_000, 29_000) };
            let key = self.rng.pick(keys);
            if self.rng.percent(25) {
                world.delete(&key);
            } else {
                world.write(&key, written, self.rng.below(10_000) as u32, columns(&key, &mut self.rng));
            }
        }
        self.log(|| "a write".to_owned());
    }

    fn act(&mut self) {
        let project = self.rng.below(self.tables.len() as u64) as usize;
        let what = self.rng.below(12);
        self.log(|| format!("act {what} on {project}"));
        match what {
            0 | 1 => self.set_visible(!self.visible),
            2 | 3 => self.set_online(!self.online),
            4 => self.set_projects(project),
            5 => {
                self.good_sas[project] ^= true;
                let good = self.good_sas[project];
                self.give(Input::StorageCredential(ProjectId::at(project), Some(secret(&sas(good)))));
            }
            6 if self.rng.percent(50) => {
                self.good_sas[project] = false;
                self.give(Input::StorageCredential(ProjectId::at(project), None));
            }
            7 => {
                self.every = self.rng.pick(&[Some(15), Some(300), None]).map(Duration::from_secs);
                self.give(Input::RefreshInterval(self.every));
            }
            8 => {
                self.clock += self.rng.pick(&[-60 * MINUTE, -5 * MINUTE, -1_500, 2_000, 5 * MINUTE, 60 * MINUTE]);
                self.turn();
            }
            9 => self.sleep(),
            _ => self.give(Input::Refresh),
        }
    }

    /// The lid is closed for some minutes. What was under way is lost, or its answer comes when the lid is open again.
    fn sleep(&mut self) {
        self.turn();
        self.sum.sleeps += 1;
        let time = self.rng.between(MINUTE, 10 * MINUTE);
        self.timeline.now += time;
        self.slept += time;
        for id in self.waiting.clone() {
            if self.rng.percent(50) {
                self.lost.insert(id);
            }
        }
        self.turn();
        assert!(self.waiting.iter().all(|id| !self.lost.contains(id)), "it waits for what nobody will answer");
    }

    fn set_visible(&mut self, visible: bool) {
        self.visible = visible;
        self.sum.hidden += u64::from(!visible);
        self.give(Input::Visibility(visible));
    }

    fn set_online(&mut self, online: bool) {
        self.online = online;
        self.give(Input::Network(online));
        if !online {
            // What is under way fails, sooner or later.
            for id in self.waiting.clone() {
                let late = self.rng.between(1, 1_000);
                self.deliver_after(id, late, Err(NetError::Offline));
            }
        }
    }

    /// One project alone, or all of them.
    fn set_projects(&mut self, one: usize) {
        let all = self.calm || self.active.iter().any(|active| !active);
        let wanted = if all { Vec::new() } else { vec![format!("Project {one}")] };
        self.give(Input::Projects(wanted));
        for (n, active) in self.active.iter_mut().enumerate() {
            *active = all || n == one;
        }
    }

    /// From now on all goes well, and somebody looks.
    fn calm_down(&mut self) {
        self.log(|| "calm".to_owned());
        self.calm = true;
        self.delay = 200;
        if !self.visible {
            self.set_visible(true);
        }
        if !self.online {
            self.set_online(true);
        }
        self.set_projects(0);
        for project in 0..self.tables.len() {
            if !self.good_sas[project] {
                self.good_sas[project] = true;
                self.give(Input::StorageCredential(ProjectId::at(project), Some(secret(&sas(true)))));
            }
        }
        if self.every.is_none() {
            // By hand, once: when what is still under way from before has ended.
            self.at(10 * MINUTE, Event::ByHand);
        }
    }

    /// What is drawn is sorted, the newest first, and complete.
    fn check_order(&self) {
        let store = self.engine.store();
        let order = store.by_time();
        assert_eq!(order.len(), store.len(), "what is drawn and what is there");
        let updated = |slot: &Slot| store.at(*slot).updated();
        assert!(order.is_sorted_by(|a, b| updated(a) >= updated(b)), "the newest come first");
        assert!(order.iter().all(|&slot| store.is_live(slot)));
    }

    fn check_store(&mut self) {
        let store = self.engine.store();
        let grown = store.version() - self.version;
        self.version = store.version();
        // Looking through a long table after each page would take most of the time.
        if grown > 0 && (store.len() < 300 || self.rng.percent(5)) {
            let worlds: Vec<&World> = self.tables.iter().map(|t| &t.world).collect();
            self.seen.check(store, &worlds);
        }
    }

    fn check_all_is_known(&mut self) {
        let worlds: Vec<&World> = self.tables.iter().map(|t| &t.world).collect();
        let (store, syncs): (_, &Syncs) = (self.engine.store(), self.engine.syncs());
        check_same(store, &worlds);
        check_same_syncs(syncs, &worlds);
        self.check_order();
        assert!(self.engine.progress().is_none(), "{:?}", self.engine.readers());
        let problems = self.engine.problems();
        let notes = problems.iter().filter(|p| p.severity == Severity::Note).count();
        // Whether headers are visible cannot be known of a table with one row.
        let shows = |t: &Table| t.service.headers == Headers::Exposed && t.world.rows.len() > 1;
        let (least, most) = self.tables.iter().fold((0, 0), |(least, most), table| {
            let is_hidden = table.service.headers == Headers::Hidden;
            (least + usize::from(is_hidden), most + usize::from(!shows(table)))
        });
        assert!((least..=most).contains(&notes), "{problems:?}");
        // What is left to say is that some rows hold texts that are none.
        let others = problems.iter().filter(|p| p.severity != Severity::Note);
        assert!(others.clone().all(|p| p.what.ends_with("cannot be shown as written.")), "{problems:?}");
    }
}

impl Simulation for Tables {
    type Event = Event;

    fn timeline(&mut self) -> &mut Timeline<Event> {
        &mut self.timeline
    }

    fn step(&mut self) -> Option<i64> {
        let clock = self.page_clock();
        let turn = Turn::at(&mut self.engine, clock, &mut CachedChunks::new());
        for id in turn.aborted {
            self.log(|| format!("give up {id:?}"));
            // Its answer may have come in the same moment.
            assert!(self.requests.contains_key(&id), "{id:?} is given up and was never sent");
            self.waiting.retain(|w| *w != id);
            self.sum.aborted += 1;
        }
        for (id, request) in turn.sent {
            self.send(id, request);
        }
        assert!(self.waiting.len() <= IN_FLIGHT, "{} requests at once", self.waiting.len());
        if turn.published.is_some() {
            self.check_order();
        }
        turn.wake.map(|at| at.millis() - self.clock)
    }

    fn turn(&mut self) -> Option<i64> {
        let wake = self.until_idle();
        // Somebody looks at a page that refreshes itself: then it must not fall asleep.
        let is_polling = self.visible && self.online && self.every.is_some();
        let asks = (0..self.tables.len()).any(|n| self.active[n] && self.good_sas[n]);
        let asleep = is_polling && asks && wake.is_none() && self.waiting.is_empty();
        assert!(!asleep, "nothing would ever happen again: {:?}", self.engine.readers());
        self.check_store();
        let parts = self.engine.progress().map(|p| p.part);
        assert!(parts.is_none_or(|part| (0.0..=1.0).contains(&part)), "{parts:?}");
        wake
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Serve(id) | Event::Arrive(id, _) if self.lost.contains(&id) => {}
            Event::Serve(id) => {
                let answer = self.serve(id);
                let late = self.late();
                self.deliver_after(id, late, answer);
            }
            Event::Arrive(id, answer) => self.receive(id, answer),
            Event::Write => self.write(),
            Event::Act => self.act(),
            Event::Calm => self.calm_down(),
            Event::ByHand => self.give(Input::Refresh),
        }
    }
}

impl Table {
    fn new(number: usize, is_long: bool, rng: &mut Rng) -> Self {
        let mut service = Service::new(&format!("table{number}"));
        service.headers = rng.pick(&[Headers::Exposed, Headers::Exposed, Headers::Hidden, Headers::IdAlone]);
        service.moody = rng.percent(60);
        service.page = if is_long { 1000 } else { rng.pick(&[2, 5, 10, 20, 50, 1000]) };
        let partitions = rng.pick(&[1, 1, 2, 5]);
        let partition =
            |n: u64| ["trivia", "o'clock & more", "", "ü", "trivia 2"][(n % partitions) as usize].to_owned();
        let partition_wanted = rng.percent(60).then(|| partition(0));
        let mut world = World::of(partition_wanted.filter(|p| !p.is_empty()));
        let count = if is_long { rng.between(1_100, 3_000) as u64 } else { rng.below(60) + 1 };
        let kind = rng.below(3);
        // Some are not there at first.
        let keys: Vec<Key> = (0..count + 8).map(|n| (partition(rng.below(5)), row_key(kind, n, rng))).collect();
        for (n, key) in keys.iter().enumerate() {
            if n as u64 <= count && !rng.percent(10) {
                let age = rng.pick(&[MINUTE, DAY, 10 * DAY, 50 * DAY, 300 * DAY]);
                world.write(
                    key,
                    START - rng.between(60_000, 60_001 + age),
                    rng.below(10_000) as u32,
                    columns(key, rng),
                );
            }
        }
        Self { service, world, keys }
    }
}

fn sas(good: bool) -> String {
    let sas = SAS.replace("tn=deployments&", "");
    if good { sas } else { sas.replace("good", "wrong") }
}

/// Random as Bedrock writes them, by time, or anything that a key may be.
fn row_key(kind: u64, n: u64, rng: &mut Rng) -> String {
    if n.is_multiple_of(17) {
        return format!("sync-cluster {}", n / 17);
    }
    match kind {
        0 => format!("{:012x}", rng.below(1 << 48)),
        1 => format!("{:020}-{:04x}", 2_517_000_000_000 + n * 1_000, rng.below(1 << 16)),
        _ => {
            let letters: Vec<char> = "aaZz09'% +&=ü-_.:!~$€,;()[]<>|\"\u{10ffff}".chars().collect();
            (0..=rng.below(5)).map(|_| rng.pick(&letters)).collect()
        }
    }
}

/// What somebody may write into a row.
fn columns((_, row): &Key, rng: &mut Rng) -> RowBuilder {
    if row.starts_with("sync-") {
        let report = sync(row.trim_start_matches("sync-"), &format!("{:07x}", rng.below(1 << 28)));
        return if rng.percent(30) { report.without("cluster") } else { report };
    }
    let text = |text: &str| Value::from(text);
    // Rows that are one deployment, or complete one another, and what is no deployment at all.
    let image = rng.pick(&["api-main-\"1\"\n", "api:a-b", "api:a.b", "api:a.b@sha256:1f1f", "api:a-b@sha256:8c8c"]);
    let service = if rng.percent(5) { "bedrock-self-test" } else { "contoso/API" };
    let pull = rng.pick(&[Value::Null, text("8"), text("9"), Value::Raw("\"pr_id\"", "")]);
    let revision = Value::Raw("\"main@sha1:3d12da8\"", "3d12da8");
    let definition = rng.pick(&[text("1b12da8"), text("1b12da8ff"), revision]);
    let definition = if rng.percent(20) { Value::Raw("20220531.1", "20220531.1") } else { definition };
    let all = [
        (90, "service", text(service)),
        (80, "env", text("dev")),
        (50, "p1", Value::Number(6_881)),
        (50, "p2", text(" 77 ")),
        (30, "p3", text("9")),
        (20, "pr", pull),
        (60, "imageTag", text(image)),
        (40, "manifestCommitId", text("0a12da8")),
        (40, "branch", text("refs/heads/Größe")),
        (30, "authorName", text("Mara Lind")),
        (30, "p1Url", text("https://dev.azure.com/contoso/_build?id=6881")),
        (20, "p1End", text("2026-11-01T10:00:00Z")),
        (20, "authorEmail", text("mara@example.com")),
        (25, "hldCommitId", definition),
        (2, "p3Name", Value::Raw("\"caf\\udce9\"", "caf\u{fffd}")),
        (2, "prTitle", Value::Raw("\"one\u{1}two\"", "one\u{fffd}two")),
        (20, "etag", text("W/\"datetime'2026'\"")),
    ];
    let written = all.into_iter().filter(|(percent, ..)| rng.percent(*percent));
    written.fold(RowBuilder::default(), |row, (_, name, value)| row.column(name, value))
}
