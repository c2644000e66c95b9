//! The words of the search box: `quiz -status:failed author:"Mara Lind"`.
//!
//! Words are separated by white space and and-ed; `key:value` compares one field, `-` before a term means its
//! opposite, double quotes hold words together (`""` within them is one quote). Reading is total, because people are
//! read while they type: what is not finished is left out, what is no key of ours is taken as typed (`http://x`).
//! What a term matches is not decided here: that is [`super::select`].

#[cfg(test)]
mod tests;

use std::ops::Range;

/// A field that can be asked for by name, here and in the URL.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Facet {
    /// The service.
    Service,
    /// The ring.
    Ring,
    /// Who wrote the commit behind it.
    Author,
    /// Who merged its pull request.
    MergedBy,
    /// What became of it.
    Status,
    /// What kind of change, `type` in words.
    Kind,
    /// A cluster that applies it.
    Cluster,
    /// The branch it was built from.
    Branch,
    /// The project of `config.json`.
    Project,
}

impl Facet {
    /// All of them, in the order of the controls.
    pub const ALL: [Self; 9] = [
        Self::Service,
        Self::Ring,
        Self::Author,
        Self::MergedBy,
        Self::Status,
        Self::Kind,
        Self::Cluster,
        Self::Branch,
        Self::Project,
    ];

    /// Its word before the colon, in the URL, and in the page's hooks (`data-filter`).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Ring => "ring",
            Self::Author => "author",
            Self::MergedBy => "mergedBy",
            Self::Status => "status",
            Self::Kind => "type",
            Self::Cluster => "cluster",
            Self::Branch => "branch",
            Self::Project => "project",
        }
    }

    /// The facet with that word, in any case. `env` is what Spektate called a ring.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let ring = word.eq_ignore_ascii_case("env").then_some(Self::Ring);
        ring.or_else(|| Self::ALL.into_iter().find(|f| f.as_str().eq_ignore_ascii_case(word)))
    }
}

/// One thing asked for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Term {
    /// Its opposite is asked for.
    pub negated: bool,
    /// In which field; `None` is any.
    pub facet: Option<Facet>,
    /// What is looked for: never blank, in the case it was typed in.
    pub value: String,
}

/// Whoever looks, as an author or as who merged.
pub const ME: &str = "@me";

/// The same with the name of whoever looks in the place of [`ME`].
#[must_use]
pub fn of_person(mut terms: Vec<Term>, me: &str) -> Vec<Term> {
    let is_me = |term: &&mut Term| matches!(term.facet, Some(Facet::Author | Facet::MergedBy)) && term.value == ME;
    if !me.is_empty() {
        terms.iter_mut().filter(is_me).for_each(|term| term.value = me.to_owned());
    }
    terms
}

/// Reads what was typed. There is no wrong input.
#[must_use]
pub fn parse(q: &str) -> Vec<Term> {
    tokens(q).filter_map(|token| token.term(q)).collect()
}

/// Writes what [`parse`] reads.
#[must_use]
pub fn print(terms: &[Term]) -> String {
    let mut q = String::new();
    for Term { negated, facet, value } in terms {
        if !q.is_empty() {
            q.push(' ');
        }
        if *negated {
            q.push('-');
        }
        if let Some(facet) = facet {
            q.push_str(facet.as_str());
            q.push(':');
        }
        push_value(&mut q, *facet, value);
    }
    q
}

/// What is being typed, and where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Context {
    /// The bytes that a completion replaces.
    pub replace: Range<usize>,
    /// The term begins with a `-`, which stays.
    pub negated: bool,
    /// What there is of it before the cursor.
    pub what: Typing,
}

/// What is being typed, up to the cursor and without its quotes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Typing {
    /// A word, which may become a key.
    Word(String),
    /// The value of a key.
    Value(Facet, String),
}

/// What is being typed at `cursor`, a byte's index. Between two terms it is a new word.
#[must_use]
pub fn suggest(q: &str, cursor: usize) -> Context {
    let mut cursor = cursor.min(q.len());
    while !q.is_char_boundary(cursor) {
        cursor -= 1;
    }
    let Some(token) = tokens(q).find(|t| t.start < cursor && cursor <= t.end) else {
        return Context { replace: cursor..cursor, negated: false, what: Typing::Word(String::new()) };
    };
    let (replace, what) = match token.facet {
        Some(_) if cursor < token.value => {
            let key = q.get(token.key..cursor).unwrap_or_default();
            (token.key..token.value, Typing::Word(key.to_owned()))
        }
        Some(facet) => (token.value..token.end, Typing::Value(facet, token.text(q, cursor))),
        None => (token.value..token.end, Typing::Word(token.text(q, cursor))),
    };
    Context { replace, negated: token.negated, what }
}

/// The words after taking a suggestion, and where the cursor goes: behind the space that ends the term, or behind
/// the colon of a key. A value is quoted where it must be. In place of a word stands a key (`ring:`), a whole term
/// as [`print`] writes it, or else plain text.
#[must_use]
pub fn complete(q: &str, context: &Context, replacement: &str) -> (String, usize) {
    let (before, after) = match (q.get(..context.replace.start), q.get(context.replace.end..)) {
        (Some(before), Some(after)) => (before, after),
        _ => (q, ""), // the context is of another text
    };
    let is_key = split_key(replacement).is_some_and(|(_, value)| value.is_empty());
    let mut new = before.to_owned();
    match &context.what {
        Typing::Value(facet, _) => push_value(&mut new, Some(*facet), replacement),
        Typing::Word(_) if is_key || parse(replacement).len() == 1 => new.push_str(replacement),
        Typing::Word(_) => push_value(&mut new, None, replacement),
    }
    let mut cursor = new.len();
    if !(is_key && matches!(context.what, Typing::Word(_))) {
        match after.chars().next().filter(|c| c.is_whitespace()) {
            Some(space) => cursor += space.len_utf8(),
            None => {
                new.push(' ');
                cursor += 1;
            }
        }
    }
    new.push_str(after);
    (new, cursor)
}

/// A term where it stands: `-`, key and colon, value. All are indices of bytes.
struct Token {
    start: usize,
    key: usize,
    value: usize,
    end: usize,
    negated: bool,
    facet: Option<Facet>,
    quoted: bool,
}

impl Token {
    /// The value as far as `until`, without its quotes.
    fn text(&self, q: &str, until: usize) -> String {
        let raw = q.get(self.value..self.end.min(until)).unwrap_or_default();
        match raw.strip_prefix('"').filter(|_| self.quoted) {
            Some(inside) => unquote(inside).0,
            None => raw.to_owned(),
        }
    }

    /// `None` while there is nothing to look for: a key without a value, a lone `-`, empty quotes.
    fn term(&self, q: &str) -> Option<Term> {
        let value = self.text(q, self.end);
        let only_dashes = self.facet.is_none() && !self.quoted && value.bytes().all(|b| b == b'-');
        let blank = value.trim().is_empty() || only_dashes;
        (!blank).then_some(Term { negated: self.negated, facet: self.facet, value })
    }
}

fn tokens(q: &str) -> impl Iterator<Item = Token> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = q.get(at..)?;
        let token = token(q, at + rest.find(|c: char| !c.is_whitespace())?)?;
        at = token.end;
        Some(token)
    })
}

/// The term that starts at `start`, where there is a character and no white space.
fn token(q: &str, start: usize) -> Option<Token> {
    let negated = q.get(start..)?.starts_with('-');
    let key = start + usize::from(negated);
    let rest = q.get(key..)?;
    let word = rest.split(char::is_whitespace).next().unwrap_or_default();
    let split = split_key(word);
    let value = key + split.map_or(0, |(_, v)| word.len() - v.len());
    let inside = q.get(value..)?.strip_prefix('"');
    let end = inside.map_or(key + word.len(), |inside| value + 1 + unquote(inside).1);
    Some(Token { start, key, value, end, negated, facet: split.map(|(f, _)| f), quoted: inside.is_some() })
}

/// `ring:prod`; `None` where the word before the colon is no key.
fn split_key(word: &str) -> Option<(Facet, &str)> {
    let (key, value) = word.split_once(':')?;
    Facet::from_word(key).map(|facet| (facet, value))
}

/// The text after an opening quote up to its closing one, or to the end while that is missing; and how many bytes
/// that took, the closing quote among them.
fn unquote(text: &str) -> (String, usize) {
    let mut value = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '"' && chars.next_if(|(_, next)| *next == '"').is_none() {
            return (value, at + 1);
        }
        value.push(c);
    }
    (value, text.len())
}

/// Writes a value, quoted where it would be read as something else.
fn push_value(q: &mut String, facet: Option<Facet>, value: &str) {
    let strange = value.is_empty() || value.starts_with('"') || value.contains(char::is_whitespace);
    let other = facet.is_none() && (value.starts_with('-') || split_key(value).is_some());
    if strange || other {
        q.push('"');
        q.push_str(&value.replace('"', "\"\""));
        q.push('"');
    } else {
        q.push_str(value);
    }
}
