//! Slots found by what lies in them.

use hashbrown::{HashTable, hash_table::OccupiedEntry};

use super::slot::Slot;

/// A table that grows needs the hash of all that it holds, which reads their texts: at 100,000 rows for longer than a
/// page may stand still. So it is in parts, of which each has some hundred slots there.
const PARTS: usize = 256;

/// At which place among 65,536 each part begins. Their widths rise by the same ratio, to twice as many, so that they grow
/// at different times.
const BEGINS: [u16; PARTS] = {
    // The first width and the ratio, in parts of 65,536: 2 to the power of 1/256.
    let (mut width, ratio) = (11_636_000_u64, 65_714_u64);
    let (mut begins, mut begin, mut n) = ([0; PARTS], 0, 0);
    while n < PARTS {
        #[expect(clippy::indexing_slicing, reason = "a constant: out of bounds would not compile")]
        {
            begins[n] = (begin >> 16) as u16;
        }
        begin += width;
        width = (width * ratio) >> 16;
        n += 1;
    }
    begins
};

/// Slots by a hash, which the caller computes.
#[derive(Debug, Default)]
pub(super) struct SlotTable(Vec<HashTable<Slot>>);

/// By bits that neither a part's buckets nor its tags are chosen by. They are mixed: hashes of numbers in a row are so
/// even that parts of nearly one width would grow at one time.
fn part_of(hash: u64) -> usize {
    let place = ((hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 48) as u16;
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
    use std::cell::Cell;

    use super::*;

    #[test]
    fn what_was_taken_in_is_found_until_it_is_taken_out() {
        let hash_of = |slot: &Slot| (slot.index() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut table = SlotTable::default();
        assert_eq!(table.find(1, |_| true), None);
        let slots: Vec<Slot> = (0..3000).map(Slot::at).collect();
        slots.iter().for_each(|slot| table.insert(hash_of(slot), *slot, hash_of));
        for slot in slots.iter().filter(|slot| slot.index() % 3 == 0) {
            table.find_entry(hash_of(slot), |other| other == slot).unwrap().remove();
        }
        for slot in &slots {
            let expect = (slot.index() % 3 != 0).then_some(*slot);
            assert_eq!(table.find(hash_of(slot), |other| other == slot), expect);
        }
    }

    /// So many rows are read in one task.
    const TASK: usize = 250;

    #[test]
    fn no_task_asks_for_many_hashes() {
        let even = |slot: &Slot| (slot.index() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = |slot: &Slot| {
            let mut hash = even(slot);
            for shift in [30, 27, 31] {
                hash = (hash ^ (hash >> shift)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            }
            hash
        };
        for hash_of in [&even as &dyn Fn(&Slot) -> u64, &mixed] {
            let (hashed, mut table) = (Cell::new(0), SlotTable::default());
            let count = |slot: &Slot| {
                hashed.set(hashed.get() + 1);
                hash_of(slot)
            };
            for first in (0..100_000).step_by(TASK) {
                (first..first + TASK).map(Slot::at).for_each(|slot| table.insert(hash_of(&slot), slot, count));
                assert!(hashed.get() < 2_500, "{first}: {}", hashed.get());
                hashed.set(0);
            }
        }
    }
}
