//! Time, by clocks that people and networks set and by one that only counts.
//!
//! A device's wall clock may be wrong, and may be put right at any moment; its monotonic clock goes on evenly, but may
//! stand still while the device sleeps. Everything that waits does so in **steady** time: it begins as the wall clock
//! states, goes on as the monotonic clock does, never goes back, and leaps over sleep.

use std::time::Duration;

use crate::domain::{clock::Clock, time::Timestamp};

/// A wall clock that has gone further than the monotonic clock by so much has slept. It may also have been set
/// forward; then the worst is a refresh too many.
const SLEEP: i64 = 30_000;

/// Wall and monotonic clock are read one after the other and rounded; less than this is no difference.
const NOISE: i64 = 1_000;

/// One moment, by each clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Now {
    /// What everything waits by.
    pub steady: Timestamp,
    /// What dates are compared with.
    pub wall: Timestamp,
    /// What proves how much time has passed at least.
    pub monotonic: Duration,
    /// How much may have passed at most: as much as the wall clock ever leapt ahead may have been sleep.
    pub longest: Duration,
}

impl Now {
    /// The steady time at which the wall clock will show `date`, if it is not set before.
    pub(super) fn steady_at(&self, date: Timestamp) -> Timestamp {
        self.steady + date.since(self.wall) - self.wall.since(date)
    }
}

/// Keeps steady time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SteadyClock {
    last: Option<Now>,
}

impl SteadyClock {
    /// The moment that the clocks show, and whether the device slept before it.
    pub(super) fn read(&mut self, clock: Clock) -> (Now, bool) {
        let Some(last) = self.last else {
            let (wall, monotonic) = (clock.wall, clock.monotonic);
            let now = Now { steady: wall, wall, monotonic, longest: monotonic };
            self.last = Some(now);
            return (now, false);
        };
        let monotonic = clock.monotonic.max(last.monotonic);
        let passed = monotonic - last.monotonic;
        let (steady, wall, longest) = (last.steady + passed, last.wall + passed, last.longest + passed);
        let mut now = Now { steady, wall, monotonic, longest };
        let leap = clock.wall.millis().saturating_sub(now.wall.millis());
        let has_slept = leap > SLEEP;
        if leap.abs() > NOISE {
            now.wall = clock.wall;
            now.longest += Duration::from_millis(u64::try_from(leap).unwrap_or(0));
        }
        if has_slept {
            now.steady = now.steady + Duration::from_millis(leap.unsigned_abs());
        }
        self.last = Some(now);
        (now, has_slept)
    }

    /// The last moment that was read.
    pub(super) const fn last(&self) -> Option<Now> {
        self.last
    }

    /// What the wall clock shows at a moment of steady time, for display.
    pub(super) fn to_wall(self, steady: Timestamp) -> Timestamp {
        self.last.map_or(steady, |last| {
            let ahead = last.wall.millis().saturating_sub(last.steady.millis());
            Timestamp::from_millis(steady.millis().saturating_add(ahead))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steady_time_goes_on_whatever_is_done_to_the_clock() {
        let mut steady = SteadyClock::default();
        let mut check = |wall: i64, monotonic: u64, expect: i64, wall_shown: i64, slept: bool| {
            let clock = Clock { wall: Timestamp::from_millis(wall), monotonic: Duration::from_millis(monotonic) };
            let (now, has_slept) = steady.read(clock);
            assert_eq!((now.steady.millis(), now.wall.millis(), has_slept), (expect, wall_shown, slept), "{wall}");
            assert_eq!(steady.to_wall(now.steady), now.wall);
        };
        check(1_000_000, 50, 1_000_000, 1_000_000, false);
        check(1_010_000, 10_050, 1_010_000, 1_010_000, false);
        // Rounding is no leap, and does not make the time that is shown go back.
        check(1_011_003, 11_050, 1_011_000, 1_011_000, false);
        // Set back by an hour.
        check(1_012_000 - 3_600_000, 12_050, 1_012_000, 1_012_000 - 3_600_000, false);
        // And right again, which looks like sleep.
        check(1_013_000, 13_050, 1_013_000 + 3_600_000, 1_013_000, true);
        // A monotonic clock that is reported to go back does not move.
        check(1_013_000, 10, 1_013_000 + 3_600_000, 1_013_000, false);
    }
}
