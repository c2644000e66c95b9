//! Reads one project's rows and keeps them up to date.
//!
//! First the recent rows, by `Timestamp`, because those are what people look for; then the rest behind them; then,
//! every so often, what has been written since, and more rarely a sweep over all keys for what has been deleted: see
//! [`phase`]. Two lanes: refreshing the newest goes on while the rest, or a sweep, takes its time. No lane overlaps
//! itself. Nothing is missed: see [`watermark`].
//!
//! An answer is read in steps, so that none holds up the page: see [`reading`].

mod access;
mod lane;
mod notices;
mod phase;
mod problems;
mod rate;
mod reader;
mod reading;
mod scan;
mod schedule;
mod source;
mod sweep;
mod watermark;

pub(super) use self::lane::{Haste, Lane};
pub use self::{lane::IN_FLIGHT, reader::Reader, source::Source};
