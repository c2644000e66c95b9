//! What the engine hands to an adapter and gets back: demands become calls, answers become facts.

use std::num::NonZeroUsize;

use super::{
    capabilities::Reads,
    key::{RepoResource, Repositories, Resource, ResourceKey},
    limits::Limits,
};
use crate::{
    domain::{
        commit::Commit,
        fact::Fact,
        id::{CommitId, RunId},
        manifests::Log,
        problem::ProblemKind,
        pull_request::PullRequest,
        run::{Run, RunPart},
    },
    http::ApiError,
};

/// A resource that is to be asked for now, with what is known that the way of asking depends on.
#[derive(Clone, Copy, Debug)]
pub struct Demand<'a> {
    /// What is asked for.
    pub key: &'a ResourceKey,
    /// The parts of a run instead of the run.
    pub parts: bool,
    /// It may be asked for in calls of at most so many; `None` is as many as the service takes.
    pub batch_limit: Option<NonZeroUsize>,
    /// What is asked for many at once could not hold it.
    pub individually: bool,
    /// The first way of asking found nothing: there is another.
    pub otherwise: bool,
    /// The mark of the answer that is known.
    pub etag: Option<&'a str>,
    /// Of a commit the longest id that is known; of a run the commit that it ran on.
    pub commit: Option<&'a CommitId>,
    /// Of a pull request the repository that it is in, where its key names a project.
    pub repository: Option<&'a str>,
}

impl Demand<'_> {
    /// Of how many one call may ask, where the service takes `most`.
    pub(super) fn at_once(&self, most: usize) -> usize {
        self.batch_limit.map_or(most, |limit| limit.get().min(most))
    }
}

/// What a plan depends on besides the demands.
#[derive(Clone, Copy, Debug)]
pub struct PlanContext<'a> {
    /// The repositories that keys name.
    pub repositories: &'a Repositories,
    /// Whether there is a credential for the origin.
    pub has_token: bool,
}

/// What it means that a forge answered a call with "not found".
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotFound {
    /// What was asked for does not exist, or no more.
    Gone,
    /// The repository or project is not there, or not for who asks.
    Refused,
    /// There is another way to ask.
    OtherEndpoint,
    /// The run has no parts.
    NoParts,
    /// One of several is not there, and which one is not known.
    SomeOfMany {
        /// Each is to be asked for by a call of its own kind.
        individually: bool,
    },
}

/// What an answer holds.
#[must_use = "facts that are dropped are requested again"]
#[derive(Debug, Default)]
pub struct ParsedAnswer {
    /// Facts, not only of what was asked for.
    pub facts: Vec<(ResourceKey, Fact)>,
    /// Facts of others that were listed, for those who want them.
    pub besides: Vec<(ResourceKey, Fact)>,
    /// The parts of the run that was asked for.
    pub parts: Option<Vec<RunPart>>,
    /// Resources that have to be asked for one by one.
    pub individually: Vec<ResourceKey>,
    /// Resources that could not be read.
    pub unreadable: Vec<ResourceKey>,
    /// What the call read besides [`Call::reads`], and whether the credential may read it.
    pub permissions: Vec<(Reads, bool)>,
    /// How much may still be asked, as the body states.
    pub limits: Limits,
}

impl ParsedAnswer {
    pub(super) fn one(key: &ResourceKey, fact: impl Into<Fact>) -> Self {
        Self { facts: vec![(key.clone(), fact.into())], ..Self::default() }
    }

    pub(super) fn parts(parts: Vec<RunPart>) -> Self {
        Self { parts: Some(parts), ..Self::default() }
    }

    /// A run, if it is the one that was asked for: whatever has a status could be one.
    pub(super) fn run(key: &ResourceKey, (id, run): (RunId, Run)) -> Result<Self, ApiError> {
        let is_it = matches!(&key.resource, Resource::Run(wanted) if *wanted == id);
        if is_it { Ok(Self::one(key, run)) } else { Err(another("run")) }
    }

    /// A commit, if it is the one that was asked for: whatever has an id could be one.
    pub(super) fn commit(key: &ResourceKey, commit: Commit) -> Result<Self, ApiError> {
        let is_it = matches!(&key.resource, Resource::Commit(id) if commit.id.is_same_as(id));
        if is_it { Ok(Self::one(key, commit)) } else { Err(another("commit")) }
    }

    /// A pull request, if it is the one that was asked for.
    pub(super) fn pull_request(key: &ResourceKey, pull: PullRequest) -> Result<Self, ApiError> {
        let is_it = matches!(&key.resource, Resource::PullRequest(id) if pull.id == *id);
        if is_it { Ok(Self::one(key, pull)) } else { Err(another("pull request")) }
    }

    /// A list of commits: where it begins, and each commit's parents.
    pub(super) fn log(key: &ResourceKey, log: Log) -> Result<Self, ApiError> {
        if let Resource::Repo(RepoResource::History(from)) = &key.resource {
            // Whatever has ids could be a list of commits.
            if !log.tip.as_ref().is_some_and(|tip| tip.is_same_as(from)) {
                return Err(another("list of commits"));
            }
        }
        let Log { tip, commits, unclear } = log;
        let parents = |id: &CommitId| ResourceKey::of_repo(key.repo, RepoResource::Parents(id.clone()));
        let listed = commits.into_iter().map(|listed| (parents(&listed.id), Fact::Listed(listed)));
        let mut facts: Vec<(ResourceKey, Fact)> = listed.collect();
        facts.push((key.clone(), Fact::Log(Log { tip, commits: Vec::new(), unclear })));
        Ok(Self { facts, ..Self::default() })
    }
}

fn another(noun: &str) -> ApiError {
    ApiError::new(ProblemKind::Unreadable, format!("another {noun} than was asked for"))
}

/// The demands that are of the same kind in the same place as the first, and their ids: as many as may be asked for in
/// one call.
pub(super) fn alike<T>(
    demands: &[Demand<'_>],
    most: usize,
    id: impl Fn(&Demand<'_>) -> Option<T>,
) -> (Vec<ResourceKey>, Vec<T>) {
    let Some(first) = demands.first() else { return (Vec::new(), Vec::new()) };
    let kind = std::mem::discriminant(&first.key.resource);
    let most = first.at_once(most);
    let alike = demands.iter().filter(|other| {
        let is_same = other.key.repo == first.key.repo && std::mem::discriminant(&other.key.resource) == kind;
        is_same && !other.parts && other.at_once(most) == most
    });
    alike.filter_map(|other| Some((other.key.clone(), id(other)?))).take(most).unzip()
}
