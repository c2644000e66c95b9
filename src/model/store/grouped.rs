//! Finds the rows that may belong to another one.

use super::{
    groups::{GroupBy, GroupKey, Groups, LARGEST},
    rows::Store,
    slot::Slot,
};
use crate::{
    domain::id::{SHORT_COMMIT, image_parts},
    storage::row::Field,
};

impl Store {
    /// The group that a row belongs to, if it belongs to any.
    fn group_key(&self, by: GroupBy, slot: Slot) -> Option<GroupKey<'_>> {
        let text = match by {
            GroupBy::Image if !self.has_one_half(slot) => "",
            // A build has the digest of what it made where it has one, and so may a release.
            GroupBy::Image => image_parts(self.row_text(slot, Field::ImageTag)).0,
            GroupBy::PullRequest => Some(self.row_text(slot, Field::Pr)).filter(|pr| is_number(pr)).unwrap_or_default(),
            GroupBy::Definition => self.row_text(slot, Field::HldCommitId).get(..SHORT_COMMIT).unwrap_or_default(),
        };
        let at = self.at(slot);
        let key = || GroupKey { by, project: at.project(), partition: at.text(Field::PartitionKey), text };
        (!text.is_empty() && !self.is_self_test(slot)).then(key)
    }

    /// The slots of a row's group, at most two more than [`LARGEST`].
    pub(super) fn group(&self, by: GroupBy, slot: Slot) -> Vec<Slot> {
        let Some(key) = self.group_key(by, slot) else { return Vec::new() };
        let groups = self.groups_by(by);
        let first = groups.firsts.find(key.hash(), |&other| self.group_key(by, other) == Some(key));
        first.into_iter().flat_map(|first| groups.all(first)).take(LARGEST + 2).collect()
    }

    pub(super) fn enter_groups(&mut self, slot: Slot) {
        for by in GroupBy::ALL {
            let Some(hash) = self.group_key(by, slot).map(|key| key.hash()) else { continue };
            let first = self.first_of(by, slot, hash);
            let mut groups = std::mem::take(self.groups_by_mut(by));
            match first {
                Some(first) => {
                    let second = groups.next_of(first);
                    groups.set_next(slot, second);
                    groups.set_next(first, Some(slot));
                }
                None => {
                    let hash_of = |&other: &Slot| self.group_key(by, other).map_or(0, |key| key.hash());
                    groups.firsts.insert(hash, slot, hash_of);
                }
            }
            *self.groups_by_mut(by) = groups;
        }
    }

    /// To be called while the row is still the one that entered.
    pub(super) fn leave_groups(&mut self, slot: Slot) {
        for by in GroupBy::ALL {
            let Some(hash) = self.group_key(by, slot).map(|key| key.hash()) else { continue };
            let Some(first) = self.first_of(by, slot, hash) else { continue };
            let groups = self.groups_by_mut(by);
            let next = groups.next_of(slot);
            if first != slot {
                let before = groups.all(first).find(|&other| groups.next_of(other) == Some(slot));
                before.into_iter().for_each(|before| groups.set_next(before, next));
            } else if let Some(mut entry) = groups.firsts.find_entry(hash, |&other| other == slot) {
                match next {
                    Some(next) => *entry.get_mut() = next,
                    None => drop(entry.remove()),
                }
            }
            groups.set_next(slot, None);
        }
    }

    fn first_of(&self, by: GroupBy, slot: Slot, hash: u64) -> Option<Slot> {
        let key = self.group_key(by, slot);
        self.groups_by(by).firsts.find(hash, |&other| self.group_key(by, other) == key)
    }

    const fn groups_by(&self, by: GroupBy) -> &Groups {
        let [image, pull, definition] = &self.groups;
        match by {
            GroupBy::Image => image,
            GroupBy::PullRequest => pull,
            GroupBy::Definition => definition,
        }
    }

    const fn groups_by_mut(&mut self, by: GroupBy) -> &mut Groups {
        let [image, pull, definition] = &mut self.groups;
        match by {
            GroupBy::Image => image,
            GroupBy::PullRequest => pull,
            GroupBy::Definition => definition,
        }
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
