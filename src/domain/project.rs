//! Which of the configured projects.

super::number::numbers! {
    /// A project by its place in the configuration.
    ProjectId;
}

impl Default for ProjectId {
    fn default() -> Self {
        Self::at(0)
    }
}
