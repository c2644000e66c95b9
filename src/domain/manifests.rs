//! What a forge reports of a repository that clusters apply manifests from, and of branches, before it is known
//! which cluster is meant.

use super::{cluster::SignalState, id::CommitId, time::Timestamp};

/// A commit as lists have it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Its whole id.
    pub id: CommitId,
    /// Its parents, the first one first: the branch that the others were merged into.
    pub parents: Vec<CommitId>,
    /// When it was committed.
    pub at: Option<Timestamp>,
}

/// A part of a branch's history.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Log {
    /// The commit that was asked for, or the branch's newest, and what comes before it.
    pub tip: Option<CommitId>,
    /// Commits with their parents, in no order that matters.
    pub commits: Vec<Listed>,
    /// Commits whose parents the list does not show: each has to be asked for by itself.
    pub unclear: Vec<CommitId>,
}

/// A page of a list, or all of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListPage<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// What comes after it.
    pub rest: Rest,
}

/// What of a list comes after a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rest {
    /// Nothing.
    None,
    /// Another page, which can be asked for.
    NextPage,
    /// What the service may have left out, and cannot be asked for.
    LeftOut,
}

impl Rest {
    /// Another page where there is one.
    #[must_use]
    pub const fn next_page_if(is_there: bool) -> Self {
        if is_there { Self::NextPage } else { Self::None }
    }
}

impl<T> Default for ListPage<T> {
    fn default() -> Self {
        Self::whole(Vec::new())
    }
}

impl<T> ListPage<T> {
    /// A list that has no other page.
    #[must_use]
    pub const fn whole(items: Vec<T>) -> Self {
        Self { items, rest: Rest::None }
    }
}

/// A tag, or the object of an annotated one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tag {
    /// Its name, without `refs/tags/`.
    pub name: Box<str>,
    /// The object of an annotated tag, where it has to be asked for by itself: it shows when the tag was made, and in
    /// GitHub's list only it has the commit. It never changes; a tag that is moved gets another.
    pub object: Option<Box<str>>,
    /// The commit it is on.
    pub commit: Option<CommitId>,
    /// When it was put there.
    pub at: Option<Timestamp>,
    /// `at` is the commit's time: a lightweight tag has none of its own.
    pub is_approximate: bool,
}

/// A commit status.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CommitStatus {
    /// The commit.
    pub commit: CommitId,
    /// GitHub's context, GitLab's name, the name in the context of Azure DevOps.
    pub context: Box<str>,
    /// Azure DevOps only: the genre beside that.
    pub genre: Option<Box<str>>,
    /// Its message.
    pub state: SignalState,
    /// When it last reported something else.
    pub at: Option<Timestamp>,
    /// In its own words.
    pub message: Option<Box<str>>,
}

/// A deployment to an environment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EnvironmentDeployment {
    /// Its number, to ask for its statuses.
    pub id: Box<str>,
    /// The environment.
    pub environment: Box<str>,
    /// The commit.
    pub commit: Option<CommitId>,
    /// What became of it: `None` where that has to be asked for by itself, or is over because another came.
    pub outcome: Option<Outcome>,
    /// When it was made.
    pub at: Option<Timestamp>,
    /// A workflow made it, as it does for each job that names an environment: that is no word of a cluster's.
    pub is_by_workflow: bool,
}

/// What became of a deployment to an environment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// Its state. `None`: that it is no longer active, so nothing of what it came to.
    pub state: Option<SignalState>,
    /// When.
    pub at: Option<Timestamp>,
    /// In its own words.
    pub message: Option<Box<str>>,
    /// It was made by a workflow.
    pub is_by_workflow: bool,
}

/// What of all that is shown of clusters has not been read to its end.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Unread {
    /// Commits of which not all statuses are known.
    pub statuses: Vec<CommitId>,
    /// Of some of these they never will be: there are more than are read.
    pub is_cut: bool,
    /// There are more tags than are read.
    pub tags: bool,
    /// There are older deployments to environments than are read.
    pub environments: bool,
}

/// How two commits stand to each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Compared {
    /// How many commits the newer one holds that the older one does not.
    pub ahead: u32,
    /// The newer one holds the older one.
    pub is_ancestor: bool,
}

/// How a branch ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BranchEnd {
    /// It was merged.
    Merged,
    /// It is no longer there.
    Gone,
}
