//! What happens when: a sequence of events that is settled from the start, so that any moment can be asked for.
//!
//! Everything in it lies in plain lists and is named by its place in them. Moments are whole seconds, in milliseconds
//! since 1970; each service writes them in its own way, some with fractions that mean nothing.

mod clusters;
mod expected;
mod following;
mod history;
mod rows;
mod scattered;
mod seeded;
mod story;
mod story_clusters;
mod timeline;

use std::collections::HashMap;

use ringside::domain::time::Timestamp;

pub(crate) use clusters::{Channel, Cluster, Deployment, Report, StatusAuthor, Sync, Tag, Word, latest};
pub(crate) use expected::{
    ExpectedCluster, ExpectedCommit, ExpectedDeployment, ExpectedPerson, ExpectedPullRequest, ExpectedStage, word,
};
pub(crate) use history::{Between, Branch, BranchEnd, MAIN};
pub(crate) use rows::Entity;
pub(crate) use story::STORY;

/// Milliseconds since 1970.
pub(crate) type Millis = i64;

/// Later than any now.
pub(crate) const NEVER: Millis = Millis::MAX;
pub(crate) const SECOND: Millis = 1000;
pub(crate) const MINUTE: Millis = 60 * SECOND;
pub(crate) const HOUR: Millis = 60 * MINUTE;
pub(crate) const DAY: Millis = 24 * HOUR;

/// `2026-11-23T03:40:23Z`
pub(crate) fn rfc3339(at: Millis) -> String {
    Timestamp::from_millis(at).to_rfc3339()
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Forge {
    AzureDevOps,
    GitHub,
    GitLab,
}

impl Forge {
    pub(crate) const ALL: [Self; 3] = [Self::AzureDevOps, Self::GitHub, Self::GitLab];

    /// Its word in config.json.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::AzureDevOps => "azure-devops",
            Self::GitHub => "github",
            Self::GitLab => "gitlab",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|forge| forge.as_str() == word)
    }

    /// Where people look at it.
    pub(crate) const fn web(self) -> &'static str {
        match self {
            Self::AzureDevOps => "https://dev.azure.com",
            Self::GitHub => "https://github.com",
            Self::GitLab => "https://gitlab.com",
        }
    }
}

/// What `config.json` names: a project of Azure DevOps or GitLab, a repository of GitHub.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) forge: Forge,
    /// Organization, owner, group.
    pub(crate) owner: String,
    pub(crate) name: String,
    /// GitLab's number of it; Azure DevOps' is made of it.
    pub(crate) number: u64,
}

impl Place {
    /// Where people look at it.
    pub(crate) fn web(&self) -> String {
        format!("{}/{}/{}", self.forge.web(), self.owner, self.name.replace(' ', "%20"))
    }

    pub(crate) fn guid(&self) -> String {
        guid(self.number)
    }
}

/// A repository. On GitHub and GitLab its place is all there is to it.
#[derive(Clone, Debug)]
pub(crate) struct Repository {
    pub(crate) place: usize,
    pub(crate) name: String,
    pub(crate) number: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) login: String,
    /// Whether the forges have an account with the e-mail address in a commit.
    pub(crate) is_known: bool,
    /// Whether there is a picture behind the address of one.
    pub(crate) has_picture: bool,
}

impl Person {
    pub(crate) fn email(&self) -> String {
        format!("{}@contoso.example", self.login)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Commit {
    pub(crate) repository: usize,
    /// All forty digits.
    pub(crate) id: String,
    pub(crate) author: usize,
    pub(crate) message: String,
    pub(crate) at: Millis,
    /// The branch it was made on.
    pub(crate) branch: String,
    /// The newest commit of a side branch that it merges: its second parent, never on the first line itself.
    pub(crate) merges: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Outcome {
    Succeeded,
    /// It went through, with warnings.
    Warned,
    Failed,
    Canceled,
    /// It ended in an unknown word.
    Strange,
}

impl Outcome {
    pub(crate) const fn goes_on(self) -> bool {
        matches!(self, Self::Succeeded | Self::Warned)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum State {
    /// Not begun, perhaps never.
    Absent,
    Queued,
    /// Somebody has to approve it first.
    Waiting,
    Running,
    Ended(Outcome),
}

/// From being asked for to the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Span {
    pub(crate) queued: Millis,
    pub(crate) started: Millis,
    pub(crate) ended: Millis,
    pub(crate) outcome: Outcome,
    /// What comes before the start is that somebody has to approve it.
    pub(crate) is_waiting: bool,
}

impl Span {
    pub(crate) const fn state(&self, now: Millis) -> State {
        if now < self.queued {
            State::Absent
        } else if now < self.started && now < self.ended {
            if self.is_waiting { State::Waiting } else { State::Queued }
        } else if now < self.ended {
            State::Running
        } else {
            State::Ended(self.outcome)
        }
    }

    /// Begin, as far as it is past.
    pub(crate) fn began(&self, now: Millis) -> Option<Millis> {
        Some(self.started).filter(|at| *at <= now)
    }

    pub(crate) fn finished(&self, now: Millis) -> Option<Millis> {
        Some(self.ended).filter(|at| *at <= now)
    }
}

/// The newest of several tries that has begun by now, and its number from 1.
pub(crate) fn current(tries: &[Span], now: Millis) -> (usize, &Span) {
    let begun = tries.iter().take_while(|t| t.queued <= now).count().max(1);
    (begun, &tries[begun - 1])
}

/// A stage of a build, an environment of a release.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) name: String,
    /// A stage that failed may be tried again while its run goes on.
    pub(crate) tries: Vec<Span>,
    /// Who may approve it, where somebody has to.
    pub(crate) approvers: Vec<usize>,
    /// What holds it while it waits for somebody.
    pub(crate) hold: Hold,
}

/// What holds a stage of Azure DevOps.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) enum Hold {
    #[default]
    Approval,
    /// To use a resource: it is not known by whom.
    Permission,
    /// A task of a job that has begun: it is not known by whom.
    Validation,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Kind {
    /// Azure DevOps.
    Build,
    /// Azure DevOps, classic.
    Release,
    /// GitHub; its jobs name it.
    Workflow,
    /// GitHub.
    Job,
    /// GitLab.
    Pipeline,
}

#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) place: usize,
    pub(crate) kind: Kind,
    pub(crate) id: u64,
    pub(crate) name: String,
    /// A job's workflow run.
    pub(crate) workflow: Option<usize>,
    pub(crate) commit: usize,
    pub(crate) branch: String,
    pub(crate) starter: usize,
    pub(crate) tries: Vec<Span>,
    pub(crate) parts: Vec<Part>,
    /// Who may approve it, where somebody has to, and the environment that is protected so.
    pub(crate) approvers: Vec<usize>,
    pub(crate) environment: String,
    /// When the forge deletes it.
    pub(crate) expires: Millis,
    /// What a release deploys.
    pub(crate) image: Option<String>,
}

impl Run {
    pub(crate) fn now(&self, now: Millis) -> &Span {
        current(&self.tries, now).1
    }

    /// Whether the forge has it.
    pub(crate) fn is_there(&self, now: Millis) -> bool {
        self.tries[0].queued <= now && now < self.expires
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PullState {
    Open,
    Merged,
    Abandoned,
}

#[derive(Clone, Debug)]
pub(crate) struct Pull {
    pub(crate) repository: usize,
    pub(crate) number: u64,
    pub(crate) title: String,
    pub(crate) branch: String,
    pub(crate) author: usize,
    pub(crate) is_draft: bool,
    pub(crate) opened: Millis,
    pub(crate) ended: Millis,
    pub(crate) is_merged: bool,
    /// Who merges or closes it.
    pub(crate) closer: usize,
    /// Who must approve, and when they do.
    pub(crate) reviewers: Vec<(usize, Millis)>,
    /// What its merge makes: the commit to the high-level definition.
    pub(crate) commit: usize,
}

impl Pull {
    pub(crate) const fn state(&self, now: Millis) -> PullState {
        if now < self.ended {
            PullState::Open
        } else if self.is_merged {
            PullState::Merged
        } else {
            PullState::Abandoned
        }
    }

    pub(crate) fn waits_for(&self, now: Millis) -> Vec<usize> {
        let waits = |votes: Millis| self.state(now) == PullState::Open && now < votes;
        self.reviewers.iter().filter(|(_, votes)| waits(*votes)).map(|(person, _)| *person).collect()
    }
}

/// How a project's pipelines spell addresses of repositories.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Spelling {
    Https,
    /// As the shell's `${url##*@}` leaves it.
    NoScheme,
    WithSuffix,
}

#[derive(Clone, Debug)]
pub(crate) struct Project {
    pub(crate) name: String,
    /// Where build, release and manifest run.
    pub(crate) pipelines: [usize; 3],
    pub(crate) hld: usize,
    pub(crate) manifests: usize,
    pub(crate) spelling: Spelling,
    /// Whether its pipelines write what Ringside's capture adds.
    pub(crate) captures: bool,
    /// Whether each of its pipelines writes a row of its own, because it does not find the others'.
    pub(crate) is_split: bool,
    /// Whether rows without a pull request hold the name of the variable in place of its number.
    pub(crate) names_variables: bool,
    /// Whether a check of the set-up left a row behind.
    pub(crate) has_self_test: bool,
}

/// What a column of a row names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct RunRef {
    pub(crate) run: usize,
    /// One stage of it, where one build is both build and release.
    pub(crate) part: Option<usize>,
}

/// A row, as it will once be.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) project: usize,
    pub(crate) key: String,
    /// None for a manual edit of the high-level definition.
    pub(crate) service: Option<String>,
    pub(crate) ring: String,
    pub(crate) branch: String,
    pub(crate) image: String,
    pub(crate) stages: [Option<RunRef>; 3],
    /// When each stage writes its columns.
    pub(crate) written: [Millis; 3],
    pub(crate) pull: Option<usize>,
    pub(crate) source: Option<usize>,
    pub(crate) hld: usize,
    pub(crate) manifest: Option<usize>,
    /// The digest of its image, where its pipelines write it.
    pub(crate) digest: Option<String>,
    /// Of two rows that of the build has it.
    pub(crate) is_digest_of_build: bool,
    /// The pipeline of the manifests has written another row of the same pull request, and not this one.
    pub(crate) is_left_out: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) people: Vec<Person>,
    pub(crate) places: Vec<Place>,
    pub(crate) repositories: Vec<Repository>,
    pub(crate) commits: Vec<Commit>,
    pub(crate) runs: Vec<Run>,
    pub(crate) pulls: Vec<Pull>,
    pub(crate) projects: Vec<Project>,
    pub(crate) rows: Vec<Row>,
    /// What applies the manifests.
    pub(crate) clusters: Vec<Cluster>,
    /// Where pictures of people are.
    pub(crate) pictures: String,
    /// Whether Azure DevOps finds a commit by the first digits of its id, which its documentation leaves open.
    pub(crate) azure_finds_short_ids: bool,
    /// Whether one commit that it does not find makes Azure DevOps refuse all that are asked for at once.
    pub(crate) azure_refuses_whole_batches: bool,
    /// Whether Azure DevOps minds the mode of a history without the path of an item, which its documentation denies.
    pub(crate) azure_minds_history_modes: bool,
    /// Whether Azure DevOps has no more than a hundred statuses of a commit in a batch, of which nothing is documented.
    pub(crate) azure_caps_batches: bool,
    /// How many checks report something of each commit of manifests, besides the build.
    pub(crate) checks: u64,
    /// How many jobs of workflows run for each commit of manifests in environments, which makes a deployment each.
    pub(crate) jobs: u64,
    /// When a branch was deleted.
    deleted: HashMap<(usize, String), Millis>,
    /// The commits that each commit follows.
    before: Vec<Vec<usize>>,
    by_id: HashMap<(usize, Kind, u64), usize>,
    by_number: HashMap<(usize, u64), usize>,
    by_commit: HashMap<(usize, String), usize>,
}

impl World {
    fn empty() -> Self {
        Self { pictures: "https://pictures.example".to_owned(), ..Self::default() }
    }

    fn person(&mut self, name: &str, login: &str, is_known: bool, has_picture: bool) -> usize {
        self.people.push(Person { name: name.to_owned(), login: login.to_owned(), is_known, has_picture });
        self.people.len() - 1
    }

    fn place(&mut self, forge: Forge, owner: &str, name: &str) -> usize {
        let number = 1000 + 7 * self.places.len() as u64;
        self.places.push(Place { forge, owner: owner.to_owned(), name: name.to_owned(), number });
        self.places.len() - 1
    }

    fn repository(&mut self, place: usize, name: &str) -> usize {
        let number = 90_000 + self.repositories.len() as u64;
        self.repositories.push(Repository { place, name: name.to_owned(), number });
        self.repositories.len() - 1
    }

    fn commit(&mut self, repository: usize, author: usize, message: &str, at: Millis) -> usize {
        let n = self.commits.len();
        let id = digits(n as u64 + 1, 40);
        self.by_commit.insert((repository, id[..7].to_owned()), n);
        let (message, branch) = (message.to_owned(), MAIN.to_owned());
        self.commits.push(Commit { repository, id, author, message, at, branch, merges: None });
        n
    }

    fn run(&mut self, run: Run) -> usize {
        let n = self.runs.len();
        self.by_id.insert((run.place, run.kind, run.id), n);
        self.runs.push(run);
        n
    }

    fn pull(&mut self, pull: Pull) -> usize {
        let n = self.pulls.len();
        self.by_number.insert((self.repositories[pull.repository].place, pull.number), n);
        self.pulls.push(pull);
        n
    }

    /// A run that the forge has now.
    pub(crate) fn run_of(&self, place: usize, kind: Kind, id: u64, now: Millis) -> Option<(usize, &Run)> {
        let n = *self.by_id.get(&(place, kind, id))?;
        Some((n, &self.runs[n])).filter(|(_, run)| run.is_there(now))
    }

    /// A pull request that is there by now. On Azure DevOps numbers are unique in all of a project.
    pub(crate) fn pull_of(&self, place: usize, number: u64, now: Millis) -> Option<&Pull> {
        let n = *self.by_number.get(&(place, number))?;
        Some(&self.pulls[n]).filter(|pull| pull.opened <= now)
    }

    /// A commit by its id or the first seven digits or more of it.
    pub(crate) fn commit_of(&self, repository: usize, id: &str, now: Millis) -> Option<(usize, &Commit)> {
        let id = id.to_ascii_lowercase();
        let n = *self.by_commit.get(&(repository, id.get(..7)?.to_owned()))?;
        Some((n, &self.commits[n])).filter(|(_, commit)| commit.id.starts_with(&id) && commit.at <= now)
    }

    /// The place with those names, in whatever case; of GitLab and Azure DevOps by number too.
    pub(crate) fn place_of(&self, forge: Forge, owner: &str, name: &str) -> Option<usize> {
        self.places.iter().position(|place| {
            let is_named = place.name.eq_ignore_ascii_case(name) || (!name.is_empty() && place.guid() == name);
            place.forge == forge && place.owner.eq_ignore_ascii_case(owner) && is_named
        })
    }

    /// The repository of that name or id in a place; without a name the place's first.
    pub(crate) fn repository_of(&self, place: usize, name: Option<&str>) -> Option<usize> {
        self.repositories.iter().position(|repository| {
            let is_named = |name: &str| repository.name.eq_ignore_ascii_case(name) || guid(repository.number) == name;
            repository.place == place && name.is_none_or(is_named)
        })
    }

    /// Where people look at a repository.
    pub(crate) fn repository_web(&self, repository: usize) -> String {
        let Repository { place, name, .. } = &self.repositories[repository];
        let place = &self.places[*place];
        match place.forge {
            Forge::AzureDevOps => format!("{}/_git/{}", place.web(), name.replace(' ', "%20")),
            Forge::GitHub | Forge::GitLab => place.web(),
        }
    }

    /// Where somebody's picture is.
    pub(crate) fn picture(&self, person: &Person) -> String {
        let folder = if person.has_picture { "avatars" } else { "missing" };
        format!("{}/{folder}/{}.svg", self.pictures, person.login)
    }
}

/// Digits that look random and are not.
pub(crate) fn digits(n: u64, length: usize) -> String {
    let mut rng = crate::support::rng::Rng::new(n.wrapping_mul(0x1234_5678_9ABC_DEF1));
    let mut text = String::new();
    while text.len() < length {
        text.push_str(&format!("{:012x}", rng.below(1 << 48)));
    }
    text.truncate(length);
    text
}

pub(crate) fn guid(n: u64) -> String {
    let d = digits(n ^ 0xABCD_0000, 32);
    format!("{}-{}-{}-{}-{}", &d[..8], &d[8..12], &d[12..16], &d[16..20], &d[20..])
}
