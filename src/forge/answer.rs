//! What every forge's answer is checked for before it is read.

use crate::{
    domain::{manifests::BranchEnd, problem::ProblemKind},
    http::{ApiError, Response},
    json::{self, Fault, FromJson, Json},
};

/// Takes the service's code and message from the body of a refusal.
pub(super) type Words = fn(&str) -> (String, String);

/// The error of an answer that is a page for people.
pub(super) const WEB_PAGE: &str = "a web page instead of data";

/// Reads the JSON of a successful answer.
///
/// # Errors
/// For a refusal, a web page where data was asked for, and anything that is not JSON of that shape. `words` takes the
/// service's code and message from the body of a refusal.
pub(super) fn read<'a, T: FromJson<'a>>(response: &'a Response, words: Words) -> Result<T, ApiError> {
    let body = check(response, words)?;
    json::from_str(body).map_err(|fault| unreadable(response, &fault))
}

/// What is wrong with an answer that cannot be read.
pub(super) fn unreadable(response: &Response, fault: &Fault) -> ApiError {
    let kind = if *fault == Fault::End { ProblemKind::Truncated } else { ProblemKind::Unreadable };
    failure(response, kind, String::new(), fault.to_string())
}

/// The error of an answer that holds this in place of what was asked for.
pub(super) fn no(response: &Response, what: &str) -> ApiError {
    ApiError { status: response.status, ..ApiError::new(ProblemKind::Unreadable, what) }
}

/// What became of a branch, by the references whose names begin with its own, each by its name where that can be read:
/// `None` when the branch is there.
///
/// # Errors
/// When the branch may be among them without being readable.
pub(super) fn branch_end(
    response: &Response,
    references: impl Iterator<Item = Option<String>>,
    branch: &str,
) -> Result<Option<BranchEnd>, ApiError> {
    let mut is_readable = true;
    for name in references {
        match name {
            Some(name) if name.strip_prefix("refs/heads/") == Some(branch) => return Ok(None),
            name => is_readable &= name.is_some(),
        }
    }
    if is_readable { Ok(Some(BranchEnd::Gone)) } else { Err(no(response, "a branch without a name")) }
}

/// Refuses an answer that is about another thing than was asked for: each of its items has what it is about at the end
/// of `path`. What has nothing there is taken.
///
/// # Errors
/// When an item is about another thing.
pub(super) fn hold(response: &Response, path: &[&str], is_it: impl Fn(&str) -> bool) -> Result<(), ApiError> {
    // What cannot be read at all is reported by who reads it.
    let text = std::str::from_utf8(&response.body).unwrap_or_default().trim_start_matches('\u{feff}');
    let Ok(json) = Json::parse(text) else { return Ok(()) };
    let list = json.object().and_then(|object| object.get("value")).unwrap_or(&json);
    let items = list.items().unwrap_or(std::slice::from_ref(&json));
    let is_other = |item: &Json<'_>| {
        let found = path.iter().try_fold(item, |json, name| json.object()?.get(name)).filter(|json| !json.is_null());
        found.is_some_and(|json| !is_it(&json.text().unwrap_or_else(|| json.as_str().into())))
    };
    if items.iter().any(is_other) { Err(no(response, "another thing than was asked for")) } else { Ok(()) }
}

/// An item of a list, if it can be read: one that cannot must not cost the others.
pub(super) fn item<'a, T: FromJson<'a>>(raw: &Json<'a>) -> Option<T> {
    json::from_json(raw).ok()
}

/// Whether a list has another page: as its headers state where a browser may read them, else when this one is full.
pub(super) fn has_next(response: &Response, is_full: bool) -> bool {
    match (response.header("x-next-page"), response.header("link")) {
        (Some(page), _) => !page.trim().is_empty(),
        (None, Some(link)) => link.contains("rel=\"next\""),
        (None, None) => is_full,
    }
}

/// The text of a successful answer.
///
/// # Errors
/// As [`read`], but for the shape.
pub(super) fn check(response: &Response, words: Words) -> Result<&str, ApiError> {
    // Azure DevOps answers a token that is not (or no longer) one with 203, or leads to its sign-in page.
    if response.status == 203 || (300..400).contains(&response.status) || response.status == 0 {
        let detail = "a sign-in page instead of data".to_owned();
        return Err(failure(response, ProblemKind::Unauthorized, String::new(), detail));
    }
    // Whoever shows a page with any other status, be it a proxy or a hotel's network, is no evidence of a token.
    if response.is_html() {
        let kind = match response.status {
            401 => ProblemKind::Unauthorized,
            404 | 410 => ProblemKind::NotFound,
            429 => ProblemKind::RateLimited,
            500.. => ProblemKind::Server,
            _ => ProblemKind::Unreadable,
        };
        return Err(failure(response, kind, String::new(), WEB_PAGE.to_owned()));
    }
    let body = match std::str::from_utf8(&response.body) {
        Ok(body) => body.trim_start_matches('\u{feff}'),
        Err(error) if error.error_len().is_none() => {
            return Err(failure(response, ProblemKind::Truncated, String::new(), String::new()));
        }
        Err(_) => return Err(failure(response, ProblemKind::Unreadable, String::new(), "not UTF-8".to_owned())),
    };
    if response.is_success() {
        return Ok(body);
    }
    let (code, detail) = words(body);
    let kind = match response.status {
        401 => ProblemKind::Unauthorized,
        // Asked too often, which GitHub states with 403 too; its adapter distinguishes the two.
        429 => ProblemKind::RateLimited,
        403 => ProblemKind::Forbidden,
        404 | 410 => ProblemKind::NotFound,
        408 => ProblemKind::Timeout,
        500.. => ProblemKind::Server,
        _ => ProblemKind::Unreadable,
    };
    Err(failure(response, kind, code, detail))
}

fn failure(response: &Response, kind: ProblemKind, code: String, detail: String) -> ApiError {
    ApiError { kind, status: response.status, code, detail, retry_after: response.retry_after() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages() {
        #[track_caller]
        fn check(headers: &[(&str, &str)], is_full: bool, expect: bool) {
            let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let response = Response { status: 200, headers, body: Vec::new() };
            assert_eq!(has_next(&response, is_full), expect, "{:?} {is_full}", response.headers);
        }
        // Where no header may be read a full page is not taken for the end.
        check(&[], true, true);
        check(&[], false, false);
        check(
            &[("Link", "<https://a.example/?page=2>; rel=\"next\", <https://a.example/?page=9>; rel=\"last\"")],
            true,
            true,
        );
        check(&[("Link", "<https://a.example/?page=1>; rel=\"first\"")], true, false);
        check(&[("X-Next-Page", "2")], false, true);
        check(&[("X-Next-Page", ""), ("Link", "<https://a.example/?page=1>; rel=\"first\"")], true, false);
    }

    #[test]
    fn branches() {
        #[track_caller]
        fn check(names: &[&str], branch: &str, expect: Result<Option<BranchEnd>, ProblemKind>) {
            let response = Response { status: 200, headers: Vec::new(), body: Vec::new() };
            // "-" is one that cannot be read.
            let references = names.iter().map(|name| Some((*name).to_owned()).filter(|name| name != "-"));
            let found = branch_end(&response, references, branch);
            assert_eq!(found.map_err(|error| error.kind), expect, "{names:?} {branch}");
        }
        let two = ["refs/heads/feature/a", "refs/heads/feature/ab"];
        check(&two, "feature/a", Ok(None));
        check(&two, "feature/ab", Ok(None));
        check(&two, "feature", Ok(Some(BranchEnd::Gone)));
        check(&two, "feature/A", Ok(Some(BranchEnd::Gone)));
        check(&["feature", "refs/tags/feature"], "feature", Ok(Some(BranchEnd::Gone)));
        check(&[], "feature", Ok(Some(BranchEnd::Gone)));
        check(&["refs/heads/feature", "-"], "feature", Ok(None));
        check(&["-", "refs/heads/feature"], "feature", Ok(None));
        check(&["refs/heads/feature2", "-"], "feature", Err(ProblemKind::Unreadable));
        check(&["-", "refs/heads/feature2"], "feature", Err(ProblemKind::Unreadable));
    }

    #[test]
    fn kinds() {
        #[track_caller]
        fn check(status: u16, kind: &str, body: &[u8], expect: Result<u32, ProblemKind>) {
            let headers = vec![("content-type".to_owned(), kind.to_owned())];
            let response = Response { status, headers, body: body.to_vec() };
            let result = read::<u32>(&response, |_| (String::new(), String::new()));
            assert_eq!(result.map_err(|e| e.kind), expect, "{status} {kind}");
        }
        check(200, "application/json", b"7", Ok(7));
        check(200, "application/json", "\u{feff}7".as_bytes(), Ok(7));
        check(200, "application/json", b"", Err(ProblemKind::Truncated));
        check(200, "application/json", b"\"\xC3", Err(ProblemKind::Truncated));
        check(200, "application/json", b"\xFF", Err(ProblemKind::Unreadable));
        check(200, "application/json", b"[]", Err(ProblemKind::Unreadable));
        check(200, "text/html", b"<html>Welcome to our network", Err(ProblemKind::Unreadable));
        check(403, "text/html", b"<html>Blocked by the proxy", Err(ProblemKind::Unreadable));
        check(401, "text/html", b"<html>Sign in", Err(ProblemKind::Unauthorized));
        check(404, "text/html", b"<html>Not found", Err(ProblemKind::NotFound));
        check(503, "application/json", b"{}", Err(ProblemKind::Server));
        check(203, "application/json", b"7", Err(ProblemKind::Unauthorized));
        check(302, "", b"", Err(ProblemKind::Unauthorized));
        check(401, "application/json", b"{}", Err(ProblemKind::Unauthorized));
        check(403, "application/json", b"{}", Err(ProblemKind::Forbidden));
        check(404, "application/json", b"{}", Err(ProblemKind::NotFound));
        check(429, "application/json", b"{}", Err(ProblemKind::RateLimited));
        check(502, "text/html", b"<html>Bad gateway", Err(ProblemKind::Server));
        check(500, "application/json", b"{}", Err(ProblemKind::Server));
        check(400, "application/json", b"{}", Err(ProblemKind::Unreadable));
    }
}
