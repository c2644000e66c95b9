//! How many deployments have each value.

use super::{mask::Column, selection::Selection};
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
        symbols::{NONE, Sym},
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
    let slots = || (0..store.slots()).filter(|&slot| selection.has(slot as Slot));
    let tally = |column: &[Sym], len: usize| {
        let mut counts = vec![0_usize; len];
        for slot in slots() {
            let sym = column.get(slot).copied().unwrap_or(NONE) as usize;
            if let Some(count) = counts.get_mut(sym) {
                *count += 1;
            }
        }
        counts
    };
    let shared = |column: SharedColumn| {
        let texts = store.symbols(column);
        let counts = tally(Column::Shared(column).of(store), texts.table_len());
        let values: Vec<FacetValue> = texts
            .all()
            .map(|sym| FacetValue {
                value: texts.text(sym).into(),
                label: texts.text(sym).into(),
                count: counts.get(sym as usize).copied().unwrap_or(0),
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
            let counts = tally(&derived.ring, names.table_len());
            let mut rings: Vec<Sym> = names.all().collect();
            names.sort(&mut rings);
            let value = |ring: Sym| FacetValue {
                value: names.name(ring).into(),
                label: names.title(ring).into(),
                count: counts.get(ring as usize).copied().unwrap_or(0),
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
            let counts = tally(sets, sets.iter().max().map_or(1, |&n| n as usize + 1));
            let has = |name: &ClusterName| {
                let table = syncs.cluster_table(|c| is_same(c.as_str(), name.as_str()));
                counts.iter().zip(table).filter(|(_, is_its)| *is_its).map(|(n, _)| n).sum()
            };
            let names = syncs.clusters().into_iter();
            names.map(|n| FacetValue { value: n.to_string(), label: n.to_string(), count: has(n) }).collect()
        }
    }
}

/// How many of `selection` are deployments of which nothing says to which ring.
#[must_use]
pub fn count_without_ring(store: &Store, selection: &Selection) -> usize {
    let derived = store.derived();
    let each = derived.ring.iter().zip(&derived.kind).enumerate();
    each.filter(|&(slot, (ring, kind))| *ring == NONE && *kind == Kind::Deployment && selection.has(slot as Slot))
        .count()
}
