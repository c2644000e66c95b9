use serde_json::{Value, json};

use crate::forges::{
    Forges,
    call::{Answer, Call},
    gate::Read,
    world::{DAY, ExpectedStage, Forge, HOUR, Kind, MINUTE, Millis, SECOND, STORY, World, rfc3339},
};
use crate::support::rng::Rng;

pub(crate) const START: Millis = 1_795_000_000_000;

pub(crate) fn open(world: World) -> Forges {
    let mut forges = Forges::new(world);
    for forge in Forge::ALL {
        forges.gate.admit(forge, "secret");
    }
    forges
}

/// `:secret`, as a password without a user.
pub(crate) const BASIC: &str = "Basic OnNlY3JldA==";

pub(crate) fn asked(forge: Forge, address: &str) -> Call {
    match forge {
        Forge::AzureDevOps => Call::get(address).header("Authorization", BASIC),
        Forge::GitHub => Call::get(address).header("Authorization", "Bearer secret"),
        Forge::GitLab => Call::get(address).header("PRIVATE-TOKEN", "secret"),
    }
}

/// To the second: what is behind the point means nothing.
fn second(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.starts_with("0001")).map(|text| text[..19].to_owned())
}

fn to_second(at: Option<Millis>) -> Option<String> {
    at.map(|at| rfc3339(at)[..19].to_owned())
}

/// What a stage's service reports of it: its word, its name, and when it ended.
type StageReading = (String, String, Option<String>);

fn read_stage(
    forges: &mut Forges,
    stage: &ExpectedStage,
    place: usize,
    kind: Kind,
    part: Option<usize>,
    now: Millis,
) -> Option<StageReading> {
    let at = forges.world.places[place].clone();
    let (root, id) = (format!("/{}/{}/_apis", at.owner, at.name.replace(' ', "%20")), stage.id);
    let repository = format!("/repos/{}/{}/actions", at.owner, at.name);
    let mut get = |address: String| forges.answer(at.forge, &asked(at.forge, &address), now);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let response = |answer: &Answer| (answer.status == 200).then(|| answer.value());
    match kind {
        Kind::Build => {
            let listed = get(format!("{root}/build/builds?buildIds={id},1,2&api-version=7.1")).value();
            let build = listed["value"].as_array().unwrap().first()?.clone();
            let word = if build["status"] == "completed" { &build["result"] } else { &build["status"] };
            let whole = (text(word), text(&build["buildNumber"]), second(&build["finishTime"]));
            let Some(part) = part else { return Some(whole) };
            let timeline = get(format!("{root}/build/builds/{id}/timeline?api-version=7.1"));
            if timeline.status == 204 {
                return Some(whole);
            }
            let timeline = timeline.value();
            let records = timeline["records"].as_array().unwrap();
            let is_it = |r: &&Value| r["type"] == "Stage" && r["order"] == part + 1;
            let stage = records.iter().find(is_it).unwrap();
            let word = if stage["state"] == "completed" { &stage["result"] } else { &stage["state"] };
            let under_way =
                |is_it: &dyn Fn(&Value) -> bool| records.iter().any(|r| is_it(r) && r["state"] == "inProgress");
            let is_waiting = match stage["state"].as_str() {
                Some("pending") => {
                    under_way(&|r| r["type"] == "Checkpoint.Approval" || r["type"] == "Checkpoint.Authorization")
                }
                Some("inProgress") => under_way(&|r| r["task"]["name"] == "ManualValidation"),
                _ => false,
            };
            let word = if is_waiting { "waiting".to_owned() } else { text(word) };
            Some((word, text(&build["buildNumber"]), second(&stage["finishTime"])))
        }
        Kind::Release => {
            let address = format!("{root}/release/releases?releaseIdFilter={id}&$expand=environments&api-version=7.1");
            let listed = get(address).value();
            let release = listed["value"].as_array().unwrap().first()?.clone();
            let environments = release["environments"].as_array().unwrap();
            let undone = environments.iter().find(|e| e["status"] != "succeeded");
            let deciding = undone.or(environments.last()).unwrap();
            let ended =
                second(&deciding["deploySteps"][0]["releaseDeployPhases"][0]["deploymentJobs"][0]["job"]["finishTime"]);
            Some((text(&deciding["status"]), text(&release["name"]), ended))
        }
        Kind::Workflow => {
            let run = response(&get(format!("{repository}/runs/{id}")))?;
            let is_done = run["status"] == "completed";
            let word = if is_done { &run["conclusion"] } else { &run["status"] };
            Some((text(word), text(&run["name"]), second(&run["updated_at"]).filter(|_| is_done)))
        }
        Kind::Job => {
            let job = response(&get(format!("{repository}/jobs/{id}")))?;
            let word = if job["status"] == "completed" { &job["conclusion"] } else { &job["status"] };
            Some((text(word), text(&job["name"]), second(&job["completed_at"])))
        }
        Kind::Pipeline => {
            let pipeline = response(&get(format!("/api/v4/projects/{}/pipelines/{id}", at.number)))?;
            Some((text(&pipeline["status"]), String::new(), second(&pipeline["finished_at"])))
        }
    }
}

/// The page's word for a service's.
fn meaning(word: &str) -> &'static str {
    match word {
        "notStarted" | "queued" | "pending" | "created" => "queued",
        "waiting" | "manual" => "waiting",
        "inProgress" | "in_progress" | "running" => "running",
        "succeeded" | "partiallySucceeded" | "succeededWithIssues" | "success" => "succeeded",
        "failed" | "failure" | "rejected" => "failed",
        "canceled" | "cancelled" => "canceled",
        _ => "unknown",
    }
}

fn check_stages(forges: &mut Forges, now: Millis) -> usize {
    let mut checked = 0;
    for row in forges.world.rows.clone() {
        let truth = forges.world.truth(&row, now);
        for (n, stage) in truth.stages.iter().enumerate().filter_map(|(n, stage)| Some((n, stage.as_ref()?))) {
            let RefParts { place, kind, part } = parts(&forges.world, &row, n);
            let response = read_stage(forges, stage, place, kind, part, now);
            let expect = (!stage.is_gone).then(|| (stage.status, stage.name.clone(), to_second(stage.ended)));
            let found = response.as_ref().map(|(word, name, ended)| (meaning(word), name.clone(), ended.clone()));
            assert_eq!(found, expect, "stage {n} of {} at {}: {response:?}", row.key, rfc3339(now));
            checked += 1;
        }
    }
    assert_eq!(forges.gate.violations, [""; 0]);
    checked
}

struct RefParts {
    place: usize,
    kind: Kind,
    part: Option<usize>,
}

fn parts(world: &World, row: &crate::forges::world::Row, n: usize) -> RefParts {
    let stage = row.stages[n].unwrap();
    let run = &world.runs[stage.run];
    RefParts { place: run.place, kind: run.kind, part: stage.part }
}

#[test]
fn services_report_what_is_true_of_runs() {
    let mut checked = 0;
    for seed in 0..40 {
        let mut forges = open(World::seeded(seed, START));
        let mut rng = Rng::new(seed);
        for _ in 0..4 {
            checked += check_stages(&mut forges, START + rng.between(-2 * DAY, 2 * DAY));
        }
    }
    assert!(checked > 2000, "{checked}");
    check_stages(&mut open(World::story(START)), START);
}

#[test]
fn services_report_what_is_true_of_commits_and_pull_requests() {
    let (mut pulls, mut commits) = (0, 0);
    for seed in 0..40 {
        let mut forges = open(World::seeded(seed, START));
        for row in forges.world.rows.clone() {
            let truth = forges.world.truth(&row, START);
            if let (Some(pull), Some(n)) = (truth.pull, row.pull) {
                let at = forges.world.repositories[forges.world.pulls[n].repository].clone();
                let place = forges.world.places[at.place].clone();
                let number = pull.number;
                let address = match place.forge {
                    Forge::AzureDevOps => format!(
                        "/{}/{}/_apis/git/pullrequests/{number}?api-version=7.1",
                        place.owner,
                        place.name.replace(' ', "%20")
                    ),
                    Forge::GitHub => format!("/repos/{}/{}/pulls/{number}", place.owner, place.name),
                    Forge::GitLab => format!("/api/v4/projects/{}/merge_requests/{number}", place.number),
                };
                let response = forges.answer(place.forge, &asked(place.forge, &address), START).value();
                let merged = if response["merged"].is_boolean() { &response["merged"] } else { &json!(true) };
                let state = match response["status"].as_str().or(response["state"].as_str()).unwrap() {
                    "active" | "open" | "opened" => "open",
                    "completed" | "merged" => "merged",
                    "closed" if place.forge == Forge::GitHub && merged == &json!(true) => "merged",
                    "abandoned" | "closed" => "abandoned",
                    other => panic!("{other}"),
                };
                let names = ["reviewers", "requested_reviewers"].iter().find_map(|name| response[*name].as_array());
                let waits = names.unwrap().iter().filter(|r| r.get("vote").is_none_or(|vote| vote == 0));
                let waits = if state == "open" { waits.count() } else { 0 };
                assert_eq!((state, waits), (pull.state, pull.waits_for.len()), "{address}");
                assert_eq!(response["title"], pull.title);
                pulls += 1;
            }
            if let Some(commit) = truth.commit {
                let n = row.source.unwrap_or(row.hld);
                let at = forges.world.repositories[forges.world.commits[n].repository].clone();
                let place = forges.world.places[at.place].clone();
                let id = &commit.id;
                let address = match place.forge {
                    Forge::AzureDevOps => format!(
                        "/{}/{}/_apis/git/repositories/{}/commits/{id}?api-version=7.1",
                        place.owner,
                        place.guid(),
                        at.name
                    ),
                    Forge::GitHub => format!("/repos/{}/{}/commits/{}", place.owner, place.name, &id[..7]),
                    Forge::GitLab => {
                        format!(
                            "/api/v4/projects/{}%2F{}/repository/commits/{id}",
                            place.owner.replace('/', "%2F"),
                            place.name
                        )
                    }
                };
                let response = forges.answer(place.forge, &asked(place.forge, &address), START).value();
                let author =
                    [&response["author"]["name"], &response["commit"]["author"]["name"], &response["author_name"]];
                let author = author.into_iter().find_map(Value::as_str).unwrap_or_default();
                assert_eq!(author, commit.author.name, "{address}: {response}");
                commits += 1;
            }
        }
        assert_eq!(forges.gate.violations, [""; 0]);
    }
    assert!(pulls > 40 && commits > 400, "{pulls} {commits}");
}

#[test]
fn rows_only_gain_facts() {
    for seed in 0..40 {
        let world = World::seeded(seed, START);
        for (row, (key, writes)) in
            world.rows.iter().flat_map(|row| world.pieces(row).into_iter().map(move |p| (row, p)))
        {
            let mut moments = world.changes(row, writes);
            moments.retain(|at| *at < Millis::MAX);
            moments = moments.iter().flat_map(|at| [at - SECOND, *at]).collect();
            moments.sort_unstable();
            let mut before = None;
            for at in moments {
                let entity = world.entities(row, at).into_iter().find(|entity| entity.key == key);
                let Some(entity) = entity else {
                    assert_eq!(before, None, "a row that goes again");
                    continue;
                };
                let Some(old) = before.replace(entity.clone()) else { continue };
                if old.columns != entity.columns {
                    assert!(old.written < entity.written, "{old:?}\nbecame {entity:?} unwritten");
                }
                for name in old.columns.columns() {
                    let [was, now] = [&old, &entity].map(|entity| entity.columns.text(name));
                    let may_change = ["Status", "State", "Start", "End"].iter().any(|end| name.ends_with(end));
                    let is_there = entity.columns.columns().any(|column| column == name);
                    assert!(is_there && (may_change || now == was), "{name} of {old:?}\nis {now:?}");
                }
            }
        }
    }
}

#[test]
fn a_seed_is_a_world() {
    let rows = |seed| World::seeded(seed, START).rows(START);
    assert_eq!(rows(7), rows(7));
    assert_ne!(rows(7), rows(8));
    assert_eq!(rows(7), World::seeded(7, START).rows(START));
}

#[test]
fn every_way_to_run_is_met() {
    let mut met: Vec<(Kind, bool)> = Vec::new();
    let mut gone = 0;
    for seed in 0..40 {
        let world = World::seeded(seed, START);
        for row in &world.rows {
            let truth = world.truth(row, START + 3 * DAY);
            for stage in row.stages.iter().flatten() {
                met.push((world.runs[stage.run].kind, stage.part.is_some()));
            }
            gone += truth.stages.iter().flatten().filter(|stage| stage.is_gone).count();
        }
    }
    for kind in [Kind::Build, Kind::Release, Kind::Workflow, Kind::Job, Kind::Pipeline] {
        assert!(met.contains(&(kind, false)), "{kind:?}");
    }
    assert!(met.contains(&(Kind::Build, true)) && gone > 20, "{gone}");
}

#[test]
fn the_story_is_as_described() {
    #[track_caller]
    fn check(key: &str, stages: [&str; 3], pull: &str) {
        let world = World::story(START);
        let row = world.rows.iter().find(|row| row.key == key).unwrap();
        let truth = world.truth(row, START);
        let found =
            truth.stages.each_ref().map(|s| s.as_ref().map_or("", |s| if s.is_gone { "gone" } else { s.status }));
        assert_eq!((found, truth.pull.map_or("", |pull| pull.state)), (stages, pull), "{key}");
    }
    let (yes, no) = ("succeeded", "");
    check("all-succeeded", [yes; 3], "merged");
    check("failed-in-prod", [yes, "failed", no], no);
    check("waiting", [yes, yes, no], "open");
    check("abandoned", [yes, yes, no], "abandoned");
    check("expired", ["gone"; 3], no);
    check("warned", [yes; 3], no);
    check("hld-edit", [no, no, yes], no);
    check("stages-running", [yes, "running", no], no);
    check("stages-retried", [yes; 3], no);
    check("jobs-succeeded", [yes; 3], "merged");
    check("jobs-unknown-author", [yes; 3], no);
    check("jobs-waiting", [yes, yes, no], "open");
    check("runs-failed", ["failed", no, no], no);
    check("pipeline-succeeded", [yes; 3], "merged");
    check("pipeline-running", ["running", no, no], no);
    check("mixed", [yes; 3], no);
    let world = World::story(START);
    assert_eq!(world.rows.iter().map(|row| row.key.as_str()).collect::<Vec<_>>(), STORY.map(|(key, _)| key));
    assert_eq!(world.rows(START).len(), STORY.len());
}

#[test]
fn what_no_service_understands_is_noted() {
    #[track_caller]
    fn check(forge: Forge, call: Call, understood: bool) {
        let mut forges = open(World::story(START));
        let call = match forge {
            Forge::AzureDevOps => call.header("Authorization", BASIC),
            Forge::GitHub => call.header("Authorization", "Bearer secret"),
            Forge::GitLab => call.header("PRIVATE-TOKEN", "secret"),
        };
        let answer = forges.answer(forge, &call, START);
        assert_eq!(forges.gate.violations.is_empty(), understood, "{call:?}\n{answer:?}");
    }
    use Forge::{AzureDevOps, GitHub, GitLab};
    let root = "/contoso/Trivia%20Shop/_apis";
    check(AzureDevOps, Call::get(&format!("{root}/build/builds?buildIds=1&api-version=7.1")), true);
    check(AzureDevOps, Call::get(&format!("{root}/build/builds?buildIds=1")), false);
    check(AzureDevOps, Call::get(&format!("{root}/build/builds?ids=1&api-version=7.1")), false);
    check(AzureDevOps, Call::get(&format!("{root}/build/builds?buildIds=x&api-version=7.1")), false);
    check(AzureDevOps, Call::get(&format!("{root}/release/deployments?releaseIdFilter=1&api-version=7.1")), false);
    check(AzureDevOps, Call::get(&format!("{root}/release/releases?releaseIdFilter=1&api-version=7.1")), true);
    let vsrm = "https://vsrm.dev.azure.com/contoso/Trivia%20Shop/_apis";
    check(AzureDevOps, Call::get(&format!("{vsrm}/release/releases/7?api-version=7.1")), true);
    check(AzureDevOps, Call::get(&format!("{vsrm}/build/builds?buildIds=1&api-version=7.1")), false);
    let batch = format!("{root}/git/repositories/Trivia/commitsbatch?api-version=7.1");
    check(AzureDevOps, Call::post(&batch, &json!({ "ids": ["1234567"] })), true);
    check(AzureDevOps, Call::get(&batch), false);
    let pulls = format!("{root}/git/pullrequests?api-version=7.1&$top=5&searchCriteria.status=");
    check(AzureDevOps, Call::get(&format!("{pulls}all")), true);
    check(AzureDevOps, Call::get(&format!("{pulls}open")), false);
    check(GitHub, Call::get("/repos/contoso/quiz/actions/jobs/1"), true);
    check(GitHub, Call::get("/repos/contoso/quiz/actions/jobs/1?per_page=1"), false);
    check(GitHub, Call::get("/repos/contoso/quiz/actions/job/1"), false);
    check(GitHub, Call::get("/repos/contoso/quiz").header("X-GitHub-Api-Version", "2021-01-01"), false);
    check(GitHub, Call::post("/graphql", &json!({ "query": "{ rateLimit { remaining } }" })), true);
    check(GitHub, Call::post("/graphql", &json!({ "query": "{ rateLimit { left } }" })), false);
    check(GitHub, Call::post("/graphql", &json!({ "query": "{ rateLimit }" })), false);
    check(GitHub, Call::post("/graphql", &json!({ "query": "{ rateLimit { cost }" })), false);
    check(GitLab, Call::get("/api/v4/projects/1028/pipelines/5"), true);
    check(GitLab, Call::get("/api/v4/projects/contoso%2Fweb%2Fmail"), true);
    check(GitLab, Call::get("/projects/1028"), false);
    check(GitLab, Call::get("/api/v4/projects/1028/pipelines/5?private_token=x"), false);
}

#[test]
fn tokens_and_limits() {
    let mut forges = open(World::story(START));
    forges.gate.admit_for(Forge::GitHub, "narrow", &[Read::Commits]);
    forges.gate.github_limits = (3, 100);
    let builds = "/contoso/Trivia%20Shop/_apis/build/builds?buildIds=1&api-version=7.1";
    for header in [None, Some("Basic d3Jvbmc="), Some("Bearer wrong")] {
        let call = header.into_iter().fold(Call::get(builds), |call, h| call.header("Authorization", h));
        let answer = forges.answer(Forge::AzureDevOps, &call, START);
        assert_eq!((answer.status, answer.is_readable), (203, false));
        assert_eq!(answer.header_value("access-control-allow-origin"), None);
    }
    let jobs = Call::get("/repos/contoso/quiz/actions/jobs/1");
    let mut status = |call: &Call, now| {
        let answer = forges.answer(Forge::GitHub, call, now);
        (answer.status, answer.header_value("x-ratelimit-remaining").unwrap_or("").to_owned())
    };
    assert_eq!(status(&jobs.clone().header("Authorization", "Bearer wrong"), START), (401, String::new()));
    assert_eq!(status(&jobs.clone().header("Authorization", "Bearer narrow"), START), (403, "99".to_owned()));
    let repository = Call::get("/repos/contoso/quiz");
    assert_eq!(status(&repository, START), (200, "2".to_owned()));
    assert_eq!(status(&jobs, START), (404, "1".to_owned()));
    assert_eq!(status(&repository, START), (200, "0".to_owned()));
    assert_eq!(status(&repository, START + MINUTE), (403, "0".to_owned()));
    assert_eq!(status(&repository, START + HOUR), (200, "2".to_owned()));

    let tag = forges.answer(Forge::GitHub, &repository, START + HOUR).header_value("etag").unwrap().to_owned();
    let again = forges.answer(Forge::GitHub, &repository.clone().header("If-None-Match", &tag), START + HOUR);
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    assert_eq!(again.header_value("x-ratelimit-remaining"), Some("1"), "it costs nothing");
    let seen: Vec<String> = again.seen_headers().into_iter().map(|(name, _)| name).collect();
    assert!(seen.contains(&"etag".to_owned()) && seen.contains(&"x-ratelimit-reset".to_owned()), "{seen:?}");
    assert_eq!(forges.gate.violations, [""; 0]);

    let wrong = Call::get("/api/v4/projects/1028").header("PRIVATE-TOKEN", "wrong");
    assert_eq!(forges.answer(Forge::GitLab, &wrong, START).status, 401);
    assert_eq!(forges.answer(Forge::GitLab, &Call::get("/api/v4/projects/1028"), START).status, 200);
    assert_eq!(forges.gate.calls(Forge::GitLab), 2);
}

#[test]
fn graphql_reports_what_rest_reports() {
    let mut forges = open(World::story(START));
    let world = &forges.world;
    let row = world.rows.iter().find(|row| row.key == "jobs-waiting").unwrap();
    let truth = world.truth(row, START);
    let (commit, pull) = (truth.commit.unwrap(), truth.pull.unwrap());
    let job = truth.stages[0].clone().unwrap();
    let query = r#"
      query Page($owner: String!, $id: String = "nothing") {
        # Of two repositories.
        a: repository(owner: $owner, name: "quiz") {
          c0: object(expression: $id) { ...commit }
          none: object(expression: "fffffff") { __typename ... on Commit { oid } }
        }
        b: repository(owner: $owner, name: "QUIZ-HLD") {
          pullRequest(number: 7) { title }
          p: pullRequest(number: NUMBER) {
            state mergedBy { login } author { login ... on User { name } }
            reviewRequests(first: 10) { nodes { requestedReviewer { ... on User { name } ... on Team { name } } } }
          }
        }
        rateLimit { cost remaining }
      }
      fragment commit on Commit {
        oid messageHeadline author { name user { login url } }
        checkSuites(first: 5) { nodes { workflowRun { databaseId } conclusion
          checkRuns(first: 5) { nodes { databaseId name status conclusion } } } }
      }"#;
    let query = query.replace("NUMBER", &pull.number.to_string());
    let body = json!({ "query": query, "variables": { "owner": "contoso", "id": &commit.id[..7] } });
    let call = Call::post("/graphql", &body).header("Authorization", "Bearer secret");
    let answer = forges.answer(Forge::GitHub, &call, START);
    assert_eq!(forges.gate.violations, [""; 0]);
    let response = answer.value();
    let (a, b) = (&response["data"]["a"], &response["data"]["b"]);
    assert_eq!(a["c0"]["oid"], commit.id);
    assert_eq!(a["none"], Value::Null);
    assert_eq!(a["c0"]["author"]["user"]["login"], "mlind");
    let suite = &a["c0"]["checkSuites"]["nodes"][0];
    assert_eq!(suite["conclusion"], "SUCCESS");
    assert_eq!(suite["checkRuns"]["nodes"][0]["databaseId"], job.id);
    assert_eq!(b["p"]["state"], "OPEN");
    let waits = b["p"]["reviewRequests"]["nodes"].as_array().unwrap();
    let waits: Vec<&str> = waits.iter().map(|n| n["requestedReviewer"]["name"].as_str().unwrap()).collect();
    assert_eq!(waits, pull.waits_for.iter().map(|p| p.name.as_str()).collect::<Vec<_>>());
    assert_eq!(b["pullRequest"], Value::Null);
    assert_eq!(response["errors"][0]["path"], json!(["b", "pullRequest"]));
    assert_eq!(response["data"]["rateLimit"], json!({ "cost": 1, "remaining": 4999 }));
}
