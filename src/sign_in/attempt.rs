//! One attempt to sign in: where somebody is sent, and what they come back with.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{failure::Failure, provider::Provider};
use crate::http::{decode, encode};

/// How many random bytes an attempt needs: half for `state`, the rest for the verifier.
pub const RANDOM_BYTES: usize = 64;

/// What the tab keeps while somebody is away.
#[derive(Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Ties the answer to this attempt.
    pub state: String,
    /// Proves that whoever brings the code is who asked for it.
    pub verifier: String,
    /// With whom, by [`Provider::id`].
    pub provider: String,
    /// What was looked at: the query to come back to.
    pub query: String,
}

impl Attempt {
    /// A new one. `random` must come from a source that nobody can guess.
    #[must_use]
    pub fn new(random: &[u8; RANDOM_BYTES], provider: &Provider, query: &str) -> Self {
        let (state, verifier) = random.split_at(RANDOM_BYTES / 2);
        Self {
            state: BASE64_URL_SAFE_NO_PAD.encode(state),
            verifier: BASE64_URL_SAFE_NO_PAD.encode(verifier),
            provider: provider.id.clone(),
            query: query.to_owned(),
        }
    }

    /// Under which key the tab keeps it. `start.js` has the same.
    #[must_use]
    pub fn key(state: &str) -> String {
        ["ringside.attempt.", state].concat()
    }

    /// As the tab keeps it.
    #[must_use]
    pub fn to_text(&self) -> String {
        json!({ "verifier": self.verifier, "provider": self.provider, "query": self.query }).to_string()
    }

    /// Reads what the tab kept for a `state`.
    #[must_use]
    pub fn from_text(state: &str, text: &str) -> Option<Self> {
        let kept: Value = serde_json::from_str(text).ok()?;
        let word = |key: &str| kept.get(key)?.as_str().map(str::to_owned);
        Some(Self {
            state: state.to_owned(),
            verifier: word("verifier")?,
            provider: word("provider")?,
            query: word("query")?,
        })
    }

    /// Where somebody is sent. `digest` is the SHA-256 of the verifier, `redirect` this page without query.
    #[must_use]
    pub fn address(&self, provider: &Provider, digest: &[u8], redirect: &str) -> String {
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(digest);
        let mut address = [
            &provider.authorize,
            "?response_type=code&client_id=",
            &encode(&provider.client_id),
            "&redirect_uri=",
            &encode(redirect),
            "&state=",
            &self.state,
            "&code_challenge_method=S256&code_challenge=",
            &challenge,
        ]
        .concat();
        let scopes = provider.scopes();
        if !scopes.is_empty() {
            address.push_str("&scope=");
            address.push_str(&encode(&scopes));
        }
        if provider.has_fragment {
            address.push_str("&response_mode=fragment");
        }
        address
    }
}

/// What somebody came back with.
#[derive(Clone, PartialEq, Eq)]
pub struct Callback {
    /// Of the attempt.
    pub state: String,
    /// The code, or why there is none.
    pub outcome: Result<String, Failure>,
}

impl Callback {
    /// Reads the words behind `?` or `#` of the address; `None` when they are no answer.
    #[must_use]
    pub fn parse(words: &str) -> Option<Self> {
        let word = |name: &str| {
            words.trim_start_matches(['?', '#']).split('&').find_map(|pair| {
                let (key, value) = pair.split_once('=')?;
                (key == name).then(|| decode(value, true))
            })
        };
        let state = word("state")?;
        let outcome = match (word("error"), word("code")) {
            // An error goes first: with one there is no code that could be trusted.
            (Some(error), _) => Err(Failure::answered(&error, &word("error_description").unwrap_or_default())),
            (None, Some(code)) => Ok(code),
            (None, None) => return None,
        };
        Some(Self { state, outcome })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign_in::{
        failure::FailureKind,
        provider::tests::{AZURE, DEVOPS, ENTRA, of},
    };

    fn attempt() -> (Provider, Attempt) {
        let provider = of(AZURE, DEVOPS, ENTRA).remove(0);
        let random = std::array::from_fn(|i| u8::try_from(i).unwrap());
        let attempt = Attempt::new(&random, &provider, "?view=rings&ring=prod");
        (provider, attempt)
    }

    #[test]
    fn the_challenge_is_that_of_the_standard() {
        // RFC 7636, appendix B.
        let digest = [
            19, 211, 30, 150, 26, 26, 216, 236, 47, 22, 177, 12, 76, 152, 46, 8, 118, 168, 120, 173, 109, 241, 68, 86,
            110, 225, 137, 74, 203, 112, 249, 195,
        ];
        let (provider, attempt) = attempt();
        let address = attempt.address(&provider, &digest, "https://ringside.example/sub/");
        assert!(address.contains("code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), "{address}");
        assert!(address.contains("&redirect_uri=https%3A%2F%2Fringside.example%2Fsub%2F&"), "{address}");
        assert!(address.contains("&response_mode=fragment") && address.contains("offline_access"), "{address}");
        assert!(!address.contains(&attempt.verifier), "the verifier stays here");
        assert!((43..=128).contains(&attempt.verifier.len()), "RFC 7636, 4.1");
        assert_ne!(attempt.verifier, attempt.state);
    }

    #[test]
    fn what_the_tab_keeps_comes_back() {
        let (_, attempt) = attempt();
        assert!(Attempt::from_text(&attempt.state, &attempt.to_text()) == Some(attempt.clone()));
        for broken in ["", "{}", "[]", "{\"verifier\":1,\"provider\":\"\",\"query\":\"\"}"] {
            assert!(Attempt::from_text(&attempt.state, broken).is_none(), "{broken}");
        }
    }

    #[test]
    fn callbacks() {
        #[track_caller]
        fn check(words: &str, expect: Option<(&str, Result<&str, FailureKind>)>) {
            let callback = Callback::parse(words);
            let got = callback.as_ref().map(|callback| {
                let outcome = callback.outcome.as_ref().map(String::as_str).map_err(|failure| failure.kind);
                (&*callback.state, outcome)
            });
            assert_eq!(got, expect, "{words}");
        }
        check("#code=a%2Fb%2Bc&state=s&session_state=x", Some(("s", Ok("a/b+c"))));
        check("?state=s&code=1", Some(("s", Ok("1"))));
        check("?error=access_denied&error_description=x&state=s", Some(("s", Err(FailureKind::Denied))));
        check("#error=interaction_required&state=s&code=1", Some(("s", Err(FailureKind::InteractionNeeded))));
        check("#code=1", None); // of nobody's attempt
        check("?view=rings&state=s", None);
        check("", None);
    }
}
