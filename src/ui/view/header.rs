//! What stands above every view: its tabs, the search box, how old the data is; and the list of keys.

use super::{
    ViewContext,
    parts::{icon, icon_button, unseen},
};
use crate::{
    engine::Progress,
    model::suggest::Suggestion,
    route::{Route, Theme, View},
    text::header as words,
    ui::{
        action::{Action, Change},
        html::{Element, Html, el},
    },
};

/// What the header shows.
pub struct HeaderView {
    /// What the site is called.
    pub title: String,
    /// The view that is open.
    pub view: View,
    /// Whether something is wrong of which the connections show more.
    pub has_problems: bool,
    /// What the search box holds.
    pub q: String,
    /// What it offers.
    pub offers: Vec<Suggestion>,
    /// The offer that Enter takes.
    pub marked: Option<usize>,
    /// What is read, origin by origin.
    pub sources: Vec<SourceChip>,
    /// How old the data is.
    pub freshness: Freshness,
    /// The theme that is chosen.
    pub theme: Theme,
}

/// One origin that is read.
pub struct SourceChip {
    /// What answers there.
    pub name: &'static str,
    /// Where.
    pub origin: String,
    /// How it is.
    pub state: SourceState,
    /// How long ago it last answered.
    pub age: Option<String>,
}

/// How an origin is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SourceState {
    /// It answers.
    Good,
    /// It answers, and something is to be looked at.
    Warned,
    /// It does not answer, or refuses.
    Failed,
    /// No answer has come yet.
    Unknown,
}

/// How old what is on screen may be.
pub enum Freshness {
    /// None of it exists.
    Sample,
    /// A word for its look, its text, and how often it is refreshed.
    Read(&'static str, String, String),
}

/// What a view is called.
#[must_use]
pub const fn view_title(view: View) -> &'static str {
    match view {
        View::Rings => words::RINGS,
        View::Deployments => words::DEPLOYMENTS,
        View::Compare => words::COMPARE,
        View::History => words::HISTORY,
        View::Setup => words::CONNECTIONS,
        View::Badge => words::BADGE,
    }
}

/// What the page is called, for screen readers and the browser's tab.
#[must_use]
pub fn heading(route: &Route) -> String {
    match (route.view, &route.of) {
        (View::History, Some(service)) => words::history_of(service),
        (view, _) => view_title(view).to_owned(),
    }
}

/// The header.
#[must_use]
pub fn header(view: &HeaderView, context: &ViewContext) -> Html {
    let tabs = View::TABS.into_iter().map(|tab| {
        let trouble = (tab == View::Setup && view.has_problems)
            .then(|| el("span").class("tab__mark").set("title", words::PROBLEMS).child(unseen(words::HAS_PROBLEMS)));
        let link = context.link("tab", Change::View(tab)).maybe("aria-current", (tab == view.view).then_some("page"));
        link.text(view_title(tab)).text(" ").children(trouble)
    });
    let theme_icon = match view.theme {
        Theme::Auto => "icon icon--auto",
        Theme::Light => "icon icon--sun",
        Theme::Dark => "icon icon--moon",
    };
    let sources = view.sources.iter().map(|source| source_chip(source, context));
    let end = el("div")
        .class("top__end")
        .children(sources)
        .child(freshness(&view.freshness, context))
        .child(icon_button("icon icon--refresh", words::REFRESH, Action::Refresh))
        .child(icon_button(theme_icon, words::theme(view.theme.as_str()), Action::NextTheme))
        .child(icon_button("icon icon--help", words::SHORTCUTS, Action::Help));
    el("header")
        .class("top")
        .child(el("span").class("brand").child(icon("icon icon--rings brand__mark")).text(view.title.clone()))
        .child(el("nav").class("tabs").set("aria-label", words::VIEWS).children(tabs))
        .child(search(view))
        .child(end)
        .into()
}

/// An origin that is read, in one word each: what it is, how it is, and how old that is.
fn source_chip(source: &SourceChip, context: &ViewContext) -> Element {
    let (word, sentence) = match source.state {
        SourceState::Good => ("good", words::ANSWERS),
        SourceState::Warned => ("warned", words::HAS_WARNINGS),
        SourceState::Failed => ("failed", words::FAILS),
        SourceState::Unknown => ("unknown", words::NO_ANSWER),
    };
    let title = words::source(&source.origin, sentence, source.age.as_deref());
    context
        .link("source-chip state", Change::View(View::Setup))
        .key(&source.origin)
        .set("data-source", source.origin.clone())
        .set("data-state", word)
        .set("title", title)
        .child(unseen(sentence))
        .text(source.name)
        .children(source.age.clone().map(|age| el("span").class("source-chip__age").text(age)))
}

pub(super) fn freshness(freshness: &Freshness, context: &ViewContext) -> Element {
    match freshness {
        Freshness::Sample => context
            .link("fresh", Change::View(View::Setup))
            .set("data-fresh", "sample")
            .set("title", words::SAMPLE.1)
            .text(words::SAMPLE.0),
        Freshness::Read(word, sentence, rate) => {
            el("span").class("fresh").set("data-fresh", *word).set("title", rate.clone()).text(sentence.clone())
        }
    }
}

/// The search box: free text and `key:value`, with offers while typing.
fn search(view: &HeaderView) -> Element {
    let is_open = !view.offers.is_empty();
    let input = el("input")
        .set("type", "search")
        .set("role", "combobox")
        .set("aria-label", words::SEARCH)
        .set("aria-autocomplete", "list")
        .set("aria-controls", "offers")
        .set("aria-expanded", is_open.to_string())
        .maybe("aria-activedescendant", view.marked.map(|at| format!("offer-{at}")))
        .set("placeholder", words::PLACEHOLDER)
        .set("autocomplete", "off")
        .set("spellcheck", "false")
        .set("value", view.q.clone())
        .on(Action::Search);
    let offers = view.offers.iter().enumerate().map(|(at, offer)| {
        el("li")
            .set("id", format!("offer-{at}"))
            .set("role", "option")
            .set("aria-selected", (view.marked == Some(at)).to_string())
            .on(Action::Offer(at))
            .child(el("span").text(offer.label.clone()))
            .child(el("span").class("offers__hint").text(offer.hint))
    });
    let list = el("ul")
        .set("id", "offers")
        .class("offers")
        .set("role", "listbox")
        .set("aria-label", words::SUGGESTIONS)
        .flag("hidden", !is_open)
        .children(offers);
    el("div")
        .class("search")
        .set("role", "search")
        .child(icon("icon icon--search"))
        .child(input)
        .child(el("kbd").set("aria-hidden", "true").text("/"))
        .child(list)
}

/// The thin line under the header: how much of the table has been read.
#[must_use]
pub fn bar(progress: Option<Progress>) -> Html {
    let line = progress.map(|progress| {
        let percent = (progress.part * 100.0) as u32;
        el("div")
            .class("bar__line")
            .set("role", "progressbar")
            .set("aria-label", words::READING)
            .set("aria-valuemin", "0")
            .set("aria-valuemax", "100")
            .set("aria-valuenow", percent.to_string())
            .set("aria-valuetext", words::rows_so_far(progress.rows))
            .set("--part", format!("{percent}%"))
    });
    el("div").class("bar").children(line).into()
}

/// The list of keys.
#[must_use]
pub fn help() -> Html {
    let rows = words::KEYS.into_iter().map(|(keys, what)| {
        let keys = keys.split(' ').flat_map(|key| [Html::from(el("kbd").text(key)), " ".into()]);
        el("div").child(el("dt").children(keys)).child(el("dd").text(what))
    });
    let form = el("form")
        .set("method", "dialog")
        .child(el("h2").set("id", "help-title").text(words::SHORTCUTS))
        .child(el("dl").children(rows))
        .child(el("button").class("button").text(words::CLOSE));
    el("dialog").class("help").set("aria-labelledby", "help-title").child(form).into()
}
