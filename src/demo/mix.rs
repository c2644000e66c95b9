//! Numbers that look random and are not: everything the sample shows comes from an index and these functions.

use std::fmt;

/// A number far from its neighbours' (the last step of SplitMix64).
pub(super) const fn mix(x: u64) -> u64 {
    let z = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A number below `span`, another one for each `salt`; 0 when the span is empty.
pub(super) fn below(seed: u64, salt: u64, span: u64) -> u64 {
    mix(seed ^ (salt << 56)).checked_rem(span).unwrap_or(0)
}

pub(super) fn pick<T: Copy>(items: &[T], seed: u64, salt: u64, or: T) -> T {
    items.get(below(seed, salt, items.len() as u64) as usize).copied().unwrap_or(or)
}

/// The row key of an index, as a number of 48 bits. Every step can be undone, so no two indexes share a key.
pub(super) const fn key(index: u32) -> u64 {
    const BITS: u64 = (1 << 48) - 1;
    let x = (index as u64 ^ 0x51D3_0B6F).wrapping_mul(0x9E37_79B9_7F4B) & BITS;
    let x = (x ^ (x >> 25)).wrapping_mul(0xC2B2_AE3D_27D5) & BITS;
    x ^ (x >> 23)
}

/// A commit's id: the first digits of one that has forty.
#[derive(Clone, Copy)]
pub(super) struct Sha {
    seed: u64,
    whole: bool,
}

impl Sha {
    /// All forty digits, as clusters and builds report it.
    pub(super) const fn whole(seed: u64) -> Self {
        Self { seed, whole: true }
    }

    /// The seven digits that `git rev-parse --short` writes.
    pub(super) const fn short(seed: u64) -> Self {
        Self { seed, whole: false }
    }
}

impl fmt::Display for Sha {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = mix(self.seed);
        if !self.whole {
            return write!(f, "{:07x}", first >> 36);
        }
        let second = mix(first);
        write!(f, "{first:016x}{second:016x}{:08x}", mix(second) >> 32)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn keys_do_not_collide() {
        let keys: HashSet<u64> = (0..300_000).map(key).collect();
        assert_eq!(keys.len(), 300_000);
        assert!(keys.iter().all(|k| k >> 48 == 0));
    }

    #[test]
    fn keys_are_spread() {
        let low = (0..100_000).filter(|&i| key(i) >> 47 == 0).count();
        assert!((48_000..52_000).contains(&low), "{low}");
    }

    #[test]
    fn a_short_commit_begins_the_whole() {
        for seed in 0..50 {
            let (short, whole) = (Sha::short(seed).to_string(), Sha::whole(seed).to_string());
            assert_eq!((short.len(), whole.len()), (7, 40));
            assert!(whole.starts_with(&short), "{short} {whole}");
        }
    }
}
