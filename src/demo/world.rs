//! The sample as rows: deployments in the order of their random keys, then the clusters' rows.

use std::num::NonZeroI32;

use super::{
    clock::Clock,
    clusters::{CLUSTERS, Cluster, Report},
    generator::Generator,
    github,
    json::{Page, Put},
    manifests,
    mix::key,
    row::Plan,
    script,
};
use crate::{
    domain::time::Timestamp,
    http::{Request, Response},
    storage::sample::{self, PAGE, SampleQuery},
};

/// More than this many are not made up; the page would show seventeen years.
pub(super) const MOST: u32 = 1_000_000;

/// The only partition of the rows.
const PARTITION: &str = "trivia";

/// Manifests are published in the order of deployments, nearly: a look at so many of the newest finds what
/// clusters can be running.
const RECENT: usize = 256;

/// Everything the sample shows, as of any moment after its start.
#[derive(Clone)]
pub(super) struct World {
    start: Timestamp,
    fixtures: Fixtures,
    /// Indexes of deployments, sorted by row key.
    order: Vec<u32>,
    /// When each last changed, in the same order; `None` where that is looked up, as it may yet change. With the
    /// index all that is kept of a deployment of the generator: the rest is made up when asked for.
    settled: Vec<Option<NonZeroI32>>,
}

#[derive(Clone)]
enum Fixtures {
    Script(Vec<Plan>),
    Generator(Generator),
}

impl World {
    /// The hand-tuned sample, or so many deployments.
    pub(super) fn new(count: Option<u32>, start: Timestamp) -> Self {
        let fixtures = match count {
            None => Fixtures::Script(script::plans()),
            Some(count) => Fixtures::Generator(Generator { count: count.min(MOST) }),
        };
        let count = match &fixtures {
            Fixtures::Script(plans) => plans.len() as u32,
            Fixtures::Generator(generator) => generator.count,
        };
        let mut order: Vec<u32> = (0..count).collect();
        order.sort_unstable_by_key(|&index| key(index));
        let settled = |&index: &u32| match &fixtures {
            Fixtures::Script(_) => None,
            Fixtures::Generator(generator) => {
                generator.settled(index).and_then(|s| i32::try_from(s).ok()).and_then(NonZeroI32::new)
            }
        };
        let settled = order.iter().map(settled).collect();
        Self { start, fixtures, order, settled }
    }

    /// Bytes kept for all the deployments.
    #[cfg(test)]
    pub(super) const fn weight(&self) -> usize {
        self.order.capacity() * size_of::<u32>() + self.settled.capacity() * size_of::<i32>()
    }

    fn deployment(&self, place: usize) -> Option<Plan> {
        self.order.get(place).and_then(|&index| self.plan(index))
    }

    fn plan(&self, index: u32) -> Option<Plan> {
        match &self.fixtures {
            Fixtures::Script(plans) => plans.get(index as usize).copied(),
            Fixtures::Generator(generator) => Some(generator.plan(index)),
        }
    }

    fn cluster(&self, place: usize) -> Option<&'static Cluster> {
        place.checked_sub(self.order.len()).and_then(|place| self.clusters().get(place))
    }

    fn clusters(&self) -> &'static [Cluster] {
        match &self.fixtures {
            Fixtures::Script(_) => &CLUSTERS,
            Fixtures::Generator(_) => CLUSTERS.get(..4).unwrap_or_default(),
        }
    }

    /// The newest deployments whose manifests are or will be published, each with its second.
    fn published(&self) -> impl Iterator<Item = (i64, Plan)> {
        let recent = (0..self.order.len().min(RECENT) as u32).filter_map(|index| self.plan(index));
        recent.filter_map(|plan| Some((plan.timeline.published()?, plan)))
    }

    fn report(&self, cluster: &Cluster, second: i64) -> Option<Report> {
        cluster.report(second, self.published())
    }

    /// What GitHub would answer.
    pub(super) fn answer_for_forge(&self, request: &Request, now: Timestamp) -> Response {
        let clock = Clock::new(self.start, now);
        match (&self.fixtures, request.address().starts_with(manifests::REPOSITORY)) {
            (Fixtures::Script(plans), false) => github::answer(request, clock, plans),
            _ => manifests::answer(request, clock, self.published(), self.order.len() > RECENT),
        }
    }

    /// The rows that are asked for: those of the next thousand that are in time, in the order of their keys.
    pub(super) fn page(&self, query: &SampleQuery, now: Timestamp) -> Response {
        let first = self.first_place(|key| match &query.after {
            Some(after) => key > after.as_str() && key >= query.from_key.as_str(),
            None => key >= query.from_key.as_str(),
        });
        let end = query.to_key.as_ref().map_or(self.count(), |to| self.first_place(|key| key >= to.as_str()));
        let mut page = Page::new();
        let (mut found, mut last) = (0, None);
        for place in first..end {
            let changed = self.timestamp(place, now);
            if !query.is_in_time(changed) {
                continue;
            }
            if found == PAGE {
                return sample::answer(page.finish(), last.map(|place| self.row_key(place)));
            }
            (found, last) = (found + 1, Some(place));
            page.add(|put| {
                put("PartitionKey", &PARTITION);
                put("RowKey", &self.row_key(place));
                if !query.keys_only {
                    put("Timestamp", &changed.to_rfc3339());
                    self.columns(place, now, put);
                }
            });
        }
        sample::answer(page.finish(), None)
    }

    /// The first place at which `is_past` holds; it must hold for every place after one for which it holds.
    fn first_place(&self, is_past: impl Fn(&str) -> bool) -> usize {
        let (mut low, mut high) = (0, self.count());
        while low < high {
            let middle = low + (high - low) / 2;
            if is_past(&self.row_key(middle)) { high = middle } else { low = middle + 1 }
        }
        low
    }

    fn count(&self) -> usize {
        // An empty table is empty: no clusters either.
        if self.order.is_empty() { 0 } else { self.order.len() + self.clusters().len() }
    }

    fn row_key(&self, place: usize) -> String {
        match self.order.get(place) {
            Some(&index) => format!("{:012x}", key(index)),
            // Behind all the keys of deployments: those have no letter after `f`.
            None => self.cluster(place).map_or_else(String::new, |c| format!("sync-{}", c.name)),
        }
    }

    /// When a row last changed. Asked of every row that a limit of time goes through: cheap for what has settled.
    fn timestamp(&self, place: usize, now: Timestamp) -> Timestamp {
        let clock = Clock::new(self.start, now);
        if let Some(second) = self.settled.get(place).copied().flatten() {
            return clock.timestamp(second.get().into());
        }
        let second = match (self.deployment(place), self.cluster(place)) {
            (Some(plan), _) => plan.last_change(clock.second),
            // A cluster that has nothing to report reported that a day before the story began.
            (None, Some(cluster)) => self.report(cluster, clock.second).map_or(-86_400, |report| report.at),
            (None, None) => 0,
        };
        clock.timestamp(second)
    }

    fn columns(&self, place: usize, now: Timestamp, put: &mut Put<'_>) {
        let clock = Clock::new(self.start, now);
        match (self.deployment(place), self.cluster(place)) {
            (Some(plan), _) => plan.columns(clock, put),
            (None, Some(cluster)) => cluster.columns(self.report(cluster, clock.second), clock, put),
            (None, None) => {}
        }
    }
}
