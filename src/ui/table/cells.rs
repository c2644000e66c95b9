//! What stands in each column.
//!
//! Every cell of a column has one shape whatever it holds, so that showing another deployment changes texts and
//! attributes and makes no elements.

use leptos::prelude::*;

use crate::{
    domain::{
        cluster::SyncState,
        column::Column,
        deployment::{Deployment, Kind, Status},
        link::Link,
        person::Person,
        stage::{Stage, StageKind, Told},
        time::Timestamp,
    },
    model::wording,
    text,
    ui::parts::{ago, person},
};

/// A column's cell for a deployment.
pub(super) fn cell(column: Column, d: &Deployment, now: Timestamp) -> AnyView {
    match column {
        Column::Status => status(d, now).into_any(),
        Column::Service => service(d).into_any(),
        Column::Ring => ring(d).into_any(),
        Column::Author => who(d.source.author.as_ref()).into_any(),
        Column::Build => {
            let stage = d.stage(StageKind::Build);
            let commit = d.source.commit.as_ref().map(|c| (c.short().to_owned(), d.source.link.as_ref()));
            run(stage, stage.and_then(run_name), commit).into_any()
        }
        Column::Release => {
            let stage = d.stage(StageKind::Release);
            let tag = d.image.as_ref().map(|tag| (tag.to_string(), d.hld_link.as_ref()));
            run(stage, stage.and_then(run_name), tag).into_any()
        }
        Column::PullRequest => {
            let stage = d.stage(StageKind::PullRequest);
            let number = d.pull_request.as_ref().map(|pr| format!("#{}", pr.id));
            let branch = d.pull_request.as_ref().and_then(|pr| pr.branch.as_ref());
            // While it waits, for whom matters more than from which branch.
            let waits = wording::waits_for(d).filter(|_| stage.is_some_and(|s| s.status == Status::Waiting));
            let more = waits.or_else(|| branch.map(ToString::to_string)).map(|more| (more, None));
            run(stage, number, more).into_any()
        }
        Column::MergedBy => who(d.pull_request.as_ref().and_then(|pr| pr.merged_by.as_ref())).into_any(),
        Column::Manifest => {
            let stage = d.stage(StageKind::Manifest);
            let of_hld = d.hld_commit.as_ref().map(|c| (c.short().to_owned(), d.hld_link.as_ref()));
            let of_manifest = || d.manifest_commit.as_ref().map(|c| (c.short().to_owned(), d.manifest_link.as_ref()));
            let commit = of_hld.or_else(of_manifest);
            run(stage, stage.and_then(run_name), commit).into_any()
        }
        Column::Updated => updated(d, now).into_any(),
        Column::Clusters => clusters(d).into_any(),
    }
}

/// What is not there.
const DASH: &str = "–";

fn status(d: &Deployment, now: Timestamp) -> impl IntoView + use<> {
    view! {
        <span class="two two--state" data-status=d.status.word() title=wording::why_status(d)>
            <span class="two__main">{text::status(d.status)}</span>
            <span class="two__more">{wording::place(d, now)}</span>
        </span>
    }
}

fn service(d: &Deployment) -> impl IntoView + use<> {
    let name = d.service.as_ref().map_or_else(|| DASH.to_owned(), ToString::to_string);
    let more = (d.kind == Kind::HldEdit).then_some("manual edit");
    let title = d.source.repository.as_ref().map(ToString::to_string);
    view! {
        <span class="plain plain--strong" title=title>
            <span class="two__main">{name}</span>
            <span class="two__more">{more}</span>
        </span>
    }
}

fn ring(d: &Deployment) -> impl IntoView + use<> {
    let title = d.ring_from_branch.then_some("The row names no ring; this is the one of its branch.");
    let name = d.ring_title.as_deref().unwrap_or(DASH).to_owned();
    let branch = d.source.branch.as_ref().map(ToString::to_string);
    view! {
        <span class="plain" title=title>
            <span class="two__main">{name}</span>
            <span class="two__more two__more--code">{branch}</span>
        </span>
    }
}

fn who(somebody: Option<&Person>) -> impl IntoView + use<> {
    somebody.map(person)
}

/// The run's name, else its number.
pub(in crate::ui) fn run_name(stage: &Stage) -> Option<String> {
    stage.name.as_deref().map(str::to_owned).or_else(|| stage.run.as_ref().map(ToString::to_string))
}

/// A stage: its state as an icon, its run, and what it made with where to see that.
fn run(stage: Option<&Stage>, name: Option<String>, made: Option<(String, Option<&Link>)>) -> impl IntoView + use<> {
    let status = stage.map(|s| s.status);
    // Nothing to say of a stage that has not begun.
    let word =
        status.filter(|_| name.is_some() || made.is_some()).filter(|s| *s != Status::Incomplete).map(Status::word);
    let title =
        stage.map(|s| format!("{}: {}. {}", wording::stage_title(s.kind), wording::stage_state(s), wording::why(s)));
    let unseen = stage.filter(|_| word.is_some()).map(|s| format!("{}: ", wording::stage_state(s)));
    let href = stage.and_then(|s| s.link.as_ref()).map(|l| l.as_str().to_owned());
    let label = name.unwrap_or_else(|| DASH.to_owned());
    let warned = stage.is_some_and(|s| s.warned).then_some("true");
    let gone = stage.is_some_and(|s| matches!(s.told, Some(Told::Gone(..)))).then_some("true");
    let (made, made_href) = match made {
        Some((made, link)) => (Some(made), link.map(|l| l.as_str().to_owned())),
        None => (None, None),
    };
    view! {
        <span class="two" data-status=word data-warned=warned data-gone=gone title=title>
            <span class="unseen">{unseen}</span>
            <a class="two__main" href=href target="_blank" rel="noopener noreferrer" tabindex="-1">{label}</a>
            <a class="two__more two__more--code" href=made_href target="_blank" rel="noopener noreferrer" tabindex="-1">{made}</a>
        </span>
    }
}

fn updated(d: &Deployment, now: Timestamp) -> impl IntoView + use<> {
    let took = match wording::running_since(d) {
        Some(since) => Some(format!("for {}", text::duration(now.since(since)))),
        None => d.took.map(|took| format!("took {}", text::duration(took))),
    };
    view! {
        <span class="plain">
            <span class="two__main">{ago(d.updated, now)}</span>
            <span class="two__more">{took}</span>
        </span>
    }
}

fn clusters(d: &Deployment) -> impl IntoView + use<> {
    let says = wording::clusters::in_table(&d.clusters);
    let title = (!says.all.is_empty()).then_some(says.all);
    view! {
        <span class="plain" title=title>
            <span class="two__main">{says.synced}</span>
            <span class="two__more two__more--sync" data-sync=says.state.map(SyncState::word)>{says.others}</span>
        </span>
    }
}
