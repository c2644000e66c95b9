//! One answer with rows, read in steps.

use super::{
    row::Row,
    rows::{RowsError, RowsRead, RowsReader},
    span::Next,
};
use crate::{
    domain::problem::ProblemKind,
    http::{ANSWER_BYTES, ApiError, Response},
};

/// The largest file of rows, in bytes: it holds a whole table, of some 300,000 rows.
pub const FILE_BYTES: usize = 256 * 1024 * 1024;

/// An answer that holds rows.
#[derive(Debug)]
pub struct RowsPage {
    rows: RowsReader,
    next: Next,
    status: u16,
    is_html: bool,
}

impl RowsPage {
    /// A page of a table.
    pub(super) fn new(response: Response, next: Next) -> Result<Self, ApiError> {
        Self::of(response, next, ANSWER_BYTES)
    }

    /// All rows of a file.
    pub(super) fn of_file(response: Response) -> Result<Self, ApiError> {
        Self::of(response, Next::End, FILE_BYTES)
    }

    fn of(response: Response, next: Next, most: usize) -> Result<Self, ApiError> {
        if response.body.len() > most {
            return Err(ApiError::too_large(response.body.len() as u64));
        }
        let (status, is_html) = (response.status, response.is_html());
        Ok(Self { rows: RowsReader::new(response.body), next, status, is_html })
    }

    /// What follows.
    #[must_use]
    pub const fn next(&self) -> &Next {
        &self.next
    }

    /// What has been read so far.
    #[must_use]
    pub const fn counted(&self) -> &RowsRead {
        self.rows.counted()
    }

    /// Lends up to about `limit` more rows to `each`. Returns whether all have been read.
    ///
    /// # Errors
    /// When it is no list of rows, or breaks off. Rows that stood before the break have been lent by then.
    pub fn read(&mut self, limit: usize, each: &mut dyn FnMut(&Row<'_>)) -> Result<bool, ApiError> {
        self.rows.read(limit, each).map_err(|error| {
            let (kind, detail) = match error {
                _ if self.is_html => (ProblemKind::Unreadable, "a web page instead of data".to_owned()),
                RowsError::Truncated => (ProblemKind::Truncated, String::new()),
                RowsError::Unreadable(why) => (ProblemKind::Unreadable, why),
            };
            ApiError { status: self.status, ..ApiError::new(kind, detail) }
        })
    }
}
