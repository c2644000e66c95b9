use super::*;
use crate::model::{assemble, sync::Syncs};
use crate::storage::row::Field;
use crate::support::rows::{RowBuilder, board_of, store_of};

/// A store of rows `minute service ring tag column=value…`, `_` for a blank.
fn store(rows: &[&str]) -> Store {
    let row = |(n, line): (usize, &&str)| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let row = RowBuilder::of(&words[4..].join(" ")).with(Field::RowKey, format!("k{n}"));
        let row = row.with(Field::Timestamp, format!("2026-11-{}T10:00:00Z", words[0]));
        let row = row.with(Field::Service, words[1]).with(Field::Env, words[2]).with(Field::ImageTag, words[3]);
        row.with(Field::ManifestCommitId, format!("{n:07}"))
    };
    store_of(&[], rows.iter().enumerate().map(row))
}

const ROWS: [&str; 13] = [
    "01 api dev v1 commitId=1111111 sourceRepo=contoso/api",
    "02 api prod v1 commitId=1111111 sourceRepo=contoso/api",
    "03 api dev v2 commitId=2222222 commitMessage=Ask_[twice] authorName=Mara_Lind pr=12 \
     prUrl=https://forge.example/pr/12(a) sourceRepo=contoso/api",
    "04 api dev v3 commitId=3333333 commitMessage=Fix_*it* authorName=Jun_Sato sourceRepo=contoso/api",
    "05 api dev v3 commitId=3333333 sourceRepo=contoso/api",
    "01 level dev v1",
    "02 level prod V1",
    "01 hotfix dev v1 commitId=1111111 sourceRepo=contoso/hotfix",
    "02 hotfix prod v1 commitId=1111111 sourceRepo=contoso/hotfix",
    "03 hotfix prod v1-fix commitId=4444444 sourceRepo=contoso/other",
    "01 new dev v1",
    "01 old prod v1",
    "01 elsewhere qa v1",
];

#[test]
fn two_rings() {
    let mut rows = ROWS.to_vec();
    rows.extend(["03 strange dev a", "01 strange prod b", "02 strange dev c"]);
    let store = store(&rows);
    let board = board_of(&store, &Syncs::default());
    let ring = |name: &str| store.rings().find(name).unwrap();
    let tag = |slot: Slot| store.at(slot).text(Field::ImageTag);
    let draw = |first: &str, second: &str| {
        let all = compare(&store, &board, ring(first), ring(second)).unwrap();
        let mut out = String::new();
        for d in &all.services {
            let between: Vec<&str> = d.between.iter().map(|&slot| tag(slot)).collect();
            let days = d.by.map_or(0, |by| by.as_secs() / 86_400);
            let partly = if d.is_partial { " or more" } else { "" };
            out += &format!("{}: {:?}", store.service_name(d.service), d.lag);
            out += &format!(" {} {}", d.first.map_or("-", tag), d.second.map_or("-", tag));
            out += &format!(" [{}{partly}] {days} days", between.join(" "));
            if let Some((older, newer)) = d.span() {
                out += &format!(", {} to {}", tag(older), tag(newer));
            }
            if let Some(range) = &d.range {
                out += &format!(", {} {}..{}", range.repository, range.from, range.to);
            }
            out.push('\n');
        }
        out
    };
    expect_test::expect![[r#"
        api: Behind v3 v1 [v3 v2] 4 days, v1 to v3, contoso/api 1111111..3333333
        hotfix: Ahead v1 v1-fix [v1-fix] 1 days, v1 to v1-fix
        level: Same v1 V1 [] 0 days
        new: OnlyFirst v1 - [] 0 days
        old: OnlySecond - v1 [] 0 days
        strange: Other a b [a c or more] 2 days, b to a
    "#]]
    .assert_eq(&draw("dev", "prod"));
    expect_test::expect![[r#"
        api: Ahead v1 v3 [v3 v2] 4 days, v1 to v3, contoso/api 1111111..3333333
        hotfix: Behind v1-fix v1 [v1-fix] 1 days, v1 to v1-fix
        level: Same V1 v1 [] 0 days
        new: OnlySecond - v1 [] 0 days
        old: OnlyFirst v1 - [] 0 days
        strange: Other b a [ or more] 0 days, a to b
    "#]]
    .assert_eq(&draw("prod", "dev"));
    assert_eq!(compare(&store, &board, ring("dev"), RingSym::at(99)), None);
}

#[test]
fn release_notes() {
    let store = store(&ROWS);
    let board = board_of(&store, &Syncs::default());
    let ring = |name: &str| store.rings().find(name).unwrap();
    let all = compare(&store, &board, ring("dev"), ring("prod")).unwrap();
    let notes = all.to_markdown(&store, &|slot| assemble::assemble(&store, slot, Vec::new()));
    expect_test::expect![[r#"
        # In dev, not in prod

        ## api: v1 → v3

        prod is 2 versions and 4 d behind.

        - **v3** (3333333)
        - **v2**: Ask \[twice\] (2222222) by Mara Lind, pull request [12](https://forge.example/pr/12%28a%29)

        ## Newer in prod

        - hotfix: v1 in dev, v1-fix in prod

        ## Not yet in prod

        - new: v1

        ## Only in prod

        - old: v1

        ## The same in both

        - level: v1 in dev, V1 in prod
    "#]]
    .assert_eq(&notes);
}

#[test]
fn markdown_shows_data_as_it_is() {
    assert_eq!(
        escape_markdown("a*b_c [x](y) <b> #1 | ` \\ !\n"),
        "a\\*b\\_c \\[x\\](y) \\<b\\> \\#1 \\| \\` \\\\ \\! "
    );
    assert_eq!(address("https://x/(a)<b>"), "https://x/%28a%29%3Cb%3E");
}

#[test]
fn images_are_compared_by_their_digests() {
    #[track_caller]
    fn check(dev: &str, prod: &str, expect: &str) {
        let rows = [format!("01 api dev {dev}"), format!("02 api prod {prod}")];
        let store = store(&rows.each_ref().map(String::as_str));
        let board = board_of(&store, &Syncs::default());
        let ring = |name: &str| store.rings().find(name).unwrap();
        let all = compare(&store, &board, ring("dev"), ring("prod")).unwrap();
        let lags: Vec<String> = all.services.iter().map(|d| format!("{:?}", d.lag)).collect();
        assert_eq!(lags.join(" "), expect, "{dev} {prod}");
    }
    check("r/api:v5@sha256:1f0aa", "r/api:v5@sha256:1f0aa", "Same");
    check("r/api:v5@sha256:1f0aa", "mirror/api:final@sha256:1F0AA", "Same");
    check("r/api:v5@sha256:1f0aa", "r/api:v5", "Same");
    check("r/api:v5@sha256:1f0aa", "r/api:v5@sha256:8c200", "Other");
}
