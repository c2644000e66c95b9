use super::*;
use crate::support::rows::{self, RowBuilder};
use crate::{
    domain::{cluster::ClusterSync, id::ClusterName, stage::Service},
    model::timeline::timeline,
};

fn deployment(texts: &str) -> Deployment {
    rows::deployment(RowBuilder::of(&format!("Timestamp=2026-11-23T11:00:00Z {texts}")), Vec::new())
}

fn noon() -> Timestamp {
    Timestamp::parse("2026-11-23T12:00:00Z").unwrap()
}

#[test]
fn how_it_stands_and_what_to_press() {
    #[track_caller]
    fn check(texts: &str, sentence: &str, step: Option<&str>) {
        let d = deployment(texts);
        assert_eq!((status(&d, noon()).as_str(), next_step(&d).as_deref()), (sentence, step), "{texts}");
    }
    let open = "pr=4563 prState=open prCreatedAt=2026-11-23T11:34:00Z";
    check(open, "Waiting for approval · PR #4563 open for 26 min", Some("Review PR #4563"));
    let failed = "p3=7 p3Status=failed p3End=2026-11-23T11:20:00Z";
    check(failed, "Manifest build failed 40 min ago", Some("Open failed run"));
    let running = "p1=1 p1Status=running p1Start=2026-11-23T11:58:00Z";
    check(running, "Image build running for 2 min", Some("Open run"));
    check("p1=1 p1Status=queued", "Image build queued", Some("Open run"));
    let stalled = "p1=1 p1Status=succeeded p1End=2026-11-23T11:00:00Z";
    check(stalled, "Stalled after image build: metadata update has not started", Some("Open run"));
    check("p3=1", "Status unknown: manifest build", Some("Open run"));
    check("pr=4 prState=abandoned", "PR #4 closed without merging 1 h ago", Some("Open PR #4"));
    check("manifestCommitId=abcdef0", "Published 1 h ago", None);
    check("service=api", "Status unknown: no stage known", None);
}

#[test]
fn what_clusters_make_of_it() {
    #[track_caller]
    fn check(clusters: &[(&str, SyncState)], expect: &str) {
        let cluster = |&(name, state): &(&str, SyncState)| ClusterSync {
            cluster: ClusterName::new(name).unwrap(),
            commit: None,
            state,
            message: None,
            at: None,
            is_approximate: false,
        };
        let clusters = clusters.iter().map(cluster).collect();
        let d = Deployment { clusters, ..deployment("p3=7 manifestCommitId=abcdef0") };
        assert_eq!(status(&d, noon()), expect);
    }
    use SyncState::{Failed, Pending, Synced, Unknown};
    check(&[("east", Synced), ("west", Synced)], "Applied on east and west");
    check(&[("east", Synced), ("west", Failed)], "Published 1 h ago, but west failed to apply it");
    check(&[("east", Pending), ("west", Synced)], "Published 1 h ago, not applied yet on east");
    check(&[("east", Unknown)], "Published 1 h ago; cluster state unknown: east");
}

#[test]
fn nothing_was_built_for_a_manual_edit() {
    let is_built = |texts: &str| deployment(texts).stage(StageKind::Build).is_some();
    assert!(!is_built("p3=7 hldCommitId=abcdef0 manifestCommitId=abcdef1"));
    assert!(!is_built("pr=4 prState=merged p3=7 hldCommitId=abcdef0"));
    assert!(is_built("p1=5 p3=7 hldCommitId=abcdef0 manifestCommitId=abcdef1"));
}

#[test]
fn waits() {
    #[track_caller]
    fn check(texts: &str, expect: &[&str]) {
        let d = deployment(texts);
        let spans = timeline(&d, false);
        let waits = spans.iter().filter(|span| span.kind.is_wait());
        assert_eq!(waits.map(|span| wait(span, &d, None, noon())).collect::<Vec<_>>(), expect, "{texts}");
    }
    check("pr=4 prState=open prCreatedAt=2026-11-23T11:40:00Z", &["waiting for approval for 20 min"]);
    let merged = "pr=4 prState=merged prCreatedAt=2026-11-23T10:00:00Z prMergedAt=2026-11-23T11:00:00Z";
    let started = "p3=4 p3Status=running p3Start=2026-11-23T11:04:00Z";
    check(&format!("{merged} {started}"), &["waited 1 h for approval", "queued 4 min"]);
    check(&format!("{merged} mergedBy=Ana_Ruiz"), &["waited 1 h for Ana Ruiz"]);
}

#[test]
fn sources() {
    #[track_caller]
    fn check(provenance: Option<Provenance>, texts: &str, expect: Option<&str>) {
        let d = deployment(texts);
        let stage = Stage { provenance, ..d.stages.iter().find(|s| s.kind == StageKind::Build).unwrap().clone() };
        assert_eq!(source(&stage, noon()).as_deref(), expect, "{provenance:?} {texts}");
    }
    let (hub, ago) = (Service::GitHub, |n| noon() - minutes(n));
    check(None, "p1=1 p1Status=failed", None);
    check(None, "p1=1 p3=2", Some("Inferred from a later stage"));
    check(None, "p1=1", Some("Only its id is known; connect the pipeline to see its result"));
    check(None, "p1=1 p1Status=odd", Some("Unknown status word from the table"));
    check(Some(Provenance::By(hub, ago(60))), "p1=1 p1Status=failed", None);
    check(Some(Provenance::By(hub, ago(5))), "p1=1 p1Status=running", None);
    check(Some(Provenance::By(hub, ago(60))), "p1=1 p1Status=running", Some("From GitHub, 1 h ago"));
    check(Some(Provenance::Gone(hub, ago(60))), "p1=1", Some("Expired in GitHub (asked 1 h ago); from the table"));
}

#[test]
fn lead_times() {
    let hours = |n: u64| Duration::from_secs(n * 3600);
    let (build, manifest) = (SpanKind::Work(StageKind::Build), SpanKind::Work(StageKind::Manifest));
    assert_eq!(lead(hours(2), build, manifest, None), "2 h from image build to manifest build");
    assert_eq!(lead(hours(2), build, build, None), "2 h for image build");
    let queue = SpanKind::Queue(StageKind::Build);
    assert_eq!(
        lead(hours(3), queue, SpanKind::Sync, Some(hours(2))),
        "3 h from commit to cluster sync, usually 2 h (30 days)"
    );
}
