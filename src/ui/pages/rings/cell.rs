//! One service in one ring.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    domain::deployment::{Deployment, Status},
    model::{rings::Drift, symbols::Sym, wording},
    text,
    ui::{
        parts::person,
        shell::follow,
        state::{CellView, Views},
    },
    web::clock,
};

#[component]
pub(super) fn BoardCell(views: Views, project: u8, service: Sym, ring: Sym, name: Memo<String>) -> impl IntoView {
    let app = views.app;
    let shown = Memo::new(move |_| views.cell(project, service, ring).unwrap_or_default());
    let rings = Memo::new(move |_| {
        app.version.track();
        app.engine(|e| (e.store().rings().name(ring).to_owned(), e.store().rings().title(ring).to_owned()))
    });
    let id = |pick: fn(&CellView) -> &Option<Arc<Deployment>>| {
        move || shown.with(|c| pick(c).as_ref().map(|d| d.id.to_string()))
    };
    let status = move || shown.with(|c| c.newest().map(|d| d.status.word()));
    view! {
        <td
            class="cell"
            data-title=move || rings.get().1
            data-service=name
            data-ring=move || rings.get().0
            data-running=id(|c| &c.running)
            data-next=id(|c| &c.next)
            data-failed=id(|c| &c.failed)
            data-status=status
            data-dim=move || shown.with(|c| c.dim).then_some("true")
        >
            {move || shown.with(|c| content(views, c))}
        </td>
    }
}

fn content(views: Views, c: &CellView) -> AnyView {
    if c.newest().is_none() {
        return view! { <span class="cell__none">"not in this ring"</span> }.into_any();
    }
    let running = match &c.running {
        Some(d) => running(views, d, c.drift.as_ref()).into_any(),
        None => view! { <span class="cell__none">"nothing known to run"</span> }.into_any(),
    };
    let next = c.next.as_ref().map(|d| line(views, d, Some(c.more_next)));
    let failed = c.failed.as_ref().map(|d| line(views, d, None));
    let edited = c.edited.as_ref().map(|d| line(views, d, None));
    view! {
        {running}
        {next}
        {failed}
        {edited}
    }
    .into_any()
}

/// A link to a deployment's details.
fn details(views: Views, d: &Deployment, class: &'static str, inner: AnyView) -> impl IntoView + use<> {
    let app = views.app;
    let id = d.id.to_string();
    let to = id.clone();
    // As the address is now: following it as people type would write hundreds of links with every key, and whoever
    // follows one in this tab gets the address of that moment anyway.
    let href = untrack(move || app.link(|r| r.deployment = Some(id)));
    let go = move |event: leptos::ev::MouseEvent| follow(&event, || app.go(|r| r.deployment = Some(to.clone())));
    view! { <a class=class href=href on:click=go>{inner}</a> }
}

fn running(views: Views, d: &Arc<Deployment>, drift: Option<&(Drift, Box<str>)>) -> impl IntoView + use<> {
    let app = views.app;
    let version = wording::version(d);
    let tag = d.image.as_ref().map(ToString::to_string);
    let commit = d.source.commit.as_ref().or(d.hld_commit.as_ref()).map(|c| c.short().to_owned());
    let author = d.source.author.as_ref().map(person);
    let at = d.updated;
    let age = move || text::age(at, app.tick.get());
    let behind = drift.map(|(drift, with)| {
        let by = text::duration(drift.by);
        let short = match drift.deployments {
            Some(n) => format!("{n} · {by}"),
            None => by.clone(),
        };
        let long = match drift.deployments {
            Some(n) => format!("{} behind {with}, {by} older", text::plural(n as usize, "deployment")),
            None => format!("Another version than {with}, {by} older"),
        };
        let spoken = long.clone();
        view! { <span class="behind" title=long><span class="unseen">{spoken}</span><span aria-hidden="true">{short}</span></span> }
    });
    let main = view! {
        <span class="state" data-status=Status::Succeeded.word()><span class="unseen">"Runs "</span></span>
        <span class="version" title=tag>{version}</span>
    };
    view! {
        <div class="cell__runs">
            {details(views, d, "cell__version", main.into_any())}
            {behind}
        </div>
        <div class="cell__about">
            {author}
            <code>{commit}</code>
            <time datetime=at.to_rfc3339() title=clock::exact(at)>{age}</time>
        </div>
    }
}

/// A line under what runs: what is on its way, what failed, what was edited since.
pub(super) fn line(views: Views, d: &Arc<Deployment>, more: Option<u32>) -> impl IntoView + use<> {
    let app = views.app;
    let shown = Arc::clone(d);
    let says = move || {
        let now = app.tick.get();
        match shown.status {
            Status::Failed => wording::failed(&shown, now),
            Status::Succeeded => format!("{}, {}", wording::version(&shown), text::ago(shown.updated, now)),
            _ => wording::on_its_way(&shown, now),
        }
    };
    let more = more.filter(|n| *n > 0).map(|n| view! { <span class="line__more">{format!("+{n}")}</span> });
    let who = d.source.author.as_ref().map(|p| p.name.to_string());
    let title = match who {
        Some(who) => format!("{who}. {}", wording::why_status(d)),
        None => wording::why_status(d),
    };
    let inner = view! { <span class="state state--text" data-status=d.status.word() title=title>{says}</span> {more} };
    view! { <div class="line" data-status=d.status.word()>{details(views, d, "line__link", inner.into_any())}</div> }
}
