//! What a viewer should see of a row, as far as the forges have it.

use super::{Cluster, Forge, Kind, Millis, Outcome, PullState, Report, Row, RunRef, State, World};

/// A stage that a row names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ExpectedStage {
    pub(crate) forge: Forge,
    /// The id in the row.
    pub(crate) id: u64,
    /// The forge no longer has it: then the rest is what was, and only the row has it.
    pub(crate) is_gone: bool,
    /// A word of the page's vocabulary.
    pub(crate) status: &'static str,
    /// It went through, with warnings.
    pub(crate) is_warned: bool,
    pub(crate) started: Option<Millis>,
    pub(crate) ended: Option<Millis>,
    pub(crate) name: String,
    pub(crate) link: String,
    /// The commit it ran on; classic releases name none.
    pub(crate) commit: Option<String>,
    /// Who may approve it, while somebody has to.
    pub(crate) waits_for: Vec<ExpectedPerson>,
    /// No run will start or go on by itself any more.
    pub(crate) is_final: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ExpectedPerson {
    pub(crate) name: String,
    pub(crate) login: String,
    /// Whether the forge has an account of that person.
    pub(crate) is_known: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ExpectedCommit {
    pub(crate) forge: Forge,
    pub(crate) id: String,
    pub(crate) message: String,
    pub(crate) author: ExpectedPerson,
    pub(crate) at: Millis,
    pub(crate) link: String,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ExpectedPullRequest {
    pub(crate) forge: Forge,
    pub(crate) number: u64,
    /// `open`, `merged`, `abandoned`.
    pub(crate) state: &'static str,
    pub(crate) is_draft: bool,
    pub(crate) title: String,
    pub(crate) branch: String,
    pub(crate) author: ExpectedPerson,
    pub(crate) merged_by: Option<ExpectedPerson>,
    pub(crate) waits_for: Vec<ExpectedPerson>,
    pub(crate) opened: Millis,
    pub(crate) ended: Option<Millis>,
    pub(crate) link: String,
}

/// Where a cluster is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ExpectedCluster {
    pub(crate) name: String,
    /// The commit that it applied last, and when.
    pub(crate) applied: Option<(usize, Millis)>,
    /// The last that it reported.
    pub(crate) latest: Option<Report>,
}

/// All of a row. What the row does not name yet is `None`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ExpectedDeployment {
    pub(crate) project: usize,
    pub(crate) key: String,
    /// Build, release, manifest.
    pub(crate) stages: [Option<ExpectedStage>; 3],
    pub(crate) pull: Option<ExpectedPullRequest>,
    /// The commit behind it: to the source, or to the high-level definition where there is no image.
    pub(crate) commit: Option<ExpectedCommit>,
}

impl World {
    /// What is true of a row now.
    pub(crate) fn truth(&self, row: &Row, now: Millis) -> ExpectedDeployment {
        let written = |n: usize| row.written[n] <= now;
        let stages = [0, 1, 2].map(|n| row.stages[n].filter(|_| written(n)).map(|stage| self.stage_truth(stage, now)));
        let pull = row.pull.filter(|_| self.pull_is_written(row, now)).map(|pull| self.pull_truth(pull, now));
        let commit = match row.source {
            Some(commit) => Some(commit).filter(|_| written(0)),
            None => Some(row.hld).filter(|_| written(2)),
        };
        ExpectedDeployment {
            project: row.project,
            key: row.key.clone(),
            stages,
            pull,
            commit: commit.map(|commit| self.commit_truth(commit)),
        }
    }

    /// Whether the row holds its pull request's number.
    pub(crate) fn pull_is_written(&self, row: &Row, now: Millis) -> bool {
        row.pull.is_some_and(|pull| self.pulls[pull].opened.max(row.written[1]) <= now)
    }

    pub(crate) fn stage_truth(&self, stage: RunRef, now: Millis) -> ExpectedStage {
        let run = &self.runs[stage.run];
        let part = stage.part.map(|part| &run.parts[part]);
        let span = part.map_or_else(|| run.now(now), |part| super::current(&part.tries, now).1);
        let state = span.state(now);
        let forge = self.places[run.place].forge;
        ExpectedStage {
            forge,
            id: run.id,
            is_gone: !run.is_there(now),
            status: word(state),
            is_warned: state == State::Ended(Outcome::Warned),
            started: span.began(now),
            ended: span.finished(now),
            name: run.name.clone(),
            link: self.run_web(stage.run),
            commit: (run.kind != Kind::Release).then(|| self.commits[run.commit].id.clone()),
            waits_for: Vec::from_iter(
                part.map_or(&run.approvers, |part| &part.approvers)
                    .iter()
                    .filter(|_| state == State::Waiting)
                    .map(|n| self.person_truth(*n)),
            ),
            is_final: run.tries.iter().all(|t| t.ended <= now),
        }
    }

    pub(crate) fn commit_truth(&self, commit: usize) -> ExpectedCommit {
        let at = &self.commits[commit];
        ExpectedCommit {
            forge: self.places[self.repositories[at.repository].place].forge,
            id: at.id.clone(),
            message: at.message.clone(),
            author: self.person_truth(at.author),
            at: at.at,
            link: self.commit_web(commit),
        }
    }

    pub(crate) fn pull_truth(&self, pull: usize, now: Millis) -> ExpectedPullRequest {
        let at = &self.pulls[pull];
        let state = at.state(now);
        ExpectedPullRequest {
            forge: self.places[self.repositories[at.repository].place].forge,
            number: at.number,
            state: match state {
                PullState::Open => "open",
                PullState::Merged => "merged",
                PullState::Abandoned => "abandoned",
            },
            is_draft: at.is_draft,
            title: at.title.clone(),
            branch: at.branch.clone(),
            author: self.person_truth(at.author),
            merged_by: (state == PullState::Merged).then(|| self.person_truth(at.closer)),
            waits_for: at.waits_for(now).into_iter().map(|person| self.person_truth(person)).collect(),
            opened: at.opened,
            ended: Some(at.ended).filter(|ended| *ended <= now),
            link: self.pull_web(at),
        }
    }

    pub(crate) fn cluster_truth(&self, cluster: &Cluster, now: Millis) -> ExpectedCluster {
        let applied = cluster.applied(now).map(|report| (report.commit, report.at));
        ExpectedCluster { name: cluster.name.clone(), applied, latest: cluster.reports_until(now).last().cloned() }
    }

    fn person_truth(&self, person: usize) -> ExpectedPerson {
        let at = &self.people[person];
        ExpectedPerson { name: at.name.clone(), login: at.login.clone(), is_known: at.is_known }
    }

    /// Where people look at a run.
    pub(crate) fn run_web(&self, run: usize) -> String {
        let at = &self.runs[run];
        let place = &self.places[at.place];
        let (web, id) = (place.web(), at.id);
        match at.kind {
            Kind::Build => {
                format!("{}/{}/{}/_build/results?buildId={id}", place.forge.web(), place.owner, place.guid())
            }
            Kind::Release => {
                let (root, owner) = (place.forge.web(), &place.owner);
                format!("{root}/{owner}/{}/_release?releaseId={id}&_a=release-summary", place.guid())
            }
            Kind::Workflow => format!("{web}/actions/runs/{id}"),
            Kind::Job => {
                let workflow = at.workflow.map_or(0, |w| self.runs[w].id);
                format!("{web}/actions/runs/{workflow}/job/{id}")
            }
            Kind::Pipeline => format!("{web}/-/pipelines/{id}"),
        }
    }

    pub(crate) fn commit_web(&self, commit: usize) -> String {
        let at = &self.commits[commit];
        let web = self.repository_web(at.repository);
        match self.places[self.repositories[at.repository].place].forge {
            Forge::AzureDevOps | Forge::GitHub => format!("{web}/commit/{}", at.id),
            Forge::GitLab => format!("{web}/-/commit/{}", at.id),
        }
    }

    pub(crate) fn pull_web(&self, pull: &super::Pull) -> String {
        let web = self.repository_web(pull.repository);
        match self.places[self.repositories[pull.repository].place].forge {
            Forge::AzureDevOps => format!("{web}/pullrequest/{}", pull.number),
            Forge::GitHub => format!("{web}/pull/{}", pull.number),
            Forge::GitLab => format!("{web}/-/merge_requests/{}", pull.number),
        }
    }
}

/// The page's word for a state.
pub(crate) const fn word(state: State) -> &'static str {
    match state {
        State::Absent => "incomplete",
        State::Queued => "queued",
        State::Waiting => "waiting",
        State::Running => "running",
        State::Ended(Outcome::Succeeded | Outcome::Warned) => "succeeded",
        State::Ended(Outcome::Failed) => "failed",
        State::Ended(Outcome::Canceled) => "canceled",
        State::Ended(Outcome::Strange) => "unknown",
    }
}
