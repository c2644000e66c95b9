//! Texts that many rows share, kept once and known by a number.

use std::cmp::Ordering;

use hashbrown::HashTable;
use rustc_hash::FxHasher;

use super::{fold::fold, order::sorted_by};
use crate::domain::number::numbers;

numbers! {
    /// A shared text. [`Sym::NONE`] is the absence of one.
    Sym;
    /// A service's name.
    ServiceSym;
    /// A ring.
    RingSym;
    /// Who wrote a commit.
    AuthorSym;
}

macro_rules! kinds {
    ($($name:ident)+) => {$(
        impl $name {
            /// No text.
            pub const NONE: Self = Self::at(0);
        }

        impl Default for $name {
            fn default() -> Self {
                Self::NONE
            }
        }

        impl From<Sym> for $name {
            fn from(sym: Sym) -> Self {
                Self(sym.0)
            }
        }

        impl From<$name> for Sym {
            fn from(sym: $name) -> Self {
                Self(sym.0)
            }
        }
    )+};
}

impl Sym {
    /// No text.
    pub const NONE: Self = Self::at(0);
}

impl Default for Sym {
    fn default() -> Self {
        Self::NONE
    }
}

kinds! { ServiceSym RingSym AuthorSym }

/// So many texts that no row has any more are kept at least.
const SPARE: usize = 256;

/// One column's shared texts. Symbols are given in order of arrival and stay until their text is
/// [forgotten](Symbols::keep); spellings that differ only in case are one symbol if the column
/// [folds](Symbols::folding).
#[derive(Debug, Default)]
pub struct Symbols {
    folds: bool,
    shown: Vec<Box<str>>,
    folded: Vec<Box<str>>,
    index: HashTable<Sym>,
    /// Symbols whose texts were forgotten, to be given again.
    free: Vec<Sym>,
    changes: u32,
    /// How many were left when some were last forgotten.
    kept: usize,
}

fn hash(text: &str) -> u64 {
    use std::hash::{Hash, Hasher};
    let mut hasher = FxHasher::default();
    text.hash(&mut hasher);
    hasher.finish()
}

impl Symbols {
    /// A column in which case does not distinguish two texts.
    #[must_use]
    pub fn folding() -> Self {
        Self { folds: true, ..Self::default() }
    }

    /// The symbol of `text`, given now if it has none. Blank is [`Sym::NONE`].
    pub fn intern(&mut self, text: &str) -> Sym {
        if text.is_empty() {
            return Sym::NONE;
        }
        let key = if self.folds { fold(text) } else { text.to_owned() };
        let hashed = hash(&key);
        if let Some(&sym) = self.index.find(hashed, |&sym| self.folded(sym) == key) {
            // Whatever the order of arrival, the spelling that comes first in the alphabet of bytes is shown: the one
            // with capitals, where some writer has lost them.
            if self.folds
                && let Some(shown) = self.shown.get_mut(sym.index() - 1)
                && text < &**shown
            {
                *shown = text.into();
                self.changes += 1;
            }
            return sym;
        }
        let sym = match self.free.pop() {
            Some(sym) => {
                self.put(sym, text, &key);
                sym
            }
            None => {
                self.shown.push(text.into());
                self.folded.push(key.into());
                Sym::at(self.shown.len())
            }
        };
        let folded = &self.folded;
        self.index.insert_unique(hashed, sym, |&s| folded.get(s.index() - 1).map_or(0, |t| hash(t)));
        sym
    }

    /// The symbol of `text` if it has one.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Sym> {
        let key = if self.folds { fold(text) } else { text.to_owned() };
        self.index.find(hash(&key), |&sym| self.folded(sym) == key).copied()
    }

    /// The text as it is shown; empty for [`Sym::NONE`].
    #[must_use]
    pub fn text(&self, sym: Sym) -> &str {
        self.at(&self.shown, sym)
    }

    /// The text as it is compared.
    #[must_use]
    pub fn folded(&self, sym: Sym) -> &str {
        self.at(&self.folded, sym)
    }

    fn at<'a>(&self, texts: &'a [Box<str>], sym: Sym) -> &'a str {
        sym.index().checked_sub(1).and_then(|i| texts.get(i)).map_or("", |t| t)
    }

    fn put(&mut self, sym: Sym, shown: &str, folded: &str) {
        let at = sym.index() - 1;
        if let (Some(old), Some(old_folded)) = (self.shown.get_mut(at), self.folded.get_mut(at)) {
            (*old, *old_folded) = (shown.into(), folded.into());
        }
        self.changes += 1;
    }

    /// Whether so many have come since some were last forgotten that it is worth a look.
    #[must_use]
    pub const fn may_forget(&self) -> bool {
        self.shown.len() - self.free.len() > 2 * self.kept + SPARE
    }

    /// Forgets all texts but those whose symbols are `used`. These stay as they are; the others are given again to what
    /// comes next.
    pub fn keep(&mut self, used: &[bool]) {
        for sym in self.all().filter(|&sym| !sym.of(used).copied().unwrap_or(false)).collect::<Vec<_>>() {
            if let Ok(entry) = self.index.find_entry(hash(self.folded(sym)), |&other| other == sym) {
                entry.remove();
            }
            self.put(sym, "", "");
            self.free.push(sym);
        }
        self.kept = self.shown.len() - self.free.len();
    }

    /// All symbols that have a text.
    pub fn all(&self) -> impl Iterator<Item = Sym> {
        let shown = self.shown.iter().zip(1..);
        shown.filter(|(text, _)| !text.is_empty()).map(|(_, place)| Sym::at(place))
    }

    /// Whether none has.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.shown.len() == self.free.len()
    }

    /// How many symbols there have ever been, [`Sym::NONE`] included: the length of a table indexed by them.
    #[must_use]
    pub fn table_len(&self) -> usize {
        self.shown.len() + 1
    }

    /// Grows whenever a symbol is given or shown differently.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.changes + self.shown.len() as u32
    }

    /// For each symbol its place in alphabetical order; [`Sym::NONE`] comes last.
    #[must_use]
    pub fn ranks(&self) -> Vec<u32> {
        let all: Vec<Sym> = self.all().collect();
        let order = sorted_by(&all, |&a, &b| compare(self.folded(a), self.folded(b)));
        let mut ranks = vec![self.shown.len() as u32; self.table_len()];
        for (rank, sym) in order.into_iter().enumerate() {
            if let Some(slot) = sym.of_mut(&mut ranks) {
                *slot = rank as u32;
            }
        }
        ranks
    }
}

/// How two texts stand to one another in the alphabet, with numbers by their value. No two are equal but equal ones.
pub(crate) fn compare(a: &str, b: &str) -> Ordering {
    natural(a).cmp(natural(b)).then_with(|| a.cmp(b))
}

/// A text as a sequence to compare by: runs of digits by their value, so that `item 9` comes before `item 10`.
fn natural(text: &str) -> impl Iterator<Item = u64> + '_ {
    let mut rest = text;
    std::iter::from_fn(move || {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            let (number, tail) = rest.split_at(digits);
            rest = tail;
            // Numbers stand where digits do: before letters, behind blanks and dashes.
            return Some((u64::from(u32::from('0')) << 32).saturating_add(number.parse().unwrap_or(u64::MAX)));
        }
        let mut chars = rest.chars();
        let c = chars.next()?;
        rest = chars.as_str();
        Some(u64::from(u32::from(c)) << 32)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_separate_and_arrival_does_not_matter() {
        for spellings in [["prod", "Prod", "PROD"], ["PROD", "prod", "Prod"]] {
            let mut symbols = Symbols::folding();
            let all: Vec<Sym> = spellings.iter().map(|s| symbols.intern(s)).collect();
            assert_eq!(all, [Sym::at(1); 3]);
            assert_eq!(symbols.text(Sym::at(1)), "PROD");
            assert_eq!(symbols.find("pRoD"), Some(Sym::at(1)));
        }
        let mut exact = Symbols::default();
        assert_ne!(exact.intern("a"), exact.intern("A"));
        assert_eq!((exact.intern(""), exact.find("b")), (Sym::NONE, None));
    }

    #[test]
    fn ranks_are_alphabetical_with_numbers_by_value() {
        let mut symbols = Symbols::folding();
        for text in ["ring 10", "Ring 9", "beta", "ring"] {
            symbols.intern(text);
        }
        assert_eq!(symbols.ranks(), [4, 3, 2, 0, 1]);
    }

    #[test]
    fn what_is_not_used_is_forgotten() {
        let mut symbols = Symbols::folding();
        let all: Vec<Sym> = ["Main", "old", "dev"].iter().map(|text| symbols.intern(text)).collect();
        let version = symbols.version();
        assert_eq!((all, symbols.may_forget()), ([1, 2, 3].map(Sym::at).to_vec(), false));
        symbols.keep(&[false, true, false, true]);
        assert_eq!(
            (symbols.find("main"), symbols.find("old"), symbols.text(Sym::at(3))),
            (Some(Sym::at(1)), None, "dev")
        );
        assert_eq!((symbols.all().collect::<Vec<_>>(), symbols.text(Sym::at(2))), ([1, 3].map(Sym::at).to_vec(), ""));
        assert!(symbols.version() > version);
        let version = symbols.version();
        assert_eq!((symbols.intern("new"), symbols.table_len(), symbols.ranks()), (Sym::at(2), 4, vec![3, 1, 2, 0]));
        assert!(symbols.version() > version);
        (0..SPARE + 1).for_each(|n| assert!(symbols.intern(&format!("text {n}")) > Sym::at(2)));
        assert!(!symbols.may_forget());
        (0..3).for_each(|n| assert!(symbols.intern(&format!("more {n}")) > Sym::at(2)));
        assert!(symbols.may_forget());
    }

    #[test]
    fn many_are_found_again() {
        let mut symbols = Symbols::folding();
        for i in 0..5_000 {
            assert_eq!(symbols.intern(&format!("s{i}")), Sym::at(i + 1));
        }
        assert_eq!(symbols.find("S4999"), Some(Sym::at(5_000)));
    }
}
