//! One service's changes, one below the other, and what became of each in every ring.

use super::{
    ViewContext,
    changes::{ChangeView, PlaceView, RingName, about, message, to_details, version},
    empty::{Nothing, empty, notice},
    parts::{button, icon, unseen},
};
use crate::{
    model::{
        trace::ChangeStatus,
        wording::changes::{change_status, change_status_more},
    },
    route::View,
    text::changes as words,
    ui::{
        action::{Action, Change},
        html::{Element, Html, el},
        view::header::view_title,
    },
};

/// So many changes of a service are shown at first, and so many more each time.
pub const PAGE: usize = 50;

/// What the history view shows.
#[derive(Clone, PartialEq, Debug)]
pub enum HistoryView {
    /// Something else stands in its place.
    Nothing(Nothing),
    /// No service is asked for, or one that nothing is of.
    Unknown(Option<String>),
    /// A service's changes.
    Changes(ServiceHistoryView),
}

/// A service's changes.
#[derive(Clone, PartialEq, Debug)]
pub struct ServiceHistoryView {
    /// The service, as it was asked for.
    pub name: String,
    /// What its project is called, where there are several.
    pub project: Option<String>,
    /// How many other projects have a service of this name.
    pub other_projects: usize,
    /// The rings that it was ever deployed to, of those that the filters select.
    pub rings: Vec<RingName>,
    /// Its changes, the newest first.
    pub changes: Vec<ChangeView>,
    /// How many older ones are not shown.
    pub more: usize,
    /// How many deployments there are of anything.
    pub total: usize,
}

/// The history view.
#[must_use]
pub fn history(view: &HistoryView, context: &ViewContext) -> Html {
    match view {
        HistoryView::Nothing(why) => empty(*why, context),
        HistoryView::Changes(view) => changes(view, context),
        HistoryView::Unknown(name) => {
            let (title, sentence) = match name {
                Some(name) => words::no_such_service(name),
                None => (words::NO_SERVICE.0.to_owned(), words::NO_SERVICE.1),
            };
            let action = context.link("button", Change::View(View::Rings)).text(words::OPEN_RINGS);
            notice("service", title, sentence, Some(action))
        }
    }
}

fn changes(view: &ServiceHistoryView, context: &ViewContext) -> Html {
    let back =
        context.link("button", Change::View(View::Rings)).child(icon("icon icon--back")).text(view_title(View::Rings));
    let sum = words::changes_in_rings(view.changes.len() + view.more, view.rings.len());
    let bar = el("div")
        .class("past__bar")
        .child(back)
        .child(el("h2").text(view.name.clone()))
        .children(view.project.clone().map(|project| el("span").class("past__project").text(project)))
        .child(el("span").key("sum").class("past__sum").set("role", "status").text(sum));
    let note = (view.other_projects > 0).then(|| {
        let sentence = words::one_of_projects(view.project.as_deref().unwrap_or_default(), view.other_projects);
        el("p").class("past__note").set("role", "note").text(sentence)
    });
    let body = match view.changes.is_empty() {
        true => empty(Nothing::Filtered(view.total), context),
        false => table(view, context).into(),
    };
    el("div").class("past").child(bar).children(note).child(body).into()
}

fn table(view: &ServiceHistoryView, context: &ViewContext) -> Element {
    let ring = |ring: &RingName| {
        let name = el("span").class("ring__name").text(ring.title.clone());
        el("th").key(&ring.name).set("scope", "col").class("ring").child(name)
    };
    let corner = el("th").set("scope", "col").class("board__corner").text(words::CHANGE);
    let table = el("table")
        .class("board__table")
        .child(el("thead").child(el("tr").child(corner).children(view.rings.iter().map(ring))))
        .child(el("tbody").children(view.changes.iter().map(|change| row(view, change, context))));
    let more = (view.more > 0).then(|| {
        let show = button("button", Action::OlderChanges).text(words::show_more(PAGE, view.more));
        el("div").class("past__more").child(show)
    });
    el("div")
        .key("board")
        .class("board past__board")
        .set("role", "region")
        .set("aria-label", words::changes_by_ring(&view.name))
        .set("tabindex", "0")
        .child(table)
        .children(more)
}

fn row(view: &ServiceHistoryView, c: &ChangeView, context: &ViewContext) -> Element {
    let d = &c.newest;
    let about = el("span").class("change__about").children(about(d)).child(context.maybe_ago(d.updated));
    let head = el("th")
        .set("scope", "row")
        .class("service")
        .child(version("inside service__name", d, context))
        .children(message("change__message", d))
        .child(about);
    let places = view.rings.iter().filter_map(|ring| c.places.iter().find(|place| place.ring.ring == ring.ring));
    let cells = places.map(|place| cell(d.id.as_str(), place, context));
    el("tr").key(d.id.as_str()).class("change").child(head).children(cells)
}

fn cell(change: &str, p: &PlaceView, context: &ViewContext) -> Element {
    let sentence = el("span").class("fate");
    let sentence = match p.change_status {
        ChangeStatus::NotThere => sentence.child(unseen(change_status(&p.change_status))),
        _ => sentence.text(change_status(&p.change_status)),
    };
    let sentence = match &p.deployment {
        Some(d) => to_details("inside", d, context).child(sentence),
        None => sentence,
    };
    let more = change_status_more(&p.change_status, p.deployment.as_deref(), p.by.as_deref(), context.now);
    let more = (!more.is_empty()).then(|| el("span").class("fate__more").text(more));
    el("td")
        .class("cell")
        .set("data-title", p.ring.title.clone())
        .set("data-change", change.to_owned())
        .set("data-ring", p.ring.name.clone())
        .set("data-fate", p.change_status.as_str())
        .child(sentence)
        .children(more)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::symbols::RingSym,
        ui::view::fixtures::{change, context, ring},
    };

    fn shown(changes: Vec<ChangeView>, more: usize, other_projects: usize) -> String {
        let view = ServiceHistoryView {
            name: "api".into(),
            project: (other_projects > 0).then(|| "p".into()),
            other_projects,
            rings: vec![ring(RingSym::at(1), "dev")],
            changes,
            more,
            total: 7,
        };
        history(&HistoryView::Changes(view), &context()).to_string()
    }

    #[test]
    fn a_change_and_what_became_of_it() {
        let markup = shown(
            vec![change("service=api imageTag=1.4", &[("dev", ChangeStatus::Canceled), ("qa", ChangeStatus::Failed)])],
            3,
            0,
        );
        let parts = [
            "4 changes in 1 ring</span>",
            r#"aria-label="Changes of api by ring" tabindex="0""#,
            r#"<a class="inside service__name" href="?deployment=1">1.4</a>"#,
            r#"data-title="dev" data-change="1" data-ring="dev" data-fate="canceled"><a class="inside""#,
            r#"<span class="fate">canceled</span></a>"#,
            "Show 3 older changes</button>",
        ];
        for part in parts {
            assert!(markup.contains(part), "{part} is not in {markup}");
        }
        assert!(!markup.contains("data-ring=\"qa\"") && !markup.contains("role=\"note\""), "{markup}");
    }

    #[test]
    fn where_it_never_was_only_screen_readers_have_it() {
        let markup = shown(vec![change("service=api imageTag=1.4", &[("dev", ChangeStatus::NotThere)])], 0, 2);
        let cell = r#"data-fate="not-there"><span class="fate"><span class="unseen">not deployed</span></span></td>"#;
        assert!(markup.contains(cell), "{markup}");
        assert!(markup.contains("Shows project p. 2 other projects also have"), "{markup}");
    }

    #[test]
    fn an_empty_view_shows_why() {
        #[track_caller]
        fn check(view: HistoryView, expect: &str) {
            let markup = history(&view, &context()).to_string();
            assert!(markup.contains(expect), "{markup}");
        }
        check(HistoryView::Unknown(None), "No service selected");
        check(HistoryView::Unknown(Some("x".into())), "No service called x");
        check(HistoryView::Nothing(Nothing::Loading), "skeleton");
        assert!(shown(Vec::new(), 0, 0).contains(r#"data-empty="filtered""#));
    }
}
