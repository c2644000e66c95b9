//! How values become Rust's own. A value of another shape is noted, and read as if it were empty: so no field needs a
//! way out of its own, and one check at the end shows whether all was well.

use super::scan::{Fault, Json, Member, Object};

/// What was of another shape than it had to be: the first of it.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    first: Option<String>,
    /// The member that is being read.
    member: &'static str,
}

impl Faults {
    /// Notes that a value is not what was expected.
    #[cold]
    #[inline(never)]
    pub(crate) fn note(&mut self, json: &Json<'_>, expected: &str) {
        if self.first.is_none() {
            let quote = if matches!(json, Json::Text(_)) { "\"" } else { "" };
            let found: String = json.as_str().chars().take(40).collect();
            self.first = Some(match json.is_missing() {
                true => ["missing field `", self.member, "`"].concat(),
                false => {
                    ["invalid type at `", self.member, "`: ", quote, &found, quote, ", expected ", expected].concat()
                }
            });
        }
    }

    fn or<T: Default>(&mut self, value: Option<T>, json: &Json<'_>, expected: &str) -> T {
        if value.is_none() {
            self.note(json, expected);
        }
        value.unwrap_or_default()
    }
}

/// What can be read from a value.
pub(crate) trait FromJson<'a> {
    /// Reads a value, which may be [missing](Json::MISSING). Where it has another shape that is noted, and what comes
    /// back means nothing.
    fn read(json: &Json<'a>, faults: &mut Faults) -> Self;
}

/// Reads a value.
///
/// # Errors
/// When it has another shape.
pub(crate) fn from_json<'a, T: FromJson<'a>>(json: &Json<'a>) -> Result<T, Fault> {
    let mut faults = Faults::default();
    let value = T::read(json, &mut faults);
    match faults.first {
        None => Ok(value),
        Some(what) => Err(Fault::Shape(what)),
    }
}

/// Reads a text.
///
/// # Errors
/// When it is not JSON, or of another shape.
pub(crate) fn from_str<'a, T: FromJson<'a>>(text: &'a str) -> Result<T, Fault> {
    from_json(&Json::parse(text)?)
}

impl<'a> Json<'a> {
    pub(crate) fn members(&self, faults: &mut Faults) -> Members<'_, 'a> {
        Members(faults.or(self.object().map(|object| &*object.0), self, "an object"))
    }
}

/// The members of an object that is being read.
#[derive(Clone, Copy)]
pub(crate) struct Members<'j, 'a>(&'j [Member<'a>]);

impl<'j, 'a> Members<'j, 'a> {
    pub(crate) fn field<T: FromJson<'a>>(self, name: &'static str, faults: &mut Faults) -> T {
        T::read(self.only(name, faults), faults)
    }

    /// The only member of that name: of two it is not known which one counts.
    #[inline(never)]
    pub(crate) fn only(self, name: &'static str, faults: &mut Faults) -> &'j Json<'a> {
        faults.member = name;
        let mut all = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
        let json = all.next().unwrap_or(Json::MISSING);
        if let Some(second) = all.next() {
            faults.note(second, "no second one");
        }
        json
    }

    /// The name and value of the one member, if there is one and no other.
    pub(crate) fn only_one(self) -> Option<(&'j str, &'j Json<'a>)> {
        if let [(name, value)] = self.0 { Some((name, value)) } else { None }
    }
}

impl<'a> FromJson<'a> for Json<'a> {
    fn read(json: &Json<'a>, faults: &mut Faults) -> Self {
        if json.is_missing() {
            faults.note(json, "");
        }
        json.clone()
    }
}

impl<'a> FromJson<'a> for Object<'a> {
    fn read(json: &Json<'a>, faults: &mut Faults) -> Self {
        faults.or(json.object().cloned(), json, "an object")
    }
}

impl FromJson<'_> for String {
    #[inline(never)]
    fn read(json: &Json<'_>, faults: &mut Faults) -> Self {
        faults.or(json.text(), json, "a string").into_owned()
    }
}

impl FromJson<'_> for bool {
    fn read(json: &Json<'_>, faults: &mut Faults) -> Self {
        let value = match json.plain() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        };
        faults.or(value, json, "true or false")
    }
}

#[inline(never)]
fn unsigned(json: &Json<'_>, most: u64, faults: &mut Faults) -> u64 {
    let value = json.plain().parse().ok().filter(|&number| number <= most);
    faults.or(value, json, "a whole number")
}

impl FromJson<'_> for i64 {
    fn read(json: &Json<'_>, faults: &mut Faults) -> Self {
        // The number -0 is none of the integers.
        let value = json.plain().parse().ok().filter(|_| json.plain() != "-0");
        faults.or(value, json, "an integer")
    }
}

impl FromJson<'_> for u64 {
    fn read(json: &Json<'_>, faults: &mut Faults) -> Self {
        unsigned(json, Self::MAX, faults)
    }
}

impl FromJson<'_> for u32 {
    fn read(json: &Json<'_>, faults: &mut Faults) -> Self {
        unsigned(json, Self::MAX.into(), faults) as Self
    }
}

impl FromJson<'_> for usize {
    fn read(json: &Json<'_>, faults: &mut Faults) -> Self {
        unsigned(json, Self::MAX as u64, faults) as Self
    }
}

impl<'a, T: FromJson<'a>> FromJson<'a> for Option<T> {
    fn read(json: &Json<'a>, faults: &mut Faults) -> Self {
        if json.is_missing() || json.is_null() { None } else { Some(T::read(json, faults)) }
    }
}

impl<'a, T: FromJson<'a>> FromJson<'a> for Vec<T> {
    fn read(json: &Json<'a>, faults: &mut Faults) -> Self {
        faults.or(json.items(), json, "a list").iter().map(|item| T::read(item, faults)).collect()
    }
}

/// A text, where it is one: anything else is no fault.
#[derive(Debug)]
pub(crate) struct Text(pub(crate) Option<String>);

impl FromJson<'_> for Text {
    fn read(json: &Json<'_>, _: &mut Faults) -> Self {
        Self(json.text().map(Into::into))
    }
}
