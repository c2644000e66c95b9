//! What part of the board is visible, and what has been opened in it.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

use leptos::prelude::*;

use super::saved::Saved;
use crate::{
    domain::{project::ProjectId, time::days},
    model::{
        filter::Filter,
        fold::fold,
        kept::{RingHash, ServiceHash},
        order::sorted_by,
        rings::{Board, CellAt, ServiceRow},
        select::Selection,
        symbols::ServiceSym,
    },
    route::Grouping,
    text,
    ui::{action::CellPlace, state::app::App},
};

/// A board of at most so many cells is drawn whole.
pub(in crate::ui) const DRAWN_WHOLE: usize = 200;
/// How far beyond what is visible rows are drawn, in pixels.
pub(in crate::ui) const BEYOND: u32 = 80;
/// No row is lower than this, in pixels.
const LOWEST_ROW: u32 = 36;
/// How high a row is before one has been measured, in pixels.
pub(in crate::ui) const ROW_HEIGHT: u32 = 62;
/// A row's identity: project and service.
pub(in crate::ui) type RowKey = (ProjectId, ServiceSym);

/// The part of the board that is visible, in pixels from the begin of its first row and its first column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::ui) struct VisibleBoard {
    pub rows: Range<u32>,
    /// None where all of a service's rings stand one below the other.
    pub columns: Option<Range<u32>>,
}

/// What part of the board is visible, and what has been opened in it.
#[derive(Clone, Copy)]
pub(in crate::ui) struct BoardWindow {
    pub visible: RwSignal<VisibleBoard>,
    /// How high the rows are that have been drawn, in the order of their hashes.
    pub heights: StoredValue<Vec<(ServiceHash, u32)>>,
    /// The cells of which each cluster is shown.
    pub open_cells: RwSignal<Vec<(ServiceHash, RingHash)>>,
    /// Where the keyboard is.
    pub active: RwSignal<CellPlace>,
    /// How far it is scrolled, down and to the end.
    pub scrolled: StoredValue<(i32, i32)>,
    /// How many deployments of a service there were in the last day.
    pub(in crate::ui) today: Memo<Arc<BTreeMap<RowKey, usize>>>,
    /// The cells that somebody should look at, as far as they look for a reason.
    pub(in crate::ui) attended: Memo<Option<Arc<BTreeSet<CellAt>>>>,
    /// The services of which something is what the filters select, by their place on the board.
    pub(in crate::ui) rows: Memo<Vec<usize>>,
    /// So many rows are visible at most.
    pub visible_rows: Memo<usize>,
    /// So many rows are drawn at most, until these have been.
    pub most_rows: Memo<Option<usize>>,
}

impl BoardWindow {
    pub(in crate::ui) fn new(
        app: App,
        board: Memo<Arc<Board>>,
        wanted: Memo<Filter>,
        selection: Memo<Arc<Selection>>,
        attended: Memo<Option<Arc<BTreeSet<CellAt>>>>,
        saved: Saved,
        drawn: RwSignal<usize>,
    ) -> Self {
        let today = Memo::new(move |_| {
            app.version.track();
            let day = app.tick.get() - days(1);
            app.engine(|engine| {
                let store = engine.store();
                let mut today: BTreeMap<RowKey, usize> = BTreeMap::new();
                for &slot in store.by_time().iter().take_while(|&&slot| store.at(slot).updated() >= Some(day)) {
                    let project = store.at(slot).project();
                    *today.entry((project, store.service(slot))).or_default() += 1;
                }
                Arc::new(today)
            })
        });
        let rows = Memo::new(move |_| {
            // What a service is called, and where its source is, may change without the board.
            app.version.track();
            let (board, selection, attended) = (board.get(), selection.get(), attended.get());
            let everything = wanted.with(Filter::is_everything);
            let fits = |&(at, row): &(usize, &Arc<ServiceRow>)| {
                (everything || row.slots.iter().any(|&slot| selection.has(slot)))
                    && attended.as_ref().is_none_or(|cells| cells.range((at, 0)..(at + 1, 0)).next().is_some())
            };
            let rows = board.services.iter().enumerate().filter(fits);
            let is_pinned = |row: &ServiceRow| saved.is_pinned(app, row.project, row.service);
            let grouping = app.route.with(|r| r.group);
            // The pinned ones, then those of each group, those of none last.
            let group = |(at, row): (usize, &Arc<ServiceRow>)| match (is_pinned(row), grouping) {
                (true, _) => (0, None, at),
                (false, None) => (1, None, at),
                (false, Some(grouping)) => match group_of(app, grouping, row) {
                    None => (2, None, at),
                    group => (1, group, at),
                },
            };
            let rows: Vec<_> = rows.map(group).collect();
            sorted_by(&rows, |a, b| (a.0, &a.1).cmp(&(b.0, &b.1))).into_iter().map(|(_, _, at)| at).collect()
        });
        let visible = RwSignal::new(VisibleBoard { rows: 0..900, columns: Some(0..1600) });
        let visible_rows = Memo::new(move |_| {
            let (all, rings) = (rows.with(Vec::len), board.with(|board| board.rings.len()));
            let seen = visible.with(|visible| visible.rows.end.saturating_sub(visible.rows.start) + 2 * BEYOND);
            if all * rings <= DRAWN_WHOLE { all } else { all.min((seen / LOWEST_ROW) as usize + 2) }
        });
        // When the visible ones are drawn nothing waits any longer: which rows are drawn then is for the board to
        // decide.
        let most_rows = Memo::new(move |_| Some(drawn.get()).filter(|&drawn| drawn < visible_rows.get()));
        Self {
            visible_rows,
            most_rows,
            visible,
            heights: StoredValue::default(),
            open_cells: RwSignal::default(),
            active: RwSignal::new(CellPlace { row: 1, column: 1 }),
            scrolled: StoredValue::new((0, 0)),
            today,
            attended,
            rows,
        }
    }
}

pub(in crate::ui) fn group_of(app: App, grouping: Grouping, row: &ServiceRow) -> Option<String> {
    app.engine(|e| {
        let store = e.store();
        match grouping {
            Grouping::Repository => {
                let repository = text::short_repository(store.at(row.newest?).repository()).to_owned();
                Some(repository).filter(|repository| !repository.is_empty())
            }
            Grouping::Team => {
                let service = fold(store.service_name(row.service));
                let config = app.config();
                let team = config.teams.iter().find(|team| team.services.iter().any(|name| fold(name) == service))?;
                Some(team.name.to_string())
            }
        }
    })
}
