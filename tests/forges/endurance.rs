//! A page that stays open for weeks: with every refresh some rows take on new builds, commits and pull requests, some
//! end and others come, and the manifest branch goes on. What is kept must be of what is there, not of all that was.

use ringside::{
    config::{Config, parse::parse},
    domain::time::Timestamp,
    engine::{Engine, Input, RequestId, VisibleSet},
    http::{Request, Response, secret::Secret},
    model::store::Slot,
};
use serde_json::{Value, json};

use crate::{
    forges::world::rfc3339,
    simulation_support::{Kept, Turn, attach_forges},
};

const START: i64 = 1_795_000_000_000;
const HOUR: i64 = 3_600_000;
const ROWS: usize = 12;
/// So many of them change with every refresh.
const CHANGES: usize = 12;

fn config() -> Config {
    let text = r#"{ "refreshSeconds": 30,
        "projects": [{ "name": "trivia", "storage": { "kind": "snapshot", "url": "rows.json" },
            "pipelines": { "kind": "gitlab", "project": "1" }, "manifests": { "kind": "gitlab", "project": "2" } }],
        "rings": [{ "name": "dev", "clusters": ["flux-0c9c2e41"] }, { "name": "prod" }] }"#;
    parse(text).unwrap().0
}

/// A commit's id of 40 digits, whose first seven tell it already.
fn sha(kind: u64, n: usize) -> String {
    let mixed = (n as u64 + 1 + (kind << 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    format!("{mixed:016x}{mixed:016x}{mixed:08x}").chars().take(40).collect()
}

/// A table and its forge, which know a build, a commit, a pull request and a manifest commit for every change.
struct Living {
    /// The change that each row holds.
    rows: Vec<usize>,
    changes: usize,
    now: i64,
    engine: Engine,
    kept: Kept,
    asked: usize,
}

impl Living {
    fn new() -> Self {
        let config = config();
        let mut living = Self {
            rows: (0..ROWS).collect(),
            changes: ROWS,
            now: START,
            engine: Engine::new(&config, "https://page.example", 1),
            kept: Kept::new(),
            asked: 0,
        };
        attach_forges(&mut living.engine, &config, 1, Timestamp::from_millis(START));
        living.give(Input::CachedFacts(Vec::new()));
        let origin = ringside::http::Origin::of("https://gitlab.com").unwrap();
        let token = Secret::new(origin.clone(), "glpat-of-a-test");
        living.give(Input::ForgeCredential(origin, Some(token)));
        living
    }

    const fn time(&self) -> Timestamp {
        Timestamp::from_millis(self.now)
    }

    fn give(&mut self, input: Input) {
        self.engine.handle_input(input, self.time());
    }

    /// The next rows take on something new; now and then one of them is another deployment altogether.
    fn move_on(&mut self) {
        for _ in 0..CHANGES {
            self.rows[self.changes % ROWS] = self.changes;
            self.changes += 1;
        }
    }

    fn row(&self, nth: usize) -> Value {
        let n = self.rows[nth];
        // Every fifth change comes with a key of its own: the deployment before it is no more.
        let key = if n.is_multiple_of(5) { format!("row-{n}") } else { format!("place-{nth}") };
        json!({ "PartitionKey": "trivia", "RowKey": key, "Timestamp": rfc3339(START + n as i64 * 60_000),
            "service": format!("service-{}", nth % 4), "env": if nth.is_multiple_of(2) { "dev" } else { "prod" },
            "p1": n.to_string(), "p2": (n + 1_000_000).to_string(), "p3": (n + 2_000_000).to_string(),
            "commitId": sha(1, n)[..7], "imageTag": format!("image-{n}"), "pr": n.to_string(),
            "manifestCommitId": sha(2, n)[..7], "branch": format!("feature/{n}"), "authorName": format!("Author {}", n % 7),
            "sourceRepo": "https://gitlab.com/contoso/trivia" })
    }

    fn answer(&self, request: &Request) -> Value {
        let address = request.address();
        if address == "rows.json" {
            return json!({ "value": (0..ROWS).map(|nth| self.row(nth)).collect::<Vec<Value>>() });
        }
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

    /// Answers whatever is asked, and lets so much time pass.
    fn run_for(&mut self, millis: i64) {
        let end = self.now + millis;
        loop {
            let time = self.time();
            let turn = Turn::at(&mut self.engine, time, &mut self.kept);
            if turn.published.is_some() {
                self.look();
            }
            let sent: Vec<(RequestId, Request)> = turn.sent;
            self.asked += sent.len();
            self.now += if sent.is_empty() { 0 } else { 20 };
            for (id, request) in &sent {
                let body = self.answer(request).to_string().into_bytes();
                let response = Response { status: 200, headers: Vec::new(), body };
                self.give(Input::Response(*id, Ok(response)));
            }
            if sent.is_empty() {
                match turn.wake.map(Timestamp::millis).filter(|&at| at < end) {
                    Some(at) => self.now = at.max(self.now + 1),
                    None => break,
                }
            }
        }
        self.now = end;
    }

    /// Everything is in sight: the newest of the list, the board, feature rings' branches, and pairs that are compared.
    fn look(&mut self) {
        let store = self.engine.store();
        let all: Vec<Slot> = store.all_slots().filter(|&slot| store.is_live(slot)).collect();
        let spans = all.windows(2).map(|pair| (pair[0], pair[1])).collect();
        let visible = VisibleSet {
            screen: all.clone(),
            board: all.clone(),
            branches: all,
            spans,
            by_cluster: true,
            ..VisibleSet::default()
        };
        self.give(Input::VisibleSet(visible));
    }

    /// How much is kept in memory: the length of all of it written out, whatever it is.
    fn kept(&self) -> usize {
        format!("{:?}", self.engine).len()
    }
}

/// How much was kept in the mean of these refreshes: what nobody needs comes together and goes.
fn mean(living: &mut Living, refreshes: usize) -> usize {
    let mut sum = 0;
    for _ in 0..refreshes {
        living.run_for(HOUR / 120);
        living.move_on();
        sum += living.kept();
    }
    sum / refreshes
}

#[test]
fn what_is_kept_is_of_what_is_there() {
    let refreshes = std::env::var("RINGSIDE_REFRESHES").map_or(144, |n| n.parse().unwrap());
    let mut living = Living::new();
    // Until what nobody needs has been forgotten for the first time.
    mean(&mut living, refreshes / 2);
    let [early, late] = [(); 2].map(|()| mean(&mut living, refreshes / 4));
    println!("{} requests, {} changes: {early} bytes, then {late}", living.asked, living.changes);
    assert!(late * 100 <= early * 105, "{early} bytes have become {late}");
    // What is there is still known.
    let known = |slot: &Slot| living.engine.deployment(*slot).is_some_and(|d| d.source.message.is_some());
    assert!(
        living.engine.store().all_slots().filter(|&slot| living.engine.store().is_live(slot)).all(|slot| known(&slot))
    );
}
