//! What has changed, for those who derive more from the store.

use super::{Slot, Store};
use crate::model::symbols::Sym;

/// What has changed since somebody last took note. A slot may be named in several lists, and more than once.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Delta {
    /// Rows that came. A slot that a row has left may be given to another one.
    pub added: Vec<Slot>,
    /// Rows that were written anew.
    pub changed: Vec<Slot>,
    /// Rows that are gone.
    pub removed: Vec<Slot>,
    /// Deployments of which a forge told something new.
    pub facts: Vec<Slot>,
    /// Services that any of these belong to, or belonged to, by project.
    pub services: Vec<(u8, Sym)>,
    /// Rings that any of these belong to, or belonged to.
    pub rings: Vec<Sym>,
    /// Clusters said something new, or more is known of what their manifests contain: any deployment may be another.
    pub clusters: bool,
}

impl Delta {
    /// Whether nothing has changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let slots = [&self.added, &self.changed, &self.removed, &self.facts];
        !self.clusters && slots.into_iter().all(Vec::is_empty)
    }

    /// Every slot that it names, each once.
    #[must_use]
    pub fn slots(&self) -> Vec<Slot> {
        let lists = [&self.added, &self.changed, &self.removed, &self.facts];
        let mut slots: Vec<Slot> = lists.into_iter().flatten().copied().collect();
        slots.sort_unstable();
        slots.dedup();
        slots
    }
}

impl Store {
    /// What has changed since the last time.
    pub fn take_delta(&mut self) -> Delta {
        let mut delta = std::mem::take(&mut self.delta);
        delta.services.sort_unstable();
        delta.services.dedup();
        delta.rings.sort_unstable();
        delta.rings.dedup();
        delta
    }

    /// Notes where a deployment stands among the services and rings, before it changes and after.
    pub(super) fn note_place(&mut self, slot: Slot) {
        let index = slot as usize;
        let derived = &self.derived;
        let (project, service) = (derived.project.get(index).copied(), derived.service.get(index).copied());
        // While a table is loaded, the same few come a thousand times in a row.
        if let Some(place) = project.zip(service).filter(|place| self.delta.services.last() != Some(place)) {
            self.delta.services.push(place);
        }
        if let Some(ring) = derived.ring.get(index).copied().filter(|ring| self.delta.rings.last() != Some(ring)) {
            self.delta.rings.push(ring);
        }
    }
}
