//! What the views show, derived from the store and the address. Recomputed only where something reads it.

use std::{collections::BTreeSet, sync::Arc};

use leptos::{leptos_dom::helpers::window_event_listener, prelude::*};
use web_sys::{Element, Event};

use super::{
    app::App,
    changes::Changes,
    nothing::nothing,
    parts::{
        board::BoardWindow, details::Details, progress::DrawProgress, saved::Saved, setup::Setup, strip::Strip,
        table::TableWindow,
    },
    recent::Recent,
    sums::sums,
};
use crate::{
    domain::{cluster::SyncState, time::Timestamp},
    model::{
        export::Format,
        filter::{Filter, Filters},
        order::set_of,
        query::{self, Facet},
        rings::{self, Attention, Board, CellAt, RingColumn, RingRole},
        select::Selection,
        store::Slot,
        symbols::RingSym,
        sync::SyncNote,
        wording,
    },
    route::View,
    ui::{
        action::{SUMS, SavedAction, SetupAction},
        html::Html,
        view::{board::FEATURES_SHOWN, empty::Nothing},
    },
    web::clock,
};

/// Derived values, shared by all components. `Copy`.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Views {
    pub app: App,
    /// The values chosen per facet, as the store has them.
    pub chosen: Memo<Filters>,
    /// What these, the search box and the time select.
    pub filter: Memo<Filter>,
    /// Which deployments that is.
    pub selection: Memo<Arc<Selection>>,
    /// In which order.
    pub order: Memo<Arc<Vec<Slot>>>,
    /// What runs where.
    pub board: Memo<Arc<Board>>,
    /// Whether all feature rings are shown, or only the latest.
    pub all_features: RwSignal<bool>,
    /// The board's columns, and whether each is a feature ring.
    pub columns: Memo<Vec<(RingSym, bool)>>,
    /// Feature rings that nobody needs any more.
    pub left_over: Memo<Vec<LeftOverView>>,
    /// How many deployments are known.
    pub total: Memo<usize>,
    /// How many of the selected deployments name no ring.
    pub without_ring: Memo<usize>,
    /// How much there is of each of that.
    pub attention_counts: Memo<[usize; Attention::ALL.len()]>,
    /// What has just become another one.
    pub recent: Recent,
    /// All that fits on paper is drawn.
    pub printing: RwSignal<bool>,
    /// What somebody should know of the clusters' signals.
    pub notes: Memo<Vec<SyncNote>>,
    /// Why there is nothing to show, if so.
    pub nothing: Memo<Option<Nothing>>,
    /// How many of each of the numbers above every view there are.
    pub sums: Memo<[usize; SUMS.len()]>,
    /// How much of the page has been drawn.
    pub drawn: DrawProgress,
    /// What part of the table and of the board is visible.
    pub table: TableWindow,
    pub boards: BoardWindow,
    /// What is typed and opened above every view.
    pub strip: Strip,
    /// Problems that somebody has hidden.
    pub dismissed: RwSignal<BTreeSet<String>>,
    /// Views under a name, and who looks.
    pub saved: Saved,
    /// The time, to the second, on a wall.
    pub clock: RwSignal<Timestamp>,
    /// What is typed and chosen in the connections view.
    pub setup: Setup,
    /// What is shown of changes: between two rings, of one service, of what is searched for.
    pub changes: Changes,
    /// The open details.
    pub details: Details,
    /// The views besides the first two, once they are there.
    pub pages: RwSignal<Option<Pages>>,
    /// What is done as soon as they are.
    pub(super) deferred: StoredValue<Vec<Deferred>, LocalStorage>,
}

/// What was asked for before the code for it was there.
pub(super) type Deferred = Box<dyn FnOnce(Pages)>;

/// The views besides the first two, and what is done in them.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Pages {
    pub compare: fn(Views) -> Html,
    pub history: fn(Views) -> Html,
    pub where_is: fn(Views) -> Html,
    pub details: fn(Views) -> Html,
    pub setup: fn(Views) -> Html,
    /// Does what an element of the connections view is for, if that is to be done at this event.
    pub set_up: fn(Views, &str, SetupAction, &Event, &Element) -> bool,
    pub comparison_markdown: fn(Views) -> String,
    pub export: fn(Views, Format) -> String,
    pub ask_for_credentials: fn(Views) -> Html,
    pub kiosk: fn(Views) -> Html,
    /// Does what an element of saved views is for, if that is to be done at this event.
    pub act_on_saved: fn(Views, &str, SavedAction, &Event, &Element) -> bool,
    /// Follows what is looked at, for as long as the page lives.
    pub follow: fn(Views),
}

/// Why a ring is left over: the page's word for it, and people's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::ui) struct LeftOverView {
    pub ring: RingSym,
    pub word: &'static str,
    pub sentence: String,
}

impl Views {
    pub(in crate::ui) fn new(app: App) -> Self {
        let since = Memo::new(move |_| {
            // The begin of "the last day" moves; a minute's step is fine enough and spares the rest.
            let minute = || Timestamp::from_millis(app.tick.get().millis() / 60_000 * 60_000);
            app.route.with(|r| r.since).start(minute)
        });
        let saved = Saved::new();
        // Whoever enters a token is whom it belongs to, until they name another.
        Effect::new(move |_| {
            let owner = app.connected.with(|connected| connected.owner());
            if let Some(owner) = owner.filter(|_| saved.me.with_untracked(String::is_empty)) {
                saved.be(&owner);
            }
        });
        let named = Memo::new(move |_| app.route.with(|r| r.filters.clone()).of_person(&saved.me.get()));
        let chosen = Memo::new(move |_| {
            app.version.track();
            named.with(|named| app.engine(|e| named.resolved(e.store(), e.syncs())))
        });
        let typed = Memo::new(move |_| app.route.with(|r| r.q.clone()));
        let filter = Memo::new(move |_| Filter {
            values: chosen.get(),
            terms: typed.with(|q| query::of_person(query::parse(q), &saved.me.get())),
            since: since.get(),
        });
        let selection = Memo::new(move |_| {
            app.version.track();
            filter.with(|filter| app.live(|live, e| live.selection(e.store(), e.syncs(), filter)))
        });
        let sort = Memo::new(move |_| app.route.with(|r| r.sort));
        let order = Memo::new(move |_| {
            app.version.track();
            let sort = sort.get();
            filter.with(|filter| app.live(|live, e| live.order(e.store(), e.syncs(), filter, sort)))
        });
        let board = Memo::new(move |_| {
            app.version.track();
            app.live(|live, e| live.board(e.store(), e.syncs()))
        });
        let all_features = RwSignal::new(false);
        let left_over = Memo::new(move |_| {
            app.version.track();
            left_over(app, &board.get())
        });
        let attention = Memo::new(move |_| app.route.with(|r| r.attention.filter(|_| r.view == View::Rings)));
        let columns = Memo::new(move |_| {
            // What a ring is called may change without the board.
            app.version.track();
            let all = columns(app, &board.get(), all_features.get() || attention.get().is_some());
            let is_left_over = |ring: RingSym| left_over.with(|rings| rings.iter().any(|l| l.ring == ring));
            match attention.get() {
                Some(Attention::LeftOver) => all.into_iter().filter(|(ring, _)| is_left_over(*ring)).collect(),
                _ => all,
            }
        });
        let attended = Memo::new(move |_| {
            let (why, board) = (attention.get()?, board.get());
            Some(Arc::new(attended(app, &board, why, &left_over.get())))
        });
        let clusters = Memo::new(move |_| {
            app.version.track();
            unwell_clusters(app, &board.get())
        });
        let attention_counts = Memo::new(move |_| {
            app.version.track();
            attention_counts(app, &board.get(), clusters.get(), left_over.with(Vec::len))
        });
        let printing = RwSignal::new(false);
        for (event, is_printing) in [("beforeprint", true), ("afterprint", false)] {
            let print = move |_: web_sys::Event| printing.set(is_printing);
            window_event_listener(leptos::ev::Custom::<web_sys::Event>::new(event), print);
        }
        let total = Memo::new(move |_| {
            app.version.track();
            app.engine(|e| e.store().len())
        });
        let changes = Changes::new(app, filter, selection, board);
        let shown = Memo::new(move |_| selection.with(|s| s.len()));
        let without_ring = Memo::new(move |_| {
            app.version.track();
            filter.with(|filter| app.live(|live, e| live.without_ring(e.store(), e.syncs(), filter)))
        });
        let notes = Memo::new(move |_| {
            app.version.track();
            app.engine(|e| e.syncs().notes())
        });
        let rows = app.drawn_rows;
        let table = TableWindow::new(app, order, printing, rows);
        let boards = BoardWindow::new(app, board, filter, selection, attended, saved, rows);
        let visible_rows = Memo::new(move |_| match app.view() {
            View::Rings => boards.visible_rows.get(),
            View::Deployments => table.visible_rows.with(|rows| rows.len()),
            _ => 0,
        });
        Self {
            notes,
            without_ring,
            nothing: nothing(app, total, shown),
            sums: sums(app, filter),
            table,
            boards,
            drawn: DrawProgress::new(rows, visible_rows),
            attention_counts,
            recent: Recent::new(app),
            printing,
            strip: Strip::new(),
            dismissed: RwSignal::default(),
            saved,
            clock: RwSignal::new(clock::now()),
            setup: Setup::new(app),
            app,
            chosen,
            filter,
            selection,
            order,
            board,
            all_features,
            columns,
            left_over,
            total,
            changes,
            details: Details::new(app),
            pages: RwSignal::new(None),
            deferred: StoredValue::new_local(Vec::new()),
        }
    }
}

/// The rings to show, and whether each is a feature ring.
fn columns(app: App, board: &Board, all_features: bool) -> Vec<(RingSym, bool)> {
    let chosen = app.route.with(|r| r.filters.get(Facet::Ring).to_vec());
    app.engine(|engine| {
        let names = engine.store().rings();
        let chosen: Vec<RingSym> = chosen.iter().filter_map(|c| names.find(c)).collect();
        let mut features = 0;
        let rings = board.rings.iter().filter(|r| chosen.is_empty() || chosen.contains(&r.ring));
        rings
            .map(|r| (r.ring, r.role == RingRole::Feature))
            .filter(|&(_, feature)| {
                features += usize::from(feature);
                !feature || all_features || !chosen.is_empty() || features <= FEATURES_SHOWN
            })
            .collect()
    })
}

/// How many cells and rings need somebody, for each reason; and of clusters how many that are.
fn attention_counts(app: App, board: &Board, clusters: [usize; 2], left_over: usize) -> [usize; Attention::ALL.len()] {
    let (now, waiting_limit) = (app.tick.get(), app.config().waiting_limit);
    let [failed, behind] = clusters;
    Attention::ALL.map(|why| match why {
        Attention::Waiting | Attention::Behind => {
            app.engine(|e| board.needing(e.store(), e.syncs(), why, waiting_limit, now).len())
        }
        Attention::ClusterFailed => failed,
        Attention::ClusterBehind => behind,
        Attention::LeftOver => left_over,
    })
}

/// How many clusters failed, and how many are behind, as the heads of all rings show.
fn unwell_clusters(app: App, board: &Board) -> [usize; 2] {
    [SyncState::Failed, SyncState::Pending].map(|state| {
        let all = app.engine(|e| board.clusters_in(e.store(), e.syncs(), state));
        set_of(all.iter().map(|(name, _)| name.to_string())).len()
    })
}

/// The cells that somebody should look at, for that reason.
fn attended(app: App, board: &Board, why: Attention, left_over: &[LeftOverView]) -> BTreeSet<CellAt> {
    if why == Attention::LeftOver {
        let is_left_over: Vec<bool> =
            board.rings.iter().map(|ring| left_over.iter().any(|l| l.ring == ring.ring)).collect();
        let is_left_over = |at: &CellAt| is_left_over.get(at.1) == Some(&true);
        return set_of(board.cells().filter(|(at, cell)| !cell.is_empty() && is_left_over(at)).map(|(at, _)| at));
    }
    app.version.track();
    let (now, waiting_limit) = (app.tick.get(), app.config().waiting_limit);
    app.engine(|e| board.needing(e.store(), e.syncs(), why, waiting_limit, now))
}

fn left_over(app: App, board: &Board) -> Vec<LeftOverView> {
    let (now, idle) = (app.tick.get(), app.config().idle);
    let of = |column: &RingColumn| {
        let why = app.engine(|engine| {
            let end = column.newest.and_then(|slot| engine.branch_end(slot));
            rings::left_over(engine.store(), column, end, idle, now)
        })?;
        Some(LeftOverView { ring: column.ring, word: why.as_str(), sentence: wording::clusters::left_over(why) })
    };
    board.rings.iter().filter_map(of).collect()
}
