//! Which tags and statuses are a cluster's, and which cluster's.
//!
//! The forms are those of the tools that write them: `flux-…` tags (Flux 1, `--git-sync-tag`), `kind/name/uid` (the
//! commit statuses of Flux 2's notification controller, whose last part stands for one Provider object and so for one
//! cluster), `continuous-delivery/…` (the example of Argo CD's notifications), and `Status`, `Phase`, `Sync`,
//! `Health` (gitops-connector, where nothing stands for the cluster).

use crate::{
    config::ClusterRule,
    domain::{
        cluster::{Label, SignalKind},
        id::ClusterName,
    },
    model::fold::fold,
};

/// What begins the genre of Flux 2's statuses on Azure DevOps.
const FLUX_GENRE: &str = "fluxcd";
/// The default name of Flux 1's tag, which says nothing of the cluster.
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

/// What follows `flux-`.
fn flux_tag(tag: &str) -> Option<&str> {
    let (flux, rest) = tag.split_at_checked(5)?;
    (flux.eq_ignore_ascii_case("flux-") && !rest.is_empty()).then_some(rest)
}

/// The label of a commit status that tells of a cluster, `None` for all others: builds, reviews. `context` is GitHub's
/// context, GitLab's name, Azure DevOps's context name; only the last has a genre.
#[must_use]
pub fn of_status(context: &str, genre: Option<&str>, rules: &[ClusterRule]) -> Option<Label> {
    let known = status_kind(context, genre);
    let label = label(known.unwrap_or(SignalKind::Status), context, genre);
    (known.is_some() || rule(&label, rules).is_some()).then_some(label)
}

fn status_kind(context: &str, genre: Option<&str>) -> Option<SignalKind> {
    let context = fold(context);
    let genre = genre.map(fold).filter(|g| !g.is_empty());
    let of_flux = genre.as_deref().is_some_and(|g| g == FLUX_GENRE || g.starts_with("fluxcd:"));
    let begins = |words: &[&str]| words.iter().any(|w| context.strip_prefix(w).is_some_and(|rest| !rest.is_empty()));
    match genre.as_deref() {
        Some(_) if of_flux => Some(SignalKind::FluxStatus),
        None if begins(&["kustomization/", "helmrelease/"]) => Some(SignalKind::FluxStatus),
        _ if begins(&["continuous-delivery/"]) => Some(SignalKind::ArgoStatus),
        // Of a Kustomization only its own status: the others tell of single resources. One of a GitRepository says
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

/// The label of a deployment to an environment, as Argo CD's notifications make them on GitHub; `None` for the one that
/// GitHub makes for its own pages.
#[must_use]
pub fn of_environment(environment: &str) -> Option<Label> {
    let is_its_own = environment.eq_ignore_ascii_case("github-pages");
    (!is_its_own && !environment.is_empty()).then(|| label(SignalKind::Deployment, environment, None))
}

/// A cluster's name, and whether somebody gave it that name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// The name.
    pub cluster: ClusterName,
    /// Nobody did: it is made of the label.
    pub is_made_up: bool,
}

/// Which cluster a label means: the first rule of the configuration that matches, else what the label says itself, else
/// a name made of it. `None` for a label of nothing.
#[must_use]
pub fn name(label: &Label, rules: &[ClusterRule]) -> Option<Named> {
    if let Some(rule) = rule(label, rules) {
        return Some(Named { cluster: rule.name.clone(), is_made_up: false });
    }
    let (text, is_made_up) = own_name(label);
    ClusterName::new(&text).map(|cluster| Named { cluster, is_made_up })
}

fn own_name(label: &Label) -> (String, bool) {
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
                None => (last.to_owned(), label.name.split('/').count() < 3),
            }
        }
        SignalKind::Connector => ("gitops-connector".to_owned(), true),
        SignalKind::ArgoStatus | SignalKind::Status => (last.to_owned(), false),
        SignalKind::Deployment | SignalKind::Row => (label.name.to_string(), false),
    }
}

fn is_uid(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn rule<'r>(label: &Label, rules: &'r [ClusterRule]) -> Option<&'r ClusterRule> {
    let whole = label.genre.as_deref().map(|genre| format!("{genre}/{}", label.name));
    let texts = [Some(&*label.name), label.genre.as_deref(), whole.as_deref()];
    rules.iter().find(|rule| texts.iter().flatten().any(|text| matches(&rule.pattern, text)))
}

/// Whether a text is what a pattern asks for: the same in any case, where `*` stands for anything.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (fold(pattern), fold(text));
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part).and_then(|at| rest.get(at + part.len()..)) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// What to write after `match` so that all signals of that cluster are its.
#[must_use]
pub fn pattern(label: &Label) -> String {
    let last = label.name.rsplit('/').next().unwrap_or(&label.name);
    match label.kind {
        SignalKind::FluxStatus if is_uid(last) => format!("*/{last}"),
        _ => label.name.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(pairs: &[(&str, &str)]) -> Vec<ClusterRule> {
        let rule = |(name, pattern): &(&str, &str)| ClusterRule {
            name: ClusterName::new(name).unwrap(),
            pattern: (*pattern).into(),
        };
        pairs.iter().map(rule).collect()
    }

    /// `kind name`, with `?` behind a name that is made up.
    fn told(label: Option<Label>, rules: &[ClusterRule]) -> String {
        let Some(label) = label else { return "-".into() };
        let named = name(&label, rules).unwrap();
        format!("{:?} {}{}", label.kind, named.cluster, if named.is_made_up { "?" } else { "" })
    }

    #[test]
    fn tags() {
        #[track_caller]
        fn check(tag: &str, expect: &str) {
            assert_eq!(told(of_tag(tag, &[]), &[]), expect, "{tag}");
        }
        check("flux-prod-east", "FluxTag prod-east");
        check("refs/tags/flux-lab", "FluxTag lab");
        check("tags/Flux-Lab", "FluxTag Lab");
        check("flux-sync", "FluxTag sync?");
        check("flux-", "-");
        check("flux", "-");
        check("v1.2.3", "-");
        check("influx-1", "-");
        check("", "-");
        let rules = rules(&[("east", "applied-by-east"), ("lab", "flux-sync")]);
        assert_eq!(told(of_tag("applied-by-east", &rules), &rules), "FluxTag east");
        assert_eq!(told(of_tag("flux-sync", &rules), &rules), "FluxTag lab");
    }

    #[test]
    fn statuses() {
        #[track_caller]
        fn check(context: &str, genre: Option<&str>, expect: &str) {
            assert_eq!(told(of_status(context, genre, &[]), &[]), expect, "{context} {genre:?}");
        }
        check("kustomization/apps/0c9c2e41", None, "FluxStatus flux-0c9c2e41?");
        check("helmrelease/api/0c9c2e41", None, "FluxStatus flux-0c9c2e41?");
        check("kustomization/apps/prod-eu", None, "FluxStatus prod-eu");
        check("kustomization/apps", None, "FluxStatus apps?");
        check("kustomization/apps/0c9c2e41", Some("fluxcd"), "FluxStatus flux-0c9c2e41?");
        check("kustomization/apps/0c9c2e41", Some("fluxcd:prod-eu"), "FluxStatus prod-eu");
        check("kustomization/apps/0c9c2e41", Some("fluxcd: "), "FluxStatus flux-0c9c2e41?");
        check("kustomization/apps/0c9c2e41", Some(""), "FluxStatus flux-0c9c2e41?");
        check("kustomization/", None, "-");
        check("continuous-delivery/guestbook", None, "ArgoStatus guestbook");
        check("continuous-delivery/shop/prod-eu", None, "ArgoStatus prod-eu");
        check("continuous-delivery/", None, "-");
        check("Status", None, "Connector gitops-connector?");
        check("Health", None, "Connector gitops-connector?");
        check("Status", Some("Kustomization"), "Connector gitops-connector?");
        check("Phase", Some("ArgoCD"), "Connector gitops-connector?");
        check("Status", Some("GitRepository"), "-");
        check("deployment.apps", Some("Kustomization"), "-");
        check("deployment.apps", None, "-");
        check("ci/build", None, "-");
        check("Status", Some("my-build"), "-");
    }

    #[test]
    fn the_configuration_names_first() {
        #[track_caller]
        fn check(pattern: &str, context: &str, genre: Option<&str>, expect: &str) {
            let rules = rules(&[("never", "no such"), ("prod", pattern), ("late", "*")]);
            assert_eq!(told(of_status(context, genre, &rules), &rules), expect, "{pattern} {context}");
        }
        check("kustomization/apps/0c9c2e41", "kustomization/apps/0c9c2e41", None, "FluxStatus prod");
        check("*/0c9c2e41", "helmrelease/api/0C9C2E41", None, "FluxStatus prod");
        check("*/0c9c2e41", "helmrelease/api/7fda3721", None, "FluxStatus late");
        check("fluxcd:eu", "kustomization/apps/0c9c2e41", Some("fluxcd:EU"), "FluxStatus prod");
        check("kustomization/status", "Status", Some("Kustomization"), "Connector prod");
        check("deploy-*-eu", "deploy-shop-eu", None, "Status prod");
    }

    #[test]
    fn prefixes_of_tags() {
        #[track_caller]
        fn check(patterns: &[&str], expect: &[&str]) {
            let pairs: Vec<(&str, &str)> = patterns.iter().map(|pattern| ("any", *pattern)).collect();
            assert_eq!(tag_prefixes(&rules(&pairs)), expect, "{patterns:?}");
        }
        check(&[], &["flux-"]);
        check(&["flux-sync", "flux-*"], &["flux-"]);
        check(&["applied-by-east", "applied-*", "sync-*-eu"], &["flux-", "applied-by-east", "applied-", "sync-"]);
        check(&["kustomization/apps/0c9c2e41", "fluxcd:eu", "Status", "*"], &["flux-"]);
    }

    #[test]
    fn patterns() {
        #[track_caller]
        fn check(pattern: &str, text: &str, expect: bool) {
            assert_eq!(matches(pattern, text), expect, "{pattern} {text}");
        }
        check("a", "A", true);
        check("a", "ab", false);
        check("*", "", true);
        check("a*", "a", true);
        check("*a", "ba", true);
        check("a*a", "a", false);
        check("a*b*c", "aXbYc", true);
        check("a*b*c", "acb", false);
        check("*b*b", "b", false);
        check("**", "x", true);
        check("", "", true);
        check("", "x", false);
        check("ü*", "Üx", true);
        let label = of_status("kustomization/apps/0c9c2e41", None, &[]).unwrap();
        assert_eq!((pattern(&label).as_str(), matches(&pattern(&label), &label.name)), ("*/0c9c2e41", true));
    }

    #[test]
    fn environments_and_rows_name_themselves() {
        assert_eq!(told(of_environment("prod/eu"), &[]), "Deployment prod/eu");
        assert_eq!(told(Some(label(SignalKind::Row, "east", None)), &[]), "Row east");
        assert_eq!(name(&label(SignalKind::Row, " ", None), &[]), None);
    }
}
