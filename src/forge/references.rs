//! What a deployment's row names that a forge has, and where: its runs, its commit, its pull request.
//!
//! The repository of a stage comes from the row, else from what its build reports, else from the configuration. No
//! address out of a row is ever asked: a row only names *which* repository, whose forge is one of the configuration's,
//! or the public one of that name.

use super::{
    adapters::capabilities,
    azure_devops, github, gitlab,
    key::{RepoId, Repositories, Resource, ResourceKey, without_repository},
};
use crate::{
    config::{AzureDevOps, Config, Forge, GitHub, GitLab, Project},
    domain::{
        fact::Fact,
        id::{CommitId, PullRequestId, Repository, RunId},
        run::Run,
    },
};

/// The forges of one project of the configuration.
#[derive(Clone, Debug)]
pub struct ProjectForges {
    /// Who runs build, release and manifest.
    stages: [Forge; 3],
    /// Where to ask for a repository that a row names, by kind: one of the configuration's, else the public one.
    azure_devops: Option<AzureDevOps>,
    github: Option<GitHub>,
    gitlab: Option<GitLab>,
}

impl ProjectForges {
    /// Of each project; `None` for one without pipelines, which asks nobody.
    #[must_use]
    pub fn all(config: &Config) -> Vec<Option<Self>> {
        let pipelines = config.projects.iter().filter_map(|p| p.pipelines.as_ref());
        let everywhere: Vec<Forge> = pipelines.flat_map(|p| [&p.build, &p.release, &p.manifest]).cloned().collect();
        let of_project = |project: &Project| {
            let pipelines = project.pipelines.as_ref()?;
            let stages = [&pipelines.build, &pipelines.release, &pipelines.manifest];
            let find = |pick: fn(&Forge) -> bool| stages.into_iter().chain(&everywhere).find(|f| pick(f)).cloned();
            Some(Self {
                azure_devops: match find(|f| matches!(f, Forge::AzureDevOps(_))) {
                    Some(Forge::AzureDevOps(at)) => Some(at),
                    // It answers nothing without a token, and nobody who did not name it will have one for it.
                    _ => None,
                },
                github: match find(|f| matches!(f, Forge::GitHub(_))) {
                    Some(Forge::GitHub(at)) => Some(at),
                    _ => github::public(),
                },
                gitlab: match find(|f| matches!(f, Forge::GitLab(_))) {
                    Some(Forge::GitLab(at)) => Some(at),
                    // A number is no evidence of whose it is.
                    _ => None,
                },
                stages: stages.map(Forge::clone),
            })
        };
        config.projects.iter().map(of_project).collect()
    }

    /// Whether build and release can be stages of one run.
    fn has_one_pipeline(&self) -> bool {
        match &self.stages {
            [Forge::AzureDevOps(build), Forge::AzureDevOps(release), _] => {
                (&build.organization, &build.project) == (&release.organization, &release.project)
            }
            _ => false,
        }
    }

    /// The forge and repository that a row, or a build, names.
    #[must_use]
    pub fn repository(&self, text: &str) -> Option<Forge> {
        if text.is_empty() {
            return None;
        }
        if let Some(at) = &self.azure_devops
            && let Some((organization, project, repository)) = azure_devops::repository_at(at, text)
        {
            let (organization, project) = (organization.into(), project.into());
            return Some(Forge::AzureDevOps(AzureDevOps {
                organization,
                project,
                repository: Some(repository.into()),
                ..at.clone()
            }));
        }
        let has_gitlab = self.stages.iter().any(|f| matches!(f, Forge::GitLab(_)));
        // A number alone is a project of GitLab, where there is one.
        let is_number = text.bytes().all(|b| b.is_ascii_digit());
        if !is_number
            && let Some(at) = &self.github
            && let Some(repository) = github::repository(text, at.api.host())
        {
            return Some(Forge::GitHub(GitHub { repository: repository.into(), ..at.clone() }));
        }
        let at = self.gitlab.as_ref().filter(|_| has_gitlab || !is_number)?;
        let project = gitlab::repository(text, at.api.host())?;
        Some(Forge::GitLab(GitLab { project: project.into(), ..at.clone() }))
    }
}

/// The texts of a row that name what forges have; empty where it names nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RowNames<'a> {
    /// `p1`, `p2`, `p3`.
    pub runs: [&'a str; 3],
    /// The commit of the source.
    pub commit: &'a str,
    /// The commit of the definition.
    pub definition_commit: &'a str,
    /// The pull request.
    pub pull_request: &'a str,
    /// The repository of the source.
    pub source: &'a str,
    /// The repository of the definition.
    pub definition: &'a str,
    /// The repository of the manifests.
    pub manifests: &'a str,
}

/// What is known, as far as it matters for where to look for more.
pub trait KnownFacts {
    /// What is known of a resource.
    fn fact(&self, key: &ResourceKey) -> Option<&Fact>;

    /// The run, if it is known.
    fn run(&self, key: &ResourceKey) -> Option<&Run> {
        match self.fact(key)? {
            Fact::Run(run) => Some(run),
            _ => None,
        }
    }

    /// Whether its forge reported that there is none.
    fn is_gone(&self, key: &ResourceKey) -> bool {
        matches!(self.fact(key), Some(Fact::Gone))
    }
}

/// What one deployment's row names.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RowReferences {
    /// Its runs `p1`, `p2`, `p3`.
    pub runs: [Option<ResourceKey>; 3],
    /// For each run the commit that it ran on, where the row names it: many runs are found by their commits at once.
    pub ran_on: [Option<CommitId>; 3],
    /// `p1` and `p2` are stages of one run.
    pub is_staged: bool,
    /// The metadata update is a build in place of a classic release.
    pub is_build_for_release: bool,
    /// Which of its runs ran on the commit behind it.
    pub author_run: usize,
    /// The commit behind it, and the longest id of it that is known.
    pub commit: Option<(ResourceKey, CommitId)>,
    /// Its pull request.
    pub pull: Option<ResourceKey>,
    /// What its runs wait for.
    pub approvals: Vec<ResourceKey>,
    /// The repository that its pull request is in, where the key names only its project.
    pub pull_repository: Option<Box<str>>,
    /// Projects whose address is wanted for links.
    pub projects: Vec<ResourceKey>,
    /// Where its source is.
    pub source: Option<RepoId>,
    /// Where its definition is.
    pub definition: Option<RepoId>,
    /// Where its manifests are.
    pub manifests: Option<RepoId>,
}

impl RowReferences {
    /// Of a row.
    pub fn of(
        row: &RowNames<'_>,
        forges: &ProjectForges,
        repositories: &mut Repositories,
        known: &impl KnownFacts,
    ) -> Self {
        let mut references = Self::default();
        let (source, definition) = (forges.repository(row.source), forges.repository(row.definition));
        let [build, release, _] = row.runs;
        references.is_staged = !build.is_empty() && build == release && forges.has_one_pipeline();
        for (index, (text, forge)) in row.runs.into_iter().zip(&forges.stages).enumerate() {
            let Some(id) = RunId::new(text) else { continue };
            let of_row = if index == 2 { &definition } else { &source };
            // Where the release has a forge of its own, that is where it runs; else it runs beside the build.
            let configured_first = index == 1 && forges.stages.first() != Some(forge);
            let candidates = references.candidates(index, &id, forge, of_row.as_ref(), configured_first);
            let keys: Vec<ResourceKey> = candidates
                .into_iter()
                .map(|(forge, resource)| ResourceKey { repo: repositories.intern(forge), resource })
                .collect();
            let key = keys.iter().find(|key| !known.is_gone(key)).or(keys.first()).cloned();
            let is_run = matches!(&key, Some(ResourceKey { resource: Resource::Run(_), .. }));
            let is_release = |key: &ResourceKey| matches!(key.resource, Resource::Release(_));
            references.is_build_for_release |= is_run && keys.iter().any(is_release);
            if let Some(slot) = references.runs.get_mut(index) {
                *slot = key;
            }
        }
        for key in references.runs.iter().flatten() {
            let ids = known.run(key).into_iter().flat_map(Run::approvals);
            references.approvals.extend(ids.map(|id| key.approvals(id)));
        }
        let (of_source, of_definition) = (CommitId::new(row.commit), CommitId::new(row.definition_commit));
        references.ran_on = [of_source.clone(), of_source.clone(), of_definition.clone()];
        // A manual edit's author is who wrote the definition.
        let is_edit = row.commit.is_empty() && build.is_empty() && !row.definition_commit.is_empty();
        let run = |index: usize| references.runs.get(index).and_then(Option::as_ref).and_then(|key| known.run(key));
        let of_run = |run: Option<&Run>| {
            let repository: Option<&Repository> = run.and_then(|run| run.repository.as_ref());
            repository.and_then(|repository| forges.repository(repository.as_str()))
        };
        let definition = definition.or_else(|| of_run(run(2))).or_else(|| configured(forges, 2));
        let source = source.or_else(|| of_run(run(0))).or_else(|| configured(forges, 0));
        // The run that has the commit's whole id.
        references.author_run = if is_edit { 2 } else { 0 };
        let built = run(references.author_run).and_then(|run| run.commit.clone());
        references.source = source.map(|forge| repositories.intern(forge));
        references.definition = definition.clone().map(|forge| repositories.intern(forge));
        references.manifests = forges.repository(row.manifests).map(|forge| repositories.intern(forge));

        let (of_row, repo) =
            if is_edit { (of_definition, references.definition) } else { (of_source, references.source) };
        let id = match (of_row, built) {
            (Some(of_row), Some(built)) => Some(if built.is_same_as(&of_row) { built } else { of_row }),
            (of_row, built) => of_row.or(built),
        };
        references.commit = repo.zip(id).and_then(|(repo, id)| Some((ResourceKey::commit(repo, &id)?, id)));

        if let Some(id) = PullRequestId::new(row.pull_request) {
            let repo = match &definition {
                // A pull request's number is its project's, so the repository need not be known.
                Some(Forge::AzureDevOps(at)) => {
                    references.pull_repository.clone_from(&at.repository);
                    Some(without_repository(at))
                }
                None => match forges.stages.get(2) {
                    Some(Forge::AzureDevOps(at)) => Some(without_repository(at)),
                    _ => None,
                },
                definition => (*definition).clone(),
            };
            references.pull =
                repo.map(|repo| ResourceKey { repo: repositories.intern(repo), resource: Resource::PullRequest(id) });
        }
        let named = [references.source, references.definition, references.manifests].into_iter().flatten();
        let is_number =
            |repo: &RepoId| repositories.get(*repo).is_some_and(|forge| capabilities(forge.service()).numbers_projects);
        let projects = named.filter(is_number).map(|repo| ResourceKey { repo, resource: Resource::Project });
        references.projects = projects.collect();
        references
    }

    /// All that it names.
    pub fn keys(&self) -> impl Iterator<Item = &ResourceKey> {
        let commit = self.commit.iter().map(|(key, _)| key);
        self.runs.iter().flatten().chain(commit).chain(&self.pull).chain(&self.approvals).chain(&self.projects)
    }

    /// Where the run of a stage may be, the likeliest first: the next counts where it is not in the one before.
    fn candidates(
        &self,
        index: usize,
        id: &RunId,
        forge: &Forge,
        of_row: Option<&Forge>,
        configured_first: bool,
    ) -> Vec<(Forge, Resource)> {
        let run = Resource::Run(id.clone());
        match forge {
            Forge::AzureDevOps(at) => {
                let project = without_repository(at);
                if index == 1 && !self.is_staged {
                    // A classic release; where there is none of that number, a build that does its work.
                    vec![(project.clone(), Resource::Release(id.clone())), (project, run)]
                } else {
                    vec![(project, run)]
                }
            }
            forge @ (Forge::GitHub(_) | Forge::GitLab(_)) => {
                // The row's repository first, or the configuration's; where the run is not in it, the other.
                let of_row = of_row.filter(|of_row| of_row.service() == forge.service());
                let [first, second] = if configured_first { [Some(forge), of_row] } else { [of_row, Some(forge)] };
                [first, second].into_iter().flatten().map(|forge| (forge.clone(), run.clone())).collect()
            }
        }
    }
}

/// The repository that the configuration gives for a stage, if it names one.
fn configured(forges: &ProjectForges, stage: usize) -> Option<Forge> {
    let forge = forges.stages.get(stage)?;
    let names_one = match forge {
        Forge::AzureDevOps(at) => at.repository.is_some(),
        Forge::GitHub(_) | Forge::GitLab(_) => true,
    };
    names_one.then(|| forge.clone())
}
