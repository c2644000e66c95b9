//! What the sample's clusters report of the one repository of manifests.

use super::{
    clock::Clock,
    fixtures::{API, DEV, PRODUCTION},
    json::Put,
    mix::Sha,
    row::Plan,
};

/// A cluster's row.
#[derive(Clone, Copy)]
pub(super) struct Cluster {
    pub(super) name: &'static str,
    pub(super) habit: Habit,
}

/// How a cluster behaves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Habit {
    /// Applies the newest manifests after so many seconds.
    Follows(i64),
    /// Has stayed where production was so many manifests ago.
    Behind(usize),
    /// Could not apply the last `api` of the dev ring.
    Fails,
}

/// All of them, by name; a generated sample has no staging ring, and not the last of them. None stands in for a feature
/// ring: of those nothing is known.
pub(super) static CLUSTERS: [Cluster; 5] = [
    Cluster { name: "dev-1", habit: Habit::Follows(45) },
    Cluster { name: "lab", habit: Habit::Fails },
    Cluster { name: "prod-east", habit: Habit::Follows(150) },
    Cluster { name: "prod-west", habit: Habit::Behind(2) },
    Cluster { name: "staging-1", habit: Habit::Follows(80) },
];

/// The manifests that a cluster last reported, and when it did so.
#[derive(Clone, Copy)]
pub(super) struct Report {
    pub(super) manifest: u64,
    pub(super) at: i64,
}

impl Cluster {
    /// Its report at a second, from what has been published: each plan with its second, in any order.
    pub(super) fn report(&self, second: i64, published: impl Iterator<Item = (i64, Plan)>) -> Option<Report> {
        let (lag, until, back) = match self.habit {
            Habit::Follows(lag) => (lag, second - lag, 0),
            // These two stopped following before the story began.
            Habit::Behind(back) => (90, 0, back),
            Habit::Fails => (100, -120, 0),
        };
        let is_meant = |plan: &Plan| match self.habit {
            Habit::Follows(_) => true,
            Habit::Behind(_) => plan.ring.name == PRODUCTION.name,
            Habit::Fails => plan.ring.name == DEV.name && plan.service.is_some_and(|s| s.name == API.name),
        };
        let mut known: Vec<_> = published.filter(|(at, plan)| *at <= until && is_meant(plan)).collect();
        known.sort_by_key(|(at, plan)| (-at, plan.number));
        known.get(back).map(|(at, plan)| Report { manifest: plan.manifest(), at: at + lag })
    }

    /// The columns of its row.
    pub(super) fn columns(&self, report: Option<Report>, clock: Clock, put: &mut Put<'_>) {
        put("kind", &"sync");
        put("cluster", &self.name);
        let Some(Report { manifest, at }) = report else { return put("syncState", &"pending") };
        put("syncCommit", &Sha::whole(manifest));
        put("syncAt", &clock.at(at));
        if self.habit == Habit::Fails {
            put("syncState", &"failed");
            put("syncMessage", &"health check failed: deployment/api not ready");
        } else {
            put("syncState", &"applied");
            put("syncMessage", &format_args!("Applied revision: main@sha1:{}", Sha::whole(manifest)));
        }
    }
}
