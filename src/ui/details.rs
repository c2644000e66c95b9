//! The drawer beside a view: one deployment, stage by stage.

mod sync;

use std::sync::Arc;

use leptos::{ev, html, prelude::*};

use super::{
    parts::{CopyButton, ago, copy_button, on_escape, outside, person, state},
    state::{App, Views},
    view::cells::run_name,
};
use crate::{
    config::link::Gap,
    domain::{
        cluster::SyncState,
        deployment::{Deployment, Status},
        id::{CommitId, Repository},
        link::Link,
        stage::{Evidence, Stage, StageKind, Told},
        time::Timestamp,
    },
    model::wording,
    text,
    web::{clock, page},
};

/// The drawer, while the address names a deployment.
#[component]
pub(super) fn Details(views: Views) -> impl IntoView {
    let app = views.app;
    let open = Memo::new(move |_| app.route.with(|r| r.deployment.clone()));
    let shown = Memo::new(move |_| {
        app.version.track();
        let id = open.get()?;
        let slot = app.engine(|e| e.store().by_id(&id))?;
        app.deployment(slot)
    });
    // Where the focus goes back to.
    let opener = StoredValue::new_local(None::<web_sys::Element>);
    let heading = NodeRef::<html::H2>::new();
    Effect::new(move |was_open: Option<bool>| {
        let is_open = open.with(Option::is_some);
        match (was_open.unwrap_or(false), is_open) {
            (false, true) => {
                opener.set_value(page::focused().filter(|e| e.tag_name() != "BODY"));
                request_animation_frame(move || {
                    if let Some(heading) = heading.try_get_untracked().flatten() {
                        page::focus(&heading);
                    }
                });
            }
            (true, false) => {
                if let Some(opener) = opener.try_update_value(Option::take).flatten() {
                    page::focus(&opener);
                }
            }
            _ => {}
        }
        is_open
    });
    let close = move || app.go(|r| r.deployment = None);
    let escape = move |event: ev::KeyboardEvent| on_escape(&event, close);
    let title = move || shown.with(|d| d.as_ref().map_or_else(|| "Deployment".to_owned(), |d| wording::title(d)));
    let id = move || shown.with(|d| d.as_ref().map(|d| d.id.to_string())).or_else(|| open.get());
    let body = move || match shown.get() {
        Some(d) => view! { <Body views d /> }.into_any(),
        None => {
            let reading = app.health.with(|h| h.progress.is_some() || !h.ready);
            let says = if reading {
                "It is not among the rows read so far."
            } else {
                "No row has this id. It may have been deleted, or belong to another project."
            };
            view! { <p class="drawer__missing">{says}</p> }.into_any()
        }
    };
    view! {
        <Show when=move || open.with(Option::is_some)>
            <div class="drawer" role="dialog" aria-labelledby="details-title" data-details=id on:keydown=escape>
                <div class="drawer__head">
                    <h2 id="details-title" tabindex="-1" node_ref=heading>{title}</h2>
                    <button type="button" class="button button--bare" aria-label="Close details" title="Close (Esc)" on:click=move |_| close()>
                        <i class="icon icon--close" aria-hidden="true"></i>
                    </button>
                </div>
                {body}
            </div>
        </Show>
    }
}

#[component]
fn Body(views: Views, d: Arc<Deployment>) -> impl IntoView {
    let app = views.app;
    let now = app.tick;
    let author = d.source.author.as_ref().map(person);
    let stages: Vec<_> = d.stages.iter().map(|stage| stage_view(views, &d, stage)).collect();
    let callout = callout(&d, now);
    let why = wording::why_status(&d);
    // What clusters made of it is part of how it went.
    let is_failed = d.clusters.iter().any(|c| c.state == SyncState::Failed);
    let standing = if d.clusters.is_empty() {
        state(d.status).into_any()
    } else {
        let word = if is_failed { Status::Failed } else { d.status }.word();
        view! { <span class="state" data-status=word>{wording::headline(&d)}</span> }.into_any()
    };
    let updated = d.updated;
    let took = d.took.map(|took| format!(" · took {}", text::duration(took)));
    let links: Vec<_> = app
        .config()
        .links
        .iter()
        .filter_map(|template| {
            let link = template.fill(|gap| value(&d, gap))?;
            Some(view! { <li>{outside(&link, template.title.to_string())}</li> })
        })
        .collect();
    let links = (!links.is_empty()).then(|| view! { <ul class="drawer__links" aria-label="Links">{links}</ul> });
    let share = page::address_with(&app.route.with_untracked(|r| r.href()));
    view! {
        <p class="drawer__about">
            <span title=why>{standing}</span>
            {author}
            <span>{move || ago(updated, now.get())} {took}</span>
        </p>
        {callout}
        <ol class="journey">{stages}</ol>
        {links}
        {ids(&d)}
        <CopyButton text=share what="a link to these details".to_owned() label="Copy link" />
    }
}

fn value(d: &Deployment, gap: Gap) -> Option<&str> {
    match gap {
        Gap::Service => d.service.as_ref().map(|v| v.as_str()),
        Gap::Ring => d.ring.as_ref().map(|v| v.as_str()),
        Gap::ImageTag => d.image.as_ref().map(|v| v.as_str()),
        Gap::Commit => d.source.commit.as_ref().map(|v| v.as_str()),
        Gap::Branch => d.source.branch.as_ref().map(|v| v.as_str()),
        Gap::Project => Some(d.project.as_str()),
        Gap::Deployment => Some(d.id.as_str()),
    }
}

/// What holds it up, before everything else.
fn callout(d: &Arc<Deployment>, now: RwSignal<Timestamp>) -> Option<impl IntoView + use<>> {
    let stage = d.deciding_stage()?;
    let what = match d.status {
        Status::Waiting => "Waits for approval",
        Status::Failed => "Failed",
        Status::Unknown => "What became of it is not known",
        Status::Incomplete => "Stopped between two stages",
        _ => return None,
    };
    let link = stage.link.as_ref().map(|link| {
        let label = if d.status == Status::Waiting { "Review it" } else { "Look at it" };
        outside(link, label.to_owned())
    });
    let why = wording::why_status(d);
    let shown = Arc::clone(d);
    let place = move || wording::place(&shown, now.get());
    Some(view! {
        <div class="callout" data-status=d.status.word()>
            <p class="callout__what"><span class="state state--text" data-status=d.status.word()>{what} ": " {place}</span></p>
            <p>{why} " " {link}</p>
        </div>
    })
}

fn stage_view(views: Views, d: &Deployment, stage: &Stage) -> impl IntoView + use<> {
    let now = views.app.tick;
    let name = match stage.kind {
        StageKind::Commit => stage.commit.as_ref().map(|c| c.short().to_owned()),
        StageKind::PullRequest => stage.run.as_ref().map(|run| format!("#{run}")),
        _ => run_name(stage),
    };
    let name = match (&stage.link, name) {
        (Some(link), Some(name)) => Some(outside(link, name).into_any()),
        (_, name) => name.map(|name| view! { <span>{name}</span> }.into_any()),
    };
    let when = match (stage.started, stage.ended, stage.status.is_under_way()) {
        (Some(start), Some(end), false) if end >= start => {
            let both = format!("{} to {}", clock::exact(start), clock::exact(end));
            Some(view! { <span title=both>{text::duration(end.since(start))}</span> }.into_any())
        }
        (Some(start), _, true) => Some(
            view! { <span title=clock::exact(start)>{move || format!("for {}", text::duration(now.get().since(start)))}</span> }
                .into_any(),
        ),
        (Some(at), ..) | (None, Some(at), _) => Some(view! { <span>{move || ago(at, now.get())}</span> }.into_any()),
        _ => None,
    };
    let lines = lines(views.app, d, stage);
    // That a commit was made goes without saying.
    let is_plain_commit = stage.kind == StageKind::Commit && stage.status == Status::Succeeded;
    let (says, why) = (wording::stage_state(stage), why(stage, now));
    let state_line = (!is_plain_commit).then(|| {
        view! { <p class="stage__state">{says} " " <span class="stage__why">{why}</span></p> }
    });
    let from =
        is_plain_commit.then(|| source(stage, now).map(|from| view! { <p class="stage__line stage__from">{from}</p> }));
    view! {
        <li class="stage" data-stage=stage.kind.word() data-status=stage_word(stage)>
            <h3 class="stage__title">{wording::stage_title(stage.kind)} " " {name}</h3>
            <span class="stage__when">{when}</span>
            {state_line}
            {lines}
            {from}
        </li>
    }
}

/// A stage's word for the page's hooks; the clusters have their own.
fn stage_word(stage: &Stage) -> &'static str {
    match (stage.kind, stage.status) {
        (StageKind::Sync, Status::Succeeded) => SyncState::Synced.word(),
        (StageKind::Sync, Status::Running) => SyncState::Pending.word(),
        (StageKind::Sync, Status::Failed) => SyncState::Failed.word(),
        (StageKind::Sync, _) => SyncState::Unknown.word(),
        (_, status) => status.word(),
    }
}

/// How a stage's state is known.
fn why(stage: &Stage, now: RwSignal<Timestamp>) -> AnyView {
    match stage.told {
        // Where it comes from says it all.
        Some(Told::By(..)) if !matches!(stage.evidence, Evidence::Product | Evidence::StrangeWord) => {
            source(stage, now).into_any()
        }
        _ => view! { {wording::why(stage)} " " {source(stage, now)} }.into_any(),
    }
}

/// Where what is said of a stage comes from, and how old that is.
fn source(stage: &Stage, now: RwSignal<Timestamp>) -> Option<impl IntoView + use<>> {
    let (service, at, before) = match stage.told? {
        Told::By(service, at) => (service, at, ""),
        Told::Older(service, at) | Told::Gone(service, at) => (service, at, "asked "),
    };
    Some(view! { <span class="stage__from">{service.name()} ", " {before} {move || ago(at, now.get())}</span> })
}

/// One line below a stage.
fn line(text: String) -> AnyView {
    view! { <p class="stage__line">{text}</p> }.into_any()
}

/// A commit that a stage has made.
fn made(before: &'static str, commit: &CommitId, after: &'static str, link: Option<&Link>) -> AnyView {
    let short = commit.short().to_owned();
    let commit = match link {
        Some(link) => outside(link, short).into_any(),
        None => short.into_any(),
    };
    view! { <p class="stage__line">{before} {commit} {after}</p> }.into_any()
}

/// Where a stage's work lives; a link where the row holds a whole address.
fn repository(repository: &Repository) -> AnyView {
    match Link::new(repository.as_str()) {
        Some(link) => view! { <p class="stage__line">"in " {outside(&link, repository.to_string())}</p> }.into_any(),
        None => view! { <p class="stage__line">{format!("in {repository}")}</p> }.into_any(),
    }
}

/// What else there is to say of a stage.
fn lines(app: App, d: &Deployment, stage: &Stage) -> Vec<AnyView> {
    let mut lines: Vec<AnyView> = Vec::new();
    if let Some(part) = &stage.part {
        let says = match part.status {
            Status::Waiting => format!("{} waits for approval", part.name),
            status => format!("{}: {}", part.name, text::status(status).to_lowercase()),
        };
        lines.push(line(says));
    }
    match stage.kind {
        StageKind::Commit => {
            lines.extend(d.source.message.as_deref().map(|m| text::first_line(m).to_owned()).map(line));
            lines.extend(d.source.branch.as_ref().map(|b| format!("on {b}")).map(line));
            lines.extend(d.source.repository.as_ref().map(repository));
        }
        StageKind::Build => lines.extend(d.image.as_ref().map(ToString::to_string).map(line)),
        StageKind::Release => {
            lines.extend(d.hld_commit.as_ref().map(|c| made("commit ", c, " to the definition", d.hld_link.as_ref())));
            lines.extend(d.hld_repository.as_ref().map(repository));
        }
        StageKind::PullRequest => {
            if let Some(pr) = &d.pull_request {
                lines.extend(pr.title.as_deref().map(str::to_owned).map(line));
                lines.extend(pr.branch.as_ref().map(|b| format!("from {b}")).map(line));
                lines.extend(pr.draft.then(|| line("a draft".to_owned())));
                for who in &pr.waits_for {
                    lines.push(view! { <p class="stage__line">"waits for " {person(who)}</p> }.into_any());
                }
                if let Some(who) = &pr.merged_by {
                    lines.push(view! { <p class="stage__line">"merged by " {person(who)}</p> }.into_any());
                }
            }
        }
        StageKind::Manifest => {
            lines.extend(d.manifest_commit.as_ref().map(|c| made("published as ", c, "", d.manifest_link.as_ref())));
            lines.extend(d.manifest_repository.as_ref().map(repository));
        }
        StageKind::Sync => lines.extend(sync::clusters(app, d)),
    }
    lines
}

/// Every id, to copy.
fn ids(d: &Deployment) -> impl IntoView + use<> {
    let run = |kind| d.stage(kind).and_then(|s| s.run.as_ref()).map(ToString::to_string);
    let all = [
        ("Deployment", Some(d.id.to_string())),
        ("Commit", d.source.commit.as_ref().map(ToString::to_string)),
        ("Image tag", d.image.as_ref().map(ToString::to_string)),
        ("Build", run(StageKind::Build)),
        ("Release", run(StageKind::Release)),
        ("Definition commit", d.hld_commit.as_ref().map(ToString::to_string)),
        ("Pull request", run(StageKind::PullRequest)),
        ("Manifest build", run(StageKind::Manifest)),
        ("Manifest commit", d.manifest_commit.as_ref().map(ToString::to_string)),
    ];
    let rows: Vec<_> = all
        .into_iter()
        .filter_map(|(what, id)| {
            let id = id?;
            let copy = copy_button(Some(id.clone()), &format!("the {}", what.to_lowercase()));
            Some(view! { <div><dt>{what}</dt><dd><code>{id}</code> {copy}</dd></div> })
        })
        .collect();
    view! {
        <details class="ids">
            <summary>"Ids"</summary>
            <dl class="facts">{rows}</dl>
        </details>
    }
}
