//! Any text, read here and by serde, which read these answers before: both find the same in it, or nothing. For tests,
//! and for a fuzzer, for which `--cfg fuzzing` is set.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Number, Value, value::RawValue};

use super::*;

/// Reads the text in every way.
///
/// # Panics
/// Where something else is found in it than serde finds.
#[track_caller]
pub fn check(text: &str) {
    is_same_json(text);
    reads_alike::<Whole>(text, is_list_for_whole);
    reads_alike::<Vec<Option<Whole>>>(text, |value| any_item(value, is_list_for_whole));
    reads_alike::<Part>(text, Value::is_array);
    reads_alike::<Vec<Option<String>>>(text, |_| false);
    reads_alike::<Vec<i64>>(text, |_| false);
    reads_alike::<Option<bool>>(text, |_| false);
    reads_alike::<Option<i64>>(text, |_| false);
    reads_alike::<u32>(text, |_| false);
    assert_eq!(quoted(text), Value::from(text).to_string());
    assert_eq!(from_str::<String>(&quoted(text)).as_deref(), Ok(text));
}

/// All of a value, as serde's type for that; `None` where serde refuses a part for more than its syntax.
fn value(json: &Json<'_>) -> Option<Value> {
    Some(match json {
        Json::Text(_) => Value::String(json.text()?.into_owned()),
        Json::List(items) => Value::Array(items.iter().map(value).collect::<Option<_>>()?),
        Json::Object(Object(members)) => {
            let members = members.iter().map(|(name, member)| Some((name.clone().into_owned(), value(member)?)));
            Value::Object(members.collect::<Option<Map<_, _>>>()?)
        }
        Json::Plain("true") => Value::Bool(true),
        Json::Plain("false") => Value::Bool(false),
        Json::Plain("null") => Value::Null,
        // Of numbers that are too great for it serde reads none.
        Json::Plain(number) => Value::Number(serde_json::from_str::<Number>(number).ok()?),
    })
}

/// What serde passes over without reading it, it checks as this does; but however deep it is.
fn may_be_deep(text: &str) -> bool {
    text.matches(['[', '{']).count() >= 100
}

#[track_caller]
fn is_same_json(text: &str) {
    let ours = Json::parse(text);
    match serde_json::from_str::<Value>(text) {
        Ok(theirs) => assert_eq!(ours.as_ref().ok().and_then(value), Some(theirs), "{text}"),
        Err(error) => match &ours {
            Ok(json) => assert_eq!(value(json), None, "{text}: {error}"),
            // What comes behind such a part serde does not see.
            Err(_) if ["hex escape", "surrogate", "out of range"].iter().any(|why| error.to_string().contains(why)) => {
            }
            Err(fault) => assert_eq!(*fault == Fault::End, error.is_eof(), "{text}: {error}, {fault}"),
        },
    }
    if !may_be_deep(text) {
        assert_eq!(ours.is_ok(), serde_json::from_str::<&RawValue>(text).is_ok(), "{text}");
    }
}

wire! {
    #[derive(PartialEq, Debug, Deserialize)]
    struct Whole {
        a: Option<String>,
        #[serde(rename = "b")]
        number: Option<u64> = "b",
        c: Option<Vec<Option<Part>>>,
        d: Option<i64>,
    }

    #[derive(PartialEq, Debug, Deserialize)]
    pub(super) struct Part {
        a: String,
        b: u32,
        c: Option<bool>,
        d: Vec<i64>,
    }
}

/// A derive reads a list as an object whose members it names by their places; here it is of another shape.
fn is_list_for_whole(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.get("c").is_some_and(|items| any_item(items, Value::is_array)),
        other => other.is_array(),
    }
}

fn any_item(value: &Value, is_so: fn(&Value) -> bool) -> bool {
    value.as_array().is_some_and(|items| items.iter().any(is_so))
}

#[track_caller]
fn reads_alike<T>(text: &str, is_list_for_object: fn(&Value) -> bool)
where
    T: for<'a> FromJson<'a> + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    if may_be_deep(text) || serde_json::from_str(text).is_ok_and(|value| is_list_for_object(&value)) {
        return;
    }
    assert_eq!(from_str::<T>(text).ok(), serde_json::from_str::<T>(text).ok(), "{text}");
}
