//! Which values of a column are meant.

use crate::{
    domain::deployment::{Kind, Status},
    model::{
        fold::fold,
        query::Facet,
        store::{SharedColumn, Slot, Store},
        symbols::{RingSym, Sym},
        sync::Syncs,
    },
};

/// How a value is compared with what rows hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Match {
    /// A menu's value: the whole text.
    Exact,
    /// A typed value: the whole text if there is such a one, else a part of it.
    Loose,
}

/// Which deployments a facet's values mean, as a table over what the column holds.
pub(super) enum Mask<'s> {
    Symbols(SharedColumn, Vec<bool>),
    Ring(Vec<bool>),
    Status(Vec<Status>),
    Kind(Vec<Kind>),
    Project(Vec<bool>),
    /// Sets of clusters, see [`Syncs::cluster_column`].
    Clusters(&'s [u32], Vec<bool>),
}

/// The shared texts that are searched.
pub(super) const SEARCHED: [SharedColumn; 5] = [
    SharedColumn::Service,
    SharedColumn::Author,
    SharedColumn::MergedBy,
    SharedColumn::Branch,
    SharedColumn::Repository,
];

impl Mask<'_> {
    /// Whether it means a deployment.
    pub(super) fn has(&self, store: &Store, slot: Slot) -> bool {
        let in_table = |table: &[bool], n: usize| table.get(n).copied().unwrap_or(false);
        match self {
            Self::Symbols(column, table) => in_table(table, store.shared(*column, slot).index()),
            Self::Ring(table) => in_table(table, store.at(slot).ring().index()),
            Self::Status(statuses) => statuses.contains(&store.at(slot).status()),
            Self::Kind(kinds) => kinds.contains(&store.at(slot).kind()),
            Self::Project(table) => in_table(table, store.at(slot).project().index()),
            Self::Clusters(column, table) => slot.of(column).is_some_and(|&set| in_table(table, set as usize)),
        }
    }
}

pub(super) fn facet_mask<'s>(store: &Store, syncs: &'s Syncs, facet: Facet, values: &[&str], how: Match) -> Mask<'s> {
    let words = |value: &str, word: &str| {
        let value = fold(value);
        if how == Match::Exact { word == value } else { word.starts_with(&value) }
    };
    match facet {
        Facet::Service => symbols(store, SharedColumn::Service, values, how),
        Facet::Author => symbols(store, SharedColumn::Author, values, how),
        Facet::MergedBy => symbols(store, SharedColumn::MergedBy, values, how),
        Facet::Branch => symbols(store, SharedColumn::Branch, values, how),
        Facet::Ring => {
            let names = store.rings();
            let mut table = vec![false; names.table_len()];
            for value in values {
                let mut mark = |ring: RingSym| {
                    if let Some(slot) = ring.of_mut(&mut table) {
                        *slot = true;
                    }
                };
                match names.find(value) {
                    Some(ring) => mark(ring),
                    None if how == Match::Loose => {
                        let value = fold(value);
                        let all = names.all();
                        all.filter(|&r| names.folded(r).contains(&value) || fold(names.title(r)).contains(&value))
                            .for_each(mark);
                    }
                    None => {}
                }
            }
            Mask::Ring(table)
        }
        Facet::Status => {
            Mask::Status(Status::ALL.into_iter().filter(|s| values.iter().any(|v| words(v, s.as_str()))).collect())
        }
        Facet::Kind => {
            Mask::Kind(Kind::ALL.into_iter().filter(|k| values.iter().any(|v| words(v, k.as_str()))).collect())
        }
        Facet::Project => {
            let names: Vec<String> = store.projects().iter().map(|p| fold(p.as_str())).collect();
            Mask::Project(named(&names, values, how))
        }
        Facet::Cluster => {
            let names: Vec<String> = syncs.clusters().into_iter().map(|c| fold(c.as_str())).collect();
            let meant = named(&names, values, how);
            let table = syncs.cluster_table(|cluster| {
                let name = fold(cluster.as_str());
                names.iter().zip(&meant).any(|(n, meant)| *meant && *n == name)
            });
            Mask::Clusters(syncs.cluster_column(), table)
        }
    }
}

/// Which of a few names the values mean.
pub(super) fn named(names: &[String], values: &[&str], how: Match) -> Vec<bool> {
    let mut meant = vec![false; names.len()];
    for value in values {
        let value = fold(value);
        let is_one = names.contains(&value);
        for (meant, name) in meant.iter_mut().zip(names) {
            *meant |= *name == value || (how == Match::Loose && !is_one && name.contains(&value));
        }
    }
    meant
}

pub(super) fn symbols(store: &Store, column: SharedColumn, values: &[&str], how: Match) -> Mask<'static> {
    let texts = store.symbols(column);
    let mut table = vec![false; texts.table_len()];
    for value in values {
        let value = fold(value);
        let exact = texts.find(&value);
        for sym in texts.all() {
            let hit = match exact {
                Some(exact) => sym == exact,
                None => how == Match::Loose && texts.folded(sym).contains(&value),
            };
            if let Some(slot) = sym.of_mut(&mut table) {
                *slot |= hit;
            }
        }
    }
    Mask::Symbols(column, table)
}

/// Keeps those that the mask means, or those that it does not.
pub(super) fn keep(yes: &mut [bool], store: &Store, mask: &Mask<'_>, filter: bool) {
    let derived = store.derived();
    pub(super) fn each<T: Copy>(yes: &mut [bool], column: &[T], none: bool, filter: bool, hit: impl Fn(T) -> bool) {
        let (head, tail) = yes.split_at_mut(column.len().min(yes.len()));
        for (yes, value) in head.iter_mut().zip(column) {
            *yes &= hit(*value) == filter;
        }
        // A column ends where no later row has a value.
        tail.iter_mut().for_each(|yes| *yes &= none == filter);
    }
    match mask {
        Mask::Symbols(column, table) => {
            each(yes, store.shared_column(*column), false, filter, |sym| sym.of(table).copied().unwrap_or(false));
        }
        Mask::Ring(table) => {
            each(yes, &derived.ring, false, filter, |ring| ring.of(table).copied().unwrap_or(false));
        }
        Mask::Status(statuses) => each(yes, &derived.status, false, filter, |s| statuses.contains(&s)),
        Mask::Kind(kinds) => each(yes, &derived.kind, false, filter, |k| kinds.contains(&k)),
        Mask::Project(table) => {
            each(yes, &derived.project, false, filter, |p| p.of(table).copied().unwrap_or(false));
        }
        Mask::Clusters(column, table) => {
            each(yes, column, false, filter, |set| table.get(set as usize).copied().unwrap_or(false));
        }
    }
}

pub(super) fn mark(found: &mut [bool], store: &Store, mask: &Mask<'_>) {
    pub(super) fn each<T: Copy>(found: &mut [bool], column: &[T], hit: impl Fn(T) -> bool) {
        for (found, value) in found.iter_mut().zip(column) {
            *found |= hit(*value);
        }
    }
    match mask {
        // Most words are in no name at all; a pass over the column would find nothing.
        Mask::Symbols(_, table) | Mask::Ring(table) if !table.contains(&true) => {}
        Mask::Symbols(column, table) => {
            let has = |sym: Sym| sym != Sym::NONE && sym.of(table).copied().unwrap_or(false);
            each(found, store.shared_column(*column), has);
        }
        Mask::Ring(table) => {
            let has = |ring: RingSym| ring != RingSym::NONE && ring.of(table).copied().unwrap_or(false);
            each(found, &store.derived().ring, has);
        }
        Mask::Status(statuses) if statuses.is_empty() => {}
        Mask::Status(statuses) => each(found, &store.derived().status, |s| statuses.contains(&s)),
        Mask::Clusters(_, table) if !table.contains(&true) => {}
        Mask::Clusters(column, table) => each(found, column, |set| table.get(set as usize).copied().unwrap_or(false)),
        Mask::Kind(_) | Mask::Project(_) => {}
    }
}
