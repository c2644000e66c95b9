//! What forges are asked about, and where it is: one repository or project of one forge, by number, and what is in it.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::capabilities::Reads;
use crate::{
    config::{AzureDevOps, Forge},
    domain::id::{CommitId, PullRequestId, RunId, SHORT_COMMIT},
    http::Origin,
};

crate::domain::number::numbers! {
    /// A repository's, or a project's, number in [`Repositories`].
    RepoId;
}

/// Something that a forge has.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Resource {
    /// A build, a workflow's run or job, a pipeline.
    Run(RunId),
    /// A classic release.
    Release(RunId),
    /// A commit, by its short id in lower case: rows hold no more.
    Commit(CommitId),
    /// A pull or merge request.
    PullRequest(PullRequestId),
    /// What a run waits for, by its forge's id of that.
    Approvals(Box<str>),
    /// The project itself, for the address that its number does not show.
    Project,
    /// Something of the repository as such.
    Repo(RepoResource),
}

/// Something of a repository that no row names by itself.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum RepoResource {
    /// Where a branch of manifests is now, and its newest commits; the default branch when it has no name.
    Head(Option<Box<str>>),
    /// The commits from one on.
    History(CommitId),
    /// One commit's parents.
    Parents(CommitId),
    /// The tags whose names begin so: a page of them. Pages are counted from 1.
    Tags(Box<str>, u32),
    /// The object of an annotated tag.
    TagObject(Box<str>),
    /// A page of the statuses of a commit.
    Statuses(CommitId, u32),
    /// A page of the deployments to environments, the newest first.
    Environments(u32),
    /// The newest deployments to the environment of that name.
    Environment(Box<str>),
    /// What became of one of them.
    Outcome(Box<str>),
    /// Whether the first commit is contained in the second.
    Contains(CommitId, CommitId),
    /// How many commits the second has that the first has not.
    Between(CommitId, CommitId),
    /// A branch of that name.
    Branch(Box<str>),
    /// The newest pull request of a branch.
    BranchPullRequest(Box<str>),
}

impl RepoResource {
    /// Its kind, and by what one is distinguished from another.
    fn text(&self) -> (&'static str, &str, Cow<'_, str>) {
        let page = |page: &u32| if *page > 1 { page.to_string().into() } else { "".into() };
        match self {
            Self::Head(branch) => ("head", branch.as_deref().unwrap_or_default(), "".into()),
            Self::History(id) => ("log", id.as_str(), "".into()),
            Self::Parents(id) => ("parents", id.as_str(), "".into()),
            Self::Tags(prefix, number) => ("tags", &**prefix, page(number)),
            Self::TagObject(id) => ("tag", &**id, "".into()),
            Self::Statuses(id, number) => ("statuses", id.as_str(), page(number)),
            Self::Environments(number) => ("environments", "", page(number)),
            Self::Environment(name) => ("environment", &**name, "".into()),
            Self::Outcome(id) => ("outcome", &**id, "".into()),
            Self::Contains(old, new) => ("contains", new.as_str(), old.as_str().into()),
            Self::Between(old, new) => ("between", new.as_str(), old.as_str().into()),
            Self::Branch(name) => ("branch", &**name, "".into()),
            Self::BranchPullRequest(name) => ("branch-pull", &**name, "".into()),
        }
    }
}

/// A resource, and the repository or project that it is in.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ResourceKey {
    /// Where it is.
    pub repo: RepoId,
    /// What it is.
    pub resource: Resource,
}

impl ResourceKey {
    /// A commit, known by whatever id.
    #[must_use]
    pub fn commit(repo: RepoId, id: &CommitId) -> Option<Self> {
        let short = id.as_str().get(..SHORT_COMMIT)?.to_ascii_lowercase();
        CommitId::new(&short).map(|id| Self { repo, resource: Resource::Commit(id) })
    }

    /// What a run waits for, where the run is.
    #[must_use]
    pub fn approvals(&self, id: &str) -> Self {
        Self { repo: self.repo, resource: Resource::Approvals(id.into()) }
    }

    /// Something of the repository as such.
    #[must_use]
    pub const fn of_repo(repo: RepoId, resource: RepoResource) -> Self {
        Self { repo, resource: Resource::Repo(resource) }
    }

    /// Whether it is a branch itself.
    pub(super) const fn is_head(&self) -> bool {
        matches!(self.resource, Resource::Repo(RepoResource::Head(_)))
    }

    /// What a credential must be allowed to read for it.
    #[must_use]
    pub const fn reads(&self) -> Reads {
        match &self.resource {
            Resource::Run(_) => Reads::Runs,
            Resource::Release(_) => Reads::Releases,
            Resource::Commit(_) | Resource::Project => Reads::Commits,
            Resource::PullRequest(_) => Reads::PullRequests,
            Resource::Approvals(_) => Reads::Approvals,
            Resource::Repo(resource) => match resource {
                RepoResource::BranchPullRequest(_) => Reads::PullRequests,
                RepoResource::Between(..) | RepoResource::Branch(_) => Reads::Commits,
                RepoResource::Statuses(..) => Reads::Statuses,
                RepoResource::Environments(_) | RepoResource::Environment(_) | RepoResource::Outcome(_) => {
                    Reads::Environments
                }
                RepoResource::Head(_)
                | RepoResource::History(_)
                | RepoResource::Parents(_)
                | RepoResource::Tags(..)
                | RepoResource::TagObject(_)
                | RepoResource::Contains(..) => Reads::Manifests,
            },
        }
    }
}

/// A repository or project that rows or the configuration name.
#[derive(Debug)]
struct RepoRef {
    name: Box<str>,
    forge: Forge,
}

/// All repositories and projects that rows or the configuration name.
#[derive(Debug, Default)]
pub struct Repositories {
    all: Vec<RepoRef>,
    numbers: FxHashMap<Box<str>, RepoId>,
}

impl Repositories {
    /// The number of a repository, given now if it has none. Branches are no part of it.
    pub fn intern(&mut self, mut forge: Forge) -> RepoId {
        match &mut forge {
            Forge::AzureDevOps(at) => at.branch = None,
            Forge::GitHub(at) => at.branch = None,
            Forge::GitLab(at) => at.branch = None,
        }
        let name = name(&forge);
        if let Some(&known) = self.numbers.get(&*name) {
            return known;
        }
        let repo = RepoId::at(self.all.len());
        self.numbers.insert(name.as_str().into(), repo);
        self.all.push(RepoRef { name: name.into(), forge });
        repo
    }

    /// Which forge has it, and under which name.
    #[must_use]
    pub fn get(&self, repo: RepoId) -> Option<&Forge> {
        repo.of(&self.all).map(|repo| &repo.forge)
    }

    /// The name under which a fact about a resource is kept by the browser.
    #[must_use]
    pub fn text(&self, key: &ResourceKey) -> String {
        let repo = key.repo.of(&self.all).map_or("", |repo| &repo.name);
        let (kind, id, other) = match &key.resource {
            Resource::Run(id) => ("run", id.as_str(), "".into()),
            Resource::Release(id) => ("release", id.as_str(), "".into()),
            Resource::Commit(id) => ("commit", id.as_str(), "".into()),
            Resource::PullRequest(id) => ("pull", id.as_str(), "".into()),
            Resource::Approvals(id) => ("approvals", &**id, "".into()),
            Resource::Project => ("project", "", Cow::Borrowed("")),
            Resource::Repo(resource) => resource.text(),
        };
        let name = [repo, " ", kind, " ", id].concat();
        if other.is_empty() { name } else { [&name, " ", &other].concat() }
    }

    /// Whom to ask for a resource.
    #[must_use]
    pub fn origin(&self, key: &ResourceKey) -> Option<&Origin> {
        self.get(key.repo).map(|forge| match (forge, &key.resource) {
            (Forge::AzureDevOps(at), Resource::Release(_)) => at.release_api.origin(),
            (forge, _) => forge.api().origin(),
        })
    }
}

/// The project that a repository of Azure DevOps is in: where its builds and pull requests are.
pub(super) fn without_repository(at: &AzureDevOps) -> Forge {
    Forge::AzureDevOps(AzureDevOps { repository: None, ..at.clone() })
}

fn name(forge: &Forge) -> String {
    // Rows are written in lower case; no forge distinguishes names by their case.
    match forge {
        Forge::AzureDevOps(at) => {
            let repository = at.repository.as_deref().unwrap_or_default();
            let path = [&*at.organization, "/", &*at.project, "/", repository].concat();
            ["azure-devops ", at.api.as_str(), " ", at.release_api.as_str(), " ", &path.to_lowercase()].concat()
        }
        Forge::GitHub(at) => ["github ", at.api.as_str(), " ", &at.repository.to_lowercase()].concat(),
        Forge::GitLab(at) => ["gitlab ", at.api.as_str(), " ", &at.project.to_lowercase()].concat(),
    }
}
