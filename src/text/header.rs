//! Words above every view: its tabs, the search box, how old the data is, the list of keys.

use std::time::Duration;

use super::{ago, count, duration};
use crate::domain::{deployment::Status, time::Timestamp};

/// What views are called.
pub const RINGS: &str = "Rings";
/// The table.
pub const DEPLOYMENTS: &str = "Deployments";
/// Two rings side by side.
pub const COMPARE: &str = "Compare";
/// One service.
pub const HISTORY: &str = "History";
/// What is read, and with what.
pub const CONNECTIONS: &str = "Connections";
/// One service in one ring.
pub const BADGE: &str = "Badge";
/// The tabs, for screen readers.
pub const VIEWS: &str = "Views";
/// Something is wrong of which the connections show more.
pub const PROBLEMS: &str = "There are problems";
/// The same, after a tab's name.
pub const HAS_PROBLEMS: &str = " (problems)";
/// Reads everything anew.
pub const REFRESH: &str = "Refresh now";
/// The list of keys.
pub const SHORTCUTS: &str = "Keyboard shortcuts";
/// Closes it.
pub const CLOSE: &str = "Close";
/// What is shown is made up: in short, and where that leads.
pub const SAMPLE: (&str, &str) = ("Sample data", "Sample data. Connect your own.");
/// The search box.
pub const SEARCH: &str = "Search deployments";
/// What may be typed into it.
pub const PLACEHOLDER: &str = "Commit, tag, pull request, person, or service:api ring:prod";
/// What it offers.
pub const SUGGESTIONS: &str = "Suggestions";
/// What a table is called among what is read.
pub const TABLE: &str = "Table";
/// What is read answers.
pub const ANSWERS: &str = "Working: ";
/// It answers, and something is to be looked at.
pub const HAS_WARNINGS: &str = "With warnings: ";
/// It does not answer, or refuses.
pub const FAILS: &str = "Failed: ";
/// No answer has come yet.
pub const NO_ANSWER: &str = "No answer yet: ";
/// How far reading is.
pub const READING: &str = "Loading rows";
/// Nothing has been read so far.
pub const NOTHING_READ: &str = "Not loaded yet";
/// There are rows, and not all that are wanted.
pub const NOT_ALL_READ: &str = "Not all loaded";
/// Everything is as it was read a moment ago.
pub const UP_TO_DATE: &str = "Up to date";
/// Nothing is refreshed by itself.
pub const BY_HAND: &str = "Refreshes only by hand";

/// `History of api`
#[must_use]
pub fn history_of(service: &str) -> String {
    format!("History of {service}")
}

/// `Working: https://api.github.com, last answer 3 min ago`
#[must_use]
pub fn source(origin: &str, state: &str, age: Option<&str>) -> String {
    let age = age.map(|age| format!(", last answer {age}")).unwrap_or_default();
    format!("{state}{origin}{age}")
}

/// `2 failed · api 1.43.0 → Production · Trivia`: the title of the browser's tab.
#[must_use]
pub fn tab(worst: Status, count: usize, what: &str, title: &str) -> String {
    let state = match worst {
        Status::Failed => format!("{count} failed · "),
        Status::Waiting => format!("{count} waiting · "),
        Status::Running => format!("{count} running · "),
        Status::Unknown => "out of date · ".to_owned(),
        _ => String::new(),
    };
    format!("{state}{what} · {title}")
}

/// `Theme: dark`
#[must_use]
pub fn theme(word: &str) -> String {
    format!("Theme: {word}")
}

/// `Loading rows: 4,312 so far`
#[must_use]
pub fn rows_so_far(rows: usize) -> String {
    format!("{READING}: {} so far", count(rows))
}

/// `Updated 3 min ago`
#[must_use]
pub fn updated(at: Timestamp, now: Timestamp) -> String {
    format!("Updated {}", ago(at, now))
}

/// `Refreshes every 30 s`
#[must_use]
pub fn refreshes(every: Duration) -> String {
    format!("Refreshes every {}", duration(every))
}

/// Keys, and what each does.
pub const KEYS: [(&str, &str); 17] = [
    ("/", "Search"),
    ("g r", "Rings"),
    ("g d", "Deployments"),
    ("g c", "Compare"),
    ("g h", "History of the service"),
    ("g s", "Connections"),
    ("j k ↓ ↑", "Next and previous row"),
    ("h l ← →", "Previous and next ring, or link of a row"),
    ("Home End", "First and last"),
    ("PageUp PageDown", "A page up and down"),
    ("Enter", "Open the details"),
    ("F2", "Into a cell or row: its links and buttons"),
    ("c", "Copy the link"),
    ("t", "Theme"),
    ("Shift+R", "Refresh now"),
    ("Esc", "Close what is open"),
    ("?", "This list"),
];
