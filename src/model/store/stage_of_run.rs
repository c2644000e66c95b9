//! What a run states of one stage of a deployment.

use crate::domain::{deployment::Status, run::RunPart, time::Timestamp};

/// What the row and people call the deployment's ring: a release to several environments is, to this deployment, the
/// one to its own ring.
pub(super) type RingWords<'a> = [&'a str; 3];

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct StageOfRun {
    pub(super) status: Status,
    pub(super) warned: bool,
    pub(super) started: Option<Timestamp>,
    pub(super) ended: Option<Timestamp>,
    /// What within it decides its status, unless that is all of it.
    pub(super) part: Option<RunPart>,
}

impl StageOfRun {
    pub(super) const fn not_begun() -> Self {
        Self { status: Status::Incomplete, warned: false, started: None, ended: None, part: None }
    }
}
