//! What the simulations share: one turn of the page's loop, time with what happens in it, and seeds.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

use ringside::{
    config::Config,
    domain::{clock::Clock, time::Timestamp},
    engine::{Engine, Input, Output, RequestId, cache::CacheWrite, forge::ForgeEngine},
    http::Request,
    model::store::Delta,
};

/// What the browser keeps: chunks by name.
pub(crate) type CachedChunks = BTreeMap<String, Vec<u8>>;

/// All of the engine's outputs, until it waits.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    pub(crate) sent: Vec<(RequestId, Request)>,
    pub(crate) aborted: Vec<RequestId>,
    pub(crate) published: Option<Delta>,
    /// When to wake it, by the device's wall clock.
    pub(crate) wake: Option<Timestamp>,
}

impl Turn {
    /// Lets the engine see the time.
    pub(crate) fn at(engine: &mut Engine, clock: impl Into<Clock>, kept: &mut CachedChunks) -> Self {
        engine.handle_input(Input::Timer, clock);
        Self::of(engine, kept)
    }

    /// What follows from the inputs so far.
    pub(crate) fn of(engine: &mut Engine, kept: &mut CachedChunks) -> Self {
        let mut turn = Self::default();
        loop {
            match engine.poll_output() {
                Output::Send(id, request) => turn.sent.push((id, request)),
                Output::Abort(id) => turn.aborted.push(id),
                Output::Persist(CacheWrite::Write { name, bytes }) => {
                    kept.insert(name, bytes);
                }
                Output::Persist(CacheWrite::Delete { name }) => {
                    kept.remove(&name);
                }
                Output::Publish(delta) => assert!(turn.published.replace(delta).is_none(), "published twice at a time"),
                Output::Wait(wake) => {
                    turn.wake = wake;
                    return turn;
                }
            }
        }
    }
}

/// Gives an engine the part that asks forges.
pub(crate) fn attach_forges(engine: &mut Engine, config: &Config, seed: u64, clock: impl Into<Clock>) {
    engine.handle_input(Input::Forges(Box::new(ForgeEngine::new(config, seed))), clock);
}

/// The time, in milliseconds, and what will happen.
pub(crate) struct Timeline<E> {
    pub(crate) now: i64,
    /// Events of the same moment come in the order of the number.
    events: BinaryHeap<Reverse<(i64, u64, E)>>,
    count: u64,
}

impl<E: Ord> Timeline<E> {
    pub(crate) const fn new(now: i64) -> Self {
        Self { now, events: BinaryHeap::new(), count: 0 }
    }

    /// Something will happen so long from now.
    pub(crate) fn after(&mut self, millis: i64, event: E) {
        self.count += 1;
        self.events.push(Reverse((self.now + millis, self.count, event)));
    }

    fn next(&self) -> Option<i64> {
        self.events.peek().map(|Reverse((at, ..))| *at)
    }

    fn take_due(&mut self) -> Option<E> {
        self.next().filter(|at| *at <= self.now)?;
        self.events.pop().map(|Reverse((.., event))| event)
    }
}

/// A page, its services and a person, in simulated time.
pub(crate) trait Simulation {
    type Event: Ord;

    fn timeline(&mut self) -> &mut Timeline<Self::Event>;

    /// Carries out the engine's outputs. Returns when it is to be woken.
    fn step(&mut self) -> Option<i64>;

    /// Carries out the engine's outputs, until there is nothing more to do now. Returns when it is to be woken.
    fn turn(&mut self) -> Option<i64> {
        self.until_idle()
    }

    fn until_idle(&mut self) -> Option<i64> {
        for _ in 0..10_000 {
            let wake = self.step();
            if wake.is_none_or(|at| at > self.timeline().now) {
                return wake;
            }
        }
        panic!("there is always something to do at {}", self.timeline().now);
    }

    fn happen(&mut self, event: Self::Event);

    /// Goes on until then.
    fn run_until(&mut self, end: i64) {
        loop {
            let wake = self.turn();
            let timeline = self.timeline();
            let next = wake.into_iter().chain(timeline.next()).min();
            let Some(next) = next.filter(|&at| at <= end) else { break };
            timeline.now = timeline.now.max(next);
            while let Some(event) = self.timeline().take_due() {
                self.happen(event);
            }
        }
        let timeline = self.timeline();
        timeline.now = timeline.now.max(end);
    }
}

/// Runs a simulation for each seed, on all processors, and adds up how much happened. RINGSIDE_SEEDS=n runs so many.
/// RINGSIDE_SEED=n runs that one alone, which prints what happens; then there is no sum.
pub(crate) fn run_seeds<S: Default + Send>(
    seeds: u64,
    run: impl Fn(u64, bool) -> S + Sync,
    add: impl Fn(S, S) -> S + Sync,
) -> Option<(u64, S)> {
    let number = |name| std::env::var(name).ok().and_then(|n| n.parse::<u64>().ok());
    if let Some(seed) = number("RINGSIDE_SEED") {
        run(seed, true);
        return None;
    }
    let seeds = number("RINGSIDE_SEEDS").unwrap_or(seeds);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let sum = std::thread::scope(|scope| {
        let of = |first: u64| (first..seeds).step_by(threads).map(|seed| run(seed, false)).fold(S::default(), &add);
        let sums: Vec<_> = (0..threads as u64).map(|first| scope.spawn(move || of(first))).collect();
        let sums = sums.into_iter().map(|sum| sum.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        sums.fold(S::default(), &add)
    });
    Some((seeds, sum))
}
