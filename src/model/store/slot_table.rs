//! Slots found by what lies in them.

use hashbrown::{HashTable, hash_table::OccupiedEntry};

use super::slot::Slot;

/// A table that grows asks for the hash of all that it holds, which reads their texts: at 100,000 rows for longer than a
/// page may stand still. So it is in parts, which grow one by one.
const PARTS: usize = 32;

/// Slots by a hash, which only those know that ask.
#[derive(Debug, Default)]
pub(super) struct SlotTable(Vec<HashTable<Slot>>);

/// The bits that neither a part's buckets nor its tags are chosen by.
const fn part_of(hash: u64) -> usize {
    (hash >> 40) as usize % PARTS
}

impl SlotTable {
    pub(super) fn find(&self, hash: u64, is_it: impl FnMut(&Slot) -> bool) -> Option<Slot> {
        self.0.get(part_of(hash))?.find(hash, is_it).copied()
    }

    /// The place of one that is there.
    pub(super) fn find_entry(
        &mut self,
        hash: u64,
        is_it: impl FnMut(&Slot) -> bool,
    ) -> Option<OccupiedEntry<'_, Slot>> {
        self.0.get_mut(part_of(hash))?.find_entry(hash, is_it).ok()
    }

    /// Takes in one that is not there.
    pub(super) fn insert(&mut self, hash: u64, slot: Slot, hash_of: impl Fn(&Slot) -> u64) {
        if self.0.is_empty() {
            self.0.resize_with(PARTS, HashTable::new);
        }
        if let Some(part) = self.0.get_mut(part_of(hash)) {
            part.insert_unique(hash, slot, hash_of);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_in_is_found_until_it_is_taken_out() {
        let hash_of = |slot: &Slot| (slot.index() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut table = SlotTable::default();
        assert_eq!(table.find(1, |_| true), None);
        let slots: Vec<Slot> = (0..3000).map(Slot::at).collect();
        slots.iter().for_each(|slot| table.insert(hash_of(slot), *slot, hash_of));
        assert!(table.0.iter().all(|part| part.len() > 30), "each part takes its share");
        for slot in slots.iter().filter(|slot| slot.index() % 3 == 0) {
            table.find_entry(hash_of(slot), |other| other == slot).unwrap().remove();
        }
        for slot in &slots {
            let expect = (slot.index() % 3 != 0).then_some(*slot);
            assert_eq!(table.find(hash_of(slot), |other| other == slot), expect);
        }
    }
}
