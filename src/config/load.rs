//! What to do with the answer to a request for `config.json`.

use std::time::Duration;

use super::{Config, parse::parse};
use crate::{
    domain::problem::{Area, Problem, ProblemKind},
    http::{ApiError, NetError, Response},
};

/// What came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Loaded {
    /// There is none: show sample data, and label it as such.
    Sample,
    /// It can be used; with a warning.
    Ready(Config, Vec<Problem>),
    /// It is there and cannot be used.
    Invalid(Vec<Problem>),
    /// It did not come, and may if it is asked for again; how long the host is not to be asked again.
    Unavailable(Problem, Option<Duration>),
}

/// Reads the answer to a request for `config.json`.
///
/// Absent is: 404 and 410; any success that is a web page, which is how hosts of single-page sites answer for what
/// they do not have; and 403 with an object store's `AccessDenied`, which is how S3 and what imitates it answer for
/// what is not there when listing is not allowed (Azure answers 404). Every other refusal is *not* taken for
/// absence: to show sample data to somebody who has only lost access would be worse than a message.
#[must_use]
pub fn from_response(answer: &Result<Response, NetError>) -> Loaded {
    let response = match answer {
        Ok(response) => response,
        Err(error) => return unavailable(ApiError::from(*error).kind, "config.json did not arrive.", CHECK, None),
    };
    let refused = |kind, hint| {
        let what = format!("The host of this page answered {} for config.json.", response.status);
        unavailable(kind, &what, hint, response.retry_after())
    };
    match response.status {
        404 | 410 => Loaded::Sample,
        403 if is_store_denial(response) => Loaded::Sample,
        401 => refused(ProblemKind::Unauthorized, SIGN_IN),
        403 => refused(ProblemKind::Forbidden, SIGN_IN),
        429 => refused(ProblemKind::RateLimited, CHECK),
        _ if !response.is_success() => refused(ProblemKind::Server, CHECK),
        _ if response.is_html() => Loaded::Sample,
        _ => match std::str::from_utf8(&response.body).map(parse) {
            Ok(Ok((config, problems))) => Loaded::Ready(config, problems),
            Ok(Err(problems)) => Loaded::Invalid(problems),
            Err(_) => {
                let what = "config.json is not UTF-8 text.";
                let hint = "Save it with the encoding UTF-8.";
                Loaded::Invalid(vec![Problem::error(Area::Config, ProblemKind::Unreadable, what, hint)])
            }
        },
    }
}

const CHECK: &str = "Retrying. If this goes on, look at the connection and at the host of this page.";
const SIGN_IN: &str = "Sign in where this page is served. Retrying.";

fn unavailable(kind: ProblemKind, what: &str, hint: &str, retry_after: Option<Duration>) -> Loaded {
    Loaded::Unavailable(Problem::error(Area::Config, kind, what, hint), retry_after)
}

fn is_store_denial(response: &Response) -> bool {
    let body = String::from_utf8_lossy(&response.body);
    !response.is_html() && body.contains("<Code>AccessDenied</Code>")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `sample`, `ready`, or the kind of the first problem.
    fn name(loaded: &Loaded) -> &'static str {
        match loaded {
            Loaded::Sample => "sample",
            Loaded::Ready(..) => "ready",
            Loaded::Invalid(problems) => problems[0].kind.as_str(),
            Loaded::Unavailable(problem, _) => problem.kind.as_str(),
        }
    }

    #[test]
    fn answers() {
        #[track_caller]
        fn check(status: u16, kind: &str, body: &[u8], expect: &str) {
            let headers = vec![("content-type".to_owned(), kind.to_owned())];
            let loaded = from_response(&Ok(Response { status, headers, body: body.into() }));
            assert_eq!(name(&loaded), expect, "{status} {kind}");
            match loaded {
                Loaded::Invalid(problems) => {
                    assert_eq!(status, 200);
                    assert!(!problems[0].what.is_empty() && !problems[0].hint.is_empty());
                }
                Loaded::Unavailable(problem, _) => {
                    assert_ne!(status, 200);
                    assert!(problem.what.contains(&status.to_string()) && problem.hint.contains("Retrying"));
                }
                Loaded::Sample | Loaded::Ready(..) => {}
            }
        }
        let good = br#"{"projects":[{"name":"a","storage":{"kind":"snapshot","url":"s.json"}}]}"#;
        let denied = b"<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>";
        check(200, "application/json", good, "ready");
        check(200, "text/plain", &[b"\xEF\xBB\xBF", &good[..]].concat(), "ready"); // Notepad's mark
        check(404, "text/html", b"<html>", "sample");
        check(404, "", b"", "sample");
        check(410, "", b"", "sample");
        check(200, "text/html", b"<!doctype html><title>Ringside</title>", "sample");
        check(200, "application/json", b"<!DOCTYPE html>", "sample");
        check(403, "application/xml", denied, "sample");
        check(403, "text/html", b"<html>Forbidden by policy", "forbidden");
        check(401, "", b"", "unauthorized");
        check(429, "", b"", "rate-limited");
        check(500, "text/html", b"<html>", "server");
        check(503, "", b"", "server");
        check(304, "", b"", "server");
        check(200, "application/json", b"{", "unreadable");
        check(200, "application/json", b"", "unreadable");
        check(200, "application/json", b"\xff\xfe{\0}\0", "unreadable"); // UTF-16
    }

    #[test]
    fn no_answer() {
        #[track_caller]
        fn check(error: NetError, expect: &str) {
            assert_eq!(name(&from_response(&Err(error))), expect);
        }
        check(NetError::Offline, "offline");
        check(NetError::Timeout, "timeout");
        check(NetError::Blocked, "unreachable");
    }
}
