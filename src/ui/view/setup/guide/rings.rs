//! Step 3: rings and clusters.

use super::parts::{GuideView, notice, step};
use crate::{
    text::guide as words,
    ui::{
        action::{Action, SetupAction},
        html::{Element, el},
        view::parts::{button, icon},
    },
};

pub(super) fn rings_step(view: &GuideView) -> Element {
    let last = view.rings.len().saturating_sub(1);
    let rings = view.rings.iter().enumerate().map(|(at, ring)| {
        let shift = |icon_class, to: usize, word: &str, is_end: bool| {
            button("button button--bare", Action::Setup(SetupAction::MoveRing(at, to)))
                .set("aria-label", words::move_ring(&ring.name, word))
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
                    .set("aria-label", words::leave_out(&ring.name))
                    .child(icon("icon icon--close")),
            )
    });
    let clusters = view.clusters.iter().map(|cluster| {
        let ring = view.rings.iter().find(|ring| ring.clusters.contains(cluster)).map_or("", |ring| &*ring.name);
        let options = std::iter::once(("", words::EVERY_RING)).chain(view.rings.iter().map(|r| (&*r.name, &*r.name)));
        let select = el("select")
            .class("button")
            .set("value", ring.to_owned())
            .on(Action::Setup(SetupAction::PlaceCluster(cluster.clone())))
            .children(options.map(|(value, label)| el("option").set("value", value.to_owned()).text(label.to_owned())));
        el("label").key(cluster).class("field").child(el("span").text(words::cluster(cluster))).child(select)
    });
    let none = view.rings.is_empty();
    let note = if none { words::NO_RINGS } else { words::ORDER_RINGS };
    let apply = (!none).then(|| {
        let apply = button("button button--main", Action::Setup(SetupAction::ApplyRings)).text(words::USE_ORDER);
        el("div").class("credential__do").child(apply).child(notice(view, "rings"))
    });
    let body = el("div")
        .class("guide__form")
        .child(el("p").class("guide__note").text(note))
        .child(el("ol").class("guide__rings").set("aria-label", words::RINGS).children(rings))
        .child(el("div").class("fields").children(clusters))
        .children(apply);
    step("rings", words::RINGS_STEP, !view.draft.rings.is_empty(), body)
}
