//! What a change costs at 100,000 rows: the views made anew, and the views following the change; without clusters, and
//! with some that report. In milliseconds, the median of eleven. `cargo run --release --example model_bench [ROWS]`

#![allow(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::type_complexity,
    reason = "a tool that measures runs natively, and fails by a panic"
)]

#[path = "../support"]
mod support {
    #![allow(dead_code, clippy::panic, reason = "of what suites share, a row is needed here")]
    pub(crate) mod rng;
    pub(crate) mod rows;
}

use std::{sync::Arc, time::Instant};

use ringside::{
    domain::{
        cluster::{Signal, SignalState, SyncState},
        commit::Commit,
        facts::{Answer, SlotFacts},
        id::{CommitId, ProjectName},
        project::ProjectId,
        stage::Service,
        time::Timestamp,
    },
    model::{
        filter::Filter,
        history::Listed,
        live::LiveViews,
        rings::{Board, RingNames},
        select::select,
        sort::Order,
        store::{Slot, Store},
        sync::{Syncs, names},
    },
    storage::row::{Field, Row},
};

use support::rows::{board_of, plausible};

fn row(n: usize, tag: &str) -> Row<'static> {
    let row = plausible(n);
    let image = row.text(Field::ImageTag.column()) + tag;
    row.with(Field::ImageTag, image).row()
}

fn facts(round: usize) -> SlotFacts {
    let id = CommitId::new("0123456789abcdef0123456789abcdef01234567");
    let commit =
        id.map(|id| Commit { id, message: Some(format!("Fact {round}").into()), author: None, at: None, link: None });
    let value = commit.map(Arc::new);
    SlotFacts { commit: Some(Answer { by: Service::GitHub, at: Timestamp::from_millis(0), value }), ..SlotFacts::NONE }
}

/// The manifest branch as far as it is read, and ten clusters on it of which five are at commits that no list brought.
fn report(store: &Store, syncs: &mut Syncs) {
    let commits = store.by_time().iter().take(1_100);
    let commits: Vec<CommitId> = commits.filter_map(|&slot| CommitId::new(store.at(slot).manifest_commit())).collect();
    let pairs = commits.windows(2);
    let listed = pairs.map(|pair| Listed { id: pair[0].clone(), parents: vec![pair[1].clone()], at: None });
    let project = ProjectId::at(0);
    syncs.history_mut(project).add_all(&listed.collect::<Vec<_>>());
    syncs.history_mut(project).set_head(&commits[0]);
    let oldest = |n: usize| CommitId::new(store.at(store.by_time()[store.len() - 1 - n]).manifest_commit());
    let signals = (0..10).filter_map(|n| {
        Some(Signal {
            from: names::of_tag(&format!("flux-{n}"), &[])?,
            commit: if n < 5 { Some(commits[n * 50].clone()) } else { oldest(n) },
            state: SignalState::Applied,
            at: Some(Timestamp::from_millis(1_900_000_000_000)),
            is_approximate: false,
            message: None,
        })
    });
    syncs.set_signals(project, signals.collect());
}

/// What the header of each ring shows of its clusters.
fn headers(board: &Board, store: &Store, syncs: &Syncs) {
    for state in [SyncState::Failed, SyncState::Pending] {
        std::hint::black_box(board.clusters_in(store, syncs, state));
    }
}

/// Everything made anew, as after every publish before there was a delta.
fn anew(store: &Store, syncs: &mut Syncs) {
    syncs.rebuild(store);
    let selection = select(store, syncs, &Filter::default());
    std::hint::black_box(Order::of(store, syncs, &selection, None));
    headers(&board_of(store, syncs), store, syncs);
}

fn follow(store: &mut Store, syncs: &mut Syncs, views: &mut LiveViews) {
    let mut delta = store.take_delta();
    syncs.follow(store, &mut delta);
    views.note(&delta);
    let wanted = Filter::default();
    std::hint::black_box(views.selection(store, syncs, &wanted));
    std::hint::black_box(views.order(store, syncs, &wanted, None));
    headers(&views.board(store, syncs), store, syncs);
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn main() {
    let rows: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let mut store = Store::new(ProjectName::new("trivia").into_iter().collect(), RingNames::default());
    let mut syncs = Syncs::default();
    for n in 0..rows {
        store.put(ProjectId::at(0), &row(n, ""));
    }
    store.rebuild();
    let mut views = LiveViews::default();
    follow(&mut store, &mut syncs, &mut views);
    let changes: [(&str, fn(&mut Store, usize, usize)); 3] = [
        ("nothing changed", |_, _, _| {}),
        ("one row changed", |store, rows, round| {
            store.put(ProjectId::at(0), &row(rows / 2, &format!("-{round}")));
        }),
        ("one fact changed", |store, rows, round| {
            store.set_facts(Slot::at(rows / 3), facts(round));
        }),
    ];
    let mut table = format!("{:<18}{:>24}{:>24}\n", "", "without clusters", "with ten");
    table +=
        &format!("{:<18}{:>12}{:>12}{:>12}{:>12}\n", "publish, ms", "made anew", "followed", "made anew", "followed");
    let mut lines = changes.map(|(what, _)| format!("{what:<18}"));
    for has_clusters in [false, true] {
        if has_clusters {
            report(&store, &mut syncs);
            follow(&mut store, &mut syncs, &mut views);
        }
        for ((_, change), line) in changes.iter().zip(&mut lines) {
            let (mut before, mut after) = (Vec::new(), Vec::new());
            for round in 0..11 {
                change(&mut store, rows, round);
                let start = Instant::now();
                store.rebuild();
                follow(&mut store, &mut syncs, &mut views);
                after.push(start.elapsed().as_secs_f64() * 1e3);
                let start = Instant::now();
                anew(&store, &mut syncs);
                before.push(start.elapsed().as_secs_f64() * 1e3);
            }
            *line += &format!("{:>12.3}{:>12.3}", median(before), median(after));
        }
    }
    table += &format!("{}\n{}", lines.join("\n"), wide_board(rows));
    #[expect(clippy::print_stdout, reason = "the result")]
    {
        println!("{table}");
    }
}

/// How many rows come at once while a table loads.
const PART: usize = 5_000;

/// A board of 60 services × 1,000 feature rings, while it loads and afterwards.
fn wide_board(rows: usize) -> String {
    let (mut store, mut syncs) =
        (Store::new(ProjectName::new("trivia").into_iter().collect(), RingNames::default()), Syncs::default());
    let wide = |n: usize, tag: &str| {
        let image = format!("service-{}-main-{n}{tag}", n / 1000 % 60);
        let row = plausible(n).with(Field::Service, format!("service-{}", n / 1000 % 60));
        let row = row.with(Field::Env, format!("feature-{}", n % 1000)).with(Field::ImageTag, image);
        row.with(Field::Branch, format!("feature/{}", n % 1000)).row()
    };
    let mut views = LiveViews::default();
    let mut publish = |store: &mut Store, changed: &mut dyn Iterator<Item = usize>, tag: &str| {
        changed.for_each(|n| {
            store.put(ProjectId::at(0), &wide(n, tag));
        });
        store.rebuild();
        let mut delta = store.take_delta();
        syncs.follow(store, &mut delta);
        let start = Instant::now();
        views.note(&delta);
        let everything = Filter::default();
        std::hint::black_box(views.order(store, &syncs, &everything, None));
        views.summary(store, &syncs, &everything, |summary| {
            std::hint::black_box(summary.in_state(&[]));
        });
        let listed = start.elapsed().as_secs_f64() * 1e3;
        let start = Instant::now();
        std::hint::black_box(views.board(store, &syncs));
        [start.elapsed().as_secs_f64() * 1e3, listed]
    };
    // A table sends its rows in the order of their keys, which is none.
    let mut order = (0..rows).map(|n| n * 7_919 % rows);
    let parts: Vec<[f64; 2]> =
        (0..rows / PART).map(|_| publish(&mut store, &mut order.by_ref().take(PART), "")).collect();
    let (longest, sum) = (
        |nth: usize| parts.iter().map(|p| p[nth]).fold(0.0, f64::max),
        |nth: usize| parts.iter().map(|p| p[nth]).sum::<f64>(),
    );
    let mut table = format!(
        "board of 60 × 1,000, in parts of {PART}: longest {:.1}, together {:.1}; list and counts {:.1}, {:.1}\n",
        longest(0),
        sum(0),
        longest(1),
        sum(1)
    );
    for changes in [1, 100, 500, 4_000] {
        let times: Vec<[f64; 2]> = (1..12)
            .map(|round| publish(&mut store, &mut (0..changes).map(|n| n * (rows / changes)), &format!("-{round}")))
            .collect();
        let median = |nth: usize| median(times.iter().map(|t| t[nth]).collect());
        table += &format!("{changes} changed: board {:.3}, list and counts {:.3}\n", median(0), median(1));
    }
    table
}
