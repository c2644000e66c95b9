//! Where is it? What the search box names, before what it finds: in which rings and on which clusters that runs.

use super::{
    ViewContext,
    changes::{ChangeView, PlaceView, about, message, place, version},
    parts::button,
};
use crate::{
    model::{
        trace::{ChangeStatus, TracedBy},
        wording::{self, changes},
    },
    text,
    ui::{
        action::Action,
        html::{Element, Html, el, nothing},
    },
};

/// All that is shown of an answer.
#[derive(Clone, PartialEq, Debug)]
pub struct WhereIsView {
    /// What the question was taken for.
    pub by: TracedBy,
    /// What it names.
    pub title: String,
    /// The changes that are meant, with the most specific ring first.
    pub changes: Vec<ChangeView>,
    /// How many older ones are not shown.
    pub more: usize,
}

/// What is read out, and the panel.
#[must_use]
pub fn where_is(view: Option<&WhereIsView>, context: &ViewContext) -> Html {
    // Shown once, and again when it changes, but not whenever a minute has passed.
    let announced = el("p").class("unseen").set("aria-live", "polite").text(view.map(announcement).unwrap_or_default());
    el("div").class("where__room").child(announced).child(view.map_or_else(nothing, |view| panel(view, context))).into()
}

fn panel(view: &WhereIsView, context: &ViewContext) -> Html {
    let more = (view.more > 0)
        .then(|| button("where__more", Action::AllTraced).text(text::changes::show_older(view.more, "change")));
    el("section")
        .class("where")
        .set("data-where", view.by.as_str())
        .set("aria-label", view.title.clone())
        .child(el("h2").class("where__title").text(view.title.clone()))
        .child(el("ul").class("where__changes").children(view.changes.iter().map(|c| change(c, context))))
        .children(more)
        .into()
}

fn announcement(view: &WhereIsView) -> String {
    let each = view.changes.iter().map(|c| {
        let places = changes::announced(c.places.iter().map(|p| (&p.change_status, p.ring.title.as_str())));
        format!("{} {}: {places}.", c.service.shown, wording::version(&c.newest))
    });
    [format!("{}.", view.title)].into_iter().chain(each).collect::<Vec<_>>().join(" ")
}

fn change(c: &ChangeView, context: &ViewContext) -> Element {
    let (there, absent): (Vec<&PlaceView>, Vec<_>) =
        c.places.iter().partition(|p| p.change_status != ChangeStatus::NotThere);
    let absent_from = absent.iter().enumerate().flat_map(|(n, p)| {
        let ring = el("span").set("data-ring", p.ring.name.clone()).set("data-fate", p.change_status.as_str());
        let ring = Html::from(ring.text(p.ring.title.clone()));
        [(n > 0).then(|| Html::from(", ")), Some(ring)].into_iter().flatten()
    });
    let absent = (!absent.is_empty()).then(|| {
        el("li")
            .class("where__not")
            .text(changes::change_status_in(&ChangeStatus::NotThere))
            .text(" ")
            .children(absent_from)
    });
    let about = el("span")
        .class("where__about")
        .children(c.service.project.clone())
        .children(about(&c.newest))
        .children(message("where__message", &c.newest));
    let what = el("p")
        .class("where__what")
        .child(c.service.link(context))
        .child(version("inside where__version", &c.newest, context))
        .child(about);
    let places = there.into_iter().map(|p| place(p, context));
    el("li").class("where__change").child(what).child(el("ul").class("where__places").children(places).children(absent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::view::fixtures::{change, context};

    #[test]
    fn an_answer_is_read_out_without_times() {
        let live = ChangeStatus::Live { clusters: Vec::new(), since: Some(context().now), is_vague: false };
        let c =
            change("service=api imageTag=1.4 commitMessage=Fix_it", &[("prod", ChangeStatus::NotThere), ("dev", live)]);
        let view = WhereIsView { by: TracedBy::Image, title: "Image 1.4".into(), changes: vec![c], more: 2 };
        assert_eq!(announcement(&view), "Image 1.4. api 1.4: not in prod; live in dev.");
        let markup = where_is(Some(&view), &context()).to_string();
        let parts = [
            r#"data-where="image" aria-label="Image 1.4""#,
            r#"<a class="inside" href="?view=history&amp;of=api"><b>api</b></a>"#,
            r#"<a class="inside where__version" href="?deployment=1">1.4</a>"#,
            r#"title="Fix it">Fix it</span>"#,
            r#"<li class="where__place" data-ring="dev" data-fate="live"><a class="inside" href="?deployment=1">"#,
            r#"live in <b>dev</b> just now</span>"#,
            r#"<li class="where__not">not in <span data-ring="prod" data-fate="not-there">prod</span></li>"#,
            "Show 2 older changes</button>",
        ];
        let mut rest = markup.as_str();
        for part in parts {
            rest = rest.split_once(part).unwrap_or_else(|| panic!("{part} is not, in its turn, in {markup}")).1;
        }
        let silent = where_is(None, &context()).to_string();
        assert_eq!(silent, r#"<div class="where__room"><p class="unseen" aria-live="polite"></p></div>"#);
    }
}
