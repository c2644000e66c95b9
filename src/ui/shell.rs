//! What surrounds every view: header, progress, problems, and the details beside it.

use leptos::{prelude::*, tachys::view::any_view::AnyView};
use web_sys::MouseEvent;

use super::{
    dispatch,
    html::{Html, nothing},
    pages::{deployments, rings},
    state::{App, Views},
    view::{
        badge::badge,
        empty::{Nothing, empty},
        filters, header, problems,
        setup::invitation,
    },
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
    Effect::new(move |_| {
        view.track();
        // What scrolls is another element now, and begins at its top.
        request_animation_frame(move || views.restore_scroll());
    });
    let embed = Memo::new(move |_| app.route.with(|r| r.embed));
    let loading = move || empty(Nothing::Loading, &app.context());
    let main = move || -> AnyView {
        match view.get() {
            View::Rings => (move || rings::rings(views)).into_any(),
            View::Deployments => (move || deployments::deployments(views)).into_any(),
            View::Compare => (move || app.page(loading, |pages| (pages.compare)(views))).into_any(),
            View::History => (move || app.page(loading, |pages| (pages.history)(views))).into_any(),
            View::Badge => (move || badge(&views.badge_view(), &app.context())).into_any(),
            View::Setup => (move || app.page(loading, |pages| (pages.setup)(views))).into_any(),
        }
    };
    let is_bare = move || embed.get() || view.get() == View::Badge;
    let header = move || if is_bare() { nothing() } else { header::header(&views.header_view(), &app.context()) };
    let strip = move || match view.get() {
        View::Setup | View::Badge => nothing(),
        _ => filters::filters(&views.filters_view(), &app.route.get()),
    };
    let trace = move || match is_bare() {
        true => nothing(),
        false if views.changes.asks() => app.page(nothing, |pages| (pages.where_is)(views)),
        false => nothing(),
    };
    let is_open = Memo::new(move |_| app.route.with(|r| r.deployment.is_some()));
    let progress = Memo::new(move |_| app.health.with(|h| h.progress));
    view! {
        <a class="skip" href="#main">"Skip to content"</a>
        {header}
        <main id="main" data-view=move || view.get().word() tabindex="-1">
            {move || header::bar(progress.get())}
            <h1 class="unseen" tabindex="-1">{heading}</h1>
            {strip}
            {move || if view.get() == View::Badge { nothing() } else { banners(app) }}
            {move || invite(views)}
            {trace}
            {main}
        </main>
        {move || match is_open.get() {
            true => app.page(nothing, |pages| (pages.details)(views)),
            false => nothing(),
        }}
        <div class="toast" role="status">{move || said(app)}</div>
        {header::help()}
    }
}

/// What has just been copied by a key, which no button says.
fn said(app: App) -> &'static str {
    match app.copied.get() {
        Some((text, true)) if text.starts_with(&page::address_with("")) => "Link copied",
        Some((text, false)) if text.starts_with(&page::address_with("")) => "Copying is not allowed here",
        _ => "",
    }
}

/// Leads from sample data to a page of one's own.
fn invite(views: Views) -> Html {
    let app = views.app;
    let is_wanted = app.is_sample() && !matches!(app.view(), View::Setup | View::Badge) && !app.route.with(|r| r.embed);
    if is_wanted { invitation(&app.context()) } else { nothing() }
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
