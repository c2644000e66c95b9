//! Words of a badge: one service in one ring, in one line.

use super::plural;

/// The address names not exactly one service and one ring.
pub const INCOMPLETE: &str = "A badge needs one service and one ring: ?view=badge&service=api&ring=prod";
/// Nothing is known.
pub const UNKNOWN: &str = "unknown";
/// Rows cannot be read now.
pub const NOT_FRESH: &str = "unknown: rows cannot be read now";
/// The ring has nothing of the service.
pub const NOT_HERE: &str = "not in this ring";
/// What the ring runs is not known.
pub const NO_VERSION: &str = "version unknown";

/// `api in prod`
#[must_use]
pub fn label(service: &str, ring: &str) -> String {
    format!("{service} in {ring}")
}

/// `1.43.0 failed`
#[must_use]
pub fn failed(version: &str) -> String {
    format!("{version} failed")
}

/// `1.43.0 not yet applied`
#[must_use]
pub fn not_applied(version: &str) -> String {
    format!("{version} not yet applied")
}

/// `1.43.0 deployed, cluster state unknown`
#[must_use]
pub fn clusters_unknown(version: &str) -> String {
    format!("{version} deployed, cluster state unknown")
}

/// `1.43.0 on 1 of 2 clusters`
#[must_use]
pub fn on_some(version: &str, runs: usize, all: usize) -> String {
    format!("{version} on {runs} of {}", plural(all, "cluster"))
}
