//! The loop around the engine: sends what it asks for, brings it the answers, wakes it when it wants.

use gloo_timers::callback::Timeout;
use leptos::{leptos_dom::helpers::window_event_listener, prelude::*, task::spawn_local};

use super::{App, Health};
use crate::{
    engine::{Command, RequestId, cache::CacheWrite, clock::Clock, forge::VisibleSet},
    http::{NetError, Request, Response},
    web::{cache, clock, fetch, page},
};

/// How often "about now" moves.
const TICK: u32 = 10_000;

/// A request under way; dropping it gives it up.
pub(super) enum UnderWay {
    Fetch { _guard: fetch::AbortOnDrop },
    Sample { _timer: Timeout },
}

impl App {
    /// Starts the loop, which goes on as long as the page lives.
    pub(in crate::ui) fn start(self) {
        let route = self.route.get_untracked();
        let every = self.refresh_every(&route);
        let projects = route.filters.get(crate::model::query::Facet::Project).to_vec();
        self.engine.update_value(|engine| {
            engine.set_projects(&projects);
            engine.set_refresh(every);
            engine.set_visible(page::is_visible());
            engine.set_online(page::is_online());
        });
        for event in ["visibilitychange", "online", "offline"] {
            let look = move |_: web_sys::Event| {
                self.engine.update_value(|engine| {
                    engine.set_visible(page::is_visible());
                    engine.set_online(page::is_online());
                });
                self.tick.set(clock::now());
                self.pump();
            };
            // The document's event bubbles up to the window.
            window_event_listener(leptos::ev::Custom::<web_sys::Event>::new(event), look);
        }
        window_event_listener(leptos::ev::popstate, move |_| self.follow_address());
        self.keep_ticking();
        self.recall();
        self.pump();
    }

    /// Brings back what this browser kept of finished work. Forges are asked only when that is here.
    fn recall(self) {
        spawn_local(async move {
            // Sample data asks no forge.
            let chunks = if self.is_sample() { Vec::new() } else { cache::load().await };
            self.engine.update_value(|engine| engine.restore(chunks));
            self.pump();
        });
    }

    /// Gives the browser to keep what has been learnt of finished work.
    fn keep_facts(self, now: Clock) {
        for keep in self.engine.try_update_value(|engine| engine.take_cache_writes(now)).unwrap_or_default() {
            match keep {
                CacheWrite::Write { name, bytes } => cache::write(&name, &bytes),
                CacheWrite::Delete { name } => cache::delete(&name),
            }
        }
    }

    /// Tells the engine what somebody sees.
    pub(super) fn show(self, sight: VisibleSet) {
        self.engine.update_value(|engine| engine.set_visible_set(sight));
        self.pump();
    }

    fn keep_ticking(self) {
        Timeout::new(TICK, move || {
            // Also what only time changes: a SAS that has ended, or begun.
            self.pump();
            // After it, so that ages are told by what the clock shows now.
            if page::is_visible() {
                self.tick.set(clock::now());
            }
            self.keep_ticking();
        })
        .forget();
    }

    /// Sends what is to be sent, shows what has changed, and sets the alarm for when there is more to do.
    pub(in crate::ui) fn pump(self) {
        let now = clock::clocks();
        self.send_commands(now);
        self.keep_facts(now);
        self.look();
        let wake = self.engine(crate::engine::Engine::wake_at);
        let alarm = wake.map(|at| {
            let wait = u32::try_from(at.since(now.wall).as_millis()).unwrap_or(u32::MAX).max(1);
            // A day is as far as a browser's timer is sure to reach.
            Timeout::new(wait.min(86_400_000), move || self.pump())
        });
        self.alarm.set_value(alarm);
    }

    fn send_commands(self, now: Clock) {
        let commands = self.engine.try_update_value(|engine| engine.poll(now)).unwrap_or_default();
        for command in commands {
            match command {
                Command::Send(id, request) => self.send(id, request),
                Command::Abort(id) => self.under_way.update_value(|all| {
                    all.remove(&id);
                }),
            }
        }
    }

    fn send(self, id: RequestId, request: Request) {
        let under_way = if self.is_sample() {
            let timer = Timeout::new(0, move || {
                let answer = self.sample.with_value(|demo| demo.as_ref().map(|d| d.answer(&request, clock::now())));
                self.receive(id, answer.ok_or(NetError::Offline));
            });
            UnderWay::Sample { _timer: timer }
        } else {
            let guard = fetch::AbortOnDrop::new();
            let answer = fetch::send(&request, &guard);
            spawn_local(async move { self.receive(id, answer.await) });
            UnderWay::Fetch { _guard: guard }
        };
        self.under_way.update_value(|all| {
            all.insert(id, under_way);
        });
    }

    fn receive(self, id: RequestId, result: Result<Response, NetError>) {
        self.under_way.update_value(|all| {
            all.remove(&id);
        });
        let now = clock::clocks();
        self.engine.update_value(|engine| engine.answer(id, result, now));
        self.send_commands(now);
        // Drawing gets a task of its own, so that neither it nor reading the answer blocks the page for long, and what
        // comes meanwhile is drawn at once with it.
        if self.draw.with_value(Option::is_none) {
            self.draw.set_value(Some(Timeout::new(0, move || {
                self.draw.set_value(None);
                self.pump();
            })));
        }
    }

    /// Shows what has changed, and nothing else.
    fn look(self) {
        let now = clock::clocks();
        let published = self.engine.try_update_value(|engine| engine.publish(now)).unwrap_or(false);
        let (health, fresh_at) = self.engine(|engine| {
            let mut problems = self.config_problems.get_value();
            problems.extend(engine.problems(now));
            (Health { problems, progress: engine.progress(), ready: engine.is_ready(now) }, engine.fresh_at())
        });
        self.fresh_at.set_value(fresh_at);
        self.look_at_connections(now.wall);
        if published {
            let delta = self.engine.try_update_value(crate::engine::Engine::take_delta).unwrap_or_default();
            self.live.update_value(|live| live.note(&delta));
            self.version.update(|v| *v += 1);
        }
        if self.health.with_untracked(|old| *old != health) {
            let ready = health.ready;
            self.health.set(health);
            if ready {
                // Drawn first, said then.
                request_animation_frame(|| page::set_root("data-ready", "true"));
            }
        }
    }

    /// Reads everything anew, as somebody asked by hand.
    pub(in crate::ui) fn refresh_now(self) {
        self.engine.update_value(crate::engine::Engine::refresh);
        self.tick.set(clock::now());
        self.pump();
    }
}
