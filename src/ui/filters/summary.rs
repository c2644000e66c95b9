//! What is happening now, in four numbers that are filters as well.

use leptos::prelude::*;

use crate::{
    domain::{deployment::Status, time::days},
    model::{filter::Filters, query::Facet, select::count_status},
    route::Since,
    ui::state::Views,
};

/// One number: what it counts, and what it filters by.
#[derive(Clone, Copy)]
struct Sum {
    icon: &'static str,
    label: &'static str,
    statuses: &'static [Status],
    recent: bool,
}

const SUMS: [Sum; 3] = [
    Sum { icon: "running", label: "running", statuses: &[Status::Running, Status::Queued], recent: false },
    Sum { icon: "waiting", label: "waiting for approval", statuses: &[Status::Waiting], recent: false },
    Sum { icon: "failed", label: "failed in 24 h", statuses: &[Status::Failed], recent: true },
];

#[component]
pub(super) fn Summary(views: Views) -> impl IntoView {
    let app = views.app;
    let counts = Memo::new(move |_| {
        app.version.track();
        let day = app.tick.get() - days(1);
        app.engine(|engine| {
            let store = engine.store();
            views.selection.with(|selection| {
                let by_status = count_status(store, selection);
                let failed = store
                    .by_time()
                    .iter()
                    .take_while(|&&slot| store.at(slot).updated() >= day)
                    .filter(|&&slot| selection.has(slot) && store.at(slot).status() == Status::Failed)
                    .count();
                SUMS.map(|sum| {
                    let all = || Status::ALL.iter().zip(by_status).filter(|(s, _)| sum.statuses.contains(s));
                    if sum.recent { failed } else { all().map(|(_, n)| n).sum() }
                })
            })
        })
    });
    let sums = SUMS
        .into_iter()
        .enumerate()
        .map(|(i, sum)| {
            let count = move || counts.with(|c| c.get(i).copied().unwrap_or(0));
            let pressed = Memo::new(move |_| app.route.with(|r| is_on(&r.filters, r.since, &sum)));
            let toggle = move |_| {
                let on = pressed.get_untracked();
                app.go(|r| {
                    r.filters.clear(Facet::Status);
                    if sum.recent {
                        r.since = Since::All;
                    }
                    if !on {
                        r.filters.set(Facet::Status, words(&sum));
                        if sum.recent {
                            r.since = Since::Hours24;
                        }
                    }
                });
            };
            let (icon, label) = (sum.icon, sum.label);
            view! {
                <button type="button" class="sum" data-status=icon data-none=move || (count() == 0).to_string() aria-pressed=move || pressed.get().to_string() on:click=toggle>
                    <b>{count}</b> " " {label}
                </button>
            }
        })
        .collect_view();
    let behind = Memo::new(move |_| {
        let on_board = app.view() == crate::route::View::Rings;
        let cells =
            || views.board.with(|b| b.services.iter().flat_map(|s| &s.cells).filter(|c| c.drift.is_some()).count());
        if on_board { cells() } else { 0 }
    });
    view! {
        <div class="sums" role="group" aria-label="Now">
            {sums}
            <Show when=move || { behind.get() > 0 }>
                <span class="sum sum--still" data-status="behind"><b>{behind}</b> " behind the ring before"</span>
            </Show>
        </div>
    }
}

fn words(sum: &Sum) -> impl Iterator<Item = &'static str> + use<> {
    sum.statuses.iter().map(|s| s.word())
}

fn is_on(filters: &Filters, since: Since, sum: &Sum) -> bool {
    let asked = filters.get(Facet::Status);
    asked.len() == sum.statuses.len()
        && words(sum).all(|w| asked.iter().any(|a| a == w))
        && (!sum.recent || since == Since::Hours24)
}
