//! What differs between forges and the engine has to know, as data.

use std::time::Duration;

/// What a forge reports to who has no token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Anonymous {
    /// Nothing that a browser may read.
    Nothing,
    /// So little that only what is not known at all is worth asking for.
    Little,
    /// As much as with one, of what is public.
    AsMuch,
}

/// Of which runs the parts are asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PartsCalls {
    /// Of none: a run shows them itself, or has none.
    Never,
    /// Of runs that failed, or wait for somebody.
    OfFailedAndWaiting,
    /// Of runs that did not, or not yet, go plainly well.
    UnlessPlainlyWell,
}

/// What a token is good or bad for as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenScope {
    /// Everything at the origin.
    Origin,
    /// The organization that it was made in.
    Organization,
}

/// A token bucket: how many requests may be sent at once, and how soon another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BucketSize {
    /// Requests in a burst.
    pub burst: u32,
    /// One more each time so long has passed.
    pub refill: Duration,
}

/// What differs between forges and the engine has to know.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Capabilities {
    /// What it answers without a token.
    pub anonymous: Anonymous,
    /// What a token is good or bad for.
    pub token_scope: TokenScope,
    /// How much it may be asked, where it does not report how much is left.
    pub bucket: Option<BucketSize>,
    /// Many resources are asked for by a list of their ids, which costs the same however many these are.
    pub takes_lists: bool,
    /// It finds and compares commits by their whole ids alone.
    pub needs_whole_commit_ids: bool,
    /// Its "not found" means that something is no more, instead of hiding from strangers what is there.
    pub is_sure_of_absence: bool,
    /// Of which runs the parts are asked for by a call of their own.
    pub parts_calls: PartsCalls,
    /// It has deployments to environments.
    pub has_environments: bool,
    /// One call with a token has all that clusters report of a repository, with the statuses of so many of its newest
    /// commits; 0 where there is no such call.
    pub summarized_commits: usize,
    /// A branch does not show by itself whether it was merged: its newest pull request does.
    pub merges_by_pull_request: bool,
    /// Projects are known by numbers, whose addresses have to be asked for.
    pub numbers_projects: bool,
}

/// What a credential must be allowed to read. Each may be missing while the others are there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Reads {
    /// Builds, pipelines, workflows, jobs.
    Runs,
    /// Classic releases of Azure DevOps.
    Releases,
    /// Commits.
    Commits,
    /// Pull and merge requests.
    PullRequests,
    /// Who may approve what a run waits for.
    Approvals,
    /// The commits and tags of a repository that clusters apply manifests from.
    Manifests,
    /// Commit statuses there.
    Statuses,
    /// Deployments to environments there.
    Environments,
}
