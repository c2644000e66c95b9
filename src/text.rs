//! Everything people read that has rules: times, counts, states, shortened names.
//!
//! Pure: `now` is an argument, and dates are in UTC, because no time zone is known here. Where the day in the
//! viewer's own zone matters (a tooltip), the browser writes it.

pub mod badge;
pub mod board;
pub mod changes;
pub mod config;
pub mod connections;
pub mod details;
pub mod empty;
pub mod export;
pub mod filters;
pub mod guide;
pub mod header;
pub mod modules;
pub mod parts;
pub mod problems;
pub mod saved;
pub mod sources;
#[cfg(test)]
mod tests;
pub mod visible;

use std::{borrow::Cow, time::Duration};

use chrono::{DateTime, Datelike, Timelike, Utc};

use crate::domain::{
    deployment::{Kind, Status},
    time::Timestamp,
};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Seconds for which something is just happening; also hides that two clocks differ a little.
const JUST_NOW: u64 = 45;
/// Days after which a date is clearer than a number of days.
const LONG_AGO: u64 = 30;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// In place of an age where no time is known.
pub const NO_TIME: &str = "time unknown";

/// `just now`, `4 min ago`, `3 h ago`, `2 d ago`, and the date after a month. A moment ahead of `now` is just now:
/// clocks differ.
#[must_use]
pub fn ago(then: Timestamp, now: Timestamp) -> String {
    match short_age(then, now) {
        Age::Now => "just now".to_owned(),
        Age::Units(n, unit) => format!("{n} {unit} ago"),
        Age::Date => date(then, now),
    }
}

/// [`ago`] where it is clear that it is an age: `now`, `4 min`, `3 h`, `2 d`, and the date after a month.
#[must_use]
pub fn age(then: Timestamp, now: Timestamp) -> String {
    match short_age(then, now) {
        Age::Now => "now".to_owned(),
        Age::Units(n, unit) => format!("{n} {unit}"),
        Age::Date => date(then, now),
    }
}

/// How long something has been so: `just now`, `for 4 min`, `for 3 h`, `for 2 d`, and since which date after a month.
#[must_use]
pub fn lasting(then: Timestamp, now: Timestamp) -> String {
    match short_age(then, now) {
        Age::Now => "just now".to_owned(),
        Age::Units(n, unit) => format!("for {n} {unit}"),
        Age::Date => format!("since {}", date(then, now)),
    }
}

enum Age {
    Now,
    Units(u64, &'static str),
    Date,
}

/// Whole units that have passed, at least one: 59 minutes are not yet an hour.
fn short_age(then: Timestamp, now: Timestamp) -> Age {
    match now.since(then).as_secs() {
        s if s < JUST_NOW => Age::Now,
        s if s < HOUR => Age::Units((s / MINUTE).max(1), "min"),
        s if s < DAY => Age::Units(s / HOUR, "h"),
        s if s <= LONG_AGO * DAY => Age::Units(s / DAY, "d"),
        _ => Age::Date,
    }
}

/// `12 Oct`, or `12 Oct 2024` when that is not the year of `now`. Empty for a moment no calendar knows.
#[must_use]
pub fn date(then: Timestamp, now: Timestamp) -> String {
    let Some(day) = calendar(then) else { return String::new() };
    let month = MONTHS.get(day.month0() as usize).copied().unwrap_or_default();
    if calendar(now).is_some_and(|today| today.year() == day.year()) {
        format!("{} {month}", day.day())
    } else {
        format!("{} {month} {}", day.day(), day.year())
    }
}

/// `12 Oct 2026, 14:03:59`: a moment in a zone that is `behind` UTC by so many minutes, as browsers count them.
#[must_use]
pub fn exact(moment: Timestamp, behind: i32) -> String {
    let local = Timestamp::from_millis(moment.millis().saturating_sub(i64::from(behind) * 60_000));
    let Some(at) = calendar(local) else { return String::new() };
    let month = MONTHS.get(at.month0() as usize).copied().unwrap_or_default();
    format!("{} {month} {}, {:02}:{:02}:{:02}", at.day(), at.year(), at.hour(), at.minute(), at.second())
}

/// `14:03`, in a zone that is `behind` UTC by so many minutes, as browsers count them.
#[must_use]
pub fn time_of_day(moment: Timestamp, behind: i32) -> String {
    let local = Timestamp::from_millis(moment.millis().saturating_sub(i64::from(behind) * 60_000));
    calendar(local).map_or_else(String::new, |at| format!("{:02}:{:02}", at.hour(), at.minute()))
}

/// `14:03` of today, `22 Nov 23:50` of another day; `behind` shows how far the zone is behind UTC at a moment.
#[must_use]
pub fn moment(moment: Timestamp, now: Timestamp, behind: fn(Timestamp) -> i32) -> String {
    let local = |at: Timestamp| Timestamp::from_millis(at.millis().saturating_sub(i64::from(behind(at)) * 60_000));
    let (clock, day) = (time_of_day(moment, behind(moment)), date(local(moment), local(now)));
    if day == date(local(now), local(now)) { clock } else { format!("{day} {clock}") }
}

/// `usually 5 min`
#[must_use]
pub fn usually(length: Duration) -> String {
    format!("usually {}", duration(length))
}

/// The end of a repository's address, which is what people call it.
#[must_use]
pub fn short_repository(address: &str) -> &str {
    let address = address.trim_end_matches('/').trim_end_matches(".git");
    let Some((owner_at, _)) = address.rmatch_indices('/').nth(1) else { return address };
    address.get(owner_at + 1..).unwrap_or(address)
}

fn calendar(moment: Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(moment.millis())
}

/// `40 s`, `5 min 12 s`, `2 h 3 min`, `3 d 4 h`: two units at most, which is as exact as anybody needs.
#[must_use]
pub fn duration(length: Duration) -> String {
    let s = length.as_secs();
    let (first, unit, second, smaller) = match s {
        0 => return "< 1 s".to_owned(),
        s if s < MINUTE => (s, "s", 0, ""),
        s if s < HOUR => (s / MINUTE, "min", s % MINUTE, "s"),
        s if s < DAY => (s / HOUR, "h", s % HOUR / MINUTE, "min"),
        s => (s / DAY, "d", s % DAY / HOUR, "h"),
    };
    if second == 0 { format!("{first} {unit}") } else { format!("{first} {unit} {second} {smaller}") }
}

/// `3 d`: the largest unit alone.
#[must_use]
pub fn roughly(length: Duration) -> String {
    let all = duration(length);
    let end = all.match_indices(' ').nth(1).map_or(all.len(), |(at, _)| at);
    // `< 1 s` is one.
    if all.starts_with('<') { all } else { all.get(..end).unwrap_or(&all).to_owned() }
}

/// `3:12:05`: hours, minutes and seconds that are left.
#[must_use]
pub fn countdown(left: Duration) -> String {
    let s = left.as_secs();
    format!("{}:{:02}:{:02}", s / HOUR, s % HOUR / MINUTE, s % MINUTE)
}

/// `4,312`
#[must_use]
pub fn count(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 deployment`, `3 deployments`, `2 repositories`, `4 branches`: regular English nouns.
#[must_use]
pub fn plural(n: usize, noun: &str) -> String {
    let number = count(n);
    if n == 1 {
        return format!("{number} {noun}");
    }
    let hisses = ["s", "x", "z", "ch", "sh"].iter().any(|end| noun.ends_with(end));
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{number} {stem}ies"),
        _ if hisses => format!("{number} {noun}es"),
        _ => format!("{number} {noun}s"),
    }
}

/// An image's tag as people distinguish it from others of the same service: without registry and repository, and
/// without the service's name before it. What would leave nothing stays.
#[must_use]
pub fn shorten_tag<'a>(tag: &'a str, service: Option<&str>) -> &'a str {
    let after = |text: &'a str, separator: char| match text.rsplit_once(separator) {
        Some((_, rest)) if !rest.is_empty() => rest,
        _ => text,
    };
    let tag = after(after(tag.trim(), '/'), ':');
    service
        .filter(|service| !service.is_empty())
        .and_then(|service| {
            let start = tag.get(..service.len())?;
            let rest = tag.get(service.len()..)?.strip_prefix('-')?;
            (start.eq_ignore_ascii_case(service) && !rest.is_empty()).then_some(rest)
        })
        .unwrap_or(tag)
}

/// `A`, `A and B`, `A, B and C`, `A, B and 3 more`. Never "and 1 more": the name is as short.
#[must_use]
pub fn list(items: &[&str]) -> String {
    match items {
        [] => String::new(),
        [a] => (*a).to_owned(),
        [a, b] => format!("{a} and {b}"),
        [a, b, c] => format!("{a}, {b} and {c}"),
        [a, b, rest @ ..] => format!("{a}, {b} and {} more", count(rest.len())),
    }
}

/// The state in people's words.
#[must_use]
pub const fn status(status: Status) -> &'static str {
    match status {
        Status::Queued => "Queued",
        Status::Running => "Running",
        Status::Waiting => "Waiting",
        Status::Succeeded => "Succeeded",
        Status::Failed => "Failed",
        Status::Canceled => "Canceled",
        Status::Incomplete => "Incomplete",
        Status::Skipped => "Skipped",
        Status::Unknown => "Unknown",
    }
}

/// The sentence for deployments that name no ring: that, and what to do about it.
#[must_use]
pub fn without_ring(n: usize) -> (String, &'static str) {
    let hint = "In config.json, list the branches of each ring (rings[].branches), or let the pipelines write the ring into \
                the column env.";
    (format!("{} without a ring", plural(n, "deployment")), hint)
}

/// The first line that is not empty, of a commit's message for example.
#[must_use]
pub fn first_line(text: &str) -> &str {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
}

/// At most `max` characters, with `…` for what is left out of the middle: in ids and paths both ends matter.
#[must_use]
pub fn shorten_middle(text: &str, max: usize) -> Cow<'_, str> {
    let length = text.chars().count();
    if length <= max {
        return Cow::Borrowed(text);
    }
    let kept = max.saturating_sub(1);
    let tail = kept / 2;
    let start = text.chars().take(kept - tail);
    Cow::Owned(start.chain(['…']).chain(text.chars().skip(length - tail)).take(max).collect())
}

/// Whether a text holds what looks like a signature or an account's key, so that it must not be shown or copied
/// onward, wherever somebody put it by mistake.
#[must_use]
pub fn holds_secret(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["sig=", "sig%3d", "accountkey=", "accountkey%3d"].iter().any(|mark| text.contains(mark))
}

/// People's word for a kind of change.
#[must_use]
pub const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Deployment => "Deployment",
        Kind::HldEdit => "HLD edit",
    }
}
