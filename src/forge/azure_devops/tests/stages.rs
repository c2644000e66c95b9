use expect_test::expect;

use super::{super::timeline, fixtures, *};
use crate::domain::deployment::Status;

#[test]
fn stages() {
    let stages = parse_stages(&answer(200, fixtures::TIMELINE)).unwrap();
    expect![[r#"
        [
            RunPart {
                name: "Build",
                status: Succeeded,
                warned: true,
                started: Some(
                    Timestamp(
                        1795165931000,
                    ),
                ),
                ended: Some(
                    Timestamp(
                        1795166099980,
                    ),
                ),
                waits_for: [],
                approvals: [],
            },
            RunPart {
                name: "Update HLD",
                status: Running,
                warned: false,
                started: Some(
                    Timestamp(
                        1795166100000,
                    ),
                ),
                ended: None,
                waits_for: [],
                approvals: [],
            },
            RunPart {
                name: "Production",
                status: Waiting,
                warned: false,
                started: None,
                ended: None,
                waits_for: [],
                approvals: [
                    "a3",
                ],
            },
            RunPart {
                name: "Smoke",
                status: Skipped,
                warned: false,
                started: None,
                ended: None,
                waits_for: [],
                approvals: [],
            },
        ]"#]]
    .assert_eq(&format!("{stages:#?}"));
}

#[test]
fn a_timeline_may_hold_nothing() {
    #[track_caller]
    fn check(status: u16, body: &str) {
        assert_eq!(parse_stages(&answer(status, body)), Ok(Vec::new()), "{status} {body}");
    }
    check(204, "");
    check(200, "");
    check(200, "null");
    check(200, r#"{"records":null}"#);
    check(200, r#"{"records":[],"id":"7"}"#);
    check(200, r#"{"records":[{"type":"Stage","name":"__default","identifier":"__default","state":"inProgress"}]}"#);
    assert_eq!(failed(parse_stages(&answer(200, r#"{"records":[{"type":"#))).kind, ProblemKind::Truncated);
    assert_eq!(failed(parse_stages(&answer(200, r#"{"records":[7]}"#))).kind, ProblemKind::Unreadable);
}

#[test]
fn a_stage_waits_for_whoever_has_to_approve() {
    #[track_caller]
    fn check(below: &str, expect: (Status, &[&str])) {
        let body = format!(
            r#"{{"records":[{{"id":"s","type":"Stage","name":"prod","state":"inProgress"}},
               {{"id":"p","parentId":"s","type":"Phase","state":"inProgress"}},
               {{"id":"j","parentId":"p","type":"Job","state":"inProgress"}},{below}]}}"#
        );
        let stages = parse_stages(&answer(200, &body)).unwrap();
        let approvals: Vec<&str> = stages[0].approvals.iter().map(|id| &**id).collect();
        assert_eq!((stages[0].status, approvals.as_slice()), expect, "{below}");
    }
    let task = |name: &str, state: &str| {
        format!(
            r#"{{"id":"t","parentId":"j","type":"Task","name":"Check it","state":"{state}","task":{{"id":"1","name":"{name}","version":"0.2"}}}}"#
        )
    };
    check(&task("ManualValidation", "inProgress"), (Status::Waiting, &[]));
    check(&task("ManualValidation", "completed"), (Status::Running, &[]));
    check(&task("CmdLine", "inProgress"), (Status::Running, &[]));
    check(r#"{"id":"t","parentId":"j","type":"Task","state":"inProgress","task":null}"#, (Status::Running, &[]));
    let check_of = |kind: &str| {
        format!(
            r#"{{"id":"c","parentId":"s","type":"Checkpoint"}},{{"id":"a","parentId":"c","type":"{kind}","state":"inProgress"}}"#
        )
    };
    check(&check_of("Checkpoint.Approval"), (Status::Waiting, &["a"]));
    check(&check_of("Checkpoint.Authorization"), (Status::Waiting, &[]));
    // These go on by themselves.
    check(&check_of("Checkpoint.ExclusiveLock"), (Status::Running, &[]));
    check(&check_of("Checkpoint.TaskCheck"), (Status::Running, &[]));
}

#[test]
fn a_stage_waits_only_while_somebody_must_approve_it() {
    #[track_caller]
    fn check(stage: &str, approval: &str, parent: &str, expect: Status) {
        let body = format!(
            r#"{{"records":[{{"id":"s","type":"Stage","name":"prod","state":{stage}}},
               {{"id":"c","parentId":"{parent}","type":"Checkpoint"}},
               {{"id":"a","parentId":"c","type":"checkpoint.approval","state":"{approval}"}}]}}"#
        );
        let stages = parse_stages(&answer(200, &body)).unwrap();
        assert_eq!(stages[0].status, expect, "{body}");
    }
    check(r#""pending""#, "inProgress", "s", Status::Waiting);
    check(r#""inProgress""#, "inProgress", "s", Status::Waiting);
    check(r#""pending""#, "completed", "s", Status::Incomplete);
    check(r#""pending""#, "inProgress", "other", Status::Incomplete);
    check(r#""completed","result":"skipped""#, "inProgress", "s", Status::Skipped);
    check(r#""completed","result":"failed""#, "inProgress", "s", Status::Failed);
    // Two records that name each other as parents end the search all the same.
    check(r#""pending""#, "inProgress", "a", Status::Incomplete);
}

#[test]
fn words_of_timelines() {
    #[track_caller]
    fn check(state: &str, result: Option<&str>, expect: Status, warned: bool) {
        assert_eq!(timeline::status(Some(state), result), (expect, warned), "{state} {result:?}");
    }
    check("pending", None, Status::Incomplete, false);
    check("inProgress", None, Status::Running, false);
    check("completed", Some("succeeded"), Status::Succeeded, false);
    check("completed", Some("succeededWithIssues"), Status::Succeeded, true);
    check("completed", Some("failed"), Status::Failed, false);
    check("completed", Some("canceled"), Status::Canceled, false);
    check("completed", Some("abandoned"), Status::Canceled, false);
    check("completed", Some("skipped"), Status::Skipped, false);
    check("completed", None, Status::Unknown, false);
    check("completed", Some("fine"), Status::Unknown, false);
    check("resting", None, Status::Unknown, false);
    assert_eq!(timeline::status(None, None), (Status::Unknown, false));
}
