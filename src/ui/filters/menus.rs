//! A menu for each facet: its values, with how many deployments have each under all the other filters.

use leptos::prelude::*;

use crate::{
    model::{
        fold::fold,
        query::Facet,
        select::{FacetValue, count, select},
    },
    route::Since,
    text,
    ui::{parts::Menu, state::Views},
};

/// From so many values on a menu has a box to search it.
const SEARCHED: usize = 9;
/// A menu lists at most so many values; the box finds the others.
const LISTED: usize = 200;

#[component]
pub(super) fn Menus(views: Views) -> impl IntoView {
    let app = views.app;
    let several = app.config().projects.len() > 1;
    let facets = [
        (Facet::Project, "Project"),
        (Facet::Service, "Service"),
        (Facet::Ring, "Ring"),
        (Facet::Author, "Author"),
        (Facet::MergedBy, "Merged by"),
        (Facet::Status, "Status"),
        (Facet::Kind, "Type"),
    ];
    let menus = facets
        .into_iter()
        .filter(|(facet, _)| *facet != Facet::Project || several)
        .map(|(facet, label)| {
            let taken = Signal::derive(move || views.chosen.with(|all| all.get(facet).len()));
            view! {
                <Menu label=label.to_owned() filter=facet.word() count=taken>
                    <Values views facet />
                </Menu>
            }
        })
        .collect_view();
    view! {
        <div class="menus" role="group" aria-label="Filters">
            {menus}
            <TimeSpan views />
        </div>
    }
}

#[component]
fn Values(views: Views, facet: Facet) -> impl IntoView {
    let app = views.app;
    let typed = RwSignal::new(String::new());
    let values = Memo::new(move |_| {
        app.version.track();
        let wanted = views.wanted.with(|w| w.without(facet));
        app.engine(|e| {
            let mut values = count(e.store(), e.syncs(), facet, &select(e.store(), e.syncs(), &wanted));
            // What is chosen stays, whether or not anything has it now.
            let chosen = views.chosen.with(|all| all.get(facet).to_vec());
            let is_chosen = |v: &FacetValue| chosen.contains(&v.value);
            let missing = chosen.iter().filter(|c| !values.iter().any(|v| v.value == **c));
            let missing: Vec<FacetValue> =
                missing.map(|c| FacetValue { value: c.clone(), label: c.clone(), count: 0 }).collect();
            values.retain(|v| v.count > 0 || is_chosen(v));
            values.extend(missing);
            values
        })
    });
    let listed = Memo::new(move |_| {
        let typed = fold(&typed.get());
        values.with(|all| {
            all.iter().filter(|v| fold(&v.label).contains(&typed)).take(LISTED).cloned().collect::<Vec<_>>()
        })
    });
    let more = move || {
        let (all, listed) = (values.with(Vec::len), listed.with(Vec::len));
        (typed.with(String::is_empty) && all > listed).then(
            || view! { <p class="menu__note">{format!("{} more: type to find them.", text::count(all - listed))}</p> },
        )
    };
    let item = move |value: FacetValue| {
        let name = StoredValue::new(value.value);
        let on = move || views.chosen.with(|all| name.with_value(|n| all.get(facet).contains(n)));
        let toggle = move |_| {
            app.go(|r| {
                r.filters.set(facet, views.chosen.with_untracked(|all| all.get(facet).to_vec()));
                name.with_value(|n| r.filters.toggle(facet, n));
            });
        };
        view! {
            <label class="choice">
                <input type="checkbox" prop:checked=on on:change=toggle />
                <span class="choice__label">{value.label}</span>
                <span class="choice__count">{text::count(value.count)}</span>
            </label>
        }
    };
    view! {
        <Show when=move || values.with(|v| v.len() >= SEARCHED)>
            <input class="menu__find" type="text" placeholder="Find" aria-label=format!("Find a value of {}", facet.word())
                prop:value=typed on:input:target=move |event| typed.set(event.target().value()) />
        </Show>
        <div class="choices">
            <For each=move || listed.get() key=|v| (v.value.clone(), v.count) let:value>
                {item(value)}
            </For>
            <Show when=move || listed.with(Vec::is_empty)>
                <p class="menu__note">"Nothing to choose."</p>
            </Show>
        </div>
        {more}
    }
}

/// From when on.
#[component]
fn TimeSpan(views: Views) -> impl IntoView {
    const SPANS: [(Since, &str); 4] = [
        (Since::All, "Any time"),
        (Since::Hours24, "Last 24 hours"),
        (Since::Days7, "Last 7 days"),
        (Since::Days30, "Last 30 days"),
    ];
    let app = views.app;
    let now = Memo::new(move |_| app.route.with(|r| r.since));
    let choose = move |event: leptos::ev::Targeted<leptos::ev::Event, web_sys::HtmlSelectElement>| {
        if let Some(since) = Since::parse(&event.target().value()) {
            app.go(|r| r.since = since);
        }
    };
    let options = move || {
        let other = now.get();
        let own = (!SPANS.iter().any(|(s, _)| *s == other)).then(|| (other, format!("Since {}", other.print())));
        let all = SPANS.into_iter().map(|(s, label)| (s, label.to_owned())).chain(own);
        all.map(|(since, label)| view! { <option value=since.print() selected=since == other>{label}</option> })
            .collect_view()
    };
    view! {
        <select class="button" aria-label="Last updated" data-filter="since" prop:value=move || now.get().print() on:change:target=choose>
            {options}
        </select>
    }
}
