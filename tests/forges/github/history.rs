//! The fields of the GraphQL schema of histories and refs.

use serde_json::Value;

use super::{
    objects::{Arguments, Found, Object, connection, one, text, value},
    query::Walk,
    statuses::deployments,
};
use crate::forges::{
    gate::Read,
    world::{MAIN, Millis, PullState, Tag, latest},
};

/// Whether the caller may read that; if not, an error stands beside the data, and nothing in it.
fn is_refused(walk: &mut Walk<'_>, read: Read) -> bool {
    let is_refused = !walk.may(read);
    if is_refused {
        walk.error("FORBIDDEN", "Resource not accessible by personal access token".to_owned());
    }
    is_refused
}

pub(super) fn repository(
    place: usize,
    name: &str,
    arguments: &Arguments,
    walk: &mut Walk<'_>,
) -> Result<Found, String> {
    let (world, now) = (walk.world, walk.now);
    let read = match name {
        "deployments" => Read::Deployments,
        "ref" | "refs" | "defaultBranchRef" => Read::Commits,
        "pullRequests" => Read::PullRequests,
        _ => return Err(String::new()),
    };
    if is_refused(walk, read) {
        return Ok(Found::Nothing);
    }
    let Some(repository) = world.repository_of(place, None) else { return Ok(Found::Nothing) };
    let all = refs(repository, walk);
    let named = |full: &str| all.iter().find(|known| *known == full).map(|full| Object::Ref(repository, full.clone()));
    match name {
        "defaultBranchRef" => one(named(&format!("refs/heads/{MAIN}"))),
        "ref" => {
            let wanted = text(arguments, "qualifiedName")?;
            let short = ["refs/heads/", "refs/tags/"].into_iter().find_map(|kind| named(&format!("{kind}{wanted}")));
            one(named(wanted).or(short))
        }
        "refs" => refs_connection(repository, all, arguments, walk),
        "deployments" => {
            let all = world.deployments(repository, now);
            deployments(all, arguments)
        }
        _ => pulls(repository, None, arguments, walk),
    }
}

/// The whole names of all refs.
fn refs(repository: usize, walk: &Walk<'_>) -> Vec<String> {
    let branches = walk.world.branches(repository, walk.now).into_iter();
    let tags = walk.world.tags(repository, walk.now).into_iter().map(|tag| format!("refs/tags/{}", tag.name));
    branches.map(|branch| format!("refs/heads/{}", branch.name)).chain(tags).collect()
}

fn refs_connection(
    repository: usize,
    mut all: Vec<String>,
    arguments: &Arguments,
    walk: &Walk<'_>,
) -> Result<Found, String> {
    let prefix = text(arguments, "refPrefix")?;
    if !prefix.starts_with("refs/") || !prefix.ends_with('/') {
        return Err(format!("{prefix} is no prefix of refs"));
    }
    let query = arguments.get("query").and_then(Value::as_str).unwrap_or_default();
    all.retain(|full| full.strip_prefix(prefix).is_some_and(|name| name.contains(query)));
    let order = &arguments.get("orderBy").cloned().unwrap_or_default();
    match order["field"].as_str() {
        None | Some("ALPHABETICAL") => {}
        Some("TAG_COMMIT_DATE") => all.sort_by_key(|full| {
            walk.world.resolve(repository, full, walk.now).map(|commit| walk.world.commits[commit].at)
        }),
        Some(other) => return Err(format!("refs have no order by {other}")),
    }
    let direction = order["direction"].as_str().or(arguments.get("direction").and_then(Value::as_str));
    if is_descending(direction.unwrap_or("ASC"))? {
        all.reverse();
    }
    let all = all.into_iter().map(|full| Object::Ref(repository, full)).collect();
    connection("RefConnection", arguments, all)
}

pub(super) fn is_descending(direction: &str) -> Result<bool, String> {
    match direction {
        "ASC" => Ok(false),
        "DESC" => Ok(true),
        _ => Err(format!("there is no direction {direction}")),
    }
}

/// Pull requests of a repository, or of one of its branches. The oldest first, unless it is asked for otherwise.
fn pulls(repository: usize, branch: Option<&str>, arguments: &Arguments, walk: &Walk<'_>) -> Result<Found, String> {
    let argument = |name: &str| arguments.get(name).and_then(Value::as_str);
    let states = match arguments.get("states") {
        Some(Value::Array(states)) => states.clone(),
        Some(Value::Null) | None => Vec::new(),
        Some(one) => vec![one.clone()],
    };
    if let Some(strange) = states.iter().find(|s| !["OPEN", "MERGED", "CLOSED"].iter().any(|known| *s == known)) {
        return Err(format!("there is no state {strange}"));
    }
    let order = arguments.get("orderBy").cloned().unwrap_or_default();
    let mut all: Vec<usize> = (0..walk.world.pulls.len()).collect();
    all.retain(|n| {
        let pull = &walk.world.pulls[*n];
        let state = match pull.state(walk.now) {
            PullState::Open => "OPEN",
            PullState::Merged => "MERGED",
            PullState::Abandoned => "CLOSED",
        };
        pull.repository == repository
            && pull.opened <= walk.now
            && (states.is_empty() || states.iter().any(|wanted| wanted == state))
            && branch.or(argument("headRefName")).is_none_or(|name| name == pull.branch)
            && argument("baseRefName").is_none_or(|name| name == MAIN)
    });
    match order["field"].as_str() {
        None | Some("CREATED_AT") => {}
        Some("UPDATED_AT") => all.sort_by_key(|n| walk.world.pulls[*n].ended.min(walk.now)),
        Some(other) => return Err(format!("pull requests are not sorted by {other} here")),
    }
    if is_descending(order["direction"].as_str().unwrap_or("ASC"))? {
        all.reverse();
    }
    connection("PullRequestConnection", arguments, all.into_iter().map(Object::PullRequest).collect())
}

pub(super) fn commit(n: usize, name: &str, arguments: &Arguments, walk: &mut Walk<'_>) -> Result<Found, String> {
    let (world, now) = (walk.world, walk.now);
    match name {
        "history" => {
            let moment = |name: &str| match arguments.get(name).and_then(Value::as_str) {
                Some(text) => ringside::domain::time::Timestamp::parse(text)
                    .map(|at| Some(at.millis()))
                    .ok_or_else(|| format!("{text} is no moment")),
                None => Ok(None),
            };
            let (since, until) = (moment("since")?, moment("until")?);
            let mut all = world.reach(n, false);
            all.retain(|n| {
                let at: Millis = world.commits[*n].at;
                since.is_none_or(|since| at >= since) && until.is_none_or(|until| at <= until)
            });
            connection("CommitHistoryConnection", arguments, all.into_iter().map(Object::Commit).collect())
        }
        "parents" => {
            let repository = world.commits[n].repository;
            let known = world.parents(n).into_iter().filter_map(|id| world.commit_of(repository, &id, now));
            connection("CommitConnection", arguments, known.map(|(n, _)| Object::Commit(n)).collect())
        }
        "status" => {
            if is_refused(walk, Read::Statuses) {
                return Ok(Found::Nothing);
            }
            let words = latest(world.words(n, now));
            one((!words.is_empty()).then_some(Object::Status(words)))
        }
        "deployments" => {
            if is_refused(walk, Read::Deployments) {
                return Ok(Found::Nothing);
            }
            let mut all = world.deployments(world.commits[n].repository, now);
            all.retain(|deployment| deployment.commit == n);
            deployments(all, arguments)
        }
        _ => Err(String::new()),
    }
}

pub(super) fn reference(
    repository: usize,
    full: &str,
    name: &str,
    arguments: &Arguments,
    walk: &mut Walk<'_>,
) -> Result<Found, String> {
    let (world, now) = (walk.world, walk.now);
    let (prefix, short) = ["refs/heads/", "refs/tags/"]
        .into_iter()
        .find_map(|prefix| Some((prefix, full.strip_prefix(prefix)?)))
        .unwrap_or(("refs/", full));
    let commit = world.resolve(repository, full, now);
    match name {
        "name" => value(short),
        "prefix" => value(prefix),
        "id" => value(format!("REF_{full}")),
        "repository" => one(Some(Object::Repository(world.repositories[repository].place))),
        "target" => {
            let tag = world.tags(repository, now).into_iter().find(|tag| prefix.contains("tags") && tag.name == short);
            one(tag.filter(|tag| tag.object.is_some()).map(Object::Tag).or(commit.map(Object::Commit)))
        }
        "compare" => {
            let head = world.resolve(repository, text(arguments, "headRef")?, now);
            if head.is_none() {
                walk.error("NOT_FOUND", "Could not resolve the head ref.".to_owned());
            }
            let pair = commit.zip(head).filter(|(base, head)| world.between(*base, *head).common.is_some());
            one(pair.map(|(base, head)| Object::Comparison(base, head)))
        }
        "associatedPullRequests" => {
            if is_refused(walk, Read::PullRequests) {
                return Ok(Found::Nothing);
            }
            pulls(repository, Some(short), arguments, walk)
        }
        _ => Err(String::new()),
    }
}

pub(super) fn tag(tag: &Tag, name: &str, walk: &Walk<'_>) -> Result<Found, String> {
    let object = tag.object.as_deref().unwrap_or_default();
    match name {
        "name" => value(tag.name.as_str()),
        "oid" => value(object),
        "abbreviatedOid" => value(object.get(..7)),
        "message" => value(tag.message),
        "tagger" => one(Some(Object::GitActor(None, tag.at))),
        "target" => one(Some(Object::Commit(tag.commit))),
        "commitUrl" => value(walk.world.commit_web(tag.commit)),
        _ => Err(String::new()),
    }
}

pub(super) fn comparison(
    [base, head]: [usize; 2],
    name: &str,
    arguments: &Arguments,
    walk: &Walk<'_>,
) -> Result<Found, String> {
    let between = walk.world.between(base, head);
    let (ahead, behind) = (between.ahead.len(), between.behind.len());
    match name {
        "aheadBy" => value(ahead),
        "behindBy" => value(behind),
        "status" => value(match (ahead, behind) {
            (0, 0) => "IDENTICAL",
            (_, 0) => "AHEAD",
            (0, _) => "BEHIND",
            _ => "DIVERGED",
        }),
        "baseTarget" => one(Some(Object::Commit(base))),
        "headTarget" => one(Some(Object::Commit(head))),
        "commits" => {
            let all = between.ahead.into_iter().rev().map(Object::Commit).collect();
            connection("ComparisonCommitConnection", arguments, all)
        }
        _ => Err(String::new()),
    }
}
