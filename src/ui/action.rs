//! What the things on the page are for: the typed word that an element carries, for the listeners at the root.

mod setup;

pub use self::setup::{CredentialOf, Field, SetupAction};
use crate::{
    domain::{
        column::{Column, SortBy},
        deployment::Status,
    },
    model::{
        export::Format,
        filter::Filters,
        kept::{RingHash, ServiceHash},
        query::Facet,
        rings::Attention,
    },
    route::{Route, Since, View},
    text::filters,
};

/// What an element is for. Which events it answers is for `dispatch` to decide.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// A link within the page, which changes the address unless somebody wants it in a tab of its own.
    Follow(Change),
    /// A button or a box that changes the address.
    Change(Change),
    /// A row of the table: its number in the list, and its deployment's id.
    Row(usize, String),
    /// A cell of the board: where it stands, and the id of the deployment that it opens.
    Cell(CellPlace, Option<String>),
    /// A region that scrolls and of which only what is visible is drawn.
    Scroller(Scroller),
    /// The search box.
    Search,
    /// An offer of the search box.
    Offer(usize),
    /// The button of a menu.
    Menu(Menu),
    /// The box that searches an open menu.
    FindInMenu,
    /// The list of times to choose from.
    Since,
    /// The list of what services are put together by.
    Group,
    /// The list of columns to sort by.
    Sort,
    /// Shows a column of the table, or hides it.
    ToggleColumn(Column),
    /// Moves a column of the table, towards the end or the begin.
    ShiftColumn(Column, bool),
    /// Goes back to the site's columns.
    ResetColumns,
    /// Shows all feature rings, or only the latest.
    AllFeatures,
    /// Shows each cluster of a board's cell, or hides them.
    CellClusters(ServiceHash, RingHash),
    /// Hides a problem until it is another one.
    Dismiss(String),
    /// Reads everything anew.
    Refresh,
    /// Something of saved views.
    Saved(SavedAction),
    /// Takes something along as a file.
    Export(Format),
    /// Takes the next theme.
    NextTheme,
    /// Takes the other density.
    NextDensity,
    /// Shows the list of keys.
    Help,
    /// Copies a text.
    Copy(String),
    /// Copies the comparison of two rings as Markdown.
    CopyComparison,
    /// The list that one of the two compared rings is picked from.
    PickRing(PickRing),
    /// Shows all versions of a service between two rings, or the newest only.
    AllVersions(ServiceHash),
    /// The details of a deployment, for the keyboard.
    Details,
    /// The edge that the details' width is changed by.
    ResizeDetails,
    /// Shows more of a service's history.
    OlderChanges,
    /// Shows all the changes that a search names.
    AllTraced,
    /// A picture, which is hidden until it is there.
    Picture,
    /// Something of the connections view.
    Setup(SetupAction),
}

/// A place in the board: the number of the service and of the ring, from 1. In row 0 stand the heads of the rings, in
/// column 0 the names of the services.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CellPlace {
    /// The service's number.
    pub row: usize,
    /// The ring's number.
    pub column: usize,
}

/// A panel that opens below its button. At most one is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Menu {
    /// The values of a filter.
    Values(Facet),
    /// The columns of the table.
    Columns,
    /// The clusters of a ring.
    Ring(RingHash),
    /// Views under a name.
    Saved,
    /// What can be taken along.
    Export,
}

/// Something of saved views.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SavedAction {
    /// The form that keeps what is shown under a name.
    Save,
    /// Removes one of this device's.
    Remove(Box<str>),
    /// The field for who looks.
    Me,
    /// Pins a service, or no longer.
    Pin(ServiceHash),
    /// Asks for notifications, or no longer.
    Notify,
}

/// What scrolls.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scroller {
    /// The table of deployments.
    Table,
    /// The board.
    Board,
}

/// A change of the address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// To another view of the same data.
    View(View),
    /// To a deployment's details.
    Open(String),
    /// Away from them.
    Close,
    /// To a service's history; the project where several have a service of that name.
    History(String, Option<String>),
    /// To these two rings side by side.
    Between(String, String),
    /// What pressing a column's header does.
    Header(Column),
    /// To how two rings differ in one service: the ring that is ahead, the one that follows, the service.
    Compare(String, String, String),
    /// Looks at what needs somebody for that reason, or no longer only at that.
    Attention(Attention),
    /// To a view that was kept, by its address.
    Saved(Box<str>),
    /// Filters by these values and no others.
    Values(Facet, Vec<String>),
    /// What pressing one of the sums does.
    Sum(&'static Sum),
    /// Clears the search box.
    ClearSearch,
    /// Deployments of any time.
    AnyTime,
    /// Takes every filter off.
    ClearAll,
}

impl Change {
    /// Makes it.
    pub fn apply(&self, route: &mut Route) {
        match self {
            Self::View(view) => route.leave_for(*view),
            Self::Open(id) => route.deployment = Some(id.clone()),
            Self::Close => route.deployment = None,
            Self::History(service, project) => {
                route.leave_for(View::History);
                route.of = Some(service.clone());
                if let Some(project) = project {
                    route.filters.set(Facet::Project, [project]);
                }
            }
            Self::Compare(from, to, service) => {
                route.leave_for(View::Compare);
                (route.from, route.to) = (Some(from.clone()), Some(to.clone()));
                if !service.is_empty() {
                    route.filters.set(Facet::Service, [service]);
                }
            }
            Self::Attention(why) => {
                let is_on = route.attention == Some(*why);
                route.leave_for(View::Rings);
                route.attention = (!is_on).then_some(*why);
            }
            Self::Saved(query) => route.go_to_saved(query),
            Self::Between(first, second) => (route.from, route.to) = (Some(first.clone()), Some(second.clone())),
            Self::Header(column) => route.sort = next_sort(route.sort, *column),
            Self::Values(facet, values) => route.filters.set(*facet, values),
            Self::Sum(sum) => sum.toggle(route),
            Self::ClearSearch => route.q.clear(),
            Self::AnyTime => route.since = Since::All,
            Self::ClearAll => {
                for facet in Facet::ALL {
                    route.filters.clear(facet);
                }
                route.q.clear();
                route.since = Since::All;
                route.attention = None;
            }
        }
    }
}

/// A list to pick one of two rings from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PickRing {
    /// Whether it is the ring that is ahead.
    pub is_first: bool,
    /// The two that are picked now.
    pub picked: (String, String),
}

impl PickRing {
    /// What picking a ring does. Whoever picks the ring of the other side wants the two the other way round.
    #[must_use]
    pub fn pick(self, name: String) -> Change {
        let (first, second) = self.picked;
        match self.is_first {
            true if name == second => Change::Between(second, first),
            true => Change::Between(name, second),
            false if name == first => Change::Between(second, first),
            false => Change::Between(first, name),
        }
    }
}

/// By this column, then the other way round, then as it was.
fn next_sort(now: Option<SortBy>, column: Column) -> Option<SortBy> {
    // What is newest, or largest, is what people look for first in these.
    let first =
        matches!(column, Column::Build | Column::Release | Column::PullRequest | Column::Manifest | Column::Clusters);
    match now {
        Some(by) if by.column == column && by.descending == first => Some(SortBy { column, descending: !first }),
        Some(by) if by.column == column => None,
        None if column == Column::Updated => Some(SortBy { column, descending: false }),
        _ if column == Column::Updated => None,
        _ => Some(SortBy { column, descending: first }),
    }
}

/// A number above every view that is a filter as well: what it counts.
#[derive(PartialEq, Eq, Debug)]
pub struct Sum {
    /// Whose icon it has.
    pub icon: &'static str,
    /// What stands behind the number.
    pub label: &'static str,
    /// What is counted.
    pub statuses: &'static [Status],
    /// Only of the last day.
    pub is_recent: bool,
}

/// All of them.
pub static SUMS: [Sum; 4] = [
    Sum { icon: "running", label: filters::RUNNING, statuses: &[Status::Running, Status::Queued], is_recent: false },
    Sum { icon: "waiting", label: filters::WAITING.0, statuses: &[Status::Waiting], is_recent: false },
    Sum { icon: "failed", label: filters::FAILED_LATELY, statuses: &[Status::Failed], is_recent: true },
    Sum { icon: "unknown", label: filters::UNKNOWN, statuses: &[Status::Unknown], is_recent: false },
];

impl Sum {
    fn words(&self) -> impl Iterator<Item = &'static str> {
        self.statuses.iter().map(|status| status.as_str())
    }

    /// Whether the filters are just what it counts.
    #[must_use]
    pub fn is_on(&self, filters: &Filters, since: Since) -> bool {
        let asked = filters.get(Facet::Status);
        asked.len() == self.statuses.len()
            && self.words().all(|word| asked.iter().any(|a| a == word))
            && (!self.is_recent || since == Since::Hours24)
    }

    fn toggle(&self, route: &mut Route) {
        let is_on = self.is_on(&route.filters, route.since);
        route.filters.clear(Facet::Status);
        if !is_on {
            route.filters.set(Facet::Status, self.words());
        }
        if self.is_recent {
            route.since = if is_on { Since::All } else { Since::Hours24 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route;

    #[test]
    fn changes_of_the_address() {
        #[track_caller]
        fn check(from: &str, change: Change, expect: &str) {
            let mut route = route::parse(from);
            change.apply(&mut route);
            assert_eq!(route, route::parse(expect), "{from} {change:?}");
        }
        let of = |name: &str| name.to_owned();
        check("view=deployments&q=x&deployment=1", Change::View(View::Rings), "q=x");
        check("q=x", Change::Open(of("a/b")), "q=x&deployment=a%2Fb");
        check("q=x&deployment=1", Change::Close, "q=x");
        check("q=x", Change::History(of("api"), None), "view=history&of=api&q=x");
        check("project=b", Change::History(of("api"), Some(of("a"))), "view=history&of=api&project=a");
        check("view=compare", Change::Between(of("a"), of("b")), "view=compare&from=a&to=b");
        check("service=auth", Change::Values(Facet::Service, vec![of("api")]), "service=api");
        check("service=api", Change::Values(Facet::Service, Vec::new()), "");
        check("service=api&q=x&since=7d", Change::ClearAll, "");
        check("q=x&since=7d", Change::ClearSearch, "since=7d");
        check("q=x&since=7d", Change::AnyTime, "q=x");
        check("", Change::Sum(&SUMS[0]), "status=running&status=queued");
        check("status=running&status=queued", Change::Sum(&SUMS[0]), "");
        check("", Change::Sum(&SUMS[2]), "status=failed&since=24h");
        check("status=failed&since=24h", Change::Sum(&SUMS[2]), "");
        check("attention=behind&q=x", Change::ClearAll, "");
        check("view=deployments&q=x", Change::Attention(Attention::Behind), "attention=behind&q=x");
        check("attention=behind", Change::Attention(Attention::Behind), "");
        check(
            "service=web&q=x",
            Change::Compare(of("dev"), of("prod"), of("api")),
            "view=compare&from=dev&to=prod&service=api&q=x",
        );
        check(
            "q=x&kiosk=1&theme=dark&demo",
            Change::Saved("view=deployments&status=failed&theme=light".into()),
            "view=deployments&status=failed&kiosk=1&theme=dark&demo",
        );
        check("view=deployments", Change::Header(Column::Service), "view=deployments&sort=service");
        check("sort=service", Change::Header(Column::Service), "sort=-service");
        check("sort=-service", Change::Header(Column::Service), "");
        check("", Change::Header(Column::Build), "sort=-build");
        check("", Change::Header(Column::Updated), "sort=updated");
        check("sort=service", Change::Header(Column::Updated), "");
    }

    #[test]
    fn picking_the_ring_of_the_other_side_swaps_them() {
        #[track_caller]
        fn check(is_first: bool, name: &str, expect: (&str, &str)) {
            let pick = PickRing { is_first, picked: ("dev".to_owned(), "prod".to_owned()) };
            assert_eq!(pick.pick(name.to_owned()), Change::Between(expect.0.to_owned(), expect.1.to_owned()));
        }
        check(true, "qa", ("qa", "prod"));
        check(true, "prod", ("prod", "dev"));
        check(false, "qa", ("dev", "qa"));
        check(false, "dev", ("prod", "dev"));
    }
}
