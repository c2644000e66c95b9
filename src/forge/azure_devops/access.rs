//! Tokens: where they are made, what they must be allowed, whom they may be sent to, whether they work.

use super::{
    answers::one,
    requests::{LEGACY, VERSION, home, read_at, root},
};
use crate::{
    config::AzureDevOps,
    domain::link::Link,
    forge::capabilities::Reads,
    http::{ApiError, Origin, Request, Response, secret::Secret},
    json::{Json, wire},
};

/// One harmless call that shows whether a token works: a single build.
pub(in crate::forge) fn request_test(at: &AzureDevOps, secret: Option<&Secret>) -> Request {
    read_at(format!("{}/_apis/build/builds?$top=1&{VERSION}", home(&at.api, at)), secret)
}

/// Reads the answer to [`request_test`].
///
/// # Errors
/// When the answer is a refusal, or not what Azure DevOps answers.
pub(in crate::forge) fn parse_test(response: &Response) -> Result<(), ApiError> {
    wire! {
        struct Builds<'a> {
            _value: Vec<Json<'a>> = "value",
        }
    }
    one::<Builds<'_>>(response).map(|_| ())
}

pub(in crate::forge) fn request_owner(at: &AzureDevOps, secret: Option<&Secret>) -> Request {
    read_at(format!("{}/_apis/connectionData?{VERSION}-preview", root(&at.api, at)), secret)
}

/// The token that was entered for the API, for the host of the releases: only where that is the same origin, or the
/// one that the service itself keeps them at. `config.json` may name any host as `releaseApi`, and must not be able to
/// lead a token there.
#[must_use]
pub(in crate::forge) fn release_secret(at: &AzureDevOps, secret: &Secret) -> Option<Secret> {
    let fits = secret.origin() == at.api.origin() && shares_token(at);
    fits.then(|| secret.shared_with(at.release_api.origin().clone()))
}

/// What a sign-in asks Entra for: to read builds, code and releases, of the resource that is Azure DevOps.
pub(in crate::forge) const SIGN_IN_SCOPES: &str = "499b84ac-1321-427f-aa17-267ca6975798/vso.build \
     499b84ac-1321-427f-aa17-267ca6975798/vso.code 499b84ac-1321-427f-aa17-267ca6975798/vso.release";

/// Whether a sign-in at Entra brings a token for it: Azure DevOps' own service, or a stand-in on this machine. A token
/// opens every organization of its owner, so no other host gets one.
pub(in crate::forge) fn has_entra_sign_in(at: &AzureDevOps) -> bool {
    at.api.origin().as_str() == "https://dev.azure.com" || at.api.is_this_machine()
}

/// Whether a token for the API is one for the releases too: only where they are at the same origin, or at the one where
/// the service itself has them.
#[must_use]
pub(in crate::forge) fn shares_token(at: &AzureDevOps) -> bool {
    let (api, releases) = (at.api.origin(), at.release_api.origin());
    api == releases || release_host(api).is_some_and(|host| releases.as_str() == host)
}

fn release_host(api: &Origin) -> Option<String> {
    let host = api.as_str().strip_prefix("https://")?;
    if host == "dev.azure.com" {
        return Some("https://vsrm.dev.azure.com".to_owned());
    }
    let organization = host.strip_suffix(LEGACY)?;
    let plain = !organization.is_empty() && organization.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    plain.then(|| format!("https://{organization}.vsrm.visualstudio.com"))
}

/// The scope a token needs, as the page where tokens are made calls it.
#[must_use]
pub(in crate::forge) const fn scope(reads: Reads) -> &'static str {
    match reads {
        Reads::Runs | Reads::Approvals => "Build (read)",
        Reads::Releases => "Release (read)",
        Reads::Commits | Reads::PullRequests | Reads::Manifests | Reads::Statuses | Reads::Environments => {
            "Code (read)"
        }
    }
}

/// Where a personal access token is made.
#[must_use]
pub(in crate::forge) fn token_page(at: &AzureDevOps) -> Option<Link> {
    Link::new(&format!("{}/_usersSettings/tokens", root(&at.api, at)))
}
