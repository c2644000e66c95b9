//! Ringside: one page that shows a change on its way from commit to cluster.
//!
//! ```text
//!  config.json ──► config ─┐
//!  URL ──► route ──────────┤
//!                          ▼                 what to ask next (pure, given `now`)
//!                       engine ──────────────────────────► Request ──► web ──► Azure Table
//!                          ▲     storage::request_x                     │      (or demo: sample data,
//!                          └──── storage::parse_x  ◄── Response ◄───────┘       same requests, no network)
//!                          ▼
//!                       model: journeys, rings, filter, search, sort, window   (pure)
//!                          ▼
//!                       ui: signals ──► views ──► Html
//! ```
//!
//! Data goes one way. Everything but [`web`], and what of [`ui`] is for the browser alone, is free of IO, of the
//! browser and of the clock, and runs in `cargo test`. `docs/ARCHITECTURE.md` walks through the rooms; in reading order
//! they are:

pub mod config;
pub mod demo;
pub mod domain;
pub mod engine;
pub mod forge;
pub mod guide;
pub mod http;
#[cfg(not(fuzzing))]
mod json;
#[cfg(fuzzing)]
pub mod json;
pub mod model;
pub mod route;
pub mod sign_in;
pub mod storage;
pub mod text;
pub mod ui;
#[cfg(target_arch = "wasm32")]
pub mod web;

#[cfg(test)]
extern crate self as ringside;

/// What unit tests share with the suites in `tests`, which know this crate by its name.
#[cfg(test)]
#[path = "../tests/support"]
mod support {
    #![allow(dead_code, clippy::indexing_slicing, clippy::panic, reason = "a test fails by a panic")]
    pub(crate) mod rng;
    pub(crate) mod rows;
}
