//! A screen on a wall: it shows one view after another, and what of it does not fit part by part.

use gloo_timers::callback::Interval;
use leptos::prelude::*;

use super::{board::first_column, views::Views};
use crate::{
    config::SavedView,
    route::{self, View},
    ui::{action::Change, view::kiosk::KioskView},
    web::{clock, page},
};

/// How long each view is shown, in milliseconds.
const SHOWN: u32 = 30_000;
/// After so many screens the next view is shown, however long this one is: the newest is on top.
const PARTS: i32 = 10;
/// At least as high as a row, in pixels: one that is cut at the lower edge is whole in the next part.
const ROW: i32 = 90;
/// How often the clock is drawn, in milliseconds.
const TICK: u32 = 1_000;

/// Shows one view after another for as long as the address has `kiosk`.
pub(in crate::ui) fn follow(views: Views) {
    let is_kiosk = Memo::new(move |_| views.app.route.with(|r| r.kiosk));
    let timers = StoredValue::new_local(None::<[Interval; 2]>);
    Effect::new(move |_| {
        // The ones before end when they are dropped.
        timers.set_value(is_kiosk.get().then(|| {
            let next = Interval::new(SHOWN, move || views.show_next());
            [next, Interval::new(TICK, move || views.clock.set(clock::now()))]
        }));
    });
}

impl Views {
    /// The views that are shown in turn: those of `config.json`, else the board and the list.
    fn turn(self) -> Vec<SavedView> {
        let own = self.app.config().views.clone();
        let of = |view: View| {
            let route = route::Route { view, ..route::Route::default() };
            SavedView { name: crate::ui::view::header::view_title(view).into(), query: route::print(&route).into() }
        };
        if own.is_empty() { vec![of(View::Rings), of(View::Deployments)] } else { own }
    }

    fn place_in_turn(self) -> Option<usize> {
        let now = self.app.route.with(|r| route::print(&r.to_save()));
        let is_it = |view: &SavedView| route::print(&route::parse(&view.query).to_save()) == now;
        self.turn().iter().position(is_it)
    }

    /// Scrolls on to what of the view has not been shown, if there is more: of the board to the end, then down.
    fn show_rest(self) -> bool {
        let board = page::find(".board:not(.past__board)");
        let (is_board, is_narrow) = (board.is_some(), page::is_narrow());
        // Narrow screens scroll as a whole, and so do all other views.
        let inner = board.or_else(|| page::find(".scroller")).filter(|_| !is_narrow);
        let whole = || page::document().and_then(|document| document.scrolling_element());
        let Some(scroller) = inner.or_else(whole) else { return false };
        let (left, top) = (scroller.scroll_left(), scroller.scroll_top());
        let (width, height) = (scroller.client_width(), scroller.client_height());
        let is_more = if is_board && left + width + 1 < scroller.scroll_width() {
            // As many whole columns as fit: all are equally wide.
            let column = page::find(".board thead .ring").map_or(1, |ring| ring.client_width()).max(1);
            scroller.set_scroll_left(left + ((width - first_column() as i32) / column).max(1) * column);
            true
        } else {
            let head = scroller.query_selector("thead").ok().flatten().map_or(0, |head| head.client_height());
            let is_more = top + height + 1 < scroller.scroll_height() && top < height * PARTS;
            scroller.set_scroll_left(0);
            scroller.set_scroll_top(if is_more { (top + height - head - ROW).max(top + ROW) } else { 0 });
            is_more
        };
        // The view is drawn anew before the browser would report it.
        if is_board {
            self.boards.scrolled.set_value((scroller.scroll_top(), scroller.scroll_left()));
        } else if !is_narrow {
            self.table.scrolled.set(f64::from(scroller.scroll_top()));
        }
        is_more
    }

    fn show_next(self) {
        if self.show_rest() {
            return;
        }
        let turn = self.turn();
        let next = untrack(|| self.place_in_turn()).map_or(0, |place| place + 1) % turn.len().max(1);
        if let Some(view) = turn.get(next) {
            let change = Change::Saved(view.query.clone());
            self.app.replace_route(|route| change.apply(route));
        }
    }

    /// What stands above a view on a wall.
    pub(in crate::ui) fn kiosk_view(self) -> KioskView {
        let app = self.app;
        let place = self.place_in_turn();
        let turn = self.turn();
        KioskView {
            title: app.config().title.to_string(),
            name: place.and_then(|place| turn.get(place)).map_or_else(
                || crate::ui::view::header::view_title(app.view()).to_owned(),
                |view| view.name.to_string(),
            ),
            place: (place.map_or(0, |place| place + 1), turn.len()),
            now: self.clock.get(),
            freshness: super::strip::freshness(app),
        }
    }
}
