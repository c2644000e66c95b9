//! Azure DevOps: the service (`dev.azure.com`, classic releases on `vsrm.dev.azure.com`) and Azure DevOps Server, where
//! a collection stands for the organization and releases are on the same host.
//!
//! Source: the "Azure DevOps Services REST API" reference, version 7.1, and its specifications (`build`, `release`,
//! `git`). What it leaves open is read either way: words in any case, dates of year 1 as absent, `null` as missing.
//! Nothing here builds on continuation tokens, because a browser does not get to see those headers.

mod access;
mod branch;
mod build;
mod calls;
mod commit;
mod explain;
mod manifests;
mod person;
mod pull_request;
mod release;
mod repository;
mod tags;
mod timeline;

use std::time::Duration;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

pub(super) use self::{
    access::{
        SIGN_IN_SCOPES, has_entra_sign_in, parse_test, release_secret, request_test, scope, shares_token, token_page,
    },
    branch::compare_link,
    calls::{CallKind, not_found, plan, read, request},
    commit::commit_link,
    explain::explain,
    repository::repository_at,
};
use super::{Anonymous, BucketSize, Capabilities, Limits, PartsCalls, TokenScope, answer};
use crate::{
    config::AzureDevOps,
    domain::{
        id::{Branch, RunId},
        link::Link,
        problem::ProblemKind,
        time::Timestamp,
    },
    http::{ApiError, AuthScheme, Page, Request, Response, address::Address, encode, secret::Secret},
};

/// The most ids a request should name: the service states no limit, but an address of a few thousand characters is
/// refused somewhere on the way.
const AT_ONCE: usize = 100;

/// What the engine has to know of it. It counts load, not requests, and tells browsers nothing of that.
pub(super) const CAPABILITIES: Capabilities = Capabilities {
    anonymous: Anonymous::Nothing,
    token_scope: TokenScope::Organization,
    bucket: Some(BucketSize { burst: 10, refill: Duration::from_secs(2) }),
    takes_lists: true,
    needs_whole_commit_ids: true,
    is_sure_of_absence: true,
    parts_calls: PartsCalls::UnlessPlainlyWell,
    has_environments: false,
    summarized_commits: 0,
    merges_by_pull_request: true,
    numbers_projects: false,
};

const VERSION: &str = "api-version=7.1";

/// The end of the hosts that the service had at first, and still has.
const LEGACY: &str = ".visualstudio.com";

/// What an answer says of how much may still be asked: "Rate and usage limits" names `X-RateLimit-*` and
/// `Retry-After`. They come only once a limit is near.
#[must_use]
pub(super) fn limits(response: &Response) -> Limits {
    Limits::read(response, "X-RateLimit")
}

/// Where an organization (a collection) is. The legacy host `ORG.visualstudio.com` has it in its name and not in its
/// paths.
fn root(api: &Address, at: &AzureDevOps) -> String {
    match api.host().ends_with(LEGACY) {
        true => api.as_str().to_owned(),
        false => format!("{}/{}", api.as_str(), encode(&at.organization)),
    }
}

/// Where a project is: for people, and with `/_apis` behind it for programs.
fn home(api: &Address, at: &AzureDevOps) -> String {
    format!("{}/{}", root(api, at), encode(&at.project))
}

fn read_at(address: String, secret: Option<&Secret>) -> Request {
    Request::get(address).header("Accept", "application/json").secret(AuthScheme::Basic, secret)
}

/// The ids that can be ones (`int32` in the specification), as a list. A single word among them would have all of
/// them refused, and none at all would ask for everything: `0` is nobody's.
fn numbers(ids: &[RunId]) -> String {
    let numbers: Vec<String> =
        ids.iter().filter_map(|id| id.as_str().parse::<i32>().ok().filter(|n| *n > 0)).map(|n| n.to_string()).collect();
    if numbers.is_empty() { "0".to_owned() } else { numbers.join(",") }
}

#[derive(Deserialize)]
struct ErrorBody {
    message: Option<String>,
    #[serde(rename = "typeKey")]
    type_key: Option<String>,
}

fn words(body: &str) -> (String, String) {
    let body = serde_json::from_str::<ErrorBody>(body).unwrap_or(ErrorBody { message: None, type_key: None });
    let message = body.message.unwrap_or_default();
    (body.type_key.unwrap_or_default(), message.lines().next().unwrap_or_default().trim().to_owned())
}

/// A status is not always the whole truth: TF400813 (nobody is signed in) and TF400733 (too much was asked) come with
/// several. And a page with status 200 is its sign-in page only if it says so.
fn told_apart(response: &Response, mut error: ApiError) -> ApiError {
    error.kind = match error.status {
        404 => ProblemKind::NotFound,
        429 => ProblemKind::RateLimited,
        200 if response.is_html() && memchr::memmem::find(&response.body, b"Sign In").is_some() => {
            ProblemKind::Unauthorized
        }
        _ if error.detail.contains("TF400813") => ProblemKind::Unauthorized,
        _ if error.detail.contains("TF400733") => ProblemKind::RateLimited,
        _ => error.kind,
    };
    error
}

/// The text of an answer that says that all went well.
fn text(response: &Response) -> Result<&str, ApiError> {
    answer::check(response, words).map_err(|error| told_apart(response, error))
}

/// One thing.
fn one<T: DeserializeOwned>(response: &Response) -> Result<T, ApiError> {
    answer::read(response, words).map_err(|error| told_apart(response, error))
}

#[derive(Deserialize)]
struct List {
    value: Vec<Box<RawValue>>,
}

/// A list of things, each read by itself so that a bad one spoils no other.
fn list<W: DeserializeOwned, T>(
    response: &Response,
    noun: &str,
    understand: fn(W) -> Result<T, String>,
) -> Result<Page<T, ()>, ApiError> {
    let List { value } = one(response)?;
    let mut page = Page { items: Vec::with_capacity(value.len()), bad: Vec::new(), next: () };
    for item in value {
        match serde_json::from_str(item.get()).map_err(|e| e.to_string()).and_then(understand) {
            Ok(item) => page.items.push(item),
            Err(why) => page.bad.push(format!("{noun} {}: {why}", name_of(&item))),
        }
    }
    Ok(page)
}

/// What a thing that cannot be read is called, as far as even that can be read.
fn name_of(item: &RawValue) -> String {
    #[derive(Deserialize)]
    struct Named {
        #[serde(alias = "pullRequestId", alias = "commitId")]
        id: serde_json::Value,
    }
    let named = serde_json::from_str::<Named>(item.get());
    named.map_or_else(|_| "without an id".to_owned(), |named| named.id.to_string().trim_matches('"').to_owned())
}

/// What stands under `_links`.
#[derive(Deserialize)]
struct Links {
    web: Option<Href>,
    avatar: Option<Href>,
}

#[derive(Deserialize)]
struct Href {
    href: Option<String>,
}

fn href(link: Option<Href>) -> Option<Link> {
    link.and_then(|link| link.href).as_deref().and_then(Link::new)
}

/// The part of an API's address that stands before `/_apis/`: the same place, for people.
fn before_api(url: Option<&str>) -> Option<&str> {
    url?.split_once("/_apis/").map(|(home, _)| home)
}

/// An address of a repository without the user that Git's addresses carry (`https://contoso@dev.azure.com/…`).
fn without_user(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

fn time(text: Option<&str>) -> Option<Timestamp> {
    text.and_then(Timestamp::parse)
}

/// `refs/heads/main` is `main`; what a pull request would merge (`refs/pull/7/merge`) is `pull/7`.
fn branch(name: Option<&str>) -> Option<Branch> {
    let name = name?.trim();
    let pull = || name.strip_prefix("refs/pull/")?.strip_suffix("/merge").map(|number| format!("pull/{number}"));
    match name.strip_prefix("refs/heads/") {
        Some(branch) => Branch::new(branch),
        None => Branch::new(&pull().unwrap_or_else(|| name.strip_prefix("refs/").unwrap_or(name).to_owned())),
    }
}

fn filled(text: Option<String>) -> Option<Box<str>> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(Into::into)
}

/// A service's word to compare with: the letters' case differs between its answers.
fn word(text: Option<&str>) -> String {
    text.unwrap_or_default().trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests;
