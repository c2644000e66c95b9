//! One service in one ring.

use std::sync::Arc;

use super::{
    header::RingView,
    row::{BoardCell, BoardRow, CellClusterView, CellView, DriftView, FailedIn},
};
use crate::{
    domain::{
        cluster::SyncState,
        deployment::{Deployment, Status},
        stage::StageKind,
        time::Timestamp,
    },
    model::{cluster_state::Known, wording},
    text::{self, board as words},
    ui::{
        action::{Action, Change},
        html::{Element, el},
        view::{
            ViewContext,
            parts::{avatar, button, contact, icon, outside, unseen},
        },
    },
};

/// A version of so many bytes fits beside anything; of a longer one this many characters of its end are always shown.
const VERSION_WHOLE: usize = 7;
const VERSION_END: usize = 5;
/// Of a version in a line, which has more to show, so many characters are shown.
const LINE_VERSION: usize = 20;

pub(super) fn cell(row: &BoardRow, ring: &RingView, cell: &BoardCell, context: &ViewContext) -> Element {
    let c = &cell.view;
    let id = |d: &Option<Arc<Deployment>>| d.as_ref().map(|d| d.id.to_string());
    let element = el("td")
        .key(ring.key)
        .class("cell")
        .set("data-title", ring.title.clone())
        .set("data-service", row.names.0.clone())
        .set("data-ring", ring.name.clone())
        .maybe("data-running", id(&c.running))
        .maybe("data-next", id(&c.next))
        .maybe("data-failed", id(&c.failed))
        .maybe("data-status", c.status().map(Status::as_str))
        .maybe("data-dim", c.dim.then_some("true"))
        .maybe("data-changed", c.changed.then_some("true"))
        .maybe("data-quiet", ring.left_over.is_some().then_some("true"));
    if !cell.is_visible {
        return element;
    }
    let element =
        element.set("tabindex", if cell.is_active { "0" } else { "-1" }).on(Action::Cell(cell.place, c.opens()));
    if c.newest().is_none() {
        return element.set("data-empty", "true").child(unseen(words::NOT_HERE));
    }
    let (count, list) = clusters(row, ring, cell, context);
    // What clusters failed to apply has a line of its own.
    let by_cluster = c.failed_in.as_ref().map(|f| &f.deployment.id);
    let element = match &c.running {
        Some(d) => element.child(running(row, ring, c, d, context)).child(about(c, d, count, context)),
        None if c.known == Known::Clusters => element.child(none(words::ON_NO_CLUSTER)).children(count),
        None => element.child(none(words::NOTHING)).children(count),
    };
    let rolled_back = c.running.as_ref().zip(c.rolled_back_from.as_ref()).map(|(to, from)| {
        el("p").key("back").class("cell__note cell__note--back").text(wording::clusters::rolled_back(to, from))
    });
    let either = may_be(c).map(|other| {
        el("p")
            .key("may-be")
            .class("cell__note")
            .set("title", words::ORDER_UNKNOWN)
            .text(wording::not_known_which(other))
    });
    let next = c.next.as_ref().map(|d| match c.unapplied_since {
        Some(since) => unapplied(d, c.more_next, since, context),
        None => line(d, Some(c.more_next), context),
    });
    let failed = c.failed.as_ref().filter(|d| Some(&d.id) != by_cluster).map(|d| line(d, None, context));
    element
        .children(either)
        .children(rolled_back)
        .children(next.map(|line| line.key("next")))
        .children(c.waiting.as_ref().map(|d| line(d, None, context).key("waiting")))
        .children(failed.map(|line| line.key("failed")))
        .children(c.failed_in.as_ref().map(|f| failed_in(f, context).key("failed-in")))
        .children(c.edited.as_ref().map(|d| line(d, None, context).key("edited")))
        .children(list)
}

fn none(sentence: &'static str) -> Element {
    el("span").class("cell__none").text(sentence)
}

/// The version that runs, and how far it is behind the ring before.
fn running(row: &BoardRow, ring: &RingView, c: &CellView, d: &Deployment, context: &ViewContext) -> Element {
    // Deployed is all that is known where clusters report and cannot be placed.
    let is_unknown = c.known == Known::Unknown || may_be(c).is_some();
    let (state, read_aloud) =
        if is_unknown { (Status::Unknown, words::DEPLOYED) } else { (Status::Succeeded, words::RUNS) };
    let text = wording::version(d);
    let runs_in: Vec<&str> =
        c.clusters.iter().filter(|c| c.version.as_deref() == Some(&*text)).map(|c| c.cluster.as_str()).collect();
    let runs_in = (!runs_in.is_empty() && !is_unknown).then(|| words::runs_in(&runs_in));
    let title = [d.image.as_ref().map(ToString::to_string), runs_in];
    let title = title.into_iter().flatten().collect::<Vec<_>>().join("\n");
    let link = context
        .link("state cell__version", Change::Open(d.id.to_string()))
        .set("tabindex", "-1")
        .set("data-status", state.as_str())
        .maybe("title", Some(title).filter(|title| !title.is_empty()))
        .child(unseen(read_aloud))
        .child(version(text));
    let behind = c.drift.as_ref().map(|drift| behind(drift, ring, &row.names.0, context));
    el("div").class("cell__runs").child(link).children(behind)
}

/// A version, cut in its middle where it does not fit: as a rule its end distinguishes it from others.
fn version(text: String) -> Element {
    let begin = text.char_indices().rev().nth(VERSION_END).map_or(0, |(at, _)| at + 1);
    let element = el("span").class("version");
    match (text.get(..begin), text.get(begin..)) {
        (Some(begin), Some(end)) if text.len() > VERSION_WHOLE => {
            let begin = el("span").class("version__begin").text(begin.to_owned());
            element.child(begin).text(end.to_owned())
        }
        _ => element.text(text),
    }
}

/// What may run instead of what is shown, unless clusters show which of them does.
fn may_be(c: &CellView) -> Option<&Deployment> {
    c.may_be.as_deref().filter(|_| c.known != Known::Clusters)
}

/// The second line: whose it is, which commit, how old; and on how many clusters, where that adds something.
fn about(c: &CellView, d: &Deployment, count: Option<Element>, context: &ViewContext) -> Element {
    let author = d.source.author.as_ref().map(|author| {
        el("span").class("who").set("title", contact(author)).child(avatar(author)).text(author.name.to_string())
    });
    let commit = d.source.commit.as_ref().or(d.hld_commit.as_ref()).map(|c| el("code").text(c.short().to_owned()));
    let unknown = (c.known == Known::Unknown).then(|| {
        let why = text::changes::CLUSTERS_UNKNOWN_HINT;
        el("span").key("unknown").class("cell__note").set("title", why).text(words::CLUSTERS_UNKNOWN)
    });
    el("div")
        .class("cell__about")
        .children(author)
        .children(commit)
        .children(d.updated.map(|at| context.time(at).text(text::age(at, context.now))))
        .children(unknown)
        .children(count)
}

/// How far it is behind the ring before, and the way to what is between.
fn behind(view: &DriftView, ring: &RingView, service: &str, context: &ViewContext) -> Element {
    let (short, long) = wording::clusters::drift(&view.drift, &view.ring.1);
    // Where there is no room for both, the age goes to a second line, which is not seen.
    let short = short.replace(' ', "\u{a0}").replacen("\u{a0}·", " ·", 1);
    let change = Change::Compare(view.ring.0.to_string(), ring.name.clone(), service.to_owned());
    context
        .link("behind", change)
        .set("tabindex", "-1")
        .set("title", long.clone())
        .child(unseen(long))
        .child(el("span").set("aria-hidden", "true").text(short))
}

/// A line under what runs: what is on its way, what failed, what was edited since.
pub(super) fn line(d: &Deployment, behind: Option<u32>, context: &ViewContext) -> Element {
    let sentence = match d.status {
        Status::Failed => wording::failed(d, context.now),
        Status::Succeeded => format!("{}, {}", wording::version(d), wording::updated_ago(d, context.now)),
        _ => wording::on_its_way(d, context.now),
    };
    // Who can do something about it stands before how long it has been so.
    let who = (d.status == Status::Waiting).then(|| wording::waiting_for(d, context.now)).flatten();
    let why = match &who {
        Some(_) => format!("{sentence}. {}", wording::why_status(d)),
        None => wording::why_status(d),
    };
    let sentence = who.unwrap_or(sentence);
    let line = line_of(d, ("data-status", d.status.as_str()), why, &sentence, behind.unwrap_or(0), context);
    let stage = d.deciding_stage().filter(|_| matches!(d.status, Status::Failed | Status::Waiting));
    let out = stage.and_then(|stage| {
        let name = match (d.status, stage.kind) {
            (Status::Failed, _) => words::OPEN_FAILED,
            (_, StageKind::PullRequest) => words::OPEN_PULL_REQUEST,
            _ => words::OPEN_HELD,
        };
        let link = outside("line__out", stage.link.as_ref()?).set("tabindex", "-1");
        Some(link.set("title", name).set("aria-label", name).child(icon("icon icon--out")))
    });
    line.children(out)
}

/// What is published and waits for clusters.
fn unapplied(d: &Deployment, behind: u32, since: Timestamp, context: &ViewContext) -> Element {
    let sentence = wording::clusters::not_yet_applied(d, since, context.now);
    let why = words::published(&context.exact(since));
    line_of(d, ("data-sync", SyncState::Pending.as_str()), why, &sentence, behind, context)
}

/// What clusters could not apply.
fn failed_in(f: &FailedIn, context: &ViewContext) -> Element {
    let names: Vec<&str> = f.clusters.iter().map(|c| c.as_str()).collect();
    let sentence = wording::clusters::failed_in(&f.deployment, &names, f.message.as_deref());
    let why = f.message.as_deref().unwrap_or(words::NO_REASON).to_owned();
    line_of(&f.deployment, ("data-sync", SyncState::Failed.as_str()), why, &sentence, 0, context)
}

fn line_of(
    d: &Deployment,
    (hook, word): (&'static str, &'static str),
    why: String,
    sentence: &str,
    more: u32,
    context: &ViewContext,
) -> Element {
    // Whose it is, and why it is where it is; and all of it, where it does not fit.
    let title = match d.source.author.as_ref() {
        Some(who) => format!("{sentence}\n{}. {why}", who.name),
        None => format!("{sentence}\n{why}"),
    };
    let more = (more > 0).then(|| el("span").class("line__more").text(format!("+{more}")));
    let version = wording::version(d);
    let sentence = match sentence.strip_prefix(&*version) {
        Some(rest) => [&*text::shorten_middle(&version, LINE_VERSION), rest].concat(),
        None => sentence.to_owned(),
    };
    let sentence = el("span").class("line__text").text(sentence);
    let link = context
        .link("line__link state state--text", Change::Open(d.id.to_string()))
        .set("tabindex", "-1")
        .set(hook, word)
        .set("title", title)
        .child(sentence)
        .children(more);
    el("div").class("line").set(hook, word).child(link)
}

/// Which of a ring's clusters run what of the service, where they differ: a count that opens to the list, and the list.
fn clusters(
    row: &BoardRow,
    ring: &RingView,
    cell: &BoardCell,
    context: &ViewContext,
) -> (Option<Element>, Option<Element>) {
    let Some(sentence) = cell.view.on_clusters() else { return (None, None) };
    let id = format!("clusters-{}-{}", cell.place.row, cell.place.column);
    let button = button("cell__clusters", Action::CellClusters(row.key, ring.key))
        .set("aria-expanded", cell.shows_clusters.to_string())
        .set("tabindex", "-1")
        .set("title", sentence.clone())
        .set("aria-label", sentence)
        .text(format!("{}/{}", cell.view.runs_on, cell.view.clusters.len()))
        .child(el("span").text(words::CLUSTERS))
        .child(icon("icon icon--down"));
    if !cell.shows_clusters {
        return (Some(button), None);
    }
    let items = cell.view.clusters.iter().map(|c| in_cluster(c, true, context));
    let button = button.set("aria-controls", id.clone());
    (Some(button), Some(el("ul").key("clusters").class("clusters").set("id", id).children(items)))
}

/// What one cluster runs of a service. In a cell the keyboard reaches its link by the cell.
pub fn in_cluster(c: &CellClusterView, is_in_cell: bool, context: &ViewContext) -> Element {
    let name = c.cluster.to_string();
    let title = [c.since.0.map(|at| context.exact(at)), c.message.as_deref().map(str::to_owned)];
    let title = title.into_iter().flatten().collect::<Vec<_>>().join(". ");
    let seen = wording::clusters::InCell {
        state: c.state,
        version: c.version.as_deref(),
        since: c.since,
        missing: c.missing,
        failed: c.failed.as_deref(),
        message: c.message.as_deref(),
    };
    let sentence = match &c.link {
        Some(link) => outside("cluster__text", link).maybe("tabindex", is_in_cell.then_some("-1")),
        None => el("span").class("cluster__text"),
    };
    let sentence = sentence.text(wording::clusters::in_cell(seen, context.now));
    el("li")
        .key(&name)
        .class("cluster")
        .set("data-cluster", name.clone())
        .set("data-sync", c.state.as_str())
        .set("title", title)
        .child(el("span").child(el("b").text(name)).text(" ").child(sentence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::project::ProjectId,
        model::{
            kept::{RingHash, ServiceHash},
            symbols::{RingSym, ServiceSym},
        },
        support::rows::empty_store,
        ui::{
            action::CellPlace,
            view::fixtures::{context, deployment},
        },
    };

    fn markup(view: CellView, is_visible: bool) -> String {
        let ring = RingView {
            key: RingHash::of(&empty_store(&[]), RingSym::NONE),
            name: "prod".to_owned(),
            title: "Production".to_owned(),
            is_feature: false,
            branches: Vec::new(),
            newest: None,
            clusters: Vec::new(),
            open: None,
            left_over: None,
        };
        let row = BoardRow {
            key: ServiceHash::of(&empty_store(&[]), ProjectId::default(), ServiceSym::NONE),
            is_pinned: false,
            names: ("api".to_owned(), "api".to_owned()),
            history: Change::History("api".to_owned(), None),
            group: None,
            about: Default::default(),
            unplaced: None,
            cells: Vec::new(),
        };
        cell(
            &row,
            &ring,
            &BoardCell {
                view,
                place: CellPlace { row: 1, column: 1 },
                shows_clusters: false,
                is_visible,
                is_active: false,
            },
            &context(),
        )
        .to_markup()
    }

    #[test]
    fn a_cell_keeps_its_hooks_where_nobody_sees_it() {
        let running = Some(Arc::new(deployment(
            "service=api imageTag=api-1.4 p3=1 p3Status=succeeded p3End=2026-11-23T10:00:00Z",
        )));
        let view = || CellView { running: running.clone(), ..CellView::default() };
        let hooks = r#"<td class="cell" data-title="Production" data-service="api" data-ring="prod" data-running="1" data-status="succeeded""#;
        assert_eq!(markup(view(), false), format!("{hooks}></td>"));
        let drawn = markup(view(), true);
        assert!(drawn.starts_with(hooks) && drawn.contains(r#"<span class="version">1.4</span>"#), "{drawn}");
    }

    #[test]
    fn what_is_not_known_to_run_is_never_shown_to_run() {
        #[track_caller]
        fn check(view: CellView, expect: &str) {
            let markup = markup(view, true);
            assert!(markup.contains(expect), "{markup}");
            assert!(!markup.contains("data-status=\"succeeded\""), "{markup}");
        }
        let failed =
            || Some(Arc::new(deployment("service=api imageTag=1 p3=1 p3Status=failed p3End=2026-11-23T10:00:00Z")));
        check(CellView::default(), words::NOT_HERE);
        check(CellView { failed: failed(), ..CellView::default() }, words::NOTHING);
        check(CellView { failed: failed(), known: Known::Clusters, ..CellView::default() }, words::ON_NO_CLUSTER);
    }
}
