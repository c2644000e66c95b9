use super::*;

/// Reads in steps of `limit` rows.
fn read_by(limit: usize, body: &[u8]) -> (Vec<String>, RowsRead, Result<(), RowsError>) {
    let (mut rows, mut reader) = (Vec::new(), RowsReader::new(body.to_vec()));
    let result = loop {
        match reader.read(limit, &mut |row| rows.push(format!("{row:?}"))) {
            Ok(true) => break Ok(()),
            Ok(false) => {}
            Err(error) => break Err(error),
        }
    };
    (rows, reader.counted().clone(), result)
}

fn read(body: &str) -> (Vec<String>, RowsRead, Result<(), RowsError>) {
    read_by(1_000, body.as_bytes())
}

#[test]
fn typed_values_become_text() {
    let (rows, read, result) = read(
        r#"{"odata.metadata":"x","value":[{"PartitionKey":"p","RowKey":"r","p1":7,"p2":"8","p3":9.0,"pr":null,
           "env":true,"service":["x"],"etag":{"a":[1]},"imageTag":"a\"b","commitId":-1}],"odata.nextLink":"y"}"#,
    );
    assert_eq!(result, Ok(()));
    assert_eq!(read.rows, 1);
    assert_eq!(read.last_key, Some(("p".into(), "r".into())));
    expect_test::expect![[r#"{"PartitionKey": "p", "RowKey": "r", "p1": "7", "p2": "8", "p3": "9", "commitId": "-1", "imageTag": "a\"b", "env": "true"}"#]]
        .assert_eq(&rows.join("\n"));
}

#[test]
fn the_text_of_a_number_is_what_was_sent() {
    for number in ["20220531.1", "2.5", "2.0", "1e3", "0.1", "9007199254740993", "-7", "false"] {
        let (rows, _, _) = read(&format!(r#"[{{"RowKey":"1","imageTag":{number}}}]"#));
        assert_eq!(rows, [format!(r#"{{"RowKey": "1", "imageTag": "{number}"}}"#)]);
    }
    let body = r#"[{"RowKey":"1","p1":6881.0,"p2":6881.5,"p3":".0","prMergedAt":"2026-11-23T03:40:23Z"}]"#;
    let expect = r#"{"RowKey": "1", "p1": "6881", "p2": "6881.5", "p3": ".0", "prMergedAt": "2026-11-23T03:40:23Z"}"#;
    assert_eq!(read(body).0, [expect]);
}

#[test]
fn revisions_are_commits() {
    for (column, field) in [
        ("syncCommit", Field::SyncCommit),
        ("manifestCommitId", Field::ManifestCommitId),
        ("hldCommitId", Field::HldCommitId),
    ] {
        for text in ["0a12da8", " main@sha1:0a12da8 ", "main/0a12da8", "sha256:0a12da8", "main\\u002f0a12da8"] {
            let body = format!(r#"[{{"RowKey":"1","{column}":"{text}"}}]"#);
            let mut found = String::new();
            let mut reader = RowsReader::new(body.clone().into_bytes());
            assert_eq!(reader.read(9, &mut |row| found.push_str(row.get(field))), Ok(true));
            assert_eq!(found, "0a12da8", "{body}");
        }
    }
}

#[test]
fn a_bad_row_stands_beside_the_good_ones() {
    let (rows, read, result) = read(r#"{"value":[{"RowKey":"1"},{"p1":"5"},null,"x",7,[{}],{"RowKey":"2"}]}"#);
    assert_eq!((rows.len(), read.rows, read.bad.count, result), (2, 2, 5, Ok(())));
    assert_eq!(read.bad.words.first().map(String::as_str), Some(r#"a row without RowKey: {"p1": "5"}"#));
}

#[test]
fn endings() {
    #[track_caller]
    fn check(body: &str, rows: usize, expect: Result<(), RowsError>) {
        let (got, _, result) = read(body);
        assert_eq!((got.len(), &result), (rows, &expect), "{body}");
    }
    let unreadable = |why: &str| Err(RowsError::Unreadable(why.into()));
    check(r#"{"value":[]}"#, 0, Ok(()));
    check(r#" [ { "RowKey" : "1" } , {"RowKey":"2"} ] "#, 2, Ok(()));
    check("\u{feff}{\"value\":[]}", 0, Ok(()));
    check(r#"{"value":[{"RowKey":"1"},{"RowKey":"2"#, 1, Err(RowsError::Truncated));
    check("", 0, Err(RowsError::Truncated));
    check(r#"{"rows":[]}"#, 0, unreadable("it has no list named value"));
    check(r#"{"value":7}"#, 0, unreadable("it has no list named value"));
    check("7", 0, unreadable("it has no list named value"));
    check(r#"[{"RowKey":"1"},{"RowKey":}]"#, 1, unreadable("byte 26 breaks the rules of JSON"));
    check(r#"[{"RowKey":"1"},]"#, 1, unreadable("byte 16 breaks the rules of JSON"));
    check(r#"{"value":[]}{}"#, 0, unreadable("byte 12 breaks the rules of JSON"));
}

#[test]
fn one_damaged_text_costs_no_other_row() {
    #[track_caller]
    fn check(damaged: &[u8], expect: &str) {
        let body = [br#"[{"RowKey":"1"},{"RowKey":"2","branch":""#, damaged, br#""},{"RowKey":"3"}]"#].concat();
        let (rows, read, result) = read_by(1_000, &body);
        assert_eq!((rows.len(), result), (3, Ok(())));
        assert_eq!(rows[1], format!(r#"{{"RowKey": "2", "branch": {expect:?}}}"#));
        assert_eq!(read.flawed.words, ["2: a text holds characters that are none"]);
    }
    check(b"caf\xe9", "caf\u{fffd}");
    check(b"a\\ud800b", "a\u{fffd}b");
    check(b"a\x01b", "a\u{fffd}b");
    check(b"a\nb", "a\u{fffd}b");
}

#[test]
fn long_texts_are_cut_where_they_are_kept() {
    let long = "ü".repeat(5_000);
    let body = format!(
        r#"[{{"RowKey":"1","p1":"{long}","commitMessage":"{long}","p1Url":"https://x.example/{long}"}},{{"RowKey":"{long}"}}]"#
    );
    let (mut length, mut reader) = ([0; 3], RowsReader::new(body.into_bytes()));
    let fields = [Field::P1, Field::CommitMessage, Field::P1Url];
    let mut each = |row: &Row<'_>| length = fields.map(|field| row.get(field).len());
    assert_eq!(reader.read(1_000, &mut each), Ok(true));
    assert_eq!(length, [512 + 3, 4_096 + 3, 0]);
    assert_eq!(reader.counted().flawed.words, ["1: a text was too long"]);
    assert_eq!(reader.counted().bad.words, ["a row whose key is longer than 2048 bytes"]);
}

#[test]
fn a_cut_inside_a_character_is_a_truncation() {
    let body = "[{\"RowKey\":\"1\"},{\"RowKey\":\"ü";
    let (_, read, result) = read_by(1_000, &body.as_bytes()[..body.len() - 1]);
    assert_eq!((read.rows, result), (1, Err(RowsError::Truncated)));
}

#[test]
fn what_is_no_row_is_reported_a_bounded_number_of_times() {
    let (_, read, result) = read_by(usize::MAX, format!("[{}7]", "7,".repeat(100_000)).as_bytes());
    assert_eq!((read.rows, read.bad.words.len(), result), (0, LISTED, Ok(())));
    assert_eq!(read.bad.count, 100_001);
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(body: Vec<u8>) {
        let _ = read_by(3, &body);
    }

    /// Valid text is read as it is, whatever of it is escaped.
    #[test]
    fn valid_text_is_read_as_it_is(key in "[a-zA-Z0-9äöü'%]{1,9}", text in "[^\u{fffd}]{0,40}", escaped: bool) {
        let json = if escaped {
            let units: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
            format!("\"{units}\"")
        } else {
            serde_json::to_string(&text).unwrap()
        };
        let body = format!(r#"[{{"x":{json},"commitMessage":{json},"RowKey":"{key}"}}]"#);
        let mut reader = RowsReader::new(body.into_bytes());
        let mut found = Vec::new();
        let mut each = |row: &Row<'_>| {
            found.push((row.get(Field::RowKey).to_owned(), row.get(Field::CommitMessage).to_owned()));
        };
        proptest::prop_assert_eq!(reader.read(9, &mut each), Ok(true));
        proptest::prop_assert_eq!(found, [(key, text.trim().to_owned())]);
        proptest::prop_assert_eq!(&reader.counted().flawed, &Remarks::default());
    }

    /// Whatever the steps, and wherever it is cut, whole rows are lent, and all of them.
    #[test]
    fn any_cut_lends_only_whole_rows(cut in 0..90_usize, limit in 1..5_usize) {
        let body = r#"{"value":[{"RowKey":"1","p1":"a"},{"RowKey":"2","p1":"ü"},{"RowKey":"3","p1":"\n"}]}"#;
        let bytes = body.as_bytes().get(..cut.min(body.len())).unwrap();
        let (rows, read, result) = read_by(limit, bytes);
        proptest::prop_assert_eq!(result.is_ok(), cut >= body.len());
        let mut whole = (1..=rows.len()).map(|n| format!(r#""RowKey": "{n}""#));
        proptest::prop_assert!(rows.iter().all(|row| row.contains(&whole.next().unwrap())));
        proptest::prop_assert_eq!(read.rows, rows.len());
    }
}
