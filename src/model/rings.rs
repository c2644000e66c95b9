//! Service by ring: what runs there, what is on its way, what failed on the way.
//!
//! A deployment's place in its ring, derived from the rows: `running` is the newest that succeeded; anything newer that
//! has not ended is `next`; a failure newer than what runs is `failed`; all others are superseded. Where clusters
//! report what they applied, that decides what runs ([`super::cluster_state`]): what was published and is not in it is
//! `next` too, and what a cluster could not apply is `failed`.
//!
//! [`LiveBoard`] keeps a board up to date: what changed costs the cells that it touches, and nothing else.

mod attention;
mod board;
mod cell;
mod columns;
mod left_over;
mod live;
pub(in crate::model) mod names;
mod older;
mod touched;

pub use attention::{Attention, CellAt};
pub use board::{Board, RingColumn, ServiceRow};
pub(super) use cell::is_same_version;
pub use cell::{BlockedAt, Cell, Drift, Rollback, blocked_at};
pub use left_over::{BranchEnd, LeftOver, left_over};
pub use live::LiveBoard;
pub use names::{RingNames, RingRole};

#[cfg(test)]
pub(super) mod tests;
