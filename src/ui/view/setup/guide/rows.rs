//! Step 1: the table.

use super::parts::{GuideView, ReadRow, field, notice, step};
use crate::{
    guide::publish::{cors, reading_sas},
    text::guide as words,
    ui::{
        action::{Action, Field, SetupAction},
        html::{Element, el},
        view::{ViewContext, parts::state, setup::source::command_of},
    },
};

pub(super) fn rows_step(view: &GuideView, context: &ViewContext) -> Element {
    let storage = &view.draft.project().storage;
    let paste = el("input")
        .set("id", "guide-paste")
        .set("type", "password")
        .set("autocomplete", "off")
        .set("spellcheck", "false")
        .set("data-guide", "paste")
        .set("placeholder", words::PASTE_EXAMPLE)
        .set("aria-describedby", "guide-rows-note")
        .maybe("aria-invalid", view.rows.wrong.map(|_| "true"))
        .on(Action::Setup(SetupAction::Paste));
    let paste = el("div")
        .class("field field--wide")
        .child(el("label").set("for", "guide-paste").text(words::PASTE))
        .child(paste);
    let fields = el("div")
        .class("fields")
        .child(field(
            "guide-endpoint",
            words::ENDPOINT,
            &storage.endpoint,
            "https://ACCOUNT.table.core.windows.net",
            Field::Endpoint,
        ))
        .child(field("guide-table", words::TABLE, &storage.table, "deployments", Field::Table))
        .child(field("guide-partition", words::PARTITION, &storage.partition, "trivia", Field::Partition))
        .child(field("guide-name", words::NAME, &view.draft.project().name, "trivia", Field::Name));
    let waits = view.rows.has_sas.then(|| el("p").class("guide__note").text(words::SAS_TAKEN));
    let wrong = el("p").class("guide__wrong").set("role", "status").text(view.rows.wrong.unwrap_or_default());
    let form = el("form")
        .class("guide__form")
        .set("autocomplete", "off")
        .on(Action::Setup(SetupAction::ReadRows))
        .child(paste)
        .child(fields)
        .child(
            el("div")
                .class("credential__do")
                .child(el("button").class("button button--main").text(words::READ_TABLE))
                .child(notice(view, "rows")),
        )
        // Below the button, which must not move between the press and the release that takes what was pasted.
        .child(wrong)
        .children(waits)
        .child(el("p").class("credential__note").set("id", "guide-rows-note").text(words::ABOUT_SAS))
        .child(command_of(&reading_sas(&view.draft, context.now), words::SAS_COMMAND, context))
        .child(command_of(&cors(&view.draft, &view.origin), words::CORS_COMMAND, context));
    let newest = (!view.newest.is_empty()).then(|| newest(&view.newest, context));
    let none = (view.is_tried && view.newest.is_empty()).then(|| el("p").class("guide__note").text(words::NO_ROWS));
    let body = el("div").children(newest).children(none).child(form);
    step("rows", words::ROWS_STEP, !view.newest.is_empty(), body)
}

/// The newest rows, to see that it is the right table.
fn newest(rows: &[ReadRow], context: &ViewContext) -> Element {
    let head = words::COLUMNS.map(|title| el("th").set("scope", "col").text(title));
    let rows = rows.iter().map(|row| {
        el("tr")
            .child(el("td").text(row.service.clone()))
            .child(el("td").text(row.ring.clone()))
            .child(el("td").child(el("code").text(row.image.clone())))
            .child(el("td").child(state(row.status)))
            .child(el("td").child(context.maybe_ago(row.updated)))
    });
    el("div").class("guide__rows").child(
        el("table")
            .set("data-newest", "")
            .child(el("caption").text(words::NEWEST))
            .child(el("thead").child(el("tr").children(head)))
            .child(el("tbody").children(rows)),
    )
}
