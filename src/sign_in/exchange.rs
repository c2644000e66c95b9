//! From a code, or a refresh token, to an access token.

use std::time::Duration;

use serde_json::Value;

use super::{
    failure::{Failure, FailureKind},
    provider::{Provider, Resource},
};
use crate::http::{AuthScheme, NetError, Origin, Request, Response, encode, secret::Secret};

/// How long a token lasts whose answer does not have it.
const LASTS: Duration = Duration::from_secs(3600);
/// No token is longer.
const LONGEST: usize = 64 * 1024;

/// What an exchange brought.
#[derive(Clone, PartialEq, Eq)]
pub struct Tokens {
    /// For the API.
    pub access: Box<str>,
    /// How long it lasts.
    pub lasts: Duration,
    /// For the next exchange; absent where the one before stays good, or there is none.
    pub refresh: Option<Box<str>>,
}

/// Exchanges a code.
pub fn redeem(provider: &Provider, resource: &Resource, code: &str, verifier: &str, redirect: &str) -> Request {
    let words =
        [("grant_type", "authorization_code"), ("code", code), ("code_verifier", verifier), ("redirect_uri", redirect)];
    post(provider, resource, &words)
}

/// Exchanges a refresh token.
pub fn renew(provider: &Provider, resource: &Resource, refresh: &str) -> Request {
    post(provider, resource, &[("grant_type", "refresh_token"), ("refresh_token", refresh)])
}

fn post(provider: &Provider, resource: &Resource, words: &[(&str, &str)]) -> Request {
    let scopes =
        [resource.scopes, provider.offline].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" ");
    let more = [("client_id", &*provider.client_id), ("scope", &scopes)];
    let all = words.iter().chain(&more).filter(|(_, value)| !value.is_empty());
    let form: Vec<String> = all.map(|(key, value)| [key, "=", &encode(value)].concat()).collect();
    let secret = Origin::of(&provider.token).map(|origin| Secret::exact(origin, &form.join("&")));
    Request::get(provider.token.clone())
        .header("Accept", "application/json")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .secret(AuthScheme::Form, secret.as_ref())
}

/// Reads the answer to either.
///
/// # Errors
///
/// When it brings no token that could be used.
pub fn read(answer: Result<Response, NetError>) -> Result<Tokens, Failure> {
    let response = answer?;
    let body: Value = serde_json::from_slice(&response.body).unwrap_or(Value::Null);
    let word = |key: &str| body.get(key).and_then(Value::as_str);
    // GitHub refuses with status 200.
    if let Some(error) = word("error") {
        return Err(Failure::answered(error, word("error_description").unwrap_or_default()));
    }
    if matches!(response.status, 408 | 429 | 500..) {
        return Err(Failure::new(FailureKind::Passing));
    }
    let is_bearer = word("token_type").is_none_or(|kind| kind.eq_ignore_ascii_case("bearer"));
    let is_token = |token: &&str| (1..=LONGEST).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic());
    let access = word("access_token").filter(is_token).filter(|_| response.is_success() && is_bearer);
    let lasts = body.get("expires_in").and_then(|value| value.as_u64().or_else(|| value.as_str()?.parse().ok()));
    Ok(Tokens {
        access: access.ok_or_else(|| Failure::new(FailureKind::Unreadable))?.into(),
        lasts: lasts.map_or(LASTS, Duration::from_secs),
        refresh: word("refresh_token").filter(is_token).map(Into::into),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign_in::provider::tests::{AZURE, DEVOPS, ENTRA, of};

    #[test]
    fn forms() {
        let provider = of(AZURE, DEVOPS, ENTRA).remove(0);
        let [storage, devops] = provider.resources.as_slice() else { panic!() };
        let request = redeem(&provider, storage, "c+/", "v", "https://ringside.example/");
        assert_eq!(
            request.body_with_secret(),
            Some(
                "grant_type=authorization_code&code=c%2B%2F&code_verifier=v&redirect_uri=https%3A%2F%2Fringside.example%2F\
                 &client_id=c-1&scope=https%3A%2F%2Fstorage.azure.com%2Fuser_impersonation%20offline_access"
            )
        );
        let request = renew(&provider, devops, "topsecret");
        let body = request.body_with_secret().unwrap();
        assert!(body.starts_with("grant_type=refresh_token&refresh_token=topsecret&client_id=c-1&scope=499b84ac"));
        assert!(!body.contains("storage.azure.com"), "one API at a time");
        assert!(!format!("{request:?}").contains("topsecret"));
    }

    #[test]
    fn answers() {
        #[track_caller]
        fn check(status: u16, body: &str, expect: Result<(&str, u64, Option<&str>), FailureKind>) {
            let tokens = read(Ok(Response { status, body: body.into(), ..Response::default() }));
            let got = tokens.as_ref().map(|t| (&*t.access, t.lasts.as_secs(), t.refresh.as_deref()));
            assert_eq!(got.map_err(|failure| failure.kind), expect, "{body}");
        }
        let whole = r#"{"token_type":"Bearer","access_token":"a","expires_in":4799,"refresh_token":"r","scope":"x"}"#;
        check(200, whole, Ok(("a", 4799, Some("r"))));
        check(200, r#"{"token_type":"bearer","access_token":"a","expires_in":"7200"}"#, Ok(("a", 7200, None)));
        check(200, r#"{"access_token":"a"}"#, Ok(("a", 3600, None)));
        check(200, r#"{"access_token":"a b"}"#, Err(FailureKind::Unreadable));
        check(200, r#"{"access_token":""}"#, Err(FailureKind::Unreadable));
        check(200, r#"{"access_token":7}"#, Err(FailureKind::Unreadable));
        check(200, r#"{"token_type":"mac","access_token":"a"}"#, Err(FailureKind::Unreadable));
        check(200, "<!doctype html>", Err(FailureKind::Unreadable));
        check(400, r#"{"access_token":"a"}"#, Err(FailureKind::Unreadable));
        check(400, r#"{"error":"invalid_grant","error_description":"AADSTS700082: expired"}"#, Err(FailureKind::Ended));
        check(200, r#"{"error":"bad_verification_code"}"#, Err(FailureKind::Ended));
        check(503, "busy", Err(FailureKind::Passing));
        check(429, "", Err(FailureKind::Passing));
        check(404, "", Err(FailureKind::Unreadable));
        assert_eq!(read(Err(NetError::Blocked)).err().map(|f| f.kind), Some(FailureKind::Passing));
        assert_eq!(read(Err(NetError::Redirected)).err().map(|f| f.kind), Some(FailureKind::Unreadable));
    }
}
