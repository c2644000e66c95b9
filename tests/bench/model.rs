//! What a change costs at 100,000 rows: the views made anew, and the views following the change. In milliseconds, the
//! median of eleven. `cargo run --release --example model_bench [ROWS]`

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
        commit::Commit,
        facts::{Answer, SlotFacts},
        id::{CommitId, ProjectName},
        project::ProjectId,
        stage::Service,
        time::Timestamp,
    },
    model::{
        filter::Filter,
        live::LiveViews,
        rings::{Board, RingNames},
        select::select,
        sort::sorted,
        store::{Slot, Store},
        sync::Syncs,
    },
    storage::row::{Field, Row},
};

use support::rows::plausible;

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

/// Everything made anew, as after every publish before there was a delta.
fn anew(store: &Store, syncs: &mut Syncs) {
    syncs.rebuild(store);
    let selection = select(store, syncs, &Filter::default());
    std::hint::black_box(sorted(store, syncs, &selection, None));
    std::hint::black_box(Board::of(store, syncs));
}

fn follow(store: &mut Store, syncs: &mut Syncs, views: &mut LiveViews) {
    let mut delta = store.take_delta();
    syncs.follow(store, &mut delta);
    views.note(&delta);
    let wanted = Filter::default();
    std::hint::black_box(views.selection(store, syncs, &wanted));
    std::hint::black_box(views.order(store, syncs, &wanted, None));
    std::hint::black_box(views.board(store, syncs));
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
    let mut table = format!("{:<18}{:>12}{:>12}\n", "100k publish, ms", "made anew", "followed");
    for (what, change) in changes {
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
        table += &format!("{what:<18}{:>12.3}{:>12.3}\n", median(before), median(after));
    }
    #[expect(clippy::print_stdout, reason = "the result")]
    {
        print!("{table}");
    }
}
