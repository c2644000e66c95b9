//! Commits of Azure Repos.

use super::{
    answers::{Links, before_api, filled, href, list, one, time, without_user},
    person::is_email,
    requests::{VERSION, home, read_at},
};
use crate::{
    config::AzureDevOps,
    domain::{commit::Commit, id::CommitId, link::Link, person::Person, problem::ProblemKind},
    http::{ApiError, AuthScheme, Page, Request, Response, encode, secret::Secret},
    json::{self, wire},
};

/// Up to [`super::AT_ONCE`] commits of a repository, by its name or id ("Commits - Get Commits Batch"). One id that
/// the repository does not have may have all of them refused: then [`request_commit`] asks one by one.
pub(super) fn request_commits(
    at: &AzureDevOps,
    repository: &str,
    ids: &[CommitId],
    secret: Option<&Secret>,
) -> Request {
    let question = ids_body(ids);
    Request::post(format!("{}/commitsbatch?{VERSION}", place(at, repository)), question)
        .header("Accept", "application/json")
        .secret(AuthScheme::Basic, secret)
}

/// The ids of commits as such a request has them.
pub(super) fn ids_body(ids: &[CommitId]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| json::quoted(id.as_str())).collect();
    ["{\"ids\":[", &ids.join(","), "]}"].concat()
}

/// Reads the answer to [`request_commits`].
///
/// # Errors
/// When the answer is a refusal or no list.
pub(super) fn parse_commits(response: &Response) -> Result<Page<Commit, ()>, ApiError> {
    list(response, "Commit", understand)
}

/// One commit ("Commits - Get"). Of a short id the service makes what it can.
pub(super) fn request_commit(at: &AzureDevOps, repository: &str, id: &CommitId, secret: Option<&Secret>) -> Request {
    read_at(format!("{}/commits/{}?{VERSION}", place(at, repository), encode(id.as_str())), secret)
}

/// Reads the answer to [`request_commit`].
///
/// # Errors
/// When the answer is a refusal or no commit.
pub(super) fn parse_commit(response: &Response) -> Result<Commit, ApiError> {
    understand(one(response)?).map_err(|why| ApiError::new(ProblemKind::Unreadable, why))
}

#[must_use]
pub(in crate::forge) fn commit_link(at: &AzureDevOps, repository: &str, id: &CommitId) -> Option<Link> {
    Link::new(&format!("{}/_git/{}/commit/{}", home(&at.api, at), encode(repository), encode(id.as_str())))
}

/// Where a repository is for programs.
pub(super) fn place(at: &AzureDevOps, repository: &str) -> String {
    format!("{}/_apis/git/repositories/{}", home(&at.api, at), encode(repository))
}

wire! {
    struct GitCommit {
        commit_id: String = "commitId",
        comment: Option<String>,
        author: Option<GitUser>,
        committer: Option<GitUser>,
        url: Option<String>,
        remote_url: Option<String> = "remoteUrl",
        links: Option<Links> = "_links",
    }

    struct GitUser {
        name: Option<String>,
        email: Option<String>,
        date: Option<String>,
        image_url: Option<String> = "imageUrl",
    }
}

fn understand(commit: GitCommit) -> Result<Commit, String> {
    let id = CommitId::new(&commit.commit_id).ok_or("no id")?;
    let date = |user: &Option<GitUser>| time(user.as_ref()?.date.as_deref());
    let remote = commit.remote_url.as_deref().map(without_user);
    // `…/_apis/git/repositories/{repository}/commits/{id}` is `…/_git/{repository}/commit/{id}` for people.
    let built = || {
        let (_, rest) = commit.url.as_deref()?.split_once("/_apis/git/repositories/")?;
        let (home, repository) = (before_api(commit.url.as_deref())?, rest.split('/').next()?);
        Link::new(&format!("{home}/_git/{repository}/commit/{id}"))
    };
    let link = remote.as_deref().and_then(Link::new).or_else(|| commit.links.and_then(|links| href(links.web)));
    Ok(Commit {
        message: filled(commit.comment),
        at: date(&commit.committer).or_else(|| date(&commit.author)),
        link: link.or_else(built),
        author: commit.author.and_then(author),
        id,
    })
}

fn author(user: GitUser) -> Option<Person> {
    let email = filled(user.email);
    let name = filled(user.name).or_else(|| email.clone())?;
    let image = user.image_url.as_deref().and_then(Link::new);
    Some(Person { name, email: email.filter(|email| is_email(email)), image, url: None })
}
