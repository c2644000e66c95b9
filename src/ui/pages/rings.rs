//! Service by ring: what runs, what is on its way, what failed on the way.

use leptos::prelude::*;

use crate::ui::{
    html::Html,
    state::Views,
    view::{
        board::board,
        empty::{Nothing, empty},
    },
};

/// The rings view.
pub(in crate::ui) fn rings(views: Views) -> Html {
    let context = views.app.context();
    if let Some(why) = views.nothing.get() {
        return empty(why, &context);
    }
    match views.board_view() {
        Some(view) => board(&view, &context),
        None => match views.without_ring.get() {
            0 => empty(Nothing::Filtered(views.total.get()), &context),
            count => empty(Nothing::WithoutRing(count), &context),
        },
    }
}
