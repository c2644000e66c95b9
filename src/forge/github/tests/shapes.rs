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
