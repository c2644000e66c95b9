//! A world as chance has it: the same seed, the same world.

use super::{
    DAY, Forge, HOUR, MINUTE, Millis, NEVER, Outcome, Project, Pull, Row, RunRef, SECOND, Span, Spelling, World,
    digits,
    timeline::{Change, Ids, Pipe, span},
};
use crate::support::rng::Rng;

const SERVICES: [&str; 6] = ["api", "client", "auth", "billing", "search", "leaderboard"];
const RINGS: [(&str, &str); 3] = [("dev", "develop"), ("staging", "release"), ("prod", "main")];

/// How a project's pipelines are made, and where its repositories are.
struct Plan {
    project: usize,
    pipes: [Pipe; 3],
    places: [usize; 3],
    sources: Vec<usize>,
    hld: usize,
    manifests: usize,
    has_approvals: bool,
}

impl World {
    /// Between three days before `start` and some hours after it, most happens; some pull requests wait for longer.
    pub(crate) fn seeded(seed: u64, start: Millis) -> Self {
        let mut rng = Rng::new(seed ^ 0x0F0E_0D0C);
        let mut world = Self::empty();
        world.azure_finds_short_ids = rng.percent(50);
        world.azure_refuses_whole_batches = rng.percent(30);
        for (name, login) in
            [("Mara Lind", "mlind"), ("Ken Abe", "kabe"), ("Ana María Ruiz", "aruiz"), ("Jo Okafor", "jokafor")]
        {
            let (is_known, has_picture) = (rng.percent(75), rng.percent(75));
            world.person(name, login, is_known, has_picture);
        }
        let mut ids = Ids::default();
        for n in 0..1 + rng.below(3) {
            let plan = world.plan(&mut rng, n);
            let most = if rng.percent(20) { 60 } else { 14 };
            for _ in 0..4 + rng.below(most) {
                let begin = start + rng.between(-3 * DAY, 3 * HOUR) / SECOND * SECOND;
                world.change(&mut rng, &mut ids, &plan, begin);
            }
        }
        world.scatter(seed, &mut ids);
        world.follow(seed, &mut ids);
        world
    }

    fn plan(&mut self, rng: &mut Rng, n: u64) -> Plan {
        use Pipe::{Build, Job, Pipeline, Release, Stages, Workflow};
        const PIPES: [[Pipe; 3]; 9] = [
            [Build, Release, Build],
            [Build, Release, Build],
            [Stages, Stages, Build],
            [Job, Job, Job],
            [Workflow, Workflow, Workflow],
            [Pipeline, Pipeline, Pipeline],
            [Job, Release, Build],
            [Build, Pipeline, Job],
            [Pipeline, Build, Workflow],
        ];
        let pipes = rng.pick(&PIPES);
        let name = format!("shop{n}");
        // Spaces are fine in names there, and case is kept everywhere but in rows.
        let azure_name = if rng.percent(30) { format!("Shop {n}") } else { name.clone() };
        let azure = self.place(Forge::AzureDevOps, "Contoso", &azure_name);
        let hub = |world: &mut Self, what: &str| world.place(Forge::GitHub, "Contoso", &format!("Shop{n}{what}"));
        let lab = |world: &mut Self, what: &str| world.place(Forge::GitLab, "contoso/web", &format!("shop{n}{what}"));

        // On GitHub and GitLab a pipeline runs where what it builds is; Azure DevOps builds from elsewhere too.
        let elsewhere = rng.percent(30);
        let mut places = [azure; 3];
        let mut repository_at = [None; 3];
        for (stage, pipe) in pipes.into_iter().enumerate() {
            let what = if stage == 2 { "-HLD" } else { "" };
            places[stage] = match pipe {
                Build | Release | Stages => azure,
                Job | Workflow if stage == 1 && matches!(pipes[0], Job | Workflow) => places[0],
                Pipeline if stage == 1 && pipes[0] == Pipeline => places[0],
                Job | Workflow => hub(self, what),
                Pipeline => lab(self, what),
            };
            if places[stage] != azure {
                let name = self.places[places[stage]].name.clone();
                let known = self.repository_of(places[stage], None);
                repository_at[stage] = Some(known.unwrap_or_else(|| self.repository(places[stage], &name)));
            }
        }
        let sources = match repository_at[0] {
            Some(repository) => vec![repository],
            None if elsewhere => {
                let place = hub(self, "-Source");
                vec![self.repository(place, &format!("Shop{n}-Source"))]
            }
            None => ["Trivia", "leaderboard"].map(|name| self.repository(azure, &format!("{name}-{n}"))).into(),
        };
        let hld = repository_at[2].unwrap_or_else(|| self.repository(azure, &format!("Shop{n}-HLD")));
        let place = self.repositories[hld].place;
        let manifests = match self.places[place].forge {
            Forge::AzureDevOps => place,
            Forge::GitHub => hub(self, "-Manifests"),
            Forge::GitLab => lab(self, "-manifests"),
        };
        let manifests = self.repository(manifests, &format!("Shop{n}-Manifests"));
        let spelling = rng.pick(&[Spelling::Https, Spelling::NoScheme, Spelling::WithSuffix]);
        let captures = rng.percent(35);
        self.projects.push(Project {
            name,
            pipelines: places,
            hld,
            manifests,
            spelling,
            captures,
            is_split: false,
            names_variables: false,
            has_self_test: false,
        });
        let project = self.projects.len() - 1;
        Plan { project, pipes, places, sources, hld, manifests, has_approvals: rng.percent(50) }
    }

    /// A change from its commit to its manifests, as far as it gets.
    fn change(&mut self, rng: &mut Rng, ids: &mut Ids, plan: &Plan, begin: Millis) {
        let people = self.people.len() as u64;
        let somebody = |rng: &mut Rng| rng.below(people) as usize;
        let author = somebody(rng);
        let (ring, branch) = rng.pick(&RINGS);
        let is_edit = rng.percent(8);
        let mut row = Row {
            project: plan.project,
            key: digits(rng.below(u64::MAX), 12),
            service: (!is_edit)
                .then(|| format!("{}/{}", if rng.percent(30) { "contoso" } else { "" }, rng.pick(&SERVICES))),
            ring: ring.to_owned(),
            branch: branch.to_owned(),
            image: String::new(),
            stages: [None; 3],
            written: [NEVER; 3],
            pull: None,
            source: None,
            hld: usize::MAX,
            manifest: None,
            digest: None,
            is_digest_of_build: false,
            is_left_out: false,
        };
        row.service = row.service.map(|service| service.trim_start_matches('/').to_owned());
        if is_edit {
            row.hld = self.note(plan.hld, author, "Raise the memory limit", begin);
            self.manifests(rng, ids, plan, &mut row, begin);
            self.rows.push(row);
            return;
        }

        let source = self.note(rng.pick(&plan.sources), author, &format!("Change for {ring}"), begin);
        branch.clone_into(&mut self.commits[source].branch);
        row.source = Some(source);
        row.image = format!("{}-{branch}-{}", row.service.as_deref().unwrap_or("x").replace('/', "-"), ids.build + 1);
        let environments = if rng.percent(70) { vec![ring] } else { RINGS.map(|(ring, _)| ring).to_vec() };
        let change = Change {
            commit: source,
            branch: branch.to_owned(),
            starter: author,
            image: row.image.clone(),
            environments: environments.into_iter().map(str::to_owned).collect(),
            approvers: Vec::new(),
        };
        let build = run_span(rng, plan.pipes[0], begin + 5 * SECOND);
        row.stages[0] = Some(self.start(ids, plan.pipes[0], plan.places[0], &change, build, None));
        row.written[0] = self.when(rng, plan, build);
        if plan.pipes[0] == Pipe::Stages && rng.percent(10) && build.outcome.goes_on() {
            self.retry(row.stages[0], build);
        }
        self.expire(rng, row.stages[0]);

        if build.outcome.goes_on() && build.ended < NEVER {
            let gap = if plan.pipes[1] == Pipe::Stages { 0 } else { rng.between(1, 60) * SECOND };
            let mut release = run_span(rng, plan.pipes[1], build.ended + gap);
            let mut change = change;
            if matches!(plan.pipes[1], Pipe::Stages | Pipe::Job | Pipe::Workflow | Pipe::Pipeline) && rng.percent(15) {
                change.approvers = self.hold(rng, &mut release);
            }
            row.stages[1] = Some(self.start(ids, plan.pipes[1], plan.places[1], &change, release, row.stages[0]));
            row.written[1] = self.when(rng, plan, release);
            if plan.pipes[1] != Pipe::Stages {
                self.expire(rng, row.stages[1]);
            }
            self.after_release(rng, ids, plan, &mut row, author, release);
        } else {
            row.hld = source;
        }
        self.rows.push(row);
    }

    /// Somebody has to approve it first: after minutes, after days, or never. Returns who may.
    fn hold(&self, rng: &mut Rng, at: &mut Span) -> Vec<usize> {
        let wait = if rng.percent(50) { rng.between(1, 30) * MINUTE } else { rng.between(2, 60) * HOUR };
        at.is_waiting = true;
        if rng.percent(30) {
            (at.started, at.ended) = (NEVER, NEVER);
        } else if at.started < NEVER {
            at.started += wait;
            at.ended = at.ended.saturating_add(wait);
        }
        let first = rng.below(self.people.len() as u64) as usize;
        let others = (0..self.people.len()).filter(|person| *person != first && rng.percent(30));
        std::iter::once(first).chain(others).collect()
    }

    fn after_release(&mut self, rng: &mut Rng, ids: &mut Ids, plan: &Plan, row: &mut Row, author: usize, at: Span) {
        let title = format!("Update {} to {}", row.ring, row.image);
        let is_through = at.outcome.goes_on() && at.ended < NEVER;
        if !is_through {
            // It may have failed after it wrote its columns, and had its commit made by then.
            row.hld = self.note(plan.hld, author, &title, row.written[1].min(at.ended));
            return;
        }
        if !plan.has_approvals {
            row.hld = self.note(plan.hld, author, &title, row.written[1].min(at.ended));
            self.manifests(rng, ids, plan, row, at.ended);
            return;
        }
        let opened = at.ended - SECOND;
        let length = if rng.percent(50) { rng.between(1, 90) * MINUTE } else { rng.between(2, 60) * HOUR };
        let ended = if rng.percent(15) { NEVER } else { opened + length };
        let is_merged = rng.percent(80);
        let people = self.people.len() as u64;
        let mut reviewers = Vec::new();
        for person in 0..people as usize {
            if person != author && rng.percent(40) {
                let votes = if rng.percent(50) { opened + length / 2 / SECOND * SECOND } else { NEVER };
                reviewers.push((person, votes));
            }
        }
        row.hld = self.note(plan.hld, author, &title, if is_merged { ended } else { opened });
        let number = ids.pull + 1;
        ids.pull = number;
        row.pull = Some(self.pull(Pull {
            repository: plan.hld,
            number,
            title,
            branch: format!("deploy/{number}"),
            author,
            is_draft: rng.percent(8),
            opened,
            ended,
            is_merged,
            closer: rng.below(people) as usize,
            reviewers,
            commit: row.hld,
        }));
        if is_merged && ended < NEVER {
            self.manifests(rng, ids, plan, row, ended);
        }
    }

    /// The pipeline from the high-level definition to the manifests.
    fn manifests(&mut self, rng: &mut Rng, ids: &mut Ids, plan: &Plan, row: &mut Row, from: Millis) {
        let author = self.commits[row.hld].author;
        let change = Change {
            commit: row.hld,
            branch: "main".to_owned(),
            starter: author,
            image: row.image.clone(),
            environments: vec![row.ring.clone()],
            approvers: Vec::new(),
        };
        let queued = from + rng.between(2, 40) * SECOND;
        let at = run_span(rng, plan.pipes[2], queued);
        row.stages[2] = Some(self.start(ids, plan.pipes[2], plan.places[2], &change, at, None));
        row.written[2] = self.when(rng, plan, at);
        self.expire(rng, row.stages[2]);
        if at.outcome.goes_on() && at.ended < NEVER {
            row.manifest = Some(self.note(plan.manifests, author, "Generated manifests", at.ended - SECOND));
        }
    }

    /// When a pipeline writes its columns: a capture as soon as it is queued, Bedrock's own somewhere on the way.
    fn when(&self, rng: &mut Rng, plan: &Plan, at: Span) -> Millis {
        if self.projects[plan.project].captures || at.started >= at.ended {
            return at.queued;
        }
        let length = if at.ended == NEVER { 10 * MINUTE } else { at.ended - at.started };
        at.started + rng.between(0, length) / SECOND * SECOND
    }

    /// The build's stage failed once, while a stage of its own beside it went on, and was tried again.
    fn retry(&mut self, stage: Option<RunRef>, at: Span) {
        let Some(run) = stage.map(|stage| &mut self.runs[stage.run]) else { return };
        let third = (at.ended - at.started) / 3 / SECOND * SECOND;
        if third < SECOND {
            return;
        }
        let again = at.started + 2 * third;
        run.parts[0].tries = vec![
            span(at.queued, at.started, at.started + third, Outcome::Failed),
            span(again, again, at.ended, at.outcome),
        ];
    }

    fn expire(&mut self, rng: &mut Rng, stage: Option<RunRef>) {
        let Some(run) = stage.filter(|_| rng.percent(12)).map(|stage| &mut self.runs[stage.run]) else { return };
        let end = run.tries.iter().map(|t| t.ended).max().unwrap_or(NEVER);
        // A build that is still to grow a second stage ends later than is known now: long after that.
        run.expires = end.saturating_add(rng.between(6, 40) * HOUR);
    }
}

fn run_span(rng: &mut Rng, pipe: Pipe, queued: Millis) -> Span {
    let started = queued + rng.between(1, 90) * SECOND;
    let ended = started + rng.between(20, 700) * SECOND;
    let can_warn = !matches!(pipe, Pipe::Job | Pipe::Workflow);
    match rng.below(100) {
        0..=74 => span(queued, started, ended, Outcome::Succeeded),
        75..=79 => span(queued, started, ended, if can_warn { Outcome::Warned } else { Outcome::Succeeded }),
        80..=89 => span(queued, started, ended, Outcome::Failed),
        90..=92 => span(queued, started, ended, Outcome::Canceled),
        // Stopped before anything began.
        93..=94 => span(queued, NEVER, ended, Outcome::Canceled),
        95..=97 => span(queued, started, ended, Outcome::Strange),
        _ => span(queued, started, NEVER, Outcome::Succeeded),
    }
}
