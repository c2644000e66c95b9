//! What surrounds every view: header, progress, problems, and the details beside it.

use leptos::{prelude::*, tachys::view::any_view::AnyView};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, KeyboardEvent, MouseEvent};

use super::{
    details::Details,
    dispatch,
    filters::WhereIs,
    html::{Html, nothing},
    pages::{compare::Compare, deployments, history::History, rings, setup::Setup},
    state::{App, Views},
    view::{filters, header, problems},
};
use crate::{
    domain::problem::Severity,
    route::{Theme, View},
    web::page,
};

/// The whole page.
#[component]
pub(super) fn Shell(views: Views) -> impl IntoView {
    let app = views.app;
    let prefers_dark = RwSignal::new(page::prefers_dark());
    page::on_scheme_change(move || prefers_dark.set(page::prefers_dark()));
    Effect::new(move |_| {
        let theme = app.theme();
        let dark = theme == Theme::Dark || theme == Theme::Auto && prefers_dark.get();
        page::set_root("data-theme", if dark { "dark" } else { "light" });
    });
    Effect::new(move |_| page::set_root("data-density", app.density.get().as_str()));
    let heading = Memo::new(move |_| app.route.with(header::heading));
    Effect::new(move |_| page::set_title(&format!("{} · {}", heading.get(), app.config().title)));
    dispatch::listen(views);
    let view = Memo::new(move |_| app.view());
    let embed = Memo::new(move |_| app.route.with(|r| r.embed));
    let main = move || -> AnyView {
        match view.get() {
            View::Rings => (move || rings::rings(views)).into_any(),
            View::Deployments => (move || deployments::deployments(views)).into_any(),
            View::Compare => view! { <Compare views /> }.into_any(),
            View::History => view! { <History views /> }.into_any(),
            View::Setup => view! { <Setup views /> }.into_any(),
        }
    };
    let header = move || if embed.get() { nothing() } else { header::header(&views.header_view(), &app.context()) };
    let strip = move || match view.get() {
        View::Setup => nothing(),
        _ => filters::filters(&views.filters_view(), &app.route.get()),
    };
    let progress = Memo::new(move |_| app.health.with(|h| h.progress));
    view! {
        <a class="skip" href="#main">"Skip to content"</a>
        {header}
        <main id="main" data-view=move || view.get().word() tabindex="-1">
            {move || header::bar(progress.get())}
            <h1 class="unseen" tabindex="-1">{heading}</h1>
            {strip}
            {move || banners(app)}
            <Show when=move || !embed.get()>
                <WhereIs views />
            </Show>
            {main}
        </main>
        <Details views />
        {header::help()}
    }
}

fn banners(app: App) -> Html {
    let is_setup = app.view() == View::Setup;
    // The connections view shows warnings and notes where they belong.
    let here = |s: Severity| s == Severity::Error || !is_setup && s == Severity::Warning;
    let context = app.context();
    app.health.with(|h| problems::problems(h.problems.iter().filter(|p| here(p.severity)), &context))
}

/// Follows a link within the page, unless somebody wants it in a tab of its own.
pub(super) fn follow(event: &MouseEvent, go: impl FnOnce()) {
    if event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()) {
        event.prevent_default();
        go();
    }
}

/// Shows the list of keys.
pub(super) fn show_help() {
    if let Some(help) = page::find(".help").and_then(|help| help.dyn_into::<HtmlDialogElement>().ok())
        && !help.open()
    {
        // Fails only when it is open already.
        let _ = help.show_modal();
    }
}

/// Keys that work everywhere but where somebody types.
pub(super) fn shortcut(views: Views, event: &KeyboardEvent) {
    thread_local!(static WAITING_FOR_VIEW: std::cell::Cell<bool> = const { std::cell::Cell::new(false) });
    let app = views.app;
    if event.key() == "Escape" && views.strip.menu.with_untracked(Option::is_some) {
        let button = page::find(".menu > [aria-expanded=true]");
        views.strip.menu.set(None);
        return button.iter().for_each(page::focus);
    }
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
        "?" => show_help(),
        "r" | "R" => app.refresh_now(),
        "Escape" => app.go(|r| r.deployment = None),
        _ => {}
    }
}
