//! Which columns have anything in them.

use super::{store::Store, sync::Syncs};
use crate::{domain::column::Column, storage::row::Field};

/// Whether any deployment has something to show in a column. One that has not hides itself.
#[must_use]
pub fn has_any(store: &Store, syncs: &Syncs, column: Column) -> bool {
    let texts = |field: Field| store.symbols(field).table_len() > 1;
    match column {
        Column::Status | Column::Updated => true,
        Column::Service => texts(Field::Service),
        Column::Ring => !store.rings().is_empty(),
        Column::Author => texts(Field::AuthorName),
        Column::MergedBy => texts(Field::MergedBy),
        Column::Build => store.has_any(&[Field::P1, Field::CommitId]),
        Column::Release => store.has_any(&[Field::P2, Field::ImageTag]),
        Column::PullRequest => store.has_any(&[Field::Pr]),
        Column::Manifest => store.has_any(&[Field::P3, Field::ManifestCommitId, Field::HldCommitId]),
        Column::Clusters => !syncs.clusters().is_empty(),
    }
}
