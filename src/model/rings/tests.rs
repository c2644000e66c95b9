pub(in crate::model) mod anew;
mod clusters;
mod follow;

use std::time::Duration;

use super::*;
use crate::model::{
    store::{Slot, Store},
    sync::Syncs,
};
use crate::support::rows::{RowBuilder, board_of, ring_rule, store_of};
use crate::{
    config::RingRule,
    domain::{project::ProjectId, time::Timestamp},
    storage::row::Field,
};

fn rule(name: &str, aliases: &[&str], branches: &[&str]) -> RingRule {
    let boxed = |texts: &[&str]| texts.iter().map(|t| Box::from(*t)).collect();
    RingRule { aliases: boxed(aliases), branches: boxed(branches), ..ring_rule(name) }
}

/// A store of rows written as `key service ring minute tag column=value…`.
fn store(rules: &[RingRule], rows: &[&str]) -> Store {
    let row = |(n, line): (usize, &&str)| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let row = RowBuilder::of(&words[4..].join(" ")).with(Field::RowKey, format!("k{n}"));
        let row = row.with(Field::Timestamp, format!("2026-11-01T10:{}:00Z", words[2]));
        let texts = [(Field::Service, words[0]), (Field::Env, words[1]), (Field::ImageTag, words[3])];
        texts.into_iter().filter(|(_, text)| *text != "-").fold(row, |row, (field, text)| row.with(field, text))
    };
    store_of(rules, rows.iter().enumerate().map(row))
}

/// The board as text: a line a service, `running/next+more/failed~edited<drift` a ring.
fn draw(store: &Store) -> String {
    let board = board_of(store, &Syncs::default());
    let name = |slot: Option<Slot>| slot.map_or("-", |s| store.at(s).text(Field::ImageTag));
    let mut out = String::new();
    for ring in &board.rings {
        out += &format!("{}[{}] ", store.rings().name(ring.ring), ring.branches.join(","));
    }
    for row in &board.services {
        out += &format!("\n{}:", store.service_name(row.service));
        for cell in &row.cells {
            out += &format!(" {}/{}+{}/{}", name(cell.running), name(cell.next), cell.more_next, name(cell.failed));
            if cell.edited.is_some() {
                out += "~";
            }
            if let Some(drift) = cell.drift {
                out += &format!("<{:?}@{}", drift.deployments, drift.by.unwrap().as_secs() / 60);
            }
        }
        if row.unplaced.is_some() {
            out += &format!(" unplaced {}", name(row.unplaced));
        }
    }
    out
}

#[test]
fn places() {
    let store = store(
        &[],
        &[
            "api dev 01 v1 manifestCommitId=aaaaaaa branch=develop",
            "api dev 02 v2 manifestCommitId=bbbbbbb branch=develop",
            "api dev 03 v3 p1=1 p1Status=failed",
            "api dev 04 v4 p1=1 p1Status=running",
            "api dev 05 v5 p1=1 p1Status=queued",
            "api dev 06 v6 p1=1 p1Status=canceled",
            "api prod 03 v1 manifestCommitId=ccccccc branch=main",
            "web dev 01 w1 p1=1 p1Status=failed",
            "web - 09 w2 p1=1 p1Status=running",
        ],
    );
    expect_test::expect![[r"
        dev[develop] prod[main] 
        api: v2/v5+1/v3 v1/-+0/-<Some(1)@1
        web: -/-+0/w1 -/-+0/- unplaced w2"]]
    .assert_eq(&draw(&store));
}

#[test]
fn drift_needs_a_newer_version_before_it() {
    let store = store(
        &[],
        &[
            "level dev 01 v1 manifestCommitId=aaaaaaa",
            "level prod 05 V1 manifestCommitId=aaaaaab",
            "behind dev 01 v1 manifestCommitId=aaaaaac",
            "behind prod 02 v1 manifestCommitId=aaaaaad",
            "behind dev 20 v2 manifestCommitId=aaaaaae",
            "behind dev 30 v3 manifestCommitId=aaaaaaf",
            "hotfix dev 01 v1 manifestCommitId=aaaaab0",
            "hotfix prod 09 v1-fix manifestCommitId=aaaaab1",
            "strange prod 01 x manifestCommitId=aaaaab2",
            "strange dev 02 y manifestCommitId=aaaaab3",
        ],
    );
    expect_test::expect![[r"
        dev[] prod[] 
        behind: v3/-+0/- v1/-+0/-<Some(2)@29
        hotfix: v1/-+0/- v1-fix/-+0/-
        level: v1/-+0/- V1/-+0/-
        strange: y/-+0/- x/-+0/-<None@1"]]
    .assert_eq(&draw(&store));
}

#[test]
fn manual_edits() {
    let store = store(
        &[],
        &[
            "api prod 01 v1 manifestCommitId=aaaaaaa",
            "api prod 02 - p3=1 manifestCommitId=aaaaaab",
            "traefik prod 03 - p3=2 manifestCommitId=aaaaaac",
        ],
    );
    expect_test::expect![[r"
        prod[] 
        api: v1/-+0/-~
        traefik: /-+0/-"]]
    .assert_eq(&draw(&store));
}

#[test]
fn promotion_order() {
    #[track_caller]
    fn check(rules: &[RingRule], envs: &[&str], expect: &str) {
        let rows: Vec<String> = envs.iter().enumerate().map(|(i, e)| format!("s {e} {i:02} v p1=1")).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let store = store(rules, &rows);
        let board = board_of(&store, &Syncs::default());
        let got: Vec<&str> = board.rings.iter().map(|r| store.rings().name(r.ring)).collect();
        assert_eq!(got.join(" "), expect);
    }
    check(&[], &["master", "fix-1", "qa", "dev", "staging", "canary"], "dev qa staging canary master fix-1");
    check(&[], &["prod-west", "prod-east", "dev10", "dev9", "old", "new"], "dev9 dev10 prod-east prod-west new old");
    check(&[], &["Prod", "PROD", "prod"], "PROD");
    check(&[], &["dev-login-page-rewrite", "prod"], "prod dev-login-page-rewrite");
    let rules = [rule("b", &[], &[]), rule("a", &["Alpha"], &[]), rule("idle", &[], &[])];
    check(&rules, &["alpha", "B", "dev", "x"], "b a idle dev x");
}

#[test]
fn a_row_without_ring_goes_where_its_branch_goes() {
    let rules = [rule("dev", &[], &["develop"])];
    let store = store(&rules, &["api - 01 v1 p1=1 p1Status=running branch=refs/heads/Develop"]);
    expect_test::expect![[r"
        dev[Develop] 
        api: -/v1+0/-"]]
    .assert_eq(&draw(&store));
}

#[test]
fn left_over_feature_rings() {
    use crate::domain::time::days;
    let rules = [rule("kept", &[], &[])];
    let rows = ["api kept 01 v1 p1=1", "api fix-login 01 v1 p1=1", "api prod 01 v1 p1=1"];
    let store = store(&rules, &rows);
    let board = board_of(&store, &Syncs::default());
    let now = Timestamp::parse("2026-11-15T10:01:00Z").unwrap();
    let ask = |name: &str, end: Option<BranchEnd>, idle: u64| {
        let column = board.rings.iter().find(|r| store.rings().name(r.ring) == name).unwrap();
        left_over(&store, column, end, Some(days(idle)), now)
    };
    assert_eq!(ask("fix-login", None, 15), None);
    assert_eq!(left_over(&store, board.rings.last().unwrap(), None, None, now), None, "nobody asked");
    assert_eq!(ask("fix-login", None, 14), Some(LeftOver::Idle(days(14))));
    assert_eq!(ask("fix-login", Some(BranchEnd::Merged), 15), Some(LeftOver::Branch(BranchEnd::Merged)));
    assert_eq!(ask("kept", Some(BranchEnd::Gone), 1), None);
    assert_eq!(ask("prod", Some(BranchEnd::Gone), 1), None);
}

#[test]
fn drift_counts_commits_where_somebody_has() {
    use crate::domain::id::CommitId;
    let store = store(
        &[],
        &[
            "api dev 01 v1 manifestCommitId=aaaaaaa commitId=1111111",
            "api prod 02 v1 manifestCommitId=bbbbbbb commitId=1111111",
            "api dev 03 v2 manifestCommitId=ccccccc commitId=2222222",
        ],
    );
    let mut syncs = Syncs::default();
    let commits = |syncs: &Syncs| board_of(&store, syncs).services[0].cells[1].drift.unwrap().commits;
    assert_eq!(commits(&syncs), None);
    syncs.set_commit_count(ProjectId::at(0), &CommitId::new("1111111").unwrap(), &CommitId::new("2222222").unwrap(), 7);
    assert_eq!(commits(&syncs), Some(7));
}

#[test]
fn commits_are_worth_counting_where_a_ring_lags() {
    let rules = [rule("dev", &[], &[]), rule("qa", &[], &[]), rule("prod", &[], &[])];
    let store = store(
        &rules,
        &[
            "api dev 03 v3 manifestCommitId=aaaaaa3",
            "api prod 02 v2 manifestCommitId=aaaaaa2",
            "web dev 01 v1 manifestCommitId=aaaaaa1",
            "web prod 04 v1 manifestCommitId=aaaaaa4",
            "old prod 05 v1 manifestCommitId=aaaaaa5",
        ],
    );
    let board = board_of(&store, &Syncs::default());
    let tag = |slot: Slot| store.at(slot).text(Field::ImageTag).to_owned();
    let spans: Vec<String> = board.spans().map(|(old, new)| format!("{}..{}", tag(old), tag(new))).collect();
    assert_eq!(spans, ["v2..v3"]);
}

#[test]
fn why_a_ring_is_left_over_has_a_word() {
    let all = [
        LeftOver::Branch(BranchEnd::Merged),
        LeftOver::Branch(BranchEnd::Gone),
        LeftOver::Idle(Duration::from_secs(1)),
    ];
    assert_eq!(all.map(LeftOver::as_str), ["merged", "gone", "idle"]);
}

#[test]
fn numbers_of_builds_decide_what_went_out_last_where_rows_have_only_when_they_were_written() {
    #[track_caller]
    fn check(rows: &[&str], running: Option<&str>, may_be: Option<&str>) {
        let store = store(&[], rows);
        let board = board_of(&store, &Syncs::default());
        let tag = |slot: Option<Slot>| slot.map(|slot| store.at(slot).text(Field::ImageTag));
        let cell = &board.services[0].cells[0];
        assert_eq!((tag(cell.running), tag(cell.may_be)), (running, may_be), "{rows:?}");
    }
    // A table that was copied backwards.
    let backwards = [
        "api prod 01 1f0 p1=7003 manifestCommitId=aaaaaa3",
        "api prod 02 8c2 p1=7002 manifestCommitId=aaaaaa2",
        "api prod 03 e77 p1=7001 manifestCommitId=aaaaaa1",
    ];
    check(&backwards, Some("1f0"), None);
    // One of which a forge has the time, and one that it no longer has, whose row was repaired lately.
    let repaired = [
        "api prod 01 new p1=7102 p3End=2026-10-12T10:00:00Z manifestCommitId=aaaaaa2",
        "api prod 03 old p1=5102 manifestCommitId=aaaaaa1",
    ];
    check(&repaired, Some("new"), None);
    // An old build that was published again.
    let again = [
        "api prod 01 new p1=7102 p3=9001 manifestCommitId=aaaaaa2",
        "api prod 03 old p1=5102 p3=9002 manifestCommitId=aaaaaa1",
    ];
    check(&again, Some("old"), None);
    // Nothing to compare by.
    let strange = [
        "api prod 01 timed p3End=2026-10-12T10:00:00Z manifestCommitId=aaaaaa2",
        "api prod 03 written manifestCommitId=aaaaaa1",
    ];
    check(&strange, Some("written"), Some("timed"));
    // What runs now is no less new for that.
    let running = [
        "api prod 01 new p1=7102 manifestCommitId=aaaaaa2",
        "api prod 03 old p1=5102 manifestCommitId=aaaaaa1",
        "api prod 02 next p1=7103 p1Status=running",
    ];
    check(&running, Some("new"), None);
}
