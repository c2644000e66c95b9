//! Views under a name, services that stand first, who looks, and whether notifications are wanted: what this device
//! keeps.

use std::collections::BTreeSet;

use leptos::{prelude::*, task::spawn_local};

use crate::{
    config::SavedView,
    domain::project::ProjectId,
    model::{order::set_of, symbols::ServiceSym},
    route::{self, Route},
    ui::state::app::App,
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
    pub(in crate::ui) views: RwSignal<Vec<SavedView>>,
    /// Whose changes `@me` means; empty while that is not known.
    pub me: RwSignal<String>,
    /// Services that stand first, by project and name.
    pub(in crate::ui) pinned: RwSignal<BTreeSet<(String, String)>>,
    /// Whether notifications are wanted and allowed.
    pub notifies: RwSignal<bool>,
    /// They are wanted and not allowed.
    pub(in crate::ui) is_refused: RwSignal<bool>,
}

impl Saved {
    pub(in crate::ui) fn new() -> Self {
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
            pinned: RwSignal::new(set_of(pinned.lines().filter_map(pin))),
            notifies: RwSignal::new(notifies),
            is_refused: RwSignal::new(false),
        }
    }

    /// Sets whose changes `@me` means.
    pub(in crate::ui) fn be(self, me: &str) {
        storage::set(Keep::Device, ME, me);
        self.me.set(me.to_owned());
    }

    /// Whether a service stands first.
    pub(in crate::ui) fn is_pinned(self, app: App, project: ProjectId, service: ServiceSym) -> bool {
        self.pinned.with(|pinned| !pinned.is_empty() && pinned.contains(&names(app, project, service)))
    }

    pub(in crate::ui) fn pin(self, app: App, project: ProjectId, service: ServiceSym) {
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
    pub(in crate::ui) fn toggle_notifications(self) {
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

    pub(in crate::ui) fn change(self, change: impl FnOnce(&mut Vec<SavedView>)) {
        self.views.update(change);
        let lines = |all: &Vec<SavedView>| all.iter().map(|v| [&*v.name, "\t", &*v.query, "\n"].concat()).collect();
        let text: String = self.views.with_untracked(lines);
        storage::set(Keep::Device, VIEWS, &text);
    }

    /// Keeps what is looked at under a name, in the place of what has that name.
    pub(in crate::ui) fn save(self, name: &str, route: &Route) {
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
pub(in crate::ui) fn names(app: App, project: ProjectId, service: ServiceSym) -> (String, String) {
    app.engine(|e| {
        let store = e.store();
        let project = project.of(store.projects()).map(ToString::to_string).unwrap_or_default();
        (project, store.service_name(service).to_owned())
    })
}
