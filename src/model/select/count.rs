//! How many deployments have each value.

use super::selection::Selection;
use crate::{
    domain::{
        deployment::{Kind, Status},
        id::ClusterName,
        project::ProjectId,
    },
    model::{
        fold::{fold, is_same},
        order::sorted_by,
        query::Facet,
        store::{SharedColumn, Slot, Store},
        symbols::RingSym,
        sync::Syncs,
    },
};

/// One value of a facet, for its menu.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FacetValue {
    /// As the URL has it.
    pub value: String,
    /// As people read it.
    pub label: String,
    /// How many deployments have it.
    pub count: usize,
}

/// A facet's values with how many of `selection` have each, the most frequent first; rings in promotion order and
/// states by urgency.
#[must_use]
pub fn count(store: &Store, syncs: &Syncs, facet: Facet, selection: &Selection) -> Vec<FacetValue> {
    let derived = store.derived();
    let slots = || (0..store.slots()).filter(|&slot| selection.has(Slot::at(slot)));
    // By what number each slot has in a column.
    let tally = |of: &dyn Fn(Slot) -> usize, len: usize| {
        let mut counts = vec![0_usize; len];
        for slot in slots() {
            if let Some(count) = counts.get_mut(of(Slot::at(slot))) {
                *count += 1;
            }
        }
        counts
    };
    let shared = |column: SharedColumn| {
        let texts = store.symbols(column);
        let counts = tally(&|slot| store.shared(column, slot).index(), texts.table_len());
        let values: Vec<FacetValue> = texts
            .all()
            .map(|sym| FacetValue {
                value: texts.text(sym).into(),
                label: texts.text(sym).into(),
                count: sym.of(&counts).copied().unwrap_or(0),
            })
            .collect();
        sorted_by(&values, |a, b| b.count.cmp(&a.count).then_with(|| fold(&a.label).cmp(&fold(&b.label))))
    };
    match facet {
        Facet::Service => shared(SharedColumn::Service),
        Facet::Author => shared(SharedColumn::Author),
        Facet::MergedBy => shared(SharedColumn::MergedBy),
        Facet::Branch => shared(SharedColumn::Branch),
        Facet::Ring => {
            let names = store.rings();
            let counts = tally(&|slot| store.at(slot).ring().index(), names.table_len());
            let mut rings: Vec<RingSym> = names.all().collect();
            names.sort(&mut rings);
            let value = |ring: RingSym| FacetValue {
                value: names.name(ring).into(),
                label: names.title(ring).into(),
                count: ring.of(&counts).copied().unwrap_or(0),
            };
            rings.into_iter().map(value).collect()
        }
        Facet::Status => {
            let with = |status: Status| slots().filter(|&s| derived.status.get(s) == Some(&status)).count();
            let value = |s: Status| FacetValue {
                value: s.as_str().into(),
                label: crate::text::status(s).into(),
                count: with(s),
            };
            Status::ALL.into_iter().map(value).collect()
        }
        Facet::Kind => {
            let with = |kind: Kind| slots().filter(|&s| derived.kind.get(s) == Some(&kind)).count();
            let value =
                |k: Kind| FacetValue { value: k.as_str().into(), label: crate::text::kind(k).into(), count: with(k) };
            Kind::ALL.into_iter().map(value).collect()
        }
        Facet::Project => {
            let with = |project: ProjectId| slots().filter(|&s| derived.project.get(s) == Some(&project)).count();
            let names = store.projects().iter().enumerate();
            names
                .map(|(i, p)| FacetValue { value: p.to_string(), label: p.to_string(), count: with(ProjectId::at(i)) })
                .collect()
        }
        Facet::Cluster => {
            let sets = syncs.cluster_column();
            let set = |slot: Slot| slot.of(sets).map_or(0, |&set| set as usize);
            let counts = tally(&set, sets.iter().max().map_or(1, |&n| n as usize + 1));
            let has = |name: &ClusterName| {
                let table = syncs.cluster_table(|c| is_same(c.as_str(), name.as_str()));
                counts.iter().zip(table).filter(|(_, is_its)| *is_its).map(|(n, _)| n).sum()
            };
            let names = syncs.clusters().into_iter();
            names.map(|n| FacetValue { value: n.to_string(), label: n.to_string(), count: has(n) }).collect()
        }
    }
}
