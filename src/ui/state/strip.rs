//! What the header and the filters show, and what is typed into them.

use leptos::prelude::*;

use super::{app::App, parts::strip::Offers, views::Views};
use crate::{
    config::Storage,
    domain::{
        problem::{Problem, ProblemKind, Severity},
        time::minutes,
    },
    model::{
        fold::fold,
        query::Facet,
        select::{FacetValue, count, select},
    },
    route::{Theme, View},
    text::{self, header as words},
    ui::{
        action::Menu,
        view::{
            ViewContext,
            filters::{CountView, FiltersView, LISTED, OpenMenu},
            header::{Freshness, HeaderView, SourceChip, SourceState},
        },
    },
    web::clock,
};

impl App {
    /// What every view may look at.
    pub(in crate::ui) fn context(self) -> ViewContext {
        let (now, route, copied) = (self.tick.get(), self.place.get(), self.copied.get());
        ViewContext { now, zone: clock::behind, route, copied }
    }

    /// The theme that somebody chose.
    pub(in crate::ui) fn theme(self) -> Theme {
        match self.route.with(|r| r.theme) {
            Theme::Auto => self.kept_theme.get(),
            theme => theme,
        }
    }
}

impl Views {
    /// What the header shows.
    pub(in crate::ui) fn header_view(self) -> HeaderView {
        let app = self.app;
        let Offers { list, marked, .. } = self.strip.offers.get();
        HeaderView {
            title: app.config().title.to_string(),
            view: app.view(),
            has_problems: app.health.with(|h| h.problems.iter().any(|p| concerns(app, p))),
            q: app.route.with(|r| r.q.clone()),
            offers: list,
            marked,
            sources: sources(app),
            freshness: freshness(app),
            theme: app.theme(),
        }
    }

    /// How many of how many.
    pub(in crate::ui) fn count_view(self) -> CountView {
        CountView {
            total: self.total.get(),
            shown: self.selection.with(|s| s.len()),
            // What has never been read is not known to be nothing.
            is_reading: self.app.health.with(|h| h.progress.is_some()) || self.app.engine(|e| e.fresh_at().is_none()),
        }
    }

    /// What the filters know of the page. They show no times, so they need not follow the page's tick.
    pub(in crate::ui) fn strip_context(self) -> ViewContext {
        let app = self.app;
        ViewContext { route: app.route.get(), copied: app.copied.get(), ..untrack(|| app.context()) }
    }

    /// What the filters show.
    pub(in crate::ui) fn filters_view(self) -> FiltersView {
        let app = self.app;
        let open = self.strip.menu.get().and_then(|menu| match menu {
            Menu::Columns => Some(OpenMenu::Columns),
            Menu::Values(facet) => Some(self.open_menu(facet)),
            Menu::Saved => Some(OpenMenu::Saved(self.saved_views())),
            Menu::Export => Some(OpenMenu::Export),
            Menu::Ring(_) => None,
        });
        let columns = app.shown_columns();
        let is_rings = app.view() == View::Rings && self.nothing.with(Option::is_none);
        let chosen = self.chosen.get();
        let ring_titles = app.engine(|e| {
            let names = e.store().rings();
            let title = |ring: &String| names.find(ring).map_or(&**ring, |ring| names.title(ring)).to_owned();
            chosen.get(Facet::Ring).iter().map(title).collect()
        });
        FiltersView {
            sums: self.sums.get(),
            chosen,
            ring_titles,
            attention: if is_rings { self.attention_counts.get() } else { Default::default() },
            waiting_limit: app.config().waiting_limit,
            has_projects: app.config().projects.len() > 1,
            open,
            columns: (columns.all, columns.chosen),
            density: app.shown_density(),
            notes: if is_rings { self.notes.get() } else { Vec::new() },
            without_ring: if is_rings { self.without_ring.get() } else { 0 },
            count: self.count_view(),
        }
    }

    fn open_menu(self, facet: Facet) -> OpenMenu {
        let app = self.app;
        app.version.track();
        let filter = self.filter.with(|w| w.without(facet));
        let chosen = self.chosen.with(|all| all.get(facet).to_vec());
        let values = app.engine(|e| {
            let mut values = count(e.store(), e.syncs(), facet, &select(e.store(), e.syncs(), &filter));
            // What is chosen stays, whether or not anything has it now.
            let is_chosen = |v: &FacetValue| chosen.contains(&v.value);
            let missing = chosen.iter().filter(|c| !values.iter().any(|v| v.value == **c));
            let missing: Vec<FacetValue> =
                missing.map(|c| FacetValue { value: c.clone(), label: c.clone(), count: 0 }).collect();
            values.retain(|v| v.count > 0 || is_chosen(v));
            values.extend(missing);
            values
        });
        let typed = self.strip.typed.get();
        let folded = fold(&typed);
        let (all, listed) = (values.len(), values.into_iter().filter(|v| fold(&v.label).contains(&folded)));
        OpenMenu::Values { facet, all, typed, listed: listed.take(LISTED).collect() }
    }
}

/// Whether somebody who looks at the page has to do with it: a credential that ends soon is renewed by who entered it.
fn concerns(app: App, problem: &Problem) -> bool {
    let ends_soon = problem.kind == ProblemKind::Expired && problem.severity == Severity::Warning;
    let project = || app.config().project_id(problem.project.as_ref()?.as_str());
    match problem.severity {
        Severity::Note => false,
        _ if ends_soon => project().is_some_and(|project| app.held_sas(project).is_some()),
        // Nothing is wrong at a first visit.
        _ => app.lacks_sas(problem).is_none(),
    }
}

/// Each origin that is read, how it is, and when it last answered. Follows the page's tick and what is wrong.
fn sources(app: App) -> Vec<SourceChip> {
    if app.is_sample() {
        return Vec::new();
    }
    // Answers bring rows and facts.
    app.version.track();
    let (now, config) = (app.tick.get(), app.config());
    let tables = config.projects.iter().filter_map(|project| match &project.storage {
        Storage::AzureTable(table) => Some((words::TABLE, table.origin.clone())),
        Storage::Snapshot { .. } | Storage::Sample => None,
    });
    let connections = app.connections();
    let forges = connections.iter().map(|c| (c.service.name(), c.origin.clone()));
    let mut chips: Vec<SourceChip> = Vec::new();
    for (name, origin) in tables.chain(forges) {
        if chips.iter().any(|chip| chip.origin == origin.as_str()) {
            continue;
        }
        let worst = app.health.with(|health| {
            let here = |p: &&Problem| p.origin.as_deref() == Some(origin.as_str()) && app.lacks_sas(p).is_none();
            health.problems.iter().filter(here).map(|p| p.severity).filter(|s| *s != Severity::Note).min()
        });
        let answered = app.answered.with_value(|all| all.get(&origin).map(|(at, _)| *at));
        let state = match (worst, answered) {
            (Some(Severity::Error), _) => SourceState::Failed,
            (Some(_), _) => SourceState::Warned,
            (None, Some(_)) => SourceState::Good,
            // Of a forge that nobody has to ask there is nothing to show.
            (None, None) if name != words::TABLE => continue,
            (None, None) => SourceState::Unknown,
        };
        chips.push(SourceChip { name, origin: origin.to_string(), state, age: answered.map(|at| text::age(at, now)) });
    }
    chips
}

/// How old what is on screen may be. Changes with the page's tick alone, so that a quiet refresh touches nothing.
pub(super) fn freshness(app: App) -> Freshness {
    if app.is_sample() {
        return Freshness::Sample;
    }
    let now = app.tick.get();
    let (word, sentence) = match app.fresh_at.get_value() {
        // Of one table there may be rows while another has not answered, or the rest of them is still to come.
        None if app.engine(|e| e.store().len()) == 0 => ("unknown", words::NOTHING_READ.to_owned()),
        None if app.health.with(|h| h.progress.is_some()) => ("unknown", words::READING.to_owned()),
        None => ("unknown", words::NOT_ALL_READ.to_owned()),
        Some(at) if now.since(at) < minutes(1) => ("fresh", words::UP_TO_DATE.to_owned()),
        Some(at) => ("old", words::updated(at, now)),
    };
    let rate = match app.route.with(|r| app.refresh_every(r)) {
        None => words::BY_HAND.to_owned(),
        Some(every) => words::refreshes(every),
    };
    Freshness::Read(word, sentence, rate)
}
