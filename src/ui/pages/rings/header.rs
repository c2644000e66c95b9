//! The head of a ring's column: what it is, which branch, when something last happened, what its clusters say.

use leptos::prelude::*;

use crate::{
    domain::{cluster::SyncState, link::Link},
    model::{
        order::ordered,
        symbols::Sym,
        sync::{ClusterInRing, together},
        wording::clusters as wording,
    },
    text,
    ui::state::{App, Views},
    web::clock,
};

/// Branches shown; the others are in the tooltip.
const BRANCHES: usize = 2;
/// Clusters shown until somebody asks for all.
const CLUSTERS: usize = 4;

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
        app.version.track();
        let slot = views.board.with(|b| b.rings.iter().find(|r| r.ring == ring)?.newest)?;
        app.engine(|e| Some(e.store().at(slot).updated()))
    });
    let clusters = Memo::new(move |_| {
        app.version.track();
        app.engine(|e| e.syncs().of_ring(e.store(), ring))
    });
    let left_over = Memo::new(move |_| views.left_over.with(|all| all.iter().find(|l| l.ring == ring).cloned()));
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
    let mark = move || {
        let says = left_over.get()?.says;
        let why = "Nobody seems to need this ring any more.";
        Some(view! { <span class="ring__left-over" title=why>{says}</span> })
    };
    view! {
        <th
            scope="col"
            class="ring"
            data-ring-header=move || names.get().0
            data-sync=move || clusters.with(|c| together(c).word())
            data-left-over=move || left_over.get().map(|l| l.word)
            data-clusters=move || clusters.with(Vec::len).to_string()
        >
            <span class="ring__name">{move || names.get().1}</span>
            {mark}
            {branch_line}
            <span class="ring__active" title=exact>{activity}</span>
            <Clusters app clusters />
        </th>
    }
}

/// Each cluster with its state; what needs somebody comes first.
#[component]
fn Clusters(app: App, clusters: Memo<Vec<ClusterInRing>>) -> impl IntoView {
    let all = RwSignal::new(false);
    let urgency = |c: &ClusterInRing| match c.state {
        SyncState::Failed => 0,
        SyncState::Pending => 1,
        SyncState::Unknown => 2,
        SyncState::Synced => 3,
    };
    let shown = Memo::new(move |_| {
        // A link may be learnt after the state is.
        app.version.track();
        let sorted = clusters.with(|all| ordered(all, |a, b| urgency(a).cmp(&urgency(b))));
        let limit = if all.get() || sorted.len() == CLUSTERS + 1 { sorted.len() } else { CLUSTERS };
        let with_link = |c: ClusterInRing| {
            let link = wording::commit_in_ring(&c).and_then(|id| app.engine(|e| e.manifest_link(c.project, id)));
            (c, link)
        };
        sorted.into_iter().take(limit).map(with_link).collect::<Vec<_>>()
    });
    let hidden = move || clusters.with(Vec::len).saturating_sub(shown.with(Vec::len));
    let items = move || shown.get().into_iter().map(|(c, link)| cluster(app, c, link.as_ref())).collect_view();
    let more = move || {
        (hidden() > 0).then(|| {
            view! {
                <li>
                    <button type="button" class="clusters__more" on:click=move |_| all.set(true)>{format!("and {} more", hidden())}</button>
                </li>
            }
        })
    };
    view! {
        <Show when=move || clusters.with(|c| !c.is_empty())>
            <ul class="clusters" aria-label="Clusters">{items} {more}</ul>
        </Show>
    }
}

fn cluster(app: App, c: ClusterInRing, link: Option<&Link>) -> impl IntoView + use<> {
    let href = link.map(|l| l.as_str().to_owned());
    let name = c.sync.cluster.to_string();
    let why = wording::in_ring_at_length(&c, clock::exact);
    let (word, hook) = (c.state.word(), name.clone());
    let says = move || wording::in_ring(&c, app.tick.get());
    let line = match href {
        Some(href) => {
            view! { <a class="cluster__says" href=href target="_blank" rel="noopener noreferrer">{says}</a> }.into_any()
        }
        None => view! { <span class="cluster__says">{says}</span> }.into_any(),
    };
    view! {
        <li class="cluster" data-cluster=hook data-sync=word title=why>
            <span><b>{name}</b> " " {line}</span>
        </li>
    }
}
