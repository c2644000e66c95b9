//! Deployments to environments: by the REST API a list first and then what became of each, by GraphQL both at once.

use super::{
    manifests::{AT_ONCE, page_of},
    requests::get,
    trouble,
    wire::{filled, id, time},
    words,
};
use crate::{
    config::GitHub,
    domain::manifests::{EnvironmentDeployment, ListPage, Outcome, Rest},
    forge::answer::{has_next, item},
    http::{ApiError, Request, Response, encode, secret::Secret},
    json::{Json, wire},
};

/// So many of one environment: one of them will have come to an end.
const OF_ENVIRONMENT: usize = 10;

/// The deployments to any environment, the newest first: a page of a hundred.
pub(super) fn request_deployments(at: &GitHub, page: u32, secret: Option<&Secret>, etag: Option<&str>) -> Request {
    get(at, &["/deployments?", &page_of(page)].concat(), secret, etag)
}

/// The newest deployments to one environment, however long ago they were.
pub(super) fn request_deployments_to(
    at: &GitHub,
    environment: &str,
    secret: Option<&Secret>,
    etag: Option<&str>,
) -> Request {
    let environment = encode(environment);
    get(at, &format!("/deployments?environment={environment}&per_page={OF_ENVIRONMENT}"), secret, etag)
}

wire! {
    /// A deployment of the REST API; GraphQL is asked for it under these names.
    pub(super) struct Deployment {
        id: Option<u64>,
        environment: Option<String>,
        sha: Option<String>,
        created_at: Option<String>,
        /// Only in the REST API.
        creator: Option<Creator>,
        /// Only in GraphQL; null where there is none yet.
        latest: Option<Status>,
    }

    struct Creator {
        login: Option<String>,
    }
}

impl Creator {
    fn is_workflow(&self) -> bool {
        self.login.as_deref() == Some("github-actions[bot]")
    }
}

impl Deployment {
    pub(super) fn deployment(&self) -> Option<EnvironmentDeployment> {
        Some(EnvironmentDeployment {
            id: self.id?.to_string().into(),
            environment: filled(&self.environment)?.into(),
            commit: id(&self.sha),
            outcome: self.latest.as_ref().map(Status::outcome),
            at: time(&self.created_at),
            is_by_workflow: self.creator.as_ref().is_some_and(Creator::is_workflow),
        })
    }
}

/// Reads the answer to [`request_deployments`] or [`request_deployments_to`]. What became of each [`request_outcome`]
/// asks.
///
/// # Errors
/// When it is a refusal, or no list.
pub(super) fn parse_deployments(response: &Response) -> Result<ListPage<EnvironmentDeployment>, ApiError> {
    let raw: Vec<Json<'_>> = trouble::read(response)?;
    let items = raw.iter().filter_map(|raw| item::<Deployment>(raw)?.deployment()).collect();
    Ok(ListPage { items, rest: Rest::next_page_if(has_next(response, raw.len() >= AT_ONCE)) })
}

/// What was last reported of a deployment.
pub(super) fn request_outcome(at: &GitHub, deployment: &str, secret: Option<&Secret>) -> Request {
    get(at, &["/deployments/", &encode(deployment), "/statuses?per_page=1"].concat(), secret, None)
}

wire! {
    struct Status {
        state: Option<String>,
        description: Option<String>,
        created_at: Option<String>,
        updated_at: Option<String>,
        log_url: Option<String>,
    }
}

impl Status {
    /// Whether its log is that of a job of GitHub Actions. For an approval nothing else waits.
    fn is_by_workflow(&self) -> bool {
        let is_waiting = self.state.as_deref().is_some_and(|state| state.eq_ignore_ascii_case("waiting"));
        is_waiting || self.log_url.as_deref().is_some_and(|log| log.contains("/actions/runs/"))
    }

    fn outcome(&self) -> Outcome {
        Outcome {
            state: words::outcome(self.state.as_deref()),
            at: time(&self.created_at).or_else(|| time(&self.updated_at)),
            message: filled(&self.description).map(Into::into),
            is_by_workflow: self.is_by_workflow(),
        }
    }
}

/// Reads the answer to [`request_outcome`]: `None` when there is none yet.
///
/// # Errors
/// When it is a refusal, or no list of statuses.
pub(super) fn parse_outcome(response: &Response) -> Result<Option<Outcome>, ApiError> {
    let statuses: Vec<Status> = trouble::read(response)?;
    Ok(statuses.first().map(Status::outcome))
}
