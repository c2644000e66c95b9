//! A credential that cannot be printed and belongs to one origin.

use std::fmt;

use super::origin::Origin;

/// A credential. It can be read in one way only, [`Secret::expose`], whose callers are few enough to check.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    origin: Origin,
    value: Box<str>,
    is_access_token: bool,
}

impl Secret {
    /// A credential for `origin`, from whatever people paste: with quotes or line breaks around and within it, as the
    /// line of JSON that a command printed; a SAS also as a whole address or in a connection string.
    #[must_use]
    pub fn new(origin: Origin, pasted: &str) -> Self {
        Self { origin, value: clean(pasted).into(), is_access_token: false }
    }

    /// An access token that `origin` gets by a sign-in: it travels as `Authorization: Bearer`, whoever asks for what.
    #[must_use]
    pub fn access_token(origin: Origin, token: &str) -> Self {
        Self { origin, value: token.into(), is_access_token: true }
    }

    /// A text for `origin` as it is.
    #[must_use]
    pub fn exact(origin: Origin, text: &str) -> Self {
        Self { origin, value: text.into(), is_access_token: false }
    }

    /// The same for another origin. Who calls this must know that both are one service.
    #[must_use]
    pub fn shared_with(&self, origin: Origin) -> Self {
        Self { origin, ..self.clone() }
    }

    /// Whether a sign-in brought it.
    #[must_use]
    pub const fn is_access_token(&self) -> bool {
        self.is_access_token
    }

    /// Whom it may be sent to.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The credential itself, to send it or to read its dates.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.value
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret(for {})", self.origin)
    }
}

fn clean(pasted: &str) -> String {
    let text: String = pasted.chars().filter(|c| !is_invisible(*c)).collect();
    let text = unquoted(text.trim().trim_end_matches([',', ';']).trim_end());
    if !text.contains("sig=") {
        // No token of any service has white space in it.
        return text.trim_start_matches('?').split_whitespace().collect();
    }
    // A blank on its own stays: it was a plus sign, and whoever reads the SAS can decide.
    let text: String = text.lines().map(str::trim).collect();
    let text =
        text.split_once("SharedAccessSignature=").map_or(&*text, |(_, rest)| rest.split(';').next().unwrap_or(rest));
    let query = text.split_once('?').map_or(text, |(_, query)| query);
    query.split('#').next().unwrap_or(query).trim_matches(['?', '&']).to_owned()
}

/// Byte order marks and joiners, as copied from mails and documents.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

fn unquoted(text: &str) -> String {
    const QUOTES: [char; 10] = ['"', '\'', '`', '“', '”', '„', '‘', '’', '«', '»'];
    serde_json::from_str(text).unwrap_or_else(|_| text.trim_matches(QUOTES).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste() {
        #[track_caller]
        fn check(pasted: &str, expect: &str) {
            assert_eq!(Secret::new(Origin::of("https://a.example").unwrap(), pasted).expose(), expect);
        }
        const SAS: &str = "sv=2024-05-04&tn=deployments&sp=r&sig=a%2Bb%3D";
        let json = "\"sv=2024-05-04\\u0026tn=deployments&sp=r&sig=a%2Bb%3D\"";
        for pasted in [
            SAS,
            &format!("?{SAS}"),
            &format!(" \"{SAS}\"\n"),
            &format!("'{SAS}'"),
            &format!("“{SAS}”"),
            &format!("\u{feff}`?{SAS}`"),
            &format!("{json},"),
            &format!("https://acct.table.core.windows.net/deployments?{SAS}"),
            &format!("\"https://acct.table.core.windows.net/?{SAS}#x\""),
            &format!("TableEndpoint=https://acct.table.core.windows.net/;SharedAccessSignature={SAS};X=y"),
            "sv=2024-05-04&tn=deploy\n  ments&sp=r&\r\nsig=a%2Bb%3D",
        ] {
            check(pasted, SAS);
        }
        check("tn=t&sig=a b=", "tn=t&sig=a b="); // its plus sign is lost
        check("ghp_1", "ghp_1");
        check(" glpat-1 2\n3\u{a0}", "glpat-123");
        check("\"ghp_1\"", "ghp_1");
        check("", "");
        check("\"\"", "");
        check("12345", "12345"); // a number is no text of JSON
    }
}
