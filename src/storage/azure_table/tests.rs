mod shapes;

use expect_test::expect;

use super::*;
use crate::http::{NetError, Origin};

fn table(partition: Option<&str>) -> AzureTable {
    let endpoint = "https://acct.table.core.windows.net";
    AzureTable {
        endpoint: endpoint.into(),
        origin: Origin::of(endpoint).unwrap(),
        table: "deployments".into(),
        partition: partition.map(Into::into),
        sas: None,
        has_sign_in: false,
    }
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    Response { status, headers, body: body.into() }
}

#[test]
fn requests() {
    let day = Timestamp::parse("2026-11-01T00:00:00Z");
    let ask = |partition, span: Span, cursor| {
        let request = request_rows(&table(partition), None, &span, &cursor);
        (request.query("$filter").unwrap_or_default(), format!("{request:?}"))
    };
    let (filter, request) = ask(Some("o'clock"), Span { since: day, ..Span::default() }, Cursor::Start);
    expect!["PartitionKey eq 'o''clock' and Timestamp ge datetime'2026-11-01T00:00:00Z'"].assert_eq(&filter);
    expect![[r#"
        GET https://acct.table.core.windows.net/deployments()?$top=1000&$filter=PartitionKey%20eq%20%27o%27%27clock%27%20and%20Timestamp%20ge%20datetime%272026-11-01T00%3A00%3A00Z%27
        Accept: application/json;odata=nometadata"#]]
    .assert_eq(&request);

    let span = Span { before: day, from_key: Some("4".into()), to_key: Some("8".into()), ..Span::default() };
    let behind = Some(("p".to_owned(), "5f".to_owned()));
    let (filter, _) = ask(Some("p"), Span { behind: behind.clone(), ..span }, Cursor::Start);
    expect!["PartitionKey eq 'p' and Timestamp lt datetime'2026-11-01T00:00:00Z' and RowKey ge '4' and RowKey lt '8' and RowKey gt '5f'"].assert_eq(&filter);

    let (filter, _) = ask(None, Span { behind, ..Span::default() }, Cursor::Start);
    expect!["(PartitionKey gt 'p' or (PartitionKey eq 'p' and RowKey gt '5f'))"].assert_eq(&filter);

    expect![[r#"
        GET https://acct.table.core.windows.net/deployments()?$top=1&$select=PartitionKey,RowKey&$filter=PartitionKey%20eq%20%27p%27
        Accept: application/json;odata=nometadata"#]]
    .assert_eq(&format!("{:?}", request_proof(&table(Some("p")), None)));

    let token = Cursor::Token { partition: "1!8!cA==".into(), row: Some("a+b".into()) };
    let (_, request) = ask(None, Span { keys_only: true, ..Span::default() }, token);
    expect![[r#"
        GET https://acct.table.core.windows.net/deployments()?$top=1000&$select=PartitionKey,RowKey&NextPartitionKey=1%218%21cA%3D%3D&NextRowKey=a%2Bb
        Accept: application/json;odata=nometadata"#]]
    .assert_eq(&request);
}

#[test]
fn every_header_is_safelisted() {
    // Anything else would cost a preflight, which the CORS rule must then allow as well.
    let request = request_rows(&table(None), None, &Span::default(), &Cursor::Start);
    assert!(
        request
            .headers
            .iter()
            .all(|(name, value)| *name == "Accept" && !value.contains(['"', '(', ')', ':', '<', '>']))
    );
}

#[test]
fn what_follows_a_page() {
    #[track_caller]
    fn check(headers: &[(&str, &str)], expect: Next) {
        let response = answer(200, headers, r#"{"value":[{"PartitionKey":"p","RowKey":"r"}]}"#);
        assert_eq!(open_rows(response).unwrap().next(), &expect, "{headers:?}");
    }
    let token = |row: Option<&str>| Next::More(Cursor::Token { partition: "P".into(), row: row.map(Into::into) });
    let both = [("x-ms-continuation-nextpartitionkey", "P"), ("x-ms-continuation-nextrowkey", "R")];
    check(&both, token(Some("R")));
    check(&both[..1], token(None));
    check(&[("x-ms-continuation-nextpartitionkey", "P"), ("x-ms-continuation-nextrowkey", "")], token(None));
    check(&[("x-ms-version", "2024-05-04")], Next::Unnamed);
    check(&[("content-type", "application/json")], Next::Hidden);
}

#[test]
fn what_is_too_long_is_refused_or_cut() {
    let huge = Response { body: vec![b' '; 17_000_000], ..answer(200, &[], "") };
    let error = open_rows(huge).unwrap_err();
    assert_eq!((error.kind, error.detail.as_str()), (ProblemKind::Unreadable, "an answer of 17 MB"));
    assert!(explain(&error, &table(None), "https://page.example").what.contains("larger than any page"));
    let words = "a word ".repeat(200_000);
    let body = format!("<Error><Code>{words}</Code><Message>{words}</Message></Error>");
    for body in [body, format!("<Error><Code>x</Code><Message>{words}")] {
        let error = open_rows(answer(500, &[("x-ms-error-code", &words)], &body)).unwrap_err();
        let problem = explain(&error, &table(None), "https://page.example");
        assert!(format!("{problem:?}").len() < 2_000);
    }
}

#[test]
fn refusals() {
    #[track_caller]
    fn check(response: &Response, kind: ProblemKind, expected: &str) {
        let read = |mut page: RowsPage| page.read(PAGE, &mut |_| ());
        let error = open_rows(response.clone()).and_then(read).unwrap_err();
        assert_eq!(error.kind, kind, "{error:?}");
        let problem = explain(&error, &table(None), "https://page.example");
        assert!(problem.what.contains(expected), "{:?} should say {expected:?}", problem.what);
        assert!(!problem.hint.is_empty());
    }
    let xml = |code: &str, message: &str| {
        answer(
            403,
            &[],
            &format!(
                "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{message}\nRequestId:1</Message></Error>"
            ),
        )
    };
    let json = |status, code: &str| {
        answer(
            status,
            &[],
            &format!(
                r#"{{"odata.error":{{"code":"{code}","message":{{"lang":"en-US","value":"So.\nRequestId:1"}}}}}}"#
            ),
        )
    };
    check(&xml("AuthenticationFailed", "Server failed to authenticate"), ProblemKind::Unauthorized, "refuses the SAS");
    check(&xml("AuthorizationFailure", "Server failed to authenticate"), ProblemKind::Unauthorized, "refuses the SAS");
    check(
        &xml("AuthorizationFailure", "This request is not authorized"),
        ProblemKind::Forbidden,
        "does not let this network",
    );
    check(&json(403, "AuthorizationPermissionMismatch"), ProblemKind::Forbidden, "may not read");
    check(&json(404, "TableNotFound"), ProblemKind::NotFound, "no table deployments");
    check(&json(400, "InvalidInput"), ProblemKind::Unreadable, "rejects the request");
    check(&answer(429, &[("retry-after", "7")], ""), ProblemKind::RateLimited, "limiting requests");
    check(&json(503, "ServerBusy"), ProblemKind::RateLimited, "limiting requests");
    check(&json(500, "InternalError"), ProblemKind::Server, "status 500");
    check(&answer(200, &[], "<!doctype html><p>Sign in"), ProblemKind::Unreadable, "not a list of rows");
    check(&answer(200, &[], r#"{"value":[{"RowKey":"1"},"#), ProblemKind::Truncated, "cut off");
}

#[test]
fn a_blocked_request_names_both_causes_and_the_command() {
    let problem = explain(&NetError::Blocked.into(), &table(None), "https://page.example");
    assert!(problem.hint.contains("no CORS rule") && problem.hint.contains("the host is down"));
    expect!["az storage cors add --services t --methods GET OPTIONS --origins https://page.example --allowed-headers accept --exposed-headers 'x-ms-*' --max-age 3600 --account-name acct --output tsv"]
        .assert_eq(problem.command.as_deref().unwrap());
}

#[test]
fn a_redirect_is_shown_as_one() {
    let problem = explain(&NetError::Redirected.into(), &table(None), "https://page.example");
    assert!(problem.what.contains("redirect") && problem.command.is_none(), "{problem:?}");
}

#[test]
fn accounts() {
    #[track_caller]
    fn check(endpoint: &str, expect: &str) {
        assert_eq!(account_of(endpoint), expect, "{endpoint}");
    }
    check("https://triviastore.table.core.windows.net", "triviastore");
    check("http://127.0.0.1:10002/devstoreaccount1", "ACCOUNT");
    check("", "ACCOUNT");
}
