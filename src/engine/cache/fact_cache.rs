//! Decides which bytes the browser keeps.

#[cfg(test)]
mod tests;

use std::time::Duration;

use super::{cached_fact::CachedFact, wire};
use crate::{domain::time::Timestamp, engine::backoff::Random, model::order::sorted_by};

/// Facts in a full chunk.
const FULL: usize = 512;
/// Chunks that are kept at most: some ten megabytes, all of which the next visit reads.
const MOST: usize = 64;

/// Chunks less than half full that are left as they are.
const SMALL: usize = 8;

/// Grows with every change of what the bytes mean.
const VERSION: &str = "ringside 1\n";
/// Writes no more often, so that a burst of answers is one write.
const EVERY: Duration = Duration::from_secs(1);

/// What the browser is to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CacheWrite {
    /// Keep these bytes, in place of those of the same name.
    Write {
        /// Under this name.
        name: String,
        /// A chunk.
        bytes: Vec<u8>,
    },
    /// Throw away what has this name.
    Delete {
        /// The name.
        name: String,
    },
}

/// Decides which bytes the browser keeps.
#[derive(Debug)]
pub struct FactCache {
    /// The names of all chunks, the oldest first.
    names: Vec<String>,
    /// The chunk that still grows.
    open: Vec<CachedFact>,
    is_changed: bool,
    written: Option<Timestamp>,
    pending: Vec<CacheWrite>,
    random: Random,
}

impl FactCache {
    /// One that keeps nothing yet. The seed keeps two tabs' chunks apart.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self {
            names: Vec::new(),
            open: Vec::new(),
            is_changed: false,
            written: None,
            pending: Vec::new(),
            random: Random::new(seed),
        }
    }

    /// Takes in what earlier visits kept, and reads it: of two facts about the same thing the one learnt last.
    pub fn restore(&mut self, mut chunks: Vec<(String, Vec<u8>)>) -> Vec<CachedFact> {
        chunks.sort_unstable();
        let chunks: Vec<(String, Vec<CachedFact>)> =
            chunks.into_iter().map(|(name, bytes)| (name, decode(&bytes))).collect();
        let mut names = self.put_together(&chunks);
        names.append(&mut self.names);
        self.names = names;
        self.evict();
        newest(chunks.into_iter().flat_map(|(_, facts)| facts).collect())
    }

    /// Puts small chunks together where there are many: without that, visits that learn little would push out what
    /// was learnt at once. Another tab may do the same at the same time; then there are two of the same, which is no
    /// harm. Returns the names there are now, the oldest first.
    #[must_use]
    fn put_together(&mut self, chunks: &[(String, Vec<CachedFact>)]) -> Vec<String> {
        let (small, full): (Vec<_>, Vec<_>) = chunks.iter().partition(|(_, facts)| facts.len() < FULL / 2);
        let Some((last, _)) = small.last().filter(|_| small.len() > SMALL) else {
            return chunks.iter().map(|(name, _)| name.clone()).collect();
        };
        let mut names: Vec<String> = full.into_iter().map(|(name, _)| name.clone()).collect();
        let moment = last.split('-').next().unwrap_or_default();
        let facts = newest(small.iter().flat_map(|(_, facts)| facts.iter().cloned()).collect());
        for facts in facts.chunks(FULL) {
            let name = format!("{moment}-{:08x}", self.random.below(1 << 32));
            // Written before the others are thrown away, so that nothing is lost if the page closes in between.
            self.pending.push(CacheWrite::Write { name: name.clone(), bytes: encode(facts) });
            names.push(name);
        }
        let gone = small.iter().map(|(name, _)| name).filter(|name| !names.contains(name));
        self.pending.extend(gone.map(|name| CacheWrite::Delete { name: name.clone() }));
        sorted_by(&names, Ord::cmp)
    }

    /// Adds a fact.
    pub fn add(&mut self, fact: CachedFact, now: Timestamp) {
        if self.open.is_empty() || self.open.len() >= FULL {
            self.start_chunk(now);
        }
        match self.open.iter_mut().find(|known| known.key == fact.key) {
            Some(known) => *known = fact,
            None => self.open.push(fact),
        }
        self.is_changed = true;
    }

    fn start_chunk(&mut self, now: Timestamp) {
        self.close_chunk();
        self.open.clear();
        // Digits of one length, so that names sort by age.
        let moment = now.millis().max(0);
        self.names.push(format!("{moment:015}-{:08x}", self.random.below(1 << 32)));
        self.evict();
    }

    fn evict(&mut self) {
        let over = self.names.len().saturating_sub(MOST);
        self.pending.extend(self.names.drain(..over).map(|name| CacheWrite::Delete { name }));
    }

    /// Writes what is new in the open chunk.
    fn close_chunk(&mut self) {
        if std::mem::take(&mut self.is_changed)
            && let Some(name) = self.names.last()
        {
            self.pending.push(CacheWrite::Write { name: name.clone(), bytes: encode(&self.open) });
        }
    }

    /// What the browser is to do now.
    pub fn take(&mut self, now: Timestamp) -> Vec<CacheWrite> {
        let waits = self.wake_at().is_some_and(|at| at > now) && !self.is_set_back(now);
        if self.is_changed && !waits {
            self.close_chunk();
            self.written = Some(now);
        }
        std::mem::take(&mut self.pending)
    }

    fn is_set_back(&self, now: Timestamp) -> bool {
        self.written.is_some_and(|at| at > now)
    }

    /// When there is something to write that has to wait.
    #[must_use]
    pub fn wake_at(&self) -> Option<Timestamp> {
        self.written.filter(|_| self.is_changed).map(|at| at + EVERY)
    }

    /// Throws everything away.
    pub fn clear(&mut self) -> Vec<CacheWrite> {
        self.open.clear();
        self.is_changed = false;
        self.pending.clear();
        std::mem::take(&mut self.names).into_iter().map(|name| CacheWrite::Delete { name }).collect()
    }
}

/// Of several facts about one thing the one learnt last.
fn newest(facts: Vec<CachedFact>) -> Vec<CachedFact> {
    let mut places: rustc_hash::FxHashMap<Box<str>, usize> = rustc_hash::FxHashMap::default();
    let mut out: Vec<CachedFact> = Vec::with_capacity(facts.len());
    for fact in facts {
        let place = *places.entry(fact.key.clone()).or_insert(out.len());
        match out.get_mut(place) {
            Some(known) if known.fetched_at <= fact.fetched_at => *known = fact,
            Some(_) => {}
            None => out.push(fact),
        }
    }
    out
}

#[must_use]
fn encode(facts: &[CachedFact]) -> Vec<u8> {
    wire::write(facts, VERSION.to_owned()).into_bytes()
}

/// Reads what [`encode`] wrote; nothing of anything else.
#[must_use]
fn decode(bytes: &[u8]) -> Vec<CachedFact> {
    std::str::from_utf8(bytes).ok().and_then(|text| text.strip_prefix(VERSION)).map_or_else(Vec::new, wire::read)
}
