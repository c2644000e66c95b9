use super::*;
use crate::support::rows::{self, RowBuilder, store_of};
use crate::{
    domain::{cluster::ClusterSync, id::ClusterName, project::ProjectId},
    model::{rings::blocked_at, store::Slot, symbols::ServiceSym},
};

/// A deployment of columns `name=value`, `_` for a blank, and where it hangs.
fn deployment(texts: &str, clusters: Vec<ClusterSync>) -> (Deployment, BlockedAt) {
    let row = RowBuilder::of(&format!("1 Timestamp=2026-11-23T11:00:00Z {texts}"));
    let blocked_at = blocked_at(&store_of(&[], [row.clone()]), Slot::at(0));
    (rows::deployment(row, clusters), blocked_at)
}

fn at(time: &str) -> Timestamp {
    Timestamp::parse(&format!("2026-11-23T{time}Z")).unwrap()
}

#[test]
fn where_it_hangs() {
    #[track_caller]
    fn check(texts: &str, expect: &str) {
        let (d, blocked_at) = deployment(texts, Vec::new());
        assert_eq!(blocked(&d, blocked_at, at("12:00:00")), expect, "{texts}");
    }
    check("p1=1 p1Status=running p1Start=2026-11-23T11:58:00Z", "building for 2 min");
    check("p1=1 p1Status=running p1Start=2026-11-23T11:59:50Z", "building just now");
    check("p1=1 p1Status=queued", "queued: image build for 1 h");
    check("p1=1 p2=2 p2Status=running p2Start=2026-11-23T11:50:00Z", "updating metadata for 10 min");
    check("pr=4 prState=open prCreatedAt=2026-11-23T11:40:00Z", "waiting for approval for 20 min");
    check("p3=4 p3Status=running p3Start=2026-11-23T11:57:00Z", "generating manifests for 3 min");
    check("p1=1 p1Status=succeeded p1End=2026-11-23T11:30:00Z", "stalled after image build 30 min ago");
    check("p1=1", "image build unknown, 1 h ago");
    check("manifestCommitId=abcdef0 p3End=2026-11-23T11:48:00Z", "published, not applied for 12 min");
    check("service=x", "no stage known");
}

#[test]
fn change_statuses() {
    #[track_caller]
    fn check(change_status: &ChangeStatus, texts: &str, expect: &str) {
        let (d, _) = deployment(texts, Vec::new());
        let more = change_status_more(change_status, Some(&d), Some("1.43.0"), at("12:00:00"));
        let sentence = format!(
            "{} prod{}{more}",
            change_status_in(change_status),
            if more.is_empty() { "" } else { change_status_joint(change_status) }
        );
        assert_eq!(sentence, expect, "{change_status:?}");
    }
    let clusters = |names: &[&str]| names.iter().map(|name| ClusterName::new(name).unwrap()).collect();
    let live = |names: &[&str], since, is_vague| ChangeStatus::Live { clusters: clusters(names), since, is_vague };
    check(&live(&[], Some(at("09:00:00")), false), "", "live in prod for 3 h");
    check(&live(&["east"], Some(at("09:00:00")), true), "", "live in prod, deployed 1 h ago on east");
    check(&live(&["east", "west"], None, true), "", "live in prod, deployed 1 h ago on east and west");
    check(&live(&["east"], Some(at("11:59:50")), false), "", "live in prod just now on east");
    check(
        &ChangeStatus::Deployed { since: Some(at("10:00:00")) },
        "",
        "deployed, cluster state unknown, in prod 2 h ago",
    );
    let replaced = ChangeStatus::Replaced {
        by: Slot::at(0),
        at: Some(at("11:00:00")),
        after: Some(Duration::from_secs(3 * 3600)),
    };
    check(&replaced, "", "replaced in prod after 3 h by 1.43.0");
    assert_eq!(change_status_more(&replaced, None, None, at("12:00:00")), "after 3 h");
    let blocked_at = BlockedAt { stage: Some(StageKind::PullRequest), since: Some(at("11:40:00")) };
    check(
        &ChangeStatus::OnItsWay(blocked_at),
        "pr=4 prState=open",
        "in progress in prod: waiting for approval for 20 min",
    );
    check(&ChangeStatus::Failed, "p3=4 p3Status=failed", "failed in prod: manifest build, 1 h ago");
    check(&ChangeStatus::Failed, "manifestCommitId=abcdef0", "failed in prod: a cluster could not apply it");
    check(&ChangeStatus::Canceled, "p3=4 p3Status=canceled", "canceled in prod, 1 h ago");
    check(&ChangeStatus::Superseded, "p1=1", "superseded in prod");
    let published = "superseded in prod, published 1 h ago; unknown whether it ran";
    check(&ChangeStatus::Superseded, "manifestCommitId=abcdef0", published);
    check(&ChangeStatus::NotThere, "", "not in prod");
}

#[test]
fn what_is_read_aloud() {
    let live = ChangeStatus::Live { clusters: Vec::new(), since: None, is_vague: false };
    let places = [(&live, "dev"), (&ChangeStatus::NotThere, "prod")];
    assert_eq!(announced(places.into_iter()), "live in dev; not in prod");
}

#[test]
fn clusters_that_could_not_apply_it() {
    let sync = |name: &str, state, message: Option<&str>| ClusterSync {
        cluster: ClusterName::new(name).unwrap(),
        commit: None,
        state,
        message: message.map(Into::into),
        at: None,
        is_approximate: false,
    };
    #[track_caller]
    fn check(clusters: Vec<ClusterSync>, expect: &str) {
        let (d, _) = deployment("manifestCommitId=abcdef0", clusters);
        assert_eq!(change_status_more(&ChangeStatus::Failed, Some(&d), None, at("12:00:00")), expect);
    }
    let (failed, synced) = (SyncState::Failed, SyncState::Synced);
    check(vec![sync("east", failed, None), sync("west", synced, None)], "east could not apply it");
    check(vec![sync("east", failed, Some("no health\nmore"))], "east could not apply it: no health");
    check(vec![sync("a", failed, None), sync("b", failed, None)], "a and b could not apply it");
}

#[test]
fn what_a_question_was_taken_for() {
    #[track_caller]
    fn check(by: TracedBy, question: &str, expect: &str) {
        assert_eq!(traced(by, question), expect);
    }
    check(TracedBy::Commit, "1a2b3c4", "Commit 1a2b3c4");
    check(TracedBy::Commit, "1a2b3c4d5e6f7a8b9c0d", "Commit 1a2b3c4d5e6f");
    check(TracedBy::PullRequest, "!12", "Pull request #12");
    check(TracedBy::Author, "\"Mara Lind\"", "Changes by Mara Lind");
}

#[test]
fn lags() {
    #[track_caller]
    fn check(kind: Lag, between: usize, commits: Option<u32>, hours: u64, expect: &str) {
        let diff = ServiceDiff {
            project: ProjectId::default(),
            service: ServiceSym::NONE,
            first: None,
            second: None,
            lag: kind,
            between: (0..between).map(Slot::at).collect(),
            is_partial: false,
            by: Some(Duration::from_secs(hours * 3600)),
            range: None,
        };
        assert_eq!(lag(&diff, commits, "1.42", "dev", "prod"), expect);
    }
    check(Lag::Behind, 3, Some(12), 48, "prod is 3 versions, 12 commits and 2 d behind");
    check(Lag::Behind, 1, None, 0, "prod is 1 version behind");
    check(Lag::Ahead, 1, Some(1), 3, "prod is 1 version, 1 commit and 3 h ahead");
    check(Lag::Other, 2, None, 24, "Diverged: 1.42 not seen in dev (1 d older)");
    check(Lag::Other, 0, None, 0, "Diverged: 1.42 not seen in dev");
    check(Lag::OnlyFirst, 0, None, 0, "Not in prod");
    check(Lag::OnlySecond, 0, None, 0, "Not in dev");
    check(Lag::Same, 0, None, 0, "The same in both");
}

#[test]
fn two_rings_together() {
    let count = |lag| match lag {
        Lag::Behind => 3,
        Lag::Ahead => 1,
        Lag::Same => 1200,
        _ => 0,
    };
    assert_eq!(compared(count, "dev", "prod"), "prod vs dev: 3 behind, 1 ahead, 1,200 the same");
    assert_eq!(compared(|_| 1, "a", "b"), "b vs a: 1 behind, 1 diverged, 1 missing, 1 ahead, 1 extra, 1 the same");
}
