//! The search box: free text and `key:value`, with offers while typing.

use leptos::{ev, html, prelude::*};

use crate::{
    model::{
        query::{self, Context},
        suggest::{Suggestion, suggest},
    },
    ui::state::Views,
};

/// What is offered now.
#[derive(Clone, PartialEq, Default)]
struct Offers {
    context: Option<Context>,
    list: Vec<Suggestion>,
    /// The one that Enter takes.
    marked: Option<usize>,
}

#[component]
pub(in crate::ui) fn SearchBox(views: Views) -> impl IntoView {
    let app = views.app;
    let input = NodeRef::<html::Input>::new();
    let offers = RwSignal::new(Offers::default());
    let q = Memo::new(move |_| app.route.with(|r| r.q.clone()));
    let close = move || offers.set(Offers::default());
    let offer = move |asked: bool| {
        let Some(input) = input.get_untracked() else { return };
        let text = input.value();
        let cursor = input.selection_start().ok().flatten().map_or(text.len(), |units| byte_of(&text, units));
        let (context, list) = app.engine(|e| suggest(e.store(), e.syncs(), &text, cursor, asked));
        offers.set(Offers { context: Some(context), list, marked: None });
    };
    let typed = move |event: ev::Targeted<ev::Event, web_sys::HtmlInputElement>| {
        app.adjust(|r| r.q = event.target().value());
        offer(false);
    };
    let take = move |index: usize| {
        let taken = offers.with_untracked(|o| Some((o.context.clone()?, o.list.get(index)?.insert.clone())));
        let (Some((context, insert)), Some(input)) = (taken, input.get_untracked()) else { return };
        let (text, cursor) = query::complete(&input.value(), &context, &insert);
        let units = text.get(..cursor).map_or(0, |t| t.encode_utf16().count()) as u32;
        input.set_value(&text);
        // Fails only for inputs that hold no text.
        let _ = input.set_selection_range(units, units);
        app.adjust(|r| r.q = text);
        offer(false);
    };
    let key = move |event: ev::KeyboardEvent| {
        let (count, marked) = offers.with_untracked(|o| (o.list.len(), o.marked));
        let step = |by: isize| {
            event.prevent_default();
            let next = marked.map_or(if by > 0 { 0 } else { count as isize - 1 }, |m| m as isize + by);
            offers.update(|o| o.marked = (count > 0).then(|| next.rem_euclid(count as isize) as usize));
        };
        match (event.key().as_str(), marked) {
            ("ArrowDown", _) if count == 0 => offer(true),
            ("ArrowDown", _) => step(1),
            ("ArrowUp", _) if count > 0 => step(-1),
            ("Enter" | "Tab", Some(index)) => {
                event.prevent_default();
                take(index);
            }
            ("Enter", None) => {
                close();
                views.changes.ask_now();
            }
            ("Escape", _) if count > 0 => {
                event.prevent_default();
                event.stop_propagation();
                close();
            }
            _ => {}
        }
    };
    let is_open = move || offers.with(|o| !o.list.is_empty());
    let items = move || {
        let Offers { list, marked, .. } = offers.get();
        list.into_iter()
            .enumerate()
            .map(|(i, offer)| {
                // Down, not click: the click comes after the box has lost the focus and the list is gone.
                let choose = move |event: ev::PointerEvent| {
                    event.prevent_default();
                    take(i);
                };
                view! {
                    <li id=format!("offer-{i}") role="option" aria-selected=(marked == Some(i)).to_string() on:pointerdown=choose>
                        <span>{offer.label}</span>
                        <span class="offers__hint">{offer.hint}</span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <div class="search" role="search">
            <i class="icon icon--search" aria-hidden="true"></i>
            <input
                type="search"
                node_ref=input
                role="combobox"
                aria-label="Search deployments"
                aria-autocomplete="list"
                aria-controls="offers"
                aria-expanded=move || is_open().to_string()
                aria-activedescendant=move || offers.with(|o| o.marked.map(|i| format!("offer-{i}")))
                placeholder="Commit, tag, pull request, person, or service:api ring:prod"
                autocomplete="off"
                spellcheck="false"
                prop:value=q
                on:input:target=typed
                on:keydown=key
                on:blur=move |_| close()
            />
            <kbd aria-hidden="true">"/"</kbd>
            <ul id="offers" class="offers" role="listbox" aria-label="Suggestions" hidden=move || !is_open()>
                {items}
            </ul>
        </div>
    }
}

/// The browser counts in UTF-16 units, the text is in bytes.
fn byte_of(text: &str, units: u32) -> usize {
    let mut left = units as usize;
    for (byte, c) in text.char_indices() {
        if left == 0 {
            return byte;
        }
        left = left.saturating_sub(c.len_utf16());
    }
    text.len()
}
