//! The guide from nothing to a configuration: what somebody pasted, chose and ordered, as the `config.json` that it becomes.
//!
//! A [`Draft`] is written as `config.json` and read back from it, so what a tab keeps while it is tried, what is
//! downloaded and what the page reads at its start are one and the same text.

pub mod address;
pub mod publish;
pub mod recognize;

use serde::{Deserialize, Serialize};

use crate::domain::stage::Service;

/// A configuration of one project in the making.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Draft {
    /// The page's title.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The one project.
    pub projects: [ProjectDraft; 1],
    /// In the order of promotion.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rings: Vec<RingDraft>,
}

/// Its rows, and the forges that know more of them.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ProjectDraft {
    /// Its name.
    pub name: String,
    /// Where its rows are.
    pub storage: StorageDraft,
    /// Who runs its pipelines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pipelines: Option<ForgeDraft>,
    /// The repository that clusters apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifests: Option<ForgeDraft>,
}

/// A table.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct StorageDraft {
    kind: TableKind,
    /// The address of the table service.
    pub endpoint: String,
    /// The table's name.
    pub table: String,
    /// The one partition to read.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub partition: String,
    /// Only in what is downloaded, when somebody asks for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sas: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum TableKind {
    #[default]
    AzureTable,
}

/// A place at a forge. What a forge does not use is empty.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ForgeDraft {
    /// Which forge.
    pub kind: ForgeKind,
    /// Azure DevOps: the organization.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub organization: String,
    /// Azure DevOps and GitLab: the project.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub project: String,
    /// Azure DevOps and GitHub: the repository.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub repository: String,
    /// Where its API is, on a server of one's own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub api: String,
}

/// The forges, by the words of `config.json`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "their names say it")]
pub enum ForgeKind {
    #[default]
    AzureDevops,
    Github,
    Gitlab,
}

impl ForgeKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::AzureDevops, Self::Github, Self::Gitlab];

    /// The word of `config.json`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::AzureDevops => "azure-devops",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
        }
    }

    /// The forge that it is.
    #[must_use]
    pub const fn service(self) -> Service {
        match self {
            Self::AzureDevops => Service::AzureDevOps,
            Self::Github => Service::GitHub,
            Self::Gitlab => Service::GitLab,
        }
    }
}

/// What a text in the guide is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "their names say it")]
pub enum Part {
    Pipelines,
    Manifests,
}

impl Part {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Pipelines, Self::Manifests];
}

/// A ring.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct RingDraft {
    /// Its name, as rows have it.
    pub name: String,
    /// The clusters that are in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clusters: Vec<String>,
}

impl Draft {
    /// The project.
    #[must_use]
    pub const fn project(&self) -> &ProjectDraft {
        let [project] = &self.projects;
        project
    }

    /// The same, to change it.
    pub const fn project_mut(&mut self) -> &mut ProjectDraft {
        let [project] = &mut self.projects;
        project
    }

    /// The storage account's name, or what stands where one is needed.
    #[must_use]
    pub fn account(&self) -> &str {
        let (_, host) = self.project().storage.endpoint.split_once("://").unwrap_or_default();
        match host.split_once(['.', '/']) {
            Some((account, rest)) if rest.starts_with("table.") => account,
            _ => "ACCOUNT",
        }
    }

    /// The forge of a part.
    #[must_use]
    pub const fn forge(&self, part: Part) -> Option<&ForgeDraft> {
        match part {
            Part::Pipelines => self.project().pipelines.as_ref(),
            Part::Manifests => self.project().manifests.as_ref(),
        }
    }

    /// The same, to change it.
    pub const fn forge_mut(&mut self, part: Part) -> &mut Option<ForgeDraft> {
        match part {
            Part::Pipelines => &mut self.project_mut().pipelines,
            Part::Manifests => &mut self.project_mut().manifests,
        }
    }

    /// Moves a ring to another place in the order.
    pub fn move_ring(&mut self, from: usize, to: usize) {
        if from < self.rings.len() && to < self.rings.len() {
            let ring = self.rings.remove(from);
            self.rings.insert(to, ring);
        }
    }

    /// Puts a cluster into one ring, or into none.
    pub fn place_cluster(&mut self, cluster: &str, ring: &str) {
        for each in &mut self.rings {
            each.clusters.retain(|name| name != cluster);
            if each.name == ring {
                each.clusters.push(cluster.to_owned());
            }
        }
    }

    /// The same with an example where nothing has been entered.
    #[must_use]
    pub fn or_example(&self) -> Self {
        let mut draft = self.clone();
        let project = draft.project_mut();
        let storage = &mut project.storage;
        for (text, example) in [
            (&mut project.name, "trivia"),
            (&mut storage.endpoint, "https://ACCOUNT.table.core.windows.net"),
            (&mut storage.table, "deployments"),
        ] {
            if text.is_empty() {
                *text = example.to_owned();
            }
        }
        draft
    }

    /// The text of `config.json`. It holds a SAS only if one is given.
    #[must_use]
    pub fn to_config(&self, sas: Option<&str>) -> String {
        let mut draft = self.clone();
        draft.project_mut().storage.sas = sas.map(str::to_owned);
        // Fails for maps whose keys are no texts; there are none.
        serde_json::to_string_pretty(&draft).unwrap_or_default()
    }

    /// Reads what [`Draft::to_config`] wrote.
    #[must_use]
    pub fn from_config(text: &str) -> Option<Self> {
        let mut draft: Self = serde_json::from_str(text).ok()?;
        draft.project_mut().storage.sas = None;
        Some(draft)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::config::parse::parse;

    fn draft() -> Draft {
        let mut draft = Draft::default();
        let project = draft.project_mut();
        project.name = "trivia".into();
        project.storage.endpoint = "https://triviastore.table.core.windows.net".into();
        project.storage.table = "deployments".into();
        project.pipelines =
            Some(ForgeDraft { organization: "contoso".into(), project: "trivia".into(), ..ForgeDraft::default() });
        project.manifests = Some(ForgeDraft {
            kind: ForgeKind::Github,
            repository: "contoso/manifests".into(),
            ..ForgeDraft::default()
        });
        draft.rings = ["dev", "qa", "prod"].map(|name| RingDraft { name: name.into(), clusters: Vec::new() }).into();
        draft
    }

    #[test]
    fn becomes_a_configuration() {
        let draft = draft();
        let text = draft.to_config(None);
        expect![[r#"
            {
              "projects": [
                {
                  "name": "trivia",
                  "storage": {
                    "kind": "azure-table",
                    "endpoint": "https://triviastore.table.core.windows.net",
                    "table": "deployments"
                  },
                  "pipelines": {
                    "kind": "azure-devops",
                    "organization": "contoso",
                    "project": "trivia"
                  },
                  "manifests": {
                    "kind": "github",
                    "repository": "contoso/manifests"
                  }
                }
              ],
              "rings": [
                {
                  "name": "dev"
                },
                {
                  "name": "qa"
                },
                {
                  "name": "prod"
                }
              ]
            }"#]]
        .assert_eq(&text);
        let (config, problems) = parse(&text).unwrap();
        assert_eq!((config.projects.len(), problems), (1, Vec::new()));
        assert_eq!(Draft::from_config(&text), Some(draft));
    }

    #[test]
    fn an_example_is_a_configuration() {
        assert!(parse(&Draft::default().or_example().to_config(None)).is_ok());
        assert_eq!(draft().or_example(), draft());
    }

    #[test]
    fn holds_a_sas_on_request_alone_and_forgets_it() {
        let draft = draft();
        assert!(!draft.to_config(None).contains("sas"));
        let text = draft.to_config(Some("sv=1&sig=topsecret"));
        assert!(text.contains("topsecret") && parse(&text).is_ok());
        assert_eq!(Draft::from_config(&text), Some(draft));
    }

    #[test]
    fn rings_are_ordered_and_get_clusters() {
        let mut draft = draft();
        let names = |draft: &Draft| draft.rings.iter().map(|r| r.name.clone()).collect::<Vec<_>>().join(" ");
        draft.move_ring(2, 0);
        assert_eq!(names(&draft), "prod dev qa");
        draft.move_ring(0, 3);
        assert_eq!(names(&draft), "prod dev qa", "there is no such place");
        draft.place_cluster("east", "prod");
        draft.place_cluster("east", "qa");
        assert_eq!(draft.rings[0].clusters, Vec::<String>::new());
        assert_eq!(draft.rings[2].clusters, ["east"]);
        draft.place_cluster("east", "");
        assert!(draft.rings.iter().all(|r| r.clusters.is_empty()));
    }

    #[test]
    fn accounts() {
        #[track_caller]
        fn check(endpoint: &str, expect: &str) {
            let mut draft = Draft::default();
            draft.project_mut().storage.endpoint = endpoint.into();
            assert_eq!(draft.account(), expect);
        }
        check("https://triviastore.table.core.windows.net", "triviastore");
        check("http://127.0.0.1:10002/devstoreaccount1", "ACCOUNT");
        check("", "ACCOUNT");
    }
}
