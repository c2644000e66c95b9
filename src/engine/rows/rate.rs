//! An upper rate for any reading, whatever a service makes of it.

use std::time::Duration;

use crate::domain::time::Timestamp;

/// So many requests may follow one another at once: more than a long table has pages.
const BURST: u32 = 600;
/// From then on there is one every so often.
const EVERY: Duration = Duration::from_millis(100);

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rate {
    /// When all that have been sent would have been sent at the steady rate.
    paid: Option<Timestamp>,
}

impl Rate {
    /// When the next request may be sent.
    pub(super) fn free_at(self) -> Option<Timestamp> {
        self.paid.map(|paid| paid - EVERY * BURST)
    }

    pub(super) fn spend(&mut self, now: Timestamp) {
        self.paid = Some(self.paid.map_or(now, |paid| paid.max(now)) + EVERY);
    }
}
