//! One change on its way into one ring.

use std::time::Duration;

pub use super::status::{Kind, Status};
use super::{
    cluster::ClusterSync,
    id::{Branch, CommitId, DeploymentId, ImageTag, ProjectName, Repository, RingName, ServiceName},
    link::Link,
    person::Person,
    pull_request::PullRequest,
    stage::{Stage, StageKind},
    time::Timestamp,
};

/// The commit that set it off.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Source {
    /// The commit.
    pub commit: Option<CommitId>,
    /// First line and rest of its message.
    pub message: Option<Box<str>>,
    /// The branch it was built from.
    pub branch: Option<Branch>,
    /// Who wrote it.
    pub author: Option<Person>,
    /// Where it lives.
    pub repository: Option<Repository>,
    /// Where to see the commit.
    pub link: Option<Link>,
}

/// One change on its way into one ring: everything the views show of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deployment {
    /// Its id in the URL and the page's hooks.
    pub id: DeploymentId,
    /// The project it belongs to.
    pub project: ProjectName,
    /// The service; a manual edit may name none.
    pub service: Option<ServiceName>,
    /// The ring by name; `None` when the row does not know yet.
    pub ring: Option<RingName>,
    /// What people call the ring.
    pub ring_title: Option<Box<str>>,
    /// The ring was inferred from the branch.
    pub ring_from_branch: bool,
    /// What kind of change.
    pub kind: Kind,
    /// What became of it.
    pub status: Status,
    /// The stage that decided the status.
    pub decided_by: Option<StageKind>,
    /// The image.
    pub image: Option<ImageTag>,
    /// The commit behind it.
    pub source: Source,
    /// The approval, where there is one.
    pub pull_request: Option<PullRequest>,
    /// The commit to the high-level definition.
    pub hld_commit: Option<CommitId>,
    /// Where to see that commit.
    pub hld_link: Option<Link>,
    /// The commit that holds its manifests.
    pub manifest_commit: Option<CommitId>,
    /// Where to see that commit.
    pub manifest_link: Option<Link>,
    /// The repository of the high-level definition.
    pub hld_repository: Option<Repository>,
    /// The repository of the manifests.
    pub manifest_repository: Option<Repository>,
    /// Its stages in order.
    pub stages: Vec<Stage>,
    /// The newest of its stages' times, else when its row was last written, where either is known.
    pub updated: Option<Timestamp>,
    /// From the first stage's begin to the last one's end, as far as both are known.
    pub took: Option<Duration>,
    /// The clusters that reported its manifest commit.
    pub clusters: Vec<ClusterSync>,
}

impl Deployment {
    /// The stage of that kind.
    #[must_use]
    pub fn stage(&self, kind: StageKind) -> Option<&Stage> {
        self.stages.iter().find(|s| s.kind == kind)
    }

    /// The stage that decided the status: where it failed, runs or waits.
    #[must_use]
    pub fn deciding_stage(&self) -> Option<&Stage> {
        self.decided_by.and_then(|kind| self.stage(kind))
    }

    /// Who may give the approval that it waits for, as far as that is known.
    #[must_use]
    pub fn waits_for(&self) -> &[Person] {
        let by_pull_request = self.pull_request.as_ref().map_or(&[][..], |pull| &pull.waits_for);
        let part = self.deciding_stage().and_then(Stage::waiting_part).filter(|_| by_pull_request.is_empty());
        part.map_or(by_pull_request, |part| &part.waits_for)
    }
}
