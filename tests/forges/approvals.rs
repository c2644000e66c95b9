//! Runs that wait until somebody approves them: that they wait, and for whom.

use ringside::{
    domain::{deployment::Status, stage::StageKind},
    http::{Request, Response},
};
use serde_json::{Value, json};

use crate::{
    forges::world::{Millis, SECOND},
    support::{
        page::{Page, START, TOKEN, json_response, rows_response},
        rows::RowBuilder,
    },
};

const APPROVAL: &str = "ee14f612-6838-43c0-b445-db238ef14153";

fn refused() -> Response {
    Response { status: 403, ..json_response(&json!({ "message": "Resource not accessible" })) }
}

/// A page of one row, of a service that answers so.
fn page(
    pipelines: &Value,
    origin: &str,
    row: &str,
    time: Millis,
    respond: &dyn Fn(&Request, Millis) -> Option<Response>,
) -> Page {
    let config = json!({ "refreshSeconds": 30, "projects": [{
        "name": "shop", "storage": { "kind": "snapshot", "url": "rows.json" }, "pipelines": pipelines,
    }] });
    let row =
        RowBuilder::of(&format!("a PartitionKey=shop Timestamp=2026-11-18T09:00:00Z service=api imageTag=v1 {row}"));
    let mut answer = |request: &Request, at: Millis| {
        if request.address() == "rows.json" {
            return rows_response([&row]);
        }
        respond(request, at)
            .unwrap_or_else(|| Response { status: 404, ..json_response(&json!({ "message": "Not Found" })) })
    };
    let mut page = Page::open(&config, &[origin], Some(TOKEN), Some(Vec::new()), START);
    page.pass(SECOND, &mut answer);
    page.show_first(10);
    page.pass(time, &mut answer);
    page
}

/// How the only row stands, at which stage and part, and for whom it waits.
fn shown(page: &Page) -> (Status, Option<StageKind>, Option<String>, Vec<String>) {
    let d = page.engine.deployment(page.engine.store().by_time()[0]).unwrap();
    let part = d.deciding_stage().and_then(|stage| stage.part.as_ref()).map(|part| part.name.to_string());
    (d.status, d.decided_by, part, d.waits_for().iter().map(|person| person.name.to_string()).collect())
}

#[test]
fn a_stage_of_azure_devops_waits_for_those_who_may_approve_it() {
    #[track_caller]
    fn check(approved_at: Millis, approvals: &Response, expect: (Status, Option<&str>, &[&str])) {
        let respond = |request: &Request, at: Millis| {
            let address = request.address();
            let is_given = at >= START + approved_at;
            Some(if address.contains("/builds?buildIds=") {
                json_response(
                    &json!({ "value": [{ "id": 7001, "status": "inProgress", "startTime": "2026-11-18T10:00:00Z" }] }),
                )
            } else if address.contains("/timeline?") {
                let state = if is_given { "inProgress" } else { "pending" };
                let mut records = vec![
                    json!({ "id": "b", "type": "Stage", "name": "Build image", "order": 1, "state": "completed", "result": "succeeded" }),
                    json!({ "id": "s", "type": "Stage", "name": "Update HLD", "order": 2, "state": state, "result": null }),
                    json!({ "id": "c", "parentId": "s", "type": "Checkpoint", "state": "inProgress" }),
                ];
                let state = if is_given { "completed" } else { "inProgress" };
                records.push(json!({ "id": APPROVAL, "parentId": "c", "type": "Checkpoint.Approval", "state": state }));
                json_response(&json!({ "records": records }))
            } else {
                assert!(address.contains(&format!("/_apis/pipelines/approvals?approvalIds={APPROVAL}&")), "{address}");
                approvals.clone()
            })
        };
        let pipelines = json!({ "kind": "azure-devops", "organization": "contoso", "project": "shop" });
        // The row names the build alone.
        let page = page(&pipelines, "https://dev.azure.com", "p1=7001", 100 * SECOND, &respond);
        let (status, stage, part, people) = shown(&page);
        let people: Vec<&str> = people.iter().map(String::as_str).collect();
        assert_eq!((status, part.as_deref(), people.as_slice()), expect, "{:#?}", page.asked);
        assert_eq!(stage, Some(StageKind::Release));
        // What waits for somebody is not asked about as often as what runs.
        let most = if approved_at < 100 * SECOND { 30 } else { 14 };
        assert!(page.asked.len() <= most, "{}: {:#?}", page.asked.len(), page.asked);
    }
    let step = |name: &str, status: &str, order: u32| json!({ "assignedApprover": { "id": name, "displayName": name }, "status": status, "order": order });
    let respond = |more: &Value| {
        let mut approval = json!({
            "id": APPROVAL.to_uppercase(), "status": "pending", "executionOrder": "anyOrder", "blockedApprovers": [],
            "steps": [step("Ken Abe", "pending", 2), step("Ana Ruiz", "pending", 1), step("Jo Okafor", "approved", 3)],
        });
        approval.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json_response(&json!({ "count": 1, "value": [approval] }))
    };
    let never = 1000 * SECOND;
    const fn waits<'a>(people: &'a [&'a str]) -> (Status, Option<&'static str>, &'a [&'a str]) {
        (Status::Waiting, Some("Update HLD"), people)
    }
    check(never, &respond(&json!({})), waits(&["Ana Ruiz", "Ken Abe"]));
    check(never, &respond(&json!({ "executionOrder": "inSequence" })), waits(&["Ana Ruiz"]));
    check(never, &respond(&json!({ "blockedApprovers": [{ "id": "Ana Ruiz" }] })), waits(&["Ken Abe"]));
    check(never, &respond(&json!({ "steps": null })), waits(&[]));
    check(never, &json_response(&json!({ "count": 0, "value": [] })), waits(&[]));
    // A token that may not read them costs nothing but the names.
    check(never, &refused(), waits(&[]));
    check(40 * SECOND, &respond(&json!({})), (Status::Running, Some("Update HLD"), &[]));
}

#[test]
fn a_job_of_github_waits_for_the_reviewers_of_its_environment() {
    #[track_caller]
    fn check(pending: &Response, status: &str, expect: (Status, Option<&str>, &[&str])) {
        let respond = |request: &Request, _: Millis| {
            let address = request.address();
            if address.ends_with("/actions/jobs/55000000001") {
                let page = "https://github.com/contoso/shop/actions/runs/19800000001/job/55000000001";
                return Some(json_response(&json!({
                    "id": 55_000_000_001_u64, "run_id": 19_800_000_001_u64, "name": "deploy-prod", "status": status,
                    "conclusion": null, "html_url": page, "created_at": "2026-11-18T10:00:00Z",
                    "started_at": "2026-11-18T10:00:00Z", "workflow_name": "Deploy",
                })));
            }
            address.ends_with("/actions/runs/19800000001/pending_deployments").then(|| pending.clone())
        };
        let pipelines = json!({ "kind": "github", "repository": "contoso/shop" });
        let page =
            page(&pipelines, "https://api.github.com", "p1=1 p1Status=succeeded p2=55000000001", 20 * SECOND, &respond);
        let (status, _, part, people) = shown(&page);
        let people: Vec<&str> = people.iter().map(String::as_str).collect();
        assert_eq!((status, part.as_deref(), people.as_slice()), expect, "{:#?}", page.asked);
    }
    let pending = |name: &str, timer: u32, people: &[&str]| {
        let reviewers: Vec<Value> =
            people.iter().map(|name| json!({ "type": "User", "reviewer": { "login": name } })).collect();
        json!({ "environment": { "id": 1, "name": name }, "wait_timer": timer, "reviewers": reviewers })
    };
    let all = |all: &[Value]| json_response(&json!(all));
    check(
        &all(&[pending("production", 0, &["ana", "ken"])]),
        "waiting",
        (Status::Waiting, Some("production"), &["ana", "ken"]),
    );
    let team = json!({ "environment": { "name": "production" }, "wait_timer": 0, "reviewers": [{ "type": "Team", "reviewer": { "name": "Release managers" } }] });
    check(&all(&[team]), "waiting", (Status::Waiting, Some("production"), &["Release managers"]));
    // Of several environments the one that the job is called by; none, where that is not known.
    let two = [pending("staging", 0, &["jo"]), pending("prod", 0, &["ana"])];
    check(&all(&two), "waiting", (Status::Waiting, Some("prod"), &["ana"]));
    for other in ["live", "production", "de"] {
        let two = [pending("staging", 0, &["jo"]), pending(other, 0, &["ana"])];
        check(&all(&two), "waiting", (Status::Waiting, None, &[]));
    }
    // What waits for time to pass waits for nobody.
    check(&all(&[pending("production", 30, &[])]), "waiting", (Status::Queued, None, &[]));
    // A rule of an app holds it, of which nothing is reported.
    check(&all(&[pending("production", 0, &[])]), "waiting", (Status::Waiting, Some("production"), &[]));
    check(&all(&[]), "waiting", (Status::Waiting, None, &[]));
    check(&refused(), "waiting", (Status::Waiting, None, &[]));
    check(&all(&[pending("production", 0, &["ana"])]), "queued", (Status::Queued, None, &[]));
}

#[test]
fn a_pipeline_of_gitlab_waits_at_the_stage_that_is_started_by_hand() {
    let respond = |request: &Request, at: Millis| {
        let address = request.address();
        let is_started = at >= START + 45 * SECOND;
        let status = if is_started { "running" } else { "manual" };
        Some(if address.ends_with("/jobs?include_retried=true&per_page=100") {
            let job = |id: u32, stage: &str, status: &str| json!({ "id": id, "name": stage, "stage": stage, "status": status });
            json_response(&json!([job(2, "deploy", status), job(1, "build", "success")]))
        } else {
            json_response(&json!({ "id": 41, "status": status, "started_at": "2026-11-18T10:00:00Z" }))
        })
    };
    let pipelines = json!({ "kind": "gitlab", "project": "contoso/shop" });
    let waits = page(&pipelines, "https://gitlab.com", "p1=41", 20 * SECOND, &respond);
    assert_eq!(shown(&waits), (Status::Waiting, Some(StageKind::Build), Some("deploy".to_owned()), Vec::new()));
    // Once somebody has started it, nothing shows that it waits.
    let runs = page(&pipelines, "https://gitlab.com", "p1=41", 90 * SECOND, &respond);
    assert_eq!(shown(&runs), (Status::Running, Some(StageKind::Build), None, Vec::new()));
}
