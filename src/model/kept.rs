//! By what services, rings and deployments are known for longer than one look at the store.
//!
//! The numbers by which rows have them are given again: a [symbol](super::symbols) to another text once no row has its
//! own, a [slot](super::store::Slot) to another row once its own is gone. Who keeps something beyond a publish, as what
//! somebody opened or what was drawn last, keeps it by a hash of its name or key, which stays what it is.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::{
    rings::Cell,
    store::{SharedColumn, Slot, Store},
    symbols::{RingSym, ServiceSym},
};
use crate::domain::project::ProjectId;

/// A service of a project, by its name in any case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ServiceHash(u64);

/// A ring, by its name in any case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RingHash(u64);

/// A deployment, by its row's keys.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct DeploymentHash(u64);

/// The hash of anything.
#[must_use]
pub fn hash(value: impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

impl ServiceHash {
    /// A service, by its symbol now.
    #[must_use]
    pub fn of(store: &Store, project: ProjectId, service: ServiceSym) -> Self {
        Self(hash((project, store.symbols(SharedColumn::Service).folded(service.into()))))
    }
}

impl RingHash {
    /// A ring, by its symbol now.
    #[must_use]
    pub fn of(store: &Store, ring: RingSym) -> Self {
        Self(hash(store.rings().folded(ring)))
    }
}

impl DeploymentHash {
    /// The deployment that is in a slot now.
    #[must_use]
    pub fn of(store: &Store, slot: Slot) -> Self {
        let at = store.at(slot);
        Self(hash((at.project(), at.partition(), at.key())))
    }
}

/// The hash of what a cell shows: each deployment, and its state.
#[must_use]
pub fn shown(store: &Store, cell: &Cell) -> u64 {
    hash(cell.slots().map(|slot| (DeploymentHash::of(store, slot), store.at(slot).status())).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests;
