//! From a configuration to a page that others can open: commands and snippets, filled in.

use super::{Draft, ForgeKind};

/// Where the page may be put.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[allow(missing_docs, reason = "their names say it")]
pub enum Host {
    #[default]
    AnyServer,
    GitHubPages,
    GitLabPages,
    AzureBlob,
    AzureStaticWebApps,
    Container,
    Kubernetes,
}

impl Host {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::AnyServer,
        Self::GitHubPages,
        Self::GitLabPages,
        Self::AzureBlob,
        Self::AzureStaticWebApps,
        Self::Container,
        Self::Kubernetes,
    ];

    /// What people call it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::AnyServer => "Any static server",
            Self::GitHubPages => "GitHub Pages",
            Self::GitLabPages => "GitLab Pages",
            Self::AzureBlob => "Azure Blob Storage",
            Self::AzureStaticWebApps => "Azure Static Web Apps",
            Self::Container => "Container",
            Self::Kubernetes => "Kubernetes (Helm)",
        }
    }

    /// Everybody on the internet can read what lies there.
    #[must_use]
    pub const fn is_public(self) -> bool {
        matches!(self, Self::GitHubPages | Self::AzureBlob)
    }

    /// What to run in a clone of the repository, with `config.json` at its root.
    #[must_use]
    pub const fn commands(self) -> &'static str {
        match self {
            Self::AnyServer => "./x build && cp config.json dist/\ncp -R dist/. /var/www/ringside/",
            Self::GitHubPages => {
                "mkdir -p .github/workflows && cp docs/hosting/github-pages.yml .github/workflows/pages.yml\n\
                 git add .github/workflows/pages.yml config.json && git commit -m 'Publish' && git push"
            }
            Self::GitLabPages => {
                "cp docs/hosting/gitlab-pages.yml .gitlab-ci.yml\n\
                 git add .gitlab-ci.yml config.json && git commit -m 'Publish' && git push"
            }
            Self::AzureBlob => {
                "./x build && cp config.json dist/\nsh docs/hosting/azure-blob.sh dist ACCOUNT --auth-mode login"
            }
            Self::AzureStaticWebApps => {
                "./x build && cp config.json docs/hosting/staticwebapp.config.json dist/\n\
                 npx @azure/static-web-apps-cli deploy dist --deployment-token \"$TOKEN\" --env production"
            }
            Self::Container => {
                "./x build && docker build --file container/Dockerfile --tag ringside .\n\
                 mkdir -p config && cp config.json config/\n\
                 docker run --read-only --cap-drop ALL --publish 8080:8080 --volume \"$PWD/config:/config:ro\" ringside"
            }
            Self::Kubernetes => {
                "helm install ringside chart/ringside --set image.repository=REGISTRY/ringside --set-file config=config.json"
            }
        }
    }
}

/// Makes a SAS that only reads the table.
#[must_use]
pub fn reading_sas(draft: &Draft) -> String {
    let storage = &draft.project().storage;
    let table = or(&storage.table, "deployments");
    let account = draft.account();
    format!(
        "az storage table generate-sas --name {table} --permissions r --expiry 2027-12-31T00:00Z --https-only \
         --account-name {account} --output tsv"
    )
}

/// Lets pages of an origin read the account's tables.
#[must_use]
pub fn cors(draft: &Draft, origin: &str) -> String {
    let account = draft.account();
    format!(
        "az storage cors add --services t --methods GET OPTIONS --origins {origin} --allowed-headers accept \
         --exposed-headers 'x-ms-*' --max-age 3600 --account-name {account} --output tsv"
    )
}

/// What a pipeline needs to write rows, in the words of its CI.
#[must_use]
pub fn capture(draft: &Draft) -> String {
    let storage = &draft.project().storage;
    let account = draft.account();
    let (table, partition) =
        (or(&storage.table, "deployments"), or(&storage.partition, or(&draft.project().name, "trivia")));
    let sas = format!(
        "# The secret RINGSIDE_SAS of the pipeline is what this prints\n\
         az storage table generate-sas --name {table} --permissions rau --start-pk {partition} --end-pk {partition} \
         --expiry 2027-12-31T00:00Z --https-only --account-name {account} --output tsv\n\n"
    );
    let steps = match draft.project().pipelines.as_ref().map(|forge| forge.kind) {
        Some(ForgeKind::Github) => format!(
            "# .github/workflows/build.yml, with docs/capture/github/action.yml as .github/actions/ringside/action.yml\n\
             env:\n  RINGSIDE_ACCOUNT: {account}\n  RINGSIDE_TABLE: {table}\n  RINGSIDE_PARTITION: {partition}\n\
             steps:\n  - uses: ./.github/actions/ringside\n    if: always()\n    with:\n      command: build\n      step: end\n      \
             status: ${{{{ job.status }}}}\n      image-tag: ${{{{ env.IMAGE }}}}\n      service: SERVICE\n      ring: RING\n      \
             sas: ${{{{ secrets.RINGSIDE_SAS }}}}\n"
        ),
        Some(ForgeKind::AzureDevops) => format!(
            "# azure-pipelines.yml, with docs/capture/azure-pipelines/ringside.yml as pipelines/ringside.yml\n\
             variables:\n  RINGSIDE_ACCOUNT: {account}\n  RINGSIDE_TABLE: {table}\n  RINGSIDE_PARTITION: {partition}\n\
             steps:\n  - template: pipelines/ringside.yml\n    parameters:\n      command: build\n      step: end\n      \
             imageTag: $(image)\n      service: SERVICE\n      ring: RING\n"
        ),
        Some(ForgeKind::Gitlab) => format!(
            "# .gitlab-ci.yml, with docs/capture/gitlab/ringside.yml as ci/ringside.yml\n\
             include: ci/ringside.yml\nvariables:\n  RINGSIDE_ACCOUNT: {account}\n  RINGSIDE_TABLE: {table}\n  \
             RINGSIDE_PARTITION: {partition}\nimage:\n  extends: .ringside-build\n  variables: {{ RINGSIDE_IMAGE: \
             \"$CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA\", RINGSIDE_SERVICE: SERVICE, RINGSIDE_RING: RING }}\n"
        ),
        None => format!(
            "export RINGSIDE_ACCOUNT={account} RINGSIDE_TABLE={table} RINGSIDE_PARTITION={partition}\n\
             sh capture.sh build start --image-tag \"$IMAGE\" --service SERVICE --ring RING\n\
             sh capture.sh build end --image-tag \"$IMAGE\" --service SERVICE --ring RING --status succeeded\n"
        ),
    };
    sas + &steps
}

fn or<'a>(text: &'a str, default: &'a str) -> &'a str {
    if text.is_empty() { default } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guide::ForgeDraft;

    #[test]
    fn commands_name_this_account_and_origin() {
        let mut draft = Draft::default();
        assert!(reading_sas(&draft).contains("--name deployments") && reading_sas(&draft).contains("ACCOUNT"));
        draft.project_mut().storage.endpoint = "https://triviastore.table.core.windows.net".into();
        draft.project_mut().storage.table = "rows".into();
        let sas = reading_sas(&draft);
        assert!(sas.contains("--name rows --permissions r ") && sas.contains("--account-name triviastore "), "{sas}");
        let cors = cors(&draft, "https://ringside.example");
        assert!(cors.contains("--origins https://ringside.example ") && cors.contains("triviastore"), "{cors}");
    }

    #[test]
    fn capture_speaks_the_pipelines_language() {
        let mut draft = Draft::default();
        draft.project_mut().name = "trivia".into();
        assert!(capture(&draft).contains("sh capture.sh build start"));
        for (kind, words) in [
            (ForgeKind::Github, "status: ${{ job.status }}"),
            (ForgeKind::AzureDevops, "- template: pipelines/ringside.yml"),
            (ForgeKind::Gitlab, "extends: .ringside-build"),
        ] {
            draft.project_mut().pipelines = Some(ForgeDraft { kind, ..ForgeDraft::default() });
            let text = capture(&draft);
            assert!(text.contains(words) && text.contains("RINGSIDE_PARTITION: trivia"), "{text}");
        }
    }

    #[test]
    fn every_host_has_commands() {
        for host in Host::ALL {
            assert!(!host.commands().is_empty() && host.commands().contains("config.json"), "{host:?}");
        }
    }
}
