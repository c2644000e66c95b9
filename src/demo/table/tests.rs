use super::*;
use crate::demo::list::{Entity, List};

const SERVICE: Service<'_> = Service { endpoint: "https://a.example", table: "deployments" };
const NOMETADATA: &str = "application/json;odata=nometadata";

fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(second * 1000)
}

/// Partitions `a` (1,500 rows), `b` (one row) and `c` (20 rows); a row's time is its number.
fn rows() -> List {
    let row = |partition: &str, number: i64| {
        let ring = if number % 3 == 0 { "dev" } else { "master" };
        Entity::new(partition, &format!("{number:04}"), at(number), &[("env", ring), ("p1", &number.to_string())])
    };
    (0..1500).map(|i| row("a", i)).chain([row("b", 7)]).chain((0..20).map(|i| row("c", i))).collect()
}

fn ask(query: &str) -> Response {
    let request = Request::get(format!("https://a.example/deployments()?{query}")).header("Accept", NOMETADATA);
    SERVICE.answer(&rows(), &request, at(0))
}

fn keys(response: &Response) -> Vec<String> {
    let body: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
    let key = |row: &serde_json::Value| {
        format!("{}{}", row["PartitionKey"].as_str().unwrap(), row["RowKey"].as_str().unwrap())
    };
    body["value"].as_array().unwrap().iter().map(key).collect()
}

/// Every page of a query, by its continuation.
fn pages(query: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut next = String::new();
    loop {
        let response = ask(&format!("{query}{next}"));
        assert_eq!(response.status, 200, "{query}{next}");
        pages.push(keys(&response));
        next = String::new();
        for (header, key) in
            [("x-ms-continuation-NextPartitionKey", "NextPartitionKey"), ("x-ms-continuation-NextRowKey", "NextRowKey")]
        {
            if let Some(token) = response.header(header) {
                next += &format!("&{key}={}", crate::http::encode(token));
            }
        }
        if next.is_empty() {
            return pages;
        }
    }
}

fn filter(text: &str) -> String {
    format!("$filter={}", crate::http::encode(text))
}

#[test]
fn pages_end_at_a_thousand_rows_and_where_a_partition_does() {
    let sizes = |query: &str| pages(query).iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(sizes(""), [1000, 500, 1, 20]);
    assert_eq!(sizes("$top=1000"), [1000, 500, 1, 20]);
    assert_eq!(sizes(&filter("PartitionKey eq 'a'")), [1000, 500]);
    assert_eq!(sizes(&filter("PartitionKey eq 'nobody'")), [0]);
    assert_eq!(sizes(&format!("{}&$top=7", filter("PartitionKey eq 'c'"))), [7, 7, 6]);
    // Empty pages are pages.
    assert_eq!(sizes(&filter("RowKey eq '0019'")), [1, 0, 1]);
    assert_eq!(sizes(&filter("PartitionKey ge 'b' and p1 eq '19'")), [0, 1]);
    let all: Vec<String> = pages("").concat();
    assert!(all.is_sorted_by(|a, b| a < b), "each row once, by key");
}

#[test]
fn filters() {
    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        assert_eq!(pages(&filter(text)).concat(), expect, "{text}");
    }
    check("PartitionKey eq 'c' and RowKey ge '0003' and RowKey lt '0005'", &["c0003", "c0004"]);
    check("PartitionKey eq 'c' and RowKey gt '0003' and RowKey le '0005'", &["c0004", "c0005"]);
    check("PartitionKey eq 'c' and RowKey gt '0018' and RowKey ne 'x'", &["c0019"]);
    check("PartitionKey ge 'b' and PartitionKey lt 'c'", &["b0007"]);
    check("PartitionKey lt 'a'", &[]);
    check("RowKey eq '0007'", &["a0007", "b0007", "c0007"]);
    check("PartitionKey eq 'a' and Timestamp ge datetime'1971-01-01T00:00:00Z'", &[]);
    check("PartitionKey eq 'c' and env eq 'dev' and not (p1 lt '6')", &["c0006", "c0009"]);
    check("PartitionKey eq 'c' and (RowKey eq '0001' or RowKey eq '0019')", &["c0001", "c0019"]);
}

#[test]
fn rows_are_flat_json() {
    let mut list = List::default();
    list.put(Entity::new("p", "k\"1", at(86_400 * 400), &[("commitMessage", "say \"é\"\n\\o/\u{1}"), ("p1", "7")]));
    let ask = |query: &str| {
        let request = Request::get(format!("https://a.example/deployments?{query}")).header("accept", NOMETADATA);
        String::from_utf8(SERVICE.answer(&list, &request, at(0)).body).unwrap()
    };
    let whole = r#"{"value":[{"PartitionKey":"p","RowKey":"k\"1","Timestamp":"1971-02-05T00:00:00Z","commitMessage":"say \"é\"\u000a\\o/\u0001","p1":"7"}]}"#;
    assert_eq!(ask(""), whole);
    assert_eq!(ask("$select=p1,%20RowKey,none"), r#"{"value":[{"RowKey":"k\"1","p1":"7"}]}"#);
}

#[test]
fn refusals() {
    #[track_caller]
    fn check(address: &str, accept: Option<&str>, status: u16, code: &str) {
        let mut request = Request::get(address);
        request.headers.extend(accept.map(|a| ("Accept", a.to_owned())));
        let response = SERVICE.answer(&rows(), &request, at(0));
        let body = String::from_utf8_lossy(&response.body);
        assert_eq!((response.status, response.header("x-ms-error-code")), (status, Some(code)), "{address} {body}");
        assert!(body.contains(code), "{body}");
        assert_eq!(body.starts_with('<'), status == 415, "{body}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&body).is_ok(), status != 415, "{body}");
    }
    let ok = Some(NOMETADATA);
    check("https://a.example/nosuch()", ok, 404, "TableNotFound");
    check("https://a.example/", ok, 404, "TableNotFound");
    check("https://a.example/deployments(PartitionKey='a',RowKey='0001')", ok, 404, "ResourceNotFound");
    check("https://b.example/deployments()", ok, 404, "ResourceNotFound");
    check("snapshot.json", ok, 404, "ResourceNotFound");
    check("https://a.example/deployments()", None, 415, "AtomFormatNotSupported");
    check("https://a.example/deployments()", Some("*/*"), 415, "AtomFormatNotSupported");
    check("https://a.example/deployments()", Some("application/json"), 415, "AtomFormatNotSupported");
    check("https://a.example/deployments()?$top=1001", ok, 400, "InvalidInput");
    check("https://a.example/deployments()?$top=0", ok, 400, "InvalidInput");
    check("https://a.example/deployments()?$top=all", ok, 400, "InvalidInput");
    check("https://a.example/deployments()?$filter=PartitionKey%20%3D%201", ok, 400, "InvalidInput");
    check("https://a.example/deployments()?NextPartitionKey=a", ok, 400, "InvalidInput");
    // A token whose `+` was not encoded arrives with a space.
    check("https://a.example/deployments()?NextPartitionKey=1!61/+=", ok, 400, "InvalidInput");
}

#[test]
fn the_format_may_stand_in_the_address() {
    let request =
        Request::get("https://a.example/Deployments()?$format=application%2Fjson%3Bodata%3Dnometadata&$top=2");
    let response = SERVICE.answer(&rows(), &request, at(0));
    assert_eq!(keys(&response), ["a0000", "a0001"]);
    assert!(response.header("content-type").is_some_and(|t| t.starts_with(NOMETADATA)));
    assert!(response.header("x-ms-version").is_some());
}
