//! Views with nothing in them, each for another reason.

use super::{
    ViewContext,
    parts::{button, icon, unseen},
};
use crate::{
    route::View,
    text,
    ui::{
        action::{Action, Change},
        html::{Html, Text, el},
    },
};

/// Why there is nothing to show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Nothing {
    /// The first rows have not come yet.
    Loading,
    /// They cannot be had; the banner above says why.
    Failed,
    /// The table is empty.
    EmptyTable,
    /// The filters leave nothing of so many deployments.
    Filtered(usize),
    /// So many deployments match, and none of them names a ring to show it in.
    WithoutRing(usize),
}

/// The view in its place.
#[must_use]
pub fn empty(why: Nothing, context: &ViewContext) -> Html {
    let connections = || context.link("button", Change::View(View::Setup)).text("Open connections");
    let (word, icon_class, title, says, action) = match why {
        Nothing::Loading => {
            let lines = (0..8).map(|_| el("div").class("skeleton__row"));
            let skeleton = el("div").class("skeleton").set("role", "status");
            return skeleton.child(unseen("Reading deployments…")).children(lines).into();
        }
        Nothing::Failed => (
            "failed",
            "icon empty__icon icon--plug",
            Text::from("No deployments could be read"),
            "The message above says why. As soon as it is mended they appear here by themselves.".to_owned(),
            connections(),
        ),
        Nothing::EmptyTable => (
            "table",
            "icon empty__icon icon--rings",
            "No deployments yet".into(),
            "The table can be read and is empty. The first pipeline that writes a row into it makes it appear here, \
             without a reload."
                .to_owned(),
            connections(),
        ),
        Nothing::Filtered(total) => (
            "filtered",
            "icon empty__icon icon--search",
            "Nothing matches".into(),
            format!("None of the {} fits the search and the filters together.", text::plural(total, "deployment")),
            button("button", Action::Change(Change::ClearAll)).text("Clear all filters"),
        ),
        Nothing::WithoutRing(count) => {
            let (what, hint) = text::without_ring(count);
            let list = context.link("button", Change::View(View::Deployments)).text("Show the list");
            ("without-ring", "icon empty__icon icon--rings", what.into(), hint.to_owned(), list)
        }
    };
    el("section")
        .class("empty")
        .set("data-empty", word)
        .child(icon(icon_class))
        .child(el("h2").text(title))
        .child(el("p").text(says))
        .child(action)
        .into()
}
