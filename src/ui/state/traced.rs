//! What the views of changes show: "where is it?", a service's history, two rings side by side.

use leptos::prelude::*;

use super::{app::ServiceKey, views::Views};
use crate::{
    model::{
        compare::{Lag, ServiceDiff},
        filter::Filter,
        kept::ServiceHash,
        order::sorted_by,
        query::Facet,
        store::Slot,
        symbols::RingSym,
        symbols::ServiceSym,
        trace::{ChangeStatus, NAMELESS, TracedChange},
        wording,
    },
    ui::{
        action::Change,
        view::{
            changes::{ChangeView, PlaceView, RingName, ServiceLink},
            compare::{CompareView, Outcome, Runs, ServiceCard},
            empty::Nothing,
            history::{HistoryView, ServiceHistoryView},
            where_is::WhereIsView,
        },
    },
};

impl Views {
    /// What is shown of where the thing is that the search names.
    pub(in crate::ui) fn where_is_view(self) -> Option<WhereIsView> {
        let found = self.changes.trace.get()?;
        self.app.version.track();
        let (question, trace) = &*found;
        let by_urgency = |mut change: ChangeView| {
            change.places = sorted_by(&change.places, |a, b| a.change_status.rank().cmp(&b.change_status.rank()));
            change
        };
        Some(WhereIsView {
            by: trace.by,
            title: wording::changes::traced(trace.by, question),
            changes: trace.changes.iter().filter_map(|c| self.change_view(c)).map(by_urgency).collect(),
            more: trace.more,
        })
    }

    /// What the history shows.
    pub(in crate::ui) fn history_view(self) -> HistoryView {
        let app = self.app;
        if let Some(why) = self.nothing.get() {
            return HistoryView::Nothing(why);
        }
        let of = app.route.with(|r| r.of.clone());
        let (Some(name), Some(asked)) = (of.clone(), self.changes.asked.get()) else {
            let is_reading = app.health.with(|h| !h.ready || h.progress.is_some());
            return match of {
                Some(_) if is_reading => HistoryView::Nothing(Nothing::Loading),
                of => HistoryView::Unknown(of),
            };
        };
        app.version.track();
        let history = self.changes.history.get();
        let chosen = app.route.with(|r| r.filters.get(Facet::Ring).to_vec());
        let chosen: Vec<RingSym> =
            app.engine(|e| chosen.iter().filter_map(|name| e.store().rings().find(name)).collect());
        let rings = history.iter().flat_map(|h| &h.rings).filter(|ring| chosen.is_empty() || chosen.contains(ring));
        HistoryView::Changes(ServiceHistoryView {
            name,
            project: asked.project,
            other_projects: asked.projects.saturating_sub(1),
            rings: rings.map(|ring| self.names_of_ring(*ring)).collect(),
            changes: history.iter().flat_map(|h| &h.changes).filter_map(|c| self.change_view(c)).collect(),
            more: history.as_ref().map_or(0, |h| h.more),
            total: self.total.get(),
        })
    }

    /// What the comparison shows.
    pub(in crate::ui) fn compare_view(self) -> CompareView {
        // What a ring is called may change without the board.
        self.app.version.track();
        let all = self.changes.comparison.get();
        let diffs = || all.iter().flat_map(|all| &all.services);
        let choice = self.changes.choice.get();
        let everything = self.filter.with(Filter::is_everything);
        let outcome = match (&choice, self.nothing.get(), diffs().count()) {
            (_, Some(why), _) => Outcome::Empty(why),
            (None, ..) => Outcome::TooFew,
            (Some(choice), ..) if choice.first == choice.second => Outcome::OneRing,
            (_, None, 0) if everything => Outcome::NothingRuns,
            (_, None, 0) => Outcome::Empty(Nothing::Filtered(self.total.get())),
            _ => Outcome::Services,
        };
        let (mut differ, mut same) = (Vec::new(), Vec::new());
        if outcome == Outcome::Services {
            let of = |lag: Lag| diffs().filter(move |diff| diff.lag == lag);
            differ.extend(Lag::ALL.into_iter().filter(|lag| *lag != Lag::Same).flat_map(of).map(|d| self.card(d)));
            same.extend(of(Lag::Same).filter_map(|diff| {
                let runs = self.app.deployment(diff.first?)?;
                Some((self.service_link((diff.project, diff.service)), wording::version(&runs)))
            }));
        }
        let rings = self.board.with(|board| board.rings.iter().map(|r| self.names_of_ring(r.ring)).collect());
        CompareView { rings, choice, outcome, differ, same }
    }

    /// The comparison as Markdown.
    pub(in crate::ui) fn comparison_markdown(self) -> String {
        let all = untrack(|| self.changes.comparison.get());
        let notes = all.map(|all| self.app.engine(|e| all.to_markdown(e.store(), &|slot| e.deployment(slot))));
        notes.unwrap_or_default()
    }

    fn card(self, diff: &ServiceDiff) -> ServiceCard {
        let app = self.app;
        let key = (diff.project, diff.service);
        let rings = self.changes.choice.with(|c| c.as_ref().map(|c| (c.first, c.second)));
        let known = |ring: Option<RingSym>| {
            self.board.with(|board| {
                let column = board.rings.iter().position(|r| Some(r.ring) == ring)?;
                let row = board.services.iter().find(|s| (s.project, s.service) == key)?;
                row.cells.get(column).map(|cell| cell.known)
            })
        };
        let runs = |slot: Option<Slot>, ring: Option<RingSym>| -> Runs {
            (slot.and_then(|slot| app.deployment(slot)), known(ring).unwrap_or_default())
        };
        let everything = self.filter.with(Filter::is_everything);
        let is_wanted = |slot: Slot| everything || self.selection.with(|s| s.has(slot));
        let between = self.changes.between(diff).iter();
        let span = diff.span();
        ServiceCard {
            key: self.app.engine(|e| ServiceHash::of(e.store(), diff.project, diff.service)),
            service: self.service_link(key),
            runs: (runs(diff.first, rings.map(|r| r.0)), runs(diff.second, rings.map(|r| r.1))),
            between: between.filter_map(|&slot| Some((app.deployment(slot)?, is_wanted(slot)))).collect(),
            is_open: self.changes.is_opened(diff),
            commits: app.engine(|e| {
                let commit = |slot: Slot| e.store().at(slot).row_commit();
                let (old, new) = span?;
                e.syncs().commit_count(key.0, commit(old), commit(new))
            }),
            link: app.engine(|e| span.and_then(|(old, new)| e.compare_link(old, new))),
            diff: diff.clone(),
        }
    }

    /// All that is shown of a change.
    pub(super) fn change_view(self, change: &TracedChange) -> Option<ChangeView> {
        let app = self.app;
        let places = change.places.iter().map(|place| PlaceView {
            ring: self.names_of_ring(place.ring),
            change_status: place.change_status.clone(),
            deployment: place.slot.and_then(|slot| app.deployment(slot)),
            by: match place.change_status {
                ChangeStatus::Replaced { by, .. } => app.deployment(by).map(|d| wording::version(&d)),
                _ => None,
            },
        });
        Some(ChangeView {
            newest: app.deployment(change.newest)?,
            service: self.service_link((change.project, change.service)),
            places: places.collect(),
        })
    }

    /// A ring's names.
    pub(super) fn names_of_ring(self, ring: RingSym) -> RingName {
        self.app.engine(|e| {
            let names = e.store().rings();
            RingName { ring, name: names.name(ring).to_owned(), title: names.title(ring).to_owned() }
        })
    }

    /// A service's name, and where its history is.
    pub(super) fn service_link(self, (number, service): ServiceKey) -> ServiceLink {
        let is_in_several = self.board.with(|b| b.services.iter().filter(|s| s.service == service).count() > 1);
        self.app.engine(|e| {
            let store = e.store();
            let name = store.service_name(service).to_owned();
            let shown = if service == ServiceSym::NONE { NAMELESS.to_owned() } else { name.clone() };
            let project = number.of(store.projects()).map(ToString::to_string);
            ServiceLink {
                history: Change::History(shown.clone(), project.clone().filter(|_| is_in_several)),
                project: project.filter(|_| store.projects().len() > 1),
                name,
                shown,
            }
        })
    }
}
