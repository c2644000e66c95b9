//! Moments. Nothing here reads a clock: `now` is an argument.

use std::{
    fmt,
    num::NonZeroI64,
    ops::{Add, Sub},
    time::Duration,
};

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

/// The begin of 1971, in milliseconds since 1970.
const FIRST: i64 = 365 * 24 * 60 * 60 * 1000;

/// A moment in UTC, to the millisecond.
///
/// From 1970 on it is kept as one more than its milliseconds: none is 0, so that where there may be no moment it takes
/// no more memory.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(NonZeroI64);

impl Timestamp {
    /// Milliseconds since 1970.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        match NonZeroI64::new(if millis < 0 { millis } else { millis.saturating_add(1) }) {
            Some(kept) => Self(kept),
            None => Self(NonZeroI64::MIN),
        }
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn millis(self) -> i64 {
        let kept = self.0.get();
        if kept < 0 { kept } else { kept - 1 }
    }

    /// Reads RFC 3339, and the forms services write instead: no zone (taken as UTC) and any number of
    /// fraction digits. Azure DevOps writes year 1 for "never", so years before 1971 are no moment.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        // By hand: chrono's reader of formats costs the page 10 kB.
        let (date, time) = text.split_once(['T', 't', ' '])?;
        let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
        let zone_at = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
        let (time, zone) = time.split_at_checked(zone_at)?;
        let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
        let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
        // A leap second is the last one of its minute.
        let second = if second == 60 { 59 } else { second };
        let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
        let time = date.and_hms_milli_opt(hour, minute, second, milliseconds(fraction)?)?;
        let moment = time.and_utc().timestamp_millis() - zone_offset(zone)?;
        (moment >= FIRST).then_some(Self::from_millis(moment))
    }

    /// `2026-11-23T03:40:23.120Z`
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        DateTime::<Utc>::from_timestamp_millis(self.millis())
            .map_or_else(String::new, |t| t.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }

    /// How long ago `earlier` was; nothing when it is not earlier.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.millis().saturating_sub(earlier.millis())).unwrap_or(0))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Timestamp").field(&self.millis()).finish()
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;
    fn add(self, by: Duration) -> Self {
        Self::from_millis(self.millis().saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;
    fn sub(self, by: Duration) -> Self {
        Self::from_millis(self.millis().saturating_sub(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// Three numbers of so many digits each.
fn numbers(text: &str, between: char, digits: [usize; 3]) -> Option<[u32; 3]> {
    let mut parts = text.split(between);
    let mut number = |digits: usize| {
        let part = parts.next().filter(|part| part.len() == digits)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let [first, second, third] = digits;
    let numbers = [number(first)?, number(second)?, number(third)?];
    parts.next().is_none().then_some(numbers)
}

/// The first three digits of a fraction of a second.
fn milliseconds(fraction: &str) -> Option<u32> {
    if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(fraction.bytes().chain([b'0'; 3]).take(3).fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')))
}

/// How far a zone is ahead of UTC, in milliseconds. None means UTC.
fn zone_offset(zone: &str) -> Option<i64> {
    let (sign, zone) = match (zone, zone.strip_prefix('+'), zone.strip_prefix('-')) {
        ("" | "Z" | "z", ..) => return Some(0),
        (_, Some(zone), _) => (1, zone),
        (_, _, Some(zone)) => (-1, zone),
        _ => return None,
    };
    let (hours, minutes) = zone.split_once(':')?;
    let [hours, minutes, _] = numbers(&[hours, ":", minutes, ":00"].concat(), ':', [2, 2, 2])?;
    (hours < 24 && minutes < 60).then(|| sign * i64::from(hours * 60 + minutes) * 60_000)
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
    fn every_moment_is_itself_and_in_order_and_none_takes_no_room() {
        let millis = [i64::MIN, -2, -1, 0, 1, 2, 1_800_000_000_000, i64::MAX - 1];
        let moments = millis.map(Timestamp::from_millis);
        assert_eq!(moments.map(Timestamp::millis), millis);
        assert!(moments.is_sorted_by(|a, b| a < b) && None < moments.first().copied());
        assert_eq!(size_of::<Option<Timestamp>>(), 8);
    }

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
        check("2026-11-23t03:40:23.5+01:30", Some("2026-11-23T02:10:23.500Z"));
        check("2016-12-31T23:59:60Z", Some("2016-12-31T23:59:59Z"));
        check("1970-12-31T23:59:59Z", None);
        check("1971-01-01T00:00:00Z", Some("1971-01-01T00:00:00Z"));
        check("2026-02-30T00:00:00Z", None);
        check("2026-11-23T24:00:00Z", None);
        check("2026-11-23T03:40Z", None);
        check("2026-11-23T03:40:23.Z", None);
        check("2026-11-23T03:40:23+0100", None);
        check("2026-11-23T03:40:23+25:00", None);
        check("+026-11-23T03:40:23Z", None);
        check("2026-11-23", None);
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
