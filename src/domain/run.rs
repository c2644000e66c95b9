//! A run of a pipeline, as the forge that ran it reports it.

use super::{
    deployment::Status,
    id::{Branch, CommitId, ImageTag, Repository},
    link::Link,
    person::Person,
    time::Timestamp,
};

/// A build, a release, a workflow, a job: whatever a row's `p1`, `p2` or `p3` names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    /// What became of it. A word that a forge sends and we do not know is [`Status::Unknown`].
    pub status: Status,
    /// It went through, but with warnings.
    pub warned: bool,
    /// What people call it: `20261120.3`, `Release-246`, the name of the workflow or job.
    pub name: Option<Box<str>>,
    /// Where to see it.
    pub link: Option<Link>,
    /// When it was asked for.
    pub queued: Option<Timestamp>,
    /// Begin.
    pub started: Option<Timestamp>,
    /// End.
    pub ended: Option<Timestamp>,
    /// The commit it ran on, whole.
    pub commit: Option<CommitId>,
    /// The branch it ran on, without `refs/heads/`.
    pub branch: Option<Branch>,
    /// Where that commit lives, as rows spell it: an address, `owner/name`, or GitLab's project number.
    pub repository: Option<Repository>,
    /// Who set it off.
    pub starter: Option<Person>,
    /// The image that it deploys.
    pub image: Option<ImageTag>,
    /// Its parts in order: stages, environments, the stages of jobs. Empty where it has none, or none was asked for.
    pub parts: Vec<RunPart>,
    /// By what its forge reports who may give the approval that all of it waits for.
    pub approvals: Option<Box<str>>,
}

/// A stage or an environment of a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunPart {
    /// Its name, as people gave it.
    pub name: Box<str>,
    /// What became of it; [`Status::Incomplete`] when it has not begun.
    pub status: Status,
    /// It went through, but with warnings.
    pub warned: bool,
    /// Begin.
    pub started: Option<Timestamp>,
    /// End.
    pub ended: Option<Timestamp>,
    /// Who may give the approval that it waits for, as far as that is known.
    pub waits_for: Vec<Person>,
    /// By what its forge reports who that is, where its own answer has no names.
    pub approvals: Vec<Box<str>>,
}

impl RunPart {
    /// A part of which nothing but its name and state is known.
    #[must_use]
    pub fn new(name: &str, status: Status) -> Self {
        Self {
            name: name.into(),
            status,
            warned: false,
            started: None,
            ended: None,
            waits_for: Vec::new(),
            approvals: Vec::new(),
        }
    }
}

/// Something that a run waits for before it goes on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Approval {
    /// The environment that it protects, where it is not one of a part that is known.
    pub environment: Option<Box<str>>,
    /// Who may give it.
    pub waits_for: Vec<Person>,
    /// Nobody has to give it: it waits until some time has passed.
    pub is_timer: bool,
}

impl Run {
    /// A run of which nothing but its state is known.
    #[must_use]
    pub const fn new(status: Status) -> Self {
        Self {
            status,
            warned: false,
            name: None,
            link: None,
            queued: None,
            started: None,
            ended: None,
            commit: None,
            branch: None,
            repository: None,
            starter: None,
            image: None,
            parts: Vec::new(),
            approvals: None,
        }
    }

    /// By what its forge reports who may give the approvals that it and its parts wait for.
    pub fn approvals(&self) -> impl Iterator<Item = &Box<str>> {
        self.approvals.iter().chain(self.parts.iter().flat_map(|part| &part.approvals))
    }

    /// Whether it goes on only after an approval, though its forge calls it running.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        let has = |wanted: &[Status]| self.parts.iter().any(|part| wanted.contains(&part.status));
        has(&[Status::Waiting]) && !has(&[Status::Queued, Status::Running])
    }

    /// The part that decides its status: the first that failed, else the first that was canceled, runs, waits for
    /// somebody's approval or is queued.
    #[must_use]
    pub fn deciding_part(&self) -> Option<&RunPart> {
        let order = [Status::Failed, Status::Canceled, Status::Running, Status::Waiting, Status::Queued];
        order.into_iter().find_map(|status| self.parts.iter().find(|p| p.status == status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_decides_before_what_still_runs() {
        #[track_caller]
        fn check(parts: &[(&str, Status)], expect: Option<&str>) {
            let part = |&(name, status): &(&str, Status)| RunPart {
                waits_for: Vec::new(),
                approvals: Vec::new(),
                name: name.into(),
                status,
                warned: false,
                started: None,
                ended: None,
            };
            let run = Run { parts: parts.iter().map(part).collect(), ..Run::new(Status::Unknown) };
            assert_eq!(run.deciding_part().map(|p| &*p.name), expect, "{parts:?}");
        }
        check(&[], None);
        check(&[("dev", Status::Succeeded), ("prod", Status::Incomplete)], None);
        check(&[("dev", Status::Running), ("qa", Status::Failed), ("prod", Status::Failed)], Some("qa"));
        check(&[("dev", Status::Queued), ("prod", Status::Waiting)], Some("prod"));
    }
}
