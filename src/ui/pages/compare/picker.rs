//! Which two rings are compared.

use leptos::{ev::Targeted, prelude::*};
use web_sys::{Event, HtmlSelectElement};

use crate::{
    model::{compare::Choice, symbols::Sym},
    text,
    ui::state::Views,
};

/// A ring to pick: its symbol, its name in the address, its title.
type Ring = (Sym, String, String);

#[component]
pub(super) fn Picker(views: Views) -> impl IntoView {
    let app = views.app;
    let rings = Memo::new(move |_| {
        let board = views.board.get();
        app.engine(|e| {
            let names = e.store().rings();
            let ring = |ring: Sym| (ring, names.name(ring).to_owned(), names.title(ring).to_owned());
            board.rings.iter().map(|r| ring(r.ring)).collect::<Vec<Ring>>()
        })
    });
    let chosen = move || views.changes.choice.get();
    let name = move |ring: Sym| rings.with(|all| all.iter().find(|r| r.0 == ring).map(|r| r.1.clone()));
    let go = move |first: Option<String>, second: Option<String>| app.go(|r| (r.from, r.to) = (first, second));
    let swap = move |_| {
        if let Some(Choice { first, second, .. }) = views.changes.choice.get_untracked() {
            untrack(|| go(name(second), name(first)));
        }
    };
    // Whoever picks the ring of the other side wants the two the other way round.
    let pick = move |is_first: bool| {
        move |event: Targeted<Event, HtmlSelectElement>| {
            let picked = event.target().value();
            untrack(|| {
                let Some(Choice { first, second, .. }) = chosen() else { return };
                let (first, second) = (name(first), name(second));
                let picked = Some(picked);
                match is_first {
                    true if picked == second => go(second, first),
                    true => go(picked, second),
                    false if picked == first => go(second, first),
                    false => go(first, picked),
                }
            });
        }
    };
    let options = move |is_first: bool| {
        let now = chosen().map(|c| if is_first { c.first } else { c.second });
        let option =
            |(ring, name, title): Ring| view! { <option value=name selected=Some(ring) == now>{title}</option> };
        rings.get().into_iter().map(option).collect_view()
    };
    let value = move |is_first: bool| {
        move || chosen().and_then(|c| name(if is_first { c.first } else { c.second })).unwrap_or_default()
    };
    let unknown = move || {
        let unknown = chosen().map(|c| c.unknown).filter(|names| !names.is_empty())?;
        let names: Vec<&str> = unknown.iter().map(String::as_str).collect();
        Some(format!("No deployment names a ring called {}.", text::list(&names)))
    };
    view! {
        <div class="compare__rings" role="group" aria-label="Rings to compare">
            <label class="compare__ring">
                <span>"What is in"</span>
                <select class="button" prop:value=value(true) on:change:target=pick(true)>{move || options(true)}</select>
            </label>
            <button type="button" class="button button--bare" title="Swap the rings" aria-label="Swap the rings" on:click=swap>
                <i class="icon icon--swap" aria-hidden="true"></i>
            </button>
            <label class="compare__ring">
                <span>"and not in"</span>
                <select class="button" prop:value=value(false) on:change:target=pick(false)>{move || options(false)}</select>
            </label>
        </div>
        <p class="compare__unknown" role="status">{unknown}</p>
    }
}
