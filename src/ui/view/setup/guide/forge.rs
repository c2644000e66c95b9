//! Step 2: forges.

use super::parts::{GuideView, notice, step};
use crate::{
    guide::{ForgeDraft, ForgeKind, Part},
    text::guide as words,
    ui::{
        action::{Action, Field, SetupAction},
        html::{Element, el},
    },
};

pub(super) fn forge_step(view: &GuideView) -> Element {
    let parts = [(Part::Pipelines, words::WHO_BUILDS), (Part::Manifests, words::WHICH_MANIFESTS)];
    let parts = parts.map(|(part, title)| forge_fields(view.draft.forge(part), part, title));
    let note = if view.is_recognized { words::RECOGNIZED } else { words::OPTIONAL };
    let tokens = view.is_tried && view.draft.forge(Part::Pipelines).or(view.draft.forge(Part::Manifests)).is_some();
    let below = tokens.then(|| el("p").class("guide__note").text(words::TOKENS_BELOW));
    let body = el("form")
        .class("guide__form")
        .set("autocomplete", "off")
        .on(Action::Setup(SetupAction::Connect))
        .child(el("p").class("guide__note").text(note))
        .children(parts)
        .child(
            el("div")
                .class("credential__do")
                .child(el("button").class("button button--main").text(words::CONNECT))
                .child(notice(view, "forge")),
        )
        .children(below);
    step("forge", words::FORGE_STEP, tokens, body)
}

fn forge_fields(forge: Option<&ForgeDraft>, part: Part, title: &'static str) -> Element {
    let word = match part {
        Part::Pipelines => "pipelines",
        Part::Manifests => "manifests",
    };
    let options = [("", words::NOT_CONNECTED)]
        .into_iter()
        .chain(ForgeKind::ALL.map(|kind| (kind.as_str(), kind.service().name())));
    let select = el("select")
        .class("button")
        .set("aria-label", title)
        .set("data-guide", word)
        .set("value", forge.map_or("", |forge| forge.kind.as_str()))
        .on(Action::Setup(SetupAction::ForgeKind(part)))
        .children(options.map(|(value, label)| el("option").set("value", value).text(label)));
    let text = |label: &'static str, value: &str, placeholder: &'static str, which: fn(Part) -> Field| {
        let input = el("input")
            .set("type", "text")
            .set("autocomplete", "off")
            .set("spellcheck", "false")
            .set("placeholder", placeholder)
            .set("value", value.to_owned())
            .on(Action::Setup(SetupAction::Field(which(part))));
        el("label").key(label).class("field").child(el("span").text(label)).child(input)
    };
    let fields: Vec<Element> = match forge {
        None => Vec::new(),
        Some(forge) => {
            let organization = text(words::ORGANIZATION, &forge.organization, "contoso", Field::Organization);
            let project = text(words::PROJECT, &forge.project, "trivia", Field::ForgeProject);
            let repository = text(words::REPOSITORY, &forge.repository, "contoso/trivia", Field::Repository);
            let api = text(words::API, &forge.api, "https://HOST/api", Field::Api);
            match (forge.kind, part) {
                (ForgeKind::AzureDevops, Part::Pipelines) => vec![organization, project, api],
                (ForgeKind::AzureDevops, Part::Manifests) => vec![organization, project, repository, api],
                (ForgeKind::Github, _) => vec![repository, api],
                (ForgeKind::Gitlab, _) => vec![project, api],
            }
        }
    };
    el("fieldset").class("guide__forge").child(el("legend").text(title)).child(select).children(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_a_forge_for_what_it_needs() {
        #[track_caller]
        fn fields(kind: ForgeKind, part: Part, expect: &[&str]) {
            let forge = ForgeDraft { kind, ..ForgeDraft::default() };
            let markup = forge_fields(Some(&forge), part, "x").to_markup();
            let labels: Vec<&str> =
                markup.split("<span>").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
            assert_eq!(labels, expect);
        }
        const API: &str = "API (own server only)";
        fields(ForgeKind::AzureDevops, Part::Pipelines, &["Organization", "Project", API]);
        fields(ForgeKind::AzureDevops, Part::Manifests, &["Organization", "Project", "Repository", API]);
        fields(ForgeKind::Github, Part::Pipelines, &["Repository", API]);
        fields(ForgeKind::Gitlab, Part::Manifests, &["Project", API]);
    }
}
