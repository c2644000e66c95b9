//! Shapes that the service's reference allows ("Query entities", "Payload format", "Status and error codes") and its
//! examples do not show.

use super::*;
use crate::{
    storage::row::{Field, Row},
    support::rows::RowBuilder,
};

/// The only row of an answer with these members, as it is read, and how many were flawed or bad.
#[track_caller]
fn row(members: &str, expect: &[(Field, &str)]) {
    let body = format!(r#"{{"odata.metadata":"x","value":[{{"PartitionKey":"p","RowKey":"r"{members}}}]}}"#);
    let mut found = Vec::new();
    let mut page = open_rows(answer(200, &[], &body)).unwrap();
    let mut each = |row: &Row<'_>| {
        let texts = Field::ALL.iter().filter(|f| !matches!(f, Field::PartitionKey | Field::RowKey));
        found.extend(texts.map(|&f| (f, row.get(f).to_owned())).filter(|(_, text)| !text.is_empty()));
    };
    assert_eq!(page.read(PAGE, &mut each), Ok(true), "{members}");
    let found: Vec<(Field, &str)> = found.iter().map(|(field, text)| (*field, text.as_str())).collect();
    assert_eq!(found, expect, "{members}");
    assert_eq!((page.counted().rows, page.counted().bad.count, page.counted().flawed.count), (1, 0, 0), "{members}");
}

#[test]
fn types_of_columns() {
    // With metadata each type that JSON cannot show is named in front of its column.
    row(r#","p1@odata.type":"Edm.Int64","p1":"9007199254740993""#, &[(Field::P1, "9007199254740993")]);
    row(r#","p1":7001,"p2":-1,"pr":0"#, &[(Field::P1, "7001"), (Field::P2, "-1"), (Field::Pr, "0")]);
    row(r#","p1":7001.0,"p2":7e3"#, &[(Field::P1, "7001"), (Field::P2, "7e3")]);
    row(r#","imageTag@odata.type":"Edm.Double","imageTag":20220531.1"#, &[(Field::ImageTag, "20220531.1")]);
    row(r#","imageTag@odata.type":"Edm.Double","imageTag":"NaN""#, &[(Field::ImageTag, "NaN")]);
    row(r#","imageTag@odata.type":"Edm.Double","imageTag":"-Infinity""#, &[(Field::ImageTag, "-Infinity")]);
    row(r#","imageTag":true,"env":false"#, &[(Field::ImageTag, "true"), (Field::Env, "false")]);
    row(
        r#","p1Url@odata.type":"Edm.Guid","p1Url":"3f2504e0-4f89-11d3-9a0c-0305e82c3301""#,
        &[(Field::P1Url, "3f2504e0-4f89-11d3-9a0c-0305e82c3301")],
    );
    row(r#","service@odata.type":"Edm.Binary","service":"YXBp""#, &[(Field::Service, "YXBp")]);
    let end = "2026-11-20T10:00:00.1234567Z";
    row(&format!(r#","p1End@odata.type":"Edm.DateTime","p1End":"{end}""#), &[(Field::P1End, end)]);
}

#[test]
fn columns_that_are_no_rows_own() {
    // A type named behind its column, and of one that is not there.
    row(r#","p1":"7","p1@odata.type":"Edm.Int64","p9@odata.type":"Edm.Int64""#, &[(Field::P1, "7")]);
    row(
        r#","odata.etag":"W/\"datetime'2026-11-20T10%3A00%3A00.1234567Z'\"","odata.type":"acct.deployments","odata.id":"https://x","odata.editLink":"deployments(PartitionKey='p',RowKey='r')","service":"api""#,
        &[(Field::Service, "api")],
    );
    // An SDK that reads and writes whole entities leaves these behind as columns.
    row(
        r#","etag":"W/\"1\"",".metadata":"{}","timestamp":"2020-01-01T00:00:00Z","service":"api""#,
        &[(Field::Service, "api")],
    );
    // A selected column that a row lacks is null, or left out; one that is empty means nothing.
    row(r#","p1":null,"p2":"","service":"api""#, &[(Field::Service, "api")]);
    // Names are distinguished by their case.
    row(r#","P1":"8","ImageTag":"v1","rowkey":"x","service":"api""#, &[(Field::Service, "api")]);
    let many: String = (0..252).map(|n| format!(r#","own{n}":"{n}""#)).collect();
    row(&format!(r#"{many},"service":"api""#), &[(Field::Service, "api")]);
}

#[test]
fn moments() {
    #[track_caller]
    fn check(text: &str, expect: Option<&str>) {
        let row = RowBuilder::default().with(Field::Timestamp, text).row();
        assert_eq!(row.written().map(Timestamp::to_rfc3339).as_deref(), expect, "{text}");
    }
    check("2026-11-20T10:00:00.1234567Z", Some("2026-11-20T10:00:00.123Z"));
    check("2026-11-20T10:00:00.1Z", Some("2026-11-20T10:00:00.100Z"));
    check("2026-11-20T10:00:00Z", Some("2026-11-20T10:00:00Z"));
    check("2026-11-20T10:00:00", Some("2026-11-20T10:00:00Z"));
    check("2026-11-20T12:00:00+02:00", Some("2026-11-20T10:00:00Z"));
    // The earliest that a column can hold, and SDKs' own idea of never.
    check("1601-01-01T00:00:00Z", None);
    check("0001-01-01T00:00:00Z", None);
    check("datetime'2026-11-20T10:00:00Z'", None);
    check("", None);
}

#[test]
fn versions_of_one_row_are_distinguished_by_all_seven_digits() {
    use crate::storage::row::is_written_after;
    assert!(is_written_after("2026-11-20T10:00:00.1234568Z", "2026-11-20T10:00:00.1234567Z"));
    assert!(!is_written_after("2026-11-20T10:00:00.1234567Z", "2026-11-20T10:00:00.1234567Z"));
    // The service leaves out zeros at the end.
    assert!(is_written_after("2026-11-20T10:00:00.12Z", "2026-11-20T10:00:00.1199999Z"));
    assert!(!is_written_after("2026-11-20T10:00:00Z", "2026-11-20T10:00:00.0000001Z"));
}

#[test]
fn continuations() {
    #[track_caller]
    fn check(headers: &[(&str, &str)], body: &str, expect: &Next) {
        assert_eq!(open_rows(answer(200, headers, body)).unwrap().next(), expect, "{headers:?}");
    }
    let more = |partition: &str, row: Option<&str>| {
        Next::More(Cursor::Token { partition: partition.into(), row: row.map(Into::into) })
    };
    let none = r#"{"value":[]}"#;
    // A page without a row may name the next one, and a partition's end its partition alone.
    let both = [("X-MS-Continuation-NextPartitionKey", "1!8!cA--"), ("X-MS-Continuation-NextRowKey", "1!4!LQ--")];
    check(&both, none, &more("1!8!cA--", Some("1!4!LQ--")));
    check(&both[..1], none, &more("1!8!cA--", None));
    check(
        &[("x-ms-continuation-nextpartitionkey", "p/a+b=="), ("x-ms-version", "2024-05-04")],
        none,
        &more("p/a+b==", None),
    );
    // A row's key without a partition leads nowhere, and a token in the body is another protocol's.
    check(&[("x-ms-continuation-nextrowkey", "r"), ("x-ms-request-id", "1")], none, &Next::Unnamed);
    check(
        &[("x-ms-request-id", "1")],
        r#"{"value":[],"odata.nextLink":"deployments?NextPartitionKey=p"}"#,
        &Next::Unnamed,
    );
}

#[test]
fn bodies_of_errors() {
    #[track_caller]
    fn check(status: u16, header: Option<&str>, body: &str, expect: (ProblemKind, &str, &str)) {
        let headers: Vec<(&str, &str)> = header.map(|code| ("x-ms-error-code", code)).into_iter().collect();
        let error = open_rows(answer(status, &headers, body)).unwrap_err();
        assert_eq!((error.kind, error.code.as_str(), error.detail.as_str()), expect, "{status} {body}");
        let problem = explain(&error, &table(None), "https://page.example");
        assert!(!problem.what.is_empty() && !problem.hint.is_empty());
    }
    use ProblemKind::{Forbidden, NotFound, RateLimited, Server, Unauthorized, Unreadable};
    let failed = "AuthenticationFailed";
    check(
        403,
        None,
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>AuthenticationFailed</Code><Message>Server failed to authenticate the request.\nRequestId:1\nTime:2</Message><AuthenticationErrorDetail>Signature did not match.</AuthenticationErrorDetail></Error>",
        (Unauthorized, failed, "Server failed to authenticate the request."),
    );
    // In the days of Atom.
    check(
        404,
        None,
        "<?xml version=\"1.0\"?><m:error xmlns:m=\"http://schemas.microsoft.com/ado/2007/08/dataservices/metadata\"><m:code>TableNotFound</m:code><m:message xml:lang=\"en-US\">The table specified does not exist.\nRequestId:1</m:message></m:error>",
        (NotFound, "TableNotFound", "The table specified does not exist."),
    );
    let no_language = r#"{"odata.error":{"code":"InvalidInput","message":{"value":"One of the inputs is not valid.\r\nRequestId:1"}}}"#;
    check(400, None, no_language, (Unreadable, "InvalidInput", "One of the inputs is not valid."));
    // The header counts, whatever is in the body.
    check(403, Some(failed), r#"{"odata.error":{"code":"x","message":null}}"#, (Unauthorized, failed, ""));
    check(503, Some("ServerBusy"), "", (RateLimited, "ServerBusy", ""));
    check(403, None, r#"{"odata.error":{"code":"AuthorizationFailure"}}"#, (Forbidden, "AuthorizationFailure", ""));
    // What is no error of a table's service.
    check(403, None, "", (Forbidden, "", ""));
    check(500, None, "<Error><Code/><Message/></Error>", (Server, "", ""));
    check(502, None, "<!DOCTYPE html><title>Bad gateway</title>", (Server, "", ""));
    check(403, None, r#"{"error":{"code":"Forbidden","message":"by a proxy"}}"#, (Forbidden, "", ""));
    check(
        409,
        None,
        r#"{"odata.error":{"code":"TableBeingDeleted","message":{"lang":"en-US","value":"It is being deleted."}}}"#,
        (Unreadable, "TableBeingDeleted", "It is being deleted."),
    );
}
