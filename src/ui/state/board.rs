//! What the board shows.

use std::ops::Range;

use leptos::prelude::*;

use super::{
    parts::board::{BEYOND, DRAWN_WHOLE, ROW_HEIGHT, group_of},
    views::Views,
};
use crate::{
    model::{
        kept::{self, RingHash, ServiceHash},
        query::Facet,
        rings::{Board, RingColumn, RingRole, ServiceRow},
        symbols::RingSym,
        symbols::ServiceSym,
        trace::NAMELESS,
        wording::clusters as wording,
    },
    route::{Grouping, View},
    text,
    ui::{
        action::{CellPlace, Change, Menu},
        view::board::{BoardCell, BoardRow, BoardView, RingView, ServiceAbout},
    },
    web::page,
};

/// Of a board with more columns than these only those visible are in the document.
const COLUMNS_KEPT: usize = 40;
/// So many heights are kept besides twice as many as there are services.
const SPARE: usize = 100;
/// How wide the first column and each ring are at the least, as the style sheet has them.
const FIRST_COLUMN: u32 = 190;
const COLUMN: u32 = 196;

/// Which of the rows are drawn, and how much room those above and below take.
fn drawn_rows(heights: impl Iterator<Item = u32>, visible: &Range<u32>) -> (Range<usize>, (u32, u32)) {
    let (mut at, mut drawn, mut around) = (0, None::<Range<usize>>, (0, 0));
    for (row, height) in heights.enumerate() {
        let end = at + height;
        if end + BEYOND < visible.start {
            around.0 += height;
        } else if at > visible.end + BEYOND {
            around.1 += height;
        } else {
            drawn = Some(drawn.map_or(row, |drawn| drawn.start)..row + 1);
        }
        at = end;
    }
    (drawn.unwrap_or(0..0), around)
}

/// The columns of which something is visible, of so many.
fn visible_columns(pixels: &Range<u32>, columns: usize) -> Range<usize> {
    // As long as all of them fit they are as wide as there is room.
    let width = (pixels.end - pixels.start).checked_div(columns as u32).unwrap_or(0).max(COLUMN);
    let end = columns.min(pixels.end.div_ceil(width) as usize);
    end.min((pixels.start / width) as usize)..end
}

impl Views {
    /// What the board shows; nothing where the filters leave no service or no ring.
    pub(in crate::ui) fn board_view(self) -> Option<BoardView> {
        let app = self.app;
        app.version.track();
        let (board, columns) = (self.board.get(), self.columns.get());
        let at = |ring: RingSym| board.rings.iter().position(|r| r.ring == ring);
        let columns: Vec<(usize, bool)> = columns.iter().filter_map(|(ring, f)| Some((at(*ring)?, *f))).collect();
        let shown = columns.iter().filter(|(_, is_feature)| *is_feature).count();
        let rows = self.boards.rows.get();
        if rows.is_empty() || columns.is_empty() {
            return None;
        }
        let visible = self.boards.visible.get();
        let is_small = rows.len() * columns.len() <= DRAWN_WHOLE || self.printing.get();
        let (drawn, around) = if is_small {
            (0..rows.len(), (0, 0))
        } else {
            self.boards.heights.with_value(|heights| {
                let usual = usual(heights);
                drawn_rows(rows.iter().map(|row| self.height(heights, *row).unwrap_or(usual)), &visible.rows)
            })
        };
        // While the page is being drawn those below have no elements yet, but their room.
        let (drawn, around) = if self.printing.get() {
            (drawn, around)
        } else {
            let rest = self.boards.most_rows.get().map_or(0, |most| drawn.len().saturating_sub(most));
            (drawn.start..drawn.end - rest, (around.0, around.1 + rest as u32 * ROW_HEIGHT))
        };
        let key = |at: &usize| self.row_key(*at).map(kept::hash);
        let keys = rows.get(drawn.clone()).unwrap_or_default().iter().filter_map(key).collect();
        let (renewed, kept) = self.drawn.renewed(keys);
        let missing = drawn.len() - renewed - kept.len();
        let (drawn, around) = (drawn.start..drawn.start + renewed, (around.0, around.1 + missing as u32 * ROW_HEIGHT));
        let visible_columns = match visible.columns.filter(|_| !is_small) {
            None => 0..columns.len(),
            Some(pixels) => visible_columns(&pixels, columns.len()),
        };
        // A cell off screen keeps its hooks, as long as these are not more than all else.
        let drawn_columns = if columns.len() > COLUMNS_KEPT { visible_columns.clone() } else { 0..columns.len() };
        let rings = columns.get(drawn_columns.clone()).unwrap_or_default().iter();
        let rings = rings.filter_map(|(at, f)| Some(self.ring_view(&board, board.rings.get(*at)?, *f)));
        let beside = (drawn_columns.start as u32 * COLUMN, (columns.len() - drawn_columns.end) as u32 * COLUMN);
        let drawn_cells = (drawn_columns.clone(), visible_columns);
        let group = app.route.with(|r| r.group);
        let group_at = |place: usize| {
            let (row, grouping) = (board.services.get(*rows.get(place)?)?, group?);
            let is_pinned = self.saved.is_pinned(app, row.project, row.service);
            let named = if is_pinned { Some(text::board::PINNED.to_owned()) } else { group_of(app, grouping, row) };
            Some(named.unwrap_or_else(|| text::board::OTHERS.to_owned()))
        };
        let drawn_rows = rows.get(drawn.clone()).unwrap_or_default().iter().enumerate().filter_map(|(n, at)| {
            let (row, place) = (board.services.get(*at)?, drawn.start + n);
            let mut row = self.board_row(&board, (place + 1, *at), row, &columns, &drawn_cells);
            // Each group is named once, where it begins.
            let before = place.checked_sub(1).and_then(group_at);
            row.group = group_at(place).filter(|group| Some(group) != before.as_ref());
            Some(row)
        });
        let all_features = app.route.with(|r| r.filters.get(Facet::Ring).is_empty());
        let features = board.rings.iter().filter(|r| all_features && r.role == RingRole::Feature).count();
        Some(BoardView {
            rings: rings.collect(),
            hidden: features.saturating_sub(shown),
            all_features: self.all_features.get(),
            services: rows.len(),
            group,
            has_teams: !app.config().teams.is_empty(),
            first: drawn.start,
            rows: drawn_rows.collect(),
            kept,
            around,
            columns: (drawn_columns.start, columns.len()),
            features: shown,
            beside,
        })
    }

    fn ring_view(self, board: &Board, column: &RingColumn, is_feature: bool) -> RingView {
        let ring = column.ring;
        let left_over =
            self.left_over.with(|all| all.iter().find(|l| l.ring == ring).map(|l| (l.word, l.sentence.clone())));
        self.app.engine(|e| {
            let names = e.store().rings();
            let key = RingHash::of(e.store(), ring);
            let clusters = board.clusters(e.store(), e.syncs(), ring).into_iter().map(|cluster| {
                let link = wording::commit_in_ring(&cluster).and_then(|id| e.manifest_link(cluster.project, id));
                (cluster, link)
            });
            RingView {
                key,
                name: names.name(ring).to_owned(),
                title: names.title(ring).to_owned(),
                is_feature,
                branches: column.branches.clone(),
                newest: column.newest.and_then(|slot| e.store().at(slot).updated()),
                clusters: clusters.collect(),
                open: (self.strip.menu.get() == Some(Menu::Ring(key))).then(|| self.strip.menu_at.get()),
                left_over,
            }
        })
    }

    fn board_row(
        self,
        board: &Board,
        (number, row_at): (usize, usize),
        row: &ServiceRow,
        columns: &[(usize, bool)],
        (drawn, visible_columns): &(Range<usize>, Range<usize>),
    ) -> BoardRow {
        let app = self.app;
        let key = app.engine(|e| ServiceHash::of(e.store(), row.project, row.service));
        let attended = self.boards.attended.get();
        let columns = columns.iter().enumerate().skip(drawn.start).take(drawn.len());
        let cells = columns.filter_map(|(n, (at, _))| {
            let (cell, ring) = (row.cells.get(*at)?, board.rings.get(*at)?.ring);
            let place = CellPlace { row: number, column: n + 1 };
            let is_visible = visible_columns.contains(&n);
            let (ring, shown) = app.engine(|e| (RingHash::of(e.store(), ring), kept::shown(e.store(), cell)));
            let changed = is_visible && self.recent.is_recent((key, ring), shown);
            Some(BoardCell {
                view: self.cell(cell, changed, attended.as_ref().is_none_or(|all| all.contains(&(row_at, *at)))),
                place,
                is_active: self.boards.active.get() == place,
                shows_clusters: self.boards.open_cells.with(|open| open.contains(&(key, ring))),
                is_visible,
            })
        });
        let today = self.boards.today.with(|today| today.get(&(row.project, row.service)).copied());
        let is_pinned = self.saved.is_pinned(app, row.project, row.service);
        let is_grouped = app.route.with(|r| r.group == Some(Grouping::Repository));
        let is_in_several = board.services.iter().filter(|s| s.service == row.service).count() > 1;
        app.engine(|e| {
            let store = e.store();
            let name = store.service_name(row.service).to_owned();
            let project = row.project.of(store.projects()).map(ToString::to_string);
            let repository = row.newest.map(|slot| text::short_repository(store.at(slot).repository()).to_owned());
            let about = ServiceAbout {
                project: project.clone().filter(|_| store.projects().len() > 1),
                today,
                // A group by repositories names it above.
                repository: repository.filter(|name| !name.is_empty() && !is_grouped),
            };
            let (shown, of) = match row.service {
                ServiceSym::NONE => (NAMELESS.to_owned(), NAMELESS.to_owned()),
                _ => (name.clone(), name.clone()),
            };
            BoardRow {
                key,
                is_pinned,
                names: (name, shown),
                group: None,
                history: Change::History(of, project.filter(|_| is_in_several)),
                about,
                unplaced: row.unplaced.and_then(|slot| app.deployment(slot)),
                cells: cells.collect(),
            }
        })
    }

    /// How many services and rings the board has.
    pub(in crate::ui) fn board_size(self) -> (usize, usize) {
        (self.boards.rows.with_untracked(Vec::len), self.columns.with_untracked(Vec::len))
    }

    /// The name of a ring by its number, from 1.
    pub(in crate::ui) fn ring_name(self, column: usize) -> Option<String> {
        let ring = self.columns.with_untracked(|all| all.get(column.checked_sub(1)?).map(|(ring, _)| *ring))?;
        Some(self.app.engine(|e| e.store().rings().name(ring).to_owned()))
    }

    /// How far below the first row a row is, by its number from 1.
    pub(in crate::ui) fn row_top(self, row: usize) -> Option<u32> {
        let before = row.checked_sub(1)?;
        self.boards.heights.with_value(|heights| {
            let usual = usual(heights);
            let rows = |rows: &Vec<usize>| {
                rows.iter().take(before).map(|row| self.height(heights, *row).unwrap_or(usual)).sum()
            };
            Some(self.boards.rows.with_untracked(rows))
        })
    }

    /// How far from the first column a column is, by its number from 1, where not all of them fit.
    pub(in crate::ui) fn column_left(self, column: usize) -> Option<u32> {
        Some(column.checked_sub(1)? as u32 * COLUMN)
    }

    /// The service of the row or cell that the keyboard is on, and its project where several have one of that name.
    pub(in crate::ui) fn service_in_focus(self) -> Option<(String, Option<String>)> {
        let app = self.app;
        let slot = match app.route.with_untracked(|r| r.view) {
            View::Deployments => {
                let at = self.table.active.get_untracked();
                self.order.with_untracked(|order| order.get(at).copied())?
            }
            _ => {
                let row = self.boards.active.get_untracked().row.max(1) - 1;
                let at = self.boards.rows.with_untracked(|rows| rows.get(row).copied())?;
                self.board.with_untracked(|board| board.services.get(at).and_then(|row| row.newest))?
            }
        };
        let d = untrack(|| app.deployment(slot))?;
        let several = app.config().projects.len() > 1;
        Some((
            d.service.as_ref().map_or_else(|| NAMELESS.to_owned(), ToString::to_string),
            several.then(|| d.project.to_string()),
        ))
    }

    /// Scrolls what has been drawn anew to where it was. What is to stay at its top is not asked where it is: that
    /// would have the browser lay the page out at once.
    pub(in crate::ui) fn restore_scroll(self) {
        let (top, left) = self.boards.scrolled.get_value();
        if let Some(board) = page::find(".board:not(.past__board)").filter(|_| (top, left) != (0, 0)) {
            board.set_scroll_top(top);
            board.set_scroll_left(left);
        }
        let top = self.table.scrolled.get_untracked() as i32;
        if let Some(table) = page::find(".scroller").filter(|_| top != 0) {
            table.set_scroll_top(top);
        }
    }

    /// By what the service is known that is at that place of the board.
    fn row_key(self, at: usize) -> Option<ServiceHash> {
        self.board.with_untracked(|board| {
            let row = board.services.get(at)?;
            Some(self.app.engine(|e| ServiceHash::of(e.store(), row.project, row.service)))
        })
    }

    fn height(self, heights: &[(ServiceHash, u32)], at: usize) -> Option<u32> {
        let at = place(heights, self.row_key(at)?).ok()?;
        heights.get(at).map(|(_, height)| *height)
    }

    /// Takes note of how high the rows are that are drawn, the first of which is that one.
    pub(in crate::ui) fn measure_rows(self, first: usize, heights: impl Iterator<Item = u32>) {
        self.boards.rows.with_untracked(|rows| {
            let drawn = rows.get(first..).unwrap_or_default().iter().filter_map(|row| self.row_key(*row));
            self.boards.heights.update_value(|known| {
                // Of services that come and go.
                if known.len() > 2 * self.board.with_untracked(|board| board.services.len()) + SPARE {
                    known.clear();
                }
                for (key, height) in drawn.zip(heights) {
                    match place(known, key) {
                        Ok(at) => known.get_mut(at).into_iter().for_each(|known| known.1 = height),
                        Err(at) => known.insert(at, (key, height)),
                    }
                }
            });
        });
    }
}

/// Where a service's height is, or would be.
fn place(heights: &[(ServiceHash, u32)], service: ServiceHash) -> Result<usize, usize> {
    heights.binary_search_by_key(&service, |(key, _)| *key)
}

/// How high rows are that have not been drawn.
fn usual(heights: &[(ServiceHash, u32)]) -> u32 {
    heights.iter().map(|(_, height)| height).sum::<u32>().checked_div(heights.len() as u32).unwrap_or(ROW_HEIGHT)
}

/// How wide the first column is.
pub(in crate::ui) const fn first_column() -> u32 {
    FIRST_COLUMN
}
