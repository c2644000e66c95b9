//! The shapes of what the simulated services say of manifest repositories, against recorded answers: `tests/data`.

use serde_json::Value;

use crate::forges::{
    Forges,
    world::{Forge, World},
};
use crate::says::{START, open};
use crate::says_history::{get, manifests};

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

/// All that is said is in the example, and is of the same kind there.
fn compare(said: &Value, sample: &Value, path: &str, more: &[&str], found: &mut Vec<String>) {
    match (said, sample) {
        (Value::Object(said), Value::Object(sample)) => {
            for (name, value) in said {
                let path = format!("{path}.{name}");
                match sample.get(name) {
                    Some(example) => compare(value, example, &path, more, found),
                    None if more.contains(&name.as_str()) => {}
                    None => found.push(format!("{path} is not in the example")),
                }
            }
        }
        (Value::Array(said), Value::Array(sample)) => {
            for (n, item) in said.iter().enumerate() {
                let Some(example) = sample.first() else { break };
                compare(item, example, &format!("{path}[{n}]"), more, found);
            }
        }
        (Value::Null, _) | (_, Value::Null) => {}
        _ if std::mem::discriminant(said) == std::mem::discriminant(sample) => {}
        _ => found.push(format!("{path}: {said} where the example has {sample}")),
    }
}

/// `more`: what the documentation has beyond its example.
#[track_caller]
fn check(forge: Forge, address: &str, name: &str, more: &[&str]) {
    let example = recorded(forge, name);
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
    let said = answer.value();
    let is_empty = said.as_array().or(said["value"].as_array()).is_some_and(Vec::is_empty);
    assert!(!is_empty, "{address} says nothing");
    let mut found = Vec::new();
    compare(&said, &example, "", more, &mut found);
    assert_eq!(found, [""; 0], "{address}");
}

#[test]
fn answers_have_the_shapes_of_recorded_ones() {
    use Forge::{AzureDevOps, GitHub, GitLab};
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
