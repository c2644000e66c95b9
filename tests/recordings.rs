//! The adapter of the table against whole exchanges with the service, in the shapes that its reference documents:
//! `tests/data/azure-table.json`, each by its name.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by a panic; clippy knows tests by their attribute, and here is what they share"
)]

use std::collections::BTreeMap;

use ringside::{
    config::AzureTable,
    domain::problem::ProblemKind,
    http::{ApiError, Origin, Request, Response},
    storage::{
        azure_table::{explain, open_rows, request_rows},
        page::RowsPage,
        row::Row,
        span::{Cursor, Next, Span},
    },
};

#[derive(serde::Deserialize)]
struct Exchange {
    request: Asked,
    response: Answered,
}

#[derive(serde::Deserialize)]
struct Asked {
    path: String,
}

#[derive(serde::Deserialize)]
struct Answered {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

fn exchanges() -> BTreeMap<String, Exchange> {
    serde_json::from_str(include_str!("data/azure-table.json")).unwrap()
}

/// A recorded exchange: the path that was asked for, and the answer.
fn recorded(name: &str) -> (String, Response) {
    let exchange = exchanges().remove(name).unwrap_or_else(|| panic!("no exchange {name}"));
    let Answered { status, headers, body } = exchange.response;
    (exchange.request.path, Response { status, headers: headers.into_iter().collect(), body: body.into_bytes() })
}

/// Reads an answer to its end.
fn read_all(response: &Response, each: &mut dyn FnMut(&Row<'_>)) -> Result<RowsPage, ApiError> {
    let mut page = open_rows(response.clone())?;
    while !page.read(100, each)? {}
    Ok(page)
}

fn read(name: &str) -> (Vec<String>, Result<RowsPage, ApiError>) {
    let mut rows = Vec::new();
    let result = read_all(&recorded(name).1, &mut |row| rows.push(format!("{row:?}")));
    (rows, result)
}

fn table() -> AzureTable {
    let endpoint = "http://127.0.0.1:10002/quizstore";
    AzureTable {
        endpoint: endpoint.into(),
        origin: Origin::of(endpoint).unwrap(),
        table: "deployments".into(),
        partition: Some("quiz-night".into()),
        sas: None,
        has_sign_in: false,
    }
}

fn token() -> Next {
    Next::More(Cursor::Token { partition: "1!16!cXVpei1uaWdodA--".into(), row: Some("1!16!MDAwMDAwMDAwMDAz".into()) })
}

#[test]
fn every_level_of_metadata_gives_the_same_rows() {
    let (plain, page) = read("nometadata");
    let page = page.unwrap();
    assert_eq!((page.counted().rows, page.counted().bad.count), (2, 0));
    assert_eq!(page.counted().last_key, Some(("quiz-night".into(), "000000000002".into())));
    assert!(plain[0].contains(r#""p1": "7101", "commitId": "c0ffee1""#), "{plain:?}");
    assert_eq!(read("minimalmetadata").0, plain);
    assert_eq!(read("fullmetadata").0, plain);
}

#[test]
fn a_continuation_is_asked_for_as_it_was_named() {
    for name in ["page-1", "empty", "select"] {
        assert_eq!(*read(name).1.unwrap().next(), token(), "{name}");
    }
    assert_eq!(*read("page-2").1.unwrap().next(), Next::Unnamed);
    let Next::More(cursor) = token() else { panic!() };
    for (name, cursor) in [("page-1", Cursor::Start), ("page-2", cursor)] {
        let ours = request_rows(&table(), None, &Span::default(), &cursor);
        let theirs = Request::get(format!("http://127.0.0.1:10002{}", recorded(name).0));
        for key in ["$top", "$filter", "NextPartitionKey", "NextRowKey"] {
            assert_eq!(ours.query(key), theirs.query(key), "{name} {key}");
        }
        let path = |request: &Request| request.address().split('?').next().map(str::to_owned);
        assert_eq!(path(&ours), path(&theirs));
    }
}

#[test]
fn values_of_any_type_are_text() {
    let (rows, page) = read("typed");
    assert!(page.is_ok());
    assert!(rows[0].contains(r#""p1": "7104", "p2": "311""#) && rows[0].contains(r#""env": "true""#), "{rows:?}");
}

#[test]
fn an_answer_that_was_cut_gives_the_rows_before_the_cut() {
    let (rows, result) = read("cut");
    assert_eq!(result.unwrap_err().kind, ProblemKind::Truncated);
    assert_eq!(rows.len(), 2);
}

#[test]
fn a_single_row_is_no_list_of_rows() {
    for name in ["entity", "table-created"] {
        assert_eq!(read(name).1.unwrap_err().kind, ProblemKind::Unreadable, "{name}");
    }
}

#[test]
fn refusals_are_distinguished() {
    #[track_caller]
    fn check(name: &str, kind: ProblemKind, code: &str) {
        let error = read(name).1.unwrap_err();
        assert_eq!((error.kind, error.code.as_str()), (kind, code), "{name}");
        assert!(!error.detail.contains("RequestId") && !error.detail.is_empty(), "{name}: {:?}", error.detail);
        // Where the CORS rule hides the header, the body has the same.
        let (_, mut response) = recorded(name);
        response.headers.retain(|(name, _)| !name.starts_with("x-ms-"));
        assert_eq!(open_rows(response).unwrap_err(), error, "{name}");
        let problem = explain(&error, &table(), "https://page.example");
        assert!(problem.details.iter().any(|d| d.contains(code)), "{problem:?}");
    }
    check("refused-signature", ProblemKind::Unauthorized, "AuthenticationFailed");
    check("refused-emulator", ProblemKind::Unauthorized, "AuthorizationFailure");
    check("refused-anonymous", ProblemKind::Unauthorized, "NoAuthenticationInformation");
    check("refused-permission", ProblemKind::Forbidden, "AuthorizationPermissionMismatch");
    check("refused-firewall", ProblemKind::Forbidden, "AuthorizationFailure");
    check("refused-origin", ProblemKind::Forbidden, "CorsPreflightFailure");
    check("no-table", ProblemKind::NotFound, "TableNotFound");
    check("no-entity", ProblemKind::NotFound, "ResourceNotFound");
    check("bad-filter", ProblemKind::Unreadable, "InvalidInput");
    check("no-accept", ProblemKind::Unreadable, "AtomFormatNotSupported");
    check("busy", ProblemKind::RateLimited, "ServerBusy");
    check("slow", ProblemKind::Server, "OperationTimedOut");
}

#[test]
fn nothing_is_read_with_a_panic() {
    for name in exchanges().keys() {
        let (_, response) = recorded(name);
        for cut in 0..=response.body.len() {
            let body = response.body[..cut].to_vec();
            let _ = read_all(&Response { body, ..response.clone() }, &mut |_| ());
        }
    }
}
