//! Notes of what has changed.

use super::{
    columns::set,
    delta::{CellKey, Delta},
    rows::Store,
    slot::Slot,
};
use crate::{domain::project::ProjectId, model::symbols::RingSym};

impl Store {
    /// What has changed since the last time.
    pub fn take_delta(&mut self) -> Delta {
        let mut delta = std::mem::take(&mut self.delta);
        delta.limit();
        delta
    }

    /// Notes a change of a deployment.
    pub(super) fn note(&mut self, list: fn(&mut Delta) -> &mut Vec<Slot>, slot: Slot) {
        if !self.delta.everything {
            list(&mut self.delta).push(slot);
            self.delta.limit();
        }
    }

    /// Whether a project has any deployment in a ring.
    #[must_use]
    pub fn has_in_ring(&self, project: ProjectId, ring: RingSym) -> bool {
        self.placed.contains_key(&(project, ring))
    }

    /// A deployment is about to change or go: so long it counts nowhere.
    pub(super) fn leave_place(&mut self, slot: Slot) {
        self.note_place(slot);
        let Some(place) = self.place(slot) else { return };
        if let Some(count) = self.placed.get_mut(&place) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.placed.remove(&place);
            }
        }
    }

    /// A deployment has come or changed.
    pub(super) fn enter_place(&mut self, slot: Slot) {
        self.note_place(slot);
        let place = self.place(slot);
        place.into_iter().for_each(|place| *self.placed.entry(place).or_default() += 1);
    }

    /// A row becomes part of another one, or a deployment of its own.
    pub(super) fn set_hidden(&mut self, slot: Slot, is_hidden: bool) {
        if self.hidden.contains(&slot) == is_hidden {
            return;
        }
        if is_hidden {
            self.leave_place(slot);
            self.unorder(slot);
            self.drop_layer(slot);
            self.hidden.insert(slot);
            self.count -= 1;
            self.note(|delta| &mut delta.removed, slot);
        } else {
            self.hidden.remove(&slot);
            self.count += 1;
            self.enter_place(slot);
            self.note(|delta| &mut delta.added, slot);
            self.reorder(slot, None);
            self.fresh.iter_mut().for_each(|fresh| fresh.push(slot));
        }
        set(&mut self.live, slot.index(), !is_hidden);
        self.version += 1;
    }

    fn place(&self, slot: Slot) -> Option<(ProjectId, RingSym)> {
        let index = slot.index();
        self.derived.project.get(index).copied().zip(self.derived.ring.get(index).copied())
    }

    /// Notes where a deployment stands among the services and rings, before it changes and after.
    fn note_place(&mut self, slot: Slot) {
        if self.delta.everything {
            return;
        }
        let cell = self.cell_of(slot);
        if self.delta.cells.last() != Some(&cell) {
            self.delta.cells.push(cell);
        }
    }

    /// Which service and ring a deployment belongs to.
    #[must_use]
    pub fn cell_of(&self, slot: Slot) -> CellKey {
        let (project, ring) = self.place(slot).unwrap_or_default();
        CellKey { project, service: self.service(slot), ring }
    }
}
