//! In which order deployments are listed.
//!
//! The newest come first unless another order is asked for, and among equals always. What has nothing to sort by
//! comes last in either direction.

use super::{
    column::{Column, SortBy},
    select::Selection,
    store::{Slot, Store},
    symbols::{NONE, Sym},
    sync::Syncs,
};
use crate::{
    domain::deployment::Status,
    storage::row::Field,
};

/// The selected deployments in order.
#[must_use]
pub fn sorted(store: &Store, syncs: &Syncs, selection: &Selection, by: Option<SortBy>) -> Vec<Slot> {
    let newest_first = || store.by_time().iter().copied().filter(|&slot| selection.has(slot));
    let by = by.unwrap_or(SortBy { column: Column::Updated, descending: true });
    let mut slots: Vec<Slot> = Vec::with_capacity(selection.len());
    slots.extend(newest_first());
    match by.column {
        Column::Updated => {
            if !by.descending {
                slots.reverse();
            }
        }
        column => {
            let key = keys(store, syncs, column);
            let direction = |key: u64| match key {
                LAST => LAST,
                key if by.descending => LAST - 1 - key,
                key => key,
            };
            let mut keyed: Vec<(u64, u32, Slot)> =
                slots.iter().enumerate().map(|(i, &slot)| (direction(key(slot)), i as u32, slot)).collect();
            keyed.sort_unstable();
            slots.clear();
            slots.extend(keyed.into_iter().map(|(_, _, slot)| slot));
        }
    }
    slots
}

/// Nothing to sort by.
const LAST: u64 = u64::MAX;

fn keys<'s>(store: &'s Store, syncs: &'s Syncs, column: Column) -> Box<dyn Fn(Slot) -> u64 + 's> {
    let by_rank = |ranks: Vec<u32>, column: &'s [Sym]| -> Box<dyn Fn(Slot) -> u64 + 's> {
        Box::new(move |slot| match column.get(slot as usize).copied().unwrap_or(NONE) {
            NONE => LAST,
            sym => ranks.get(sym as usize).map_or(LAST, |&rank| u64::from(rank)),
        })
    };
    let by_number = |field: Field| -> Box<dyn Fn(Slot) -> u64 + 's> { Box::new(move |slot| number(store.at(slot).text(field))) };
    let derived = store.derived();
    match column {
        Column::Status => Box::new(move |slot| {
            let status = store.at(slot).status();
            Status::ALL.iter().position(|&s| s == status).map_or(LAST, |i| i as u64)
        }),
        Column::Service => by_rank(store.symbols(Field::Service).ranks(), &derived.service),
        Column::Ring => by_rank(store.rings().ranks(), &derived.ring),
        Column::Author => {
            by_rank(store.symbols(Field::AuthorName).ranks(), store.shared_column(Field::AuthorName))
        }
        Column::MergedBy => by_rank(store.symbols(Field::MergedBy).ranks(), store.shared_column(Field::MergedBy)),
        Column::Build => by_number(Field::P1),
        Column::Release => by_number(Field::P2),
        Column::PullRequest => by_number(Field::Pr),
        Column::Manifest => by_number(Field::P3),
        Column::Updated => Box::new(|_| LAST),
        Column::Clusters => Box::new(move |slot| {
            let at = store.at(slot);
            match syncs.of_commit(at.project(), at.text(Field::ManifestCommitId)).len() {
                0 => LAST,
                n => n as u64,
            }
        }),
    }
}

/// Runs and pull requests are numbered; an id that is no number sorts by its first letters, behind all numbers.
fn number(id: &str) -> u64 {
    const LETTERS: u64 = 1 << 62;
    if id.is_empty() {
        return LAST;
    }
    id.parse().ok().filter(|&n| n < LETTERS).unwrap_or_else(|| {
        let letters = id.bytes().chain(std::iter::repeat(0)).take(7);
        LETTERS + letters.fold(0, |n, b| (n << 8) | u64::from(b.to_ascii_lowercase()))
    })
}
