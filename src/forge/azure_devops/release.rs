//! Classic releases, whose parts are environments.
//!
//! A release has no result of its own, only its environments have; [`overall`] combines them. Its times
//! are those of the newest attempt at each environment (`deploySteps`): it begins with the first of its phases and
//! ends, once it is over, when it was last modified. Where an answer holds none, `createdOn` and `modifiedOn` of the
//! release stand in. `timeToDeploy` is not used: the specification gives no unit for it.

use super::{
    answers::{Links, filled, href, known_first, list, time, word},
    person::{Identity, person},
    requests::{AT_ONCE, VERSION, home, numbers, read_at},
};
use crate::{
    config::AzureDevOps,
    domain::{
        deployment::Status,
        id::{ImageTag, RunId},
        run::{Run, RunPart},
        time::Timestamp,
    },
    http::{ApiError, Page, Request, Response, secret::Secret},
    json::wire,
};

/// Up to [`AT_ONCE`] releases ("Releases - List"; its sibling for deployments cannot be asked by id). They are on a
/// host of their own: `secret` is what [`super::release_secret`] gives.
pub(super) fn request_releases(at: &AzureDevOps, ids: &[RunId], secret: Option<&Secret>) -> Request {
    let (home, ids) = (home(&at.release_api, at), numbers(ids));
    let address = format!(
        "{home}/_apis/release/releases?releaseIdFilter={ids}&$expand=environments,artifacts&$top={AT_ONCE}&{VERSION}"
    );
    read_at(address, secret)
}

/// Reads the answer to [`request_releases`]. Ids that are not in it are those of releases that are gone, or never were.
///
/// # Errors
/// When the answer is a refusal or no list.
pub(super) fn parse_releases(response: &Response) -> Result<Page<(RunId, Run), ()>, ApiError> {
    list(response, "Release", understand)
}

wire! {
    struct Release {
        id: u64,
        name: Option<String>,
        status: Option<String>,
        created_on: Option<String> = "createdOn",
        modified_on: Option<String> = "modifiedOn",
        created_by: Option<Identity> = "createdBy",
        environments: Option<Vec<Environment>>,
        artifacts: Option<Vec<Artifact>>,
        links: Option<Links> = "_links",
    }

    struct Environment {
        name: Option<String>,
        rank: Option<i64>,
        status: Option<String>,
        pre_deploy_approvals: Option<Vec<Approval>> = "preDeployApprovals",
        post_deploy_approvals: Option<Vec<Approval>> = "postDeployApprovals",
        deploy_steps: Option<Vec<Attempt>> = "deploySteps",
    }

    struct Approval {
        status: Option<String>,
        is_automated: Option<bool> = "isAutomated",
        approver: Option<Identity>,
    }

    struct Attempt {
        attempt: Option<i64>,
        operation_status: Option<String> = "operationStatus",
        queued_on: Option<String> = "queuedOn",
        last_modified_on: Option<String> = "lastModifiedOn",
        release_deploy_phases: Option<Vec<Phase>> = "releaseDeployPhases",
    }

    struct Phase {
        started_on: Option<String> = "startedOn",
    }

    struct Artifact {
        kind: Option<String> = "type",
        is_primary: Option<bool> = "isPrimary",
        definition_reference: Option<Reference> = "definitionReference",
    }

    struct Reference {
        version: Option<Named>,
        registryurl: Option<Named>,
    }

    struct Named {
        id: Option<String>,
        name: Option<String>,
    }
}

fn understand(release: Release) -> Result<(RunId, Run), String> {
    let id = RunId::new(&release.id.to_string()).ok_or("no id")?;
    let mut environments = release.environments.unwrap_or_default();
    environments.sort_by_key(|environment| known_first(environment.rank));
    let parts: Vec<RunPart> = environments.into_iter().map(part).collect();
    let status = overall(release.status.as_deref(), &parts);
    let (created, modified) = (time(release.created_on.as_deref()), time(release.modified_on.as_deref()));
    let begun = status != Status::Queued;
    let over = matches!(status, Status::Succeeded | Status::Failed | Status::Canceled);
    let ended = parts.iter().filter_map(|part| part.ended).max();
    let run = Run {
        warned: status == Status::Succeeded && parts.iter().any(|part| part.warned),
        name: filled(release.name),
        link: release.links.and_then(|links| href(links.web)),
        queued: created,
        started: parts.iter().filter_map(|part| part.started).min().or(created.filter(|_| begun)),
        ended: ended.or(modified).filter(|_| over),
        starter: person(release.created_by),
        image: image(release.artifacts.unwrap_or_default()),
        parts,
        ..Run::new(status)
    };
    Ok((id, run))
}

fn part(environment: Environment) -> RunPart {
    let (status, warned) = status(environment.status.as_deref());
    let newest = environment.deploy_steps.unwrap_or_default().into_iter().max_by_key(|step| step.attempt);
    let before = environment.pre_deploy_approvals.into_iter().flatten();
    let pending: Vec<Approval> =
        before.chain(environment.post_deploy_approvals.into_iter().flatten()).filter(is_pending).collect();
    let by_hand =
        newest.as_ref().is_some_and(|step| word(step.operation_status.as_deref()) == "manualinterventionpending");
    let waits =
        (by_hand || !pending.is_empty()) && matches!(status, Status::Incomplete | Status::Queued | Status::Running);
    let over = matches!(status, Status::Succeeded | Status::Failed | Status::Canceled);
    RunPart {
        approvals: Vec::new(),
        waits_for: pending.into_iter().filter(|_| waits).filter_map(|approval| person(approval.approver)).collect(),
        name: filled(environment.name).unwrap_or_else(|| "?".into()),
        status: if waits { Status::Waiting } else { status },
        warned,
        started: newest.as_ref().and_then(started),
        ended: newest.and_then(|step| time(step.last_modified_on.as_deref())).filter(|_| over),
    }
}

/// An approval that the service gives itself is never asked of anybody.
fn is_pending(approval: &Approval) -> bool {
    word(approval.status.as_deref()) == "pending" && approval.is_automated != Some(true)
}

fn started(step: &Attempt) -> Option<Timestamp> {
    let phases = step.release_deploy_phases.iter().flatten();
    phases.filter_map(|phase| time(phase.started_on.as_deref())).min().or_else(|| time(step.queued_on.as_deref()))
}

/// `EnvironmentStatus`. `rejected` means both that an approval was refused and that a deployment failed; `failed` is
/// a word of the sibling API for deployments.
pub(super) fn status(word: Option<&str>) -> (Status, bool) {
    let status = match super::answers::word(word).as_str() {
        "notstarted" => Status::Incomplete,
        "inprogress" => Status::Running,
        "succeeded" => Status::Succeeded,
        "partiallysucceeded" => return (Status::Succeeded, true),
        "canceled" => Status::Canceled,
        "rejected" | "failed" => Status::Failed,
        "queued" | "scheduled" => Status::Queued,
        _ => Status::Unknown,
    };
    (status, false)
}

/// What its environments, and its own word (`ReleaseStatus`: `draft`, `active`, `abandoned`), make of a release: the
/// worst first. One that waits for an approval is running. One of which some environments are done and the others
/// have not begun is [`Status::Incomplete`]: they may begin by themselves or when somebody starts them, which an answer
/// does not distinguish. Abandoned is canceled, unless all had been done by then.
pub(super) fn overall(word: Option<&str>, parts: &[RunPart]) -> Status {
    let any = |status: Status| parts.iter().any(|part| part.status == status);
    let all = |status: Status| !parts.is_empty() && parts.iter().all(|part| part.status == status);
    if any(Status::Failed) {
        return Status::Failed;
    }
    if all(Status::Succeeded) {
        return Status::Succeeded;
    }
    match super::answers::word(word).as_str() {
        "abandoned" => return Status::Canceled,
        "draft" => return Status::Queued,
        _ if parts.is_empty() => return Status::Unknown,
        _ => {}
    }
    if any(Status::Running) || any(Status::Waiting) {
        Status::Running
    } else if any(Status::Queued) {
        if any(Status::Succeeded) { Status::Running } else { Status::Queued }
    } else if any(Status::Canceled) {
        Status::Canceled
    } else if any(Status::Unknown) {
        Status::Unknown
    } else if any(Status::Succeeded) {
        Status::Incomplete
    } else {
        Status::Queued
    }
}

/// The version of an artifact that is a container image is that image's tag; the primary one goes before others.
fn image(mut artifacts: Vec<Artifact>) -> Option<ImageTag> {
    artifacts.sort_by_key(|artifact| artifact.is_primary != Some(true));
    artifacts.into_iter().find_map(|artifact| {
        let kind = word(artifact.kind.as_deref());
        let reference = artifact.definition_reference?;
        let is_image = kind.contains("container") || kind.contains("docker") || reference.registryurl.is_some();
        let version = reference.version.filter(|_| is_image)?;
        version.id.as_deref().and_then(ImageTag::new).or_else(|| version.name.as_deref().and_then(ImageTag::new))
    })
}
