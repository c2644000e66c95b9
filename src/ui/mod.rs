//! What people see. Signals in, DOM out; every decision is made in `model` and `engine`.
//!
//! `state` holds the one [`state::App`] that all components get; `parts` know no data; `links` lead from
//! view to view; `filters`, `table` and `details` know deployments; a file in `pages` wires one view together.

// What the component macro makes of a function is public wherever the function is not.
#![allow(unreachable_pub, missing_docs)]

mod app;
mod details;
mod filters;
mod links;
mod pages;
mod parts;
mod shell;
mod state;
mod table;

pub use app::mount;
