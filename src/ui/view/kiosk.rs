//! What stands above a view on a wall: which it is, how old the data is, what time it is.

use super::{
    ViewContext,
    header::{Freshness, freshness},
};
use crate::{
    domain::time::Timestamp,
    text,
    ui::html::{Html, el},
};

/// What is shown.
pub struct KioskView {
    /// What the site is called.
    pub title: String,
    /// What the view is called.
    pub name: String,
    /// Its place among those that are shown in turn, and how many these are.
    pub place: (usize, usize),
    /// The time.
    pub now: Timestamp,
    /// How old the data is.
    pub freshness: Freshness,
}

/// The line.
#[must_use]
pub fn kiosk(view: &KioskView, context: &ViewContext) -> Html {
    let (place, all) = view.place;
    let place =
        (all > 1 && place > 0).then(|| el("span").class("wall__place").text(text::details::position(place, all)));
    let clock = text::time_of_day(view.now, (context.zone)(view.now));
    el("header")
        .class("wall")
        .child(el("b").class("wall__title").text(view.title.clone()))
        .child(el("span").class("wall__name").text(view.name.clone()))
        .children(place)
        .child(freshness(&view.freshness, context))
        .child(el("time").class("wall__clock").set("datetime", view.now.to_rfc3339()).text(clock))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::view::fixtures::context;

    #[test]
    fn shows_what_is_shown_and_when() {
        let context = context();
        let view = KioskView {
            title: "Trivia".to_owned(),
            name: "Production".to_owned(),
            place: (2, 3),
            now: context.now,
            freshness: Freshness::Sample,
        };
        let markup = kiosk(&view, &context).to_string();
        for part in ["Trivia", "Production", "2 of 3", ">12:00</time>", "data-fresh=\"sample\""] {
            assert!(markup.contains(part), "no {part} in {markup}");
        }
    }
}
