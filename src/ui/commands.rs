//! What both keys and elements do.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent, MouseEvent};

use super::{
    action::Change,
    state::{app::App, views::Views},
};
use crate::{route::Theme, web::page};

/// How long a button shows that it has copied.
const NOTICE_TIME: Duration = Duration::from_millis(1_500);

/// Follows a link within the page, unless somebody wants it in a tab of its own.
pub(super) fn follow(event: &MouseEvent, go: impl FnOnce()) {
    if event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()) {
        event.prevent_default();
        go();
    }
}

/// Opens a deployment of a row or a cell as a whole: in a tab of its own where somebody wants that. Links in it go
/// where they go, and whoever selects text wants to read.
pub(super) fn open(views: Views, event: &Event, id: String) {
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

pub(super) fn next_theme(app: App) {
    let next = match untrack(|| app.theme()) {
        Theme::Auto => Theme::Light,
        Theme::Light => Theme::Dark,
        Theme::Dark => Theme::Auto,
    };
    app.keep_theme(next);
    // A theme that the address names would win over the choice just made.
    app.replace_route(|r| r.theme = Theme::Auto);
}

/// Copies a text, and confirms at the button that copies it.
pub(super) fn copy(views: Views, text: String) {
    copy_as(views, text.clone(), text);
}

/// Copies a text, and confirms at the button that has this mark.
pub(super) fn copy_as(views: Views, text: String, mark: String) {
    spawn_local(async move {
        let worked = page::copy(text).await;
        views.app.copied.set(Some((mark, worked)));
        set_timeout(move || views.app.copied.set(None), NOTICE_TIME);
    });
}

pub(super) fn key(event: &Event) -> String {
    event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key).unwrap_or_default()
}

/// Sets a signal where that changes it.
pub(super) fn set<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}
