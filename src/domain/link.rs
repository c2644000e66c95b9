//! Addresses that may be shown as links.

/// An `http` or `https` address. Data can carry any text where an address should be (`javascript:` too), so
/// this is the only type the page makes links of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link(Box<str>);

impl Link {
    /// `None` unless the text is an absolute `http` or `https` address that is what it looks like: without a user's
    /// name (`https://dev.azure.com@evil.example`), backslashes, which browsers read as slashes, characters that cannot
    /// be seen, and hosts that mix Latin letters with others that resemble them.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://")?;
        let web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
        let (host, _) = rest.split_once(['/', '?', '#']).unwrap_or((rest, ""));
        let strange = |c: char| c.is_control() || c.is_whitespace() || c == '\\' || is_invisible(c);
        let clean = !host.is_empty() && !host.contains('@') && !text.contains(strange);
        (web && clean && !host.split('.').any(is_mixed)).then(|| Self(text.into()))
    }

    /// Scheme, host and port, in lower case.
    #[must_use]
    pub fn origin(&self) -> String {
        let (scheme, rest) = self.0.split_once("://").unwrap_or_default();
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        format!("{scheme}://{host}").to_ascii_lowercase()
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a character cannot be seen: joiners, marks of order and direction, and the like.
#[must_use]
pub const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether a part of a host's name mixes Latin letters with those of another script.
fn is_mixed(label: &str) -> bool {
    let is_latin = |c: char| c.is_ascii() || ('\u{c0}'..='\u{24f}').contains(&c);
    let mut letters = label.chars().filter(|c| c.is_alphabetic());
    letters.clone().any(is_latin) && !letters.all(is_latin)
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
        check("https://dev.azure.com@evil.example/", false);
        check("https://user:password@forge.example/", false);
        check("https://forge.example/@user", true);
        check("https://dev.azure.com\\@evil.example/", false);
        check("https:\\\\evil.example", false);
        check("https://gith\u{fc}b.example/", true); // of one script
        check("https://g\u{456}thub.com/", false); // Cyrillic "i"
        check("https://\u{433}\u{438}\u{442}.example/", true);
        check("https://github\u{200b}.com/", false);
        check("https://forge.example/\u{202e}gnp.exe", false);
        check("", false);
    }
}
