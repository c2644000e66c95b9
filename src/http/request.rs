//! A read of one resource, and the secret that it may carry.

use std::{fmt, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::{encoding::decode, origin::Origin, secret::Secret};

/// The largest answer that is taken, in bytes, unless its request states otherwise. A page of a table is 4 MiB at most.
pub const ANSWER_BYTES: usize = 16 * 1024 * 1024;

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
#[must_use = "a request is sent by whoever is given it, or not at all"]
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
    pub const fn at_most(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Asks nothing but whether there is anybody: the answer cannot be read, only that one came. It distinguishes a
    /// service that refuses to report to this page from one that cannot be reached.
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
    pub fn post(address: impl Into<String>, question: String) -> Self {
        Self { question: Some(question), ..Self::get(address) }.header("Content-Type", "application/json")
    }

    /// The same with a header.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same with a secret, if that belongs to the address's origin. Otherwise the request goes out without it and
    /// is refused.
    pub fn secret(mut self, scheme: AuthScheme, secret: Option<&Secret>) -> Self {
        let secret = secret.filter(|s| Origin::of(&self.address).as_ref() == Some(s.origin()));
        let scheme = |s: &Secret| if s.is_access_token() { AuthScheme::Bearer } else { scheme };
        self.secret = secret.map(|s| (scheme(s), s.clone()));
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
        let (scheme, secret) = self.secret.as_ref()?;
        let token = secret.expose();
        let clean = token.bytes().all(|b| b.is_ascii_graphic());
        match scheme {
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
        for scheme in all {
            let astray = Request::get("https://b.example/t()").secret(scheme, Some(&secret));
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
        fn check(scheme: AuthScheme, token: &str, expect: Option<(&str, &str)>) {
            let secret = Secret::new(Origin::of("https://a.example").unwrap(), token);
            let request = Request::get("https://a.example/x").secret(scheme, Some(&secret));
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
        for scheme in [AuthScheme::Query, AuthScheme::Basic, AuthScheme::PrivateToken] {
            let request = Request::get("https://a.example/x").secret(scheme, Some(&secret));
            assert_eq!(request.secret_header(), Some(("Authorization", "Bearer eyJ.a.b".to_owned())));
            assert_eq!(request.address_with_secret(), "https://a.example/x");
        }
        let form = Secret::exact(origin, "code=a b&x='1'");
        let request = Request::get("https://a.example/token").secret(AuthScheme::Form, Some(&form));
        assert_eq!(request.body_with_secret(), Some("code=a b&x='1'"));
        assert!(!format!("{request:?}{form:?}{secret:?}").contains("code"));
    }
}
