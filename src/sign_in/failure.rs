//! Why a sign-in did not go well, in words that state what to do.

use crate::http::NetError;

/// What kind of failure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FailureKind {
    /// Somebody refused, or went back.
    Denied,
    /// Nobody has agreed to what the registration asks for.
    ConsentNeeded,
    /// The provider wants to ask something before it goes on.
    InteractionNeeded,
    /// The session is over.
    Ended,
    /// The address of this page is not among those of the registration.
    RedirectUnknown,
    /// It is, but not as one of a single-page application.
    NotForPages,
    /// No such registration, or it is for another kind of client.
    ClientUnknown,
    /// What was asked for does not exist, or not for this registration.
    ScopeUnknown,
    /// The answer belongs to no attempt of this tab.
    Foreign,
    /// This browser keeps nothing for this page, so nobody could come back.
    NothingKept,
    /// The page is not served securely, so the browser makes no hashes.
    Insecure,
    /// The answer makes no sense.
    Unreadable,
    /// No answer, or a service that fails: it may go well later.
    Passing,
}

/// A failure, with the provider's own words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// What kind.
    pub kind: FailureKind,
    /// What the provider reported; empty where there is no message.
    pub detail: String,
}

/// The longest message of a provider that is shown.
const LONGEST: usize = 300;

impl Failure {
    /// One without words of a provider.
    #[must_use]
    pub const fn new(kind: FailureKind) -> Self {
        Self { kind, detail: String::new() }
    }

    /// What a provider answered: the code of RFC 6749, and its own words, which with Entra begin with a code of its
    /// own.
    #[must_use]
    pub fn answered(error: &str, description: &str) -> Self {
        let has = |code: &str| description.contains(code);
        let kind = if has("AADSTS9002326") || has("AADSTS9002327") {
            FailureKind::NotForPages
        } else if has("AADSTS50011") || error == "redirect_uri_mismatch" {
            FailureKind::RedirectUnknown
        } else if has("AADSTS65001") || has("AADSTS65004") || error == "consent_required" {
            FailureKind::ConsentNeeded
        } else if has("AADSTS700016") || has("AADSTS90002") {
            FailureKind::ClientUnknown
        } else {
            match error {
                "access_denied" => FailureKind::Denied,
                "interaction_required" | "login_required" | "account_selection_required" => {
                    FailureKind::InteractionNeeded
                }
                "invalid_grant" | "bad_verification_code" | "bad_refresh_token" => FailureKind::Ended,
                "invalid_client" | "unauthorized_client" | "incorrect_client_credentials" => FailureKind::ClientUnknown,
                "invalid_scope" | "invalid_resource" | "invalid_target" => FailureKind::ScopeUnknown,
                "temporarily_unavailable" | "server_error" => FailureKind::Passing,
                _ => FailureKind::Unreadable,
            }
        };
        // Lines below the first are a request's id and time.
        let line = description.lines().next().unwrap_or_default();
        let detail = [error, line].into_iter().map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>();
        Self { kind, detail: detail.join(": ").chars().take(LONGEST).collect() }
    }

    /// What is wrong, and what to do; `page` is this page without query.
    #[must_use]
    pub fn explain(&self, provider: &str, page: &str) -> (String, String) {
        let with = |what: &str| what.replace("{}", provider);
        let (what, hint) = match self.kind {
            FailureKind::Denied => {
                ("The sign-in with {} was canceled or refused.", "Sign in again, or enter a credential below.")
            }
            FailureKind::ConsentNeeded => (
                "{} requires consent to what this page reads.",
                "Sign in again and agree; if that is not offered, an administrator must grant consent to the app registration.",
            ),
            FailureKind::InteractionNeeded => (
                "{} requires a new sign-in.",
                "Sign in again: a second factor, for example, is asked for on its own page.",
            ),
            FailureKind::Ended => (
                "The sign-in with {} has ended.",
                "Sign in again. Microsoft ends the sessions of web pages after 24 hours.",
            ),
            FailureKind::RedirectUnknown => {
                let hint = ["Add ", page, " as a redirect URI of the app registration."].concat();
                return (with("The app registration at {} does not know this page's address."), hint);
            }
            FailureKind::NotForPages => {
                let hint =
                    ["Register ", page, " as a redirect URI of the platform \"Single-page application\"."].concat();
                return (with("{} takes this page's address for that of a server."), hint);
            }
            FailureKind::ClientUnknown => (
                "{} does not know the app registration, or it is not for web pages.",
                "Check signIn.clientId and signIn.tenant in config.json; the registration must be one of a public client.",
            ),
            FailureKind::ScopeUnknown => (
                "The app registration at {} may not ask for what this page reads.",
                "Add the permissions to the registration that docs/sign-in.md lists.",
            ),
            FailureKind::Foreign => (
                "The answer of {} belongs to no sign-in of this tab.",
                "It was not used. It may be an old address, or somebody else's; sign in again if you meant to.",
            ),
            FailureKind::NothingKept => (
                "This browser keeps nothing for this page, so it could not come back from {}.",
                "Allow site data for this page, or enter a credential below.",
            ),
            FailureKind::Insecure => (
                "Signing in with {} needs a page that is served by https.",
                "Serve this page by https, or enter a credential below.",
            ),
            FailureKind::Unreadable => (
                "{} answered the sign-in with something that is not a token.",
                "Check signIn in config.json. A proxy may stand in between.",
            ),
            FailureKind::Passing => ("{} did not answer the sign-in.", "It is tried again. Check the network."),
        };
        (with(what), hint.to_owned())
    }

    /// Whether it may go well with nobody doing anything.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        self.kind == FailureKind::Passing
    }
}

impl From<NetError> for Failure {
    fn from(error: NetError) -> Self {
        Self::new(match error {
            NetError::Offline | NetError::Timeout | NetError::Blocked => FailureKind::Passing,
            NetError::TooLarge(_) | NetError::Redirected => FailureKind::Unreadable,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        #[track_caller]
        fn check(error: &str, description: &str, kind: FailureKind, expected: &str) {
            let failure = Failure::answered(error, description);
            assert_eq!(failure.kind, kind, "{error} {description}");
            let (what, hint) = failure.explain("Microsoft", "https://ringside.example/");
            assert!([&*what, &*hint].concat().contains(expected), "{what} {hint} should say {expected}");
            assert!(!what.contains("{}"));
        }
        check("access_denied", "", FailureKind::Denied, "canceled or refused");
        check(
            "consent_required",
            "AADSTS65001: The user or administrator has not consented.",
            FailureKind::ConsentNeeded,
            "agree",
        );
        check("invalid_grant", "AADSTS65001: …", FailureKind::ConsentNeeded, "administrator");
        check("interaction_required", "AADSTS50076: MFA", FailureKind::InteractionNeeded, "requires a new sign-in");
        check(
            "invalid_grant",
            "AADSTS700084: The refresh token was issued to a single page app",
            FailureKind::Ended,
            "24 hours",
        );
        check("invalid_grant", "", FailureKind::Ended, "ended");
        check(
            "invalid_request",
            "AADSTS50011: The redirect URI",
            FailureKind::RedirectUnknown,
            "Add https://ringside.example/",
        );
        check(
            "invalid_request",
            "AADSTS9002326: Cross-origin token redemption",
            FailureKind::NotForPages,
            "Single-page application",
        );
        check(
            "unauthorized_client",
            "AADSTS700016: not found in the directory",
            FailureKind::ClientUnknown,
            "clientId",
        );
        check("invalid_client", "", FailureKind::ClientUnknown, "clientId");
        check("invalid_scope", "", FailureKind::ScopeUnknown, "permissions");
        check("temporarily_unavailable", "", FailureKind::Passing, "tried again");
        check("bad_verification_code", "", FailureKind::Ended, "ended");
        check("what_is_this", "", FailureKind::Unreadable, "not a token");
    }

    #[test]
    fn long_words_are_cut() {
        let failure = Failure::answered("server_error", &format!("{}\nTrace: 1", "x".repeat(5_000)));
        assert_eq!(failure.detail.chars().count(), LONGEST);
        assert_eq!(Failure::answered("e", "first\nTrace ID: 1").detail, "e: first");
    }
}
