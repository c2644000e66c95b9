//! The state of the page: the engine behind it, the address in front of it, and what is derived from both.
//!
//! Assumes one thread, as the browser has. The engine and whatever else is not a plain value lives in local storage of
//! the reactive system, so that [`App`] is `Copy` and goes into every closure.

mod badge;
mod banners;
mod board;
mod cell;
mod changes;
mod connected;
mod credentials;
mod details;
mod export;
mod kiosk;
mod modules;
mod nothing;
mod notify;
mod prefs;
mod recent;
mod run_engine;
mod saved;
mod setup;
mod sign_in;
mod strip;
mod tab;
mod table;
mod traced;
mod views;

use std::{collections::HashMap, sync::Arc};

use leptos::prelude::*;

pub(super) use self::{
    board::{BoardSight, BoardWindow, first_column},
    changes::{Changes, ServiceKey},
    connected::{Connected, Standing},
    details::{Details, Related, related},
    prefs::ColumnPrefs,
    recent::Recent,
    saved::{Saved, act_on_saved},
    setup::{Setup, act, kept_draft},
    sign_in::{SignInStep, SignIns, step as sign_in_step},
    strip::{Offers, Strip},
    table::TableWindow,
    views::Views,
};
use crate::{
    config::Config,
    domain::{deployment::Deployment, problem::Problem, time::Timestamp},
    engine::{Engine, Progress, RequestId},
    forge::connections::{Connection, connections},
    http::Origin,
    model::{live::LiveViews, store::Slot},
    route::{self, Density, Refresh, Route, Theme, View},
    ui::{
        modules::{Pages, SampleServer},
        view::parts::allow_pictures_from,
    },
    web::{clock, page},
};

/// How long after the last keystroke the address follows, in milliseconds.
const ADDRESS_PAUSE: u32 = 150;

/// So many deployments are kept put together: more than a screen shows.
const DEPLOYMENTS: usize = 2_000;

/// What the header and the banners show. Compared as a whole, so that a quiet refresh touches nothing.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Health {
    pub problems: Vec<Problem>,
    pub progress: Option<Progress>,
    pub ready: bool,
}

/// Everything a component may need. `Copy`.
#[derive(Clone, Copy)]
pub(super) struct App {
    engine: StoredValue<Engine, LocalStorage>,
    /// What is derived from all deployments, as far as somebody looked at it.
    live: StoredValue<LiveViews, LocalStorage>,
    sample: StoredValue<Option<SampleServer>, LocalStorage>,
    under_way: StoredValue<HashMap<RequestId, run_engine::UnderWay>, LocalStorage>,
    alarm: StoredValue<Option<gloo_timers::callback::Timeout>, LocalStorage>,
    /// Set while somebody can see the page.
    ticking: StoredValue<Option<gloo_timers::callback::Timeout>, LocalStorage>,
    /// Set while answers wait to be drawn.
    draw: StoredValue<Option<gloo_timers::callback::Timeout>, LocalStorage>,
    address: StoredValue<Option<gloo_timers::callback::Timeout>, LocalStorage>,
    config: StoredValue<Arc<Config>>,
    config_problems: StoredValue<Vec<Problem>>,
    modules: StoredValue<modules::Modules>,
    /// The views besides the first two, once they are there.
    pub pages: RwSignal<Option<Pages>>,
    connections: StoredValue<Arc<[Connection]>>,
    /// Whether the configuration is one that this tab tries.
    is_trial: StoredValue<bool>,
    /// Whether somebody wants to hear of changes, so that the table is read although the tab is hidden.
    is_followed: StoredValue<bool>,
    /// When each origin last answered, and how many milliseconds that took.
    answered: StoredValue<HashMap<Origin, (Timestamp, u32)>, LocalStorage>,
    /// Under which keys there are credentials that this browser did not keep, and whether a sign-in brought each.
    unkept: StoredValue<Vec<(String, bool)>>,
    /// Who is signed in, and where.
    sign_ins: StoredValue<SignIns, LocalStorage>,
    /// What is looked at.
    pub route: RwSignal<Route>,
    /// Grows when the views should look at the store anew.
    pub version: RwSignal<u64>,
    /// What is wrong and what is being read.
    pub health: RwSignal<Health>,
    /// When the data was last known to be up to date. Not a part of [`Health`]: it moves with every refresh, and
    /// only the freshness label, on its own tick, may look at it.
    pub fresh_at: StoredValue<Option<Timestamp>>,
    /// About now: moves every few seconds, for everything that says how long ago something was.
    pub tick: RwSignal<Timestamp>,
    /// The columns that this device shows.
    pub columns: RwSignal<ColumnPrefs>,
    /// How much room rows take on this device.
    pub density: RwSignal<Density>,
    /// The theme that this device keeps, for when the address names none.
    pub kept_theme: RwSignal<Theme>,
    /// The place that links lead on from: without what is typed, as writing hundreds of them with each key would take
    /// longer than all else. Whoever follows one in this tab gets the address of that moment.
    pub place: Memo<Route>,
    /// What was copied last, and whether that worked.
    pub copied: RwSignal<Option<(String, bool)>>,
    /// Deployments as they were when [`App::version`] had that value.
    deployments: StoredValue<(u64, HashMap<Slot, Arc<Deployment>>), LocalStorage>,
    /// Grows when a credential was typed or forgotten.
    pub credentials_version: RwSignal<u32>,
    /// How the forges stand. Not up to date unless the connections view is open.
    pub connected: RwSignal<Connected>,
}

impl App {
    pub(super) fn new(
        config: Config,
        config_problems: Vec<Problem>,
        sample: Option<SampleServer>,
        route: Route,
    ) -> Self {
        let now = clock::now();
        let seed = now.millis().unsigned_abs();
        let engine = Engine::new(&config, &page::origin(), seed);
        let columns = prefs::load_columns(config.columns.as_deref());
        let connections = connections(&config).into();
        let own = [page::origin()];
        allow_pictures_from(config.picture_origins().into_iter().chain(own).collect());
        let route = RwSignal::new(route);
        let app = Self {
            engine: StoredValue::new_local(engine),
            live: StoredValue::new_local(LiveViews::default()),
            sample: StoredValue::new_local(sample),
            under_way: StoredValue::new_local(HashMap::new()),
            alarm: StoredValue::new_local(None),
            ticking: StoredValue::new_local(None),
            draw: StoredValue::new_local(None),
            address: StoredValue::new_local(None),
            config: StoredValue::new(Arc::new(config)),
            config_problems: StoredValue::new(config_problems),
            modules: StoredValue::default(),
            pages: RwSignal::new(None),
            connections: StoredValue::new(connections),
            is_trial: StoredValue::new(false),
            is_followed: StoredValue::new(false),
            answered: StoredValue::new_local(HashMap::new()),
            unkept: StoredValue::new(Vec::new()),
            sign_ins: StoredValue::new_local(SignIns::default()),
            route,
            version: RwSignal::new(0),
            health: RwSignal::new(Health::default()),
            fresh_at: StoredValue::new(None),
            tick: RwSignal::new(now),
            columns: RwSignal::new(columns),
            density: RwSignal::new(prefs::load_density()),
            kept_theme: RwSignal::new(prefs::load_theme()),
            place: Memo::new(move |_| {
                let mut place = route.get();
                place.q.clear();
                place
            }),
            copied: RwSignal::new(None),
            deployments: StoredValue::new_local((0, HashMap::new())),
            credentials_version: RwSignal::new(0),
            connected: RwSignal::new(Connected::default()),
        };
        app.load_credentials();
        app
    }

    /// The configuration.
    pub(super) fn config(self) -> Arc<Config> {
        self.config.get_value()
    }

    /// Whether the page shows sample data.
    pub(super) fn is_sample(self) -> bool {
        self.sample.with_value(Option::is_some)
    }

    /// Whether this tab tries a configuration that no file holds yet.
    pub(super) fn is_trial(self) -> bool {
        self.is_trial.get_value()
    }

    /// This tab tries its configuration.
    pub(super) fn set_trial(self) {
        self.is_trial.set_value(true);
    }

    /// Looks at the engine.
    pub(super) fn engine<T>(self, look: impl FnOnce(&Engine) -> T) -> T {
        self.engine.with_value(look)
    }

    /// What is derived from all deployments, brought up to date by what has changed since somebody last looked.
    pub(super) fn live<T: Default>(self, look: impl FnOnce(&mut LiveViews, &Engine) -> T) -> T {
        self.live.try_update_value(|live| self.engine(|engine| look(live, engine))).unwrap_or_default()
    }

    /// One deployment, as it is now. Whatever shows it follows it: a slot stays the same while its deployment moves on.
    pub(super) fn deployment(self, slot: Slot) -> Option<Arc<Deployment>> {
        self.version.track();
        let version = self.version.get_untracked();
        let known = self.deployments.with_value(|(of, all)| all.get(&slot).filter(|_| *of == version).cloned());
        if known.is_some() {
            return known;
        }
        let made = self.engine(|engine| engine.deployment(slot).map(Arc::new))?;
        self.deployments.update_value(|(of, all)| {
            if *of != version || all.len() >= DEPLOYMENTS {
                (*of, *all) = (version, HashMap::new());
            }
            all.insert(slot, Arc::clone(&made));
        });
        Some(made)
    }

    /// Goes somewhere: a place of its own that "back" leads from.
    pub(super) fn go(self, change: impl FnOnce(&mut Route)) {
        self.change_route(change, true);
    }

    /// Changes the place without making a new one, as typing does.
    pub(super) fn adjust(self, change: impl FnOnce(&mut Route)) {
        self.change_route(change, false);
    }

    fn change_route(self, change: impl FnOnce(&mut Route), push: bool) {
        let old = self.route.get_untracked();
        let mut new = old.clone();
        change(&mut new);
        if new != old {
            if push {
                // What was typed before belongs to the place that is left.
                self.write_address(&old);
                page::set_query(&new.href(), true);
            } else {
                // Writing the address takes browsers longer than all else that a keystroke does.
                let later = gloo_timers::callback::Timeout::new(ADDRESS_PAUSE, move || {
                    if let Some(route) = self.route.try_get_untracked() {
                        self.write_address(&route);
                    }
                });
                self.address.set_value(Some(later));
            }
            self.arrive(new);
        }
    }

    /// Writes the address that typing has left behind, if it has.
    fn write_address(self, route: &Route) {
        if self.address.try_update_value(Option::take).flatten().is_some() {
            page::set_query(&route.href(), false);
        }
    }

    /// The address changed by itself: back, forward.
    pub(super) fn follow_address(self) {
        self.address.set_value(None);
        self.arrive(route::parse(&page::query()));
    }

    fn arrive(self, new: Route) {
        let moved = self.route.with_untracked(|old| (old.view, &old.of) != (new.view, &new.of));
        self.give_route(&new);
        self.route.set(new);
        self.run_engine();
        if moved {
            // Whoever reads with a screen reader, or walks with the keyboard, starts at the new view's begin.
            request_animation_frame(|| {
                if let Some(heading) = page::find("main h1") {
                    page::focus(&heading);
                }
            });
        }
    }

    /// How often to refresh: as the address says, else as the configuration does.
    pub(super) fn refresh_every(self, route: &Route) -> Option<std::time::Duration> {
        match route.refresh {
            Some(Refresh::Off) => None,
            Some(Refresh::Every(seconds)) => Some(std::time::Duration::from_secs(seconds.into())),
            None => self.config().refresh,
        }
    }

    /// A link to somewhere near here.
    pub(super) fn link(self, change: impl FnOnce(&mut Route)) -> String {
        let mut route = self.route.get_untracked();
        change(&mut route);
        route.href()
    }

    /// The view that is open.
    pub(super) fn view(self) -> View {
        self.route.with(|r| r.view)
    }
}
