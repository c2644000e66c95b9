//! Which deployments were chosen.

use crate::model::store::Slot;

/// A yes or no for every slot.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selection {
    pub(super) yes: Vec<bool>,
    pub(super) count: usize,
}

impl Selection {
    /// Whether a deployment is wanted.
    #[must_use]
    pub fn has(&self, slot: Slot) -> bool {
        slot.of(&self.yes).copied().unwrap_or(false)
    }

    /// How many are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether none is.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }
}
