//! What the browser's tab shows: the worst that is shown, and what is open.

use leptos::prelude::*;

use super::views::Views;
use crate::{
    domain::{
        cluster::SyncState,
        deployment::Status,
        problem::{Area, Severity},
    },
    model::wording,
    text::header as words,
    ui::view::header::heading,
    web::page,
};

impl Views {
    /// The worst state on the board, and how many cells have it.
    fn worst(self) -> (Status, usize) {
        let app = self.app;
        let is_stale = app.health.with(|health| {
            let is_error = |area, severity| area == Area::Storage && severity == Severity::Error;
            health.ready && health.problems.iter().any(|p| is_error(p.area, p.severity))
        });
        let (mut failed, mut waiting, mut running) = (0, 0, 0);
        self.board.with(|board| {
            for (_, cell) in board.cells() {
                let status = |slot| app.engine(|e| e.store().at(slot).status());
                let next = cell.next.map(status);
                let is_failed = cell.failed.is_some() || cell.clusters.iter().any(|c| c.state == SyncState::Failed);
                failed += usize::from(is_failed);
                waiting += usize::from(cell.waiting.is_some() || next == Some(Status::Waiting));
                running += usize::from(matches!(next, Some(Status::Running | Status::Queued)));
            }
        });
        match (is_stale, failed, waiting, running) {
            (true, ..) => (Status::Unknown, 0),
            (_, 1.., ..) => (Status::Failed, failed),
            (_, _, 1.., _) => (Status::Waiting, waiting),
            (_, _, _, 1..) => (Status::Running, running),
            _ if self.total.get() == 0 => (Status::Incomplete, 0),
            _ => (Status::Succeeded, 0),
        }
    }
}

/// Keeps the tab's title and icon true.
pub(in crate::ui) fn follow(views: Views) {
    let app = views.app;
    let worst = Memo::new(move |_| views.worst());
    let open = Memo::new(move |_| {
        let id = app.route.with(|r| r.deployment.clone())?;
        app.version.track();
        let slot = app.engine(|e| e.store().by_id(&id))?;
        app.deployment(slot).map(|d| wording::title(&d))
    });
    let heading = Memo::new(move |_| app.route.with(heading));
    Effect::new(move |_| {
        let (status, count) = worst.get();
        let what = open.get().unwrap_or_else(|| heading.get());
        page::set_title(&words::tab(status, count, &what, &app.config().title));
    });
    Effect::new(move |_| {
        page::set_icon(match worst.get().0 {
            Status::Failed => "favicon-failed.svg",
            Status::Waiting => "favicon-waiting.svg",
            Status::Running => "favicon-running.svg",
            Status::Unknown => "favicon-unknown.svg",
            _ => "favicon.svg",
        });
    });
}
