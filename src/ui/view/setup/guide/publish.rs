//! Step 4: `config.json`, and where the page will be.

use super::parts::{GuideView, notice, step};
use crate::{
    guide::publish::{Host, capture},
    storage::azure_table::account_of,
    text::{guide as words, parts},
    ui::{
        action::{Action, SetupAction},
        html::{Element, el},
        view::{
            ViewContext,
            parts::{button, copy_button},
        },
    },
};

pub(super) fn publish_step(view: &GuideView, context: &ViewContext) -> Element {
    let hosts = el("select")
        .class("button")
        .set("aria-label", words::HOST)
        .set("data-guide", "host")
        .set("value", view.host.title())
        .on(Action::Setup(SetupAction::Host))
        .children(Host::ALL.map(|host| el("option").set("value", host.title()).text(host.title())));
    let sas = view.with_sas.map(|is_in| {
        let choice = el("input").set("type", "checkbox").checked(is_in).on(Action::Setup(SetupAction::WithSas));
        let mut sentence = words::SAS_PUBLISHED.to_owned();
        if view.host.is_public() {
            sentence.push_str(words::PUBLIC_HOST);
        }
        el("div")
            .key("sas")
            .child(el("label").class("choice").child(choice).text(words::WITH_SAS))
            .child(el("p").class("guide__note").text(sentence))
    });
    let shown = if view.with_sas == Some(true) { words::SAS_HIDDEN } else { "" };
    let commands = view.host.commands().replace("ACCOUNT", account_of(&view.draft.project().storage.endpoint));
    let snippet = capture(&view.draft, &view.partition, context.now);
    let block = |title: &'static str, text: String, what: &str| {
        el("div")
            .key(title)
            .class("guide__block")
            .child(el("h4").text(title))
            .child(copy_button(text.clone(), what, parts::COPY, context))
            .child(el("pre").set("tabindex", "0").text(text))
    };
    let body = el("div")
        .class("guide__form")
        .child(block("config.json", view.config.clone(), "config.json"))
        .children(sas)
        .child(el("p").class("guide__note").text(shown))
        .child(
            el("div")
                .class("credential__do")
                .child(button("button button--main", Action::Setup(SetupAction::Download)).text(words::DOWNLOAD))
                .child(notice(view, "publish")),
        )
        .child(el("label").class("field").child(el("span").text(words::PUBLISH_ON)).child(hosts))
        .child(block(words::COMMANDS, commands, words::THE_COMMANDS))
        .child(el("p").class("guide__note").text(words::LET_IN))
        .child(block(words::RECORD, snippet, words::THE_SNIPPET));
    step("publish", words::PUBLISH_STEP, false, body)
}
