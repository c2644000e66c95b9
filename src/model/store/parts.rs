//! Which parts of a run are which stage of a deployment.
//!
//! A run of several stages may build, update the definition, and do so once for each ring. Names decide: those that the
//! configuration gives, then those of rings, then words that such stages are usually called by. Only what no name
//! decides goes by its place: before what is known to come later, else the first stage builds and the others release.

use super::stage_of_run::{RingWords, StageOfRun};
use crate::{
    config::StageRules,
    domain::{
        deployment::Status,
        run::{Run, RunPart},
    },
    model::{fold::fold, pattern::matches, rings::names::RingNames},
};

/// Words in the names of stages that come before there is an image, or make it.
const BUILD: &[&str] = &[
    "build",
    "compile",
    "image",
    "docker",
    "container",
    "package",
    "publish",
    "test",
    "tests",
    "unittest",
    "lint",
    "scan",
    "verify",
    "check",
    "checks",
    "analysis",
    "quality",
    "ci",
];
/// Of those that write it into the definition.
const RELEASE: &[&str] = &[
    "release",
    "hld",
    "gitops",
    "deploy",
    "deployment",
    "promote",
    "rollout",
    "deliver",
    "delivery",
    "manifest",
    "manifests",
];
/// Of those that are no evidence of how either went.
const BESIDE: &[&str] = &["rollback", "cleanup", "notify", "notification", "notifications"];

/// What is known of the names of stages, besides the deployment's own ring.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct StageNames<'a> {
    pub(super) rules: Option<&'a StageRules>,
    pub(super) rings: Option<&'a RingNames>,
}

/// What a part of a run is to a deployment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    Build,
    Release,
    /// The release to another ring, or something beside both.
    Other,
}

/// The roles of a run's parts, each with whether its name decides.
pub(super) fn roles(parts: &[RunPart], own: RingWords<'_>, names: StageNames<'_>) -> Vec<(Role, bool)> {
    let by_name: Vec<Option<Role>> = parts.iter().map(|part| role(&part.name, own, names)).collect();
    // Where no part is this ring's, each ring's may be: the worst of them counts.
    let is_any = !by_name.contains(&Some(Role::Release));
    let is_ring = |part: &RunPart| is_any && other_ring(&part.name, own, names);
    let by_name: Vec<Option<Role>> =
        parts.iter().zip(by_name).map(|(part, role)| if is_ring(part) { Some(Role::Release) } else { role }).collect();
    let own_release = by_name.iter().position(|role| *role == Some(Role::Release));
    // What is tested behind the release is what was released, unless the configuration calls it a build.
    let is_build = |part: &RunPart| {
        names.rules.is_some_and(|rules| rules.build.iter().any(|pattern| matches(pattern, &part.name)))
    };
    let is_behind = |place: usize| own_release.is_some_and(|release| place > release);
    let mended = parts.iter().zip(by_name).enumerate().map(|(place, (part, role))| match role {
        Some(Role::Build) if is_behind(place) && !is_build(part) => Some(Role::Release),
        role => role,
    });
    let by_name: Vec<Option<Role>> = mended.collect();
    let first_release = by_name.iter().position(|role| matches!(role, Some(Role::Release | Role::Other)));
    let last_build = by_name.iter().rposition(|role| *role == Some(Role::Build));
    let by_place = |place: usize| match (first_release, last_build) {
        (Some(release), _) if place < release => Role::Build,
        (None, Some(build)) if place < build => Role::Build,
        (None, None) if place == 0 => Role::Build,
        _ => Role::Release,
    };
    by_name.iter().enumerate().map(|(place, role)| (role.unwrap_or_else(|| by_place(place)), role.is_some())).collect()
}

/// The role by a part's name.
fn role(name: &str, own: RingWords<'_>, names: StageNames<'_>) -> Option<Role> {
    if let Some(rules) = names.rules {
        let is_any = |patterns: &[Box<str>]| patterns.iter().any(|pattern| matches(pattern, name));
        let is_own = |ring: &str| own.iter().any(|own| !own.is_empty() && own.eq_ignore_ascii_case(ring));
        let of_rings = || rules.rings.iter().filter(|(_, patterns)| is_any(patterns));
        if of_rings().any(|(ring, _)| is_own(ring)) || is_any(&rules.release) {
            return Some(Role::Release);
        }
        if of_rings().next().is_some() {
            return Some(Role::Other);
        }
        if is_any(&rules.build) {
            return Some(Role::Build);
        }
    }
    let name = fold(name);
    let has = |of: &[&str]| words(&name).any(|word| of.contains(&word));
    if own.iter().any(|ring| !ring.is_empty() && fold(ring) == name) {
        Some(Role::Release)
    } else if has(BESIDE) {
        Some(Role::Other)
    } else if has(BUILD) && !has(RELEASE) {
        Some(Role::Build)
    } else if is_ring(&name, own) {
        Some(Role::Release)
    } else if other_ring(&name, own, names) {
        Some(Role::Other)
    } else if has(RELEASE) || words(&name).any(|word| word == "update") {
        Some(Role::Release)
    } else {
        None
    }
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric())
}

/// Whether an environment or stage of that name is the ring: the same name, or one that has it as a word
/// (`trivia-prod`).
pub(super) fn is_ring(environment: &str, ring: RingWords<'_>) -> bool {
    let environment = fold(environment);
    ring.iter().any(|name| {
        !name.is_empty() && {
            let name = fold(name);
            environment == name || words(&environment).any(|word| word == name)
        }
    })
}

/// Whether a name has that of another ring in it, and is nothing else besides.
fn other_ring(name: &str, own: RingWords<'_>, names: StageNames<'_>) -> bool {
    let Some(rings) = names.rings else { return false };
    let name = fold(name);
    let is_build = words(&name).any(|word| BUILD.contains(&word)) && !words(&name).any(|word| RELEASE.contains(&word));
    !is_build
        && !is_ring(&name, own)
        && (rings.find(&name).is_some() || words(&name).any(|word| rings.find(word).is_some()))
}

/// How those parts of a run stand together; `None` when there are none. What was skipped did not go through, whatever
/// became of the others.
pub(super) fn together<'p>(run: &Run, parts: impl Iterator<Item = &'p RunPart>) -> Option<StageOfRun> {
    const ORDER: [Status; 6] =
        [Status::Failed, Status::Canceled, Status::Waiting, Status::Running, Status::Queued, Status::Unknown];
    let parts: Vec<&RunPart> = parts.collect();
    let first = parts.first()?;
    let find = |status: Status| parts.iter().find(|part| part.status == status).copied();
    let rest = || find(Status::Skipped).or_else(|| find(Status::Incomplete));
    let deciding = ORDER.into_iter().find_map(find).or_else(rest).unwrap_or(first);
    let has_begun = parts.iter().any(|part| part.status == Status::Succeeded);
    let status = match deciding.status {
        // Between two of them.
        Status::Incomplete if has_begun && run.status.is_under_way() => Status::Running,
        status => status,
    };
    let is_over = matches!(status, Status::Succeeded | Status::Failed | Status::Canceled);
    Some(StageOfRun {
        status,
        warned: parts.iter().any(|part| part.warned),
        started: parts.iter().filter_map(|part| part.started).min(),
        ended: parts.iter().filter_map(|part| part.ended).max().filter(|_| is_over),
        part: (status != Status::Succeeded).then(|| deciding.clone()),
    })
}

#[cfg(test)]
mod tests;
