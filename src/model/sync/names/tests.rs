use super::*;
use crate::support::rows::ring_rule;

fn rules(pairs: &[(&str, &str)]) -> Vec<ClusterRule> {
    let rule = |(name, pattern): &(&str, &str)| ClusterRule {
        name: ClusterName::new(name).unwrap(),
        pattern: (*pattern).into(),
    };
    pairs.iter().map(rule).collect()
}

/// `kind name`, with `?` behind a name that is made up.
fn reports(label: Option<Label>, rules: &[ClusterRule]) -> String {
    let Some(label) = label else { return "-".into() };
    let named = name(&label, rules, &Evidence::default()).unwrap();
    format!("{:?} {}{}", label.kind, named.cluster, if named.is_made_up { "?" } else { "" })
}

#[test]
fn tags() {
    #[track_caller]
    fn check(tag: &str, expect: &str) {
        assert_eq!(reports(of_tag(tag, &[]), &[]), expect, "{tag}");
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
    assert_eq!(reports(of_tag("applied-by-east", &rules), &rules), "FluxTag east");
    assert_eq!(reports(of_tag("flux-sync", &rules), &rules), "FluxTag lab");
}

#[test]
fn statuses() {
    #[track_caller]
    fn check(context: &str, genre: Option<&str>, expect: &str) {
        assert_eq!(reports(of_status(context, genre, &[]), &[]), expect, "{context} {genre:?}");
    }
    check("kustomization/apps/0c9c2e41", None, "FluxStatus flux-0c9c2e41?");
    check("helmrelease/api/0c9c2e41", None, "FluxStatus flux-0c9c2e41?");
    check("kustomization/apps/prod-eu", None, "FluxStatus prod-eu");
    check("kustomization/apps", None, "FluxStatus flux?");
    check("kustomization/apps/0c9c2e41", Some("fluxcd"), "FluxStatus flux-0c9c2e41?");
    check("kustomization/apps/0c9c2e41", Some("fluxcd:prod-eu"), "FluxStatus prod-eu");
    check("kustomization/apps/0c9c2e41", Some("fluxcd: "), "FluxStatus flux-0c9c2e41?");
    check("kustomization/apps/0c9c2e41", Some(""), "FluxStatus flux-0c9c2e41?");
    check("kustomization/", None, "-");
    // Azure DevOps has them in the same genre: that a source was fetched is not that it was applied.
    for kind in ["gitrepository", "ocirepository", "bucket", "helmchart", "imagepolicy", "ImageUpdateAutomation"] {
        check(&format!("{kind}/apps/0c9c2e41"), Some("fluxcd"), "-");
        check(&format!("{kind}/apps/0c9c2e41"), Some("fluxcd:prod-eu"), "-");
        check(&format!("{kind}/apps/0c9c2e41"), None, "-");
    }
    check("continuous-delivery/guestbook", None, "ArgoStatus argocd?");
    check("continuous-delivery/shop/prod-eu", None, "ArgoStatus argocd?");
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
fn applications_are_no_clusters_until_something_proves_it() {
    #[track_caller]
    fn check(contexts: &[&str], names: &[&str], expect: &[&str]) {
        let label = |context: &&str| of_status(context, None, &[]).or_else(|| of_tag(context, &[])).unwrap();
        let labels: Vec<Label> = contexts.iter().map(label).collect();
        let evidence = Evidence::of(labels.iter(), names.iter().copied());
        let found: Vec<String> =
            labels.iter().map(|label| name(label, &[], &evidence).unwrap().cluster.to_string()).collect();
        assert_eq!(found, expect, "{contexts:?} {names:?}");
    }
    let apps = ["continuous-delivery/app1", "continuous-delivery/app2"];
    check(&apps, &[], &["argocd", "argocd"]);
    check(&apps, &["App2"], &["argocd", "app2"]);
    check(&["kustomization/apps", "kustomization/infra", "helmrelease/api"], &[], &["flux", "flux", "flux"]);
    check(&["continuous-delivery/shop/east", "continuous-delivery/shop/west"], &[], &["argocd", "argocd"]);
    let both = ["continuous-delivery/shop/east", "continuous-delivery/web/east"];
    check(&both, &[], &["east", "east"]);
    check(&["continuous-delivery/east", "flux-east"], &[], &["east", "east"]);
    check(&["kustomization/apps/east", "kustomization/apps/west"], &[], &["east", "west"]);
}

#[test]
fn the_configuration_names_first() {
    #[track_caller]
    fn check(pattern: &str, context: &str, genre: Option<&str>, expect: &str) {
        let rules = rules(&[("never", "no such"), ("prod", pattern), ("late", "*")]);
        assert_eq!(reports(of_status(context, genre, &rules), &rules), expect, "{pattern} {context}");
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
fn an_environment_of_a_workflow_is_a_clusters_where_a_rule_names_it() {
    let rules = rules(&[("west", "production")]);
    assert_eq!(reports(of_environment("production", true, &[]), &[]), "-");
    assert_eq!(reports(of_environment("production", true, &rules), &rules), "Deployment west");
    assert_eq!(reports(of_environment("production", false, &[]), &[]), "Deployment production");
    assert_eq!(reports(of_environment("staging", true, &rules), &rules), "-");
}

#[test]
fn environments_that_are_asked_for_by_name() {
    #[track_caller]
    fn check(pairs: &[(&str, &str)], of_ring: &[&str], expect: &[&str]) {
        let ring = RingRule {
            clusters: of_ring.iter().filter_map(|name| ClusterName::new(name)).collect(),
            ..ring_rule("prod")
        };
        let found = environments(&rules(pairs), &[ring]);
        assert_eq!(found.iter().map(|name| &**name).collect::<Vec<_>>(), expect, "{pairs:?} {of_ring:?}");
    }
    check(&[], &[], &[]);
    check(&[("east", "prod-east"), ("west", "*-west"), ("lab", "flux-lab")], &["east", "West"], &["prod-east"]);
    check(&[("east", "kustomization/apps/0c9c2e41")], &["east", "north"], &["north"]);
    check(&[("a", "Prod"), ("b", "prod")], &[], &["Prod"]);
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
    assert_eq!(reports(of_environment("prod/eu", false, &[]), &[]), "Deployment prod/eu");
    assert_eq!(reports(of_environment("github-pages", false, &[]), &[]), "-");
    assert_eq!(reports(Some(label(SignalKind::Row, "east", None)), &[]), "Row east");
    assert_eq!(name(&label(SignalKind::Row, " ", None), &[], &Evidence::default()), None);
}
