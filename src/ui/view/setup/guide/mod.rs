//! From nothing to a configuration, step by step. Every step can be left out, and each shows what came of it.

mod forge;
mod parts;
mod publish;
mod rings;
mod rows;

pub use self::parts::{GuideView, ReadRow, RingChoice, RowsForm};
use self::{forge::forge_step, publish::publish_step, rings::rings_step, rows::rows_step};
use crate::{
    text::guide as words,
    ui::{
        action::{Action, SetupAction},
        html::{Element, el},
        view::{
            ViewContext,
            parts::{button, notice_line},
        },
    },
};

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
pub(super) fn extension(notice: &str) -> Element {
    el("section")
        .key("extension")
        .class("connection")
        .child(el("h2").text(words::ANOTHER_PROJECT))
        .child(el("p").text(words::ABOUT_EXTENDING))
        .child(
            el("div")
                .class("credential__do")
                .child(button("button", Action::Setup(SetupAction::ExtendConfig)).text(words::ADD_PROJECT))
                .child(notice_line(notice.to_owned())),
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::deployment::Status,
        guide::{Draft, RingDraft, publish::Host},
        ui::view::fixtures::context,
    };

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
            notice: None,
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
            updated: Some(context().now),
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
