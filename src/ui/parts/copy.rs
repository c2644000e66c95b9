//! Copies a text.

use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};

use crate::web::page;

/// How long the button says that it has copied.
const SAID: u32 = 1_500;

/// A button that copies `text`, which `what` names. A derived text is made only when somebody copies it.
#[component]
pub(in crate::ui) fn CopyButton(
    #[prop(into)] text: Signal<String>,
    what: String,
    #[prop(default = "Copy")] label: &'static str,
) -> impl IntoView {
    let done = RwSignal::new(None::<bool>);
    let copy = move |_| {
        spawn_local(async move {
            let Some(text) = text.try_get_untracked() else { return };
            let copied = page::copy(text).await;
            done.try_set(Some(copied));
            // The drawer may be gone by then.
            Timeout::new(SAID, move || {
                done.try_set(None);
            })
            .forget();
        });
    };
    let says = move || match done.get() {
        None => label,
        Some(true) => "Copied",
        Some(false) => "Not allowed",
    };
    view! {
        <button type="button" class="copy" on:click=copy aria-label=format!("Copy {what}") data-done=move || done.get().map(|d| d.to_string())>
            <i class="icon icon--copy" aria-hidden="true"></i>
            <span aria-live="polite">{says}</span>
        </button>
    }
}

/// The same where there may be nothing to copy.
pub(in crate::ui) fn copy_button(text: Option<String>, what: &str) -> Option<impl IntoView + use<>> {
    let what = what.to_owned();
    text.map(|text| view! { <CopyButton text what /> })
}
