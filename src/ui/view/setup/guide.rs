//! From nothing to a configuration, step by step. Every step can be left out, and each shows what came of it.

use super::source::command_of;
use crate::{
    domain::deployment::Status,
    guide::{
        Draft, ForgeDraft, ForgeKind, Part,
        publish::{Host, capture, cors, reading_sas},
    },
    storage::azure_table::account_of,
    ui::{
        action::{Action, Field, SetupAction},
        html::{Element, Html, Text, el},
        view::{
            ViewContext,
            parts::{button, copy_button, icon, said_of, state},
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
    pub updated: crate::domain::time::Timestamp,
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
        (true, _) => "Your page, as this tab tries it",
        (false, true) => "Add a project",
        (false, false) => "Set up your own page",
    };
    let about = if view.is_adding && !view.is_tried {
        "Your config.json stays as it is until you put the one in its place that step 4 offers. Everything that it holds is kept."
    } else if view.is_tried {
        "The whole page now shows your rows, in this tab only. Go on here, look around, and come back."
    } else {
        "You are looking at made-up data. Four steps lead to a page of your own; each can be left out. What you enter goes to the service it is for, and nowhere else."
    };
    let discard = view.is_tried.then(|| button("button", Action::Setup(SetupAction::Discard)).text("Discard"));
    el("section")
        .key("guide")
        .class("guide")
        .set("aria-label", "Guide")
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
        let edit = other.can_edit.then(|| {
            button("button", Action::Setup(SetupAction::EditProject(at))).text(format!("Edit {}", other.name))
        });
        let remove =
            button("button", Action::Setup(SetupAction::RemoveProject(at))).text(format!("Remove {}", other.name));
        el("li")
            .key(&other.name)
            .set("data-guide-project", other.name.clone())
            .child(el("b").text(other.name.clone()))
            .text(" ")
            .children(edit)
            .child(remove)
    });
    let current =
        is_done.then(|| el("li").key("current").text(format!("{}, in the steps below", view.draft.project().name)));
    let add = is_done.then(|| button("button", Action::Setup(SetupAction::AddProject)).text("Add another project"));
    Some(
        el("div")
            .key("projects")
            .child(el("h3").text("Projects"))
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
        .child(el("h2").text("Another project"))
        .child(el("p").text("The guide adds a project to this page's config.json, tries it in this tab, and offers the file to download."))
        .child(
            el("div")
                .class("credential__do")
                .child(button("button", Action::Setup(SetupAction::ExtendConfig)).text("Add a project"))
                .child(said_of(said.to_owned())),
        )
}

fn step(word: &'static str, title: &'static str, is_done: bool, body: Element) -> Element {
    let mark = is_done.then(|| el("span").class("state").set("data-status", "succeeded").text("done"));
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

fn rows_step(view: &GuideView, context: &ViewContext) -> Element {
    let storage = &view.draft.project().storage;
    let paste = el("input")
        .set("id", "guide-paste")
        .set("type", "password")
        .set("autocomplete", "off")
        .set("spellcheck", "false")
        .set("data-guide", "paste")
        .set("placeholder", "sv=…&tn=…&sp=r&sig=… or https://ACCOUNT.table.core.windows.net/TABLE?sv=…")
        .set("aria-describedby", "guide-rows-note")
        .maybe("aria-invalid", view.rows.wrong.map(|_| "true"))
        .on(Action::Setup(SetupAction::Paste));
    let paste = el("div")
        .class("field field--wide")
        .child(el("label").set("for", "guide-paste").text("A read-only SAS, a table's address or a connection string"))
        .child(paste);
    let fields = el("div")
        .class("fields")
        .child(field(
            "guide-endpoint",
            "Table service",
            &storage.endpoint,
            "https://ACCOUNT.table.core.windows.net",
            Field::Endpoint,
        ))
        .child(field("guide-table", "Table", &storage.table, "deployments", Field::Table))
        .child(field(
            "guide-partition",
            "Partition (empty: the whole table)",
            &storage.partition,
            "trivia",
            Field::Partition,
        ))
        .child(field("guide-name", "Name of the project", &view.draft.project().name, "trivia", Field::Name));
    let waits = view.rows.has_sas.then(|| el("p").class("guide__note").text("A SAS is taken and not shown again."));
    let wrong = el("p").class("guide__wrong").set("role", "status").text(view.rows.wrong.unwrap_or_default());
    let form = el("form")
        .class("guide__form")
        .set("autocomplete", "off")
        .on(Action::Setup(SetupAction::ReadRows))
        .child(paste)
        .child(fields)
        .child(el("div").class("credential__do").child(el("button").class("button button--main").text("Read the table")).child(said(view, "rows")))
        // Below the button, which must not move between the press and the release that takes what was pasted.
        .child(wrong)
        .children(waits)
        .child(
            el("p").class("credential__note").set("id", "guide-rows-note").text(
                "The SAS goes to that table's account alone and stays in this browser tab. These commands make one, and let this page read the account:",
            ),
        )
        .child(command_of(&reading_sas(&view.draft, context.now), "the command that makes a SAS", context))
        .child(command_of(&cors(&view.draft, &view.origin), "the command that lets this page in", context));
    let newest = (!view.newest.is_empty()).then(|| newest(&view.newest, context));
    let none = (view.is_tried && view.newest.is_empty()).then(|| {
        el("p").class("guide__note").text(
            "No rows yet. What is wrong, if anything, is said above; an empty table fills with step 4's snippets.",
        )
    });
    let body = el("div").children(newest).children(none).child(form);
    step("rows", "Where are your deployments recorded?", !view.newest.is_empty(), body)
}

/// The newest rows, to see that it is the right table.
fn newest(rows: &[ReadRow], context: &ViewContext) -> Element {
    let head = ["Service", "Ring", "Image", "Status", "Updated"].map(|title| el("th").set("scope", "col").text(title));
    let rows = rows.iter().map(|row| {
        el("tr")
            .child(el("td").text(row.service.clone()))
            .child(el("td").text(row.ring.clone()))
            .child(el("td").child(el("code").text(row.image.clone())))
            .child(el("td").child(state(row.status)))
            .child(el("td").child(context.ago(row.updated)))
    });
    el("div").class("guide__rows").child(
        el("table")
            .set("data-newest", "")
            .child(el("caption").text("The newest rows, as read just now"))
            .child(el("thead").child(el("tr").children(head)))
            .child(el("tbody").children(rows)),
    )
}

fn forge_step(view: &GuideView) -> Element {
    let parts =
        [(Part::Pipelines, "Who runs build and release?"), (Part::Manifests, "Which repository do clusters apply?")];
    let parts = parts.map(|(part, title)| forge_fields(view.draft.forge(part), part, title));
    let note = if view.is_recognized {
        "Recognized from your rows. Check it, and connect."
    } else {
        "Optional: without it only table data is shown. With it the page knows how builds, pull requests and clusters are."
    };
    let tokens = view.is_tried && view.draft.forge(Part::Pipelines).or(view.draft.forge(Part::Manifests)).is_some();
    let below = tokens.then(|| {
        el("p").class("guide__note").text("Tokens are entered and tested below, one field for each service, with the minimum permissions and where to make one.")
    });
    let body = el("form")
        .class("guide__form")
        .set("autocomplete", "off")
        .on(Action::Setup(SetupAction::Connect))
        .child(el("p").class("guide__note").text(note))
        .children(parts)
        .child(
            el("div")
                .class("credential__do")
                .child(el("button").class("button button--main").text("Connect"))
                .child(said(view, "forge")),
        )
        .children(below);
    step("forge", "Who knows more about them?", tokens, body)
}

fn forge_fields(forge: Option<&ForgeDraft>, part: Part, title: &'static str) -> Element {
    let word = match part {
        Part::Pipelines => "pipelines",
        Part::Manifests => "manifests",
    };
    let options =
        [("", "Not connected")].into_iter().chain(ForgeKind::ALL.map(|kind| (kind.word(), kind.service().name())));
    let select = el("select")
        .class("button")
        .set("aria-label", title)
        .set("data-guide", word)
        .set("value", forge.map_or("", |forge| forge.kind.word()))
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
            let organization = text("Organization", &forge.organization, "contoso", Field::Organization);
            let project = text("Project", &forge.project, "trivia", Field::ForgeProject);
            let repository = text("Repository", &forge.repository, "contoso/trivia", Field::Repository);
            let api = text("API (own server only)", &forge.api, "https://HOST/api", Field::Api);
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

fn rings_step(view: &GuideView) -> Element {
    let last = view.rings.len().saturating_sub(1);
    let rings = view.rings.iter().enumerate().map(|(at, ring)| {
        let shift = |icon_class, to: usize, word: &str, is_end: bool| {
            button("button button--bare", Action::Setup(SetupAction::MoveRing(at, to)))
                .set("aria-label", format!("Move {} {word}", ring.name))
                .maybe("aria-disabled", is_end.then_some("true"))
                .child(icon(icon_class))
        };
        let clusters =
            (!ring.clusters.is_empty()).then(|| el("span").class("guide__note").text(ring.clusters.join(", ")));
        el("li")
            .key(&ring.name)
            .class("guide__ring")
            .set("data-guide-ring", ring.name.clone())
            .set("draggable", "true")
            .on(Action::Setup(SetupAction::Ring(at)))
            .child(el("span").class("guide__grip").set("aria-hidden", "true").text("⠿"))
            .child(el("span").class("guide__name").text(ring.name.clone()))
            .children(clusters)
            .child(shift("icon icon--up", at.saturating_sub(1), "up", at == 0))
            .child(shift("icon icon--down", at + 1, "down", at == last))
            .child(
                button("button button--bare", Action::Setup(SetupAction::LeaveOutRing(at)))
                    .set("aria-label", format!("Leave out {}", ring.name))
                    .child(icon("icon icon--close")),
            )
    });
    let clusters = view.clusters.iter().map(|cluster| {
        let ring = view.rings.iter().find(|ring| ring.clusters.contains(cluster)).map_or("", |ring| &*ring.name);
        let options = std::iter::once(("", "Every ring")).chain(view.rings.iter().map(|r| (&*r.name, &*r.name)));
        let select = el("select")
            .class("button")
            .set("value", ring.to_owned())
            .on(Action::Setup(SetupAction::PlaceCluster(cluster.clone())))
            .children(options.map(|(value, label)| el("option").set("value", value.to_owned()).text(label.to_owned())));
        el("label").key(cluster).class("field").child(el("span").text(format!("Cluster {cluster}"))).child(select)
    });
    let none = view.rings.is_empty();
    let note = if none {
        "Rings and clusters appear here once rows are read. Left out, the page orders rings by what their names say."
    } else {
        "First to last, in the order of promotion: drag them, or use the arrows. A ring that is left out counts as a feature ring."
    };
    let apply = (!none).then(|| {
        let apply = button("button button--main", Action::Setup(SetupAction::ApplyRings)).text("Use this order");
        el("div").class("credential__do").child(apply).child(said(view, "rings"))
    });
    let body = el("div")
        .class("guide__form")
        .child(el("p").class("guide__note").text(note))
        .child(el("ol").class("guide__rings").set("aria-label", "Rings, first to last").children(rings))
        .child(el("div").class("fields").children(clusters))
        .children(apply);
    step("rings", "In which order are changes promoted?", !view.draft.rings.is_empty(), body)
}

fn publish_step(view: &GuideView, context: &ViewContext) -> Element {
    let hosts = el("select")
        .class("button")
        .set("aria-label", "Host")
        .set("data-guide", "host")
        .set("value", view.host.title())
        .on(Action::Setup(SetupAction::Host))
        .children(Host::ALL.map(|host| el("option").set("value", host.title()).text(host.title())));
    let sas = view.with_sas.map(|is_in| {
        let choice = el("input").set("type", "checkbox").checked(is_in).on(Action::Setup(SetupAction::WithSas));
        let mut says =
            "Everybody who can open the page can then read the table with it. Without, each viewer is asked for one."
                .to_owned();
        if view.host.is_public() {
            says.push_str(" This host is open to everybody on the internet: leave it out.");
        }
        el("div")
            .key("sas")
            .child(el("label").class("choice").child(choice).text("Write the SAS into config.json"))
            .child(el("p").class("guide__note").text(says))
    });
    let shown = if view.with_sas == Some(true) {
        "The SAS is in the file that is downloaded and is not shown here."
    } else {
        ""
    };
    let commands = view.host.commands().replace("ACCOUNT", account_of(&view.draft.project().storage.endpoint));
    let snippet = capture(&view.draft, &view.partition, context.now);
    let block = |title: &'static str, text: String, what: &str| {
        el("div")
            .key(title)
            .class("guide__block")
            .child(el("h4").text(title))
            .child(copy_button(text.clone(), what, "Copy", context))
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
                .child(button("button button--main", Action::Setup(SetupAction::Download)).text("Download config.json"))
                .child(said(view, "publish")),
        )
        .child(el("label").class("field").child(el("span").text("Publish it on")).child(hosts))
        .child(block("Commands, in a clone of Ringside", commands, "the commands"))
        .child(
            el("p")
                .class("guide__note")
                .text("The storage account must then let the new address in, too: the second command of step 1, with that origin."),
        )
        .child(block("Record deployments from your pipelines", snippet, "the snippet"));
    step("publish", "Put it where your team can see it", false, body)
}

/// The card on the sample page that leads here.
#[must_use]
pub fn invitation(context: &ViewContext) -> Html {
    let link = context.link("button button--main", crate::ui::action::Change::View(crate::route::View::Setup));
    el("aside")
        .class("invitation")
        .set("aria-label", "Sample data")
        .child(el("p").child(el("b").text("Sample data.")).text(" Your own page takes about ten minutes."))
        .child(link.text(Text::from("Connect your table")))
        .into()
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
