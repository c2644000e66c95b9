//! All that is to be known of a repository that clusters apply manifests from, by GraphQL in one request.
//!
//! What it costs, by "Rate limits and query limits for the GraphQL API": one list each of commits, of the newest
//! commits' statuses, of tags and of deployments, and for a hundred commits a list of parents each, are 104 lists,
//! which is 1 of 5,000 points an hour, and 1,330 nodes of 500,000. The contexts of a status are no list of that kind
//! and cost nothing.
//!
//! By the schema a repository's deployments are never null. Where they may not be read the whole repository is
//! null instead, so they are asked for apart.

use super::{
    deployments::Deployment,
    graphql::{self, Fault, Fields, part, quoted},
    manifests::Status,
    requests::path_parts,
    tags,
    wire::{Nodes, id, time},
};
use crate::{
    config::GitHub,
    domain::{
        id::CommitId,
        manifests::{CommitStatus, EnvironmentDeployment, ListPage, Listed, Log, Rest, Tag},
        problem::ProblemKind,
    },
    forge::{capabilities::Reads, limits::Limits},
    http::{ApiError, Request, Response, secret::Secret},
    json::{FromJson, Json, wire},
};

const COMMITS: u32 = 100;
const PARENTS: u32 = 10;
/// Of how many commits, from the newest, the statuses are listed.
pub(super) const WITH_STATUSES: usize = 30;
const TAGS: u32 = 100;
const DEPLOYMENTS: u32 = 100;

/// What the names of tags begin with that are asked for here.
pub(super) const PREFIX: &str = "flux-";

/// What is known of a repository of manifests.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Manifests {
    /// The newest hundred commits of the branch.
    pub(super) log: Log,
    /// Tags whose names begin with `flux-`: the first hundred. Of an annotated one everything is reported at once.
    pub(super) tags: ListPage<Tag>,
    /// What is reported of the newest thirty commits, by each context the newest.
    pub(super) statuses: Vec<CommitStatus>,
    /// The newest hundred deployments with what became of them, as far as is known.
    pub(super) deployments: ListPage<EnvironmentDeployment>,
    /// What the token may not read; what it may is here all the same.
    pub(super) refused: Vec<Reads>,
    /// How much may still be asked.
    pub(super) limits: Limits,
}

/// Asks for the history of a branch (the default one where none is named), for tags, for statuses of the newest commits
/// and for deployments. GitHub requires a token for it.
pub(super) fn request_manifests(at: &GitHub, branch: Option<&str>, secret: Option<&Secret>) -> Request {
    graphql::request(at, &query(at, branch), secret)
}

fn query(at: &GitHub, branch: Option<&str>) -> String {
    let (owner, name) = path_parts(&at.repository).unwrap_or_default();
    let (owner, name, prefix) = (quoted(owner), quoted(name), quoted(PREFIX));
    let head = match branch {
        Some(branch) => format!("ref(qualifiedName: {})", quoted(&["refs/heads/", branch].concat())),
        None => "defaultBranchRef".to_owned(),
    };
    format!(
        "query {{
  repository(owner: {owner}, name: {name}) {{
    is_empty: isEmpty
    head: {head} {{ target {{ ... on Commit {{
      sha: oid
      history(first: {COMMITS}) {{ nodes {{
        sha: oid committed_at: committedDate parents(first: {PARENTS}) {{ total: totalCount nodes {{ sha: oid }} }}
      }} }}
      newest: history(first: {WITH_STATUSES}) {{ nodes {{
        sha: oid status {{ contexts {{ context state description created_at: createdAt }} }}
      }} }}
    }} }} }}
    tags: refs(refPrefix: \"refs/tags/\", query: {prefix}, first: {TAGS}) {{ page: pageInfo {{ more: hasNextPage }} nodes {{
      name target {{
        kind: __typename sha: oid
        ... on Commit {{ committed_at: committedDate }}
        ... on Tag {{ tagger {{ date }} target {{ kind: __typename sha: oid }} }}
      }}
    }} }}
  }}
  environments: repository(owner: {owner}, name: {name}) {{
    deployments(first: {DEPLOYMENTS}, orderBy: {{field: CREATED_AT, direction: DESC}}) {{ page: pageInfo {{ more: hasNextPage }} nodes {{
      id: databaseId environment sha: commitOid created_at: createdAt
      latest: latestStatus {{ state description created_at: createdAt log_url: logUrl }}
    }} }}
  }}
  rateLimit {{ remaining resetAt }}
}}
"
    )
}

/// A list whose items are read one by one, so that a bad one spoils no other.
type List<'a> = Nodes<Json<'a>>;

fn items<'a, T: FromJson<'a>>(list: Option<List<'a>>) -> impl Iterator<Item = T> {
    list.into_iter().flat_map(Nodes::into_iter).filter_map(|raw| part(&raw))
}

wire! {
    struct Head<'a> {
        target: Option<Fields<'a>>,
    }

    struct Sha {
        sha: Option<String>,
    }

    struct WireCommit {
        sha: Option<String>,
        committed_at: Option<String>,
        parents: Option<Parents>,
    }

    struct Parents {
        total: Option<usize>,
        nodes: Option<Vec<Option<Sha>>>,
    }
}

impl Parents {
    /// All of them, or none if one is missing.
    fn all(self) -> Option<Vec<CommitId>> {
        let nodes = self.nodes?;
        let is_all = self.total == Some(nodes.len());
        is_all.then(|| nodes.into_iter().map(|node| id(&node?.sha)).collect())?
    }
}

wire! {
    struct CommitStatuses<'a> {
        sha: Option<String>,
        status: Option<Contexts<'a>>,
    }

    struct Contexts<'a> {
        contexts: Option<Vec<Json<'a>>>,
    }
}

/// Reads the answer to [`request_manifests`]. What the token may not read is named in `refused`.
///
/// # Errors
/// When the whole is refused: a token that is none, a limit that is used up (which GraphQL reports with status 200), a
/// question that the server does not understand. When there is no such repository, or no such branch in it. And when a
/// part is missing for another reason than that it may not be read: an empty list would mean that there is nothing.
pub(super) fn parse_manifests(response: &Response) -> Result<Manifests, ApiError> {
    let (data, faults) = graphql::read(response)?;
    let mut refused = Vec::new();
    for fault in &faults {
        match reads(fault) {
            Some(reads) if fault.is_refusal() => refused.push(reads),
            _ => return Err(fault.error(response)),
        }
    }
    refused.sort();
    refused.dedup();
    let parts = Parts { response, refused: &refused };
    let repository: Option<Fields<'_>> = parts.read(&data, "repository", Reads::Manifests)?;
    let environments: Option<Fields<'_>> = parts.read(&data, "environments", Reads::Environments)?;
    let mut manifests = Manifests { limits: graphql::limits(response, &data), ..Manifests::default() };
    if let Some(repository) = repository {
        parts.repository(&repository, &mut manifests)?;
    }
    if let Some(environments) = environments {
        let deployments: Option<List<'_>> = parts.read(&environments, "deployments", Reads::Environments)?;
        let rest = Rest::next_page_if(deployments.as_ref().is_some_and(List::has_more));
        let items = items(deployments).filter_map(|node: Deployment| node.deployment()).collect();
        manifests.deployments = ListPage { items, rest };
    }
    Ok(Manifests { refused, ..manifests })
}

/// What is missing because of a fault, as far as the fault is about a part.
fn reads(fault: &Fault) -> Option<Reads> {
    if fault.passes("deployments") {
        Some(Reads::Environments)
    } else if fault.passes("newest") {
        Some(Reads::Statuses)
    } else if fault.passes("head") || fault.passes("tags") {
        Some(Reads::Manifests)
    } else {
        None
    }
}

/// Reads parts of an answer, of which some may be missing because the token may not read them.
struct Parts<'a> {
    response: &'a Response,
    refused: &'a [Reads],
}

impl Parts<'_> {
    /// A part; `None` where it may not be read.
    fn read<'a, T: FromJson<'a>>(&self, fields: &Fields<'a>, name: &str, reads: Reads) -> Result<Option<T>, ApiError> {
        let raw = fields.get(name);
        match raw.and_then(part) {
            Some(value) => Ok(Some(value)),
            None if self.refused.contains(&reads) && raw.is_none_or(Json::is_null) => Ok(None),
            None => Err(graphql::why(self.response, None, &format!("{name} cannot be read"))),
        }
    }

    fn repository(&self, fields: &Fields<'_>, manifests: &mut Manifests) -> Result<(), ApiError> {
        // A repository without a commit has no list of tags.
        let tags: Option<Option<List<'_>>> = self.read(fields, "tags", Reads::Manifests)?;
        let tags = tags.flatten();
        let rest = Rest::next_page_if(tags.as_ref().is_some_and(List::has_more));
        let items = items(tags).filter_map(|tag: tags::TagRef| tag.tag(PREFIX)).collect();
        manifests.tags = ListPage { items, rest };
        let head: Option<Option<Head<'_>>> = self.read(fields, "head", Reads::Manifests)?;
        let is_empty = fields.get("is_empty").and_then(part) == Some(true);
        match head.flatten().and_then(|head| head.target) {
            Some(target) => self.history(&target, manifests),
            None if is_empty || self.refused.contains(&Reads::Manifests) => Ok(()),
            None => {
                let missing = ApiError::new(ProblemKind::NotFound, "no such branch");
                Err(ApiError { status: self.response.status, ..missing })
            }
        }
    }

    fn history(&self, target: &Fields<'_>, manifests: &mut Manifests) -> Result<(), ApiError> {
        let log = &mut manifests.log;
        log.tip = target.get("sha").and_then(part::<String>).as_deref().and_then(CommitId::new);
        let commits: Option<List<'_>> = self.read(target, "history", Reads::Manifests)?;
        for commit in items::<WireCommit>(commits) {
            let Some(sha) = id(&commit.sha) else { continue };
            match commit.parents.and_then(Parents::all) {
                Some(parents) => log.commits.push(Listed { id: sha, parents, at: time(&commit.committed_at) }),
                None => log.unclear.push(sha),
            }
        }
        let commits: Option<List<'_>> = self.read(target, "newest", Reads::Statuses)?;
        for commit in items::<CommitStatuses<'_>>(commits) {
            let Some(id) = id(&commit.sha) else { continue };
            let contexts = commit.status.and_then(|status| status.contexts).into_iter().flatten();
            manifests.statuses.extend(contexts.filter_map(|raw| part::<Status>(&raw)?.status(&id)));
        }
        Ok(())
    }
}
