//! Who signs people in, at which addresses, and what the tokens are for.

use crate::{
    config::{Config, SignIn, SignInKind, Storage},
    domain::project::ProjectId,
    forge::connections::Connection,
    http::Origin,
    storage::azure_table,
};

/// Where an access token goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// The table of a project, by its number.
    Table(ProjectId),
    /// An origin of a forge.
    Forge(Origin),
}

/// One API that tokens are asked for. A token is for one API alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resource {
    /// What it is called.
    pub name: &'static str,
    /// What is asked for, separated by blanks.
    pub scopes: &'static str,
    /// Who gets its token.
    pub targets: Vec<Target>,
}

/// Who signs people in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Provider {
    /// What people call it.
    pub name: &'static str,
    /// Distinguishes it from others, also in what the browser keeps.
    pub id: String,
    /// The registration.
    pub client_id: Box<str>,
    /// Where people are sent.
    pub authorize: String,
    /// Where codes and refresh tokens are exchanged.
    pub token: String,
    /// What is asked for beside the scopes of resources: that the session can be renewed.
    pub offline: &'static str,
    /// Answers in the fragment, which no server gets. Others only have the query.
    pub has_fragment: bool,
    /// What it signs in for. None: nothing of the configuration.
    pub resources: Vec<Resource>,
}

impl Provider {
    /// Everything that is asked for at once, so that people agree once.
    #[must_use]
    pub fn scopes(&self) -> String {
        let scopes = self.resources.iter().map(|resource| resource.scopes).chain([self.offline]);
        scopes.filter(|scope| !scope.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// All that a configuration names.
#[must_use]
pub fn providers(config: &Config, connections: &[Connection]) -> Vec<Provider> {
    config.sign_in.iter().map(|sign_in| provider(sign_in, config, connections)).collect()
}

fn provider(sign_in: &SignIn, config: &Config, connections: &[Connection]) -> Provider {
    let server = sign_in.server.as_str();
    let at = |path: &str| [server, path].concat();
    let mut resources = Vec::new();
    if matches!(sign_in.kind, SignInKind::Entra { .. }) {
        let is_ours = |storage: &Storage| matches!(storage, Storage::AzureTable(table) if table.has_sign_in);
        let tables = config.projects.iter().enumerate().filter(|(_, project)| is_ours(&project.storage));
        let targets = tables.map(|(index, _)| Target::Table(ProjectId::at(index))).collect();
        resources.push(Resource { name: "Azure Storage", scopes: azure_table::SIGN_IN_SCOPES, targets });
    }
    for connection in connections {
        let Some(scopes) = connection.sign_in_scopes(sign_in) else { continue };
        let target = Target::Forge(connection.origin.clone());
        match resources.iter_mut().find(|resource: &&mut Resource| resource.scopes == scopes) {
            Some(resource) => resource.targets.push(target),
            None => resources.push(Resource { name: connection.service.name(), scopes, targets: vec![target] }),
        }
    }
    resources.retain(|resource| !resource.targets.is_empty());
    let (name, authorize, token, offline, has_fragment) = match &sign_in.kind {
        SignInKind::Entra { tenant } => {
            let path = ["/", tenant, "/oauth2/v2.0"].concat();
            ("Microsoft", at(&[&path, "/authorize"].concat()), at(&[&path, "/token"].concat()), "offline_access", true)
        }
        SignInKind::GitLab => ("GitLab", at("/oauth/authorize"), at("/oauth/token"), "", false),
        SignInKind::GitHub { relay } => ("GitHub", at("/login/oauth/authorize"), relay.as_str().to_owned(), "", false),
    };
    Provider {
        name,
        id: [name, " ", server].concat(),
        client_id: sign_in.client_id.clone(),
        authorize,
        token,
        offline,
        has_fragment,
        resources,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::{config::parse::parse, forge::connections::connections};

    /// The providers of one project with a table and these keys beside it.
    #[track_caller]
    pub(in crate::sign_in) fn of(endpoint: &str, forges: &str, sign_in: &str) -> Vec<Provider> {
        let storage = format!(r#"{{"kind":"azure-table","endpoint":"{endpoint}","table":"rows"}}"#);
        let text = format!(r#"{{"projects":[{{"name":"p","storage":{storage}{forges}}}],"signIn":[{sign_in}]}}"#);
        let (config, warnings) = parse(&text).unwrap();
        assert_eq!(warnings, [], "{text}");
        providers(&config, &connections(&config))
    }

    pub(in crate::sign_in) const AZURE: &str = "https://acct.table.core.windows.net";
    pub(in crate::sign_in) const ENTRA: &str = r#"{"kind":"entra","clientId":"c-1","tenant":"contoso.example"}"#;
    pub(in crate::sign_in) const DEVOPS: &str =
        r#","pipelines":{"kind":"azure-devops","organization":"contoso","project":"p"}"#;

    #[test]
    fn one_sign_in_for_tables_and_azure_devops() {
        let [entra] = of(AZURE, DEVOPS, ENTRA).try_into().unwrap();
        assert_eq!(entra.authorize, "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/authorize");
        assert_eq!(entra.token, "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token");
        let names: Vec<_> = entra.resources.iter().map(|r| (r.name, r.targets.clone())).collect();
        let devops = Target::Forge(Origin::of("https://dev.azure.com").unwrap());
        assert_eq!(names, [("Azure Storage", vec![Target::Table(ProjectId::at(0))]), ("Azure DevOps", vec![devops])]);
        assert!(entra.scopes().starts_with("https://storage.azure.com/user_impersonation 499b84ac"));
        assert!(entra.scopes().ends_with("/vso.release offline_access"));
    }

    #[test]
    fn a_token_goes_to_nobody_but_its_service() {
        #[track_caller]
        fn check(endpoint: &str, forges: &str, sign_in: &str, expect: &[&str]) {
            let [provider] = of(endpoint, forges, sign_in).try_into().unwrap();
            let targets = provider.resources.iter().flat_map(|r| &r.targets);
            let texts: Vec<String> = targets
                .map(|target| match target {
                    Target::Table(index) => format!("table {index}"),
                    Target::Forge(origin) => origin.to_string(),
                })
                .collect();
            assert_eq!(texts, expect, "{endpoint} {forges}");
        }
        let at = |kind: &str, more: &str| format!(r#","pipelines":{{"kind":"{kind}",{more}}}"#);
        let devops = |api: &str| at("azure-devops", &format!(r#""organization":"o","project":"p","api":"{api}""#));
        check("https://tables.example", "", ENTRA, &[]);
        check("https://tables.example", &devops("https://tfs.example"), ENTRA, &[]);
        check(AZURE, &devops("https://dev.azure.com.evil.example"), ENTRA, &["table 0"]);
        let gitlab = r#"{"kind":"gitlab","clientId":"c"}"#;
        check(AZURE, &at("gitlab", r#""project":"7""#), gitlab, &["https://gitlab.com"]);
        check(AZURE, &at("gitlab", r#""project":"7","api":"https://git.example/api/v4""#), gitlab, &[]);
        let own = r#"{"kind":"gitlab","clientId":"c","url":"https://git.example"}"#;
        let there = at("gitlab", r#""project":"7","api":"https://git.example/api/v4""#);
        check(AZURE, &there, own, &["https://git.example"]);
        let github = r#"{"kind":"github","clientId":"c","relay":"https://relay.example/token"}"#;
        check(AZURE, &at("github", r#""repository":"o/r""#), github, &["https://api.github.com"]);
        check(AZURE, &at("github", r#""repository":"o/r","api":"https://gh.example/api/v3""#), github, &[]);
    }
}
