//! One change, and what became of it in each ring.

use leptos::prelude::*;

use crate::{
    model::{
        store::Slot,
        symbols::Sym,
        wording::{self, changes},
    },
    text,
    ui::{
        links,
        parts::{person, pull_request},
        state::{ChangeView, PlaceView, Views},
    },
    web::clock,
};

/// The change whose newest deployment is in that slot.
#[component]
pub(super) fn ChangeRow(views: Views, newest: Slot, rings: Vec<Sym>) -> impl IntoView {
    let shown = Memo::new(move |_| {
        views.app.version.track();
        let history = views.changes.history.get()?;
        views.changes.view(history.changes.iter().find(|change| change.newest == newest)?)
    });
    view! { <tr class="change">{move || shown.get().map(|change| cells(views, &change, &rings))}</tr> }
}

fn cells(views: Views, c: &ChangeView, rings: &[Sym]) -> impl IntoView + use<> {
    let app = views.app;
    let d = &c.newest;
    let id = d.id.to_string();
    let message = d.source.message.as_deref().map(|m| text::first_line(m).to_owned());
    let pull_request = d.pull_request.as_ref().map(pull_request);
    let at = d.updated;
    let places = rings.iter().filter_map(|ring| c.places.iter().find(|place| place.ring.0 == *ring));
    let places = places.map(|place| cell(views, &id, place)).collect_view();
    view! {
        <th scope="row" class="service">
            {links::to_details(views, d, "inside service__name", wording::version(d))}
            <span class="change__message" title=message.clone()>{message.clone()}</span>
            <span class="change__about">
                {d.source.author.as_ref().map(person)}
                {pull_request}
                <time datetime=at.to_rfc3339() title=clock::exact(at)>{move || text::ago(at, app.tick.get())}</time>
            </span>
        </th>
        {places}
    }
}

fn cell(views: Views, change: &str, p: &PlaceView) -> impl IntoView + use<> {
    let app = views.app;
    let (word, says) = (p.fate.word(), changes::fate(&p.fate));
    let shown = p.clone();
    let more =
        move || changes::fate_more(&shown.fate, shown.deployment.as_deref(), shown.by.as_deref(), app.tick.get());
    let inner = view! { <span class="fate">{says}</span> };
    let inner = match &p.deployment {
        Some(d) => links::to_details(views, d, "inside", inner),
        None => inner.into_any(),
    };
    view! {
        <td class="cell" data-title=p.ring.2.clone() data-change=change.to_owned() data-ring=p.ring.1.clone() data-fate=word>
            {inner}
            <span class="fate__more">{more}</span>
        </td>
    }
}
