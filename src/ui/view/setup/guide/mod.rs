//! From nothing to a configuration, step by step. Every step can be left out, and each shows what came of it.

mod forge;
mod publish;
mod rings;
mod rows;

use self::{forge::forge_step, publish::publish_step, rings::rings_step, rows::rows_step};
use crate::{
    domain::{deployment::Status, time::Timestamp},
    guide::{Draft, publish::Host},
    text::guide as words,
    ui::{
        action::{Action, Field, SetupAction},
        html::{Element, el},
        view::{
            ViewContext,
            parts::{button, said_of},
        },
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
    /// Whether the forges in the draft are what the rows themselves say.
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
    pub said: Option<(&'static str, String)>,
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
    pub updated: Timestamp,
}

/// A ring to be put in order.
pub struct RingChoice {
    /// Its name.
    pub name: String,
    /// The clusters in it.
    pub clusters: Vec<String>,
}

/// The guide.
#[must_use]
pub fn guide(view: &GuideView, context: &ViewContext) -> Element {
    let title = match (view.is_tried, view.is_adding) {
        (true, _) => words::YOURS_TRIED,
        (false, true) => words::ADD_PROJECT,
        (false, false) => words::SET_UP,
    };
    let about = if view.is_adding && !view.is_tried {
        words::ABOUT_ADDING
    } else if view.is_tried {
        words::ABOUT_TRIED
    } else {
        words::ABOUT_SAMPLE
    };
    let discard = view.is_tried.then(|| button("button", Action::Setup(SetupAction::Discard)).text(words::DISCARD));
    el("section")
        .key("guide")
        .class("guide")
        .set("aria-label", words::GUIDE)
        .child(el("h2").class("guide__title").text(title))
        .child(el("p").text(about))
        .children(projects(view))
        .child(el("ol").class("guide__steps").children([
            rows_step(view, context),
            forge_step(view),
            rings_step(view),
            publish_step(view, context),
        ]))
        .children(discard)
}

/// The projects that are done, and the way to another one.
fn projects(view: &GuideView) -> Option<Element> {
    let others = view.draft.others();
    let is_done = view.is_tried && !view.draft.project().name.is_empty();
    if others.is_empty() && !is_done {
        return None;
    }
    let rows = others.iter().enumerate().map(|(at, other)| {
        let edit = other
            .can_edit
            .then(|| button("button", Action::Setup(SetupAction::EditProject(at))).text(words::edit(&other.name)));
        let remove = button("button", Action::Setup(SetupAction::RemoveProject(at))).text(words::remove(&other.name));
        el("li")
            .key(&other.name)
            .set("data-guide-project", other.name.clone())
            .child(el("b").text(other.name.clone()))
            .text(" ")
            .children(edit)
            .child(remove)
    });
    let current = is_done.then(|| el("li").key("current").text(words::in_steps(&view.draft.project().name)));
    let add = is_done.then(|| button("button", Action::Setup(SetupAction::AddProject)).text(words::ADD_ANOTHER));
    Some(
        el("div")
            .key("projects")
            .child(el("h3").text(words::PROJECTS))
            .child(el("ul").class("guide__projects").children(rows).children(current))
            .children(add),
    )
}

/// On a page with a configuration of its own: the way to add a project to it.
#[must_use]
pub(super) fn extension(said: &str) -> Element {
    el("section")
        .key("extension")
        .class("connection")
        .child(el("h2").text(words::ANOTHER_PROJECT))
        .child(el("p").text(words::ABOUT_EXTENDING))
        .child(
            el("div")
                .class("credential__do")
                .child(button("button", Action::Setup(SetupAction::ExtendConfig)).text(words::ADD_PROJECT))
                .child(said_of(said.to_owned())),
        )
}

fn step(word: &'static str, title: &'static str, is_done: bool, body: Element) -> Element {
    let mark = is_done.then(|| el("span").class("state").set("data-status", "succeeded").text(words::DONE));
    el("li")
        .key(word)
        .class("guide__step")
        .set("data-step", word)
        .flag("data-done", is_done)
        .child(el("h3").text(title).text(" ").children(mark))
        .child(body)
}

fn said(view: &GuideView, step: &'static str) -> Element {
    let says = view.said.as_ref().filter(|(of, _)| *of == step).map(|(_, says)| says.clone());
    said_of(says.unwrap_or_default())
}

/// A labelled text field.
fn field(id: &'static str, label: &'static str, value: &str, placeholder: &'static str, field: Field) -> Element {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{guide::RingDraft, ui::view::fixtures::context};

    fn view() -> GuideView {
        GuideView {
            origin: "https://ringside.example".into(),
            draft: Draft::default(),
            is_tried: false,
            is_adding: false,
            rows: RowsForm::default(),
            newest: Vec::new(),
            partition: String::new(),
            is_recognized: false,
            rings: Vec::new(),
            clusters: Vec::new(),
            host: Host::default(),
            with_sas: None,
            config: "{}".into(),
            said: None,
        }
    }

    #[track_caller]
    fn check(view: &GuideView, holds: &[&str], not: &[&str]) {
        let markup = guide(view, &context()).to_markup();
        holds.iter().for_each(|part| assert!(markup.contains(part), "no {part} in {markup}"));
        not.iter().for_each(|part| assert!(!markup.contains(part), "{part} in {markup}"));
    }

    #[test]
    fn projects_that_are_done_stand_above_the_steps() {
        let config = r#"{"projects":[{"name":"a","storage":{"kind":"snapshot","url":"a.json"}}]}"#;
        let mut draft = Draft::to_extend(config).unwrap();
        let adding = GuideView { is_adding: true, draft: draft.clone(), ..view() };
        check(&adding, &["<h2", "Add a project", "data-guide-project=\"a\"", "Remove a"], &["Edit a", "Add another"]);
        draft.project_mut().name = "b".into();
        check(&GuideView { is_tried: true, draft, ..view() }, &["b, in the steps below", "Add another project"], &[]);
        check(&view(), &[], &["Projects"]);
    }

    #[test]
    fn begins_with_every_step_open() {
        check(
            &view(),
            &[
                "data-step=\"rows\"",
                "data-step=\"forge\"",
                "data-step=\"rings\"",
                "data-step=\"publish\"",
                "--origins https://ringside.example",
            ],
            &["data-done", "data-newest", "Write the SAS", "Discard"],
        );
    }

    #[test]
    fn shows_what_was_read() {
        let row = ReadRow {
            service: "api".into(),
            ring: "dev".into(),
            image: "api:1.2".into(),
            status: Status::Succeeded,
            updated: context().now,
        };
        let view = GuideView { newest: vec![row], is_tried: true, with_sas: Some(false), ..view() };
        check(&view, &["data-newest", "<code>api:1.2</code>", "Discard", "Write the SAS"], &["No rows yet"]);
    }

    #[test]
    fn rings_move_by_buttons_too() {
        let rings = ["dev", "prod"].map(|name| RingChoice { name: name.into(), clusters: Vec::new() }).into();
        let mut draft = Draft::default();
        draft.rings.push(RingDraft::new("dev".into()));
        let view = GuideView { rings, clusters: vec!["east".into()], draft, ..view() };
        check(&view, &["Move dev down", "Move prod up", "Leave out prod", "Cluster east", "draggable=\"true\""], &[]);
    }

    #[test]
    fn warns_before_a_sas_is_published() {
        let view = GuideView { with_sas: Some(true), host: Host::GitHubPages, ..view() };
        check(&view, &["open to everybody on the internet", "is not shown here"], &[]);
    }
}
