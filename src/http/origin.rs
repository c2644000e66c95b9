//! Whom a credential belongs to.

use std::fmt;

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

    /// Whether it uses TLS.
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
}
