//! How much may be asked of one origin, and when.

use std::time::Duration;

use crate::{
    domain::time::Timestamp,
    engine::backoff::{Random, wait},
    forge::{BucketSize, Limits},
};

/// Requests under way at once to one forge.
pub const IN_FLIGHT: u32 = 4;

/// What is known and moves is asked anew only while more than so many of them are left: what is not known at all must
/// not wait for it for ever.
const SPARED: u32 = 3;

#[derive(Clone, Debug)]
pub(super) struct TokenBucket {
    under_way: u32,
    remaining: Option<u32>,
    reset: Option<Timestamp>,
    /// Nothing before: the service asked to wait.
    quiet_until: Option<Timestamp>,
    /// Failures in a row that may pass by themselves.
    failures: u32,
    bucket: Option<BucketSize>,
    /// Requests in the bucket.
    burst: u32,
    refilled: Option<Timestamp>,
    /// When something under way was last asked anew.
    repeated: Option<Timestamp>,
}

impl TokenBucket {
    pub(super) fn new(bucket: Option<BucketSize>) -> Self {
        Self {
            under_way: 0,
            remaining: None,
            reset: None,
            quiet_until: None,
            failures: 0,
            bucket,
            burst: bucket.map_or(0, |bucket| bucket.burst),
            refilled: None,
            repeated: None,
        }
    }

    /// Requests left, and when there are more again; as far as that is known.
    pub(super) const fn left(&self) -> Option<(u32, Option<Timestamp>)> {
        match self.remaining {
            Some(remaining) => Some((remaining, self.reset)),
            None => None,
        }
    }

    /// When more may be asked after it ran out; `None` while it has not.
    pub(super) fn out_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.reset
            .filter(|&reset| self.remaining == Some(0) && reset > now)
            .max(self.quiet_until.filter(|&at| at > now))
    }

    /// Whether all is under way that may be at once.
    pub(super) const fn is_busy(&self) -> bool {
        self.under_way >= IN_FLIGHT
    }

    /// When the next request may go; `None` is now.
    pub(super) fn waits_until(&mut self, now: Timestamp) -> Option<Timestamp> {
        let Some(BucketSize { burst, refill }) = self.bucket else { return self.out_until(now) };
        if self.burst < burst {
            let since = *self.refilled.get_or_insert(now);
            let more = u32::try_from(now.since(since).as_millis() / refill.as_millis().max(1)).unwrap_or(u32::MAX);
            self.burst = self.burst.saturating_add(more).min(burst);
            self.refilled = Some(if since > now { now } else { since + refill.saturating_mul(more) });
        }
        let refilled = self.refilled.filter(|_| self.burst == 0).map(|since| since + refill);
        self.out_until(now).max(refilled)
    }

    /// When something that is under way may be asked anew; `None` is now. What is left is spread over the time until
    /// there is more, a quarter of it spared for what is not known at all.
    pub(super) fn repeats_at(&self, now: Timestamp) -> Option<Timestamp> {
        let spread = || {
            let (repeated, remaining) = (self.repeated?, self.remaining?);
            let left = self.reset?.since(now);
            Some(repeated + left / (remaining / 4 * 3).max(1))
        };
        let refilled = self.bucket.zip(self.refilled).and_then(|(bucket, since)| {
            let lacks = (SPARED + 1).saturating_sub(self.burst);
            (lacks > 0).then(|| since + bucket.refill.saturating_mul(lacks))
        });
        spread().max(refilled).filter(|&at| at > now)
    }

    /// A request goes out.
    pub(super) fn take(&mut self, now: Timestamp, is_repeat: bool) {
        self.under_way += 1;
        self.remaining = self.remaining.map(|n| n.saturating_sub(1));
        if self.bucket.is_some_and(|bucket| bucket.burst == self.burst) {
            self.refilled = Some(now);
        }
        self.burst = self.burst.saturating_sub(1);
        if is_repeat {
            self.repeated = Some(now);
        }
    }

    /// A request came back, or was given up.
    pub(super) const fn give_back(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }

    /// What an answer states of what is left.
    pub(super) fn apply(&mut self, limits: &Limits, now: Timestamp) {
        if self.reset.is_some_and(|reset| reset <= now) {
            (self.remaining, self.reset) = (None, None);
        }
        if let Some(remaining) = limits.remaining {
            // Those under way may not have been counted yet.
            let remaining = remaining.saturating_sub(self.under_way);
            // Answers overtake one another: of one period the smallest number is the newest.
            let same_period = limits.reset == self.reset;
            self.remaining =
                Some(if same_period { self.remaining.map_or(remaining, |n| n.min(remaining)) } else { remaining });
            self.reset = limits.reset;
        }
        if let Some(wait) = limits.retry_after {
            self.quiet_until = self.quiet_until.max(Some(now + wait));
        }
    }

    /// The service asked to wait, with or without a time.
    pub(super) fn slow_down(&mut self, retry_after: Option<Duration>, now: Timestamp, random: &mut Random) {
        self.failures += 1;
        // Where a limit ran out and its end is known, that is when; the least otherwise is a minute, as GitHub asks.
        let least =
            if self.out_until(now).is_some() { retry_after } else { retry_after.or(Some(Duration::from_secs(60))) };
        self.quiet_until = self.quiet_until.max(Some(now + wait(self.failures, least, random)));
    }

    /// It answered as it should.
    pub(super) const fn went_well(&mut self) {
        self.failures = 0;
    }

    /// Somebody does not want to wait, however long the service asked for. Where nothing is left, nothing
    /// is left all the same.
    pub(super) const fn end_wait(&mut self) {
        self.quiet_until = None;
    }

    /// Another credential: another budget.
    pub(super) fn forget(&mut self) {
        (self.remaining, self.reset, self.quiet_until, self.repeated, self.failures) = (None, None, None, None, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000 + seconds * 1000)
    }

    fn limits(remaining: u32, reset: i64) -> Limits {
        Limits { remaining: Some(remaining), reset: Some(at(reset)), retry_after: None }
    }

    #[test]
    fn a_burst_is_followed_by_a_trickle() {
        let mut bucket = TokenBucket::new(Some(BucketSize { burst: 10, refill: Duration::from_secs(2) }));
        for _ in 0..10 {
            assert_eq!(bucket.waits_until(at(0)), None);
            bucket.take(at(0), false);
            bucket.give_back();
        }
        assert_eq!(bucket.waits_until(at(0)), Some(at(2)));
        assert_eq!(bucket.waits_until(at(2)), None);
        // What moves waits until some are left for what is not known.
        assert_eq!(bucket.repeats_at(at(2)), Some(at(8)));
        bucket.take(at(2), false);
        assert_eq!(bucket.waits_until(at(3)), Some(at(4)));
        assert_eq!(bucket.waits_until(at(3600)), None);
    }

    #[test]
    fn what_ran_out_comes_back() {
        let mut bucket = TokenBucket::new(None);
        bucket.apply(&limits(1, 100), at(0));
        assert_eq!(bucket.waits_until(at(0)), None);
        bucket.take(at(0), false);
        assert_eq!(bucket.waits_until(at(0)), Some(at(100)));
        assert_eq!((bucket.waits_until(at(100)), bucket.left()), (None, Some((0, Some(at(100))))));
        bucket.apply(&limits(4999, 3700), at(101));
        assert_eq!(bucket.waits_until(at(101)), None);
    }

    #[test]
    fn answers_that_overtake_one_another_do_not_give_back() {
        let mut bucket = TokenBucket::new(None);
        bucket.apply(&limits(10, 100), at(0));
        bucket.apply(&limits(12, 100), at(0));
        assert_eq!(bucket.left(), Some((10, Some(at(100)))));
        bucket.apply(&limits(59, 200), at(1));
        assert_eq!(bucket.left(), Some((59, Some(at(200)))));
    }

    #[test]
    fn repeats_are_spread_over_what_is_left() {
        #[track_caller]
        fn check(remaining: u32, expect: Option<i64>) {
            let mut bucket = TokenBucket::new(None);
            bucket.apply(&limits(remaining, 3600), at(0));
            bucket.take(at(0), true);
            assert_eq!(bucket.repeats_at(at(0)).map(|t| t.millis() - at(0).millis()), expect, "{remaining}");
        }
        check(4001, Some(1_200)); // as often as anybody wants
        check(61, Some(80_000));
        check(1, Some(3_600_000));
    }

    #[test]
    fn the_wait_is_what_was_asked_for_or_a_minute() {
        let mut random = Random::new(1);
        let mut bucket = TokenBucket::new(None);
        bucket.slow_down(Some(Duration::from_secs(300)), at(0), &mut random);
        assert_eq!(bucket.waits_until(at(0)), Some(at(300)));
        let mut bucket = TokenBucket::new(None);
        bucket.slow_down(None, at(0), &mut random);
        assert_eq!(bucket.waits_until(at(0)), Some(at(60)));
        bucket.forget();
        assert_eq!(bucket.waits_until(at(0)), None);
        bucket.slow_down(Some(Duration::from_secs(86_400)), at(0), &mut random);
        bucket.end_wait();
        assert_eq!(bucket.waits_until(at(0)), None);
        bucket.apply(&limits(0, 100), at(0));
        bucket.end_wait();
        assert_eq!(bucket.waits_until(at(0)), Some(at(100)));
    }
}
