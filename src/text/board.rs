//! Words of the board of services and rings.

use super::plural;

/// What the board is called.
pub const BOARD: &str = "Services by ring";
/// Shows a few feature rings again.
pub const LATEST_FEATURES: &str = "Latest feature rings only";
/// An empty cell, for screen readers.
pub const NOT_HERE: &str = "not in this ring";
/// The ring runs nothing of a service.
pub const NOTHING: &str = "nothing deployed";
/// Something was published, and no cluster has it.
pub const ON_NO_CLUSTER: &str = "not on any cluster yet";
/// Before a version that a ring runs.
pub const RUNS: &str = "Runs ";
/// Before a version that was deployed and may not run.
pub const DEPLOYED: &str = "Deployed: ";
/// It is not known which of two versions is newer.
pub const ORDER_UNKNOWN: &str = "Neither has a deployment time, so which is newer is unknown.";
/// What clusters report does not show whether they run it.
pub const CLUSTERS_UNKNOWN: &str = "deployed · cluster state unknown";
/// Leads to a run that failed.
pub const OPEN_FAILED: &str = "Open the failed run";
/// Leads to a pull request that waits.
pub const OPEN_PULL_REQUEST: &str = "Open the pull request";
/// Leads to a run that waits for somebody.
pub const OPEN_HELD: &str = "Open the run that waits";
/// A cluster reports that it failed, and no more.
pub const NO_REASON: &str = "No reason reported.";
/// Behind how many clusters of how many.
pub const CLUSTERS: &str = " clusters";
/// A feature ring that seems to be left over.
pub const ABANDONED: &str = "Possibly abandoned";
/// What services are put together by.
pub const GROUP: &str = "Group services";
/// By nothing.
pub const UNGROUPED: &str = "Not grouped";
/// By where their source is.
pub const BY_REPOSITORY: &str = "By repository";
/// By who looks after them.
pub const BY_TEAM: &str = "By team";
/// Those that somebody put first.
pub const PINNED: &str = "Pinned";
/// Those of no group.
pub const OTHERS: &str = "Others";
/// Nothing ever happened in a ring.
pub const NO_ACTIVITY: &str = "no activity";

/// `6 services × 4 rings`
#[must_use]
pub fn size(services: usize, rings: usize) -> String {
    format!("{} × {}", plural(services, "service"), plural(rings, "ring"))
}

/// `Show 3 more`
#[must_use]
pub fn show_more(n: usize) -> String {
    format!("Show {n} more")
}

/// `Runs in prod-east, prod-west`
#[must_use]
pub fn runs_in(clusters: &[&str]) -> String {
    format!("Runs in {}", clusters.join(", "))
}

/// `Published 12 Oct 2026, 14:03:59.`
#[must_use]
pub fn published(at: &str) -> String {
    format!("Published {at}.")
}

/// `last activity 3 min ago`
#[must_use]
pub fn last_activity(ago: &str) -> String {
    format!("last activity {ago}")
}

/// `8 deployments today`: of these the second goes without saying where it is seen in its column.
#[must_use]
pub fn today(n: usize) -> [String; 3] {
    let count = super::count(n);
    [count, if n == 1 { " deployment" } else { " deployments" }.to_owned(), " today".to_owned()]
}

/// `Clusters of Production`
#[must_use]
pub fn clusters_of(ring: &str) -> String {
    format!("Clusters of {ring}")
}
