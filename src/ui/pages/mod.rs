//! One file a view: what it shows when there is nothing to show, and how its parts are wired.

pub(super) mod deployments;
pub(super) mod empty;
pub(super) mod rings;
