//! A hundred thousand deployments in memory, a few hundred bytes each, and quick to search.
//!
//! A deployment is a [`Slot`], a number that stays while it exists. Its texts are of three kinds: those that many rows
//! share (services, people, repositories) are [symbols](super::symbols); those of its own that the page shows lie in
//! [`chunk::Chunk`]s, which is what the search reads; the rest lie beside them. What views filter and sort by is
//! derived once, when the row arrives, into plain columns.
//!
//! Rows are kept as they were written. What forges report of a deployment lies beside its row as typed facts
//! ([`Store::set_facts`]), and what is derived, searched and shown comes from both, as `overlay` lays the one over the
//! other. Whatever changes is noted in a [`Delta`], for those who derive more from it.
//!
//! Rows that are one deployment are joined (`joins`) before anything else is derived; those that are hidden in another
//! one keep their slot and are no deployments.
//!
//! What a row means is decided by [`journey`]; [`assemble`] makes a deployment of it. No other room has a row's
//! fields by name.

pub mod assemble;
mod at;
mod by_time;
mod changes;
mod chunk;
mod columns;
mod delta;
mod grouped;
mod groups;
mod ids;
mod joined;
mod joins;
pub mod journey;
mod keys;
mod layer;
mod layers;
mod layout;
mod order;
pub mod overlay;
mod parts;
mod read;
mod rows;
mod slot;
mod slot_table;
mod stage_of_run;
mod texts;

#[cfg(test)]
mod tests;

pub(super) use self::chunk::Chunk;
pub mod export;

pub use self::{
    at::{At, RunKind},
    columns::{Derived, SharedColumn, commit_key},
    delta::{CellKey, Delta},
    rows::{Change, Store},
    slot::Slot,
};
