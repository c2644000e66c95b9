//! The head of a ring's column: what it is, which branch, when something last happened, what its clusters report.

use crate::{
    domain::{cluster::SyncState, link::Link, time::Timestamp},
    model::{
        kept::RingHash,
        order::sorted_by,
        sync::{ClusterInRing, together},
        wording::clusters as wording,
    },
    text::{self, board as words},
    ui::{
        action::{Action, Menu},
        html::{Element, el},
        view::{
            ViewContext,
            parts::{button, icon, outside},
        },
    },
};

/// What stands above a column.
pub struct RingView {
    /// By what it is known.
    pub key: RingHash,
    /// Its name in the hooks.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Whether it is one of a feature branch.
    pub is_feature: bool,
    /// The branches of what runs there.
    pub branches: Vec<Box<str>>,
    /// When something last happened.
    pub newest: Option<Timestamp>,
    /// Its clusters, and where to see the commit that each is at.
    pub clusters: Vec<(ClusterInRing, Option<Link>)>,
    /// Where each of them is shown, in pixels from the window's begin, if that is open.
    pub open: Option<(i32, i32)>,
    /// Why nobody seems to need it any more: the page's word for that, and people's.
    pub left_over: Option<(&'static str, String)>,
}

/// What needs somebody first.
const URGENCY: [SyncState; 4] = [SyncState::Failed, SyncState::Pending, SyncState::Unknown, SyncState::Synced];

pub(super) fn header(ring: &RingView, context: &ViewContext) -> Element {
    let branches = ring.branches.join(" ");
    let branches = (!branches.is_empty())
        .then(|| el("span").class("ring__branches").set("title", ring.branches.join(", ")).text(branches));
    let mark = ring
        .left_over
        .as_ref()
        .map(|(_, sentence)| el("span").class("ring__left-over").set("title", words::ABANDONED).text(sentence.clone()));
    let active = el("span").class("ring__active").maybe("title", ring.newest.map(|at| context.exact(at)));
    let active = active.text(match ring.newest {
        None => words::NO_ACTIVITY.to_owned(),
        Some(at) => words::last_activity(&text::ago(at, context.now)),
    });
    let name = el("span").class("ring__name").set("title", ring.title.clone()).text(ring.title.clone());
    let states: Vec<ClusterInRing> = ring.clusters.iter().map(|(cluster, _)| cluster.clone()).collect();
    let about = el("div").class("ring__about").children(clusters(ring, context)).children(mark).child(active);
    el("th")
        .key(ring.key)
        .set("scope", "col")
        .class("ring")
        .set("data-ring-header", ring.name.clone())
        .set("data-sync", together(&states).as_str())
        .maybe("data-left-over", ring.left_over.as_ref().map(|(word, _)| *word))
        .maybe("data-feature", ring.is_feature.then_some("true"))
        .set("data-clusters", ring.clusters.len().to_string())
        .child(el("div").class("ring__title").child(name).children(branches))
        .child(about)
}

/// How many clusters are in which state: a line that opens to each of them.
fn clusters(ring: &RingView, context: &ViewContext) -> Option<Element> {
    let count = |state: SyncState| ring.clusters.iter().filter(|(c, _)| c.state == state).count();
    let counts = URGENCY.iter().rev().filter(|state| count(**state) > 0).map(|&state| {
        let sentence = wording::clusters_in_state(count(state), state);
        el("span").class("ring__count").set("data-sync", state.as_str()).text(sentence)
    });
    let worst = *URGENCY.iter().find(|state| count(**state) > 0)?;
    let title = words::clusters_of(&ring.title);
    let button = button("ring__clusters state", Action::Menu(Menu::Ring(ring.key)))
        .set("tabindex", "-1")
        .set("data-sync", worst.as_str())
        .set("aria-haspopup", "dialog")
        .set("aria-expanded", ring.open.is_some().to_string())
        .set("title", title.clone())
        .children(counts)
        .child(icon("icon icon--down"));
    let panel = ring.open.map(|(x, y)| {
        let all: Vec<_> = ring.clusters.iter().collect();
        let place = |state: SyncState| URGENCY.iter().position(|s| *s == state);
        let all = sorted_by(&all, |(a, _), (b, _)| place(a.state).cmp(&place(b.state)));
        let items = all.into_iter().map(|(c, link)| cluster(c, link.as_ref(), context));
        el("div")
            .class("menu__panel menu__panel--placed")
            .set("role", "dialog")
            .set("aria-label", title)
            .set("--x", format!("{x}px"))
            .set("--y", format!("{y}px"))
            .child(el("ul").class("clusters").children(items))
    });
    Some(el("div").class("menu").child(button).children(panel))
}

fn cluster(c: &ClusterInRing, link: Option<&Link>, context: &ViewContext) -> Element {
    let name = c.sync.cluster.to_string();
    let sentence = match link {
        Some(link) => outside("cluster__text", link),
        None => el("span").class("cluster__text"),
    };
    let sentence = sentence.text(wording::in_ring(c, context.now));
    el("li")
        .key(&name)
        .class("cluster")
        .set("data-cluster", name.clone())
        .set("data-sync", c.state.as_str())
        .set("title", wording::in_ring_at_length(c, |at| context.exact(at)))
        .child(el("span").child(el("b").text(name)).text(" ").child(sentence))
}
