//! The texts of up to [`CHUNK`] rows in one piece.
//!
//! Chunks instead of one text: WebAssembly's memory never shrinks, and a text that doubles as it grows leaves its
//! former copies behind. Chunks instead of one string a field: 100,000 rows of fifteen strings would take 87 MB.

use std::borrow::Cow;

use crate::model::fold::{fold, is_folded};

/// Rows in a chunk.
pub(super) const CHUNK: usize = 1024;

/// Ends a field's text. Nobody writes it; if somebody does, it becomes a blank.
pub(super) const END: char = '\u{1f}';

/// Bytes that a text grows by at least when one of its rows gets longer.
const SPARE: usize = 1024;

/// A text as it is kept.
pub(super) fn kept(text: &str) -> Cow<'_, str> {
    if text.contains(END) { text.replace(END, " ").into() } else { text.into() }
}

/// Appends one field.
pub(super) fn push(out: &mut String, text: &str) {
    out.push_str(&kept(text));
    out.push(END);
}

#[derive(Clone, Debug, Default)]
struct Texts {
    text: String,
    /// Where each row ends; it begins where the one before ends.
    ends: Vec<u32>,
}

impl Texts {
    /// Gives back what it has in reserve, as an empty one with room for as much.
    fn take_reserve(&mut self) -> Self {
        let (text, ends) = (self.text.as_str().to_owned(), self.ends.as_slice().to_owned());
        let mut reserve = std::mem::replace(self, Self { text, ends });
        reserve.text.clear();
        reserve.ends.clear();
        reserve
    }

    fn range(&self, row: usize) -> std::ops::Range<usize> {
        let end = |r: Option<usize>| r.and_then(|r| self.ends.get(r)).copied().unwrap_or(0) as usize;
        let start = end(row.checked_sub(1)).min(self.text.len());
        start..end(Some(row)).max(start)
    }

    fn field(&self, row: usize, n: usize) -> Option<&str> {
        let text = self.text.get(self.range(row))?;
        // By bytes: the end mark is one, and this runs some fifty times for every row that is drawn.
        let mut ends = memchr::memchr_iter(END as u8, text.as_bytes());
        let start = if n == 0 { 0 } else { ends.nth(n - 1)? + 1 };
        text.get(start..ends.next()?)
    }

    /// Writes a row, which is the next one or one that is there.
    fn write(&mut self, row: usize, text: &str) {
        while self.ends.len() <= row {
            self.ends.push(self.text.len() as u32);
        }
        let old = self.range(row);
        let grown = text.len() as i64 - old.len() as i64;
        if old.end == self.text.len() {
            self.text.truncate(old.start);
            self.text.push_str(text);
        } else if self.text.is_char_boundary(old.start) && self.text.is_char_boundary(old.end) {
            // By itself a text grows to twice its length.
            if let Ok(more) = usize::try_from(grown)
                && self.text.capacity() < self.text.len() + more
            {
                self.text.reserve_exact(more.max(SPARE));
            }
            self.text.replace_range(old, text);
        }
        for end in self.ends.iter_mut().skip(row) {
            *end = (i64::from(*end) + grown) as u32;
        }
    }
}

/// Up to [`CHUNK`] rows.
#[derive(Debug, Default)]
pub(in crate::model) struct Chunk {
    shown: Texts,
    hidden: Texts,
    /// `shown` folded, where that differs at all. A folded row may be longer or shorter.
    folded: Option<Texts>,
}

impl Chunk {
    pub(super) fn write(&mut self, row: usize, shown: &str, hidden: &str) {
        match &mut self.folded {
            None if is_folded(shown) => self.shown.write(row, shown),
            None => {
                // What stood here before was folded already.
                let mut folded = self.shown.clone();
                folded.write(row, &fold(shown));
                self.folded = Some(folded);
                self.shown.write(row, shown);
            }
            Some(folded) => {
                folded.write(row, &fold(shown));
                self.shown.write(row, shown);
            }
        }
        self.hidden.write(row, hidden);
    }

    /// The chunk after this one, which is full. It grows in the memory that this one grew in: given back, that would
    /// leave a hole beside each chunk.
    pub(super) fn next(&mut self) -> Self {
        self.folded.iter_mut().for_each(|folded| folded.text.shrink_to_fit());
        Self { shown: self.shown.take_reserve(), hidden: self.hidden.take_reserve(), folded: None }
    }

    /// The `n`th shown field that the row has.
    pub(super) fn shown(&self, row: usize, n: usize) -> Option<&str> {
        self.shown.field(row, n)
    }

    /// The `n`th hidden field that the row has.
    pub(super) fn hidden(&self, row: usize, n: usize) -> Option<&str> {
        self.hidden.field(row, n)
    }

    fn search_texts(&self) -> &Texts {
        self.folded.as_ref().unwrap_or(&self.shown)
    }

    /// The shown texts of all rows, folded.
    pub(in crate::model) fn searched(&self) -> &str {
        &self.search_texts().text
    }

    /// Where in [`Chunk::searched`] each row ends.
    pub(in crate::model) fn ends(&self) -> &[u32] {
        &self.search_texts().ends
    }

    /// Which of the row's fields stands at `offset` in [`Chunk::searched`].
    pub(in crate::model) fn field_number(&self, row: usize, offset: usize) -> usize {
        let before = self.searched().as_bytes().get(self.shown.range(row).start..offset).unwrap_or_default();
        memchr::memchr_iter(END as u8, before).count()
    }

    /// The field that stands around `offset` in [`Chunk::searched`].
    pub(in crate::model) fn field_around(&self, offset: usize) -> &str {
        let text = self.searched();
        let (before, after) = (text.get(..offset).unwrap_or(""), text.get(offset..).unwrap_or(""));
        let start = before.rfind(END).map_or(0, |i| i + END.len_utf8());
        let end = offset + after.find(END).unwrap_or(after.len());
        text.get(start..end).unwrap_or("")
    }
}
