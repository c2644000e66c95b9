//! Service by ring: what runs, what is on its way, what failed on the way.

mod cell;
mod header;

use std::sync::Arc;

pub use self::{
    cell::{CellClusterView, CellView, FailedIn},
    header::RingView,
};
use super::{ViewContext, parts::button};
use crate::{
    domain::deployment::Deployment,
    model::{symbols::Sym, sync::SyncNote},
    text,
    ui::{
        action::{Action, Change, Scroller},
        html::{Element, Html, el},
    },
};

/// From so many feature rings on only the latest are shown until somebody asks for all.
pub const FEATURES_SHOWN: usize = 8;

/// What the board shows.
pub struct BoardView {
    /// The columns.
    pub rings: Vec<RingView>,
    /// How many feature rings there are that are not shown.
    pub hidden: usize,
    /// Whether all feature rings are shown, or only the latest.
    pub all_features: bool,
    /// How many services there are.
    pub services: usize,
    /// The number of the first of them that is drawn.
    pub first: usize,
    /// The rows that are drawn.
    pub rows: Vec<BoardRow>,
    /// How much room the rows above and below them take, in pixels.
    pub around: (u32, u32),
    /// What somebody should know of the clusters' signals.
    pub notes: Vec<SyncNote>,
    /// How many deployments name no ring.
    pub without_ring: usize,
}

/// A service and its cells.
pub struct BoardRow {
    /// The number of its project.
    pub project: u8,
    /// Its symbol.
    pub service: Sym,
    /// Its name in the hooks, and the one that is shown.
    pub names: (String, String),
    /// Where its history is.
    pub history: Change,
    /// Its repository, and how much happened today.
    pub about: String,
    /// The newest on its way to a ring that is not named yet.
    pub unplaced: Option<Arc<Deployment>>,
    /// One a ring.
    pub cells: Vec<BoardCell>,
}

/// A service in a ring.
pub struct BoardCell {
    /// What it shows.
    pub view: CellView,
    /// Whether each of its clusters is shown.
    pub shows_clusters: bool,
    /// Whether it is in sight. One that is not keeps its hooks and draws nothing.
    pub is_in_sight: bool,
}

/// The board and what stands around it.
#[must_use]
pub fn board(view: &BoardView, context: &ViewContext) -> Html {
    let all = view.rings.len();
    let features = view.rings.iter().filter(|ring| ring.is_feature).count();
    let groups = (features > 1 && all > features).then(|| {
        let title = el("th").set("scope", "colgroup").set("colspan", features.to_string());
        el("tr")
            .key("groups")
            .class("board__groups")
            .child(el("td").set("colspan", (all - features + 1).to_string()))
            .child(title.text(text::plural(features, "feature ring")))
    });
    let corner = format!("{} × {}", text::plural(view.services, "service"), text::plural(all, "ring"));
    let corner = el("th").key("corner").set("scope", "col").class("board__corner").text(corner);
    let rings = el("tr").key("rings").child(corner).children(view.rings.iter().map(|r| header::header(r, context)));
    let rows = view.rows.iter().enumerate().map(|(n, row)| board_row(view, view.first + n, row, context));
    let (above, below) = view.around;
    let table = el("table")
        .class("board__table")
        .maybe("aria-rowcount", (view.rows.len() < view.services).then(|| (view.services + 1).to_string()))
        .child(el("thead").children(groups).child(rings))
        .children(spacer("above", above, all))
        .child(el("tbody").key("rows").class("board__rows").children(rows))
        .children(spacer("below", below, all));
    let board = el("div")
        .key("board")
        .class("board")
        .set("role", "region")
        .set("aria-label", "Services by ring")
        .set("tabindex", "0")
        .set("data-many", (all > 6).to_string())
        .on(Action::Scroller(Scroller::Board))
        .child(table);
    let more = (view.hidden > 0 || view.all_features && features > FEATURES_SHOWN).then(|| {
        let label = match view.all_features {
            true => "Show the latest feature rings only".to_owned(),
            false => format!("Show {}", text::plural(view.hidden, "older feature ring")),
        };
        button("button board__more", Action::AllFeatures).text(label)
    });
    el("div").class("rings").children(more).child(board).children(notes(view)).into()
}

fn spacer(key: &'static str, height: u32, rings: usize) -> Option<Element> {
    let cell = || el("td").set("colspan", (rings + 1).to_string()).set("--height", format!("{height}px"));
    let row = || el("tr").class("spacer").child(cell());
    (height > 0).then(|| el("tbody").key(key).set("aria-hidden", "true").child(row()))
}

fn board_row(view: &BoardView, index: usize, row: &BoardRow, context: &ViewContext) -> Element {
    let name = el("span").class("service__name").text(row.names.1.clone());
    let about = Some(row.about.clone()).filter(|about| !about.is_empty());
    let head = el("th")
        .set("scope", "row")
        .class("service")
        .child(context.link("inside", row.history.clone()).child(name))
        .children(about.map(|about| el("span").class("service__about").text(about)))
        .children(row.unplaced.as_ref().map(|d| cell::line(d, None, context)));
    let cells = view.rings.iter().zip(&row.cells).map(|(ring, cell)| cell::cell(row, ring, cell, context));
    el("tr").key((row.project, row.service)).set("aria-rowindex", (index + 2).to_string()).child(head).children(cells)
}

/// What somebody should know of rings and of the clusters' signals, or could write into the configuration: folded.
fn notes(view: &BoardView) -> Option<Element> {
    let item = |word: &'static str, what: String, hint: String| {
        let hint = el("p").class("notes__hint").text(hint);
        el("li").key(&what).set("data-note", word).child(el("p").text(what)).child(hint)
    };
    let unplaced = (view.without_ring > 0).then(|| {
        let (what, hint) = text::without_ring(view.without_ring);
        item("without-ring", format!("{what}."), hint.to_owned())
    });
    let count = view.notes.len() + usize::from(unplaced.is_some());
    (count > 0).then(|| {
        let title = text::plural(count, "note");
        let notes = view.notes.iter().map(|note| item(note.word(), note.what(), note.hint()));
        let list = el("ul").children(unplaced).children(notes);
        el("details").class("notes").child(el("summary").text(title)).child(list)
    })
}
