//! Service by ring: what runs, what is on its way, what failed on the way.

mod cell;
mod header;
mod row;

pub use self::{
    cell::in_cluster,
    header::RingView,
    row::{BoardCell, BoardRow, CellClusterView, CellView, DriftView, FailedIn, ServiceAbout},
};
use super::{
    ViewContext,
    parts::{button, icon},
};
use crate::{
    route::Grouping,
    text::{board as words, saved},
    ui::{
        action::{Action, CellPlace, SavedAction, Scroller},
        html::{Element, Html, Unchanged, el},
    },
};

/// From so many feature rings on only the latest are shown until somebody asks for all.
pub const FEATURES_SHOWN: usize = 8;

/// What the board shows.
pub struct BoardView {
    /// The columns that are drawn.
    pub rings: Vec<RingView>,
    /// The number of the first of them, and how many there are.
    pub columns: (usize, usize),
    /// How many of them are feature rings.
    pub features: usize,
    /// How many feature rings there are that are not shown.
    pub hidden: usize,
    /// Whether all feature rings are shown, or only the latest.
    pub all_features: bool,
    /// How many services there are.
    pub services: usize,
    /// What they are put together by, and whether there are teams.
    pub group: Option<Grouping>,
    /// Whether any team is named.
    pub has_teams: bool,
    /// The number of the first of them that is drawn.
    pub first: usize,
    /// The rows that are drawn.
    pub rows: Vec<BoardRow>,
    /// The keys of those below them that are left as they are until the next frame.
    pub kept: Vec<u64>,
    /// How much room the rows above and below them take, in pixels.
    pub around: (u32, u32),
    /// How much room the columns before and after them take, in pixels.
    pub beside: (u32, u32),
}

/// The board.
#[must_use]
pub fn board(view: &BoardView, context: &ViewContext) -> Html {
    let (first, all) = view.columns;
    let corner = words::size(view.services, all + view.hidden);
    let more = (view.hidden > 0 || view.all_features && view.features > FEATURES_SHOWN).then(|| {
        let label = match view.all_features {
            true => words::LATEST_FEATURES.to_owned(),
            false => words::show_more(view.hidden),
        };
        button("board__more", Action::AllFeatures).text(label)
    });
    let corner = el("th").key("corner").set("scope", "col").class("board__corner").text(corner);
    let corner = corner.child(grouping(view)).children(more);
    let drawn = view.rings.len();
    let rings = view.rings.iter().enumerate().map(|(n, ring)| {
        let header = header::header(ring, context);
        if drawn == all { header } else { header.set("aria-colindex", (first + n + 2).to_string()) }
    });
    let (before, after) = view.beside;
    let rings = el("tr")
        .key("rings")
        .child(corner)
        .children(beside("th", "before", before))
        .children(rings)
        .children(beside("th", "after", after));
    let rows = view.rows.iter().enumerate().map(|(n, row)| board_row(view, view.first + n, row, context));
    let kept = view.kept.iter().map(|row| Html::Unchanged(Box::new(Unchanged { tag: "tr", key: *row, without: None })));
    let drawn_rows = view.rows.len() + view.kept.len();
    let (above, below) = view.around;
    let columns = 1 + drawn + usize::from(before > 0) + usize::from(after > 0);
    let table = el("table")
        .class("board__table board__table--fixed")
        .set("role", "grid")
        .set("aria-label", words::BOARD)
        .maybe("aria-rowcount", (drawn_rows < view.services).then(|| (view.services + 1).to_string()))
        .maybe("aria-colcount", (drawn < all).then(|| (all + 1).to_string()))
        .maybe("aria-busy", (!view.kept.is_empty()).then_some("true"))
        .set("--rings", all.to_string())
        .child(el("thead").child(rings))
        .children(spacer("above", above, columns))
        .child(el("tbody").key("rows").class("board__rows").children(rows).children(kept))
        .children(spacer("below", below, columns));
    el("div")
        .class("board")
        .set("role", "region")
        .set("aria-label", words::BOARD)
        .on(Action::Scroller(Scroller::Board))
        .child(table)
        .into()
}

/// The list of what services are put together by.
fn grouping(view: &BoardView) -> Element {
    let by = [("", words::UNGROUPED), (Grouping::Repository.as_str(), words::BY_REPOSITORY)];
    let team = (Grouping::Team.as_str(), words::BY_TEAM);
    let options = by.into_iter().chain((view.has_teams || view.group == Some(Grouping::Team)).then_some(team));
    el("select")
        .key("group")
        .class("board__group")
        .set("aria-label", words::GROUP)
        .set("value", view.group.map_or("", Grouping::as_str))
        .on(Action::Group)
        .children(options.map(|(value, label)| el("option").set("value", value).text(label)))
}

/// What takes the room of rows that are not drawn.
fn spacer(key: &'static str, height: u32, columns: usize) -> Option<Element> {
    let cell = || el("td").set("colspan", columns.to_string()).set("--height", format!("{height}px"));
    let row = || el("tr").class("spacer").child(cell());
    (height > 0).then(|| el("tbody").key(key).set("aria-hidden", "true").child(row()))
}

/// What takes the room of columns that are not drawn.
fn beside(tag: &'static str, key: &'static str, width: u32) -> Option<Element> {
    let cell = || el(tag).key(key).class("beside").set("aria-hidden", "true").set("--width", format!("{width}px"));
    (width > 0).then(cell)
}

/// As much of it as there is room for, and all of it on hover.
fn service_about(about: &ServiceAbout) -> Option<Element> {
    let today = about.today.map(words::today);
    let whole = [about.project.clone(), today.as_ref().map(|today| today.concat()), about.repository.clone()];
    let whole = whole.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let mut shown = el("span").class("service__about").set("title", whole.clone());
    // The word that goes without saying is for whoever hears it.
    if let Some([count, what, today]) = today {
        shown = shown
            .text(about.project.as_ref().map(|project| [project, " · "].concat()).unwrap_or_default())
            .text(count)
            .child(el("span").class("unseen").text(what))
            .text(today)
            .text(about.repository.as_ref().map(|repository| [" · ", repository].concat()).unwrap_or_default());
    } else {
        shown = shown.text(whole.clone());
    }
    (!whole.is_empty()).then_some(shown)
}

fn board_row(view: &BoardView, index: usize, row: &BoardRow, context: &ViewContext) -> Element {
    let name = el("span").class("service__name").set("title", row.names.1.clone()).text(row.names.1.clone());
    let pin = saved::pin(&row.names.1, row.is_pinned);
    let pin = button("service__pin", Action::Saved(SavedAction::Pin(row.key)))
        .set("tabindex", "-1")
        .set("aria-pressed", row.is_pinned.to_string())
        .set("title", pin.clone())
        .set("aria-label", pin)
        .child(icon("icon icon--up"));
    let head = el("th")
        .set("scope", "row")
        .class("service")
        .on(Action::Cell(CellPlace { row: index + 1, column: 0 }, None))
        .children(
            row.group.clone().map(|group| el("span").class("service__group").set("title", group.clone()).text(group)),
        )
        .child(context.link("inside", row.history.clone()).set("tabindex", "-1").child(name))
        .children(service_about(&row.about))
        .children(row.unplaced.as_ref().map(|d| cell::line(d, None, context)))
        .child(pin);
    let cells = view.rings.iter().zip(&row.cells).map(|(ring, cell)| cell::cell(row, ring, cell, context));
    let (before, after) = view.beside;
    el("tr")
        .key(row.key)
        .set("aria-rowindex", (index + 2).to_string())
        .maybe("data-group", row.group.clone())
        .child(head)
        .children(beside("td", "before", before))
        .children(cells)
        .children(beside("td", "after", after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_a_service_stands_how_much_happened_and_where_its_source_is() {
        #[track_caller]
        fn check(about: ServiceAbout, expect: &str) {
            assert_eq!(service_about(&about).map_or_else(String::new, |about| about.to_markup()), expect);
        }
        let own = || Some("contoso/trivia".to_owned());
        check(
            ServiceAbout { project: Some("quiz".to_owned()), today: Some(8), repository: own() },
            r#"<span class="service__about" title="quiz · 8 deployments today · contoso/trivia">quiz · 8<span class="unseen"> deployments</span> today · contoso/trivia</span>"#,
        );
        check(
            ServiceAbout { project: None, today: Some(1), repository: None },
            r#"<span class="service__about" title="1 deployment today">1<span class="unseen"> deployment</span> today</span>"#,
        );
        check(
            ServiceAbout { project: None, today: None, repository: own() },
            r#"<span class="service__about" title="contoso/trivia">contoso/trivia</span>"#,
        );
        check(ServiceAbout::default(), "");
    }
}
