//! What is shown of changes: between two rings, of one service, of what is searched for.
//!
//! None of it is derived unless a view reads it: each is a pass over all rows or more.

use std::sync::Arc;

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use super::app::{App, ServiceKey};
use crate::{
    model::{
        compare::{Choice, Comparison, Lag, ServiceDiff, choose},
        filter::Filter,
        kept::ServiceHash,
        query::Facet,
        rings::Board,
        select::Selection,
        store::Slot,
        trace::{ServiceHistory, Trace, question, services},
    },
    route::View,
    ui::view::history::PAGE,
};

/// How long after the last keystroke it is looked where a change is, in milliseconds.
const ASKING_PAUSE: u32 = 250;
/// So many changes are shown to be somewhere; the others are counted.
const TRACED: usize = 3;
/// So many versions between two rings are shown of a service at first.
const BETWEEN: usize = 5;

/// A service whose history is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::ui) struct Asked {
    /// The project's number, and the service.
    pub key: ServiceKey,
    /// What the project is called, where that is not clear.
    pub project: Option<String>,
    /// How many visible projects have a service of this name.
    pub projects: usize,
}

/// Derived values, shared by all components. `Copy`.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Changes {
    app: App,
    /// Which rings are compared; `None` where there are not two.
    pub choice: Memo<Option<Choice>>,
    /// How these differ, as far as the filters select it.
    pub comparison: Memo<Option<Arc<Comparison>>>,
    /// The services of which all versions between are shown.
    pub opened: RwSignal<Vec<ServiceHash>>,
    /// The service whose history is looked at.
    pub asked: Memo<Option<Asked>>,
    /// Its changes, as far as the filters select them.
    pub history: Memo<Option<Arc<ServiceHistory>>>,
    /// How many of them to show.
    limit: RwSignal<usize>,
    /// Whether all the changes that are searched for are shown, or the newest.
    traces_all: RwSignal<bool>,
    /// What stood in the search box when somebody last paused.
    q: RwSignal<String>,
    /// What that was taken for: the text, and where it is.
    pub trace: Memo<Option<Arc<(String, Trace)>>>,
}

impl Changes {
    pub(super) fn new(
        app: App,
        filter: Memo<Filter>,
        selection: Memo<Arc<Selection>>,
        board: Memo<Arc<Board>>,
    ) -> Self {
        let named = Memo::new(move |_| app.route.with(|r| (r.from.clone(), r.to.clone())));
        let choice = Memo::new(move |_| {
            // What a ring is called may change without the board.
            app.version.track();
            let board = board.get();
            named.with(|(from, to)| app.engine(|e| choose(e.store(), &board, from.as_deref(), to.as_deref())))
        });
        let comparison = Memo::new(move |_| {
            app.version.track();
            let (board, choice) = (board.get(), choice.get()?);
            let mut all = (app.derivations.get()?.comparison)(app, &board, choice)?;
            if !filter.with(Filter::is_everything) {
                selection.with(|s| all.services.retain(|diff| diff.slots().any(|slot| s.has(slot))));
            }
            Some(Arc::new(all))
        });
        let of = Memo::new(move |_| app.route.with(|r| (r.of.clone(), r.filters.get(Facet::Project).to_vec())));
        let asked = Memo::new(move |_| {
            app.version.track();
            of.with(|(of, projects)| {
                let of = of.as_deref()?;
                app.engine(|e| {
                    let store = e.store();
                    let found = services(store, projects, of);
                    let &key = found.first()?;
                    let is_clear = store.projects().len() < 2;
                    let project = key.0.of(store.projects()).filter(|_| !is_clear);
                    Some(Asked { key, project: project.map(ToString::to_string), projects: found.len() })
                })
            })
        });
        let limit = RwSignal::new(PAGE);
        // Another service begins anew.
        Effect::new(move |before: Option<()>| {
            of.track();
            if before.is_some() {
                limit.set(PAGE);
            }
        });
        let history = Memo::new(move |_| {
            app.version.track();
            let key = asked.get()?.key;
            let (limit, everything) = (limit.get(), filter.with(Filter::is_everything));
            let all = (app.derivations.get()?.service_history)(app, key, everything.then_some(limit));
            let narrowed = if everything { all } else { selection.with(|s| all.narrowed(|slot| s.has(slot), limit)) };
            Some(Arc::new(narrowed))
        });
        let typed = Memo::new(move |_| app.route.with(|r| r.q.clone()));
        let q = RwSignal::new(typed.get_untracked());
        let traces_all = RwSignal::new(false);
        let pause = StoredValue::new_local(None::<Timeout>);
        Effect::new(move |_| {
            let text = typed.get();
            if traces_all.get_untracked() {
                traces_all.set(false);
            }
            // What is cleared goes at once; everything else waits until nobody types.
            let later = (!text.trim().is_empty()).then(|| {
                Timeout::new(ASKING_PAUSE, move || {
                    q.try_set(text);
                })
            });
            if later.is_none() {
                q.set(String::new());
            }
            pause.set_value(later);
        });
        let trace = Memo::new(move |_| {
            let question = q.with(|q| question(q))?;
            app.version.track();
            let limit = (!traces_all.get()).then_some(TRACED);
            let trace = (app.derivations.get()?.trace)(app, &question, limit)?;
            Some(Arc::new((question, trace)))
        });
        Self { app, choice, comparison, opened: RwSignal::default(), asked, history, limit, traces_all, q, trace }
    }

    /// Looks where what is typed is, without a pause.
    pub(in crate::ui) fn ask_now(self) {
        let typed = self.app.route.with_untracked(|r| r.q.clone());
        if self.q.with_untracked(|q| *q != typed) {
            self.q.set(typed);
        }
    }

    /// Whether something is searched for that may be somewhere.
    pub(in crate::ui) fn asks(self) -> bool {
        self.q.with(|q| question(q).is_some())
    }

    /// Shows more of a history.
    pub(in crate::ui) fn show_more(self) {
        self.limit.update(|limit| *limit += PAGE);
    }

    /// Shows all the changes that are searched for.
    pub(in crate::ui) fn trace_all(self) {
        self.traces_all.set(true);
    }

    /// Whether all versions between are shown of a service.
    pub(super) fn is_opened(self, diff: &ServiceDiff) -> bool {
        let service = self.app.engine(|e| ServiceHash::of(e.store(), diff.project, diff.service));
        self.opened.with(|opened| opened.contains(&service))
    }

    /// The versions between two rings that are shown of a service.
    pub(in crate::ui) fn between(self, diff: &ServiceDiff) -> &[Slot] {
        // One more takes no more room than the button that shows it.
        if self.is_opened(diff) || diff.between.len() <= BETWEEN + 1 {
            &diff.between
        } else {
            diff.between.get(..BETWEEN).unwrap_or(&diff.between)
        }
    }

    /// The deployments of a view that somebody sees, and the pairs whose commits are to be counted.
    pub(super) fn visible_set(self, view: View) -> (Vec<Slot>, Vec<(Slot, Slot)>) {
        match view {
            View::Compare => {
                let Some(all) = self.comparison.get() else { return (Vec::new(), Vec::new()) };
                let differs = || all.services.iter().filter(|diff| diff.lag != Lag::Same);
                let slots = differs().flat_map(|diff| {
                    diff.first.into_iter().chain(diff.second).chain(self.between(diff).iter().copied())
                });
                (slots.collect(), differs().filter_map(ServiceDiff::span).collect())
            }
            View::History => {
                let slots = self.history.get().map(|h| h.changes.iter().flat_map(|c| c.slots()).collect());
                (slots.unwrap_or_default(), Vec::new())
            }
            View::Rings | View::Deployments | View::Setup | View::Badge => (Vec::new(), Vec::new()),
        }
    }

    /// The deployments that show where what is searched for is.
    pub(super) fn traced_slots(self) -> Vec<Slot> {
        self.trace.with(|t| {
            t.iter().flat_map(|t| t.1.changes.iter()).flat_map(|change| change.slots().collect::<Vec<_>>()).collect()
        })
    }
}
