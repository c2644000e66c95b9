//! What narrows down what is shown: sums, menus, chips, and how many of how many.

use std::time::Duration;

use super::{
    ViewContext, export,
    notes::notes,
    parts::{button, icon, icon_button},
    saved::{self, SavedViews},
};
use crate::{
    domain::column::{Column, SortBy},
    model::{filter::Filters, query::Facet, rings::Attention, select::FacetValue, sync::SyncNote},
    route::{Density, Route, Since, View},
    text::{self, filters as words},
    ui::{
        action::{Action, Change, Menu, SUMS},
        html::{Element, Html, el},
    },
};

/// From so many values on a menu has a box to search it.
const SEARCHED: usize = 9;
/// A menu lists at most so many values; the box finds the others.
pub const LISTED: usize = 200;

/// What stands above every view that lists deployments.
pub struct FiltersView {
    /// How many of each of [`SUMS`] there are.
    pub sums: [usize; SUMS.len()],
    /// How much of the board needs somebody, for each reason.
    pub attention: [usize; Attention::ALL.len()],
    /// How long a person may be waited for.
    pub waiting_limit: Option<Duration>,
    /// The values chosen per filter, as the deployments have them.
    pub chosen: Filters,
    /// What people call the chosen rings.
    pub ring_titles: Vec<String>,
    /// Whether there are several projects to choose from.
    pub has_projects: bool,
    /// The menu that is open, and what it holds.
    pub open: Option<OpenMenu>,
    /// Which columns the device shows, and whether somebody chose that here.
    pub columns: (Vec<(Column, bool)>, bool),
    /// How much room rows take.
    pub density: Density,
    /// What somebody should know of the clusters' signals.
    pub notes: Vec<SyncNote>,
    /// How many deployments name no ring, where that is not the whole of it.
    pub without_ring: usize,
    /// How many deployments there are, and how many are shown.
    pub count: CountView,
}

/// A menu that is open.
pub enum OpenMenu {
    /// The values of a filter.
    Values {
        /// The filter.
        facet: Facet,
        /// How many values there are.
        all: usize,
        /// What has been typed to find one.
        typed: String,
        /// Those that fit it.
        listed: Vec<FacetValue>,
    },
    /// The columns of the table.
    Columns,
    /// Views under a name.
    Saved(SavedViews),
    /// What can be taken along.
    Export,
}

/// How many of how many.
#[derive(Clone, Copy)]
pub struct CountView {
    /// How many deployments are known.
    pub total: usize,
    /// How many of them pass the filters.
    pub shown: usize,
    /// Whether more are being read.
    pub is_reading: bool,
}

const MENUS: [(Facet, &str); 7] = [
    (Facet::Project, words::PROJECT),
    (Facet::Service, words::SERVICE),
    (Facet::Ring, words::RING),
    (Facet::Author, words::AUTHOR),
    (Facet::MergedBy, words::MERGED_BY),
    (Facet::Status, words::STATUS),
    (Facet::Kind, words::TYPE),
];

/// The strip.
#[must_use]
pub fn filters(view: &FiltersView, context: &ViewContext) -> Html {
    // With what is typed: a chip takes it off.
    let route = &context.route;
    let menus = MENUS.into_iter().filter(|(facet, _)| *facet != Facet::Project || view.has_projects);
    let menus = menus.map(|(facet, label)| {
        let panel = match &view.open {
            Some(OpenMenu::Values { facet: open, all, typed, listed }) if *open == facet => {
                Some(values(facet, *all, typed, listed, &view.chosen))
            }
            _ => None,
        };
        menu(Menu::Values(facet), label, Some(facet.as_str()), view.chosen.get(facet).len(), panel)
    });
    let is_table = route.view == View::Deployments;
    let menus = el("div").class("menus").set("role", "group").set("aria-label", words::FILTERS).children(menus).child(
        el("div")
            .key("more")
            .class("menus__more")
            .child(since(route.since))
            .children(is_table.then(|| sort(route.sort)))
            .children(is_table.then(|| columns(view))),
    );
    let row = el("div").key("row").class("strip__row").child(menus);
    el("div")
        .class("strip")
        .child(sums(view, route))
        .child(row.children(chips(route, &view.chosen, &view.ring_titles)))
        .child(
            el("div")
                .key("end")
                .class("strip__end")
                .children(notes(&view.notes, view.without_ring))
                .child(count(view.count))
                .child(menu(Menu::Saved, text::saved::VIEWS, None, 0, saved_panel(view, context)))
                .child(menu(Menu::Export, text::export::EXPORT, None, 0, export_panel(view)))
                .children(matches!(route.view, View::Rings | View::Deployments).then(|| density(view.density))),
        )
        .into()
}

fn saved_panel(view: &FiltersView, context: &ViewContext) -> Option<Element> {
    match &view.open {
        Some(OpenMenu::Saved(views)) => Some(saved::panel(views, context)),
        _ => None,
    }
}

fn export_panel(view: &FiltersView) -> Option<Element> {
    matches!(view.open, Some(OpenMenu::Export)).then(export::panel)
}

/// How many of how many.
#[must_use]
pub fn count(view: CountView) -> Element {
    let sentence = if view.shown == view.total {
        text::plural(view.total, "deployment")
    } else {
        words::showing(view.shown, view.total)
    };
    el("p")
        .key("count")
        .class("count")
        .set("role", "status")
        .set("data-total", view.total.to_string())
        .set("data-shown", view.shown.to_string())
        .text(sentence)
        .text(if view.is_reading { words::SO_FAR } else { "" })
}

/// How much room rows take, and the other choice.
fn density(density: Density) -> Element {
    let name = match density {
        Density::Comfortable => words::COMPACT,
        Density::Compact => words::COMFORTABLE,
    };
    icon_button("icon icon--sort", name, Action::NextDensity)
}

/// What is happening now, in numbers that are filters as well.
fn sums(view: &FiltersView, route: &Route) -> Element {
    let all = SUMS.iter().zip(view.sums).map(|(sum, n)| {
        button("sum", Action::Change(Change::Sum(sum)))
            .set("data-status", sum.icon)
            .set("data-none", (n == 0).to_string())
            .set("aria-pressed", sum.is_on(&route.filters, route.since).to_string())
            .child(el("b").text(if n == 0 && view.count.is_reading { "…".to_owned() } else { n.to_string() }))
            .text(" ")
            .text(sum.label)
    });
    let attention = Attention::ALL.into_iter().zip(view.attention);
    let attention = attention.filter(|&(why, n)| n > 0 || route.attention == Some(why)).map(|(why, n)| {
        let (label, title) = attention_words(why, n, view.waiting_limit);
        button("sum", Action::Change(Change::Attention(why)))
            .set("data-attention", why.as_str())
            .set("aria-pressed", (route.attention == Some(why)).to_string())
            .set("title", title)
            .child(el("b").text(n.to_string()))
            .text(" ")
            .text(label)
    });
    el("div").class("sums").set("role", "group").set("aria-label", words::NOW).children(all).children(attention)
}

/// What is counted of the board, in short and at length.
fn attention_words(why: Attention, n: usize, waiting_limit: Option<Duration>) -> (String, &'static str) {
    match why {
        Attention::Waiting => {
            let over = waiting_limit.map(|waiting_limit| words::waiting_over(&text::duration(waiting_limit)));
            (over.unwrap_or_else(|| words::WAITING.0.to_owned()), words::WAITING.1)
        }
        Attention::Behind => (words::BEHIND.0.to_owned(), words::BEHIND.1),
        Attention::ClusterFailed => (words::clusters(n, "failed"), words::CLUSTERS_FAILED),
        Attention::ClusterBehind => (words::clusters(n, "behind"), words::CLUSTERS_BEHIND),
        Attention::LeftOver => (words::LEFT_OVER.0.to_owned(), words::LEFT_OVER.1),
    }
}

/// A button that opens a panel below it.
fn menu(menu: Menu, label: &'static str, hook: Option<&'static str>, taken: usize, panel: Option<Element>) -> Element {
    let count = (taken > 0).then(|| el("span").class("button__count").text(taken.to_string()));
    let button = button("button", Action::Menu(menu))
        .maybe("data-filter", hook)
        .set("aria-haspopup", "dialog")
        .set("aria-expanded", panel.is_some().to_string())
        .text(label)
        .children(count)
        .child(icon("icon icon--down"));
    let panel = panel.map(|panel| panel.class("menu__panel").set("role", "dialog").set("aria-label", label));
    el("div").key(label).class("menu").child(button).children(panel)
}

/// A filter's values, with how many deployments have each under all the other filters.
fn values(facet: Facet, all: usize, typed: &str, listed: &[FacetValue], chosen: &Filters) -> Element {
    let find = (all >= SEARCHED).then(|| {
        el("input")
            .class("menu__find")
            .set("type", "text")
            .set("placeholder", words::FIND)
            .set("aria-label", words::find_value(facet.as_str()))
            .set("value", typed.to_owned())
            .on(Action::FindInMenu)
    });
    let item = |value: &FacetValue| {
        let choice = el("input")
            .set("type", "checkbox")
            .checked(chosen.get(facet).contains(&value.value))
            .on(Action::Change(toggle(chosen, facet, &value.value)));
        el("label")
            .key(&value.value)
            .class("choice")
            .child(choice)
            .child(el("span").class("choice__label").text(value.label.clone()))
            .child(el("span").class("choice__count").text(text::count(value.count)))
    };
    let none = listed.is_empty().then(|| el("p").class("menu__note").text(words::NO_VALUES));
    let more = all.saturating_sub(listed.len());
    let more = (typed.is_empty() && more > 0).then(|| el("p").class("menu__note").text(words::more_values(more)));
    let list = el("div").class("choices").children(listed.iter().map(item)).children(none);
    el("div").children(find).child(list).children(more)
}

/// Takes a value into a filter, or out of it.
fn toggle(chosen: &Filters, facet: Facet, value: &str) -> Change {
    let mut chosen = chosen.clone();
    chosen.toggle(facet, value);
    Change::Values(facet, chosen.get(facet).to_vec())
}

/// From when on.
fn since(since: Since) -> Element {
    const SPANS: [(Since, &str); 4] = [
        (Since::All, words::ANY_TIME),
        (Since::Hours24, words::DAY),
        (Since::Days7, words::WEEK),
        (Since::Days30, words::MONTH),
    ];
    let own = (!SPANS.iter().any(|(span, _)| *span == since)).then(|| (since, words::since(&since.print())));
    let all = SPANS.into_iter().map(|(span, label)| (span, label.to_owned())).chain(own);
    el("select")
        .class("button")
        .set("aria-label", words::LAST_UPDATED)
        .set("data-filter", "since")
        .set("value", since.print())
        .on(Action::Since)
        .children(all.map(|(span, label)| el("option").set("value", span.print()).text(label)))
}

/// The order, where the header does not fit.
fn sort(sort: Option<SortBy>) -> Element {
    let options = Column::ALL.into_iter().filter(|column| *column != Column::Updated);
    let options = options.map(|column| el("option").set("value", column.id()).text(column.title()));
    let by_time = [("", words::NEWEST_FIRST), ("updated", words::OLDEST_FIRST)];
    el("select")
        .key("sort")
        .class("button table__sort")
        .set("aria-label", words::SORT_BY)
        .set("value", sort.map(SortBy::print).unwrap_or_default())
        .on(Action::Sort)
        .children(by_time.map(|(value, label)| el("option").set("value", value).text(label)))
        .children(options)
}

/// Which columns, in which order.
fn columns(view: &FiltersView) -> Element {
    let (columns, is_chosen) = &view.columns;
    let is_open = matches!(view.open, Some(OpenMenu::Columns));
    let last = columns.len().saturating_sub(1);
    let item = |(at, (column, is_shown)): (usize, &(Column, bool))| {
        let shift = |icon_class, is_later: bool, is_end: bool| {
            let name = words::move_column(column.title(), is_later);
            button("button button--bare", Action::ShiftColumn(*column, is_later))
                .set("aria-label", name)
                .flag("disabled", is_end)
                .child(icon(icon_class))
        };
        let choice = el("input").set("type", "checkbox").checked(*is_shown).on(Action::ToggleColumn(*column));
        let label = el("label").child(choice).child(el("span").class("choice__label").text(column.title()));
        el("li").key(column).class("choice").child(label).child(shift("icon icon--up", false, at == 0)).child(shift(
            "icon icon--down",
            true,
            at == last,
        ))
    };
    let hidden = columns.iter().filter(|(_, is_shown)| !is_shown).count();
    let note = |sentence: String| el("p").class("menu__note").text(sentence);
    let panel = is_open.then(|| {
        el("div")
            .child(el("ul").class("choices").children(columns.iter().enumerate().map(item)))
            .child(note(words::EMPTY_COLUMNS.to_owned()))
            .children(is_chosen.then(|| button("button", Action::ResetColumns).text(words::RESET_COLUMNS)))
            .children((hidden > 0).then(|| note(words::hidden_columns(hidden))))
    });
    menu(Menu::Columns, words::COLUMNS, None, 0, panel)
}

/// The filters that are on, each to be taken off.
fn chips(route: &Route, chosen: &Filters, ring_titles: &[String]) -> Option<Element> {
    let chip = |label: String, change: Change| {
        button("chip", Action::Change(change))
            .key(&label)
            .set("aria-label", words::remove(&label))
            .text(label)
            .child(icon("icon icon--close"))
    };
    let mut ring_titles = ring_titles.iter();
    let values = chosen.iter().map(|(facet, value)| {
        let title = if facet == Facet::Ring { ring_titles.next().map(String::as_str) } else { None };
        chip([facet.as_str(), ": ", title.unwrap_or(value)].concat(), toggle(chosen, facet, value))
    });
    let q = route.q.trim();
    let search = (!q.is_empty()).then(|| chip(format!("search: {q}"), Change::ClearSearch));
    let since = (route.since != Since::All).then(|| chip(format!("since: {}", route.since.print()), Change::AnyTime));
    let attention = route.attention.map(|why| chip(format!("attention: {}", why.as_str()), Change::Attention(why)));
    let chips: Vec<Element> = values.chain(search).chain(since).chain(attention).collect();
    (!chips.is_empty()).then(|| {
        let clear = button("button button--bare", Action::Change(Change::ClearAll)).key("clear").text(words::CLEAR_ALL);
        let group = el("div").key("chips").class("chips").set("role", "group").set("aria-label", words::ACTIVE);
        group.children(chips).child(clear)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route;

    #[test]
    fn active_filters_take_themselves_off() {
        #[track_caller]
        fn check(query: &str, expect: &[&str]) {
            let route = route::parse(query);
            let titles = route.filters.get(Facet::Ring).iter().map(|ring| ring.replace("prod", "Production"));
            let markup =
                chips(&route, &route.filters, &titles.collect::<Vec<_>>()).map(Element::to_markup).unwrap_or_default();
            let names: Vec<&str> = markup
                .split("aria-label=\"Remove filter ")
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap())
                .collect();
            assert_eq!(names, expect, "{query}");
        }
        check("", &[]);
        check("service=api&ring=dev&q=x&since=7d", &["service: api", "ring: dev", "search: x", "since: 7d"]);
        check("ring=dev&ring=prod&author=Ana", &["ring: dev", "ring: Production", "author: Ana"]);
        let chosen = route::parse("service=api&service=auth").filters;
        assert_eq!(toggle(&chosen, Facet::Service, "api"), Change::Values(Facet::Service, vec!["auth".to_owned()]));
    }

    #[test]
    fn counts() {
        #[track_caller]
        fn check(total: usize, shown: usize, is_reading: bool, expect: &str) {
            let markup = count(CountView { total, shown, is_reading }).to_markup();
            assert_eq!(markup.split_once('>').unwrap().1, format!("{expect}</p>"));
        }
        check(1, 1, false, "1 deployment");
        check(4312, 4312, true, "4,312 deployments so far");
        check(4312, 7, false, "Showing 7 of 4,312");
    }
}
