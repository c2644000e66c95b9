//! What GitLab refuses, and what people read of it.

use super::access::{scope, token_page};
use crate::{
    config::GitLab,
    domain::problem::ProblemKind,
    forge::{
        answer,
        capabilities::Reads,
        explain::{Asked, common},
    },
    http::{ApiError, Response},
    json::{self, FromJson, Text, wire},
};

wire! {
    struct Refusal {
        /// A text, or for some refusals a list or an object of them.
        message: Text,
        error: Option<String>,
        error_description: Option<String>,
    }
}

/// Reads the JSON of a successful answer.
pub(super) fn read<'a, T: FromJson<'a>>(response: &'a Response) -> Result<T, ApiError> {
    answer::read(response, words).map_err(|mut error| {
        let expired = error.kind == ProblemKind::Unauthorized && error.detail.to_ascii_lowercase().contains("expired");
        if expired {
            error.kind = ProblemKind::Expired;
        }
        // A project that has moved answers with its new address.
        if matches!(error.status, 301 | 302 | 307 | 308) {
            error.kind = ProblemKind::NotFound;
        }
        error
    })
}

fn words(body: &str) -> (String, String) {
    // The message for who is blocked for a while is plain text.
    let Ok(refusal) = json::from_str::<Refusal>(body) else {
        return (String::new(), body.lines().next().unwrap_or_default().chars().take(200).collect());
    };
    (refusal.error.unwrap_or_default(), refusal.error_description.or(refusal.message.0).unwrap_or_default())
}

/// What of a project it is about.
const fn things(reads: Reads) -> &'static str {
    match reads {
        Reads::Runs | Reads::Releases => "pipelines",
        Reads::Commits => "commits",
        Reads::PullRequests => "merge requests",
        Reads::Manifests => "commits and tags",
        Reads::Statuses => "commit statuses",
        Reads::Environments | Reads::Approvals => "deployments",
    }
}

/// What people read when GitLab refuses: what is wrong, and what to do about it.
#[must_use]
pub(in crate::forge) fn explain(error: &ApiError, at: &GitLab, reads: Reads, has_token: bool) -> (String, String) {
    let (host, project) = (at.api.host(), &at.project);
    let (things, needs) = (things(reads), scope(reads));
    let page = token_page(at).map(|page| format!(" at {}", page.as_str())).unwrap_or_default();
    let make = format!("Make one{page} with the scope {needs}, and enter it under Connections.");
    match error.kind {
        ProblemKind::Expired => (format!("The token for {host} has expired."), make.replacen("Make one", "Make a new one", 1)),
        ProblemKind::Unauthorized if has_token => (
            format!("{host} refuses the token."),
            format!("It was mistyped or revoked, or it is another server's. {}", make.replacen("Make one", "Make a new one", 1)),
        ),
        ProblemKind::Unauthorized => (format!("{host} needs a token to show the {things} of project {project}."), make),
        ProblemKind::Forbidden if error.code == "insufficient_scope" => (
            format!("The token for {host} lacks the scope {needs}."),
            make.replacen("Make one", "Make a new one", 1),
        ),
        ProblemKind::Forbidden if has_token => (
            format!("The token may not read the {things} of project {project}."),
            format!("Who made it needs at least the role Reporter there, and it the scope {needs}. {host} also answers so to an address that it has blocked for a while."),
        ),
        ProblemKind::Forbidden => (
            format!("{host} does not show the {things} of project {project} without a token."),
            format!("{make} It also answers so to an address that it has blocked for a while."),
        ),
        ProblemKind::NotFound if has_token => (
            format!("{host} shows this token no such {things} of project {project}."),
            "Either they are gone, or the project has moved or is another one, or whoever made the token is not a member of it (GitLab doesn't say which).".to_owned(),
        ),
        ProblemKind::NotFound => (
            format!("{host} shows no such {things} of project {project}."),
            format!("If the project is private: {} Otherwise they are gone, or the project has moved.", make.replacen("Make", "make", 1)),
        ),
        ProblemKind::RateLimited if has_token => (
            format!("{host} is limiting requests."),
            "Retrying more slowly.".to_owned(),
        ),
        ProblemKind::RateLimited => (
            format!("{host} is limiting requests without a token."),
            format!("Retrying more slowly. With a token it allows four times as much. {make}"),
        ),
        ProblemKind::Timeout
        | ProblemKind::Offline
        | ProblemKind::Unreachable
        | ProblemKind::Truncated
        | ProblemKind::Server
        | ProblemKind::Unreadable => {
            let check = "Check \"api\" in config.json: it is https://HOST/api/v4.";
            common(error, &Asked { host, things: &format!("{things} of project {project}"), check })
        }
    }
}
