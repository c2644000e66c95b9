//! Addresses that may be shown as links.

/// An `http` or `https` address. Data can carry any text where an address should be (`javascript:` too), so
/// this is the only type the page makes links of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link(Box<str>);

impl Link {
    /// `None` unless the text is an absolute `http` or `https` address.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://")?;
        let web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
        let clean = !rest.is_empty() && !rest.starts_with('/') && !text.contains(|c: char| c.is_control() || c == ' ');
        (web && clean).then(|| Self(text.into()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses() {
        #[track_caller]
        fn check(text: &str, ok: bool) {
            assert_eq!(Link::new(text).is_some(), ok, "{text}");
        }
        check("https://dev.azure.com/contoso/trivia/_build/results?buildId=7", true);
        check("HTTP://forge.example", true);
        check("javascript:alert(1)//https://x", false);
        check("java\nscript://x", false);
        check("data:text/html,x", false);
        check("//evil.example", false);
        check("https://", false);
        check("https:///x", false);
        check("https://a b", false);
        check("", false);
    }
}
