//! What somebody should know of the signals, or could write into the configuration.

use super::{Told, names};
use crate::{
    domain::{
        cluster::{Label, SignalKind},
        id::ClusterName,
    },
    text,
};

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
    /// Its signals name no cluster, so that those of two would take each other's place.
    Overwritten {
        /// What they are taken for.
        cluster: ClusterName,
        /// One of them.
        label: Label,
    },
    /// There are several clusters, and nothing says which ring runs where.
    NoRings {
        /// All of them.
        clusters: Vec<ClusterName>,
    },
}

impl SyncNote {
    /// Its word in the page's hooks.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Unnamed { .. } => "unnamed",
            Self::Overwritten { .. } => "overwritten",
            Self::NoRings { .. } => "no-rings",
        }
    }

    /// What is the case.
    #[must_use]
    pub fn what(&self) -> String {
        match self {
            Self::Unnamed { cluster, label } => {
                format!("Nothing names the cluster that reports as {}; it is called {cluster} here.", label.name)
            }
            Self::Overwritten { label, .. } => {
                format!(
                    "The status \"{}\" names no cluster: where two clusters report so, only the later one is seen.",
                    label.name
                )
            }
            Self::NoRings { clusters } => {
                let names: Vec<&str> = clusters.iter().map(ClusterName::as_str).collect();
                format!("{} count for every ring, because no ring names its clusters.", text::list(&names))
            }
        }
    }

    /// What to do.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Unnamed { label, .. } => {
                let pattern = serde_json::Value::from(names::pattern(label));
                format!("Name it in config.json: \"clusters\": [{{ \"name\": \"…\", \"match\": {pattern} }}].")
            }
            Self::Overwritten { .. } => {
                "With one cluster all is well. With several, let each report under a name of its own: by Flux's own \
                 commit statuses, or by rows of the table."
                    .to_owned()
            }
            Self::NoRings { .. } => {
                "If rings have clusters of their own, name them in config.json: \"rings\": [{ \"name\": \"…\", \
                 \"clusters\": [\"…\"] }]."
                    .to_owned()
            }
        }
    }
}

pub(super) fn notes(told: &[Told], rings_name_some: bool) -> Vec<SyncNote> {
    let mut notes = Vec::new();
    let mut clusters: Vec<ClusterName> = Vec::new();
    for told in told.iter().filter(|t| !t.is_past) {
        let (cluster, label) = (told.cluster.clone(), told.signal.from.clone());
        if clusters.iter().any(|c| c.as_str().eq_ignore_ascii_case(cluster.as_str())) {
            continue;
        }
        clusters.push(cluster.clone());
        // Also under a name from the configuration two would be one.
        if label.kind == SignalKind::Connector {
            notes.push(SyncNote::Overwritten { cluster: cluster.clone(), label: label.clone() });
        }
        if told.is_made_up {
            notes.push(SyncNote::Unnamed { cluster, label });
        }
    }
    if clusters.len() > 1 && !rings_name_some {
        notes.push(SyncNote::NoRings { clusters });
    }
    notes
}
