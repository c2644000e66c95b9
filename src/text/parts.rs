//! Words of the small pieces that several views have.

use super::duration;
use crate::domain::time::Timestamp;

/// Copies something.
pub const COPY: &str = "Copy";
/// It has been copied.
pub const COPIED: &str = "Copied";
/// The browser did not allow that.
pub const NOT_ALLOWED: &str = "Not allowed";
/// Leads past the header.
pub const SKIP: &str = "Skip to content";
/// A key has copied the address.
pub const LINK_COPIED: &str = "Link copied";
/// The browser did not allow that.
pub const LINK_NOT_COPIED: &str = "Copying is not allowed here";
/// What a button beside a command copies.
pub const COMMAND: &str = "the command";
/// Folds what only some want to know.
pub const DETAILS: &str = "Details";
/// A row names no ring, and its branch implies it.
pub const RING_FROM_BRANCH: &str = "Inferred from the branch";

/// `+1 more`
#[must_use]
pub fn more(n: usize) -> String {
    format!("+{n} more")
}

/// `Copy the commit`
#[must_use]
pub fn copy(what: &str) -> String {
    format!("{COPY} {what}")
}

/// How a hint begins of what is tried again without anybody's help.
pub const RETRYING: &str = "Retrying.";

/// `Retrying in 12 s.`
#[must_use]
pub fn retry(at: Timestamp, now: Timestamp) -> String {
    match at.since(now) {
        wait if wait.as_secs() < 5 => "Retrying now.".to_owned(),
        wait => format!("Retrying in {}.", duration(wait)),
    }
}
