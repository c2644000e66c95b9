//! What GitHub refuses, and what people read of it.

use super::{
    access::{scope, token_page},
    requests::limits,
};
use crate::{
    config::GitHub,
    domain::problem::ProblemKind,
    forge::{
        answer,
        capabilities::Reads,
        explain::{Asked, common},
    },
    http::{ApiError, Response},
    json::{self, FromJson, Json, wire},
};

/// The code of a refusal that single sign-on causes. GitHub has a header for it instead.
const SSO: &str = "sso";

wire! {
    struct Refusal<'a> {
        message: Option<String>,
        errors: Option<Vec<Json<'a>>>,
    }
}

/// Reads the JSON of a successful answer.
pub(super) fn read<'a, T: FromJson<'a>>(response: &'a Response) -> Result<T, ApiError> {
    answer::read(response, words).map_err(|error| refusal(error, response))
}

/// GitHub's code, which only GraphQL has, and its message.
fn words(body: &str) -> (String, String) {
    let Ok(refusal) = json::from_str::<Refusal<'_>>(body) else { return (String::new(), String::new()) };
    let first = refusal.errors.and_then(|errors| errors.first()?.object().cloned()).unwrap_or_default();
    let text = |key: &str| first.get(key)?.text().map(Into::into);
    (text("type").unwrap_or_default(), refusal.message.or_else(|| text("message")).unwrap_or_default())
}

/// Distinguishes what shares a status: 403 is also what GitHub answers when it is asked too often.
fn refusal(mut error: ApiError, response: &Response) -> ApiError {
    let sso = response.header("x-github-sso").filter(|header| header.starts_with("required"));
    let limits = limits(response);
    if matches!(error.status, 403 | 429)
        && (limits.remaining == Some(0) || limits.retry_after.is_some() || is_limit(&error.detail))
    {
        error.kind = ProblemKind::RateLimited;
    } else if let Some(header) = sso {
        error.code = SSO.to_owned();
        // What follows the question mark is good for this token alone.
        if let Some((_, page)) = header.split_once("url=") {
            error.detail = format!("{} {}", error.detail, page.split('?').next().unwrap_or_default()).trim().to_owned();
        }
    } else if error.status == 451 {
        error.kind = ProblemKind::Forbidden;
    }
    error
}

/// Whether these are the words of a limit, of whichever kind.
pub(super) fn is_limit(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    message.contains("rate limit") || is_haste(&message)
}

/// Whether they are the words of the limit on how fast one may ask, not on how much. Older servers name abuse.
fn is_haste(message: &str) -> bool {
    message.contains("secondary rate limit") || message.contains("abuse detection")
}

/// What people read when GitHub refuses: what is wrong, and what to do about it.
#[must_use]
pub(in crate::forge) fn explain(error: &ApiError, at: &GitHub, reads: Reads, has_token: bool) -> (String, String) {
    let (host, repository) = (at.api.host(), &at.repository);
    let owner = repository.split('/').next().unwrap_or_default();
    let (things, needs) = (things(reads), scope(reads));
    let page = token_page(at).map(|page| format!(" at {}", page.as_str())).unwrap_or_default();
    let found = error.detail.to_ascii_lowercase();
    match error.kind {
        ProblemKind::Unauthorized | ProblemKind::Expired if has_token => (
            format!("{host} refuses the token for {repository}."),
            format!("It was mistyped, has expired or was revoked (GitHub doesn't say which). Make a new one{page} with the permission {needs}, and enter it under Connections."),
        ),
        ProblemKind::Unauthorized | ProblemKind::Expired => (
            format!("{host} needs a token to show the {things} of {repository}."),
            format!("Make one{page} with the permission {needs}, and enter it under Connections."),
        ),
        ProblemKind::Forbidden if error.code == SSO || found.contains("saml") => (
            format!("{owner} lets in only tokens that are authorized for its single sign-on."),
            format!("On GitHub, in the list of your tokens, choose Configure SSO next to this one and authorize it for {owner}; or make a fine-grained token{page} whose resource owner is {owner}."),
        ),
        ProblemKind::Forbidden if has_token => (
            format!("The token may not read the {things} of {repository}."),
            format!("It needs the permission {needs} for this repository, or the scope repo if it is a classic one. An owner of {owner} may have to approve it first."),
        ),
        ProblemKind::Forbidden => (
            format!("{host} does not show the {things} of {repository} without a token."),
            format!("Make one{page} with the permission {needs}, and enter it under Connections."),
        ),
        ProblemKind::NotFound if has_token => (
            format!("{host} shows this token no such {things} of {repository}."),
            format!("Either they are gone, or the name in config.json is wrong, or the token cannot see the repository (GitHub doesn't say which): check that it has access to {repository} with the permission {needs}."),
        ),
        ProblemKind::NotFound => (
            format!("{host} shows no such {things} of {repository}."),
            format!("If the repository is private, make a token{page} with the permission {needs}, and enter it under Connections. Otherwise they are gone, or the name in config.json is wrong."),
        ),
        // Only the limit on haste has a time to wait; the hour's has its end.
        ProblemKind::RateLimited if is_haste(&found) || error.retry_after.is_some() => (
            format!("{host} is limiting requests: too many at once."),
            "Retrying more slowly.".to_owned(),
        ),
        ProblemKind::RateLimited if has_token => (
            format!("What {host} answers to this token in an hour is used up."),
            "Retrying when the hour is over. All tokens of one person share one allowance, 5,000 requests as a rule, so something else may have used it.".to_owned(),
        ),
        ProblemKind::RateLimited => (
            format!("What {host} answers in an hour without a token is used up: 60 requests for everybody behind one address."),
            format!("Enter a token under Connections, which raises that to 5,000; it can be made{page}. Without one this page retries when the hour is over."),
        ),
        ProblemKind::Timeout
        | ProblemKind::Offline
        | ProblemKind::Unreachable
        | ProblemKind::Truncated
        | ProblemKind::Server
        | ProblemKind::Unreadable => {
            let check = "Check \"api\" in config.json: for GitHub Enterprise it is https://HOST/api/v3.";
            common(error, &Asked { host, things: &format!("{things} of {repository}"), check })
        }
    }
}

const fn things(reads: Reads) -> &'static str {
    match reads {
        Reads::Runs | Reads::Releases => "workflow runs",
        Reads::Commits => "commits",
        Reads::PullRequests => "pull requests",
        Reads::Approvals => "pending deployments",
        Reads::Manifests => "commits and tags",
        Reads::Statuses => "commit statuses",
        Reads::Environments => "deployments",
    }
}
