//! The guide from nothing to a configuration: what somebody pasted, chose and ordered, as the `config.json` that it
//! becomes.
//!
//! A [`Draft`] is written as `config.json` and read back from it, so what a tab keeps while it is tried, what is
//! downloaded and what the page reads at its start are one and the same text. One project is in the making; others, and
//! all keys that the guide has no field for, stay as they are.

pub mod address;
pub mod publish;
pub mod recognize;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::stage::Service;

/// A configuration with one project in the making.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Draft {
    /// The page's title.
    pub title: String,
    /// The projects that are done, as the file has them.
    others: Vec<Value>,
    /// The one in the making.
    project: ProjectDraft,
    /// In the order of promotion.
    pub rings: Vec<RingDraft>,
    /// What else the file holds.
    rest: Map<String, Value>,
}

/// The whole, in the order in which people write it.
#[derive(Serialize)]
struct File<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'a str,
    projects: Vec<Entry<'a>>,
    #[serde(skip_serializing_if = "<[RingDraft]>::is_empty")]
    rings: &'a [RingDraft],
    #[serde(flatten)]
    rest: &'a Map<String, Value>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Entry<'a> {
    Done(&'a Value),
    Made(&'a ProjectDraft),
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
    pub const fn as_str(self) -> &'static str {
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
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct RingDraft {
    /// Its name, as rows have it.
    pub name: String,
    /// The clusters that are in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clusters: Vec<String>,
    /// The other keys of it in the file.
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl RingDraft {
    /// A ring of which nothing else is known.
    #[must_use]
    pub fn new(name: String) -> Self {
        Self { name, ..Self::default() }
    }

    fn from_value(value: &Value) -> Option<Self> {
        let mut rest = value.as_object()?.clone();
        let name = take_text(&mut rest, "name");
        let clusters = rest.remove("clusters").and_then(|clusters| serde_json::from_value(clusters).ok());
        Some(Self { name, clusters: clusters.unwrap_or_default(), rest })
    }
}

fn take_text(map: &mut Map<String, Value>, key: &str) -> String {
    map.remove(key).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What is known of a project that is done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OtherProject {
    /// Its name.
    pub name: String,
    /// The guide has a field for each key of the file.
    pub can_edit: bool,
}

impl ProjectDraft {
    /// As the guide has it, if it has a field for each key of the file. A SAS in the file is for whoever wrote it there.
    fn from_value(value: &Value) -> Option<Self> {
        let project: Self = serde_json::from_value(value.clone()).ok()?;
        (project.storage.sas.is_none() && serde_json::to_value(&project).ok()? == *value).then_some(project)
    }
}

impl Draft {
    /// The project.
    #[must_use]
    pub const fn project(&self) -> &ProjectDraft {
        &self.project
    }

    /// The same, to change it.
    pub const fn project_mut(&mut self) -> &mut ProjectDraft {
        &mut self.project
    }

    /// The projects that are done.
    #[must_use]
    pub fn others(&self) -> Vec<OtherProject> {
        let name = |value: &Value| value.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let other = |value| OtherProject { name: name(value), can_edit: ProjectDraft::from_value(value).is_some() };
        self.others.iter().map(other).collect()
    }

    /// The one in the making is done, with a SAS in the file if one is given, and another one begins.
    pub fn add_project(&mut self, sas: Option<&str>) {
        let mut done = std::mem::take(&mut self.project);
        if done != ProjectDraft::default() {
            done.storage.sas = sas.map(str::to_owned);
            // Fails for maps whose keys are no texts; there are none.
            self.others.extend(serde_json::to_value(done).ok());
        }
    }

    /// Goes on with one that was done.
    pub fn edit_project(&mut self, at: usize) {
        if let Some(project) = self.others.get(at).and_then(ProjectDraft::from_value) {
            self.others.remove(at);
            self.add_project(None);
            self.project = project;
        }
    }

    /// Takes one out that was done.
    pub fn remove_project(&mut self, at: usize) {
        if at < self.others.len() {
            self.others.remove(at);
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

    /// The text of `config.json`. Of the project in the making it holds a SAS only if one is given.
    #[must_use]
    pub fn to_config(&self, sas: Option<&str>) -> String {
        let mut project = self.project.clone();
        project.storage.sas = sas.map(str::to_owned);
        let is_new = self.others.is_empty() || project != ProjectDraft::default();
        let made = is_new.then_some(Entry::Made(&project));
        let projects = self.others.iter().map(Entry::Done).chain(made).collect();
        let file = File { title: &self.title, projects, rings: &self.rings, rest: &self.rest };
        // Fails for maps whose keys are no texts; there are none.
        serde_json::to_string_pretty(&file).unwrap_or_default()
    }

    /// The same to be looked at: without any SAS.
    #[must_use]
    pub fn to_shown_config(&self) -> String {
        let mut draft = self.clone();
        for storage in draft.others.iter_mut().filter_map(|project| project.get_mut("storage")?.as_object_mut()) {
            storage.remove("sas");
        }
        draft.to_config(None)
    }

    /// Reads a configuration, to go on with its last project if the guide has a field for all of that.
    #[must_use]
    pub fn from_config(text: &str) -> Option<Self> {
        let mut draft = Self::to_extend(text)?;
        if let Some(value) = draft.others.pop() {
            match ProjectDraft::from_value(&value) {
                Some(project) => draft.project = project,
                None => draft.others.push(value),
            }
        }
        Some(draft)
    }

    /// Reads a configuration, to add a project to it.
    #[must_use]
    pub fn to_extend(text: &str) -> Option<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let Value::Object(mut rest) = serde_json::from_str(text).ok()? else { return None };
        let mut list = |key: &str| match rest.remove(key) {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        };
        let (others, rings) = (list("projects"), list("rings"));
        let rings = rings.iter().filter_map(RingDraft::from_value).collect();
        let title = take_text(&mut rest, "title");
        Some(Self { title, others, project: ProjectDraft::default(), rings, rest })
    }
}

#[cfg(test)]
mod tests;
