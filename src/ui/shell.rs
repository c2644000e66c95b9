//! What surrounds every view: header, progress, problems, and the details beside it.

use leptos::{ev, html, prelude::*};

use super::{
    details::Details,
    filters::{Filters, SearchBox, WhereIs},
    pages::{compare::Compare, deployments::Deployments, history::History, rings::Rings, setup::Setup},
    parts::{on_escape, problem_list},
    state::{App, Views},
};
use crate::{
    domain::{
        problem::Severity,
        time::{Timestamp, minutes},
    },
    route::{Route, Theme, View},
    text,
    web::page,
};

/// The whole page.
#[component]
pub(super) fn Shell(views: Views) -> impl IntoView {
    let app = views.app;
    let help = NodeRef::<html::Dialog>::new();
    let prefers_dark = RwSignal::new(page::prefers_dark());
    page::on_scheme_change(move || prefers_dark.set(page::prefers_dark()));
    Effect::new(move |_| {
        let asked = app.route.with(|r| r.theme);
        let theme = if asked == Theme::Auto { app.kept_theme.get() } else { asked };
        let dark = theme == Theme::Dark || theme == Theme::Auto && prefers_dark.get();
        page::set_root("data-theme", if dark { "dark" } else { "light" });
    });
    let heading = Memo::new(move |_| app.route.with(heading));
    Effect::new(move |_| page::set_title(&format!("{} · {}", heading.get(), app.config().title)));
    let keys = window_event_listener(ev::keydown, move |event| shortcut(app, help, &event));
    on_cleanup(move || keys.remove());
    let view = Memo::new(move |_| app.view());
    let embed = Memo::new(move |_| app.route.with(|r| r.embed));
    let main = move || match view.get() {
        View::Rings => view! { <Rings views /> }.into_any(),
        View::Deployments => view! { <Deployments views /> }.into_any(),
        View::Compare => view! { <Compare views /> }.into_any(),
        View::History => view! { <History views /> }.into_any(),
        View::Setup => view! { <Setup views /> }.into_any(),
    };
    view! {
        <a class="skip" href="#main">"Skip to content"</a>
        <Show when=move || !embed.get()>
            <Header views help />
        </Show>
        <main id="main" data-view=move || view.get().word() tabindex="-1">
            <Bar app />
            <h1 class="unseen" tabindex="-1">{heading}</h1>
            <Show when=move || view.get() != View::Setup>
                <Filters views />
            </Show>
            <Banners app />
            <Show when=move || !embed.get()>
                <WhereIs views />
            </Show>
            {main}
        </main>
        <Details views />
        <Help help />
    }
}

const fn view_title(view: View) -> &'static str {
    match view {
        View::Rings => "Rings",
        View::Deployments => "Deployments",
        View::Compare => "Compare",
        View::History => "History",
        View::Setup => "Connections",
    }
}

/// What the page is called, for whoever hears it or looks for its tab.
fn heading(route: &Route) -> String {
    match (route.view, &route.of) {
        (View::History, Some(service)) => format!("History of {service}"),
        (view, _) => view_title(view).to_owned(),
    }
}

#[component]
fn Header(views: Views, help: NodeRef<html::Dialog>) -> impl IntoView {
    let app = views.app;
    let tabs = View::TABS
        .into_iter()
        .map(|view| {
            let href = move || app.link(|r| r.leave_for(view));
            let go = move |event: ev::MouseEvent| follow(&event, || app.go(|r| r.leave_for(view)));
            let current = move || (app.view() == view).then_some("page");
            let trouble = move || {
                let bad = app.health.with(|h| h.problems.iter().any(|p| p.severity != Severity::Note));
                (view == View::Setup && bad).then(|| view! { <span class="tab__mark" title="There are problems"><span class="unseen">" (problems)"</span></span> })
            };
            view! { <a class="tab" href=href aria-current=current on:click=go>{view_title(view)} {trouble}</a> }
        })
        .collect_view();
    view! {
        <header class="top">
            <span class="brand">
                <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
                    <circle cx="11" cy="11" r="9.5" />
                    <circle cx="11" cy="11" r="6" />
                    <circle cx="11" cy="11" r="2.4" class="brand__dot" />
                </svg>
                {app.config().title.to_string()}
            </span>
            <nav class="tabs" aria-label="Views">{tabs}</nav>
            <SearchBox views />
            <div class="top__end">
                <Freshness app />
                <button type="button" class="button button--bare" title="Refresh now" aria-label="Refresh now" on:click=move |_| app.refresh_now()>
                    <i class="icon icon--refresh" aria-hidden="true"></i>
                </button>
                <ThemeButton app />
                <button type="button" class="button button--bare" title="Keyboard shortcuts" aria-label="Keyboard shortcuts" on:click=move |_| show(help)>
                    <i class="icon icon--help" aria-hidden="true"></i>
                </button>
            </div>
        </header>
    }
}

/// Follows a link within the page, unless somebody wants it in a tab of its own.
pub(super) fn follow(event: &ev::MouseEvent, go: impl FnOnce()) {
    if event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()) {
        event.prevent_default();
        go();
    }
}

/// How old what is on screen may be. Changes with the page's tick alone, so that a quiet refresh touches nothing.
#[component]
fn Freshness(app: App) -> impl IntoView {
    let age = Memo::new(move |_| {
        let now = app.tick.get();
        app.health.track();
        let old = |at: Timestamp| now.since(at);
        match app.fresh_at.get_value() {
            None => ("unknown", "Nothing read yet".to_owned()),
            Some(at) if old(at) < minutes(1) => ("fresh", "Up to date".to_owned()),
            Some(at) => ("old", format!("Updated {}", text::ago(at, now))),
        }
    });
    let rate = move || match app.route.with(|r| app.refresh_every(r)) {
        None => "Refreshed by hand only".to_owned(),
        Some(every) => format!("Refreshed every {}", text::duration(every)),
    };
    if app.is_sample() {
        let go = move |event: ev::MouseEvent| follow(&event, || app.go(|r| r.leave_for(View::Setup)));
        let href = move || app.link(|r| r.leave_for(View::Setup));
        return view! {
            <a class="fresh" data-fresh="sample" href=href on:click=go title="None of this exists. How to see your own.">"Sample data"</a>
        }
        .into_any();
    }
    view! { <span class="fresh" data-fresh=move || age.get().0 title=rate>{move || age.get().1}</span> }.into_any()
}

#[component]
fn ThemeButton(app: App) -> impl IntoView {
    let theme = move || app.route.with(|r| if r.theme == Theme::Auto { app.kept_theme.get() } else { r.theme });
    let next = move |_| {
        let next = match theme() {
            Theme::Auto => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Auto,
        };
        app.keep_theme(next);
        // A theme that the address names would win over the choice just made.
        app.adjust(|r| r.theme = Theme::Auto);
    };
    let label = move || format!("Theme: {}", theme().word());
    view! {
        <button type="button" class="button button--bare" title=label aria-label=label on:click=next>
            <i class="icon" class:icon--auto=move || theme() == Theme::Auto class:icon--sun=move || theme() == Theme::Light class:icon--moon=move || theme() == Theme::Dark aria-hidden="true"></i>
        </button>
    }
}

/// The thin line under the header: how much of the table has been read.
#[component]
fn Bar(app: App) -> impl IntoView {
    let progress = Memo::new(move |_| app.health.with(|h| h.progress));
    let says = move |p: crate::engine::Progress| format!("Reading rows: {} so far", text::count(p.rows));
    view! {
        <div class="bar">
            {move || progress.get().map(|p| {
                let percent = (p.part * 100.0) as u32;
                view! {
                    <div class="bar__line" role="progressbar" aria-label="Reading rows" aria-valuemin="0" aria-valuemax="100"
                        aria-valuenow=percent.to_string() aria-valuetext=says(p) style=format!("--part:{percent}%")></div>
                }
            })}
        </div>
    }
}

#[component]
fn Banners(app: App) -> impl IntoView {
    let problems = Memo::new(move |_| {
        let setup = app.view() == View::Setup;
        app.health.with(|h| {
            // The connections view shows warnings and notes where they belong.
            let here = |s: Severity| s == Severity::Error || !setup && s == Severity::Warning;
            h.problems.iter().filter(|p| here(p.severity)).cloned().collect::<Vec<_>>()
        })
    });
    problem_list(problems.into(), app.tick.into())
}

#[component]
fn Help(help: NodeRef<html::Dialog>) -> impl IntoView {
    const KEYS: [(&str, &str); 11] = [
        ("/", "Search"),
        ("g r", "Rings"),
        ("g d", "Deployments"),
        ("g v", "Compare"),
        ("g c", "Connections"),
        ("j k ↓ ↑", "Next and previous deployment"),
        ("Home End", "First and last deployment"),
        ("Enter", "Open the details"),
        ("Esc", "Close what is open"),
        ("r", "Refresh now"),
        ("?", "This list"),
    ];
    let rows = KEYS
        .into_iter()
        .map(|(keys, what)| {
            let keys = keys.split(' ').map(|key| view! { <kbd>{key}</kbd> " " }).collect_view();
            view! { <div><dt>{keys}</dt><dd>{what}</dd></div> }
        })
        .collect_view();
    view! {
        <dialog class="help" node_ref=help aria-labelledby="help-title">
            <form method="dialog">
                <h2 id="help-title">"Keyboard shortcuts"</h2>
                <dl>{rows}</dl>
                <button class="button">"Close"</button>
            </form>
        </dialog>
    }
}

fn show(help: NodeRef<html::Dialog>) {
    if let Some(help) = help.get_untracked()
        && !help.open()
    {
        // Fails only when it is open already.
        let _ = help.show_modal();
    }
}

/// Keys that work everywhere but where somebody types.
fn shortcut(app: App, help: NodeRef<html::Dialog>, event: &ev::KeyboardEvent) {
    thread_local!(static WAITING_FOR_VIEW: std::cell::Cell<bool> = const { std::cell::Cell::new(false) });
    let typing = page::focused().is_some_and(|e| matches!(e.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA"));
    if typing || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let go = |view| app.go(|r| r.leave_for(view));
    let chosen = WAITING_FOR_VIEW.replace(false);
    match event.key().as_str() {
        "r" if chosen => go(View::Rings),
        "d" if chosen => go(View::Deployments),
        "v" if chosen => go(View::Compare),
        "c" if chosen => go(View::Setup),
        "g" => WAITING_FOR_VIEW.set(true),
        "/" => {
            if let Some(search) = page::find("input[type=search]") {
                event.prevent_default();
                page::focus(&search);
            }
        }
        "?" => show(help),
        "r" | "R" => app.refresh_now(),
        _ => on_escape(event, || app.go(|r| r.deployment = None)),
    }
}
