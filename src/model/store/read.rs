//! What is read of all deployments: their columns, and what these have in common.

use super::{
    chunk::{CHUNK, Chunk},
    columns::{Derived, SharedColumn},
    rows::Store,
    slot::Slot,
};
use crate::{
    domain::{column::Column, id::ProjectName},
    model::{
        rings::names::RingNames,
        symbols::{ServiceSym, Sym, Symbols},
    },
    storage::row::Field,
};

impl Store {
    /// The symbol of a shared text.
    #[must_use]
    pub fn shared(&self, column: SharedColumn, slot: Slot) -> Sym {
        self.symbol_of(column.field(), slot)
    }

    /// A deployment's service.
    #[must_use]
    pub fn service(&self, slot: Slot) -> ServiceSym {
        self.shared(SharedColumn::Service, slot).into()
    }

    /// The name of a service.
    #[must_use]
    pub fn service_name(&self, service: ServiceSym) -> &str {
        self.symbols(SharedColumn::Service).text(service.into())
    }

    /// The service of that name.
    #[must_use]
    pub fn find_service(&self, name: &str) -> Option<ServiceSym> {
        self.symbols(SharedColumn::Service).find(name).map(Into::into)
    }

    pub(super) fn symbol_of(&self, field: Field, slot: Slot) -> Sym {
        self.shared.get(field as usize).and_then(|column| slot.of(column)).copied().unwrap_or(Sym::NONE)
    }

    /// All symbols of a column, by slot; shorter than the number of slots where the rest have none.
    #[must_use]
    pub fn shared_column(&self, column: SharedColumn) -> &[Sym] {
        #[cfg(test)]
        crate::domain::number::lookups::note(self.slots());
        self.shared.get(column.field() as usize).map_or(&[], |c| c)
    }

    /// The texts behind a column's symbols.
    #[must_use]
    pub fn symbols(&self, column: SharedColumn) -> &Symbols {
        self.symbols_of(column.field())
    }

    pub(super) fn symbols_of(&self, field: Field) -> &Symbols {
        static EMPTY: std::sync::OnceLock<Symbols> = std::sync::OnceLock::new();
        self.symbols.get(field as usize).unwrap_or_else(|| EMPTY.get_or_init(Symbols::default))
    }

    /// The rings' names.
    #[must_use]
    pub const fn rings(&self) -> &RingNames {
        &self.names
    }

    /// The columns to filter and sort by.
    #[must_use]
    pub const fn derived(&self) -> &Derived {
        &self.derived
    }

    /// The chunks in which slots lie, with the first slot of each, for the search.
    pub(in crate::model) fn chunks_of(&self, slots: &std::ops::Range<usize>) -> impl Iterator<Item = (usize, &Chunk)> {
        #[cfg(test)]
        crate::domain::number::lookups::note(slots.len());
        let nth = slots.start / CHUNK..slots.end.div_ceil(CHUNK).min(self.chunks.len());
        nth.filter_map(|n| Some((n * CHUNK, self.chunks.get(n)?)))
    }

    /// Whether there is a deployment in that slot.
    #[must_use]
    pub fn is_live(&self, slot: Slot) -> bool {
        slot.of(&self.live).copied().unwrap_or(false)
    }

    /// All slots that have ever been given, also those without a deployment.
    pub fn all_slots(&self) -> impl DoubleEndedIterator<Item = Slot> + use<> {
        #[cfg(test)]
        crate::domain::number::lookups::note(self.slots());
        (0..self.live.len()).map(Slot::at)
    }

    /// How many slots have ever been given: the length of a table indexed by them.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.live.len()
    }

    /// How many deployments there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Grows with every change.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// Whether any deployment's row has something for a column; states, times and clusters count as present.
    #[must_use]
    pub fn has_any(&self, column: Column) -> bool {
        let own = |fields: &[Field]| fields.iter().any(|&f| self.filled.get(f as usize).is_some_and(|&n| n > 0));
        let shared = |column: SharedColumn| !self.symbols(column).is_empty();
        match column {
            Column::Status | Column::Updated | Column::Clusters => true,
            Column::Service => shared(SharedColumn::Service),
            Column::Ring => !self.names.is_empty(),
            Column::Author => shared(SharedColumn::Author),
            Column::MergedBy => shared(SharedColumn::MergedBy),
            Column::Build => own(&[Field::P1, Field::CommitId]),
            Column::Release => own(&[Field::P2, Field::ImageTag]),
            Column::PullRequest => own(&[Field::Pr]),
            Column::Manifest => own(&[Field::P3, Field::ManifestCommitId, Field::HldCommitId]),
        }
    }

    /// The projects.
    #[must_use]
    pub fn projects(&self) -> &[ProjectName] {
        &self.projects
    }
}
