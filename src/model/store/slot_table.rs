//! Slots found by what lies in them.

use hashbrown::{HashTable, hash_table::OccupiedEntry};

use super::slot::Slot;

/// A table that grows asks for the hash of all that it holds, which reads their texts: at 100,000 rows for longer than
/// a page may stand still. So it is in parts. Each begins at that place among 65,536: they rise like the powers of two,
/// so that no two are of one size and grow at one time, even where hashes are as even as those of numbers in a row.
const BEGINS: [u16; 16] =
    [0, 2902, 5932, 9096, 12400, 15850, 19454, 23216, 27146, 31249, 35534, 40009, 44682, 49562, 54658, 59979];

/// Slots by a hash, which only those know that ask.
#[derive(Debug, Default)]
pub(super) struct SlotTable(Vec<HashTable<Slot>>);

/// By bits that neither a part's buckets nor its tags are chosen by.
fn part_of(hash: u64) -> usize {
    let place = (hash >> 32) as u16;
    BEGINS.partition_point(|&begin| begin <= place) - 1
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
            self.0.resize_with(BEGINS.len(), HashTable::new);
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
        let sizes: Vec<usize> = table.0.iter().map(HashTable::len).collect();
        assert!(sizes.is_sorted() && sizes.first() > Some(&100) && sizes.last() < Some(&280), "{sizes:?}");
        for slot in slots.iter().filter(|slot| slot.index() % 3 == 0) {
            table.find_entry(hash_of(slot), |other| other == slot).unwrap().remove();
        }
        for slot in &slots {
            let expect = (slot.index() % 3 != 0).then_some(*slot);
            assert_eq!(table.find(hash_of(slot), |other| other == slot), expect);
        }
    }
}
