//! Which deployments are wanted: filters and search over everything known.
//!
//! A pass over plain columns for each filter, and one over the chunks' texts for each searched word. 100,000 rows
//! take a few milliseconds, so that a keystroke needs no delay and no index.

use memchr::memmem::Finder;

use super::{
    filter::Filter,
    fold::{fold, is_same},
    order::ordered,
    query::Facet,
    store::{Chunk, Slot, Store},
    symbols::{NONE, Sym},
    sync::Syncs,
};
use crate::{
    domain::{
        deployment::{Kind, Status},
        id::{ClusterName, SHORT_COMMIT},
    },
    storage::row::Field,
};

/// A yes or no for every slot.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selection {
    yes: Vec<bool>,
    count: usize,
}

impl Selection {
    /// Whether a deployment is wanted.
    #[must_use]
    pub fn has(&self, slot: Slot) -> bool {
        self.yes.get(slot as usize).copied().unwrap_or(false)
    }

    /// How many are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether none is.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// The deployments that are wanted.
#[must_use]
pub fn select(store: &Store, syncs: &Syncs, wanted: &Filter) -> Selection {
    let mut yes: Vec<bool> = (0..store.slots() as Slot).map(|slot| store.is_live(slot)).collect();
    for facet in Facet::ALL {
        let values: Vec<&str> = wanted.values.get(facet).iter().map(String::as_str).collect();
        if !values.is_empty() {
            keep(&mut yes, store, &facet_mask(store, syncs, facet, &values, Match::Exact), true);
        }
    }
    if let Some(since) = wanted.since {
        for (yes, updated) in yes.iter_mut().zip(&store.derived().updated) {
            *yes &= *updated >= since.millis();
        }
    }
    let mut done: Vec<Facet> = Vec::new();
    for term in &wanted.terms {
        match term.facet {
            // Terms of one key are alternatives, like its filter's values; negated ones all hold.
            Some(facet) if !term.negated => {
                if !done.contains(&facet) {
                    done.push(facet);
                    let same = wanted.terms.iter().filter(|t| !t.negated && t.facet == Some(facet));
                    let values: Vec<&str> = same.map(|t| t.value.as_str()).collect();
                    keep(&mut yes, store, &facet_mask(store, syncs, facet, &values, Match::Loose), true);
                }
            }
            Some(facet) => keep(&mut yes, store, &facet_mask(store, syncs, facet, &[&term.value], Match::Loose), false),
            None => {
                let found = search(store, syncs, &term.value);
                for (yes, found) in yes.iter_mut().zip(found) {
                    *yes &= found != term.negated;
                }
            }
        }
    }
    let count = yes.iter().filter(|&&y| y).count();
    Selection { yes, count }
}

/// How a value is compared with what rows hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Match {
    /// A menu's value: the whole text.
    Exact,
    /// A typed value: the whole text if there is such a one, else a part of it.
    Loose,
}

/// Which deployments a facet's values mean, as a table over what the column holds.
enum Mask<'s> {
    Symbols(Column, Vec<bool>),
    Status(Vec<Status>),
    Kind(Vec<Kind>),
    Project(Vec<bool>),
    /// Sets of clusters, see [`Syncs::cluster_column`].
    Clusters(&'s [u32], Vec<bool>),
}

#[derive(Clone, Copy)]
enum Column {
    Ring,
    Service,
    Shared(Field),
}

impl Column {
    fn of(self, store: &Store) -> &[Sym] {
        match self {
            Self::Ring => &store.derived().ring,
            Self::Service => &store.derived().service,
            Self::Shared(field) => store.shared_column(field),
        }
    }
}

fn facet_mask<'s>(store: &Store, syncs: &'s Syncs, facet: Facet, values: &[&str], how: Match) -> Mask<'s> {
    let words = |value: &str, word: &str| {
        let value = fold(value);
        if how == Match::Exact { word == value } else { word.starts_with(&value) }
    };
    match facet {
        Facet::Service => symbols(store, Column::Service, Field::Service, values, how),
        Facet::Author => symbols(store, Column::Shared(Field::AuthorName), Field::AuthorName, values, how),
        Facet::MergedBy => symbols(store, Column::Shared(Field::MergedBy), Field::MergedBy, values, how),
        Facet::Branch => symbols(store, Column::Shared(Field::Branch), Field::Branch, values, how),
        Facet::Ring => {
            let names = store.rings();
            let mut table = vec![false; names.len() + 1];
            for value in values {
                let mut mark = |ring: Sym| {
                    if let Some(slot) = table.get_mut(ring as usize) {
                        *slot = true;
                    }
                };
                match names.find(value) {
                    Some(ring) => mark(ring),
                    None if how == Match::Loose => {
                        let value = fold(value);
                        let all = 1..=names.len() as Sym;
                        all.filter(|&r| names.folded(r).contains(&value) || fold(names.title(r)).contains(&value))
                            .for_each(mark);
                    }
                    None => {}
                }
            }
            Mask::Symbols(Column::Ring, table)
        }
        Facet::Status => {
            Mask::Status(Status::ALL.into_iter().filter(|s| values.iter().any(|v| words(v, s.word()))).collect())
        }
        Facet::Kind => {
            Mask::Kind(Kind::ALL.into_iter().filter(|k| values.iter().any(|v| words(v, k.word()))).collect())
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
fn named(names: &[String], values: &[&str], how: Match) -> Vec<bool> {
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

fn symbols(store: &Store, column: Column, field: Field, values: &[&str], how: Match) -> Mask<'static> {
    let texts = store.symbols(field);
    let mut table = vec![false; texts.table_len()];
    for value in values {
        let value = fold(value);
        let exact = texts.find(&value);
        for sym in texts.all() {
            let hit = match exact {
                Some(exact) => sym == exact,
                None => how == Match::Loose && texts.folded(sym).contains(&value),
            };
            if let Some(slot) = table.get_mut(sym as usize) {
                *slot |= hit;
            }
        }
    }
    Mask::Symbols(column, table)
}

/// Keeps those that the mask means, or those that it does not.
fn keep(yes: &mut [bool], store: &Store, mask: &Mask<'_>, wanted: bool) {
    let derived = store.derived();
    fn each<T: Copy>(yes: &mut [bool], column: &[T], none: bool, wanted: bool, hit: impl Fn(T) -> bool) {
        let (head, tail) = yes.split_at_mut(column.len().min(yes.len()));
        for (yes, value) in head.iter_mut().zip(column) {
            *yes &= hit(*value) == wanted;
        }
        // A column ends where no later row has a value.
        tail.iter_mut().for_each(|yes| *yes &= none == wanted);
    }
    match mask {
        Mask::Symbols(column, table) => {
            each(yes, column.of(store), false, wanted, |sym| table.get(sym as usize).copied().unwrap_or(false));
        }
        Mask::Status(statuses) => each(yes, &derived.status, false, wanted, |s| statuses.contains(&s)),
        Mask::Kind(kinds) => each(yes, &derived.kind, false, wanted, |k| kinds.contains(&k)),
        Mask::Project(table) => {
            each(yes, &derived.project, false, wanted, |p| table.get(usize::from(p)).copied().unwrap_or(false));
        }
        Mask::Clusters(column, table) => {
            each(yes, column, false, wanted, |set| table.get(set as usize).copied().unwrap_or(false));
        }
    }
}

/// Which deployments show a text, in any case, in any of their fields.
fn search(store: &Store, syncs: &Syncs, text: &str) -> Vec<bool> {
    let needle = fold(text);
    let mut found = vec![false; store.slots()];
    search_texts(store, &needle, &mut found);
    let mut mark = |mask: &Mask<'_>| mark(&mut found, store, mask);
    for (column, field) in [
        (Column::Service, Field::Service),
        (Column::Shared(Field::AuthorName), Field::AuthorName),
        (Column::Shared(Field::MergedBy), Field::MergedBy),
        (Column::Shared(Field::Branch), Field::Branch),
        (Column::Shared(Field::SourceRepo), Field::SourceRepo),
    ] {
        let texts = store.symbols(field);
        let table = std::iter::once(false).chain(texts.all().map(|s| texts.folded(s).contains(&needle)));
        mark(&Mask::Symbols(column, table.collect()));
    }
    let names = store.rings();
    let rings =
        (1..=names.len() as Sym).map(|r| names.folded(r).contains(&needle) || fold(names.title(r)).contains(&needle));
    mark(&Mask::Symbols(Column::Ring, std::iter::once(false).chain(rings).collect()));
    mark(&Mask::Status(Status::ALL.into_iter().filter(|s| s.word().contains(&needle)).collect()));
    let clusters = syncs.cluster_table(|cluster| fold(cluster.as_str()).contains(&needle));
    mark(&Mask::Clusters(syncs.cluster_column(), clusters));
    search_pull_requests(store, &needle, &mut found);
    found
}

/// `#12` and `!12` are how people write a pull request's number, and how it is shown; the row holds the number alone.
fn search_pull_requests(store: &Store, needle: &str, found: &mut [bool]) {
    let Some(number) = needle.strip_prefix(['#', '!']).filter(|n| !n.is_empty()) else { return };
    if number.bytes().all(|b| b.is_ascii_digit()) {
        for (slot, found) in (0..).zip(found) {
            *found |= store.at(slot).text(Field::Pr).starts_with(number);
        }
    }
}

fn mark(found: &mut [bool], store: &Store, mask: &Mask<'_>) {
    fn each<T: Copy>(found: &mut [bool], column: &[T], hit: impl Fn(T) -> bool) {
        for (found, value) in found.iter_mut().zip(column) {
            *found |= hit(*value);
        }
    }
    match mask {
        // Most words are in no name at all; a pass over the column would find nothing.
        Mask::Symbols(_, table) if !table.contains(&true) => {}
        Mask::Symbols(column, table) => {
            each(found, column.of(store), |sym| sym != NONE && table.get(sym as usize).copied().unwrap_or(false));
        }
        Mask::Status(statuses) if statuses.is_empty() => {}
        Mask::Status(statuses) => each(found, &store.derived().status, |s| statuses.contains(&s)),
        Mask::Clusters(_, table) if !table.contains(&true) => {}
        Mask::Clusters(column, table) => each(found, column, |set| table.get(set as usize).copied().unwrap_or(false)),
        Mask::Kind(_) | Mask::Project(_) => {}
    }
}

fn search_texts(store: &Store, needle: &str, found: &mut [bool]) {
    search_for(store, needle, found, |_, _| true);
    // A whole commit id finds the rows that hold its short form.
    let is_commit = needle.len() > SHORT_COMMIT && needle.bytes().all(|b| b.is_ascii_hexdigit());
    if let Some(short) = needle.get(..SHORT_COMMIT).filter(|_| is_commit) {
        search_for(store, short, found, |chunk, at| {
            let field = chunk.field_around(at);
            field.len() < needle.len() && needle.starts_with(field)
        });
    }
}

/// Marks the deployments that show `needle` at a place that is `accept`ed: in their rows' texts, and in what forges told.
fn search_for(store: &Store, needle: &str, found: &mut [bool], accept: impl Fn(&Chunk, usize) -> bool) {
    let finder = Finder::new(needle);
    for (first, chunk) in store.chunks() {
        // A row's text is not shown where a forge told another.
        let is_shown = |row: usize, at: usize| !store.is_hidden((first + row) as Slot, || chunk.field_number(row, at));
        search_chunk(&finder, first, chunk, found, |row, at| accept(chunk, at) && is_shown(row, at));
    }
    for (first, chunk) in store.told_chunks() {
        search_chunk(&finder, first, chunk, found, |_, at| accept(chunk, at));
    }
}

fn search_chunk(
    finder: &Finder<'_>,
    first: usize,
    chunk: &Chunk,
    found: &mut [bool],
    accept: impl Fn(usize, usize) -> bool,
) {
    let text = chunk.searched().as_bytes();
    let ends = chunk.ends();
    let (mut from, mut row) = (0, 0);
    while let Some(at) = text.get(from..).and_then(|rest| finder.find(rest)).map(|at| from + at) {
        // Hits come in order, so the row is at most a short walk away.
        while ends.get(row).is_some_and(|&end| end as usize <= at) {
            row += 1;
        }
        if accept(row, at) {
            if let Some(found) = found.get_mut(first + row) {
                *found = true;
            }
            // One hit is enough: on with the next row.
            from = ends.get(row).map_or(text.len(), |&end| end as usize);
        } else {
            from = at + 1;
        }
    }
}

/// One value of a facet, for its menu.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FacetValue {
    /// As the URL has it.
    pub value: String,
    /// As people read it.
    pub label: String,
    /// How many deployments have it.
    pub count: usize,
}

/// A facet's values with how many of `selection` have each, the most frequent first; rings in promotion order and
/// states by urgency.
#[must_use]
pub fn count(store: &Store, syncs: &Syncs, facet: Facet, selection: &Selection) -> Vec<FacetValue> {
    let derived = store.derived();
    let slots = || (0..store.slots()).filter(|&slot| selection.has(slot as Slot));
    let tally = |column: &[Sym], len: usize| {
        let mut counts = vec![0_usize; len];
        for slot in slots() {
            let sym = column.get(slot).copied().unwrap_or(NONE) as usize;
            if let Some(count) = counts.get_mut(sym) {
                *count += 1;
            }
        }
        counts
    };
    let shared = |column: Column, field: Field| {
        let texts = store.symbols(field);
        let counts = tally(column.of(store), texts.table_len());
        let values: Vec<FacetValue> = texts
            .all()
            .zip(counts.into_iter().skip(1))
            .map(|(sym, count)| FacetValue { value: texts.text(sym).into(), label: texts.text(sym).into(), count })
            .collect();
        ordered(&values, |a, b| b.count.cmp(&a.count).then_with(|| fold(&a.label).cmp(&fold(&b.label))))
    };
    match facet {
        Facet::Service => shared(Column::Service, Field::Service),
        Facet::Author => shared(Column::Shared(Field::AuthorName), Field::AuthorName),
        Facet::MergedBy => shared(Column::Shared(Field::MergedBy), Field::MergedBy),
        Facet::Branch => shared(Column::Shared(Field::Branch), Field::Branch),
        Facet::Ring => {
            let names = store.rings();
            let counts = tally(&derived.ring, names.len() + 1);
            let mut rings: Vec<Sym> = (1..=names.len() as Sym).collect();
            names.sort(&mut rings);
            let value = |ring: Sym| FacetValue {
                value: names.name(ring).into(),
                label: names.title(ring).into(),
                count: counts.get(ring as usize).copied().unwrap_or(0),
            };
            rings.into_iter().map(value).collect()
        }
        Facet::Status => {
            let with = |status: Status| slots().filter(|&s| derived.status.get(s) == Some(&status)).count();
            let value =
                |s: Status| FacetValue { value: s.word().into(), label: crate::text::status(s).into(), count: with(s) };
            Status::ALL.into_iter().map(value).collect()
        }
        Facet::Kind => {
            let with = |kind: Kind| slots().filter(|&s| derived.kind.get(s) == Some(&kind)).count();
            let value =
                |k: Kind| FacetValue { value: k.word().into(), label: crate::text::kind(k).into(), count: with(k) };
            Kind::ALL.into_iter().map(value).collect()
        }
        Facet::Project => {
            let with = |project: usize| {
                slots().filter(|&s| derived.project.get(s).copied().map(usize::from) == Some(project)).count()
            };
            let names = store.projects().iter().enumerate();
            names.map(|(i, p)| FacetValue { value: p.to_string(), label: p.to_string(), count: with(i) }).collect()
        }
        Facet::Cluster => {
            let sets = syncs.cluster_column();
            let counts = tally(sets, sets.iter().max().map_or(1, |&n| n as usize + 1));
            let has = |name: &ClusterName| {
                let table = syncs.cluster_table(|c| is_same(c.as_str(), name.as_str()));
                counts.iter().zip(table).filter(|(_, is_its)| *is_its).map(|(n, _)| n).sum()
            };
            let names = syncs.clusters().into_iter();
            names.map(|n| FacetValue { value: n.to_string(), label: n.to_string(), count: has(n) }).collect()
        }
    }
}

/// How many of `selection` are deployments of which nothing says to which ring.
#[must_use]
pub fn count_without_ring(store: &Store, selection: &Selection) -> usize {
    let derived = store.derived();
    let each = derived.ring.iter().zip(&derived.kind).enumerate();
    each.filter(|&(slot, (ring, kind))| *ring == NONE && *kind == Kind::Deployment && selection.has(slot as Slot))
        .count()
}

/// How many of `selection` have each status, in the order of [`Status::ALL`].
#[must_use]
pub fn count_status(store: &Store, selection: &Selection) -> [usize; Status::ALL.len()] {
    let mut counts = [0; Status::ALL.len()];
    for (slot, status) in store.derived().status.iter().enumerate() {
        if selection.has(slot as Slot)
            && let Some(count) = counts.get_mut(*status as usize)
        {
            *count += 1;
        }
    }
    Status::ALL.map(|s| counts.get(s as usize).copied().unwrap_or(0))
}

#[cfg(test)]
mod tests;
