//! How many requests it takes to draw the first screen, and to look at it again.

use ringside::storage::row::Field;
use ringside::{
    domain::{stage::StageKind, time::Timestamp},
    engine::{Input, VisibleSet},
    http::{Request, Response},
};
use serde_json::{Value, json};

use crate::{
    forges::{
        Forges,
        call::Call,
        world::{DAY, Entity, Forge, HOUR, Kind, Millis, NEVER, SECOND, World},
    },
    support::{
        page::{Page, START, TOKEN, json_response, rows_response},
        rows::RowBuilder,
    },
};

/// What Azure DevOps answers for any id, all of it finished.
fn azure_answer(request: &Request, at: Millis) -> Response {
    let address = request.address();
    let ids = |name: &str| {
        let ids = request.query(name).unwrap_or_default();
        ids.split(',').filter_map(|id| id.parse::<u64>().ok()).collect::<Vec<_>>()
    };
    let time = |ago: Millis| Timestamp::from_millis(at - ago).to_rfc3339();
    // As in its row, so that the order of rows stays.
    let ended = |id: u64| Timestamp::from_millis(START - ((50_000 - id) as i64 % 10_000 + 1) * 60_000).to_rfc3339();
    let body = if address.contains("/_apis/build/builds?") {
        let build = |id: u64| {
            json!({
                "id": id, "buildNumber": format!("20261120.{id}"), "status": "completed", "result": "succeeded",
                "queueTime": time(DAY), "startTime": ended(id), "finishTime": ended(id),
                "sourceBranch": "refs/heads/main", "sourceVersion": format!("{id:07x}{}", "0".repeat(33)),
                "repository": { "id": "1", "type": "TfsGit" },
            })
        };
        json!({ "value": ids("buildIds").into_iter().map(build).collect::<Vec<_>>() })
    } else if address.contains("/_apis/release/releases?") {
        let release = |id: u64| {
            let environment = json!({ "id": 1, "name": "prod", "rank": 1, "status": "succeeded" });
            json!({ "id": id, "name": format!("Release-{id}"), "status": "active", "environments": [environment] })
        };
        json!({ "value": ids("releaseIdFilter").into_iter().map(release).collect::<Vec<_>>() })
    } else if address.contains("/commitsbatch?") {
        let question: Value = serde_json::from_str(request.question().unwrap()).unwrap();
        let commit = |id: &Value| json!({ "commitId": id, "comment": "Fix", "author": { "name": "Mara Lind", "date": time(DAY) } });
        json!({ "value": question["ids"].as_array().unwrap().iter().map(commit).collect::<Vec<_>>() })
    } else if address.contains("/pullrequests?") {
        let pull = |n: u64| {
            json!({
                "pullRequestId": 20_000 - n, "status": "completed", "title": "Promote", "creationDate": ended(50_000 - n),
                "closedDate": ended(50_000 - n), "sourceRefName": "refs/heads/deploy", "closedBy": { "displayName": "Ken Abe" },
            })
        };
        json!({ "value": (0..100).map(pull).collect::<Vec<_>>() })
    } else {
        panic!("nobody answers {request:?}");
    };
    json_response(&body)
}

/// A row of that project, written so long ago, without a source.
fn azure_row(n: u64, key: &str, ago: Millis) -> RowBuilder {
    let written = Timestamp::from_millis(START - ago).to_rfc3339();
    RowBuilder::of(&format!(
        "{key} PartitionKey=shop Timestamp={written} p1={} p2={} pr={} commitId={:07x} env=prod service=service{} \
         imageTag=main-{n} hldCommitId={n:07x} hldRepo=dev.azure.com/contoso/shop/__git/hld",
        50_000 - n,
        30_000 - n,
        20_000 - n,
        50_000 - n,
        n % 7
    ))
}

#[test]
fn ten_thousand_rows_of_azure_devops_take_ten_requests_and_then_none() {
    let rows = (0..10_000_u64).map(|n| {
        let row = azure_row(n, &format!("{n:012x}"), (n as i64 + 1) * 60_000).with(Field::P3, (40_000 - n).to_string());
        row.with(Field::SourceRepo, format!("dev.azure.com/contoso/shop/_git/source{}", n % 4))
    });
    let rows = rows_response(&rows.collect::<Vec<_>>());
    let config = json!({ "refreshSeconds": 30, "projects": [{
        "name": "shop", "storage": { "kind": "snapshot", "url": "rows.json" },
        "pipelines": { "kind": "azure-devops", "organization": "contoso", "project": "shop" },
    }] });
    let mut answer = |request: &Request, at: Millis| {
        if request.address() == "rows.json" { rows.clone() } else { azure_answer(request, at) }
    };
    let mut page = Page::open(&config, &["https://dev.azure.com"], Some(TOKEN), Some(Vec::new()), START);
    page.pass(SECOND, &mut answer);
    assert_eq!((page.engine.store().len(), page.asked.len()), (10_000, 0), "what nobody sees is not asked");

    let screen = page.show_first(50);
    page.pass(60 * SECOND, &mut answer);
    assert!(page.asked.len() <= 10, "{}: {:#?}", page.asked.len(), page.asked);
    for slot in screen {
        let d = page.engine.deployment(slot).unwrap();
        assert_eq!(d.source.author.as_ref().map(|p| &*p.name), Some("Mara Lind"), "{}", d.id);
        assert!(d.stage(StageKind::Manifest).and_then(|s| s.name.as_deref()).is_some(), "{}", d.id);
        assert_eq!(d.pull_request.and_then(|p| p.merged_by).map(|p| p.name), Some("Ken Abe".into()), "{}", d.id);
    }
    // A quiet refresh, and another, ask nobody but the table.
    let before = page.asked.len();
    page.pass(120 * SECOND, &mut answer);
    assert_eq!(page.asked.len(), before);

    // A second visit finds all of it kept.
    let kept: Vec<(String, Vec<u8>)> = page.kept.into_iter().collect();
    // Before the browser has found it, or after that, makes no difference.
    for is_late in [false, true] {
        let at_once = (!is_late).then(|| kept.clone());
        let mut again = Page::open(&config, &["https://dev.azure.com"], Some(TOKEN), at_once, START + HOUR);
        again.pass(SECOND, &mut answer);
        again.show_first(50);
        again.pass(SECOND, &mut answer);
        if is_late {
            // Nor does it whether they are still visible.
            again.give(Input::VisibleSet(VisibleSet::default()));
            again.pass(SECOND, &mut answer);
            again.give(Input::CachedFacts(kept.clone()));
        }
        again.pass(60 * SECOND, &mut answer);
        assert_eq!(again.asked, [""; 0], "asked again");
        let provenance =
            again.engine.store().by_time().iter().take(50).filter_map(|&slot| again.engine.deployment(slot));
        assert!(provenance.filter(|d| d.source.author.is_some()).count() == 50);
    }
}

#[test]
fn a_first_visit_to_ninety_two_rows_takes_four_requests_and_orders_them_once() {
    // Rows as Bedrock leaves them, of which nothing but when they were written shows when they were deployed: all of
    // them just now, as in a table that was copied. What a forge reports of one moves it behind all of which it has yet
    // to.
    let rows = (0..92_u64).map(|n| {
        let row = azure_row(n, &format!("{:012x}", n * 7919 % 92), (n * 37 % 92) as i64 * 100);
        row.with(Field::P3, (50_000 - n).to_string()).with(Field::SourceRepo, "dev.azure.com/contoso/shop/_git/source")
    });
    let rows = rows_response(&rows.collect::<Vec<_>>());
    let config = json!({ "refreshSeconds": 30, "projects": [{
        "name": "shop", "storage": { "kind": "snapshot", "url": "rows.json" },
        "pipelines": { "kind": "azure-devops", "organization": "contoso", "project": "shop" },
    }] });
    for late in [0, 1] {
        let mut answer = |request: &Request, at: Millis| {
            if request.address() == "rows.json" { rows.clone() } else { azure_answer(request, at) }
        };
        let mut page = Page::open(&config, &["https://dev.azure.com"], Some(TOKEN), Some(Vec::new()), START + late);
        page.pass(SECOND, &mut answer);
        let orders = page.watch(30, 20 * SECOND, &mut answer);
        assert!(page.asked.len() <= 4, "{}: {:#?}", page.asked.len(), page.asked);
        assert!(orders.len() <= 2, "{} orders", orders.len());
        let first = page.engine.store().by_time().iter().take(30).filter_map(|&slot| page.engine.deployment(slot));
        assert_eq!(first.filter(|d| d.source.author.is_some()).count(), 30, "all in sight is known");
    }
}

/// A world of one project on GitHub alone, with enough rows.
fn on_github() -> (u64, World) {
    let is_it = |world: &World| {
        let places = world.projects.iter().flat_map(|p| p.pipelines);
        let jobs =
            world.rows.iter().flat_map(|r| r.stages.iter().flatten()).all(|s| world.runs[s.run].kind == Kind::Job);
        world.projects.len() == 1
            && world.rows.len() >= 50
            && jobs
            && places.into_iter().all(|p| world.places[p].forge == Forge::GitHub)
    };
    let mut worlds = (0..5_000).map(|seed| (seed, World::seeded(seed, START)));
    let (seed, mut world) = worlds.find(|(_, world)| is_it(world)).unwrap();
    // What GitHub no longer has it cannot show by GraphQL from what it keeps elsewhere, so that is asked one by one.
    world.runs.iter_mut().for_each(|run| run.expires = NEVER);
    // And nothing hangs for ever.
    let tries = world.runs.iter_mut().flat_map(|run| &mut run.tries);
    tries.for_each(|span| (span.started, span.ended) = (span.started.min(START + DAY), span.ended.min(START + DAY)));
    (seed, world)
}

#[test]
fn a_screen_of_github_takes_six_requests_and_then_none() {
    let (seed, world) = on_github();
    let (pipelines, manifests) = world.config(0, None);
    let config = json!({ "refreshSeconds": 30, "projects": [{
        "name": world.projects[0].name, "storage": { "kind": "snapshot", "url": "rows.json" },
        "pipelines": pipelines, "manifests": manifests,
    }] });
    let mut forges = Forges::new(world);
    forges.gate.admit(Forge::GitHub, TOKEN);
    // Everything has ended by then, but for pull requests that wait.
    let now = START + 2 * DAY;
    let mut answer = |request: &Request, at: Millis| {
        if request.address() == "rows.json" {
            return rows_response(&forges.world.rows(at).iter().map(Entity::row).collect::<Vec<_>>());
        }
        let method = if request.question().is_some() { "POST" } else { "GET" };
        let mut call = Call::new(method, request.address()).body(request.question().unwrap_or_default());
        for (name, value) in request.headers.iter().map(|(n, v)| (*n, v.clone())).chain(request.secret_header()) {
            call = call.header(name, &value);
        }
        let response = forges.answer(Forge::GitHub, &call, at);
        Response { status: response.status, headers: response.seen_headers(), body: response.body.into_bytes() }
    };
    let mut page = Page::open(&config, &["https://api.github.com"], Some(TOKEN), Some(Vec::new()), now);
    page.pass(SECOND, &mut answer);
    page.show_first(50);
    page.pass(20 * SECOND, &mut answer);
    assert!(page.asked.len() <= 6, "seed {seed}, {}: {:#?}", page.asked.len(), page.asked);
    let before = page.asked.len();
    // What waits for somebody is asked about now and then; nothing else is.
    page.pass(9 * SECOND, &mut answer);
    assert_eq!(page.asked.len(), before, "{:#?}", page.asked.get(before..));
    assert_eq!(forges.gate.violations, [""; 0]);
}
