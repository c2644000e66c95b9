//! The adapter against the examples of GitHub's own OpenAPI description and against recorded answers, where those are
//! at hand. They lie beside the repository and not in it; without them these tests are ignored.

use std::path::PathBuf;

use super::*;
use crate::{
    domain::{
        cluster::SignalState,
        deployment::Status,
        id::CommitId,
        link::Link,
        manifests::{BranchEnd, CommitStatus, Compared, ListPage, Tag},
        problem::ProblemKind,
        pull_request::PullState,
        run::Run,
        time::Timestamp,
    },
    http::Response,
};
use serde_json::{Value, json};

fn folder() -> PathBuf {
    let samples = std::env::var_os("RINGSIDE_SAMPLES").map(PathBuf::from);
    samples.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/samples")).join("github")
}

fn sample(name: &str) -> Value {
    let path = folder().join(format!("{name}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{name}: {e}"))).unwrap()
}

/// The sample, or what is at `pointer` in it, as an answer.
#[track_caller]
fn answer(name: &str, pointer: &str) -> Response {
    let whole = sample(name);
    Response { status: 200, headers: Vec::new(), body: whole.pointer(pointer).unwrap().to_string().into() }
}

fn time(text: &str) -> Option<Timestamp> {
    Some(Timestamp::parse(text).unwrap())
}

#[test]
#[ignore = "reads recorded answers, which lie beside the repository"]
fn jobs() {
    #[track_caller]
    fn check(name: &str, pointer: &str, expect: (Status, &str, &str, &str)) -> Run {
        let run = parse_job(&answer(name, pointer)).unwrap().1;
        let repository = run.repository.as_ref().map(|r| r.as_str()).unwrap_or_default();
        let commit = run.commit.as_ref().map(|c| c.short()).unwrap_or_default();
        assert_eq!((run.status, run.name.as_deref().unwrap_or_default(), commit, repository), expect, "{name}");
        assert!(run.link.is_some() && run.starter.is_none() && run.parts.is_empty(), "{name}: {run:?}");
        run
    }
    let octo = "https://github.com/octo-org/octo-repo";
    let run = check("openapi-actions-job", "", (Status::Succeeded, "CI / build", "f83a356", octo));
    assert_eq!((run.started, run.ended), (time("2020-01-20T17:42:40Z"), time("2020-01-20T17:44:39Z")));
    assert_eq!(run.branch.as_ref().map(|b| b.as_str()), Some("main"));
    check("openapi-actions-run-jobs", "/jobs/0", (Status::Succeeded, "CI / build", "f83a356", octo));
    let spartan = "https://github.com/author-four/spartan-app";
    check("spektate-gh-actions-1115488431", "", (Status::Succeeded, "Build", "32b0b95", spartan));
    let example = "https://github.com/octo-org/example-workflow";
    let running =
        check("webhook-workflow_job", "/workflow_job", (Status::Running, "Test workflow", "e3103f8", example));
    assert_eq!((running.started, running.ended), (time("2021-06-15T19:22:27Z"), None));
}

#[test]
#[ignore = "reads recorded answers, which lie beside the repository"]
fn a_job_has_the_id_of_its_check_run() {
    // That is how jobs are found by GraphQL.
    let jobs = [
        ("openapi-actions-job", ""),
        ("openapi-actions-run-jobs", "/jobs/0"),
        ("spektate-gh-actions-1115488431", ""),
        ("webhook-workflow_job", "/workflow_job"),
    ];
    for (name, pointer) in jobs {
        let whole = sample(name);
        let job = whole.pointer(pointer).unwrap();
        let check_run = job.get("check_run_url").and_then(Value::as_str).unwrap();
        assert!(check_run.ends_with(&format!("/check-runs/{}", job.get("id").unwrap())), "{name}: {check_run}");
    }
}

#[test]
#[ignore = "reads recorded answers, which lie beside the repository"]
fn runs() {
    #[track_caller]
    fn check(name: &str, pointer: &str, expect: (Status, &str, &str)) {
        let run = parse_run(&answer(name, pointer)).unwrap().1;
        let starter = run.starter.as_ref().map(|p| &*p.name).unwrap_or_default();
        assert_eq!((run.status, run.name.as_deref().unwrap_or_default(), starter), expect, "{name}");
        assert!(run.queued.is_some() && run.started.is_none() && run.ended.is_none(), "{name}: {run:?}");
        assert!(run.commit.is_some() && run.branch.is_some(), "{name}: {run:?}");
        assert_eq!(run.repository.unwrap().as_str(), "https://github.com/octo-org/octo-repo");
    }
    check("openapi-actions-run", "", (Status::Queued, "Build #562", "octocat"));
    check("openapi-actions-runs-list", "/workflow_runs/0", (Status::Queued, "Build #562", "octocat"));
    check("webhook-workflow_run", "/workflow_run", (Status::Queued, "Manually triggered workflow #36", ""));
}

#[test]
#[ignore = "reads recorded answers, which lie beside the repository"]
fn commits() {
    #[track_caller]
    fn check(name: &str, pointer: &str, expect: (&str, &str, Option<&str>, &str)) {
        let commit = parse_commit(&answer(name, pointer)).unwrap();
        let author = commit.author.unwrap();
        let url = author.url.as_ref().map(Link::as_str);
        assert_eq!((commit.id.short(), &*author.name, url, &*commit.at.unwrap().to_rfc3339()), expect, "{name}");
        assert!(author.image.is_some() && author.email.is_some() && commit.message.is_some() && commit.link.is_some());
    }
    let octocat = Some("https://github.com/octocat");
    check("openapi-commit", "", ("6dcb09b", "Monalisa Octocat", octocat, "2011-04-14T16:00:49Z"));
    check("openapi-commits-list", "/0", ("6dcb09b", "Monalisa Octocat", octocat, "2011-04-14T16:00:49Z"));
    let two = Some("https://github.com/author-two");
    check("spektate-github-author-response", "", ("f19cb81", "Author Two", two, "2019-10-28T21:54:37Z"));
}

#[test]
#[ignore = "reads recorded answers, which lie beside the repository"]
fn pull_requests() {
    let pull = parse_pull_request(&answer("openapi-pull", "")).unwrap();
    // The example has a time of its merge and is open and not merged.
    assert_eq!((pull.id.as_str(), pull.state, pull.draft), ("1347", PullState::Open, false));
    assert_eq!((pull.ended, pull.merged_by, pull.merge_commit), (None, None, None));
    assert_eq!(pull.branch.unwrap().as_str(), "new-topic");
    let waits_for: Vec<&str> = pull.waits_for.iter().map(|p| &*p.name).collect();
    assert_eq!(waits_for, ["other_user", "Justice League"]);
    let listed = parse_pull_request(&answer("openapi-commit-pulls", "/0")).unwrap();
    assert_eq!(listed.state, PullState::Merged);
    assert_eq!(listed.merge_commit.unwrap().short(), "e5bd391");
}

#[test]
#[ignore = "reads recorded answers, which lie beside the repository"]
fn history() {
    let log = parse_log(&answer("openapi-commits-list", "")).unwrap();
    let [commit] = log.commits.as_slice() else { panic!("{log:?}") };
    // The example names a commit as its own parent.
    assert_eq!((commit.id.short(), commit.parents.len(), log.unclear.len()), ("6dcb09b", 1, 0));
    assert_eq!((log.tip.as_ref(), commit.at), (Some(&commit.id), time("2011-04-14T16:00:49Z")));
    let compared = parse_compare(&answer("openapi-compare", "")).unwrap();
    assert_eq!(compared, Compared { ahead: 1, is_ancestor: false });
}

#[test]
#[ignore = "reads recorded answers, which lie beside the repository"]
fn tags_and_branches() {
    #[track_caller]
    fn check(name: &str, expect: (&str, &str, &str, &str)) {
        let Tag { name: tag, object, commit, at, is_approximate } = parse_tag(&answer(name, "")).unwrap();
        let (object, commit) = (object.unwrap(), commit.unwrap());
        assert_eq!((&*tag, object.get(..7).unwrap(), commit.short(), &*at.unwrap().to_rfc3339()), expect, "{name}");
        assert!(!is_approximate, "{name}");
    }
    check("openapi-git-tag", ("v0.0.1", "940bd33", "c3d0be4", "2014-11-07T22:01:45Z"));
    check("spektate-github-manifest-sync-tag-response", ("flux-sync", "1b146d9", "096c952", "2019-10-31T18:14:51Z"));
    // The example is of branches, which are no tags.
    let branches = answer("openapi-git-matching-refs", "");
    assert_eq!(parse_tags(&branches), Ok(ListPage::default()));
    assert_eq!(parse_branch(&branches, "feature-a"), Ok(None));
    assert_eq!(parse_branch(&branches, "feature"), Ok(Some(BranchEnd::Gone)));
    assert_eq!(parse_branch_pull(&answer("openapi-commit-pulls", "")), Ok(Some(PullState::Merged)));
}

#[test]
#[ignore = "reads recorded answers, which lie beside the repository"]
fn deployments() {
    let deployments = parse_deployments(&answer("openapi-deployments", "")).unwrap().items;
    let [deployment] = deployments.as_slice() else { panic!("{deployments:?}") };
    assert_eq!((&*deployment.id, &*deployment.environment), ("1", "production"));
    assert_eq!((deployment.commit.as_ref().unwrap().short(), &deployment.outcome), ("a84d88e", &None));
    let outcome = parse_outcome(&answer("openapi-deployment-statuses", "")).unwrap().unwrap();
    assert_eq!(outcome.state, Some(SignalState::Applied));
    assert_eq!(outcome.message.as_deref(), Some("Deployment finished successfully."));
    assert_eq!(outcome.at, time("2012-07-20T01:19:13Z"));
}

/// Each status: its context, its state, its words.
fn found(statuses: &[CommitStatus]) -> Vec<(&str, SignalState, &str)> {
    assert!(statuses.iter().all(|status| status.at.is_some() && status.genre.is_none()));
    statuses.iter().map(|s| (&*s.context, s.state, s.message.as_deref().unwrap_or_default())).collect()
}

#[test]
#[ignore = "reads recorded answers, which lie beside the repository"]
fn what_clusters_report_of_commits() {
    #[track_caller]
    fn check(statuses: &Value, expect: &[(&str, SignalState, &str)]) {
        let commit = CommitId::new("40d6b21b888db0ca794876cf7bdd399e3da2137e").unwrap();
        let body = json!({"state": "success", "statuses": statuses}).to_string();
        let response = Response { status: 200, headers: Vec::new(), body: body.into() };
        let statuses = parse_statuses(&response, &commit).unwrap().items;
        assert!(statuses.iter().all(|status| status.commit == commit));
        assert_eq!(found(&statuses), expect);
    }
    use SignalState::{Applied, Failed, Pending};
    let of = |name: &str| sample(&format!("../cluster-sync/{name}"));
    check(
        &of("github-statuses-flux2"),
        &[
            ("kustomization/apps/7fda3721", Failed, "health check failed"),
            ("kustomization/apps/0c9c2e41", Applied, "reconciliation succeeded"),
        ],
    );
    let running = "Application guestbook is now running new version of deployments manifests.";
    check(&of("github-statuses-argocd"), &[("continuous-delivery/guestbook", Applied, running)]);
    check(
        &of("github-statuses-gitops-connector-argocd"),
        &[
            ("Health", Applied, "3/3 Healthy"),
            ("Sync", Applied, "5/5 Synced"),
            ("Phase", Applied, "Succeeded: successfully synced (all tasks run)"),
        ],
    );
    // This one is a list of all that was reported, not of the newest of each context.
    check(
        &of("github-statuses-gitops-connector-flux"),
        &[
            ("Status", Applied, "Reconciliation finished in 2.1s, next run in 1m0s"),
            ("deployment.apps", Applied, "2 configured"),
            ("Status", Pending, "Reconciliation underway."),
        ],
    );
    check(
        sample("openapi-commit-combined-status").get("statuses").unwrap(),
        &[
            ("continuous-integration/jenkins", Applied, "Build has completed successfully"),
            ("security/brakeman", Applied, "Testing has completed successfully"),
        ],
    );
}

#[test]
#[ignore = "reads recorded answers, which lie beside the repository"]
fn the_test_call() {
    assert_eq!(parse_test(&answer("openapi-repo", "")), Ok(()));
    for (status, kind) in [(401, ProblemKind::Unauthorized), (404, ProblemKind::NotFound)] {
        let refusal = Response { status, ..answer("error-bodies", &format!("/{status}")) };
        let error = parse_test(&refusal).unwrap_err();
        assert_eq!((error.kind, error.detail.is_empty()), (kind, false));
    }
}

#[test]
#[ignore = "reads recorded answers, which lie beside the repository"]
fn no_sample_is_read_with_a_panic() {
    let lookups: [Lookup; 0] = [];
    let mut read = 0;
    for file in std::fs::read_dir(folder()).unwrap() {
        let whole = std::fs::read(file.unwrap().path()).unwrap();
        for cut in (0..=whole.len()).step_by(1 + whole.len() / 500) {
            let body = whole.get(..cut).unwrap().to_vec();
            let response = Response { status: 200, headers: Vec::new(), body };
            let _ = (parse_job(&response), parse_run(&response), parse_commit(&response));
            let _ = (parse_pull_request(&response), parse_test(&response), parse_many(&response, &lookups));
            let _ = (parse_log(&response), parse_tags(&response), parse_tag(&response), parse_manifests(&response));
            let _ = (parse_deployments(&response), parse_outcome(&response), parse_compare(&response));
            let _ = (parse_branch(&response, "main"), parse_branch_pull(&response));
        }
        read += 1;
    }
    assert!(read > 25, "{read} samples");
}
