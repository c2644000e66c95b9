//! From an empty page to one that shows something: the configuration, then the engine.

use std::time::Duration;

use any_spawner::Executor;
use leptos::{prelude::*, task::spawn_local};

use super::{
    html::Html,
    modules, patch,
    shell::shell,
    state::{
        app::{App, SampleServer},
        parts::setup::kept_draft,
        views::Views,
    },
    view::{ViewContext, config_error},
};
use crate::{
    config::{
        Config,
        load::{Loaded, from_response},
        parse::parse,
    },
    domain::problem::{Area, Problem, ProblemKind, Severity},
    engine::backoff::{Random, wait},
    http::Request,
    route::{self, Demo as Asked, Route},
    text::modules as words,
    web::{clock, fetch, page},
};

/// How long the page waits for the first rows before it shows itself without.
const FIRST_DRAW: Duration = Duration::from_millis(400);

/// Puts the page into the document.
pub fn mount() {
    std::panic::set_hook(Box::new(|panic| {
        // The trap that follows makes `start.js` show a message.
        page::leave_word("ringsidePanic", &panic.to_string());
    }));
    // Fails only where it was done before.
    let _ = Executor::init_wasm_bindgen();
    let owner = Owner::new();
    // In a task of its own: the browser has just compiled what it needs to come here.
    page::next_task(move || {
        start_up(&owner, 0);
        // As long as the page lives.
        std::mem::forget(owner);
    });
}

/// How long to wait at most before asking for `config.json` again.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What a page without any data has.
fn context() -> ViewContext {
    ViewContext { now: clock::now(), zone: clock::behind, route: Route::default(), copied: None }
}

/// Requests `config.json` and goes on with it; again after a while, if it did not come.
fn start_up(owner: &Owner, failures: u32) {
    let (route, owner) = (route::parse(&page::query()), owner.clone());
    spawn_local(async move {
        let mut began = begin(route).await;
        if let Began::Unavailable(_, problem, retry_after) = &mut began {
            let failures = failures + 1;
            let mut random = Random::new(clock::now().millis().unsigned_abs());
            let wait = wait(failures, *retry_after, &mut random).min(LONGEST_WAIT);
            problem.retry_at = Some(clock::now() + wait);
            let owner = owner.clone();
            set_timeout(move || start_up(&owner, failures), wait);
        }
        // The state belongs to the page, not to this task. Each step gets one of its own, so that none takes long.
        page::next_task(move || match owner.with(|| began.into_app()) {
            Ok(app) => page::next_task(move || run(owner, app)),
            Err(view) => {
                take_over();
                patch::show(vec![view]);
                page::set_root("data-ready", "true");
            }
        });
    });
}

/// Begins to read, prepares the views meanwhile, and shows what comes.
fn run(owner: Owner, app: App) {
    owner.with(|| app.start());
    page::next_task(move || {
        app.run_engine();
        page::next_task(move || {
            let views = owner.with(|| Views::new(app));
            page::next_task(move || {
                owner.with(|| views.follow());
                let owned = owner.clone();
                owned.with(|| {
                    when_there_are_rows(app, move || page::next_task(move || owner.with(|| show_views(views))));
                });
            });
        });
    });
}

/// Shows the page as soon as the first rows are there, so that nothing is drawn twice, or after a moment.
fn when_there_are_rows(app: App, show: impl FnOnce() + 'static) {
    let show = StoredValue::new_local(Some(show));
    let show = move || {
        if let Some(show) = show.try_update_value(Option::take).flatten() {
            show();
        }
    };
    Effect::new(move |_| {
        if app.version.get() > 0 || app.health.with(|h| h.ready) {
            show();
        }
    });
    set_timeout(show, FIRST_DRAW);
}

fn show_views(views: Views) {
    let (typed, has_focus) = take_over();
    if !typed.is_empty() {
        views.app.replace_route(|r| r.q = typed);
    }
    patch::show(shell(views));
    if has_focus {
        request_animation_frame(|| {
            if let Some(search) = page::find("input[type=search]") {
                page::focus(&search);
            }
        });
    }
}

/// Takes the place of what index.html has painted: what has been typed there, and whether the focus is there.
fn take_over() -> (String, bool) {
    fetch::forget_early();
    page::end_boot()
}

/// What there is to start with.
enum Began {
    Real(Config, Vec<Problem>, Route),
    /// What the guide has made, in this tab alone.
    Trial(Config, Route),
    Sample(Config, SampleServer, Route),
    Invalid(Vec<Problem>),
    /// What did not come, why, and how long its host is not to be asked again.
    Unavailable(&'static str, Problem, Option<Duration>),
}

impl Began {
    /// The page, or what is shown in its place.
    fn into_app(self) -> Result<App, Html> {
        Ok(match self {
            Self::Real(config, problems, route) => App::new(config, problems, None, route),
            Self::Trial(config, route) => {
                let app = App::new(config, vec![trial()], None, route);
                app.set_trial();
                app
            }
            Self::Sample(config, server, route) => App::new(config, Vec::new(), Some(server), route),
            Self::Invalid(problems) => {
                page::set_title(crate::text::config::INVALID_TITLE);
                return Err(config_error::invalid(&problems, &context()));
            }
            Self::Unavailable(what, problem, _) => {
                page::set_title(crate::text::config::UNAVAILABLE_TITLE);
                return Err(config_error::unavailable(what, &problem, &context()));
            }
        })
    }
}

async fn begin(route: Route) -> Began {
    if route.demo.is_some() {
        return sample(route).await;
    }
    let guard = fetch::AbortOnDrop::new();
    let answer = fetch::send(&Request::get("config.json"), &guard).await;
    match from_response(&answer) {
        Loaded::Sample => match kept_draft().and_then(|text| parse(&text).ok()) {
            Some((config, _)) => Began::Trial(config, route),
            None => sample(route).await,
        },
        // In a tab that adds a project to it.
        Loaded::Ready(config, problems) => match kept_draft().and_then(|text| parse(&text).ok()) {
            Some((config, _)) => Began::Trial(config, route),
            None => Began::Real(config, problems, route),
        },
        Loaded::Invalid(problems) => Began::Invalid(problems),
        Loaded::Unavailable(problem, retry_after) => {
            Began::Unavailable(crate::text::config::FILE, problem, retry_after)
        }
    }
}

/// The note in every view while a configuration is tried.
fn trial() -> Problem {
    let what = crate::text::problems::TRIAL;
    let hint = crate::text::problems::TRIAL_HINT;
    Problem::error(Area::Config, ProblemKind::NotFound, what, hint).severity(Severity::Note)
}

async fn sample(route: Route) -> Began {
    let count = match route.demo {
        Some(Asked::Rows(n)) => Some(n),
        _ => None,
    };
    match modules::sample(count, clock::now()).await {
        Ok(Ok((config, server))) => Began::Sample(config, server, route),
        Ok(Err(problems)) => Began::Invalid(problems),
        Err(modules::Unavailable) => Began::Unavailable(words::SAMPLE, modules::unavailable(words::SAMPLE), None),
    }
}
