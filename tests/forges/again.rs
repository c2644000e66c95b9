//! What is over and may be taken back: a failed run that is run again under its number, a pull request that is opened
//! again, a build that is restored.

use ringside::{
    domain::{
        deployment::{Deployment, Status},
        stage::{Provenance, StageKind},
    },
    engine::{Input, VisibleSet},
    http::{Request, Response},
};
use serde_json::{Value, json};

use crate::{
    forges::world::{Forge, HOUR, MINUTE, Millis, SECOND},
    support::{
        page::{Page, START, TOKEN, json_response, rows_response},
        rows::RowBuilder,
    },
};

/// When it is taken back.
const BACK: Millis = 10 * SECOND;

/// What a forge reports of build 7, and of pull request 5, before and after.
fn answer(forge: Forge, request: &Request, is_back: bool) -> Option<Response> {
    let address = request.address();
    let time = |key: &str, at: &str| (key.to_owned(), json!(format!("2026-11-18T{at}:00Z")));
    Some(json_response(&match forge {
        Forge::AzureDevOps if address.contains("/builds?buildIds=") => {
            let (status, result) = if is_back { ("inProgress", Value::Null) } else { ("completed", json!("failed")) };
            json!({ "value": [{ "id": 7, "status": status, "result": result, "startTime": "2026-11-18T10:00:00Z" }] })
        }
        Forge::AzureDevOps if address.contains("/timeline?") => {
            let result = if is_back { Value::Null } else { json!("failed") };
            let state = if is_back { "inProgress" } else { "completed" };
            json!({ "records": [{ "id": "s", "type": "Stage", "name": "Build", "order": 1, "state": state, "result": result }] })
        }
        Forge::AzureDevOps if address.contains("/pullrequests/5?") => {
            json!({ "pullRequestId": 5, "status": if is_back { "active" } else { "abandoned" } })
        }
        Forge::GitHub if address.contains("/actions/runs/7?") => {
            let (status, conclusion) =
                if is_back { ("in_progress", Value::Null) } else { ("completed", json!("failure")) };
            json!({ "id": 7, "status": status, "conclusion": conclusion, "run_attempt": 1 + u8::from(is_back) })
        }
        Forge::GitHub if address.ends_with("/pulls/5") => {
            json!({ "number": 5, "state": if is_back { "open" } else { "closed" }, "merged": false })
        }
        Forge::GitLab if address.ends_with("/pipelines/7") => {
            let fields = [
                time("started_at", "10:00"),
                ("id".to_owned(), json!(7)),
                ("status".to_owned(), json!(if is_back { "running" } else { "failed" })),
            ];
            Value::Object(fields.into_iter().collect())
        }
        Forge::GitLab if address.contains("/pipelines/7/jobs?") => {
            json!([{ "id": 1, "name": "build", "stage": "build", "status": if is_back { "running" } else { "failed" } }])
        }
        Forge::GitLab if address.ends_with("/merge_requests/5") => {
            json!({ "iid": 5, "state": if is_back { "opened" } else { "closed" } })
        }
        _ => return None,
    }))
}

/// A page that looks at one row, which names that.
fn visit(
    forge: Forge,
    names: &str,
    time: Millis,
    respond: &mut dyn FnMut(&Request, Millis) -> Option<Response>,
) -> (Page, Vec<Millis>) {
    visit_with(forge, names, time, respond, Visit::default())
}

/// What a page begins with, and where the row is seen.
#[derive(Default)]
struct Visit {
    /// In a cell of the board alone.
    is_on_board: bool,
    /// What the browser kept of an earlier visit, and when this one is.
    kept: Vec<(String, Vec<u8>)>,
    after: Millis,
}

fn visit_with(
    forge: Forge,
    names: &str,
    time: Millis,
    respond: &mut dyn FnMut(&Request, Millis) -> Option<Response>,
    visit: Visit,
) -> (Page, Vec<Millis>) {
    let (origin, pipelines) = match forge {
        Forge::AzureDevOps => {
            ("https://dev.azure.com", json!({ "kind": "azure-devops", "organization": "contoso", "project": "shop" }))
        }
        Forge::GitHub => ("https://api.github.com", json!({ "kind": "github", "repository": "contoso/shop" })),
        Forge::GitLab => ("https://gitlab.com", json!({ "kind": "gitlab", "project": "contoso/shop" })),
    };
    let config = json!({ "refreshSeconds": 30, "projects": [{
        "name": "shop", "storage": { "kind": "snapshot", "url": "rows.json" }, "pipelines": pipelines,
    }] });
    let row =
        RowBuilder::of(&format!("a PartitionKey=shop Timestamp=2026-11-18T09:00:00Z service=api imageTag=v1 {names}"));
    let mut asked = Vec::new();
    let mut answer = |request: &Request, at: Millis| {
        if request.address() == "rows.json" {
            return rows_response([&row]);
        }
        let response = respond(request, at);
        if response.is_some() {
            asked.push(at - START);
        }
        response.unwrap_or_else(|| Response { status: 404, ..json_response(&json!({ "message": "Not Found" })) })
    };
    let mut page = Page::open(&config, &[origin], Some(TOKEN), Some(visit.kept), START + visit.after);
    page.pass(SECOND, &mut answer);
    let rows = page.engine.store().by_time().to_vec();
    let seen = match visit.is_on_board {
        true => VisibleSet { board: rows, ..VisibleSet::default() },
        false => VisibleSet { screen: rows, ..VisibleSet::default() },
    };
    page.give(Input::VisibleSet(seen));
    page.pass(time, &mut answer);
    (page, asked)
}

fn only(page: &Page) -> Deployment {
    page.engine.deployment(page.engine.store().by_time()[0]).unwrap()
}

const FORGES: [Forge; 3] = Forge::ALL;

#[test]
fn a_failed_run_that_is_run_again_is_seen_within_a_minute() {
    for forge in FORGES {
        let names = "p1=7";
        let (before, _) = visit(forge, names, 8 * SECOND, &mut |request, _| answer(forge, request, false));
        assert_eq!(only(&before).status, Status::Failed, "{forge:?}");
        let mut respond = |request: &Request, at: Millis| answer(forge, request, at >= START + BACK);
        for is_on_board in [false, true] {
            let visit = Visit { is_on_board, ..Visit::default() };
            let (page, _) = visit_with(forge, names, BACK + MINUTE, &mut respond, visit);
            let d = only(&page);
            assert_eq!(d.status, Status::Running, "{forge:?} {is_on_board}");
            // Nor does it keep a part that failed before.
            let part = d.stage(StageKind::Build).and_then(|stage| stage.part.as_ref()).map(|part| part.status);
            assert!(matches!(part, None | Some(Status::Running)), "{forge:?} {is_on_board}: {part:?}");
        }
    }
}

#[test]
fn a_reload_does_not_hide_that_a_failed_run_is_run_again() {
    for forge in FORGES {
        let names = "p1=7";
        let (before, _) = visit(forge, names, 2 * MINUTE, &mut |request, _| answer(forge, request, false));
        let kept: Vec<(String, Vec<u8>)> = before.kept.into_iter().collect();
        assert!(!kept.is_empty(), "{forge:?}: nothing was kept");
        let visit = Visit { kept, after: 3 * MINUTE, ..Visit::default() };
        let (page, _) = visit_with(forge, names, MINUTE, &mut |request, _| answer(forge, request, true), visit);
        assert_eq!(only(&page).status, Status::Running, "{forge:?}");
    }
}

#[test]
fn a_pull_request_that_is_opened_again_is_seen_within_a_minute() {
    for forge in FORGES {
        let repository = match forge {
            Forge::AzureDevOps => "https://dev.azure.com/contoso/shop/__git/hld",
            Forge::GitHub => "https://github.com/contoso/shop",
            Forge::GitLab => "https://gitlab.com/contoso/shop",
        };
        let names = &format!("p1=1 p1Status=succeeded p2=2 p2Status=succeeded pr=5 hldRepo={repository}");
        let (before, _) = visit(forge, names, 8 * SECOND, &mut |request, _| answer(forge, request, false));
        assert_eq!(only(&before).status, Status::Canceled, "{forge:?}");
        let mut respond = |request: &Request, at: Millis| answer(forge, request, at >= START + BACK);
        let (page, _) = visit(forge, names, BACK + MINUTE, &mut respond);
        assert_eq!(only(&page).status, Status::Waiting, "{forge:?}");
    }
}

#[test]
fn a_build_that_is_restored_is_seen_within_a_minute() {
    let names = "p1=7";
    let respond = |request: &Request, at: Millis| {
        let gone = || json_response(&json!({ "count": 0, "value": [] }));
        let is_back = at >= START + BACK;
        match request.address().contains("/builds?buildIds=") && !is_back {
            true => Some(gone()),
            false => answer(Forge::AzureDevOps, request, false),
        }
    };
    let (before, _) = visit(Forge::AzureDevOps, names, 8 * SECOND, &mut { respond });
    assert!(matches!(only(&before).stage(StageKind::Build).unwrap().provenance, Some(Provenance::Gone(..))));
    let (page, _) = visit(Forge::AzureDevOps, names, BACK + MINUTE, &mut { respond });
    assert_eq!(only(&page).status, Status::Failed);
}

#[test]
fn what_stays_failed_is_asked_about_ever_more_rarely() {
    for forge in FORGES {
        let (page, asked) = visit(forge, "p1=7", 24 * HOUR, &mut |request, _| answer(forge, request, false));
        assert_eq!(only(&page).status, Status::Failed, "{forge:?}");
        // Its stages or jobs once each time it is asked for, at most.
        let mut times: Vec<Millis> = asked.iter().map(|at| at / SECOND).collect();
        times.dedup_by(|later, earlier| *later - *earlier < 5);
        let gaps: Vec<Millis> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(gaps.first().is_some_and(|gap| *gap <= 60), "{forge:?}: {gaps:?}");
        assert!(gaps.windows(2).all(|pair| pair[1] + 5 >= pair[0] * 3 / 2), "{forge:?}: {gaps:?}");
        assert!((8..=16).contains(&gaps.len()), "{forge:?}: {} times in a day", gaps.len());
    }
}
