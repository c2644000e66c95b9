//! The head of a ring's column: what it is, which branch, when something last happened, what its clusters say.

use crate::{
    domain::{cluster::SyncState, link::Link, time::Timestamp},
    model::{
        order::ordered,
        symbols::Sym,
        sync::{ClusterInRing, together},
        wording::clusters as wording,
    },
    text,
    ui::{
        action::Action,
        html::{Element, el},
        view::{
            ViewContext,
            parts::{button, outside},
        },
    },
};

/// Branches shown; the others are in the tooltip.
const BRANCHES: usize = 2;
/// Clusters shown until somebody asks for all.
const CLUSTERS: usize = 4;

/// What stands above a column.
pub struct RingView {
    /// The ring's symbol.
    pub ring: Sym,
    /// Its name in the configuration or the rows.
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
    /// Whether all of them are shown.
    pub all_clusters: bool,
    /// Why nobody seems to need it any more: the page's word for that, and people's.
    pub left_over: Option<(&'static str, String)>,
}

pub(super) fn header(ring: &RingView, context: &ViewContext) -> Element {
    let branches = (!ring.branches.is_empty()).then(|| {
        let shown = ring.branches.iter().take(BRANCHES).map(|b| el("span").class("branch").text(b.to_string()));
        let rest = ring.branches.len().saturating_sub(BRANCHES);
        let more = (rest > 0).then(|| format!("+{rest}"));
        el("span").class("ring__branches").set("title", ring.branches.join(", ")).children(shown).children(more)
    });
    let mark = ring.left_over.as_ref().map(|(_, says)| {
        let why = "Nobody seems to need this ring any more.";
        el("span").class("ring__left-over").set("title", why).text(says.clone())
    });
    let active = el("span").class("ring__active").maybe("title", ring.newest.map(|at| context.exact(at)));
    let active = active.text(match ring.newest {
        None => "nothing yet".to_owned(),
        Some(at) => format!("active {}", text::ago(at, context.now)),
    });
    let states: Vec<ClusterInRing> = ring.clusters.iter().map(|(cluster, _)| cluster.clone()).collect();
    el("th")
        .key(ring.ring)
        .set("scope", "col")
        .class("ring")
        .set("data-ring-header", ring.name.clone())
        .set("data-sync", together(&states).word())
        .maybe("data-left-over", ring.left_over.as_ref().map(|(word, _)| *word))
        .set("data-clusters", ring.clusters.len().to_string())
        .child(el("span").class("ring__name").text(ring.title.clone()))
        .children(mark)
        .children(branches)
        .child(active)
        .children(clusters(ring, context))
}

/// Each cluster with its state; what needs somebody comes first.
fn clusters(ring: &RingView, context: &ViewContext) -> Option<Element> {
    let urgency = |state: SyncState| match state {
        SyncState::Failed => 0,
        SyncState::Pending => 1,
        SyncState::Unknown => 2,
        SyncState::Synced => 3,
    };
    let sorted: Vec<_> = ring.clusters.iter().collect();
    let sorted = ordered(&sorted, |(a, _), (b, _)| urgency(a.state).cmp(&urgency(b.state)));
    let all = sorted.len();
    let shown = if ring.all_clusters || all == CLUSTERS + 1 { all } else { CLUSTERS.min(all) };
    let more = (all > shown).then(|| {
        let button = button("clusters__more", Action::AllClusters(ring.ring));
        el("li").child(button.text(format!("and {} more", all - shown)))
    });
    let items = sorted.into_iter().take(shown).map(|(c, link)| cluster(c, link.as_ref(), context));
    let list = || el("ul").class("clusters").set("aria-label", "Clusters");
    (all > 0).then(|| list().children(items).children(more))
}

fn cluster(c: &ClusterInRing, link: Option<&Link>, context: &ViewContext) -> Element {
    let name = c.sync.cluster.to_string();
    let says = match link {
        Some(link) => outside("cluster__says", link),
        None => el("span").class("cluster__says"),
    };
    let says = says.text(wording::in_ring(c, context.now));
    el("li")
        .key(&name)
        .class("cluster")
        .set("data-cluster", name.clone())
        .set("data-sync", c.state.word())
        .set("title", wording::in_ring_at_length(c, |at| context.exact(at)))
        .child(el("span").child(el("b").text(name)).text(" ").child(says))
}
