//! Requests and answers as plain values, so that everything but sending them can be tested without a network.
//!
//! A [`Request`] is always a read. Its secret is a part of its own: it is bound to an [`Origin`], it is added to
//! the address only by [`Request::address_with_secret`] (which `web` alone calls), and nothing prints it.

use std::{fmt, time::Duration};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{config::secret::Secret, domain::problem::ProblemKind};

/// What stays as it is in a query's value and in a path's segment: the unreserved characters of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes a query's value or a path's segment.
#[must_use]
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// Undoes [`encode`], and reads `+` as a space when `plus_is_space` (the form browsers write queries in).
#[must_use]
pub fn decode(text: &str, plus_is_space: bool) -> String {
    let spaced = if plus_is_space { text.replace('+', " ") } else { text.to_owned() };
    percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

/// Scheme, host and port: what a credential belongs to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Origin(Box<str>);

impl Origin {
    /// The origin of an absolute address; `None` for anything but `http` and `https`, and for an address that
    /// carries a user's name (`https://dev.azure.com@evil.example` is not what it seems).
    #[must_use]
    pub fn of(address: &str) -> Option<Self> {
        let (scheme, rest) = address.trim().split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        let default_port = match scheme.as_str() {
            "https" => ":443",
            "http" => ":80",
            _ => return None,
        };
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let host = rest.get(..end)?.to_ascii_lowercase();
        let host = host.strip_suffix(default_port).unwrap_or(&host);
        let clean = !host.is_empty()
            && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']' | '_'));
        clean.then(|| Self(format!("{scheme}://{host}").into()))
    }

    /// `https://host[:port]`
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it speaks TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https:")
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A read of one resource.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Address without any secret; absolute, or relative to the page for what lies beside it.
    address: String,
    /// Added to the query when it is sent.
    secret: Option<Secret>,
    /// Header names and values. For an Azure table only such as need no preflight.
    pub headers: Vec<(&'static str, String)>,
    /// When to give up.
    pub timeout: Duration,
}

impl Request {
    /// A read of `address`.
    #[must_use]
    pub fn get(address: impl Into<String>) -> Self {
        Self { address: address.into(), secret: None, headers: Vec::new(), timeout: Duration::from_secs(45) }
    }

    /// The same with a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same with a secret for its query, if that secret belongs to the address's origin. Otherwise the
    /// request goes out without it and is refused, which is the honest outcome.
    #[must_use]
    pub fn secret_query(mut self, secret: &Secret) -> Self {
        if Origin::of(&self.address).as_ref() == Some(secret.origin()) {
            self.secret = Some(secret.clone());
        }
        self
    }

    /// The address as it may be shown.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The address as it is sent.
    #[must_use]
    pub fn address_with_secret(&self) -> String {
        match &self.secret {
            None => self.address.clone(),
            Some(secret) => {
                let sep = if self.address.contains('?') { '&' } else { '?' };
                format!("{}{sep}{}", self.address, secret.expose())
            }
        }
    }

    /// The value of a query's key, decoded; without the secret's keys.
    #[must_use]
    pub fn query(&self, key: &str) -> Option<String> {
        let (_, query) = self.address.split_once('?')?;
        query.split('&').find_map(|pair| {
            let (k, v) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(k, true) == key).then(|| decode(v, true))
        })
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GET {}", self.address)?;
        if self.secret.is_some() {
            f.write_str(" +secret")?;
        }
        for (name, value) in &self.headers {
            write!(f, "\n{name}: {value}")?;
        }
        Ok(())
    }
}

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

    /// Whether the status says that all went well.
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

/// Why no answer came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NetError {
    /// The device says that it has no network.
    Offline,
    /// None came in time.
    Timeout,
    /// The browser refused or could not connect and does not say which: no CORS rule, no such host, a firewall.
    Blocked,
}

/// Why an answer is of no use. `detail` holds the service's own words and never a secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApiError {
    /// What kind of failure.
    pub kind: ProblemKind,
    /// HTTP status; 0 when none came.
    pub status: u16,
    /// The service's code for it, or what could not be read.
    pub code: String,
    /// The service's message.
    pub detail: String,
    /// When the service wants to be asked again.
    pub retry_after: Option<Duration>,
}

impl ApiError {
    /// A failure without a status or words of a service.
    #[must_use]
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self { kind, status: 0, code: String::new(), detail: detail.into(), retry_after: None }
    }

    /// Whether asking again may help with nobody mending anything.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(
            self.kind,
            ProblemKind::RateLimited
                | ProblemKind::Server
                | ProblemKind::Timeout
                | ProblemKind::Offline
                | ProblemKind::Truncated
                | ProblemKind::Unreachable
        )
    }
}

impl From<NetError> for ApiError {
    fn from(error: NetError) -> Self {
        let kind = match error {
            NetError::Offline => ProblemKind::Offline,
            NetError::Timeout => ProblemKind::Timeout,
            NetError::Blocked => ProblemKind::Unreachable,
        };
        Self::new(kind, "")
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
    fn origins() {
        #[track_caller]
        fn check(address: &str, expect: Option<&str>) {
            assert_eq!(Origin::of(address).as_ref().map(Origin::as_str), expect, "{address}");
        }
        check("https://Acct.Table.core.windows.net/x?y", Some("https://acct.table.core.windows.net"));
        check("https://dev.azure.com:443/contoso", Some("https://dev.azure.com"));
        check("http://127.0.0.1:10002/devstoreaccount1", Some("http://127.0.0.1:10002"));
        check("http://[::1]:80", Some("http://[::1]"));
        check("https://dev.azure.com@evil.example/", None);
        check("https://dev.azure.com\\@evil.example/", Some("https://dev.azure.com"));
        check("javascript://dev.azure.com", None);
        check("snapshot.json", None);
        check("https://", None);
    }

    #[test]
    fn a_secret_goes_only_home() {
        let secret = Secret::new(Origin::of("https://a.example").unwrap(), "sig=topsecret");
        let home = Request::get("https://a.example/t()?x=1").secret_query(&secret);
        assert_eq!(home.address_with_secret(), "https://a.example/t()?x=1&sig=topsecret");
        let astray = Request::get("https://b.example/t()").secret_query(&secret);
        assert_eq!(astray.address_with_secret(), "https://b.example/t()");
        assert!(!format!("{home:?}{:?}", secret).contains("topsecret"));
    }

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
