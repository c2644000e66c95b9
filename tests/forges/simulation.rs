//! The engine against the simulated forges, with chance between them: answers that come late, out of order, with every
//! refusal there is, as garbage, in half or never; a person who scrolls, looks away, changes tokens. After every step
//! what must hold is checked, and once the faults end the page must equal the world.
//!
//! A seed says all that happens. What one that fails teaches becomes a test of its own.

use std::collections::{BTreeSet, HashMap, HashSet};

use ringside::{
    config::{Config, parse::parse},
    domain::{
        cluster::SyncState,
        deployment::{Deployment, Status},
        stage::{StageKind, Told},
        time::Timestamp,
    },
    engine::{Engine, Input, RequestId, VisibleSet, forge::IN_FLIGHT},
    http::{NetError, Origin, Request, Response, secret::Secret},
    model::store::Slot,
    storage::row::Field,
};
use serde_json::{Value, json};

use crate::{
    forges::{
        Forges,
        call::{Answer, Call},
        rng::Rng,
        world::{
            Cluster, Forge, Kind, MINUTE, Millis, Outcome, PersonTruth, PullState, Row, SECOND, Speaks, StageTruth,
            State, Truth, World, current, rfc3339,
        },
    },
    simulation_support::{Kept, Simulation, Timeline, Turn, attach_forges, run_seeds},
};

/// How many seeds each run tries.
const SEEDS: u64 = 2_000;

const START: Millis = 1_795_000_000_000;
/// Faults happen until then.
const FAULTS: Millis = 6 * MINUTE;
/// In calm weather everything in sight is known after so long.
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
    let run = |seed, tells| Page::new(seed, tells).run();
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
    /// The service looks at a request.
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
    kept: Kept,
    /// Things that a forge has said are over, with the token of now: for good, or when it said so of what may be taken
    /// back.
    finished: HashMap<(String, String), Option<Millis>>,
    /// Requests that an earlier token was under way with: what comes of them is nothing to the page.
    strangers: HashSet<RequestId>,
    /// When a service said that nothing is left, and until when.
    out: HashMap<String, Millis>,
    /// Until when a service asked for patience, whatever is left.
    patience: HashMap<String, Millis>,
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
    tells: bool,
}

impl Page {
    fn new(seed: u64, tells: bool) -> Self {
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
            kept: Kept::new(),
            finished: HashMap::new(),
            strangers: HashSet::new(),
            out: HashMap::new(),
            patience: HashMap::new(),
            known: HashMap::new(),
            screen: Vec::new(),
            by_hand: false,
            sent: 0,
            asked: 0,
            count: [0; 7],
            tells,
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

    fn say(&self, what: impl FnOnce() -> String) {
        if self.tells {
            println!("{} {}", rfc3339(self.timeline.now), what());
        }
    }

    // --- The page's loop ----------------------------------------------------------------------------------------------

    fn send(&mut self, id: RequestId, request: Request) {
        self.sent += 1;
        self.say(|| format!("send {id:?} {request:?}"));
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
        let until = [&self.out, &self.patience].map(|all| all.get(name).copied().unwrap_or_default());
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
                    Some(Some(told)) => self.timeline.now - told + late >= 45 * SECOND,
                };
                assert!(may_be_asked, "seed {seed}: {asked:?} is over, and asked again: {request:?}");
            }
        }
        if request.address().ends_with("/graphql") {
            self.count[4] += 1;
        }
    }

    // --- The services -------------------------------------------------------------------------------------------------

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
                    let Ok(mut whole) = self.said(forge, request) else { return (Err(NetError::Blocked), false, 0) };
                    let half = whole.body.len() / 2;
                    whole.body.truncate(half);
                    (Ok(whole), false, 0)
                }
            };
        }
        (self.said(forge, request), true, 0)
    }

    /// What the forge says, as far as a browser shows it.
    fn said(&mut self, forge: Forge, request: &Request) -> Result<Response, NetError> {
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
        let rows: Vec<Value> = rows.iter().filter(|row| row.project == n).map(|row| row.json()).collect();
        Response { status: 200, headers: Vec::new(), body: json!({ "value": rows }).to_string().into_bytes() }
    }

    fn arrive(&mut self, id: RequestId, answer: usize) {
        self.waiting.retain(|w| *w != id);
        let (result, is_true) = self.answers[answer].clone();
        self.say(|| format!("arrive {id:?} {result:?} {}", if is_true { "" } else { "(a fault)" }));
        let request = self.requests[&id].clone();
        if let (Some(origin), Ok(response)) = (Origin::of(request.address()), &result) {
            self.note_limits(&origin, response);
        }
        self.give(Input::Response(id, result.clone()));
        let is_heard = is_true && !self.strangers.contains(&id);
        if let (true, Some(origin), Ok(response)) = (is_heard, Origin::of(request.address()), &result) {
            for (thing, is_final) in over(&request, response) {
                let told = (!is_final).then_some(self.timeline.now);
                self.finished.insert((origin.as_str().to_owned(), thing), told);
            }
        }
    }

    fn note_limits(&mut self, origin: &Origin, response: &Response) {
        let wait = response.header("retry-after").and_then(|s| s.parse::<Millis>().ok()).unwrap_or_default();
        if wait > 0 {
            self.count[5] += 1;
            self.patience.insert(origin.as_str().to_owned(), self.timeline.now + wait * SECOND);
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

    // --- The person ---------------------------------------------------------------------------------------------------

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
        self.say(|| format!("token of {origin}: {token:?}"));
        match token {
            Some(token) => self.tokens.insert(origin, token),
            None => self.tokens.remove(origin),
        };
        let of = Origin::of(origin).unwrap();
        self.give(Input::ForgeCredential(of.clone(), token.map(|token| Secret::new(of, token))));
        self.strangers.extend(self.waiting.iter().copied());
        // What was said to another may be said again, and what it has left is counted anew.
        self.finished.clear();
        for all in [&mut self.out, &mut self.patience] {
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
        self.say(|| format!("see {} and {}", screen.len(), board.len()));
        self.screen.clone_from(&screen);
        let next = if self.rng.percent(50) { slots.into_iter().skip(from + many).collect() } else { Vec::new() };
        let (branches, spans) = (screen.clone(), self.spans(&screen));
        self.give(Input::VisibleSet(VisibleSet { screen, next, board, branches, spans, by_cluster: true }));
    }

    fn grow_calm(&mut self) {
        self.say(|| "calm".to_owned());
        self.calm = true;
        self.delay = 500;
        (self.visible, self.online) = (true, true);
        self.give(Input::Visibility(true));
        self.give(Input::Network(true));
        // Faults have told lies, such as that something is gone: by hand all is asked again that may change at all.
        for (origin, _) in ORIGINS {
            self.set_token(origin, Some(TOKEN));
        }
        self.by_hand = true;
        self.see_all();
        // Who asks by hand does not want to wait.
        self.patience.clear();
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

    // --- What must hold -----------------------------------------------------------------------------------------------

    /// A stage that went through never goes back.
    fn check_truths(&mut self) {
        for &slot in &self.screen {
            let Some(d) = self.engine.deployment(slot) else { continue };
            for stage in &d.stages {
                if matches!(stage.kind, StageKind::Commit | StageKind::Sync) {
                    continue;
                }
                // What a row says by itself may be taken back by a forge.
                if !matches!(stage.told, Some(Told::By(..))) || stage.started.is_none() {
                    continue;
                }
                if self.known.insert((slot, stage.kind), stage.status) == Some(Status::Succeeded) {
                    let (seed, what) = (self.seed, stage.kind.word());
                    assert_eq!(stage.status, Status::Succeeded, "seed {seed}: {what} of {} goes back: {stage:?}", d.id);
                }
            }
        }
    }

    /// The page equals the world.
    fn compare(&mut self) {
        let world = &self.forges.world;
        let mut compared = 0;
        for row in world.rows.iter().filter(|row| world.entity(row, self.timeline.now - 3 * MINUTE).is_some()) {
            let name = &world.projects[row.project].name;
            let slot = self.engine.store().slot_of(row.project, name, &row.key);
            let slot = slot.unwrap_or_else(|| panic!("seed {}: there is no row {}", self.seed, row.key));
            let d = self.engine.deployment(slot).unwrap();
            // What has changed since it was last asked for may not be known yet.
            let then = world.truth(row, self.timeline.now - 3 * MINUTE);
            let now = world.truth(row, self.timeline.now);
            if now == then {
                let now = own_environment(world, row, now, self.timeline.now);
                compared += check_deployment(&d, &now, &format!("seed {}: {}", self.seed, row.key));
            }
        }
        self.count[2] += compared;
        self.count[6] += self.compare_clusters() + self.compare_branches();
    }

    /// What clusters run is what they run, and what that contains is theirs.
    fn compare_clusters(&self) -> u64 {
        let (world, syncs) = (&self.forges.world, self.engine.syncs());
        let mut compared = 0;
        for standing in syncs.standings() {
            let is_it = |c: &Cluster| c.project == standing.project && standing.cluster.as_str() == c.name;
            let what = format!("seed {}: {} is no cluster", self.seed, standing.cluster);
            assert!(world.clusters.iter().any(is_it), "{what}: {standing:?}");
        }
        for cluster in &world.clusters {
            let what = format!("seed {}: cluster {} of {}", self.seed, cluster.name, cluster.project);
            // Nobody asks about a project of which nothing is in sight.
            let rows = || world.rows.iter().filter(|row| row.project == cluster.project);
            let is_in_sight = rows().any(|row| world.entity(row, self.timeline.now - 3 * MINUTE).is_some());
            let (then, now) = (
                world.cluster_truth(cluster, self.timeline.now - 3 * MINUTE),
                world.cluster_truth(cluster, self.timeline.now),
            );
            let Some((commit, at)) = now.applied.filter(|_| is_in_sight && then == now) else { continue };
            let repository = world.projects[cluster.project].manifests;
            let log = world.log(repository, self.timeline.now);
            // Statuses are not looked for for ever.
            if !log.iter().take(20).any(|n| *n == commit) && !matches!(cluster.speaks, Speaks::Tag { .. }) {
                continue;
            }
            let standing = syncs
                .standings()
                .iter()
                .find(|s| s.project == cluster.project && s.cluster.as_str().eq_ignore_ascii_case(&cluster.name));
            // Whose word lies behind more pages than are read is unknown, and the page says so of its project.
            let is_unread = syncs.unread(cluster.project).is_some_and(|unread| unread.environments);
            if standing.is_none() && cluster.speaks == Speaks::Deployment && is_unread {
                continue;
            }
            let standing = standing.unwrap_or_else(|| panic!("{what}: nothing is known of it"));
            let applied = standing.applied.as_ref().unwrap_or_else(|| panic!("{what}: it runs nothing: {standing:?}"));
            let id = applied.commit.as_ref().map(ToString::to_string);
            assert_eq!(id.as_deref(), Some(&*world.commits[commit].id), "{what}: {standing:?}");
            if !applied.is_approximate {
                check_end(applied.at, Some(at), &format!("{what}: applied at {:?}, not {}", applied.at, rfc3339(at)));
            }
            compared += 1;
            let runs = world.reach(commit, false);
            for row in rows() {
                let Some(published) = row.manifest.filter(|n| world.commits[*n].at <= self.timeline.now - 3 * MINUTE)
                else {
                    continue;
                };
                let name = &world.projects[row.project].name;
                let Some(slot) = self.engine.store().slot_of(row.project, name, &row.key) else { continue };
                let d = self.engine.deployment(slot).unwrap();
                if d.manifest_commit.is_none() {
                    continue;
                }
                let has = runs.contains(&published);
                let shown = d.clusters.iter().find(|c| c.cluster.as_str().eq_ignore_ascii_case(&cluster.name));
                let is_shown = shown.is_some_and(|c| c.state == SyncState::Synced);
                assert_eq!(is_shown, has, "{what}: {} {:?}", row.key, d.clusters);
                compared += 1;
            }
        }
        compared
    }

    /// A branch that is said to have ended has.
    fn compare_branches(&self) -> u64 {
        let world = &self.forges.world;
        let mut compared = 0;
        for row in &world.rows {
            let name = &world.projects[row.project].name;
            let slot = self.engine.store().slot_of(row.project, name, &row.key);
            let (Some(slot), Some(source)) = (slot, row.source) else { continue };
            let Some(shown) = self.engine.branch_end(slot) else { continue };
            let repository = world.commits[source].repository;
            let truth = world.branch_end(repository, &row.branch, self.timeline.now);
            // What was deleted is gone, and whether it was merged before is known where a pull request tells.
            let is_true =
                truth.is_some() || world.branches(repository, self.timeline.now).iter().all(|b| b.name != row.branch);
            assert!(is_true, "seed {}: {} of {} has not ended: {shown:?}", self.seed, row.branch, row.key);
            compared += 1;
        }
        compared
    }

    /// How many requests three minutes may take. What runs is asked for every five seconds, what waits for somebody with
    /// every refresh, what may be taken back ever more rarely: on GitLab, whose lists do not tell when a pipeline began or
    /// ended, each by itself; elsewhere many at once.
    fn most_on_second_visit(&self) -> u64 {
        let (world, now) = (&self.forges.world, self.timeline.now);
        let is_gitlab = |place: usize| world.places[place].forge == Forge::GitLab;
        let runs = world.runs.iter().filter(|run| is_gitlab(run.place)).map(|run| match run.now(now - 3 * MINUTE) {
            span if span.ended > now - 3 * MINUTE => 3 * 60 / 5 + 2,
            span if matches!(span.outcome, Outcome::Succeeded | Outcome::Warned) => 0,
            _ => 3,
        });
        let pulls = world.pulls.iter().filter(|pull| is_gitlab(world.repositories[pull.repository].place));
        let pulls = pulls.map(|pull| if pull.state(now) == PullState::Merged { 0 } else { 8 });
        // The branch, tags, and the statuses of the newest commits, with every refresh.
        let of_project = |manifests: usize| if is_gitlab(world.repositories[manifests].place) { 250 } else { 100 };
        let projects = world.projects.iter().map(|project| of_project(project.manifests));
        150 + projects.sum::<u64>() + runs.sum::<u64>() + pulls.sum::<u64>()
    }

    /// A second visit asks nothing about what is over for good.
    fn visit_again(&mut self) {
        let mut again = Engine::new(&self.config, "https://page.example", self.seed + 1);
        let now = Timestamp::from_millis(self.timeline.now);
        again.handle_input(Input::CachedFacts(self.kept.clone().into_iter().collect()), now);
        for (origin, _) in ORIGINS {
            let origin = Origin::of(origin).unwrap();
            again.handle_input(Input::ForgeCredential(origin.clone(), Some(Secret::new(origin, TOKEN))), now);
        }
        // What it is told before they come, forges hear then.
        attach_forges(&mut again, &self.config, self.seed + 1, now);
        self.engine = again;
        (self.waiting, self.by_hand) = (Vec::new(), false);
        self.timeline = Timeline::new(self.timeline.now);
        self.known.clear();
        // Who looks again wants to see what has been run again.
        self.finished.retain(|_, told| told.is_none());
        self.say(|| "second visit".to_owned());
        let before = self.asked;
        self.run_until(self.timeline.now + 3 * MINUTE);
        let (asked, most) = (self.asked - before, self.most_on_second_visit());
        assert!(asked < most, "seed {}: {asked} requests for a second look, of at most {most}", self.seed);
        self.count[3] += self.finished.len() as u64;
    }
}

impl Simulation for Page {
    type Event = Event;

    fn timeline(&mut self) -> &mut Timeline<Event> {
        &mut self.timeline
    }

    fn turn(&mut self) -> Option<Millis> {
        if self.sees_all {
            self.see_all();
        }
        let now = Timestamp::from_millis(self.timeline.now);
        let mut steps = 0;
        let wake = loop {
            let turn = Turn::at(&mut self.engine, now, &mut self.kept);
            for (id, request) in turn.sent {
                self.send(id, request);
            }
            self.waiting.retain(|id| !turn.aborted.contains(id));
            if turn.published.is_some() {
                self.check_truths();
            }
            if turn.wake.is_none_or(|at| at > now) {
                break turn.wake;
            }
            steps += 1;
            assert!(steps < 100, "seed {}: there is always something to do at {now:?}", self.seed);
        };
        assert!(self.sent < 200_000, "seed {}: it never comes to rest", self.seed);
        wake.map(Timestamp::millis)
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Serve(id) if self.waiting.contains(&id) => self.serve(id),
            Event::Arrive(id, answer) if self.waiting.contains(&id) => self.arrive(id, answer),
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
    // Of Argo CD's statuses nothing else says that they name clusters, and not applications.
    let rule = |name: &str| json!({ "name": name, "match": format!("continuous-delivery/{name}") });
    let clusters = ["east", "west", "lab"].map(rule);
    let config = json!({ "refreshSeconds": 30, "projects": projects.collect::<Vec<_>>(), "clusters": clusters });
    parse(&config.to_string()).unwrap_or_else(|e| panic!("{e:?}")).0
}

/// The single things that a request asks for, each with a name of its own; of GraphQL nothing.
fn things(request: &Request) -> Vec<String> {
    let address = request.address();
    let path = address.split('?').next().unwrap_or_default();
    let many = |ids: Option<String>| {
        let ids = ids.unwrap_or_default();
        ids.split(',').filter(|id| !id.is_empty()).map(|id| format!("{path} {id}")).collect::<Vec<_>>()
    };
    if path.ends_with("/_apis/build/builds") {
        return many(request.query("buildIds"));
    }
    if path.ends_with("/_apis/release/releases") {
        return many(request.query("releaseIdFilter"));
    }
    let single = [
        "/pullrequests/",
        "/actions/jobs/",
        "/actions/runs/",
        "/pipelines/",
        "/merge_requests/",
        "/pulls/",
        "/commits/",
    ];
    // What is said of a commit may change; the commit does not.
    let moves = ["/jobs", "/status", "/statuses"].iter().any(|end| path.ends_with(end));
    let is_single = single.iter().any(|s| path.contains(s)) && !moves;
    // What comes before a commit, and what the object of a tag is on, never changes.
    let from = request.query("sha").or_else(|| request.query("ref_name"));
    let from = from.or_else(|| request.query("searchCriteria.itemVersion.version"));
    let is_whole = |id: &String| id.len() == 40 && id.bytes().all(|b| b.is_ascii_hexdigit());
    if let Some(id) = from.filter(is_whole) {
        return vec![format!("{path} from {id}")];
    }
    let is_tag = path.contains("/git/tags/") || path.contains("/annotatedtags/");
    if is_single || is_tag { vec![path.to_owned()] } else { Vec::new() }
}

/// Those of them of which the answer says that they are over, and whether that is for good.
fn over(request: &Request, response: &Response) -> Vec<(String, bool)> {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let things = things(request);
    let path = request.address().split('?').next().unwrap_or_default();
    let is_success = |word: &Value| ["succeeded", "partiallySucceeded", "success"].iter().any(|end| word == end);
    let is_end =
        |word: &Value| is_success(word) || ["failed", "canceled", "failure", "cancelled"].iter().any(|end| word == end);
    if path.ends_with("/_apis/build/builds") {
        let builds = body["value"].as_array().into_iter().flatten();
        let ended = builds.filter(|b| is_end(&b["result"]));
        return ended.map(|b| (format!("{path} {}", b["id"]), is_success(&b["result"]))).collect();
    }
    let is_pull = body["pullRequestId"].is_u64() || body["iid"].is_u64() || body["number"].is_u64();
    let state = [&body["status"], &body["state"]];
    let is_closed =
        is_pull && ["completed", "abandoned", "closed", "merged"].iter().any(|end| state.contains(&&json!(end)));
    let is_log = things.first().is_some_and(|thing| thing.contains(" from "));
    let never_changes = is_log || ["/commits/", "/git/tags/", "/annotatedtags/"].iter().any(|of| path.contains(of));
    let is_commit = never_changes && response.status == 200;
    let is_merged = is_pull
        && (state.contains(&&json!("completed")) || state.contains(&&json!("merged")) || body["merged_at"].is_string());
    let is_final = is_success(&body["status"]) || is_success(&body["conclusion"]) || is_merged || is_commit;
    let is_over = is_end(&body["status"]) || is_end(&body["conclusion"]) || is_closed || is_commit;
    things.into_iter().filter(|_| is_over).map(|thing| (thing, is_final)).collect()
}

/// Compares one deployment with what is true, and returns how many stages were compared.
fn check_deployment(d: &Deployment, truth: &Truth, what: &str) -> u64 {
    let mut compared = 0;
    let kinds = [StageKind::Build, StageKind::Release, StageKind::Manifest];
    let truths = &truth.stages;
    for (kind, stage) in kinds.into_iter().zip(truths) {
        let (Some(truth), Some(shown)) = (stage, d.stage(kind)) else { continue };
        if truth.is_gone {
            // What was over before it was deleted is not asked again.
            let was_known = matches!(shown.told, Some(Told::By(..) | Told::Older(..)));
            let is_said = matches!(shown.told, Some(Told::Gone(..)));
            assert!(was_known || is_said, "{what}: {} is not said to be gone: {shown:?}", kind.word());
            continue;
        }
        compared += 1;
        check_stage(shown, truth, d.manifest_commit.is_some(), &format!("{what}, {}", kind.word()));
        // The stages of a build that went well are not asked for, so of their times only the build's are known.
        let is_staged = truths[0].as_ref().map(|t| t.id) == truths[1].as_ref().map(|t| t.id);
        if !(is_staged && truth.status == "succeeded") {
            check_end(shown.ended, truth.ended, &format!("{what}, {}: {shown:?} {truth:?}", kind.word()));
        }
    }
    if let (Some(truth), Some(shown)) = (&truth.pull, &d.pull_request) {
        compared += 1;
        let stage = d.stage(StageKind::PullRequest).unwrap();
        let status = match truth.state {
            "open" => Status::Waiting,
            "merged" => Status::Succeeded,
            _ => Status::Canceled,
        };
        assert_eq!(stage.status, status, "{what}: pull request {shown:?}");
        assert_eq!(shown.title.as_deref(), Some(&*truth.title), "{what}");
        assert_eq!(shown.branch.as_ref().map(ToString::to_string).as_deref(), Some(&*truth.branch), "{what}");
        assert_eq!(shown.draft, truth.is_draft, "{what}");
        let merger = |name: &str| truth.merged_by.as_ref().is_some_and(|p| name == p.name || name == p.login);
        assert_eq!(shown.merged_by.is_some(), truth.merged_by.is_some(), "{what}: {shown:?} {truth:?}");
        assert!(shown.merged_by.as_ref().is_none_or(|p| merger(&p.name)), "{what}: {shown:?}");
        let waits: BTreeSet<&str> = shown.waits_for.iter().map(|p| &*p.name).collect();
        let expect = truth.waits_for.len();
        assert_eq!(waits.len(), expect, "{what}: waits for {waits:?}, not {:?}", truth.waits_for);
    }
    let edit_is_gone = truth.stages[2].as_ref().is_none_or(|build| build.is_gone);
    let build_is_gone = truth.stages[0].as_ref().is_some_and(|build| build.is_gone);
    if let Some(truth) = &truth.commit {
        let stage = d.stages.iter().find(|s| s.kind == StageKind::Commit);
        // Azure DevOps may know a commit by its whole id alone, which nobody but a build that is gone could tell.
        let is_lost = truth.forge == Forge::AzureDevOps && (build_is_gone || stage.is_none() && edit_is_gone);
        let is_told = stage.is_none_or(|s| matches!(s.told, Some(Told::By(..))));
        assert!(is_told || is_lost, "{what}: nobody tells of the commit: {stage:?}");
        if !is_told || is_lost {
            return compared;
        }
        compared += 1;
        let author = d.source.author.as_ref().map(|p| &*p.name);
        assert_eq!(author, Some(&*truth.author.name), "{what}: author; {stage:?}");
        let first = |message: &str| message.lines().next().unwrap_or_default().to_owned();
        assert_eq!(d.source.message.as_deref().map(first), Some(first(&truth.message)), "{what}: message");
        if let Some(stage) = stage {
            let link = stage.link.as_ref().map(|l| l.as_str().to_ascii_lowercase());
            assert_eq!(link, Some(truth.link.to_ascii_lowercase()), "{what}");
        }
    }
    compared
}

/// A classic release is, to one deployment, the one to its own ring.
fn own_environment(world: &World, row: &Row, mut truth: Truth, now: Millis) -> Truth {
    if let (Some(release), Some(stage)) = (row.stages[1], &mut truth.stages[1]) {
        let run = &world.runs[release.run];
        let own = run.parts.iter().find(|part| part.name.eq_ignore_ascii_case(&row.ring));
        if let (Kind::Release, Some(own)) = (run.kind, own) {
            let (_, span) = current(&own.tries, now);
            stage.status = match span.state(now) {
                State::Absent => "incomplete",
                State::Queued => "queued",
                State::Held => "waiting",
                State::Running => "running",
                State::Ended(Outcome::Succeeded | Outcome::Warned) => "succeeded",
                State::Ended(Outcome::Failed) => "failed",
                State::Ended(Outcome::Canceled) => "canceled",
                State::Ended(Outcome::Strange) => "unknown",
            };
            stage.is_warned = span.state(now) == State::Ended(Outcome::Warned);
            (stage.started, stage.ended) = (span.began(now), span.finished(now));
        }
    }
    truth
}

fn check_stage(shown: &ringside::domain::stage::Stage, truth: &StageTruth, is_published: bool, what: &str) {
    let status = match truth.status {
        "queued" => Status::Queued,
        "waiting" => Status::Waiting,
        "running" => Status::Running,
        "succeeded" => Status::Succeeded,
        "failed" => Status::Failed,
        "canceled" => Status::Canceled,
        "incomplete" => Status::Incomplete,
        _ => Status::Unknown,
    };
    // What a stage made is there whatever its run says.
    let is_strange = status == Status::Unknown && matches!(shown.told, Some(Told::Older(..)));
    if !(is_published && shown.kind == StageKind::Manifest || is_strange) {
        assert_eq!(shown.status, status, "{what}: {shown:?} {truth:?}");
        assert_eq!(shown.warned, truth.is_warned, "{what}: {shown:?} {truth:?}");
        // GitLab does not say who may start what waits.
        let waits: BTreeSet<&str> =
            shown.part.iter().flat_map(|part| &part.waits_for).map(|person| &*person.name).collect();
        let name = |person: &PersonTruth| {
            if truth.forge == Forge::GitHub { person.login.clone() } else { person.name.clone() }
        };
        let people: Vec<String> = truth.waits_for.iter().filter(|_| truth.forge != Forge::GitLab).map(name).collect();
        assert_eq!(waits, people.iter().map(String::as_str).collect(), "{what}: {shown:?} {truth:?}");
    }
    let link = shown.link.as_ref().map(|l| l.as_str().to_ascii_lowercase());
    assert_eq!(link, Some(truth.link.to_ascii_lowercase()), "{what}");
}

fn check_end(shown: Option<Timestamp>, truth: Option<Millis>, what: &str) {
    let is_near = match (shown, truth) {
        (Some(shown), Some(truth)) => (shown.millis() - truth).abs() <= SECOND,
        (None, _) => true,
        (Some(_), None) => false,
    };
    assert!(is_near, "{what}");
}
