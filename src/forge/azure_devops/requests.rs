//! What its requests have in common: where things are, and how they are asked for.

use crate::{
    config::AzureDevOps,
    domain::id::RunId,
    http::{AuthScheme, Request, address::Address, encode, secret::Secret},
};

/// The most ids a request should name: the service states no limit, but an address of a few thousand characters is
/// refused somewhere on the way.
pub(super) const AT_ONCE: usize = 100;

pub(super) const VERSION: &str = "api-version=7.1";

/// The end of the hosts that the service had at first, and still has.
pub(super) const LEGACY: &str = ".visualstudio.com";

/// Where an organization (a collection) is. The legacy host `ORG.visualstudio.com` has it in its name and not in its
/// paths.
pub(super) fn root(api: &Address, at: &AzureDevOps) -> String {
    match api.host().ends_with(LEGACY) {
        true => api.as_str().to_owned(),
        false => format!("{}/{}", api.as_str(), encode(&at.organization)),
    }
}

/// Where a project is: for people, and with `/_apis` behind it for programs.
pub(super) fn home(api: &Address, at: &AzureDevOps) -> String {
    format!("{}/{}", root(api, at), encode(&at.project))
}

pub(super) fn read_at(address: String, secret: Option<&Secret>) -> Request {
    Request::get(address).header("Accept", "application/json").secret(AuthScheme::Basic, secret)
}

/// The ids that can be ones (`int32` in the specification), as a list. A single word among them would have all of
/// them refused, and none at all would ask for everything: `0` is nobody's.
pub(super) fn numbers(ids: &[RunId]) -> String {
    let numbers: Vec<String> =
        ids.iter().filter_map(|id| id.as_str().parse::<i32>().ok().filter(|n| *n > 0)).map(|n| n.to_string()).collect();
    if numbers.is_empty() { "0".to_owned() } else { numbers.join(",") }
}
