//! In which order deployments are listed.
//!
//! The newest come first unless another order is asked for, and among equals always. What has nothing to sort by
//! comes last in either direction.

use std::cmp::Reverse;

use super::{
    select::Selection,
    store::{RunKind, SharedColumn, Slot, Store},
    symbols::Sym,
    sync::Syncs,
};
use crate::domain::{
    column::{Column, SortBy},
    deployment::Status,
    time::Timestamp,
};

/// A list of deployments in some order, that can follow what becomes of them.
#[derive(Clone, Debug)]
pub struct Order {
    by: SortBy,
    /// Of the texts that it is sorted by: more of them, and all places may be others.
    version: u32,
    slots: Vec<Slot>,
    /// By slot: the time and the key by which it was put where it is. The newest first is no key of its own.
    times: Vec<Option<Timestamp>>,
    keys: Vec<SortKey>,
}

impl Order {
    /// The selected deployments in order.
    #[must_use]
    pub fn of(store: &Store, syncs: &Syncs, selection: &Selection, by: Option<SortBy>) -> Self {
        let by = by.unwrap_or(NEWEST_FIRST);
        let mut order = Self {
            by,
            version: version(store, by.column),
            slots: Vec::with_capacity(selection.len()),
            times: store.derived().updated.clone(),
            keys: Vec::new(),
        };
        order.slots.extend(store.by_time().iter().copied().filter(|&slot| selection.has(slot)));
        if by != NEWEST_FIRST {
            let key = keys(store, syncs, by.column);
            order.keys = vec![SortKey::None; store.slots()];
            let mut keyed: Vec<(SortKey, u32, Slot)> = Vec::with_capacity(order.slots.len());
            for (i, &slot) in order.slots.iter().enumerate() {
                let key = SortKey::of(key(slot), by);
                if let Some(kept) = slot.of_mut(&mut order.keys) {
                    *kept = key;
                }
                keyed.push((key, i as u32, slot));
            }
            keyed.sort_unstable();
            order.slots.clear();
            order.slots.extend(keyed.into_iter().map(|(_, _, slot)| slot));
        }
        order
    }

    /// The list.
    #[must_use]
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Whether it is sorted by that, and the texts that it is sorted by stand where they stood.
    #[must_use]
    pub fn is_by(&self, store: &Store, by: Option<SortBy>) -> bool {
        self.by == by.unwrap_or(NEWEST_FIRST) && self.version == version(store, self.by.column)
    }

    /// Whether what clusters report changes an order of that kind.
    #[must_use]
    pub fn depends_on_clusters(by: Option<SortBy>) -> bool {
        by.is_some_and(|by| by.column == Column::Clusters)
    }

    /// Whether to follow so many changes, of which each moves half of the list, costs less than to make it anew. The
    /// store has it ready in the order of time.
    #[must_use]
    pub fn may_follow(&self, changes: usize) -> bool {
        changes <= if self.by == NEWEST_FIRST { 128 } else { 2_000 }
    }

    /// Puts deployments that came, changed or went where they belong now.
    pub fn follow(&mut self, store: &Store, syncs: &Syncs, selection: &Selection, touched: &[Slot]) {
        for &slot in touched {
            self.take_out(slot);
        }
        let key = keys(store, syncs, self.by.column);
        self.times.resize(store.slots(), None);
        if self.by != NEWEST_FIRST {
            self.keys.resize(store.slots(), SortKey::None);
        }
        for &slot in touched.iter().filter(|&&slot| selection.has(slot)) {
            if let Some(time) = slot.of_mut(&mut self.times) {
                *time = store.at(slot).updated();
            }
            if let Some(kept) = slot.of_mut(&mut self.keys) {
                *kept = SortKey::of(key(slot), self.by);
            }
            let place = self.place(slot);
            let at = self.slots.partition_point(|&other| {
                self.place(other).cmp(&place).then_with(|| store.newer_first(other, slot)).is_lt()
            });
            self.slots.insert(at, slot);
        }
    }

    /// By what a deployment was put where it is.
    fn place(&self, slot: Slot) -> (SortKey, Reverse<Option<Timestamp>>) {
        let index = slot.index();
        let time = self.times.get(index).copied().flatten();
        (self.keys.get(index).copied().unwrap_or(SortKey::None), Reverse(time))
    }

    fn take_out(&mut self, slot: Slot) {
        let place = self.place(slot);
        let first = self.slots.partition_point(|&other| self.place(other) < place);
        let among = self.slots.get(first..).unwrap_or_default();
        let among = among.iter().take_while(|&&other| self.place(other) == place);
        let nth = among.enumerate().find(|(_, other)| **other == slot).map(|(nth, _)| nth);
        if let Some(nth) = nth {
            self.slots.remove(first + nth);
        }
    }
}

/// The order when nobody asks for another.
const NEWEST_FIRST: SortBy = SortBy { column: Column::Updated, descending: true };

/// What a deployment is sorted by, in the direction that is asked for; without anything it comes last in either.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum SortKey {
    Ascending(u64),
    Descending(Reverse<u64>),
    None,
}

impl SortKey {
    fn of(key: Option<u64>, by: SortBy) -> Self {
        match key {
            Some(key) if by.descending => Self::Descending(Reverse(key)),
            Some(key) => Self::Ascending(key),
            None => Self::None,
        }
    }
}

/// Of the texts that a column is sorted by.
fn version(store: &Store, column: Column) -> u32 {
    match column {
        Column::Service => store.symbols(SharedColumn::Service).version(),
        Column::Author => store.symbols(SharedColumn::Author).version(),
        Column::MergedBy => store.symbols(SharedColumn::MergedBy).version(),
        Column::Ring => store.rings().version(),
        _ => 0,
    }
}

/// By the place of a text in its column's order; what has none comes last.
fn by_rank<'s>(ranks: Vec<u32>, sym: impl Fn(Slot) -> Sym + 's) -> Box<dyn Fn(Slot) -> Option<u64> + 's> {
    Box::new(move |slot| match sym(slot) {
        Sym::NONE => None,
        sym => sym.of(&ranks).map(|&rank| u64::from(rank)),
    })
}

fn keys<'s>(store: &'s Store, syncs: &'s Syncs, column: Column) -> Box<dyn Fn(Slot) -> Option<u64> + 's> {
    let by_number = |run: RunKind| -> Box<dyn Fn(Slot) -> Option<u64> + 's> {
        Box::new(move |slot| number(store.at(slot).run_id(run)))
    };
    let shared = |column| by_rank(store.symbols(column).ranks(), move |slot| store.shared(column, slot));
    match column {
        Column::Status => Box::new(move |slot| {
            let status = store.at(slot).status();
            Status::ALL.iter().position(|&s| s == status).map(|i| i as u64)
        }),
        Column::Service => shared(SharedColumn::Service),
        Column::Ring => by_rank(store.rings().ranks(), move |slot| store.at(slot).ring().into()),
        Column::Author => shared(SharedColumn::Author),
        Column::MergedBy => shared(SharedColumn::MergedBy),
        Column::Build => by_number(RunKind::Build),
        Column::Release => by_number(RunKind::Release),
        Column::PullRequest => Box::new(move |slot| number(store.at(slot).pull_request())),
        Column::Manifest => by_number(RunKind::Manifest),
        Column::Updated => Box::new(move |slot| store.at(slot).updated().map(|at| at.millis().unsigned_abs())),
        Column::Clusters => Box::new(move |slot| match syncs.cluster_count(slot) {
            0 => None,
            n => Some(n as u64),
        }),
    }
}

/// Runs and pull requests are numbered; an id that is no number sorts by its first letters, behind all numbers.
fn number(id: &str) -> Option<u64> {
    const LETTERS: u64 = 1 << 62;
    if id.is_empty() {
        return None;
    }
    Some(id.parse().ok().filter(|&n| n < LETTERS).unwrap_or_else(|| {
        let letters = id.bytes().chain(std::iter::repeat(0)).take(7);
        LETTERS + letters.fold(0, |n, b| (n << 8) | u64::from(b.to_ascii_lowercase()))
    }))
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use proptest::{collection::vec, prelude::Strategy, prop_assert_eq};

    use super::*;
    use crate::storage::row::Field;
    use crate::support::rows::{RowBuilder, empty_store, ring_rule, row};
    use crate::{domain::project::ProjectId, model::filter::Filter};

    fn sorted(store: &Store, syncs: &Syncs, selection: &Selection, by: Option<SortBy>) -> Vec<Slot> {
        Order::of(store, syncs, selection, by).slots
    }

    /// The rings there may be, in promotion order.
    const RINGS: [&str; 7] = ["dev", "prod", "staging", "feature", "feature-02", "feature-2", "feature-10"];

    type Texts = Vec<(Field, &'static str)>;

    fn put(store: &mut Store, n: usize, texts: &Texts) {
        // Rows of different partitions are not joined.
        let row = RowBuilder::of(&format!("{n:03} PartitionKey={n}"));
        let row = texts.iter().fold(row, |row, (field, text)| row.with(*field, *text));
        store.put(ProjectId::at(0), &row.row());
    }

    fn new_store(rows: &[Texts]) -> (Store, Syncs) {
        let mut store = empty_store(&["dev", "prod"].map(ring_rule));
        rows.iter().enumerate().for_each(|(n, texts)| put(&mut store, n, texts));
        store.rebuild();
        let mut syncs = Syncs::default();
        for (cluster, commit) in [("east", "0a12da8"), ("west", "0a12da8ffff"), ("lab", "beef123")] {
            syncs.put(ProjectId::at(0), &row(&format!("{cluster} syncCommit={commit}")));
        }
        syncs.rebuild(&store);
        (store, syncs)
    }

    fn texts_of(field: Field) -> &'static [&'static str] {
        match field {
            Field::Service => &["api", "API", "api 09", "api 9", "api 10", "contoso/client", "Élan", "zeta"],
            Field::Env => &["dev", "prod", "staging", "feature", "feature-02", "feature-2", "feature-10", "PROD"],
            Field::AuthorName | Field::MergedBy => &["aaron", "Mara", "mara", "Bo 2", "Bo 10", "ängström"],
            Field::ManifestCommitId => &["0a12da8", "beef123", "1234567"],
            Field::P1Status | Field::P3Status => &["succeeded", "failed", "running", "queued", "canceled"],
            Field::PrState => &["open", "merged"],
            Field::Timestamp => &["2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z"],
            _ => &["7", "12", "100", "007", "99999999999999999999", "b1", "B0", "a", "-"],
        }
    }

    fn rows() -> impl Strategy<Value = Vec<Texts>> {
        let fields = [
            Field::Service,
            Field::Env,
            Field::AuthorName,
            Field::MergedBy,
            Field::ManifestCommitId,
            Field::P1Status,
            Field::P3Status,
            Field::PrState,
            Field::Timestamp,
            Field::P1,
            Field::P2,
            Field::P3,
            Field::Pr,
        ];
        let fields = proptest::sample::subsequence(fields.to_vec(), 0..=13);
        let texts = (fields, vec(0..1_000_usize, 13)).prop_map(|(fields, picks)| {
            let text = |field: Field, pick: usize| texts_of(field)[pick % texts_of(field).len()];
            fields.into_iter().zip(picks).map(|(f, pick)| (f, text(f, pick))).collect()
        });
        vec(texts, 0..25)
    }

    /// What a row has to be sorted by in a column, comparable by hand; `None` when nothing.
    fn key(texts: &Texts, column: Column) -> Option<Vec<(u8, u64, String)>> {
        let text = |field: Field| texts.iter().find(|(f, _)| *f == field).map(|(_, t)| *t).filter(|t| !t.is_empty());
        let name = |field: Field| text(field).map(|t| words(&t.rsplit('/').next().unwrap_or_default().to_lowercase()));
        let number = |field: Field| {
            text(field).map(|t| match t.parse::<u64>() {
                Ok(n) if n < 1 << 62 => vec![(0, n, String::new())],
                _ => vec![(1, 0, t.to_lowercase().chars().take(7).collect())],
            })
        };
        let place = |n: usize| vec![(0, n as u64, String::new())];
        let facts = || crate::model::overlay::outcome_of_row(&RowBuilder::texts(texts.iter().copied()).row());
        match column {
            Column::Status => Status::ALL.iter().position(|s| *s == facts().status).map(place),
            Column::Service => name(Field::Service),
            Column::Ring => {
                text(Field::Env).map(|env| place(RINGS.iter().position(|r| r.eq_ignore_ascii_case(env)).unwrap()))
            }
            Column::Author => name(Field::AuthorName),
            Column::MergedBy => name(Field::MergedBy),
            Column::Build => number(Field::P1),
            Column::Release => number(Field::P2),
            Column::PullRequest => number(Field::Pr),
            Column::Manifest => number(Field::P3),
            Column::Updated => text(Field::Timestamp).map(|t| vec![(0, 0, t.to_owned())]),
            Column::Clusters => match text(Field::ManifestCommitId) {
                Some("0a12da8") => Some(place(2)),
                Some("beef123") => Some(place(1)),
                _ => None,
            },
        }
    }

    /// A text cut into words and numbers. A number stands before a word, and behind a blank or a dash.
    fn words(text: &str) -> Vec<(u8, u64, String)> {
        let mut words = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let class = if digits > 0 {
                1
            } else if c < '0' {
                0
            } else {
                2
            };
            let end = if digits > 0 { digits } else { c.len_utf8() };
            words.push((
                class,
                rest[..digits].parse().unwrap_or(0),
                if digits > 0 { String::new() } else { c.to_string() },
            ));
            rest = &rest[end..];
        }
        // Where only leading zeros differ, the text decides.
        words.push((0, 0, String::new()));
        words.push((0, 0, text.to_owned()));
        words
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { cases: 300, ..Default::default() })]

        #[test]
        fn every_column_sorts_both_ways_with_nothing_last_and_the_newest_of_equals_first(rows in rows()) {
            let (store, syncs) = new_store(&rows);
            let all = crate::model::select::select(&store, &syncs, &Filter::default());
            for (column, descending) in Column::ALL.into_iter().flat_map(|c| [(c, false), (c, true)]) {
                let mut expect: Vec<Slot> = store.by_time().to_vec();
                expect.sort_by(|&a, &b| {
                    let keys = (key(&rows[a.index()], column), key(&rows[b.index()], column));
                    match keys {
                        (Some(a), Some(b)) if descending => b.cmp(&a),
                        (Some(a), Some(b)) => a.cmp(&b),
                        (a, b) => b.is_some().cmp(&a.is_some()),
                    }
                });
                let found = sorted(&store, &syncs, &all, Some(SortBy { column, descending }));
                prop_assert_eq!(found, expect, "{:?} {}", column, if descending { "descending" } else { "ascending" });
            }
            prop_assert_eq!(sorted(&store, &syncs, &all, None), store.by_time());
        }

        #[test]
        fn the_order_of_arrival_never_shows(rows in rows()) {
            let (store, syncs) = new_store(&rows);
            let (mut other, _) = new_store(&[]);
            for (n, texts) in rows.iter().enumerate().rev() {
                put(&mut other, n, texts);
                if n % 3 == 0 {
                    other.rebuild();
                }
            }
            other.rebuild();
            let mut other_syncs = syncs.clone();
            other_syncs.rebuild(&other);
            let of = |store: &Store, syncs: &Syncs, by| {
                let all = crate::model::select::select(store, syncs, &Filter::default());
                let key = |slot: Slot| store.at(slot).text(Field::RowKey).to_owned();
                sorted(store, syncs, &all, Some(by)).into_iter().map(key).collect::<Vec<_>>()
            };
            for (column, descending) in Column::ALL.into_iter().flat_map(|c| [(c, false), (c, true)]) {
                let by = SortBy { column, descending };
                prop_assert_eq!(of(&store, &syncs, by), of(&other, &other_syncs, by));
            }
        }
    }

    #[test]
    fn only_what_is_selected_is_listed() {
        let rows = vec![vec![(Field::Service, "api")], vec![(Field::Service, "client")], vec![(Field::Service, "api")]];
        let (store, syncs) = new_store(&rows);
        let wanted = Filter { terms: crate::model::query::parse("service:api"), ..Filter::default() };
        let selection = crate::model::select::select(&store, &syncs, &wanted);
        for column in Column::ALL {
            let mut found = sorted(&store, &syncs, &selection, Some(SortBy { column, descending: false }));
            found.sort_unstable();
            assert_eq!(found, [0, 2].map(Slot::at));
        }
    }

    #[test]
    fn ids_that_are_no_numbers_come_behind_those_that_are() {
        let ids = ["", "b", "A2", "a1", "99999999999999999999", "100", "7"];
        let mut sorted = ids;
        sorted.sort_by_key(|id| SortKey::of(number(id), SortBy { column: Column::Build, descending: false }));
        assert_eq!(sorted, ["7", "100", "99999999999999999999", "a1", "A2", "b", ""]);
        assert_eq!(number("abc").cmp(&number("ABC")), Ordering::Equal);
    }
}
