//! What the guide shows, and what its steps share.

use crate::{
    domain::{deployment::Status, time::Timestamp},
    guide::{Draft, publish::Host},
    text::guide as words,
    ui::{
        action::{Action, Field, SetupAction},
        html::{Element, el},
        view::parts::notice_line,
    },
};

/// What the guide shows.
pub struct GuideView {
    /// This page's origin, which the storage account must let in.
    pub origin: String,
    /// The configuration as it is so far.
    pub draft: Draft,
    /// The rows are read with it in this tab.
    pub is_tried: bool,
    /// A project is being added to the configuration that the page has, and none is tried yet.
    pub is_adding: bool,
    /// The first step's fields.
    pub rows: RowsForm,
    /// The newest rows.
    pub newest: Vec<ReadRow>,
    /// The partition of the newest row.
    pub partition: String,
    /// Whether the forges in the draft are what the rows themselves name.
    pub is_recognized: bool,
    /// The rings in their order, with what is known of them.
    pub rings: Vec<RingChoice>,
    /// The clusters that report, by name.
    pub clusters: Vec<String>,
    /// Where the page will be.
    pub host: Host,
    /// Whether the SAS is to be written into `config.json`; absent where there is none.
    pub with_sas: Option<bool>,
    /// `config.json`, the SAS left out.
    pub config: String,
    /// What came of the last thing done.
    pub notice: Option<(&'static str, String)>,
}

/// The fields of the first step, as far as they hold nothing secret.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RowsForm {
    /// What is wrong with what was pasted.
    pub wrong: Option<&'static str>,
    /// A SAS is pasted and waits for the other fields.
    pub has_sas: bool,
}

/// One row, as it was read.
pub struct ReadRow {
    /// Its service.
    pub service: String,
    /// Its ring.
    pub ring: String,
    /// Its image.
    pub image: String,
    /// What became of it.
    pub status: Status,
    /// When it was written.
    pub updated: Option<Timestamp>,
}

/// A ring to be put in order.
pub struct RingChoice {
    /// Its name.
    pub name: String,
    /// The clusters in it.
    pub clusters: Vec<String>,
}

pub(super) fn step(word: &'static str, title: &'static str, is_done: bool, body: Element) -> Element {
    let mark = is_done.then(|| el("span").class("state").set("data-status", "succeeded").text(words::DONE));
    el("li")
        .key(word)
        .class("guide__step")
        .set("data-step", word)
        .flag("data-done", is_done)
        .child(el("h3").text(title).text(" ").children(mark))
        .child(body)
}

pub(super) fn notice(view: &GuideView, step: &'static str) -> Element {
    let sentence = view.notice.as_ref().filter(|(of, _)| *of == step).map(|(_, sentence)| sentence.clone());
    notice_line(sentence.unwrap_or_default())
}

pub(super) fn field(
    id: &'static str,
    label: &'static str,
    value: &str,
    placeholder: &'static str,
    field: Field,
) -> Element {
    let input = el("input")
        .set("id", id)
        .set("type", "text")
        .set("autocomplete", "off")
        .set("spellcheck", "false")
        .set("placeholder", placeholder)
        .set("value", value.to_owned())
        .on(Action::Setup(SetupAction::Field(field)));
    el("div").key(id).class("field").child(el("label").set("for", id).text(label)).child(input)
}
