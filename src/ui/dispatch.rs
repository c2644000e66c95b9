//! What happens when something happens: one listener per kind of event for the whole page. The element that it happened
//! to, or one around it, shows by its action what it is for.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, HtmlSelectElement, KeyboardEvent, MouseEvent};

use super::{
    action::{Action, Change, Scroller},
    commands, keyboard, measure,
    patch::action_of,
    search,
    state::{
        parts::strip::Offers,
        views::{Pages, Views},
    },
    view::history::PAGE,
};
use crate::{
    domain::column::SortBy,
    route::{Grouping, Since},
    text,
    web::page,
};

const EVENTS: [&str; 16] = [
    "click",
    "auxclick",
    "input",
    "change",
    "submit",
    "keydown",
    "focusin",
    "focusout",
    "pointerdown",
    "pointermove",
    "pointerup",
    "scroll",
    "load",
    "dragstart",
    "dragover",
    "drop",
];

/// Listens for as long as the page lives.
pub(super) fn listen(views: Views) {
    for kind in EVENTS {
        // While it is on its way down, as some events do not come up again.
        page::listen(kind, true, move |event| happened(views, kind, &event));
    }
    measure::follow(views);
}

fn happened(views: Views, kind: &'static str, event: &Event) {
    if matches!(kind, "pointermove" | "pointerup") {
        return drag(views, kind, event);
    }
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    if matches!(kind, "pointerdown" | "focusin") {
        close_menu_elsewhere(views, target.as_ref());
    }
    // Narrow screens scroll as a whole.
    if kind == "scroll"
        && target.is_none()
        && let Some(board) = page::find(".board")
    {
        measure::measure(views, Scroller::Board, &board);
    }
    let mut at = target;
    while let Some(element) = at {
        if action_of(&element).is_some_and(|action| handle(views, kind, action, event, &element)) {
            return;
        }
        at = element.parent_element().filter(|_| !matches!(kind, "scroll" | "load"));
    }
    if let ("keydown", Some(event)) = (kind, event.dyn_ref::<KeyboardEvent>()) {
        keyboard::pressed(views, event);
    }
}

/// Does what the element is for, if that is to be done now.
fn handle(views: Views, kind: &'static str, action: Action, event: &Event, element: &Element) -> bool {
    let app = views.app;
    let is_box = element.has_type::<HtmlInputElement>();
    match (kind, action) {
        ("click", Action::Follow(change)) => {
            let Some(event) = event.dyn_ref::<MouseEvent>() else { return false };
            commands::follow(event, || app.go(|r| change.apply(r)));
        }
        ("click", Action::Change(change)) if !is_box => app.go(|r| change.apply(r)),
        ("change", Action::Change(change)) => app.go(|r| change.apply(r)),
        ("click" | "auxclick", Action::Row(index, id)) => {
            views.table.active.set(index);
            commands::open(views, event, id);
        }
        ("click" | "auxclick", Action::Cell(place, Some(id))) => {
            views.boards.active.set(place);
            commands::open(views, event, id);
        }
        ("keydown", Action::Cell(_, Some(id))) if commands::key(event) == "Enter" && is_target(event, element) => {
            app.go(|r| Change::Open(id).apply(r));
        }
        ("focusin", Action::Cell(place, _)) => commands::set(views.boards.active, place),
        ("keydown", Action::Row(_, id)) if commands::key(event) == "Enter" && is_target(event, element) => {
            app.go(|r| Change::Open(id).apply(r));
        }
        ("focusin", Action::Row(index, _)) if is_target(event, element) => views.table.active.set(index),
        ("scroll", Action::Scroller(scroller)) => measure::measure(views, scroller, element),
        ("input", Action::Search) => {
            let typed = element.unchecked_ref::<HtmlInputElement>().value();
            views.drawn.renew();
            app.replace_route(|r| r.q = typed);
            search::offer(views, element, false);
        }
        ("keydown", Action::Search) => return search::search_key(views, event, element),
        ("focusout", Action::Search) => views.strip.offers.set(Offers::default()),
        // Down, not click: the click comes after the box has lost the focus and the list is gone.
        ("pointerdown", Action::Offer(index)) => {
            event.prevent_default();
            search::take(views, index);
        }
        ("click", Action::Menu(menu)) => {
            views.strip.typed.set(String::new());
            let place = element.get_bounding_client_rect();
            views.strip.menu_at.set((place.left() as i32, place.bottom() as i32));
            views.strip.menu.update(|open| *open = if *open == Some(menu) { None } else { Some(menu) });
            if views.strip.menu.with_untracked(Option::is_some) {
                keyboard::enter_menu();
            }
        }
        ("input", Action::FindInMenu) => {
            views.strip.typed.set(element.unchecked_ref::<HtmlInputElement>().value());
        }
        ("change", Action::Since) => {
            if let Some(since) = Since::parse(&element.unchecked_ref::<HtmlSelectElement>().value()) {
                app.go(|r| r.since = since);
            }
        }
        ("change", Action::Group) => {
            let group = Grouping::from_word(&element.unchecked_ref::<HtmlSelectElement>().value());
            app.go(|r| r.group = group);
        }
        ("change", Action::Sort) => {
            let sort = SortBy::parse(&element.unchecked_ref::<HtmlSelectElement>().value());
            app.go(|r| r.sort = sort);
        }
        ("change", Action::ToggleColumn(column)) => app.change_columns(|p| p.toggle(column)),
        ("click", Action::ShiftColumn(column, later)) => app.change_columns(|p| p.shift(column, later)),
        ("click", Action::ResetColumns) => app.reset_columns(),
        ("click", Action::AllFeatures) => views.all_features.update(|all| *all = !*all),
        ("click", Action::CellClusters(service, ring)) => {
            views.boards.open_cells.update(|open| toggle(open, (service, ring)));
        }
        (_, Action::Saved(action)) => {
            return act_in_pages(views, kind, event, element, move |pages, event, element| {
                (pages.act_on_saved)(views, kind, action, event, element)
            });
        }
        ("click", Action::Export(format)) => views.with_pages(move |pages| {
            let (name, media_type) = format.file();
            page::download(name, media_type, &(pages.export)(views, format));
        }),
        ("click", Action::Dismiss(whats)) => {
            views.dismissed.update(|all| all.extend(whats.lines().map(str::to_owned)));
        }
        ("click", Action::Refresh) => app.refresh_now(),
        ("click", Action::NextTheme) => commands::next_theme(app),
        ("click", Action::NextDensity) => app.keep_density(untrack(|| app.shown_density()).other()),
        ("click", Action::Help) => keyboard::show_help(),
        ("click", Action::Copy(text)) => commands::copy(views, text),
        ("click", Action::CopyComparison) => views.with_pages(move |pages| {
            commands::copy_as(views, (pages.comparison_markdown)(views), text::changes::MARKDOWN.to_owned());
        }),
        ("change", Action::PickRing(pick)) => {
            let change = pick.pick(element.unchecked_ref::<HtmlSelectElement>().value());
            app.go(|r| change.apply(r));
        }
        ("click", Action::AllVersions(service)) => views.changes.opened.update(|opened| toggle(opened, service)),
        ("click", Action::OlderChanges) => {
            let is_last = views.changes.history.with_untracked(|h| h.as_ref().is_none_or(|h| h.more <= PAGE));
            views.changes.show_more();
            // The button goes with the last of them; the focus stays in the table.
            if let Some(board) = page::find(".past__board").filter(|_| is_last) {
                page::focus(&board);
            }
        }
        ("keydown", Action::Details) => return details_key(views, event),
        ("pointerdown", Action::ResizeDetails) => {
            event.prevent_default();
            views.details.is_resizing.set(true);
        }
        ("keydown", Action::ResizeDetails) => {
            let step = match commands::key(event).as_str() {
                "ArrowLeft" => 20,
                "ArrowRight" => -20,
                _ => return false,
            };
            event.prevent_default();
            views.details.resize(views.details.width.get_untracked().saturating_add_signed(step));
        }
        ("click", Action::AllTraced) => views.changes.trace_all(),
        (_, Action::Setup(action)) => {
            return act_in_pages(views, kind, event, element, move |pages, event, element| {
                (pages.set_up)(views, kind, action, event, element)
            });
        }
        // Fails only for a name that is no attribute's.
        ("load", Action::Picture) => drop(element.remove_attribute("data-loading")),
        _ => return false,
    }
    true
}

/// Does what the later views know how to do. What is asked for before they are there is done as soon as they are.
fn act_in_pages(
    views: Views,
    kind: &str,
    event: &Event,
    element: &Element,
    act: impl FnOnce(Pages, &Event, &Element) -> bool + 'static,
) -> bool {
    if let Some(pages) = views.pages.get_untracked() {
        return act(pages, event, element);
    }
    match kind {
        // Else the browser loads the page anew, and what was typed is lost.
        "submit" => event.prevent_default(),
        "click" | "change" => {}
        _ => return false,
    }
    let (event, element) = (event.clone(), element.clone());
    // Nothing else is left that could take the event.
    views.with_pages(move |pages| _ = act(pages, &event, &element));
    true
}

fn is_target(event: &Event, element: &Element) -> bool {
    event.target().is_some_and(|target| target.dyn_ref::<Element>() == Some(element))
}

/// Follows the pointer with the edge of the details, while somebody holds it.
fn drag(views: Views, kind: &str, event: &Event) {
    let details = views.details;
    if !details.is_resizing.get_untracked() {
        return;
    }
    match event.dyn_ref::<MouseEvent>() {
        Some(event) if kind == "pointermove" && event.buttons() > 0 => {
            details.resize((page::width() - f64::from(event.client_x())).max(0.0) as u32);
        }
        _ => details.is_resizing.set(false),
    }
}

/// Closes the details, or leads to the deployment before or after.
fn details_key(views: Views, event: &Event) -> bool {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return false };
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return false;
    }
    let change = match event.key().as_str() {
        "Escape" => Some(Change::Close),
        "j" => views.details.neighbour(false).map(Change::Open),
        "k" => views.details.neighbour(true).map(Change::Open),
        _ => return false,
    };
    event.prevent_default();
    if let Some(change) = change {
        views.app.go(|r| change.apply(r));
    }
    true
}

/// Closes the open menu when something else gets the pointer or the focus.
fn close_menu_elsewhere(views: Views, target: Option<&Element>) {
    if views.strip.menu.with_untracked(Option::is_none) {
        return;
    }
    let menu = target.and_then(|target| target.closest(".menu").ok().flatten());
    let is_open = |menu: Element| menu.query_selector("[aria-expanded=true]").ok().flatten().is_some();
    if !menu.is_some_and(is_open) {
        views.strip.menu.set(None);
    }
}

/// Takes a thing out of a list of a few, or puts it in.
fn toggle<T: PartialEq>(list: &mut Vec<T>, thing: T) {
    match list.iter().position(|other| *other == thing) {
        Some(at) => drop(list.swap_remove(at)),
        None => list.push(thing),
    }
}
