//! On the sample page: the way to the guide.

use crate::{
    route::View,
    text::empty as words,
    ui::{
        action::Change,
        html::{Html, Text, el},
        view::ViewContext,
    },
};

/// The card on the sample page that leads here.
#[must_use]
pub fn invitation(context: &ViewContext) -> Html {
    let link = context.link("button button--main", Change::View(View::Setup));
    el("aside")
        .class("invitation")
        .set("aria-label", words::SAMPLE_DATA)
        .child(el("p").child(el("b").text(words::SAMPLE)).text(words::OWN_PAGE))
        .child(link.text(Text::from(words::CONNECT_TABLE)))
        .into()
}
