//! What a device has of the time.

use std::time::Duration;

use super::time::Timestamp;

/// What a device's clocks show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Clock {
    /// The date and time.
    pub wall: Timestamp,
    /// Time since some moment that stays the same.
    pub monotonic: Duration,
}

/// A device whose clocks agree.
impl From<Timestamp> for Clock {
    fn from(wall: Timestamp) -> Self {
        Self { wall, monotonic: Duration::from_millis(u64::try_from(wall.millis()).unwrap_or(0)) }
    }
}
