//! Reads JSON with the path of keys, so that everything that is wrong is collected and named, not only the first of it.
//!
//! Not serde's derive: its errors stop at the first mistake and cannot name the key as a path.

use serde_json::{Map, Value};

use super::position::position;
use crate::{
    domain::problem::{Area, Problem, ProblemKind, Severity},
    text::{count, holds_secret, shorten_middle},
};

/// How much of a wrong value is shown.
const SHOWN: usize = 48;

/// So many errors are listed, and so many warnings; the others are counted.
const MOST: usize = 10;

/// What has been found wrong so far.
#[derive(Default)]
pub(super) struct Report {
    errors: Findings,
    warnings: Findings,
}

#[derive(Default)]
struct Findings {
    /// Each with the path of its key.
    listed: Vec<(String, Problem)>,
    /// How many more there are.
    more: usize,
}

impl Findings {
    /// Takes note of a problem and the path of its key. What is only counted is not made: there may be a great many.
    fn add(&mut self, find: impl FnOnce() -> (String, Problem)) {
        if self.listed.len() < MOST {
            self.listed.push(find());
        } else {
            self.more += 1;
        }
    }

    fn into_problems(self, text: &str, severity: Severity) -> Vec<Problem> {
        let listed = self.listed.into_iter().map(|(path, mut problem)| {
            let at = position(text, &path);
            problem.what.push_str(&format!(" Line {}, column {}.", at.line, at.column));
            problem
        });
        let more = (self.more > 0).then(|| {
            let what = format!("config.json has {} more of these.", count(self.more));
            Problem::error(Area::Config, ProblemKind::Unreadable, what, "They are shown once the others are fixed.")
        });
        listed.chain(more).map(|problem| problem.severity(severity)).collect()
    }
}

impl Report {
    /// `what` continues a sentence that begins with the key.
    pub(super) fn error(&mut self, place: &Place<'_>, what: &str, hint: &str) {
        self.errors.add(|| problem(&place.path, what, hint));
    }

    pub(super) fn warn(&mut self, path: &str, what: &str, hint: &str) {
        self.warnings.add(|| problem(path, what, hint));
    }

    /// Whether nothing is wrong but what is only warned of.
    pub(super) fn is_usable(&self) -> bool {
        self.errors.listed.is_empty()
    }

    /// All problems, the errors first, with where in `text` they are.
    pub(super) fn into_problems(self, text: &str) -> Vec<Problem> {
        let mut problems = self.errors.into_problems(text, Severity::Error);
        problems.extend(self.warnings.into_problems(text, Severity::Warning));
        problems
    }

    /// The value is not what it should be.
    pub(super) fn wrong(&mut self, place: &Place<'_>, allowed: &str) {
        let what = ["is ", &shown(place.value), "."].concat();
        self.error(place, &what, &["Allowed: ", allowed, "."].concat());
    }
}

fn problem(path: &str, what: &str, hint: &str) -> (String, Problem) {
    let key = if path.is_empty() { "config.json" } else { path };
    let problem = Problem::error(Area::Config, ProblemKind::Unreadable, [key, " ", what].concat(), hint);
    (path.to_owned(), problem)
}

/// The warning of a key that is not among `keys`.
fn unknown_key(object: &Object<'_>, key: &str, keys: &[&'static str]) -> (String, Problem) {
    let key = if holds_secret(key) { "(a key that holds a secret)".into() } else { shorten_middle(key, SHOWN) };
    let near = keys.iter().map(|known| (distance(known, &key), *known)).min();
    let hint = match near {
        Some((away, known)) if away <= 2 && away < known.len() => format!("Did you mean {known:?}?"),
        _ => ["Known here: ", &alternatives(keys), "."].concat(),
    };
    let path = object.path_of(&key);
    let what = format!("Unknown key {path:?}.");
    (path, Problem::error(Area::Config, ProblemKind::Unreadable, what, hint))
}

/// A value as a sentence can hold it. Never a secret, whatever key it was put under by mistake.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if text.trim().is_empty() => "empty".to_owned(),
        Value::String(text) if holds_secret(text) => "a text that holds a secret".to_owned(),
        Value::String(text) => format!("{:?}", shorten_middle(text, SHOWN)),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::Null => "null".to_owned(),
        Value::Bool(yes) => yes.to_string(),
        // Not the value's own `to_string`: it prints decimals too, with tables of 10 kB.
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(whole), _) => whole.to_string(),
            (_, Some(whole)) => whole.to_string(),
            _ => number.as_f64().map_or_else(String::new, decimal),
        },
    }
}

/// A number with up to three decimals, which is as exact as a mistake has to be shown.
fn decimal(number: f64) -> String {
    if number.abs() >= 1e12 {
        return "a number far too large".to_owned();
    }
    let thousandths = (number.abs() * 1000.0).round() as u64;
    let sign = if number < 0.0 { "-" } else { "" };
    let shown = format!("{sign}{}.{:03}", thousandths / 1000, thousandths % 1000);
    shown.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A value and the path of keys that leads to it.
pub(super) struct Place<'a> {
    pub(super) path: String,
    pub(super) value: &'a Value,
}

impl<'a> Place<'a> {
    /// A text that is not blank, without white space around it.
    pub(super) fn text(&self, allowed: &str, report: &mut Report) -> Option<&'a str> {
        let text = self.value.as_str().map(str::trim).filter(|text| !text.is_empty());
        if text.is_none() {
            report.wrong(self, allowed);
        }
        text
    }

    /// One of a few words.
    pub(super) fn word(&self, words: &[&'static str], report: &mut Report) -> Option<&'static str> {
        let found = words.iter().copied().find(|word| self.value.as_str() == Some(word));
        if found.is_none() {
            report.wrong(self, &alternatives(words));
        }
        found
    }

    /// The items of a list; none when it is no list.
    pub(super) fn items(&self, allowed: &str, report: &mut Report) -> Vec<Self> {
        let Some(items) = self.value.as_array() else {
            report.wrong(self, allowed);
            return Vec::new();
        };
        items.iter().enumerate().map(|(i, value)| Place { path: format!("{}[{i}]", self.path), value }).collect()
    }

    /// An object whose keys should be among `keys`.
    pub(super) fn object(&self, keys: &[&'static str], allowed: &str, report: &mut Report) -> Option<Object<'a>> {
        let object = self.raw_object(allowed, report)?;
        object.check(keys, report);
        Some(object)
    }

    /// An object whose keys depend on what it holds: [`Object::check`] is still to be called.
    pub(super) fn raw_object(&self, allowed: &str, report: &mut Report) -> Option<Object<'a>> {
        let Some(map) = self.value.as_object() else {
            report.wrong(self, allowed);
            return None;
        };
        Some(Object { path: self.path.clone(), map })
    }
}

/// `"a", "b"`
pub(super) fn alternatives(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| ["\"", word, "\""].concat()).collect();
    quoted.join(", ")
}

/// An object and the path of keys that leads to it.
pub(super) struct Object<'a> {
    path: String,
    map: &'a Map<String, Value>,
}

impl<'a> Object<'a> {
    pub(super) fn get(&self, key: &str) -> Option<Place<'a>> {
        self.map.get(key).map(|value| Place { path: self.path_of(key), value })
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.map.keys().map(String::as_str)
    }

    /// The value of a key that must be there.
    pub(super) fn need(&self, key: &str, allowed: &str, report: &mut Report) -> Option<Place<'a>> {
        let place = self.get(key);
        if place.is_none() {
            let hint = ["Allowed: ", allowed, "."].concat();
            let path = self.path_of(key);
            report.errors.add(|| problem(&path, "is missing.", &hint));
        }
        place
    }

    /// A text under a key that must be there.
    pub(super) fn need_text(&self, key: &str, allowed: &str, report: &mut Report) -> Option<&'a str> {
        self.need(key, allowed, report)?.text(allowed, report)
    }

    /// A text under a key that may be there. What is there and wrong has been reported and counts as absent.
    pub(super) fn text(&self, key: &str, allowed: &str, report: &mut Report) -> Option<&'a str> {
        self.get(key)?.text(allowed, report)
    }

    /// The texts of a list under a key that may be there.
    pub(super) fn texts(&self, key: &str, allowed: &str, report: &mut Report) -> Vec<(Place<'a>, &'a str)> {
        let Some(place) = self.get(key) else { return Vec::new() };
        let items = place.items(allowed, report).into_iter();
        items.filter_map(|item| item.text(allowed, report).map(|text| (item, text))).collect()
    }

    /// Warns of each key that is not among `keys`.
    pub(super) fn check(&self, keys: &[&'static str], report: &mut Report) {
        for key in self.map.keys().filter(|key| !keys.contains(&key.as_str())) {
            report.warnings.add(|| unknown_key(self, key, keys));
        }
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { [&self.path, ".", key].concat() }
    }
}

/// How many letters to add, drop or change to get from one word to the other, in any case.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let (mut corner, mut left) = (i, i + 1); // the cells above-left and left of the one to fill
        let Some((first, rest)) = row.split_first_mut() else { break };
        *first = left;
        for (cell, y) in rest.iter_mut().zip(b.bytes()) {
            let change = corner + usize::from(!x.eq_ignore_ascii_case(&y));
            corner = *cell;
            left = change.min(left + 1).min(corner + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        #[track_caller]
        fn check(a: &str, b: &str, expect: usize) {
            assert_eq!(distance(a, b), expect, "{a} {b}");
            assert_eq!(distance(b, a), expect, "{b} {a}");
        }
        check("table", "table", 0);
        check("table", "Tables", 1);
        check("table", "tabel", 2);
        check("refreshSeconds", "refeshseconds", 1);
        check("kitten", "sitting", 3);
        check("", "abc", 3);
        check("", "", 0);
    }

    #[test]
    fn what_is_only_counted_is_not_made() {
        let mut findings = Findings::default();
        let mut made = 0;
        for _ in 0..500 {
            findings.add(|| {
                made += 1;
                problem("title", "is empty.", "")
            });
        }
        assert_eq!((made, findings.listed.len(), findings.more), (MOST, MOST, 500 - MOST));
        let problems = findings.into_problems("{}", Severity::Warning);
        assert_eq!(problems.last().unwrap().what, "config.json has 490 more of these.");
    }

    #[test]
    fn values_in_sentences() {
        #[track_caller]
        fn check(value: Value, expect: &str) {
            assert_eq!(shown(&value), expect);
        }
        check("a".into(), "\"a\"");
        check("  ".into(), "empty");
        check("x".repeat(100).into(), &format!("{:?}", format!("{}…{}", "x".repeat(24), "x".repeat(23))));
        check("https://a.example/t?sp=r&sig=topsecret".into(), "a text that holds a secret");
        check(7.into(), "7");
        check((-7).into(), "-7");
        check(u64::MAX.into(), "18446744073709551615");
        check(7.5.into(), "7.5");
        check((-0.0625).into(), "-0.063");
        check(1e300.into(), "a number far too large");
        check(true.into(), "true");
        check(Value::Null, "null");
        check(vec!["topsecret"].into(), "a list");
    }
}
