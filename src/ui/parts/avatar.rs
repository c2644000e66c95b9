//! Whom to ask.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::domain::person::Person;

/// A person: picture or initials, and name. A picture that cannot be had leaves the initials that lie under it.
pub(in crate::ui) fn person(person: &Person) -> impl IntoView + use<> {
    let style = format!("--hue:{}", person.hue());
    let name = person.name.to_string();
    let title = match &person.email {
        Some(email) => format!("{name}, {email}"),
        None => name.clone(),
    };
    let picture = person.image.as_ref().map(|image| {
        let set_hidden = |target: Option<web_sys::EventTarget>, hidden| {
            if let Some(image) = target.and_then(|t| t.dyn_into::<web_sys::HtmlElement>().ok()) {
                image.set_hidden(hidden);
            }
        };
        let hide = move |event: web_sys::ErrorEvent| set_hidden(event.target(), true);
        let show = move |event: web_sys::Event| set_hidden(event.target(), false);
        view! { <img src=image.as_str().to_owned() alt="" loading="lazy" referrerpolicy="no-referrer" on:error=hide on:load=show /> }
    });
    view! {
        <span class="who" title=title>
            <span class="avatar" style=style aria-hidden="true">{person.initials()}{picture}</span>
            <span class="who__name">{name}</span>
        </span>
    }
}
