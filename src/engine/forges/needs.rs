//! What a deployment's row names that a forge knows, and where: its runs, its commit, its pull request.
//!
//! The repository of a stage comes from the row, else from what its build says, else from the configuration. No
//! address out of a row is ever asked: a row only says *which* repository, whose forge is one of the configuration's,
//! or the public one of that name.

use super::places::{Key, PlaceId, Places, Thing, without_repository};
use crate::{
    config::{AzureDevOps, Config, Forge, GitHub, GitLab},
    domain::{
        id::{CommitId, PullRequestId, Repository, RunId},
        run::Run,
    },
    forge::{azure_devops, github, gitlab},
    model::journey::{RUNS, Texts},
    storage::row::Field,
};

/// The forges of one project of the configuration.
#[derive(Clone, Debug)]
pub(super) struct ProjectForges {
    /// Who runs build, release and manifest.
    stages: [Forge; 3],
    /// Where to ask for a repository that a row names, by kind: one of the configuration's, else the public one.
    azure_devops: Option<AzureDevOps>,
    github: Option<GitHub>,
    gitlab: Option<GitLab>,
}

impl ProjectForges {
    /// Of each project; `None` for one without pipelines, which asks nobody.
    pub(super) fn all(config: &Config) -> Vec<Option<Self>> {
        let pipelines = config.projects.iter().filter_map(|p| p.pipelines.as_ref());
        let everywhere: Vec<Forge> = pipelines.flat_map(|p| [&p.build, &p.release, &p.manifest]).cloned().collect();
        let of_project = |project: &crate::config::Project| {
            let pipelines = project.pipelines.as_ref()?;
            let stages = [&pipelines.build, &pipelines.release, &pipelines.manifest];
            let find = |pick: fn(&Forge) -> bool| stages.into_iter().chain(&everywhere).find(|f| pick(f)).cloned();
            Some(Self {
                azure_devops: match find(|f| matches!(f, Forge::AzureDevOps(_))) {
                    Some(Forge::AzureDevOps(at)) => Some(at),
                    // It tells nothing to who has no token, and nobody who did not name it will have one for it.
                    _ => None,
                },
                github: match find(|f| matches!(f, Forge::GitHub(_))) {
                    Some(Forge::GitHub(at)) => Some(at),
                    _ => github::public(),
                },
                gitlab: match find(|f| matches!(f, Forge::GitLab(_))) {
                    Some(Forge::GitLab(at)) => Some(at),
                    // A number tells nothing of whose it is.
                    _ => None,
                },
                stages: stages.map(Forge::clone),
            })
        };
        config.projects.iter().map(of_project).collect()
    }

    /// The forge and repository that a row, or a build, names.
    pub(super) fn repository(&self, text: &str) -> Option<Forge> {
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

/// What one deployment's row names.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Needs {
    /// Its runs `p1`, `p2`, `p3`.
    pub(super) runs: [Option<Key>; 3],
    /// For each run the commit that it ran on, where that is known: GitHub finds many runs by their commits at once.
    pub(super) ran_on: [Option<CommitId>; 3],
    /// `p1` and `p2` are stages of one run.
    pub(super) is_staged: bool,
    /// The metadata update is a build of Azure DevOps in place of a release.
    pub(super) is_build_for_release: bool,
    /// Which of its runs ran on the commit behind it.
    pub(super) told_by: usize,
    /// The commit behind it, and the longest id of it that is known.
    pub(super) commit: Option<(Key, CommitId)>,
    /// Its pull request.
    pub(super) pull: Option<Key>,
    /// Projects of GitLab whose address is wanted for links.
    pub(super) projects: Vec<Key>,
    /// Where its source, its definition and its manifests are.
    pub(super) source: Option<PlaceId>,
    pub(super) definition: Option<PlaceId>,
    pub(super) manifests: Option<PlaceId>,
}

/// What is known of a thing, as far as it matters for where to look for others.
pub(super) trait Known {
    /// The run, if it is known.
    fn run(&self, key: &Key) -> Option<&Run>;
    /// Whether its forge said that there is no such thing there.
    fn is_gone(&self, key: &Key) -> bool;
}

impl Needs {
    /// Of a row.
    pub(super) fn of<'a, T: Texts<'a>>(
        row: T,
        forges: &ProjectForges,
        places: &mut Places,
        known: &impl Known,
    ) -> Self {
        let mut needs = Self::default();
        let named = |field: Field| forges.repository(row.text(field));
        let (source, definition) = (named(Field::SourceRepo), named(Field::HldRepo));
        needs.is_staged = match (&forges.stages, row.text(Field::P1), row.text(Field::P2)) {
            ([Forge::AzureDevOps(build), Forge::AzureDevOps(release), _], p1, p2) => {
                let same_project = (&build.organization, &build.project) == (&release.organization, &release.project);
                !p1.is_empty() && p1 == p2 && same_project
            }
            _ => false,
        };
        for (index, (fields, forge)) in RUNS.iter().zip(&forges.stages).enumerate() {
            let Some(id) = RunId::new(row.text(fields.id)) else { continue };
            let of_row = if index == 2 { &definition } else { &source };
            // Where the release has a forge of its own, that is where it runs; else it runs beside the build.
            let configured_first = index == 1 && forges.stages.first() != Some(forge);
            needs.run(index, id, forge, of_row.as_ref(), configured_first, places, known);
        }
        let (of_source, of_definition) =
            (CommitId::new(row.text(Field::CommitId)), CommitId::new(row.text(Field::HldCommitId)));
        needs.ran_on = [of_source.clone(), of_source.clone(), of_definition.clone()];
        // A manual edit's author is who wrote the definition.
        let is_edit = !row.has(Field::CommitId) && !row.has(Field::P1) && row.has(Field::HldCommitId);
        let run = |index: usize| needs.runs.get(index).and_then(Option::as_ref).and_then(|key| known.run(key));
        let of_run = |run: Option<&Run>| {
            let repository: Option<&Repository> = run.and_then(|run| run.repository.as_ref());
            repository.and_then(|repository| forges.repository(repository.as_str()))
        };
        let definition = definition.or_else(|| of_run(run(2))).or_else(|| configured(forges, 2));
        let source = source.or_else(|| of_run(run(0))).or_else(|| configured(forges, 0));
        // The run that tells the commit's whole id.
        needs.told_by = if is_edit { 2 } else { 0 };
        let built = run(needs.told_by).and_then(|run| run.commit.clone());
        needs.source = source.map(|forge| places.intern(forge));
        needs.definition = definition.clone().map(|forge| places.intern(forge));
        needs.manifests = named(Field::ManifestRepo).map(|forge| places.intern(forge));

        let (of_row, place) = if is_edit { (of_definition, needs.definition) } else { (of_source, needs.source) };
        let id = match (of_row, built) {
            (Some(of_row), Some(built)) => Some(if built.is_same_as(&of_row) { built } else { of_row }),
            (of_row, built) => of_row.or(built),
        };
        needs.commit = place.zip(id).and_then(|(place, id)| Some((Key::commit(place, &id)?, id)));

        if let Some(id) = PullRequestId::new(row.text(Field::Pr)) {
            let place = match definition {
                // A pull request's number is its project's, so the repository need not be known.
                Some(Forge::AzureDevOps(at)) => Some(without_repository(&at)),
                None => match forges.stages.get(2) {
                    Some(Forge::AzureDevOps(at)) => Some(without_repository(at)),
                    _ => None,
                },
                definition => definition,
            };
            needs.pull = place.map(|place| Key { place: places.intern(place), thing: Thing::PullRequest(id) });
        }
        let of_gitlab = [needs.source, needs.definition, needs.manifests].into_iter().flatten();
        let of_gitlab = of_gitlab.filter(|&place| matches!(places.get(place), Some(Forge::GitLab(_))));
        needs.projects = of_gitlab.map(|place| Key { place, thing: Thing::Project }).collect();
        needs
    }

    /// All that it names.
    pub(super) fn keys(&self) -> impl Iterator<Item = &Key> {
        let commit = self.commit.iter().map(|(key, _)| key);
        self.runs.iter().flatten().chain(commit).chain(&self.pull).chain(&self.projects)
    }

    #[expect(clippy::too_many_arguments, reason = "one stage of a row and all that says where it ran")]
    fn run(
        &mut self,
        index: usize,
        id: RunId,
        forge: &Forge,
        of_row: Option<&Forge>,
        configured_first: bool,
        places: &mut Places,
        known: &impl Known,
    ) {
        let of_row = of_row.filter(|of_row| std::mem::discriminant(*of_row) == std::mem::discriminant(forge));
        let keys = match forge {
            Forge::AzureDevOps(at) => {
                let place = places.intern(without_repository(at));
                let run = Key { place, thing: Thing::Run(id.clone()) };
                if index == 1 && !self.is_staged {
                    // A classic release; where there is none of that number, a build that does its work.
                    vec![Key { place, thing: Thing::Release(id) }, run]
                } else {
                    vec![run]
                }
            }
            forge => {
                // The row's repository first, or the configuration's; where the run is not in it, the other.
                let [first, second] = if configured_first { [Some(forge), of_row] } else { [of_row, Some(forge)] };
                let mut keys: Vec<Key> = Vec::with_capacity(2);
                for forge in [first, second].into_iter().flatten() {
                    let key = Key { place: places.intern(forge.clone()), thing: Thing::Run(id.clone()) };
                    if !keys.contains(&key) {
                        keys.push(key);
                    }
                }
                keys
            }
        };
        let key = keys.iter().find(|key| !known.is_gone(key)).or(keys.first()).cloned();
        let is_azure = matches!(forge, Forge::AzureDevOps(_));
        self.is_build_for_release |= is_azure && index == 1 && !self.is_staged && keys.get(1) == key.as_ref();
        if let Some(slot) = self.runs.get_mut(index) {
            *slot = key;
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
