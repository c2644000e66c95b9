//! The two reads that go on beside each other, and how much of them at once.

/// Requests under way at once to one table service.
pub const IN_FLIGHT: usize = 6;

/// Which of the two reads a request belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::engine) enum Lane {
    Load,
    Refresh,
}

/// How soon something is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::engine) enum Haste {
    /// Recent rows, and what is newer still.
    Now,
    /// All that was written long ago, and what has been deleted.
    Later,
}
