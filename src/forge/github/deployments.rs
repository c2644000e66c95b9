//! Deployments to environments: by the REST API a list first and then what became of each, by GraphQL both at once.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    get, trouble,
    wire::{filled, id, time},
    words,
};
use crate::{
    config::GitHub,
    domain::manifests::{EnvironmentDeployment, Outcome},
    forge::answer::item,
    http::{ApiError, Request, Response, encode, secret::Secret},
};

/// The newest deployments to any environment.
#[must_use]
pub(super) fn request_deployments(at: &GitHub, secret: Option<&Secret>, etag: Option<&str>) -> Request {
    get(at, "/deployments?per_page=30", secret, etag)
}

/// A deployment of the REST API; GraphQL is asked for it under these names.
#[derive(Deserialize)]
pub(super) struct Deployment {
    id: Option<u64>,
    environment: Option<String>,
    sha: Option<String>,
    created_at: Option<String>,
    /// Only in GraphQL; null where nobody has said anything yet.
    latest: Option<Status>,
}

impl Deployment {
    pub(super) fn deployment(&self) -> Option<EnvironmentDeployment> {
        Some(EnvironmentDeployment {
            id: self.id?.to_string().into(),
            environment: filled(&self.environment)?.into(),
            commit: id(&self.sha),
            outcome: self.latest.as_ref().map(Status::outcome),
            at: time(&self.created_at),
        })
    }
}

/// Reads the answer to [`request_deployments`]. What became of each [`request_outcome`] asks.
///
/// # Errors
/// When it is a refusal, or no list.
pub(super) fn parse_deployments(response: &Response) -> Result<Vec<EnvironmentDeployment>, ApiError> {
    let items: Vec<Box<RawValue>> = trouble::read(response)?;
    Ok(items.iter().filter_map(|raw| item::<Deployment>(raw)?.deployment()).collect())
}

/// What was last said of a deployment.
#[must_use]
pub(super) fn request_outcome(at: &GitHub, deployment: &str, secret: Option<&Secret>) -> Request {
    get(at, &["/deployments/", &encode(deployment), "/statuses?per_page=1"].concat(), secret, None)
}

#[derive(Deserialize)]
struct Status {
    state: Option<String>,
    description: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

impl Status {
    fn outcome(&self) -> Outcome {
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
pub(super) fn parse_outcome(response: &Response) -> Result<Option<Outcome>, ApiError> {
    let statuses: Vec<Status> = trouble::read(response)?;
    Ok(statuses.first().map(Status::outcome))
}
