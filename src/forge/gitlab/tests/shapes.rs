//! Shapes that the documentation allows and its examples do not show.

use super::*;

#[test]
fn pipelines() {
    #[track_caller]
    fn check(fields: &str, expect: (Status, Option<&str>)) {
        let (_, run) = parse_pipeline(&answer(200, &format!(r#"{{"id":7,{fields}}}"#))).unwrap();
        assert_eq!((run.status, run.branch.as_ref().map(|branch| branch.as_str())), expect, "{fields}");
    }
    check(r#""status":"waiting_for_callback""#, (Status::Queued, None));
    check(r#""status":"canceling","user":null"#, (Status::Running, None));
    check(r#""status":"scheduled","ref":null"#, (Status::Queued, None));
    check(r#""status":"manual","ref":"refs/merge-requests/3/head""#, (Status::Waiting, None));
    check(r#""status":"success","ref":"v1.2","tag":true"#, (Status::Succeeded, None));
    check(r#""status":"success","ref":"main","detailed_status":null"#, (Status::Succeeded, Some("main")));
}

#[test]
fn jobs() {
    #[track_caller]
    fn check(jobs: &str, expect: &[(&str, Status)]) {
        let parts = parse_jobs(&answer(200, &format!("[{jobs}]"))).unwrap();
        let found: Vec<(&str, Status)> = parts.iter().map(|part| (&*part.name, part.status)).collect();
        assert_eq!(found, expect, "{jobs}");
    }
    // What need not be started by hand holds up nothing.
    check(r#"{"id":1,"name":"a","stage":"s","status":"manual","allow_failure":true}"#, &[("s", Status::Incomplete)]);
    check(r#"{"id":1,"name":"a","stage":"s","status":"manual","allow_failure":false}"#, &[("s", Status::Waiting)]);
    check(r#"{"id":1,"name":"a","stage":"s","status":"failed","allow_failure":true}"#, &[("s", Status::Succeeded)]);
    let again =
        r#"{"id":2,"name":"a","stage":"s","status":"success"},{"id":1,"name":"a","stage":"s","status":"failed"}"#;
    check(again, &[("s", Status::Succeeded)]);
    // A job that cannot be read may be the one that failed.
    check(
        r#"{"id":1,"name":"a","stage":"s","status":"success"},{"id":null}"#,
        &[("s", Status::Succeeded), ("jobs not listed", Status::Unknown)],
    );
}

#[test]
fn merge_requests() {
    let merge = parse_merge_request(&answer(
        200,
        r#"{"iid":5,"state":"merged","merged_at":null,"merge_user":null,"merged_by":null,"merge_commit_sha":null,"squash_commit_sha":null,"sha":"0a12da8c99104f5e0a12da8c99104f5e0a12da8c","author":null,"reviewers":null}"#,
    ))
    .unwrap();
    assert_eq!((merge.merged_by, merge.ended, merge.waits_for.len()), (None, None, 0));
    assert!(merge.merge_commit.is_some());
}
