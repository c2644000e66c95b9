//! The shapes of answers, and what they mean. GraphQL is asked for under the REST API's names where that has one, so
//! that one shape reads both.

use super::words;
use crate::{
    domain::{
        commit,
        deployment::Status,
        id::{Branch, CommitId, PullRequestId, Repository},
        link::Link,
        person::Person,
        pull_request::{PullRequest, PullState},
        run::{Run, RunPart},
        time::Timestamp,
    },
    json::{Faults, FromJson, Json, wire},
};

wire! {
    /// A person or a bot; in GraphQL an actor.
    pub(super) struct User {
        login: Option<String>,
        /// A team has a name instead of a login, and no picture.
        name: Option<String>,
        avatar_url: Option<String>,
        html_url: Option<String>,
    }
}

impl User {
    pub(super) fn person(&self) -> Option<Person> {
        let name = filled(&self.login).or_else(|| filled(&self.name))?;
        Some(Person { name: name.into(), email: None, image: link(&self.avatar_url), url: link(&self.html_url) })
    }
}

wire! {
    /// Who wrote a commit, by the commit itself.
    pub(super) struct Author {
        name: Option<String>,
        email: Option<String>,
        date: Option<String>,
        /// Only in GraphQL: a picture for the address.
        avatar_url: Option<String>,
        /// Only in GraphQL: whose address it is. The schema has null where nobody has it.
        user: Option<User>,
    }
}

impl Author {
    /// The commit's own name, which is how people write themselves, with the account's picture and page.
    fn person(&self, account: Option<&User>) -> Option<Person> {
        let account = account.or(self.user.as_ref());
        let login = account.and_then(|a| filled(&a.login));
        let name = filled(&self.name).or(login).or_else(|| filled(&self.email))?;
        Some(Person {
            name: name.into(),
            email: filled(&self.email).map(Into::into),
            image: account.and_then(|a| link(&a.avatar_url)).or_else(|| link(&self.avatar_url)),
            url: account.and_then(|a| link(&a.html_url)),
        })
    }
}

wire! {
    /// A commit of the REST API.
    pub(super) struct Commit {
        sha: String,
        html_url: Option<String>,
        commit: Option<CommitText>,
        /// The account whose e-mail address the author has; null where nobody has it.
        author: Option<User>,
    }

    struct CommitText {
        message: Option<String>,
        author: Option<Author>,
        committer: Option<Author>,
    }
}

impl Commit {
    pub(super) fn commit(self) -> Option<commit::Commit> {
        let text = self.commit.as_ref();
        let author = text.and_then(|t| t.author.as_ref());
        let committer = text.and_then(|t| t.committer.as_ref());
        let account = self.author.as_ref();
        Some(commit::Commit {
            id: CommitId::new(&self.sha)?,
            message: text.and_then(|t| filled(&t.message)).map(Into::into),
            author: author.and_then(|a| a.person(account)).or_else(|| account.and_then(User::person)),
            at: committer.and_then(|c| time(&c.date)).or_else(|| author.and_then(|a| time(&a.date))),
            link: link(&self.html_url),
        })
    }
}

wire! {
    /// A commit of GraphQL.
    pub(super) struct CommitObject {
        sha: String,
        html_url: Option<String>,
        message: Option<String>,
        committed_at: Option<String>,
        author: Option<Author>,
    }
}

impl CommitObject {
    pub(super) fn commit(self) -> Option<commit::Commit> {
        Some(commit::Commit {
            id: CommitId::new(&self.sha)?,
            message: filled(&self.message).map(Into::into),
            author: self.author.as_ref().and_then(|a| a.person(None)),
            at: time(&self.committed_at),
            link: link(&self.html_url),
        })
    }
}

wire! {
    /// A job; in GraphQL the check run that GitHub Actions keeps for it, with what its suite has added.
    pub(super) struct Job {
        pub(super) id: Option<u64>,
        pub(super) name: Option<String>,
        pub(super) workflow_name: Option<String>,
        pub(super) html_url: Option<String>,
        status: Option<String>,
        conclusion: Option<String>,
        created_at: Option<String>,
        pub(super) started_at: Option<String>,
        completed_at: Option<String>,
        pub(super) head_sha: Option<String>,
        pub(super) head_branch: Option<String>,
        steps: Option<Vec<Step>>,
    }

    struct Step {
        name: Option<String>,
        status: Option<String>,
        conclusion: Option<String>,
        started_at: Option<String>,
        completed_at: Option<String>,
    }
}

impl Step {
    fn part(&self) -> RunPart {
        RunPart {
            waits_for: Vec::new(),
            approvals: Vec::new(),
            name: filled(&self.name).unwrap_or("step").into(),
            status: words::step(self.status.as_deref(), self.conclusion.as_deref()),
            warned: false,
            started: time(&self.started_at),
            ended: time(&self.completed_at),
        }
    }
}

impl Job {
    /// A job has no starter; its run has. Its steps are reported only when the job failed by one of them: which one is
    /// all that people want to know of them.
    pub(super) fn run(&self) -> Run {
        let status = words::status(self.status.as_deref(), self.conclusion.as_deref());
        let parts: Vec<RunPart> = self.steps.iter().flatten().map(Step::part).collect();
        let by_step = status == Status::Failed && parts.iter().any(|part| part.status == Status::Failed);
        Run {
            name: words::job_name(self.workflow_name.as_deref(), self.name.as_deref()),
            link: link(&self.html_url),
            queued: time(&self.created_at),
            // One that somebody has to approve has a begin too.
            started: begun(status, time(&self.started_at)).filter(|_| status != Status::Waiting),
            ended: over(status, time(&self.completed_at)),
            commit: id(&self.head_sha),
            branch: self.head_branch.as_deref().and_then(Branch::new),
            repository: home(&self.html_url),
            parts: if by_step { parts } else { Vec::new() },
            approvals: pending(self.status.as_deref(), &self.html_url),
            ..Run::new(status)
        }
    }
}

wire! {
    /// A workflow run; in GraphQL with what its suite has added.
    pub(super) struct WorkflowRun {
        pub(super) id: Option<u64>,
        pub(super) name: Option<String>,
        run_number: Option<u64>,
        pub(super) html_url: Option<String>,
        pub(super) status: Option<String>,
        pub(super) conclusion: Option<String>,
        created_at: Option<String>,
        pub(super) run_started_at: Option<String>,
        updated_at: Option<String>,
        pub(super) head_sha: Option<String>,
        pub(super) head_branch: Option<String>,
        pub(super) actor: Option<User>,
        triggering_actor: Option<User>,
        /// Only in GraphQL.
        pub(super) workflow: Option<Named>,
    }

    pub(super) struct Named {
        pub(super) name: Option<String>,
    }
}

impl WorkflowRun {
    /// No field has the time when it ended; nothing changes a run that is over, so that is when it was last changed.
    pub(super) fn run(&self) -> Run {
        let status = words::status(self.status.as_deref(), self.conclusion.as_deref());
        let starter = self.actor.as_ref().and_then(User::person);
        Run {
            name: words::run_name(self.name.as_deref(), self.run_number),
            link: link(&self.html_url),
            queued: time(&self.created_at),
            started: begun(status, time(&self.run_started_at)),
            ended: over(status, time(&self.updated_at)),
            commit: id(&self.head_sha),
            branch: self.head_branch.as_deref().and_then(Branch::new),
            repository: home(&self.html_url),
            starter: starter.or_else(|| self.triggering_actor.as_ref().and_then(User::person)),
            approvals: pending(self.status.as_deref(), &self.html_url),
            ..Run::new(status)
        }
    }
}

wire! {
    pub(super) struct Pull {
        number: u64,
        title: Option<String>,
        html_url: Option<String>,
        state: Option<String>,
        draft: Option<bool>,
        merged: Option<bool>,
        created_at: Option<String>,
        closed_at: Option<String>,
        merged_at: Option<String>,
        user: Option<User>,
        merged_by: Option<User>,
        merge_commit_sha: Option<String>,
        head: Option<Head>,
        requested_reviewers: Option<Vec<User>>,
        requested_teams: Option<Vec<User>>,
        /// Only in GraphQL, in place of `head`, which a branch that is gone would leave empty.
        head_ref: Option<String>,
        /// Only in GraphQL.
        merge_commit: Option<MergeCommit>,
        /// Only in GraphQL, in place of reviewers and teams.
        review_requests: Option<Nodes<ReviewRequest>>,
    }

    struct Head {
        name: Option<String> = "ref",
    }

    struct MergeCommit {
        sha: Option<String>,
    }

    struct ReviewRequest {
        reviewer: Option<User>,
    }
}

/// A list of GraphQL, in which any item may be missing.
pub(super) struct Nodes<T> {
    nodes: Option<Vec<Option<T>>>,
    page: Option<PageInfo>,
}

wire! {
    struct PageInfo {
        more: Option<bool>,
    }
}

impl<'a, T: FromJson<'a>> FromJson<'a> for Nodes<T> {
    fn read(json: &Json<'a>, faults: &mut Faults) -> Self {
        let members = json.members(faults);
        Self { nodes: members.field("nodes", faults), page: members.field("page", faults) }
    }
}

impl<T> Nodes<T> {
    /// Whether the list has another page, where that was asked for.
    pub(super) fn has_more(&self) -> bool {
        self.page.as_ref().is_some_and(|page| page.more == Some(true))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.nodes.iter().flatten().flatten()
    }

    pub(super) fn into_iter(self) -> impl Iterator<Item = T> {
        self.nodes.into_iter().flatten().flatten()
    }
}

impl Pull {
    /// `merge_commit_sha` of one that is not merged names a commit that GitHub made only to try the merge.
    pub(super) fn pull_request(&self) -> Option<PullRequest> {
        let merged = self.merged.unwrap_or(self.merged_at.is_some());
        let state = words::pull_state(self.state.as_deref(), merged);
        let is_merged = state == PullState::Merged;
        let ended = match state {
            PullState::Merged => time(&self.merged_at).or_else(|| time(&self.closed_at)),
            PullState::Abandoned => time(&self.closed_at),
            PullState::Open | PullState::Unknown => None,
        };
        let merge_commit = self.merge_commit.as_ref().and_then(|c| id(&c.sha)).or_else(|| id(&self.merge_commit_sha));
        let head = self.head.as_ref().and_then(|h| h.name.as_deref()).or(self.head_ref.as_deref());
        Some(PullRequest {
            draft: self.draft.unwrap_or(false),
            title: filled(&self.title).map(Into::into),
            link: link(&self.html_url),
            branch: head.and_then(Branch::new),
            created: time(&self.created_at),
            ended,
            author: self.user.as_ref().and_then(User::person),
            merged_by: self.merged_by.as_ref().and_then(User::person).filter(|_| is_merged),
            waits_for: if state == PullState::Open { self.reviewers() } else { Vec::new() },
            merge_commit: merge_commit.filter(|_| is_merged),
            ..PullRequest::new(PullRequestId::new(&self.number.to_string())?, state)
        })
    }

    fn reviewers(&self) -> Vec<Person> {
        let rest = self.requested_reviewers.iter().chain(&self.requested_teams).flatten();
        let many = self.review_requests.iter().flat_map(Nodes::iter).filter_map(|request| request.reviewer.as_ref());
        rest.chain(many).filter_map(User::person).collect()
    }
}

pub(super) fn filled(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|text| !text.trim().is_empty())
}

fn link(text: &Option<String>) -> Option<Link> {
    text.as_deref().and_then(Link::new)
}

pub(super) fn time(text: &Option<String>) -> Option<Timestamp> {
    text.as_deref().and_then(Timestamp::parse)
}

pub(super) fn id(text: &Option<String>) -> Option<CommitId> {
    text.as_deref().and_then(CommitId::new)
}

/// GitHub gives a job that still waits for its turn a time of start as well.
fn begun(status: Status, started: Option<Timestamp>) -> Option<Timestamp> {
    started.filter(|_| status != Status::Queued)
}

/// A run that is not over has been changed last at some time too.
fn over(status: Status, ended: Option<Timestamp>) -> Option<Timestamp> {
    ended.filter(|_| !status.is_under_way())
}

/// The number of the workflow run whose environments it waits for: that in the address of its page, which jobs have
/// too.
fn pending(phase: Option<&str>, page: &Option<String>) -> Option<Box<str>> {
    if !phase.is_some_and(|phase| phase.eq_ignore_ascii_case("waiting")) {
        return None;
    }
    let (_, rest) = page.as_deref()?.split_once("/actions/runs/")?;
    let number = rest.split(['/', '?', '#']).next()?;
    (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then(|| number.into())
}

/// The repository that a page is about: `https://github.com/owner/name` of what lies below it.
fn home(page: &Option<String>) -> Option<Repository> {
    let page = link(page)?;
    let (scheme, rest) = page.as_str().split_once("://")?;
    match rest.split('/').collect::<Vec<_>>().as_slice() {
        [host, owner, name, _, ..] if !owner.is_empty() && !name.is_empty() => {
            Repository::new(&format!("{scheme}://{host}/{owner}/{name}"))
        }
        _ => None,
    }
}
