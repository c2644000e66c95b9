//! What happens by itself while the page is open, besides the engine's loop.

use leptos::{prelude::*, task::spawn_local};

use super::{
    tab,
    views::{Pages, Views},
};
use crate::{
    engine::VisibleSet,
    model::{filter::Filter, query::Facet, store::Slot},
    route::View,
    ui::{html::Html, modules},
};

impl Views {
    /// Follows what is looked at, for as long as the page lives.
    pub(in crate::ui) fn follow(self) {
        let app = self.app;
        // Forges are asked about what somebody sees, so the engine has to know what that is.
        Effect::new(move |_| app.set_visible_set(self.visible_set()));
        Effect::new(move |_| {
            if app.derivations.with(Option::is_some) {
                let owner = Owner::current();
                // Of the same module, so they are there at once.
                spawn_local(async move {
                    let Ok(pages) = modules::pages().await else { return };
                    self.pages.set(Some(pages));
                    owner.unwrap_or_default().with(|| (pages.follow)(self));
                    for deferred in self.deferred.try_update_value(std::mem::take).unwrap_or_default() {
                        deferred(pages);
                    }
                });
            }
        });
        tab::follow(self);
    }

    /// What one of the later views draws; `meanwhile` until they are there.
    pub(in crate::ui) fn page(self, meanwhile: impl FnOnce() -> Html, draw: impl FnOnce(Pages) -> Html) -> Html {
        match self.pages.get() {
            Some(pages) => draw(pages),
            None => {
                self.app.load_pages();
                meanwhile()
            }
        }
    }

    /// Does what needs the later views: now, or as soon as they are there.
    pub(in crate::ui) fn with_pages(self, act: impl FnOnce(Pages) + 'static) {
        match self.pages.get_untracked() {
            Some(pages) => act(pages),
            None => {
                self.app.load_pages();
                self.deferred.update_value(|deferred| deferred.push(Box::new(act)));
            }
        }
    }

    /// The deployments that somebody sees now.
    fn visible_set(self) -> VisibleSet {
        let app = self.app;
        let (view, open) = app.route.with(|r| (r.view, r.deployment.clone()));
        app.version.track();
        let open = open.and_then(|id| app.engine(|e| e.store().by_id(&id)));
        let (changes, mut counted) = self.changes.visible_set(view);
        counted.extend(self.details.span());
        let screen = if view == View::Deployments { self.visible_rows() } else { changes };
        let screen = open.into_iter().chain(self.changes.traced_slots()).chain(screen).collect();
        let by_cluster = self.filter.with(|filter| filter.filters_by(Facet::Cluster));
        if !matches!(view, View::Rings | View::Badge) {
            let next = if view == View::Deployments { self.rows_below() } else { Vec::new() };
            return VisibleSet { screen, next, spans: counted, by_cluster, ..VisibleSet::default() };
        }
        let board = self.board.get();
        let everything = self.filter.with(Filter::is_everything);
        let selection = self.selection.get();
        let is_shown = |slot: &Slot| everything || selection.has(*slot);
        let slots = board.services.iter().flat_map(|row| row.slots.iter().copied());
        let columns = self.columns.get();
        let features = columns.iter().filter(|(_, is_feature)| *is_feature);
        VisibleSet {
            screen,
            next: Vec::new(),
            board: slots.filter(is_shown).collect(),
            branches: features.filter_map(|(ring, _)| board.rings.iter().find(|r| r.ring == *ring)?.newest).collect(),
            spans: board.spans().filter(|(here, _)| is_shown(here)).chain(counted).collect(),
            by_cluster,
        }
    }
}
