//! What people read of failures that have nothing to do with which forge it is. Refusals are each adapter's own.

use crate::{domain::problem::ProblemKind, http::ApiError};

/// What was asked, in words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// Whom.
    pub(super) host: &'a str,
    /// What for: "commits of contoso/trivia".
    pub(super) things: &'a str,
    /// What to look at where the answer is something else, as a sentence.
    pub(super) check: &'a str,
}

/// What is wrong, and what to do.
pub(super) fn common(error: &ApiError, asked: &Asked<'_>) -> (String, String) {
    let Asked { host, things, check } = asked;
    let again = "Retrying.".to_owned();
    match error.kind {
        ProblemKind::Offline => (
            "This device is offline.".to_owned(),
            "Retrying as soon as the network is back.".to_owned(),
        ),
        ProblemKind::Unreachable => (
            format!("{host} cannot be reached from this page."),
            "The address in config.json may be wrong, or a firewall, a VPN that is off or an extension blocks it (browsers don't say which).".to_owned(),
        ),
        ProblemKind::Timeout => (
            format!("{host} did not answer in time."),
            "Retrying. If this goes on, check the network between this device and the host.".to_owned(),
        ),
        ProblemKind::Truncated => (
            format!("A response of {host} was cut off."),
            "Retrying. If this goes on, something on the network cuts off long responses.".to_owned(),
        ),
        ProblemKind::Server if error.status == 503 => (format!("{host} is out of service for now."), again),
        ProblemKind::Server => (format!("{host} failed with status {}.", error.status), again),
        ProblemKind::Unreadable => (
            format!("{host} answered with something that is none of the {things}."),
            format!("{check} A proxy or a sign-in page may stand in between."),
        ),
        ProblemKind::RateLimited => {
            (format!("{host} is limiting requests."), "Retrying more slowly.".to_owned())
        }
        ProblemKind::Unauthorized | ProblemKind::Expired | ProblemKind::Forbidden | ProblemKind::NotFound => {
            (format!("{host} does not show the {things}."), format!("Check the token. {check}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::expect;

    use crate::{
        config::{AzureDevOps, Forge, GitHub, GitLab},
        domain::problem::ProblemKind,
        forge::{Reads, explain},
        http::{ApiError, address::Address},
    };

    #[test]
    fn outages_read_alike_whoever_has_them() {
        let api = |text: &str| Address::new(text).unwrap();
        let forges = [
            Forge::AzureDevOps(AzureDevOps {
                organization: "contoso".into(),
                project: "trivia".into(),
                repository: None,
                branch: None,
                api: api("https://dev.azure.com"),
                release_api: api("https://vsrm.dev.azure.com"),
            }),
            Forge::GitHub(GitHub {
                repository: "contoso/trivia".into(),
                branch: None,
                api: api("https://api.github.com"),
            }),
            Forge::GitLab(GitLab { project: "1042".into(), branch: None, api: api("https://gitlab.com/api/v4") }),
        ];
        let kinds = [
            (ProblemKind::Offline, 0),
            (ProblemKind::Unreachable, 0),
            (ProblemKind::Timeout, 0),
            (ProblemKind::Truncated, 200),
            (ProblemKind::Unreadable, 200),
            (ProblemKind::Server, 502),
            (ProblemKind::Server, 503),
        ];
        let mut text = String::new();
        for (kind, status) in kinds {
            for forge in &forges {
                let error = ApiError { status, ..ApiError::new(kind, "") };
                let (what, hint) = explain(&error, forge, Reads::Commits, true);
                let _ = writeln!(text, "{what} | {hint}");
            }
        }
        expect![[r#"
            This device is offline. | Retrying as soon as the network is back.
            This device is offline. | Retrying as soon as the network is back.
            This device is offline. | Retrying as soon as the network is back.
            https://dev.azure.com does not let this page read the commits of trivia. | Most likely it is the token: missing, mistyped, expired or made in another organization. Browsers report a refused token and an unreachable host alike. Enter a new one with the scope Code (read) under Connections; if that does not help, this network blocks https://dev.azure.com.
            api.github.com cannot be reached from this page. | The address in config.json may be wrong, or a firewall, a VPN that is off or an extension blocks it (browsers don't say which).
            gitlab.com cannot be reached from this page. | The address in config.json may be wrong, or a firewall, a VPN that is off or an extension blocks it (browsers don't say which).
            https://dev.azure.com did not answer in time. | Retrying. If this goes on, check the network between this device and the host.
            api.github.com did not answer in time. | Retrying. If this goes on, check the network between this device and the host.
            gitlab.com did not answer in time. | Retrying. If this goes on, check the network between this device and the host.
            A response of https://dev.azure.com was cut off. | Retrying. If this goes on, something on the network cuts off long responses.
            A response of api.github.com was cut off. | Retrying. If this goes on, something on the network cuts off long responses.
            A response of gitlab.com was cut off. | Retrying. If this goes on, something on the network cuts off long responses.
            https://dev.azure.com answered with something that is none of the commits of trivia. | Check api in config.json. A proxy or a sign-in page may stand in between.
            api.github.com answered with something that is none of the commits of contoso/trivia. | Check "api" in config.json: for GitHub Enterprise it is https://HOST/api/v3. A proxy or a sign-in page may stand in between.
            gitlab.com answered with something that is none of the commits of project 1042. | Check "api" in config.json: it is https://HOST/api/v4. A proxy or a sign-in page may stand in between.
            https://dev.azure.com failed with status 502. | Retrying.
            api.github.com failed with status 502. | Retrying.
            gitlab.com failed with status 502. | Retrying.
            https://dev.azure.com is out of service for now. | Retrying.
            api.github.com is out of service for now. | Retrying.
            gitlab.com is out of service for now. | Retrying.
        "#]].assert_eq(&text);
    }
}
