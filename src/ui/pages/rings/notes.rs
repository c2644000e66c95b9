//! What somebody should know of rings and of the clusters' signals, or could write into the configuration: under the
//! board, folded.

use leptos::prelude::*;

use crate::{model::sync::SyncNote, text, ui::state::Views};

#[component]
pub(super) fn Notes(views: Views) -> impl IntoView {
    let app = views.app;
    let notes = Memo::new(move |_| {
        app.version.track();
        app.engine(|e| e.syncs().notes())
    });
    let without_ring = views.without_ring();
    let count = move || notes.with(Vec::len) + usize::from(without_ring.get() > 0);
    let title = move || text::plural(count(), "note");
    let unplaced = move || {
        Some(without_ring.get()).filter(|&count| count > 0).map(|count| {
            let (what, hint) = text::without_ring(count);
            view! {
                <li data-note="without-ring">
                    <p>{what}"."</p>
                    <p class="notes__hint">{hint}</p>
                </li>
            }
        })
    };
    let items = move || {
        let item = |note: &SyncNote| {
            view! {
                <li data-note=note.word()>
                    <p>{note.what()}</p>
                    <p class="notes__hint">{note.hint()}</p>
                </li>
            }
        };
        notes.with(|notes| notes.iter().map(item).collect_view())
    };
    view! {
        <Show when=move || { count() > 0 }>
            <details class="notes">
                <summary>{title}</summary>
                <ul>{unplaced}{items}</ul>
            </details>
        </Show>
    }
}
