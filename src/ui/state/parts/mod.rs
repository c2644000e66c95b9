//! What the page keeps of each of its parts, beside the address.

pub(in crate::ui) mod board;
pub(in crate::ui) mod details;
pub(in crate::ui) mod progress;
pub(in crate::ui) mod saved;
pub(in crate::ui) mod setup;
pub(in crate::ui) mod strip;
pub(in crate::ui) mod table;
