//! The head of a ring's column: what it is, which branch, when something last happened, what its clusters say.

use leptos::prelude::*;

use crate::{
    domain::{cluster::SyncState, time::Timestamp},
    model::{
        order::ordered,
        symbols::Sym,
        sync::{ClusterInRing, together},
    },
    text,
    ui::state::Views,
    web::clock,
};

/// Branches shown; the others are in the tooltip.
const BRANCHES: usize = 2;
/// Clusters shown one by one; the others are counted.
const CLUSTERS: usize = 3;

#[component]
pub(super) fn RingHeader(views: Views, ring: Sym) -> impl IntoView {
    let app = views.app;
    let names = Memo::new(move |_| {
        app.version.track();
        app.engine(|e| (e.store().rings().name(ring).to_owned(), e.store().rings().title(ring).to_owned()))
    });
    let branches = Memo::new(move |_| {
        views.board.with(|b| b.rings.iter().find(|r| r.ring == ring).map(|r| r.branches.clone()).unwrap_or_default())
    });
    let newest = Memo::new(move |_| {
        let slot = views.board.with(|b| b.rings.iter().find(|r| r.ring == ring)?.newest)?;
        app.engine(|e| Some(e.store().at(slot).updated()))
    });
    let clusters = Memo::new(move |_| {
        app.version.track();
        app.engine(|e| e.syncs().of_ring(e.store(), ring))
    });
    let branch_line = move || {
        let branches = branches.get();
        let shown = branches
            .iter()
            .take(BRANCHES)
            .map(|b| view! { <span class="branch">{b.to_string()}</span> })
            .collect_view();
        let rest = branches.len().saturating_sub(BRANCHES);
        let more = (rest > 0).then(|| format!("+{rest}"));
        view! { <span class="ring__branches" title=branches.join(", ")>{shown} {more}</span> }
    };
    let activity = move || match newest.get() {
        None => "nothing yet".to_owned(),
        Some(at) => format!("active {}", text::ago(at, app.tick.get())),
    };
    let exact = move || newest.get().map(clock::exact);
    let cluster_list = move || {
        // What needs somebody comes first.
        let urgency = |c: &ClusterInRing| match c.state {
            SyncState::Failed => 0,
            SyncState::Pending => 1,
            SyncState::Unknown => 2,
            SyncState::Synced => 3,
        };
        let all = clusters.with(|all| ordered(all, |a, b| urgency(a).cmp(&urgency(b))));
        let now = app.tick.get();
        let items = all.iter().take(CLUSTERS).map(|c| cluster(c, now)).collect_view();
        let rest: Vec<&str> = all.iter().skip(CLUSTERS).map(|c| c.sync.cluster.as_str()).collect();
        let more = (!rest.is_empty())
            .then(|| view! { <li class="cluster" title=rest.join(", ")>{format!("and {} more", rest.len())}</li> });
        (!all.is_empty()).then(|| view! { <ul class="clusters" aria-label="Clusters">{items} {more}</ul> })
    };
    view! {
        <th scope="col" class="ring" data-ring-header=move || names.get().0 data-sync=move || clusters.with(|c| together(c).word())>
            <span class="ring__name">{move || names.get().1}</span>
            {branch_line}
            <span class="ring__active" title=exact>{activity}</span>
            {cluster_list}
        </th>
    }
}

fn cluster(c: &ClusterInRing, now: Timestamp) -> impl IntoView + use<> {
    let age = c.sync.at.map(|at| text::age(at, now));
    let says = match (c.state, c.behind) {
        (SyncState::Synced, _) => "synced".to_owned(),
        (SyncState::Pending, Some(n)) if n > 0 => format!("{n} behind"),
        (SyncState::Pending, _) => "pending".to_owned(),
        (SyncState::Failed, _) => match &c.sync.message {
            Some(message) => format!("failed: {message}"),
            None => "failed".to_owned(),
        },
        (SyncState::Unknown, _) => "sync unknown".to_owned(),
    };
    let why = match (c.state, &c.sync.commit) {
        (SyncState::Unknown, Some(commit)) => {
            format!(
                "It applied {}, which no deployment here names, so whether that is the newest is not known.",
                commit.short()
            )
        }
        (_, Some(commit)) => {
            format!("Manifest commit {}. {}", commit.short(), c.sync.at.map(clock::exact).unwrap_or_default())
        }
        (_, None) => "It names no commit.".to_owned(),
    };
    let line = match age {
        Some(age) => format!("{says}, {age}"),
        None => says,
    };
    view! {
        <li class="cluster" data-sync=c.state.word() title=why>
            <b>{c.sync.cluster.to_string()}</b>
            <span>{line}</span>
        </li>
    }
}
