//! The sample data: a small trivia shop, as a source of rows.
//!
//! ```text
//!   storage::sample ─► world ─► script   the hand-tuned sample             both yield
//!                        │      generator  any number, made up by index    row::Plan
//!                        │                        │
//!                        ├─► clusters             └─► timeline: what happens when    fixtures: who and what there is
//!                        ├─► manifests: the branch that clusters apply, as GitHub describes it
//!                        └─► github: jobs, commits and pull requests of the hand-tuned sample
//! ```
//!
//! It is read as any other source is, page by page and then what has changed since, so there is one way through the
//! program and not two. It is a function of what it was started with and `now`: no clock, no chance, no network. What
//! was under way at the start goes on as `now` moves, and whenever a row changes, so does its `Timestamp`.
//!
//! Of forges it plays GitHub: the repository of the manifests, and for the hand-tuned sample what a row cannot hold:
//! who is waited for, and which step failed. A generated sample has no pipelines configured, and no staging ring.

mod clock;
mod clusters;
mod fixtures;
mod generator;
mod github;
mod json;
mod manifests;
mod mix;
mod row;
mod script;
mod tag;
#[cfg(test)]
mod tests;
mod timeline;
mod world;

use self::world::World;
use crate::{
    config::{Config, Storage, parse::parse},
    domain::{problem::Problem, time::Timestamp},
    http::{Request, Response},
    storage::sample::SampleQuery,
};

/// The sample data, started at some moment.
#[derive(Clone)]
pub struct Demo {
    world: World,
}

impl Demo {
    /// The most deployments there can be.
    pub const MOST: u32 = world::MOST;

    /// The hand-tuned sample as of `now`, or exactly `count` deployments, [`Self::MOST`] at most. With any
    /// deployments come the clusters' rows.
    #[must_use]
    pub fn new(count: Option<u32>, now: Timestamp) -> Self {
        Self { world: World::new(count, now) }
    }

    /// The rows that are asked for, or what GitHub would answer.
    #[must_use]
    pub fn answer(&self, request: &Request, now: Timestamp) -> Response {
        match SampleQuery::of(request) {
            Some(query) => self.world.page(&query, now),
            None => self.world.answer_for_forge(request, now),
        }
    }

    /// The configuration of a site that shows it, or `count` deployments.
    ///
    /// # Errors
    ///
    /// Never, as the tests see.
    pub fn config(count: Option<u32>) -> Result<Config, Vec<Problem>> {
        let (mut config, _) = parse(include_str!("config.json"))?;
        for project in &mut config.projects {
            project.storage = Storage::Sample;
            project.pipelines = project.pipelines.take().filter(|_| count.is_none());
        }
        config.rings.retain(|ring| count.is_none() || ring.name.as_str() != fixtures::STAGING.name);
        Ok(config)
    }
}
