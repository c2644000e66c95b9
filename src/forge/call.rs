//! One request to a forge: what it asks for, and how, which is its adapter's alone.

use super::{
    azure_devops,
    capabilities::Reads,
    github, gitlab,
    key::{RepoId, ResourceKey},
};

/// One request to a forge, in its adapter's terms: the engine is given which resources it asks for.
#[must_use = "a call does nothing until its request is sent"]
#[derive(Clone, Debug)]
pub struct Call {
    pub(super) keys: Vec<ResourceKey>,
    pub(super) etag: Option<String>,
    pub(super) kind: CallKind,
}

impl Call {
    /// The resources it asks for: at least one.
    #[must_use]
    pub fn keys(&self) -> &[ResourceKey] {
        &self.keys
    }

    /// What a credential must be allowed to read for it.
    #[must_use]
    pub fn reads(&self) -> Reads {
        self.keys.first().map_or(Reads::Runs, ResourceKey::reads)
    }

    /// The repository it asks.
    #[must_use]
    pub fn repo(&self) -> Option<RepoId> {
        self.keys.first().map(|key| key.repo)
    }
}

/// How a call asks, which is its adapter's alone.
#[derive(Clone, Debug)]
pub(super) enum CallKind {
    AzureDevOps(azure_devops::CallKind),
    GitHub(github::CallKind),
    GitLab(gitlab::CallKind),
}
