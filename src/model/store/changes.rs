//! Notes of what has changed.

use super::{
    delta::{Delta, MANY},
    rows::Store,
    slot::Slot,
};

impl Store {
    /// What has changed since the last time.
    pub fn take_delta(&mut self) -> Delta {
        let mut delta = std::mem::take(&mut self.delta);
        delta.tidy();
        delta
    }

    /// Notes a change of a deployment.
    pub(super) fn note(&mut self, list: fn(&mut Delta) -> &mut Vec<Slot>, slot: Slot) {
        if !self.delta.everything {
            list(&mut self.delta).push(slot);
            if self.delta.len() > MANY {
                self.delta.tidy();
            }
        }
    }

    /// Notes where a deployment stands among the services and rings, before it changes and after.
    pub(super) fn note_place(&mut self, slot: Slot) {
        if self.delta.everything {
            return;
        }
        let index = slot as usize;
        let derived = &self.derived;
        let (project, service) = (derived.project.get(index).copied(), derived.service.get(index).copied());
        self.delta.services.extend(project.zip(service));
        self.delta.rings.extend(derived.ring.get(index));
    }
}
