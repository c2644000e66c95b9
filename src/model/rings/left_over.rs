//! Feature rings that nobody needs any more.

use std::time::Duration;

use super::{board::RingColumn, names::RingRole};
pub use crate::domain::manifests::BranchEnd;
use crate::{domain::time::Timestamp, model::store::Store};

/// Why a ring is left over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LeftOver {
    /// What it was for has ended.
    Branch(BranchEnd),
    /// Nothing happened in it for so long.
    Idle(Duration),
}

impl LeftOver {
    /// Its word in the page's hooks.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Branch(BranchEnd::Merged) => "merged",
            Self::Branch(BranchEnd::Gone) => "gone",
            Self::Idle(_) => "idle",
        }
    }
}

/// Whether a ring is left over: one of a branch that has ended, or in which nothing happened for as long as `idle`, if
/// that is asked for at all. Only feature rings that the configuration does not name can be: all others are there to
/// stay.
#[must_use]
pub fn left_over(
    store: &Store,
    column: &RingColumn,
    end: Option<BranchEnd>,
    idle: Option<Duration>,
    now: Timestamp,
) -> Option<LeftOver> {
    if column.role != RingRole::Feature || store.rings().is_configured(column.ring) {
        return None;
    }
    if let Some(end) = end {
        return Some(LeftOver::Branch(end));
    }
    let quiet = now.since(store.at(column.newest?).updated()?);
    idle.is_some_and(|idle| quiet >= idle).then_some(LeftOver::Idle(quiet))
}
