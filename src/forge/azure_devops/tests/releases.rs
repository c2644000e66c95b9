use expect_test::expect;

use super::{super::release, fixtures, *};
use crate::domain::{deployment::Status, run::RunPart};

#[test]
fn releases() {
    let page = parse_releases(&answer(200, fixtures::RELEASES)).unwrap();
    expect![[r#"
        Page {
            items: [
                (
                    "246",
                    Run {
                        status: Running,
                        warned: false,
                        name: Some(
                            "Release-246",
                        ),
                        link: Some(
                            Link(
                                "https://dev.azure.com/contoso/9d1c/_release?releaseId=246&_a=release-summary",
                            ),
                        ),
                        queued: Some(
                            Timestamp(
                                1795166205100,
                            ),
                        ),
                        started: Some(
                            Timestamp(
                                1795166720000,
                            ),
                        ),
                        ended: None,
                        commit: None,
                        branch: None,
                        repository: None,
                        starter: Some(
                            Person {
                                name: "Mara Lind",
                                email: None,
                                image: Some(
                                    Link(
                                        "https://dev.azure.com/contoso/_api/_common/identityImage?id=1",
                                    ),
                                ),
                                url: None,
                            },
                        ),
                        image: Some(
                            "quiz-api-main-6101",
                        ),
                        parts: [
                            RunPart {
                                name: "Dev",
                                status: Succeeded,
                                warned: false,
                                started: Some(
                                    Timestamp(
                                        1795166720000,
                                    ),
                                ),
                                ended: Some(
                                    Timestamp(
                                        1795166850000,
                                    ),
                                ),
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
                                approvals: [],
                            },
                        ],
                        approvals: None,
                    },
                ),
                (
                    "245",
                    Run {
                        status: Failed,
                        warned: false,
                        name: Some(
                            "Release-245",
                        ),
                        link: None,
                        queued: Some(
                            Timestamp(
                                1795082400000,
                            ),
                        ),
                        started: Some(
                            Timestamp(
                                1795082400000,
                            ),
                        ),
                        ended: Some(
                            Timestamp(
                                1795082940000,
                            ),
                        ),
                        commit: None,
                        branch: None,
                        repository: None,
                        starter: None,
                        image: None,
                        parts: [
                            RunPart {
                                name: "Dev",
                                status: Failed,
                                warned: false,
                                started: None,
                                ended: None,
                                waits_for: [],
                                approvals: [],
                            },
                            RunPart {
                                name: "Production",
                                status: Incomplete,
                                warned: false,
                                started: None,
                                ended: None,
                                waits_for: [],
                                approvals: [],
                            },
                        ],
                        approvals: None,
                    },
                ),
                (
                    "244",
                    Run {
                        status: Canceled,
                        warned: false,
                        name: Some(
                            "Release-244",
                        ),
                        link: None,
                        queued: None,
                        started: None,
                        ended: Some(
                            Timestamp(
                                1794996000000,
                            ),
                        ),
                        commit: None,
                        branch: None,
                        repository: None,
                        starter: None,
                        image: None,
                        parts: [],
                        approvals: None,
                    },
                ),
            ],
            bad: [],
            next: (),
        }"#]]
    .assert_eq(&format!("{page:#?}"));
}

#[test]
fn words_of_environments() {
    #[track_caller]
    fn check(word: &str, expect: Status, warned: bool) {
        assert_eq!(release::status(Some(word)), (expect, warned), "{word}");
    }
    check("undefined", Status::Unknown, false);
    check("notStarted", Status::Incomplete, false);
    check("inProgress", Status::Running, false);
    check("InProgress", Status::Running, false);
    check("succeeded", Status::Succeeded, false);
    check("partiallySucceeded", Status::Succeeded, true);
    check("canceled", Status::Canceled, false);
    check("rejected", Status::Failed, false);
    check("failed", Status::Failed, false);
    check("queued", Status::Queued, false);
    check("scheduled", Status::Queued, false);
    check("thriving", Status::Unknown, false);
    assert_eq!(release::status(None), (Status::Unknown, false));
}

#[test]
fn what_environments_make_of_a_release() {
    use Status::{Canceled, Failed, Incomplete, Queued, Running, Succeeded, Unknown, Waiting};
    #[track_caller]
    fn check(word: &str, parts: &[Status], expect: Status) {
        let part = |&status: &Status| RunPart {
            waits_for: Vec::new(),
            approvals: Vec::new(),
            name: "x".into(),
            status,
            warned: false,
            started: None,
            ended: None,
        };
        let parts: Vec<RunPart> = parts.iter().map(part).collect();
        assert_eq!(release::overall(Some(word), &parts), expect, "{word} {parts:?}");
    }
    check("active", &[Succeeded, Succeeded], Succeeded);
    check("active", &[Succeeded, Failed, Running], Failed);
    check("active", &[Succeeded, Running], Running);
    check("active", &[Succeeded, Waiting, Incomplete], Running);
    check("active", &[Queued, Incomplete], Queued);
    check("active", &[Succeeded, Queued], Running);
    check("active", &[Succeeded, Canceled, Incomplete], Canceled);
    check("active", &[Succeeded, Unknown], Unknown);
    check("active", &[Succeeded, Incomplete], Incomplete);
    check("active", &[Incomplete, Incomplete], Queued);
    check("active", &[], Unknown);
    check("undefined", &[], Unknown);
    check("draft", &[Incomplete], Queued);
    check("abandoned", &[], Canceled);
    check("abandoned", &[Incomplete, Incomplete], Canceled);
    check("abandoned", &[Succeeded, Incomplete], Canceled);
    check("Abandoned", &[Succeeded, Succeeded], Succeeded);
    check("abandoned", &[Failed, Incomplete], Failed);
}

#[test]
fn environments_wait_for_people_alone() {
    #[track_caller]
    fn check(environment: &str, expect: Status) {
        let body = format!(r#"{{"value":[{{"id":1,"status":"active","environments":[{environment}]}}]}}"#);
        let page = parse_releases(&answer(200, &body)).unwrap();
        assert_eq!(page.items[0].1.parts[0].status, expect, "{environment}");
    }
    check(r#"{"status":"inProgress","preDeployApprovals":[{"status":"pending"}]}"#, Status::Waiting);
    check(
        r#"{"status":"inProgress","postDeployApprovals":[{"status":"Pending","isAutomated":false}]}"#,
        Status::Waiting,
    );
    check(r#"{"status":"inProgress","preDeployApprovals":[{"status":"pending","isAutomated":true}]}"#, Status::Running);
    check(r#"{"status":"inProgress","preDeployApprovals":[{"status":"approved"}]}"#, Status::Running);
    check(
        r#"{"status":"inProgress","deploySteps":[{"operationStatus":"manualInterventionPending"}]}"#,
        Status::Waiting,
    );
    check(r#"{"status":"canceled","preDeployApprovals":[{"status":"pending"}]}"#, Status::Canceled);
}

#[test]
fn who_may_approve_a_release() {
    #[track_caller]
    fn check(status: &str, approvals: &str, expect: &[&str]) {
        let body = format!(
            r#"{{"value":[{{"id":1,"status":"active","environments":[{{"status":"{status}","preDeployApprovals":[{approvals}]}}]}}]}}"#
        );
        let page = parse_releases(&answer(200, &body)).unwrap();
        let names: Vec<&str> = page.items[0].1.parts[0].waits_for.iter().map(|person| &*person.name).collect();
        assert_eq!(names, expect, "{approvals}");
    }
    let ana = r#"{"status":"pending","isAutomated":false,"approver":{"displayName":"Ana Ruiz"}}"#;
    let done = r#"{"status":"approved","approver":{"displayName":"Ken Abe"}}"#;
    check("inProgress", &format!("{done},{ana}"), &["Ana Ruiz"]);
    check("inProgress", r#"{"status":"pending"}"#, &[]);
    check("inProgress", r#"{"status":"pending","isAutomated":true,"approver":{"displayName":"Service"}}"#, &[]);
    check("succeeded", ana, &[]);
}

#[test]
fn images_of_releases() {
    #[track_caller]
    fn check(artifacts: &str, expect: Option<&str>) {
        let body = format!(r#"{{"value":[{{"id":1,"artifacts":[{artifacts}]}}]}}"#);
        let page = parse_releases(&answer(200, &body)).unwrap();
        assert_eq!(page.items[0].1.image.as_ref().map(|image| image.as_str()), expect, "{artifacts}");
    }
    let hub = |primary: bool, tag: &str| {
        format!(r#"{{"type":"DockerHub","isPrimary":{primary},"definitionReference":{{"version":{{"id":"{tag}"}}}}}}"#)
    };
    check(&hub(true, "v7"), Some("v7"));
    check(&format!("{},{}", hub(false, "v7"), hub(true, "v8")), Some("v8"));
    check(&format!("{},{}", hub(true, ""), hub(false, "v7")), Some("v7"));
    check(r#"{"type":"Build","definitionReference":{"version":{"id":"6101"}}}"#, None);
    check(r#"{"type":"New","definitionReference":{"registryurl":{"id":"r"},"version":{"name":"v7"}}}"#, Some("v7"));
    check(r#"{"type":"AzureContainerRepository","definitionReference":null}"#, None);
}
