//! A repository that clusters apply manifests from: its history, its tags, what is said of its commits. One thing a
//! request; only parameters that GitHub's OpenAPI description names are used.
//!
//! An item of a list that cannot be read is left out. A repository without any commit is in conflict (409) with being
//! asked for them; it has none.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use super::{
    get, reference,
    rest::no,
    trouble,
    wire::{filled, id, time},
    words,
};
use crate::{
    config::{GitHub, secret::Secret},
    domain::{
        id::CommitId,
        manifests::{CommitStatus, EnvironmentDeployment, Listed, Log, Outcome, Tag},
    },
    http::{ApiError, Request, Response, encode},
};

/// A hundred commits: `from` and what comes before it, else a branch's, else the default branch's.
#[must_use]
pub fn request_log(
    at: &GitHub,
    from: Option<&CommitId>,
    branch: Option<&str>,
    secret: Option<&Secret>,
    etag: Option<&str>,
) -> Request {
    let start = from.map(CommitId::as_str).or(branch).map(encode);
    let start = start.map_or_else(String::new, |start| format!("sha={start}&"));
    get(at, &format!("/commits?{start}per_page=100"), secret, etag)
}

#[derive(Deserialize)]
struct WireCommit {
    sha: Option<String>,
    commit: Option<CommitText>,
    parents: Option<Vec<Sha>>,
}

#[derive(Deserialize)]
struct CommitText {
    committer: Option<Dated>,
}

#[derive(Deserialize)]
struct Dated {
    date: Option<String>,
}

#[derive(Deserialize)]
struct Sha {
    sha: Option<String>,
}

/// Reads the answer to [`request_log`].
///
/// # Errors
/// When it is a refusal, or no list.
pub fn parse_log(response: &Response) -> Result<Log, ApiError> {
    let mut log = Log::default();
    for (place, raw) in list(response)?.iter().enumerate() {
        let Some(commit) = item::<WireCommit>(raw) else { continue };
        let Some(sha) = id(&commit.sha) else { continue };
        if place == 0 {
            log.tip = Some(sha.clone());
        }
        let date = commit.commit.and_then(|text| text.committer?.date);
        let parents: Option<Vec<CommitId>> =
            commit.parents.and_then(|parents| parents.iter().map(|parent| id(&parent.sha)).collect());
        match parents {
            Some(parents) => log.commits.push(Listed { id: sha, parents, at: time(&date) }),
            None => log.unclear.push(sha),
        }
    }
    Ok(log)
}

/// The tags whose names begin with `prefix`: all of them, since this list has no pages.
#[must_use]
pub fn request_tags(at: &GitHub, prefix: &str, secret: Option<&Secret>, etag: Option<&str>) -> Request {
    get(at, &["/git/matching-refs/", &reference("tags", prefix)].concat(), secret, etag)
}

#[derive(Deserialize)]
struct Reference {
    #[serde(rename = "ref")]
    name: Option<String>,
    object: Option<Object>,
}

#[derive(Deserialize)]
struct Object {
    #[serde(rename = "type")]
    kind: Option<String>,
    sha: Option<String>,
}

/// Reads the answer to [`request_tags`]: of an annotated tag its object, which [`request_tag`] asks for; of a
/// lightweight one its commit. What is on neither a commit nor a tag is left out.
///
/// # Errors
/// When it is a refusal, or no list.
pub fn parse_tags(response: &Response) -> Result<Vec<Tag>, ApiError> {
    let tag = |reference: Reference| {
        let name = reference.name.as_deref()?.strip_prefix("refs/tags/")?.into();
        let target = reference.object?;
        let (object, commit) = match target.kind.as_deref()? {
            "tag" => (Some(filled(&target.sha)?.into()), None),
            "commit" => (None, Some(id(&target.sha)?)),
            _ => return None,
        };
        let is_approximate = object.is_none();
        Some(Tag { name, object, commit, at: None, is_approximate })
    };
    Ok(list(response)?.iter().filter_map(|raw| tag(item(raw)?)).collect())
}

/// The object of an annotated tag.
#[must_use]
pub fn request_tag(at: &GitHub, object: &str, secret: Option<&Secret>) -> Request {
    get(at, &["/git/tags/", &encode(object)].concat(), secret, None)
}

#[derive(Deserialize)]
struct TagObject {
    tag: Option<String>,
    sha: Option<String>,
    tagger: Option<Dated>,
    object: Option<Object>,
}

/// Reads the answer to [`request_tag`]. A tag can be on another tag, which has to be asked for in turn.
///
/// # Errors
/// When it is a refusal, or no tag.
pub fn parse_tag(response: &Response) -> Result<Tag, ApiError> {
    let tag: TagObject = trouble::read(response)?;
    let name = filled(&tag.tag).ok_or_else(|| no(response, "a tag without a name"))?;
    let target = tag.object.as_ref().and_then(|object| Some((object.kind.as_deref()?, filled(&object.sha)?)));
    let (kind, sha) = target.ok_or_else(|| no(response, "a tag that is on nothing"))?;
    let (object, commit) = match kind {
        "commit" => (filled(&tag.sha), CommitId::new(sha)),
        "tag" => (Some(sha), None),
        _ => (None, None),
    };
    let date = tag.tagger.and_then(|tagger| tagger.date);
    Ok(Tag { name: name.into(), object: object.map(Into::into), commit, at: time(&date), is_approximate: false })
}

/// What is said of a commit, by each context the newest.
#[must_use]
pub fn request_statuses(at: &GitHub, commit: &CommitId, secret: Option<&Secret>, etag: Option<&str>) -> Request {
    get(at, &["/commits/", &encode(commit.as_str()), "/status?per_page=100"].concat(), secret, etag)
}

#[derive(Deserialize)]
struct Combined {
    statuses: Vec<Box<RawValue>>,
}

/// A status of the REST API; GraphQL is asked for it under these names.
#[derive(Deserialize)]
pub(super) struct Status {
    context: Option<String>,
    state: Option<String>,
    description: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

impl Status {
    pub(super) fn status(&self, commit: &CommitId) -> Option<CommitStatus> {
        Some(CommitStatus {
            commit: commit.clone(),
            context: filled(&self.context)?.into(),
            genre: None,
            state: words::signal(self.state.as_deref()),
            // A status is never changed: who has something else to say makes another.
            at: time(&self.created_at).or_else(|| time(&self.updated_at)),
            message: filled(&self.description).map(Into::into),
        })
    }
}

/// Reads the answer to [`request_statuses`] of that commit. What GitHub makes of all of them together counts for
/// nothing: it says pending of a commit that nobody has said anything of.
///
/// # Errors
/// When it is a refusal, or no combined status.
pub fn parse_statuses(response: &Response, commit: &CommitId) -> Result<Vec<CommitStatus>, ApiError> {
    let combined: Combined = trouble::read(response)?;
    Ok(combined.statuses.iter().filter_map(|raw| item::<Status>(raw)?.status(commit)).collect())
}

/// The newest deployments to any environment.
#[must_use]
pub fn request_deployments(at: &GitHub, secret: Option<&Secret>, etag: Option<&str>) -> Request {
    get(at, "/deployments?per_page=30", secret, etag)
}

#[derive(Deserialize)]
struct Deployment {
    id: Option<u64>,
    environment: Option<String>,
    sha: Option<String>,
    created_at: Option<String>,
}

/// Reads the answer to [`request_deployments`]. What became of each [`request_outcome`] asks.
///
/// # Errors
/// When it is a refusal, or no list.
pub fn parse_deployments(response: &Response) -> Result<Vec<EnvironmentDeployment>, ApiError> {
    let deployment = |deployment: Deployment| {
        Some(EnvironmentDeployment {
            id: deployment.id?.to_string().into(),
            environment: filled(&deployment.environment)?.into(),
            commit: id(&deployment.sha),
            outcome: None,
            at: time(&deployment.created_at),
        })
    };
    let items: Vec<Box<RawValue>> = trouble::read(response)?;
    Ok(items.iter().filter_map(|raw| deployment(item(raw)?)).collect())
}

/// What was last said of a deployment.
#[must_use]
pub fn request_outcome(at: &GitHub, deployment: &str, secret: Option<&Secret>) -> Request {
    get(at, &["/deployments/", &encode(deployment), "/statuses?per_page=1"].concat(), secret, None)
}

/// A status of a deployment; GraphQL is asked for it under these names.
#[derive(Deserialize)]
pub(super) struct DeploymentStatus {
    state: Option<String>,
    description: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

impl DeploymentStatus {
    pub(super) fn outcome(&self) -> Outcome {
        Outcome {
            state: words::outcome(self.state.as_deref()),
            at: time(&self.created_at).or_else(|| time(&self.updated_at)),
            message: filled(&self.description).map(Into::into),
        }
    }
}

/// Reads the answer to [`request_outcome`]: `None` when nobody has said anything yet.
///
/// # Errors
/// When it is a refusal, or no list of statuses.
pub fn parse_outcome(response: &Response) -> Result<Option<Outcome>, ApiError> {
    let statuses: Vec<DeploymentStatus> = trouble::read(response)?;
    Ok(statuses.first().map(DeploymentStatus::outcome))
}

/// The items of a list of what a repository without a commit has none of.
pub(super) fn list(response: &Response) -> Result<Vec<Box<RawValue>>, ApiError> {
    match trouble::read(response) {
        Err(error) if error.status == 409 => Ok(Vec::new()),
        result => result,
    }
}

/// An item, if it can be read.
pub(super) fn item<T: DeserializeOwned>(raw: &RawValue) -> Option<T> {
    serde_json::from_str(raw.get()).ok()
}
