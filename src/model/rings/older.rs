//! Which deployments each cell of a board has: lists that take one number a deployment, however many cells there are.

use crate::model::store::Slot;

/// Lists of deployments, the newest first, each known by its newest. A deployment is in one list.
#[derive(Clone, Debug, Default)]
pub(super) struct OlderSlots {
    /// By slot: the next older one of its list.
    older: Vec<Option<Slot>>,
}

impl OlderSlots {
    /// The list that begins with this one.
    pub(super) fn from(&self, newest: Option<Slot>) -> impl Iterator<Item = Slot> {
        std::iter::successors(newest, |slot| slot.of(&self.older).copied().flatten())
    }

    /// Makes these a list, the newest first. None of them is in another from then on.
    pub(super) fn set(&mut self, slots: &[Slot]) {
        for (nth, slot) in slots.iter().enumerate() {
            if self.older.len() <= slot.index() {
                self.older.resize(slot.index() + 1, None);
            }
            if let Some(older) = slot.of_mut(&mut self.older) {
                *older = slots.get(nth + 1).copied();
            }
        }
    }
}
