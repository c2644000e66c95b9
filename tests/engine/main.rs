//! The engine against a simulated table service, in simulated time.
//!
//! [`world`] is a table that the test writes to and that keeps everything it ever held; [`service`] answers
//! queries over it as Azure would; [`harness`] is the page's loop around an engine, a person who steps through time by
//! hand. On these stand the tests of single behaviours ([`loading`], [`refreshing`], [`failing`], [`snapshots`]) and
//! [`simulation`], which lets chance rule and checks what must hold whatever happens.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by a panic; clippy knows tests by their attribute, and here is what they share"
)]

mod failing;
mod harness;
mod loading;
mod refreshing;
mod sample;
mod service;
mod simulation;
mod snapshots;
#[path = "../support"]
mod support {
    #![allow(dead_code, reason = "each suite uses a part")]
    pub(crate) mod odata;
    pub(crate) mod page;
    pub(crate) mod rng;
    pub(crate) mod rows;
    pub(crate) mod simulation;
}
mod world;
