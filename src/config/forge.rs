//! `projects[].pipelines` and `projects[].manifests` of `config.json`.

use super::{
    AzureDevOps, Forge, GitHub, GitLab, Pipelines, StageRules,
    reader::{Object, Place, Report},
    rings::bare,
    storage::warn_exposed,
};
use crate::{domain::id::Branch, http::address::Address};

pub(super) const STAGES: [&str; 3] = ["build", "release", "manifest"];
/// Beside a forge for each of these.
pub(super) const PIPELINES: [&str; 4] = ["build", "release", "manifest", "stages"];
pub(super) const STAGE_RULES: [&str; 3] = ["build", "release", "rings"];
pub(super) const KINDS: [&str; 3] = ["azure-devops", "github", "gitlab"];
pub(super) const AZURE_DEVOPS: [&str; 8] =
    ["kind", "organization", "project", "repository", "branch", "api", "releaseApi", "stages"];
pub(super) const GITHUB: [&str; 4] = ["kind", "repository", "branch", "api"];
pub(super) const GITLAB: [&str; 4] = ["kind", "project", "branch", "api"];

const AZURE_DEVOPS_API: &str = "https://dev.azure.com";
const FORGE: &str = "an object with a kind, \"azure-devops\", \"github\" or \"gitlab\"";

/// One forge for all stages, or one for each.
pub(super) fn pipelines(place: &Place<'_>, report: &mut Report) -> Option<Pipelines> {
    let allowed = "a forge, an object with a kind; or an object with a forge each for build, release and manifest";
    let object = place.raw_object(allowed, report)?;
    if object.get("kind").is_some() {
        let forge = forge(place, false, true, report)?;
        return Some(Pipelines { build: forge.clone(), release: forge.clone(), manifest: forge });
    }
    object.check(&PIPELINES, report);
    if STAGES.iter().all(|stage| object.get(stage).is_none()) {
        object.need(
            "kind",
            "\"azure-devops\", \"github\", \"gitlab\"; or a forge each for build, release and manifest",
            report,
        );
        return None;
    }
    let [build, release, manifest] =
        STAGES.map(|stage| object.need(stage, FORGE, report).and_then(|place| forge(&place, false, false, report)));
    Some(Pipelines { build: build?, release: release?, manifest: manifest? })
}

/// What the stages of runs are called.
pub(super) fn stages(pipelines: &Place<'_>, report: &mut Report) -> StageRules {
    let mut silent = Report::default();
    let Some(place) = pipelines.raw_object("", &mut silent).and_then(|object| object.get("stages")) else {
        return StageRules::default();
    };
    let allowed = "an object with lists of patterns: build, release, and rings with one for each ring";
    let Some(object) = place.object(&STAGE_RULES, allowed, report) else { return StageRules::default() };
    let patterns = |object: &Object<'_>, key: &str, report: &mut Report| {
        let texts = object.texts(key, "a list of names of stages, in which * stands for anything", report);
        texts.iter().map(|(_, text)| (*text).into()).collect::<Vec<Box<str>>>()
    };
    let rings = object.get("rings").and_then(|place| place.raw_object("an object with a list for each ring", report));
    let of_ring = |object: Object<'_>, report: &mut Report| {
        let names: Vec<String> = object.keys().map(str::to_owned).collect();
        names.into_iter().map(|name| (name.as_str().into(), patterns(&object, &name, report))).collect()
    };
    StageRules {
        build: patterns(&object, "build", report),
        release: patterns(&object, "release", report),
        rings: rings.map(|rings| of_ring(rings, report)).unwrap_or_default(),
    }
}

pub(super) fn manifests(place: &Place<'_>, report: &mut Report) -> Option<Forge> {
    forge(place, true, false, report)
}

fn forge(place: &Place<'_>, needs_repository: bool, has_stages: bool, report: &mut Report) -> Option<Forge> {
    let object = place.raw_object(FORGE, report)?;
    let kind = object.need("kind", "\"azure-devops\", \"github\", \"gitlab\"", report)?.word(&KINDS, report)?;
    let branch = object.text("branch", "a branch's name", report).and_then(|branch| Branch::new(bare(branch)));
    match kind {
        "azure-devops" => azure_devops(&object, branch, needs_repository, has_stages, report).map(Forge::AzureDevOps),
        "github" => github(&object, branch, report).map(Forge::GitHub),
        _ => gitlab(&object, branch, report).map(Forge::GitLab),
    }
}

fn azure_devops(
    object: &Object<'_>,
    branch: Option<Branch>,
    needs_repository: bool,
    has_stages: bool,
    report: &mut Report,
) -> Option<AzureDevOps> {
    let known: &[&str] =
        if has_stages { &AZURE_DEVOPS } else { AZURE_DEVOPS.split_last().map_or(&[][..], |(_, keys)| keys) };
    object.check(known, report);
    let organization = segment(object, "organization", "the name alone, ORG in https://dev.azure.com/ORG", report);
    let project = segment(object, "project", "the name alone, PROJECT in https://dev.azure.com/ORG/PROJECT", report);
    let allowed = "the name of the repository that holds the manifests";
    let wants = needs_repository || object.get("repository").is_some();
    let repository = if wants { segment(object, "repository", allowed, report) } else { None };
    let api = api(object, "api", AZURE_DEVOPS_API, report);
    // A server of one's own has its releases where all the rest is; only the service keeps them apart.
    let own = api.as_ref().map(Address::as_str).filter(|api| *api != AZURE_DEVOPS_API);
    let release_api = self::api(object, "releaseApi", own.unwrap_or("https://vsrm.dev.azure.com"), report);
    Some(AzureDevOps {
        organization: organization?.into(),
        project: project?.into(),
        repository: repository.map(Into::into),
        branch,
        api: api?,
        release_api: release_api?,
    })
}

fn github(object: &Object<'_>, branch: Option<Branch>, report: &mut Report) -> Option<GitHub> {
    object.check(&GITHUB, report);
    let allowed = "OWNER/NAME, as in https://github.com/OWNER/NAME";
    let api = api(object, "api", "https://api.github.com", report);
    let place = object.need("repository", allowed, report)?;
    let repository = place.text(allowed, report)?;
    let parts: Vec<&str> = repository.split('/').collect();
    if !matches!(parts.as_slice(), [owner, name] if is_segment(owner) && is_segment(name)) {
        report.wrong(&place, allowed);
        return None;
    }
    Some(GitHub { repository: repository.into(), branch, api: api? })
}

fn gitlab(object: &Object<'_>, branch: Option<Branch>, report: &mut Report) -> Option<GitLab> {
    object.check(&GITLAB, report);
    let allowed = "the project's number such as \"1042\", or its path GROUP/NAME";
    let api = api(object, "api", "https://gitlab.com/api/v4", report);
    let place = object.need("project", allowed, report)?;
    let project = match place.value.as_u64() {
        Some(number) => number.to_string(),
        None => place.text(allowed, report)?.to_owned(),
    };
    if !project.split('/').all(is_segment) {
        report.wrong(&place, allowed);
        return None;
    }
    Some(GitLab { project: project.into(), branch, api: api? })
}

/// A text that is one part of a path, not an address pasted whole.
fn segment<'a>(object: &Object<'a>, key: &str, allowed: &str, report: &mut Report) -> Option<&'a str> {
    let place = object.need(key, allowed, report)?;
    let text = place.text(allowed, report)?;
    if is_segment(text) {
        return Some(text);
    }
    report.wrong(&place, allowed);
    None
}

/// Spaces are fine: Azure DevOps allows them in names.
fn is_segment(text: &str) -> bool {
    let stray = |c: char| matches!(c, '/' | '\\' | ':' | '?' | '#') || c.is_control();
    !text.is_empty() && text != "." && text != ".." && !text.contains(stray)
}

fn api(object: &Object<'_>, key: &str, default: &str, report: &mut Report) -> Option<Address> {
    let Some(place) = object.get(key) else { return Address::new(default).ok() };
    let allowed = ["the http or https address of the forge's API, without a query, such as ", default].concat();
    address(&place, &allowed, report)
}

/// The address of a server that credentials are sent to.
pub(super) fn address(place: &Place<'_>, allowed: &str, report: &mut Report) -> Option<Address> {
    let text = place.text(allowed, report)?;
    let Ok(address) = Address::new(text) else {
        report.wrong(place, allowed);
        return None;
    };
    warn_exposed(place, &address, report);
    Some(address)
}
