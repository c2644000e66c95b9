//! What its answers have in common: refusals, lists, and how single values are read.

use crate::{
    domain::{id::Branch, link::Link, problem::ProblemKind, time::Timestamp},
    forge::answer,
    http::{ApiError, Page, Response},
    json::{self, FromJson, Json, wire},
};

wire! {
    struct ErrorBody {
        message: Option<String>,
        type_key: Option<String> = "typeKey",
    }
}

fn words(body: &str) -> (String, String) {
    let body = json::from_str(body).unwrap_or(ErrorBody { message: None, type_key: None });
    let message = body.message.unwrap_or_default();
    (body.type_key.unwrap_or_default(), message.lines().next().unwrap_or_default().trim().to_owned())
}

/// A status is not always the whole truth: TF400813 (nobody is signed in) and TF400733 (too much was asked) come with
/// several. And a page with status 200 is its sign-in page only if it has its title.
fn with_kind(response: &Response, mut error: ApiError) -> ApiError {
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

/// The text of a successful answer.
pub(super) fn text(response: &Response) -> Result<&str, ApiError> {
    answer::check(response, words).map_err(|error| with_kind(response, error))
}

pub(super) fn one<'a, T: FromJson<'a>>(response: &'a Response) -> Result<T, ApiError> {
    answer::read(response, words).map_err(|error| with_kind(response, error))
}

wire! {
    pub(super) struct List<'a> {
        pub(super) value: Vec<Json<'a>>,
    }
}

/// A list of things, each read by itself so that a bad one spoils no other.
pub(super) fn list<'a, W: FromJson<'a>, T>(
    response: &'a Response,
    noun: &str,
    understand: fn(W) -> Result<T, String>,
) -> Result<Page<T, ()>, ApiError> {
    let List { value } = one(response)?;
    let mut page = Page { items: Vec::with_capacity(value.len()), bad: Vec::new(), next: () };
    for item in &value {
        match json::from_json(item).map_err(|fault| fault.to_string()).and_then(understand) {
            Ok(item) => page.items.push(item),
            Err(why) => page.bad.push(format!("{noun} {}: {why}", name_of(item))),
        }
    }
    Ok(page)
}

/// What a thing that cannot be read is called, as far as even that can be read.
fn name_of(item: &Json<'_>) -> String {
    let id = item.object().and_then(|item| ["id", "pullRequestId", "commitId"].iter().find_map(|name| item.get(name)));
    id.map_or("without an id", Json::as_str).to_owned()
}

wire! {
    /// What stands under `_links`.
    pub(super) struct Links {
        pub(super) web: Option<Href>,
        pub(super) avatar: Option<Href>,
    }

    pub(super) struct Href {
        href: Option<String>,
    }
}

pub(super) fn href(link: Option<Href>) -> Option<Link> {
    link.and_then(|link| link.href).as_deref().and_then(Link::new)
}

/// The part of an API's address that stands before `/_apis/`: the same place, for people.
pub(super) fn before_api(url: Option<&str>) -> Option<&str> {
    url?.split_once("/_apis/").map(|(home, _)| home)
}

/// An address of a repository without the user that Git's addresses carry (`https://contoso@dev.azure.com/…`).
pub(super) fn without_user(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

pub(super) fn time(text: Option<&str>) -> Option<Timestamp> {
    text.and_then(Timestamp::parse)
}

/// `refs/heads/main` is `main`; what a pull request would merge (`refs/pull/7/merge`) is `pull/7`.
pub(super) fn branch(name: Option<&str>) -> Option<Branch> {
    let name = name?.trim();
    let pull = || name.strip_prefix("refs/pull/")?.strip_suffix("/merge").map(|number| format!("pull/{number}"));
    match name.strip_prefix("refs/heads/") {
        Some(branch) => Branch::new(branch),
        None => Branch::new(&pull().unwrap_or_else(|| name.strip_prefix("refs/").unwrap_or(name).to_owned())),
    }
}

pub(super) fn filled(text: Option<String>) -> Option<Box<str>> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(Into::into)
}

/// By an order that may be missing: what has none comes last.
pub(super) const fn known_first(order: Option<i64>) -> (bool, Option<i64>) {
    (order.is_none(), order)
}

/// A service's word to compare with: the letters' case differs between its answers.
pub(super) fn word(text: Option<&str>) -> String {
    text.unwrap_or_default().trim().to_ascii_lowercase()
}
