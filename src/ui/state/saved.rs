//! Views under a name, and who looks at them: kept on this device.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement};

use super::views::Views;
use crate::{
    model::{kept::ServiceHash, rings::ServiceRow},
    route::Route,
    ui::{action::SavedAction, view::saved::SavedViews},
    web::page,
};

impl Views {
    pub(super) fn saved_views(self) -> SavedViews {
        let app = self.app;
        SavedViews {
            of_site: app.config().views.clone(),
            of_device: self.saved.views.get(),
            me: self.saved.me.get(),
            notifies: self.saved.notifies.get(),
            is_refused: self.saved.is_refused.get(),
            link: {
                app.route.track();
                page::address_with(&self.route_to_save().to_save().href())
            },
        }
    }

    /// Puts a service first, or no longer.
    fn pin(self, service: ServiceHash) {
        let app = self.app;
        let is_it = |row: &ServiceRow| app.engine(|e| ServiceHash::of(e.store(), row.project, row.service)) == service;
        let board = self.board.get_untracked();
        if let Some(row) = board.services.iter().find(|row| is_it(row)) {
            self.saved.pin(app, row.project, row.service);
        }
    }

    /// What is shown, with what this device has of its own: whoever is sent the link sees the same.
    fn route_to_save(self) -> Route {
        let app = self.app;
        let mut route = app.route.get_untracked();
        let columns = untrack(|| app.shown_columns());
        if columns.chosen {
            route.columns = Some(columns.all.iter().filter(|(_, shown)| *shown).map(|(column, _)| *column).collect());
        }
        route.density = route.density.or_else(|| Some(untrack(|| app.shown_density())));
        route
    }
}

/// Does what an element is for, if that is to be done at this event.
pub(in crate::ui) fn act_on_saved(
    views: Views,
    kind: &str,
    action: SavedAction,
    event: &Event,
    element: &Element,
) -> bool {
    let input = |element: &Element| element.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value);
    match (kind, action) {
        ("submit", SavedAction::Save) => {
            event.prevent_default();
            if let Some(field) = element.query_selector("input").ok().flatten() {
                views.saved.save(&input(&field).unwrap_or_default(), &views.route_to_save());
                if let Some(field) = field.dyn_ref::<HtmlInputElement>() {
                    field.set_value("");
                }
            }
        }
        ("click", SavedAction::Remove(name)) => views.saved.change(|all| all.retain(|view| *view.name != *name)),
        ("change", SavedAction::Me) => {
            views.saved.be(input(element).unwrap_or_default().trim());
        }
        ("click", SavedAction::Pin(service)) => views.pin(service),
        ("click", SavedAction::Notify) => views.saved.toggle_notifications(),
        _ => return false,
    }
    true
}
