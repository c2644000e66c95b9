//! What this device keeps of how its people like the page.

use crate::{
    domain::column::Column,
    route::{Density, Theme},
    web::storage::{self, Keep},
};

const COLUMNS: &str = "ringside.columns";
pub(super) const THEME: &str = "ringside.theme";
pub(super) const DENSITY: &str = "ringside.density";

/// Which columns are shown, in which order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::ui) struct ColumnPrefs {
    /// Every column, in the order of the table, and whether it is shown.
    pub all: Vec<(Column, bool)>,
    /// Whether somebody has chosen so here, or it is the site's default.
    pub chosen: bool,
}

impl ColumnPrefs {
    pub(super) fn of(shown: &[Column], chosen: bool) -> Self {
        let rest = Column::ALL.into_iter().filter(|c| !shown.contains(c)).map(|c| (c, false));
        Self { all: shown.iter().map(|&c| (c, true)).chain(rest).collect(), chosen }
    }

    pub(in crate::ui) fn toggle(&mut self, column: Column) {
        for (c, shown) in &mut self.all {
            if *c == column {
                *shown = !*shown;
            }
        }
        // A table without any column would be nothing to come back from.
        if self.all.iter().all(|(_, shown)| !shown) {
            self.toggle(column);
        }
    }

    /// Moves a column towards the begin or the end.
    pub(in crate::ui) fn shift(&mut self, column: Column, later: bool) {
        let Some(from) = self.all.iter().position(|(c, _)| *c == column) else { return };
        let to = if later { from + 1 } else { from.wrapping_sub(1) };
        if to < self.all.len() {
            self.all.swap(from, to);
        }
    }
}

/// The columns this device chose, else the site's, else all.
pub(super) fn load_columns(site: Option<&[Column]>) -> ColumnPrefs {
    let kept = storage::get(Keep::Device, COLUMNS).map(|text| {
        text.split(',')
            .filter_map(|word| {
                let (id, shown) = word.strip_prefix('-').map_or((word, true), |id| (id, false));
                Column::from_id(id).map(|c| (c, shown))
            })
            .collect::<Vec<_>>()
    });
    match kept {
        Some(mut all) if all.iter().any(|(_, shown)| *shown) => {
            // A column that came with a newer page than the one that remembered.
            all.extend(
                Column::ALL
                    .into_iter()
                    .filter(|c| !all.iter().any(|(k, _)| k == c))
                    .map(|c| (c, true))
                    .collect::<Vec<_>>(),
            );
            ColumnPrefs { all, chosen: true }
        }
        _ => ColumnPrefs::of(site.unwrap_or(&Column::ALL), false),
    }
}

/// Remembers the columns; `None` goes back to the site's.
pub(in crate::ui) fn save_columns(prefs: Option<&ColumnPrefs>) {
    let Some(prefs) = prefs else { return storage::remove(Keep::Device, COLUMNS) };
    let words: Vec<String> =
        prefs.all.iter().map(|(c, shown)| format!("{}{}", if *shown { "" } else { "-" }, c.id())).collect();
    storage::set(Keep::Device, COLUMNS, &words.join(","));
}

pub(super) fn load_density() -> Density {
    let kept = storage::get(Keep::Device, DENSITY);
    if kept.as_deref() == Some(Density::Compact.as_str()) { Density::Compact } else { Density::default() }
}

pub(super) fn load_theme() -> Theme {
    let kept = storage::get(Keep::Device, THEME);
    Theme::ALL.into_iter().find(|t| Some(t.as_str()) == kept.as_deref()).unwrap_or_default()
}
