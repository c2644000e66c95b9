//! What is asked for: values chosen per facet, the search box, a time.
//!
//! The address is parsed into [`Filters`] once, as typed, and these are [resolved](Filters::resolved) against the
//! store once: from then on a value is written as menus list it, and values are compared as they are. What is the same
//! but for its case, by [`super::fold`], or is another name of the same ring, is one value.

use super::{
    fold::is_same,
    query::{self, Facet, Term},
    store::{SharedColumn, Store},
    sync::Syncs,
};
use crate::domain::{
    deployment::{Kind, Status},
    time::Timestamp,
};

/// What is asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    /// Values of facets, exactly: those of one facet are alternatives.
    pub values: Filters,
    /// The parsed search box.
    pub terms: Vec<Term>,
    /// Nothing that was last updated before.
    pub since: Option<Timestamp>,
}

impl Filter {
    /// Whether it has anything of that kind.
    #[must_use]
    pub fn filters_by(&self, facet: Facet) -> bool {
        !self.values.get(facet).is_empty() || self.terms.iter().any(|term| term.facet == Some(facet))
    }

    /// Whether what clusters report decides what is shown: a value names them, or a text that may be a cluster's
    /// name.
    #[must_use]
    pub fn depends_on_clusters(&self) -> bool {
        self.filters_by(Facet::Cluster) || self.terms.iter().any(|term| term.facet.is_none())
    }

    /// Whether everything is wanted.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.since.is_none() && self.terms.is_empty() && self.values.is_empty()
    }

    /// The same without one facet's values: what its menu counts.
    #[must_use]
    pub fn without(&self, facet: Facet) -> Self {
        let mut rest = self.clone();
        rest.values.clear(facet);
        rest
    }
}

/// What Spektate's links call the two types.
const SPEKTATE_TYPES: [(&str, Kind); 2] =
    [("Bedrock Deployments", Kind::Deployment), ("Manual HLD Edits", Kind::HldEdit)];

/// The values chosen per facet: none twice (in any case), in the order of choosing. Values of one facet are or-ed,
/// facets are and-ed, and a facet without values admits all.
///
/// Invariant: no value is blank, and states and types are words of our vocabulary; what is neither is not taken.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filters([Vec<String>; Facet::ALL.len()]);

impl Filters {
    /// The values of a facet.
    #[must_use]
    pub fn get(&self, facet: Facet) -> &[String] {
        self.0.get(facet as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether that value is chosen.
    #[must_use]
    pub fn has(&self, facet: Facet, value: &str) -> bool {
        self.get(facet).iter().any(|v| is_same(v, value))
    }

    /// Chooses a value too.
    pub fn add(&mut self, facet: Facet, value: &str) {
        if let Some(value) = known(facet, value)
            && !self.has(facet, &value)
        {
            self.values(facet, |values| values.push(value));
        }
    }

    /// Chooses a value, or no longer.
    pub fn toggle(&mut self, facet: Facet, value: &str) {
        if self.has(facet, value) {
            self.values(facet, |values| values.retain(|v| !is_same(v, value)));
        } else {
            self.add(facet, value);
        }
    }

    /// Chooses these values and no others.
    pub fn set(&mut self, facet: Facet, values: impl IntoIterator<Item = impl AsRef<str>>) {
        self.clear(facet);
        for value in values {
            self.add(facet, value.as_ref());
        }
    }

    /// Chooses no value of a facet.
    pub fn clear(&mut self, facet: Facet) {
        self.values(facet, Vec::clear);
    }

    /// Whether nothing is chosen at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    /// Every value chosen, in the order of the URL: the project first.
    pub fn iter(&self) -> impl Iterator<Item = (Facet, &str)> {
        let rest = Facet::ALL.into_iter().filter(|f| *f != Facet::Project);
        let order = [Facet::Project].into_iter().chain(rest);
        order.flat_map(|facet| self.get(facet).iter().map(move |value| (facet, value.as_str())))
    }

    /// The same with the name of whoever looks in the place of [`query::ME`].
    #[must_use]
    pub fn of_person(mut self, me: &str) -> Self {
        for facet in [Facet::Author, Facet::MergedBy].into_iter().filter(|_| !me.is_empty()) {
            self.values(facet, |all| all.iter_mut().filter(|v| *v == query::ME).for_each(|v| *v = me.to_owned()));
        }
        self
    }

    /// The same with every value as the store has it, so that what means the same is the same. What it does not
    /// know stays as it is.
    #[must_use]
    pub fn resolved(&self, store: &Store, syncs: &Syncs) -> Self {
        let mut resolved = Self::default();
        for (facet, value) in self.iter() {
            resolved.add(facet, canonical(store, syncs, facet, value).unwrap_or(value));
        }
        resolved
    }

    fn values(&mut self, facet: Facet, change: impl FnOnce(&mut Vec<String>)) {
        if let Some(values) = self.0.get_mut(facet as usize) {
            change(values);
        }
    }
}

/// A value as menus list it; `None` when no deployment and no rule has it.
fn canonical<'a>(store: &'a Store, syncs: &'a Syncs, facet: Facet, value: &str) -> Option<&'a str> {
    let shared = |column: SharedColumn| {
        let texts = store.symbols(column);
        texts.find(value).map(|sym| texts.text(sym))
    };
    match facet {
        Facet::Service => shared(SharedColumn::Service),
        Facet::Author => shared(SharedColumn::Author),
        Facet::MergedBy => shared(SharedColumn::MergedBy),
        Facet::Branch => shared(SharedColumn::Branch),
        Facet::Ring => store.rings().find(value).map(|ring| store.rings().name(ring)),
        Facet::Project => store.projects().iter().map(|p| p.as_str()).find(|name| is_same(name, value)),
        Facet::Cluster => syncs.clusters().into_iter().map(|c| c.as_str()).find(|name| is_same(name, value)),
        // These are of our vocabulary, and written in one way from the beginning.
        Facet::Status | Facet::Kind => None,
    }
}

/// The value as it is kept; `None` when there is no such value.
fn known(facet: Facet, value: &str) -> Option<String> {
    let value = value.trim();
    let value = match facet {
        Facet::Status => Status::from_word(value)?.as_str(),
        Facet::Kind => {
            let theirs = || SPEKTATE_TYPES.into_iter().find(|(word, _)| word.eq_ignore_ascii_case(value));
            Kind::from_word(value).or_else(|| theirs().map(|(_, kind)| kind))?.as_str()
        }
        _ => value,
    };
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::support::rows::{ring_rule, row};
    use crate::{
        config::RingRule,
        domain::{id::ProjectName, project::ProjectId},
        model::rings::RingNames,
    };

    #[test]
    fn values_are_resolved_as_the_store_has_them() {
        let rule =
            RingRule { title: Some("Produktion Süd".into()), aliases: vec!["master".into()], ..ring_rule("prod") };
        let mut store = Store::new(vec![ProjectName::new("Öl").unwrap()], RingNames::new(&[rule]));
        store.put(ProjectId::at(0), &row("1 authorName=Änne_Öst service=Straße"));
        let check = |facet: Facet, values: &[&str], expect: &[&str]| {
            let mut filters = Filters::default();
            filters.set(facet, values);
            assert_eq!(filters.resolved(&store, &Syncs::default()).get(facet), expect, "{values:?}");
        };
        check(Facet::Author, &["änne öst"], &["Änne Öst"]);
        check(Facet::Author, &["ÄNNE ÖST", "Änne Öst", "Ken"], &["Änne Öst", "Ken"]);
        check(Facet::Service, &["STRAẞE"], &["Straße"]);
        check(Facet::Ring, &["master", "PROD", "produktion süd"], &["prod"]);
        check(Facet::Project, &["öl"], &["Öl"]);
        check(Facet::Status, &["FAILED"], &["failed"]);
        check(Facet::Cluster, &["nowhere"], &["nowhere"]);
    }

    #[test]
    fn every_facet_has_a_place_of_its_own() {
        let mut filters = Filters::default();
        for facet in Facet::ALL {
            let value = match facet {
                Facet::Status => "failed",
                Facet::Kind => "hld-edit",
                _ => facet.as_str(),
            };
            filters.add(facet, value);
            assert_eq!(filters.get(facet), [value]);
        }
        assert_eq!(filters.iter().count(), Facet::ALL.len());
        assert_eq!(filters.iter().next(), Some((Facet::Project, "project")));
    }

    #[test]
    fn values_are_chosen_once() {
        let mut filters = Filters::default();
        filters.set(Facet::Ring, ["prod", "Prod", " dev ", "", "  "]);
        assert_eq!(filters.get(Facet::Ring), ["prod", "dev"]);
        filters.toggle(Facet::Ring, "PROD");
        assert_eq!(filters.get(Facet::Ring), ["dev"]);
        filters.toggle(Facet::Ring, "prod");
        assert_eq!(filters.get(Facet::Ring), ["dev", "prod"]);
        filters.set(Facet::Ring, ["qa"]);
        assert_eq!(filters.get(Facet::Ring), ["qa"]);
        filters.set(Facet::Author, ["Änne Öst"]);
        filters.toggle(Facet::Author, "änne öst");
        assert!(filters.get(Facet::Author).is_empty());
        assert!(!filters.is_empty());
        filters.clear(Facet::Ring);
        assert!(filters.is_empty());
    }

    #[test]
    fn only_known_states_and_types() {
        #[track_caller]
        fn check(facet: Facet, value: &str, expect: &[&str]) {
            let mut filters = Filters::default();
            filters.add(facet, value);
            assert_eq!(filters.get(facet), expect, "{value}");
        }
        check(Facet::Status, "FAILED", &["failed"]);
        check(Facet::Status, "broken", &[]);
        check(Facet::Kind, "Deployment", &["deployment"]);
        check(Facet::Kind, "Manual HLD Edits", &["hld-edit"]);
        check(Facet::Kind, "Bedrock Deployments", &["deployment"]);
        check(Facet::Kind, "image", &[]);
        check(Facet::Service, "any thing", &["any thing"]);
    }
}
