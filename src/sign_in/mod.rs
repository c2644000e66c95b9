//! Signing in without pasted tokens: authorization code with PKCE, by hand (RFC 6749, RFC 7636).
//!
//! The page is a public client without a secret. [`attempt`] makes the address that people are sent to and reads what
//! they come back with, [`exchange`] turns a code or a refresh token into access tokens, [`session`] decides which is
//! due when, [`failure`] explains what went wrong. [`provider`] is who signs people in and for what.
//!
//! Nothing here sends, hashes, draws a random number or reads a clock. No id token is asked for: nothing depends on who
//! somebody is, and so there is neither a signature nor a nonce to check. What ties an answer to the question is
//! `state` and the PKCE verifier.

pub mod attempt;
pub mod exchange;
pub mod failure;
pub mod provider;
pub mod session;

/// Under which key a credential that a sign-in brought is kept like any other, its end before it, in milliseconds.
const MARK: &str = "Bearer ";

/// An access token as the browser keeps it beside pasted credentials.
#[must_use]
pub fn keep_token(token: &str, ends: crate::domain::time::Timestamp) -> String {
    [MARK, &ends.millis().to_string(), " ", token].concat()
}

/// The access token in what the browser kept, and its end; `None` for a pasted credential.
#[must_use]
pub fn kept_token(kept: &str) -> Option<(&str, crate::domain::time::Timestamp)> {
    let (ends, token) = kept.strip_prefix(MARK)?.split_once(' ')?;
    Some((token, crate::domain::time::Timestamp::from_millis(ends.parse().ok()?)))
}
