//! What can be taken along as a file.

use leptos::prelude::*;

use super::views::Views;
use crate::{
    domain::project::ProjectId,
    model::{
        export::{self, Format},
        query::Facet,
        store::export::snapshot,
    },
};

impl Views {
    /// The file's text. Made only when somebody asks for it.
    pub(in crate::ui) fn export(self, format: Format) -> String {
        let app = self.app;
        let chosen = self.chosen.with_untracked(|chosen| chosen.get(Facet::Project).to_vec());
        app.engine(|e| {
            let store = e.store();
            if matches!(format, Format::Snapshot | Format::SnapshotWithoutNames) {
                let is_wanted = |project: ProjectId| {
                    let name = project.of(store.projects()).map(|name| name.as_str());
                    chosen.is_empty() || chosen.iter().any(|chosen| Some(chosen.as_str()) == name)
                };
                return snapshot(store, e.syncs(), is_wanted, format == Format::Snapshot);
            }
            let order = untrack(|| self.order.get());
            let all: Vec<_> = order.iter().filter_map(|&slot| e.deployment(slot)).collect();
            let columns = untrack(|| self.table.columns.get());
            match format {
                Format::Csv => export::csv(&columns, all.iter()),
                Format::Markdown => export::markdown(&columns, all.iter()),
                _ => export::json(&columns, all.iter()),
            }
        })
    }
}
