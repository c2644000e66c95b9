//! Links within the page. Each has an address of its own, so that it opens in another tab as well.

use leptos::{ev, prelude::*};

use super::{
    shell::follow,
    state::{ServiceKey, Views},
};
use crate::{
    domain::deployment::Deployment,
    model::{query::Facet, store::SharedColumn, symbols::NONE, trace::NAMELESS},
    route::{Route, View},
};

/// A link that changes the place. Its address is of the place where it was drawn: to follow the address as people type
/// would write hundreds of links with every key, and whoever follows one in this tab gets the address of that moment.
fn link(
    views: Views,
    class: &'static str,
    change: impl Fn(&mut Route) + Clone + 'static,
    inner: impl IntoView,
) -> impl IntoView {
    let app = views.app;
    let href = untrack(|| app.link(|r| change(r)));
    let go = move |event: ev::MouseEvent| follow(&event, || app.go(|r| change(r)));
    view! { <a class=class href=href on:click=go>{inner.into_any()}</a> }
}

/// To a deployment's details.
pub(super) fn to_details(views: Views, d: &Deployment, class: &'static str, inner: impl IntoView) -> AnyView {
    let id = d.id.to_string();
    link(views, class, move |r| r.deployment = Some(id.clone()), inner).into_any()
}

/// To a service's history.
pub(super) fn to_history(views: Views, key: ServiceKey, inner: impl IntoView) -> AnyView {
    let (number, service) = key;
    let is_in_several = views.board.with_untracked(|b| b.services.iter().filter(|s| s.service == service).count() > 1);
    let (name, project) = views.app.engine(|e| {
        let name = if service == NONE { NAMELESS } else { e.store().symbols(SharedColumn::Service).text(service) };
        let project = e.store().projects().get(usize::from(number)).filter(|_| is_in_several);
        (name.to_owned(), project.map(ToString::to_string))
    });
    let change = move |r: &mut Route| {
        r.leave_for(View::History);
        r.of = Some(name.clone());
        if let Some(project) = &project {
            r.filters.set(Facet::Project, [project]);
        }
    };
    link(views, "inside", change, inner).into_any()
}

/// To another view, where the filters stay.
pub(super) fn to_view(views: Views, view: View, class: &'static str, inner: impl IntoView) -> AnyView {
    link(views, class, move |r| r.leave_for(view), inner).into_any()
}
