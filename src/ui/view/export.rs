//! The menu of what can be taken along.

use super::parts::button;
use crate::{
    model::export::Format,
    text::export as words,
    ui::{
        action::Action,
        html::{Element, el},
    },
};

pub(super) fn panel() -> Element {
    let choice = |format: Format, label: &'static str| button("button", Action::Export(format)).text(label);
    let note = |text: &'static str| el("p").class("menu__note").text(text);
    el("div")
        .child(note(words::SHOWN))
        .child(choice(Format::Csv, words::CSV))
        .child(choice(Format::Json, words::JSON))
        .child(choice(Format::Markdown, words::MARKDOWN))
        .child(note(words::WHOLE))
        .child(choice(Format::Snapshot, words::SNAPSHOT))
        .child(choice(Format::SnapshotWithoutNames, words::WITHOUT_NAMES))
        .child(note(words::SNAPSHOT_NOTE))
}
