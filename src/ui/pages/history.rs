//! One service's changes, one below the other, and what became of each in every ring.

mod row;

use std::collections::BTreeSet;

use leptos::prelude::*;

use self::row::ChangeRow;
use super::empty::{Empty, Nothing};
use crate::{
    model::{query::Facet, store::Slot, symbols::Sym},
    route::View,
    text,
    ui::{
        links,
        state::{PAGE, Views},
    },
    web::page,
};

/// The history view.
#[component]
pub(in crate::ui) fn History(views: Views) -> impl IntoView {
    let app = views.app;
    let nothing = views.nothing;
    let of = Memo::new(move |_| app.route.with(|r| r.of.clone()));
    let is_known = Memo::new(move |_| views.changes.asked.with(Option::is_some));
    let is_reading = Memo::new(move |_| app.health.with(|h| !h.ready || h.progress.is_some()));
    move || match (nothing.get(), of.get(), is_known.get()) {
        (Some(why), ..) => view! { <Empty views why /> }.into_any(),
        (None, Some(_), true) => view! { <Changes views /> }.into_any(),
        (None, Some(_), false) if is_reading.get() => view! { <Empty views why=Nothing::Loading /> }.into_any(),
        (None, of, _) => unknown(views, of).into_any(),
    }
}

/// There is no such service.
fn unknown(views: Views, of: Option<String>) -> impl IntoView {
    let (title, says) = match of {
        Some(name) => (format!("No service called {name}"), "None of the deployments read here is of it."),
        None => ("No service picked".to_owned(), "A service's name in the rings leads to its history."),
    };
    view! {
        <section class="empty" data-empty="service">
            <i class="icon empty__icon icon--rings" aria-hidden="true"></i>
            <h2>{title}</h2>
            <p>{says}</p>
            {links::to_view(views, View::Rings, "button", "Look at the rings")}
        </section>
    }
}

#[component]
fn Changes(views: Views) -> impl IntoView {
    let app = views.app;
    let history = views.changes.history;
    let name = Memo::new(move |_| app.route.with(|r| r.of.clone()).unwrap_or_default());
    let project = Memo::new(move |_| views.changes.asked.with(|asked| asked.as_ref().and_then(|a| a.project.clone())));
    let several = move || {
        let asked = views.changes.asked.get().filter(|asked| asked.projects > 1)?;
        let project = asked.project.unwrap_or_default();
        let others = text::plural(asked.projects - 1, "other project");
        let says = format!(
            "This is the one of {project}. {others} in sight also has a service of this name: pick a project above."
        );
        Some(
            view! { <p class="past__note" role="note">{says.replace("projects in sight also has", "projects in sight also have")}</p> },
        )
    };
    let rings = Memo::new(move |_| columns(views));
    let counts = Memo::new(move |_| history.with(|h| h.as_ref().map_or((0, 0), |h| (h.changes.len(), h.more))));
    let sum = move || {
        let (shown, more) = counts.get();
        format!("{} in {}", text::plural(shown + more, "change"), text::plural(rings.with(Vec::len), "ring"))
    };
    let rows = Memo::new(move |_| {
        let changes = history.with(|h| h.as_ref().map(|h| h.changes.iter().map(|c| c.newest).collect()));
        changes.unwrap_or_else(Vec::<Slot>::new)
    });
    let more = Memo::new(move |_| counts.get().1);
    let label = move || {
        let older = text::plural(more.get(), "older change");
        if more.get() > PAGE { format!("Show {PAGE} more of {older}") } else { format!("Show {older}") }
    };
    let show = move |_| {
        views.changes.show_more();
        // The button goes with the last of them; the focus stays in the table.
        if more.get_untracked() <= PAGE
            && let Some(board) = page::find(".past__board")
        {
            page::focus(&board);
        }
    };
    let table = move || {
        let rings = rings.get();
        let head = rings.iter().map(|(_, _, title)| view! { <th scope="col" class="ring"><span class="ring__name">{title.clone()}</span></th> }).collect_view();
        let shown: Vec<Sym> = rings.iter().map(|r| r.0).collect();
        view! {
            <table class="board__table">
                <thead><tr><th scope="col" class="board__corner">"Change"</th>{head}</tr></thead>
                <tbody>
                    <For each=move || rows.get() key=|slot| *slot let:newest>
                        <ChangeRow views newest rings=shown.clone() />
                    </For>
                </tbody>
            </table>
        }
    };
    view! {
        <div class="past">
            <div class="past__bar">
                {links::to_view(views, View::Rings, "button", view! { <i class="icon icon--back" aria-hidden="true"></i> "Rings" })}
                <h2>{name}</h2>
                <span class="past__project">{project}</span>
                <span class="past__sum" role="status">{sum}</span>
            </div>
            {several}
            <Show when=move || { counts.get().0 > 0 } fallback=move || view! { <Empty views why=Nothing::Filtered(views.total.get()) /> }>
                <div class="board past__board" role="region" aria-label=move || format!("Changes of {} by ring", name.get()) tabindex="0">
                    {table}
                    <Show when=move || { more.get() > 0 }>
                        <div class="past__more"><button type="button" class="button" on:click=show>{label}</button></div>
                    </Show>
                </div>
            </Show>
        </div>
    }
}

/// The rings that the service was ever deployed to, of those that the filters ask for: symbol, name and title.
fn columns(views: Views) -> Vec<(Sym, String, String)> {
    let chosen = views.app.route.with(|r| r.filters.get(Facet::Ring).to_vec());
    let history = views.changes.history.get();
    views.app.engine(|e| {
        let names = e.store().rings();
        let chosen: BTreeSet<Sym> = chosen.iter().filter_map(|name| names.find(name)).collect();
        let all = history.iter().flat_map(|h| &h.rings).filter(|ring| chosen.is_empty() || chosen.contains(ring));
        all.map(|&ring| (ring, names.name(ring).to_owned(), names.title(ring).to_owned())).collect()
    })
}
