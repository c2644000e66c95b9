//! What is kept of a row that others complete.

use super::slot::Slot;
use crate::storage::row::Row;

/// A row that is shown with what other rows say.
#[derive(Debug)]
pub(super) struct Joined {
    /// The row as it was written.
    pub(super) own: Row<'static>,
    /// The rows that complete it.
    pub(super) parts: Vec<Slot>,
    /// The fingerprint of what is shown.
    pub(super) shown: u64,
}
