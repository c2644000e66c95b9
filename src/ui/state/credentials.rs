//! Credentials that people type or a sign-in brings: kept for the tab, or on the device when they choose so, and handed
//! to the engine.
//!
//! A credential is kept under the place it was typed for: a SAS under its table's endpoint and name, a token under the
//! origin of the forge. A configuration that points elsewhere finds nothing there.

use leptos::prelude::*;

use super::{app::App, sign_ins::SignInStep};
use crate::{
    config::{AzureTable, Storage},
    domain::project::ProjectId,
    engine::Input,
    http::{Origin, secret::Secret},
    sign_in::{kept_token, provider::Target},
    ui::view::setup::Held,
    web::{
        clock,
        storage::{self, Keep},
    },
};

fn sas_key(table: &AzureTable) -> String {
    ["ringside.credential.", &table.endpoint, "/", &table.table].concat()
}

fn token_key(origin: &Origin) -> String {
    ["ringside.credential.", origin.as_str()].concat()
}

fn kept(key: &str) -> Option<(Keep, String)> {
    [Keep::Tab, Keep::Device].into_iter().find_map(|keep| Some((keep, storage::get(keep, key)?)))
}

/// What a kept text opens; `None` for an access token that has ended.
fn secret_of(origin: &Origin, text: &str) -> Option<Secret> {
    match kept_token(text) {
        Some((token, ends)) => (ends > clock::now()).then(|| Secret::access_token(origin.clone(), token)),
        None => Some(Secret::new(origin.clone(), text)),
    }
}

impl App {
    /// Keeps it in one place alone.
    fn keep(self, key: &str, text: &str, on_device: bool) -> Held {
        self.drop_kept(key);
        let (keep, held) = if on_device { (Keep::Device, Held::Device) } else { (Keep::Tab, Held::Tab) };
        if storage::set(keep, key, text) {
            return held;
        }
        self.unkept.update_value(|unkept| unkept.push((key.to_owned(), kept_token(text).is_some())));
        Held::Page
    }

    fn drop_kept(self, key: &str) {
        storage::remove(Keep::Tab, key);
        storage::remove(Keep::Device, key);
        self.unkept.update_value(|unkept| unkept.retain(|(k, _)| k != key));
    }

    fn held(self, key: &str) -> Option<Held> {
        match kept(key) {
            Some((_, text)) if kept_token(&text).is_some() => Some(Held::SignedIn),
            Some((Keep::Tab, _)) => Some(Held::Tab),
            Some((Keep::Device, _)) => Some(Held::Device),
            None => self.unkept.with_value(|unkept| {
                let (_, is_token) = unkept.iter().find(|(k, _)| k == key)?;
                Some(if *is_token { Held::SignedIn } else { Held::Page })
            }),
        }
    }

    /// Under which key the credential of a target is kept.
    pub(super) fn target_key(self, target: &Target) -> Option<String> {
        match target {
            Target::Table(project) => self.table(*project).map(|table| sas_key(&table)),
            Target::Forge(origin) => Some(token_key(origin)),
        }
    }

    /// How long the credential of a target lasts.
    pub(super) fn held_of(self, target: &Target) -> Option<Held> {
        self.held(&self.target_key(target)?)
    }

    /// What is kept for a target.
    pub(super) fn kept_of(self, target: &Target) -> Option<String> {
        kept(&self.target_key(target)?).map(|(_, text)| text)
    }

    /// Keeps a text for a target for the tab, and gives the engine what it opens; `None` takes it away.
    pub(super) fn give_target(self, target: &Target, text: Option<&str>) {
        let Some(key) = self.target_key(target) else { return };
        match text {
            Some(text) => drop(self.keep(&key, text, false)),
            None => self.drop_kept(&key),
        }
        match target {
            Target::Table(project) => {
                let Some(table) = self.table(*project) else { return };
                let secret = text.and_then(|text| secret_of(&table.origin, text));
                self.give(Input::StorageCredential(*project, secret.or(table.sas)));
            }
            Target::Forge(origin) => {
                let secret = text.and_then(|text| secret_of(origin, text));
                self.give(Input::ForgeCredential(origin.clone(), secret));
            }
        }
    }

    fn table(self, project: ProjectId) -> Option<AzureTable> {
        match &project.of(&self.config().projects)?.storage {
            Storage::AzureTable(table) => Some(table.clone()),
            Storage::Snapshot { .. } | Storage::Sample => None,
        }
    }

    /// Gives the engine what earlier visits kept. What the configuration brings comes second: somebody who typed a
    /// credential did so because the other one would not do. Sample data needs none of anybody's.
    pub(super) fn load_credentials(self) {
        if self.is_sample() {
            return;
        }
        for project in self.config().project_ids() {
            let Some(table) = self.table(project) else { continue };
            if let Some(secret) = kept(&sas_key(&table)).and_then(|(_, kept)| secret_of(&table.origin, &kept)) {
                self.give(Input::StorageCredential(project, Some(secret)));
            }
        }
        for connection in &*self.connections() {
            let kept = kept(&token_key(&connection.origin));
            if let Some(secret) = kept.and_then(|(_, kept)| secret_of(&connection.origin, &kept)) {
                self.give(Input::ForgeCredential(connection.origin.clone(), Some(secret)));
            }
        }
    }

    /// Takes a typed SAS, and shows how long it lasts. Projects in the same table share it.
    pub(in crate::ui) fn save_sas(self, project: ProjectId, typed: &str, on_device: bool) -> Option<Held> {
        let table = self.table(project)?;
        let secret = Secret::new(table.origin.clone(), typed);
        let held = self.keep(&sas_key(&table), secret.expose(), on_device);
        self.hand_over(&table, Some(secret));
        Some(held)
    }

    /// Keeps a SAS for a table that the page will read once it starts anew.
    pub(super) fn keep_sas(self, table: &AzureTable, pasted: &str) {
        let secret = Secret::new(table.origin.clone(), pasted);
        self.keep(&sas_key(table), secret.expose(), false);
    }

    /// The SAS that was typed for a table.
    pub(super) fn typed_sas(self, table: &AzureTable) -> Option<Secret> {
        kept(&sas_key(table)).map(|(_, text)| Secret::new(table.origin.clone(), &text))
    }

    /// Forgets a typed SAS and goes back to the configuration's, if it has one.
    pub(in crate::ui) fn forget_sas(self, project: ProjectId) {
        let Some(table) = self.table(project) else { return };
        self.drop_kept(&sas_key(&table));
        let own = table.sas.clone();
        self.hand_over(&table, own);
        self.tend_sign_in(SignInStep::RequestAgain);
    }

    fn hand_over(self, table: &AzureTable, secret: Option<Secret>) {
        let config = self.config();
        for project in config.project_ids() {
            if self.table(project).is_some_and(|other| sas_key(&other) == sas_key(table)) {
                self.give(Input::StorageCredential(project, secret.clone()));
            }
        }
        self.credentials_changed();
    }

    /// How long the SAS of a project lasts, if it was typed.
    pub(in crate::ui) fn held_sas(self, project: ProjectId) -> Option<Held> {
        self.held(&sas_key(&self.table(project)?))
    }

    /// Takes a typed token, and shows how long it lasts.
    pub(in crate::ui) fn save_token(self, secret: Secret, on_device: bool) -> Held {
        let origin = secret.origin().clone();
        let held = self.keep(&token_key(&origin), secret.expose(), on_device);
        self.give(Input::ForgeCredential(origin, Some(secret)));
        self.credentials_changed();
        held
    }

    pub(in crate::ui) fn forget_token(self, origin: &Origin) {
        self.drop_kept(&token_key(origin));
        self.give(Input::ForgeCredential(origin.clone(), None));
        self.credentials_changed();
        self.tend_sign_in(SignInStep::RequestAgain);
    }

    /// How long the token of an origin lasts, if one was typed.
    pub(in crate::ui) fn held_token(self, origin: &Origin) -> Option<Held> {
        self.held(&token_key(origin))
    }

    pub(super) fn credentials_changed(self) {
        self.credentials_version.update(|v| *v += 1);
        self.run_engine();
    }
}
