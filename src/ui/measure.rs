//! What is visible of what scrolls, so that only that is drawn.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, HtmlElement};

use super::{
    action::{Action, Scroller},
    commands::set,
    patch::action_of,
    state::{board::first_column, parts::board::VisibleBoard, views::Views},
};
use crate::web::page;

/// Follows the sizes of what scrolls, for as long as the page lives.
pub(super) fn follow(views: Views) {
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

/// Takes note of what is visible of what scrolls. Called when the browser has laid the page out, and only then: asked
/// any earlier it would do so twice.
pub(super) fn measure(views: Views, scroller: Scroller, element: &Element) {
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

/// Takes note of which rows and columns of the board are visible.
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
    set(views.boards.visible, VisibleBoard { rows, columns: (!page::is_narrow()).then_some(columns) });
}
