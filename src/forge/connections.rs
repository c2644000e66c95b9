//! What a configuration connects to besides tables: one entry for each origin that a viewer's token may be for.
//!
//! The token belongs to the origin, so whatever lives there, of whichever project, is one connection.

use super::{
    adapters::capabilities,
    azure_devops,
    capabilities::{Anonymous, Reads},
    github, gitlab,
};
use crate::{
    config::{Config, Forge, Project, SignIn, SignInKind},
    domain::{link::Link, stage::Service},
    http::{Origin, address::Address},
};

/// Whether anything can be read without a token.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Need {
    /// It works without, within limits.
    Optional,
    /// Without, a browser gets no answer that it may read.
    Required,
}

/// One origin, and what it is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Connection {
    /// Whom the token belongs to.
    pub origin: Origin,
    /// What answers there.
    pub service: Service,
    /// One of those that live there, for tests and links.
    pub forge: Forge,
    /// What is read there, a phrase each: "builds and releases of contoso/trivia".
    pub uses: Vec<String>,
    /// Whether it needs a token.
    pub need: Need,
    /// The narrowest that a token must be allowed, in the service's own words.
    pub scopes: Vec<&'static str>,
    /// Where the service makes tokens.
    pub token_page: Option<Link>,
    /// The other origin that the same token goes to: where Azure DevOps has its classic releases.
    pub also_sent_to: Option<Origin>,
}

impl Connection {
    /// The scopes that a sign-in asks for to read here; `None` where it brings no token for this origin. GitHub's are
    /// the registration's own.
    #[must_use]
    pub fn sign_in_scopes(&self, sign_in: &SignIn) -> Option<&'static str> {
        let server = &sign_in.server;
        let is_near = self.origin == *server.origin() || self.forge.api().is_this_machine() && server.is_this_machine();
        match (&sign_in.kind, &self.forge) {
            (SignInKind::Entra { .. }, Forge::AzureDevOps(at)) if azure_devops::has_entra_sign_in(at) => {
                Some(azure_devops::SIGN_IN_SCOPES)
            }
            (SignInKind::GitLab, Forge::GitLab(_)) if is_near => Some(gitlab::scope(Reads::Runs)),
            (SignInKind::GitHub { .. }, Forge::GitHub(_)) if is_near || self.is_github_com(server) => Some(""),
            _ => None,
        }
    }

    /// GitHub's own API is on another host than its page.
    fn is_github_com(&self, server: &Address) -> bool {
        self.origin.as_str() == "https://api.github.com" && server.origin().as_str() == "https://github.com"
    }
}

/// What a forge does for a project.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Build,
    Release,
    Manifest,
    Manifests,
    /// The repositories of commits, by the rows.
    Sources,
}

/// Every origin of forges that a configuration names, in the order in which it names them, and GitHub's own: rows of
/// other forges' builds may name repositories there.
#[must_use]
pub fn connections(config: &Config) -> Vec<Connection> {
    let mut all = Vec::new();
    let names_projects = config.projects.len() > 1;
    for project in &config.projects {
        let mut phrases: Vec<Phrase> = Vec::new();
        for (part, forge) in parts(project) {
            let origin = origin_of(part, forge);
            add(&mut all, origin, part, forge);
            add_phrase(&mut phrases, origin, part, forge);
        }
        for phrase in phrases {
            let project = names_projects.then(|| ["project ", project.name.as_str(), ": "].concat());
            let use_ = [&project.unwrap_or_default(), &crate::text::list(&phrase.what), " ", &phrase.place].concat();
            if let Some(connection) = all.iter_mut().find(|c| c.origin == phrase.origin) {
                connection.uses.push(use_);
            }
        }
    }
    let has_pipelines = config.projects.iter().any(|project| project.pipelines.is_some());
    let names_github = config.projects.iter().flat_map(parts).any(|(_, forge)| matches!(forge, Forge::GitHub(_)));
    if has_pipelines
        && !names_github
        && let Some(at) = github::public()
    {
        let forge = Forge::GitHub(at);
        add(&mut all, forge.api().origin(), Part::Sources, &forge);
        if let Some(connection) = all.last_mut() {
            connection.uses.push("commits in repositories on GitHub that rows name".to_owned());
        }
    }
    all
}

fn parts(project: &Project) -> impl Iterator<Item = (Part, &Forge)> {
    let pipelines = project.pipelines.iter().flat_map(|pipelines| {
        [(Part::Build, &pipelines.build), (Part::Release, &pipelines.release), (Part::Manifest, &pipelines.manifest)]
    });
    pipelines.chain(project.manifests.iter().map(|forge| (Part::Manifests, forge)))
}

/// Classic releases may be elsewhere, and then with a token of their own.
fn origin_of(part: Part, forge: &Forge) -> &Origin {
    match (part, forge) {
        (Part::Release, Forge::AzureDevOps(at)) if !azure_devops::shares_token(at) => at.release_api.origin(),
        _ => forge.api().origin(),
    }
}

fn add(all: &mut Vec<Connection>, origin: &Origin, part: Part, forge: &Forge) {
    let service = forge.service();
    let need = match capabilities(service).anonymous {
        Anonymous::Nothing => Need::Required,
        Anonymous::Little | Anonymous::AsMuch => Need::Optional,
    };
    let place = all.iter().position(|c| c.origin == *origin).unwrap_or_else(|| {
        all.push(Connection {
            origin: origin.clone(),
            service,
            forge: forge.clone(),
            uses: Vec::new(),
            need,
            scopes: Vec::new(),
            // Of another origin nobody knows, and a token of the API's is not for it.
            token_page: token_page(forge).filter(|_| forge.api().origin() == origin),
            also_sent_to: None,
        });
        all.len() - 1
    });
    let Some(connection) = all.get_mut(place) else { return };
    connection.need = connection.need.max(need);
    for scope in reads(part, service).iter().map(|reads| scope(service, *reads)) {
        if !connection.scopes.contains(&scope) {
            connection.scopes.push(scope);
        }
    }
    if let (Part::Release, Forge::AzureDevOps(at)) = (part, forge) {
        let releases = at.release_api.origin();
        if releases != origin {
            connection.also_sent_to = Some(releases.clone());
        }
    }
}

/// What is read of it, and so what a token must be allowed.
const fn reads(part: Part, service: Service) -> &'static [Reads] {
    match (part, service) {
        (Part::Build, _) => &[Reads::Runs, Reads::Commits],
        (Part::Release, Service::AzureDevOps) => &[Reads::Releases],
        (Part::Release, _) => &[Reads::Runs],
        // What it builds is the definition, whose pull requests are waited for.
        (Part::Manifest, _) => &[Reads::Runs, Reads::PullRequests],
        (Part::Manifests, Service::GitHub) => &[Reads::Manifests, Reads::Statuses, Reads::Environments],
        (Part::Manifests, _) => &[Reads::Manifests, Reads::Statuses],
        (Part::Sources, _) => &[Reads::Commits],
    }
}

/// What one place is for, on its way to a phrase.
struct Phrase {
    origin: Origin,
    place: String,
    what: Vec<&'static str>,
}

fn add_phrase(phrases: &mut Vec<Phrase>, origin: &Origin, part: Part, forge: &Forge) {
    let place = place(part, forge);
    let what = match part {
        Part::Build => "builds",
        Part::Release => "releases",
        Part::Manifest => "manifest builds",
        Part::Manifests => "manifests",
        Part::Sources => "commits",
    };
    match phrases.iter_mut().find(|p| p.origin == *origin && p.place == place) {
        Some(phrase) => phrase.what.push(what),
        None => phrases.push(Phrase { origin: origin.clone(), place, what: vec![what] }),
    }
}

/// "of contoso/trivia", "in contoso/trivia-manifests".
fn place(part: Part, forge: &Forge) -> String {
    let of = if part == Part::Manifests { "in " } else { "of " };
    match forge {
        Forge::AzureDevOps(at) => match at.repository.as_deref().filter(|_| part == Part::Manifests) {
            Some(repository) => [of, &*at.organization, "/", &*at.project, "/", repository].concat(),
            None => [of, &*at.organization, "/", &*at.project].concat(),
        },
        Forge::GitHub(at) => [of, &*at.repository].concat(),
        Forge::GitLab(at) if at.project.bytes().all(|b| b.is_ascii_digit()) => [of, "project ", &*at.project].concat(),
        Forge::GitLab(at) => [of, &*at.project].concat(),
    }
}

fn scope(service: Service, reads: Reads) -> &'static str {
    match service {
        Service::AzureDevOps => azure_devops::scope(reads),
        Service::GitHub => github::scope(reads),
        Service::GitLab => gitlab::scope(reads),
    }
}

fn token_page(forge: &Forge) -> Option<Link> {
    match forge {
        Forge::AzureDevOps(at) => azure_devops::token_page(at),
        Forge::GitHub(at) => github::token_page(at),
        Forge::GitLab(at) => gitlab::token_page(at),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::{Expect, expect};

    use super::*;
    use crate::config::parse::parse;

    /// The projects without their storage, one a line of `projects`.
    #[track_caller]
    fn check(projects: &[&str], expect: &Expect) {
        let projects: Vec<String> = projects
            .iter()
            .enumerate()
            .map(|(i, forges)| {
                let comma = if forges.is_empty() { "" } else { "," };
                format!(r#"{{"name":"p{i}","storage":{{"kind":"snapshot","url":"s.json"}}{comma}{forges}}}"#)
            })
            .collect();
        let (config, warnings) =
            parse(&format!(r#"{{"projects":[{}]}}"#, projects.join(","))).expect("a configuration");
        assert!(warnings.is_empty(), "{warnings:?}");
        let mut text = String::new();
        for c in connections(&config) {
            let _ = writeln!(text, "{} {:?} {:?}", c.origin, c.service, c.need);
            c.uses.iter().for_each(|use_| {
                let _ = writeln!(text, "  {use_}");
            });
            let _ = writeln!(text, "  wants {}", c.scopes.join(", "));
            let link = c.token_page.as_ref().map(|link| format!("  made at {}\n", link.as_str()));
            let also = c.also_sent_to.as_ref().map(|origin| format!("  also sent to {origin}\n"));
            link.iter().chain(&also).for_each(|line| text.push_str(line));
        }
        expect.assert_eq(&text);
    }

    const AZURE: &str = r#""pipelines":{"kind":"azure-devops","organization":"contoso","project":"trivia"}"#;

    #[test]
    fn one_service_for_all() {
        check(
            &[AZURE],
            &expect![[r#"
                https://dev.azure.com AzureDevOps Required
                  builds, releases and manifest builds of contoso/trivia
                  wants Build (read), Code (read), Release (read)
                  made at https://dev.azure.com/contoso/_usersSettings/tokens
                  also sent to https://vsrm.dev.azure.com
                https://api.github.com GitHub Optional
                  commits in repositories on GitHub that rows name
                  wants Contents: read
                  made at https://github.com/settings/personal-access-tokens/new
            "#]],
        );
        check(
            &[r#""pipelines":{"kind":"github","repository":"contoso/trivia"},
                "manifests":{"kind":"github","repository":"contoso/trivia-manifests"}"#],
            &expect![[r#"
                https://api.github.com GitHub Optional
                  builds, releases and manifest builds of contoso/trivia
                  manifests in contoso/trivia-manifests
                  wants Actions: read, Contents: read, Pull requests: read, Commit statuses: read, Deployments: read
                  made at https://github.com/settings/personal-access-tokens/new
            "#]],
        );
        check(
            &[r#""manifests":{"kind":"gitlab","project":"1042","api":"https://git.contoso.example/api/v4"}"#],
            &expect![[r#"
                https://git.contoso.example GitLab Optional
                  manifests in project 1042
                  wants read_api
                  made at https://git.contoso.example/-/user_settings/personal_access_tokens?name=Ringside&scopes=read_api
            "#]],
        );
    }

    #[test]
    fn one_for_each_stage() {
        check(
            &[r#""pipelines":{
                    "build":{"kind":"github","repository":"contoso/trivia"},
                    "release":{"kind":"azure-devops","organization":"contoso","project":"trivia"},
                    "manifest":{"kind":"gitlab","project":"contoso/hld"}},
                "manifests":{"kind":"azure-devops","organization":"contoso","project":"ops","repository":"manifests"}"#],
            &expect![[r#"
                https://api.github.com GitHub Optional
                  builds of contoso/trivia
                  wants Actions: read, Contents: read
                  made at https://github.com/settings/personal-access-tokens/new
                https://dev.azure.com AzureDevOps Required
                  releases of contoso/trivia
                  manifests in contoso/ops/manifests
                  wants Release (read), Code (read)
                  made at https://dev.azure.com/contoso/_usersSettings/tokens
                  also sent to https://vsrm.dev.azure.com
                https://gitlab.com GitLab Optional
                  manifest builds of contoso/hld
                  wants read_api
                  made at https://gitlab.com/-/user_settings/personal_access_tokens?name=Ringside&scopes=read_api
            "#]],
        );
    }

    #[test]
    fn projects_share_what_an_origin_needs() {
        check(
            &[
                AZURE,
                r#""manifests":{"kind":"azure-devops","organization":"fabrikam","project":"ops","repository":"m"}"#,
            ],
            &expect![[r#"
                https://dev.azure.com AzureDevOps Required
                  project p0: builds, releases and manifest builds of contoso/trivia
                  project p1: manifests in fabrikam/ops/m
                  wants Build (read), Code (read), Release (read)
                  made at https://dev.azure.com/contoso/_usersSettings/tokens
                  also sent to https://vsrm.dev.azure.com
                https://api.github.com GitHub Optional
                  commits in repositories on GitHub that rows name
                  wants Contents: read
                  made at https://github.com/settings/personal-access-tokens/new
            "#]],
        );
    }

    #[test]
    fn releases_elsewhere_have_a_token_of_their_own() {
        let elsewhere = AZURE.replace('}', r#","releaseApi":"https://releases.evil.example"}"#);
        check(
            &[&elsewhere],
            &expect![[r#"
                https://dev.azure.com AzureDevOps Required
                  builds and manifest builds of contoso/trivia
                  wants Build (read), Code (read)
                  made at https://dev.azure.com/contoso/_usersSettings/tokens
                https://releases.evil.example AzureDevOps Required
                  releases of contoso/trivia
                  wants Release (read)
                https://api.github.com GitHub Optional
                  commits in repositories on GitHub that rows name
                  wants Contents: read
                  made at https://github.com/settings/personal-access-tokens/new
            "#]],
        );
        // A server of one's own has them where all the rest is.
        let own = AZURE.replace('}', r#","api":"https://tfs.contoso.example/tfs"}"#);
        check(
            &[&own],
            &expect![[r#"
                https://tfs.contoso.example AzureDevOps Required
                  builds, releases and manifest builds of contoso/trivia
                  wants Build (read), Code (read), Release (read)
                  made at https://tfs.contoso.example/tfs/contoso/_usersSettings/tokens
                https://api.github.com GitHub Optional
                  commits in repositories on GitHub that rows name
                  wants Contents: read
                  made at https://github.com/settings/personal-access-tokens/new
            "#]],
        );
    }

    #[test]
    fn nothing_but_a_table() {
        check(&["", ""], &expect![[""]]);
    }
}
