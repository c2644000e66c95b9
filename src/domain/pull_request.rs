//! The approval of a change: a pull request, or a merge request.

use super::{
    id::{Branch, CommitId, PullRequestId},
    link::Link,
    person::Person,
    status::Status,
    time::Timestamp,
};

/// What became of a pull request.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PullState {
    /// Somebody has yet to decide.
    Open,
    /// Its change is in.
    Merged,
    /// Closed without a merge.
    Abandoned,
    /// Not known.
    Unknown,
}

impl PullState {
    /// What that makes of the stage.
    #[must_use]
    pub const fn status(self) -> Status {
        match self {
            Self::Open => Status::Waiting,
            Self::Merged => Status::Succeeded,
            Self::Abandoned => Status::Canceled,
            Self::Unknown => Status::Unknown,
        }
    }
}

/// A pull request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PullRequest {
    /// Its number: GitLab's `iid`.
    pub id: PullRequestId,
    /// What became of it.
    pub state: PullState,
    /// Not yet meant to be merged.
    pub draft: bool,
    /// Its title.
    pub title: Option<Box<str>>,
    /// Where to see it.
    pub link: Option<Link>,
    /// The branch it would merge.
    pub branch: Option<Branch>,
    /// When it was opened.
    pub created: Option<Timestamp>,
    /// When it was merged or closed.
    pub ended: Option<Timestamp>,
    /// Who opened it.
    pub author: Option<Person>,
    /// Who merged it, and not who closed it otherwise.
    pub merged_by: Option<Person>,
    /// Who must approve and has not yet, while it is open.
    pub waits_for: Vec<Person>,
    /// The commit that its merge made.
    pub merge_commit: Option<CommitId>,
}

impl PullRequest {
    /// One of which nothing but its number and state is known.
    #[must_use]
    pub const fn new(id: PullRequestId, state: PullState) -> Self {
        Self {
            id,
            state,
            draft: false,
            title: None,
            link: None,
            branch: None,
            created: None,
            ended: None,
            author: None,
            merged_by: None,
            waits_for: Vec::new(),
            merge_commit: None,
        }
    }
}
