//! The simulated forges as a program, for tests that need them behind real sockets: a line of JSON in, a line out.
//!
//! The first line is which world: `{"story": true}` or `{"seed": 7}`, with `start` (milliseconds since 1970) and
//! `pictures` (where pictures of people are). Then each line is one thing to `do`, with an `id` that its answer
//! repeats: `call`, `rows`, `truth`, `clusters`, `config`, `tokens`, `limits`, `violations`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    dead_code,
    unused_imports,
    reason = "a tool of tests fails by a panic, speaks by its output, and uses a part of what is shared"
)]

#[path = "mod.rs"]
mod forges;
#[path = "../support"]
mod support {
    pub(crate) mod rng;
    pub(crate) mod rows;
}

use std::io::{BufRead as _, Write as _};

use forges::{
    Forges,
    call::Call,
    gate::Read,
    world::{Forge, Millis, World, rfc3339},
};
use serde_json::{Value, json};

fn main() {
    let mut lines = std::io::stdin().lock().lines().map(|line| {
        let line = line.expect("lines of text");
        serde_json::from_str::<Value>(&line).unwrap_or_else(|e| panic!("{e}: {line}"))
    });
    let Some(first) = lines.next() else { return };
    let start = first["start"].as_i64().expect("start, in milliseconds since 1970");
    let mut world = match first["seed"].as_u64() {
        Some(seed) => World::seeded(seed, start),
        None => World::story(start),
    };
    if let Some(pictures) = first["pictures"].as_str() {
        pictures.clone_into(&mut world.pictures);
    }
    let mut forges = Forges::new(world);
    let mut out = std::io::stdout().lock();
    for line in lines {
        let mut answer = act(&mut forges, &line);
        answer["id"] = line["id"].clone();
        writeln!(out, "{answer}").expect("somebody who reads");
        out.flush().expect("somebody who reads");
    }
}

fn act(forges: &mut Forges, line: &Value) -> Value {
    let now = line["now"].as_i64().unwrap_or_default();
    match line["do"].as_str().unwrap_or_default() {
        "call" => call(forges, line, now),
        "rows" => {
            let rows = forges.world.rows(now);
            let rows = rows.iter().map(|row| serde_json::from_str(&row.row().json()).expect("JSON"));
            json!({ "rows": rows.collect::<Vec<Value>>() })
        }
        "truth" => {
            let rows = forges.world.rows.iter();
            json!({ "truth": rows.map(|row| truth(&forges.world, row, now)).collect::<Vec<_>>() })
        }
        "clusters" => {
            let clusters = forges.world.clusters.iter();
            json!({ "clusters": clusters.map(|cluster| cluster_truth(&forges.world, cluster, now)).collect::<Vec<_>>() })
        }
        "config" => config(&forges.world, line),
        "tokens" => {
            forges.gate.tokens.clear();
            for token in line["tokens"].as_array().expect("a list of tokens") {
                let forge = forge(token);
                let reads = token["reads"].as_array().map(|reads| {
                    let word = |read: &Value| Read::from_word(read.as_str().unwrap_or_default());
                    let known = "runs, releases, commits, pull-requests, statuses, deployments";
                    reads.iter().map(|read| word(read).expect(known)).collect()
                });
                let reads: Vec<Read> = reads.unwrap_or_else(|| Read::ALL.to_vec());
                forges.gate.admit_for(forge, token["text"].as_str().expect("a token's text"), &reads);
            }
            json!({})
        }
        "limits" => {
            let number = |name: &str| u32::try_from(line[name].as_u64().expect("a limit")).expect("a limit");
            forges.gate.github_limits = (number("anonymous"), number("known"));
            json!({})
        }
        "violations" => json!({ "violations": forges.gate.violations }),
        other => panic!("there is nothing to do called {other}"),
    }
}

fn forge(line: &Value) -> Forge {
    Forge::from_word(line["forge"].as_str().unwrap_or_default()).expect("azure-devops, github or gitlab")
}

fn call(forges: &mut Forges, line: &Value, now: Millis) -> Value {
    let text = |name: &str| line[name].as_str().unwrap_or_default();
    let mut call = Call::new(text("method"), text("address")).body(text("body"));
    for (name, value) in line["headers"].as_object().into_iter().flatten() {
        call = call.header(name, value.as_str().unwrap_or_default());
    }
    let answer = forges.answer(forge(line), &call, now);
    json!({ "status": answer.status, "headers": answer.headers, "body": answer.body })
}

/// Each project's part of `config.json`, without its storage.
fn config(world: &World, line: &Value) -> Value {
    let api = |name: &str| line["apis"][name].as_str().unwrap_or_default().to_owned();
    let apis = ["azure-devops", "releases", "github", "gitlab"].map(api);
    let projects = world.projects.iter().enumerate().map(|(n, project)| {
        let (pipelines, manifests) = world.config(n, Some(&apis));
        json!({ "name": project.name, "pipelines": pipelines, "manifests": manifests })
    });
    json!({ "projects": projects.collect::<Vec<_>>() })
}

fn cluster_truth(world: &World, cluster: &forges::world::Cluster, now: Millis) -> Value {
    let truth = world.cluster_truth(cluster, now);
    let id = |commit: usize| world.commits[commit].id.as_str();
    json!({
        "project": world.projects[cluster.project].name, "name": truth.name,
        "applied": truth.applied.map(|(commit, at)| json!({ "commit": id(commit), "at": rfc3339(at) })),
        "latest": truth.latest.map(|report| json!({
            "commit": id(report.commit), "at": rfc3339(report.at), "state": report.state.as_str(),
            "message": report.message,
        })),
    })
}

fn truth(world: &World, row: &forges::world::Row, now: Millis) -> Value {
    let truth = world.truth(row, now);
    let person = |p: &forges::world::ExpectedPerson| json!({ "name": p.name, "login": p.login, "known": p.is_known });
    let stages = truth.stages.iter().map(|stage| {
        stage.as_ref().map(|stage| {
            json!({
                "forge": stage.forge.as_str(), "run": stage.id, "gone": stage.is_gone, "status": stage.status,
                "warned": stage.is_warned, "name": stage.name, "link": stage.link, "commit": stage.commit,
                "started": stage.started.map(rfc3339), "ended": stage.ended.map(rfc3339),
            })
        })
    });
    let [build, release, manifest] = <[_; 3]>::try_from(stages.collect::<Vec<_>>()).expect("three stages");
    let pull = truth.pull.map(|pull| {
        json!({
            "forge": pull.forge.as_str(), "number": pull.number, "state": pull.state, "draft": pull.is_draft,
            "title": pull.title, "branch": pull.branch, "link": pull.link, "author": person(&pull.author),
            "mergedBy": pull.merged_by.as_ref().map(person),
            "waitsFor": pull.waits_for.iter().map(person).collect::<Vec<_>>(),
            "opened": rfc3339(pull.opened), "ended": pull.ended.map(rfc3339),
        })
    });
    let commit = truth.commit.map(|commit| {
        json!({
            "forge": commit.forge.as_str(), "id": commit.id, "message": commit.message, "at": rfc3339(commit.at),
            "link": commit.link, "author": person(&commit.author),
        })
    });
    json!({
        "project": world.projects[truth.project].name, "key": truth.key, "build": build, "release": release,
        "pull": pull, "manifest": manifest, "commit": commit,
    })
}
