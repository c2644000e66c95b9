//! The pieces that both kinds of world are made of.

use super::{Commit, Hold, Kind, NEVER, Outcome, Part, Run, RunRef, SECOND, Span, World};

/// What a stage's column names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Pipe {
    Build,
    /// A classic release.
    Release,
    /// One build's two stages are both build and release.
    Stages,
    /// A job of a workflow; the job of the release is in the build's workflow.
    Job,
    /// A workflow's run, as the oldest rows have it.
    Workflow,
    Pipeline,
}

/// The next free number of each kind, as large as the services' own are.
#[derive(Clone, Debug)]
pub(super) struct Ids {
    pub(super) build: u64,
    pub(super) release: u64,
    pub(super) workflow: u64,
    pub(super) job: u64,
    pub(super) pipeline: u64,
    pub(super) pull: u64,
}

impl Default for Ids {
    fn default() -> Self {
        Self {
            build: 6000,
            release: 200,
            workflow: 19_800_000_000,
            job: 55_000_000_000,
            pipeline: 1_400_000_000,
            pull: 500,
        }
    }
}

fn next(id: &mut u64) -> u64 {
    *id += 1;
    *id
}

/// What is the same for all runs of one change.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) commit: usize,
    pub(super) branch: String,
    pub(super) starter: usize,
    pub(super) image: String,
    /// The rings that a release goes through.
    pub(super) environments: Vec<String>,
    /// Who may approve it, where somebody has to.
    pub(super) approvers: Vec<usize>,
}

pub(super) const fn span(queued: i64, started: i64, ended: i64, outcome: Outcome) -> Span {
    Span { queued, started, ended, outcome, is_waiting: false }
}

impl World {
    /// A run at a place. `before` is the same change's earlier stage.
    pub(super) fn start(
        &mut self,
        ids: &mut Ids,
        pipe: Pipe,
        place: usize,
        change: &Change,
        at: Span,
        before: Option<RunRef>,
    ) -> RunRef {
        let new = |kind, id, name: String| Run {
            place,
            kind,
            id,
            name,
            workflow: None,
            commit: change.commit,
            branch: change.branch.clone(),
            starter: change.starter,
            tries: vec![at],
            parts: Vec::new(),
            approvers: change.approvers.clone(),
            environment: change.environments.first().cloned().unwrap_or_default(),
            expires: NEVER,
            image: None,
        };
        let run = match pipe {
            Pipe::Build => {
                let id = next(&mut ids.build);
                self.run(new(Kind::Build, id, format!("20261120.{}", id % 1000)))
            }
            Pipe::Stages => return self.stage(ids, &new, at, before, &change.approvers),
            Pipe::Release => {
                let id = next(&mut ids.release);
                let run = new(Kind::Release, id, format!("Release-{id}"));
                let parts = environments(&change.environments, at);
                self.run(Run { image: Some(change.image.clone()), parts, ..run })
            }
            Pipe::Workflow => {
                let id = next(&mut ids.workflow);
                let run = self.run(new(Kind::Workflow, id, "Deploy".to_owned()));
                let job = new(Kind::Job, next(&mut ids.job), "deploy".to_owned());
                self.run(Run { workflow: Some(run), ..job });
                run
            }
            Pipe::Job => {
                let same = before.map(|b| &self.runs[b.run]).filter(|b| b.place == place && b.kind == Kind::Job);
                let is_first = same.is_none();
                let workflow = same.and_then(|b| b.workflow).unwrap_or_else(|| {
                    let id = next(&mut ids.workflow);
                    self.run(new(Kind::Workflow, id, "Deploy".to_owned()))
                });
                let all = &mut self.runs[workflow].tries[0];
                (all.ended, all.outcome) = (at.ended, at.outcome);
                let name = if is_first { "build" } else { "update-hld" };
                let job = new(Kind::Job, next(&mut ids.job), name.to_owned());
                self.run(Run { workflow: Some(workflow), ..job })
            }
            Pipe::Pipeline => {
                let id = next(&mut ids.pipeline);
                self.run(new(Kind::Pipeline, id, String::new()))
            }
        };
        RunRef { run, part: None }
    }

    /// A build of two stages, of which the second begins when the first has gone through.
    fn stage(
        &mut self,
        ids: &mut Ids,
        new: &impl Fn(Kind, u64, String) -> Run,
        at: Span,
        before: Option<RunRef>,
        approvers: &[usize],
    ) -> RunRef {
        let Some(RunRef { run, .. }) = before else {
            let id = next(&mut ids.build);
            let whole = new(Kind::Build, id, format!("20261120.{}", id % 1000));
            let never = span(NEVER, NEVER, NEVER, Outcome::Canceled);
            let part = |name: &str, at| Part {
                name: name.to_owned(),
                tries: vec![at],
                approvers: Vec::new(),
                hold: Hold::default(),
            };
            let parts = vec![part("Build", at), part("Update HLD", never)];
            let run = self.run(Run { parts, ..whole });
            return RunRef { run, part: Some(0) };
        };
        let build = &mut self.runs[run];
        build.parts[1].tries = vec![at];
        build.parts[1].approvers = approvers.to_vec();
        if at.ended == NEVER {
            build.expires = NEVER;
        }
        let warned = build.parts[0].tries.last().is_some_and(|t| t.outcome == Outcome::Warned);
        let whole = &mut build.tries[0];
        whole.ended = at.ended;
        whole.outcome = if warned && at.outcome == Outcome::Succeeded { Outcome::Warned } else { at.outcome };
        RunRef { run, part: Some(1) }
    }

    /// A commit of somebody, from a text of two lines.
    pub(super) fn note(&mut self, repository: usize, author: usize, title: &str, at: i64) -> usize {
        let message = format!("{title}\n\nSigned-off-by: {}", self.people[author].name);
        self.commit(repository, author, &message, at)
    }

    /// The last moment from which on nothing of it changes any more by itself, expiry aside.
    pub(crate) fn settled_at(&self) -> i64 {
        let ends = self.runs.iter().flat_map(|run| run.tries.iter().map(|t| t.ended));
        let pulls = self.pulls.iter().map(|pull| pull.ended);
        let commits = self.commits.iter().map(|Commit { at, .. }| *at);
        ends.chain(pulls).chain(commits).filter(|at| *at < NEVER).max().unwrap_or_default()
    }
}

/// One environment after the other, to the one that fails.
fn environments(names: &[String], at: Span) -> Vec<Part> {
    let never = span(NEVER, NEVER, NEVER, Outcome::Canceled);
    if at.started == NEVER {
        let part = |(n, name): (usize, &String)| Part {
            name: name.clone(),
            tries: vec![if n == 0 { at } else { never }],
            approvers: Vec::new(),
            hold: Hold::default(),
        };
        return names.iter().enumerate().map(part).collect();
    }
    let count = names.len() as i64;
    // A release that hangs does so in its last environment.
    let length = if at.ended == NEVER { 60 * SECOND * count } else { at.ended - at.started };
    let step = (length / count.max(1) / SECOND * SECOND).max(SECOND);
    let mut parts = Vec::new();
    for (n, name) in (0..).zip(names) {
        let is_last = n + 1 == count;
        let started = at.started + n * step;
        let queued = if n == 0 { at.queued } else { started };
        let (ended, outcome) = if is_last { (at.ended, at.outcome) } else { (started + step, Outcome::Succeeded) };
        let tries = vec![span(queued, started, ended, outcome)];
        parts.push(Part { name: name.clone(), tries, approvers: Vec::new(), hold: Hold::default() });
    }
    parts
}
