//! The REST endpoints of deployments to environments.

use serde_json::{Value, json};

use super::manifests::{At, pages};
use crate::forges::{
    call::{Answer, Call},
    world::{Deployment, MAIN, Millis, Sync, rfc3339},
};

/// In the words of deployments: of one that gave way to another nothing but that is known.
pub(super) const fn deployment_state(state: Option<Sync>) -> &'static str {
    match state {
        Some(Sync::Applied) => "success",
        Some(Sync::Failed) => "failure",
        Some(Sync::Pending) => "in_progress",
        None => "inactive",
    }
}

/// Of a job the log, of anything else nothing.
pub(super) fn log_of(deployment: &Deployment) -> String {
    let id = deployment.id;
    let log = || format!("https://github.com/contoso/shop/actions/runs/{id}/job/{}", id + 1);
    if deployment.is_by_workflow { log() } else { String::new() }
}

impl At<'_> {
    pub(super) fn deployments(&self, call: &Call) -> Answer {
        let mut all = self.world.deployments(self.repository, self.now);
        all.retain(|deployment| {
            call.param("sha").is_none_or(|sha| sha == self.sha(deployment.commit))
                && call.param("environment").is_none_or(|name| name == deployment.environment)
                && call.param("ref").is_none_or(|name| name == MAIN)
                && call.param("task").is_none_or(|task| task == "deploy")
        });
        pages(call, all.iter().map(|deployment| self.deployment(deployment)).collect())
    }

    pub(super) fn deployment_of(&self, id: &str) -> Option<Deployment> {
        let id: u64 = id.parse().ok()?;
        self.world.deployments(self.repository, self.now).into_iter().find(|deployment| deployment.id == id)
    }

    /// It does not show what became of it.
    pub(super) fn deployment(&self, deployment: &Deployment) -> Value {
        let (root, id) = (self.root(), deployment.id);
        let changed = deployment.words.last().map_or(deployment.at, |word| word.0);
        json!({
            "url": format!("{root}/deployments/{id}"), "id": id, "node_id": "x", "sha": self.sha(deployment.commit),
            "ref": MAIN, "task": "deploy", "payload": {}, "original_environment": deployment.environment,
            "environment": deployment.environment, "description": null, "created_at": rfc3339(deployment.at),
            "updated_at": rfc3339(changed), "statuses_url": format!("{root}/deployments/{id}/statuses"),
            "repository_url": root, "transient_environment": false, "production_environment": false,
            "creator": { "login": if deployment.is_by_workflow { "github-actions[bot]" } else { "argo" }, "id": 9 },
        })
    }

    pub(super) fn deployment_statuses(&self, deployment: &Deployment) -> Vec<Value> {
        let (root, id) = (self.root(), deployment.id);
        let status = |(n, (at, state, message)): (usize, &(Millis, Option<Sync>, String))| {
            let own = id * 10 + n as u64;
            json!({
                "url": format!("{root}/deployments/{id}/statuses/{own}"), "id": own, "node_id": "x",
                "state": deployment_state(*state), "description": message, "environment": deployment.environment,
                "target_url": "", "created_at": rfc3339(*at), "updated_at": rfc3339(*at),
                "deployment_url": format!("{root}/deployments/{id}"), "repository_url": root,
                "environment_url": "", "log_url": log_of(deployment),
            })
        };
        // The newest first.
        deployment.words.iter().enumerate().rev().map(status).collect()
    }
}
