//! The sample's time: seconds from the moment it was started, so that a story can be written as "two minutes ago".

use std::fmt;

use crate::domain::time::Timestamp;

/// Where the story stands.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    start: Timestamp,
    /// Seconds since the start. Never negative: before the start the sample stands as it does at the start.
    pub(super) second: i64,
}

impl Clock {
    /// The story that was started at `start`, as of `now`.
    pub(super) fn new(start: Timestamp, now: Timestamp) -> Self {
        let start = Timestamp::from_millis(start.millis().div_euclid(1000).saturating_mul(1000));
        Self { start, second: (now.millis().saturating_sub(start.millis()) / 1000).max(0) }
    }

    /// The moment of a second of the story.
    pub(super) const fn at(self, second: i64) -> Moment {
        Moment(self.start.millis().div_euclid(1000).saturating_add(second))
    }

    /// The same as a timestamp.
    pub(super) const fn timestamp(self, second: i64) -> Timestamp {
        Timestamp::from_millis(self.at(second).0.saturating_mul(1000))
    }
}

/// A moment in seconds since 1970. Prints as `2026-11-23T03:40:23Z`, ten times as fast as chrono does: a page of
/// rows holds ten thousand of them.
#[derive(Clone, Copy)]
pub(super) struct Moment(i64);

impl Moment {
    /// What Azure DevOps calls a run that was queued then: the day and a number that grows over the day.
    pub(super) const fn run_name(self) -> RunName {
        RunName(self)
    }

    /// Year, month and day (Howard Hinnant's `civil_from_days`).
    fn civil(self) -> (i64, i64, i64) {
        let days = self.0.div_euclid(86_400) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        (year + era * 400 + i64::from(month <= 2), month, day_of_year - (153 * shifted + 2) / 5 + 1)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        let time = self.0.rem_euclid(86_400);
        let mut text = *b"0000-00-00T00:00:00Z";
        let fields = [(0, year / 100), (2, year % 100), (5, month), (8, day)];
        let clock = [(11, time / 3_600), (14, time / 60 % 60), (17, time % 60)];
        for (place, number) in fields.into_iter().chain(clock) {
            if let Some([tens, ones]) = text.get_mut(place..place + 2) {
                *tens += (number / 10).rem_euclid(10) as u8;
                *ones += number.rem_euclid(10) as u8;
            }
        }
        f.write_str(str::from_utf8(&text).unwrap_or_default())
    }
}

/// Prints as `20261123.4`.
pub(super) struct RunName(Moment);

impl fmt::Display for RunName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.0.civil();
        write!(f, "{year}{month:02}{day:02}.{}", self.0.0.rem_euclid(86_400) / 360 + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_as_everybody_does() {
        for second in (0..4_000_000_000_i64).step_by(1_234_567).chain([951_782_399, 951_782_400, 1_709_164_800]) {
            assert_eq!(Moment(second).to_string(), Timestamp::from_millis(second * 1000).to_rfc3339());
        }
    }

    #[test]
    fn run_names() {
        let noon = Timestamp::parse("2026-01-05T12:00:00Z").unwrap();
        assert_eq!(Clock::new(noon, noon).at(0).run_name().to_string(), "20260105.121");
    }

    #[test]
    fn the_story_starts_on_a_whole_second_and_never_runs_backwards() {
        let start = Timestamp::from_millis(5_999);
        assert_eq!(Clock::new(start, start).second, 0);
        assert_eq!(Clock::new(start, Timestamp::from_millis(6_000)).second, 1);
        assert_eq!(Clock::new(start, Timestamp::from_millis(0)).second, 0);
        let (first, last) = (Timestamp::from_millis(i64::MIN), Timestamp::from_millis(i64::MAX));
        assert_eq!(Clock::new(first, last).at(i64::MAX).to_string().len(), 20);
        assert_eq!(Clock::new(last, first).at(i64::MAX).to_string().len(), 20);
        assert_eq!(Clock::new(start, start).timestamp(-2), Timestamp::from_millis(3_000));
    }
}
