//! `rings` and `clusters` of `config.json`.

use rustc_hash::FxHashMap;

use super::{
    ClusterRule, RingRule,
    reader::{Object, Place, Report},
};
use crate::domain::id::{ClusterName, RingName};

pub(super) const RING: [&str; 5] = ["name", "title", "aliases", "branches", "clusters"];
pub(super) const CLUSTER: [&str; 2] = ["name", "match"];

/// The rings in their order. Two of them that answer to one name are an error; two that claim one branch are only
/// warned of, since the first then has it and nothing is lost.
pub(super) fn rings(root: &Object<'_>, report: &mut Report) -> Vec<RingRule> {
    let Some(place) = root.get("rings") else { return Vec::new() };
    let items = place.items("a list of objects with a name", report);
    let mut names = Claims::default();
    let mut branches = Claims::default();
    let mut rings = Vec::new();
    for item in &items {
        let Some(object) = item.object(&RING, "an object with a name", report) else { continue };
        let allowed = "a name that no other ring has, neither as name nor as alias, in any case";
        let name = object.need_text("name", allowed, report);
        if let (Some(name), Some(place)) = (name, object.get("name"))
            && names.claim(name, &item.path).is_some()
        {
            report.wrong(&place, allowed);
        }
        let aliases = object.texts("aliases", "a list of other names that rows use for this ring", report);
        for (place, alias) in &aliases {
            if names.claim(alias, &item.path).is_some() {
                report.wrong(place, allowed);
            }
        }
        let of_ring = object.texts("branches", "a list of branches", report);
        for (place, branch) in &of_ring {
            if let Some(first) = branches.claim(bare(branch), &item.path) {
                let hint = ["What is built from it counts for ", &first, ", which stands first."].concat();
                report.warn(&place.path, "is a branch of another ring too.", &hint);
            }
        }
        let clusters = object.texts("clusters", "a list of names of clusters", report);
        let Some(name) = name.and_then(RingName::new) else { continue };
        rings.push(RingRule {
            name,
            title: object.text("title", "a text", report).map(Into::into),
            aliases: aliases.iter().map(|(_, alias)| (*alias).into()).collect(),
            branches: of_ring.iter().map(|(_, branch)| bare(branch).into()).collect(),
            clusters: clusters.iter().filter_map(|(_, cluster)| ClusterName::new(cluster)).collect(),
        });
    }
    rings
}

/// A branch as the rest of the page spells it.
pub(super) fn bare(branch: &str) -> &str {
    branch.strip_prefix("refs/heads/").unwrap_or(branch)
}

/// Which words have been taken, and by whom.
#[derive(Default)]
struct Claims(FxHashMap<String, String>);

impl Claims {
    /// Takes a word; returns who else has it already. Taking it twice is no harm.
    #[must_use]
    fn claim(&mut self, word: &str, owner: &str) -> Option<String> {
        let first = self.0.entry(word.to_lowercase()).or_insert_with(|| owner.to_owned());
        (first != owner).then(|| first.clone())
    }
}

/// The names of sync signals. Several signals may be one cluster's.
pub(super) fn clusters(root: &Object<'_>, report: &mut Report) -> Vec<ClusterRule> {
    let Some(place) = root.get("clusters") else { return Vec::new() };
    let items = place.items("a list of objects with name and match", report);
    items.iter().filter_map(|item| cluster(item, report)).collect()
}

fn cluster(place: &Place<'_>, report: &mut Report) -> Option<ClusterRule> {
    let object = place.object(&CLUSTER, "an object with name and match", report)?;
    let name = object.need_text("name", "the cluster's name", report).and_then(ClusterName::new);
    let pattern = object.need_text("match", "what the cluster's sync signal is called", report);
    Some(ClusterRule { name: name?, pattern: pattern?.into() })
}
