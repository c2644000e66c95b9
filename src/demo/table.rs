//! A table service that answers queries as Azure's does: sorted by key, a thousand rows a page, the rest by
//! continuation.
//!
//! It knows nothing of deployments, only [`Rows`]. The sample data is one kind of them; [`super::list::List`], for
//! tests of whatever reads a table, is another. What a reader must cope with is here on purpose: the tokens are
//! opaque and hold characters that need encoding, a page ends where a partition does, a page may be empty and
//! still have a next one, and a request that Azure would refuse is refused.
//!
//! It writes nothing, checks no credential, and offers no read of a single entity.

mod refusal;

use std::{borrow::Cow, fmt};

use self::refusal::{Refusal, headers};
use crate::{
    demo::odata::{Field, Filter},
    domain::time::Timestamp,
    http::{Request, Response, decode},
};

/// The most rows of one page.
pub const PAGE: usize = 1000;

/// Takes a row's columns one by one: name and value.
pub type Put<'a> = dyn FnMut(&str, &dyn fmt::Display) + 'a;

/// Rows sorted by partition and row key, found by their place in that order.
pub trait Rows {
    /// How many.
    fn count(&self) -> usize;
    /// The partition key of one.
    fn partition(&self, place: usize) -> &str;
    /// The row key of one.
    fn row_key(&self, place: usize) -> Cow<'_, str>;
    /// When one last changed, as of `now`. Asked of every row that a filter of time goes through: keep it cheap.
    fn timestamp(&self, place: usize, now: Timestamp) -> Timestamp;
    /// Its other columns, as of `now`.
    fn columns(&self, place: usize, now: Timestamp, put: &mut Put<'_>);
}

/// One table of a storage account.
#[derive(Clone, Copy, Debug)]
pub struct Service<'a> {
    /// The account's address, without a slash at its end.
    pub endpoint: &'a str,
    /// The table's name.
    pub table: &'a str,
}

impl Service<'_> {
    /// Answers a query over `rows`; anything else with the service's own refusal.
    pub fn answer(&self, rows: &impl Rows, request: &Request, now: Timestamp) -> Response {
        self.query(request).map_or_else(|refusal| refusal.response(now), |query| query.page(rows, now))
    }

    fn query(&self, request: &Request) -> Result<Query, Refusal> {
        let path = request.address().split(['?', '#']).next().unwrap_or_default();
        let resource = path.strip_prefix(self.endpoint).and_then(|p| p.strip_prefix('/')).map(|p| decode(p, false));
        let resource = resource.ok_or(Refusal::NO_RESOURCE)?;
        if !resource.strip_suffix("()").unwrap_or(&resource).eq_ignore_ascii_case(self.table) {
            let is_entity = resource.contains('(') && !resource.ends_with("()");
            return Err(if is_entity { Refusal::NO_RESOURCE } else { Refusal::NO_TABLE });
        }
        let accepted = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("accept"));
        let format = request.query("$format").or_else(|| accepted.map(|(_, value)| value.clone()));
        if !format.is_some_and(|f| f.to_ascii_lowercase().contains("odata=nometadata")) {
            return Err(Refusal::ATOM);
        }
        let top = request.query("$top").map_or(Ok(PAGE), |top| top.parse().map_err(|_| Refusal::INPUT))?;
        if top == 0 || top > PAGE {
            return Err(Refusal::INPUT);
        }
        Ok(Query {
            filter: match request.query("$filter") {
                Some(text) => Some(Filter::parse(&text).map_err(|_| Refusal::FILTER)?),
                None => None,
            },
            select: request.query("$select").map(|names| names.split(',').map(|n| n.trim().into()).collect()),
            top,
            partition: from_token(request.query("NextPartitionKey"))?,
            row: from_token(request.query("NextRowKey"))?,
        })
    }
}

/// A query that was understood.
struct Query {
    filter: Option<Filter>,
    select: Option<Vec<Box<str>>>,
    top: usize,
    /// Where to go on: the partition, and the row if not at the partition's first.
    partition: Option<String>,
    row: Option<String>,
}

impl Query {
    fn page(&self, rows: &impl Rows, now: Timestamp) -> Response {
        let (first, end) = self.span(rows);
        let mut body = b"{\"value\":[".to_vec();
        let (mut place, mut found) = (first, 0);
        while place < end && found < self.top && rows.partition(place) == rows.partition(first) {
            if self.matches(rows, place, now) {
                if found > 0 {
                    body.push(b',');
                }
                self.write(rows, place, now, &mut body);
                found += 1;
            }
            place += 1;
        }
        body.extend_from_slice(b"]}");

        let mut headers = headers("application/json;odata=nometadata;streaming=true;charset=utf-8");
        if place < end {
            headers.push(("x-ms-continuation-nextpartitionkey".to_owned(), token(rows.partition(place))));
            // Between two partitions the service names the next one alone.
            if rows.partition(place) == rows.partition(first) {
                headers.push(("x-ms-continuation-nextrowkey".to_owned(), token(&rows.row_key(place))));
            }
        }
        Response { status: 200, headers, body }
    }

    /// The places that the continuation and the filter's demands on the keys leave.
    fn span(&self, rows: &impl Rows) -> (usize, usize) {
        let hull = |name| self.filter.as_ref().map(|f| f.hull(name)).unwrap_or_default();
        let (partitions, keys) = (hull("PartitionKey"), hull("RowKey"));
        let low = (partitions.low.unwrap_or_default(), keys.low.unwrap_or_default());
        let next = (self.partition.as_deref().unwrap_or_default(), self.row.as_deref().unwrap_or_default());
        let from = low.max(next);
        let first = first_place(rows, |partition, key| (partition, key) >= from);
        let end = partitions.high.map_or(rows.count(), |high| {
            first_place(rows, |partition, key| {
                partition > high || partition == high && keys.high.is_some_and(|high| key > high)
            })
        });
        (first, end)
    }

    fn matches(&self, rows: &impl Rows, place: usize, now: Timestamp) -> bool {
        self.filter.as_ref().is_none_or(|filter| {
            filter.matches(&|name| match name {
                "PartitionKey" => Some(Field::Text(rows.partition(place).into())),
                "RowKey" => Some(Field::Text(rows.row_key(place))),
                "Timestamp" => Some(Field::Moment(rows.timestamp(place, now))),
                _ => column(rows, place, now, name).map(|text| Field::Text(text.into())),
            })
        })
    }

    fn write(&self, rows: &impl Rows, place: usize, now: Timestamp, body: &mut Vec<u8>) {
        body.push(b'{');
        let mut is_first = true;
        let mut put = |name: &str, value: &dyn fmt::Display| {
            if self.select.as_ref().is_some_and(|names| !names.iter().any(|n| n.as_ref() == name)) {
                return;
            }
            body.extend_from_slice(if is_first { b"\"" } else { b",\"" });
            is_first = false;
            let mut text = JsonText(body);
            // Writing to memory cannot fail.
            let _ = fmt::Write::write_str(&mut text, name);
            text.0.extend_from_slice(b"\":\"");
            let _ = fmt::write(&mut text, format_args!("{value}"));
            text.0.push(b'"');
        };
        put("PartitionKey", &rows.partition(place));
        put("RowKey", &rows.row_key(place));
        put("Timestamp", &rows.timestamp(place, now).to_rfc3339());
        rows.columns(place, now, &mut put);
        body.push(b'}');
    }
}

/// One column of a row, if it has it.
fn column(rows: &impl Rows, place: usize, now: Timestamp, wanted: &str) -> Option<String> {
    let mut found = None;
    rows.columns(place, now, &mut |name, value| {
        if name == wanted {
            found = Some(value.to_string());
        }
    });
    found
}

/// The first place at which `is_past` holds; it must hold for every place after one for which it holds.
fn first_place(rows: &impl Rows, is_past: impl Fn(&str, &str) -> bool) -> usize {
    let (mut low, mut high) = (0, rows.count());
    while low < high {
        let middle = low + (high - low) / 2;
        if is_past(rows.partition(middle), &rows.row_key(middle)) { high = middle } else { low = middle + 1 }
    }
    low
}

/// Escapes what is written through it for the inside of a JSON string.
struct JsonText<'a>(&'a mut Vec<u8>);

impl fmt::Write for JsonText<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text.bytes().all(|b| b >= b' ' && b != b'"' && b != b'\\') {
            self.0.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        for byte in text.bytes() {
            match byte {
                b'"' | b'\\' => self.0.extend_from_slice(&[b'\\', byte]),
                0..b' ' => self.0.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
                _ => self.0.push(byte),
            }
        }
        Ok(())
    }
}

/// A key as the service hands it out to go on from: opaque, and like the service's base64 with characters that
/// mean something else in an address unless they are encoded.
fn token(key: &str) -> String {
    let digits: String = key.bytes().map(|b| format!("{b:02x}")).collect();
    format!("1!{digits}/+=")
}

/// What [`token`] was made of.
fn from_token(token: Option<String>) -> Result<Option<String>, Refusal> {
    let Some(token) = token.filter(|t| !t.is_empty()) else { return Ok(None) };
    let read = || {
        let digits = token.strip_prefix("1!")?.strip_suffix("/+=")?.as_bytes();
        let bytes = digits.chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok());
        String::from_utf8(bytes.collect::<Option<_>>()?).ok()
    };
    read().map(Some).ok_or(Refusal::INPUT)
}

#[cfg(test)]
mod tests;
