//! An answer, and a page of one.

use std::{fmt, time::Duration};

/// The name under which an answer has the address that it came from at last, where redirects within its origin were
/// followed. No header that a service sends can have it.
pub const MOVED_TO: &str = ":moved-to";

/// An answer, whatever its status.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case. In a browser these are only the headers that the service exposes.
    pub headers: Vec<(String, String)>,
    /// The body as it came.
    pub body: Vec<u8>,
}

impl Response {
    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// Whether the status is one of success.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// `Retry-After` in its form of seconds; the form of a date is not used by the services we ask.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.header("retry-after")?.trim().parse().ok().map(Duration::from_secs)
    }

    /// Whether a web page came where data was asked for: a sign-in page, a proxy, a static host's fallback.
    #[must_use]
    pub fn is_html(&self) -> bool {
        let declared = self.header("content-type").is_some_and(|t| t.to_ascii_lowercase().contains("text/html"));
        let start: Vec<u8> = self
            .body
            .iter()
            .copied()
            .skip_while(|b| b.is_ascii_whitespace() || matches!(b, 0xEF | 0xBB | 0xBF))
            .take(9)
            .map(|b| b.to_ascii_lowercase())
            .collect();
        declared || start.starts_with(b"<!doctype") || start.starts_with(b"<html")
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} {} bytes", self.status, self.headers, self.body.len())
    }
}

/// One page of an answer that may have more: the same shape for every service.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page<T, N> {
    /// What could be read.
    pub items: Vec<T>,
    /// What could not, each in words.
    pub bad: Vec<String>,
    /// Where the next page starts.
    pub next: N,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_recognised() {
        #[track_caller]
        fn check(kind: &str, body: &str, html: bool) {
            let headers = vec![("content-type".to_owned(), kind.to_owned())];
            assert_eq!(Response { status: 200, headers, body: body.into() }.is_html(), html, "{kind} {body}");
        }
        check("text/html; charset=utf-8", "", true);
        check("", " \n<!DOCTYPE html><title>Sign in</title>", true);
        check("application/json", "{\"value\":[]}", false);
        check("application/xml", "<?xml version=\"1.0\"?><Error/>", false);
    }
}
