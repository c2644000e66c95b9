//! The adapter against whole answers of GitHub, in the shapes of its description: `tests/data/github.json`.

use serde_json::Value;

use super::*;
use crate::{
    domain::{
        commit::Commit,
        id::RunId,
        manifests::{BranchEnd, Compared, EnvironmentDeployment, Tag},
        problem::ProblemKind,
        pull_request::{PullRequest, PullState},
        run::Run,
        time::Timestamp,
    },
    forge::{
        github::pending::parse_pending,
        tests::{Recordings, answer as body_answer},
    },
};

const REPOSITORY: &str = "https://github.com/contoso/quiz-night";

fn recorded() -> Recordings {
    Recordings::new(include_str!("../../../../tests/data/github.json"))
}

/// The recorded answer, or what is at `pointer` in it.
#[track_caller]
fn part(name: &str, pointer: &str) -> Response {
    body_answer(recorded().body(name).pointer(pointer).unwrap())
}

fn time(text: &str) -> Option<Timestamp> {
    Some(Timestamp::parse(text).unwrap())
}

#[test]
fn jobs() {
    #[track_caller]
    fn check(name: &str, pointer: &str, expect: (Status, &str, &str)) -> Run {
        let run = parse_job(&part(name, pointer)).unwrap().1;
        let commit = run.commit.as_ref().map(|c| c.short()).unwrap_or_default();
        assert_eq!((run.status, run.name.as_deref().unwrap_or_default(), commit), expect, "{name}");
        assert_eq!(run.repository.as_ref().map(|r| r.as_str()), Some(REPOSITORY), "{name}");
        assert_eq!(run.branch.as_ref().map(|b| b.as_str()), Some("main"), "{name}");
        assert!(run.link.is_some() && run.starter.is_none(), "{name}: {run:?}");
        run
    }
    let run = check("job", "", (Status::Succeeded, "Build / image", "b866fac"));
    assert_eq!((run.started, run.ended), (time("2026-11-23T08:00:10Z"), time("2026-11-23T08:03:40Z")));
    check("jobs of a run", "/jobs/0", (Status::Succeeded, "Build / image", "b866fac"));
    check("jobs of a run", "/jobs/1", (Status::Failed, "Build / scan", "b866fac"));
    let running = check("running job", "", (Status::Running, "Build / image", "ca7b306"));
    assert_eq!((running.started, running.ended), (time("2026-11-24T08:55:00Z"), None));
}

#[test]
fn a_job_has_the_id_of_its_check_run() {
    // That is how jobs are found by GraphQL.
    for (name, pointer) in [("job", ""), ("running job", ""), ("jobs of a run", "/jobs/0")] {
        let recorded = recorded();
        let job = recorded.body(name).pointer(pointer).unwrap();
        let check_run = job.get("check_run_url").and_then(Value::as_str).unwrap();
        assert!(check_run.ends_with(&format!("/check-runs/{}", job.get("id").unwrap())), "{name}: {check_run}");
    }
}

#[test]
fn runs() {
    #[track_caller]
    fn check(name: &str, expect: (Status, &str, &str)) -> Run {
        let run = parse_run(&recorded().answer(name)).unwrap().1;
        let starter = run.starter.as_ref().map(|p| &*p.name).unwrap_or_default();
        assert_eq!((run.status, run.name.as_deref().unwrap_or_default(), starter), expect, "{name}");
        assert!(run.queued.is_some() && run.commit.is_some() && run.branch.is_some(), "{name}: {run:?}");
        assert_eq!(run.repository.as_ref().map(|r| r.as_str()), Some(REPOSITORY));
        run
    }
    let run = check("run", (Status::Succeeded, "Build #208", "mara"));
    assert_eq!((run.started, run.ended), (time("2026-11-23T08:00:00Z"), time("2026-11-23T08:04:02Z")));
    let queued = check("queued run", (Status::Queued, "Build #208", "mara"));
    assert_eq!((queued.started, queued.ended), (None, None));
    let pending = parse_pending(&recorded().answer("pending deployments")).unwrap();
    let names: Vec<_> = pending.iter().flat_map(|a| &a.waits_for).map(|person| &*person.name).collect();
    assert_eq!(names, ["tomasz"]);
}

#[test]
fn commits() {
    #[track_caller]
    fn check(name: &str, pointer: &str, expect: (&str, &str, Option<&str>, &str)) {
        let commit: Commit = parse_commit(&part(name, pointer)).unwrap();
        let author = commit.author.unwrap();
        let url = author.url.as_ref().map(Link::as_str);
        assert_eq!((commit.id.short(), &*author.name, url, &*commit.at.unwrap().to_rfc3339()), expect, "{name}");
        assert!(author.email.is_some() && commit.message.is_some() && commit.link.is_some());
    }
    let tomasz = Some("https://github.com/tomasz");
    check("commit", "", ("91cd99a", "Tomasz Wrona", tomasz, "2026-11-23T10:00:00Z"));
    check("commits", "/0", ("91cd99a", "Tomasz Wrona", tomasz, "2026-11-23T10:00:00Z"));
    check("commit of nobody's account", "", ("0e99d16", "Mara Lindqvist", None, "2026-11-22T10:00:00Z"));
}

#[test]
fn pull_requests() {
    let pull = parse_pull_request(&recorded().answer("pull request")).unwrap();
    assert_eq!((pull.id.as_str(), pull.state, pull.draft), ("61", PullState::Open, false));
    assert_eq!((pull.ended, pull.merged_by, pull.merge_commit), (None, None, None));
    assert_eq!(pull.branch.unwrap().as_str(), "deploy/scoreboard-61");
    let waits_for: Vec<&str> = pull.waits_for.iter().map(|p| &*p.name).collect();
    assert_eq!(waits_for, ["tomasz", "Quiz operators"]);
    let merged = |pull: PullRequest| {
        assert_eq!((pull.id.as_str(), pull.state), ("60", PullState::Merged));
        assert_eq!((pull.merge_commit.unwrap().short(), pull.ended), ("91cd99a", time("2026-11-23T10:00:00Z")));
        pull.merged_by.map(|person| person.name.to_string())
    };
    assert_eq!(
        merged(parse_pull_request(&recorded().answer("merged pull request")).unwrap()).as_deref(),
        Some("tomasz")
    );
    // A list does not show who merged.
    assert_eq!(merged(parse_pull_request(&part("pull requests of a commit", "/0")).unwrap()), None);
}

#[test]
fn history() {
    let log = parse_log(&recorded().answer("commits")).unwrap();
    let shape: Vec<(&str, Vec<&str>)> =
        log.commits.iter().map(|c| (c.id.short(), c.parents.iter().map(CommitId::short).collect())).collect();
    assert_eq!(shape, [("91cd99a", vec!["0e99d16", "3a5e8ab"]), ("0e99d16", vec!["cb1bfce"])]);
    assert_eq!((log.tip.unwrap().short(), log.unclear.len()), ("91cd99a", 0));
    let compared = parse_compare(&recorded().answer("compared")).unwrap();
    assert_eq!(compared, Compared { ahead: 2, is_ancestor: true });
}

#[test]
fn tags_and_branches() {
    let Tag { name, object, commit, at, is_approximate } = parse_tag(&recorded().answer("tag")).unwrap();
    assert_eq!(
        (&*name, object.unwrap().get(..7), commit.unwrap().short()),
        ("flux-prod-eu", Some("94fe6e9"), "91cd99a")
    );
    assert_eq!((at, is_approximate), (time("2026-11-23T10:06:00Z"), false));
    let tags = parse_tags(&recorded().answer("tags")).unwrap().items;
    let shape: Vec<_> = tags.iter().map(|tag| (&*tag.name, tag.object.is_some(), tag.commit.is_some())).collect();
    assert_eq!(shape, [("flux-prod-eu", true, false), ("flux-dev", false, true)]);
    let branches = recorded().answer("branches");
    assert_eq!(parse_branch(&branches, "feature-ties"), Ok(None));
    assert_eq!(parse_branch(&branches, "feature"), Ok(Some(BranchEnd::Gone)));
    assert_eq!(parse_branch_pull(&recorded().answer("pull requests of a commit")), Ok(Some(PullState::Merged)));
}

#[test]
fn deployments() {
    let deployments: Vec<EnvironmentDeployment> = parse_deployments(&recorded().answer("deployments")).unwrap().items;
    let [deployment] = deployments.as_slice() else { panic!("{deployments:?}") };
    assert_eq!((&*deployment.id, &*deployment.environment), ("4711", "prod-eu"));
    assert_eq!((deployment.commit.as_ref().unwrap().short(), &deployment.outcome), ("91cd99a", &None));
    let outcome = parse_outcome(&recorded().answer("deployment statuses")).unwrap().unwrap();
    assert_eq!((outcome.state, outcome.at), (Some(SignalState::Applied), time("2026-11-23T10:03:10Z")));
    assert_eq!(outcome.message.as_deref(), Some("Application scoreboard runs the new version."));
}

#[test]
fn what_clusters_report_of_commits() {
    use SignalState::{Applied, Failed, Pending};
    let commit = CommitId::new("91cd99a").unwrap();
    // A list of all that was reported has the same shape within.
    let list = body_answer(&serde_json::json!({ "statuses": recorded().body("statuses") }));
    for (name, answer) in [("combined status", recorded().answer("combined status")), ("statuses", list)] {
        let statuses = parse_statuses(&answer, &commit).unwrap().items;
        assert!(statuses.iter().all(|s| s.commit == commit && s.at.is_some() && s.genre.is_none()), "{name}");
        let found: Vec<_> = statuses.iter().map(|s| (&*s.context, s.state, s.message.as_deref().unwrap())).collect();
        let expect = [
            ("kustomization/quiz/5e1f0a2b", Failed, "health check failed"),
            ("kustomization/quiz/9b7c3d10", Applied, "reconciliation succeeded"),
            ("continuous-delivery/scoreboard", Applied, "Application scoreboard runs the new version."),
            ("Status", Pending, "Reconciliation underway."),
            ("Health", Applied, "2/2 Healthy"),
            ("ci/lint", Applied, "No findings"),
        ];
        assert_eq!(found, expect, "{name}");
    }
}

#[test]
fn many_by_graphql() {
    let here = |id: &str| (RunId::new(id).unwrap(), CommitId::new("b866facb84c3a3677728b60eb77174817d6ef2eb").unwrap());
    let (id, commit) = here("31415926535");
    let repository = || "contoso/quiz-night".into();
    let lookups = [
        Lookup::Run { repository: repository(), id, commit: commit.clone() },
        Lookup::Commit { repository: repository(), id: commit },
        Lookup::PullRequest { repository: repository(), id: PullRequestId::new("60").unwrap() },
    ];
    let (found, limits) = parse_many(&recorded().answer("many by GraphQL"), &lookups).unwrap();
    let [Found::Run(run), Found::Commit(commit), Found::PullRequest(pull)] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(
        (run.status, run.name.as_deref(), run.ended),
        (Status::Succeeded, Some("Build / image"), time("2026-11-23T08:03:40Z"))
    );
    assert_eq!((commit.id.short(), &*commit.author.as_ref().unwrap().name), ("b866fac", "Mara Lindqvist"));
    assert_eq!((pull.state, &*pull.merged_by.as_ref().unwrap().name), (PullState::Merged, "tomasz"));
    assert_eq!(limits.remaining, Some(4970));
}

#[test]
fn manifests_by_graphql() {
    let manifests = parse_manifests(&recorded().answer("manifests by GraphQL")).unwrap();
    assert_eq!(manifests.log.tip.as_ref().map(CommitId::short), Some("91cd99a"));
    assert_eq!((manifests.log.commits.len(), manifests.limits.remaining), (2, Some(4969)));
}

#[test]
fn the_test_call() {
    assert_eq!(parse_test(&recorded().answer("repository")), Ok(()));
    for (name, kind) in [("bad credentials", ProblemKind::Unauthorized), ("not found", ProblemKind::NotFound)] {
        let error = parse_test(&recorded().answer(name)).unwrap_err();
        assert_eq!((error.kind, error.detail.is_empty()), (kind, false));
    }
}

#[test]
fn no_part_of_an_answer_is_read_with_a_panic() {
    for response in recorded().cut(331) {
        let _ = (parse_job(&response), parse_run(&response), parse_commit(&response), parse_pending(&response));
        let _ = (parse_pull_request(&response), parse_test(&response), parse_many(&response, &[]));
        let _ = (parse_log(&response), parse_tags(&response), parse_tag(&response), parse_manifests(&response));
        let _ = (parse_deployments(&response), parse_outcome(&response), parse_compare(&response));
        let _ = (parse_branch(&response, "main"), parse_branch_pull(&response));
    }
}
