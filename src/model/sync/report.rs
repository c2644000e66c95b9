//! What a cluster reported.

use crate::domain::{cluster::Signal, id::ClusterName, project::ProjectId};

/// The row that a report stands in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::model) struct ReportRow {
    pub(in crate::model) partition: Box<str>,
    pub(in crate::model) key: Box<str>,
    pub(in crate::model) fingerprint: u64,
    /// When the row was written, as the service writes it.
    pub(in crate::model) written: Box<str>,
}

/// A signal, and the cluster that it is of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::model) struct ClusterReport {
    pub(in crate::model) project: ProjectId,
    pub(in crate::model) cluster: ClusterName,
    pub(in crate::model) is_made_up: bool,
    pub(in crate::model) signal: Signal,
    /// It is no longer so: the tag has moved on.
    pub(in crate::model) is_past: bool,
    pub(in crate::model) row: Option<ReportRow>,
}

impl ClusterReport {
    pub(in crate::model) const fn is_row(&self) -> bool {
        self.row.is_some()
    }
}
