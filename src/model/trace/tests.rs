use super::*;
use crate::storage::row::Field;
use crate::support::rows::{RowBuilder, row, store_of};
use crate::{
    domain::{
        cluster::{Signal, SignalState},
        id::{ClusterName, CommitId},
        project::ProjectId,
        time::Timestamp,
    },
    model::{history::Listed, sync::names},
};

/// A store of rows written as `column=value…`, `_` for a blank, with the minute first.
fn store(rows: &[&str]) -> Store {
    let row = |(n, line): (usize, &&str)| {
        let (minute, rest) = line.split_once(' ').unwrap();
        let row = RowBuilder::of(rest).with(Field::RowKey, format!("k{n}"));
        row.with(Field::Timestamp, format!("2026-11-01T10:{minute}:00Z"))
    };
    store_of(&[], rows.iter().enumerate().map(row))
}

fn change_status_word(store: &Store, change_status: &ChangeStatus) -> String {
    let time = |at: Timestamp| at.to_rfc3339()[11..16].to_owned();
    match change_status {
        ChangeStatus::Live { clusters, since, is_vague } => {
            let clusters: Vec<&str> = clusters.iter().map(ClusterName::as_str).collect();
            let vague = if *is_vague { " at the latest" } else { "" };
            format!("live on {} since {}{vague}", clusters.join(" and "), since.map_or("-".to_owned(), time))
        }
        ChangeStatus::Deployed { since } => format!("deployed {}", time(since.unwrap())),
        ChangeStatus::Replaced { by, after, .. } => {
            format!("replaced after {} by {}", text::duration(after.unwrap()), store.at(*by).text(Field::ImageTag))
        }
        ChangeStatus::OnItsWay(blocked_at) => {
            format!("on its way at {:?} since {}", blocked_at.stage, time(blocked_at.since.unwrap()))
        }
        ChangeStatus::NotThere => "-".to_owned(),
        other => format!("{other:?}"),
    }
}

fn draw(store: &Store, changes: &[TracedChange]) -> String {
    let mut out = String::new();
    for change in changes {
        let version = store.at(change.newest).text(Field::ImageTag);
        out += &format!("{} {version}:", store.service_name(change.service));
        for place in &change.places {
            out +=
                &format!(" [{} {}]", store.rings().name(place.ring), change_status_word(store, &place.change_status));
        }
        out.push('\n');
    }
    out
}

const ROWS: [&str; 12] = [
    "01 service=api env=dev imageTag=v1 commitId=1111111 manifestCommitId=aaaaaaa authorName=Mara_Lind p1=11",
    "05 service=api env=prod imageTag=v1 commitId=1111111 manifestCommitId=bbbbbbb authorName=Mara_Lind pr=7",
    "10 service=api env=dev imageTag=v2 commitId=2222222 manifestCommitId=ccccccc authorName=Jun_Sato p1=12",
    "11 service=api env=prod imageTag=v2 commitId=2222222 pr=8 prState=open authorName=Jun_Sato",
    "12 service=api env=dev imageTag=v3 commitId=3333333 p1=13 p1Status=failed authorName=Mara_Lind",
    "13 service=api env=dev imageTag=v4 commitId=4444444 p1=14 p1Status=running authorName=Mara_Lind",
    "09 service=api env=dev imageTag=v0 commitId=5555555 p1=15 p1Status=running p1Name=20261101.1",
    "08 service=api env=dev imageTag=v9 commitId=6666666 p1=16 p1Status=canceled",
    "02 service=web env=dev imageTag=web:v1 commitId=1111111 manifestCommitId=aaaaaab authorName=Mara_Lind p1=7",
    "20 service=api env=qa imageTag=v1 commitId=1111111 manifestCommitId=ddddddd",
    "21 service=api env=qa imageTag=v2 commitId=2222222 manifestCommitId=eeeeeee",
    "22 service=api env=qa imageTag=v1 commitId=1111111 manifestCommitId=fffffff",
];

#[test]
fn a_services_history() {
    let store = store(&ROWS);
    let api = store.find_service("api").unwrap();
    let all = history(&store, &Syncs::default(), ProjectId::default(), api, Some(100));
    expect_test::expect![[r#"
        api v1: [dev replaced after 9 min by v2] [qa live on  since 10:22] [prod live on  since 10:05]
        api v2: [dev live on  since 10:10] [qa replaced after 1 min by v1] [prod on its way at Some(PullRequest) since 10:11]
        api v4: [dev on its way at Some(Build) since 10:13] [qa -] [prod -]
        api v3: [dev Failed] [qa -] [prod -]
        api v0: [dev Superseded] [qa -] [prod -]
        api v9: [dev Canceled] [qa -] [prod -]
    "#]].assert_eq(&draw(&store, &all.changes));
    let few = history(&store, &Syncs::default(), ProjectId::default(), api, Some(2));
    assert_eq!((few.changes.len(), few.more, all.more), (2, 4, 0));
    assert_eq!(few.changes[..], all.changes[..2]);
}

#[test]
fn a_narrowed_history() {
    let store = store(&ROWS);
    let api = store.find_service("api").unwrap();
    let all = history(&store, &Syncs::default(), ProjectId::default(), api, None);
    let by_mara = |slot: Slot| store.at(slot).text(Field::AuthorName) == "Mara Lind";
    let tags = |history: &ServiceHistory| {
        let tags: Vec<&str> = history.changes.iter().map(|c| store.at(c.newest).text(Field::ImageTag)).collect();
        (tags.join(" "), history.more)
    };
    // The newest deployment of v1 names nobody, but that to dev does.
    assert_eq!(tags(&all.clone().narrowed(by_mara, 10)), ("v1 v4 v3".to_owned(), 0));
    assert_eq!(tags(&all.clone().narrowed(by_mara, 2)), ("v1 v4".to_owned(), 1));
    assert_eq!(tags(&all.narrowed(|_| false, 2)), (String::new(), 0));
}

#[test]
fn with_a_cluster() {
    let store = store(&ROWS);
    let mut syncs = Syncs::default();
    let ids = ["fffffff0", "eeeeeee0", "ddddddd0", "ccccccc0", "bbbbbbb0", "aaaaaaa0"];
    let id = |text: &str| CommitId::new(text).unwrap();
    let listed: Vec<Listed> = (0..ids.len())
        .map(|n| Listed { id: id(ids[n]), parents: ids.get(n + 1).map(|p| id(p)).into_iter().collect(), at: None })
        .collect();
    syncs.history_mut(ProjectId::at(0)).add_all(&listed);
    syncs.history_mut(ProjectId::at(0)).set_head(&id(ids[0]));
    let signal = |tag: &str, commit: &str, state, minute: u32| Signal {
        from: names::of_tag(tag, &[]).unwrap(),
        commit: Some(id(commit)),
        state,
        at: Timestamp::parse(&format!("2026-11-01T11:{minute}:00Z")),
        is_approximate: false,
        message: None,
    };
    syncs.set_signals(
        ProjectId::at(0),
        vec![
            signal("flux-east", "eeeeeee0", SignalState::Applied, 30),
            signal("flux-west", "bbbbbbb0", SignalState::Applied, 20),
            signal("flux-west", "ccccccc0", SignalState::Failed, 25),
        ],
    );
    syncs.rebuild(&store);
    let trace = where_is(&store, &syncs, "v1", Some(10)).unwrap();
    assert_eq!(trace.by, TracedBy::Image);
    expect_test::expect![[r#"
        api v1: [dev live on west since 11:20 at the latest] [qa on its way at Some(Sync) since 10:22] [prod live on east and west since 11:20]
        web web:v1: [dev deployed 10:02]
    "#]].assert_eq(&draw(&store, &trace.changes));
    let trace = where_is(&store, &syncs, "v2", Some(10)).unwrap();
    expect_test::expect![[r#"
        api v2: [dev live on east since 11:30 at the latest] [qa live on east since 11:30] [prod on its way at Some(PullRequest) since 10:11]
    "#]].assert_eq(&draw(&store, &trace.changes));
}

#[test]
fn questions() {
    let store = store(&ROWS);
    #[track_caller]
    fn check(store: &Store, query: &str, expect: Option<(TracedBy, &str)>) {
        let trace = where_is(store, &Syncs::default(), query, Some(10));
        let changes = trace.as_ref().map(|t| {
            let name = |c: &TracedChange| {
                let service = store.service_name(c.service).to_owned();
                format!("{service} {}", store.at(c.newest).text(Field::ImageTag))
            };
            t.changes.iter().map(name).collect::<Vec<_>>().join(", ")
        });
        let got = trace.as_ref().map(|t| t.by).zip(changes.as_deref());
        assert_eq!(got, expect, "{query}");
    }
    use TracedBy::{Author, Commit, Image, PullRequest, Run};
    check(&store, "1111111", Some((Commit, "api v1, web web:v1")));
    check(&store, "1111111aaaa", Some((Commit, "api v1, web web:v1")));
    check(&store, "CCCCCCC", Some((Commit, "api v2")));
    check(&store, "111111", None);
    check(&store, "V2", Some((Image, "api v2")));
    check(&store, "web:v1", Some((Image, "web web:v1")));
    check(&store, "v", None);
    check(&store, "8", Some((PullRequest, "api v2")));
    check(&store, "#7", Some((PullRequest, "api v1")));
    check(&store, "!7", Some((PullRequest, "api v1")));
    check(&store, "7", Some((PullRequest, "api v1"))); // also a build, but not first
    check(&store, "#12", None);
    check(&store, "12", Some((Run, "api v2")));
    check(&store, "20261101.1", Some((Run, "api v0")));
    check(&store, "\"mara lind\"", Some((Author, "api v4, api v3, api v1, web web:v1")));
    check(&store, "mara", None);
    check(&store, "", None);
    check(&store, "#", None);
    check(&store, "status:failed", None);
    let mut store = store;
    store.put(ProjectId::at(0), &row("3f2a9c1b77de service=api imageTag=v7 p1=77"));
    store.rebuild();
    check(&store, "3f2a9c1b77de", Some((TracedBy::Id, "api v7")));
    check(&store, "3f2a9c1b77df", None);
    let few = where_is(&store, &Syncs::default(), "Mara Lind", Some(1)).unwrap();
    assert_eq!((few.changes.len(), few.more), (1, 3));
}

#[test]
fn images_are_the_same_by_their_digests() {
    let (one, two) = (format!("sha256:{}", "1f".repeat(32)), format!("sha256:{}", "8c".repeat(32)));
    let rows = [
        format!("01 service=api env=dev imageTag=r/api:v5@{one} manifestCommitId=aaaaaaa"),
        // Built again under the same tag.
        format!("02 service=api env=qa imageTag=r/api:v5@{two} manifestCommitId=bbbbbbb"),
        format!(
            "03 service=api env=prod imageTag=mirror/api:v5-final@{} manifestCommitId=ccccccc",
            one.to_uppercase().replacen("SHA", "sha", 1)
        ),
        "04 service=web env=dev imageTag=r/web:v5 manifestCommitId=ddddddd".to_owned(),
        format!("05 service=web env=prod imageTag=r/web:v5@{two} manifestCommitId=eeeeeee"),
    ];
    let store = store(&rows.each_ref().map(String::as_str));
    let at = |service: &str| store.find_service(service).unwrap();
    let versions = |service: &str| {
        let all = history(&store, &Syncs::default(), ProjectId::default(), at(service), Some(10));
        all.changes
            .iter()
            .map(|change| change.places.iter().filter(|place| place.slot.is_some()).count())
            .collect::<Vec<_>>()
    };
    assert_eq!(versions("api"), [2, 1], "the image of dev and prod, and the one that only qa has");
    assert_eq!(versions("web"), [2], "where only one names its digest, the tag tells");

    let found = |query: &str| {
        let trace = where_is(&store, &Syncs::default(), query, Some(10));
        trace.map_or(0, |trace| trace.changes.len())
    };
    assert_eq!(found(&one), 1);
    assert_eq!(found(&two), 2, "of both services");
    assert_eq!(found(&format!("r/api:v5@{one}")), 1);
    assert_eq!(found("r/api:v5"), 2);
    assert_eq!(found("v5"), 3, "as it is shown");
    assert_eq!(found(&format!("sha256:{}", "00".repeat(32))), 0);
}
