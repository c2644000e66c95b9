//! Held against serde, which read these answers before.

use proptest::{prelude::*, sample::Index};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Number, Value, value::RawValue};

use super::*;

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

#[track_caller]
fn alike(text: &str) {
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
    // What serde passes over without reading it, it checks as this does; but however deep it is.
    if !["[", "{\"a\":"].iter().any(|open| text.contains(&open.repeat(100))) {
        assert_eq!(ours.is_ok(), serde_json::from_str::<&RawValue>(text).is_ok(), "{text}");
    }
}

#[test]
fn the_same_is_json() {
    let texts = [
        "",
        " ",
        "null",
        " true ",
        "false",
        "nul",
        "nulL",
        "nullx",
        "t",
        "1",
        "0",
        "-0",
        "-",
        "01",
        "-01",
        "1.",
        "1.5",
        ".5",
        "+1",
        "1e5",
        "1E+5",
        "1e-5",
        "1e",
        "1e+",
        "1.e5",
        "-1.5e-7",
        "1e999",
        "1e-999",
        "18446744073709551616",
        "0x1",
        "1 2",
        "NaN",
        "\"\"",
        "\"a\"",
        "\"a",
        "\"",
        "\"\\",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u",
        "\"\\u00",
        "\"\\u00e9\"",
        "\"\\u00E9 \"",
        "\"\\u+0e9\"",
        "\"\\ud83d\\ude80\"",
        "\"\\ud83d\"",
        "\"\\ude80\"",
        "\"\\ud83d\\n\"",
        "\"\\ud83d\\u0041\"",
        "\"\\ud83d\\ud83d\"",
        "\"\\ud83",
        "\"\\b\\f\\n\\r\\t\\/\\\\\\\"\"",
        "\"\u{7f}\u{80}\u{2028}🚀\"",
        "\"a\nb\"",
        "\"\u{0}\"",
        "[]",
        "[ ]",
        "[1]",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1,2",
        "[",
        "[1",
        "]",
        "{}",
        "{ }",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{\"a\":1 \"b\":2}",
        "{a:1}",
        "{1:1}",
        "{\"a\" 1}",
        "{\"a\":}",
        "{,}",
        "}",
        "{\"a\":1}}",
        "{\"a\":1,\"a\":2}",
        "{\"\\u0061\":1}",
        "{\"\\ud83d\":1}",
        "{\"a\":{\"b\":[null,{}]}}",
        "[[[]],[{}]]",
        "\u{feff}1",
        "\u{a0}1",
        "1\u{c}",
        "/**/1",
    ];
    texts.into_iter().for_each(alike);
    for depth in [1, 126, 127, 128, 129, 100_000] {
        alike(&("[".repeat(depth) + &"]".repeat(depth)));
        alike(&"[".repeat(depth));
        alike(&("{\"a\":".repeat(depth) + "1" + &"}".repeat(depth)));
    }
}

/// Texts that are JSON.
fn any_json() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        any::<i64>().prop_map(|n| n.to_string()),
        any::<u64>().prop_map(|n| n.to_string()),
        "-?(0|[1-9][0-9]{0,3})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,2})?",
    ];
    let string =
        "\"([a-z é🚀]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4}|\\\\ud8[0-9a-f]{2}|\\\\ud[c-f][0-9a-f]{2}){0,6}\"";
    let leaf = prop_oneof![Just("null".to_owned()), Just("true".to_owned()), Just("false".to_owned()), number, string];
    leaf.prop_recursive(5, 60, 6, |inner| {
        let name = prop_oneof!["\"[a-d]\"", "\"\\\\u006[1-4]\""];
        let member = (name, inner.clone()).prop_map(|(name, value)| format!("{name} :{value}"));
        prop_oneof![
            prop::collection::vec(inner, 0..5).prop_map(|items| format!("[{}]", items.join(" ,"))),
            prop::collection::vec(member, 0..5).prop_map(|members| format!("{{ {}\n}}", members.join(", "))),
        ]
    })
}

/// The same, cut off or with a character in place of another or beside it.
fn any_text() -> impl Strategy<Value = String> {
    let change = ("[\\[\\]{}:,\"\\\\0-9eE.+\\-tfnu \n\u{0}é]", any::<Index>(), 0..4_u8);
    (any_json(), prop::collection::vec(change, 0..3)).prop_map(|(text, changes)| {
        let mut chars: Vec<char> = text.chars().collect();
        for (with, at, how) in changes {
            let at = at.index(chars.len() + 1);
            let with = with.chars();
            match how {
                0 => chars.truncate(at),
                1 => drop(chars.splice(at..at, with)),
                _ => drop(chars.splice(at..chars.len().min(at + usize::from(how) - 1), with)),
            }
        }
        chars.into_iter().collect()
    })
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
    struct Part {
        a: String,
        b: u32,
        c: Option<bool>,
        d: Vec<i64>,
    }
}

#[track_caller]
fn reads_alike<T: for<'a> FromJson<'a> + DeserializeOwned + PartialEq + std::fmt::Debug>(text: &str) {
    // A derive reads a list as an object whose members it names by their places; here it is of another shape.
    let has_list_for_object = |value: &Value| match value {
        Value::Object(members) => {
            matches!(members.get("c"), Some(Value::Array(items)) if items.iter().any(Value::is_array))
        }
        other => other.is_array(),
    };
    if serde_json::from_str(text).is_ok_and(|value| has_list_for_object(&value)) {
        return;
    }
    assert_eq!(from_str::<T>(text).ok(), serde_json::from_str::<T>(text).ok(), "{text}");
}

#[test]
fn the_same_is_read() {
    let texts = [
        r#"{"a":"x","b":7,"c":[null,{"a":"","b":4294967295,"c":null,"d":[-9223372036854775808]}],"d":-1}"#,
        r#"{"a":null,"b":null,"c":null,"d":null}"#,
        r#"{"b":18446744073709551615}"#,
        r#"{"b":18446744073709551616}"#,
        r#"{"b":-1}"#,
        r#"{"b":-0}"#,
        r#"{"d":-0}"#,
        r#"{"b":1.0}"#,
        r#"{"b":1e2}"#,
        r#"{"b":"1"}"#,
        r#"{"d":9223372036854775807}"#,
        r#"{"d":9223372036854775808}"#,
        r#"{"a":7}"#,
        r#"{"a":"x","a":"y"}"#,
        r#"{"a":"x","\u0061":"y"}"#,
        r#"{"x":1,"x":2}"#,
        r#"{"c":[{"a":"","d":[]}]}"#,
        r#"{"c":[{"a":"","b":4294967296,"d":[]}]}"#,
        r#"{"c":[{"a":null,"b":1,"d":[]}]}"#,
        r#"{"c":[{"a":"","b":1}]}"#,
        r#"{"c":{}}"#,
        r#"{"x":"\ud83d"}"#,
        r#"{"a":"\ud83d"}"#,
        r#"{"\ud83d":"a"}"#,
        r#"{"x":1e999}"#,
        "{}",
        "null",
        "7",
        "",
    ];
    texts.into_iter().for_each(reads_alike::<Whole>);
    let numbers = ["0", "7", "-7", "4294967295", "4294967296", "true", "\"7\"", "null", "[]"];
    numbers.into_iter().for_each(reads_alike::<u32>);
    numbers.into_iter().for_each(reads_alike::<Option<i64>>);
}

#[test]
fn what_is_wrong_is_said() {
    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(from_str::<Part>(text).unwrap_err().to_string(), expect, "{text}");
    }
    check("", "data that ends too early");
    check("{\"a\" 1}", "no JSON at byte 5");
    check("{\"b\":1,\"d\":[]}", "missing field `a`");
    check("{\"a\":7,\"b\":1,\"d\":[]}", "invalid type at `a`: 7, expected a string");
    check("{\"a\":\"\",\"b\":-1,\"d\":{}}", "invalid type at `b`: -1, expected a whole number");
    check("{\"a\":\"\",\"a\":\"\",\"b\":1,\"d\":[]}", "invalid type at `a`: \"\", expected no second one");
}

#[test]
fn texts_are_written_as_serde_writes_them() {
    let every: String = (0..0x180).filter_map(char::from_u32).chain("🚀\u{2028}".chars()).collect();
    assert_eq!(quoted(&every), Value::from(every.as_str()).to_string());
}

proptest! {
    #[test]
    fn any_text_is_json_to_both_or_to_none(text in any_text()) {
        alike(&text);
    }

    #[test]
    fn any_text_is_read_alike(text in any_text()) {
        reads_alike::<Whole>(&text);
        reads_alike::<Vec<Option<Whole>>>(&text);
        reads_alike::<Vec<Option<String>>>(&text);
        reads_alike::<Vec<i64>>(&text);
    }

    #[test]
    fn what_is_written_is_read(text in any::<String>()) {
        assert_eq!(from_str::<String>(&quoted(&text)), Ok(text));
    }
}
