//! The filters that are on, each to be taken off.

use leptos::prelude::*;

use crate::{
    model::{filter::Filters, query::Facet},
    route::{Route, Since},
    ui::state::Views,
};

/// One filter that is on.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Chip {
    Value(Facet, String),
    Search(String),
    Since(String),
}

impl Chip {
    fn label(&self) -> String {
        match self {
            Self::Value(facet, value) => format!("{}: {value}", facet.word()),
            Self::Search(q) => format!("search: {q}"),
            Self::Since(since) => format!("since: {since}"),
        }
    }

    fn take_off(&self, route: &mut Route, chosen: &Filters) {
        match self {
            Self::Value(facet, value) => {
                route.filters.set(*facet, chosen.get(*facet));
                route.filters.toggle(*facet, value);
            }
            Self::Search(_) => route.q.clear(),
            Self::Since(_) => route.since = Since::All,
        }
    }
}

fn chips(route: &Route, chosen: &Filters) -> Vec<Chip> {
    let values = chosen.iter().map(|(facet, value)| Chip::Value(facet, value.to_owned()));
    let search = (!route.q.trim().is_empty()).then(|| Chip::Search(route.q.trim().to_owned()));
    let since = (route.since != Since::All).then(|| Chip::Since(route.since.print()));
    values.chain(search).chain(since).collect()
}

/// Takes every filter off.
pub(in crate::ui) fn clear(route: &mut Route) {
    for facet in Facet::ALL {
        route.filters.clear(facet);
    }
    route.q.clear();
    route.since = Since::All;
}

#[component]
pub(super) fn Chips(views: Views) -> impl IntoView {
    let app = views.app;
    let on = Memo::new(move |_| app.route.with(|route| views.chosen.with(|chosen| chips(route, chosen))));
    let chip = move |chip: Chip| {
        let label = chip.label();
        let name = format!("Remove filter {label}");
        let take_off = move |_| app.go(|r| views.chosen.with_untracked(|chosen| chip.take_off(r, chosen)));
        view! {
            <button type="button" class="chip" aria-label=name on:click=take_off>
                {label}
                <i class="icon icon--close" aria-hidden="true"></i>
            </button>
        }
    };
    view! {
        <Show when=move || on.with(|on| !on.is_empty())>
            <div class="chips" role="group" aria-label="Active filters">
                <For each=move || on.get() key=Clone::clone let:it>
                    {chip(it)}
                </For>
                <button type="button" class="button button--bare" on:click=move |_| app.go(clear)>
                    "Clear all"
                </button>
            </div>
        </Show>
    }
}
