use std::time::Duration;

use expect_test::expect;

use super::{fixtures, *};
use crate::{domain::time::Timestamp, forge::Reads, http::NetError};

const READS: [Reads; 7] = [
    Reads::Runs,
    Reads::Releases,
    Reads::Commits,
    Reads::PullRequests,
    Reads::Manifests,
    Reads::Statuses,
    Reads::Environments,
];

#[test]
fn a_token_reaches_the_releases_of_its_own_service_alone() {
    #[track_caller]
    fn check(api: &str, release_api: &str, of: &str, expect: Option<&str>) {
        let at = forge(api, release_api);
        let secret = release_secret(&at, &token(of));
        assert_eq!(secret.as_ref().map(|s| s.origin().as_str()), expect, "{api} {release_api}");
        let sent = request_releases(&at, &ids(&["1"]), secret.as_ref()).has_secret();
        assert_eq!(sent, expect.is_some(), "{api} {release_api}");
        assert!(secret.is_none_or(|secret| secret.expose() == "not-a-real-token"));
    }
    let (dev, vsrm) = ("https://dev.azure.com", "https://vsrm.dev.azure.com");
    check(dev, vsrm, dev, Some(vsrm));
    check(dev, "https://vsrm.dev.azure.com:443/", dev, Some(vsrm));
    check(dev, dev, dev, Some(dev));
    check(dev, "https://evil.example", dev, None);
    check(dev, "https://vsrm.dev.azure.com.evil.example", dev, None);
    check(dev, "https://vsrm.dev.azure.com:8443", dev, None);
    check(dev, "http://vsrm.dev.azure.com", dev, None);
    check("http://dev.azure.com", vsrm, "http://dev.azure.com", None);
    check(vsrm, dev, vsrm, None);
    // A token for somewhere else is not one for this.
    check(dev, vsrm, "https://api.github.com", None);
    check(dev, vsrm, vsrm, None);
    let old = "https://contoso.visualstudio.com";
    check(old, "https://contoso.vsrm.visualstudio.com", old, Some("https://contoso.vsrm.visualstudio.com"));
    check(old, "https://other.vsrm.visualstudio.com", old, None);
    check(old, vsrm, old, None);
    check("https://a.b.visualstudio.com", "https://a.b.vsrm.visualstudio.com", "https://a.b.visualstudio.com", None);
    let own = "https://git.contoso.example:8443";
    check("https://git.contoso.example:8443/tfs", "https://git.contoso.example:8443/tfs", own, Some(own));
    check("https://git.contoso.example:8443/tfs", "https://git.contoso.example/tfs", own, None);
}

#[test]
fn the_token_travels_as_a_password_and_only_home() {
    let secret = token("https://dev.azure.com");
    let request = request_test(&service(), Some(&secret));
    assert_eq!(request.secret_header(), Some(("Authorization", "Basic Om5vdC1hLXJlYWwtdG9rZW4=".to_owned())));
    assert!(request_commits(&service(), "r", &[], Some(&secret)).has_secret());
    assert!(!request_releases(&service(), &ids(&["1"]), Some(&secret)).has_secret());
    assert!(!request_builds(&server(), &ids(&["1"]), Some(&secret)).has_secret());
}

#[test]
fn tests_of_a_token() {
    expect![[r#"
        GET https://dev.azure.com/contoso/trivia%20night/_apis/build/builds?$top=1&api-version=7.1
        Accept: application/json
    "#]]
    .assert_eq(&shown(&request_test(&service(), None)));
    assert_eq!(parse_test(&answer(200, r#"{"count":0,"value":[]}"#)), Ok(()));
    assert_eq!(parse_test(&answer(200, fixtures::BUILDS)), Ok(()));
    assert_eq!(failed(parse_test(&answer(200, r#"{"records":[]}"#))).kind, ProblemKind::Unreadable);
    assert_eq!(failed(parse_test(&answer(203, "<html>"))).kind, ProblemKind::Unauthorized);
}

#[test]
fn token_pages() {
    #[track_caller]
    fn check(at: &AzureDevOps, expect: &str) {
        assert_eq!(token_page(at).as_ref().map(Link::as_str), Some(expect));
    }
    check(&service(), "https://dev.azure.com/contoso/_usersSettings/tokens");
    check(&server(), "https://git.contoso.example:8443/tfs/contoso/_usersSettings/tokens");
    check(&legacy(), "https://contoso.visualstudio.com/_usersSettings/tokens");
    let code = "Code (read)";
    assert_eq!(READS.map(scope), ["Build (read)", "Release (read)", code, code, code, code, code]);
}

#[test]
fn refusals() {
    #[track_caller]
    fn check(status: u16, body: &str, kind: ProblemKind, code: &str) {
        let error = failed(parse_builds(&answer(status, body)));
        assert_eq!((error.kind, error.code.as_str(), error.status), (kind, code, status), "{body}");
        assert_eq!(failed(parse_stages(&answer(status, body))), error);
        assert_eq!(failed(parse_commit(&answer(status, body))), error);
    }
    let found =
        |message: &str, key: &str| format!(r#"{{"$id":"1","message":"{message}","typeKey":"{key}","errorCode":0}}"#);
    let nobody = "TF400813: The user '' is not authorized to access this resource.";
    let page = "<!DOCTYPE html><html><title>Azure DevOps Services | Sign In</title>";
    check(203, page, ProblemKind::Unauthorized, "");
    check(203, r#"{"value":[]}"#, ProblemKind::Unauthorized, "");
    check(200, page, ProblemKind::Unauthorized, "");
    check(200, "<!DOCTYPE html><title>Welcome to our network</title>", ProblemKind::Unreadable, "");
    check(302, "", ProblemKind::Unauthorized, "");
    check(0, "", ProblemKind::Unauthorized, "");
    check(401, "", ProblemKind::Unauthorized, "");
    check(
        401,
        &found(nobody, "UnauthorizedRequestException"),
        ProblemKind::Unauthorized,
        "UnauthorizedRequestException",
    );
    check(
        403,
        &found(nobody, "UnauthorizedRequestException"),
        ProblemKind::Unauthorized,
        "UnauthorizedRequestException",
    );
    check(
        403,
        &found("TF401027: You need the Git 'GenericRead' permission.", "GitNeedsPermissionException"),
        ProblemKind::Forbidden,
        "GitNeedsPermissionException",
    );
    check(404, fixtures::ERROR, ProblemKind::NotFound, "ProjectDoesNotExistWithNameException");
    check(404, page, ProblemKind::NotFound, "");
    check(
        429,
        &found("TF400733: The request has been canceled.", "RequestBlockedException"),
        ProblemKind::RateLimited,
        "RequestBlockedException",
    );
    check(429, page, ProblemKind::RateLimited, "");
    check(400, &found("TF400733: The request has been canceled.", ""), ProblemKind::RateLimited, "");
    check(
        400,
        &found("VS402375: No such version.", "VssVersionOutOfRangeException"),
        ProblemKind::Unreadable,
        "VssVersionOutOfRangeException",
    );
    check(500, &found("It broke.", "VssServiceException"), ProblemKind::Server, "VssServiceException");
    check(502, page, ProblemKind::Server, "");
    check(503, "", ProblemKind::Server, "");
}

#[test]
fn what_the_service_answers_is_kept() {
    let error = failed(parse_builds(&answer(404, fixtures::ERROR)));
    assert!(error.detail.starts_with("TF200016: The following project does not exist"), "{}", error.detail);
    assert_eq!(failed(parse_builds(&answer(200, ""))).kind, ProblemKind::Truncated);
    let error = failed(parse_builds(&answer(502, "<html>")));
    assert_eq!(error.detail, "a web page instead of data");
}

#[test]
fn limits_are_read() {
    let headers = [("x-ratelimit-remaining", "17"), ("X-RateLimit-Reset", "1795250000"), ("retry-after", "30")];
    let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let limits = limits(&Response { status: 429, headers, body: Vec::new() });
    assert_eq!(limits.remaining, Some(17));
    assert_eq!(limits.reset, Some(Timestamp::from_millis(1_795_250_000_000)));
    assert_eq!(limits.retry_after, Some(Duration::from_secs(30)));
}

#[test]
fn explanations() {
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
    let mut text = String::new();
    for kind in kinds {
        let (what, hint) = explain(&ApiError { status: 500, ..ApiError::new(kind, "") }, &service(), Reads::Runs);
        text += &format!("{}\n  {what}\n  {hint}\n", kind.as_str());
    }
    expect![[r#"
        unauthorized
          https://dev.azure.com does not accept the token for the builds of trivia night.
          It is missing, mistyped, expired or revoked, was made in another organization, or lacks the scope Build (read). Make one in contoso and enter it under Connections.
        forbidden
          The token may not read the builds of trivia night.
          It needs the scope Build (read), and whoever made it must be allowed to see them in trivia night. A policy of the organization may also shut out this network.
        not-found
          There is no project trivia night in contoso at https://dev.azure.com.
          Check organization, project and api in config.json. The same is said of a project that whoever made the token may not see.
        rate-limited
          https://dev.azure.com is limiting requests.
          Retrying more slowly. Whatever else uses the same token counts too.
        unreachable
          https://dev.azure.com does not let this page read the builds of trivia night.
          Most likely it is the token: missing, mistyped, expired or made in another organization. Browsers report a refused token and an unreachable host alike. Enter a new one with the scope Build (read) under Connections; if that does not help, this network blocks https://dev.azure.com.
        timeout
          https://dev.azure.com did not answer in time.
          Retrying. If this goes on, check the network between this device and the host.
        unreadable
          https://dev.azure.com answered with something that is none of the builds of trivia night.
          Check api in config.json. A proxy or a sign-in page may stand in between.
        server
          https://dev.azure.com failed with status 500.
          Retrying.
        offline
          This device is offline.
          Retrying as soon as the network is back.
        truncated
          A response of https://dev.azure.com was cut off.
          Retrying. If this goes on, something on the network cuts off long responses.
        expired
          The token for https://dev.azure.com has expired.
          Make a new one in contoso with the scope Build (read) and enter it under Connections.
    "#]].assert_eq(&text);
}

#[test]
fn explanations_are_specific() {
    #[track_caller]
    fn check(error: impl Into<ApiError>, at: &AzureDevOps, reads: Reads, expected: &[&str]) {
        let (what, hint) = explain(&error.into(), at, reads);
        let text = format!("{what}\n{hint}");
        assert!(expected.iter().all(|part| text.contains(part)), "{text}\nshould say {expected:?}");
    }
    let refused = || ApiError::new(ProblemKind::Unauthorized, "");
    let missing = || ApiError::new(ProblemKind::NotFound, "");
    // A browser hides a refusal: the token comes first, the network second.
    check(
        NetError::Blocked,
        &service(),
        Reads::Runs,
        &["https://dev.azure.com", "Most likely it is the token", "blocks"],
    );
    check(NetError::Blocked, &service(), Reads::Releases, &["https://vsrm.dev.azure.com", "Release (read)"]);
    check(
        NetError::Blocked,
        &server(),
        Reads::Runs,
        &["https://git.contoso.example:8443", "another collection", "CORS"],
    );
    check(
        refused(),
        &service(),
        Reads::Commits,
        &["commits", "Code (read)", "another organization", "Make one in contoso"],
    );
    check(refused(), &legacy(), Reads::Releases, &["https://contoso.vsrm.visualstudio.com", "another organization"]);
    let led_away = forge("https://dev.azure.com", "https://releases.example");
    check(refused(), &led_away, Reads::Releases, &["https://releases.example", "is not sent there", "releaseApi"]);
    check(NetError::Blocked, &led_away, Reads::Releases, &["is not sent there"]);
    check(refused(), &led_away, Reads::Runs, &["does not accept the token"]);
    check(missing(), &service(), Reads::Runs, &["no project trivia night in contoso", "api in config.json"]);
    check(missing(), &service(), Reads::Releases, &["releaseApi in config.json"]);
    check(missing(), &service(), Reads::PullRequests, &["repository", "pull requests"]);
    check(
        missing(),
        &service(),
        Reads::Manifests,
        &["repository", "these commits and tags", "history can be rewritten"],
    );
    check(refused(), &service(), Reads::Statuses, &["commit statuses of trivia night", "Code (read)"]);
    let gone = ApiError { code: "BuildNotFoundException".to_owned(), ..missing() };
    check(gone, &service(), Reads::Runs, &["no longer has some of the builds", "retention"]);
    let old = ApiError { status: 400, ..ApiError::new(ProblemKind::Unreadable, "") };
    check(old, &server(), Reads::Runs, &["7.1", "Azure DevOps Server"]);
}
