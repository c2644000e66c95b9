//! What has just become another one, so that a view can point it out for a moment.

use std::{hash::Hash, time::Duration};

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use super::app::App;
use crate::{
    model::{kept::hash, last_drawn::LastDrawn},
    web::clock,
};

/// For how long that is pointed out.
const RECENT: Duration = Duration::from_secs(2);

/// What was seen of each thing when it was last drawn.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Recent {
    app: App,
    seen: StoredValue<LastDrawn, LocalStorage>,
    /// Grows when something is no longer recent.
    over: RwSignal<u32>,
    /// Until then. What became another one before is drawn anew with what did so last.
    timer: StoredValue<Option<Timeout>, LocalStorage>,
}

impl Recent {
    pub(super) fn new(app: App) -> Self {
        Self {
            app,
            seen: StoredValue::new_local(LastDrawn::default()),
            over: RwSignal::new(0),
            timer: StoredValue::new_local(None),
        }
    }

    /// Whether what is seen of a thing has just become another value. While rows are still being read nothing has: it
    /// was so before.
    pub(super) fn is_recent(self, thing: impl Hash, value: impl Hash) -> bool {
        self.is_recent_hash((hash(thing), hash(value)))
    }

    fn is_recent_hash(self, thing: (u64, u64)) -> bool {
        self.over.track();
        let is_reading = self.app.health.with_untracked(|h| !h.ready || h.progress.is_some());
        let (now, drawing) = (clock::now(), self.app.version.get_untracked());
        let since = self.seen.try_update_value(|seen| seen.since(drawing, thing, (!is_reading).then_some(now)));
        let Some(since) = since.flatten() else { return false };
        if since == now {
            let later = u32::try_from(RECENT.as_millis()).unwrap_or(u32::MAX).saturating_add(50);
            let over = self.over;
            let timer = Timeout::new(later, move || {
                over.try_update(|n| *n += 1);
            });
            self.timer.set_value(Some(timer));
        }
        now.since(since) < RECENT
    }
}
