//! Where a deployment's time goes: spans of work and the waits between them, and how long these usually take.
//!
//! Only what both ends are known of is a span: a stage whose begin or end is not known makes no span, and neither does
//! what lies beside it. What still goes on has no end.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{
    order::set_of,
    store::{RunKind, Slot, Store},
    symbols::RingSym,
};
use crate::domain::{
    cluster::{ClusterSync, SyncState},
    deployment::{Deployment, Status},
    stage::{Stage, StageKind},
    time::{Timestamp, days},
};

/// The medians are of so many days.
const RECENT: u64 = 30;
/// Fewer than so many are no habit.
const ENOUGH: usize = 3;
/// Gaps shorter than this are how services work, and nobody's wait.
const SHORTEST: Duration = Duration::from_secs(5);

/// What a span is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SpanKind {
    /// A stage's run.
    Work(StageKind),
    /// Between the end of what came before and a stage's begin.
    Queue(StageKind),
    /// A pull request that is open.
    Approval,
    /// From the manifests' publication until the last cluster applied them.
    Sync,
}

impl SpanKind {
    /// Whether nothing is done meanwhile.
    #[must_use]
    pub const fn is_wait(self) -> bool {
        !matches!(self, Self::Work(_))
    }

    /// The stage that it belongs to, or leads to.
    #[must_use]
    pub const fn stage(self) -> StageKind {
        match self {
            Self::Work(stage) | Self::Queue(stage) => stage,
            Self::Approval => StageKind::PullRequest,
            Self::Sync => StageKind::Sync,
        }
    }
}

/// A part of a deployment's time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// What it is.
    pub kind: SpanKind,
    /// Begin.
    pub start: Timestamp,
    /// End; `None` while it goes on.
    pub end: Option<Timestamp>,
}

impl Span {
    /// How long it took, or has taken by now.
    #[must_use]
    pub fn length(&self, now: Timestamp) -> Duration {
        self.end.unwrap_or(now).since(self.start)
    }
}

/// The spans of a deployment, in order. The image that an earlier one was built for is none of this one's time: what
/// lies between its build and this release is nobody's wait.
#[must_use]
pub fn timeline(d: &Deployment, reuses_image: bool) -> Vec<Span> {
    let mut spans = Vec::new();
    // When what came before was done; unknown without a report.
    let mut done: Option<Timestamp> = None;
    for stage in &d.stages {
        match stage.kind {
            StageKind::Commit | StageKind::Build if reuses_image => {}
            StageKind::Commit => done = stage.started,
            StageKind::PullRequest => done = approval(stage, &mut spans),
            StageKind::Sync => spans.extend(sync(d, done)),
            _ => done = work(stage, done, &mut spans),
        }
    }
    spans
}

/// A stage's run, and the wait before it. When it was done.
fn work(stage: &Stage, before: Option<Timestamp>, spans: &mut Vec<Span>) -> Option<Timestamp> {
    let queue = |start, end: Option<Timestamp>| Span { kind: SpanKind::Queue(stage.kind), start, end };
    if stage.status == Status::Queued {
        spans.extend(before.or(stage.started).map(|start| queue(start, None)));
        return None;
    }
    let Some(start) = stage.started else { return stage.ended };
    spans.extend(before.filter(|before| start.since(*before) >= SHORTEST).map(|before| queue(before, Some(start))));
    let end = stage.ended.filter(|end| *end >= start && !stage.status.is_under_way());
    if end.is_some() || stage.status.is_under_way() {
        spans.push(Span { kind: SpanKind::Work(stage.kind), start, end });
    }
    end
}

fn approval(stage: &Stage, spans: &mut Vec<Span>) -> Option<Timestamp> {
    let end = stage.ended.filter(|_| stage.status != Status::Waiting);
    let span = |start| Span { kind: SpanKind::Approval, start, end };
    spans.extend(stage.started.filter(|_| end.is_some() || stage.status == Status::Waiting).map(span));
    end
}

/// From the publication until the last cluster applied it; a cluster that failed, or of which nothing exact is known,
/// ends nothing.
fn sync(d: &Deployment, published: Option<Timestamp>) -> Option<Span> {
    let start = published?;
    let is = |state: SyncState| d.clusters.iter().any(|c| c.state == state);
    if d.clusters.is_empty() || is(SyncState::Failed) || is(SyncState::Unknown) {
        return None;
    }
    let exact = |c: &ClusterSync| c.at.filter(|_| !c.is_approximate);
    let applied = || d.clusters.iter().map(exact).collect::<Option<Vec<_>>>()?.into_iter().max();
    let end = if is(SyncState::Pending) { None } else { Some(applied().filter(|at| *at >= start)?) };
    Some(Span { kind: SpanKind::Sync, start, end })
}

/// From a deployment's first known begin to its last known end. Two of them compare only where both ends are the same:
/// of one the commit's time may be known, of another only when it was built.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LeadTime {
    /// What began.
    pub from: SpanKind,
    /// What ended.
    pub to: SpanKind,
    /// How long that took.
    pub length: Duration,
}

/// How long a deployment took; `None` while something of it goes on.
#[must_use]
pub fn lead_time(spans: &[Span]) -> Option<LeadTime> {
    let first = spans.iter().min_by_key(|span| span.start)?;
    let ends = spans.iter().map(|span| Some((span.end?, span.kind))).collect::<Option<Vec<_>>>()?;
    let (end, to) = ends.into_iter().max_by_key(|(end, _)| *end)?;
    Some(LeadTime { from: first.kind, to, length: end.since(first.start) })
}

/// How long a service usually takes to a ring: medians, of those that went through.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Usual {
    leads: Vec<((SpanKind, SpanKind), Duration)>,
    spans: Vec<(SpanKind, Duration)>,
}

impl Usual {
    /// How long a span of that kind usually is.
    #[must_use]
    pub fn of(&self, kind: SpanKind) -> Option<Duration> {
        find(&self.spans, kind)
    }

    /// How long it usually is between the same ends.
    #[must_use]
    pub fn lead(&self, lead: LeadTime) -> Option<Duration> {
        find(&self.leads, (lead.from, lead.to))
    }
}

fn find<K: PartialEq>(all: &[(K, Duration)], key: K) -> Option<Duration> {
    all.iter().find(|(known, _)| *known == key).map(|(_, length)| *length)
}

/// The medians over deployments, each with whether it reuses an image.
#[must_use]
pub fn usual<'a>(deployments: impl Iterator<Item = (&'a Deployment, bool)>) -> Usual {
    let (mut leads, mut all) = (BTreeMap::<_, Vec<Duration>>::new(), BTreeMap::<_, Vec<Duration>>::new());
    for (d, reuses_image) in deployments.filter(|(d, _)| d.status == Status::Succeeded) {
        let spans = timeline(d, reuses_image);
        if let Some(lead) = lead_time(&spans) {
            leads.entry((lead.from, lead.to)).or_default().push(lead.length);
        }
        for (kind, start, end) in spans.iter().filter_map(|span| Some((span.kind, span.start, span.end?))) {
            all.entry(kind).or_default().push(end.since(start));
        }
    }
    Usual { leads: medians(leads), spans: medians(all) }
}

/// The middle one of each; of an even number the lower of the two. None of too few.
fn medians<K>(all: BTreeMap<K, Vec<Duration>>) -> Vec<(K, Duration)> {
    let enough = all.into_iter().filter(|(_, lengths)| lengths.len() >= ENOUGH);
    let median = |(key, mut lengths): (K, Vec<Duration>)| {
        lengths.sort_unstable();
        Some((key, *lengths.get((lengths.len() - 1) / 2)?))
    };
    enough.filter_map(median).collect()
}

/// All deployments of the same service to the same ring, this one among them, the newest first.
#[must_use]
pub fn of_same_service_and_ring(store: &Store, slot: Slot) -> Vec<Slot> {
    let of = |slot: Slot| {
        let at = store.at(slot);
        (at.project(), store.service(slot), at.ring())
    };
    let wanted = of(slot);
    if wanted.2 == RingSym::NONE {
        return vec![slot];
    }
    store.by_time().iter().copied().filter(|&other| of(other) == wanted).collect()
}

/// Which of these, all of one service, deploy an image that was built for an earlier deployment.
#[must_use]
pub fn reusing_images(store: &Store, same_ring: &[Slot]) -> BTreeSet<Slot> {
    let service = |slot: Slot| (store.at(slot).project(), store.service(slot));
    let Some(of) = same_ring.first().map(|&slot| service(slot)) else { return BTreeSet::new() };
    let mut first = BTreeMap::new();
    for &slot in store.by_time().iter().rev().filter(|&&slot| service(slot) == of) {
        first.entry(store.at(slot).run_id(RunKind::Build)).or_insert(slot);
    }
    let is_reuse = |slot: &&Slot| {
        let build = store.at(**slot).run_id(RunKind::Build);
        !build.is_empty() && first.get(build).is_some_and(|first| first != *slot)
    };
    set_of(same_ring.iter().filter(is_reuse).copied())
}

/// Those of them whose times make the medians: the recent ones, without the one that is compared with them.
pub fn recent<'a>(store: &'a Store, all: &'a [Slot], without: Slot, now: Timestamp) -> impl Iterator<Item = Slot> + 'a {
    let begin = now - days(RECENT);
    let all = all.iter().copied().take_while(move |&slot| store.at(slot).updated() >= Some(begin));
    all.filter(move |&slot| slot != without)
}

#[cfg(test)]
mod tests;
