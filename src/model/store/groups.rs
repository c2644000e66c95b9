//! Rows that may belong together: those with the same image, pull request or commit of the definition.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::{columns::set, slot::Slot, slot_table::SlotTable};
use crate::domain::project::ProjectId;

/// A larger group is no deployment's parts: its text means nothing.
pub(super) const LARGEST: usize = 64;

/// By what rows belong together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum GroupBy {
    /// The image tag, of rows that are only a build's or only a release's.
    Image,
    /// The number of the pull request.
    PullRequest,
    /// The commit to the high-level definition.
    Definition,
}

impl GroupBy {
    pub(super) const ALL: [Self; 3] = [Self::Image, Self::PullRequest, Self::Definition];

    /// A character as it is compared. A build replaces in an image tag what a tag may not hold; a release does not.
    pub(super) const fn folded(self, byte: u8) -> u8 {
        match (self, byte) {
            (Self::Image, b'/' | b'.' | b'_') => b'-',
            (_, byte) => byte.to_ascii_lowercase(),
        }
    }
}

/// Slots by what they have in common.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// One slot of each group.
    pub(super) firsts: SlotTable,
    /// By slot: the next slot of its group.
    next: Vec<Option<Slot>>,
}

impl Groups {
    pub(super) fn all(&self, first: Slot) -> impl Iterator<Item = Slot> {
        std::iter::successors(Some(first), |&slot| self.next_of(slot))
    }

    pub(super) fn next_of(&self, slot: Slot) -> Option<Slot> {
        *slot.of(&self.next)?
    }

    pub(super) fn set_next(&mut self, slot: Slot, next: Option<Slot>) {
        // An end takes no memory where it is none's.
        if next.is_some() || slot.index() < self.next.len() {
            set(&mut self.next, slot.index(), next);
        }
    }
}

/// What is the same in a group: project, partition and text.
#[derive(Clone, Copy, Debug)]
pub(super) struct GroupKey<'s> {
    pub(super) by: GroupBy,
    pub(super) project: ProjectId,
    pub(super) partition: &'s str,
    pub(super) text: &'s str,
}

impl GroupKey<'_> {
    pub(super) fn hash(&self) -> u64 {
        let mut hasher = FxHasher::default();
        (self.project, self.partition).hash(&mut hasher);
        self.text.bytes().for_each(|byte| hasher.write_u8(self.by.folded(byte)));
        hasher.finish()
    }
}

impl PartialEq for GroupKey<'_> {
    fn eq(&self, other: &Self) -> bool {
        let folded = |text: &'_ str| text.bytes().map(|byte| self.by.folded(byte)).collect::<Vec<_>>();
        self.project == other.project
            && self.partition == other.partition
            && (self.text == other.text
                || self.text.len() == other.text.len() && folded(self.text) == folded(other.text))
    }
}
