//! Which of two deployments is the newer one, where a forge has the time of one and no longer has the other.

use ringside::{
    domain::time::Timestamp,
    http::{Request, Response},
    model::store::Slot,
    storage::row::Field,
};
use serde_json::json;

use crate::{
    forges::world::{DAY, HOUR, MINUTE, Millis, SECOND},
    support::{
        page::{Page, START, TOKEN, json_response, rows_response},
        rows::{RowBuilder, board_of},
    },
};

/// What the cell shows as running, and what may be newer, of two builds that both were published: 7102, which ran
/// twenty days ago, and 5102; `written` is how long ago the row of each was written, and `known_builds` the builds that
/// are not expired.
#[track_caller]
fn check(written: [Millis; 2], known_builds: &[u64], expect: (Option<&str>, Option<&str>)) {
    let time = |ago: Millis| Timestamp::from_millis(START - ago).to_rfc3339();
    let row = |n: usize, p1: u64, tag: &str| {
        RowBuilder::of(&format!(
            "row-{n} PartitionKey=shop Timestamp={} service=api env=prod p1={p1} imageTag={tag} manifestCommitId=aaaaaa{n}",
            time(written[n])
        ))
    };
    let rows = [row(0, 7102, "new"), row(1, 5102, "old")];
    let config = json!({ "refreshSeconds": 30, "projects": [{
        "name": "shop", "storage": { "kind": "snapshot", "url": "rows.json" },
        "pipelines": { "kind": "azure-devops", "organization": "contoso", "project": "shop" },
    }] });
    let mut answer = |request: &Request, _: Millis| {
        if request.address() == "rows.json" {
            return rows_response(&rows);
        }
        if !request.address().contains("/builds?buildIds=") {
            return Response { status: 404, ..json_response(&json!({ "message": "Not Found" })) };
        }
        let build = |id: &u64| {
            let ago = if *id == 7102 { 20 * DAY } else { 90 * DAY };
            json!({
                "id": id, "status": "completed", "result": "succeeded", "queueTime": time(ago + MINUTE),
                "startTime": time(ago + MINUTE), "finishTime": time(ago),
            })
        };
        json_response(&json!({ "value": known_builds.iter().map(build).collect::<Vec<_>>() }))
    };
    let mut page = Page::open(&config, &["https://dev.azure.com"], Some(TOKEN), Some(Vec::new()), START);
    page.pass(SECOND, &mut answer);
    page.show_first(10);
    page.pass(20 * SECOND, &mut answer);
    let store = page.engine.store();
    let board = board_of(store, page.engine.syncs());
    let cell = &board.services[0].cells[0];
    let tag = |slot: Option<Slot>| slot.map(|slot| store.at(slot).text(Field::ImageTag));
    assert_eq!((tag(cell.running), tag(cell.may_be)), expect, "{written:?} {known_builds:?}");
}

#[test]
fn a_row_that_was_written_lately_is_no_newer_deployment() {
    let new = (Some("new"), None);
    // The row of the build that is expired was repaired last.
    check([19 * DAY, HOUR], &[7102], new);
    check([19 * DAY, HOUR], &[], new);
    check([19 * DAY, HOUR], &[7102, 5102], new);
    check([HOUR, 19 * DAY], &[5102], new);
}
