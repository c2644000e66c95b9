//! Which deployments are wanted: filters and search over everything known.
//!
//! A pass over plain columns for each filter, and one over the chunks' texts for each searched word. 100,000 rows
//! take a few milliseconds, so that a keystroke needs no delay and no index.

use std::{borrow::Cow, ops::Range};

use memchr::memmem::Finder;

use super::{
    filter::Filter,
    fold::{fold, is_same},
    order::ordered,
    query::Facet,
    store::{Chunk, SharedColumn, Slot, Store},
    symbols::{NONE, Sym},
    sync::Syncs,
};
use crate::domain::{
    deployment::{Kind, Status},
    id::{ClusterName, SHORT_COMMIT},
};

/// So many characters make an id: rows' keys have twelve.
const SHORTEST_ID: usize = 6;

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
    for (mask, is_meant) in &masks(store, syncs, wanted) {
        keep(&mut yes, store, mask, *is_meant);
    }
    if let Some(since) = wanted.since {
        for (yes, updated) in yes.iter_mut().zip(&store.derived().updated) {
            *yes &= *updated >= since.millis();
        }
    }
    for (text, is_negated) in texts(wanted) {
        let found = search(store, syncs, &text);
        for (yes, found) in yes.iter_mut().zip(found) {
            *yes &= found != is_negated;
        }
    }
    let count = yes.iter().filter(|&&y| y).count();
    Selection { yes, count }
}

/// The texts that are searched for, and whether they must not be shown. `PR 12` is one text, however it is typed.
fn texts(wanted: &Filter) -> Vec<(Cow<'_, str>, bool)> {
    let mut texts: Vec<(Cow<'_, str>, bool)> = Vec::new();
    let mut is_pull = false;
    for term in &wanted.terms {
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

/// What filters and typed keys ask of the columns, and whether it is that or anything but that.
fn masks<'s>(store: &Store, syncs: &'s Syncs, wanted: &Filter) -> Vec<(Mask<'s>, bool)> {
    let mut masks = Vec::new();
    for facet in Facet::ALL {
        let values: Vec<&str> = wanted.values.get(facet).iter().map(String::as_str).collect();
        if !values.is_empty() {
            masks.push((facet_mask(store, syncs, facet, &values, Match::Exact), true));
        }
    }
    let mut done: Vec<Facet> = Vec::new();
    for term in &wanted.terms {
        match term.facet {
            Some(facet) if term.negated => {
                masks.push((facet_mask(store, syncs, facet, &[&term.value], Match::Loose), false));
            }
            // Terms of one key are alternatives, like its filter's values; negated ones all hold.
            Some(facet) if !done.contains(&facet) => {
                done.push(facet);
                let same = wanted.terms.iter().filter(|t| !t.negated && t.facet == Some(facet));
                let values: Vec<&str> = same.map(|t| t.value.as_str()).collect();
                masks.push((facet_mask(store, syncs, facet, &values, Match::Loose), true));
            }
            _ => {}
        }
    }
    masks
}

/// Brings a selection up to date with what became of some deployments.
pub fn reselect(selection: &mut Selection, store: &Store, syncs: &Syncs, wanted: &Filter, slots: &[Slot]) {
    selection.yes.resize(store.slots(), false);
    let masks = masks(store, syncs, wanted);
    for &slot in slots {
        let is_wanted = store.is_live(slot) && is_wanted(store, syncs, wanted, &masks, slot);
        if let Some(yes) = selection.yes.get_mut(slot as usize).filter(|yes| **yes != is_wanted) {
            *yes = is_wanted;
            selection.count = if is_wanted { selection.count + 1 } else { selection.count.saturating_sub(1) };
        }
    }
}

fn is_wanted(store: &Store, syncs: &Syncs, wanted: &Filter, masks: &[(Mask<'_>, bool)], slot: Slot) -> bool {
    let is_recent = wanted.since.is_none_or(|since| store.at(slot).updated() >= since);
    is_recent
        && masks.iter().all(|(mask, wanted)| mask.has(store, slot) == *wanted)
        && texts(wanted).iter().all(|(text, is_negated)| shows(store, syncs, text, slot) != *is_negated)
}

/// Whether a deployment shows a text, in any of its fields: [`search`] for one.
fn shows(store: &Store, syncs: &Syncs, text: &str, slot: Slot) -> bool {
    let needle = &*fold(text);
    let at = store.at(slot);
    let has = |text: &str| text.contains(needle);
    let number = pull_request_number(needle);
    let (names, ring) = (store.rings(), at.ring());
    has(status_text(at.status()))
        || ring != NONE && (has(names.folded(ring)) || has(&fold(names.title(ring))))
        || SEARCHED.iter().any(|&column| {
            let sym = store.shared(column, slot);
            sym != NONE && has(store.symbols(column).folded(sym))
        })
        || syncs.clusters_of(slot).any(|cluster| has(&fold(cluster.as_str())))
        || number.is_some_and(|number| at.pull_request().starts_with(number))
        || shows_text(store, needle, slot)
        || named_by_id(store, text) == Some(slot)
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
    Shared(SharedColumn),
}

impl Column {
    fn of(self, store: &Store) -> &[Sym] {
        match self {
            Self::Ring => &store.derived().ring,
            // Derived beside the others, where a search by service reads it.
            Self::Shared(SharedColumn::Service) => &store.derived().service,
            Self::Shared(column) => store.shared_column(column),
        }
    }
}

/// The shared texts that are searched.
const SEARCHED: [SharedColumn; 5] = [
    SharedColumn::Service,
    SharedColumn::Author,
    SharedColumn::MergedBy,
    SharedColumn::Branch,
    SharedColumn::Repository,
];

impl Mask<'_> {
    /// Whether it means a deployment.
    fn has(&self, store: &Store, slot: Slot) -> bool {
        let index = slot as usize;
        let in_table = |table: &[bool], n: usize| table.get(n).copied().unwrap_or(false);
        match self {
            Self::Symbols(column, table) => column.of(store).get(index).is_some_and(|&s| in_table(table, s as usize)),
            Self::Status(statuses) => statuses.contains(&store.at(slot).status()),
            Self::Kind(kinds) => kinds.contains(&store.at(slot).kind()),
            Self::Project(table) => in_table(table, store.at(slot).project()),
            Self::Clusters(column, table) => column.get(index).is_some_and(|&set| in_table(table, set as usize)),
        }
    }
}

fn facet_mask<'s>(store: &Store, syncs: &'s Syncs, facet: Facet, values: &[&str], how: Match) -> Mask<'s> {
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

fn symbols(store: &Store, column: SharedColumn, values: &[&str], how: Match) -> Mask<'static> {
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
            if let Some(slot) = table.get_mut(sym as usize) {
                *slot |= hit;
            }
        }
    }
    Mask::Symbols(Column::Shared(column), table)
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
    search_texts(store, &needle, 0..store.slots() as Slot, &mut |slot| {
        found.get_mut(slot as usize).into_iter().for_each(|found| *found = true);
    });
    let mut mark = |mask: &Mask<'_>| mark(&mut found, store, mask);
    for column in SEARCHED {
        let texts = store.symbols(column);
        let table = std::iter::once(false).chain(texts.all().map(|s| texts.folded(s).contains(&needle)));
        mark(&Mask::Symbols(Column::Shared(column), table.collect()));
    }
    let names = store.rings();
    let rings =
        (1..=names.len() as Sym).map(|r| names.folded(r).contains(&needle) || fold(names.title(r)).contains(&needle));
    mark(&Mask::Symbols(Column::Ring, std::iter::once(false).chain(rings).collect()));
    mark(&Mask::Status(Status::ALL.into_iter().filter(|&s| status_text(s).contains(&needle)).collect()));
    let clusters = syncs.cluster_table(|cluster| fold(cluster.as_str()).contains(&needle));
    mark(&Mask::Clusters(syncs.cluster_column(), clusters));
    search_pull_requests(store, &needle, &mut found);
    let by_id = named_by_id(store, text).and_then(|slot| found.get_mut(slot as usize));
    by_id.into_iter().for_each(|found| *found = true);
    found
}

/// A pull request's number as people write it: `#12`, `!12`, `PR 12`, `pull request #12`. A row holds the number alone.
pub(super) fn pull_request_number(text: &str) -> Option<&str> {
    let words = ["pull request", "merge request", "pr", "mr"];
    let word = words.iter().find_map(|word| {
        let start = text.get(..word.len())?;
        start.eq_ignore_ascii_case(word).then(|| text.get(word.len()..)).flatten()
    });
    let after = word.map_or(text, str::trim_start);
    let number = after.strip_prefix(['#', '!']).unwrap_or(after);
    let is_marked = word.is_some() || number.len() < text.len();
    (is_marked && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then_some(number)
}

fn search_pull_requests(store: &Store, needle: &str, found: &mut [bool]) {
    let Some(number) = pull_request_number(needle) else { return };
    for (slot, found) in (0..).zip(found) {
        *found |= store.at(slot).pull_request().starts_with(number);
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

/// What a state is called, in lower case.
const fn status_text(status: Status) -> &'static str {
    match status {
        Status::Waiting => "waiting for approval",
        status => status.word(),
    }
}

/// The deployment of that id, which links and messages name it by and nothing shows. Shorter texts are no ids.
fn named_by_id(store: &Store, text: &str) -> Option<Slot> {
    store.by_id(text).filter(|_| text.len() >= SHORTEST_ID)
}

fn shows_text(store: &Store, needle: &str, slot: Slot) -> bool {
    let mut is_found = false;
    search_texts(store, needle, slot..slot + 1, &mut |_| is_found = true);
    is_found
}

/// Finds `needle` in the texts of deployments.
fn search_texts(store: &Store, needle: &str, slots: Range<Slot>, mark: &mut dyn FnMut(Slot)) {
    search_for(store, needle, &slots, mark, &|_, _| true);
    // A whole commit id finds the rows that hold its short form.
    let is_commit = needle.len() > SHORT_COMMIT && needle.bytes().all(|b| b.is_ascii_hexdigit());
    if let Some(short) = needle.get(..SHORT_COMMIT).filter(|_| is_commit) {
        search_for(store, short, &slots, mark, &|chunk, at| {
            let field = chunk.field_around(at);
            field.len() < needle.len() && needle.starts_with(field)
        });
    }
}

/// Marks the deployments that show `needle` at a place that is `accept`ed: in their rows' texts, and in what forges told.
fn search_for(
    store: &Store,
    needle: &str,
    slots: &Range<Slot>,
    mark: &mut dyn FnMut(Slot),
    accept: &dyn Fn(&Chunk, usize) -> bool,
) {
    let finder = Finder::new(needle);
    let all = slots.start as usize..slots.end as usize;
    for (first, chunk) in store.chunks_of(&all) {
        // A row's text is not shown where a forge told another.
        let is_shown = |row: usize, at: usize| !store.is_hidden((first + row) as Slot, || chunk.field_number(row, at));
        let mark = &mut |row: usize| mark((first + row) as Slot);
        search_chunk(&finder, chunk, rows_of(&all, first), mark, &|row, at| accept(chunk, at) && is_shown(row, at));
    }
    for (first, chunk) in store.told_chunks_of(&all) {
        let mark = &mut |row: usize| mark((first + row) as Slot);
        search_chunk(&finder, chunk, rows_of(&all, first), mark, &|_, at| accept(chunk, at));
    }
}

/// Which rows of the chunk that begins with the slot `first` are meant.
fn rows_of(slots: &Range<usize>, first: usize) -> Range<usize> {
    slots.start.saturating_sub(first)..slots.end.saturating_sub(first)
}

fn search_chunk(
    finder: &Finder<'_>,
    chunk: &Chunk,
    rows: Range<usize>,
    mark: &mut dyn FnMut(usize),
    accept: &dyn Fn(usize, usize) -> bool,
) {
    let ends = chunk.ends();
    let end = |row: Option<usize>| row.and_then(|row| ends.get(row)).map(|&end| end as usize);
    let text = chunk.searched().as_bytes();
    let last = end(rows.end.checked_sub(1)).unwrap_or(text.len());
    let text = text.get(..last).unwrap_or(text);
    let mut row = rows.start;
    let mut from = if row == 0 { 0 } else { end(row.checked_sub(1)).unwrap_or(text.len()) };
    while let Some(at) = text.get(from..).and_then(|rest| finder.find(rest)).map(|at| from + at) {
        // Hits come in order, so the row is at most a short walk away.
        while ends.get(row).is_some_and(|&end| end as usize <= at) {
            row += 1;
        }
        if accept(row, at) {
            mark(row);
            // One hit is enough: on with the next row.
            from = end(Some(row)).unwrap_or(text.len());
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
    let shared = |column: SharedColumn| {
        let texts = store.symbols(column);
        let counts = tally(Column::Shared(column).of(store), texts.table_len());
        let values: Vec<FacetValue> = texts
            .all()
            .zip(counts.into_iter().skip(1))
            .map(|(sym, count)| FacetValue { value: texts.text(sym).into(), label: texts.text(sym).into(), count })
            .collect();
        ordered(&values, |a, b| b.count.cmp(&a.count).then_with(|| fold(&a.label).cmp(&fold(&b.label))))
    };
    match facet {
        Facet::Service => shared(SharedColumn::Service),
        Facet::Author => shared(SharedColumn::Author),
        Facet::MergedBy => shared(SharedColumn::MergedBy),
        Facet::Branch => shared(SharedColumn::Branch),
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
