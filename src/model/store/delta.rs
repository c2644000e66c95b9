//! What has changed, for those who derive more from the store.

use super::slot::Slot;
use crate::{
    domain::project::ProjectId,
    model::symbols::{RingSym, ServiceSym},
};

/// So many changes are named at most, which takes a megabyte: whoever has more to follow derives everything anew.
/// Whether that is cheaper for fewer, each who follows them knows best.
pub(super) const MANY: usize = 32_768;

/// From so many changes on a pass over all rows costs less than to look at each of these.
const WORTH_A_PASS: usize = 2_000;

/// A service in a ring.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CellKey {
    /// The project's number.
    pub project: ProjectId,
    /// The service; [`ServiceSym::NONE`] for deployments that name none.
    pub service: ServiceSym,
    /// The ring; [`RingSym::NONE`] for deployments that name none.
    pub ring: RingSym,
}

/// What has changed since somebody last took note. A slot may be named in several lists, and more than once.
#[must_use = "whoever derives from the store follows what changed, or shows what was"]
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Delta {
    /// Rows that came. A slot that a row has left may be given to another one.
    pub added: Vec<Slot>,
    /// Rows that were written anew.
    pub changed: Vec<Slot>,
    /// Rows that are gone.
    pub removed: Vec<Slot>,
    /// Deployments of which a forge reported something new.
    pub facts: Vec<Slot>,
    /// Services and rings that any of these belong to, or belonged to; in no order, and some more than once.
    pub cells: Vec<CellKey>,
    /// Clusters reported something new, or more is known of what their manifests contain: any deployment may be
    /// another.
    pub clusters: bool,
    /// So much has changed that it is not named: all of the above is empty.
    pub everything: bool,
}

impl Delta {
    /// Whether nothing has changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.clusters && !self.everything && self.len() == 0
    }

    /// Whether so much has changed that who looks at rows one by one had better look at all of them.
    #[must_use]
    pub const fn is_worth_a_pass(&self) -> bool {
        self.everything || self.len() > WORTH_A_PASS
    }

    pub(super) const fn len(&self) -> usize {
        self.added.len() + self.changed.len() + self.removed.len() + self.facts.len()
    }

    /// Every slot that it names, each once, in order.
    #[must_use]
    pub fn slots(&self) -> Vec<Slot> {
        let lists = [&self.added, &self.changed, &self.removed, &self.facts];
        let mut slots: Vec<Slot> = lists.into_iter().flatten().copied().collect();
        slots.sort_unstable();
        slots.dedup();
        slots
    }

    /// Adds what has changed since.
    pub fn add(&mut self, other: &Self) {
        self.clusters |= other.clusters;
        self.everything |= other.everything;
        for (all, more) in [
            (&mut self.added, &other.added),
            (&mut self.changed, &other.changed),
            (&mut self.removed, &other.removed),
            (&mut self.facts, &other.facts),
        ] {
            all.extend_from_slice(more);
        }
        self.cells.extend_from_slice(&other.cells);
        self.limit();
    }

    /// Names nothing of so much that it is not worth it.
    pub(super) fn limit(&mut self) {
        if self.everything || self.len() > MANY {
            *self = Self { clusters: self.clusters, everything: true, ..Self::default() };
        }
    }
}
