//! A page that stays open for weeks: with every refresh some rows take on new builds, commits and pull requests, some
//! end and others come, and the manifest branch goes on. What is kept must be of what is there, not of all that was.

use ringside::{
    engine::{Engine, VisibleSet},
    http::{Request, Response},
    model::{
        compare::{self, ServiceDiff, choose},
        filter::Filter,
        live::LiveViews,
        ships::shipment,
        store::Slot,
        timeline::of_same_service_and_ring,
        trace::{self, services},
    },
};
use serde_json::{Value, json};

use crate::{
    forges::world::{digits, rfc3339},
    support::{
        allocations::held,
        page::{Page, START, json_response, rows_response},
        rows::RowBuilder,
    },
};

const HOUR: i64 = 3_600_000;
const ROWS: usize = 12;
/// So many of them change with every refresh.
const CHANGES: usize = 12;
/// Refreshes until what nobody needs has been forgotten for the first time, and in all.
const EARLY: usize = 300;
const ALL: usize = 2_000;

fn config(has_clusters: bool) -> Value {
    let mut config = json!({ "refreshSeconds": 30,
        "projects": [{ "name": "trivia", "storage": { "kind": "snapshot", "url": "rows.json" },
            "pipelines": { "kind": "gitlab", "project": "1" } }],
        "rings": [{ "name": "dev" }, { "name": "prod" }] });
    if has_clusters {
        config["projects"][0]["manifests"] = json!({ "kind": "gitlab", "project": "2" });
        config["rings"][0]["clusters"] = json!(["flux-0c9c2e41"]);
    }
    config
}

/// A commit's id of 40 digits, whose first seven are enough.
fn sha(kind: u64, n: usize) -> String {
    digits(n as u64 + 1 + (kind << 32), 40)
}

/// A table and its forge, which know a build, a commit, a pull request and a manifest commit for every change.
struct Living {
    /// The change that each row holds.
    rows: Vec<usize>,
    changes: usize,
}

impl Living {
    /// The next rows take on something new; now and then one of them is another deployment altogether.
    fn move_on(&mut self) {
        for _ in 0..CHANGES {
            self.rows[self.changes % ROWS] = self.changes;
            self.changes += 1;
        }
    }

    fn row(&self, nth: usize) -> RowBuilder {
        let n = self.rows[nth];
        // Every fifth change is another deployment, of a service and to a ring that nobody heard of before.
        let is_other = n.is_multiple_of(5);
        let key = if is_other { format!("row-{n}") } else { format!("place-{nth}") };
        let service = if is_other { format!("service-of-{n}") } else { format!("service-{}", nth % 4) };
        let ring = match (is_other, nth % 2) {
            (true, _) => format!("feature-{n}"),
            (false, 0) => "dev".to_owned(),
            (false, _) => "prod".to_owned(),
        };
        RowBuilder::of(&format!(
            "{key} PartitionKey=trivia Timestamp={} service={service} env={ring} p1={n} p2={} p3={} commitId={} \
             imageTag=image-{n} pr={n} manifestCommitId={} branch=feature/{n} authorName=Author_{} \
             sourceRepo=https://gitlab.com/contoso/trivia",
            rfc3339(START + n as i64 * 60_000),
            n + 1_000_000,
            n + 2_000_000,
            &sha(1, n)[..7],
            &sha(2, n)[..7],
            n % 7
        ))
    }

    fn answer(&self, request: &Request) -> Response {
        match request.address() {
            "rows.json" => rows_response(&(0..ROWS).map(|nth| self.row(nth)).collect::<Vec<_>>()),
            address => json_response(&self.reported_by_forge(address)),
        }
    }

    fn reported_by_forge(&self, address: &str) -> Value {
        let path = address.split_once("/projects/").unwrap().1;
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let at = |n: usize| rfc3339(START + n as i64 * 60_000);
        match parts.as_slice() {
            [] => {
                json!({ "id": 1, "path_with_namespace": "contoso/trivia", "web_url": "https://gitlab.com/contoso/trivia" })
            }
            ["pipelines", id] => {
                let n: usize = id.parse().unwrap();
                json!({ "id": n, "iid": n, "project_id": 1, "sha": sha(1, n % 1_000_000), "ref": "main", "status": "success",
                    "created_at": at(n % 1_000_000), "finished_at": at(n % 1_000_000), "web_url": format!("https://gitlab.com/p/{n}") })
            }
            ["merge_requests", id] => {
                let n: usize = id.parse().unwrap();
                json!({ "iid": n, "title": format!("Change {n}"), "state": "merged", "web_url": format!("https://gitlab.com/m/{n}"),
                    "merged_at": at(n), "author": { "name": format!("Author {}", n % 7) }, "merge_commit_sha": sha(2, n) })
            }
            ["repository", "commits"] => {
                let newest =
                    query.split('&').find_map(|pair| pair.strip_prefix("ref_name=")).and_then(|id| self.manifest(id));
                let newest = newest.unwrap_or(self.changes - 1);
                let commits = (0..=newest).rev().take(40);
                let commit = |n: usize| {
                    let parents: Vec<String> = n.checked_sub(1).map(|n| sha(2, n)).into_iter().collect();
                    json!({ "id": sha(2, n), "parent_ids": parents, "committed_date": at(n) })
                };
                commits.map(commit).collect()
            }
            ["repository", "commits", id, "statuses"] => match self.manifest(id) {
                // A cluster applies one in ten: what lies between goes along.
                Some(n) if n.is_multiple_of(10) => {
                    json!([{ "id": n, "name": "kustomization/apps/0c9c2e41", "status": "success", "finished_at": at(n) }])
                }
                _ => json!([]),
            },
            ["repository", "commits", id] => {
                let n = self.recent().find(|&n| sha(1, n).starts_with(id)).unwrap();
                json!({ "id": sha(1, n), "message": format!("Change {n}"), "author_name": "Mara", "committed_date": at(n) })
            }
            ["repository", "tags" | "branches"] => json!([]),
            ["repository", "compare"] => json!({ "commits": [{ "id": sha(1, 0) }] }),
            _ => json!([]),
        }
    }

    fn manifest(&self, id: &str) -> Option<usize> {
        self.recent().find(|&n| sha(2, n) == *id)
    }

    /// The changes that somebody may still ask about, the last one first.
    fn recent(&self) -> impl Iterator<Item = usize> {
        (0..self.changes).rev().take(300)
    }
}

/// What somebody looks at, as the page's views derive it.
type View = fn(&Engine, &mut LiveViews) -> VisibleSet;

/// The header and the list, which every view has above it or behind it.
fn list(engine: &Engine, live: &mut LiveViews) -> Vec<Slot> {
    let (store, syncs, filter) = (engine.store(), engine.syncs(), Filter::default());
    live.summary(store, syncs, &filter, |_| ());
    live.order(store, syncs, &filter, None).to_vec()
}

fn deployments(engine: &Engine, live: &mut LiveViews) -> VisibleSet {
    let all = list(engine, live);
    VisibleSet {
        screen: all.iter().take(ROWS / 2).copied().collect(),
        next: all.iter().skip(ROWS / 2).copied().collect(),
        ..VisibleSet::default()
    }
}

fn rings(engine: &Engine, live: &mut LiveViews) -> VisibleSet {
    list(engine, live);
    let board = live.board(engine.store(), engine.syncs());
    VisibleSet {
        board: board.services.iter().flat_map(|row| &row.cells).flat_map(|cell| cell.slots()).collect(),
        branches: board.rings.iter().filter_map(|ring| ring.newest).collect(),
        spans: board.spans().collect(),
        by_cluster: true,
        ..VisibleSet::default()
    }
}

fn compare(engine: &Engine, live: &mut LiveViews) -> VisibleSet {
    list(engine, live);
    let store = engine.store();
    let board = live.board(store, engine.syncs());
    let choice = choose(store, &board, Some("dev"), Some("prod"));
    let Some(all) = choice.and_then(|of| compare::compare(store, &board, of.first, of.second)) else {
        return VisibleSet::default();
    };
    VisibleSet {
        screen: all.services.iter().flat_map(ServiceDiff::slots).collect(),
        spans: all.services.iter().filter_map(ServiceDiff::span).collect(),
        ..VisibleSet::default()
    }
}

fn history(engine: &Engine, live: &mut LiveViews) -> VisibleSet {
    list(engine, live);
    let store = engine.store();
    let Some(&service) = services(store, &[], "service-1").first() else { return VisibleSet::default() };
    let all = trace::history(store, engine.syncs(), service.0, service.1, Some(20));
    let screen = all.changes.iter().flat_map(|change| change.slots().collect::<Vec<Slot>>()).collect();
    VisibleSet { screen, ..VisibleSet::default() }
}

fn details(engine: &Engine, live: &mut LiveViews) -> VisibleSet {
    let shown = deployments(engine, live);
    let store = engine.store();
    let Some(&open) = shown.screen.first() else { return shown };
    let same = of_same_service_and_ring(store, open);
    let span = shipment(store, engine.syncs(), &same, open).map(|shipment| (shipment.base, open));
    VisibleSet { spans: span.into_iter().collect(), ..shown }
}

fn connections(engine: &Engine, live: &mut LiveViews) -> VisibleSet {
    list(engine, live);
    VisibleSet::default()
}

/// Lets so many refreshes happen. Returns the most bytes that were held after one of them.
fn most_held(page: &mut Page, living: &mut Living, refreshes: usize) -> isize {
    let held_after_one = (0..refreshes).map(|_| {
        page.pass(HOUR / 120, &mut |request, _| living.answer(request));
        living.move_on();
        // The test's own notes are no part of the page, nor is what lies in IndexedDB.
        page.asked = Vec::new();
        page.kept.clear();
        held()
    });
    held_after_one.max().unwrap()
}

/// All that is allocated counts: the engine, the store, what is known of forges and clusters, what the views derive. It
/// rises and falls, since what nobody needs is forgotten when enough of it has come together.
fn stays_within_bounds(view: View, has_clusters: bool, refreshes: usize) {
    let refreshes = std::env::var("RINGSIDE_REFRESHES").map_or(refreshes, |n| n.parse().unwrap());
    let mut living = Living { rows: (0..ROWS).collect(), changes: ROWS };
    let config = config(has_clusters);
    let before = held();
    let mut page = Page::open(&config, &["https://gitlab.com"], Some("glpat-of-a-test"), Some(Vec::new()), START);
    page.opens = Some(view);
    let early = most_held(&mut page, &mut living, EARLY) - before;
    let late = most_held(&mut page, &mut living, refreshes - EARLY) - before;
    println!("{} changes: at most {early} bytes at first, {late} later", living.changes);
    // Where little is held, a table with room for twice as much is a larger part of it.
    assert!(late <= early + early / 20 + 16_384, "{early} bytes have become {late}");
    // What is seen is still known.
    let seen = view(&page.engine, &mut LiveViews::default());
    let known = |slot: &Slot| page.engine.deployment(*slot).is_some_and(|d| d.source.message.is_some());
    assert!(seen.screen.iter().chain(&seen.board).all(known));
}

#[test]
fn the_list_stays_within_bounds() {
    stays_within_bounds(deployments, false, ALL);
}

#[test]
fn the_board_stays_within_bounds() {
    stays_within_bounds(rings, false, ALL);
}

/// What clusters have is derived from the whole branch with each change, so fewer changes have to do.
#[test]
fn the_board_of_clusters_stays_within_bounds() {
    stays_within_bounds(rings, true, 2 * EARLY);
}

#[test]
fn a_comparison_stays_within_bounds() {
    stays_within_bounds(compare, false, ALL);
}

#[test]
fn a_history_stays_within_bounds() {
    stays_within_bounds(history, false, ALL);
}

#[test]
fn details_stay_within_bounds() {
    stays_within_bounds(details, false, ALL);
}

#[test]
fn connections_stay_within_bounds() {
    stays_within_bounds(connections, false, ALL);
}
