//! From which moment on a refresh must ask so that nothing is missed, by the table's own clock.
//!
//! A row that was seen at a moment of this device's monotonic clock was written before that moment. So the table's
//! clock showed at least the row's `Timestamp` then, and has gone on since as all clocks do: its time at any moment is
//! bounded from below by what was seen: later by the time that has passed at least, which a clock that does not move
//! during sleep gives too short; earlier by the time that can have passed at most. What a read could not see was
//! written after it began, and a margin covers servers whose clocks differ. A table that nobody writes to is therefore
//! not asked for its newest rows again and again, even if all of them were written within a minute.
//!
//! A row dated in the future would put that bound too high. So the mark never passes what this device takes for the
//! read's begin, and rows dated more than a day beyond it mean nothing. A device that is late merely reads some rows
//! again.

use std::time::Duration;

use crate::{
    domain::time::{Timestamp, days, minutes},
    engine::clock::Now,
};

/// How far the clocks of a table's servers may differ.
const MARGIN: Duration = minutes(1);
/// How far a row may be dated beyond this device's clock and still show what time it is.
const PLAUSIBLE: Duration = days(1);
/// Two clocks run apart by less than a part in so many.
const DRIFT: u32 = 1000;

/// A row that was there at a moment.
#[derive(Clone, Copy, Debug)]
struct Sighting {
    written: Timestamp,
    seen: Now,
}

impl Sighting {
    /// What the table's clock shows at least at a moment, before or after.
    fn bound(self, at: Now) -> Timestamp {
        match at.monotonic.checked_sub(self.seen.monotonic) {
            Some(since) => self.written + since - since / DRIFT,
            None => self.written - self.seen.longest.saturating_sub(at.longest),
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Watermark {
    latest: Option<Sighting>,
    mark: Option<Timestamp>,
}

impl Watermark {
    pub(super) const fn get(&self) -> Option<Timestamp> {
        self.mark
    }

    /// A row written then has arrived at this moment.
    pub(super) fn observe(&mut self, written: Timestamp, arrived: Now) {
        // Of rows that arrive in any order the latest written counts most.
        if self.latest.is_some_and(|latest| latest.written >= written) || written > arrived.steady + PLAUSIBLE {
            return;
        }
        let new = Sighting { written, seen: arrived };
        if self.latest.is_none_or(|latest| written > latest.bound(arrived)) {
            self.latest = Some(new);
        }
    }

    /// All that had been written when a read began is known.
    pub(super) fn pass(&mut self, began: Now) {
        if let Some(latest) = self.latest {
            self.mark = self.mark.max(Some(latest.bound(began).min(began.steady) - MARGIN));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64, off: i64) -> Now {
        let steady = Timestamp::from_millis((1_000_000 + seconds + off) * 1000);
        let monotonic = Duration::from_secs(seconds.unsigned_abs());
        Now { steady, wall: steady, monotonic, longest: monotonic }
    }

    /// Rows by when they were written and seen, reads by when they began; what the device's clock is off by.
    #[track_caller]
    fn check(off: i64, rows: &[(i64, i64)], reads: &[i64], expect: Option<i64>) {
        let mut watermark = Watermark::default();
        for &(written, seen) in rows {
            watermark.observe(Timestamp::from_millis((1_000_000 + written) * 1000), at(seen, off));
        }
        reads.iter().for_each(|&began| watermark.pass(at(began, off)));
        assert_eq!(watermark.get().map(|mark| mark.millis() / 1000 - 1_000_000), expect);
    }

    #[test]
    fn the_mark_follows_the_tables_clock() {
        check(0, &[], &[5], None);
        // A read of ten seconds.
        check(0, &[(-100, 10)], &[0], Some(-100 - 10 - 60));
        // A quiet table: time passes there too.
        check(0, &[(-100, 10)], &[0, 1_010], Some(-100 + 999 - 60));
        check(50_000, &[(-100, 10)], &[0, 1_010], Some(-100 + 999 - 60));
        // A device that is late reads a little again; of one that is a day late and more the clock shows nothing of the time there.
        check(-3_600, &[(0, 10)], &[1_010], Some(1_010 - 3_600 - 60));
        check(-200_000, &[(0, 10)], &[1_010], None);
    }

    #[test]
    fn sleep_while_reading_counts_in_full() {
        let mut watermark = Watermark::default();
        let mut woken = at(510, 0);
        woken.monotonic = Duration::from_secs(10);
        watermark.observe(woken.steady, woken);
        watermark.pass(at(0, 0));
        assert_eq!(watermark.get(), Some(at(-60, 0).steady));
    }

    #[test]
    fn a_row_from_the_future_moves_it_no_further_than_the_reads_begin() {
        check(0, &[(-5, 10), (8_000_000, 10)], &[0], Some(-5 - 10 - 60));
        check(0, &[(-5, 10), (50_000, 10)], &[20], Some(20 - 60));
    }
}
