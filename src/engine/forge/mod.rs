//! What forges have of visible deployments: what to request next, and what an answer changes.
//!
//! Small agents, each with its own state, which [`scheduler`] composes:
//!
//! - [`demand`]: what is visible and unknown or may have changed, in the order in which it is asked for;
//! - [`tracked`]: what the rows of visible deployments name, and which rows a fact is about;
//! - [`manifests`]: what is asked of manifest repositories, and what is exported of that;
//! - [`facts`]: what is known, how it may change, and what is kept of it;
//! - [`origin`]: credentials, refusals, and the [token bucket](token_bucket) of each origin;
//! - [`in_flight`]: requests whose answers are awaited.
//!
//! Asked in this order, inside each origin's limits: what is on screen and running, what is on screen and unknown, what
//! the rings need, what is on screen and known from its row alone; then nothing. What nobody sees is not asked, what is
//! finished is asked once and kept, and nothing is asked twice at a time.
//!
//! No request is made to an address that a row holds: rows name repositories, the configuration names forges. How a
//! forge is asked and how it answers is its adapter's: no forge's name is in here.

mod answers;
mod demand;
mod facts;
mod forge_engine;
mod forget;
mod in_flight;
mod manifests;
mod origin;
mod problems;
mod scheduler;
mod slot_facts;
mod token_bucket;
mod tracked;

pub use self::{forge_engine::ForgeEngine, token_bucket::IN_FLIGHT};
pub use super::forges::{CredentialTest, RemainingRequests};
