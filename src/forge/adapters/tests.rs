//! Whether an answer is taken for another thing than it is about.

use super::*;
use crate::{
    domain::{
        fact::Fact,
        id::{PullRequestId, RunId},
    },
    forge::key::{RepoResource, Repositories, Resource},
    http::Response,
};

/// The answer to a call for one thing.
fn answered(kind: CallKind, resource: Resource, body: &str) -> Result<ParsedAnswer, ApiError> {
    let public = crate::config::Forge::GitHub(github::public().unwrap());
    let key = ResourceKey { repo: Repositories::default().intern(public), resource };
    let call = Call { keys: vec![key], etag: None, kind };
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    read(&call, &Response { status: 200, headers, body: body.into() })
}

fn run() -> Resource {
    Resource::Run(RunId::new("71").unwrap())
}

fn pull() -> Resource {
    Resource::PullRequest(PullRequestId::new("71").unwrap())
}

fn id() -> CommitId {
    CommitId::new("710a12d").unwrap()
}

fn old() -> CommitId {
    CommitId::new("beef123").unwrap()
}

const GITHUB_JOB: CallKind = CallKind::GitHub(github::CallKind::Job);
const GITHUB_RUN: CallKind = CallKind::GitHub(github::CallKind::Run);
const GITHUB_PULL: CallKind = CallKind::GitHub(github::CallKind::PullRequest);
const GITHUB_REPO: CallKind = CallKind::GitHub(github::CallKind::Repo);
const GITLAB: CallKind = CallKind::GitLab(gitlab::CallKind::Resource);
const GITLAB_JOBS: CallKind = CallKind::GitLab(gitlab::CallKind::Jobs);
const AZURE_PULL: CallKind = CallKind::AzureDevOps(azure_devops::CallKind::PullRequest);
const AZURE_STAGES: CallKind = CallKind::AzureDevOps(azure_devops::CallKind::Stages);
const AZURE_REPO: CallKind = CallKind::AzureDevOps(azure_devops::CallKind::Repo);

/// What was asked for has 71 in the place of ID.
#[test]
fn an_answer_about_another_is_not_taken_for_this_one() {
    use RepoResource::{Between, BranchPullRequest, Contains, History, Outcome, Parents, Statuses, TagObject};
    #[track_caller]
    fn check(kind: CallKind, resource: Resource, body: &str) {
        let read = |id: &str| answered(kind.clone(), resource.clone(), &body.replace("ID", id));
        let found = read("71").map(|answer| !answer.facts.is_empty() || answer.parts.is_some());
        assert_eq!(found.map_err(|error| error.detail), Ok(true), "{body}");
        assert_eq!(read("72").unwrap_err().kind, ProblemKind::Unreadable, "{body}");
    }
    let tag = || TagObject("710a12d0".into());
    let branch = || BranchPullRequest("topic-71".into());
    let commit = || Resource::Commit(id());

    check(GITHUB_JOB, run(), r#"{"id":ID,"status":"completed","conclusion":"success"}"#);
    check(GITHUB_RUN, run(), r#"{"id":ID,"status":"completed","conclusion":"success"}"#);
    check(GITHUB_PULL, pull(), r#"{"number":ID,"state":"open"}"#);
    check(CallKind::GitHub(github::CallKind::Commit(id())), commit(), r#"{"sha":"ID0a12d"}"#);
    check(GITHUB_REPO, Resource::Repo(History(id())), r#"[{"sha":"ID0a12d","parents":[]}]"#);
    check(
        GITHUB_REPO,
        Resource::Repo(tag()),
        r#"{"tag":"flux-east","sha":"ID0a12d0","object":{"type":"commit","sha":"beef123"}}"#,
    );
    check(
        GITHUB_REPO,
        Resource::Repo(Statuses(id(), 1)),
        r#"{"sha":"ID0a12d","statuses":[{"context":"c","state":"success"}]}"#,
    );
    check(
        GITHUB_REPO,
        Resource::Repo(Outcome("71".into())),
        r#"[{"state":"success","deployment_url":"https://a.example/ID"}]"#,
    );
    let compared = r#"{"ahead_by":1,"behind_by":0,"base_commit":{"sha":"ID0a12d"}}"#;
    check(GITHUB_REPO, Resource::Repo(Contains(id(), old())), compared);
    check(GITHUB_REPO, Resource::Repo(Between(id(), old())), compared);
    check(GITHUB_REPO, Resource::Repo(branch()), r#"[{"number":1,"state":"open","head":{"ref":"topic-ID"}}]"#);

    check(GITLAB, run(), r#"{"id":ID,"status":"success"}"#);
    check(GITLAB_JOBS, run(), r#"[{"id":1,"stage":"s","status":"success","pipeline":{"id":ID}}]"#);
    check(GITLAB, pull(), r#"{"iid":ID,"state":"opened"}"#);
    check(CallKind::GitLab(gitlab::CallKind::Commit(id())), commit(), r#"{"id":"ID0a12d"}"#);
    check(GITLAB, Resource::Repo(History(id())), r#"[{"id":"ID0a12d","parent_ids":[]}]"#);
    check(GITLAB, Resource::Repo(Statuses(id(), 1)), r#"[{"id":1,"name":"c","status":"success","sha":"ID0a12d"}]"#);
    check(GITLAB, Resource::Repo(Between(old(), id())), r#"{"commit":{"id":"ID0a12d"},"commits":[{}]}"#);

    check(AZURE_PULL, pull(), r#"{"pullRequestId":ID,"status":"active"}"#);
    check(AZURE_STAGES, run(), r#"{"records":[],"url":"https://a.example/p/_apis/build/Builds/ID/Timeline/0f4e"}"#);
    check(CallKind::AzureDevOps(azure_devops::CallKind::Commit(id())), commit(), r#"{"commitId":"ID0a12d"}"#);
    check(AZURE_REPO, Resource::Repo(History(id())), r#"{"value":[{"commitId":"ID0a12d","parents":[]}]}"#);
    check(AZURE_REPO, Resource::Repo(Parents(id())), r#"{"commitId":"ID0a12d","parents":[]}"#);
    let tag_object =
        r#"{"name":"t","objectId":"ID0A12D0","taggedObject":{"objectType":"commit","objectId":"beef123"}}"#;
    check(AZURE_REPO, Resource::Repo(tag()), tag_object);
    let diffs = r#"{"aheadCount":1,"behindCount":0,"targetCommit":"ID0a12d"}"#;
    check(AZURE_REPO, Resource::Repo(Contains(old(), id())), diffs);
    check(AZURE_REPO, Resource::Repo(Between(old(), id())), diffs);
    check(
        AZURE_REPO,
        Resource::Repo(branch()),
        r#"{"value":[{"status":"active","sourceRefName":"refs/heads/topic-ID"}]}"#,
    );
}

/// Where it is not reported what an answer is about, it is taken for what was asked for.
#[test]
fn an_answer_that_names_nothing_is_taken() {
    #[track_caller]
    fn check(kind: CallKind, resource: Resource, body: &str) {
        assert!(answered(kind, resource, body).is_ok(), "{body}");
    }
    check(GITLAB_JOBS, run(), r#"[{"id":1,"stage":"s","status":"success","pipeline":null},{"id":2,"stage":"s"}]"#);
    check(AZURE_STAGES, run(), r#"{"records":[],"url":"https://a.example/timelines/7"}"#);
    check(AZURE_REPO, Resource::Repo(RepoResource::Contains(old(), id())), r#"{"aheadCount":1,"behindCount":0}"#);
    check(GITHUB_REPO, Resource::Repo(RepoResource::BranchPullRequest("topic".into())), "[]");
}

/// Of a list each item is held to its own id.
#[test]
fn in_a_list_nothing_is_taken_for_another() {
    #[track_caller]
    fn check(kind: CallKind, resource: Resource, body: &str) {
        let read = |id: &str| answered(kind.clone(), resource.clone(), &body.replace("ID", id)).unwrap();
        let value = |answer: &ParsedAnswer| {
            let fact = answer.facts.first().filter(|(key, _)| key.resource == resource).map(|(_, fact)| fact.clone());
            fact.filter(|fact| *fact != Fact::Gone && *fact != Fact::Approvals(Vec::new()))
        };
        assert!(value(&read("71")).is_some(), "{body}");
        let other = read("72");
        assert_eq!(value(&other), None, "{body}");
        assert!(other.besides.iter().all(|(key, _)| key.resource != resource), "{body}");
    }
    let azure = CallKind::AzureDevOps;
    check(azure(azure_devops::CallKind::Builds), run(), r#"{"value":[{"id":ID,"status":"inProgress"}]}"#);
    let release = Resource::Release(RunId::new("71").unwrap());
    check(azure(azure_devops::CallKind::Releases), release, r#"{"value":[{"id":ID,"status":"active"}]}"#);
    let commits = azure_devops::CallKind::Commits(vec![id()]);
    check(azure(commits), Resource::Commit(id()), r#"{"value":[{"commitId":"ID0a12d"}]}"#);
    let pulls = azure_devops::CallKind::PullRequests(None);
    check(azure(pulls), pull(), r#"{"value":[{"pullRequestId":ID,"status":"active"}]}"#);
    let statuses = RepoResource::Statuses(id(), 1);
    check(AZURE_REPO, Resource::Repo(statuses), r#"{"value":[{"commitId":"ID0a12d","statuses":[]}]}"#);
    let approvals = Resource::Approvals("71000000-0000-0000-0000-000000000000".into());
    let approval = r#"{"value":[{"id":"ID000000-0000-0000-0000-000000000000","status":"pending"}]}"#;
    check(azure(azure_devops::CallKind::Approvals), approvals, approval);
}
