//! What surrounds every view: header, progress, problems, and the details beside it.

use leptos::prelude::*;

use super::{
    dispatch,
    html::{Html, el, live, nothing},
    state::{app::App, views::Views},
    view::{
        badge::badge,
        board::board,
        empty::{Nothing, empty},
        filters, header, problems,
        setup::invitation,
        table::table,
    },
};
use crate::{
    route::{Theme, View},
    web::page,
};

/// The whole page: each part is drawn by itself, when what it shows has changed.
pub(super) fn shell(views: Views) -> Vec<Html> {
    follow_settings(views);
    dispatch::listen(views);
    let app = views.app;
    let view = Memo::new(move |_| app.view());
    Effect::new(move |_| {
        view.track();
        // What scrolls is another element now, and begins at its top.
        request_animation_frame(move || views.restore_scroll());
    });
    let is_open = Memo::new(move |_| app.route.with(|r| r.deployment.is_some()));
    let progress = Memo::new(move |_| app.health.with(|h| h.progress));
    let heading = Memo::new(move |_| app.route.with(header::heading));
    let is_kiosk = Memo::new(move |_| app.route.with(|r| r.kiosk));
    let is_bare = Memo::new(move |_| view.get() == View::Badge || is_kiosk.get() || app.route.with(|r| r.embed));
    let drawn = views.drawn;
    drawn.follow();
    // Whoever waits for the page waits for all of it.
    let is_ready = Memo::new(move |_| app.health.with(|h| h.ready) && drawn.is_whole());
    Effect::new(move |_| {
        if is_ready.get() {
            page::after_paint(move || app.load_modules());
            request_animation_frame(|| page::set_root("data-ready", "true"));
        }
    });
    let has_strip = move || !matches!(view.get(), View::Setup | View::Badge) && !is_kiosk.get();
    let header = move || match (is_kiosk.get(), is_bare.get()) {
        (true, _) => views.page(nothing, |pages| (pages.kiosk)(views)),
        (false, true) => nothing(),
        (false, false) => header::header(&views.header_view(), &app.context()),
    };
    let title = move || el("h1").class("unseen").set("tabindex", "-1").text(heading.get()).into();
    let strip = move || match has_strip() {
        true => filters::filters(&views.filters_view(), &views.strip_context()),
        false => nothing(),
    };
    let banners = move || if view.get() == View::Badge { nothing() } else { banners(views) };
    let window = move || match app.is_in_window() {
        true => views.page(nothing, |pages| (pages.ask_for_credentials)(views)),
        false => nothing(),
    };
    let trace = move || match !is_bare.get() && views.changes.asks() {
        true => views.page(nothing, |pages| (pages.where_is)(views)),
        false => nothing(),
    };
    let details = move || match is_open.get() {
        true => views.page(nothing, |pages| (pages.details)(views)),
        false => nothing(),
    };
    let main = move || {
        let parts = [
            live("progress", move || header::bar(progress.get())),
            live("title", title),
            live("strip", strip),
            live("banners", banners),
            live("window", window),
            live("invitation", move || invite(views)),
            live("trace", trace),
            live("view", move || show(views, view.get())),
        ];
        el("main").set("id", "main").set("data-view", view.get().as_str()).set("tabindex", "-1").children(parts).into()
    };
    let toast = el("div").class("toast").set("role", "status").child(live("toast", move || toast_text(app).into()));
    vec![
        el("a").class("skip").set("href", "#main").text(crate::text::parts::SKIP).into(),
        live("header", header),
        live("main", main),
        live("details", details),
        toast.into(),
        header::help(),
    ]
}

/// Keeps the document's theme and density as they are chosen.
fn follow_settings(views: Views) {
    let app = views.app;
    let prefers_dark = RwSignal::new(page::prefers_dark());
    page::on_scheme_change(move || prefers_dark.set(page::prefers_dark()));
    Effect::new(move |_| {
        let theme = app.theme();
        let dark = theme == Theme::Dark || theme == Theme::Auto && prefers_dark.get();
        page::set_root("data-theme", if dark { "dark" } else { "light" });
    });
    Effect::new(move |_| page::set_root("data-kiosk", if app.route.with(|r| r.kiosk) { "true" } else { "false" }));
    Effect::new(move |_| page::set_root("data-density", app.shown_density().as_str()));
}

fn show(views: Views, view: View) -> Html {
    let app = views.app;
    let loading = || empty(Nothing::Loading, &app.context());
    if !views.drawn.has_view() {
        return loading();
    }
    match view {
        View::Rings => rings(views),
        View::Deployments => deployments(views),
        View::Compare => views.page(loading, |pages| (pages.compare)(views)),
        View::History => views.page(loading, |pages| (pages.history)(views)),
        View::Badge => badge(&views.badge_view(), &app.context()),
        View::Setup => views.page(loading, |pages| (pages.setup)(views)),
    }
}

/// Service by ring.
fn rings(views: Views) -> Html {
    let context = views.app.context();
    if let Some(why) = views.nothing.get() {
        return empty(why, &context);
    }
    match (views.board_view(), views.without_ring.get()) {
        (Some(view), _) => board(&view, &context),
        (None, 0) => empty(Nothing::Filtered(views.total.get()), &context),
        (None, count) => empty(Nothing::WithoutRing(count), &context),
    }
}

/// Every deployment, in a table.
fn deployments(views: Views) -> Html {
    let context = views.app.context();
    match views.nothing.get() {
        Some(why) => empty(why, &context),
        None => table(&views.table_view(), &context),
    }
}

/// What has just been copied by a key, which no button shows.
fn toast_text(app: App) -> &'static str {
    match app.copied.get() {
        Some((text, true)) if text.starts_with(&page::address_with("")) => crate::text::parts::LINK_COPIED,
        Some((text, false)) if text.starts_with(&page::address_with("")) => crate::text::parts::LINK_NOT_COPIED,
        _ => "",
    }
}

/// Leads from sample data to a page of one's own.
fn invite(views: Views) -> Html {
    let app = views.app;
    let is_wanted =
        app.is_sample() && !matches!(app.view(), View::Setup | View::Badge) && !app.route.with(|r| r.embed || r.kiosk);
    if is_wanted { invitation(&app.context()) } else { nothing() }
}

fn banners(views: Views) -> Html {
    let app = views.app;
    let (all, context) = (views.banners_view(), app.context());
    match app.view() {
        View::Setup => problems::problems(all.iter().map(|banner| &banner.problem), &context),
        _ => problems::banners(&all, &context),
    }
}
