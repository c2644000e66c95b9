//! How people like the page, as the address or this device has it.

use leptos::prelude::{Get, Set, With, untrack};

use super::{
    app::App,
    prefs::{ColumnPrefs, DENSITY, THEME, load_columns, save_columns},
};
use crate::{
    route::{Density, Theme},
    web::storage::{self, Keep},
};

impl App {
    /// The columns that are shown: those of the address, else the device's.
    pub(in crate::ui) fn shown_columns(self) -> ColumnPrefs {
        match self.route.with(|r| r.columns.clone()) {
            Some(columns) => ColumnPrefs::of(&columns, true),
            None => self.columns.get(),
        }
    }

    /// How much room rows take: as in the address, else as the device has it.
    pub(in crate::ui) fn shown_density(self) -> Density {
        self.route.with(|r| r.density).unwrap_or_else(|| self.density.get())
    }

    /// Changes the columns, and keeps that. From then on they are the device's, and no longer the address's.
    pub(in crate::ui) fn change_columns(self, change: impl FnOnce(&mut ColumnPrefs)) {
        let mut prefs = untrack(|| self.shown_columns());
        change(&mut prefs);
        prefs.chosen = true;
        save_columns(Some(&prefs));
        Set::set(&self.columns, prefs);
        self.replace_route(|r| r.columns = None);
    }

    /// Goes back to the site's columns.
    pub(in crate::ui) fn reset_columns(self) {
        save_columns(None);
        let config = self.config();
        Set::set(&self.columns, load_columns(config.columns.as_deref()));
        self.replace_route(|r| r.columns = None);
    }

    /// Remembers how much room rows take, and gives them that from now on.
    pub(in crate::ui) fn keep_density(self, density: Density) {
        storage::set(Keep::Device, DENSITY, density.as_str());
        Set::set(&self.density, density);
        self.replace_route(|r| r.density = None);
    }

    /// Remembers a theme, and takes it from now on.
    pub(in crate::ui) fn keep_theme(self, theme: Theme) {
        storage::set(Keep::Device, THEME, theme.as_str());
        Set::set(&self.kept_theme, theme);
    }
}
