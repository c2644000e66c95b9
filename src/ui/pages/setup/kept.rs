//! What this browser keeps, and how to be rid of it.

use leptos::prelude::*;

use crate::{text, ui::state::App};

/// What is kept of finished work, so that it is not asked for again.
#[component]
pub(super) fn KeptHere(app: App) -> impl IntoView {
    let kept = Memo::new(move |_| app.connected.with(|c| c.kept));
    let said = RwSignal::new("");
    let says = move || match kept.get() {
        0 => "Nothing yet.".to_owned(),
        n => format!("{} about finished work.", text::plural(n, "fact")),
    };
    let forget = move |_| {
        if kept.get_untracked() == 0 {
            return;
        }
        app.forget_kept();
        said.set("Forgotten. What is looked at is asked for again.");
    };
    view! {
        <section class="connection">
            <h2>"Kept on this device"</h2>
            <p>{says} " Builds, commits and pull requests that are over never change, so a forge is asked once for each. No credential is among them."</p>
            <div class="credential__do">
                <button type="button" class="button" aria-disabled=move || (kept.get() == 0).then_some("true") on:click=forget>"Forget them"</button>
                <span class="credential__said" role="status">{said}</span>
            </div>
        </section>
    }
}
