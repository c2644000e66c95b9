//! Addresses of services, as `config.json` may name them.

use super::origin::Origin;

/// The base of a service's API: `http` or `https`, no query, no fragment, no slash at the end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Address {
    base: Box<str>,
    origin: Origin,
}

/// Why a text is no [`Address`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AddressError {
    /// No `http://` or `https://` with a host behind it.
    NotWeb,
    /// It goes on with `?` or `#`.
    Query,
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    ///
    /// When it is not one that paths can be added to.
    pub fn new(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        let strange = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\\' | '"' | '<' | '>');
        let origin = Origin::of(text).ok_or(AddressError::NotWeb)?;
        if text.contains(['?', '#']) {
            return Err(AddressError::Query);
        }
        if text.contains(strange) {
            return Err(AddressError::NotWeb);
        }
        Ok(Self { base: text.trim_end_matches('/').into(), origin })
    }

    /// The address, to add paths to.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.base
    }

    /// Scheme, host and port: what a credential for it belongs to.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The host in lower case, without its port.
    #[must_use]
    pub fn host(&self) -> &str {
        let (_, host) = self.origin.as_str().split_once("://").unwrap_or_default();
        let after_bracket = host.find(']').unwrap_or(0); // [::1] has colons of its own
        let port = host.get(after_bracket..).and_then(|rest| rest.find(':')).map(|at| at + after_bracket);
        port.and_then(|at| host.get(..at)).unwrap_or(host)
    }

    /// What follows the host; empty, or begins with a slash.
    #[must_use]
    pub fn path(&self) -> &str {
        let (_, rest) = self.base.split_once("://").unwrap_or_default();
        rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default()
    }

    /// Whether what is sent there can be read on the way: neither TLS nor this very machine.
    #[must_use]
    pub fn is_exposed(&self) -> bool {
        !self.origin.is_https() && !self.is_this_machine()
    }

    /// Whether it leads to the machine that the browser runs on.
    #[must_use]
    pub fn is_this_machine(&self) -> bool {
        matches!(self.host(), "127.0.0.1" | "localhost" | "[::1]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        #[track_caller]
        fn check(text: &str, expect: Result<(&str, &str, &str), AddressError>) {
            let address = Address::new(text);
            let got = address.as_ref().map(|a| (a.as_str(), a.host(), a.path())).map_err(|e| *e);
            assert_eq!(got, expect, "{text}");
        }
        check(" https://api.github.com/ ", Ok(("https://api.github.com", "api.github.com", "")));
        check("https://Git.example:8443/api/v3//", Ok(("https://Git.example:8443/api/v3", "git.example", "/api/v3")));
        check("http://[::1]:10002/dev", Ok(("http://[::1]:10002/dev", "[::1]", "/dev")));
        check("http://[::1]", Ok(("http://[::1]", "[::1]", "")));
        check("https://a.example/?x=1", Err(AddressError::Query));
        check("https://a.example#x", Err(AddressError::Query));
        check("a.example", Err(AddressError::NotWeb));
        check("ftp://a.example", Err(AddressError::NotWeb));
        check("https://me@a.example", Err(AddressError::NotWeb));
        check("https://a.example/a b", Err(AddressError::NotWeb));
        check("https://a.example\\b", Err(AddressError::NotWeb));
        check("https://", Err(AddressError::NotWeb));
        check("", Err(AddressError::NotWeb));
    }

    #[test]
    fn exposed() {
        #[track_caller]
        fn check(text: &str, expect: bool) {
            assert_eq!(Address::new(text).unwrap().is_exposed(), expect, "{text}");
        }
        check("https://a.example", false);
        check("http://a.example", true);
        check("http://127.0.0.1:10002/devstoreaccount1", false);
        check("http://localhost:8080", false);
        check("http://[::1]:8080", false);
        check("http://localhost.evil.example", true);
    }
}
