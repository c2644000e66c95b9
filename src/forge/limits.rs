//! How much a forge may still be asked.

use std::time::Duration;

use crate::{domain::time::Timestamp, http::Response};

/// What an answer holds of how much may still be asked. In a browser all of it may be invisible.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Limits {
    /// Requests left until `reset`.
    pub remaining: Option<u32>,
    /// When there are more again.
    pub reset: Option<Timestamp>,
    /// Not to ask again before so long.
    pub retry_after: Option<Duration>,
}

impl Limits {
    /// From headers of the usual names, in any case: `{prefix}-Remaining` and `{prefix}-Reset` (seconds since 1970),
    /// and `Retry-After`.
    #[must_use]
    pub fn read(response: &Response, prefix: &str) -> Self {
        let number = |name: &str| response.header(&[prefix, name].concat())?.trim().parse::<i64>().ok();
        Self {
            remaining: number("-Remaining").and_then(|n| u32::try_from(n).ok()),
            reset: number("-Reset").and_then(|s| s.checked_mul(1000)).map(Timestamp::from_millis),
            retry_after: response.retry_after(),
        }
    }
}
