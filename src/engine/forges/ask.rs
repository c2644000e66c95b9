//! From what is wanted to requests: as few as each forge allows.

use super::{
    Forges, Rank, SETTLES, UnderWay, Want,
    places::{Key, PlaceId, Thing},
};
use crate::{
    config::{Forge, GitHub, secret::Secret},
    domain::{
        id::{CommitId, PullRequestId, RunId},
        stage::Service,
        time::Timestamp,
    },
    engine::{RequestId, cache::Fact},
    forge::{Reads, azure_devops, github, gitlab},
    http::{Origin, Request},
};

/// From so many pull requests of one project of Azure DevOps on, the list of its newest is asked instead of each.
const WORTH_A_LIST: usize = 3;
/// From so many things of one GitHub on, they are asked by GraphQL, where a token allows that. Fewer are cheaper one by
/// one: an answer that has not changed costs nothing.
const WORTH_GRAPHQL: usize = 3;

/// What a request asks, to know what its answer is about.
#[derive(Clone, Debug)]
pub(super) enum Question {
    Builds(Vec<Key>),
    Stages(Key),
    Releases(Vec<Key>),
    Commits(Vec<Key>),
    AzureCommit(Key),
    AzurePull(Key),
    AzurePulls(Vec<Key>),
    Job(Key),
    Run(Key),
    GitHubCommit(Key),
    GitHubPull(Key),
    Many(Vec<Key>, Vec<github::Ask>),
    Pipeline(Key),
    Jobs(Key),
    GitLabCommit(Key),
    MergeRequest(Key),
    Project(Key),
    /// Things of a repository that no row names: one, or several statuses at once.
    Git(Vec<Key>),
    /// All that clusters say of a repository of GitHub, at once; the key is its branch.
    Manifests(Key),
    /// Whether a credential is good.
    Test,
    /// Whether anybody answers there at all.
    Probe,
}

impl Question {
    /// The things it asks for.
    pub(super) fn keys(&self) -> &[Key] {
        match self {
            Self::Builds(keys)
            | Self::Releases(keys)
            | Self::Commits(keys)
            | Self::AzurePulls(keys)
            | Self::Git(keys)
            | Self::Many(keys, _) => keys,
            Self::Stages(key)
            | Self::AzureCommit(key)
            | Self::AzurePull(key)
            | Self::Job(key)
            | Self::Run(key)
            | Self::GitHubCommit(key)
            | Self::GitHubPull(key)
            | Self::Pipeline(key)
            | Self::Jobs(key)
            | Self::GitLabCommit(key)
            | Self::MergeRequest(key)
            | Self::Manifests(key)
            | Self::Project(key) => std::slice::from_ref(key),
            Self::Test | Self::Probe => &[],
        }
    }

    /// What a credential must be allowed to read for it.
    pub(super) fn reads(&self) -> Reads {
        self.keys().first().map_or(Reads::Runs, Key::reads)
    }
}

/// Why a want is not asked for now.
enum Not {
    /// It may be then.
    Before(Timestamp),
    /// An answer, a token or a person has to come first.
    Now,
}

impl Forges {
    /// Requests to send now. Nothing while nobody looks or there is no network.
    pub(in crate::engine) fn ask(
        &mut self,
        now: Timestamp,
        is_awake: bool,
        mut next_id: impl FnMut() -> RequestId,
    ) -> Vec<(RequestId, Request)> {
        self.wake = (!self.behind.is_empty()).then(|| now + super::PAUSE);
        let keeps = self.keeper.wake_at();
        self.wake = earliest(self.wake, keeps.filter(|&at| at > now));
        let mut requests = Vec::new();
        if !is_awake {
            return requests;
        }
        for line in 0..self.lines.len() {
            if let Some((question, request)) = self.test_request(line) {
                requests.push(self.send(line, 0, question, request, now, false, &mut next_id));
            }
        }
        if !self.is_restored {
            return requests;
        }
        if let Some(moved) = self.moved_at {
            // A clock that was set back must not make it wait until it is that late again.
            if moved + SETTLES > now && moved <= now {
                self.wake = earliest(self.wake, Some(moved + SETTLES));
                return requests;
            }
            self.moved_at = None;
        }
        let wants = std::mem::take(&mut self.wants);
        for (index, want) in wants.iter().enumerate() {
            match self.may_ask(want, now) {
                Err(Not::Before(at)) => self.wake = earliest(self.wake, Some(at)),
                Err(Not::Now) => {}
                Ok(line) => {
                    let rest = wants.get(index..).unwrap_or_default();
                    if let Some((question, request)) = self.question(want, rest, now) {
                        for key in question.keys().to_vec() {
                            self.facts.entry(&key).asked = true;
                        }
                        let is_repeat = want.is_repeat;
                        requests.push(self.send(line, want.key.place, question, request, now, is_repeat, &mut next_id));
                    }
                }
            }
        }
        self.wants = wants;
        requests
    }

    #[expect(clippy::too_many_arguments, reason = "all that is noted of a request")]
    fn send(
        &mut self,
        line: usize,
        place: PlaceId,
        question: Question,
        request: Request,
        now: Timestamp,
        is_repeat: bool,
        next_id: &mut impl FnMut() -> RequestId,
    ) -> (RequestId, Request) {
        let id = next_id();
        let mut epoch = 0;
        if let Some(line) = self.lines.get_mut(line) {
            line.budget.take(now, is_repeat);
            epoch = line.epoch;
        }
        self.under_way.push(UnderWay { id, line, epoch, place, sent: now, question });
        (id, request)
    }

    /// The line to ask a want on, if it may be asked now.
    fn may_ask(&mut self, want: &Want, now: Timestamp) -> Result<usize, Not> {
        let Some(entry) = self.facts.get(&want.key) else { return Err(Not::Now) };
        if entry.asked {
            return Err(Not::Now);
        }
        let due = want.due.max(entry.again_at);
        if due > now {
            return Err(Not::Before(due));
        }
        let origin = self.places.origin(&want.key);
        let Some(index) = self.lines.iter().position(|line| Some(&line.origin) == origin) else { return Err(Not::Now) };
        let has_token = self.token(index).is_some();
        let Some(line) = self.lines.get_mut(index) else { return Err(Not::Now) };
        let is_scarce = !has_token && line.service == Service::GitHub;
        // Without a token Azure DevOps tells a browser nothing, and GitHub too little to have told again what is known.
        if !has_token && line.service == Service::AzureDevOps || is_scarce && want.rank == Rank::Told {
            return Err(Not::Now);
        }
        if line.budget.is_busy() {
            return Err(Not::Now);
        }
        let refused = line.refused_until(want.key.place, want.key.reads(), now);
        let waits = line.budget.waits_until(now);
        let repeats = if want.is_repeat { line.budget.repeats_at(now) } else { None };
        match waits.max(refused).max(repeats) {
            Some(at) => Err(Not::Before(at)),
            None => Ok(index),
        }
    }

    /// The request that asks for a want, and for as many of the `rest` as fit in.
    fn question(&mut self, want: &Want, rest: &[Want], now: Timestamp) -> Option<(Question, Request)> {
        let key = &want.key;
        let forge = self.places.get(key.place)?.clone();
        let index = self.lines.iter().position(|line| Some(&line.origin) == self.places.origin(key))?;
        let token = self.token(index);
        let secret = token.as_ref();
        let entry = self.facts.get(key)?;
        let etag = entry.fact.as_ref().and(entry.etag.clone());
        let etag = etag.as_deref();
        if let Thing::Git(git) = &key.thing {
            return self.git_question(want, git, rest, &forge, secret, etag, now);
        }
        Some(match (&forge, &key.thing) {
            (_, Thing::Git(_)) => return None,
            (Forge::AzureDevOps(at), Thing::Run(id)) if want.parts => {
                (Question::Stages(key.clone()), azure_devops::request_stages(at, id, secret))
            }
            (Forge::AzureDevOps(at), Thing::Run(_)) => {
                let (keys, ids) = self.alike(want, rest, azure_devops::AT_ONCE, now, run_id);
                (Question::Builds(keys), azure_devops::request_builds(at, &ids, secret))
            }
            (Forge::AzureDevOps(at), Thing::Release(_)) => {
                let (keys, ids) = self.alike(want, rest, azure_devops::AT_ONCE, now, run_id);
                (Question::Releases(keys), azure_devops::request_releases(at, &ids, secret))
            }
            (Forge::AzureDevOps(at), Thing::Commit(short)) => {
                let repository = at.repository.as_deref()?;
                let (keys, ids) = self.alike(want, rest, azure_devops::AT_ONCE, now, |key| self.whole_id(key));
                match ids.as_slice() {
                    [id] if entry.at_most == 1 => {
                        (Question::AzureCommit(key.clone()), azure_devops::request_commit(at, repository, id, secret))
                    }
                    [] => (
                        Question::AzureCommit(key.clone()),
                        azure_devops::request_commit(at, repository, short, secret),
                    ),
                    ids => (Question::Commits(keys), azure_devops::request_commits(at, repository, ids, secret)),
                }
            }
            (Forge::AzureDevOps(at), Thing::PullRequest(id)) => {
                let repository = self.repositories.get(key).map(|r| &**r);
                let (keys, ids) = self.alike(want, rest, azure_devops::AT_ONCE, now, |other| {
                    let same = self.repositories.get(other).map(|r| &**r) == repository;
                    pull_id(other).filter(|_| same && !self.is_alone(other))
                });
                let is_listing = self
                    .under_way
                    .iter()
                    .any(|other| matches!(other.question, Question::AzurePulls(_)) && other.place == key.place);
                // What the list that is under way tells is for these too.
                if is_listing && !entry.alone {
                    return None;
                }
                if ids.len() >= WORTH_A_LIST && !entry.alone {
                    (Question::AzurePulls(keys), azure_devops::request_pull_requests(at, repository, secret))
                } else {
                    (Question::AzurePull(key.clone()), azure_devops::request_pull_request(at, id, secret))
                }
            }
            (Forge::AzureDevOps(_), Thing::Project) => return None,
            (Forge::GitHub(at), thing) => {
                if let Some(many) = self.many(want, rest, at, secret, now) {
                    return Some(many);
                }
                match thing {
                    Thing::Run(id) if entry.as_run => {
                        (Question::Run(key.clone()), github::request_run(at, id, secret, etag))
                    }
                    Thing::Run(id) => (Question::Job(key.clone()), github::request_job(at, id, secret, etag)),
                    Thing::Commit(_) => {
                        let id = self.whole_id(key)?;
                        (Question::GitHubCommit(key.clone()), github::request_commit(at, &id, secret))
                    }
                    Thing::PullRequest(id) => {
                        (Question::GitHubPull(key.clone()), github::request_pull_request(at, id, secret, etag))
                    }
                    Thing::Release(_) | Thing::Project | Thing::Git(_) => return None,
                }
            }
            (Forge::GitLab(at), Thing::Run(id)) if want.parts => {
                (Question::Jobs(key.clone()), gitlab::request_jobs(at, id, secret))
            }
            (Forge::GitLab(at), Thing::Run(id)) => {
                (Question::Pipeline(key.clone()), gitlab::request_pipeline(at, id, secret, etag))
            }
            (Forge::GitLab(at), Thing::Commit(_)) => {
                let id = self.whole_id(key)?;
                (Question::GitLabCommit(key.clone()), gitlab::request_commit(at, &id, secret))
            }
            (Forge::GitLab(at), Thing::PullRequest(id)) => {
                (Question::MergeRequest(key.clone()), gitlab::request_merge_request(at, id, secret, etag))
            }
            (Forge::GitLab(at), Thing::Project) => {
                (Question::Project(key.clone()), gitlab::request_project(at, secret))
            }
            (Forge::GitLab(_), Thing::Release(_)) => return None,
        })
    }

    /// The wants of the same kind in the same place that may be asked now, and their ids.
    pub(super) fn alike<T>(
        &self,
        want: &Want,
        rest: &[Want],
        at_once: usize,
        now: Timestamp,
        id: impl Fn(&Key) -> Option<T>,
    ) -> (Vec<Key>, Vec<T>) {
        let kind = std::mem::discriminant(&want.key.thing);
        let at_most = self.facts.get(&want.key).map_or(1, |entry| entry.at_most).min(at_once);
        let alike = rest.iter().filter(|other| {
            let same =
                other.key.place == want.key.place && std::mem::discriminant(&other.key.thing) == kind && !other.parts;
            same && self.is_ready(other, now) && self.facts.get(&other.key).is_some_and(|e| e.at_most >= at_most)
        });
        alike.filter_map(|other| Some((other.key.clone(), id(&other.key)?))).take(at_most).unzip()
    }

    /// Whether nothing about the thing itself speaks against asking for it now.
    fn is_ready(&self, want: &Want, now: Timestamp) -> bool {
        self.facts.get(&want.key).is_some_and(|entry| !entry.asked && want.due.max(entry.again_at) <= now)
    }

    fn is_alone(&self, key: &Key) -> bool {
        self.facts.get(key).is_some_and(|entry| entry.alone)
    }

    /// The longest id of a commit that any row or run names.
    fn whole_id(&self, key: &Key) -> Option<CommitId> {
        let watching = self.watchers.get(key)?.iter().filter_map(|slot| self.seen.get(slot));
        let ids = watching.filter_map(|seen| seen.needs.commit.as_ref()).filter(|(of, _)| of == key).map(|(_, id)| id);
        ids.max_by_key(|id| id.as_str().len()).cloned()
    }

    /// A question of GraphQL for all that is wanted of one GitHub, if there is a token and enough to ask.
    fn many(
        &self,
        want: &Want,
        rest: &[Want],
        at: &GitHub,
        secret: Option<&Secret>,
        now: Timestamp,
    ) -> Option<(Question, Request)> {
        secret?;
        self.ask_one(&want.key)?;
        let here: Option<&Origin> = self.places.origin(&want.key);
        let at_most = self.facts.get(&want.key).map_or(1, |entry| entry.at_most).min(github::AT_ONCE);
        let alike = rest.iter().filter(|other| self.places.origin(&other.key) == here && self.is_ready(other, now));
        let asks = alike.filter_map(|other| Some((other.key.clone(), self.ask_one(&other.key)?))).take(at_most);
        let (keys, asks): (Vec<Key>, Vec<github::Ask>) = asks.unzip();
        if asks.len() < WORTH_GRAPHQL {
            return None;
        }
        let request = github::request_many(at, &asks, secret);
        Some((Question::Many(keys, asks), request))
    }

    /// A thing as GraphQL is asked for it; `None` where it cannot be.
    fn ask_one(&self, key: &Key) -> Option<github::Ask> {
        let Forge::GitHub(at) = self.places.get(key.place)? else { return None };
        let repository = at.repository.clone();
        if self.is_alone(key) {
            return None;
        }
        match &key.thing {
            Thing::Commit(_) => Some(github::Ask::Commit { repository, id: self.whole_id(key)? }),
            Thing::PullRequest(id) => Some(github::Ask::PullRequest { repository, id: id.clone() }),
            Thing::Run(id) => {
                // Where its commit is known from the run itself, that is the one; else from the row.
                let told = match self.facts.get(key)?.fact.as_ref() {
                    Some(Fact::Run(run)) => run.commit.clone(),
                    _ => None,
                };
                let commit = told.or_else(|| self.ran_on.get(key).cloned())?;
                Some(github::Ask::Run { repository, id: id.clone(), commit })
            }
            Thing::Release(_) | Thing::Project | Thing::Git(_) => None,
        }
    }

    /// The request of a test that somebody asked for and that has not been sent.
    fn test_request(&mut self, line: usize) -> Option<(Question, Request)> {
        let question = self.to_test.iter().position(|(of, _)| *of == line).map(|at| self.to_test.swap_remove(at).1)?;
        let token = self.token(line);
        let secret = token.as_ref();
        let line = self.lines.get(line)?;
        let request = match (&question, &line.forge) {
            (Question::Probe, _) => Request::probe(&line.origin),
            (_, Forge::AzureDevOps(at)) => azure_devops::request_test(at, secret),
            (_, Forge::GitHub(at)) => github::request_test(at, secret),
            (_, Forge::GitLab(at)) => gitlab::request_test(at, secret),
        };
        Some((question, request))
    }
}

pub(super) fn earliest(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    a.into_iter().chain(b).min()
}

fn run_id(key: &Key) -> Option<RunId> {
    match &key.thing {
        Thing::Run(id) | Thing::Release(id) => Some(id.clone()),
        _ => None,
    }
}

fn pull_id(key: &Key) -> Option<PullRequestId> {
    match &key.thing {
        Thing::PullRequest(id) => Some(id.clone()),
        _ => None,
    }
}
