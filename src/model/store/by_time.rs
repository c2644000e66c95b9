//! The order of time, as it was last brought up to date.

use super::slot::Slot;

/// The order, and what has yet to be put into it.
#[derive(Debug, Default)]
pub(super) struct ByTime {
    pub(super) order: Vec<Slot>,
    /// Slots that are to be put in: that came, or whose time changed.
    pub(super) waiting: Vec<Slot>,
    /// Slots that left or wait are still in the order too.
    pub(super) is_stale: bool,
}
