//! What is typed above every view, and which menu is open.

use leptos::prelude::*;

use crate::{
    model::{query::Context, suggest::Suggestion},
    ui::action::Menu,
};

/// What the search box offers.
#[derive(Clone, PartialEq, Default)]
pub(in crate::ui) struct Offers {
    pub context: Option<Context>,
    pub list: Vec<Suggestion>,
    /// The one that Enter takes.
    pub marked: Option<usize>,
}

/// What is typed, and which menu is open.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Strip {
    pub offers: RwSignal<Offers>,
    /// The panel that is open, and where its button ends, in pixels.
    pub menu: RwSignal<Option<Menu>>,
    pub menu_at: RwSignal<(i32, i32)>,
    pub typed: RwSignal<String>,
}

impl Strip {
    pub(in crate::ui) fn new() -> Self {
        Self {
            offers: RwSignal::default(),
            menu: RwSignal::new(None),
            menu_at: RwSignal::default(),
            typed: RwSignal::default(),
        }
    }
}
