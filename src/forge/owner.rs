//! Whose a token is: the name that commits and pull requests of its owner carry.
//!
//! Sources: "Get the authenticated user" of GitHub's REST API, "Get the current user" of GitLab's, and
//! `_apis/connectionData` of Azure DevOps, which its own clients ask after signing in.

use super::{azure_devops, github, gitlab};
use crate::{
    config::Forge,
    http::{Request, Response, secret::Secret},
    json::{self, wire},
};

/// Asks whose a token is.
pub fn request_owner(forge: &Forge, secret: Option<&Secret>) -> Request {
    match forge {
        Forge::AzureDevOps(at) => azure_devops::request_owner(at, secret),
        Forge::GitHub(at) => github::request_owner(at, secret),
        Forge::GitLab(at) => gitlab::request_owner(at, secret),
    }
}

/// Reads the answer to [`request_owner`]; `None` where it has no name.
#[must_use]
pub fn parse_owner(response: &Response) -> Option<Box<str>> {
    wire! {
        struct Owner {
            name: Option<String>,
            login: Option<String>,
            user: Option<User> = "authenticatedUser",
        }
    }
    wire! {
        struct User {
            name: Option<String> = "providerDisplayName",
        }
    }
    if !response.is_success() {
        return None;
    }
    let Owner { name, login, user } = json::from_str(std::str::from_utf8(&response.body).ok()?).ok()?;
    let names = [name, user.and_then(|user| user.name), login];
    names.iter().flatten().map(|name| name.trim()).find(|name| !name.is_empty()).map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_forge_reports_a_name() {
        #[track_caller]
        fn check(status: u16, body: &str, expect: Option<&str>) {
            let response = Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() };
            assert_eq!(parse_owner(&response).as_deref(), expect, "{body}");
        }
        check(200, r#"{"login":"ana","name":"Ana Ruiz"}"#, Some("Ana Ruiz"));
        check(200, r#"{"login":"ana","name":null}"#, Some("ana"));
        check(200, r#"{"username":"ana","name":"Ana Ruiz"}"#, Some("Ana Ruiz"));
        check(200, r#"{"authenticatedUser":{"providerDisplayName":"Ana Ruiz"}}"#, Some("Ana Ruiz"));
        check(200, r#"{"name":" "}"#, None);
        check(200, "[]", None);
        check(403, r#"{"name":"Ana"}"#, None);
    }
}
