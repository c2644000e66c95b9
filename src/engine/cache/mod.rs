//! What forges reported of finished work, as bytes that the browser keeps for the next visit.
//!
//! Chunks of facts instead of one record a fact: a hundred chunks take the browser some 50 ms to write and to read, a
//! hundred thousand records take seconds. A chunk is written again as it grows, until it is full; there are at most so
//! many as [`fact_cache`] allows, and the oldest goes when another comes. Each visit begins a chunk of its own, since
//! another tab may be writing to the last one, so small ones are put together when they are read. A chunk that cannot
//! be read, or is of another version, is as good as none: it is a cache, and what it lost is asked for again.
//!
//! None of the types here can hold a secret.

mod cached_fact;
mod fact_cache;
mod wire;

pub use self::{
    cached_fact::CachedFact,
    fact_cache::{CacheWrite, FactCache},
};
