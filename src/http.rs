//! Requests and answers as plain values, so that everything but sending them can be tested without a network.
//!
//! A [`Request`] is always a read, also where a service wants its question as the body of a POST, or the exchange of a
//! code for a token. Its secret is a part
//! of its own: it is bound to an [`Origin`], it is added only by [`Request::address_with_secret`],
//! [`Request::body_with_secret`] and [`Request::secret_header`] (which `web` alone calls), and nothing prints it.

pub mod address;
pub mod moved;
mod origin;
pub mod secret;

use std::{fmt, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

pub use self::origin::Origin;
use self::secret::Secret;
use crate::domain::problem::ProblemKind;

/// What stays as it is in a query's value and in a path's segment: the unreserved characters of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The largest answer that is taken, in bytes, unless its request states otherwise. A page of a table is 4 MiB at most.
pub const ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// The code of an [`ApiError`] about an answer that was too large to be taken.
pub const TOO_LARGE: &str = "TooLarge";

/// The code of an [`ApiError`] about a redirect that was not followed.
pub const REDIRECTED: &str = "Redirected";

/// The name under which an answer has the address that it came from at last, where redirects within its origin were
/// followed. No header that a service sends can have it.
pub const MOVED_TO: &str = ":moved-to";

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

/// How a credential travels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AuthScheme {
    /// As a part of the query: a SAS.
    Query,
    /// `Authorization: Basic`, as a password without a user: a personal access token of Azure DevOps.
    Basic,
    /// `Authorization: Bearer`: GitHub.
    Bearer,
    /// `PRIVATE-TOKEN`: GitLab.
    PrivateToken,
    /// As the body of a POST: the form by which a code or a refresh token is exchanged.
    Form,
}

/// A read of one resource, or of several at once.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Address without any secret; absolute, or relative to the page for what lies beside it.
    address: String,
    /// The question, where it does not fit into the address: JSON that is sent by POST.
    question: Option<String>,
    is_probe: bool,
    /// Added when it is sent.
    secret: Option<(AuthScheme, Secret)>,
    /// Header names and values. For an Azure table only such as need no preflight.
    pub headers: Vec<(&'static str, String)>,
    /// When to give up, after nothing has come for so long.
    pub timeout: Duration,
    /// The largest answer that is taken, in bytes.
    pub max_bytes: usize,
}

impl Request {
    /// A read of `address`.
    #[must_use]
    pub fn get(address: impl Into<String>) -> Self {
        let timeout = Duration::from_secs(45);
        Self {
            address: address.into(),
            question: None,
            is_probe: false,
            secret: None,
            headers: Vec::new(),
            timeout,
            max_bytes: ANSWER_BYTES,
        }
    }

    /// The same with another largest answer.
    #[must_use]
    pub const fn at_most(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Asks nothing but whether there is anybody: the answer cannot be read, only that one came. It distinguishes a
    /// service that refuses to report to this page from one that cannot be reached.
    #[must_use]
    pub fn probe(origin: &Origin) -> Self {
        // Whoever waits for it has waited for the real request before.
        Self { is_probe: true, timeout: Duration::from_secs(10), ..Self::get(format!("{origin}/")) }
    }

    /// Whether all that is wanted is that an answer comes.
    #[must_use]
    pub const fn is_probe(&self) -> bool {
        self.is_probe
    }

    /// A read whose question is JSON in the body of a POST.
    #[must_use]
    pub fn post(address: impl Into<String>, question: String) -> Self {
        Self { question: Some(question), ..Self::get(address) }.header("Content-Type", "application/json")
    }

    /// The same with a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same with a secret, if that belongs to the address's origin. Otherwise the request goes out without it and
    /// is refused.
    #[must_use]
    pub fn secret(mut self, carrier: AuthScheme, secret: Option<&Secret>) -> Self {
        let secret = secret.filter(|s| Origin::of(&self.address).as_ref() == Some(s.origin()));
        let carrier = |s: &Secret| if s.is_access_token() { AuthScheme::Bearer } else { carrier };
        self.secret = secret.map(|s| (carrier(s), s.clone()));
        self
    }

    /// The same of another address of the same origin, to which a redirect leads that cannot take the secret along;
    /// `None` for any other address, and where the secret is not a header's.
    #[must_use]
    pub fn moved_to(&self, address: &str) -> Option<Self> {
        let is_by_header = self.secret_header().is_some() && self.question.is_none();
        let is_here = Origin::of(address).is_some_and(|origin| Origin::of(&self.address) == Some(origin));
        (is_by_header && is_here).then(|| Self { address: address.to_owned(), ..self.clone() })
    }

    /// The same without its secret.
    #[must_use]
    pub fn without_secret(&self) -> Self {
        Self { secret: None, ..self.clone() }
    }

    /// Whether it carries a secret.
    #[must_use]
    pub const fn has_secret(&self) -> bool {
        self.secret.is_some()
    }

    /// The body, if it is a POST, as it may be shown.
    #[must_use]
    pub fn question(&self) -> Option<&str> {
        self.question.as_deref()
    }

    /// The body as it is sent.
    #[must_use]
    pub fn body_with_secret(&self) -> Option<&str> {
        match &self.secret {
            Some((AuthScheme::Form, secret)) => Some(secret.expose()),
            _ => self.question(),
        }
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
            Some((AuthScheme::Query, secret)) => {
                let sep = if self.address.contains('?') { '&' } else { '?' };
                format!("{}{sep}{}", self.address, secret.expose())
            }
            _ => self.address.clone(),
        }
    }

    /// The header that carries the secret, if one does. A browser refuses characters that no header may have; such a
    /// text is no token, and is left out.
    #[must_use]
    pub fn secret_header(&self) -> Option<(&'static str, String)> {
        let (carrier, secret) = self.secret.as_ref()?;
        let token = secret.expose();
        let clean = token.bytes().all(|b| b.is_ascii_graphic());
        match carrier {
            AuthScheme::Query | AuthScheme::Form => None,
            AuthScheme::Basic => {
                Some(("Authorization", format!("Basic {}", BASE64_STANDARD.encode(format!(":{token}")))))
            }
            AuthScheme::Bearer => clean.then(|| ("Authorization", format!("Bearer {token}"))),
            AuthScheme::PrivateToken => clean.then(|| ("PRIVATE-TOKEN", token.to_owned())),
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
        write!(f, "{} {}", if self.body_with_secret().is_some() { "POST" } else { "GET" }, self.address)?;
        if self.secret.is_some() {
            f.write_str(" +secret")?;
        }
        for (name, value) in &self.headers {
            write!(f, "\n{name}: {value}")?;
        }
        self.question.iter().try_for_each(|question| write!(f, "\n\n{question}"))
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

/// Why no answer came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NetError {
    /// The device reports that it has no network.
    Offline,
    /// None came in time.
    Timeout,
    /// The browser refused or could not connect and does not say which: no CORS rule, no such host, a firewall.
    Blocked,
    /// The answer has more bytes than are taken; so many, or at least so many.
    TooLarge(u64),
    /// A redirect: to another origin, or with a credential, which is not sent on. Browsers do not say where to.
    Redirected,
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

    /// An answer that has more bytes than are taken.
    #[must_use]
    pub fn too_large(bytes: u64) -> Self {
        let detail = format!("an answer of {} MB", bytes.div_ceil(1_000_000));
        Self { code: TOO_LARGE.to_owned(), ..Self::new(ProblemKind::Unreadable, detail) }
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
            NetError::TooLarge(bytes) => return Self::too_large(bytes),
            NetError::Redirected => {
                return Self { code: REDIRECTED.to_owned(), ..Self::new(ProblemKind::Unreachable, "") };
            }
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
    fn a_secret_goes_only_home() {
        let secret = Secret::new(Origin::of("https://a.example").unwrap(), "sig=topsecret");
        let home = Request::get("https://a.example/t()?x=1").secret(AuthScheme::Query, Some(&secret));
        assert_eq!(home.address_with_secret(), "https://a.example/t()?x=1&sig=topsecret");
        let all =
            [AuthScheme::Query, AuthScheme::Basic, AuthScheme::Bearer, AuthScheme::PrivateToken, AuthScheme::Form];
        for carrier in all {
            let astray = Request::get("https://b.example/t()").secret(carrier, Some(&secret));
            assert_eq!(astray.address_with_secret(), "https://b.example/t()");
            assert_eq!((astray.secret_header(), astray.has_secret()), (None, false));
            assert_eq!(astray.body_with_secret(), None);
        }
        assert!(!format!("{home:?}{secret:?}").contains("topsecret"));
    }

    #[test]
    fn a_secret_moves_within_its_origin_alone() {
        let of = |address: &str, secret: &str, scheme| {
            let secret = Secret::new(Origin::of("https://a.example").unwrap(), secret);
            Request::get(address).secret(scheme, Some(&secret))
        };
        let home = of("https://a.example/old/x", "ghp_1", AuthScheme::Bearer);
        let moved = home.moved_to("https://a.example/new/x").unwrap();
        assert_eq!((moved.address(), moved.secret_header()), ("https://a.example/new/x", home.secret_header()));
        assert_eq!(home.without_secret().secret_header(), None);
        for elsewhere in [
            "https://b.example/new/x",
            "http://a.example/new/x",
            "https://a.example:8443/x",
            "/x",
            "https://a.example@b.example/x",
        ] {
            assert_eq!(home.moved_to(elsewhere), None, "{elsewhere}");
        }
        let sas = of("https://a.example/old/x", "sig=1", AuthScheme::Query);
        let open = Request::get("https://a.example/old/x");
        let question = Request { question: Some("{}".to_owned()), ..home };
        assert_eq!(
            [sas, open, question].map(|request| request.moved_to("https://a.example/new/x")),
            [None, None, None]
        );
    }

    #[test]
    fn headers_carry_secrets() {
        #[track_caller]
        fn check(carrier: AuthScheme, token: &str, expect: Option<(&str, &str)>) {
            let secret = Secret::new(Origin::of("https://a.example").unwrap(), token);
            let request = Request::get("https://a.example/x").secret(carrier, Some(&secret));
            let header = request.secret_header();
            assert_eq!(header.as_ref().map(|(name, value)| (*name, value.as_str())), expect);
            assert!(!format!("{request:?}").contains(token));
        }
        check(AuthScheme::Basic, "pat", Some(("Authorization", "Basic OnBhdA==")));
        check(AuthScheme::Bearer, "ghp_1", Some(("Authorization", "Bearer ghp_1")));
        check(AuthScheme::PrivateToken, "glpat-1", Some(("PRIVATE-TOKEN", "glpat-1")));
        check(AuthScheme::Query, "sig=x", None);
        check(AuthScheme::Bearer, "bell\u{7}", None);
        check(AuthScheme::PrivateToken, "é", None);
    }

    #[test]
    fn an_access_token_travels_in_one_way_alone() {
        let origin = Origin::of("https://a.example").unwrap();
        let secret = Secret::access_token(origin.clone(), "eyJ.a.b");
        for carrier in [AuthScheme::Query, AuthScheme::Basic, AuthScheme::PrivateToken] {
            let request = Request::get("https://a.example/x").secret(carrier, Some(&secret));
            assert_eq!(request.secret_header(), Some(("Authorization", "Bearer eyJ.a.b".to_owned())));
            assert_eq!(request.address_with_secret(), "https://a.example/x");
        }
        let form = Secret::exact(origin, "code=a b&x='1'");
        let request = Request::get("https://a.example/token").secret(AuthScheme::Form, Some(&form));
        assert_eq!(request.body_with_secret(), Some("code=a b&x='1'"));
        assert!(!format!("{request:?}{form:?}{secret:?}").contains("code"));
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
