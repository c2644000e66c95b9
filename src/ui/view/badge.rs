//! One service in one ring, in one line: for dashboards and small frames.

use super::{ViewContext, board::CellView};
use crate::{
    domain::deployment::Status,
    model::{cluster_state::Known, wording},
    text::{self, badge as words},
    ui::{
        action::Change,
        html::{Html, el},
    },
};

/// What a badge shows.
pub struct BadgeView {
    /// The service and the ring that the address names, one of each; else what it must name.
    pub of: Result<(String, String), &'static str>,
    /// What the ring has of it.
    pub cell: Option<CellView>,
    /// Whether rows are known and up to date. Nothing that is not is green.
    pub is_fresh: bool,
}

/// The badge.
#[must_use]
pub fn badge(view: &BadgeView, context: &ViewContext) -> Html {
    let (label, history) = match &view.of {
        Ok((service, ring)) => (words::label(service, ring), Some(Change::History(service.clone(), None))),
        Err(what) => ((*what).to_owned(), None),
    };
    let (status, sentence) = match (&view.of, &view.cell) {
        (Err(_), _) => (Status::Unknown, words::UNKNOWN.to_owned()),
        (Ok(_), _) if !view.is_fresh => (Status::Unknown, words::NOT_FRESH.to_owned()),
        (Ok(_), None) => (Status::Unknown, words::NOT_HERE.to_owned()),
        (Ok(_), Some(cell)) => state_of(cell),
    };
    let body = el("span")
        .class("badge")
        .set("data-badge", label.clone())
        .set("data-status", status.as_str())
        .child(el("span").class("badge__label").text(label))
        .child(el("span").class("state").set("data-status", status.as_str()).text(sentence));
    match history {
        Some(history) => {
            let mut route = context.route.clone();
            history.apply(&mut route);
            // To the whole page, outside of whatever frame this is in.
            route.embed = false;
            let link = el("a").set("href", route.href()).set("target", "_blank").set("rel", "noopener");
            link.child(body).into()
        }
        None => body.into(),
    }
}

/// What is newest decides, as on the board.
fn state_of(cell: &CellView) -> (Status, String) {
    let newest = [&cell.running, &cell.next, &cell.failed].into_iter().flatten().map(|d| d.updated).max();
    let failed = cell.failed_in.as_ref().map(|failed| &failed.deployment).or(cell.failed.as_ref());
    if let Some(failed) = failed.filter(|failed| cell.failed_in.is_some() || Some(failed.updated) == newest) {
        return (Status::Failed, words::failed(&wording::version(failed)));
    }
    if let Some(next) = &cell.next {
        return match cell.unapplied_since {
            Some(_) => (Status::Waiting, words::not_applied(&wording::version(next))),
            None => (next.status, format!("{} {}", wording::version(next), text::status(next.status).to_lowercase())),
        };
    }
    match (&cell.running, cell.known) {
        (Some(running), Known::Unknown) => (Status::Unknown, words::clusters_unknown(&wording::version(running))),
        (Some(running), _) if cell.runs_on < cell.clusters.len() => {
            (Status::Waiting, words::on_some(&wording::version(running), cell.runs_on, cell.clusters.len()))
        }
        (Some(running), _) => (Status::Succeeded, wording::version(running)),
        (None, _) => (Status::Unknown, words::NO_VERSION.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::ui::view::fixtures::{context, deployment};

    const API: &str = "service=api env=prod imageTag=api:1.2 p1=7 p2=8 p3=9 manifestCommitId=abc1234";

    #[track_caller]
    fn check(cell: Option<CellView>, is_fresh: bool, status: &str, sentence: &str) {
        let view = BadgeView { of: Ok(("api".into(), "prod".into())), cell, is_fresh };
        let markup = badge(&view, &context()).to_string();
        assert!(markup.contains(&format!("data-status=\"{status}\"")) && markup.contains(sentence), "{markup}");
        assert!(markup.contains("view=history&amp;of=api"), "{markup}");
    }

    #[test]
    fn only_what_is_known_to_run_is_green() {
        let running = Arc::new(deployment(API));
        let runs = || CellView { running: Some(Arc::clone(&running)), ..CellView::default() };
        check(Some(runs()), true, "succeeded", "1.2");
        check(Some(runs()), false, "unknown", "cannot be read");
        check(Some(CellView { known: Known::Unknown, ..runs() }), true, "unknown", "cluster state unknown");
        check(Some(CellView { failed: Some(Arc::clone(&running)), ..runs() }), true, "failed", "failed");
        check(Some(CellView::default()), true, "unknown", "version unknown");
        check(None, true, "unknown", "not in this ring");
    }

    #[test]
    fn shows_what_the_address_lacks() {
        let view = BadgeView { of: Err("Name one service and one ring"), cell: None, is_fresh: true };
        let markup = badge(&view, &context()).to_string();
        assert!(markup.contains("data-status=\"unknown\"") && !markup.contains("<a"), "{markup}");
    }
}
