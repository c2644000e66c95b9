//! Several reports of one cluster, combined: the newest of a label, the worst of a tool, the newest of a commit.

use std::{cmp::Reverse, time::Duration};

use super::{ancestors::Ancestors, position::CommitReport};
use crate::{
    domain::{
        cluster::{Label, SignalKind, SignalState},
        id::CommitId,
        time::minutes,
    },
    model::{
        history::{AncestorSet, Found, History, Node, Within, is_in, is_one_commit},
        order::sorted_by,
        sync::{names, report::ClusterReport},
    },
};

/// How much older than the last report of Flux a part's own may be before the part counts as deleted: Flux reports
/// each commit for each part.
const FLUX_PART_EXPIRES: Duration = minutes(60);

/// What each label that stands for a part reports last, as far as it is a failure that no other tool has overtaken
/// since; what counts first coming first.
pub(super) fn failing(
    reports: &[&ClusterReport],
    unread: &[CommitId],
    rank: &dyn Fn(&CommitReport) -> Option<u32>,
) -> Vec<CommitReport> {
    let all = last_of_labels(reports, unread, rank);
    let mut failing: Vec<CommitReport> = Vec::new();
    let Some(last) = all.first().cloned() else { return failing };
    for report in all {
        let is_part = is_status(&report.from) && report.from.kind != SignalKind::Connector;
        if !is_part || report.state != SignalState::Failed || report.from.kind != last.from.kind {
            continue;
        }
        let is_gone = report.from.kind == SignalKind::FluxStatus
            && last.at.zip(report.at).is_some_and(|(last, report)| last.since(report) > FLUX_PART_EXPIRES);
        if !is_gone {
            failing.push(report);
        }
    }
    failing
}

/// Whether labels are parts of one cluster only because nothing proves that they are clusters.
pub(super) fn is_group(reports: &[&ClusterReport]) -> bool {
    let mut labels = reports.iter().filter(|t| !t.is_past && t.is_made_up).map(|t| &t.signal.from);
    let Some(first) = labels.next().filter(|label| names::is_group(label)) else { return false };
    labels.any(|label| label != first)
}

/// What all labels have applied: the oldest of what each has applied last, if all the others contain it. `None` when
/// they have nothing in common, or when that is not known.
pub(super) fn common(
    reports: &[&ClusterReport],
    unread: &[CommitId],
    rank: &dyn Fn(&CommitReport) -> Option<u32>,
    node: &dyn Fn(&CommitReport) -> Option<Node>,
    ancestors: &Ancestors<'_>,
) -> Option<Option<CommitReport>> {
    let mut labels: Vec<&Label> = reports.iter().filter(|t| !t.is_past).map(|t| &t.signal.from).collect();
    labels = sorted_by(&labels, Ord::cmp);
    labels.dedup();
    let mut last: Vec<(CommitReport, Node)> = Vec::new();
    for label in labels {
        let its: Vec<&ClusterReport> =
            reports.iter().copied().filter(|t| !t.is_past && t.signal.from == *label).collect();
        let applied = by_commit(&its, unread, rank).into_iter().find(|s| s.state == SignalState::Applied);
        let applied = applied?;
        let at = node(&applied)?;
        last.push((applied, at));
    }
    let is_in_all = |at: Node| last.iter().all(|(_, other)| is_in(ancestors.of(*other).within(at)));
    last.iter().find(|(_, at)| is_in_all(*at)).map(|(report, _)| Some(report.clone()))
}

/// What each label reported last, what counts first coming first.
fn last_of_labels(
    reports: &[&ClusterReport],
    unread: &[CommitId],
    rank: &dyn Fn(&CommitReport) -> Option<u32>,
) -> Vec<CommitReport> {
    let mut last: Vec<CommitReport> = Vec::new();
    for report in by_label(reports, unread) {
        match last.last_mut().filter(|known| known.from == report.from) {
            Some(known) if order(&report, rank) < order(known, rank) => *known = report,
            Some(_) => {}
            None => last.push(report),
        }
    }
    sorted_by(&last, |a, b| order(a, rank).cmp(&order(b, rank)).then_with(|| a.from.cmp(&b.from)))
}

/// What a cluster reported of each commit, what counts first coming first.
pub(super) fn by_commit(
    reports: &[&ClusterReport],
    unread: &[CommitId],
    rank: &dyn Fn(&CommitReport) -> Option<u32>,
) -> Vec<CommitReport> {
    let labels = by_label(reports, unread);
    // One tool and commit: the worst, and when all is well the last that was.
    let worse = |a: &CommitReport, b: &CommitReport| (severity(a.state), a.at) > (severity(b.state), b.at);
    let mut tools: Vec<CommitReport> = Vec::new();
    for report in labels {
        let same = |s: &&mut CommitReport| {
            s.from.kind == report.from.kind && is_one_commit(s.commit.as_ref(), report.commit.as_ref())
        };
        match tools.iter_mut().find(same) {
            Some(known) if worse(&report, known) => *known = report,
            Some(_) => {}
            None => tools.push(report),
        }
    }
    // One commit: the newest.
    let mut commits: Vec<CommitReport> = Vec::new();
    for report in tools {
        let same = |s: &&mut CommitReport| is_one_commit(s.commit.as_ref(), report.commit.as_ref());
        match commits.iter_mut().find(same) {
            Some(known) if is_newer(&report, known) => *known = report,
            Some(_) => {}
            None => commits.push(report),
        }
    }
    // Where it was before only shows since when: each time counts.
    commits.extend(reports.iter().filter(|t| t.is_past).map(|t| CommitReport::of(t)));
    sorted_by(&commits, |a, b| order(a, rank).cmp(&order(b, rank)).then_with(|| a.commit.cmp(&b.commit)))
}

/// What counts first comes first.
fn order(report: &CommitReport, rank: &dyn Fn(&CommitReport) -> Option<u32>) -> impl Ord + use<> {
    Reverse((report.at, report.weight() == 3, rank(report), report.weight(), !report.is_row))
}

fn is_newer(a: &CommitReport, b: &CommitReport) -> bool {
    (a.at, a.weight(), !a.is_row) > (b.at, b.weight(), !b.is_row)
}

/// What each label reports of each commit: the newest. In the order of labels, so that only what one label reported is
/// looked through for another report of a commit.
fn by_label(reports: &[&ClusterReport], unread: &[CommitId]) -> Vec<CommitReport> {
    let mut labels: Vec<CommitReport> = Vec::new();
    let now: Vec<&ClusterReport> = reports.iter().copied().filter(|t| !t.is_past).collect();
    let mut begin = 0;
    for mut report in sorted_by(&now, |a, b| a.signal.from.cmp(&b.signal.from)).into_iter().map(CommitReport::of) {
        // Another part of it may have failed at that commit.
        let is_open =
            is_status(&report.from) && unread.iter().any(|id| is_one_commit(Some(id), report.commit.as_ref()));
        if is_open && report.state != SignalState::Failed {
            report.state = SignalState::Unknown;
        }
        if labels.last().is_some_and(|last| last.from != report.from) {
            begin = labels.len();
        }
        let same = |s: &&mut CommitReport| is_one_commit(s.commit.as_ref(), report.commit.as_ref());
        match labels.iter_mut().skip(begin).find(same) {
            Some(known) if is_newer(&report, known) => *known = report,
            Some(_) => {}
            None => labels.push(report),
        }
    }
    labels
}

/// Whether a signal is one of several that a commit may have.
const fn is_status(from: &Label) -> bool {
    use SignalKind::{ArgoStatus, Connector, FluxStatus, Status};
    matches!(from.kind, FluxStatus | ArgoStatus | Connector | Status)
}

/// Whether a cluster that reports by statuses may have reported more than is read of a commit that is not older than
/// the one that it is known to have reported last.
pub(super) fn is_unread(
    reports: &[&ClusterReport],
    latest: &CommitReport,
    unread: &[CommitId],
    history: &History,
    head: &AncestorSet,
) -> bool {
    if latest.state == SignalState::Failed || !reports.iter().any(|t| !t.is_past && is_status(&t.signal.from)) {
        return false;
    }
    let rank = |id: Option<&CommitId>| match history.find(id.map_or("", CommitId::as_str)) {
        Found::One(node) => match head.within(node) {
            Within::Yes(rank) => Some(rank),
            Within::No | Within::Unknown => None,
        },
        Found::Many | Found::Nothing => None,
    };
    let last = rank(latest.commit.as_ref());
    unread.iter().any(|id| rank(Some(id)).zip(last).is_none_or(|(open, last)| open >= last))
}

const fn severity(state: SignalState) -> u8 {
    match state {
        SignalState::Applied => 0,
        SignalState::Unknown => 1,
        SignalState::Pending => 2,
        SignalState::Failed => 3,
    }
}
