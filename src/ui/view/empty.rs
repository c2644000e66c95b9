//! Views with nothing in them, each for another reason.

use super::{
    ViewContext,
    parts::{button, icon, unseen},
};
use crate::{
    route::View,
    text::{self, empty as words},
    ui::{
        action::{Action, Change},
        html::{Element, Html, Text, el},
    },
};

/// Why there is nothing to show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Nothing {
    /// The first rows have not come yet.
    Loading,
    /// They cannot be had; the banner above shows why.
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
    let connections = || context.link("button", Change::View(View::Setup)).text(words::OPEN_CONNECTIONS);
    let (word, icon_class, title, sentence, action) = match why {
        Nothing::Loading => {
            let lines = (0..8).map(|_| el("div").class("skeleton__row"));
            let skeleton = el("div").class("skeleton").set("role", "status");
            return skeleton.child(unseen(words::READING)).children(lines).into();
        }
        Nothing::Failed => (
            "failed",
            "icon empty__icon icon--plug",
            Text::from(words::FAILED.0),
            words::FAILED.1.to_owned(),
            connections(),
        ),
        Nothing::EmptyTable => (
            "table",
            "icon empty__icon icon--rings",
            words::EMPTY_TABLE.0.into(),
            words::EMPTY_TABLE.1.to_owned(),
            connections(),
        ),
        Nothing::Filtered(total) => (
            "filtered",
            "icon empty__icon icon--search",
            words::NO_MATCH.into(),
            words::in_total(total),
            button("button", Action::Change(Change::ClearAll)).text(words::CLEAR),
        ),
        Nothing::WithoutRing(count) => {
            let (what, hint) = text::without_ring(count);
            let list = context.link("button", Change::View(View::Deployments)).text(words::SHOW_LIST);
            ("without-ring", "icon empty__icon icon--rings", what.into(), hint.to_owned(), list)
        }
    };
    section(word, icon_class, title, sentence, Some(action))
}

/// Why a view has nothing to show, where that is its own matter.
#[must_use]
pub fn notice(word: &'static str, title: impl Into<Text>, sentence: impl Into<Text>, action: Option<Element>) -> Html {
    section(word, "icon empty__icon icon--rings", title.into(), sentence.into(), action)
}

fn section(
    word: &'static str,
    icon_class: &'static str,
    title: Text,
    sentence: impl Into<Text>,
    action: Option<Element>,
) -> Html {
    el("section")
        .key(word)
        .class("empty")
        .set("data-empty", word)
        .child(icon(icon_class))
        .child(el("h2").text(title))
        .child(el("p").text(sentence))
        .children(action)
        .into()
}
