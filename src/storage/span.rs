//! Which rows are asked for, and how an answer goes on.

use crate::domain::time::Timestamp;

/// Which part of the table is asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Span {
    /// Last written at or after.
    pub since: Option<Timestamp>,
    /// Last written before.
    pub before: Option<Timestamp>,
    /// Row keys from here, inclusive.
    pub from_key: Option<String>,
    /// Row keys up to here, exclusive.
    pub to_key: Option<String>,
    /// Rows behind this one in the order of partition and row key: the service did not, or could not, state where to go
    /// on.
    pub behind: Option<(String, String)>,
    /// Only the keys: enough to see what has been deleted.
    pub keys_only: bool,
}

/// Where in a span to go on.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub enum Cursor {
    /// At its begin.
    #[default]
    Start,
    /// Where the service continues. That holds for the very same span alone.
    Token {
        /// `NextPartitionKey`, opaque.
        partition: String,
        /// `NextRowKey`, opaque and not always there.
        row: Option<String>,
    },
}

/// What follows a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Next {
    /// Another page, here.
    More(Cursor),
    /// Nothing: the source is read whole.
    End,
    /// Headers of the service are visible and none names a next page. That is the end if such a header would be
    /// visible; a CORS rule may show some headers and not these.
    Unnamed,
    /// No header of the service is visible, so there may be more.
    Hidden,
}
