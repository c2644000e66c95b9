//! The engine against the simulated forges, with chance between them: answers that come late, out of order, with every
//! refusal there is, as garbage, in half or never; a person who scrolls, looks away, changes tokens. After every step
//! what must hold is checked, and once the faults end the page must equal the world.
//!
//! A seed decides all that happens. What one that fails teaches becomes a test of its own.

mod compare;

use std::collections::{HashMap, HashSet};

use ringside::{
    config::{Config, parse::parse},
    domain::{
        cluster::SyncState,
        deployment::Status,
        stage::{Provenance, StageKind},
        time::Timestamp,
    },
    engine::{Engine, Input, RequestId, VisibleSet, forge::IN_FLIGHT},
    http::{NetError, Origin, Request, Response, secret::Secret},
    model::store::Slot,
    storage::row::Field,
};
use serde_json::{Value, json};

use crate::{
    checks::{check_deployment, check_end, over, own_environment, things},
    forges::{
        Forges,
        call::{Answer, Call},
        world::{Channel, Cluster, Entity, Forge, MINUTE, Millis, Outcome, PullState, Row, SECOND, World, rfc3339},
    },
    support::{
        page::rows_response,
        rng::Rng,
        rows::RowBuilder,
        simulation::{CachedChunks, Simulation, Timeline, Turn, attach_forges, run_seeds},
    },
};

/// How many seeds each run tries.
const SEEDS: u64 = 2_000;

const START: Millis = 1_795_000_000_000;
/// Faults happen until then.
const FAULTS: Millis = 6 * MINUTE;
/// In calm weather everything visible is known after so long.
const CALM: Millis = 6 * MINUTE;

const ORIGINS: [(&str, Forge); 4] = [
    ("https://dev.azure.com", Forge::AzureDevOps),
    ("https://vsrm.dev.azure.com", Forge::AzureDevOps),
    ("https://api.github.com", Forge::GitHub),
    ("https://gitlab.com", Forge::GitLab),
];
const TOKEN: &str = "token-that-nobody-may-see";
const NARROW: &str = "narrow-token-that-nobody-may-see";

#[test]
fn whatever_forges_do_the_page_comes_to_equal_the_world() {
    let run = |seed, is_verbose| Page::new(seed, is_verbose).run();
    let Some((seeds, sum)) = run_seeds(SEEDS, run, add) else { return };
    let [sent, faults, compared, unchanged, graphql, waits, clusters] = sum;
    println!(
        "{seeds} seeds: {sent} requests, {faults} faults, {compared} stages compared, {unchanged} things over and not asked again, {graphql} by GraphQL, {waits} times out of budget, {clusters} times a cluster or what it has compared"
    );
    // A simulation in which nothing happens proves nothing.
    for n in [sent / 20, faults, compared / 10, unchanged / 10, graphql, waits, clusters] {
        assert!(n > seeds / 10, "too little happens: {sum:?}");
    }
}

fn add(mut sum: [u64; 7], more: [u64; 7]) -> [u64; 7] {
    sum.iter_mut().zip(more).for_each(|(sum, n)| *sum += n);
    sum
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Event {
    /// The service reads a request.
    Serve(RequestId),
    /// An answer arrives.
    Arrive(RequestId, usize),
    /// The person at the page does something.
    Act,
    /// The part that asks forges has been loaded.
    ForgesCome,
    /// From now on all goes well.
    Calm,
}

/// The page, its forges and a person.
struct Page {
    seed: u64,
    rng: Rng,
    /// Of a hundred answers so many go wrong.
    faults: u64,
    delay: Millis,
    config: Config,
    engine: Engine,
    forges: Forges,
    timeline: Timeline<Event>,
    requests: HashMap<RequestId, Request>,
    waiting: Vec<RequestId>,
    answers: Vec<(Result<Response, NetError>, bool)>,
    /// Tokens by origin, as the person has entered them.
    tokens: HashMap<&'static str, &'static str>,
    visible: bool,
    online: bool,
    calm: bool,
    /// What the browser keeps.
    kept: CachedChunks,
    /// Things that a forge has reported are over, with the token of now: for good, or when it reported that of what may
    /// be taken back.
    finished: HashMap<(String, String), Option<Millis>>,
    /// Requests that an earlier token was under way with: what comes of them is nothing to the page.
    strangers: HashSet<RequestId>,
    /// When a service answered that nothing is left, and until when.
    out: HashMap<String, Millis>,
    /// Until when a service asked for patience, whatever is left.
    quiet_until: HashMap<String, Millis>,
    /// How far each stage was known to be.
    known: HashMap<(Slot, StageKind), Status>,
    screen: Vec<Slot>,
    /// Somebody looks at all there is, whatever comes.
    sees_all: bool,
    by_hand: bool,
    sent: u64,
    /// Those of them that went to a forge.
    asked: u64,
    count: [u64; 7],
    is_verbose: bool,
}

impl Page {
    fn new(seed: u64, is_verbose: bool) -> Self {
        let mut rng = Rng::new(seed);
        let world = World::seeded(seed, START);
        let config = config(&world);
        let mut forges = Forges::new(world);
        for forge in Forge::ALL {
            forges.gate.admit(forge, TOKEN);
        }
        use crate::forges::gate::Read;
        forges.gate.admit_for(Forge::AzureDevOps, NARROW, &[Read::Runs]);
        forges.gate.admit_for(Forge::GitHub, NARROW, &[Read::Commits, Read::PullRequests]);
        forges.gate.admit_for(Forge::GitLab, NARROW, &[]);
        let mut simulation = Self {
            seed,
            faults: rng.pick(&[0, 10, 30, 60]),
            delay: rng.pick(&[100, 2_000, 20_000]),
            engine: Engine::new(&config, "https://page.example", seed),
            config,
            forges,
            timeline: Timeline::new(START),
            sees_all: false,
            requests: HashMap::new(),
            waiting: Vec::new(),
            answers: Vec::new(),
            tokens: HashMap::new(),
            visible: true,
            online: true,
            calm: false,
            kept: CachedChunks::new(),
            finished: HashMap::new(),
            strangers: HashSet::new(),
            out: HashMap::new(),
            quiet_until: HashMap::new(),
            known: HashMap::new(),
            screen: Vec::new(),
            by_hand: false,
            sent: 0,
            asked: 0,
            count: [0; 7],
            is_verbose,
            rng,
        };
        for (origin, _) in ORIGINS {
            if simulation.rng.percent(60) {
                let token = simulation.rng.pick(&[TOKEN, TOKEN, TOKEN, NARROW, "wrong"]);
                simulation.set_token(origin, Some(token));
            }
        }
        simulation.give(Input::CachedFacts(Vec::new()));
        let loaded = simulation.rng.pick(&[1, 1, 300, 20 * SECOND]);
        simulation.at(loaded, Event::ForgesCome);
        simulation.at(FAULTS, Event::Calm);
        simulation.at(SECOND, Event::Act);
        simulation
    }

    /// Returns how much happened.
    fn run(mut self) -> [u64; 7] {
        self.run_until(START + FAULTS + CALM);
        // Looks at everything, and waits until nothing more comes.
        self.sees_all = true;
        self.run_until(START + FAULTS + CALM + 4 * MINUTE);
        self.compare();
        self.visit_again();
        assert_eq!(self.forges.gate.violations, [""; 0], "seed {}", self.seed);
        self.count[0] = self.sent;
        self.count
    }

    fn at(&mut self, after: Millis, event: Event) {
        self.timeline.after(after.max(1), event);
    }

    fn give(&mut self, input: Input) {
        self.engine.handle_input(input, Timestamp::from_millis(self.timeline.now));
    }

    fn log(&self, what: impl FnOnce() -> String) {
        if self.is_verbose {
            println!("{} {}", rfc3339(self.timeline.now), what());
        }
    }

    // --- The page's loop
    // ----------------------------------------------------------------------------------------------

    fn send(&mut self, id: RequestId, request: Request) {
        self.sent += 1;
        self.log(|| format!("send {id:?} {request:?}"));
        if let Some(origin) = Origin::of(request.address()) {
            self.asked += 1;
            self.check_request(&origin, &request);
        }
        self.requests.insert(id, request);
        self.waiting.push(id);
        let late = self.rng.between(5, self.delay);
        self.at(late, Event::Serve(id));
    }

    /// What must hold of every request to a forge.
    fn check_request(&mut self, origin: &Origin, request: &Request) {
        let (seed, name) = (self.seed, origin.as_str());
        assert!(self.visible && self.online, "seed {seed}: asked while nobody looks: {request:?}");
        let here = |id: &&RequestId| {
            let other = self.requests.get(id).and_then(|r| Origin::of(r.address()));
            other.as_ref() == Some(origin)
        };
        let under_way = self.waiting.iter().filter(here).count();
        assert!(under_way < IN_FLIGHT as usize, "seed {seed}: {under_way} under way to {name}");
        let twin = |id: &RequestId| {
            let other = self.requests.get(id);
            other.is_some_and(|r| r.address() == request.address() && r.question() == request.question())
        };
        assert!(!self.waiting.iter().any(twin), "seed {seed}: asked twice at a time: {request:?}");
        let until = [&self.out, &self.quiet_until].map(|all| all.get(name).copied().unwrap_or_default());
        let out = until.into_iter().max().unwrap_or_default();
        assert!(out <= self.timeline.now, "seed {seed}: asked {name} before {}: {request:?}", rfc3339(out));
        let shown = format!("{request:?} {}", request.address_with_secret());
        assert!(!shown.contains(TOKEN) && !shown.contains(NARROW), "seed {seed}: a secret shows: {shown}");
        if let Some((header, value)) = request.secret_header() {
            let token = self.tokens.get(name).or_else(|| {
                // The one exception: the service's own releases.
                self.tokens.get("https://dev.azure.com").filter(|_| name == "https://vsrm.dev.azure.com")
            });
            assert!(token.is_some(), "seed {seed}: {header} for {name}, which was given none");
            assert!(ORIGINS.iter().any(|(o, _)| *o == name) && !value.is_empty());
        }
        if !self.by_hand {
            for thing in things(request) {
                let asked = (name.to_owned(), thing);
                // Of what may be taken back it is asked again, but not at once.
                let late = 2 * self.delay;
                let may_be_asked = match self.finished.get(&asked) {
                    None => true,
                    Some(None) => false,
                    Some(Some(provenance)) => self.timeline.now - provenance + late >= 45 * SECOND,
                };
                assert!(may_be_asked, "seed {seed}: {asked:?} is over, and asked again: {request:?}");
            }
        }
        if request.address().ends_with("/graphql") {
            self.count[4] += 1;
        }
    }

    // --- The services
    // -------------------------------------------------------------------------------------------------

    fn serve(&mut self, id: RequestId) {
        let request = self.requests[&id].clone();
        let (answer, is_true, late) = self.answer(&request);
        self.answers.push((answer, is_true));
        let arrives = late + self.rng.between(5, self.delay);
        self.at(arrives, Event::Arrive(id, self.answers.len() - 1));
    }

    /// What a request comes to, whether that is the truth, and how late it is.
    fn answer(&mut self, request: &Request) -> (Result<Response, NetError>, bool, Millis) {
        let timeout = request.timeout.as_millis() as Millis;
        let Some(origin) = Origin::of(request.address()) else { return (Ok(self.rows(request)), true, 0) };
        if request.is_probe() {
            return (Ok(Response::default()), true, 0);
        }
        let (_, forge) = ORIGINS.into_iter().find(|(o, _)| *o == origin.as_str()).unwrap();
        if !self.calm && self.rng.percent(self.faults) {
            self.count[1] += 1;
            let text = |status: u16, kind: &str, body: &str| {
                let headers = vec![("content-type".to_owned(), kind.to_owned())];
                Ok(Response { status, headers, body: body.as_bytes().to_vec() })
            };
            let json = "application/json";
            return match self.rng.below(11) {
                0 => (Err(NetError::Timeout), false, timeout),
                1 => (Err(NetError::Blocked), false, 0),
                2 => (text(401, json, r#"{"message":"Bad credentials"}"#), false, 0),
                3 => (text(403, json, r#"{"message":"No"}"#), false, 0),
                4 => (text(404, json, r#"{"message":"Not Found"}"#), false, 0),
                5 => {
                    let mut busy = text(429, json, r#"{"message":"Slow down"}"#).unwrap();
                    busy.headers.push(("retry-after".to_owned(), "40".to_owned()));
                    (Ok(busy), false, 0)
                }
                6 => (text(500, json, "{}"), false, 0),
                7 => (text(200, "text/html", "<!DOCTYPE html><title>Sign in</title>"), false, 0),
                8 => (text(200, json, r#"{"value":7,"id":"x","data":[null]}"#), false, 0),
                9 => (text(503, "text/plain", "busy"), false, 0),
                _ => {
                    let Ok(mut whole) = self.answer_of(forge, request) else {
                        return (Err(NetError::Blocked), false, 0);
                    };
                    let half = whole.body.len() / 2;
                    whole.body.truncate(half);
                    (Ok(whole), false, 0)
                }
            };
        }
        (self.answer_of(forge, request), true, 0)
    }

    /// What the forge answers, as far as a browser shows it.
    fn answer_of(&mut self, forge: Forge, request: &Request) -> Result<Response, NetError> {
        let method = if request.question().is_some() { "POST" } else { "GET" };
        let mut call = Call::new(method, request.address()).body(request.question().unwrap_or_default());
        for (name, value) in &request.headers {
            call = call.header(name, value);
        }
        if let Some((name, value)) = request.secret_header() {
            call = call.header(name, &value);
        }
        let answer: Answer = self.forges.answer(forge, &call, self.timeline.now);
        if !answer.is_readable {
            return Err(NetError::Blocked);
        }
        let headers = answer.seen_headers();
        Ok(Response { status: answer.status, headers, body: answer.body.into_bytes() })
    }

    fn rows(&self, request: &Request) -> Response {
        let n: usize = request.address().trim_start_matches('p').trim_end_matches(".json").parse().unwrap();
        let rows = self.forges.world.rows(self.timeline.now);
        let rows: Vec<RowBuilder> = rows.iter().filter(|row| row.project == n).map(Entity::row).collect();
        rows_response(&rows)
    }

    fn deliver(&mut self, id: RequestId, answer: usize) {
        self.waiting.retain(|w| *w != id);
        let (result, is_true) = self.answers[answer].clone();
        self.log(|| format!("arrive {id:?} {result:?} {}", if is_true { "" } else { "(a fault)" }));
        let request = self.requests[&id].clone();
        if let (Some(origin), Ok(response)) = (Origin::of(request.address()), &result) {
            self.note_limits(&origin, response);
        }
        self.give(Input::Response(id, result.clone()));
        let is_received = is_true && !self.strangers.contains(&id);
        if let (true, Some(origin), Ok(response)) = (is_received, Origin::of(request.address()), &result) {
            for (thing, is_final) in over(&request, response) {
                let provenance = (!is_final).then_some(self.timeline.now);
                self.finished.insert((origin.as_str().to_owned(), thing), provenance);
            }
        }
    }

    fn note_limits(&mut self, origin: &Origin, response: &Response) {
        let wait = response.header("retry-after").and_then(|s| s.parse::<Millis>().ok()).unwrap_or_default();
        if wait > 0 {
            self.count[5] += 1;
            self.quiet_until.insert(origin.as_str().to_owned(), self.timeline.now + wait * SECOND);
        }
        if response.header("x-ratelimit-remaining") == Some("0")
            && let Some(reset) = response.header("x-ratelimit-reset").and_then(|s| s.parse::<Millis>().ok())
            && reset * SECOND > self.timeline.now
        {
            self.count[5] += 1;
            let known = self.out.entry(origin.as_str().to_owned()).or_default();
            *known = (*known).max(reset * SECOND);
        }
    }

    // --- The person
    // ---------------------------------------------------------------------------------------------------

    fn act(&mut self) {
        if self.calm {
            return;
        }
        match self.rng.below(12) {
            0 => {
                self.visible = self.rng.percent(70);
                self.give(Input::Visibility(self.visible));
            }
            1 => {
                self.online = self.rng.percent(70);
                self.give(Input::Network(self.online));
            }
            2 => {
                let (origin, _) = self.rng.pick(&ORIGINS);
                let token = self.rng.pick(&[Some(TOKEN), Some(TOKEN), Some(NARROW), Some("wrong"), None]);
                self.set_token(origin, token);
            }
            _ => self.scroll(),
        }
        let pause = self.rng.between(SECOND, 40 * SECOND);
        self.at(pause, Event::Act);
    }

    fn set_token(&mut self, origin: &'static str, token: Option<&'static str>) {
        self.log(|| format!("token of {origin}: {token:?}"));
        match token {
            Some(token) => self.tokens.insert(origin, token),
            None => self.tokens.remove(origin),
        };
        let of = Origin::of(origin).unwrap();
        self.give(Input::ForgeCredential(of.clone(), token.map(|token| Secret::new(of, token))));
        self.strangers.extend(self.waiting.iter().copied());
        // What was reported to another may be reported again, and what it has left is counted anew.
        self.finished.clear();
        for all in [&mut self.out, &mut self.quiet_until] {
            all.remove(origin);
            if origin == "https://dev.azure.com" {
                all.remove("https://vsrm.dev.azure.com");
            }
        }
    }

    fn scroll(&mut self) {
        let slots: Vec<Slot> = self.engine.store().by_time().to_vec();
        let from = self.rng.below(slots.len() as u64 + 1) as usize;
        let many = self.rng.below(50) as usize;
        let screen: Vec<Slot> = slots.iter().copied().skip(from).take(many).collect();
        let board = if self.rng.percent(30) { slots.clone() } else { Vec::new() };
        self.log(|| format!("see {} and {}", screen.len(), board.len()));
        self.screen.clone_from(&screen);
        let next = if self.rng.percent(50) { slots.into_iter().skip(from + many).collect() } else { Vec::new() };
        let (branches, spans) = (screen.clone(), self.spans(&screen));
        self.give(Input::VisibleSet(VisibleSet { screen, next, board, branches, spans, by_cluster: true }));
    }

    fn grow_calm(&mut self) {
        self.log(|| "calm".to_owned());
        self.calm = true;
        self.delay = 500;
        (self.visible, self.online) = (true, true);
        self.give(Input::Visibility(true));
        self.give(Input::Network(true));
        // Faults have sent wrong answers, such as that something is gone: by hand all is asked again that may change at
        // all.
        for (origin, _) in ORIGINS {
            self.set_token(origin, Some(TOKEN));
        }
        self.by_hand = true;
        self.see_all();
        // Who asks by hand does not want to wait.
        self.quiet_until.clear();
        self.give(Input::Refresh);
    }

    fn see_all(&mut self) {
        let screen = self.engine.store().by_time().to_vec();
        self.screen.clone_from(&screen);
        let (branches, spans) = (screen.clone(), self.spans(&screen));
        self.give(Input::VisibleSet(VisibleSet { screen, branches, spans, ..VisibleSet::default() }));
    }

    /// Neighbours on the screen that are of one repository.
    fn spans(&self, screen: &[Slot]) -> Vec<(Slot, Slot)> {
        let store = self.engine.store();
        let source = |slot: Slot| (store.at(slot).project(), store.at(slot).text(Field::SourceRepo));
        let pairs = screen.iter().zip(screen.iter().skip(1)).map(|(new, old)| (*old, *new));
        pairs.filter(|(old, new)| source(*old) == source(*new)).collect()
    }
}

impl Simulation for Page {
    type Event = Event;

    fn timeline(&mut self) -> &mut Timeline<Event> {
        &mut self.timeline
    }

    fn step(&mut self) -> Option<Millis> {
        let now = Timestamp::from_millis(self.timeline.now);
        let turn = Turn::at(&mut self.engine, now, &mut self.kept);
        for (id, request) in turn.sent {
            self.send(id, request);
        }
        self.waiting.retain(|id| !turn.aborted.contains(id));
        if turn.published.is_some() {
            self.check_truths();
        }
        turn.wake.map(Timestamp::millis)
    }

    fn turn(&mut self) -> Option<Millis> {
        if self.sees_all {
            self.see_all();
        }
        let wake = self.until_idle();
        assert!(self.sent < 200_000, "seed {}: it never comes to rest", self.seed);
        wake
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Serve(id) if self.waiting.contains(&id) => self.serve(id),
            Event::Arrive(id, answer) if self.waiting.contains(&id) => self.deliver(id, answer),
            Event::Serve(_) | Event::Arrive(..) => {}
            Event::Act => self.act(),
            Event::ForgesCome => {
                let now = Timestamp::from_millis(self.timeline.now);
                attach_forges(&mut self.engine, &self.config, self.seed, now);
            }
            Event::Calm => self.grow_calm(),
        }
    }
}

fn config(world: &World) -> Config {
    let projects = world.projects.iter().enumerate().map(|(n, project)| {
        let (pipelines, manifests) = world.config(n, None);
        let storage = json!({ "kind": "snapshot", "url": format!("p{n}.json") });
        json!({ "name": project.name, "storage": storage, "pipelines": pipelines, "manifests": manifests })
    });
    // Of Argo CD's statuses nothing else shows that they name clusters, and not applications.
    let rule = |name: &str| json!({ "name": name, "match": format!("continuous-delivery/{name}") });
    let clusters = ["east", "west", "lab"].map(rule);
    let config = json!({ "refreshSeconds": 30, "projects": projects.collect::<Vec<_>>(), "clusters": clusters });
    parse(&config.to_string()).unwrap_or_else(|e| panic!("{e:?}")).0
}
