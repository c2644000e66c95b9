//! What is kept, as it is written: likenesses of the domain's types, which know no wire. Short names, and nothing
//! written of what is absent.

use serde::{Deserialize, Serialize};

use super::cached_fact::CachedFact;
use crate::domain::{
    commit::Commit,
    deployment::Status,
    fact::Fact,
    id::{Branch, CommitId, ImageTag, PullRequestId, Repository},
    link::Link,
    manifests::{Listed, Tag},
    person::Person,
    pull_request::{PullRequest, PullState},
    run::{Run, RunPart},
    time::Timestamp,
};

#[derive(Serialize, Deserialize)]
pub(super) struct WireFactEntry {
    #[serde(rename = "k")]
    key: Box<str>,
    #[serde(rename = "t")]
    learnt: i64,
    #[serde(rename = "f")]
    fact: WireFact,
    #[serde(rename = "a", default, skip_serializing_if = "is_false")]
    has_read_parts: bool,
}

#[derive(Serialize, Deserialize)]
enum WireFact {
    #[serde(rename = "r")]
    Run(Box<WireRun>),
    #[serde(rename = "c")]
    Commit(WireCommit),
    #[serde(rename = "p")]
    Pull(Box<WirePull>),
    #[serde(rename = "j")]
    Project(Box<str>, Box<str>),
    #[serde(rename = "l")]
    Listed(Box<str>, Vec<Box<str>>, Option<i64>),
    #[serde(rename = "t")]
    Tag(WireTag),
    #[serde(rename = "d")]
    Compared(Option<u32>, Option<bool>),
    #[serde(rename = "g")]
    Gone,
}

#[derive(Serialize, Deserialize)]
struct WireTag {
    #[serde(rename = "n")]
    name: Box<str>,
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    object: Option<Box<str>>,
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    commit: Option<Box<str>>,
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    at: Option<i64>,
    #[serde(rename = "a", default, skip_serializing_if = "is_false")]
    is_approximate: bool,
}

#[derive(Serialize, Deserialize)]
struct WirePerson {
    #[serde(rename = "n")]
    name: Box<str>,
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    email: Option<Box<str>>,
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    image: Option<Box<str>>,
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    url: Option<Box<str>>,
}

#[derive(Serialize, Deserialize)]
struct WirePart {
    #[serde(rename = "n")]
    name: Box<str>,
    #[serde(rename = "s")]
    status: Box<str>,
    #[serde(rename = "w", default, skip_serializing_if = "is_false")]
    warned: bool,
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    started: Option<i64>,
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    ended: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct WireRun {
    #[serde(rename = "s")]
    status: Box<str>,
    #[serde(rename = "w", default, skip_serializing_if = "is_false")]
    warned: bool,
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    name: Option<Box<str>>,
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    link: Option<Box<str>>,
    #[serde(rename = "q", default, skip_serializing_if = "Option::is_none")]
    queued: Option<i64>,
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    started: Option<i64>,
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    ended: Option<i64>,
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    commit: Option<Box<str>>,
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    branch: Option<Box<str>>,
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    repository: Option<Box<str>>,
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    starter: Option<WirePerson>,
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    image: Option<Box<str>>,
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    parts: Vec<WirePart>,
}

#[derive(Serialize, Deserialize)]
struct WireCommit {
    #[serde(rename = "i")]
    id: Box<str>,
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    message: Option<Box<str>>,
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    author: Option<WirePerson>,
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    at: Option<i64>,
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    link: Option<Box<str>>,
}

#[derive(Serialize, Deserialize)]
struct WirePull {
    #[serde(rename = "i")]
    id: Box<str>,
    #[serde(rename = "s")]
    state: u8,
    #[serde(rename = "d", default, skip_serializing_if = "is_false")]
    draft: bool,
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    title: Option<Box<str>>,
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    link: Option<Box<str>>,
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    branch: Option<Box<str>>,
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    created: Option<i64>,
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    ended: Option<i64>,
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    author: Option<WirePerson>,
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    merged_by: Option<WirePerson>,
    #[serde(rename = "w", default, skip_serializing_if = "Vec::is_empty")]
    waits_for: Vec<WirePerson>,
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    merge_commit: Option<Box<str>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl WireFactEntry {
    /// `None` for what is not to be kept.
    pub(super) fn of(kept: &CachedFact) -> Option<Self> {
        let fact = match &kept.fact {
            Fact::Run(run) => WireFact::Run(Box::new(WireRun::of(run))),
            Fact::Commit(commit) => WireFact::Commit(WireCommit {
                id: text(commit.id.as_str()),
                message: commit.message.clone(),
                author: commit.author.as_ref().map(WirePerson::of),
                at: commit.at.map(Timestamp::millis),
                link: commit.link.as_ref().map(|l| text(l.as_str())),
            }),
            Fact::PullRequest(pull) => WireFact::Pull(Box::new(WirePull::of(pull))),
            Fact::Project { path, web } => WireFact::Project(path.clone(), text(web.as_str())),
            Fact::Listed(listed) => WireFact::Listed(
                text(listed.id.as_str()),
                listed.parents.iter().map(|id| text(id.as_str())).collect(),
                listed.at.map(Timestamp::millis),
            ),
            Fact::Tag(tag) => WireFact::Tag(WireTag {
                name: tag.name.clone(),
                object: tag.object.clone(),
                commit: tag.commit.as_ref().map(|c| text(c.as_str())),
                at: tag.at.map(Timestamp::millis),
                is_approximate: tag.is_approximate,
            }),
            Fact::Compared { ahead, is_ancestor } => WireFact::Compared(*ahead, *is_ancestor),
            Fact::Gone => WireFact::Gone,
            // What is so only now.
            Fact::Log(_)
            | Fact::Tags(_)
            | Fact::Statuses(_)
            | Fact::Approvals(_)
            | Fact::Deployments(_)
            | Fact::Outcome(_)
            | Fact::Branch(_)
            | Fact::BranchPullRequest(_) => return None,
        };
        let learnt = kept.learnt.millis();
        Some(Self { key: kept.key.clone(), learnt, fact, has_read_parts: kept.has_read_parts })
    }

    pub(super) fn kept(self) -> Option<CachedFact> {
        let fact = match self.fact {
            WireFact::Run(run) => Fact::from(run.run()?),
            WireFact::Commit(commit) => Fact::from(Commit {
                id: CommitId::new(&commit.id)?,
                message: commit.message,
                author: commit.author.map(WirePerson::person),
                at: commit.at.map(Timestamp::from_millis),
                link: link(commit.link),
            }),
            WireFact::Pull(pull) => Fact::from(pull.pull_request()?),
            WireFact::Project(path, web) => Fact::Project { path, web: Link::new(&web)? },
            WireFact::Listed(id, parents, at) => Fact::Listed(Listed {
                id: CommitId::new(&id)?,
                parents: parents.iter().map(|id| CommitId::new(id)).collect::<Option<_>>()?,
                at: at.map(Timestamp::from_millis),
            }),
            WireFact::Tag(tag) => Fact::Tag(Tag {
                name: tag.name,
                object: tag.object,
                commit: tag.commit.as_deref().and_then(CommitId::new),
                at: tag.at.map(Timestamp::from_millis),
                is_approximate: tag.is_approximate,
            }),
            WireFact::Compared(ahead, is_ancestor) => Fact::Compared { ahead, is_ancestor },
            WireFact::Gone => Fact::Gone,
        };
        let learnt = Timestamp::from_millis(self.learnt);
        Some(CachedFact { key: self.key, learnt, fact, has_read_parts: self.has_read_parts })
    }
}

impl WirePerson {
    fn of(person: &Person) -> Self {
        Self {
            name: person.name.clone(),
            email: person.email.clone(),
            image: person.image.as_ref().map(|i| text(i.as_str())),
            url: person.url.as_ref().map(|u| text(u.as_str())),
        }
    }

    fn person(self) -> Person {
        Person { name: self.name, email: self.email, image: link(self.image), url: link(self.url) }
    }
}

impl WireRun {
    fn of(run: &Run) -> Self {
        let part = |part: &RunPart| WirePart {
            name: part.name.clone(),
            status: text(part.status.as_str()),
            warned: part.warned,
            started: part.started.map(Timestamp::millis),
            ended: part.ended.map(Timestamp::millis),
        };
        Self {
            status: text(run.status.as_str()),
            warned: run.warned,
            name: run.name.clone(),
            link: run.link.as_ref().map(|l| text(l.as_str())),
            queued: run.queued.map(Timestamp::millis),
            started: run.started.map(Timestamp::millis),
            ended: run.ended.map(Timestamp::millis),
            commit: run.commit.as_ref().map(|c| text(c.as_str())),
            branch: run.branch.as_ref().map(|b| text(b.as_str())),
            repository: run.repository.as_ref().map(|r| text(r.as_str())),
            starter: run.starter.as_ref().map(WirePerson::of),
            image: run.image.as_ref().map(|i| text(i.as_str())),
            parts: run.parts.iter().map(part).collect(),
        }
    }

    fn run(self) -> Option<Run> {
        let part = |part: WirePart| {
            Some(RunPart {
                waits_for: Vec::new(),
                approvals: Vec::new(),
                name: part.name,
                status: Status::from_word(&part.status)?,
                warned: part.warned,
                started: part.started.map(Timestamp::from_millis),
                ended: part.ended.map(Timestamp::from_millis),
            })
        };
        Some(Run {
            status: Status::from_word(&self.status)?,
            warned: self.warned,
            name: self.name,
            link: link(self.link),
            queued: self.queued.map(Timestamp::from_millis),
            started: self.started.map(Timestamp::from_millis),
            ended: self.ended.map(Timestamp::from_millis),
            commit: self.commit.as_deref().and_then(CommitId::new),
            branch: self.branch.as_deref().and_then(Branch::new),
            repository: self.repository.as_deref().and_then(Repository::new),
            starter: self.starter.map(WirePerson::person),
            image: self.image.as_deref().and_then(ImageTag::new),
            parts: self.parts.into_iter().map(part).collect::<Option<_>>()?,
            // What waits for somebody is not kept.
            approvals: None,
        })
    }
}

const STATES: [PullState; 4] = [PullState::Open, PullState::Merged, PullState::Abandoned, PullState::Unknown];

impl WirePull {
    fn of(pull: &PullRequest) -> Self {
        Self {
            id: text(pull.id.as_str()),
            state: STATES.iter().position(|state| *state == pull.state).unwrap_or(STATES.len()) as u8,
            draft: pull.draft,
            title: pull.title.clone(),
            link: pull.link.as_ref().map(|l| text(l.as_str())),
            branch: pull.branch.as_ref().map(|b| text(b.as_str())),
            created: pull.created.map(Timestamp::millis),
            ended: pull.ended.map(Timestamp::millis),
            author: pull.author.as_ref().map(WirePerson::of),
            merged_by: pull.merged_by.as_ref().map(WirePerson::of),
            waits_for: pull.waits_for.iter().map(WirePerson::of).collect(),
            merge_commit: pull.merge_commit.as_ref().map(|c| text(c.as_str())),
        }
    }

    fn pull_request(self) -> Option<PullRequest> {
        Some(PullRequest {
            id: PullRequestId::new(&self.id)?,
            state: *STATES.get(usize::from(self.state))?,
            draft: self.draft,
            title: self.title,
            link: link(self.link),
            branch: self.branch.as_deref().and_then(Branch::new),
            created: self.created.map(Timestamp::from_millis),
            ended: self.ended.map(Timestamp::from_millis),
            author: self.author.map(WirePerson::person),
            merged_by: self.merged_by.map(WirePerson::person),
            waits_for: self.waits_for.into_iter().map(WirePerson::person).collect(),
            merge_commit: self.merge_commit.as_deref().and_then(CommitId::new),
        })
    }
}

fn text(text: &str) -> Box<str> {
    text.into()
}

fn link(text: Option<Box<str>>) -> Option<Link> {
    text.as_deref().and_then(Link::new)
}
