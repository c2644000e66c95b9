//! Words of the details of a deployment.

use super::{count, plural};

/// The heading while the deployment is not known.
pub const DEPLOYMENT: &str = "Deployment";
/// Closes the details.
pub const CLOSE: &str = "Close details";
/// The same with its key.
pub const CLOSE_HINT: &str = "Close (Esc)";
/// Leads to the deployment before.
pub const PREVIOUS: &str = "Previous deployment of this service and ring (j)";
/// Leads to the deployment after.
pub const NEXT: &str = "Next deployment of this service and ring (k)";
/// The width can be changed here.
pub const RESIZE: &str = "Width of the details";
/// It is not among what has been read.
pub const NOT_YET: &str = "Not among the rows loaded so far.";
/// No row is of it.
pub const MISSING: &str = "No deployment has this id. It may have been deleted, or belong to another project.";
/// The way from commit to cluster.
pub const JOURNEY: &str = "Commit to cluster";
/// Where a fact comes from.
pub const SOURCE: &str = "Where this comes from";
/// The links of the configuration.
pub const LINKS: &str = "Links";
/// Every id.
pub const IDS: &str = "IDs";
/// It went through, and not every cluster is known to have it.
pub const PUBLISHED: &str = "Published";
/// What this deployment changes.
pub const SHIPS: &str = "What ships";
/// The same version in other rings.
pub const ELSEWHERE: &str = "Same version in other rings";
/// Copies the address.
pub const COPY_LINK: &str = "Copy link";
/// What that button copies.
pub const LINK: &str = "a link to these details";
/// The clusters of a ring.
pub const CLUSTERS: &str = "Clusters";
/// Of an image that was built before.
pub const REUSED: &str = "built for an earlier deployment";
/// A pull request that is not meant to be merged yet.
pub const DRAFT: &str = "draft";
/// A forge's page of what lies between two versions.
pub const COMPARE: &str = "Compare commits";

/// `from 1.42.0 to 1.43.0: 12 commits`
#[must_use]
pub fn ships(from: &str, to: &str, commits: Option<u32>, is_back: bool) -> String {
    let commits = commits.map_or_else(String::new, |n| format!(": {}", plural(n as usize, "commit")));
    if is_back { format!("Rollback from {from} to {to}{commits}") } else { format!("From {from} to {to}{commits}") }
}

/// `3 more versions`
#[must_use]
pub fn more_versions(n: usize) -> String {
    format!("{} more", plural(n, "version"))
}

/// `History of api`
#[must_use]
pub fn history_of(service: &str) -> String {
    format!("History of {service}")
}

/// `3 of 40`
#[must_use]
pub fn position(place: usize, all: usize) -> String {
    format!("{} of {}", count(place), count(all))
}

/// Before the id of a commit to the high-level definition.
pub const HLD_COMMIT: &str = "HLD commit";
/// Before a manifest commit's id.
pub const MANIFEST_COMMIT: &str = "Manifest commit";
/// Before a person's name.
pub const WAITING_FOR: &str = "Waiting for";
/// Before a person's name.
pub const MERGED_BY: &str = "Merged by";
/// Before a commit that a cluster is at.
pub const AT: &str = "at";

/// Names of ids, and how a button that copies one names it.
pub const ID_NAMES: [(&str, &str); 9] = [
    ("Deployment", "the deployment"),
    ("Commit", "the commit"),
    ("Image tag", "the image tag"),
    ("Build", "the build"),
    ("Release", "the release"),
    ("HLD commit", "the HLD commit"),
    ("Pull request", "the pull request"),
    ("Manifest build", "the manifest build"),
    ("Manifest commit", "the manifest commit"),
];
