//! What somebody should know of the signals, or could write into the configuration.

use super::{names, report::ClusterReport};
use crate::{
    domain::{
        cluster::{Label, SignalKind},
        id::ClusterName,
        manifests::Unread,
    },
    model::order::sorted_by,
    text,
};

/// So many labels are named in a sentence.
const NAMED: usize = 3;

/// A thing to know or to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SyncNote {
    /// Nobody gave a cluster its name.
    Unnamed {
        /// What it is called for now.
        cluster: ClusterName,
        /// One of its signals.
        label: Label,
    },
    /// Labels that name applications count as parts of one cluster.
    Parts {
        /// What that is called for now.
        cluster: ClusterName,
        /// All of them.
        labels: Vec<Label>,
    },
    /// Its signals name no cluster, so that those of two would take each other's place.
    Overwritten {
        /// What they are taken for.
        cluster: ClusterName,
        /// One of them.
        label: Label,
    },
    /// There are several clusters, and nothing shows which ring runs where.
    NoRings {
        /// All of them.
        clusters: Vec<ClusterName>,
    },
    /// More is reported than is read.
    Unread(Unread),
}

impl SyncNote {
    /// Its word in the page's hooks.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Unnamed { .. } => "unnamed",
            Self::Parts { .. } => "parts",
            Self::Overwritten { .. } => "overwritten",
            Self::NoRings { .. } => "no-rings",
            Self::Unread(_) => "unread",
        }
    }

    /// What is the case.
    #[must_use]
    pub fn what(&self) -> String {
        match self {
            Self::Unnamed { cluster, label } => {
                format!("The cluster that reports as {} has no name; it is shown as {cluster}.", label.name)
            }
            Self::Parts { cluster, labels } => {
                let names: Vec<&str> = labels.iter().map(|label| &*label.name).take(NAMED).collect();
                let more = labels.len().saturating_sub(NAMED);
                let others = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!(
                    "{}{others} are counted as one cluster, {cluster}: none of them is assigned to a cluster.",
                    text::list(&names)
                )
            }
            Self::Overwritten { label, .. } => {
                format!(
                    "The status \"{}\" does not name a cluster: if two clusters report it, only the later report is shown.",
                    label.name
                )
            }
            Self::NoRings { clusters } => {
                let names: Vec<&str> = clusters.iter().map(ClusterName::as_str).collect();
                format!("{} are shown in every ring, because no ring has clusters assigned.", text::list(&names))
            }
            Self::Unread(unread) => {
                let what = [
                    (unread.is_cut, "the statuses of a commit"),
                    (unread.tags, "tags"),
                    (unread.environments, "deployments to environments"),
                ];
                let what: Vec<&str> = what.into_iter().filter(|(is_cut, _)| *is_cut).map(|(_, what)| what).collect();
                format!("There are more {} than are read. Cluster states beyond that are unknown.", text::list(&what))
            }
        }
    }

    /// What to do.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Unnamed { label, .. } => {
                let pattern = serde_json::Value::from(names::pattern(label));
                format!("To name it, add to config.json: \"clusters\": [{{ \"name\": \"…\", \"match\": {pattern} }}].")
            }
            Self::Parts { labels, .. } => {
                let pattern = |pattern: &str| serde_json::Value::from(pattern);
                let Some(first) = labels.first() else { return String::new() };
                format!(
                    "If they are one, add to config.json: \"clusters\": [{{ \"name\": \"…\", \"match\": {} }}]. If each is a \
                     cluster of its own, add one entry for each: {{ \"name\": \"…\", \"match\": {} }}.",
                    pattern(&names::pattern(first)),
                    pattern(&first.name),
                )
            }
            Self::Overwritten { .. } => {
                "Nothing to do with one cluster. With several, let each report under its own name: by Flux's commit \
                 statuses, or by rows of the table."
                    .to_owned()
            }
            Self::NoRings { .. } => "To assign clusters to rings, add to config.json: \"rings\": [{ \"name\": \"…\", \
                 \"clusters\": [\"…\"] }]."
                .to_owned(),
            Self::Unread(unread) if unread.environments => {
                "Environments listed in config.json are always read: \"clusters\": \
                 [{ \"name\": \"…\", \"match\": \"the environment\" }]."
                    .to_owned()
            }
            Self::Unread(_) => "Let fewer checks or clusters report on one commit or in one repository.".to_owned(),
        }
    }
}

/// What is left unread for good, if anything is.
pub(super) fn unread(unread: &Unread) -> Option<SyncNote> {
    (unread.is_cut || unread.tags || unread.environments).then(|| SyncNote::Unread(unread.clone()))
}

pub(super) fn notes(all: &[ClusterReport], rings_name_some: bool) -> Vec<SyncNote> {
    let mut notes = Vec::new();
    let mut clusters: Vec<ClusterName> = Vec::new();
    for reports in all.iter().filter(|t| !t.is_past) {
        let (cluster, label) = (reports.cluster.clone(), reports.signal.from.clone());
        if clusters.iter().any(|c| c.as_str().eq_ignore_ascii_case(cluster.as_str())) {
            continue;
        }
        clusters.push(cluster.clone());
        // Also under a name from the configuration two would be one.
        if label.kind == SignalKind::Connector {
            notes.push(SyncNote::Overwritten { cluster: cluster.clone(), label: label.clone() });
        }
        if reports.is_made_up {
            let is_part = |t: &&ClusterReport| !t.is_past && t.cluster == cluster && t.project == reports.project;
            let mut labels: Vec<Label> = Vec::new();
            for label in all.iter().filter(is_part).map(|t| &t.signal.from) {
                if !labels.contains(label) {
                    labels.push(label.clone());
                }
            }
            let labels = sorted_by(&labels, Ord::cmp);
            notes.push(match names::is_group(&label) && labels.len() > 1 {
                true => SyncNote::Parts { cluster, labels },
                false => SyncNote::Unnamed { cluster, label },
            });
        }
    }
    if clusters.len() > 1 && !rings_name_some {
        notes.push(SyncNote::NoRings { clusters });
    }
    notes
}
