//! What its requests have in common: where things are, how they are asked for, and how much they may be.

use crate::{
    config::GitHub,
    forge::limits::Limits,
    http::{AuthScheme, Request, Response, encode, secret::Secret},
};

/// The version of the REST API that is asked for, which is also the one a request gets that names none.
const VERSION: &str = "2022-11-28";

/// What the answer states of how much may still be asked. The REST API and GraphQL count apart.
#[must_use]
pub(in crate::forge) fn limits(response: &Response) -> Limits {
    Limits::read(response, "X-RateLimit")
}

/// Where people look at it: `https://github.com`, or the Enterprise server. `None` when the address of the API is
/// neither GitHub's nor of the form in which Enterprise has it, as behind a proxy.
#[must_use]
pub(in crate::forge) fn web(at: &GitHub) -> Option<String> {
    let (base, host) = (at.api.as_str(), at.api.host());
    if host == "api.github.com" {
        return Some("https://github.com".to_owned());
    }
    // With data residency the API of https://NAME.ghe.com is https://api.NAME.ghe.com.
    if host.starts_with("api.") && host.ends_with(".ghe.com") {
        return Some(at.api.origin().as_str().replacen("://api.", "://", 1));
    }
    base.strip_suffix("/api/v3").map(str::to_owned)
}

/// `owner/name` as two segments of a path.
pub(super) fn path(repository: &str) -> String {
    repository.split('/').map(encode).collect::<Vec<_>>().join("/")
}

/// Owner and name.
pub(super) fn path_parts(repository: &str) -> Option<(&str, &str)> {
    repository.split_once('/').filter(|(owner, name)| !owner.is_empty() && !name.is_empty() && !name.contains('/'))
}

/// `heads/main`, `tags/flux-`: a part of a path, in which a name has slashes of its own. A name that Git would not
/// take, because it steps out of its folder, is kept in one piece.
pub(super) fn reference(kind: &str, name: &str) -> String {
    let whole = [kind, "/", name].concat();
    if whole.split('/').any(|part| part.starts_with('.')) { encode(&whole) } else { path(&whole) }
}

/// A read of the REST API below the repository.
pub(super) fn get(at: &GitHub, below: &str, secret: Option<&Secret>, etag: Option<&str>) -> Request {
    get_at(format!("{}/repos/{}{below}", at.api.as_str(), path(&at.repository)), secret, etag)
}

pub(in crate::forge) fn request_owner(at: &GitHub, secret: Option<&Secret>) -> Request {
    get_at([at.api.as_str(), "/user"].concat(), secret, None)
}

fn get_at(address: String, secret: Option<&Secret>, etag: Option<&str>) -> Request {
    let mut request = Request::get(address).header("Accept", "application/vnd.github+json");
    request = request.secret(AuthScheme::Bearer, secret);
    if request.has_secret() {
        request = request.header("X-GitHub-Api-Version", VERSION);
        if let Some(etag) = etag {
            request = request.header("If-None-Match", etag);
        }
    }
    request
}
