//! The state of the page behind its views: the engine, the address, and what this device keeps.

use std::{collections::HashMap, sync::Arc};

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use super::{
    connected::Connected,
    modules::Modules,
    prefs::{ColumnPrefs, load_columns, load_density, load_theme},
    related::Related,
    sign_ins::{SignInStep, SignIns},
};
use crate::{
    config::Config,
    domain::{deployment::Deployment, problem::Problem, project::ProjectId, time::Timestamp},
    engine::{Engine, Progress, RequestId},
    forge::connections::{Connection, connections},
    guide::Draft,
    http::{Origin, Request, Response},
    model::{
        compare::{Choice, Comparison},
        live::LiveViews,
        rings::Board,
        store::Slot,
        symbols::ServiceSym,
        trace::{ServiceHistory, Trace},
        window::FIRST_ROWS,
    },
    route::{self, Density, Refresh, Route, Theme, View},
    ui::view::parts::allow_pictures_from,
    web::{clock, fetch, page},
};

/// How long after the last keystroke the address follows, in milliseconds.
const ADDRESS_PAUSE: u32 = 150;

/// So many deployments are kept put together: more than a screen shows.
const DEPLOYMENTS: usize = 2_000;

/// What the header and the banners show. Compared as a whole, so that a quiet refresh touches nothing.
#[derive(Clone, PartialEq, Debug, Default)]
pub(in crate::ui) struct Health {
    pub problems: Vec<Problem>,
    pub progress: Option<Progress>,
    pub ready: bool,
}

/// What answers in the place of a table and of the repository of manifests.
pub(in crate::ui) type SampleServer = Box<dyn Fn(&Request, Timestamp) -> Response>;

/// A request under way; dropping it gives it up.
pub(in crate::ui) enum UnderWay {
    Fetch { _guard: fetch::AbortOnDrop },
    Sample { _timer: Timeout },
}

/// A service's project and symbol.
pub(in crate::ui) type ServiceKey = (ProjectId, ServiceSym);

/// What is derived from all deployments for the views besides the first two.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Derivations {
    pub read_draft: fn(&str) -> Option<Draft>,
    pub comparison: fn(App, &Board, Choice) -> Option<Comparison>,
    pub service_history: fn(App, ServiceKey, Option<usize>) -> ServiceHistory,
    pub trace: fn(App, &str, Option<usize>) -> Option<Trace>,
    pub related: fn(App, Slot) -> Related,
    pub sign_in: fn(App, SignInStep),
}

/// Everything a component may need. `Copy`.
#[derive(Clone, Copy)]
pub(in crate::ui) struct App {
    pub(super) engine: StoredValue<Engine, LocalStorage>,
    /// What is derived from all deployments, as far as somebody looked at it.
    pub(super) live: StoredValue<LiveViews, LocalStorage>,
    pub(super) sample: StoredValue<Option<SampleServer>, LocalStorage>,
    pub(super) under_way: StoredValue<HashMap<RequestId, UnderWay>, LocalStorage>,
    pub(super) alarm: StoredValue<Option<Timeout>, LocalStorage>,
    /// Set while somebody can see the page.
    pub(super) ticking: StoredValue<Option<Timeout>, LocalStorage>,
    /// Whether the engine has published changes that no view has looked at.
    pub(super) is_published: StoredValue<bool>,
    /// Set while answers wait to be drawn.
    pub(super) draw: StoredValue<Option<Timeout>, LocalStorage>,
    pub(super) address: StoredValue<Option<Timeout>, LocalStorage>,
    pub(super) config: StoredValue<Arc<Config>>,
    pub(super) config_problems: StoredValue<Vec<Problem>>,
    pub(super) modules: StoredValue<Modules>,
    /// What is derived for the views besides the first two, once the code for that is there.
    pub derivations: RwSignal<Option<Derivations>>,
    pub(super) connections: StoredValue<Arc<[Connection]>>,
    /// Whether the configuration is one that this tab tries.
    pub(super) is_trial: StoredValue<bool>,
    /// Whether somebody wants notifications, so that the table is read although the tab is hidden.
    pub(super) is_followed: StoredValue<bool>,
    /// When each origin last answered, and how many milliseconds that took.
    pub(super) answered: StoredValue<HashMap<Origin, (Timestamp, u32)>, LocalStorage>,
    /// Under which keys there are credentials that this browser did not keep, and whether a sign-in brought each.
    pub(super) unkept: StoredValue<Vec<(String, bool)>>,
    /// Who is signed in, and where.
    pub(super) sign_ins: StoredValue<SignIns, LocalStorage>,
    /// What is looked at.
    pub route: RwSignal<Route>,
    /// Grows when the views should look at the store anew.
    pub version: RwSignal<u64>,
    /// What is wrong and what is being read.
    pub health: RwSignal<Health>,
    /// When the data was last known to be up to date. Not a part of [`Health`]: it moves with every refresh, and
    /// only the freshness label, on its own tick, may look at it.
    pub fresh_at: StoredValue<Option<Timestamp>>,
    /// About now: moves every few seconds, for everything that shows how long ago something was.
    pub tick: RwSignal<Timestamp>,
    /// So many rows of the open view are drawn at most: few at first, and more with each frame.
    pub drawn_rows: RwSignal<usize>,
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
    pub(super) deployments: StoredValue<(u64, HashMap<Slot, Arc<Deployment>>), LocalStorage>,
    /// Grows when a credential was typed or forgotten.
    pub credentials_version: RwSignal<u32>,
    /// How the forges stand. Not up to date unless the connections view is open.
    pub connected: RwSignal<Connected>,
}

impl App {
    pub(in crate::ui) fn new(
        config: Config,
        config_problems: Vec<Problem>,
        sample: Option<SampleServer>,
        route: Route,
    ) -> Self {
        let now = clock::now();
        let seed = now.millis().unsigned_abs();
        let engine = Engine::new(&config, &page::origin(), seed);
        let columns = load_columns(config.columns.as_deref());
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
            is_published: StoredValue::new(false),
            draw: StoredValue::new_local(None),
            address: StoredValue::new_local(None),
            config: StoredValue::new(Arc::new(config)),
            config_problems: StoredValue::new(config_problems),
            modules: StoredValue::default(),
            derivations: RwSignal::new(None),
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
            drawn_rows: RwSignal::new(FIRST_ROWS),
            columns: RwSignal::new(columns),
            density: RwSignal::new(load_density()),
            kept_theme: RwSignal::new(load_theme()),
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

    pub(in crate::ui) fn config(self) -> Arc<Config> {
        self.config.get_value()
    }

    /// Whether the page shows sample data.
    pub(in crate::ui) fn is_sample(self) -> bool {
        self.sample.with_value(Option::is_some)
    }

    /// Whether this tab tries a configuration that no file holds yet.
    pub(in crate::ui) fn is_trial(self) -> bool {
        self.is_trial.get_value()
    }

    /// This tab tries its configuration.
    pub(in crate::ui) fn set_trial(self) {
        self.is_trial.set_value(true);
    }

    /// Looks at the engine.
    pub(in crate::ui) fn engine<T>(self, read: impl FnOnce(&Engine) -> T) -> T {
        self.engine.with_value(read)
    }

    /// What is derived from all deployments, brought up to date by what has changed since somebody last looked.
    pub(in crate::ui) fn live<T: Default>(self, read: impl FnOnce(&mut LiveViews, &Engine) -> T) -> T {
        self.live.try_update_value(|live| self.engine(|engine| read(live, engine))).unwrap_or_default()
    }

    /// One deployment, as it is now. Whatever shows it follows it: a slot stays the same while its deployment moves on.
    pub(in crate::ui) fn deployment(self, slot: Slot) -> Option<Arc<Deployment>> {
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
    pub(in crate::ui) fn go(self, change: impl FnOnce(&mut Route)) {
        self.change_route(change, true);
    }

    /// Changes the place without making a new one, as typing does.
    pub(in crate::ui) fn replace_route(self, change: impl FnOnce(&mut Route)) {
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
                let later = Timeout::new(ADDRESS_PAUSE, move || {
                    if let Some(route) = self.route.try_get_untracked() {
                        self.write_address(&route);
                    }
                });
                self.address.set_value(Some(later));
            }
            self.apply_route(new);
        }
    }

    /// Writes the address that typing has left behind, if it has.
    fn write_address(self, route: &Route) {
        if self.address.try_update_value(Option::take).flatten().is_some() {
            page::set_query(&route.href(), false);
        }
    }

    /// The address changed by itself: back, forward.
    pub(in crate::ui) fn follow_address(self) {
        self.address.set_value(None);
        self.apply_route(route::parse(&page::query()));
    }

    fn apply_route(self, new: Route) {
        let moved = self.route.with_untracked(|old| (old.view, &old.of) != (new.view, &new.of));
        self.give_route(&new);
        if moved {
            self.drawn_rows.set(FIRST_ROWS);
        }
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

    /// How often to refresh: as in the address, else as the configuration does.
    pub(in crate::ui) fn refresh_every(self, route: &Route) -> Option<std::time::Duration> {
        match route.refresh {
            Some(Refresh::Off) => None,
            Some(Refresh::Every(seconds)) => Some(std::time::Duration::from_secs(seconds.into())),
            None => self.config().refresh,
        }
    }

    /// A link to somewhere near here.
    pub(in crate::ui) fn link(self, change: impl FnOnce(&mut Route)) -> String {
        let mut route = self.route.get_untracked();
        change(&mut route);
        route.href()
    }

    pub(in crate::ui) fn view(self) -> View {
        self.route.with(|r| r.view)
    }
}
