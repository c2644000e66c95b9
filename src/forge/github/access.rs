//! What a token must be allowed to read, and where people make one.

use super::requests::web;
use crate::{config::GitHub, domain::link::Link, forge::capabilities::Reads};

/// The permission that a fine-grained token needs, as GitHub's page for making one calls it. For a classic token the
/// scope is `repo` in each case.
#[must_use]
pub(in crate::forge) const fn scope(reads: Reads) -> &'static str {
    match reads {
        Reads::Runs | Reads::Releases | Reads::Approvals => "Actions: read",
        Reads::Commits | Reads::Manifests => "Contents: read",
        Reads::Statuses => "Commit statuses: read",
        Reads::Environments => "Deployments: read",
        Reads::PullRequests => "Pull requests: read",
    }
}

#[must_use]
pub(in crate::forge) fn token_page(at: &GitHub) -> Option<Link> {
    Link::new(&[&web(at)?, "/settings/personal-access-tokens/new"].concat())
}
