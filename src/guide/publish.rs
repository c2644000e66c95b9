//! From a configuration to a page that others can open: commands and snippets, filled in.

use super::{Draft, ForgeKind};
use crate::{
    domain::time::{Timestamp, days},
    storage::azure_table::{account_of, cors_command},
};

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

/// Makes a SAS that only reads the table, good for a year.
#[must_use]
pub fn reading_sas(draft: &Draft, now: Timestamp) -> String {
    let storage = &draft.project().storage;
    let (table, account, expiry) = (or(&storage.table, "deployments"), account_of(&storage.endpoint), in_a_year(now));
    format!(
        "az storage table generate-sas --name {table} --permissions r --expiry {expiry} --https-only \
         --account-name {account} --output tsv"
    )
}

/// Lets pages of an origin read the account's tables.
#[must_use]
pub fn cors(draft: &Draft, origin: &str) -> String {
    cors_command(&draft.project().storage.endpoint, origin, "accept")
}

fn in_a_year(now: Timestamp) -> String {
    let day = (now + days(365)).to_rfc3339();
    [day.get(..10).unwrap_or_default(), "T00:00Z"].concat()
}

/// What a pipeline needs to write rows, in the words of its CI: into the partition that the draft names, else into
/// `partition`, which the rows have that were read, if any.
#[must_use]
pub fn capture(draft: &Draft, partition: &str, now: Timestamp) -> String {
    let storage = &draft.project().storage;
    let (account, expiry) = (account_of(&storage.endpoint), in_a_year(now));
    let table = or(&storage.table, "deployments");
    let partition = or(&storage.partition, or(partition, or(&draft.project().name, "trivia")));
    let sas = format!(
        "# The secret RINGSIDE_SAS of the pipeline is what this prints\n\
         az storage table generate-sas --name {table} --permissions rau --start-pk {partition} --end-pk {partition} \
         --expiry {expiry} --https-only --account-name {account} --output tsv\n\n"
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

    const NOW: Timestamp = Timestamp::from_millis(1_668_400_000_000);

    #[test]
    fn commands_name_this_account_and_origin() {
        let mut draft = Draft::default();
        let sas = reading_sas(&draft, NOW);
        assert!(
            sas.contains("--name deployments") && sas.contains("ACCOUNT") && sas.contains("2023-11-14T00:00Z"),
            "{sas}"
        );
        draft.project_mut().storage.endpoint = "https://triviastore.table.core.windows.net".into();
        draft.project_mut().storage.table = "rows".into();
        let sas = reading_sas(&draft, NOW);
        assert!(sas.contains("--name rows --permissions r ") && sas.contains("--account-name triviastore "), "{sas}");
        let cors = cors(&draft, "https://ringside.example");
        assert!(cors.contains("--origins https://ringside.example ") && cors.contains("triviastore"), "{cors}");
    }

    #[test]
    fn capture_uses_the_pipelines_names() {
        let mut draft = Draft::default();
        draft.project_mut().name = "trivia".into();
        assert!(capture(&draft, "", NOW).contains("sh capture.sh build start"));
        for (kind, words) in [
            (ForgeKind::Github, "status: ${{ job.status }}"),
            (ForgeKind::AzureDevops, "- template: pipelines/ringside.yml"),
            (ForgeKind::Gitlab, "extends: .ringside-build"),
        ] {
            draft.project_mut().pipelines = Some(ForgeDraft { kind, ..ForgeDraft::default() });
            let text = capture(&draft, "", NOW);
            assert!(text.contains(words) && text.contains("RINGSIDE_PARTITION: trivia"), "{text}");
            let text = capture(&draft, "of-the-rows", NOW);
            assert!(
                text.contains("RINGSIDE_PARTITION: of-the-rows") && text.contains("--end-pk of-the-rows "),
                "{text}"
            );
        }
        draft.project_mut().storage.partition = "named".into();
        assert!(capture(&draft, "of-the-rows", NOW).contains("RINGSIDE_PARTITION: named"));
    }

    #[test]
    fn every_host_has_commands() {
        for host in Host::ALL {
            assert!(!host.commands().is_empty() && host.commands().contains("config.json"), "{host:?}");
        }
    }
}
