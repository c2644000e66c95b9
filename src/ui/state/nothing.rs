//! Whether there is anything to show, and what stands there if not.

use leptos::prelude::*;

use super::app::App;
use crate::{domain::problem::Severity, ui::view::empty::Nothing};

/// What there is nothing of, if there is nothing.
pub(super) fn nothing(app: App, total: Memo<usize>, shown: Memo<usize>) -> Memo<Option<Nothing>> {
    Memo::new(move |_| {
        let health = app.health;
        match (total.get(), shown.get()) {
            (0, _) if health.with(|h| h.problems.iter().any(|p| p.severity == Severity::Error)) => {
                Some(Nothing::Failed)
            }
            (0, _) if health.with(|h| !h.ready || h.progress.is_some()) => Some(Nothing::Loading),
            (0, _) => Some(Nothing::EmptyTable),
            (total, 0) => Some(Nothing::Filtered(total)),
            _ => None,
        }
    })
}
