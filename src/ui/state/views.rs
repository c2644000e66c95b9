//! What the views show, derived from the store and the address. Recomputed only where something asks for it.

use std::sync::Arc;

use leptos::prelude::*;

use super::{App, Changes};
use crate::{
    domain::{deployment::Deployment, time::Timestamp},
    engine::forges::Sight,
    model::{
        query::{self, Facet},
        rings::{Board, Cell, Drift},
        select::{Selection, Wanted, select},
        sort::sorted,
        store::Slot,
        symbols::Sym,
    },
    route::{Since, View},
};

/// Derived values, shared by all components. `Copy`.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Views {
    pub app: App,
    /// What the filters, the search box and the time ask for.
    pub wanted: Memo<Wanted>,
    /// Which deployments that is.
    pub selection: Memo<Arc<Selection>>,
    /// In which order.
    pub order: Memo<Arc<Vec<Slot>>>,
    /// What runs where.
    pub board: Memo<Arc<Board>>,
    /// How many deployments are known.
    pub total: Memo<usize>,
    /// What is said of changes: between two rings, of one service, of what is searched for.
    pub changes: Changes,
}

/// What one cell of the board shows.
#[derive(Clone, PartialEq, Debug, Default)]
pub(in crate::ui) struct CellView {
    pub running: Option<Arc<Deployment>>,
    pub next: Option<Arc<Deployment>>,
    pub more_next: u32,
    pub failed: Option<Arc<Deployment>>,
    pub edited: Option<Arc<Deployment>>,
    pub drift: Option<(Drift, Box<str>)>,
    /// Nothing in it is what the filters ask for.
    pub dim: bool,
}

impl CellView {
    /// The newest of what it shows.
    pub(in crate::ui) fn newest(&self) -> Option<&Arc<Deployment>> {
        [&self.running, &self.next, &self.failed, &self.edited].into_iter().flatten().max_by_key(|d| d.updated)
    }
}

impl Views {
    pub(in crate::ui) fn new(app: App) -> Self {
        let since = Memo::new(move |_| {
            let since = app.route.with(|r| r.since);
            // The begin of "the last day" moves; a minute's step is fine enough and spares the rest.
            let now =
                if matches!(since, Since::All | Since::From(_)) { Timestamp::from_millis(0) } else { app.tick.get() };
            since.start(Timestamp::from_millis(now.millis() / 60_000 * 60_000))
        });
        let asked = Memo::new(move |_| app.route.with(|r| (r.filters.clone(), r.q.clone())));
        let wanted = Memo::new(move |_| {
            asked.with(|(filters, q)| {
                let values = |facet| (facet, filters.get(facet).to_vec());
                let filters = Facet::ALL.into_iter().map(values).filter(|(_, values)| !values.is_empty());
                Wanted { filters: filters.collect(), terms: query::parse(q), since: since.get() }
            })
        });
        let selection = Memo::new(move |_| {
            app.version.track();
            wanted.with(|wanted| Arc::new(app.engine(|e| select(e.store(), e.syncs(), wanted))))
        });
        let sort = Memo::new(move |_| app.route.with(|r| r.sort));
        let order = Memo::new(move |_| {
            app.version.track();
            let selection = selection.get();
            Arc::new(app.engine(|e| sorted(e.store(), e.syncs(), &selection, sort.get())))
        });
        let board = Memo::new(move |_| {
            app.version.track();
            Arc::new(app.engine(|e| Board::of(e.store(), e.syncs())))
        });
        let total = Memo::new(move |_| {
            app.version.track();
            app.engine(|e| e.store().len())
        });
        let changes = Changes::new(app, wanted, selection, board);
        let views = Self { app, wanted, selection, order, board, total, changes };
        // Forges are asked about what somebody sees, so the engine has to know what that is.
        Effect::new(move |_| app.show(views.sight()));
        views
    }

    /// The deployments that somebody sees now.
    fn sight(self) -> Sight {
        let app = self.app;
        let (view, open) = app.route.with(|r| (r.view, r.deployment.clone()));
        app.version.track();
        let open = open.and_then(|id| app.engine(|e| e.store().by_id(&id)));
        let rows = || {
            let rows = app.rows.get();
            self.order.with(|order| order.get(rows.start..rows.end.min(order.len())).unwrap_or_default().to_vec())
        };
        let cells = || {
            let board = self.board.get();
            let everything = self.wanted.with(Wanted::is_everything);
            let selection = self.selection.get();
            let slots =
                board.services.iter().flat_map(|row| row.cells.iter().flat_map(Cell::slots).chain(row.unplaced));
            slots.filter(|&slot| everything || selection.has(slot)).collect()
        };
        let (changes, counted) = self.changes.sight(view);
        let screen = if view == View::Deployments { rows() } else { changes };
        Sight {
            screen: open.into_iter().chain(self.changes.traced_slots()).chain(screen).collect(),
            board: if view == View::Rings { cells() } else { Vec::new() },
            spans: counted,
            ..Sight::default()
        }
    }

    /// What the board's cell of that service and ring shows.
    pub(in crate::ui) fn cell(self, project: u8, service: Sym, ring: Sym) -> Option<CellView> {
        let board = self.board.get();
        let column = board.rings.iter().position(|r| r.ring == ring)?;
        let row = board.services.iter().find(|s| (s.project, s.service) == (project, service))?;
        let cell = row.cells.get(column)?;
        let everything = self.wanted.with(Wanted::is_everything);
        let dim = !everything && self.selection.with(|s| !cell.slots().any(|slot| s.has(slot)));
        let show = |slot: Option<Slot>| slot.and_then(|slot| self.app.deployment(slot));
        Some(CellView {
            running: show(cell.running),
            next: show(cell.next),
            more_next: cell.more_next,
            failed: show(cell.failed),
            edited: show(cell.edited),
            drift: cell.drift.map(|d| (d, self.app.engine(|e| e.store().rings().title(d.with).into()))),
            dim,
        })
    }
}
