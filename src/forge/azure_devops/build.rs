//! Builds: the runs of pipelines.

use super::{
    answers::{Links, before_api, branch, filled, href, list, time, without_user, word},
    person::{Identity, person},
    requests::{VERSION, home, numbers, read_at},
};
use crate::{
    config::AzureDevOps,
    domain::{
        deployment::Status,
        id::{CommitId, Repository, RunId},
        link::Link,
        run::Run,
    },
    http::{ApiError, Page, Request, Response, secret::Secret},
    json::wire,
};

/// Up to [`super::AT_ONCE`] builds ("Builds - List").
pub(super) fn request_builds(at: &AzureDevOps, ids: &[RunId], secret: Option<&Secret>) -> Request {
    let address = format!("{}/_apis/build/builds?buildIds={}&{VERSION}", home(&at.api, at), numbers(ids));
    read_at(address, secret)
}

/// Reads the answer to [`request_builds`]. Ids that are not in it are those of builds that have expired, or never were.
///
/// # Errors
/// When the answer is a refusal or no list.
pub(super) fn parse_builds(response: &Response) -> Result<Page<(RunId, Run), ()>, ApiError> {
    list(response, "Build", understand)
}

wire! {
    struct Build {
        id: u64,
        build_number: Option<String> = "buildNumber",
        status: Option<String>,
        result: Option<String>,
        queue_time: Option<String> = "queueTime",
        start_time: Option<String> = "startTime",
        finish_time: Option<String> = "finishTime",
        source_branch: Option<String> = "sourceBranch",
        source_version: Option<String> = "sourceVersion",
        requested_for: Option<Identity> = "requestedFor",
        repository: Option<SourceRepository>,
        url: Option<String>,
        links: Option<Links> = "_links",
    }

    struct SourceRepository {
        id: Option<String>,
        kind: Option<String> = "type",
        url: Option<String>,
    }
}

fn understand(build: Build) -> Result<(RunId, Run), String> {
    let id = RunId::new(&build.id.to_string()).ok_or("no id")?;
    let (status, warned) = status(build.status.as_deref(), build.result.as_deref());
    let built = || Link::new(&format!("{}/_build/results?buildId={id}", before_api(build.url.as_deref())?));
    let run = Run {
        warned,
        name: filled(build.build_number),
        link: build.links.and_then(|links| href(links.web)).or_else(built),
        queued: time(build.queue_time.as_deref()),
        started: time(build.start_time.as_deref()),
        ended: time(build.finish_time.as_deref()),
        commit: build.source_version.as_deref().and_then(CommitId::new),
        branch: branch(build.source_branch.as_deref()),
        repository: build.repository.and_then(repository),
        starter: person(build.requested_for),
        ..Run::new(status)
    };
    Ok((id, run))
}

/// `BuildStatus` and `BuildResult`; the latter counts only when the former states that it is there.
pub(super) fn status(status: Option<&str>, result: Option<&str>) -> (Status, bool) {
    let status = match word(status).as_str() {
        "notstarted" | "postponed" => Status::Queued,
        "inprogress" | "cancelling" => Status::Running,
        "completed" => match word(result).as_str() {
            "succeeded" => Status::Succeeded,
            "partiallysucceeded" => return (Status::Succeeded, true),
            "failed" => Status::Failed,
            "canceled" => Status::Canceled,
            _ => Status::Unknown,
        },
        _ => Status::Unknown,
    };
    (status, false)
}

/// A repository of GitHub has its name for an id and often no address; one of Azure DevOps has both an address and a
/// GUID. Of others only an address shows where they are.
fn repository(repository: SourceRepository) -> Option<Repository> {
    let SourceRepository { id, kind, url } = repository;
    let url = url.filter(|url| !url.trim().is_empty()).map(|url| without_user(url.trim()));
    match word(kind.as_deref()).as_str() {
        "github" => match id.as_deref().map(str::trim).filter(|id| id.contains('/') && !id.contains("://")) {
            Some(name) => Repository::new(&format!("https://github.com/{name}")),
            None => Repository::new(&url?),
        },
        "tfsgit" => Repository::new(&url.or(id)?),
        _ => Repository::new(&url?),
    }
}
