//! Shapes that the reference allows and its examples do not show.

use super::*;
use crate::domain::deployment::Status;

#[test]
fn builds() {
    #[track_caller]
    fn check(fields: &str, expect: (Status, Option<&str>, Option<&str>)) {
        let page = parse_builds(&answer(200, &format!(r#"{{"count":1,"value":[{{"id":7,{fields}}}]}}"#))).unwrap();
        let run = &page.items[0].1;
        let found = (run.status, run.branch.as_ref().map(|b| b.as_str()), run.repository.as_ref().map(|r| r.as_str()));
        assert_eq!(found, expect, "{fields}");
        assert_eq!((run.queued, run.ended), (None, None), "{fields}");
    }
    check(r#""status":"cancelling","result":null"#, (Status::Running, None, None));
    check(r#""status":"postponed""#, (Status::Queued, None, None));
    check(r#""status":"completed","result":"none""#, (Status::Unknown, None, None));
    check(r#""status":"all""#, (Status::Unknown, None, None));
    check(r#""status":"none","queueTime":"0001-01-01T00:00:00""#, (Status::Unknown, None, None));
    check(r#""status":"notStarted","requestedFor":null,"triggerInfo":{}"#, (Status::Queued, None, None));
    check(r#""status":"inProgress","sourceBranch":"refs/tags/v1.2""#, (Status::Running, Some("tags/v1.2"), None));
    check(r#""status":"inProgress","sourceBranch":"refs/pull/9/merge""#, (Status::Running, Some("pull/9"), None));
    check(
        r#""status":"inProgress","repository":{"id":"o/r","type":"Bitbucket","url":null}"#,
        (Status::Running, None, None),
    );
    let enterprise = r#""status":"inProgress","repository":{"id":"o/r","type":"GitHubEnterprise","url":"https://ghe.example/o/r.git"}"#;
    check(enterprise, (Status::Running, None, Some("https://ghe.example/o/r.git")));
}

#[test]
fn stages() {
    #[track_caller]
    fn check(fields: &str, expect: &[(&str, Status)]) {
        let body = format!(r#"{{"records":[{{"id":"s","type":"Stage","order":1,{fields}}}]}}"#);
        let parts = parse_stages(&answer(200, &body)).unwrap();
        let found: Vec<(&str, Status)> = parts.iter().map(|part| (&*part.name, part.status)).collect();
        assert_eq!(found, expect, "{fields}");
    }
    check(r#""name":"A","state":"completed","result":"abandoned""#, &[("A", Status::Canceled)]);
    check(r#""name":"A","state":"completed","result":null"#, &[("A", Status::Unknown)]);
    check(r#""name":null,"identifier":"deploy","state":"inProgress""#, &[("deploy", Status::Running)]);
    check(r#""name":"🚀 Prod","state":"pending","result":null"#, &[("🚀 Prod", Status::Incomplete)]);
    let again = r#""name":"A","state":"inProgress","attempt":2,"previousAttempts":[{"attempt":1,"timelineId":"t","recordId":"s"}]"#;
    check(again, &[("A", Status::Running)]);
    check(
        r#""name":"A","state":"completed","result":"succeededWithIssues","startTime":null"#,
        &[("A", Status::Succeeded)],
    );
}

#[test]
fn environments_of_releases() {
    #[track_caller]
    fn check(environments: &str, expect: Status) {
        let body = format!(r#"{{"value":[{{"id":7,"status":"active","environments":[{environments}]}}]}}"#);
        let page = parse_releases(&answer(200, &body)).unwrap();
        assert_eq!(page.items[0].1.status, expect, "{environments}");
    }
    check(r#"{"name":"dev","status":"scheduled"}"#, Status::Queued);
    check(r#"{"name":"dev","status":"undefined"}"#, Status::Unknown);
    check(r#"{"name":"dev","status":"inProgress","deploySteps":[]}"#, Status::Running);
    check(r#"{"name":"dev","status":"succeeded"},{"name":"prod","status":"rejected"}"#, Status::Failed);
    check(r#"{"name":"dev","status":"succeeded"},{"name":"prod","status":"notStarted"}"#, Status::Incomplete);
    check("", Status::Unknown);
}
