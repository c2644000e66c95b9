use super::*;
use crate::model::overlay::{Overlay, outcome_of_row};
use crate::support::rows::row;

fn known(texts: &str) -> StagesKnown {
    Overlay::new(&row(texts), None).stages([""; 3])
}

#[track_caller]
fn check(texts: &str, status: Status, decided_by: Option<StageKind>) {
    let facts = outcome_of_row(&row(texts));
    assert_eq!((facts.status, facts.decided_by), (status, decided_by), "{texts}");
}

#[test]
fn status_from_ids_alone() {
    use StageKind::{Build, Manifest, PullRequest, Release};
    check("", Status::Unknown, None);
    check("service=api env=dev", Status::Unknown, None);
    check("p1=1 imageTag=t commitId=c", Status::Unknown, Some(Build));
    check("p1=1 p2=2", Status::Unknown, Some(Release));
    check("p1=1 p2=2 hldCommitId=h", Status::Unknown, Some(Release));
    check("p1=1 p2=2 hldCommitId=h pr=4", Status::Unknown, Some(PullRequest));
    check("p1=1 p2=2 hldCommitId=h pr=4 p3=3", Status::Unknown, Some(Manifest));
    check("p1=1 p2=2 hldCommitId=h pr=4 p3=3 manifestCommitId=m", Status::Succeeded, Some(Manifest));
    check("manifestCommitId=m", Status::Succeeded, Some(Manifest));
}

#[test]
fn status_from_what_the_row_has() {
    use StageKind::{Build, Manifest, PullRequest, Release};
    check("p1=1 p1Status=queued", Status::Queued, Some(Build));
    check("p1=1 p1Status=Running", Status::Running, Some(Build));
    check("p1=1 p1Status=failed", Status::Failed, Some(Build));
    check("p1=1 p1Status=canceled", Status::Canceled, Some(Build));
    check("p1=1 p1Status=succeeded", Status::Incomplete, Some(Build));
    check("p1=1 p1Status=exploded", Status::Unknown, Some(Build));
    check("p1=1 p2=2 p2Status=failed", Status::Failed, Some(Release));
    check("p1=1 p2=2 p2Status=succeeded pr=4 prState=open", Status::Waiting, Some(PullRequest));
    check("p1=1 p2=2 pr=4 prState=abandoned", Status::Canceled, Some(PullRequest));
    check("p1=1 p2=2 pr=4 prState=merged", Status::Incomplete, Some(PullRequest));
    check("p1=1 p2=2 pr=4 prMergedAt=2026-11-01T00:00:00Z", Status::Incomplete, Some(PullRequest));
    check("p1=1 p2=2 pr=4 prState=draft", Status::Unknown, Some(PullRequest));
    check("pr=4 prState=merged p3=3 p3Status=running", Status::Running, Some(Manifest));
    check("p3=3 p3Status=failed", Status::Failed, Some(Manifest));
    check("p3=3 p3Status=succeeded", Status::Succeeded, Some(Manifest));
    // The product is there, whatever its pipeline reports.
    check("p3=3 p3Status=failed manifestCommitId=m", Status::Succeeded, Some(Manifest));
    // A failure that something ran after is over; one that nothing followed is why.
    check("p1=1 p1Status=failed p2=2 p2Status=running", Status::Running, Some(Release));
    check("p1=1 p1Status=failed p2=2", Status::Failed, Some(Build));
    check("p1=1 p1Status=failed p2=2 p3=3 manifestCommitId=m", Status::Succeeded, Some(Manifest));
}

#[test]
fn a_later_stage_means_that_earlier_ones_went_through() {
    #[track_caller]
    fn check(texts: &str, expect: [Status; 4]) {
        assert_eq!(known(texts).states().map(|s| s.status), expect, "{texts}");
    }
    use Status::{Failed, Incomplete, Succeeded, Unknown, Waiting};
    check("p1=1", [Unknown, Incomplete, Incomplete, Incomplete]);
    check("p1=1 hldCommitId=h", [Succeeded, Unknown, Incomplete, Incomplete]);
    check("p1=1 p2=2 pr=4 prState=open", [Succeeded, Succeeded, Waiting, Incomplete]);
    check("p1=1 p2=2 p3=3", [Succeeded, Succeeded, Incomplete, Unknown]);
    check("p1=1 p2=2 pr=4 p3=3", [Succeeded, Succeeded, Succeeded, Unknown]);
    check("p1=1 p1Status=failed p2=2 p3=3", [Failed, Succeeded, Incomplete, Unknown]);
}

#[test]
fn kinds() {
    #[track_caller]
    fn check(texts: &str, expect: Kind) {
        assert_eq!(known(texts).kind(), expect, "{texts}");
    }
    check("p3=3 hldCommitId=h", Kind::HldEdit);
    check("pr=4 hldCommitId=h service=traefik", Kind::HldEdit);
    check("p1=1 p3=3 hldCommitId=h", Kind::Deployment);
    check("imageTag=t hldCommitId=h", Kind::Deployment);
    check("service=api", Kind::Deployment);
}

#[test]
fn times_are_the_stages_else_the_rows() {
    #[track_caller]
    fn check(texts: &str, updated: &str, took: Option<u64>) {
        let facts = outcome_of_row(&row(texts));
        assert_eq!(facts.updated.unwrap().to_rfc3339(), updated, "{texts}");
        assert_eq!(facts.took.map(|d| d.as_secs()), took, "{texts}");
    }
    let stamp = "Timestamp=2026-11-20T12:00:00.1234567Z";
    check(stamp, "2026-11-20T12:00:00.123Z", None);
    check(&format!("{stamp} p1Start=2026-11-01T10:00:00Z"), "2026-11-01T10:00:00Z", None);
    check(
        "p1Start=2026-11-01T10:00:00Z p3End=2026-11-01T10:05:00Z manifestCommitId=m",
        "2026-11-01T10:05:00Z",
        Some(300),
    );
    check(
        "p1Start=2026-11-01T10:00:00Z p1End=2026-11-01T10:01:00Z prCreatedAt=2026-11-01T10:02:00Z pr=4 prState=open",
        "2026-11-01T10:02:00Z",
        None,
    );
    check("p1Start=2026-11-01T10:00:00Z p1End=nonsense", "2026-11-01T10:00:00Z", None);
    check("p1Start=2026-11-01T10:00:00Z p1End=2026-11-01T09:00:00Z p1Status=failed", "2026-11-01T10:00:00Z", None);
}
