use super::*;
use crate::support::rows::{empty_store, row};
use crate::{
    domain::{cluster::ClusterSync, id::ClusterName, project::ProjectId},
    model::assemble::assemble,
};

fn at(time: &str) -> Timestamp {
    Timestamp::parse(&format!("2026-11-23T{time}:00Z")).unwrap()
}

fn put(store: &mut Store, id: &str, texts: &str) -> Slot {
    let pair = |pair: &str| {
        let (column, text) = pair.split_once('=').unwrap();
        // `10:20` is a time of that day.
        let time = text.split_once(':').filter(|(hours, _)| hours.len() == 2);
        format!(" {column}={}", time.map_or(text.to_owned(), |_| at(text).to_rfc3339()))
    };
    let texts: String = texts.split_whitespace().map(pair).collect();
    store.put(ProjectId::at(0), &row(&format!("{id}{texts}"))).0
}

fn deployment(texts: &str, clusters: &[(SyncState, Option<&str>)]) -> Deployment {
    let mut store = empty_store(&[]);
    let slot = put(&mut store, "1", texts);
    let cluster = |(n, (state, time)): (usize, &(SyncState, Option<&str>))| ClusterSync {
        cluster: ClusterName::new(&format!("c{n}")).unwrap(),
        commit: None,
        state: *state,
        message: None,
        at: time.map(|time| at(time.trim_start_matches('~'))),
        is_approximate: time.is_some_and(|time| time.starts_with('~')),
    };
    assemble(&store, slot, clusters.iter().enumerate().map(cluster).collect()).unwrap()
}

/// `build 10:00-10:05`, `wait release 10:05-10:20`, and `…` for what goes on.
fn print(spans: &[Span]) -> String {
    let print = |span: &Span| {
        let what = match span.kind {
            SpanKind::Work(stage) => stage.as_str().to_owned(),
            SpanKind::Queue(stage) => format!("wait {}", stage.as_str()),
            SpanKind::Approval => "approval".to_owned(),
            SpanKind::Sync => "sync".to_owned(),
        };
        let time = |time: Timestamp| time.to_rfc3339().get(11..16).unwrap().to_owned();
        format!("{what} {}-{}", time(span.start), span.end.map_or("…".to_owned(), time))
    };
    spans.iter().map(print).collect::<Vec<_>>().join(", ")
}

const BUILD: &str = "p1=1 p1Status=succeeded p1Start=10:00 p1End=10:05";
const RELEASE: &str = "p2=2 p2Status=succeeded p2Start=10:20 p2End=10:21";
const MERGED: &str = "pr=3 prState=merged prCreatedAt=10:21 prMergedAt=12:00";
const MANIFEST: &str = "p3=4 p3Status=succeeded p3Start=12:04 p3End=12:06 manifestCommitId=abcdef0";

#[test]
fn work_and_waits_in_their_order() {
    #[track_caller]
    fn check(texts: &[&str], clusters: &[(SyncState, Option<&str>)], expect: &str) {
        assert_eq!(print(&timeline(&deployment(&texts.join(" "), clusters), false)), expect, "{texts:?}");
    }
    use SyncState::{Failed, Pending, Synced, Unknown};
    let all = "build 10:00-10:05, wait release 10:05-10:20, release 10:20-10:21, approval 10:21-12:00, \
               wait manifest 12:00-12:04, manifest 12:04-12:06";
    check(&[BUILD, RELEASE, MERGED, MANIFEST], &[], all);
    let synced = format!("{all}, sync 12:06-12:09");
    check(&[BUILD, RELEASE, MERGED, MANIFEST], &[(Synced, Some("12:08")), (Synced, Some("12:09"))], &synced);
    let pending = format!("{all}, sync 12:06-…");
    check(&[BUILD, RELEASE, MERGED, MANIFEST], &[(Synced, Some("12:08")), (Pending, None)], &pending);
    for state in [Failed, Unknown] {
        check(&[BUILD, RELEASE, MERGED, MANIFEST], &[(Synced, Some("12:08")), (state, Some("12:09"))], all);
    }
    check(&[BUILD, RELEASE, MERGED, MANIFEST], &[(Synced, None)], all);
    check(&[BUILD, RELEASE, MERGED, MANIFEST], &[(Synced, Some("~12:09"))], all);
    check(&["p1=1 p1Status=running p1Start=10:00"], &[], "build 10:00-…");
    check(&[BUILD, "p2=2 p2Status=queued"], &[], "build 10:00-10:05, wait release 10:05-…");
    check(&[BUILD, "p2=2 p2Status=running p2Start=10:05"], &[], "build 10:00-10:05, release 10:05-…");
    check(&[BUILD, "pr=3 prState=open prCreatedAt=10:21"], &[], "build 10:00-10:05, approval 10:21-…");
    // What is not known makes no span, and neither does what lies beside it.
    check(&["p1=1 p1Status=succeeded p1Start=10:00", RELEASE], &[], "release 10:20-10:21");
    check(&["p1=1 p1Status=succeeded p1End=10:05", RELEASE], &[], "wait release 10:05-10:20, release 10:20-10:21");
    check(&["p1=1 p2=2 p3=3"], &[], "");
    check(&["p1=1 p1Status=failed p1Start=10:05 p1End=10:00"], &[], "");
    check(&[BUILD, "pr=3 prState=merged prCreatedAt=10:21"], &[], "build 10:00-10:05");
}

#[test]
fn an_image_of_an_earlier_deployment_is_no_wait() {
    let promoted = deployment(&[BUILD, RELEASE, MERGED].join(" "), &[]);
    assert_eq!(print(&timeline(&promoted, true)), "release 10:20-10:21, approval 10:21-12:00");
    let mut store = empty_store(&[]);
    let mut add = |id: &str, more: &str, ended: &str| put(&mut store, id, &format!("p2=9 p2End={ended} {more}"));
    let built = add("a", "service=api env=dev p1=1", "10:00");
    let again = add("b", "service=api env=prod p1=1", "11:00");
    let other = add("c", "service=api env=prod p1=2", "12:00");
    let none = add("d", "service=api env=prod", "13:00");
    add("e", "service=client env=dev p1=2", "09:00");
    store.rebuild();
    assert_eq!(reusing_images(&store, &[none, other, again, built]), BTreeSet::from([again]));
}

#[test]
fn lead_times() {
    #[track_caller]
    fn check(texts: &[&str], expect: Option<u64>) {
        let lead = lead_time(&timeline(&deployment(&texts.join(" "), &[]), false));
        assert_eq!(lead.map(|lead| lead.length.as_secs() / 60), expect, "{texts:?}");
    }
    check(&[BUILD, RELEASE, MERGED, MANIFEST], Some(126));
    check(&[BUILD], Some(5));
    check(&[BUILD, "p2=2 p2Status=running p2Start=10:05"], None);
    check(&["p1=1"], None);
}

#[test]
fn what_is_usual() {
    let through = |minutes: u32| {
        let approved = format!("pr=3 prState=merged prCreatedAt=10:00 prMergedAt=10:{minutes}");
        deployment(&format!("{approved} {MANIFEST}"), &[])
    };
    let failed = deployment("p1=1 p1Status=failed p1Start=10:00 p1End=10:59", &[]);
    let of = |all: &[Deployment]| usual(all.iter().map(|d| (d, false)));
    let all = [through(10), through(50), failed, through(20), through(40)];
    assert_eq!(of(&all).of(SpanKind::Approval), Some(Duration::from_secs(20 * 60)));
    assert_eq!(of(&all).of(SpanKind::Work(StageKind::Build)), None);
    let (from, to) = (SpanKind::Approval, SpanKind::Work(StageKind::Manifest));
    let lead = |from| of(&all).lead(LeadTime { from, to, length: Duration::ZERO });
    assert_eq!(lead(from), Some(Duration::from_secs(126 * 60)));
    assert_eq!(lead(SpanKind::Sync), None, "other ends do not compare");
    assert_eq!(of(all.get(..2).unwrap()), Usual::default());
}

#[test]
fn of_the_same_service_and_ring() {
    let mut store = empty_store(&[]);
    let mut add = |id: &str, more: &str, ended: &str| {
        put(&mut store, id, &format!("p1=1 p1Status=succeeded p1End={ended} {more}"))
    };
    let a = add("a", "service=api env=dev", "10:00");
    let b = add("b", "service=api env=dev", "11:00");
    let c = add("c", "service=api env=dev", "09:00");
    let other = add("d", "service=api env=prod", "09:30");
    let none = add("e", "service=api", "09:30");
    add("f", "service=client env=dev", "09:30");
    store.rebuild();
    assert_eq!(of_same_service_and_ring(&store, c), [b, a, c]);
    assert_eq!(of_same_service_and_ring(&store, other), [other]);
    assert_eq!(of_same_service_and_ring(&store, none), [none]);
    let all = [b, a, c];
    assert_eq!(recent(&store, &all, a, at("12:00")).collect::<Vec<_>>(), [b, c]);
    assert_eq!(recent(&store, &all, a, at("12:00") + days(31)).count(), 0);
}
