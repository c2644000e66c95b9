//! The loop around the engine: gives it what happens, carries out its outputs, wakes it when it is due.

use gloo_timers::callback::Timeout;
use leptos::{leptos_dom::helpers::window_event_listener, prelude::*, task::spawn_local};

use super::{
    app::{App, Health, UnderWay},
    sign_ins::SignInStep,
};
use crate::{
    domain::{
        problem::{Area, Problem, ProblemKind, Severity},
        time::Timestamp,
    },
    engine::{Engine, Input, Output, RequestId, VisibleSet, cache::CacheWrite},
    http::{MOVED_TO, NetError, Origin, Request, Response},
    model::query::Facet,
    route::{Route, View},
    web::{cache, clock, fetch, page, storage},
};

/// How often "about now" moves.
const TICK: u32 = 10_000;

/// So many things are shown beside what is wrong with the configuration.
const MOST_NOTES: usize = 20;

impl App {
    /// Prepares the loop, which goes on as long as the page lives and begins with the first [`App::run_engine`].
    pub(in crate::ui) fn start(self) {
        self.apply_device();
        self.give_route(&self.route.get_untracked());
        for event in ["visibilitychange", "online", "offline"] {
            let listener = move |_: web_sys::Event| {
                self.apply_device();
                self.tick.set(clock::now());
                self.run_engine();
                if page::is_visible() {
                    self.tend_sign_in(SignInStep::Tick);
                }
                self.keep_ticking();
            };
            // The document's event bubbles up to the window.
            window_event_listener(leptos::ev::Custom::<web_sys::Event>::new(event), listener);
        }
        window_event_listener(leptos::ev::popstate, move |_| self.follow_address());
        self.keep_ticking();
        self.tend_sign_in(SignInStep::Tick);
        self.recall();
    }

    /// Gives the engine an input. What follows from it is done when [`App::run_engine`] is called.
    pub(super) fn give(self, input: Input) {
        self.engine.update_value(|engine| engine.handle_input(input, clock::clocks()));
    }

    fn apply_device(self) {
        self.give(Input::Visibility(page::is_visible() || self.is_followed.get_value()));
        self.give(Input::Network(page::is_online()));
    }

    /// Goes on reading while the tab is hidden, or no more.
    pub(super) fn follow_when_hidden(self, is_followed: bool) {
        self.is_followed.set_value(is_followed);
        self.apply_device();
        self.run_engine();
    }

    /// Hands the engine what of a route concerns it.
    pub(super) fn give_route(self, route: &Route) {
        self.give(Input::Projects(route.filters.get(Facet::Project).to_vec()));
        self.give(Input::RefreshInterval(self.refresh_every(route)));
    }

    /// Brings back what this browser kept of finished work. Forges are asked only when that is here.
    fn recall(self) {
        spawn_local(async move {
            // Sample data asks no forge.
            let chunks = if self.is_sample() { Some(Vec::new()) } else { cache::load().await };
            self.note_storage(chunks.is_some());
            self.give(Input::CachedFacts(chunks.unwrap_or_default()));
            self.run_engine();
        });
    }

    /// Shows once what this browser does not keep.
    fn note_storage(self, has_cache: bool) {
        let hint = match (storage::is_available(), has_cache) {
            (true, true) => return,
            (false, false) => crate::text::problems::KEEPS_NOTHING,
            (false, true) => crate::text::problems::KEEPS_NO_CREDENTIALS,
            (true, false) => crate::text::problems::KEEPS_NO_FACTS,
        };
        let what = crate::text::problems::FORGETS;
        let note = Problem::error(Area::Config, ProblemKind::Forbidden, what, hint);
        self.note(note.severity(Severity::Note));
    }

    /// Shows something once, beside what is wrong with the configuration.
    fn note(self, note: Problem) {
        let is_new =
            self.config_problems.with_value(|all| all.len() < MOST_NOTES && !all.iter().any(|p| p.what == note.what));
        if is_new {
            self.config_problems.update_value(|all| all.push(note));
        }
    }

    /// Hands the engine what is visible.
    pub(super) fn set_visible_set(self, visible: VisibleSet) {
        self.give(Input::VisibleSet(visible));
        // Later: what is drawn now has taken long enough.
        self.set_alarm(Some(clock::now()));
    }

    /// Ages are shown anew now and then, for as long as somebody can see them.
    fn keep_ticking(self) {
        let next = page::is_visible().then(|| {
            Timeout::new(TICK, move || {
                // Also what only time changes: a SAS that has ended, or begun.
                self.run_engine();
                // After it, so that ages follow what the clock shows now.
                self.tick.set(clock::now());
                self.tend_sign_in(SignInStep::Tick);
                self.keep_ticking();
            })
        });
        self.ticking.set_value(next);
    }

    /// Does what is to be done now, sets the alarm for when there is more to do, and has what changed drawn soon.
    pub(in crate::ui) fn run_engine(self) {
        self.give(Input::Timer);
        let wake = self.perform_outputs();
        self.set_alarm(wake);
        if self.is_published.get_value() {
            self.draw_soon();
        } else {
            self.publish_health();
        }
    }

    /// Drawing gets a task of its own, so that neither it nor reading rows blocks the page for long, and what comes
    /// meanwhile is drawn at once with it.
    fn draw_soon(self) {
        if self.draw.with_value(Option::is_none) {
            self.draw.set_value(Some(Timeout::new(0, move || {
                self.draw.set_value(None);
                if self.is_published.try_update_value(std::mem::take) == Some(true) {
                    self.fresh_at.set_value(self.engine(Engine::fresh_at));
                    self.version.update(|v| *v += 1);
                }
                self.publish_health();
            })));
        }
    }

    /// Carries out the engine's outputs. Returns when to wake it.
    fn perform_outputs(self) -> Option<Timestamp> {
        loop {
            match self.engine.try_update_value(Engine::poll_output) {
                Some(Output::Send(id, request)) => self.send(id, request),
                Some(Output::Abort(id)) => self.under_way.update_value(|all| {
                    all.remove(&id);
                }),
                Some(Output::Persist(CacheWrite::Write { name, bytes })) => cache::write(&name, &bytes),
                Some(Output::Persist(CacheWrite::Delete { name })) => cache::delete(&name),
                Some(Output::Publish(delta)) => {
                    self.live.update_value(|live| live.note(&delta));
                    self.is_published.set_value(true);
                }
                Some(Output::Wait(at)) => break at,
                None => break None,
            }
        }
    }

    /// Shows once for each place that a service has moved it, and where to.
    fn note_move(self, from: &str, to: &str) {
        let place = |address: &str| address.split('?').next().unwrap_or(address).to_owned();
        let what = crate::text::problems::has_moved(&place(from), &place(to));
        let hint = crate::text::problems::MOVED_HINT;
        let note = Problem::error(Area::Pipelines, ProblemKind::NotFound, what, hint);
        self.note(note.severity(Severity::Warning));
    }

    fn set_alarm(self, wake: Option<Timestamp>) {
        let alarm = wake.map(|at| {
            let wait = u32::try_from(at.since(clock::now()).as_millis()).unwrap_or(u32::MAX).max(1);
            // A day is as far as a browser's timer is sure to reach.
            Timeout::new(wait.min(86_400_000), move || self.run_engine())
        });
        self.alarm.set_value(alarm);
    }

    fn send(self, id: RequestId, request: Request) {
        let under_way = if self.is_sample() {
            let timer = Timeout::new(0, move || {
                let answer =
                    self.sample.with_value(|sample| sample.as_ref().map(|server| server(&request, clock::now())));
                self.receive(id, answer.ok_or(NetError::Offline));
            });
            UnderWay::Sample { _timer: timer }
        } else {
            let guard = fetch::AbortOnDrop::new();
            let answer = fetch::send(&request, &guard);
            let (origin, begin) = (Origin::of(request.address()), clock::clocks());
            let from = request.address().to_owned();
            spawn_local(async move {
                let answer = answer.await;
                if let (Some(origin), Ok(response)) = (origin, &answer)
                    && response.is_success()
                {
                    let (now, took) = (clock::clocks(), clock::clocks().monotonic.saturating_sub(begin.monotonic));
                    let millis = u32::try_from(took.as_millis()).unwrap_or(u32::MAX);
                    self.answered.update_value(|all| {
                        all.insert(origin, (now.wall, millis));
                    });
                    if let Some(to) = response.header(MOVED_TO) {
                        self.note_move(&from, to);
                    }
                }
                self.receive(id, answer);
            });
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
        self.give(Input::Response(id, result));
        // Reading its first rows took long enough.
        self.set_alarm(Some(clock::now()));
    }

    /// Shows how it goes, where that has changed.
    fn publish_health(self) {
        let health = self.engine(|engine| {
            let mut problems = self.config_problems.get_value();
            self.modules.with_value(|modules| problems.extend(modules.problems()));
            self.sign_ins.with_value(|sign_ins| problems.extend(sign_ins.problems.iter().cloned()));
            problems.extend(engine.problems());
            Health { problems, progress: engine.progress(), ready: engine.is_ready() }
        });
        self.fresh_at.set_value(self.engine(Engine::fresh_at));
        self.update_connections();
        // A token can be tested before there are rows, and where nobody looks no frame would come to wait for.
        if self.route.with_untracked(|r| r.view) == View::Setup {
            self.load_forges();
        }
        if health.ready && !page::is_visible() {
            self.load_modules();
        }
        if self.health.with_untracked(|old| *old != health) {
            self.health.set(health);
        }
    }

    /// Reads everything anew, as somebody asked by hand.
    pub(in crate::ui) fn refresh_now(self) {
        self.give(Input::Refresh);
        self.tick.set(clock::now());
        self.run_engine();
    }
}
