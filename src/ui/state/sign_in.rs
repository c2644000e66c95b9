//! Signing in, in the page: does what `sign_in` decides, and hands credentials from a window to the frame that opened
//! it.
//!
//! All but [`App::tend_sign_in`] and [`App::is_in_window`] is part of the module `pages`, which comes after the first
//! rows.

use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;

use super::{app::App, sign_ins::SignInStep, views::Views};
use crate::{
    domain::{
        problem::{Area, Problem, ProblemKind, Severity},
        project::ProjectId,
    },
    http::Request,
    route::View,
    sign_in::{
        attempt::{Attempt, Callback, RANDOM_BYTES},
        failure::{Failure, FailureKind},
        keep_token,
        provider::{Provider, Target, providers},
        session::{Granted, Session, State},
    },
    ui::view::setup::{HandOverView, Held, SignInState, SignInView},
    web::{
        clock, fetch, page,
        sign_in::{self as browser, Message},
        storage::{self, Keep},
    },
};

/// What the window that a frame opens has in its address.
const HAND_OVER: &str = "handover";
/// How long to wait for the frame, in milliseconds.
const TIMEOUT: u32 = 3_000;

impl App {
    /// Does what is to be done about signing in, as soon as the part that can is there.
    pub(in crate::ui) fn tend_sign_in(self, step: SignInStep) {
        let is_needed =
            !self.config().sign_in.is_empty() || !matches!(step, SignInStep::Tick | SignInStep::RequestAgain);
        match self.derivations.get_untracked() {
            _ if !is_needed || self.is_sample() => {}
            Some(derivations) => (derivations.sign_in)(self, step),
            None => self.load_pages(),
        }
    }

    /// Whether this is a frame in which something wants a credential: there it is asked for in a window.
    pub(in crate::ui) fn is_in_window(self) -> bool {
        let is_missing = |p: &Problem| matches!(p.kind, ProblemKind::Unauthorized | ProblemKind::Expired);
        self.route.with(|r| r.embed && r.view != View::Badge)
            && !self.is_sample()
            && browser::is_framed()
            && (self.view() == View::Setup || self.health.with(|h| h.problems.iter().any(is_missing)))
    }
}

/// This page without query, as registrations know it.
fn redirect() -> String {
    let page = page::address_with("");
    page.strip_suffix("index.html").map_or(page.clone(), str::to_owned)
}

fn session_key(provider: &Provider) -> String {
    ["ringside.session.", &provider.id].concat()
}

/// Does a step.
pub(in crate::ui) fn step(app: App, step: SignInStep) {
    wake(app);
    match step {
        SignInStep::Tick => {}
        SignInStep::RequestAgain => each(app, |session| session.request_again(clock::now())),
        SignInStep::Begin(_) if browser::is_framed() => open_window(app),
        SignInStep::Begin(index) => return begin(app, index),
        SignInStep::SignOut(index) => {
            let taken = of(app, index, Session::sign_out);
            apply(app, index, taken.unwrap_or_default());
        }
        SignInStep::OpenWindow => open_window(app),
        SignInStep::HandOver => hand_over(app),
    }
    poll(app);
}

fn each(app: App, change: impl Fn(&mut Session)) {
    app.sign_ins.update_value(|all| all.sessions.iter_mut().flatten().for_each(change));
}

/// Does something with one session.
fn of<T>(app: App, index: usize, then: impl FnOnce(&mut Session) -> T) -> Option<T> {
    app.sign_ins.try_update_value(|all| Some(then(all.sessions.as_mut()?.get_mut(index)?))).flatten()
}

fn count(app: App) -> usize {
    app.sign_ins.with_value(|all| all.sessions.as_ref().map_or(0, Vec::len))
}

/// Makes the sessions the first time, and takes the answer that the page was opened with.
fn wake(app: App) {
    if app.sign_ins.with_value(|all| all.sessions.is_some()) {
        return;
    }
    let providers = providers(&app.config(), &app.connections());
    let session = |provider: Provider| {
        let kept = storage::get(Keep::Tab, &session_key(&provider));
        Session::new(provider, kept.as_deref(), clock::now())
    };
    let sessions = providers.into_iter().map(session).collect();
    app.sign_ins.update_value(|all| all.sessions = Some(sessions));
    let opened = move || app.sign_ins.with_value(|all| all.window.clone());
    browser::on_message(opened, move |message| match message {
        Message::Credentials(text) => take(app, &text),
        Message::Taken => {
            show_notice(app, crate::text::connections::HANDED_OVER);
            browser::close_window();
        }
    });
    if let Some(callback) = browser::take_answer().and_then(|answer| Callback::parse(&answer)) {
        come_back(app, callback);
    }
}

/// Somebody came back from a provider.
fn come_back(app: App, callback: Callback) {
    let key = Attempt::key(&callback.state);
    let attempt = storage::get(Keep::Tab, &key).and_then(|text| Attempt::from_text(&callback.state, &text));
    storage::remove(Keep::Tab, &key);
    let index = attempt.as_ref().and_then(|attempt| {
        let is_its = |session: &Session| session.provider().id == attempt.provider;
        app.sign_ins.with_value(|all| all.sessions.as_ref()?.iter().position(is_its))
    });
    match (attempt, index, callback.outcome) {
        (Some(attempt), Some(index), Ok(code)) => {
            let request = of(app, index, |session| session.redeem(&attempt, &code, &redirect()));
            if let Some(request) = request.flatten() {
                exchange(app, index, &request);
            }
        }
        (Some(_), Some(index), Err(failure)) => drop(of(app, index, |session| session.refused(failure))),
        _ => app.sign_ins.update_value(|all| all.foreign = Some(Failure::new(FailureKind::Foreign))),
    }
    publish(app);
}

/// Sends what is due, and ends what is over.
fn poll(app: App) {
    let now = clock::now();
    for index in 0..count(app) {
        let over = of(app, index, |session| session.expire(now)).unwrap_or_default();
        if !over.is_empty() {
            apply(app, index, over);
        }
        if let Some(request) = of(app, index, |session| session.poll(now)).flatten() {
            exchange(app, index, &request);
        }
    }
}

fn exchange(app: App, index: usize, request: &Request) {
    let guard = fetch::AbortOnDrop::new();
    let answer = fetch::send(request, &guard);
    spawn_local(async move {
        let answer = answer.await;
        drop(guard);
        let granted = of(app, index, |session| session.apply(answer, clock::now()));
        apply(app, index, granted.unwrap_or_default());
        poll(app);
    });
}

/// Gives tokens to whom they are for, where nothing was pasted, and keeps the session.
fn apply(app: App, index: usize, granted: Vec<Granted>) {
    for Granted { resource, token } in granted {
        let targets = of(app, index, |session| session.provider().resources.get(resource).map(|r| r.targets.clone()));
        for target in targets.flatten().unwrap_or_default() {
            let held = app.held_of(&target);
            match &token {
                Some((token, ends)) if matches!(held, None | Some(Held::SignedIn)) => {
                    app.give_target(&target, Some(&keep_token(token, *ends)));
                }
                None if held == Some(Held::SignedIn) => app.give_target(&target, None),
                _ => {}
            }
        }
    }
    of(app, index, |session| {
        let key = session_key(session.provider());
        match session.to_text() {
            // Where nothing is kept, the session lasts as long as the page.
            Some(text) => drop(storage::set(Keep::Tab, &key, &text)),
            None => storage::remove(Keep::Tab, &key),
        }
    });
    publish(app);
}

/// Shows what is wrong, above every view.
fn publish(app: App) {
    let page = redirect();
    app.sign_ins.update_value(|all| {
        let failed = all.sessions.iter().flatten().flat_map(|session| {
            let provider = session.provider();
            let failures = match session.state() {
                State::SignedOut(Some(failure)) => vec![(None, failure)],
                State::SignedIn(failed) => failed.into_iter().map(|(resource, f)| (Some(resource), f)).collect(),
                State::SignedOut(None) | State::Busy => Vec::new(),
            };
            failures.into_iter().map(|(resource, failure)| {
                let of = resource.and_then(|resource| provider.resources.get(resource)).map(|resource| resource.name);
                problem(&failure, provider.name, of, &page)
            })
        });
        let foreign = all.foreign.iter().map(|failure| problem(failure, crate::text::problems::A_SERVICE, None, &page));
        all.problems = failed.chain(foreign).collect();
    });
    app.credentials_changed();
}

fn problem(failure: &Failure, provider: &str, of: Option<&str>, page: &str) -> Problem {
    let (what, hint) = failure.explain(provider, page);
    let what = of.map_or(what.clone(), |of| [of, ": ", &what].concat());
    let (kind, severity) = match failure.kind {
        FailureKind::Ended => (ProblemKind::Expired, Severity::Error),
        FailureKind::ConsentNeeded | FailureKind::ScopeUnknown => (ProblemKind::Forbidden, Severity::Error),
        FailureKind::Passing => (ProblemKind::Unreachable, Severity::Warning),
        FailureKind::Unreadable => (ProblemKind::Unreadable, Severity::Error),
        _ => (ProblemKind::Unauthorized, Severity::Error),
    };
    let answered = (!failure.detail.is_empty()).then(|| crate::text::problems::service_answered(&failure.detail));
    Problem::error(Area::Config, kind, what, hint).severity(severity).details(answered.into_iter().collect())
}

/// Leaves for the provider's page.
fn begin(app: App, index: usize) {
    let Some(provider) = of(app, index, |session| session.provider().clone()) else { return };
    app.sign_ins.update_value(|all| all.foreign = None);
    spawn_local(async move {
        if let Err(kind) = leave(&provider).await {
            of(app, index, |session| session.refused(Failure::new(kind)));
            publish(app);
        }
    });
}

async fn leave(provider: &Provider) -> Result<(), FailureKind> {
    let random = browser::random::<RANDOM_BYTES>().ok_or(FailureKind::Insecure)?;
    let attempt = Attempt::new(&random, provider, &page::query());
    let digest = browser::sha256(&attempt.verifier).await.ok_or(FailureKind::Insecure)?;
    if !storage::set(Keep::Tab, &Attempt::key(&attempt.state), &attempt.to_text()) {
        return Err(FailureKind::NothingKept);
    }
    let address = attempt.address(provider, &digest, &redirect());
    if browser::leave_for(&address) { Ok(()) } else { Err(FailureKind::Unreadable) }
}

fn show_notice(app: App, sentence: &'static str) {
    app.sign_ins.update_value(|all| all.notice = sentence);
    app.credentials_version.update(|v| *v += 1);
}

fn open_window(app: App) {
    let window = browser::open_window(&page::address_with(&["?view=setup&", HAND_OVER, "=1"].concat()));
    let sentence = match window {
        Some(_) => crate::text::connections::WINDOW_OPENED,
        None => crate::text::connections::NO_WINDOW,
    };
    app.sign_ins.update_value(|all| all.window = window);
    show_notice(app, sentence);
}

/// Everything that credentials of this configuration are kept under, with what there is.
fn kept_of_all(app: App) -> Vec<(String, String)> {
    let config = app.config();
    let tables = config.project_ids().map(Target::Table);
    let forges = app.connections();
    let targets = tables.chain(forges.iter().map(|connection| Target::Forge(connection.origin.clone())));
    let credentials = targets.filter_map(|target| Some((app.target_key(&target)?, app.kept_of(&target)?)));
    let sessions = app.sign_ins.with_value(|all| {
        let kept = |session: &Session| Some((session_key(session.provider()), session.to_text()?));
        all.sessions.iter().flatten().filter_map(kept).collect::<Vec<_>>()
    });
    credentials.chain(sessions).collect()
}

fn hand_over(app: App) {
    let kept = kept_of_all(app);
    if kept.is_empty() {
        return show_notice(app, crate::text::connections::NOTHING_TO_GIVE);
    }
    let text = serde_json::to_string(&kept).unwrap_or_default();
    if !browser::hand_over(&text) {
        return show_notice(app, crate::text::connections::OPENER_GONE);
    }
    show_notice(app, crate::text::connections::HANDING_OVER);
    Timeout::new(TIMEOUT, move || {
        if app.sign_ins.with_value(|all| all.notice == crate::text::connections::HANDING_OVER) {
            show_notice(app, crate::text::connections::OPENER_SILENT);
        }
    })
    .forget();
}

/// Takes credentials over from the window that this frame opened. Of what it brings only what this configuration has
/// is used.
fn take(app: App, text: &str) {
    let brought: Vec<(String, String)> = serde_json::from_str::<Value>(text)
        .ok()
        .and_then(|value| serde_json::from_value(value).ok())
        .unwrap_or_default();
    let find = |key: &str| brought.iter().find(|(k, _)| k == key).map(|(_, text)| text.as_str());
    let forges = app.connections();
    let targets = app.config().project_ids().map(Target::Table);
    for target in targets.chain(forges.iter().map(|connection| Target::Forge(connection.origin.clone()))) {
        if let Some(text) = app.target_key(&target).as_deref().and_then(find) {
            app.give_target(&target, Some(text));
        }
    }
    for index in 0..count(app) {
        of(app, index, |session| {
            let provider = session.provider().clone();
            if let Some(text) = find(&session_key(&provider)) {
                *session = Session::new(provider, Some(text), clock::now());
            }
        });
        apply(app, index, Vec::new());
    }
    app.sign_ins.update_value(|all| (all.window, all.notice) = (None, ""));
    publish(app);
}

impl Views {
    /// What the frame shows of the window.
    pub(in crate::ui) fn window_view(self) -> &'static str {
        self.app.credentials_version.track();
        self.app.sign_ins.with_value(|all| all.notice)
    }

    /// What the window shows that a frame opened; `None` in any other.
    pub(super) fn hand_over_view(self) -> Option<HandOverView> {
        let app = self.app;
        app.credentials_version.track();
        let is_window =
            app.route.with(|route| route.rest.iter().any(|(key, _)| key == HAND_OVER)) && !browser::is_framed();
        is_window.then(|| HandOverView { is_empty: kept_of_all(app).is_empty(), notice: self.window_view() })
    }

    /// How each sign-in stands.
    pub(super) fn sign_in_views(self) -> Vec<SignInView> {
        let app = self.app;
        app.credentials_version.track();
        let config = app.config();
        let project = |id: ProjectId| id.of(&config.projects).map(|project| project.name.as_str()).unwrap_or_default();
        app.sign_ins.with_value(|all| {
            let view = |session: &Session| {
                let provider = session.provider();
                let targets = provider.resources.iter().flat_map(|resource| {
                    let of = |target: &Target| match target {
                        Target::Table(id) => crate::text::connections::rows_of(project(*id)),
                        Target::Forge(origin) => origin.to_string(),
                    };
                    resource.targets.iter().map(of)
                });
                SignInView {
                    name: provider.name,
                    targets: targets.collect(),
                    state: match session.state() {
                        State::SignedOut(_) => SignInState::Out,
                        State::Busy => SignInState::Busy,
                        State::SignedIn(_) => SignInState::In,
                    },
                }
            };
            all.sessions.iter().flatten().map(view).collect()
        })
    }
}
