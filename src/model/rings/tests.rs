use super::*;
use crate::{
    config::RingRule,
    domain::id::{ProjectName, RingName},
    storage::row::Row,
};

fn rule(name: &str, aliases: &[&str], branches: &[&str]) -> RingRule {
    let boxed = |texts: &[&str]| texts.iter().map(|t| Box::from(*t)).collect();
    RingRule {
        name: RingName::new(name).unwrap(),
        title: None,
        aliases: boxed(aliases),
        branches: boxed(branches),
        clusters: Vec::new(),
    }
}

/// A store of rows written as `key service ring minute tag column=value…`.
fn store(rules: &[RingRule], rows: &[&str]) -> Store {
    let mut store = Store::new(vec![ProjectName::new("p").unwrap()], RingNames::new(rules));
    for (n, line) in rows.iter().enumerate() {
        let mut row = Row::default();
        row.set(Field::RowKey, format!("k{n}"));
        let mut words = line.split_whitespace();
        for field in [Field::Service, Field::Env, Field::Timestamp, Field::ImageTag] {
            let word = words.next().unwrap();
            match field {
                Field::Timestamp => row.set(field, format!("2026-11-01T10:{word}:00Z")),
                _ if word == "-" => {}
                _ => row.set(field, word),
            }
        }
        for pair in words {
            let (column, text) = pair.split_once('=').unwrap();
            row.set(Field::from_column(column).unwrap(), text);
        }
        store.put(0, &row);
    }
    store.settle();
    store
}

/// The board as text: a line a service, `running/next+more/failed~edited<drift` a ring.
fn draw(store: &Store) -> String {
    let board = Board::of(store);
    let name = |slot: Option<Slot>| slot.map_or("-", |s| store.at(s).text(Field::ImageTag));
    let mut out = String::new();
    for ring in &board.rings {
        out += &format!("{}[{}] ", store.rings().name(ring.ring), ring.branches.join(","));
    }
    for row in &board.services {
        out += &format!("\n{}:", store.symbols(Field::Service).text(row.service));
        for cell in &row.cells {
            out += &format!(" {}/{}+{}/{}", name(cell.running), name(cell.next), cell.more_next, name(cell.failed));
            if cell.edited.is_some() {
                out += "~";
            }
            if let Some(drift) = cell.drift {
                out += &format!("<{:?}@{}", drift.deployments, drift.by.as_secs() / 60);
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
        let board = Board::of(&store);
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
