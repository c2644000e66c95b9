//! The stages in their order, and what was waited for before each.

use super::DeploymentView;
use crate::{
    domain::{
        cluster::{ClusterSync, SyncState},
        deployment::{Deployment, Status},
        id::{CommitId, Repository},
        link::Link,
        stage::{Stage, StageKind},
        time::Timestamp,
    },
    model::{
        timeline::Span,
        wording::{self, clusters, details as sentences},
    },
    text::{self, details as words},
    ui::{
        html::{Element, Html, el},
        view::{
            ViewContext,
            board::in_cluster,
            cells::run_name,
            parts::{icon, maybe_outside, outside, person},
        },
    },
};

pub(super) fn journey(view: &DeploymentView, context: &ViewContext) -> Element {
    let items = view.deployment.stages.iter().flat_map(|stage| {
        let waits = view.spans.iter().filter(|span| span.kind.is_wait() && span.kind.stage() == stage.kind);
        let waits = waits.map(|span| wait(span, view, context));
        waits.chain([item(stage, view, context)]).collect::<Vec<_>>()
    });
    el("ol").class("journey").set("aria-label", words::JOURNEY).children(items)
}

fn wait(span: &Span, view: &DeploymentView, context: &ViewContext) -> Element {
    let sentence = sentences::wait(span, &view.deployment, view.usual.of(span.kind), context.now);
    el("li")
        .key(("wait", span.kind))
        .class("wait")
        .set("data-wait", span.kind.stage().as_str())
        .flag("data-open", span.end.is_none())
        .text(sentence)
}

fn item(stage: &Stage, view: &DeploymentView, context: &ViewContext) -> Element {
    let d = &*view.deployment;
    let title = el("h3")
        .class("stage__title")
        .text(wording::stage_title(stage.kind))
        .text(" ")
        .children(name(stage).map(|name| maybe_outside(stage.link.as_ref(), name)));
    // That a stage went through its icon shows, and a commit was made whenever there is one.
    let sentence = (stage.status != Status::Succeeded || stage.warned).then(|| wording::stage_state(stage));
    let source = sentences::source(stage, context.now).map(|source| {
        let summary = el("summary").set("aria-label", words::SOURCE).child(icon("icon icon--note"));
        el("details").class("stage__info").child(summary).child(el("p").text(source))
    });
    let mut facts = lines(stage, d, view);
    // Behind the state, else behind the facts, so that it does not stand on a line alone.
    let (behind_state, behind_facts) =
        if sentence.is_none() && !facts.is_empty() { (None, source) } else { (source, None) };
    facts.extend(behind_facts);
    let state = (sentence.is_some() || behind_state.is_some())
        .then(|| el("div").class("stage__state").children(sentence.map(Html::from)).children(behind_state));
    el("li")
        .key(stage.kind)
        .class("stage")
        .set("data-stage", stage.kind.as_str())
        .set("data-status", stage_word(stage))
        .child(title)
        .child(el("span").class("stage__when").children(when(stage, view, context)))
        .children(state)
        .children(line_of(facts))
        .children(clusters_of(stage, d, view, context))
}

/// A stage's word for the page's hooks; the clusters have their own.
fn stage_word(stage: &Stage) -> &'static str {
    match (stage.kind, stage.status) {
        (StageKind::Sync, Status::Succeeded) => SyncState::Synced.as_str(),
        (StageKind::Sync, Status::Running) => SyncState::Pending.as_str(),
        (StageKind::Sync, Status::Failed) => SyncState::Failed.as_str(),
        (StageKind::Sync, _) => SyncState::Unknown.as_str(),
        (_, status) => status.as_str(),
    }
}

fn name(stage: &Stage) -> Option<String> {
    match stage.kind {
        StageKind::Commit => stage.commit.as_ref().map(|c| c.short().to_owned()),
        StageKind::PullRequest => stage.run.as_ref().map(|run| format!("#{run}")),
        _ => run_name(stage),
    }
}

/// When it began, and how long it took.
fn when(stage: &Stage, view: &DeploymentView, context: &ViewContext) -> Vec<Html> {
    let clock = |at: Timestamp| Html::from(context.time(at).text(text::moment(at, context.now, context.zone)));
    let length = match (stage.started, stage.ended) {
        (Some(start), _) if stage.status.is_under_way() => Some(text::lasting(start, context.now)),
        (Some(start), Some(end)) if end >= start && stage.kind != StageKind::PullRequest => {
            Some(text::duration(end.since(start)))
        }
        _ => None,
    };
    let usual = view.spans.iter().find(|span| !span.kind.is_wait() && span.kind.stage() == stage.kind);
    let usual = usual.and_then(|span| view.usual.of(span.kind)).map(text::usually);
    let length = length.map(|length| el("b").maybe("title", usual).text(length).into());
    stage.started.or(stage.ended).map(clock).into_iter().chain(length).collect()
}

/// The one line below a stage.
fn line_of(facts: Vec<Element>) -> Option<Element> {
    (!facts.is_empty()).then(|| el("div").class("stage__line").children(facts))
}

/// A fact in that line.
fn fact(child: impl Into<Html>) -> Element {
    el("span").class("stage__fact").child(child)
}

/// A commit that a stage has made.
fn made(what: &'static str, commit: &CommitId, link: Option<&Link>) -> Element {
    let commit = maybe_outside(link, commit.short().to_owned());
    fact(what).text(" ").child(el("code").child(commit))
}

/// Where a stage's work lives; a link where the row holds a whole address.
fn repository(repository: &Repository) -> Element {
    let short = text::short_repository(repository.as_str()).to_owned();
    fact(maybe_outside(Link::new(repository.as_str()).as_ref(), short))
}

/// What else is to be shown of a stage.
fn lines(stage: &Stage, d: &Deployment, view: &DeploymentView) -> Vec<Element> {
    let mut lines: Vec<Element> = Vec::new();
    let part = |part| fact(maybe_outside(stage.link.as_ref(), wording::stage_part(part)));
    lines.extend(stage.part.as_ref().map(part));
    match stage.kind {
        StageKind::Commit => {
            lines.extend(d.source.message.as_deref().map(|m| fact(text::first_line(m).to_owned())));
            lines.extend(d.source.author.as_ref().map(|author| fact(person(author))));
            lines.extend(d.source.branch.as_ref().map(|b| fact(el("code").text(b.to_string()))));
            lines.extend(d.source.repository.as_ref().map(repository));
        }
        StageKind::Build => {
            lines.extend(d.image.as_ref().map(|image| fact(el("code").text(image.to_string()))));
            lines.extend(view.reuses_image.then(|| fact(words::REUSED)));
        }
        StageKind::Release => {
            lines.extend(d.hld_commit.as_ref().map(|c| made(words::HLD_COMMIT, c, d.hld_link.as_ref())));
            lines.extend(d.hld_repository.as_ref().map(repository));
        }
        StageKind::PullRequest => {
            if let Some(pr) = &d.pull_request {
                lines.extend(pr.title.as_deref().map(|title| fact(title.to_owned())));
                lines.extend(pr.branch.as_ref().map(|b| fact(el("code").text(b.to_string()))));
                lines.extend(pr.draft.then(|| fact(words::DRAFT)));
                lines.extend(pr.waits_for.iter().map(|who| fact(words::WAITING_FOR).text(" ").child(person(who))));
                lines.extend(pr.merged_by.as_ref().map(|who| fact(words::MERGED_BY).text(" ").child(person(who))));
            }
        }
        StageKind::Manifest => {
            lines.extend(d.manifest_commit.as_ref().map(|c| made(words::MANIFEST_COMMIT, c, d.manifest_link.as_ref())));
            lines.extend(d.manifest_repository.as_ref().map(repository));
        }
        StageKind::Sync => {}
    }
    lines
}

/// Each cluster, below that of clusters.
fn clusters_of(stage: &Stage, d: &Deployment, view: &DeploymentView, context: &ViewContext) -> Option<Element> {
    // Of clusters what is known of this one, else what they run meanwhile.
    (stage.kind == StageKind::Sync && !(d.clusters.is_empty() && view.meanwhile.is_empty())).then(|| {
        let links = view.cluster_links.iter().map(Option::as_ref).chain(std::iter::repeat(None));
        let items = d.clusters.iter().zip(links).map(|(c, link)| cluster(c, link, context));
        let meanwhile = view.meanwhile.iter().filter(|_| d.clusters.is_empty());
        let items = items.chain(meanwhile.map(|c| in_cluster(c, false, context)));
        el("ul").class("stage__clusters").set("aria-label", words::CLUSTERS).children(items)
    })
}

/// A cluster: its state and since when, the commit that it is at, and why it failed.
fn cluster(c: &ClusterSync, link: Option<&Link>, context: &ViewContext) -> Element {
    let sentence = clusters::of_deployment(c, context.now);
    let time = match c.at {
        Some(at) => context.time(at).text(sentence),
        None => el("span").text(sentence),
    };
    let commit = c.commit.as_ref().map(|commit| {
        let short = commit.short().to_owned();
        let commit = match link {
            Some(link) => outside("outside", link).text(short),
            None => el("code").text(short),
        };
        el("span").class("stage__from").text(words::AT).text(" ").child(commit)
    });
    // What a cluster reports of success is the commit once more.
    let message = c.message.as_deref().filter(|_| c.state == SyncState::Failed);
    let message = message.map(|message| el("p").class("cluster__message").text(message.to_owned()));
    let body = el("div")
        .child(el("b").text(c.cluster.to_string()))
        .text(" ")
        .child(time)
        .text(" ")
        .children(commit)
        .children(message);
    el("li")
        .key(c.cluster.as_str())
        .class("cluster")
        .set("data-cluster", c.cluster.to_string())
        .set("data-sync", c.state.as_str())
        .child(body)
}
