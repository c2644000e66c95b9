//! The adapter against answers that a real table service (Azurite) gave, where those are at hand. They lie beside the
//! repository and not in it; without them there is nothing to check here.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by a panic; clippy knows tests by their attribute, and here is what they share"
)]

use std::{collections::BTreeMap, path::PathBuf};

use ringside::{
    config::AzureTable,
    domain::problem::ProblemKind,
    http::{ApiError, Origin, Request, Response},
    storage::{
        azure_table::{Cursor, Next, Span, explain, open_rows, request_rows},
        page::RowsPage,
        row::{Field, Row},
    },
};
use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/samples/azure-table")
}

/// A recorded exchange: the path that was asked for, and the answer.
fn sample(name: &str) -> (String, Response) {
    let text = std::fs::read_to_string(folder().join(format!("azurite-{name}.json")))
        .unwrap_or_else(|e| panic!("{name}: {e}"));
    let whole: Value = serde_json::from_str(&text).unwrap();
    let (path, answer) = (whole.pointer("/request/path").unwrap(), whole.get("response").unwrap());
    let headers: BTreeMap<String, String> = serde_json::from_value(answer.get("headers").unwrap().clone()).unwrap();
    let response = Response {
        status: u16::try_from(answer.get("status").unwrap().as_u64().unwrap()).unwrap(),
        headers: headers.into_iter().collect(),
        body: answer.get("body").unwrap().as_str().unwrap().as_bytes().to_vec(),
    };
    (path.as_str().unwrap().to_owned(), response)
}

/// Whether there are samples; says so if not.
fn are_here() -> bool {
    let here = folder().is_dir();
    if !here {
        println!("skipped: no samples at {}", folder().display());
    }
    here
}

/// Reads an answer to its end.
fn parse_rows(response: &Response, each: &mut dyn FnMut(&Row<'_>)) -> Result<RowsPage, ApiError> {
    let mut page = open_rows(response.clone())?;
    while !page.read(100, each)? {}
    Ok(page)
}

fn read(name: &str) -> (Vec<String>, Result<RowsPage, ApiError>) {
    let (_, response) = sample(name);
    let mut rows = Vec::new();
    let result = parse_rows(&response, &mut |row| rows.push(format!("{row:?}")));
    (rows, result)
}

fn table(partition: &str) -> AzureTable {
    let endpoint = "http://127.0.0.1:10002/devstoreaccount1";
    AzureTable {
        endpoint: endpoint.into(),
        origin: Origin::of(endpoint).unwrap(),
        table: "deployments".into(),
        partition: Some(partition.into()),
        sas: None,
    }
}

#[test]
fn every_level_of_metadata_gives_the_same_rows() {
    if !are_here() {
        return;
    }
    let (plain, page) = read("query-nometadata-top2");
    let page = page.unwrap();
    assert_eq!((page.counted().rows, page.counted().bad.len()), (2, 0));
    assert_eq!(page.counted().last_key, Some(("hello-bedrock".into(), "000000000002".into())));
    assert_eq!(read("query-minimal-top2").0, plain);
    for name in ["query-accept-appjson", "query-format-param", "sas-mixedcase-tn", "sas-partition-range"] {
        assert_eq!(read(name).0.as_slice(), plain.get(..1).unwrap(), "{name}");
    }
    assert!(plain.first().unwrap().contains(r#""p1": "6001", "commitId": "abc1001""#), "{plain:?}");
}

#[test]
fn a_continuation_is_read_and_asked_for_as_it_was_then() {
    if !are_here() {
        return;
    }
    let (_, response) = sample("query-nometadata-top2");
    let page = parse_rows(&response, &mut |_| ()).unwrap();
    let token =
        |row: &str| Next::More(Cursor::Token { partition: "aGVsbG8tYmVkcm9jaw==".into(), row: Some(row.into()) });
    assert_eq!(*page.next(), token("MDAwMDAwMDAwMDAz"));
    // The first of two pages, whose record is cut: it names the next page in the headers that the second was asked with.
    let (path, first) = sample("query-all-page1");
    let whole = Response { body: b"{\"value\":[]}".to_vec(), ..first };
    let next = parse_rows(&whole, &mut |_| ()).unwrap().next().clone();
    assert_eq!(next, token("MDAwMDAwMDAwN2Qw"));
    let Next::More(cursor) = next else { panic!("no next page") };
    let asked = |cursor: &Cursor| request_rows(&table("hello-bedrock"), None, &Span::default(), cursor);
    let then = |path: &str| Request::get(format!("http://127.0.0.1:10002/devstoreaccount1{path}"));
    let (second, _) = sample("query-all-page2");
    for (ours, theirs) in [(asked(&Cursor::Start), then(&path)), (asked(&cursor), then(&second))] {
        for key in ["$filter", "NextPartitionKey", "NextRowKey"] {
            assert_eq!(ours.query(key), theirs.query(key), "{key}");
        }
        let path = |request: &Request| request.address().split('?').next().map(str::to_owned);
        assert_eq!(path(&ours), path(&theirs));
    }
    let (_, last) = sample("query-all-page2");
    let last = Response { body: b"{\"value\":[]}".to_vec(), ..last };
    assert_eq!(*parse_rows(&last, &mut |_| ()).unwrap().next(), Next::Unnamed);
}

#[test]
fn columns_that_were_not_asked_for_may_be_missing() {
    if !are_here() {
        return;
    }
    let (_, response) = sample("query-select");
    let mut keys = Vec::new();
    parse_rows(&response, &mut |row| keys.push((row.get(Field::RowKey).to_owned(), row.get(Field::P2).to_owned())))
        .unwrap();
    assert_eq!(keys, [("000000000001".to_owned(), String::new())]);
}

#[test]
fn a_record_that_was_cut_gives_the_rows_before_the_cut() {
    if !are_here() {
        return;
    }
    for name in ["query-all-page1", "query-all-page2", "query-top-1001", "query-with-origin"] {
        let (rows, result) = read(name);
        assert_eq!(result.unwrap_err().kind, ProblemKind::Truncated, "{name}");
        assert!(rows.len() >= 5, "{name}: {} rows", rows.len());
    }
}

#[test]
fn a_single_row_is_no_list_of_rows() {
    if !are_here() {
        return;
    }
    for name in ["get-entity-nometadata", "get-entity-minimalmetadata", "get-entity-fullmetadata", "create-table"] {
        assert_eq!(read(name).1.unwrap_err().kind, ProblemKind::Unreadable, "{name}");
    }
}

#[test]
fn refusals_are_told_apart() {
    #[track_caller]
    fn check(name: &str, kind: ProblemKind, code: &str) {
        let error = read(name).1.unwrap_err();
        assert_eq!((error.kind, error.code.as_str()), (kind, code), "{name}");
        assert!(!error.detail.contains("RequestId") && !error.detail.is_empty(), "{name}: {:?}", error.detail);
        // Where the CORS rule hides the header, the body says the same.
        let (_, mut response) = sample(name);
        response.headers.retain(|(name, _)| !name.starts_with("x-ms-"));
        assert_eq!(parse_rows(&response, &mut |_| ()).unwrap_err(), error, "{name}");
        let problem = explain(&error, &table("hello-bedrock"), "https://page.example");
        assert!(problem.details.iter().any(|d| d.contains(code)), "{problem:?}");
    }
    if !are_here() {
        return;
    }
    for name in ["anonymous", "bad-sig", "expired", "sas-wrong-table", "error-with-origin"] {
        check(name, ProblemKind::Unauthorized, "AuthorizationFailure");
    }
    check("no-write-permission", ProblemKind::Forbidden, "AuthorizationPermissionMismatch");
    check("preflight-bad-origin", ProblemKind::Forbidden, "CorsPreflightFailure");
    check("query-missing-table", ProblemKind::NotFound, "TableNotFound");
    check("get-missing-entity", ProblemKind::NotFound, "ResourceNotFound");
    check("query-bad-filter", ProblemKind::Unreadable, "InvalidInput");
    check("query-no-accept", ProblemKind::Unreadable, "AtomFormatNotSupported");
    check("query-accept-star", ProblemKind::Unreadable, "AtomFormatNotSupported");
}

#[test]
fn no_sample_is_read_with_a_panic() {
    if !are_here() {
        return;
    }
    let mut read = 0;
    for file in std::fs::read_dir(folder()).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let Some(name) = name.strip_prefix("azurite-").and_then(|n| n.strip_suffix(".json")) else { continue };
        let (_, response) = sample(name);
        for cut in 0..=response.body.len() {
            let body = response.body.get(..cut).unwrap().to_vec();
            let _ = parse_rows(&Response { body, ..response.clone() }, &mut |_| ());
        }
        read += 1;
    }
    assert!(read > 30, "{read} samples");
}
