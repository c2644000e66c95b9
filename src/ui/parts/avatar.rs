//! Whom to ask.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::domain::person::Person;

/// What hides a picture, until it is there.
const LOADING: &str = "data-loading";

/// A person: picture or initials, and name. A picture that cannot be had leaves the initials that lie under it.
pub(in crate::ui) fn person(person: &Person) -> impl IntoView + use<> {
    let hue = person.hue().to_string();
    let name = person.name.to_string();
    let title = match &person.email {
        Some(email) => format!("{name}, {email}"),
        None => name.clone(),
    };
    let picture = person.image.as_ref().map(|image| {
        let image = image.as_str().to_owned();
        let show = move |event: web_sys::Event| {
            if let Some(image) = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()) {
                // Fails only for a name that is no attribute's.
                let _ = image.remove_attribute(LOADING);
            }
        };
        // An element that is used again for somebody else goes on showing the first one's face until the other's is
        // there. But its address changes, and with that it gets the attribute anew. Whom not to tell comes before the
        // address: a browser may ask as soon as it knows that.
        view! { <img referrerpolicy="no-referrer" alt="" loading="lazy" data-loading=image.clone() src=image on:load=show /> }
    });
    view! {
        <span class="who" title=title>
            <span class="avatar" style:--hue=hue aria-hidden="true">{person.initials()}{picture}</span>
            <span class="who__name">{name}</span>
        </span>
    }
}
