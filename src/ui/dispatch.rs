//! What happens when something happens: one listener per kind of event for the whole page. The element that it happened
//! to, or one around it, says by its action what it is for.

use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, HtmlSelectElement, KeyboardEvent, MouseEvent};

use super::{
    action::{Action, Change, Scroller},
    keyboard,
    patch::action_of,
    shell,
    state::{App, BoardSight, Offers, Views, act_on_saved, first_column},
    view::history::PAGE,
};
use crate::{
    domain::column::SortBy,
    model::{
        query::{self},
        suggest::suggest,
    },
    route::{Since, Theme},
    text,
    web::page,
};

/// How long a button says that it has copied, in milliseconds.
const SAID: u32 = 1_500;

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
    let sizes = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        for entry in entries.iter() {
            let element = entry.unchecked_into::<web_sys::ResizeObserverEntry>().target();
            if let Some(Action::Scroller(scroller)) = action_of(&element) {
                measure(views, scroller, &element);
            }
        }
    });
    if let Ok(observer) = web_sys::ResizeObserver::new(sizes.as_ref().unchecked_ref()) {
        sizes.forget();
        Effect::new(move |_| {
            // Whatever is drawn anew may be another element.
            views.nothing.track();
            views.app.route.with(|r| r.view);
            observer.disconnect();
            let observer = observer.clone();
            request_animation_frame(move || {
                for scroller in [".scroller", ".board"] {
                    if let Some(element) = page::find(scroller) {
                        observer.observe(&element);
                    }
                }
            });
        });
    }
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
        measure(views, Scroller::Board, &board);
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
fn handle(views: Views, kind: &str, action: Action, event: &Event, element: &Element) -> bool {
    let app = views.app;
    let is_box = element.has_type::<HtmlInputElement>();
    match (kind, action) {
        ("click", Action::Follow(change)) => {
            let Some(event) = event.dyn_ref::<MouseEvent>() else { return false };
            shell::follow(event, || app.go(|r| change.apply(r)));
        }
        ("click", Action::Change(change)) if !is_box => app.go(|r| change.apply(r)),
        ("change", Action::Change(change)) => app.go(|r| change.apply(r)),
        ("click" | "auxclick", Action::Row(index, id)) => {
            views.table.active.set(index);
            open(views, event, id);
        }
        ("click" | "auxclick", Action::Cell(place, Some(id))) => {
            views.boards.active.set(place);
            open(views, event, id);
        }
        ("keydown", Action::Cell(_, Some(id))) if key(event) == "Enter" && is_target(event, element) => {
            app.go(|r| Change::Open(id).apply(r));
        }
        ("focusin", Action::Cell(place, _)) => set(views.boards.active, place),
        ("keydown", Action::Row(_, id)) if key(event) == "Enter" && is_target(event, element) => {
            app.go(|r| Change::Open(id).apply(r));
        }
        ("focusin", Action::Row(index, _)) if is_target(event, element) => views.table.active.set(index),
        ("scroll", Action::Scroller(scroller)) => measure(views, scroller, element),
        ("input", Action::Search) => {
            let typed = element.unchecked_ref::<HtmlInputElement>().value();
            app.adjust(|r| r.q = typed);
            offer(views, element, false);
        }
        ("keydown", Action::Search) => return search_key(views, event, element),
        ("focusout", Action::Search) => views.strip.offers.set(Offers::default()),
        // Down, not click: the click comes after the box has lost the focus and the list is gone.
        ("pointerdown", Action::Offer(index)) => {
            event.prevent_default();
            take(views, index);
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
        ("change", Action::Sort) => {
            let sort = SortBy::parse(&element.unchecked_ref::<HtmlSelectElement>().value());
            app.go(|r| r.sort = sort);
        }
        ("change", Action::ToggleColumn(column)) => app.change_columns(|p| p.toggle(column)),
        ("click", Action::ShiftColumn(column, later)) => app.change_columns(|p| p.shift(column, later)),
        ("click", Action::ResetColumns) => app.reset_columns(),
        ("click", Action::AllFeatures) => views.all_features.update(|all| *all = !*all),
        ("click", Action::CellClusters(project, service, ring)) => views.boards.open_cells.update(|open| {
            let cell = (project, service, ring);
            if !open.remove(&cell) {
                open.insert(cell);
            }
        }),
        (_, Action::Saved(action)) => return act_on_saved(views, kind, action, event, element),
        ("click", Action::Export(format)) => {
            if let Some(pages) = app.pages.get_untracked() {
                let (name, media_type) = format.file();
                page::download(name, media_type, &(pages.export)(views, format));
            }
        }
        ("click", Action::Dismiss(what)) => views.dismissed.update(|all| {
            all.insert(what);
        }),
        ("click", Action::Refresh) => app.refresh_now(),
        ("click", Action::NextTheme) => next_theme(app),
        ("click", Action::NextDensity) => app.keep_density(untrack(|| app.shown_density()).other()),
        ("click", Action::Help) => keyboard::show_help(),
        ("click", Action::Copy(text)) => copy(views, text),
        ("click", Action::CopyComparison) => {
            if let Some(pages) = app.pages.get_untracked() {
                copy_as(views, (pages.comparison_markdown)(views), text::changes::MARKDOWN.to_owned());
            }
        }
        ("change", Action::PickRing(pick)) => {
            let change = pick.pick(element.unchecked_ref::<HtmlSelectElement>().value());
            app.go(|r| change.apply(r));
        }
        ("click", Action::AllVersions(service)) => views.changes.opened.update(|opened| {
            if !opened.remove(&service) {
                opened.insert(service);
            }
        }),
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
            let step = match key(event).as_str() {
                "ArrowLeft" => 20,
                "ArrowRight" => -20,
                _ => return false,
            };
            event.prevent_default();
            views.details.resize(views.details.width.get_untracked().saturating_add_signed(step));
        }
        ("click", Action::AllTraced) => views.changes.trace_all(),
        (_, Action::Setup(action)) => {
            let pages = app.pages.get_untracked();
            return pages.is_some_and(|pages| (pages.set_up)(views, kind, action, event, element));
        }
        // Fails only for a name that is no attribute's.
        ("load", Action::Picture) => drop(element.remove_attribute("data-loading")),
        _ => return false,
    }
    true
}

fn key(event: &Event) -> String {
    event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key).unwrap_or_default()
}

fn is_target(event: &Event, element: &Element) -> bool {
    event.target().is_some_and(|target| target.dyn_ref::<Element>() == Some(element))
}

/// Opens a deployment of a row or a cell as a whole: in a tab of its own where somebody wants that. Links in it go where
/// they go, and whoever selects text wants to read.
fn open(views: Views, event: &Event, id: String) {
    let Some(event) = event.dyn_ref::<MouseEvent>() else { return };
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    if target.is_some_and(|t| t.closest("a[href], button").ok().flatten().is_some()) || page::has_selection() {
        return;
    }
    let change = Change::Open(id);
    match event.button() {
        0 if event.ctrl_key() || event.meta_key() || event.shift_key() => {
            page::open_tab(&views.app.link(|r| change.apply(r)))
        }
        0 => views.app.go(|r| change.apply(r)),
        1 => page::open_tab(&views.app.link(|r| change.apply(r))),
        _ => {}
    }
}

/// Takes the next theme.
pub(super) fn next_theme(app: App) {
    let next = match untrack(|| app.theme()) {
        Theme::Auto => Theme::Light,
        Theme::Light => Theme::Dark,
        Theme::Dark => Theme::Auto,
    };
    app.keep_theme(next);
    // A theme that the address names would win over the choice just made.
    app.adjust(|r| r.theme = Theme::Auto);
}

/// Copies a text, and says so at the button that copies it.
pub(super) fn copy(views: Views, text: String) {
    copy_as(views, text.clone(), text);
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

/// Copies a text, and says so at the button that has this mark.
fn copy_as(views: Views, text: String, mark: String) {
    spawn_local(async move {
        let worked = page::copy(text).await;
        views.app.copied.set(Some((mark, worked)));
        Timeout::new(SAID, move || views.app.copied.set(None)).forget();
    });
}

/// Takes note of what is in sight of what scrolls. Called when the browser has laid the page out, and only then: asked
/// any earlier it would do so twice.
fn measure(views: Views, scroller: Scroller, element: &Element) {
    match scroller {
        Scroller::Table => {
            let table = views.table;
            set(table.scrolled, f64::from(element.scroll_top()));
            set(table.height, f64::from(element.client_height()));
            let row = element.query_selector(".rows > tr").ok().flatten().and_then(|row| row.dyn_into().ok());
            if let Some(height) = row.map(|row: HtmlElement| row.offset_height()).filter(|height| *height > 0) {
                set(table.row_height, f64::from(height));
            }
        }
        Scroller::Board => measure_board(views, element),
    }
}

pub(super) fn measure_board(views: Views, board: &Element) {
    views.boards.scrolled.set_value((board.scroll_top(), board.scroll_left()));
    let find = |selector| board.query_selector(selector).ok().flatten();
    let (Some(table), Some(head)) = (find(".board__table"), find("thead")) else { return };
    let rows = find(".board__rows").map(|rows| rows.children());
    if let Some(rows) = rows {
        let height = |at| rows.item(at).map(|row| row.get_bounding_client_rect().height() as u32);
        let first = rows.item(0).and_then(|row| row.get_attribute("aria-rowindex")?.parse::<usize>().ok());
        views.measure_rows(first.unwrap_or(2).saturating_sub(2), (0..rows.length()).filter_map(height));
    }
    let (seen, all) = (board.get_bounding_client_rect(), table.get_bounding_client_rect());
    let begin = all.top() + f64::from(head.client_height());
    let rows =
        (seen.top().max(0.0) - begin).max(0.0) as u32..(seen.bottom().min(page::height()) - begin).max(0.0) as u32;
    let left = (seen.left() - all.left()).max(0.0) as u32;
    let columns = left..left + (seen.width() as u32).saturating_sub(first_column());
    set(views.boards.sight, BoardSight { rows, columns: (!page::is_narrow()).then_some(columns) });
}

fn set<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}

/// Offers what fits what is typed.
fn offer(views: Views, input: &Element, asked: bool) {
    let input: &HtmlInputElement = input.unchecked_ref();
    let text = input.value();
    let cursor = input.selection_start().ok().flatten().map_or(text.len(), |units| byte_of(&text, units));
    let (context, list) = views.app.engine(|e| suggest(e.store(), e.syncs(), &text, cursor, asked));
    views.strip.offers.set(Offers { context: Some(context), list, marked: None });
}

/// Takes an offer.
fn take(views: Views, index: usize) {
    let taken = views.strip.offers.with_untracked(|o| Some((o.context.clone()?, o.list.get(index)?.insert.clone())));
    let (Some((context, insert)), Some(input)) = (taken, page::find("input[type=search]")) else { return };
    let box_: &HtmlInputElement = input.unchecked_ref();
    let (text, cursor) = query::complete(&box_.value(), &context, &insert);
    let units = text.get(..cursor).map_or(0, |t| t.encode_utf16().count()) as u32;
    box_.set_value(&text);
    // Fails only for inputs that hold no text.
    let _ = box_.set_selection_range(units, units);
    views.app.adjust(|r| r.q = text);
    offer(views, &input, false);
}

fn search_key(views: Views, event: &Event, input: &Element) -> bool {
    let offers = views.strip.offers;
    let (count, marked) = offers.with_untracked(|o| (o.list.len(), o.marked));
    let step = |by: isize| {
        event.prevent_default();
        let next = marked.map_or(if by > 0 { 0 } else { count as isize - 1 }, |m| m as isize + by);
        offers.update(|o| o.marked = (count > 0).then(|| next.rem_euclid(count as isize) as usize));
    };
    match (key(event).as_str(), marked) {
        ("ArrowDown", _) if count == 0 => offer(views, input, true),
        ("ArrowDown", _) => step(1),
        ("ArrowUp", _) if count > 0 => step(-1),
        ("Enter" | "Tab", Some(index)) => {
            event.prevent_default();
            take(views, index);
        }
        ("Enter", None) => {
            offers.set(Offers::default());
            views.changes.ask_now();
        }
        ("Escape", _) if count > 0 => {
            event.prevent_default();
            offers.set(Offers::default());
        }
        _ => return false,
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

/// The browser counts in UTF-16 units, the text is in bytes.
fn byte_of(text: &str, units: u32) -> usize {
    let mut left = units as usize;
    for (byte, c) in text.char_indices() {
        if left == 0 {
            return byte;
        }
        left = left.saturating_sub(c.len_utf16());
    }
    text.len()
}
