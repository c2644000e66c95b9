//! Words of the views of changes: "where is it?", a service's history, two rings side by side.

use super::{list, plural};

/// Labels of the two rings to compare.
pub const RINGS_TO_COMPARE: &str = "Rings to compare";
/// Before the ring that is ahead.
pub const IN: &str = "In";
/// Before the ring that is to follow.
pub const NOT_IN: &str = "but not in";
/// Swaps the two.
pub const SWAP: &str = "Swap the rings";
/// Copies the comparison.
pub const COPY_MARKDOWN: &str = "Copy as Markdown";
/// What that button copies.
pub const MARKDOWN: &str = "as Markdown";
/// Leads to the board.
pub const OPEN_RINGS: &str = "Open Rings";
/// A ring runs no version of a service.
pub const NOT_DEPLOYED: &str = "not deployed";
/// Whether a ring's clusters run what was deployed is not known.
pub const CLUSTERS_UNKNOWN: &str = "cluster state unknown";
/// The same at length.
pub const CLUSTERS_UNKNOWN_HINT: &str = "Deployed. No cluster of this ring has confirmed it.";
/// A forge's page of what lies between two versions.
pub const ALL_COMMITS: &str = "All commits between";
/// Shows a few versions again.
pub const NEWEST_ONLY: &str = "Show the newest only";
/// The first column of a history.
pub const CHANGE: &str = "Change";

/// There is nothing to compare: the heading, and why.
pub const TOO_FEW: (&str, &str) = ("Nothing to compare", "A comparison takes two rings, and there are fewer.");
/// Both rings are the same one.
pub const ONE_RING: (&str, &str) = ("Pick two different rings", "Both sides show the same ring.");
/// Nothing is deployed to either.
pub const NOTHING_RUNS: (&str, &str) = ("Nothing deployed", "No service is deployed to either ring.");
/// The heading where no service differs.
pub const NO_DIFFERENCES: &str = "No differences";
/// No service was asked for.
pub const NO_SERVICE: (&str, &str) = ("No service selected", "Select a service in Rings to see its history.");

/// `Both services run the same version in dev and prod.`
#[must_use]
pub fn all_same(n: usize, first: &str, second: &str) -> String {
    match n {
        1 => format!("The only service runs the same version in {first} and {second}."),
        n => format!("All {} run the same version in {first} and {second}.", plural(n, "service")),
    }
}

/// `Unknown ring "nowhere"; comparing dev and prod`
#[must_use]
pub fn unknown_rings(names: &[String], first: &str, second: &str) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let noun = if names.len() == 1 { "ring" } else { "rings" };
    format!("Unknown {noun} {}; comparing {first} and {second}", list(&names))
}

/// `In dev since 1.42.3 was built; may be incomplete`
#[must_use]
pub fn may_be_incomplete(ring: &str, version: &str) -> String {
    format!("In {ring} since {version} was built; may be incomplete")
}

/// What a list of versions holds, for screen readers.
#[must_use]
pub fn versions_since(service: &str, ring: &str) -> String {
    format!("Versions of {service} deployed to {ring} since")
}

/// `Show 3 older versions`
#[must_use]
pub fn show_older(n: usize, noun: &str) -> String {
    format!("Show {}", plural(n, &format!("older {noun}")))
}

/// `Show 50 more of 112 older changes`
#[must_use]
pub fn show_more(step: usize, left: usize) -> String {
    if left > step {
        format!("Show {step} more of {}", plural(left, "older change"))
    } else {
        show_older(left, "change")
    }
}

/// `112 changes in 3 rings`
#[must_use]
pub fn changes_in_rings(changes: usize, rings: usize) -> String {
    format!("{} in {}", plural(changes, "change"), plural(rings, "ring"))
}

/// What a table of changes holds, for screen readers.
#[must_use]
pub fn changes_by_ring(service: &str) -> String {
    format!("Changes of {service} by ring")
}

/// Which of several projects' services of one name is shown.
#[must_use]
pub fn one_of_projects(project: &str, others: usize) -> String {
    let verb = if others == 1 { "has" } else { "have" };
    let others = plural(others, "other project");
    format!("Shows project {project}. {others} also {verb} a service of this name: select a project above.")
}

/// There is no such service: the heading, and what that means.
#[must_use]
pub fn no_such_service(name: &str) -> (String, &'static str) {
    (format!("No service called {name}"), "None of the deployments loaded so far belongs to it.")
}

/// `12 services are the same`
#[must_use]
pub fn same(n: usize) -> String {
    format!("{} {} the same", plural(n, "service"), if n == 1 { "is" } else { "are" })
}
