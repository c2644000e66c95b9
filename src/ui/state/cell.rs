//! What one cell of the board shows.

use leptos::prelude::*;

use super::views::Views;
use crate::{
    domain::stage::StageKind,
    model::{
        cluster_state::CellCluster,
        filter::Filter,
        rings::{Cell, blocked_at},
        store::Slot,
        wording,
    },
    ui::view::board::{CellClusterView, CellView, DriftView, FailedIn},
};

impl Views {
    /// What a cell of the board shows; whether that is what somebody looks for is passed in.
    pub(super) fn cell(self, cell: &Cell, changed: bool, is_attended: bool) -> CellView {
        let everything = self.filter.with(Filter::is_everything);
        let dim = !everything && self.selection.with(|s| !cell.slots().any(|slot| s.has(slot)));
        let show = |slot: Option<Slot>| slot.and_then(|slot| self.app.deployment(slot));
        let blocked = cell.next.map(|slot| self.app.engine(|e| blocked_at(e.store(), slot)));
        CellView {
            running: show(cell.running),
            may_be: show(cell.may_be),
            next: show(cell.next),
            more_next: cell.more_next,
            waiting: show(cell.waiting),
            unapplied_since: blocked.filter(|h| h.stage == Some(StageKind::Sync)).and_then(|h| h.since),
            failed: show(cell.failed),
            failed_in: self.failed_in(cell),
            edited: show(cell.edited),
            rolled_back_from: show(cell.rollback.map(|r| r.from)),
            drift: cell.drift.map(|drift| {
                let ring = self.app.engine(|e| {
                    let names = e.store().rings();
                    (names.name(drift.with).into(), names.title(drift.with).into())
                });
                DriftView { drift, ring }
            }),
            known: cell.known,
            clusters: self.cell_clusters(&cell.clusters),
            runs_on: cell.running_on().0,
            dim: dim || !is_attended,
            changed,
        }
    }

    fn failed_in(self, cell: &Cell) -> Option<FailedIn> {
        let failed = || cell.clusters.iter().filter(|c| c.failed != cell.running);
        let updated = |slot: &Slot| self.app.engine(|e| e.store().at(*slot).updated());
        let newest = failed().filter_map(|c| c.failed).max_by_key(updated)?;
        let its = || failed().filter(|c| c.failed == Some(newest));
        Some(FailedIn {
            deployment: self.app.deployment(newest)?,
            clusters: its().map(|c| c.cluster.clone()).collect(),
            message: its().find_map(|c| c.message.clone()),
        })
    }

    pub(super) fn cell_clusters(self, clusters: &[CellCluster]) -> Vec<CellClusterView> {
        let version = |slot: Option<Slot>| {
            slot.and_then(|slot| self.app.deployment(slot)).map(|d| wording::version(&d).into_boxed_str())
        };
        let of = |c: &CellCluster| CellClusterView {
            cluster: c.cluster.clone(),
            state: c.state,
            version: version(c.running),
            since: c.since,
            missing: c.missing,
            failed: version(c.failed),
            message: c.message.clone(),
            link: c.running.and_then(|slot| self.app.deployment(slot)).and_then(|d| d.manifest_link.clone()),
        };
        clusters.iter().map(of).collect()
    }
}
