//! What cells show where clusters report.

use super::*;

/// A store of the same rows, with a history `child<parent` of its manifests, the newest first and the last of which is
/// the branch's first, and signals `tag commit state minute`.
pub(super) fn with_clusters(rules: &[RingRule], rows: &[&str], history: &str, signals: &[&str]) -> (Store, Syncs) {
    with_cluster_rules(rules, &[], rows, history, signals)
}

pub(super) fn with_cluster_rules(
    rules: &[RingRule],
    clusters: &[crate::config::ClusterRule],
    rows: &[&str],
    history: &str,
    signals: &[&str],
) -> (Store, Syncs) {
    use crate::{
        domain::{
            cluster::{Signal, SignalState},
            id::CommitId,
        },
        model::{history::Listed, sync::names},
    };
    let store = store(rules, rows);
    let mut syncs = Syncs::new(rules, clusters);
    let mut listed = Vec::new();
    for word in history.split_whitespace() {
        let (child, parents) = word.split_once('<').unwrap_or((word, ""));
        let parents = parents.split(',').filter_map(CommitId::new).collect();
        listed.push(Listed { id: CommitId::new(child).unwrap(), parents, at: None });
    }
    syncs.history_mut(ProjectId::at(0)).add_all(&listed);
    if let Some(head) = listed.first() {
        syncs.history_mut(ProjectId::at(0)).set_head(&head.id);
    }
    let signal = |line: &&str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        Signal {
            from: names::of_tag(words[0], &[]).or_else(|| names::of_status(words[0], None, clusters)).unwrap(),
            commit: CommitId::new(words[1]),
            state: if words[2] == "applied" { SignalState::Applied } else { SignalState::Failed },
            at: Timestamp::parse(&format!("2026-11-01T11:{}:00Z", words[3])),
            is_approximate: false,
            message: (words[2] == "failed").then(|| "health check failed".into()),
        }
    };
    syncs.set_signals(ProjectId::at(0), signals.iter().map(signal).collect());
    syncs.rebuild(&store);
    (store, syncs)
}

/// Each cell as `service ring: how running/next+more/failed~edited on n of m`, below it each cluster.
pub(super) fn draw_clusters((store, syncs): &(Store, Syncs)) -> String {
    let board = board_of(store, syncs);
    let name = |slot: Option<Slot>| slot.map_or("-", |s| store.at(s).text(Field::ImageTag));
    let mut out = String::new();
    for row in &board.services {
        for (cell, ring) in row.cells.iter().zip(&board.rings).filter(|(cell, _)| !cell.is_empty()) {
            let (on, of) = cell.running_on();
            let service = store.service_name(row.service);
            out += &format!("{service} {}: {:?} ", store.rings().name(ring.ring), cell.known);
            out += &format!("{}/{}+{}/{}", name(cell.running), name(cell.next), cell.more_next, name(cell.failed));
            out += if cell.edited.is_some() { "~" } else { "" };
            out += &format!(" on {on} of {of}");
            if let Some(Rollback { to, from }) = cell.rollback {
                out += &format!(", back to {} from {}", name(Some(to)), name(Some(from)));
            }
            if let Some(next) = cell.next {
                let blocked_at = blocked_at(store, next);
                out +=
                    &format!(", at {:?} since {}", blocked_at.stage, &blocked_at.since.unwrap().to_rfc3339()[11..16]);
            }
            for c in &cell.clusters {
                let since = c.since.0.map_or("never".to_owned(), |at| at.to_rfc3339()[11..16].to_owned());
                out += &format!("\n    {} {} {} since {since}", c.cluster, c.state.as_str(), name(c.running));
                out += &format!(" missing {:?} failed {} {:?}", c.missing, name(c.failed), c.message);
            }
            out += "\n";
        }
    }
    out
}

pub(super) const HISTORY_OF_FIVE: &str =
    "eeeeeee5<ddddddd4 ddddddd4<ccccccc3 ccccccc3<bbbbbbb2 bbbbbbb2<aaaaaaa1 aaaaaaa1";

#[test]
fn applications_of_one_cluster() {
    let rows = [
        "contoso/app1 prod 02 v2 manifestCommitId=ccccccc",
        "contoso/app1 prod 01 v1 manifestCommitId=aaaaaaa",
        "app2 prod 02 w2 manifestCommitId=bbbbbbb",
        "app2 prod 01 w1 manifestCommitId=aaaaaaa",
        "other prod 02 x2 manifestCommitId=ccccccc",
        "other prod 01 x1 manifestCommitId=aaaaaaa",
    ];
    const HISTORY: &str = "ccccccc3<bbbbbbb2 bbbbbbb2<aaaaaaa1 aaaaaaa1";
    fn draw((store, syncs): (Store, Syncs)) -> String {
        let ring = syncs.of_ring(&store, store.rings().find("prod").unwrap());
        let header = crate::model::sync::together(&ring).as_str();
        format!("{header}\n{}", draw_clusters(&(store, syncs)))
    }
    /// Applications and kustomizations are read alike.
    #[track_caller]
    fn check(rows: &[&str], signals: &[&str], expect: expect_test::Expect) {
        for (label, cluster) in [("continuous-delivery/", "argocd"), ("kustomization/", "flux")] {
            let signals: Vec<String> = signals.iter().map(|s| s.replace("continuous-delivery/", label)).collect();
            let signals: Vec<&str> = signals.iter().map(String::as_str).collect();
            let drawn = draw(with_clusters(&[], rows, HISTORY, &signals));
            expect.assert_eq(&drawn.replace(&format!("    {cluster} "), "    argocd "));
        }
    }
    let begin = ["continuous-delivery/app1 aaaaaaa1 applied 01", "continuous-delivery/app2 aaaaaaa1 applied 01"];
    let with = |more: &[&'static str]| [&begin[..], more].concat();
    // The newer success of one does not heal the other: nor is what no part is called after known to run.
    check(
        &rows,
        &with(&["continuous-delivery/app2 bbbbbbb2 failed 10", "continuous-delivery/app1 ccccccc3 applied 20"]),
        expect_test::expect![[r#"
            failed
            app1 prod: Clusters v2/-+0/- on 1 of 1
                argocd synced v2 since 11:20 missing Some(0) failed - None
            app2 prod: Clusters w1/-+0/w2 on 1 of 1
                argocd failed w1 since 11:01 missing Some(1) failed w2 Some("health check failed")
            other prod: Clusters x1/x2+0/- on 1 of 1, at Some(Sync) since 10:02
                argocd pending x1 since 11:01 missing Some(1) failed - None
        "#]],
    );
    // What only one of them has reported is not known of the other.
    check(
        &rows,
        &with(&["continuous-delivery/app1 ccccccc3 applied 20"]),
        expect_test::expect![[r#"
        unknown
        app1 prod: Clusters v2/-+0/- on 1 of 1
            argocd synced v2 since 11:20 missing Some(0) failed - None
        app2 prod: Clusters w1/w2+0/- on 1 of 1, at Some(Sync) since 10:02
            argocd pending w1 since 11:01 missing Some(1) failed - None
        other prod: Clusters x1/-+0/- on 1 of 1
            argocd unknown x1 since 11:01 missing None failed - None
    "#]],
    );
    check(
        &rows,
        &with(&["continuous-delivery/app1 ccccccc3 applied 20", "continuous-delivery/app2 ccccccc3 applied 21"]),
        expect_test::expect![[r#"
            synced
            app1 prod: Clusters v2/-+0/- on 1 of 1
                argocd synced v2 since 11:20 missing Some(0) failed - None
            app2 prod: Clusters w2/-+0/- on 1 of 1
                argocd synced w2 since 11:21 missing Some(0) failed - None
            other prod: Clusters x2/-+0/- on 1 of 1
                argocd synced x2 since 11:21 missing Some(0) failed - None
        "#]],
    );
    // A release of Helm does not report each commit, so that its success counts for no service by itself.
    let releases = [
        "helmrelease/app1 aaaaaaa1 applied 01",
        "helmrelease/app2 aaaaaaa1 applied 01",
        "helmrelease/app2 bbbbbbb2 failed 10",
        "helmrelease/app1 ccccccc3 applied 20",
    ];
    expect_test::expect![[r#"
        failed
        app1 prod: Clusters v1/v2+0/- on 1 of 1, at Some(Sync) since 10:02
            flux pending v1 since 11:01 missing Some(1) failed - None
        app2 prod: Clusters w1/-+0/w2 on 1 of 1
            flux failed w1 since 11:01 missing Some(1) failed w2 Some("health check failed")
        other prod: Clusters x1/x2+0/- on 1 of 1, at Some(Sync) since 10:02
            flux pending x1 since 11:01 missing Some(1) failed - None
    "#]]
    .assert_eq(&draw(with_clusters(&[], &rows, HISTORY, &releases)));
    // Labels of one's own are those that the configuration gives to a cluster.
    let rule = crate::config::ClusterRule {
        name: crate::domain::id::ClusterName::new("shop").unwrap(),
        pattern: "deploy:*".into(),
    };
    let signals = [
        "deploy:app1 aaaaaaa1 applied 01",
        "deploy:app2 aaaaaaa1 applied 01",
        "deploy:app2 bbbbbbb2 failed 10",
        "deploy:app1 ccccccc3 applied 20",
    ];
    expect_test::expect![[r#"
        failed
        app1 prod: Clusters v1/v2+0/- on 1 of 1, at Some(Sync) since 10:02
            shop pending v1 since 11:20 missing Some(1) failed - None
        app2 prod: Clusters w1/-+0/w2 on 1 of 1
            shop failed w1 since 11:20 missing Some(1) failed w2 Some("health check failed")
        other prod: Clusters x1/x2+0/- on 1 of 1, at Some(Sync) since 10:02
            shop pending x1 since 11:20 missing Some(1) failed - None
    "#]]
    .assert_eq(&draw(with_cluster_rules(&[], &[rule], &rows, HISTORY, &signals)));
}

#[test]
fn three_clusters_in_three_states() {
    // By their rows v2 came after v3; what counts is the order of the branch.
    let rows = [
        "api prod 01 v1 manifestCommitId=aaaaaaa",
        "api prod 03 v2 manifestCommitId=bbbbbbb",
        "api prod 02 v3 manifestCommitId=ccccccc",
        "api prod 04 v4 manifestCommitId=eeeeeee p3End=2026-11-01T10:04:30Z",
        "web prod 05 w1 manifestCommitId=ddddddd",
        "web prod 06 w2 p1=7 p1Status=running",
        "edit prod 07 - p3=1 manifestCommitId=aaaaaaa",
    ];
    let signals = [
        "flux-east eeeeeee5 applied 30",
        "flux-lab ccccccc3 applied 10",
        "flux-lab eeeeeee5 failed 20",
        "flux-west ccccccc3 applied 05",
    ];
    expect_test::expect![[r#"
        api prod: Clusters v4/-+0/- on 1 of 3
            east synced v4 since 11:30 missing Some(0) failed - None
            lab failed v3 since 11:10 missing Some(1) failed v4 Some("health check failed")
            west pending v3 since 11:05 missing Some(1) failed - None
        edit prod: Clusters /-+0/- on 3 of 3
            east synced  since 11:30 missing Some(0) failed - None
            lab synced  since 11:10 missing Some(0) failed - None
            west synced  since 11:05 missing Some(0) failed - None
        web prod: Clusters w1/w2+0/- on 1 of 3, at Some(Build) since 10:06
            east synced w1 since 11:30 missing Some(0) failed - None
            lab failed - since 11:20 missing Some(1) failed w1 Some("health check failed")
            west pending - since 11:05 missing Some(1) failed - None
    "#]]
    .assert_eq(&draw_clusters(&with_clusters(&[], &rows, HISTORY_OF_FIVE, &signals)));
    // Without the one that is ahead.
    expect_test::expect![[r#"
        api prod: Clusters v3/-+0/v4 on 2 of 2
            lab failed v3 since 11:10 missing Some(1) failed v4 Some("health check failed")
            west pending v3 since 11:05 missing Some(1) failed - None
        edit prod: Clusters /-+0/- on 2 of 2
            lab synced  since 11:10 missing Some(0) failed - None
            west synced  since 11:05 missing Some(0) failed - None
        web prod: Clusters -/w2+0/w1 on 0 of 2, at Some(Build) since 10:06
            lab failed - since 11:20 missing Some(1) failed w1 Some("health check failed")
            west pending - since 11:05 missing Some(1) failed - None
    "#]]
    .assert_eq(&draw_clusters(&with_clusters(&[], &rows, HISTORY_OF_FIVE, &signals[1..])));
}

#[test]
fn what_is_not_known_is_not_guessed() {
    let rows = ["api prod 01 v1 manifestCommitId=aaaaaaa", "api prod 03 v2 manifestCommitId=fffffff"];
    #[track_caller]
    fn check(rows: &[&str], history: &str, signals: &[&str], expect: expect_test::Expect) {
        expect.assert_eq(&draw_clusters(&with_clusters(&[], rows, history, signals)));
    }
    // A row that is newer than the history.
    check(
        &rows,
        HISTORY_OF_FIVE,
        &["flux-east ccccccc3 applied 30"],
        expect_test::expect![[r#"
        api prod: Unknown v2/-+0/- on 0 of 1
            east unknown - since 11:30 missing None failed - None
    "#]],
    );
    // No history at all: a cluster has what it reported, and no more is known.
    check(
        &rows,
        "",
        &["flux-east fffffff applied 30"],
        expect_test::expect![[r#"
            api prod: Clusters v2/-+0/- on 1 of 1
                east unknown v2 since 11:30 missing None failed - None
        "#]],
    );
    check(
        &rows,
        "",
        &["flux-east aaaaaaa applied 30"],
        expect_test::expect![[r#"
            api prod: Clusters v1/-+0/- on 1 of 1
                east unknown v1 since 11:30 missing None failed - None
        "#]],
    );
    // It failed at something and never reported what it runs.
    check(
        &rows[..1],
        HISTORY_OF_FIVE,
        &["flux-east aaaaaaa1 failed 30"],
        expect_test::expect![[r#"
            api prod: Unknown v1/-+0/- on 0 of 1
                east failed - since 11:30 missing None failed v1 Some("health check failed")
        "#]],
    );
    // Its commit is not known.
    check(
        &rows[..1],
        HISTORY_OF_FIVE,
        &["flux-east 1234567 applied 30"],
        expect_test::expect![[r#"
        api prod: Unknown v1/-+0/- on 0 of 1
            east unknown - since 11:30 missing None failed - None
    "#]],
    );
    // The short id in the row means two commits.
    let two = "aaaaaaa2<aaaaaaa1 aaaaaaa1";
    check(
        &rows[..1],
        two,
        &["flux-east aaaaaaa2 applied 30"],
        expect_test::expect![[r#"
        api prod: Unknown v1/-+0/- on 0 of 1
            east unknown - since 11:30 missing None failed - None
    "#]],
    );
}

#[test]
fn rollbacks_are_shown() {
    let rows = [
        "api prod 01 v1 manifestCommitId=aaaaaaa",
        "api prod 02 v2 manifestCommitId=bbbbbbb",
        "api prod 03 v1 manifestCommitId=ccccccc",
        "web prod 01 w1 manifestCommitId=aaaaaaa",
        "web prod 02 w1 manifestCommitId=bbbbbbb",
    ];
    let east = |commit: &str| [format!("flux-east {commit} applied 30")];
    let draw = |signals: &[String]| {
        let signals: Vec<&str> = signals.iter().map(String::as_str).collect();
        draw_clusters(&with_clusters(&[], &rows, HISTORY_OF_FIVE, &signals))
    };
    expect_test::expect![[r#"
        api prod: Rows v1/-+0/- on 0 of 0, back to v1 from v2
        web prod: Rows w1/-+0/- on 0 of 0
    "#]]
    .assert_eq(&draw(&[]));
    expect_test::expect![[r#"
        api prod: Clusters v1/-+0/- on 1 of 1, back to v1 from v2
            east synced v1 since 11:30 missing Some(0) failed - None
        web prod: Clusters w1/-+0/- on 1 of 1
            east synced w1 since 11:30 missing Some(0) failed - None
    "#]]
    .assert_eq(&draw(&east("ccccccc3")));
    // The cluster does not have it yet.
    expect_test::expect![[r#"
        api prod: Clusters v2/v1+0/- on 1 of 1, at Some(Sync) since 10:03
            east pending v2 since 11:30 missing Some(1) failed - None
        web prod: Clusters w1/-+0/- on 1 of 1
            east synced w1 since 11:30 missing Some(0) failed - None
    "#]]
    .assert_eq(&draw(&east("bbbbbbb2")));
}

#[test]
fn rings_have_the_clusters_that_are_named() {
    let mut prod = rule("prod", &[], &[]);
    prod.clusters = vec![crate::domain::id::ClusterName::new("EAST").unwrap()];
    let rows = ["api dev 01 v1 manifestCommitId=aaaaaaa", "api prod 03 v2 manifestCommitId=bbbbbbb"];
    let signals = ["flux-east aaaaaaa1 applied 30", "flux-lab bbbbbbb2 applied 10"];
    let all = with_clusters(&[prod, rule("dev", &[], &[])], &rows, HISTORY_OF_FIVE, &signals);
    expect_test::expect![[r#"
        api prod: Clusters -/v2+0/- on 0 of 1, at Some(Sync) since 10:03
            east pending - since 11:30 missing Some(1) failed - None
        api dev: Clusters v1/-+0/- on 1 of 1
            lab synced v1 since 11:10 missing Some(0) failed - None
    "#]]
    .assert_eq(&draw_clusters(&all));
    let header = |name: &str| {
        let all = all.1.of_ring(&all.0, all.0.rings().find(name).unwrap());
        let each =
            all.iter().map(|c| format!("{} {} {:?} {:?}", c.sync.cluster, c.state.as_str(), c.behind, c.commits));
        each.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(header("prod"), "east pending Some(1) Some(4)");
    assert_eq!(header("dev"), "lab synced Some(0) Some(3)", "prod names the other one");
}
