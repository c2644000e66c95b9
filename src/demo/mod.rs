//! The sample data: a small trivia shop, told by the requests and answers of a real Azure table.
//!
//! ```text
//!   Request ─► table (pages, refusals) ─► odata ($filter)          the service; knows no deployments
//!                 │ Rows                                            list: another kind of Rows, for tests
//!                 ▼
//!               world ─► script   the hand-tuned sample             both yield
//!                 │      crowd    any number, made up by index      row::Plan
//!                 │                        │
//!                 ├─► clusters             └─► course: what happens when      cast: who and what there is
//!                 └─► manifests: the branch that clusters apply, as GitHub tells of it
//! ```
//!
//! The page cannot tell it from a storage account, so there is one way through the program and not two. It is a
//! function of what it was started with and `now`: no clock, no chance, no network. What was under way at the start
//! goes on as `now` moves, and whenever a row changes, so does its `Timestamp`.
//!
//! It is deliberately not a second storage adapter. Of forges it plays one repository, that of the manifests: its
//! `config.json` names no pipelines, since the rows tell all there is of those.

mod cast;
mod clock;
mod clusters;
mod course;
mod crowd;
pub mod list;
mod manifests;
mod mix;
pub mod odata;
mod row;
mod script;
pub mod table;
mod tag;
#[cfg(test)]
mod tests;
mod world;

use self::{table::Service, world::World};
use crate::{
    domain::time::Timestamp,
    http::{Request, Response},
};

/// The sample data, started at some moment.
#[derive(Clone)]
pub struct Demo {
    world: World,
}

impl Demo {
    /// The storage account it answers for.
    pub const ENDPOINT: &str = "https://ringside-sample.table.core.windows.net";
    /// Its table.
    pub const TABLE: &str = "deployments";
    /// The table's only partition.
    pub const PARTITION: &str = "trivia";
    /// The most deployments there can be.
    pub const MOST: u32 = world::MOST;

    /// The hand-tuned sample as of `now`, or exactly `count` deployments, [`Self::MOST`] at most. With any
    /// deployments come the clusters' rows.
    #[must_use]
    pub fn new(count: Option<u32>, now: Timestamp) -> Self {
        Self { world: World::new(count, now) }
    }

    /// What the table would answer, or the repository of manifests.
    #[must_use]
    pub fn answer(&self, request: &Request, now: Timestamp) -> Response {
        if request.address().starts_with(manifests::REPOSITORY) {
            return self.world.answer_for_manifests(request, now);
        }
        Service { endpoint: Self::ENDPOINT, table: Self::TABLE }.answer(&self.world, request, now)
    }

    /// A `config.json` for it.
    #[must_use]
    pub const fn config_json() -> &'static str {
        include_str!("config.json")
    }
}
