//! Moments. The heart never asks for the time: it is told `now`.

use std::{
    ops::{Add, Sub},
    time::Duration,
};

use chrono::{DateTime, Datelike, NaiveDateTime, SecondsFormat, Utc};

/// A moment in UTC, to the millisecond.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Milliseconds since 1970.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339, and the forms services write instead: no zone (taken as UTC) and any number of
    /// fraction digits. Azure DevOps writes year 1 for "never", so years before 1971 are no moment.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let moment = match DateTime::parse_from_rfc3339(text) {
            Ok(moment) => moment.with_timezone(&Utc),
            Err(_) => NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok()?.and_utc(),
        };
        (moment.year() > 1970).then(|| Self(moment.timestamp_millis()))
    }

    /// `2026-11-23T03:40:23.120Z`
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        DateTime::<Utc>::from_timestamp_millis(self.0)
            .map_or_else(String::new, |t| t.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }

    /// How long ago `earlier` was; nothing when it is not earlier.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;
    fn add(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;
    fn sub(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// `n` minutes.
#[must_use]
pub const fn minutes(n: u64) -> Duration {
    Duration::from_secs(n * 60)
}

/// `n` days.
#[must_use]
pub const fn days(n: u64) -> Duration {
    Duration::from_secs(n * 24 * 60 * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_services_write() {
        #[track_caller]
        fn check(text: &str, expect: Option<&str>) {
            assert_eq!(Timestamp::parse(text).map(Timestamp::to_rfc3339).as_deref(), expect, "{text}");
        }
        check("2026-11-23T03:40:23Z", Some("2026-11-23T03:40:23Z"));
        check("2026-11-23T03:40:23.1204567Z", Some("2026-11-23T03:40:23.120Z")); // Azure Table: 7 digits
        check("2026-11-23T03:40:23-07:00", Some("2026-11-23T10:40:23Z"));
        check("2017-06-22T04:28:23", Some("2017-06-22T04:28:23Z")); // Azure DevOps tags: no zone
        check("0001-01-01T00:00:00", None); // Azure DevOps: never
        check("yesterday", None);
        check("", None);
    }

    #[test]
    fn arithmetic_saturates() {
        let t = Timestamp::from_millis(1_000);
        assert_eq!(t.since(Timestamp::from_millis(400)), Duration::from_millis(600));
        assert_eq!(t.since(Timestamp::from_millis(4_000)), Duration::ZERO);
        assert!(t - Duration::MAX < t && t + Duration::MAX > t);
    }
}
