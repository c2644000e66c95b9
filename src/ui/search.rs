//! The search box: what it offers, and taking an offer.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement};

use super::{
    commands::key,
    state::{parts::strip::Offers, views::Views},
};
use crate::{
    model::{query, suggest::suggest},
    web::page,
};

/// Offers what fits what is typed.
pub(super) fn offer(views: Views, input: &Element, asked: bool) {
    let input: &HtmlInputElement = input.unchecked_ref();
    let text = input.value();
    let cursor = input.selection_start().ok().flatten().map_or(text.len(), |units| byte_of(&text, units));
    let (context, list) = views.app.engine(|e| suggest(e.store(), e.syncs(), &text, cursor, asked));
    views.strip.offers.set(Offers { context: Some(context), list, marked: None });
}

pub(super) fn take(views: Views, index: usize) {
    let taken = views.strip.offers.with_untracked(|o| Some((o.context.clone()?, o.list.get(index)?.insert.clone())));
    let (Some((context, insert)), Some(input)) = (taken, page::find("input[type=search]")) else { return };
    let box_: &HtmlInputElement = input.unchecked_ref();
    let (text, cursor) = query::complete(&box_.value(), &context, &insert);
    let units = text.get(..cursor).map_or(0, |t| t.encode_utf16().count()) as u32;
    box_.set_value(&text);
    // Fails only for inputs that hold no text.
    let _ = box_.set_selection_range(units, units);
    views.app.replace_route(|r| r.q = text);
    offer(views, &input, false);
}

/// A key in the box. Returns whether it is taken here.
pub(super) fn search_key(views: Views, event: &Event, input: &Element) -> bool {
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
