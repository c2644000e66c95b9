//! Held against serde, which read these answers before.

use std::{fs, path::Path};

use proptest::{prelude::*, sample::Index};

use super::{
    against_serde::{Part, check},
    *,
};

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
    texts.into_iter().for_each(check);
    for depth in [1, 126, 127, 128, 129, 100_000] {
        check(&("[".repeat(depth) + &"]".repeat(depth)));
        check(&"[".repeat(depth));
        check(&("{\"a\":".repeat(depth) + "1" + &"}".repeat(depth)));
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
    texts.into_iter().for_each(check);
    ["0", "7", "-7", "4294967295", "4294967296", "true", "\"7\"", "null", "[]"].into_iter().for_each(check);
}

/// The cases that a fuzzer found, whole and cut off.
#[test]
fn what_a_fuzzer_found_is_read_alike() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/json");
    let cases: Vec<_> = fs::read_dir(folder).unwrap().map(|file| fs::read(file.unwrap().path()).unwrap()).collect();
    assert!(!cases.is_empty());
    for case in cases {
        check(&String::from_utf8_lossy(&case));
        check(&String::from_utf8_lossy(&case[..case.len() / 2]));
    }
}

#[test]
fn what_is_wrong_is_reported() {
    #[track_caller]
    fn expected(text: &str, expect: &str) {
        assert_eq!(from_str::<Part>(text).unwrap_err().to_string(), expect, "{text}");
    }
    expected("", "data that ends too early");
    expected("{\"a\" 1}", "no JSON at byte 5");
    expected("{\"b\":1,\"d\":[]}", "missing field `a`");
    expected("{\"a\":7,\"b\":1,\"d\":[]}", "invalid type at `a`: 7, expected a string");
    expected("{\"a\":\"\",\"b\":-1,\"d\":{}}", "invalid type at `b`: -1, expected a whole number");
    expected("{\"a\":\"\",\"a\":\"\",\"b\":1,\"d\":[]}", "invalid type at `a`: \"\", expected no second one");
}

#[test]
fn texts_are_written_as_serde_writes_them() {
    let every: String = (0..0x180).filter_map(char::from_u32).chain("🚀\u{2028}".chars()).collect();
    check(&every);
}

proptest! {
    #[test]
    fn any_text_is_read_alike(text in any_text()) {
        check(&text);
    }

    #[test]
    fn any_text_is_written_alike(text in any::<String>()) {
        check(&text);
    }
}
