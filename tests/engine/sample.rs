//! The sample data as the page reads it: rows, and the order of the commits that its clusters apply.

use std::fmt::Write as _;

use expect_test::expect;
use ringside::{
    demo::Demo,
    domain::{deployment::Status, time::Timestamp},
    engine::{Engine, Input, VisibleSet},
    model::{assemble::assemble, cluster_state::Known, rings::Cell, sync::together, wording},
};

use crate::support::{page::Page, rows::board_of};

/// All that is asked in five seconds is answered.
fn read(count: Option<u32>, start: Timestamp) -> Engine {
    let (demo, config) = (Demo::new(count, start), Demo::config(count).expect("a configuration"));
    let mut page = Page::new(&config, start.millis());
    page.opens = Some(|engine, _| VisibleSet { board: engine.store().by_time().to_vec(), ..VisibleSet::default() });
    page.give(Input::CachedFacts(Vec::new()));
    page.pass(5_000, &mut |request, now| demo.answer(request, Timestamp::from_millis(now)));
    page.engine
}

#[test]
fn what_runs_is_reported_by_clusters() {
    let start = Timestamp::parse("2026-11-23T09:30:12Z").unwrap();
    let engine = read(None, start);
    assert!(engine.problems().is_empty(), "{:?}", engine.problems());
    let (store, syncs) = (engine.store(), engine.syncs());
    let board = board_of(store, syncs);
    let mut text = String::new();
    for ring in &board.rings {
        let clusters = syncs.of_ring(store, ring.ring);
        let _ = write!(text, "{}: {}", store.rings().name(ring.ring), together(&clusters).as_str());
        for c in clusters {
            let _ = write!(text, ", {} {} behind by {:?} commits", c.sync.cluster, c.state.as_str(), c.commits);
        }
        text.push('\n');
    }
    for row in &board.services {
        let name = store.service_name(row.service);
        let description = |cell: &Cell| match (cell.is_empty(), cell.known, cell.running_on()) {
            (true, ..) => "-".to_owned(),
            (_, Known::Rows, _) => "by rows".to_owned(),
            (_, Known::Unknown, _) => "unknown".to_owned(),
            (_, Known::Clusters, (on, of)) => format!("{on} of {of}"),
        };
        let cells: Vec<String> = row.cells.iter().map(|cell| description(cell)).collect();
        let _ = writeln!(text, "{name}: {}", cells.join(", "));
    }
    expect![[r#"
        dev: failed, dev-1 synced behind by Some(0) commits, lab failed behind by None commits
        staging: synced, staging-1 synced behind by Some(0) commits
        master: pending, prod-east synced behind by Some(0) commits, prod-west pending behind by Some(19) commits
        new-scoring: unknown
        security-fix: unknown
        api: 1 of 2, 1 of 1, 2 of 2, -, by rows
        auth: 1 of 2, 1 of 1, 2 of 2, -, -
        client: 1 of 2, 1 of 1, 1 of 2, by rows, -
        leaderboard: 1 of 2, 1 of 1, 1 of 2, by rows, -
        quiz-import: 1 of 2, 0 of 1, 2 of 2, -, by rows
        traefik: 1 of 2, 1 of 1, 2 of 2, -, -
        : 1 of 2, -, -, -, -
    "#]]
    .assert_eq(&text);
}

#[test]
fn who_is_waited_for_and_which_step_failed_is_reported_by_the_forge() {
    let start = Timestamp::parse("2026-11-23T09:30:12Z").unwrap();
    let engine = read(None, start);
    let store = engine.store();
    let mut text = String::new();
    for &slot in store.by_time() {
        let Some(d) = assemble(store, slot, Vec::new()) else { continue };
        if matches!(d.status, Status::Waiting | Status::Failed) {
            let version = wording::version(&d);
            let place = wording::place(&d, start).unwrap_or_default();
            let who = wording::waits_for(&d).map_or_else(String::new, |who| format!(", waits for {who}"));
            let _ = writeln!(text, "{version}: {place}{who}");
        }
    }
    expect![[r#"
        main-6859: PR #4563 open for 26 min, waits for Ana Ruiz
        main-6863: metadata update: Lint
        0.32.0-scoring.4: manifest build: Push
        a2e21f1: image build: Test
        1.43.0: PR #4545 open for 12 h, waits for Inês Holm
        1.44.0-dev.3: manifest build: Push
        3.0.0-rc.2: manifest build: Push
        main-6761: metadata update: Lint
    "#]]
    .assert_eq(&text);
}

#[test]
fn a_generated_sample_is_reported_by_clusters_too() {
    let start = Timestamp::parse("2026-11-23T09:30:12Z").unwrap();
    let engine = read(Some(3_000), start);
    let board = board_of(engine.store(), engine.syncs());
    let cells: Vec<&Cell> = board.cells().map(|(_, cell)| cell).filter(|cell| !cell.clusters.is_empty()).collect();
    let known = cells.iter().filter(|cell| cell.known == Known::Clusters).count();
    assert!(known * 2 > cells.len() && known > 10, "{known} of {}", cells.len());
}
