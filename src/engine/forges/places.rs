//! Where things are, and what they are called: one repository or project of one forge, by number, and the things in it.

use crate::{
    config::{AzureDevOps, Forge},
    domain::id::{CommitId, PullRequestId, RunId, SHORT_COMMIT},
    forge::Reads,
    http::Origin,
    model::fold::fold,
};

/// A place's number.
pub(super) type PlaceId = u16;

/// A thing that a forge knows.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Thing {
    /// A build, a workflow's run or job, a pipeline.
    Run(RunId),
    /// A classic release of Azure DevOps.
    Release(RunId),
    /// A commit, by its short id in lower case: rows hold no more.
    Commit(CommitId),
    /// A pull or merge request.
    PullRequest(PullRequestId),
    /// The project itself, for the address that GitLab's number does not tell.
    Project,
    /// Something of the repository as such.
    Git(Git),
}

/// A thing of a repository that no row names by itself.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Git {
    /// Where a branch of manifests is now, and its newest commits; the default branch when it has no name.
    Head(Option<Box<str>>),
    /// The commits from one on.
    Log(CommitId),
    /// One commit's parents.
    Parents(CommitId),
    /// The tags whose names begin so.
    Tags(Box<str>),
    /// The object of an annotated tag.
    TagObject(Box<str>),
    /// The statuses of a commit.
    Statuses(CommitId),
    /// The newest deployments to environments.
    Environments,
    /// What became of one of them.
    Outcome(Box<str>),
    /// Whether the first commit is contained in the second.
    Contains(CommitId, CommitId),
    /// How many commits the second has that the first has not.
    Between(CommitId, CommitId),
    /// A branch of that name.
    Branch(Box<str>),
    /// The newest pull request of a branch.
    BranchPull(Box<str>),
}

impl Git {
    /// Its kind, and by what one is told from another.
    fn text(&self) -> (&'static str, &str, &str) {
        match self {
            Self::Head(branch) => ("head", branch.as_deref().unwrap_or_default(), ""),
            Self::Log(id) => ("log", id.as_str(), ""),
            Self::Parents(id) => ("parents", id.as_str(), ""),
            Self::Tags(prefix) => ("tags", &**prefix, ""),
            Self::TagObject(id) => ("tag", &**id, ""),
            Self::Statuses(id) => ("statuses", id.as_str(), ""),
            Self::Environments => ("environments", "", ""),
            Self::Outcome(id) => ("outcome", &**id, ""),
            Self::Contains(old, new) => ("contains", new.as_str(), old.as_str()),
            Self::Between(old, new) => ("between", new.as_str(), old.as_str()),
            Self::Branch(name) => ("branch", &**name, ""),
            Self::BranchPull(name) => ("branch-pull", &**name, ""),
        }
    }
}

/// A thing in its place.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Key {
    pub(super) place: PlaceId,
    pub(super) thing: Thing,
}

impl Key {
    /// A commit, known by whatever id.
    pub(super) fn commit(place: PlaceId, id: &CommitId) -> Option<Self> {
        let short = id.as_str().get(..SHORT_COMMIT)?.to_ascii_lowercase();
        CommitId::new(&short).map(|id| Self { place, thing: Thing::Commit(id) })
    }

    /// What a credential must be allowed to read for it.
    pub(super) const fn reads(&self) -> Reads {
        match self.thing {
            Thing::Run(_) => Reads::Runs,
            Thing::Release(_) => Reads::Releases,
            Thing::Commit(_) | Thing::Project => Reads::Commits,
            Thing::PullRequest(_) | Thing::Git(Git::BranchPull(_)) => Reads::PullRequests,
            Thing::Git(Git::Between(..) | Git::Branch(_)) => Reads::Commits,
            Thing::Git(Git::Statuses(_)) => Reads::Statuses,
            Thing::Git(Git::Environments | Git::Outcome(_)) => Reads::Environments,
            Thing::Git(
                Git::Head(_) | Git::Log(_) | Git::Parents(_) | Git::Tags(_) | Git::TagObject(_) | Git::Contains(..),
            ) => Reads::Manifests,
        }
    }
}

/// All places that rows or the configuration name.
#[derive(Debug, Default)]
pub(super) struct Places {
    all: Vec<Place>,
}

#[derive(Debug)]
struct Place {
    name: Box<str>,
    forge: Forge,
}

impl Places {
    /// The number of a place, given now if it has none. Branches are no part of it.
    pub(super) fn intern(&mut self, mut forge: Forge) -> PlaceId {
        match &mut forge {
            Forge::AzureDevOps(at) => at.branch = None,
            Forge::GitHub(at) => at.branch = None,
            Forge::GitLab(at) => at.branch = None,
        }
        let name = name(&forge);
        let known = self.all.iter().position(|place| *place.name == *name);
        let place = known.unwrap_or_else(|| {
            self.all.push(Place { name: name.into(), forge });
            self.all.len() - 1
        });
        // More places than numbers would take sixty thousand repositories in one table; the last one then stands for all.
        PlaceId::try_from(place).unwrap_or(PlaceId::MAX)
    }

    pub(super) fn get(&self, place: PlaceId) -> Option<&Forge> {
        self.all.get(usize::from(place)).map(|place| &place.forge)
    }

    /// The name under which a fact about a thing is kept by the browser.
    pub(super) fn text(&self, key: &Key) -> String {
        let place = self.all.get(usize::from(key.place)).map_or("", |place| &place.name);
        let (kind, id, other) = match &key.thing {
            Thing::Run(id) => ("run", id.as_str(), ""),
            Thing::Release(id) => ("release", id.as_str(), ""),
            Thing::Commit(id) => ("commit", id.as_str(), ""),
            Thing::PullRequest(id) => ("pull", id.as_str(), ""),
            Thing::Project => ("project", "", ""),
            Thing::Git(git) => git.text(),
        };
        let name = [place, " ", kind, " ", id].concat();
        if other.is_empty() { name } else { [&name, " ", other].concat() }
    }

    /// Whom to ask for a thing.
    pub(super) fn origin(&self, key: &Key) -> Option<&Origin> {
        self.get(key.place).map(|forge| match (forge, &key.thing) {
            (Forge::AzureDevOps(at), Thing::Release(_)) => at.release_api.origin(),
            (forge, _) => forge.api().origin(),
        })
    }
}

/// The project of Azure DevOps that a repository is in: where its builds and pull requests are.
pub(super) fn without_repository(at: &AzureDevOps) -> Forge {
    Forge::AzureDevOps(AzureDevOps { repository: None, ..at.clone() })
}

fn name(forge: &Forge) -> String {
    // Rows are written in lower case; no forge tells names apart by their case.
    let folded = |text: &str| fold(text);
    match forge {
        Forge::AzureDevOps(at) => {
            let repository = at.repository.as_deref().unwrap_or_default();
            let path = [&*at.organization, "/", &*at.project, "/", repository].concat();
            ["azure-devops ", at.api.as_str(), " ", at.release_api.as_str(), " ", &folded(&path)].concat()
        }
        Forge::GitHub(at) => ["github ", at.api.as_str(), " ", &folded(&at.repository)].concat(),
        Forge::GitLab(at) => ["gitlab ", at.api.as_str(), " ", &folded(&at.project)].concat(),
    }
}
