//! Words where there is nothing to show.

use super::plural;

/// Leads to the connections.
pub const OPEN_CONNECTIONS: &str = "Open Connections";
/// The first rows have not come yet.
pub const READING: &str = "Loading deployments…";
/// No rows can be had: the heading, and what to do.
pub const FAILED: (&str, &str) =
    ("No deployments could be loaded", "See the message above. This page continues by itself once it is fixed.");
/// The table is empty: the heading, and what to do.
pub const EMPTY_TABLE: (&str, &str) = (
    "No deployments yet",
    "The table is empty. Deployments appear here, without a reload, once a pipeline writes its first row.",
);
/// The filters leave nothing.
pub const NO_MATCH: &str = "No deployments match";
/// Takes all filters off.
pub const CLEAR: &str = "Clear all filters";
/// Leads to the table.
pub const SHOW_LIST: &str = "Show the list";

/// `66 deployments in total`
#[must_use]
pub fn in_total(n: usize) -> String {
    format!("{} in total.", plural(n, "deployment"))
}

/// The sample, for screen readers.
pub const SAMPLE_DATA: &str = "Sample data";
/// What is shown is made up.
pub const SAMPLE: &str = "Sample data.";
/// What to do about it.
pub const OWN_PAGE: &str = " Your own page takes about ten minutes.";
/// Leads to the guide.
pub const CONNECT_TABLE: &str = "Connect your table";
