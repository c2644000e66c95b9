//! Words of what narrows down what is shown: sums, menus, chips.

use super::{count, plural};

/// The menus, for screen readers.
pub const FILTERS: &str = "Filters";
/// Names of the menus.
pub const PROJECT: &str = "Project";
/// Services.
pub const SERVICE: &str = "Service";
/// Rings.
pub const RING: &str = "Ring";
/// Authors.
pub const AUTHOR: &str = "Author";
/// Who merged.
pub const MERGED_BY: &str = "Merged by";
/// What became of it.
pub const STATUS: &str = "Status";
/// Kinds of changes.
pub const TYPE: &str = "Type";
/// The columns of the table.
pub const COLUMNS: &str = "Columns";
/// After a count, while more are being read.
pub const SO_FAR: &str = " so far";
/// Takes the other density.
pub const COMPACT: &str = "Compact rows";
/// Takes the other density.
pub const COMFORTABLE: &str = "Comfortable rows";
/// What the sums count.
pub const RUNNING: &str = "running";
/// Of the last day.
pub const FAILED_LATELY: &str = "failed in 24 h";
/// Whose result is not known.
pub const UNKNOWN: &str = "unknown";
/// The sums, for screen readers.
pub const NOW: &str = "Now";
/// The box in a menu.
pub const FIND: &str = "Find";
/// A menu without values.
pub const NO_VALUES: &str = "No values";
/// From when on.
pub const LAST_UPDATED: &str = "Last updated";
/// Spans of time.
pub const ANY_TIME: &str = "Any time";
/// A day.
pub const DAY: &str = "Last 24 hours";
/// A week.
pub const WEEK: &str = "Last 7 days";
/// A month.
pub const MONTH: &str = "Last 30 days";
/// The order of the rows.
pub const SORT_BY: &str = "Sort by";
/// By time.
pub const NEWEST_FIRST: &str = "Newest first";
/// By time, the other way round.
pub const OLDEST_FIRST: &str = "Oldest first";
/// What becomes of columns with nothing in them.
pub const EMPTY_COLUMNS: &str = "Empty columns are hidden.";
/// Goes back to the site's columns.
pub const RESET_COLUMNS: &str = "Reset to site default";
/// Takes every filter off.
pub const CLEAR_ALL: &str = "Clear all";
/// The filters that are on, for screen readers.
pub const ACTIVE: &str = "Active filters";
/// What waits for a person, in short and at length.
pub const WAITING: (&str, &str) = ("waiting", "Waiting for approval for a long time");
/// Cells behind.
pub const BEHIND: (&str, &str) = ("behind", "Behind the previous ring");
/// Clusters that failed.
pub const CLUSTERS_FAILED: &str = "Clusters that failed to apply something";
/// Clusters that are behind.
pub const CLUSTERS_BEHIND: &str = "Clusters that do not have the newest yet";
/// Rings left over.
pub const LEFT_OVER: (&str, &str) = ("left over", "Feature rings that are possibly abandoned");

/// `Showing 7 of 4,312`
#[must_use]
pub fn showing(shown: usize, total: usize) -> String {
    format!("Showing {} of {}", count(shown), count(total))
}

/// `waiting > 4 h`
#[must_use]
pub fn waiting_over(waiting_limit: &str) -> String {
    format!("waiting > {waiting_limit}")
}

/// `2 clusters failed`, without the number, which stands before it.
#[must_use]
pub fn clusters(n: usize, word: &str) -> String {
    format!("{} {word}", if n == 1 { "cluster" } else { "clusters" })
}

/// `Find a value of service`
#[must_use]
pub fn find_value(facet: &str) -> String {
    format!("Find a value of {facet}")
}

/// `1,200 more: type to find them`
#[must_use]
pub fn more_values(n: usize) -> String {
    format!("{} more: type to find them", count(n))
}

/// `Since 2026-11-01`
#[must_use]
pub fn since(day: &str) -> String {
    format!("Since {day}")
}

/// `Move Author up`
#[must_use]
pub fn move_column(title: &str, is_later: bool) -> String {
    format!("Move {title} {}", if is_later { "down" } else { "up" })
}

/// `2 columns hidden by choice.`
#[must_use]
pub fn hidden_columns(n: usize) -> String {
    format!("{} hidden by choice.", plural(n, "column"))
}

/// `Remove filter service: api`
#[must_use]
pub fn remove(label: &str) -> String {
    format!("Remove filter {label}")
}
