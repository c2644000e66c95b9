//! Which deployments are wanted: filters and search over everything known.
//!
//! A pass over plain columns for each filter, and one over the chunks' texts for each searched word. 100,000 rows
//! take a few milliseconds, so that a keystroke needs no delay and no index.

mod count;
mod mask;
mod search;
mod selection;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub(super) use self::search::pull_request_number;
pub use self::{
    count::{FacetValue, count},
    selection::Selection,
};
use self::{
    mask::{Mask, Match, SEARCHED, facet_mask, keep},
    search::{named_by_id, search, shows_text, status_text},
};
use super::{
    filter::Filter,
    fold::fold,
    query::Facet,
    store::{Slot, Store},
    symbols::{RingSym, Sym},
    sync::Syncs,
};

/// The deployments that are wanted.
#[must_use]
pub fn select(store: &Store, syncs: &Syncs, filter: &Filter) -> Selection {
    let mut yes: Vec<bool> = store.all_slots().map(|slot| store.is_live(slot)).collect();
    for (mask, is_meant) in &masks(store, syncs, filter) {
        keep(&mut yes, store, mask, *is_meant);
    }
    if let Some(since) = filter.since {
        for (yes, updated) in yes.iter_mut().zip(&store.derived().updated) {
            *yes &= *updated >= Some(since);
        }
    }
    for (text, is_negated) in texts(filter) {
        let found = search(store, syncs, &text);
        for (yes, found) in yes.iter_mut().zip(found) {
            *yes &= found != is_negated;
        }
    }
    let count = yes.iter().filter(|&&y| y).count();
    Selection { yes, count }
}

/// The texts that are searched for, and whether they must not be shown. `PR 12` is one text, however it is typed.
fn texts(filter: &Filter) -> Vec<(Cow<'_, str>, bool)> {
    let mut texts: Vec<(Cow<'_, str>, bool)> = Vec::new();
    let mut is_pull = false;
    for term in &filter.terms {
        let is_text = term.facet.is_none();
        let number = term.value.trim_start_matches(['#', '!']);
        let is_number = is_text && !term.negated && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        if is_pull && is_number {
            texts.pop();
            texts.push((["pr ", number].concat().into(), false));
        } else if is_text {
            texts.push((term.value.as_str().into(), term.negated));
        }
        is_pull = is_text && !term.negated && ["pr", "mr"].iter().any(|word| term.value.eq_ignore_ascii_case(word));
    }
    texts
}

/// What filters and typed keys mean in the columns, and whether it is that or anything but that.
fn masks<'s>(store: &Store, syncs: &'s Syncs, filter: &Filter) -> Vec<(Mask<'s>, bool)> {
    let mut masks = Vec::new();
    for facet in Facet::ALL {
        let values: Vec<&str> = filter.values.get(facet).iter().map(String::as_str).collect();
        if !values.is_empty() {
            masks.push((facet_mask(store, syncs, facet, &values, Match::Exact), true));
        }
    }
    let mut done: Vec<Facet> = Vec::new();
    for term in &filter.terms {
        match term.facet {
            Some(facet) if term.negated => {
                masks.push((facet_mask(store, syncs, facet, &[&term.value], Match::Loose), false));
            }
            // Terms of one key are alternatives, like its filter's values; negated ones all hold.
            Some(facet) if !done.contains(&facet) => {
                done.push(facet);
                let same = filter.terms.iter().filter(|t| !t.negated && t.facet == Some(facet));
                let values: Vec<&str> = same.map(|t| t.value.as_str()).collect();
                masks.push((facet_mask(store, syncs, facet, &values, Match::Loose), true));
            }
            _ => {}
        }
    }
    masks
}

/// Brings a selection up to date with what became of some deployments.
pub fn reselect(selection: &mut Selection, store: &Store, syncs: &Syncs, filter: &Filter, slots: &[Slot]) {
    selection.yes.resize(store.slots(), false);
    let masks = masks(store, syncs, filter);
    for &slot in slots {
        let is_wanted = store.is_live(slot) && is_wanted(store, syncs, filter, &masks, slot);
        if let Some(yes) = slot.of_mut(&mut selection.yes).filter(|yes| **yes != is_wanted) {
            *yes = is_wanted;
            selection.count = if is_wanted { selection.count + 1 } else { selection.count.saturating_sub(1) };
        }
    }
}

fn is_wanted(store: &Store, syncs: &Syncs, filter: &Filter, masks: &[(Mask<'_>, bool)], slot: Slot) -> bool {
    let is_recent = filter.since.is_none_or(|since| store.at(slot).updated() >= Some(since));
    is_recent
        && masks.iter().all(|(mask, filter)| mask.has(store, slot) == *filter)
        && texts(filter).iter().all(|(text, is_negated)| shows(store, syncs, text, slot) != *is_negated)
}

/// Whether a deployment shows a text, in any of its fields: [`search`] for one.
fn shows(store: &Store, syncs: &Syncs, text: &str, slot: Slot) -> bool {
    let needle = &*fold(text);
    let at = store.at(slot);
    let has = |text: &str| text.contains(needle);
    let number = pull_request_number(needle);
    let (names, ring) = (store.rings(), at.ring());
    has(status_text(at.status()))
        || ring != RingSym::NONE && (has(names.folded(ring)) || has(&fold(names.title(ring))))
        || SEARCHED.iter().any(|&column| {
            let sym = store.shared(column, slot);
            sym != Sym::NONE && has(store.symbols(column).folded(sym))
        })
        || syncs.clusters_of(slot).any(|cluster| has(&fold(cluster.as_str())))
        || number.is_some_and(|number| at.pull_request().starts_with(number))
        || shows_text(store, needle, slot)
        || named_by_id(store, text) == Some(slot)
}
