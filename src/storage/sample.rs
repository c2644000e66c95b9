//! The built-in sample as a source of rows: what is asked of it, page by page, and how it answers.
//!
//! Whoever holds the sample answers without a network. It is always there, so there is nothing to refuse.

use super::{
    page::RowsPage,
    span::{Cursor, Next, Span},
};
use crate::{
    domain::{
        problem::{Area, Problem},
        time::Timestamp,
    },
    http::{ApiError, Request, Response, encode},
};

const ADDRESS: &str = "sample:rows";
/// Names the row behind which the next page begins.
const NEXT: &str = "next";

/// The most rows an answer holds.
pub const PAGE: usize = 1000;

/// A page of `span`.
pub fn request_rows(span: &Span, cursor: &Cursor) -> Request {
    let millis = |at: Option<Timestamp>| at.map(|at| at.millis().to_string());
    let after = match cursor {
        Cursor::Token { partition, .. } => Some(partition.clone()),
        _ => span.behind.as_ref().map(|(_, row)| row.clone()),
    };
    let words = [
        ("since", millis(span.since)),
        ("before", millis(span.before)),
        ("from", span.from_key.clone()),
        ("to", span.to_key.clone()),
        ("after", after),
        ("keys", span.keys_only.then(|| "1".to_owned())),
    ];
    let words: Vec<String> =
        words.into_iter().filter_map(|(key, value)| Some([key, "=", &encode(&value?)].concat())).collect();
    Request::get([ADDRESS, "?", &words.join("&")].concat())
}

/// What [`request_rows`] asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SampleQuery {
    /// Last changed at or after.
    pub since: Option<Timestamp>,
    /// Last changed before.
    pub before: Option<Timestamp>,
    /// Row keys from here, inclusive.
    pub from_key: String,
    /// Row keys up to here, exclusive.
    pub to_key: Option<String>,
    /// Row keys behind this one.
    pub after: Option<String>,
    /// Only the keys.
    pub keys_only: bool,
}

impl SampleQuery {
    /// What a request asks; `None` when it does not ask for rows of the sample.
    #[must_use]
    pub fn of(request: &Request) -> Option<Self> {
        if !request.address().starts_with(ADDRESS) {
            return None;
        }
        let moment = |key| request.query(key)?.parse().ok().map(Timestamp::from_millis);
        Some(Self {
            since: moment("since"),
            before: moment("before"),
            from_key: request.query("from").unwrap_or_default(),
            to_key: request.query("to"),
            after: request.query("after"),
            keys_only: request.query("keys").is_some(),
        })
    }

    /// Whether a row that was last changed then is asked for.
    #[must_use]
    pub fn is_in_time(&self, changed: Timestamp) -> bool {
        self.since.is_none_or(|since| changed >= since) && self.before.is_none_or(|before| changed < before)
    }
}

/// A page of rows, as JSON, and the key of its last row if others follow.
#[must_use]
pub fn answer(rows: Vec<u8>, next: Option<String>) -> Response {
    let headers = next.map(|key| (NEXT.to_owned(), key)).into_iter().collect();
    Response { status: 200, headers, body: rows }
}

/// Begins to read the answer to [`request_rows`].
///
/// # Errors
/// When the page is too large, which no page of the sample is.
pub fn open_rows(response: Response) -> Result<RowsPage, ApiError> {
    let next = response
        .header(NEXT)
        .map_or(Next::End, |key| Next::More(Cursor::Token { partition: key.to_owned(), row: None }));
    RowsPage::new(response, next)
}

/// What people read when the sample cannot be had.
#[must_use]
pub fn explain(error: &ApiError) -> Problem {
    Problem::error(Area::Storage, error.kind, "The sample data cannot be read.", "Reload the page.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_understood() {
        #[track_caller]
        fn check(span: &Span, cursor: &Cursor, expect: &SampleQuery) {
            assert_eq!(SampleQuery::of(&request_rows(span, cursor)).as_ref(), Some(expect));
        }
        let all = SampleQuery {
            since: None,
            before: None,
            from_key: String::new(),
            to_key: None,
            after: None,
            keys_only: false,
        };
        check(&Span::default(), &Cursor::Start, &all);
        let next = Cursor::Token { partition: "5f & 6".into(), row: None };
        check(&Span::default(), &next, &SampleQuery { after: Some("5f & 6".into()), ..all.clone() });
        let moment = Timestamp::from_millis;
        let span = Span {
            since: Some(moment(-5)),
            before: Some(moment(7)),
            from_key: Some("2a".into()),
            to_key: Some("55".into()),
            behind: Some(("p".into(), "33".into())),
            keys_only: true,
        };
        let expect = SampleQuery {
            since: span.since,
            before: span.before,
            from_key: "2a".into(),
            to_key: Some("55".into()),
            after: Some("33".into()),
            keys_only: true,
        };
        check(&span, &Cursor::Start, &expect);
        assert!(expect.is_in_time(moment(-5)) && !expect.is_in_time(moment(-6)) && !expect.is_in_time(moment(7)));
        assert_eq!(SampleQuery::of(&Request::get("https://a.example")), None);
    }

    #[test]
    fn a_page_names_the_next_one() {
        let page = |next: Option<&str>| open_rows(answer(b"{\"value\":[]}".to_vec(), next.map(str::to_owned))).unwrap();
        assert_eq!(*page(None).next(), Next::End);
        let next = Next::More(Cursor::Token { partition: "5f".into(), row: None });
        assert_eq!(*page(Some("5f")).next(), next);
    }
}
