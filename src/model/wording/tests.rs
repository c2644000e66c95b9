use super::*;
use crate::domain::{person::Person, stage::StagePart};
use crate::support::rows::{self, RowBuilder};

fn deployment(texts: &str) -> Deployment {
    rows::deployment(RowBuilder::of(texts), Vec::new())
}

fn noon() -> Timestamp {
    Timestamp::parse("2026-11-23T12:00:00Z").unwrap()
}

#[test]
fn what_is_on_its_way() {
    #[track_caller]
    fn check(texts: &str, expect: &str) {
        assert_eq!(on_its_way(&deployment(texts), noon()), expect, "{texts}");
    }
    check("service=api imageTag=api-1.4 p1=1 p1Status=running", "1.4 building");
    check("imageTag=api-1.4 p1=1 p1Status=succeeded", "api-1.4 stalled after image build, time unknown");
    check("service=api imageTag=api-1.4 p1=1 p1Status=running p1Start=2026-11-23T11:58:00Z", "1.4 building for 2 min");
    check("commitId=abcdef012 p1=1 p1Status=queued p1Start=2026-11-23T11:00:00Z", "abcdef0 image build queued for 1 h");
    check("imageTag=v1 pr=4549 prState=open prCreatedAt=2026-11-23T00:00:00Z", "v1 PR #4549 open for 12 h");
    check("imageTag=v1 p1=1 p2=2 Timestamp=2026-11-23T09:00:00Z", "v1: metadata update status unknown, 3 h ago");
    check("imageTag=v1 p1=1 p1Status=succeeded p1End=2026-11-23T11:00:00Z", "v1 stalled after image build, 1 h ago");
}

#[test]
fn what_failed() {
    let d = deployment("imageTag=2.8.2 p3=7 p3Status=failed p3End=2026-11-23T11:20:00Z");
    assert_eq!(failed(&d, noon()), "2.8.2 failed: manifest build, 40 min ago");
    assert_eq!(place(&d, noon()).as_deref(), Some("manifest build"));
    let mut d = deployment("imageTag=2.8.2 authorName=Ana p3=7 p3Status=failed p3End=2026-11-23T11:20:00Z");
    let part = StagePart { name: "Push".into(), status: Status::Failed, is_environment: false, waits_for: Vec::new() };
    d.stages.iter_mut().filter(|s| s.status == Status::Failed).for_each(|s| s.part = Some(part.clone()));
    assert_eq!(failed(&d, noon()), "2.8.2 failed: Push · Ana, 40 min ago");
}

#[test]
fn who_is_waited_for_is_named() {
    #[track_caller]
    fn check(names: &[&str], part: &str, expect: &str) {
        let mut d = deployment("imageTag=2.8.2 p2=7 p2Status=running p2Start=2026-11-23T11:20:00Z");
        let person = |name: &&str| Person { name: (*name).into(), email: None, image: None, url: None };
        let waits_for = names.iter().map(person).collect();
        let waiting = StagePart { name: "prod".into(), status: Status::Waiting, is_environment: true, waits_for };
        assert_eq!(stage_part(&waiting), part);
        for stage in d.stages.iter_mut().filter(|stage| stage.kind == StageKind::Release) {
            (stage.part, stage.status) = (Some(waiting.clone()), Status::Waiting);
        }
        d.status = Status::Waiting;
        assert_eq!(place(&d, noon()).as_deref(), Some(&*format!("{expect} for 40 min")));
        assert_eq!(on_its_way(&d, noon()), "2.8.2 waiting for approval for 40 min: release to prod");
        assert_eq!(super::waits_for(&d).is_some(), !names.is_empty());
        let sentence = details::status(&d, noon());
        assert!(
            sentence.starts_with(&expect.replacen("release to prod: waiting", "Release to prod is waiting", 1)),
            "{sentence}"
        );
    }
    check(&[], "prod: waiting for approval", "release to prod: waiting for approval");
    check(
        &["Ana Ruiz", "Ken Abe"],
        "prod: waiting for approval by Ana Ruiz and Ken Abe",
        "release to prod: waiting for approval by Ana Ruiz and Ken Abe",
    );
}

#[test]
fn who_must_approve_stands_first() {
    let mut d = deployment("imageTag=v1 pr=4549 prState=open prCreatedAt=2026-11-23T00:00:00Z");
    assert_eq!(waiting_for(&d, noon()), None);
    let person = Person { name: "Ana Ruiz".into(), email: None, image: None, url: None };
    d.pull_request.as_mut().unwrap().waits_for.push(person);
    assert_eq!(waiting_for(&d, noon()).as_deref(), Some("v1 waiting for Ana Ruiz, 12 h"));
}

#[test]
fn what_was_not_built_has_no_build() {
    let kinds = |texts: &str| deployment(texts).stages.iter().map(|stage| stage.kind).collect::<Vec<_>>();
    assert!(!kinds("p3=1 hldCommitId=abcdef012 manifestCommitId=abcdef0").contains(&StageKind::Build));
    assert!(kinds("p1=1 p3=1 manifestCommitId=abcdef0").contains(&StageKind::Build));
}

#[test]
fn a_variables_name_is_no_pull_request() {
    assert_eq!(deployment("p1=1 p1Status=succeeded pr=pr__id").pull_request, None);
}

#[test]
fn an_image_with_a_digest_is_called_by_its_tag() {
    let d = deployment("service=api imageTag=registry.example/shop/api:v5.36.0@sha256:1f0a");
    assert_eq!(version(&d), "v5.36.0");
}

#[test]
fn titles() {
    assert_eq!(title(&deployment("service=contoso/api env=dev imageTag=api-1")), "api 1 → dev");
    assert_eq!(title(&deployment("p3=1 hldCommitId=abcdef012")), "HLD abcdef0 → ring not set");
}

#[test]
fn every_state_has_its_reason() {
    #[track_caller]
    fn check(texts: &str, part: &str) {
        let why = why_status(&deployment(texts));
        assert!(why.contains(part), "{texts}: {why:?} should say {part:?}");
    }
    check("p1=1", "Only its id is known");
    check("p1=1 p1Status=odd", "Unknown status word");
    check("service=x", "no stage");
    check("pr=1 prState=abandoned", "closed without merging");
    check("p1=1 p1Status=succeeded", "metadata update has not started");
    check("manifestCommitId=abcdef0", "Manifest commit published");
}
