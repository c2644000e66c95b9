//! The shapes of what the simulated services answer of manifest repositories, against recorded answers in `tests/data`,
//! and against the services' own examples where those are at hand. These lie beside the repository; without them that
//! test is ignored.

use std::path::PathBuf;

use serde_json::Value;

use crate::answers::{START, open};
use crate::answers_history::{get, manifests};
use crate::forges::{
    Forges,
    world::{Forge, World},
};

fn folder() -> PathBuf {
    let samples = std::env::var_os("RINGSIDE_SAMPLES").map(PathBuf::from);
    samples.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/samples"))
}

/// One of the services' own examples, without what it is wrapped in.
fn sample(name: &str) -> Value {
    let text = std::fs::read_to_string(folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    let whole: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
    let body = whole["responses"].as_object().and_then(|responses| responses.values().next()).map(|r| &r["body"]);
    body.cloned().unwrap_or(whole)
}

/// A recorded answer.
fn recorded(forge: Forge, name: &str) -> Value {
    let text = match forge {
        Forge::AzureDevOps => include_str!("../data/azure-devops.json"),
        Forge::GitHub => include_str!("../data/github.json"),
        Forge::GitLab => include_str!("../data/gitlab.json"),
    };
    let all: Value = serde_json::from_str(text).unwrap();
    all[name]["body"].clone()
}

/// All fields are in the example, and is of the same kind there.
fn compare(answered: &Value, sample: &Value, path: &str, more: &[&str], found: &mut Vec<String>) {
    match (answered, sample) {
        (Value::Object(answered), Value::Object(sample)) => {
            for (name, value) in answered {
                let path = format!("{path}.{name}");
                match sample.get(name) {
                    Some(example) => compare(value, example, &path, more, found),
                    None if more.contains(&name.as_str()) => {}
                    None => found.push(format!("{path} is not in the example")),
                }
            }
        }
        (Value::Array(answered), Value::Array(sample)) => {
            for (n, item) in answered.iter().enumerate() {
                let Some(example) = sample.first() else { break };
                compare(item, example, &format!("{path}[{n}]"), more, found);
            }
        }
        (Value::Null, _) | (_, Value::Null) => {}
        _ if std::mem::discriminant(answered) == std::mem::discriminant(sample) => {}
        _ => found.push(format!("{path}: {answered} where the example has {sample}")),
    }
}

/// `more`: what the documentation has beyond its example.
#[track_caller]
fn compare_with(example: &Value, forge: Forge, address: &str, name: &str, more: &[&str]) {
    assert!(!example.is_null(), "no answer {name}");
    let mut forges: Forges = open(World::story(START));
    let at = manifests(&forges.world).into_iter().find(|at| at.forge == forge).unwrap();
    let newest = forges.world.log(at.repository, START)[0];
    let id = forges.world.commits[newest].id.clone();
    let tag = forges.world.tags(at.repository, START).into_iter().find_map(|tag| tag.object).unwrap();
    let deployment = forges.world.deployments(at.repository, START).first().map_or(0, |deployment| deployment.id);
    let address = address.replace("{id}", &id).replace("{tag}", &tag).replace("{deployment}", &deployment.to_string());
    let answer = get(&mut forges, &at, &address, START);
    assert_eq!((answer.status, forges.gate.violations.len()), (200, 0), "{address}");
    let answered = answer.value();
    let is_empty = answered.as_array().or(answered["value"].as_array()).is_some_and(Vec::is_empty);
    assert!(!is_empty, "{address} says nothing");
    let mut found = Vec::new();
    compare(&answered, example, "", more, &mut found);
    assert_eq!(found, [""; 0], "{address}");
}

#[test]
fn answers_have_the_shapes_of_recorded_ones() {
    use Forge::{AzureDevOps, GitHub, GitLab};
    #[track_caller]
    fn check(forge: Forge, address: &str, name: &str, more: &[&str]) {
        compare_with(&recorded(forge, name), forge, address, name, more);
    }
    check(GitHub, "/commits", "commits", &[]);
    check(GitHub, "/commits/{id}", "commit", &[]);
    check(GitHub, "/git/matching-refs/tags/", "tags", &[]);
    check(GitHub, "/git/ref/heads/main", "branch", &[]);
    check(GitHub, "/git/tags/{tag}", "tag", &[]);
    check(GitHub, "/commits/{id}/status", "combined status", &[]);
    check(GitHub, "/commits/{id}/statuses", "statuses", &[]);
    check(GitHub, "/deployments", "deployments", &[]);
    check(GitHub, "/deployments/{deployment}/statuses", "deployment statuses", &[]);
    check(GitHub, "/compare/main...{id}", "compared", &[]);
    check(AzureDevOps, "/commits", "commits", &["commentTruncated"]);
    check(AzureDevOps, "/commits/{id}", "commit", &[]);
    check(AzureDevOps, "/refs?filter=tags/&peelTags=true", "tags", &["peeledObjectId"]);
    check(AzureDevOps, "/refs?filter=heads/&includeStatuses=true", "branches", &[]);
    check(AzureDevOps, "/annotatedtags/{tag}", "tag", &[]);
    check(AzureDevOps, "/commits/{id}/statuses", "statuses", &[]);
    check(AzureDevOps, "/diffs/commits?baseVersion=main&targetVersion=main", "compared", &[]);
    check(GitLab, "/tags", "tags", &[]);
    check(GitLab, "/commits/{id}/statuses", "statuses", &[]);
}

#[test]
#[ignore = "reads recorded answers, which lie beside the repository"]
fn answers_have_the_shapes_of_the_services_examples() {
    use Forge::{AzureDevOps, GitHub, GitLab};
    #[track_caller]
    fn check(forge: Forge, address: &str, name: &str, more: &[&str]) {
        compare_with(&sample(name), forge, address, name, more);
    }
    check(GitHub, "/commits", "github/openapi-commits-list.json", &[]);
    check(GitHub, "/commits/{id}", "github/openapi-commit.json", &[]);
    check(GitHub, "/git/matching-refs/tags/", "github/openapi-git-matching-refs.json", &[]);
    check(GitHub, "/git/ref/heads/main", "github/openapi-git-ref.json", &[]);
    check(GitHub, "/git/tags/{tag}", "github/openapi-git-tag.json", &[]);
    check(GitHub, "/commits/{id}/status", "github/openapi-commit-combined-status.json", &[]);
    check(GitHub, "/commits/{id}/statuses", "github/openapi-commit-statuses.json", &[]);
    check(GitHub, "/deployments", "github/openapi-deployments.json", &[]);
    check(GitHub, "/deployments/{deployment}/statuses", "github/openapi-deployment-statuses.json", &[]);
    check(GitHub, "/compare/main...{id}", "github/openapi-compare.json", &[]);
    check(AzureDevOps, "/commits", "azdo/docs-commits-list.json", &["commentTruncated"]);
    check(AzureDevOps, "/commits/{id}", "azdo/docs-commit.json", &["imageUrl"]);
    check(AzureDevOps, "/refs?filter=tags/&peelTags=true", "azdo/docs-refs-tags.json", &["peeledObjectId"]);
    check(AzureDevOps, "/refs?filter=heads/&includeStatuses=true", "azdo/docs-refs-heads-statuses.json", &[]);
    check(AzureDevOps, "/annotatedtags/{tag}", "azdo/docs-annotatedtag.json", &[]);
    check(
        AzureDevOps,
        "/commits/{id}/statuses",
        "cluster-sync/azdo-statuses-flux2.json",
        &["_links", "targetUrl", "id"],
    );
    check(
        AzureDevOps,
        "/diffs/commits?baseVersion=main&targetVersion=main",
        "azdo/docs-diffs-commits.json",
        &["baseCommit", "targetCommit"],
    );
    check(GitLab, "/tags", "gitlab/docs-tags.json", &["web_url", "trailers", "extended_trailers"]);
    check(GitLab, "/commits/{id}/statuses", "cluster-sync/gitlab-statuses-flux2.json", &[]);
}
