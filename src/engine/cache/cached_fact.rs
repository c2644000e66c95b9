//! One thing that is kept.

use crate::domain::{fact::Fact, time::Timestamp};

/// A fact to keep.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CachedFact {
    /// What it is about.
    pub key: Box<str>,
    /// When it was asked for.
    pub fetched_at: Timestamp,
    /// The fact.
    pub fact: Fact,
    /// The parts of a run were asked for. It may have none.
    pub has_read_parts: bool,
}
