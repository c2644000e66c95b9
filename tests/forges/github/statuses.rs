//! The fields of the GraphQL schema of statuses and deployments.

use serde_json::Value;

use super::{
    deployments::{deployment_state, log_of},
    history::is_descending,
    manifests::{combined, context, state},
    objects::{Arguments, Found, Object, connection, one, text, value},
    query::Walk,
};
use crate::forges::world::{Deployment, MAIN, Sync, Word, rfc3339};

fn shout(word: &str) -> Result<Found, String> {
    value(word.to_ascii_uppercase())
}

/// The oldest first, unless it is asked for otherwise.
pub(super) fn deployments(mut all: Vec<Deployment>, arguments: &Arguments) -> Result<Found, String> {
    if let Some(wanted) = arguments.get("environments").and_then(Value::as_array) {
        all.retain(|deployment| wanted.iter().any(|name| *name == deployment.environment));
    }
    let order = arguments.get("orderBy").cloned().unwrap_or_default();
    if !matches!(order["field"].as_str(), None | Some("CREATED_AT")) {
        return Err(format!("deployments have no order by {}", order["field"]));
    }
    if !is_descending(order["direction"].as_str().unwrap_or("ASC"))? {
        all.reverse();
    }
    connection("DeploymentConnection", arguments, all.into_iter().map(Object::Deployment).collect())
}

pub(super) fn status(words: &[Word], name: &str, arguments: &Arguments) -> Result<Found, String> {
    match name {
        "state" => shout(combined(words)),
        "contexts" => Ok(Found::Many(words.iter().cloned().map(Object::StatusContext).collect())),
        "context" => {
            let wanted = text(arguments, "name")?;
            one(words.iter().find(|word| context(&word.author) == wanted).cloned().map(Object::StatusContext))
        }
        "commit" => one(words.first().map(|word| Object::Commit(word.commit))),
        _ => Err(String::new()),
    }
}

pub(super) fn status_context(word: &Word, name: &str) -> Result<Found, String> {
    match name {
        "context" => value(context(&word.author)),
        "state" => shout(state(word.state)),
        "description" => value(word.message.as_str()),
        "targetUrl" => value(Value::Null),
        "createdAt" => value(rfc3339(word.at)),
        "commit" => one(Some(Object::Commit(word.commit))),
        _ => Err(String::new()),
    }
}

pub(super) fn deployment(
    deployment: &Deployment,
    name: &str,
    arguments: &Arguments,
    walk: &Walk<'_>,
) -> Result<Found, String> {
    let world = walk.world;
    let commit = &world.commits[deployment.commit];
    let status = |n| Object::DeploymentStatus(deployment.clone(), n);
    let count = deployment.words.len();
    match name {
        "databaseId" => value(deployment.id),
        "environment" | "latestEnvironment" | "originalEnvironment" => value(deployment.environment.as_str()),
        "commitOid" => value(commit.id.as_str()),
        "commit" => one(Some(Object::Commit(deployment.commit))),
        "createdAt" => value(rfc3339(deployment.at)),
        "updatedAt" => value(rfc3339(deployment.words.last().map_or(deployment.at, |word| word.0))),
        "task" => value("deploy"),
        "description" | "payload" => value(Value::Null),
        // In words of its own: what a status calls a success is active here.
        "state" => value(match deployment.words.last().map(|word| word.1) {
            None => "PENDING",
            Some(None) => "INACTIVE",
            Some(Some(Sync::Applied)) => "ACTIVE",
            Some(Some(Sync::Failed)) => "FAILURE",
            Some(Some(Sync::Pending)) => "IN_PROGRESS",
        }),
        "latestStatus" => one(count.checked_sub(1).map(status)),
        "statuses" => connection("DeploymentStatusConnection", arguments, (0..count).rev().map(status).collect()),
        "ref" => {
            let is_there = world.branches(commit.repository, walk.now).iter().any(|branch| branch.name == MAIN);
            one(is_there.then(|| Object::Ref(commit.repository, format!("refs/heads/{MAIN}"))))
        }
        _ => Err(String::new()),
    }
}

pub(super) fn deployment_status(deployment: &Deployment, n: usize, name: &str) -> Result<Found, String> {
    let (at, state, message) = &deployment.words[n];
    match name {
        "state" => shout(deployment_state(*state)),
        "description" => value(message.as_str()),
        "createdAt" | "updatedAt" => value(rfc3339(*at)),
        "environment" => value(deployment.environment.as_str()),
        "environmentUrl" => value(Value::Null),
        "logUrl" => value(Some(log_of(deployment)).filter(|log| !log.is_empty())),
        "deployment" => one(Some(Object::Deployment(deployment.clone()))),
        _ => Err(String::new()),
    }
}
