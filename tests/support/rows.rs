//! Rows of the table: as the store takes them, and as the service writes them; and stores of such rows.

use ringside::{
    config::RingRule,
    domain::{
        cluster::ClusterSync,
        deployment::Deployment,
        id::{ProjectName, RingName},
        project::ProjectId,
        time::Timestamp,
    },
    model::{
        assemble::assemble,
        rings::{Board, LiveBoard, RingNames},
        store::{Slot, Store},
        sync::Syncs,
    },
    storage::row::{Field, Row},
};

use super::rng::Rng;

/// What a column holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Value {
    Text(String),
    Number(i64),
    Null,
    /// JSON as it is sent, and the text that a reader should make of it.
    Raw(&'static str, &'static str),
}

impl<T: Into<String>> From<T> for Value {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

/// A row under construction: its columns in the order in which the service writes them.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct RowBuilder {
    columns: Vec<(&'static str, Value)>,
}

impl RowBuilder {
    /// Columns written as `column=text …`, with `_` for a blank and `__` for an underscore; a word without `=` in front
    /// is the row's key.
    pub(crate) fn of(texts: &str) -> Self {
        let mut words = texts.split_whitespace().peekable();
        let key = words.next_if(|word| !word.contains('='));
        let row = key.map_or(Self::default(), |key| Self::default().with(Field::RowKey, key));
        words.fold(row, |row, pair| {
            let (column, text) = pair.split_once('=').unwrap_or_else(|| panic!("{pair} is no column=text"));
            let field = Field::from_column(column).unwrap_or_else(|| panic!("{column} is no column"));
            row.with(field, text.replace("__", "\u{1f}").replace('_', " ").replace('\u{1f}', "_"))
        })
    }

    /// A row of these texts.
    pub(crate) fn texts<T: Into<Value>>(texts: impl IntoIterator<Item = (Field, T)>) -> Self {
        texts.into_iter().fold(Self::default(), |row, (field, text)| row.with(field, text))
    }

    pub(crate) fn with(self, field: Field, value: impl Into<Value>) -> Self {
        self.column(field.column(), value.into())
    }

    /// A column that Ringside may not know. What it held before is replaced.
    pub(crate) fn column(mut self, name: &'static str, value: Value) -> Self {
        self.set(name, value);
        self
    }

    pub(crate) fn set(&mut self, name: &'static str, value: impl Into<Value>) {
        match self.columns.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value.into(),
            None => self.columns.push((name, value.into())),
        }
    }

    pub(crate) fn without(mut self, column: &str) -> Self {
        self.columns.retain(|(name, _)| *name != column);
        self
    }

    /// With all that another one holds.
    pub(crate) fn extended(self, other: Self) -> Self {
        other.columns.into_iter().fold(self, |row, (name, value)| row.column(name, value))
    }

    /// With that key, if it has none.
    pub(crate) fn with_key(self, key: impl Into<Value>) -> Self {
        if self.columns().any(|name| name == Field::RowKey.column()) { self } else { self.with(Field::RowKey, key) }
    }

    pub(crate) fn columns(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.columns.iter().map(|(name, _)| *name)
    }

    /// A column as a reader should see it.
    pub(crate) fn text(&self, column: &str) -> String {
        match self.columns.iter().find(|(name, _)| *name == column) {
            Some((_, Value::Text(text))) => text.trim().to_owned(),
            Some((_, Value::Number(number))) => number.to_string(),
            Some((_, Value::Raw(_, text))) => (*text).to_owned(),
            Some((_, Value::Null)) | None => String::new(),
        }
    }

    /// As it is put into the store.
    pub(crate) fn row(&self) -> Row<'static> {
        let mut row = Row::default();
        for (name, value) in &self.columns {
            if let Some(field) = Field::from_column(name) {
                // Blanks are the row's own affair.
                row.set(field, if let Value::Text(text) = value { text.clone() } else { self.text(name) });
            }
        }
        row
    }

    /// As the service writes it.
    pub(crate) fn json(&self) -> String {
        let text = |text: &str| serde_json::to_string(text).unwrap_or_default();
        let member = |(name, value): &(&str, Value)| {
            let value = match value {
                Value::Text(value) => text(value),
                Value::Number(value) => value.to_string(),
                Value::Null => "null".to_owned(),
                Value::Raw(json, _) => (*json).to_owned(),
            };
            format!("\"{name}\":{value}")
        };
        format!("{{{}}}", self.columns.iter().map(member).collect::<Vec<_>>().join(","))
    }
}

/// The body of an answer with these rows.
pub(crate) fn body<'r>(rows: impl IntoIterator<Item = &'r RowBuilder>) -> String {
    let rows: Vec<String> = rows.into_iter().map(RowBuilder::json).collect();
    format!("{{\"value\":[{}]}}", rows.join(","))
}

/// A row written as `column=text …`, see [`RowBuilder::of`].
pub(crate) fn row(texts: &str) -> Row<'static> {
    RowBuilder::of(texts).row()
}

/// A row's key as Bedrock writes them.
pub(crate) fn hex_key(n: u64) -> String {
    format!("{:012x}", Rng::new(n).below(1 << 48))
}

/// One of very many deployments, all of it captured: keys and times are in no order.
pub(crate) fn plausible(n: usize) -> RowBuilder {
    let start = Timestamp::parse("2026-11-01T00:00:00Z").map_or(0, Timestamp::millis);
    let at = Timestamp::from_millis(start + (n as i64 * 7_919 % 100_000) * 60_000).to_rfc3339();
    let commit = |factor: usize| format!("{:07x}", n * factor % 0x0fff_ffff);
    RowBuilder::texts([
        (Field::PartitionKey, "trivia".to_owned()),
        (Field::RowKey, hex_key(n as u64)),
        (Field::Timestamp, at.clone()),
        (Field::Service, format!("contoso/service-{}", n % 40)),
        (Field::Env, ["dev", "staging", "prod"][n % 3].to_owned()),
        (Field::P1, (6_000 + n).to_string()),
        (Field::P2, (7_000 + n).to_string()),
        (Field::P3, (8_000 + n).to_string()),
        (Field::P3End, at),
        (Field::CommitId, commit(2_654_435)),
        (Field::HldCommitId, commit(1_654_435)),
        (Field::ManifestCommitId, commit(654_435)),
        (Field::ImageTag, format!("service-{}-main-{n}", n % 40)),
        (Field::SourceRepo, format!("https://dev.azure.com/contoso/_git/service-{}", n % 40)),
        (Field::AuthorName, format!("Author Number {}", n % 200)),
        (Field::CommitMessage, format!("Change {n} of what nobody reads")),
        (Field::Pr, (n % 5_000).to_string()),
    ])
}

/// A ring of which nothing but its name is configured.
pub(crate) fn ring_rule(name: &str) -> RingRule {
    let name = RingName::new(name).unwrap_or_else(|| panic!("{name:?} is no name of a ring"));
    RingRule { name, title: None, aliases: Vec::new(), branches: Vec::new(), clusters: Vec::new() }
}

/// A store of one project without any row.
pub(crate) fn empty_store(rules: &[RingRule]) -> Store {
    Store::new(ProjectName::new("p").into_iter().collect(), RingNames::new(rules))
}

/// The board of all deployments.
pub(crate) fn board_of(store: &Store, syncs: &Syncs) -> Board {
    LiveBoard::of(store, syncs).board().clone()
}

/// A store of one project with these rows.
pub(crate) fn store_of(rules: &[RingRule], rows: impl IntoIterator<Item = RowBuilder>) -> Store {
    let mut store = empty_store(rules);
    for row in rows {
        store.put(ProjectId::at(0), &row.row());
    }
    store.rebuild();
    store
}

/// The deployment of one row.
pub(crate) fn deployment(row: RowBuilder, clusters: Vec<ClusterSync>) -> Deployment {
    let store = store_of(&[], [row.with_key("1")]);
    assemble(&store, Slot::at(0), clusters).unwrap_or_else(|| panic!("the store has no row"))
}
