//! A credential that cannot be printed and belongs to one origin.

use std::fmt;

use crate::http::Origin;

/// A credential. It can be read in one way only, [`Secret::expose`], whose callers are few enough to check.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    origin: Origin,
    value: Box<str>,
}

impl Secret {
    /// A credential for `origin`. A leading `?`, as portals print before a SAS, is dropped.
    #[must_use]
    pub fn new(origin: Origin, value: &str) -> Self {
        Self { origin, value: value.trim().trim_start_matches('?').into() }
    }

    /// Whom it may be sent to.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The credential itself, to send it or to read its dates.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.value
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret(for {})", self.origin)
    }
}
