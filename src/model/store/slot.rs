//! Where a deployment lies.

crate::domain::number::numbers! {
    /// A deployment's place, its own as long as it exists.
    Slot;
}
