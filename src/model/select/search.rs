//! Words in what deployments show.

use std::ops::Range;

use memchr::memmem::Finder;

use super::mask::{Mask, SEARCHED, mark};
use crate::{
    domain::{deployment::Status, id::SHORT_COMMIT},
    model::{
        fold::fold,
        store::{Chunk, Slot, Store},
        symbols::{RingSym, Sym},
        sync::Syncs,
    },
};

/// So many characters make an id: rows' keys have twelve.
const SHORTEST_ID: usize = 6;

/// Which deployments show a text, in any case, in any of their fields.
pub(super) fn search(store: &Store, syncs: &Syncs, text: &str) -> Vec<bool> {
    let needle = fold(text);
    let mut found = vec![false; store.slots()];
    search_texts(store, &needle, 0..store.slots(), &mut |slot| {
        slot.of_mut(&mut found).into_iter().for_each(|found| *found = true);
    });
    let mut mark = |mask: &Mask<'_>| mark(&mut found, store, mask);
    for column in SEARCHED {
        let texts = store.symbols(column);
        let table = (0..texts.table_len()).map(Sym::at).map(|s| s != Sym::NONE && texts.folded(s).contains(&needle));
        mark(&Mask::Symbols(column, table.collect()));
    }
    let names = store.rings();
    let is_named = |r| names.folded(r).contains(&needle) || fold(names.title(r)).contains(&needle);
    let rings = (0..names.table_len()).map(RingSym::at).map(|r| r != RingSym::NONE && is_named(r));
    mark(&Mask::Ring(rings.collect()));
    mark(&Mask::Status(Status::ALL.into_iter().filter(|&s| status_text(s).contains(&needle)).collect()));
    let clusters = syncs.cluster_table(|cluster| fold(cluster.as_str()).contains(&needle));
    mark(&Mask::Clusters(syncs.cluster_column(), clusters));
    search_pull_requests(store, &needle, &mut found);
    let by_id = named_by_id(store, text).and_then(|slot| slot.of_mut(&mut found));
    by_id.into_iter().for_each(|found| *found = true);
    found
}

/// A pull request's number as people write it: `#12`, `!12`, `PR 12`, `pull request #12`. A row holds the number alone.
pub(in crate::model) fn pull_request_number(text: &str) -> Option<&str> {
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

pub(super) fn search_pull_requests(store: &Store, needle: &str, found: &mut [bool]) {
    let Some(number) = pull_request_number(needle) else { return };
    for (slot, found) in store.all_slots().zip(found) {
        *found |= store.at(slot).pull_request().starts_with(number);
    }
}

/// What a state is called, in lower case.
pub(super) const fn status_text(status: Status) -> &'static str {
    match status {
        Status::Waiting => "waiting for approval",
        status => status.as_str(),
    }
}

/// The deployment of that id, which links and messages name it by and nothing shows. Shorter texts are no ids.
pub(super) fn named_by_id(store: &Store, text: &str) -> Option<Slot> {
    store.by_id(text).filter(|_| text.len() >= SHORTEST_ID)
}

pub(super) fn shows_text(store: &Store, needle: &str, slot: Slot) -> bool {
    let mut is_found = false;
    search_texts(store, needle, slot.index()..slot.index() + 1, &mut |_| is_found = true);
    is_found
}

/// Finds `needle` in the texts of deployments.
pub(super) fn search_texts(store: &Store, needle: &str, slots: Range<usize>, mark: &mut dyn FnMut(Slot)) {
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

/// Marks the deployments that show `needle` at a place that is `accept`ed: in their rows' texts, and in what forges
/// reported.
pub(super) fn search_for(
    store: &Store,
    needle: &str,
    slots: &Range<usize>,
    mark: &mut dyn FnMut(Slot),
    accept: &dyn Fn(&Chunk, usize) -> bool,
) {
    let finder = Finder::new(needle);
    for (first, chunk) in store.chunks_of(slots) {
        // A row's text is not shown where a forge reported another.
        let is_shown = |row: usize, at: usize| !store.is_hidden(Slot::at(first + row), || chunk.field_number(row, at));
        let mark = &mut |row: usize| mark(Slot::at(first + row));
        search_chunk(&finder, chunk, rows_of(slots, first), mark, &|row, at| accept(chunk, at) && is_shown(row, at));
    }
    for (first, chunk) in store.reported_chunks_of(slots) {
        let mark = &mut |row: usize| mark(Slot::at(first + row));
        search_chunk(&finder, chunk, rows_of(slots, first), mark, &|_, at| accept(chunk, at));
    }
}

/// Which rows of the chunk that begins with the slot `first` are meant.
pub(super) fn rows_of(slots: &Range<usize>, first: usize) -> Range<usize> {
    slots.start.saturating_sub(first)..slots.end.saturating_sub(first)
}

pub(super) fn search_chunk(
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
