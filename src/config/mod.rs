//! `config.json`: which tables to read, which forges have more, how rings are called and ordered.
//!
//! The types hold what a configuration *means*, after validation: whoever holds a [`Config`] need check nothing again.
//! [`parse`] reads it into these or into problems that name the key. Credentials the viewer types are no part of it,
//! and nothing is ever written back.

mod forge;
pub mod link;
pub mod load;
pub mod parse;
mod position;
mod reader;
mod rings;
mod sign_in;
mod storage;
mod views;

use std::{collections::BTreeSet, time::Duration};

use self::link::LinkTemplate;
use crate::{
    domain::{
        column::Column,
        id::{Branch, ClusterName, ProjectName, RingName},
        project::ProjectId,
        stage::Service,
    },
    http::{Origin, address::Address, secret::Secret},
};

/// What `config.json` states.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// The page's title.
    pub title: Box<str>,
    /// How often to look again; `None` is only by hand.
    pub refresh: Option<Duration>,
    /// After how long without anything new a feature ring counts as left over; `None` is never.
    pub idle: Option<Duration>,
    /// After how long a pull request that waits needs attention; `None` is never.
    pub waiting_limit: Option<Duration>,
    /// At least one, no two of the same name in any case.
    pub projects: Vec<Project>,
    /// In the order of promotion; none means that the rows state which rings there are.
    pub rings: Vec<RingRule>,
    /// What a sync signal is called.
    pub clusters: Vec<ClusterRule>,
    /// The columns of the table; `None` is all of them, in their own order.
    pub columns: Option<Vec<Column>>,
    /// Links to elsewhere that every deployment gets.
    pub links: Vec<LinkTemplate>,
    /// Hosts that people's pictures may come from, besides those of the forges.
    pub avatars: Vec<Origin>,
    /// Views under a name, for everybody.
    pub views: Vec<SavedView>,
    /// Who looks after which services.
    pub teams: Vec<Team>,
    /// The app registrations that viewers may sign in with, in place of pasted credentials.
    pub sign_in: Vec<SignIn>,
}

/// People who look after some services.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Team {
    /// What they are called.
    pub name: Box<str>,
    /// Their services, as rows name them.
    pub services: Vec<Box<str>>,
}

/// A view under a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SavedView {
    /// Its name.
    pub name: Box<str>,
    /// Its address: what follows the `?`.
    pub query: Box<str>,
}

impl Config {
    /// Where people's pictures may come from: the forges, where these keep them, and what the file allows.
    #[must_use]
    pub fn picture_origins(&self) -> Vec<String> {
        let forges = self.projects.iter().flat_map(|project| {
            let pipelines = project.pipelines.iter().flat_map(|p| [&p.build, &p.release, &p.manifest]);
            pipelines.chain(&project.manifests)
        });
        let of_forges = forges.flat_map(|forge| {
            [Some(forge.api().origin().to_string()), forge.picture_host().map(str::to_owned)].into_iter().flatten()
        });
        let mut all = BTreeSet::new();
        for origin in self.avatars.iter().map(ToString::to_string).chain(of_forges) {
            if origin.starts_with("https://") {
                all.insert(origin);
            }
        }
        all.into_iter().collect()
    }

    /// All projects.
    pub fn project_ids(&self) -> impl Iterator<Item = ProjectId> + use<> {
        (0..self.projects.len()).map(ProjectId::at)
    }

    /// The project of that name.
    #[must_use]
    pub fn project_id(&self, name: &str) -> Option<ProjectId> {
        self.projects.iter().position(|project| project.name.as_str() == name).map(ProjectId::at)
    }

    /// Whether any project has forges to ask.
    #[must_use]
    pub fn uses_forges(&self) -> bool {
        self.projects.iter().any(|project| project.pipelines.is_some() || project.manifests.is_some())
    }
}

/// Deployments that belong together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Project {
    /// Its name, also in the URL.
    pub name: ProjectName,
    /// Where its rows are.
    pub storage: Storage,
    /// The forges that know its runs; without them the rows alone count.
    pub pipelines: Option<Pipelines>,
    /// What the stages of their runs are called, where names alone are not enough.
    pub stages: StageRules,
    /// The repository whose tags, statuses or branch show what clusters apply.
    pub manifests: Option<Forge>,
}

/// Which stages of a run are what: patterns for their names, in which `*` stands for anything.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StageRules {
    /// They make the image.
    pub build: Vec<Box<str>>,
    /// They write it into the high-level definition, whatever the ring.
    pub release: Vec<Box<str>>,
    /// They do so for one ring: its name, and its patterns.
    pub rings: Vec<(Box<str>, Vec<Box<str>>)>,
}

/// Where rows are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Storage {
    /// In an Azure Storage table.
    AzureTable(AzureTable),
    /// In a file exported earlier.
    Snapshot {
        /// Its address, relative to the page: never another origin's.
        url: Box<str>,
    },
    /// In the page itself: the sample data. No file names it.
    Sample,
}

/// An Azure Storage table, or an emulator's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AzureTable {
    /// The address of the table service, without a slash at the end.
    pub endpoint: Box<str>,
    /// Whom a SAS for it may be sent to.
    pub origin: Origin,
    /// The table's name.
    pub table: Box<str>,
    /// The one partition to read; `None` is the whole table.
    pub partition: Option<Box<str>>,
    /// A SAS for everybody who may see the page; without it each viewer is asked for one.
    pub sas: Option<Secret>,
    /// Whether viewers may sign in in place of a SAS.
    pub has_sign_in: bool,
}

/// An app registration that viewers sign in with. Public: it holds no secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignIn {
    /// Who signs people in.
    pub kind: SignInKind,
    /// The registration's id.
    pub client_id: Box<str>,
    /// Where people sign in.
    pub server: Address,
}

/// Who signs people in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SignInKind {
    /// Microsoft Entra ID: for Azure Storage and Azure DevOps.
    Entra {
        /// The directory.
        tenant: Box<str>,
    },
    /// A GitLab.
    GitLab,
    /// A GitHub, which gives tokens only to who holds the registration's secret.
    GitHub {
        /// The relay that holds it.
        relay: Address,
    },
}

/// Who runs what. One forge for all three is three copies of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pipelines {
    /// `p1`: from source to image.
    pub build: Forge,
    /// `p2`: from image to high-level definition.
    pub release: Forge,
    /// `p3`: from high-level definition to manifests.
    pub manifest: Forge,
}

/// A place that builds, or keeps repositories.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Forge {
    /// Azure DevOps, or Azure DevOps Server.
    AzureDevOps(AzureDevOps),
    /// GitHub, or GitHub Enterprise.
    GitHub(GitHub),
    /// GitLab, or one's own.
    GitLab(GitLab),
}

/// A project of Azure DevOps.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AzureDevOps {
    /// The organization; with a server of one's own, the collection.
    pub organization: Box<str>,
    /// The project.
    pub project: Box<str>,
    /// The repository in it: always there for manifests, which need one.
    pub repository: Option<Box<str>>,
    /// The branch; `None` is the repository's default.
    pub branch: Option<Branch>,
    /// Where its API is.
    pub api: Address,
    /// Where the API of its classic releases is.
    pub release_api: Address,
}

/// A repository of GitHub.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GitHub {
    /// `owner/name`.
    pub repository: Box<str>,
    /// The branch; `None` is the repository's default.
    pub branch: Option<Branch>,
    /// Where its API is.
    pub api: Address,
}

/// A project of GitLab, which is a repository too.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GitLab {
    /// Its number, or its path `group/name`.
    pub project: Box<str>,
    /// The branch; `None` is the project's default.
    pub branch: Option<Branch>,
    /// Where its API is.
    pub api: Address,
}

impl Forge {
    /// Its kind.
    #[must_use]
    pub const fn service(&self) -> Service {
        match self {
            Self::AzureDevOps(_) => Service::AzureDevOps,
            Self::GitHub(_) => Service::GitHub,
            Self::GitLab(_) => Service::GitLab,
        }
    }

    /// Where it keeps people's pictures, if that is not on its own host.
    #[must_use]
    pub fn picture_host(&self) -> Option<&'static str> {
        match self {
            Self::GitHub(forge) if forge.api.as_str() == "https://api.github.com" => {
                Some("https://avatars.githubusercontent.com")
            }
            Self::GitLab(_) => Some("https://secure.gravatar.com"),
            Self::AzureDevOps(_) | Self::GitHub(_) => None,
        }
    }

    /// Where its API is: what a viewer's token for it belongs to.
    #[must_use]
    pub const fn api(&self) -> &Address {
        match self {
            Self::AzureDevOps(forge) => &forge.api,
            Self::GitHub(forge) => &forge.api,
            Self::GitLab(forge) => &forge.api,
        }
    }
}

/// A ring, and how it is recognised.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RingRule {
    /// Its name: in the URL, and in the rows unless they use an alias.
    pub name: RingName,
    /// What people read instead of the name.
    pub title: Option<Box<str>>,
    /// What rows call it as well. No name and no alias means two rings.
    pub aliases: Vec<Box<str>>,
    /// The branches whose builds go there, for rows that name no ring.
    pub branches: Vec<Box<str>>,
    /// The clusters that are in it.
    pub clusters: Vec<ClusterName>,
}

/// A cluster, and which sync signal is its.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClusterRule {
    /// Its name.
    pub name: ClusterName,
    /// The signal's own label (`match` in the file).
    pub pattern: Box<str>,
}
