//! What forges report of one deployment, beside its row.

use std::sync::Arc;

use super::{commit::Commit, link::Link, pull_request::PullRequest, run::Run, stage::Service, time::Timestamp};

/// What a forge reported when it was asked for one thing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer<T> {
    /// Which forge.
    pub by: Service,
    /// When it was asked.
    pub at: Timestamp,
    /// What it reported; `None` when it has no such thing any more. Shared by all deployments that name the same thing.
    pub value: Option<Arc<T>>,
}

impl<T: PartialEq> Answer<T> {
    /// Whether both state the same, whenever that was.
    fn has_same_content(&self, other: &Self) -> bool {
        self.by == other.by && self.value == other.value
    }
}

/// All that forges report of one deployment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SlotFacts {
    /// Its runs `p1`, `p2` and `p3`, as far as they are known to be its own.
    pub runs: [Option<Answer<Run>>; 3],
    /// `p1` and `p2` are stages of one run.
    pub is_staged: bool,
    /// That run's stages are still to come, so that which of them it failed or runs in is not known.
    pub awaits_parts: bool,
    /// The parts of `p2` are environments that it releases to.
    pub has_environments: bool,
    /// The approval.
    pub pull_request: Option<Answer<PullRequest>>,
    /// The commit behind it.
    pub commit: Option<Answer<Commit>>,
    /// It will not be known who wrote the commit, so who set off the build is the next best to name.
    pub has_no_author: bool,
    /// Where to see the source's commit, the definition's and the manifests'.
    pub links: CommitLinks,
}

/// Where to see the commits of a deployment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CommitLinks {
    /// The commit of the service's source.
    pub source: Option<Link>,
    /// The commit to the high-level definition.
    pub definition: Option<Link>,
    /// The commit that holds the manifests.
    pub manifests: Option<Link>,
}

impl SlotFacts {
    /// Nothing reported, to be lent.
    #[must_use]
    pub fn nothing() -> &'static Self {
        static NOTHING: SlotFacts = SlotFacts::NONE;
        &NOTHING
    }

    /// Nothing reported.
    pub const NONE: Self = Self {
        runs: [None, None, None],
        is_staged: false,
        awaits_parts: false,
        has_environments: false,
        pull_request: None,
        commit: None,
        has_no_author: false,
        links: CommitLinks { source: None, definition: None, manifests: None },
    };

    /// Whether all of it is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let has_answer = self.runs.iter().any(Option::is_some) || self.pull_request.is_some() || self.commit.is_some();
        !has_answer && self.links == CommitLinks::default()
    }

    /// Whether both state the same, whenever that was read.
    #[must_use]
    pub fn has_same_content(&self, other: &Self) -> bool {
        fn same<T: PartialEq>(a: Option<&Answer<T>>, b: Option<&Answer<T>>) -> bool {
            match (a, b) {
                (Some(a), Some(b)) => a.has_same_content(b),
                (a, b) => a.is_none() && b.is_none(),
            }
        }
        let flags = |f: &Self| (f.is_staged, f.awaits_parts, f.has_environments, f.has_no_author);
        flags(self) == flags(other)
            && self.runs.iter().zip(&other.runs).all(|(a, b)| same(a.as_ref(), b.as_ref()))
            && same(self.pull_request.as_ref(), other.pull_request.as_ref())
            && same(self.commit.as_ref(), other.commit.as_ref())
            && self.links == other.links
    }
}
