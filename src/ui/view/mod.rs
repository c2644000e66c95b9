//! The views: functions from what they show to [`Html`](super::html::Html). They know no browser, no signals and no
//! store.

pub mod badge;
pub mod board;
pub mod cells;
pub mod changes;
pub mod compare;
pub mod config_error;
pub mod details;
pub mod empty;
mod export;
pub mod filters;
pub mod header;
pub mod history;
pub mod kiosk;
mod notes;
pub mod parts;
pub mod problems;
pub mod saved;
pub mod setup;
pub mod table;
pub mod where_is;

use super::{
    action::{Action, Change},
    html::{Element, el},
};
use crate::{domain::time::Timestamp, route::Route, text};

/// What every view may look at.
#[derive(Clone)]
pub struct ViewContext {
    /// About now.
    pub now: Timestamp,
    /// How many minutes this device's zone is behind UTC at a moment.
    pub zone: fn(Timestamp) -> i32,
    /// The place that links lead on from.
    pub route: Route,
    /// What was copied last, and whether that worked.
    pub copied: Option<(String, bool)>,
}

impl ViewContext {
    /// A moment to the second, in this device's zone.
    #[must_use]
    pub fn exact(&self, moment: Timestamp) -> String {
        text::exact(moment, (self.zone)(moment))
    }

    /// How long ago, with the exact moment on hover.
    #[must_use]
    pub fn ago(&self, then: Timestamp) -> Element {
        self.time(then).text(text::ago(then, self.now))
    }

    /// The same of a moment that may not be known.
    #[must_use]
    pub fn maybe_ago(&self, then: Option<Timestamp>) -> Element {
        then.map_or_else(|| el("span").text(text::NO_TIME), |then| self.ago(then))
    }

    /// A moment whose words are still to be added.
    #[must_use]
    pub fn time(&self, then: Timestamp) -> Element {
        el("time").set("datetime", then.to_rfc3339()).set("title", self.exact(then))
    }

    /// A link within the page.
    #[must_use]
    pub fn link(&self, class: &'static str, change: Change) -> Element {
        let mut route = self.route.clone();
        change.apply(&mut route);
        el("a").class(class).set("href", route.href()).on(Action::Follow(change))
    }
}

#[cfg(test)]
mod fixtures {
    use std::sync::Arc;

    use super::{
        changes::{ChangeView, PlaceView, RingName, ServiceLink},
        *,
    };
    use crate::{
        domain::deployment::Deployment,
        model::{symbols::RingSym, trace::ChangeStatus},
        support::rows::{self, RowBuilder},
    };

    /// Noon in UTC, on a page that shows everything.
    pub(super) fn context() -> ViewContext {
        let now = Timestamp::parse("2026-11-23T12:00:00Z").unwrap();
        ViewContext { now, zone: |_| 0, route: Route::default(), copied: None }
    }

    /// The deployment of a row: `column=text`, with `_` for a blank.
    pub(super) fn deployment(texts: &str) -> Deployment {
        rows::deployment(RowBuilder::of(texts), Vec::new())
    }

    /// A ring whose title is its name.
    pub(super) fn ring(ring: RingSym, name: &str) -> RingName {
        RingName { ring, name: name.to_owned(), title: name.to_owned() }
    }

    /// A service whose name is shown.
    pub(super) fn service(name: &str) -> ServiceLink {
        let history = Change::History(name.to_owned(), None);
        ServiceLink { name: name.to_owned(), shown: name.to_owned(), history, project: None }
    }

    /// The change of a row, and what became of it in some rings.
    pub(super) fn change(texts: &str, places: &[(&str, ChangeStatus)]) -> ChangeView {
        let newest = Arc::new(deployment(texts));
        let place = |(n, (name, change_status)): (usize, &(&str, ChangeStatus))| PlaceView {
            ring: ring(RingSym::at(n + 1), name),
            change_status: change_status.clone(),
            deployment: (*change_status != ChangeStatus::NotThere).then(|| Arc::clone(&newest)),
            by: None,
        };
        let name = newest.service.as_ref().map_or("", |service| service.as_str());
        let service = service(name);
        ChangeView { service, places: places.iter().enumerate().map(place).collect(), newest }
    }
}
