//! Which of the configured projects.

use std::fmt;

/// A project by its place in the configuration.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct ProjectId(u32);

impl ProjectId {
    /// The one at this place.
    #[must_use]
    pub const fn at(place: usize) -> Self {
        // A configuration with more projects than that does not fit into memory.
        Self(place as u32)
    }
}

impl From<ProjectId> for usize {
    fn from(id: ProjectId) -> Self {
        id.0 as Self
    }
}

impl fmt::Display for ProjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
