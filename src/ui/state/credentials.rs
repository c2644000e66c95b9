//! Credentials that people type: kept for the tab, or on the device when they say so, and handed to the engine.
//!
//! A credential is kept under the place it was typed for: the table's origin, path and name. A configuration that
//! points a project elsewhere finds nothing there.

use leptos::prelude::*;

use super::App;
use crate::{
    config::{AzureTable, Storage, secret::Secret},
    web::storage::{self, Keep},
};

fn key(table: &AzureTable) -> String {
    format!("ringside.credential.{}/{}", table.endpoint, table.table)
}

impl App {
    fn table(self, project: usize) -> Option<AzureTable> {
        match &self.config().projects.get(project)?.storage {
            Storage::AzureTable(table) => Some(table.clone()),
            Storage::Snapshot { .. } => None,
        }
    }

    /// Gives the engine what earlier visits kept. What the configuration brings comes second: somebody who typed a
    /// credential did so because the other one would not do.
    pub(super) fn load_credentials(self) {
        for project in 0..self.config().projects.len() {
            let Some(table) = self.table(project) else { continue };
            let kept = [Keep::Tab, Keep::Device].into_iter().find_map(|keep| storage::get(keep, &key(&table)));
            if let Some(kept) = kept {
                let secret = Secret::new(table.origin.clone(), &kept);
                self.engine.update_value(|engine| engine.set_sas(project, Some(secret)));
            }
        }
    }

    /// Takes a typed credential. Projects in the same table share it.
    pub(in crate::ui) fn save_credential(self, project: usize, typed: &str, on_device: bool) {
        let Some(table) = self.table(project) else { return };
        self.clear_kept(&table);
        let keep = if on_device { Keep::Device } else { Keep::Tab };
        storage::set(keep, &key(&table), typed.trim());
        self.hand_over(&table, Some(Secret::new(table.origin.clone(), typed)));
    }

    /// Forgets a typed credential and goes back to the configuration's, if it has one.
    pub(in crate::ui) fn forget_credential(self, project: usize) {
        let Some(table) = self.table(project) else { return };
        self.clear_kept(&table);
        let own = table.sas.clone();
        self.hand_over(&table, own);
    }

    fn clear_kept(self, table: &AzureTable) {
        storage::remove(Keep::Tab, &key(table));
        storage::remove(Keep::Device, &key(table));
    }

    fn hand_over(self, table: &AzureTable, secret: Option<Secret>) {
        let config = self.config();
        for (index, project) in config.projects.iter().enumerate() {
            let same = matches!(&project.storage, Storage::AzureTable(t) if key(t) == key(table));
            if same {
                self.engine.update_value(|engine| engine.set_sas(index, secret.clone()));
            }
        }
        self.credentials_version.update(|v| *v += 1);
        self.pump();
    }

    /// Where the credential of a project was kept, if it was typed.
    pub(in crate::ui) fn kept_credential(self, project: usize) -> Option<Keep> {
        let table = self.table(project)?;
        [Keep::Tab, Keep::Device].into_iter().find(|keep| storage::get(*keep, &key(&table)).is_some())
    }
}
