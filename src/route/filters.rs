//! The values chosen per facet.

use crate::{
    domain::deployment::{Kind, Status},
    model::query::Facet,
};

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
        self.get(facet).iter().any(|v| v.eq_ignore_ascii_case(value))
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
            self.values(facet, |values| values.retain(|v| !v.eq_ignore_ascii_case(value)));
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

    fn values(&mut self, facet: Facet, change: impl FnOnce(&mut Vec<String>)) {
        if let Some(values) = self.0.get_mut(facet as usize) {
            change(values);
        }
    }
}

/// The value as it is kept; `None` when there is no such value.
fn known(facet: Facet, value: &str) -> Option<String> {
    let value = value.trim();
    let value = match facet {
        Facet::Status => Status::from_word(value)?.word(),
        Facet::Kind => {
            let theirs = || SPEKTATE_TYPES.into_iter().find(|(word, _)| word.eq_ignore_ascii_case(value));
            Kind::from_word(value).or_else(|| theirs().map(|(_, kind)| kind))?.word()
        }
        _ => value,
    };
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_facet_has_a_place_of_its_own() {
        let mut filters = Filters::default();
        for facet in Facet::ALL {
            let value = match facet {
                Facet::Status => "failed",
                Facet::Kind => "hld-edit",
                _ => facet.word(),
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
