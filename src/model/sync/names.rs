//! Which tags and statuses are a cluster's, and which cluster's.
//!
//! The forms are those of the tools that write them: `flux-…` tags (Flux 1, `--git-sync-tag`), `kind/name/uid` (the
//! commit statuses of Flux 2's notification controller, whose last part stands for one Provider object and so for one
//! cluster), `continuous-delivery/…` (the example of Argo CD's notifications), and `Status`, `Phase`, `Sync`,
//! `Health` (gitops-connector, where nothing stands for the cluster).

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    config::{ClusterRule, RingRule},
    domain::{
        cluster::{Label, SignalKind},
        id::ClusterName,
    },
    model::{fold::fold, order::set_of, pattern::matches},
};

/// What begins the genre of Flux 2's statuses on Azure DevOps.
const FLUX_GENRE: &str = "fluxcd";
/// The default name of Flux 1's tag, which is no evidence of the cluster.
const FLUX_TAG_DEFAULT: &str = "sync";

fn label(kind: SignalKind, name: &str, genre: Option<&str>) -> Label {
    Label { kind, name: name.into(), genre: genre.filter(|g| !g.is_empty()).map(Into::into) }
}

/// The label of a tag that Flux 1 moves; `None` for any other tag.
#[must_use]
pub fn of_tag(tag: &str, rules: &[ClusterRule]) -> Option<Label> {
    let tag = tag.strip_prefix("refs/").unwrap_or(tag);
    let tag = tag.strip_prefix("tags/").unwrap_or(tag);
    let label = label(SignalKind::FluxTag, tag, None);
    (flux_tag(tag).is_some() || rule(&label, rules).is_some()).then_some(label)
}

/// What the names of Flux 1's tags begin with.
pub const FLUX_TAGS: &str = "flux-";

/// How the names of tags begin that may be a cluster's: Flux 1's own, and those that the configuration may mean.
#[must_use]
pub fn tag_prefixes(rules: &[ClusterRule]) -> Vec<String> {
    let mut prefixes = vec![FLUX_TAGS.to_owned()];
    for rule in rules {
        // Contexts of statuses have a slash, which a tag hardly has.
        let prefix = rule.pattern.split('*').next().unwrap_or_default();
        let is_status = rule.pattern.contains(['/', ':']) || status_kind(&rule.pattern, None).is_some();
        if !is_status && !prefix.is_empty() && !prefixes.iter().any(|known| prefix.starts_with(known.as_str())) {
            prefixes.push(prefix.to_owned());
        }
    }
    prefixes
}

/// The environments that a configuration may name: what its rules match word by word and is neither a status nor a
/// tag of Flux, and the clusters that its rings name and no rule does.
#[must_use]
pub fn environments(rules: &[ClusterRule], rings: &[RingRule]) -> Vec<Box<str>> {
    let mut names: Vec<Box<str>> = Vec::new();
    let of_rules = rules.iter().map(|rule| &*rule.pattern);
    let is_ruled = |name: &str| rules.iter().any(|rule| rule.name.as_str().eq_ignore_ascii_case(name));
    let of_rings = rings.iter().flat_map(|ring| &ring.clusters).map(ClusterName::as_str);
    for name in of_rules.chain(of_rings.filter(|name| !is_ruled(name))) {
        let is_other = name.contains('*') || status_kind(name, None).is_some() || flux_tag(name).is_some();
        if !is_other && !name.is_empty() && !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            names.push(name.into());
        }
    }
    names
}

/// What follows `flux-`.
fn flux_tag(tag: &str) -> Option<&str> {
    let (flux, rest) = tag.split_at_checked(5)?;
    (flux.eq_ignore_ascii_case("flux-") && !rest.is_empty()).then_some(rest)
}

/// The label of a commit status that describes a cluster, `None` for all others: builds, reviews. `context` is GitHub's
/// context, GitLab's name, Azure DevOps's context name; only the last has a genre.
#[must_use]
pub fn of_status(context: &str, genre: Option<&str>, rules: &[ClusterRule]) -> Option<Label> {
    let known = status_kind(context, genre);
    let label = label(known.unwrap_or(SignalKind::Status), context, genre);
    (known.is_some() || rule(&label, rules).is_some()).then_some(label)
}

/// Kinds of Flux that apply nothing, though its provider for Azure DevOps reports on them in the same genre.
const FLUX_SOURCES: &[&str] = &[
    "gitrepository/",
    "ocirepository/",
    "bucket/",
    "helmrepository/",
    "helmchart/",
    "imagerepository/",
    "imagepolicy/",
    "imageupdateautomation/",
];

fn status_kind(context: &str, genre: Option<&str>) -> Option<SignalKind> {
    let context = fold(context);
    let genre = genre.map(fold).filter(|g| !g.is_empty());
    let of_flux = genre.as_deref().is_some_and(|g| g == FLUX_GENRE || g.starts_with("fluxcd:"));
    let begins = |words: &[&str]| words.iter().any(|w| context.strip_prefix(w).is_some_and(|rest| !rest.is_empty()));
    match genre.as_deref() {
        // That a source was fetched, or an image found, is not yet applied.
        Some(_) if of_flux => (!begins(FLUX_SOURCES)).then_some(SignalKind::FluxStatus),
        None if begins(&["kustomization/", "helmrelease/"]) => Some(SignalKind::FluxStatus),
        _ if begins(&["continuous-delivery/"]) => Some(SignalKind::ArgoStatus),
        // Of a Kustomization only its own status: the others describe single resources. One of a GitRepository states
        // that a commit was fetched, which is not yet applied.
        Some("kustomization") if context == "status" => Some(SignalKind::Connector),
        Some("argocd") if is_argo(&context) => Some(SignalKind::Connector),
        None if context == "status" || is_argo(&context) => Some(SignalKind::Connector),
        _ => None,
    }
}

fn is_argo(context: &str) -> bool {
    matches!(context, "phase" | "sync" | "health")
}

/// The label of a deployment to an environment, as Argo CD's notifications make them on GitHub; `None` for those that
/// GitHub makes for its own pages and for the jobs of workflows, unless the configuration states that they are a
/// cluster's.
#[must_use]
pub fn of_environment(environment: &str, is_by_workflow: bool, rules: &[ClusterRule]) -> Option<Label> {
    let is_its_own = is_by_workflow || environment.eq_ignore_ascii_case("github-pages");
    let label = label(SignalKind::Deployment, environment, None);
    (!environment.is_empty() && (!is_its_own || rule(&label, rules).is_some())).then_some(label)
}

/// A cluster's name, and whether somebody gave it that name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// The name.
    pub cluster: ClusterName,
    /// Nobody did: it is made of the label.
    pub is_made_up: bool,
}

/// What proves that the last parts of labels are names of clusters, and not of applications in one.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Evidence {
    /// Folded.
    names: BTreeSet<String>,
}

impl Evidence {
    /// From all labels of a project's manifests: clusters that are named otherwise, as by tags, environments, rows or
    /// the configuration; and last parts that stand behind several first ones, as one cluster's stands behind each of
    /// its applications.
    pub fn of<'a>(labels: impl Iterator<Item = &'a Label>, names: impl Iterator<Item = &'a str>) -> Self {
        let mut evidence = Self { names: set_of(names.map(fold)) };
        let mut first_parts: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for label in labels {
            match (label.kind, label.name.rsplit_once('/')) {
                (SignalKind::FluxTag, _) => evidence.names.extend(flux_tag(&label.name).map(fold)),
                (SignalKind::Deployment | SignalKind::Row, _) => {
                    evidence.names.insert(fold(&label.name));
                }
                (_, Some((first, last))) if first.contains('/') => {
                    first_parts.entry(fold(last)).or_default().insert(first);
                }
                _ => {}
            }
        }
        evidence.names.extend(first_parts.into_iter().filter(|(_, firsts)| firsts.len() > 1).map(|(last, _)| last));
        evidence
    }

    fn has(&self, name: &str) -> bool {
        self.names.contains(&fold(name))
    }
}

/// Which cluster a label means: the first rule of the configuration that matches, else the label's own name, else
/// a name made of it. `None` for a label of nothing.
#[must_use]
pub fn name(label: &Label, rules: &[ClusterRule], evidence: &Evidence) -> Option<Named> {
    if let Some(rule) = rule(label, rules) {
        return Some(Named { cluster: rule.name.clone(), is_made_up: false });
    }
    let (text, is_made_up) = own_name(label, evidence);
    ClusterName::new(&text).map(|cluster| Named { cluster, is_made_up })
}

/// The application that a status describes, folded; `None` where it describes a cluster as a whole.
#[must_use]
pub fn application(label: &Label) -> Option<String> {
    let mut parts = label.name.split('/');
    let kind = parts.next()?;
    match label.kind {
        SignalKind::ArgoStatus => parts.next().map(fold),
        // A release of Helm does not report each commit.
        SignalKind::FluxStatus if kind.eq_ignore_ascii_case("kustomization") => parts.next().map(fold),
        _ => None,
    }
}

/// The one cluster that labels of a tool are taken for which name applications alone.
const ARGO: &str = "argocd";
const FLUX: &str = "flux";

fn own_name(label: &Label, evidence: &Evidence) -> (String, bool) {
    let last = label.name.rsplit('/').find(|part| !part.is_empty()).unwrap_or(&label.name);
    match label.kind {
        SignalKind::FluxTag => {
            let name = flux_tag(&label.name).unwrap_or(&label.name);
            (name.to_owned(), name.eq_ignore_ascii_case(FLUX_TAG_DEFAULT))
        }
        SignalKind::FluxStatus => {
            let summary = label.genre.as_deref().and_then(|g| g.split_once(':')).map(|(_, s)| s.trim());
            match summary.filter(|s| !s.is_empty()) {
                Some(summary) => (summary.to_owned(), false),
                // What the controller adds by itself: the first block of a UID, the same for all of one cluster.
                None if is_uid(last) => (format!("flux-{last}"), true),
                // What stands in the place of that UID is a cluster's name.
                None if label.name.split('/').count() > 2 || evidence.has(last) => (last.to_owned(), false),
                None => (FLUX.to_owned(), true),
            }
        }
        SignalKind::Connector => ("gitops-connector".to_owned(), true),
        SignalKind::ArgoStatus if !evidence.has(last) => (ARGO.to_owned(), true),
        SignalKind::ArgoStatus | SignalKind::Status => (last.to_owned(), false),
        SignalKind::Deployment | SignalKind::Row => (label.name.to_string(), false),
    }
}

/// Whether a label names an application alone, so that it is taken for a part of one cluster.
#[must_use]
pub fn is_group(label: &Label) -> bool {
    matches!(own_name(label, &Evidence::default()), (name, true) if name == ARGO || name == FLUX)
}

fn is_uid(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn rule<'r>(label: &Label, rules: &'r [ClusterRule]) -> Option<&'r ClusterRule> {
    let whole = label.genre.as_deref().map(|genre| format!("{genre}/{}", label.name));
    let texts = [Some(&*label.name), label.genre.as_deref(), whole.as_deref()];
    rules.iter().find(|rule| texts.iter().flatten().any(|text| matches(&rule.pattern, text)))
}

/// What to write after `match` so that all signals of that cluster are its.
#[must_use]
pub fn pattern(label: &Label) -> String {
    let last = label.name.rsplit('/').next().unwrap_or(&label.name);
    match label.kind {
        SignalKind::FluxStatus if is_uid(last) => format!("*/{last}"),
        SignalKind::ArgoStatus | SignalKind::FluxStatus => match label.name.split_once('/') {
            Some((first, _)) => format!("{first}/*"),
            None => label.name.to_string(),
        },
        _ => label.name.to_string(),
    }
}

#[cfg(test)]
mod tests;
