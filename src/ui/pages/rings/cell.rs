//! One service in one ring.

use std::sync::Arc;

use leptos::prelude::*;

use super::clusters::CellClusters;
use crate::{
    domain::{
        deployment::{Deployment, Status},
        time::Timestamp,
    },
    model::{rings::Drift, symbols::Sym, truth::Known, wording},
    text,
    ui::{
        parts::person,
        shell::follow,
        state::{CellView, FailedIn, Views},
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
    let is_left_over = move || views.left_over.with(|all| all.iter().any(|l| l.ring == ring));
    let id = |pick: fn(&CellView) -> &Option<Arc<Deployment>>| {
        move || shown.with(|c| pick(c).as_ref().map(|d| d.id.to_string()))
    };
    let status = move || shown.with(|c| c.status().map(Status::word));
    let list = format!("clusters-{project}-{service}-{ring}");
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
            data-quiet=move || is_left_over().then_some("true")
        >
            {move || shown.with(|c| content(views, c))}
            <CellClusters app shown list />
        </td>
    }
}

fn content(views: Views, c: &CellView) -> AnyView {
    if c.newest().is_none() {
        return view! { <span class="cell__none">"not in this ring"</span> }.into_any();
    }
    let running = match &c.running {
        Some(d) => running(views, c, d).into_any(),
        None if c.known == Known::Clusters => {
            view! { <span class="cell__none">"no cluster runs it yet"</span> }.into_any()
        }
        None => view! { <span class="cell__none">"nothing known to run"</span> }.into_any(),
    };
    let rolled_back = c.running.as_ref().zip(c.rolled_back_from.as_ref()).map(|(to, from)| {
        view! { <p class="cell__note cell__note--back">{wording::clusters::rolled_back(to, from)}</p> }
    });
    let next = c.next.as_ref().map(|d| match c.unapplied_since {
        Some(since) => unapplied(views, d, c.more_next, since).into_any(),
        None => line(views, d, Some(c.more_next)).into_any(),
    });
    // What clusters failed to apply has a line of its own.
    let by_cluster = c.failed_in.as_ref().map(|f| f.deployment.id.clone());
    let failed = c.failed.as_ref().filter(|d| Some(&d.id) != by_cluster.as_ref()).map(|d| line(views, d, None));
    let failed_in = c.failed_in.as_ref().map(|f| failed_in(views, f));
    let edited = c.edited.as_ref().map(|d| line(views, d, None));
    view! {
        {running}
        {rolled_back}
        {next}
        {failed}
        {failed_in}
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

fn running(views: Views, c: &CellView, d: &Arc<Deployment>) -> impl IntoView + use<> {
    let app = views.app;
    let version = wording::version(d);
    let tag = d.image.as_ref().map(ToString::to_string);
    let commit = d.source.commit.as_ref().or(d.hld_commit.as_ref()).map(|c| c.short().to_owned());
    let author = d.source.author.as_ref().map(person);
    let at = d.updated;
    let age = move || text::age(at, app.tick.get());
    let behind = c.drift.as_ref().map(|(drift, with)| behind(drift, with));
    // Deployed is all that is known where clusters report and cannot be placed.
    let is_unknown = c.known == Known::Unknown;
    let (state, spoken) = if is_unknown { (Status::Unknown, "Deployed: ") } else { (Status::Succeeded, "Runs ") };
    let where_it_runs: Vec<&str> =
        c.clusters.iter().filter(|c| c.version.as_deref() == Some(&*version)).map(|c| c.cluster.as_str()).collect();
    let where_it_runs =
        (!where_it_runs.is_empty() && !is_unknown).then(|| format!("Runs in {}", where_it_runs.join(", ")));
    let unknown = is_unknown.then(|| {
        let why = "Clusters report, but whether what they apply contains this is not known.";
        view! { <p class="cell__note" title=why>"deployed, sync unknown"</p> }
    });
    let main = view! {
        <span class="state" data-status=state.word() title=where_it_runs><span class="unseen">{spoken}</span></span>
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
        {unknown}
    }
}

/// How far it is behind the ring before.
fn behind(drift: &Drift, with: &str) -> impl IntoView + use<> {
    let (short, long) = wording::clusters::drift(drift, with);
    let spoken = long.clone();
    view! { <span class="behind" title=long><span class="unseen">{spoken}</span><span aria-hidden="true">{short}</span></span> }
}

/// How many more are behind what is next.
fn more(n: u32) -> Option<impl IntoView> {
    (n > 0).then(|| view! { <span class="line__more">{format!("+{n}")}</span> })
}

/// A line under what runs: what is on its way, what failed, what was edited since.
pub(super) fn line(views: Views, d: &Arc<Deployment>, behind: Option<u32>) -> impl IntoView + use<> {
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
    let title = title(d, wording::why_status(d));
    let inner = view! { <span class="state state--text" data-status=d.status.word() title=title>{says}</span> {behind.and_then(more)} };
    view! { <div class="line" data-status=d.status.word()>{details(views, d, "line__link", inner.into_any())}</div> }
}

/// What is published and waits for clusters.
fn unapplied(views: Views, d: &Arc<Deployment>, behind: u32, since: Timestamp) -> impl IntoView + use<> {
    let app = views.app;
    let shown = Arc::clone(d);
    let says = move || wording::clusters::not_yet_applied(&shown, since, app.tick.get());
    let title = title(d, format!("Published {}.", clock::exact(since)));
    let inner = view! { <span class="state state--text" data-sync="pending" title=title>{says}</span> {more(behind)} };
    view! { <div class="line" data-sync="pending">{details(views, d, "line__link", inner.into_any())}</div> }
}

/// What clusters could not apply.
fn failed_in(views: Views, f: &FailedIn) -> impl IntoView + use<> {
    let names: Vec<&str> = f.clusters.iter().map(|c| c.as_str()).collect();
    let says = wording::clusters::failed_in(&f.deployment, &names, f.message.as_deref());
    let title = title(&f.deployment, f.message.as_deref().unwrap_or("The cluster does not say why.").to_owned());
    let inner = view! { <span class="state state--text" data-sync="failed" title=title>{says}</span> };
    view! { <div class="line" data-sync="failed">{details(views, &f.deployment, "line__link", inner.into_any())}</div> }
}

/// Whose it is, and why it is where it is.
fn title(d: &Deployment, why: String) -> String {
    match d.source.author.as_ref() {
        Some(who) => format!("{}. {why}", who.name),
        None => why,
    }
}
