//! How long to wait before asking again.

use std::time::Duration;

/// The longest wait that we choose ourselves.
const LONGEST: Duration = Duration::from_secs(60);
/// The longest wait that a service may ask for: somebody who looks must not wait for a mistake of a day.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60 * 60);

/// A small generator of numbers, to scatter retries: a thousand open pages must not come back in the same second.
/// Seeded, so that a simulation repeats itself (xorshift64*).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A generator.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        // Zero would stay zero.
        Self(seed ^ 0x9E37_79B9_7F4A_7C15 | 1)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32) % n.max(1)
    }
}

/// The wait after `failures` in a row: doubling from a second, up to a quarter less, and never shorter than the
/// service asked for.
#[must_use]
pub fn wait(failures: u32, retry_after: Option<Duration>, random: &mut Random) -> Duration {
    let doubled = Duration::from_secs(1_u64 << failures.saturating_sub(1).min(10)).min(LONGEST);
    let scattered = doubled.mul_f64(0.75 + random.below(250) as f64 / 1000.0);
    scattered.max(retry_after.unwrap_or(Duration::ZERO).min(LONGEST_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_are_scattered() {
        let mut random = Random::new(7);
        for (failures, seconds) in [(0, 1.0), (1, 1.0), (2, 2.0), (5, 16.0), (9, 60.0), (40, 60.0)] {
            let waits: Vec<f64> = (0..50).map(|_| wait(failures, None, &mut random).as_secs_f64()).collect();
            assert!(waits.iter().all(|w| (0.75 * seconds..=seconds).contains(w)), "{failures}: {waits:?}");
            assert!(waits.iter().any(|w| *w != waits[0]));
        }
        assert_eq!(wait(1, Some(Duration::from_secs(90)), &mut random), Duration::from_secs(90));
        assert_eq!(wait(1, Some(Duration::from_secs(86_400)), &mut random), LONGEST_RETRY_AFTER);
    }
}
