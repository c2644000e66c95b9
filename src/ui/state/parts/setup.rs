//! What is typed and chosen in the connections view.

use std::collections::BTreeMap;

use gloo_timers::callback::Interval;
use leptos::prelude::*;

use crate::{
    config::parse::parse,
    domain::time::{Timestamp, days},
    guide::{Draft, Part, publish::Host},
    route::View,
    ui::{action::CredentialOf, state::app::App, view::setup::RowsForm},
    web::{
        clock,
        storage::{self, Keep},
    },
};

/// Under which key a tab keeps the configuration that it tries.
pub(in crate::ui) const DRAFT: &str = "ringside.draft";

/// The configuration that this tab tries, if it does.
pub(in crate::ui) fn kept_draft() -> Option<String> {
    storage::get(Keep::Tab, DRAFT)
}

/// What is typed and chosen in the connections view. `Copy`.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Setup {
    pub(in crate::ui) draft: RwSignal<Draft>,
    /// Somebody chose the forges, so what rows name is no longer proposed.
    pub(in crate::ui) has_forges: RwSignal<bool>,
    pub(in crate::ui) rows: RwSignal<RowsForm>,
    /// A pasted SAS that waits for the address of its table.
    pub(in crate::ui) pending: StoredValue<Option<String>>,
    pub(in crate::ui) host: RwSignal<Host>,
    pub(in crate::ui) with_sas: RwSignal<bool>,
    pub(in crate::ui) notice: RwSignal<Option<(&'static str, String)>>,
    /// A project is being added to the configuration that the page has.
    pub(in crate::ui) is_adding: RwSignal<bool>,
    pub(in crate::ui) dragged: StoredValue<Option<usize>>,
    /// What came of each credential that was typed, and whether it was wrong.
    pub(in crate::ui) typed: RwSignal<BTreeMap<CredentialOf, (String, bool)>>,
    /// Those whose next credential is to be kept on the device, where somebody chose.
    pub(in crate::ui) for_device: RwSignal<BTreeMap<CredentialOf, bool>>,
    pub(in crate::ui) cleared: RwSignal<&'static str>,
    /// The sources whose details were shown when the view was opened.
    pub(in crate::ui) open: StoredValue<BTreeMap<CredentialOf, bool>>,
    /// About now, to the second while a credential is on its last day.
    pub(in crate::ui) second: RwSignal<Timestamp>,
}

impl Setup {
    pub(in crate::ui) fn new(app: App) -> Self {
        let setup = Self {
            draft: RwSignal::default(),
            has_forges: RwSignal::new(false),
            rows: RwSignal::default(),
            pending: StoredValue::new(None),
            host: RwSignal::default(),
            with_sas: RwSignal::new(false),
            notice: RwSignal::new(None),
            is_adding: RwSignal::new(false),
            dragged: StoredValue::new(None),
            typed: RwSignal::default(),
            for_device: RwSignal::default(),
            cleared: RwSignal::new(""),
            open: StoredValue::default(),
            second: RwSignal::new(clock::now()),
        };
        if app.is_trial() {
            // What reads it comes with the view itself.
            Effect::new(move |_| {
                let Some(derivations) = app.derivations.get() else { return };
                let Some(draft) = kept_draft().and_then(|text| (derivations.read_draft)(&text)) else { return };
                setup.has_forges.set(Part::ALL.into_iter().any(|part| draft.forge(part).is_some()));
                setup.draft.set(draft);
            });
        }
        setup.follow_time(app);
        setup
    }

    /// Follows time by the second while somebody looks at a SAS on its last day.
    fn follow_time(self, app: App) {
        let ticking = StoredValue::new_local(None::<Interval>);
        Effect::new(move |_| {
            let now = app.tick.get();
            app.credentials_version.track();
            let is_open = app.view() == View::Setup;
            let is_last_day = |end: Timestamp| end > now && end.since(now) <= days(1);
            let is_near =
                is_open && app.engine(|e| e.readers().iter().filter_map(|r| r.sas()?.expires).any(is_last_day));
            self.second.set(now);
            if is_near != ticking.with_value(Option::is_some) {
                let tick = move || {
                    self.second.try_set(clock::now());
                };
                ticking.set_value(is_near.then(|| Interval::new(1_000, tick)));
            }
        });
    }

    /// Changes the configuration, and keeps it for the tab where it is tried.
    pub(in crate::ui) fn edit(self, app: App, change: impl FnOnce(&mut Draft)) {
        let mut draft = self.draft.get_untracked();
        change(&mut draft);
        if app.is_trial() {
            keep_draft(&draft);
        }
        self.draft.set(draft);
    }
}

/// Keeps it for the tab, and returns whether that worked. What is no configuration yet would only bring back sample
/// data.
pub(in crate::ui) fn keep_draft(draft: &Draft) -> bool {
    let text = draft.to_config(None);
    parse(&text).is_ok() && storage::set(Keep::Tab, DRAFT, &text)
}
