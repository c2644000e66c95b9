//! The nouns: a newtype for every id, an enum for every state.
//!
//! Nothing here is read from or written to a wire: no serde, no URL, and no clock is read. What a service calls
//! its states is translated in its adapter, so that outside the adapters no state is ever compared as text.

pub mod clock;
pub mod cluster;
pub mod column;
pub mod commit;
pub mod deployment;
pub mod fact;
pub mod facts;
pub mod id;
pub mod link;
pub mod manifests;
pub mod number;
pub mod person;
pub mod problem;
pub mod project;
pub mod pull_request;
pub mod run;
pub mod stage;
pub mod status;
pub mod time;
