//! What a token must be allowed to read, and where people make one.

use crate::{config::GitLab, domain::link::Link, forge::capabilities::Reads};

/// The scope that a token needs, as GitLab's page for making one calls it: the narrowest there is for reading.
#[must_use]
pub(in crate::forge) const fn scope(_: Reads) -> &'static str {
    "read_api"
}

/// Where people look at it; `None` when the address of the API is not of the form that GitLab has it in.
fn web(at: &GitLab) -> Option<&str> {
    at.api.as_str().strip_suffix("/api/v4")
}

/// Where people make a token, with the scope filled in.
#[must_use]
pub(in crate::forge) fn token_page(at: &GitLab) -> Option<Link> {
    let page = "/-/user_settings/personal_access_tokens?name=Ringside&scopes=read_api";
    Link::new(&[web(at)?, page].concat())
}
