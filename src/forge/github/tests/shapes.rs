//! Shapes that the description of the API allows and its examples do not show.

use super::*;

#[test]
fn jobs_and_runs() {
    #[track_caller]
    fn check(fields: &str, expect: (Status, bool, bool)) {
        let page = r#""html_url":"https://github.com/contoso/trivia/actions/runs/71/job/7","created_at":"2026-11-20T10:00:00Z","started_at":"2026-11-20T10:00:00Z""#;
        let (_, run) = parse_job(&ok(&format!(r#"{{"id":7,{page},{fields}}}"#))).unwrap();
        assert_eq!((run.status, run.started.is_some(), run.approvals.is_some()), expect, "{fields}");
    }
    check(r#""status":"waiting","conclusion":null,"steps":null"#, (Status::Waiting, false, true));
    check(r#""status":"requested","conclusion":null"#, (Status::Queued, false, false));
    check(r#""status":"completed","conclusion":"stale","completed_at":null"#, (Status::Unknown, true, false));
    check(r#""status":"completed","conclusion":"action_required""#, (Status::Waiting, false, false));
    check(r#""status":"completed","conclusion":null"#, (Status::Unknown, true, false));
    check(r#""status":"in_progress","conclusion":null,"runner_name":null,"steps":[]"#, (Status::Running, true, false));
    let (_, run) = parse_run(&ok(
        r#"{"id":71,"status":"completed","conclusion":"startup_failure","actor":null,"triggering_actor":null,"head_commit":null}"#,
    ))
    .unwrap();
    assert_eq!((run.status, run.starter), (Status::Failed, None));
    // Without a page that names the run nobody can be asked for who may approve it.
    let (_, run) =
        parse_run(&ok(r#"{"id":71,"status":"waiting","html_url":"https://github.com/contoso/trivia"}"#)).unwrap();
    assert_eq!((run.status, run.approvals), (Status::Waiting, None));
}

#[test]
fn people_who_are_gone() {
    let pull = parse_pull_request(&ok(
        r#"{"number":5,"state":"closed","merged":true,"merged_at":"2026-11-20T10:00:00Z","user":null,"merged_by":null,"head":{"ref":"x","repo":null},"requested_reviewers":[],"requested_teams":null}"#,
    ))
    .unwrap();
    assert_eq!((pull.author, pull.merged_by, pull.waits_for.len()), (None, None, 0));
    let commit = parse_commit(&ok(
        r#"{"sha":"0a12da8c99104f5e0a12da8c99104f5e0a12da8c","author":null,"committer":null,"commit":{"message":"","author":null,"committer":null}}"#,
    ))
    .unwrap();
    assert_eq!((commit.author, commit.message, commit.at), (None, None, None));
}

#[test]
fn statuses_and_deployments() {
    let id = CommitId::new("0a12da8").unwrap();
    let page = parse_statuses(&ok(
        r#"{"state":"pending","total_count":2,"statuses":[{"context":"kustomization/apps/east","state":"success","description":null,"target_url":null,"created_at":null},{"context":null,"state":"failure"}]}"#,
    ), &id)
    .unwrap();
    assert_eq!(
        page.items.iter().map(|s| (&*s.context, s.state, s.at)).collect::<Vec<_>>(),
        [("kustomization/apps/east", SignalState::Applied, None)]
    );
    let pending = super::super::pending::parse_pending(&ok(
        r#"[{"environment":null,"wait_timer":null,"reviewers":null},{"environment":{"name":"prod"},"wait_timer":5,"reviewers":[{"type":"User","reviewer":null}]}]"#,
    ))
    .unwrap();
    assert!(pending.iter().all(|approval| approval.waits_for.is_empty() && !approval.is_timer), "{pending:?}");
}

/// What Argo CD's notifications leave on a commit, by the templates of its documentation ("GitHub" and "Webhook"): each
/// context, its label, and the application that it is read as.
#[test]
fn statuses_of_argo_cd() {
    use crate::model::sync::names;
    #[track_caller]
    fn check(context: &str, state: &str, expect: Option<(SignalState, Option<&str>)>) {
        let id = CommitId::new("0a12da8").unwrap();
        let body = format!(
            r#"{{"state":"{state}","statuses":[{{"context":"{context}","state":"{state}","description":"ArgoCD","target_url":"https://argocd.example/applications/guestbook?operation=true","created_at":"2026-11-20T10:00:00Z","updated_at":"2026-11-20T10:00:00Z"}}],"total_count":1}}"#
        );
        let page = parse_statuses(&ok(&body), &id).unwrap();
        let [status] = page.items.as_slice() else { panic!("{body}") };
        let label = names::of_status(&status.context, None, &[]);
        let application = label.as_ref().and_then(names::application);
        assert_eq!(label.is_some().then_some((status.state, application.as_deref())), expect, "{context} {state}");
    }
    use SignalState::{Applied, Failed, Pending};
    let app = Some("guestbook");
    check("continuous-delivery/guestbook", "success", Some((Applied, app)));
    check("continuous-delivery/guestbook", "pending", Some((Pending, app)));
    check("continuous-delivery/guestbook", "failure", Some((Failed, app)));
    check("continuous-delivery/guestbook", "error", Some((Failed, app)));
    // With the destination's name behind it, as a template may.
    check("continuous-delivery/guestbook/prod-eu", "success", Some((Applied, app)));
    // A label of somebody's own is nobody's until the configuration maps it to a cluster.
    check("argocd/guestbook", "success", None);
    check("guestbook", "success", None);
}

#[test]
fn deployments_of_argo_cd() {
    #[track_caller]
    fn check(creator: &str, log: &str, state: &str, expect: (bool, Option<SignalState>)) {
        let list = format!(
            r#"[{{"id":9,"sha":"0a12da8c99104f5e0a12da8c99104f5e0a12da8c","ref":"main","task":"deploy","payload":"","environment":"prod-eu","original_environment":"prod-eu","description":null,"creator":{creator},"created_at":"2026-11-20T10:00:00Z","transient_environment":true,"production_environment":false}}]"#
        );
        let deployment = parse_deployments(&ok(&list)).unwrap().items.remove(0);
        let statuses = format!(
            r#"[{{"state":"{state}","description":"Application guestbook is now running new version of deployments manifests.","environment_url":"https://guestbook.example","log_url":"{log}","created_at":"2026-11-20T10:00:10Z"}}]"#
        );
        let outcome = parse_outcome(&ok(&statuses)).unwrap().unwrap();
        let is_by_workflow = deployment.is_by_workflow || outcome.is_by_workflow;
        assert_eq!((is_by_workflow, outcome.state), expect, "{creator} {log} {state}");
        assert_eq!(&*deployment.environment, "prod-eu");
    }
    use SignalState::{Applied, Failed};
    let (app, nobody) = (r#"{"login":"my-argocd[bot]","type":"Bot"}"#, "null");
    let log = "https://argocd.example/applications/guestbook?operation=true";
    check(app, log, "success", (false, Some(Applied)));
    check(app, "", "failure", (false, Some(Failed)));
    check(nobody, log, "error", (false, Some(Failed)));
    // It marks nothing inactive by itself; GitHub does, of which nothing is known then.
    check(app, log, "inactive", (false, None));
    // A job of a workflow that deploys to an environment of that name.
    let run = "https://github.com/contoso/trivia/actions/runs/71/job/7";
    check(r#"{"login":"github-actions[bot]","type":"Bot"}"#, run, "success", (true, Some(Applied)));
    check(r#"{"login":"mara","type":"User"}"#, run, "success", (true, Some(Applied)));
}
