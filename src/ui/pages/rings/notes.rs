//! What somebody should know of the clusters' signals, or could write into the configuration: under the board, folded.

use leptos::prelude::*;

use crate::{model::sync::SyncNote, text, ui::state::Views};

#[component]
pub(super) fn Notes(views: Views) -> impl IntoView {
    let app = views.app;
    let notes = Memo::new(move |_| {
        app.version.track();
        app.engine(|e| e.syncs().notes())
    });
    let title = move || format!("{} on clusters", text::plural(notes.with(Vec::len), "note"));
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
        <Show when=move || notes.with(|n| !n.is_empty())>
            <details class="notes">
                <summary>{title}</summary>
                <ul>{items}</ul>
            </details>
        </Show>
    }
}
