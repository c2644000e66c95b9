//! A button that opens a panel below it.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

use crate::web::page;

/// Runs `close` for the Escape key, and lets nobody else see it.
pub(in crate::ui) fn on_escape(event: &ev::KeyboardEvent, close: impl FnOnce()) {
    if event.key() == "Escape" {
        event.stop_propagation();
        close();
    }
}

/// A button named `label` that opens a panel. Escape and a click elsewhere close it; Escape gives the focus back.
#[component]
pub(in crate::ui) fn Menu(
    /// What stands on the button.
    label: String,
    /// `data-filter` of the button, for menus that filter.
    #[prop(optional)]
    filter: &'static str,
    /// How many of the panel's choices are taken.
    #[prop(into)]
    count: Signal<usize>,
    /// The panel's content, made when it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let root = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();
    let close = move || {
        open.set(false);
        if let Some(button) = button.get_untracked() {
            page::focus(&button);
        }
    };
    let outside = move |event: web_sys::Event| {
        let inside = root.try_get_untracked().flatten().is_some_and(|root| {
            event.target().and_then(|t| t.dyn_into::<web_sys::Node>().ok()).is_some_and(|t| root.contains(Some(&t)))
        });
        if !inside && open.try_get_untracked() == Some(true) {
            open.set(false);
        }
    };
    let clicks = window_event_listener(ev::pointerdown, move |event| outside(event.into()));
    let focuses = window_event_listener(ev::focusin, move |event| outside(event.into()));
    on_cleanup(move || {
        clicks.remove();
        focuses.remove();
    });
    let panel_label = label.clone();
    let filter = (!filter.is_empty()).then_some(filter);
    view! {
        <div class="menu" node_ref=root on:keydown=move |event| if open.get_untracked() { on_escape(&event, close) }>
            <button
                type="button"
                class="button"
                node_ref=button
                data-filter=filter
                aria-haspopup="dialog"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|o| *o = !*o)
            >
                {label}
                <Show when=move || { count.get() > 0 }>
                    <span class="button__count">{count}</span>
                </Show>
                <i class="icon icon--down" aria-hidden="true"></i>
            </button>
            <Show when=move || open.get()>
                <div class="menu__panel" role="dialog" aria-label=panel_label.clone()>
                    {children()}
                </div>
            </Show>
        </div>
    }
}
