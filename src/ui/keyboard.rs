//! Keys that work everywhere but where somebody types: to other views, through the list, in an open menu.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::{
    action::{Action, CellPlace, Change},
    commands, measure,
    patch::action_of,
    state::views::Views,
};
use crate::{route::View, web::page};

/// What can have the focus in a menu or a cell.
const INSIDE: &str = "input:not(:disabled), button:not(:disabled), a[href], select";
/// So many rows of the board are a page.
const PAGE: usize = 8;

/// A key that nothing on its way took. Returns whether it is taken here.
pub(super) fn pressed(views: Views, event: &KeyboardEvent) {
    let focused = page::focused();
    let key = event.key();
    if key == "Escape" {
        return escape(views, focused.as_ref());
    }
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let within = |selector: &str| focused.as_ref().and_then(|e| e.closest(selector).ok().flatten());
    if let Some(panel) = within(".menu__panel") {
        if walk_inside(&panel, focused.as_ref(), &key, ("ArrowUp", "ArrowDown")) {
            event.prevent_default();
        }
        return;
    }
    if within("input, select, textarea").is_some() {
        return;
    }
    if is_shortcut(views, &key) || within("[role=dialog], dialog").is_none() && walk(views, &key, focused.as_ref()) {
        event.prevent_default();
    }
}

/// Closes what is open, the innermost first.
fn escape(views: Views, focused: Option<&Element>) {
    if views.strip.menu.with_untracked(Option::is_some) {
        let button = page::find(".menu > [aria-expanded=true]");
        views.strip.menu.set(None);
        return button.iter().for_each(page::focus);
    }
    let inside = focused.and_then(|e| e.closest("td.cell, tr[data-deployment]").ok().flatten());
    match inside.filter(|inside| Some(inside) != focused) {
        Some(inside) if views.app.route.with_untracked(|r| r.deployment.is_none()) => page::focus(&inside),
        _ => views.app.go(|r| r.deployment = None),
    }
}

/// Does what a letter is for.
fn is_shortcut(views: Views, key: &str) -> bool {
    thread_local!(static WAITING_FOR_VIEW: std::cell::Cell<bool> = const { std::cell::Cell::new(false) });
    let app = views.app;
    let go = |view| app.go(|r| r.leave_for(view));
    match (WAITING_FOR_VIEW.replace(false), key) {
        (true, "r") => go(View::Rings),
        (true, "d") => go(View::Deployments),
        (true, "c" | "v") => go(View::Compare),
        (true, "s") => go(View::Setup),
        (true, "h") => {
            if let Some((service, project)) = views.service_in_focus() {
                app.go(|r| Change::History(service, project).apply(r));
            }
        }
        (_, "g") => WAITING_FOR_VIEW.set(true),
        (_, "/") => page::find("input[type=search]").iter().for_each(page::focus),
        (_, "?") => show_help(),
        (_, "t") => commands::next_theme(app),
        (_, "R") => app.refresh_now(),
        (_, "c") => {
            let route = app.route.get_untracked();
            let id = page::focused().and_then(|e| deployment_of(&e)).or_else(|| route.deployment.clone());
            let link = page::address_with(&crate::route::Route { deployment: id, ..route }.href());
            commands::copy(views, link);
        }
        _ => return false,
    }
    true
}

/// The deployment of the row or cell that an element is in.
fn deployment_of(element: &Element) -> Option<String> {
    let mut at = Some(element.clone());
    while let Some(element) = at {
        match action_of(&element) {
            Some(Action::Row(_, id)) => return Some(id),
            Some(Action::Cell(_, id)) => return id,
            _ => at = element.parent_element(),
        }
    }
    None
}

pub(super) fn show_help() {
    if let Some(help) = page::find(".help").and_then(|help| help.dyn_into::<HtmlDialogElement>().ok())
        && !help.open()
    {
        // Fails only when it is open already.
        let _ = help.show_modal();
    }
}

/// Moves the focus into the panel that has just been opened.
pub(super) fn enter_menu() {
    request_animation_frame(|| {
        let Some(panel) = page::find(".menu__panel[role=dialog]") else { return };
        // On a phone a box to type in would cover the list with a keyboard.
        let first = if page::is_narrow() { "input[type=checkbox], button, a[href]" } else { INSIDE };
        if let Some(first) = panel.query_selector(first).ok().flatten() {
            page::focus(&first);
        }
    });
}

/// Moves among what can have the focus inside of something.
fn walk_inside(inside: &Element, focused: Option<&Element>, key: &str, (back, on): (&str, &str)) -> bool {
    let Ok(all) = inside.query_selector_all(INSIDE) else { return false };
    let all: Vec<Element> = (0..all.length()).filter_map(|n| all.item(n)?.dyn_into().ok()).collect();
    let now = all.iter().position(|e| Some(e) == focused);
    let next = match (key, now) {
        // Before the first is what they are in, if that takes the focus.
        (key, Some(0)) if key == back => {
            page::focus(inside);
            return true;
        }
        (key, Some(now)) if key == on => now + 1,
        (key, Some(now)) if key == back => now.saturating_sub(1),
        ("Home", Some(_)) => 0,
        ("End", Some(_)) => all.len().saturating_sub(1),
        (key, None) if key == on => 0,
        _ => return false,
    };
    all.get(next.min(all.len().saturating_sub(1))).iter().for_each(|e| page::focus(e));
    true
}

/// Moves through the list of the view, from wherever the focus is.
fn walk(views: Views, key: &str, focused: Option<&Element>) -> bool {
    let is_in = |list: &str| focused.is_some_and(|e| e.closest(list).ok().flatten().is_some());
    match views.app.route.with_untracked(|r| r.view) {
        View::Deployments => walk_table(views, key, focused.filter(|_| is_in(".rows"))),
        View::Rings => walk_board(views, key, focused.filter(|_| is_in(".board"))),
        View::Compare | View::History | View::Setup | View::Badge => false,
    }
}

/// Walks through the table's rows, and through what can have the focus in one.
fn walk_table(views: Views, key: &str, focused: Option<&Element>) -> bool {
    let row = focused.and_then(|e| e.closest("tr[data-deployment]").ok().flatten());
    let sideways = match key {
        "h" | "ArrowLeft" => "h",
        "l" | "ArrowRight" | "F2" => "l",
        _ => "",
    };
    if let (Some(row), "h" | "l") = (row, sideways) {
        return walk_inside(&row, focused, sideways, ("h", "l"));
    }
    let Some(scroller) = page::find(".scroller") else { return false };
    let table = views.table;
    let last = views.order.with_untracked(|o| o.len()).saturating_sub(1);
    let row_height = table.row_height.get_untracked();
    let page_rows = (table.height.get_untracked() / row_height) as usize;
    let now = table.active.get_untracked().min(last);
    let next = match key {
        "ArrowDown" | "j" => now + 1,
        "ArrowUp" | "k" => now.saturating_sub(1),
        "PageDown" => now + page_rows,
        "PageUp" => now.saturating_sub(page_rows),
        "Home" => 0,
        "End" => last,
        _ => return false,
    };
    // Whoever comes from elsewhere comes to where they were.
    let next = if focused.is_some() { next.min(last) } else { now };
    table.active.set(next);
    reveal(&scroller, next, row_height);
    table.scrolled.set(f64::from(scroller.scroll_top()));
    // Once it has been drawn.
    request_animation_frame(move || {
        if let Some(row) = page::find(&format!("tr[data-deployment][aria-rowindex=\"{}\"]", next + 2)) {
            page::focus(&row);
        }
    });
    true
}

/// Scrolls just as far as it takes to see a row below the header.
fn reveal(scroller: &Element, index: usize, row_height: f64) {
    let header = scroller.query_selector("thead").ok().flatten().map_or(0.0, |h| h.get_bounding_client_rect().height());
    let (top, height) = (f64::from(scroller.scroll_top()), f64::from(scroller.client_height()));
    let (row_top, row_end) = (index as f64 * row_height, (index + 1) as f64 * row_height);
    if row_top < top {
        scroller.set_scroll_top(row_top as i32);
    } else if row_end + header > top + height {
        scroller.set_scroll_top((row_end + header - height).ceil() as i32);
    }
}

/// Walks through the board's cells, the heads of its rings and the names of its services.
fn walk_board(views: Views, key: &str, focused: Option<&Element>) -> bool {
    let (rows, columns) = views.board_size();
    let CellPlace { row, column } = views.boards.active.get_untracked();
    let cell = focused.and_then(|e| e.closest("td.cell").ok().flatten());
    if let (Some(cell), "F2" | "ArrowLeft" | "ArrowRight") = (&cell, key) {
        let is_inside = focused != Some(cell);
        let on = if is_inside { "ArrowRight" } else { "F2" };
        if (is_inside || key == "F2") && walk_inside(cell, focused, key, ("ArrowLeft", on)) {
            return true;
        }
    }
    let next = match key {
        "ArrowDown" | "j" => (row + 1, column),
        "ArrowUp" | "k" => (row.saturating_sub(1), column),
        "ArrowRight" | "l" => (row, column + 1),
        "ArrowLeft" | "h" => (row, column.saturating_sub(1)),
        "PageDown" => (row + PAGE, column),
        "PageUp" => (row.saturating_sub(PAGE).max(1), column),
        "Home" => (row, 1),
        "End" => (row, columns),
        _ => return false,
    };
    let next = if focused.is_some() { next } else { (row.max(1), column) };
    let row = next.0.min(rows).max(usize::from(next.1 == 0));
    go_to_cell(views, CellPlace { row, column: next.1.min(columns) });
    true
}

/// Moves the keyboard to a place of the board, and draws what is there if it is not yet.
fn go_to_cell(views: Views, place: CellPlace) {
    let Some(board) = page::find(".board") else { return };
    views.boards.active.set(place);
    if let (None, Some(top)) = (element_at(views, place), views.row_top(place.row)) {
        board.set_scroll_top(top as i32);
        measure::measure_board(views, &board);
    }
    if let (None, Some(left)) = (element_at(views, place), views.column_left(place.column)) {
        board.set_scroll_left(left as i32);
        measure::measure_board(views, &board);
    }
    // Once it has been drawn.
    request_animation_frame(move || {
        if let Some(element) = element_at(views, place) {
            page::focus(&element);
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Nearest);
            options.set_inline(ScrollLogicalPosition::Nearest);
            element.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}

/// What takes the focus at a place of the board, as far as it is drawn.
fn element_at(views: Views, place: CellPlace) -> Option<Element> {
    let ring = || views.ring_name(place.column);
    if place.row == 0 {
        let ring = ring()?;
        let heads = page::find(".board thead tr")?.children();
        let is_its = |head: &Element| head.get_attribute("data-ring-header").as_deref() == Some(&*ring);
        let head = (0..heads.length()).filter_map(|n| heads.item(n)).find(is_its)?;
        return head.query_selector("button").ok().flatten().or(Some(head));
    }
    let row = page::find(&format!(".board__rows > tr[aria-rowindex=\"{}\"]", place.row + 1))?;
    if place.column == 0 {
        return row.query_selector("th a").ok().flatten();
    }
    let ring = ring()?;
    let is_its = |cell: &Element| cell.get_attribute("data-ring").as_deref() == Some(&*ring);
    let cells = row.children();
    let mut cells = (0..cells.length()).filter_map(|n| cells.item(n));
    cells.find(is_its).filter(|cell| cell.has_attribute("tabindex"))
}
