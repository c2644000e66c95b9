//! What has just become another one, so that a view can point it out for a moment.

use std::{
    collections::HashMap,
    hash::{Hash, Hasher},
    time::Duration,
};

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use super::app::App;
use crate::{domain::time::Timestamp, web::clock};

/// For how long that is pointed out.
const RECENT: Duration = Duration::from_secs(2);
/// So many things are remembered: more than a screen shows, and few enough for weeks.
const REMEMBERED: usize = 4_000;

/// Things by their hash: the hash of what was seen of each last, and when that came.
type TrackedRows = HashMap<u64, (u64, Option<Timestamp>)>;

/// What was seen of each thing when it was last drawn.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Recent {
    app: App,
    seen: StoredValue<TrackedRows, LocalStorage>,
    /// Grows when something is no longer recent.
    over: RwSignal<u32>,
    /// Until then. What became another one before is drawn anew with what did so last.
    timer: StoredValue<Option<Timeout>, LocalStorage>,
}

impl Recent {
    pub(super) fn new(app: App) -> Self {
        Self {
            app,
            seen: StoredValue::new_local(HashMap::new()),
            over: RwSignal::new(0),
            timer: StoredValue::new_local(None),
        }
    }

    /// Whether what is seen of a thing has just become another value. While rows are still being read nothing has: it
    /// was so before.
    pub(super) fn is_recent(self, thing: impl Hash, value: impl Hash) -> bool {
        self.over.track();
        let is_reading = self.app.health.with_untracked(|h| !h.ready || h.progress.is_some());
        let now = clock::now();
        let (thing, value) = (hash(thing), hash(value));
        let since = self.seen.try_update_value(|seen| {
            if seen.len() > REMEMBERED {
                seen.clear();
            }
            let known = seen.entry(thing).or_insert((value, None));
            if known.0 != value {
                let since = (!is_reading).then_some(now);
                *known = (value, since);
                if since.is_some() {
                    let later = u32::try_from(RECENT.as_millis()).unwrap_or(u32::MAX).saturating_add(50);
                    let over = self.over;
                    let timer = Timeout::new(later, move || {
                        over.try_update(|n| *n += 1);
                    });
                    self.timer.set_value(Some(timer));
                }
            }
            known.1
        });
        since.flatten().is_some_and(|since| now.since(since) < RECENT)
    }
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}
