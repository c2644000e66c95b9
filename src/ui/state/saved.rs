//! Views under a name, and who looks at them: kept on this device.

use std::collections::BTreeSet;

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement};

use super::{App, Views};
use crate::{
    config::SavedView,
    domain::project::ProjectId,
    model::{store::SharedColumn, symbols::Sym},
    route::{self, Route},
    ui::{action::SavedAction, view::saved::SavedViews},
    web::{
        page,
        storage::{self, Keep},
    },
};

const VIEWS: &str = "ringside.views";
const ME: &str = "ringside.me";
const PINNED: &str = "ringside.pinned";
const NOTIFIES: &str = "ringside.notifies";
/// So many views are kept.
const MOST: usize = 100;

/// What this device keeps.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Saved {
    views: RwSignal<Vec<SavedView>>,
    /// Whose changes `@me` means; empty while nobody has said.
    pub me: RwSignal<String>,
    /// Services that stand first, by project and name.
    pinned: RwSignal<BTreeSet<(String, String)>>,
    /// Whether notifications are wanted and allowed.
    pub notifies: RwSignal<bool>,
    /// They are wanted and not allowed.
    is_refused: RwSignal<bool>,
}

impl Saved {
    pub(super) fn new() -> Self {
        let kept = storage::get(Keep::Device, VIEWS).unwrap_or_default();
        let view = |line: &str| {
            let (name, query) = line.split_once('\t')?;
            Some(SavedView { name: name.into(), query: query.into() })
        };
        let me = storage::get(Keep::Device, ME).unwrap_or_default();
        let pinned = storage::get(Keep::Device, PINNED).unwrap_or_default();
        let pin = |line: &str| line.split_once('\t').map(|(project, service)| (project.to_owned(), service.to_owned()));
        let notifies = storage::get(Keep::Device, NOTIFIES).is_some() && page::may_notify();
        Self {
            views: RwSignal::new(kept.lines().filter_map(view).collect()),
            me: RwSignal::new(me),
            pinned: RwSignal::new(pinned.lines().filter_map(pin).collect()),
            notifies: RwSignal::new(notifies),
            is_refused: RwSignal::new(false),
        }
    }

    /// Whether a service stands first.
    pub(super) fn is_pinned(self, app: App, project: ProjectId, service: Sym) -> bool {
        self.pinned.with(|pinned| !pinned.is_empty() && pinned.contains(&names(app, project, service)))
    }

    fn pin(self, app: App, project: ProjectId, service: Sym) {
        let of = names(app, project, service);
        self.pinned.update(|pinned| {
            if !pinned.remove(&of) {
                pinned.insert(of);
            }
        });
        let lines = |all: &BTreeSet<(String, String)>| all.iter().map(|(p, s)| [p, "\t", s, "\n"].concat()).collect();
        let text: String = self.pinned.with_untracked(lines);
        storage::set(Keep::Device, PINNED, &text);
    }

    /// Asks the browser, which asks whoever looks.
    fn toggle_notifications(self) {
        if self.notifies.get_untracked() {
            storage::remove(Keep::Device, NOTIFIES);
            return self.notifies.set(false);
        }
        spawn_local(async move {
            let is_allowed = page::ask_to_notify().await;
            if is_allowed {
                storage::set(Keep::Device, NOTIFIES, "1");
            }
            self.notifies.set(is_allowed);
            self.is_refused.set(!is_allowed);
        });
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

/// By what a service is known on this device, however rows are numbered.
fn names(app: App, project: ProjectId, service: Sym) -> (String, String) {
    app.engine(|e| {
        let store = e.store();
        let project = store.projects().get(usize::from(project)).map(ToString::to_string).unwrap_or_default();
        (project, store.symbols(SharedColumn::Service).text(service).to_owned())
    })
}

impl Views {
    /// What the menu of saved views shows.
    pub(super) fn saved_views(self) -> SavedViews {
        let app = self.app;
        SavedViews {
            of_site: app.config().views.clone(),
            of_device: self.saved.views.get(),
            me: self.saved.me.get(),
            notifies: self.saved.notifies.get(),
            is_refused: self.saved.is_refused.get(),
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
        ("click", SavedAction::Pin(project, service)) => views.saved.pin(views.app, project, service),
        ("click", SavedAction::Notify) => views.saved.toggle_notifications(),
        _ => return false,
    }
    true
}
