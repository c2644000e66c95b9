//! A dozen and some rows by hand, for the tests in a browser: one for each thing that there is to see.

use super::{
    DAY, Forge, HOUR, MINUTE, Millis, NEVER, Outcome, Project, Pull, Row, RunRef, Span, Spelling, World,
    timeline::{Change, Ids, Pipe, span},
};

/// The rows' keys, each with what it is there for.
pub(crate) const STORY: [(&str, &str); 16] = [
    ("all-succeeded", "a classic release, approved and published"),
    ("failed-in-prod", "a classic release that went through dev and failed in prod"),
    ("waiting", "its pull request is open, two reviewers of three have not voted"),
    ("abandoned", "its pull request was closed without a merge"),
    ("expired", "Azure DevOps no longer knows its builds, nor its release"),
    ("warned", "its build succeeded with warnings"),
    ("hld-edit", "a manual edit of the high-level definition"),
    ("stages-running", "a build of two stages, the second of which runs"),
    ("stages-retried", "a build whose first stage failed and was tried again while it went on"),
    ("jobs-succeeded", "GitHub, by job ids; its author is known"),
    ("jobs-unknown-author", "GitHub, by job ids; its author is not known there"),
    ("jobs-waiting", "GitHub; its pull request waits for a reviewer"),
    ("runs-failed", "GitHub, by run ids; its build failed"),
    ("pipeline-succeeded", "GitLab, merged and published"),
    ("pipeline-running", "GitLab, a pipeline that runs now"),
    ("mixed", "built on GitHub, released by Azure DevOps, published by GitLab"),
];

/// A project's places.
#[derive(Clone, Copy)]
struct Shop {
    project: usize,
    pipes: [Pipe; 3],
    places: [usize; 3],
    source: usize,
    hld: usize,
    manifests: usize,
}

/// What becomes of a row.
struct Tale {
    key: &'static str,
    service: &'static str,
    ring: &'static str,
    author: usize,
    /// Begin of the build.
    at: Millis,
    /// As far as it gets.
    outcomes: Vec<Outcome>,
    pull: Option<Approval>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Approval {
    Merged,
    Abandoned,
    Waits,
}

const MARA: usize = 0;
const KEN: usize = 1;
const ANA: usize = 2;
const JO: usize = 3;

impl World {
    /// As of `start`: one build of two stages and one pipeline run then, for an hour more; all else is settled.
    pub(crate) fn story(start: Millis) -> Self {
        use Outcome::{Failed, Succeeded, Warned};
        let mut world = Self::empty();
        world.azure_finds_short_ids = true;
        world.azure_minds_history_modes = true;
        world.person("Mara Lind", "mlind", true, true);
        world.person("Ken Abe", "kabe", true, true);
        world.person("Ana María Ruiz", "aruiz", true, true);
        // A stranger to GitHub, and nobody has a picture.
        world.person("Jo Okafor", "jokafor", false, false);
        let mut ids = Ids::default();
        let [classic, stages, jobs, runs, lab, mixed] = world.shops();

        let all = || vec![Succeeded; 3];
        let tale = |key, service, ring, author, at, outcomes: Vec<Outcome>, pull| Tale {
            key,
            service,
            ring,
            author,
            at: start - at,
            outcomes,
            pull,
        };
        use Approval::{Abandoned, Merged, Waits};
        let tales = [
            (classic, tale("all-succeeded", "api", "prod", MARA, 2 * DAY, all(), Some(Merged))),
            (classic, tale("failed-in-prod", "client", "prod", KEN, 30 * HOUR, vec![Succeeded, Failed], None)),
            (classic, tale("waiting", "auth", "prod", MARA, 5 * HOUR, vec![Succeeded; 2], Some(Waits))),
            (classic, tale("abandoned", "billing", "staging", ANA, 8 * HOUR, vec![Succeeded; 2], Some(Abandoned))),
            (classic, tale("expired", "search", "dev", JO, 60 * DAY, all(), None)),
            (classic, tale("warned", "api", "dev", KEN, 3 * HOUR, vec![Warned, Succeeded, Succeeded], None)),
            (classic, tale("hld-edit", "", "prod", ANA, 4 * HOUR, vec![Succeeded], None)),
            (stages, tale("stages-running", "rooms", "dev", MARA, 4 * MINUTE, vec![Succeeded; 2], None)),
            (stages, tale("stages-retried", "rooms", "prod", KEN, 26 * HOUR, all(), None)),
            (jobs, tale("jobs-succeeded", "quiz", "prod", KEN, 20 * HOUR, all(), Some(Merged))),
            (jobs, tale("jobs-unknown-author", "quiz", "dev", JO, 10 * HOUR, all(), None)),
            (jobs, tale("jobs-waiting", "quiz", "staging", MARA, 6 * HOUR, vec![Succeeded; 2], Some(Waits))),
            (runs, tale("runs-failed", "scores", "dev", ANA, 12 * HOUR, vec![Failed], None)),
            (lab, tale("pipeline-succeeded", "mail", "prod", MARA, 22 * HOUR, all(), Some(Merged))),
            (lab, tale("pipeline-running", "mail", "dev", ANA, 2 * MINUTE, vec![Succeeded], None)),
            (mixed, tale("mixed", "gateway", "prod", KEN, 28 * HOUR, all(), None)),
        ];
        for (shop, tale) in tales {
            world.add_deployment(&mut ids, shop, &tale, start);
        }
        world.story_clusters([jobs, classic, lab].map(|shop| shop.project), start);
        world
    }

    fn shops(&mut self) -> [Shop; 6] {
        use Pipe::{Build, Job, Pipeline, Release, Stages, Workflow};
        let azure = self.place(Forge::AzureDevOps, "contoso", "Trivia Shop");
        let hub = self.place(Forge::GitHub, "contoso", "Quiz");
        let hub_hld = self.place(Forge::GitHub, "contoso", "Quiz-HLD");
        let hub_manifests = self.place(Forge::GitHub, "contoso", "Quiz-Manifests");
        let lab = self.place(Forge::GitLab, "contoso/web", "mail");
        let lab_hld = self.place(Forge::GitLab, "contoso/web", "mail-hld");
        let lab_manifests = self.place(Forge::GitLab, "contoso/web", "mail-manifests");
        let [source, hld, manifests] =
            ["Trivia", "Trivia-HLD", "Trivia-Manifests"].map(|name| self.repository(azure, name));
        let quiz = self.repository(hub, "Quiz");
        let quiz_hld = self.repository(hub_hld, "Quiz-HLD");
        let quiz_manifests = self.repository(hub_manifests, "Quiz-Manifests");
        let mail = self.repository(lab, "mail");
        let mail_hld = self.repository(lab_hld, "mail-hld");
        let mail_manifests = self.repository(lab_manifests, "mail-manifests");

        let mut shop = |name: &str, pipes, places, [source, hld, manifests]: [usize; 3], spelling| {
            let pipelines = places;
            self.projects.push(Project {
                name: name.to_owned(),
                pipelines,
                hld,
                manifests,
                spelling,
                captures: false,
                is_split: false,
                names_variables: false,
                has_self_test: false,
            });
            Shop { project: self.projects.len() - 1, pipes, places, source, hld, manifests }
        };
        let (quiz_all, mail_all) = ([quiz, quiz_hld, quiz_manifests], [mail, mail_hld, mail_manifests]);
        let trivia_all = [source, hld, manifests];
        let mixed_all = [quiz, mail_hld, mail_manifests];
        [
            shop("classic", [Build, Release, Build], [azure; 3], trivia_all, Spelling::Https),
            shop("stages", [Stages, Stages, Build], [azure; 3], trivia_all, Spelling::NoScheme),
            shop("jobs", [Job; 3], [hub, hub, hub_hld], quiz_all, Spelling::WithSuffix),
            shop("runs", [Workflow; 3], [hub, hub, hub_hld], quiz_all, Spelling::NoScheme),
            shop("lab", [Pipeline; 3], [lab, lab, lab_hld], mail_all, Spelling::Https),
            shop("mixed", [Job, Release, Pipeline], [hub, azure, lab_hld], mixed_all, Spelling::Https),
        ]
    }

    fn add_deployment(&mut self, ids: &mut Ids, shop: Shop, tale: &Tale, start: Millis) {
        let is_edit = tale.service.is_empty();
        let is_running = tale.key.ends_with("-running");
        let source = (!is_edit).then(|| {
            let title = format!("Make {} faster in {}", tale.service, tale.ring);
            self.note(shop.source, tale.author, &title, tale.at - MINUTE)
        });
        let image = if is_edit { String::new() } else { format!("{}-main-{}", tale.service, ids.build + 1) };
        let environments = if tale.key == "failed-in-prod" { vec!["dev", "prod"] } else { vec![tale.ring] };
        let mut row = Row {
            project: shop.project,
            key: tale.key.to_owned(),
            service: (!is_edit).then(|| tale.service.to_owned()),
            ring: tale.ring.to_owned(),
            branch: "main".to_owned(),
            image: image.clone(),
            stages: [None; 3],
            written: [NEVER; 3],
            pull: None,
            source,
            hld: usize::MAX,
            manifest: None,
            digest: None,
            is_digest_of_build: false,
            is_left_out: false,
        };
        let first = if is_edit { 2 } else { 0 };
        let mut at = tale.at;
        for (n, outcome) in (first..).zip(tale.outcomes.iter().copied()) {
            let is_last = n + 1 == first + tale.outcomes.len();
            let ended = if is_last && is_running { start + HOUR } else { at + 3 * MINUTE };
            let length = span(at, at + 20 * super::SECOND, ended, outcome);
            if n == 2 {
                row.hld = self.hld_commit(shop, tale, &row, at);
            }
            let change = Change {
                commit: if n == 2 { row.hld } else { source.unwrap_or_default() },
                branch: "main".to_owned(),
                starter: tale.author,
                image: image.clone(),
                environments: environments.iter().map(|e| (*e).to_owned()).collect(),
                approvers: Vec::new(),
            };
            let before = if n == 1 { row.stages[0] } else { None };
            let stage = self.start(ids, shop.pipes[n], shop.places[n], &change, length, before);
            if tale.key == "expired" {
                self.runs[stage.run].expires = start - 30 * DAY;
            }
            if tale.key == "stages-retried" && n == 0 {
                self.try_again(stage, length);
            }
            row.stages[n] = Some(stage);
            row.written[n] = at + 30 * super::SECOND;
            // The second stage of a build follows at once.
            at = if shop.pipes[n] == Pipe::Stages { length.ended } else { length.ended + 10 * super::SECOND };
            if n == 1 {
                at = self.approve(ids, shop, tale, &mut row, at);
            }
            if n == 2 && outcome.goes_on() {
                row.manifest = Some(self.note(shop.manifests, tale.author, "Generated manifests", length.ended));
            }
        }
        if row.hld == usize::MAX {
            row.hld = self.hld_commit(shop, tale, &row, tale.at);
        }
        self.rows.push(row);
    }

    fn hld_commit(&mut self, shop: Shop, tale: &Tale, row: &Row, at: Millis) -> usize {
        if let Some(pull) = row.pull {
            return self.pulls[pull].commit;
        }
        if row.hld != usize::MAX {
            return row.hld;
        }
        let is_edit = tale.service.is_empty();
        let title =
            if is_edit { "Raise the memory limit".to_owned() } else { format!("Update {} to {}", row.ring, row.image) };
        self.note(shop.hld, tale.author, &title, at)
    }

    /// Opens the pull request, if there is one. Returns when the next stage can begin.
    fn approve(&mut self, ids: &mut Ids, shop: Shop, tale: &Tale, row: &mut Row, at: Millis) -> Millis {
        let Some(approval) = tale.pull else { return at };
        ids.pull += 1;
        let title = format!("Update {} to {}", row.ring, row.image);
        let ended = if approval == Approval::Waits { NEVER } else { at + 40 * MINUTE };
        let voted = at + 10 * MINUTE;
        let reviewers = match approval {
            Approval::Waits => vec![(KEN, NEVER), (ANA, NEVER), (JO, voted)],
            Approval::Merged | Approval::Abandoned => vec![(KEN, voted)],
        };
        row.hld = self.note(shop.hld, tale.author, &title, at + 40 * MINUTE);
        row.pull = Some(self.pull(Pull {
            repository: shop.hld,
            number: ids.pull,
            title,
            branch: format!("deploy/{}", row.image),
            author: tale.author,
            is_draft: false,
            opened: at - 10 * super::SECOND,
            ended,
            is_merged: approval == Approval::Merged,
            closer: ANA,
            reviewers,
            commit: row.hld,
        }));
        at + 41 * MINUTE
    }

    fn try_again(&mut self, stage: RunRef, at: Span) {
        let (failed, again) = (at.started + 40 * super::SECOND, at.started + 80 * super::SECOND);
        self.runs[stage.run].parts[0].tries =
            vec![span(at.queued, at.started, failed, Outcome::Failed), span(again, again, at.ended, at.outcome)];
    }
}
