use super::*;
use crate::{
    domain::{id::RunId, problem::ProblemKind},
    http::{ApiError, NetError},
};

fn refused(status: u16, headers: &[(&str, &str)], message: &str) -> ApiError {
    let body = serde_json::json!({"message": message, "documentation_url": "https://docs.github.com/rest"});
    parse_job(&answer(status, headers, &body.to_string())).unwrap_err()
}

#[test]
fn refusals() {
    #[track_caller]
    fn check(
        status: u16,
        headers: &[(&str, &str)],
        message: &str,
        has_token: bool,
        kind: ProblemKind,
        expected: [&str; 2],
    ) {
        let error = refused(status, headers, message);
        assert_eq!(error.kind, kind, "{error:?}");
        assert!(error.detail.starts_with(message), "{error:?}");
        let (what, hint) = explain(&error, &here(), Reads::Runs, has_token);
        assert!(what.contains(expected[0]), "{what:?} should say {:?}", expected[0]);
        assert!(hint.contains(expected[1]), "{hint:?} should say {:?}", expected[1]);
    }
    use ProblemKind::{Forbidden, NotFound, RateLimited, Server, Unauthorized};
    check(401, &[], "Bad credentials", true, Unauthorized, ["refuses the token", "expired"]);
    check(401, &[], "Must authenticate", false, Unauthorized, ["needs a token", "settings/personal-access-tokens/new"]);
    let lacks = "Resource not accessible by personal access token";
    check(403, &[], lacks, true, Forbidden, ["may not read the workflow runs of contoso/trivia", "Actions: read"]);
    check(403, &[("x-ratelimit-remaining", "4999")], lacks, true, Forbidden, ["may not", "Actions: read"]);
    check(403, &[], "Must have rights", false, Forbidden, ["without a token", "Actions: read"]);
    check(403, &[], "Resource protected by organization SAML enforcement.", true, Forbidden, ["contoso", "SSO"]);
    check(451, &[], "Repository access blocked", true, Forbidden, ["may not read", "approve"]);
    check(404, &[], "Not Found", true, NotFound, ["shows this token no such", "access to contoso/trivia"]);
    check(404, &[], "Not Found", false, NotFound, ["shows no such", "is private"]);
    let used_up = "API rate limit exceeded for 192.0.2.7.";
    check(403, &[("x-ratelimit-remaining", "0")], used_up, false, RateLimited, ["60 requests", "Enter a token"]);
    check(403, &[("x-ratelimit-remaining", "0")], "Forbidden", true, RateLimited, ["used up", "when the hour is over"]);
    check(429, &[], used_up, true, RateLimited, ["used up", "when the hour is over"]);
    check(403, &[], used_up, false, RateLimited, ["60 requests", "Enter a token"]); // no header is visible
    let haste = "You have exceeded a secondary rate limit.";
    check(403, &[("retry-after", "60")], haste, true, RateLimited, ["too many at once", "more slowly"]);
    check(403, &[("retry-after", "60")], "Wait a minute", true, RateLimited, ["too many at once", "more slowly"]);
    let abuse = "You have triggered an abuse detection mechanism.";
    check(403, &[], abuse, true, RateLimited, ["too many at once", "more slowly"]);
    check(503, &[], "Service unavailable", true, Server, ["out of service", "Retrying"]);
    check(500, &[], "Oops", true, Server, ["status 500", "Retrying"]);
}

#[test]
fn a_limit_has_when_to_ask_again() {
    let error = refused(429, &[("retry-after", "60")], "secondary rate limit");
    assert_eq!(error.retry_after, Some(std::time::Duration::from_secs(60)));
}

#[test]
fn single_sign_on() {
    let page = "https://github.com/orgs/contoso/sso?authorization_request=AZSCmadeup";
    let error = refused(403, &[("x-github-sso", &format!("required; url={page}"))], "Resource protected");
    assert_eq!((error.kind, error.code.as_str()), (ProblemKind::Forbidden, "sso"));
    assert_eq!(error.detail, "Resource protected https://github.com/orgs/contoso/sso");
    let (what, hint) = explain(&error, &here(), Reads::Commits, true);
    assert!(what.contains("single sign-on") && hint.contains("Configure SSO"), "{what} {hint}");
    // The same header accompanies answers that are only incomplete.
    let error = refused(403, &[("x-github-sso", "partial-results; organizations=21955855")], "No");
    assert_eq!(error.code, "");
}

#[test]
fn an_id_that_no_commit_has() {
    let message = r#"{"message": "No commit found for SHA: 0a12da8", "status": "422"}"#;
    for status in [404, 409, 422] {
        let error = parse_commit(&answer(status, &[], message)).unwrap_err();
        assert_eq!((error.kind, error.status), (ProblemKind::NotFound, status));
    }
    assert_eq!(parse_job(&answer(422, &[], message)).unwrap_err().kind, ProblemKind::Unreadable);
}

#[test]
fn everything_is_explained() {
    let kinds = [
        ProblemKind::Unauthorized,
        ProblemKind::Forbidden,
        ProblemKind::NotFound,
        ProblemKind::RateLimited,
        ProblemKind::Unreachable,
        ProblemKind::Timeout,
        ProblemKind::Unreadable,
        ProblemKind::Server,
        ProblemKind::Offline,
        ProblemKind::Truncated,
        ProblemKind::Expired,
    ];
    for kind in kinds {
        for reads in [
            Reads::Runs,
            Reads::Releases,
            Reads::Commits,
            Reads::PullRequests,
            Reads::Manifests,
            Reads::Statuses,
            Reads::Environments,
        ] {
            for has_token in [true, false] {
                // Nobody knows where a token is made for a server behind a proxy.
                for at in [here(), at("http://127.0.0.1:9000/github")] {
                    let (what, hint) = explain(&ApiError::new(kind, ""), &at, reads, has_token);
                    let sentences = what.ends_with('.') && hint.ends_with('.') && !hint.contains("  ");
                    assert!(sentences, "{what} {hint}");
                }
            }
        }
    }
    assert!(explain(&NetError::Offline.into(), &here(), Reads::Runs, true).0.contains("offline"));
}

#[test]
fn permissions() {
    assert_eq!(scope(Reads::Runs), "Actions: read");
    assert_eq!(scope(Reads::Releases), "Actions: read");
    assert_eq!(scope(Reads::Commits), "Contents: read");
    assert_eq!(scope(Reads::PullRequests), "Pull requests: read");
    assert_eq!(scope(Reads::Manifests), "Contents: read");
    assert_eq!(scope(Reads::Statuses), "Commit statuses: read");
    assert_eq!(scope(Reads::Environments), "Deployments: read");
}

#[test]
fn a_token_is_never_shown() {
    let id = RunId::new("1").unwrap();
    let request = request_job(&here(), &id, Some(&token()), None);
    let many = request_many(&here(), &[], Some(&token()));
    assert!(request.has_secret() && many.has_secret());
    assert!(!format!("{request:?}{many:?}").contains("made_up"));
    assert_eq!(request.secret_header(), Some(("Authorization", "Bearer github_pat_made_up".to_owned())));
}
