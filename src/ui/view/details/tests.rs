use std::time::Duration;

use super::*;
use crate::{
    domain::{id::ClusterName, time::Timestamp},
    model::{symbols::RingSym, timeline::timeline, trace::ChangeStatus},
    ui::view::{
        changes::PlaceView,
        fixtures::{context, deployment, ring, service},
    },
};

fn shown(texts: &str) -> DetailsView {
    let deployment = Arc::new(deployment(texts));
    let place = PlaceView {
        ring: ring(RingSym::at(1), "qa"),
        change_status: ChangeStatus::Canceled,
        deployment: None,
        by: None,
    };
    let shown = DeploymentView {
        spans: timeline(&deployment, false),
        reuses_image: false,
        usual: Usual::default(),
        cluster_links: Vec::new(),
        meanwhile: Vec::new(),
        links: vec![(Link::new("https://logs.example/").unwrap(), "Logs".to_owned())],
        share: "https://x.example/?deployment=1".to_owned(),
        ships: Some(Ships {
            base: Arc::new(super::super::fixtures::deployment("service=api imageTag=1.3")),
            is_back: false,
            versions: vec![Arc::clone(&deployment)],
            commits: Some(12),
            link: Link::new("https://forge.example/compare"),
        }),
        elsewhere: vec![place],
        service: Some(service("api")),
        neighbours: Neighbours { previous: Some("0".to_owned()), next: None, place: (7, 7) },
        deployment,
    };
    DetailsView { id: "1".to_owned(), width: 480, shown: Some(shown), is_reading: false }
}

#[track_caller]
fn check(view: &DetailsView, parts: &[&str]) {
    let markup = details(Some(view), &context()).to_string();
    let mut rest = markup.as_str();
    for part in parts {
        rest = rest.split_once(part).unwrap_or_else(|| panic!("{part} is not, in its turn, in {markup}")).1;
    }
}

const WAITING: &str = "service=api env=prod imageTag=1.4 commitId=abcdef0123 authorName=Mara \
                       p1=7 p1Status=succeeded p1Start=2026-11-22T23:50:00Z p1End=2026-11-23T00:00:00Z \
                       p2=8 pr=9 prState=open prUrl=https://forge.example/9 prCreatedAt=2026-11-23T00:00:00Z";

#[test]
fn how_it_stands_then_the_way_then_what_ships() {
    let parts = [
        r#"class="drawer" role="dialog" aria-labelledby="details-title" data-details="1" style="--width:480px""#,
        r#"role="separator" aria-orientation="vertical" aria-label="Width of the details" aria-valuenow="480""#,
        "api 1.4 → prod</h2>",
        r#"data-step="previous""#,
        "<span>7 of 7</span>",
        r#"disabled data-step="next""#,
        r#"aria-label="Close details""#,
        r#"<div class="callout" data-status="waiting">"#,
        "Waiting for approval · PR #9 open for 12 h</p>",
        r#"href="https://forge.example/9" target="_blank" rel="noopener noreferrer">Review PR #9</a>"#,
        r##"<rect class="way__work" x="0.00%" width="1.37%""##,
        r##"<rect class="way__wait" x="1.37%" width="98.63%" y="16" height="14" fill="url(#wait-hatch)""##,
        r#"data-stage="commit" data-status="succeeded""#,
        r#"data-stage="build" data-status="succeeded"><h3 class="stage__title">Image 7</h3>"#,
        r#">22 Nov 23:50</time><b>10 min</b>"#,
        r#"<li class="wait" data-wait="pr" data-open>waiting for approval for 12 h</li>"#,
        r#"data-stage="pr" data-status="waiting""#,
        "Logs</a>",
        "From 1.3 to 1.4: 12 commits <a",
        r#"data-section="elsewhere""#,
        "canceled in <b>qa</b>",
        "<summary>IDs</summary>",
        "History of api</a>",
        r#"aria-label="Copy a link to these details""#,
    ];
    check(&shown(WAITING), &parts);
}

#[test]
fn until_it_is_published_each_cluster_shows_what_it_runs() {
    let mut view = shown(WAITING);
    view.shown.as_mut().unwrap().meanwhile = vec![CellClusterView {
        cluster: ClusterName::new("prod-east").unwrap(),
        state: SyncState::Synced,
        version: Some("1.3".into()),
        since: (None, false),
        missing: Some(0),
        failed: None,
        message: None,
        link: Link::new("https://forge.example/c"),
    }];
    let link = r#"<a class="cluster__text" href="https://forge.example/c" target="_blank" rel="noopener noreferrer">"#;
    check(&view, &[r#"data-stage="sync""#, r#"data-cluster="prod-east" data-sync="synced""#, link, "runs 1.3"]);
}

#[test]
fn sources_are_reported_only_where_they_are_inferred() {
    let info = r#"<summary aria-label="Where this comes from"><i class="icon icon--note" aria-hidden="true"></i></summary><p>Inferred from a later stage</p>"#;
    check(&shown(WAITING), &[r#"data-stage="release""#, info]);
    let stated = shown("service=api p1=7 p1Status=failed p1End=2026-11-23T11:00:00Z");
    let markup = details(Some(&stated), &context()).to_string();
    assert!(!markup.contains("stage__info") && markup.contains("Image build failed 1 h ago"), "{markup}");
}

#[test]
fn one_that_is_not_known() {
    let missing = DetailsView { id: "x".to_owned(), width: 480, shown: None, is_reading: false };
    check(&missing, &["data-details=\"x\"", "Deployment</h2>", "No deployment has this id."]);
    check(&DetailsView { is_reading: true, ..missing }, &["Not among the rows loaded so far."]);
    assert_eq!(details(None, &context()).to_string(), "");
}

#[test]
fn lengths_stand_beside_what_is_usual() {
    let now = Timestamp::parse("2026-11-23T12:00:00Z").unwrap();
    let view = shown(WAITING).shown.unwrap();
    let span = view.spans.last().unwrap();
    let usual = Some(Duration::from_secs(40 * 60));
    let sentence = sentences::wait(span, &view.deployment, usual, now);
    assert_eq!(sentence, "waiting for approval for 12 h, usually 40 min");
}
