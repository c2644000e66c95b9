//! Which columns have anything in them.

use super::{store::Store, sync::Syncs};
use crate::domain::column::Column;

/// Whether any deployment has something to show in a column. One that has not hides itself.
#[must_use]
pub fn has_any(store: &Store, syncs: &Syncs, column: Column) -> bool {
    match column {
        Column::Clusters => !syncs.clusters().is_empty(),
        _ => store.has_any(column),
    }
}
