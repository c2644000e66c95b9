//! The simulated forges, checked against themselves: what they answer is what the world holds, nothing is
//! forgotten before its time, and a call that no real service would understand is noted.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    dead_code,
    unused_imports,
    reason = "a test fails by a panic; clippy knows tests by their attribute, and not all that is shared is used here"
)]

#[path = "mod.rs"]
mod forges;

mod again;
mod answers;
mod answers_clusters;
mod answers_history;
mod answers_shapes;
mod approvals;
mod checks;
mod counts;
mod endurance;
mod newest;
mod paging;
mod simulation;
#[path = "../support"]
mod support {
    pub(crate) mod allocations;
    pub(crate) mod page;
    pub(crate) mod rng;
    pub(crate) mod rows;
    pub(crate) mod simulation;
}
