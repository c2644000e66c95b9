//! Where a deployment lies.

/// A deployment's place, its own as long as it exists.
pub type Slot = u32;
