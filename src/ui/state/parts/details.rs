//! The open details: of which deployment they are, and how wide.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    model::store::Slot,
    ui::{
        state::{app::App, related::Related},
        view::details::Neighbours,
    },
    web::{
        page,
        storage::{self, Keep},
    },
};

const WIDTH: &str = "ringside.details";
/// How wide the details are before somebody changes that, at the least, and at the most, in pixels.
const WIDTHS: (u32, u32, u32) = (480, 360, 1_100);
/// The open details.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Details {
    /// The deployment, as far as it is known.
    pub(in crate::ui) slot: Memo<Option<Slot>>,
    pub(in crate::ui) related: Memo<Arc<Related>>,
    /// How wide they are, in pixels.
    pub width: RwSignal<u32>,
    /// Whether somebody changes that now.
    pub is_resizing: RwSignal<bool>,
}

impl Details {
    pub(in crate::ui) fn new(app: App) -> Self {
        let open = Memo::new(move |_| app.route.with(|r| r.deployment.clone()));
        let slot = Memo::new(move |_| {
            app.version.track();
            let id = open.get()?;
            app.engine(|e| e.store().by_id(&id))
        });
        let related = Memo::new(move |_| {
            app.version.track();
            let related =
                slot.get().zip(app.derivations.get()).map(|(slot, derivations)| (derivations.related)(app, slot));
            Arc::new(related.unwrap_or_default())
        });
        keep_focus(app, open);
        let kept = storage::get(Keep::Device, WIDTH).and_then(|width| width.parse().ok()).unwrap_or(WIDTHS.0);
        Self { slot, related, width: RwSignal::new(kept), is_resizing: RwSignal::new(false) }
    }

    /// Changes the width, and keeps it.
    pub(in crate::ui) fn resize(self, width: u32) {
        let width = width.clamp(WIDTHS.1, WIDTHS.2);
        if self.width.with_untracked(|old| *old != width) {
            self.width.set(width);
            storage::set(Keep::Device, WIDTH, &width.to_string());
        }
    }

    /// The deployment after the open one, or before it, of the same service and ring.
    pub(in crate::ui) fn neighbour(self, is_next: bool) -> Option<String> {
        self.related.with_untracked(|related| {
            let Neighbours { previous, next, .. } = &related.neighbours;
            if is_next { next.clone() } else { previous.clone() }
        })
    }

    /// What lies between what the ring runs and the open deployment, for a forge to count.
    pub(in crate::ui) fn span(self) -> Option<(Slot, Slot)> {
        let slot = self.slot.get()?;
        self.related.with(|related| related.shipment.as_ref().map(|shipment| (shipment.base, slot)))
    }
}

/// Moves the focus into the details when they open, and back to where it was when they close.
fn keep_focus(app: App, open: Memo<Option<String>>) {
    let opener = StoredValue::new_local(None::<web_sys::Element>);
    Effect::new(move |was_open: Option<bool>| {
        // There is nothing to focus before the code that draws them has come.
        let is_open = open.with(Option::is_some) && app.derivations.with(Option::is_some);
        match (was_open.unwrap_or(false), is_open) {
            (false, true) => {
                opener.set_value(page::focused().filter(|e| e.tag_name() != "BODY"));
                request_animation_frame(|| page::find("#details-title").iter().for_each(page::focus));
            }
            (true, false) => {
                if let Some(opener) = opener.try_update_value(Option::take).flatten() {
                    page::focus(&opener);
                }
            }
            _ => {}
        }
        is_open
    });
}
