//! What forges reported of one deployment.

use crate::{domain::facts::SlotFacts, model::symbols::Sym, storage::row::Field};

/// Shared fields whose symbol is what is shown. Where a forge reported another text than the row has, the row's own is
/// in the deployment's [`Layer`].
pub(super) const ASSEMBLED: [Field; 4] = [Field::AuthorName, Field::MergedBy, Field::Branch, Field::SourceRepo];

#[derive(Debug, Default)]
pub(super) struct Layer {
    pub(super) facts: SlotFacts,
    /// The row's own symbols of the [`ASSEMBLED`] fields.
    pub(super) row: [Sym; ASSEMBLED.len()],
    /// The bits of those shown fields in which a forge's text stands in place of the row's.
    pub(super) hides: u64,
}

impl Layer {
    /// The row's own symbol of a field, if the layer has it.
    pub(super) fn of_row(&self, field: Field) -> Option<Sym> {
        ASSEMBLED.iter().position(|f| *f == field).and_then(|n| self.row.get(n)).copied()
    }
}
