//! What a forge reports of one resource: the value that an adapter makes of an answer, and that everything else reads.

use std::sync::Arc;

use super::{
    commit::Commit,
    link::Link,
    manifests::{BranchEnd, CommitStatus, Compared, EnvironmentDeployment, ListPage, Listed, Log, Outcome, Tag},
    pull_request::{PullRequest, PullState},
    run::{Approval, Run},
};

/// What a forge reports of a resource. What rows share (runs, commits, pull requests) is behind an [`Arc`], so that a
/// copy for a row costs no texts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fact {
    /// A run.
    Run(Arc<Run>),
    /// A commit.
    Commit(Arc<Commit>),
    /// A pull request.
    PullRequest(Arc<PullRequest>),
    /// A project that rows name by its number.
    Project {
        /// `group/name`
        path: Box<str>,
        /// Where to see it.
        web: Link,
    },
    /// What a run waits for.
    Approvals(Vec<Approval>),
    /// A commit's parents.
    Listed(Listed),
    /// What the object of an annotated tag is on.
    Tag(Tag),
    /// How two commits stand to each other.
    Compared {
        /// How many commits the newer has that the older has not.
        ahead: Option<u32>,
        /// The older is contained in the newer.
        is_ancestor: Option<bool>,
    },
    /// The newest commits of a branch, or those from one on.
    Log(Log),
    /// A page of tags.
    Tags(ListPage<Tag>),
    /// A page of the statuses of a commit.
    Statuses(ListPage<CommitStatus>),
    /// A page of deployments to environments, the newest first.
    Deployments(ListPage<EnvironmentDeployment>),
    /// What became of one.
    Outcome(Option<Outcome>),
    /// Whether a branch has ended.
    Branch(Option<BranchEnd>),
    /// How the newest pull request of a branch stands, where there is one.
    BranchPullRequest(Option<PullState>),
    /// There is no such resource, or no more: an expired build.
    Gone,
}

impl From<Run> for Fact {
    fn from(run: Run) -> Self {
        Self::Run(Arc::new(run))
    }
}

impl From<Commit> for Fact {
    fn from(commit: Commit) -> Self {
        Self::Commit(Arc::new(commit))
    }
}

impl From<PullRequest> for Fact {
    fn from(pull_request: PullRequest) -> Self {
        Self::PullRequest(Arc::new(pull_request))
    }
}

impl From<Compared> for Fact {
    fn from(Compared { ahead, is_ancestor }: Compared) -> Self {
        Self::Compared { ahead: Some(ahead), is_ancestor: Some(is_ancestor) }
    }
}
