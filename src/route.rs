//! The page's address: what is looked at, as a query and nothing else, so that any static host serves it.
//!
//! The only place that has the URL's words; reading and writing stand side by side and are each other's inverse.
//! Reading is total: a bad value is the default, a key that is not ours is kept (a portal that frames the page may
//! need it), unless it could be a secret. Links into Spektate keep working.

#[cfg(test)]
mod tests;
mod values;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

pub use self::values::{Demo, Density, Grouping, Refresh, Since, Theme, View};
use crate::{
    domain::column::{Column, SortBy},
    http::decode,
    model::{filter::Filters, query::Facet, rings::Attention},
    text::holds_secret,
};

/// What is looked at.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Route {
    /// The view.
    pub view: View,
    /// The ring to compare, which is usually ahead; `None` leaves the choice to the view. So for `to`.
    pub from: Option<String>,
    /// The ring it is compared with, which is to follow.
    pub to: Option<String>,
    /// The service whose history is looked at.
    pub of: Option<String>,
    /// The values chosen per facet, the project among them.
    pub filters: Filters,
    /// What of the board needs somebody, and is alone looked at.
    pub attention: Option<Attention>,
    /// What services of the board are put together by; `None` is by nothing.
    pub group: Option<Grouping>,
    /// What stands in the search box, as typed.
    pub q: String,
    /// The order of the rows; `None` is the table's own.
    pub sort: Option<SortBy>,
    /// From when on.
    pub since: Since,
    /// The deployment whose details are open.
    pub deployment: Option<String>,
    /// The columns of the table, in their order; `None` is as the device or the site has them.
    pub columns: Option<Vec<Column>>,
    /// How much room rows take; `None` is as the device has it.
    pub density: Option<Density>,
    /// How often to look again; `None` is as in `config.json`.
    pub refresh: Option<Refresh>,
    /// Light or dark.
    pub theme: Theme,
    /// Framed by another page: no header.
    pub embed: bool,
    /// On a wall: large, without controls, one view after another.
    pub kiosk: bool,
    /// Sample data, whatever is in `config.json`.
    pub demo: Option<Demo>,
    /// Keys that are not ours, with their values.
    pub rest: Vec<(String, String)>,
}

/// Keys that carry credentials elsewhere, in lower case. Whoever pastes such an address must not see it live on in
/// links and bookmarks.
const SECRETS: [&str; 12] = [
    "sig",
    "sas",
    "sv",
    "token",
    "access_token",
    "id_token",
    "refresh_token",
    "private_token",
    "client_secret",
    "code",
    "password",
    "pat",
];

/// Whether a pair must not be kept.
fn is_secret(key: &str, value: &str) -> bool {
    SECRETS.iter().any(|s| s.eq_ignore_ascii_case(key)) || holds_secret(value) || holds_secret(key)
}

/// Reads a query, with or without its `?`. Of a key that has one value the last counts; blank values do not.
#[must_use]
pub fn parse(query: &str) -> Route {
    let mut route = Route::default();
    for pair in query.strip_prefix('?').unwrap_or(query).split('&') {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (key, value) = (decode(key, true), decode(value, true));
        if !key.is_empty() && !is_secret(&key, &value) {
            route.take(key, value);
        }
    }
    route
}

impl Route {
    fn take(&mut self, key: String, value: String) {
        let text = value.trim();
        let facet = Facet::from_word(&key);
        match key.as_str() {
            "demo" => self.demo = Demo::parse(text),
            "limit" => {} // Spektate's: how many rows to show
            "view" | "from" | "to" | "of" | "attention" | "group" | "q" | "keyword" | "sort" | "since" | "columns"
            | "density" | "refresh" | "theme" | "embed" | "kiosk"
                if text.is_empty() => {}
            "view" => self.view = View::ALL.into_iter().find(|v| v.as_str() == text).unwrap_or_default(),
            "from" => self.from = Some(text.to_owned()),
            "to" => self.to = Some(text.to_owned()),
            "of" => self.of = Some(text.to_owned()),
            "attention" => self.attention = Attention::from_word(text),
            "group" => self.group = Grouping::from_word(text),
            "q" | "keyword" => self.q = value,
            "sort" => self.sort = SortBy::parse(text),
            "since" => self.since = Since::parse(text).unwrap_or_default(),
            // As it is: blanks distinguish keys of rows.
            "deployment" if value.is_empty() => {}
            "deployment" => self.deployment = Some(value),
            "columns" => self.columns = columns(text),
            "density" => self.density = Density::from_word(text),
            "refresh" => self.refresh = Refresh::parse(text),
            "theme" => self.theme = Theme::ALL.into_iter().find(|t| t.as_str() == text).unwrap_or_default(),
            "embed" => self.embed = matches!(text, "1" | "true"),
            "kiosk" => self.kiosk = matches!(text, "1" | "true"),
            _ => match facet {
                Some(facet) => self.filters.add(facet, text),
                None => self.rest.push((key, value)),
            },
        }
    }

    /// Goes to another view of the same data: filters stay, an open drawer closes, and what only the old view
    /// understands goes with it.
    pub fn leave_for(&mut self, view: View) {
        self.view = view;
        (self.from, self.to, self.of, self.deployment, self.attention) = (None, None, None, None, None);
    }

    /// What of it belongs to a view that is kept under a name: all but how this page is shown, and what is open.
    #[must_use]
    pub fn to_save(&self) -> Self {
        let (refresh, theme, embed, kiosk, demo) = Default::default();
        Self { deployment: None, refresh, theme, embed, kiosk, demo, rest: Vec::new(), ..self.clone() }
    }

    /// Goes to a view that was kept under a name.
    pub fn go_to_saved(&mut self, query: &str) {
        let Self { refresh, theme, embed, kiosk, demo, rest, .. } = std::mem::take(self);
        *self = Self { refresh, theme, embed, kiosk, demo, rest, ..parse(query).to_save() };
    }

    /// A link to it from wherever the page lies.
    #[must_use]
    pub fn href(&self) -> String {
        ["?", &print(self)].concat()
    }
}

/// The columns that are named, each once; `None` where none is known.
fn columns(text: &str) -> Option<Vec<Column>> {
    let mut all = Vec::new();
    for column in text.split(',').filter_map(|id| Column::from_id(id.trim())) {
        if !all.contains(&column) {
            all.push(column);
        }
    }
    (!all.is_empty()).then_some(all)
}

/// Writes what [`parse`] reads: always in the same order, without what is the default anyway, and without `?`.
#[must_use]
pub fn print(route: &Route) -> String {
    let mut query = Query(String::new());
    if route.view != View::default() {
        query.push("view", route.view.as_str());
    }
    for (key, value) in [("from", &route.from), ("to", &route.to), ("of", &route.of)] {
        query.push(key, value.as_deref().unwrap_or_default());
    }
    for (facet, value) in route.filters.iter() {
        query.push(facet.as_str(), value);
    }
    query.push("attention", route.attention.map_or("", Attention::as_str));
    query.push("group", route.group.map_or("", Grouping::as_str));
    query.push("q", &route.q);
    query.push("sort", &route.sort.map(SortBy::print).unwrap_or_default());
    if route.since != Since::default() {
        query.push("since", &route.since.print());
    }
    if let Some(key) = route.deployment.as_deref().filter(|key| !key.is_empty()) {
        query.push_any("deployment", key);
    }
    let columns = route.columns.iter().flatten().map(|column| column.id()).collect::<Vec<_>>();
    query.push("columns", &columns.join(","));
    query.push("density", route.density.map_or("", Density::as_str));
    query.push("refresh", &route.refresh.map(Refresh::print).unwrap_or_default());
    if route.theme != Theme::default() {
        query.push("theme", route.theme.as_str());
    }
    query.push("embed", if route.embed { "1" } else { "" });
    query.push("kiosk", if route.kiosk { "1" } else { "" });
    query.push("demo", &route.demo.map(Demo::print).unwrap_or_default());
    for (key, value) in &route.rest {
        query.push_any(key, value);
    }
    query.0
}

/// What needs no encoding in a query, beyond letters and digits: addresses are read by people too.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b':')
    .remove(b'/')
    .remove(b',')
    .remove(b'@');

/// A query as it grows.
struct Query(String);

impl Query {
    fn push(&mut self, key: &str, value: &str) {
        if !value.trim().is_empty() {
            self.push_any(key, value);
        }
    }

    fn push_any(&mut self, key: &str, value: &str) {
        if is_secret(key, value) {
            return;
        }
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.extend(utf8_percent_encode(key, ENCODED));
        if !value.is_empty() {
            self.0.push('=');
            self.0.extend(utf8_percent_encode(value, ENCODED));
        }
    }
}
