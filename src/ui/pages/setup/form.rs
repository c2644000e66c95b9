//! Where a credential is typed. What was typed is never put back into the page.

use leptos::{ev, html, prelude::*};

use crate::ui::state::Held;

/// A field for one credential, and what can be done with it.
#[component]
pub(super) fn CredentialForm(
    /// Unlike that of any other form.
    id: String,
    label: String,
    /// Whom it is for.
    origin: String,
    placeholder: &'static str,
    /// How long the one that was typed lasts.
    #[prop(into)]
    held: Signal<Option<Held>>,
    /// Takes what was typed, and whether to keep it on the device; says what came of it, or why it will not do.
    save: Callback<(String, bool), Result<String, &'static str>>,
    forget: Callback<()>,
    /// Further buttons, and what they say.
    #[prop(optional)]
    more: Option<AnyView>,
    /// What to know before typing.
    children: Children,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let on_device = RwSignal::new(held.get_untracked() == Some(Held::Device));
    let said = RwSignal::new(String::new());
    let is_wrong = RwSignal::new(false);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(input) = input.get_untracked() else { return };
        match save.run((input.value(), on_device.get_untracked())) {
            Ok(says) => {
                input.set_value("");
                is_wrong.set(false);
                said.set(says);
            }
            Err(why) => {
                is_wrong.set(true);
                said.set(why.to_owned());
            }
        }
    };
    let forget = move |_| {
        forget.run(());
        said.set("Forgotten.".to_owned());
        // The button that had the focus is gone.
        if let Some(input) = input.get_untracked() {
            crate::web::page::focus(&input);
        }
    };
    let note_id = format!("{id}-note");
    let aria_invalid = move || is_wrong.get().then_some("true");
    view! {
        <form class="credential" on:submit=submit autocomplete="off">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                node_ref=input
                type="password"
                autocomplete="off"
                spellcheck="false"
                data-credential=origin
                placeholder=placeholder
                aria-describedby=note_id.clone()
                aria-invalid=aria_invalid
            />
            <div class="credential__do">
                <label class="choice">
                    <input type="checkbox" prop:checked=on_device on:change:target=move |event| on_device.set(event.target().checked()) />
                    "Keep on this device"
                </label>
                <button class="button button--main">"Save"</button>
                <Show when=move || held.get().is_some()>
                    <button type="button" class="button" on:click=forget>"Forget"</button>
                </Show>
                {more}
                <span class="credential__said" role="status">{said}</span>
            </div>
            <p class="credential__note" id=note_id>{children()}</p>
        </form>
    }
}

/// What is said of a credential that was taken, with what follows from it.
pub(super) fn taken(held: Held, then: &str) -> String {
    match held {
        Held::Tab | Held::Device => ["Saved. ", then].concat(),
        Held::Page => ["Taken until the page is left: this browser keeps nothing. ", then].concat(),
    }
}
