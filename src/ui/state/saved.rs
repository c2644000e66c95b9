//! Views under a name, and who looks at them: kept on this device.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement};

use super::Views;
use crate::{
    config::SavedView,
    route::{self, Route},
    ui::{action::SavedAction, view::saved::SavedViews},
    web::{
        page,
        storage::{self, Keep},
    },
};

const VIEWS: &str = "ringside.views";
const ME: &str = "ringside.me";
/// So many views are kept.
const MOST: usize = 100;

/// What this device keeps.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Saved {
    views: RwSignal<Vec<SavedView>>,
    /// Whose changes `@me` means; empty while nobody has said.
    pub me: RwSignal<String>,
}

impl Saved {
    pub(super) fn new() -> Self {
        let kept = storage::get(Keep::Device, VIEWS).unwrap_or_default();
        let view = |line: &str| {
            let (name, query) = line.split_once('\t')?;
            Some(SavedView { name: name.into(), query: query.into() })
        };
        let me = storage::get(Keep::Device, ME).unwrap_or_default();
        Self { views: RwSignal::new(kept.lines().filter_map(view).collect()), me: RwSignal::new(me) }
    }

    fn change(self, change: impl FnOnce(&mut Vec<SavedView>)) {
        self.views.update(change);
        let lines = |all: &Vec<SavedView>| all.iter().map(|v| [&*v.name, "\t", &*v.query, "\n"].concat()).collect();
        let text: String = self.views.with_untracked(lines);
        storage::set(Keep::Device, VIEWS, &text);
    }

    /// Keeps what is looked at under a name, in the place of what has that name.
    fn save(self, name: &str, route: &Route) {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            return;
        }
        let view = SavedView { name: name.into(), query: route::print(&route.to_save()).into() };
        self.change(|all| {
            all.retain(|other| other.name != view.name);
            all.push(view);
            all.drain(..all.len().saturating_sub(MOST));
        });
    }
}

impl Views {
    /// What the menu of saved views shows.
    pub(super) fn saved_views(self) -> SavedViews {
        let app = self.app;
        SavedViews {
            of_site: app.config().views.clone(),
            of_device: self.saved.views.get(),
            me: self.saved.me.get(),
            link: page::address_with(&app.route.with(|r| r.to_save().href())),
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
            let me = input(element).unwrap_or_default().trim().to_owned();
            storage::set(Keep::Device, ME, &me);
            views.saved.me.set(me);
        }
        _ => return false,
    }
    true
}
