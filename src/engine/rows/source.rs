//! Where the rows are, and how that is asked.

use crate::{
    config::{AzureTable, Storage},
    domain::problem::Problem,
    http::{ApiError, Origin, Request, Response, secret::Secret},
    storage::{
        azure_table::{self},
        page::RowsPage,
        sample, snapshot,
        span::{Cursor, Span},
    },
};

/// Where the rows are.
#[derive(Clone, Debug)]
pub enum Source {
    /// An Azure table, and what opens it.
    Table {
        /// The table.
        table: AzureTable,
        /// The credential: a SAS, or the access token of a sign-in.
        sas: Option<Secret>,
    },
    /// A file beside the page.
    Snapshot {
        /// Where.
        url: Box<str>,
    },
    /// The sample data.
    Sample,
}

impl Source {
    pub(in crate::engine) fn new(storage: &Storage) -> Self {
        match storage {
            Storage::AzureTable(table) => Self::Table { table: table.clone(), sas: table.sas.clone() },
            Storage::Snapshot { url } => Self::Snapshot { url: url.clone() },
            Storage::Sample => Self::Sample,
        }
    }

    /// Whether one answer holds all of it, so that it is neither refreshed nor swept in parts.
    pub(super) const fn is_whole(&self) -> bool {
        matches!(self, Self::Snapshot { .. })
    }

    /// Whether keys of several partitions follow one another.
    pub(super) const fn has_partitions(&self) -> bool {
        matches!(self, Self::Table { table, .. } if table.partition.is_none())
    }

    pub(super) fn origin(&self) -> Option<Origin> {
        match self {
            Self::Table { table, .. } => Some(table.origin.clone()),
            Self::Snapshot { .. } | Self::Sample => None,
        }
    }

    /// The credential, if it is a SAS.
    pub(super) fn sas(&self) -> Option<&Secret> {
        match self {
            Self::Table { sas, .. } => sas.as_ref().filter(|secret| !secret.is_access_token()),
            Self::Snapshot { .. } | Self::Sample => None,
        }
    }

    pub(super) fn request(&self, span: &Span, cursor: &Cursor) -> Request {
        match self {
            Self::Table { table, sas } => azure_table::request_rows(table, sas.as_ref(), span, cursor),
            Self::Snapshot { url } => snapshot::request_rows(url),
            Self::Sample => sample::request_rows(span, cursor),
        }
    }

    /// A question whose answer shows whether a next page would be named.
    pub(super) fn request_proof(&self) -> Request {
        match self {
            Self::Table { table, sas } => azure_table::request_proof(table, sas.as_ref()),
            Self::Snapshot { url } => snapshot::request_rows(url),
            Self::Sample => sample::request_rows(&Span::default(), &Cursor::Start),
        }
    }

    pub(super) fn open(&self, response: Response) -> Result<RowsPage, ApiError> {
        match self {
            Self::Table { .. } => azure_table::open_rows(response),
            Self::Snapshot { .. } => snapshot::open_rows(response),
            Self::Sample => sample::open_rows(response),
        }
    }

    pub(super) fn explain(&self, error: &ApiError, page: &str) -> Problem {
        match self {
            Self::Table { table, sas: Some(token) } if token.is_access_token() => {
                azure_table::explain_signed_in(error, table, page)
            }
            Self::Table { table, .. } => azure_table::explain(error, table, page),
            Self::Snapshot { url } => snapshot::explain(error, url),
            Self::Sample => sample::explain(error),
        }
    }
}
