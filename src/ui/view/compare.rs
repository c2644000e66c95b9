//! Two rings side by side: what one would get that the other has.

mod service;

pub use self::service::{Runs, ServiceCard, card};
use super::{
    ViewContext,
    changes::{RingName, ServiceLink},
    empty::{Nothing, empty, notice},
    parts::{copy_button_of, icon_button},
};
use crate::{
    model::{
        compare::{Choice, Lag},
        symbols::RingSym,
        wording::changes,
    },
    route::View,
    text::changes as words,
    ui::{
        action::{Action, Change, PickRing},
        html::{Element, Html, el},
    },
};

/// What the comparison shows.
#[derive(Clone, PartialEq, Debug)]
pub struct CompareView {
    /// The rings to pick from.
    pub rings: Vec<RingName>,
    /// Those that are compared, and what was asked for in vain.
    pub choice: Option<Choice>,
    /// What is shown of the two.
    pub outcome: Outcome,
    /// The services that differ, what the second ring would get first.
    pub differ: Vec<ServiceCard>,
    /// Those that do not, and the version that both run.
    pub same: Vec<(ServiceLink, String)>,
}

/// What is shown of two rings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// There is nothing to show at all.
    Empty(Nothing),
    /// There are not two rings.
    TooFew,
    /// Both are the same one.
    OneRing,
    /// Nothing runs in either, as far as is known.
    NothingRuns,
    /// Services, of which some may differ.
    Services,
}

/// The comparison view.
#[must_use]
pub fn compare(view: &CompareView, context: &ViewContext) -> Html {
    let (first, second) = titles(view);
    let body: Vec<Html> = match view.outcome {
        Outcome::Empty(why @ Nothing::Filtered(_)) => vec![empty(why, context)],
        Outcome::Empty(why) => return empty(why, context),
        Outcome::TooFew => {
            let action = context.link("button", Change::View(View::Rings)).text(words::OPEN_RINGS);
            vec![notice("too-few", words::TOO_FEW.0, words::TOO_FEW.1, Some(action))]
        }
        Outcome::OneRing => vec![notice("one-ring", words::ONE_RING.0, words::ONE_RING.1, None)],
        Outcome::NothingRuns => vec![notice("nothing-runs", words::NOTHING_RUNS.0, words::NOTHING_RUNS.1, None)],
        Outcome::Services if view.differ.is_empty() => {
            let sentence = words::all_same(view.same.len(), first, second);
            vec![notice("same", words::NO_DIFFERENCES, sentence, None), same(view, context).into()]
        }
        Outcome::Services => {
            let count = |lag: Lag| match lag {
                Lag::Same => view.same.len(),
                lag => view.differ.iter().filter(|card| card.diff.lag == lag).count(),
            };
            let sum = el("p").class("compare__sum").text(changes::compared(count, first, second));
            let cards = view.differ.iter().map(|service| card(service, (first, second), context));
            let same = (!view.same.is_empty()).then(|| same(view, context).into());
            [sum.into(), el("div").class("diffs").children(cards).into()].into_iter().chain(same).collect()
        }
    };
    let bar = view.choice.as_ref().map(|choice| bar(view, choice, context));
    el("div").class("compare").children(bar).children(body).into()
}

fn titles(view: &CompareView) -> (&str, &str) {
    let title = |of: fn(&Choice) -> RingSym| {
        let ring = view.choice.as_ref().map(of);
        view.rings.iter().find(|r| Some(r.ring) == ring).map(|r| r.title.as_str()).unwrap_or_default()
    };
    (title(|choice| choice.first), title(|choice| choice.second))
}

/// Which two rings are compared.
fn bar(view: &CompareView, choice: &Choice, context: &ViewContext) -> Element {
    let name = |ring| view.rings.iter().find(|r| r.ring == ring).map(|r| r.name.clone()).unwrap_or_default();
    let picked = (name(choice.first), name(choice.second));
    let side = |is_first: bool, label: &'static str| {
        let options =
            view.rings.iter().map(|r| el("option").key(&r.name).set("value", r.name.clone()).text(r.title.clone()));
        let pick = PickRing { is_first, picked: picked.clone() };
        let list = el("select")
            .class("button")
            .set("value", if is_first { picked.0.clone() } else { picked.1.clone() })
            .on(Action::PickRing(pick))
            .children(options);
        el("label").key(label).class("compare__ring").child(el("span").text(label)).child(list)
    };
    let swap = Change::Between(picked.1.clone(), picked.0.clone());
    let rings = el("div")
        .class("compare__rings")
        .set("role", "group")
        .set("aria-label", words::RINGS_TO_COMPARE)
        .child(side(true, words::IN))
        .child(icon_button("icon icon--swap", words::SWAP, Action::Change(swap)))
        .child(side(false, words::NOT_IN));
    let (first, second) = titles(view);
    let unknown = match choice.unknown.as_slice() {
        [] => String::new(),
        names => words::unknown_rings(names, first, second),
    };
    let is_copied = !view.differ.is_empty();
    let copy = is_copied.then(|| {
        copy_button_of(Action::CopyComparison, words::MARKDOWN, words::COPY_MARKDOWN, words::MARKDOWN, context)
    });
    el("div")
        .class("compare__bar")
        .child(rings)
        .child(el("p").class("compare__unknown").set("role", "status").text(unknown))
        .children(copy)
}

/// The services that do not differ, folded.
fn same(view: &CompareView, context: &ViewContext) -> Element {
    let items = view.same.iter().map(|(service, version)| {
        el("li")
            .key((&service.name, &service.project))
            .set("data-service", service.name.clone())
            .set("data-lag", Lag::Same.as_str())
            .child(service.link(context))
            .text(" ")
            .text(version.clone())
    });
    el("details").class("same").child(el("summary").text(words::same(view.same.len()))).child(el("ul").children(items))
}

#[cfg(test)]
mod tests;
