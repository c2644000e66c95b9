//! A page that stays open for weeks: with every refresh some rows take on new builds, commits and pull requests, some
//! end and others come, and the manifest branch goes on. What is kept must be of what is there, not of all that was.

use ringside::{
    engine::VisibleSet,
    http::{Request, Response},
    model::store::{Slot, Store},
};
use serde_json::{Value, json};

use crate::{
    forges::world::{digits, rfc3339},
    support::{
        page::{Page, START, json_response, rows_response},
        rows::RowBuilder,
    },
};

const HOUR: i64 = 3_600_000;
const ROWS: usize = 12;
/// So many of them change with every refresh.
const CHANGES: usize = 12;

fn config() -> Value {
    json!({ "refreshSeconds": 30,
        "projects": [{ "name": "trivia", "storage": { "kind": "snapshot", "url": "rows.json" },
            "pipelines": { "kind": "gitlab", "project": "1" }, "manifests": { "kind": "gitlab", "project": "2" } }],
        "rings": [{ "name": "dev", "clusters": ["flux-0c9c2e41"] }, { "name": "prod" }] })
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
        // Every fifth change comes with a key of its own: the deployment before it is no more.
        let key = if n.is_multiple_of(5) { format!("row-{n}") } else { format!("place-{nth}") };
        RowBuilder::of(&format!(
            "{key} PartitionKey=trivia Timestamp={} service=service-{} env={} p1={n} p2={} p3={} commitId={} \
             imageTag=image-{n} pr={n} manifestCommitId={} branch=feature/{n} authorName=Author_{} \
             sourceRepo=https://gitlab.com/contoso/trivia",
            rfc3339(START + n as i64 * 60_000),
            nth % 4,
            if nth.is_multiple_of(2) { "dev" } else { "prod" },
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
                Some(n) => {
                    json!([{ "id": n, "name": "kustomization/apps/0c9c2e41", "status": "success", "finished_at": at(n) }])
                }
                None => json!([]),
            },
            ["repository", "commits", id] => {
                let n = (0..self.changes).rev().find(|&n| sha(1, n).starts_with(id)).unwrap();
                json!({ "id": sha(1, n), "message": format!("Change {n}"), "author_name": "Mara", "committed_date": at(n) })
            }
            ["repository", "tags" | "branches"] => json!([]),
            ["repository", "compare"] => json!({ "commits": [{ "id": sha(1, 0) }] }),
            _ => json!([]),
        }
    }

    fn manifest(&self, id: &str) -> Option<usize> {
        (0..self.changes).rev().take(300).find(|&n| sha(2, n) == *id)
    }
}

/// Everything is visible: the newest of the list, the board, feature rings' branches, and pairs that are compared.
fn all_visible(store: &Store) -> VisibleSet {
    let all: Vec<Slot> = store.all_slots().filter(|&slot| store.is_live(slot)).collect();
    VisibleSet {
        spans: all.windows(2).map(|pair| (pair[0], pair[1])).collect(),
        screen: all.clone(),
        board: all.clone(),
        branches: all,
        by_cluster: true,
        ..VisibleSet::default()
    }
}

/// How much is kept in memory in the mean of these refreshes, as the length of all of it written out, whatever it is:
/// what nobody needs comes together and goes.
fn mean(page: &mut Page, living: &mut Living, refreshes: usize) -> usize {
    let mut sum = 0;
    for _ in 0..refreshes {
        page.pass(HOUR / 120, &mut |request, _| living.answer(request));
        living.move_on();
        sum += format!("{:?}", page.engine).len();
    }
    sum / refreshes
}

#[test]
fn what_is_kept_is_of_what_is_there() {
    let refreshes = std::env::var("RINGSIDE_REFRESHES").map_or(144, |n| n.parse().unwrap());
    let mut living = Living { rows: (0..ROWS).collect(), changes: ROWS };
    let mut page = Page::open(&config(), &["https://gitlab.com"], Some("glpat-of-a-test"), Some(Vec::new()), START);
    page.opens = Some(all_visible);
    // Until what nobody needs has been forgotten for the first time.
    mean(&mut page, &mut living, refreshes / 2);
    let [early, late] = [(); 2].map(|()| mean(&mut page, &mut living, refreshes / 4));
    println!("{} requests, {} changes: {early} bytes, then {late}", page.asked.len(), living.changes);
    assert!(late * 100 <= early * 105, "{early} bytes have become {late}");
    // What is there is still known.
    let store = page.engine.store();
    let known = |slot: Slot| page.engine.deployment(slot).is_some_and(|d| d.source.message.is_some());
    assert!(store.all_slots().filter(|&slot| store.is_live(slot)).all(known));
}
