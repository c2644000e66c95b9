//! Service by ring: what runs, what is on its way, what failed on the way.

mod cell;
mod clusters;
mod header;
mod notes;

use leptos::prelude::*;

use self::{cell::BoardCell, header::RingHeader, notes::Notes};
use super::empty::{Empty, Nothing, nothing};
use crate::{
    domain::time::days,
    model::{
        filter::Filter,
        query::Facet,
        rings::{RingRole, ServiceRow},
        symbols::{NONE, Sym},
    },
    storage::row::Field,
    text,
    ui::{
        links,
        state::{FEATURES_SHOWN, Views},
    },
};

/// A row's identity: project and service.
type RowKey = (u8, Sym);

/// The rings view.
#[component]
pub(in crate::ui) fn Rings(views: Views) -> impl IntoView {
    let nothing = nothing(views);
    move || match nothing.get() {
        Some(why) => view! { <Empty views why /> }.into_any(),
        None => view! { <BoardTable views /> }.into_any(),
    }
}

#[component]
fn BoardTable(views: Views) -> impl IntoView {
    let Views { all_features, columns, .. } = views;
    let rows = Memo::new(move |_| rows(views));
    let hidden =
        Memo::new(move |_| feature_count(views).saturating_sub(columns.with(|c| c.iter().filter(|c| c.1).count())));
    let features = Memo::new(move |_| columns.with(|c| c.iter().filter(|c| c.1).count()));
    let groups = move || {
        let (all, features) = (columns.with(Vec::len), features.get());
        (features > 1 && all > features).then(|| {
            view! {
                <tr class="board__groups">
                    <td colspan=(all - features + 1).to_string()></td>
                    <th scope="colgroup" colspan=features.to_string()>{text::plural(features, "feature ring")}</th>
                </tr>
            }
        })
    };
    let corner = move || {
        format!("{} × {}", text::plural(rows.with(Vec::len), "service"), text::plural(columns.with(Vec::len), "ring"))
    };
    let table = move || {
        let columns = columns.get();
        let head = columns.iter().map(|&(ring, _)| view! { <RingHeader views ring /> }).collect_view();
        let rings: Vec<Sym> = columns.iter().map(|c| c.0).collect();
        view! {
            <table class="board__table">
                <thead>
                    {groups}
                    <tr>
                        <th scope="col" class="board__corner">{corner}</th>
                        {head}
                    </tr>
                </thead>
                <tbody>
                    <For each=move || rows.get() key=|key| *key let:key>
                        <BoardRow views key rings=rings.clone() />
                    </For>
                </tbody>
            </table>
        }
    };
    let more = move || {
        (hidden.get() > 0 || all_features.get() && features.get() > FEATURES_SHOWN).then(|| {
            let label = move || if all_features.get() {
                "Show the latest feature rings only".to_owned()
            } else {
                format!("Show {}", text::plural(hidden.get(), "older feature ring"))
            };
            view! { <button type="button" class="button board__more" on:click=move |_| all_features.update(|a| *a = !*a)>{label}</button> }
        })
    };
    let none = move || rows.with(Vec::is_empty) || columns.with(Vec::is_empty);
    let without_ring = views.without_ring();
    let why = move || match without_ring.get() {
        0 => Nothing::Filtered,
        count => Nothing::WithoutRing(count),
    };
    view! {
        <Show when=move || !none() fallback=move || view! { <Empty views why=why() /> }>
            {more}
            <div class="board" role="region" aria-label="Services by ring" tabindex="0" data-many=move || (columns.with(Vec::len) > 6).to_string()>
                {table}
            </div>
            <Notes views />
        </Show>
    }
    .into_any()
}

fn feature_count(views: Views) -> usize {
    let chosen = views.app.route.with(|r| !r.filters.get(Facet::Ring).is_empty());
    if chosen { 0 } else { views.board.with(|b| b.rings.iter().filter(|r| r.role == RingRole::Feature).count()) }
}

/// The services to show: those where anything in any cell is what the filters ask for.
fn rows(views: Views) -> Vec<RowKey> {
    let board = views.board.get();
    let everything = views.wanted.with(Filter::is_everything);
    let selection = views.selection.get();
    let fits = |row: &&ServiceRow| {
        everything || row.cells.iter().flat_map(|c| c.slots()).chain(row.unplaced).any(|slot| selection.has(slot))
    };
    board.services.iter().filter(fits).map(|row| (row.project, row.service)).collect()
}

/// A service and its cells.
#[component]
fn BoardRow(views: Views, key: RowKey, rings: Vec<Sym>) -> impl IntoView {
    let app = views.app;
    let (project, service) = key;
    let name = Memo::new(move |_| {
        app.version.track();
        app.engine(|e| e.store().symbols(Field::Service).text(service).to_owned())
    });
    let shown_name = move || name.with(|n| if service == NONE { "Definition".to_owned() } else { n.clone() });
    let about = Memo::new(move |_| {
        app.version.track();
        let board = views.board.get();
        let row = board.services.iter().find(|r| (r.project, r.service) == key);
        let newest = row.and_then(|r| r.newest);
        let day = app.tick.get() - days(1);
        app.engine(|engine| {
            let store = engine.store();
            let repository =
                newest.map(|slot| store.at(slot).text(Field::SourceRepo)).map(short_repository).unwrap_or_default();
            let of_today = store.by_time().iter().take_while(|&&slot| store.at(slot).updated() >= day);
            let services = &store.derived().service;
            let today = of_today
                .filter(|&&slot| {
                    services.get(slot as usize) == Some(&service) && store.at(slot).project() == usize::from(project)
                })
                .count();
            let project = (store.projects().len() > 1)
                .then(|| store.projects().get(usize::from(project)).map(ToString::to_string))
                .flatten();
            let today = (today > 0).then(|| format!("{today} today"));
            [project, Some(repository.to_owned()).filter(|r| !r.is_empty()), today]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" · ")
        })
    });
    let unplaced = Memo::new(move |_| {
        let slot = views.board.with(|b| b.services.iter().find(|r| (r.project, r.service) == key)?.unplaced);
        slot.and_then(|slot| app.deployment(slot))
    });
    let cells = rings.into_iter().map(|ring| view! { <BoardCell views project service ring name /> }).collect_view();
    view! {
        <tr>
            <th scope="row" class="service">
                {links::to_history(views, key, view! { <span class="service__name">{shown_name}</span> })}
                <span class="service__about">{about}</span>
                {move || unplaced.get().map(|d| cell::line(views, &d, None))}
            </th>
            {cells}
        </tr>
    }
}

/// The end of a repository's address, which is what people call it.
fn short_repository(address: &str) -> &str {
    let address = address.trim_end_matches('/').trim_end_matches(".git");
    let Some((owner_at, _)) = address.rmatch_indices('/').nth(1) else { return address };
    address.get(owner_at + 1..).unwrap_or(address)
}
