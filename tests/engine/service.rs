//! A table service that answers queries over a [`World`] as Azure's does, and as unpleasantly as it may.
//!
//! What it is sent must be what
//! Ringside promises to send: it fails the test over a request that a real service, or a browser, would trip over.

use std::ops::Bound;

use ringside::{
    domain::time::Timestamp,
    http::{Request, Response},
};

use crate::{
    support::{
        odata::{Field, Filter},
        rng::Rng,
    },
    world::{Key, World},
};

/// Which headers the account's CORS rule shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Headers {
    Exposed,
    /// None of the service's own.
    Hidden,
    /// The request's id, but not those that hold where the next page is.
    IdAlone,
}

/// One table's service.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    pub(crate) endpoint: String,
    pub(crate) table: String,
    pub(crate) headers: Headers,
    /// The most rows of a page.
    pub(crate) page: usize,
    /// Whether pages end early, come empty, and end where partitions do, as chance has it.
    pub(crate) moody: bool,
    /// What the SAS must contain.
    pub(crate) signature: String,
    /// What time it is there, to hold against a SAS's dates.
    pub(crate) time: Timestamp,
}

impl Service {
    pub(crate) fn new(table: &str) -> Self {
        Self {
            endpoint: "https://acct.table.core.windows.net".to_owned(),
            table: table.to_owned(),
            headers: Headers::Exposed,
            page: 1000,
            moody: false,
            signature: "sig=good%2Bsignature%3D".to_owned(),
            time: crate::harness::after(0),
        }
    }

    /// Whether a request is for this table.
    pub(crate) fn is_asked(&self, request: &Request) -> bool {
        request.address().starts_with(&format!("{}/{}()?", self.endpoint, self.table))
    }

    pub(crate) fn answer(&self, world: &World, request: &Request, rng: &mut Rng) -> Response {
        assert!(self.is_asked(request), "{request:?}");
        assert_eq!(request.headers, [("Accept", "application/json;odata=nometadata".to_owned())], "no preflight");
        let top = request.query("$top");
        let is_proof = top.as_deref() == Some("1");
        assert!(is_proof || top.as_deref() == Some("1000"), "{top:?}");
        let address = request.address_with_secret();
        let date = |name: &str| {
            let (_, rest) = address.split_once(&format!("&{name}="))?;
            let date = rest.split('&').next()?.replace("%3A", ":");
            Timestamp::parse(&if date.len() == 10 { format!("{date}T00:00:00Z") } else { date })
        };
        let is_in_time = date("st").is_none_or(|st| st <= self.time) && date("se").is_none_or(|se| se > self.time);
        if !address.ends_with(&self.signature) || !is_in_time {
            return self.refusal(403, "AuthenticationFailed", "Server failed to authenticate the request.");
        }
        // A token that is none of ours; one of another query fails the test.
        if request.query("NextPartitionKey").is_some_and(|token| !token.starts_with("1!")) {
            return self.refusal(400, "InvalidInput", "One of the request inputs is not valid.");
        }
        let query = Query::of(request);
        let limited = if is_proof { Self { page: 1, moody: false, ..self.clone() } } else { self.clone() };
        let (rows, next) = limited.page(world, &query, rng);
        let body = format!("{{\"value\":[{}]}}", rows.join(","));
        let mut headers = vec![("content-type".to_owned(), "application/json;odata=nometadata".to_owned())];
        let mut show = |name: &str, value: String| headers.push((name.to_owned(), value));
        if self.headers != Headers::Hidden {
            show("x-ms-request-id", "1".to_owned());
        }
        if self.headers == Headers::Exposed {
            show("x-ms-version", "2024-05-04".to_owned());
            if let Some((partition, row)) = next {
                show("x-ms-continuation-nextpartitionkey", query.token(&partition));
                // Between two partitions, or at chance, the service names the partition alone.
                if let Some(row) = row {
                    show("x-ms-continuation-nextrowkey", query.token(&row));
                }
            }
        }
        Response { status: 200, headers, body: body.into_bytes() }
    }

    /// Rows in JSON, and where to go on: from a partition's begin, or from a row of it.
    fn page(&self, world: &World, query: &Query, rng: &mut Rng) -> (Vec<String>, Option<(String, Option<String>)>) {
        let is_hidden = self.headers != Headers::Exposed;
        let limit = if self.moody { 1 + rng.below(self.page as u64) as usize } else { self.page };
        // How many rows are looked at before time is up. Where nobody can see a continuation, an honest service must
        // not be so moody that it finds nothing although there is something.
        let page_end = if self.moody && !is_hidden { 1 + rng.below(3 * self.page as u64) as usize } else { usize::MAX };
        let ends_with_partition = self.moody && !is_hidden && rng.percent(50);
        let mut rows = Vec::new();
        let mut last: Option<&str> = None;
        for (looked, (key, entity)) in world.rows.range(query.span()).enumerate() {
            let new_partition = last.replace(&key.0).is_some_and(|last| last != key.0);
            let at_end = rows.len() == limit || looked >= page_end;
            if at_end || (new_partition && ends_with_partition) {
                let row = (!new_partition).then(|| key.1.clone());
                return (rows, Some((key.0.clone(), row)));
            }
            if query.matches(key, entity.written) {
                rows.push(if query.keys_only { entity.keys_json.clone() } else { entity.json.clone() });
            }
        }
        // Time may also be up at the very end.
        let nothing_more = self.moody && !is_hidden && rng.percent(10);
        (rows, nothing_more.then(|| ("\u{10ffff}".to_owned(), Some(rng.below(1 << 40).to_string()))))
    }

    pub(crate) fn refusal(&self, status: u16, code: &str, message: &str) -> Response {
        let mut headers = vec![("content-type".to_owned(), "application/xml".to_owned())];
        if self.headers != Headers::Hidden {
            headers.push(("x-ms-error-code".to_owned(), code.to_owned()));
        }
        let body = format!(
            "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{message}\nRequestId:1</Message></Error>"
        );
        Response { status, headers, body: body.into_bytes() }
    }
}

/// A request that was understood.
struct Query {
    filter: Option<Filter>,
    text: String,
    keys_only: bool,
    from: Key,
}

impl Query {
    fn of(request: &Request) -> Self {
        let text = request.query("$filter").unwrap_or_default();
        let filter = (!text.is_empty()).then(|| Filter::parse(&text).unwrap_or_else(|e| panic!("{e}: {text}")));
        let select = request.query("$select");
        assert!(select.as_deref().is_none_or(|s| s == "PartitionKey,RowKey"), "{select:?}");
        let mut query = Self { filter, text, keys_only: select.is_some(), from: Key::default() };
        let token = |name| request.query(name).map(|token| query.read_token(&token)).unwrap_or_default();
        query.from = (token("NextPartitionKey"), token("NextRowKey"));
        query
    }

    /// What is worth looking at: a service that has partitions goes to theirs, and to the keys in it.
    fn span(&self) -> (Bound<Key>, Bound<Key>) {
        let hull = |name| self.filter.as_ref().map(|f| f.hull(name)).unwrap_or_default();
        let (partition, row) = (hull("PartitionKey"), hull("RowKey"));
        let low = |hull: Option<&str>| hull.unwrap_or_default().to_owned();
        let from = self.from.clone().max((low(partition.low), low(row.low)));
        let to = partition.high.zip(row.high).map(|(p, r)| (p.to_owned(), r.to_owned()));
        let to = to.map_or(Bound::Unbounded, |to| Bound::Included(to.max(from.clone())));
        (Bound::Included(from), to)
    }

    fn matches(&self, (partition, row): &Key, written: i64) -> bool {
        self.filter.as_ref().is_none_or(|filter| {
            filter.matches(&|name| match name {
                "PartitionKey" => Some(Field::Text(partition.as_str().into())),
                "RowKey" => Some(Field::Text(row.as_str().into())),
                "Timestamp" => Some(Field::Moment(Timestamp::from_millis(written))),
                _ => None,
            })
        })
    }

    /// Opaque, with characters that mean something else in an address, and good for this query alone.
    fn token(&self, key: &str) -> String {
        let digits: String = key.bytes().map(|b| format!("{b:02x}")).collect();
        format!("1!{}!{digits}+/==", self.mark())
    }

    fn read_token(&self, token: &str) -> String {
        let digits = token.strip_prefix(&format!("1!{}!", self.mark())).and_then(|t| t.strip_suffix("+/=="));
        let digits = digits.unwrap_or_else(|| panic!("the token {token} is not of the query {:?}", self.text));
        let bytes =
            digits.as_bytes().chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap());
        String::from_utf8(bytes.collect()).unwrap()
    }

    fn mark(&self) -> usize {
        self.text.bytes().fold(usize::from(self.keys_only), |sum, b| (sum * 31 + usize::from(b)) % 9973)
    }
}
