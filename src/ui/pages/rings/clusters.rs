//! Which of a ring's clusters run what of one service, where they differ: a count that opens to the list.

use leptos::prelude::*;

use crate::{
    ui::state::{App, CellClusterView, CellView},
    web::clock,
};

#[component]
pub(super) fn CellClusters(app: App, shown: Memo<CellView>, list: String) -> impl IntoView {
    // Kept beside the cell's content, so that news of a deployment closes nothing and takes no focus.
    let open = RwSignal::new(false);
    let list = StoredValue::new(list);
    let items = move || shown.with(|c| c.clusters.iter().map(|c| cluster(app, c.clone())).collect_view());
    view! {
        <Show when=move || shown.with(|c| c.on_clusters().is_some())>
            <button
                type="button"
                class="cell__clusters"
                aria-expanded=move || open.get().to_string()
                aria-controls=list.get_value()
                on:click=move |_| open.update(|o| *o = !*o)
            >
                {move || shown.with(CellView::on_clusters)}
                <i class="icon icon--down" aria-hidden="true"></i>
            </button>
            <ul class="clusters" id=list.get_value() hidden=move || !open.get()>{items}</ul>
        </Show>
    }
}

fn cluster(app: App, c: CellClusterView) -> impl IntoView {
    let name = c.cluster.to_string();
    let (word, hook) = (c.state.word(), name.clone());
    let title = [c.since.0.map(clock::exact), c.message.as_deref().map(str::to_owned)];
    let title = title.into_iter().flatten().collect::<Vec<_>>().join(". ");
    let says = move || c.says(app.tick.get());
    view! {
        <li class="cluster" data-cluster=hook data-sync=word title=title>
            <span><b>{name}</b> " " <span class="cluster__says">{says}</span></span>
        </li>
    }
}
