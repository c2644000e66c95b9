//! The stations of a change on its way to a cluster.

use super::{
    id::{CommitId, RunId},
    link::Link,
    person::Person,
    status::Status,
    time::Timestamp,
};

/// A station, in the order a change passes them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum StageKind {
    /// The commit to the service's source.
    Commit,
    /// The build that makes the image (`p1`).
    Build,
    /// The release that writes the image's tag into the high-level definition (`p2`).
    Release,
    /// The approval of that update.
    PullRequest,
    /// The build that generates the manifests (`p3`).
    Manifest,
    /// The clusters that apply them.
    Sync,
}

impl StageKind {
    /// Its word in the page's hooks (`data-stage`).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::Build => "build",
            Self::Release => "release",
            Self::PullRequest => "pr",
            Self::Manifest => "manifest",
            Self::Sync => "sync",
        }
    }
}

/// How a stage's state is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Evidence {
    /// The row states it in a column of its own.
    Stated,
    /// A later stage exists, so this one must have gone through.
    LaterStage,
    /// The row holds what this stage produces.
    Product,
    /// The row names the run but not what became of it.
    IdOnly,
    /// The row holds a word for it that we do not know.
    StrangeWord,
    /// The row holds nothing of it: it has not begun.
    NotYet,
}

/// A kind of forge.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Service {
    /// Azure DevOps, or Azure DevOps Server.
    AzureDevOps,
    /// GitHub, or GitHub Enterprise.
    GitHub,
    /// GitLab, or one's own.
    GitLab,
}

impl Service {
    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AzureDevOps => "Azure DevOps",
            Self::GitHub => "GitHub",
            Self::GitLab => "GitLab",
        }
    }
}

/// What a forge was asked of a stage, beside the row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Provenance {
    /// It reported how the stage stands, at that time.
    By(Service, Timestamp),
    /// It knew an older state than the row does, which was written since.
    Older(Service, Timestamp),
    /// It no longer has it, as of that time.
    Gone(Service, Timestamp),
}

/// A part of a stage's run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StagePart {
    /// Its name, as people gave it.
    pub name: Box<str>,
    /// What became of it.
    pub status: Status,
    /// An environment that is released to, and not a step on the way.
    pub is_environment: bool,
    /// Who may give the approval that it waits for, as far as that is known.
    pub waits_for: Vec<Person>,
}

impl Stage {
    /// The part of its run that waits for somebody's approval.
    #[must_use]
    pub fn waiting_part(&self) -> Option<&StagePart> {
        self.part.as_ref().filter(|part| part.status == Status::Waiting)
    }
}

/// One station of one deployment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stage {
    /// Which station.
    pub kind: StageKind,
    /// What became of it; [`Status::Incomplete`] when it has not begun.
    pub status: Status,
    /// How we know.
    pub evidence: Evidence,
    /// The run, or the number of the pull request.
    pub run: Option<RunId>,
    /// What people call the run (`20261120.3`, `Release-246`), or the title of the pull request.
    pub name: Option<Box<str>>,
    /// The commit it is about or has made.
    pub commit: Option<CommitId>,
    /// Where to see it.
    pub link: Option<Link>,
    /// Begin.
    pub started: Option<Timestamp>,
    /// End.
    pub ended: Option<Timestamp>,
    /// It went through, but with warnings.
    pub warned: bool,
    /// The part of its run that decides its status: the stage or environment that failed, runs, or waits.
    pub part: Option<StagePart>,
    /// What a forge reported; `None` when none was asked or none has answered.
    pub provenance: Option<Provenance>,
}
