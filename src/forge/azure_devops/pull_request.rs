//! Pull requests of Azure Repos.

use super::{
    answers::{before_api, branch, filled, list, one, time, without_user, word},
    person::{Identity, person},
    requests::{AT_ONCE, VERSION, home, read_at},
};
use crate::{
    config::AzureDevOps,
    domain::{
        id::{CommitId, PullRequestId},
        link::Link,
        person::Person,
        problem::ProblemKind,
        pull_request::{PullRequest, PullState},
    },
    http::{ApiError, Page, Request, Response, encode, secret::Secret},
    json::{self, Fault, Json, wire},
};

/// A pull request of any repository of the project ("Pull Requests - Get Pull Request By Id").
pub(super) fn request_pull_request(at: &AzureDevOps, id: &PullRequestId, secret: Option<&Secret>) -> Request {
    read_at(format!("{}/_apis/git/pullrequests/{}?{VERSION}", home(&at.api, at), encode(id.as_str())), secret)
}

/// Reads the answer to [`request_pull_request`].
///
/// # Errors
/// When the answer is a refusal or no pull request.
pub(super) fn parse_pull_request(response: &Response) -> Result<PullRequest, ApiError> {
    understand(one(response)?).map_err(|why| ApiError::new(ProblemKind::Unreadable, why))
}

/// The newest hundred of any status, of a repository (by name or id) or of the whole project ("Get Pull Requests",
/// "Get Pull Requests By Project").
pub(super) fn request_pull_requests(at: &AzureDevOps, repository: Option<&str>, secret: Option<&Secret>) -> Request {
    let place = repository.map_or_else(String::new, |name| format!("/repositories/{}", encode(name)));
    let home = home(&at.api, at);
    let address = format!("{home}/_apis/git{place}/pullrequests?searchCriteria.status=all&$top={AT_ONCE}&{VERSION}");
    read_at(address, secret)
}

/// Reads the answer to [`request_pull_requests`].
///
/// # Errors
/// When the answer is a refusal or no list.
pub(super) fn parse_pull_requests(response: &Response) -> Result<Page<PullRequest, ()>, ApiError> {
    list(response, "Pull request", understand)
}

wire! {
    struct GitPullRequest<'a> {
        pull_request_id: u64 = "pullRequestId",
        status: Option<String>,
        is_draft: Option<bool> = "isDraft",
        title: Option<String>,
        source_ref_name: Option<String> = "sourceRefName",
        creation_date: Option<String> = "creationDate",
        closed_date: Option<String> = "closedDate",
        created_by: Option<Identity> = "createdBy",
        closed_by: Option<Identity> = "closedBy",
        reviewers: Option<Vec<Json<'a>>>,
        last_merge_commit: Option<MergeCommit> = "lastMergeCommit",
        repository: Option<GitRepository>,
    }

    /// What a reviewer is beside a person or a group.
    struct Vote {
        vote: Option<i64>,
        is_required: Option<bool> = "isRequired",
        has_declined: Option<bool> = "hasDeclined",
        voted_for: Option<Vec<Identity>> = "votedFor",
    }
}

impl Vote {
    fn approves(&self) -> bool {
        self.vote.unwrap_or(0) > 0
    }

    fn must(&self) -> bool {
        self.is_required == Some(true)
    }
}

wire! {
    struct MergeCommit {
        commit_id: Option<String> = "commitId",
    }

    struct GitRepository {
        id: Option<String>,
        name: Option<String>,
        url: Option<String>,
        web_url: Option<String> = "webUrl",
        remote_url: Option<String> = "remoteUrl",
        project: Option<TeamProject>,
    }

    struct TeamProject {
        id: Option<String>,
        name: Option<String>,
    }
}

fn understand(pull: GitPullRequest<'_>) -> Result<PullRequest, String> {
    let id = PullRequestId::new(&pull.pull_request_id.to_string()).ok_or("no id")?;
    let state = state(pull.status.as_deref());
    let merged = state == PullState::Merged;
    let home = pull.repository.as_ref().and_then(home_of);
    let reviewers = pull.reviewers.filter(|_| state == PullState::Open).unwrap_or_default();
    let waits_for = waits_for(&reviewers).map_err(|error| format!("its reviewers: {error}"))?;
    let merge_commit = pull.last_merge_commit.and_then(|commit| commit.commit_id);
    Ok(PullRequest {
        draft: pull.is_draft == Some(true),
        title: filled(pull.title),
        link: home.and_then(|home| Link::new(&format!("{home}/pullrequest/{id}"))),
        branch: branch(pull.source_ref_name.as_deref()),
        created: time(pull.creation_date.as_deref()),
        ended: time(pull.closed_date.as_deref()).filter(|_| state != PullState::Open),
        author: person(pull.created_by),
        merged_by: person(pull.closed_by).filter(|_| merged),
        waits_for,
        // While it is open this is the merge that the service tries, which no branch holds.
        merge_commit: merge_commit.as_deref().and_then(CommitId::new).filter(|_| merged),
        ..PullRequest::new(id, state)
    })
}

/// `PullRequestStatus`.
pub(super) fn state(status: Option<&str>) -> PullState {
    match word(status).as_str() {
        "active" => PullState::Open,
        "completed" => PullState::Merged,
        "abandoned" => PullState::Abandoned,
        _ => PullState::Unknown,
    }
}

/// Votes are 10 approved, 5 approved with suggestions, 0 none, -5 waiting for the author, -10 rejected. Where somebody
/// must approve, those who must and have not; else all who have not voted. A group is satisfied by a member's vote.
fn waits_for(reviewers: &[Json<'_>]) -> Result<Vec<Person>, Fault> {
    let mut votes: Vec<(Identity, Vote)> = Vec::with_capacity(reviewers.len());
    for reviewer in reviewers {
        votes.push((json::from_json(reviewer)?, json::from_json(reviewer)?));
    }
    let approving = votes.iter().map(|(_, vote)| vote).filter(|vote| vote.approves());
    let satisfied: Vec<String> =
        approving.flat_map(|vote| vote.voted_for.iter().flatten()).filter_map(|group| group.id.clone()).collect();
    let any_must = votes.iter().any(|(_, vote)| vote.must());
    let waits = |(who, vote): &(Identity, Vote)| {
        let open = if any_must {
            vote.must() && !vote.approves()
        } else {
            vote.vote.unwrap_or(0) == 0 && vote.has_declined != Some(true)
        };
        open && !who.id.as_ref().is_some_and(|id| satisfied.contains(id))
    };
    Ok(votes.into_iter().filter(waits).filter_map(|(who, _)| person(Some(who))).collect())
}

/// Where people see a repository: its own link, or Git's address does, or it is put together.
fn home_of(repository: &GitRepository) -> Option<String> {
    let found = [&repository.web_url, &repository.remote_url].into_iter().flatten().map(|url| without_user(url));
    if let Some(home) = found.into_iter().find(|url| Link::new(url).is_some()) {
        return Some(home);
    }
    let home = before_api(repository.url.as_deref())?;
    let name = encode(repository.name.as_deref().or(repository.id.as_deref())?);
    let project = repository.project.as_ref();
    // The address of an API may hold the project's id already.
    let holds = project.and_then(|project| project.id.as_deref()).is_some_and(|id| home.ends_with(id));
    match project.and_then(|project| project.name.as_deref()).filter(|_| !holds) {
        Some(project) => Some(format!("{home}/{}/_git/{name}", encode(project))),
        None => Some(format!("{home}/_git/{name}")),
    }
}
