//! The rows as pipelines have written them by now, and the part of `config.json` with where the pipelines are.

use ringside::storage::row::Field;
use serde_json::{Value, json};

use super::{Forge, Millis, NEVER, Outcome, PullState, Row, Spelling, State, World, rfc3339};
use crate::support::rows::RowBuilder;

const STATUS: [&str; 3] = ["p1Status", "p2Status", "p3Status"];
const START: [&str; 3] = ["p1Start", "p2Start", "p3Start"];
const END: [&str; 3] = ["p1End", "p2End", "p3End"];

/// A row of the table.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Entity {
    pub(crate) project: usize,
    pub(crate) partition: String,
    pub(crate) key: String,
    /// When it was last written.
    pub(crate) written: Millis,
    /// What pipelines wrote.
    pub(crate) columns: RowBuilder,
}

impl Entity {
    /// All of it.
    pub(crate) fn row(&self) -> RowBuilder {
        let keys = RowBuilder::default().with(Field::PartitionKey, &self.partition).with(Field::RowKey, &self.key);
        keys.with(Field::Timestamp, rfc3339(self.written)).extended(self.columns.clone())
    }
}

impl World {
    /// Every row that is there by now.
    pub(crate) fn rows(&self, now: Millis) -> Vec<Entity> {
        let written = self.rows.iter().flat_map(|row| self.entities(row, now));
        let tests = self.projects.iter().enumerate().filter(|(_, project)| project.has_self_test);
        written.chain(tests.map(|(n, project)| self_test(n, &project.name))).collect()
    }

    /// What has been written of a deployment by now: a row, or one for each pipeline.
    pub(crate) fn entities(&self, row: &Row, now: Millis) -> Vec<Entity> {
        let rows = self.pieces(row);
        rows.into_iter().filter_map(|(key, writes)| self.entity(row, key, writes, now)).collect()
    }

    /// The rows of a deployment by their keys, and which pipelines write each.
    pub(crate) fn pieces(&self, row: &Row) -> Vec<(String, [bool; 3])> {
        // A change of the definition by hand is written by one pipeline in any case.
        if !self.projects[row.project].is_split || row.service.is_none() {
            return vec![(row.key.clone(), [true, true, !row.is_left_out])];
        }
        // That of the release is the one that the others complete.
        let mut pieces = vec![
            (row.key.clone(), [false, true, false]),
            (format!("{}b", row.key), [true, false, false]),
            (format!("{}m", row.key), [false, false, true]),
        ];
        pieces.truncate(if row.is_left_out { 2 } else { 3 });
        pieces
    }

    /// A row as it is by now; `None` before anything was written to it.
    fn entity(&self, row: &Row, key: String, writes: [bool; 3], now: Millis) -> Option<Entity> {
        let project = &self.projects[row.project];
        let mut columns = RowBuilder::default();
        let mut put = |name, value: &str| columns.set(name, value.to_ascii_lowercase());
        let is_written = |n: usize| writes[n] && row.written[n] <= now && row.stages[n].is_some();
        let is_piece = writes != [true; 3] && project.is_split;
        let image = |tag: &str, has_digest: bool| {
            let digest = row.digest.iter().filter(|_| has_digest);
            digest.fold(tag.to_owned(), |image, digest| format!("{image}@{digest}"))
        };
        let id = |n: usize| row.stages[n].map_or(0, |stage| self.runs[stage.run].id).to_string();

        if is_written(0) {
            put("p1", &id(0));
            // A tag may not hold what a branch may.
            let tag = if is_piece { row.image.replace(['/', '.', '_'], "-") } else { row.image.clone() };
            let tag = image(&tag, !is_piece || row.is_digest_of_build);
            put("imageTag", &tag);
            if let Some(source) = row.source {
                put("commitId", self.short(source));
                put("sourceRepo", &self.spell(self.commits[source].repository, project.spelling));
            }
            if let Some(service) = &row.service {
                put("service", service);
            }
        }
        if is_written(1) {
            if is_piece {
                put("imageTag", &image(&row.image, !row.is_digest_of_build));
            }
            put("p2", &id(1));
            put("env", &row.ring);
            put("hldRepo", &self.spell(project.hld, project.spelling));
        }
        let has_pull = self.pull_is_written(row, now) && (writes[1] || is_written(2));
        if let Some(pull) = row.pull.filter(|_| has_pull) {
            put("pr", &self.pulls[pull].number.to_string());
        } else if project.names_variables && row.pull.is_none() && is_written(1) {
            put("pr", "pr_id");
        }
        // Without an approval the release itself makes the commit.
        if (is_written(1) && row.pull.is_none()) || is_written(2) {
            put("hldCommitId", self.short(row.hld));
        }
        if is_written(2) {
            put("p3", &id(2));
            put("manifestRepo", &self.spell(project.manifests, project.spelling));
            if row.stages[1].is_none() {
                put("hldRepo", &self.spell(project.hld, project.spelling));
            }
            if let Some(manifest) = row.manifest.filter(|n| self.commits[*n].at <= now) {
                put("manifestCommitId", self.short(manifest));
            }
        }
        if project.captures {
            self.capture(row, writes, now, &mut columns);
        }
        let written = self.changes(row, writes).into_iter().filter(|at| *at <= now).max();
        let partition = project.name.clone();
        written.filter(|_| columns.columns().next().is_some()).map(|written| Entity {
            project: row.project,
            partition,
            key,
            written,
            columns,
        })
    }

    /// Every moment at which something is written to a row.
    pub(crate) fn changes(&self, row: &Row, writes: [bool; 3]) -> Vec<Millis> {
        let mut all = Vec::new();
        for (n, is_its) in writes.into_iter().enumerate() {
            let Some(stage) = row.stages[n].filter(|_| is_its && row.written[n] < NEVER) else { continue };
            all.push(row.written[n]);
            if self.projects[row.project].captures {
                let span = self.span(stage).map(|span| [span.started, span.ended]);
                all.extend(span.into_iter().flatten().map(|at| at.max(row.written[n])));
            }
        }
        if let Some(pull) = row.pull.map(|pull| &self.pulls[pull]).filter(|_| writes[1]) {
            all.push(pull.opened.max(row.written[1]));
        }
        if let Some(manifest) = row.manifest.filter(|_| writes[2] && row.written[2] < NEVER) {
            all.push(self.commits[manifest].at.max(row.written[2]));
        }
        all
    }

    /// What Ringside's capture adds: each stage writes what it has when it begins and when it ends.
    fn capture(&self, row: &Row, writes: [bool; 3], now: Millis, columns: &mut RowBuilder) {
        let mut put = |name, value: String| columns.set(name, value);
        let is_written = |n: usize| writes[n] && row.written[n] <= now;
        if let Some(source) = row.source.map(|n| &self.commits[n]).filter(|_| is_written(0)) {
            let author = &self.people[source.author];
            put("branch", row.branch.clone());
            put("commitMessage", source.message.clone());
            put("authorName", author.name.clone());
            put("authorEmail", author.email());
        }
        for n in 0..3 {
            let Some(stage) = row.stages[n].filter(|_| is_written(n)) else { continue };
            let Some(span) = self.span(stage) else { continue };
            // A capture that hangs on its pipeline's steps does not see a retry, nor words that are new.
            let status = match span.state(now) {
                State::Absent | State::Queued | State::Waiting => "queued",
                State::Running => "running",
                State::Ended(Outcome::Succeeded | Outcome::Warned) => "succeeded",
                State::Ended(Outcome::Canceled) => "canceled",
                State::Ended(Outcome::Failed | Outcome::Strange) => "failed",
            };
            put(STATUS[n], status.to_owned());
            span.began(now).into_iter().for_each(|at| put(START[n], rfc3339(at)));
            span.finished(now).into_iter().for_each(|at| put(END[n], rfc3339(at)));
        }
        let has_pull = self.pull_is_written(row, now) && (writes[1] || is_written(2));
        if let Some(pull) = row.pull.map(|n| &self.pulls[n]).filter(|_| has_pull) {
            put("prTitle", pull.title.clone());
            put("prUrl", self.pull_web(pull));
            // Nothing writes to the row of a merge but the manifest's pipeline that follows it.
            let is_merged = pull.state(now) == PullState::Merged && is_written(2);
            put("prState", if is_merged { "merged" } else { "open" }.to_owned());
        }
    }

    fn span(&self, stage: super::RunRef) -> Option<&super::Span> {
        let run = &self.runs[stage.run];
        stage.part.map_or(&run.tries, |part| &run.parts[part].tries).last()
    }

    fn short(&self, commit: usize) -> &str {
        &self.commits[commit].id[..7]
    }

    fn spell(&self, repository: usize, spelling: Spelling) -> String {
        let place = &self.places[self.repositories[repository].place];
        if place.forge == Forge::GitLab {
            return place.number.to_string();
        }
        let web = self.repository_web(repository);
        match spelling {
            Spelling::Https => web,
            Spelling::NoScheme => web.trim_start_matches("https://").to_owned(),
            Spelling::WithSuffix if place.forge == Forge::GitHub => format!("{web}.git"),
            Spelling::WithSuffix => web,
        }
    }

    /// `pipelines` and `manifests` of a project. `apis` are the roots of Azure DevOps, of its releases, of GitHub and
    /// of GitLab, where they are not the services' own.
    pub(crate) fn config(&self, project: usize, apis: Option<&[String; 4]>) -> (Value, Value) {
        let project = &self.projects[project];
        let [build, release, manifest] = project.pipelines.map(|place| self.forge_config(place, None, apis));
        let [a, b, c] = project.pipelines;
        let is_one = a == b && b == c;
        let pipelines =
            if is_one { build } else { json!({ "build": build, "release": release, "manifest": manifest }) };
        let place = self.repositories[project.manifests].place;
        (pipelines, self.forge_config(place, Some(project.manifests), apis))
    }

    fn forge_config(&self, place: usize, repository: Option<usize>, apis: Option<&[String; 4]>) -> Value {
        let at = &self.places[place];
        let mut config = match at.forge {
            Forge::AzureDevOps => json!({ "organization": at.owner, "project": at.name }),
            Forge::GitHub => json!({ "repository": format!("{}/{}", at.owner, at.name) }),
            Forge::GitLab => json!({ "project": at.number.to_string() }),
        };
        config["kind"] = json!(at.forge.as_str());
        if let Some(repository) = repository.filter(|_| at.forge == Forge::AzureDevOps) {
            config["repository"] = json!(self.repositories[repository].name);
        }
        if let Some([azure, releases, github, gitlab]) = apis {
            config["api"] = json!(match at.forge {
                Forge::AzureDevOps => azure,
                Forge::GitHub => github,
                Forge::GitLab => gitlab,
            });
            if at.forge == Forge::AzureDevOps {
                config["releaseApi"] = json!(releases);
            }
        }
        config
    }
}

/// What a check of the set-up leaves behind that was broken off.
fn self_test(project: usize, partition: &str) -> Entity {
    Entity {
        project,
        partition: partition.to_owned(),
        key: format!("{partition}-self-test"),
        written: 1_790_000_000_000,
        columns: RowBuilder::of("p1=500 imageTag=v1.04 service=bedrock-self-test env=bedrock-test"),
    }
}
