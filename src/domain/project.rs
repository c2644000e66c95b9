//! Which of the configured projects.

super::number::numbers! {
    /// A project by its place in the configuration.
    #[derive(Default)]
    ProjectId;
}
