//! The sample as its readers see it: through requests and answers alone.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    time::Duration,
};

use super::*;
use crate::{
    domain::{id::is_same_commit, link::Link},
    storage::{
        sample::request_rows,
        span::{Cursor, Span},
    },
};

type Row = BTreeMap<String, String>;

fn start() -> Timestamp {
    Timestamp::parse("2026-11-23T09:30:12.345Z").unwrap()
}

fn after(seconds: i64) -> Timestamp {
    Timestamp::from_millis(start().millis() + seconds * 1000)
}

/// All rows of a span, page by page. That they parse shows that every value is text.
fn read_span(demo: &Demo, span: &Span, now: Timestamp) -> Vec<Row> {
    #[derive(serde::Deserialize)]
    struct Body {
        value: Vec<Row>,
    }
    let (mut rows, mut cursor) = (Vec::new(), Cursor::Start);
    loop {
        let response = demo.answer(&request_rows(span, &cursor), now);
        assert_eq!(response.status, 200);
        let page = serde_json::from_slice::<Body>(&response.body).unwrap().value;
        assert!(page.len() <= 1000);
        rows.extend(page);
        let Some(partition) = response.header("next") else { return rows };
        cursor = Cursor::Token { partition: partition.to_owned(), row: None };
    }
}

fn read(demo: &Demo, now: Timestamp) -> Vec<Row> {
    read_span(demo, &Span::default(), now)
}

fn get<'a>(row: &'a Row, column: &str) -> &'a str {
    row.get(column).map_or("", String::as_str)
}

fn changed(row: &Row) -> Timestamp {
    Timestamp::parse(get(row, "Timestamp")).unwrap()
}

fn is_sync(row: &Row) -> bool {
    get(row, "kind") == "sync"
}

/// What a reader makes of a row: only a few words, in the order in which they decide.
fn status(row: &Row) -> &'static str {
    let any = |word: &str| ["p1Status", "p2Status", "p3Status"].iter().any(|column| get(row, column) == word);
    match get(row, "prState") {
        _ if any("failed") => "failed",
        _ if any("canceled") => "canceled",
        "abandoned" => "canceled",
        "open" => "waiting",
        _ if any("running") => "running",
        _ if any("queued") => "queued",
        _ if row.contains_key("manifestCommitId") => "succeeded",
        _ if row.contains_key("p3") || row.contains_key("p2") && !row.contains_key("hldCommitId") => "unknown",
        _ => "incomplete",
    }
}

fn count_by(rows: &[Row], of: impl Fn(&Row) -> String) -> BTreeMap<String, usize> {
    rows.iter().fold(BTreeMap::new(), |mut counts, row| {
        *counts.entry(of(row)).or_default() += 1;
        counts
    })
}

#[test]
fn the_same_start_makes_the_same_story() {
    for count in [None, Some(0), Some(7), Some(1200)] {
        let (one, other) = (Demo::new(count, start()), Demo::new(count, start()));
        for now in [start(), after(600)] {
            assert_eq!(read(&one, now), read(&other, now));
        }
    }
}

#[test]
fn the_sample_shows_every_status() {
    let rows = read(&Demo::new(None, start()), start());
    let (sync, deployments): (Vec<_>, Vec<_>) = rows.into_iter().partition(is_sync);
    assert!((60..=80).contains(&deployments.len()), "{}", deployments.len());
    let counts = count_by(&deployments, |row| status(row).to_owned());
    let expect = [
        ("canceled", 3),
        ("failed", 6),
        ("incomplete", 3),
        ("queued", 1),
        ("running", 4),
        ("succeeded", 54),
        ("unknown", 3),
        ("waiting", 2),
    ];
    assert_eq!(counts, expect.map(|(word, n)| (word.to_owned(), n)).into());
    let states = count_by(&sync, |row| get(row, "syncState").to_owned());
    assert_eq!(states, [("applied".to_owned(), 4), ("failed".to_owned(), 1)].into());
    // Each of the three pipelines runs somewhere, and each has failed somewhere.
    for column in ["p1Status", "p2Status", "p3Status"] {
        for word in ["running", "failed", "succeeded"] {
            assert!(deployments.iter().any(|row| get(row, column) == word), "{column} {word}");
        }
    }
    let waits: BTreeSet<_> = deployments
        .iter()
        .filter(|row| status(row) == "waiting")
        .map(|row| start().since(Timestamp::parse(get(row, "prCreatedAt")).unwrap()).as_secs() / 60)
        .collect();
    assert_eq!(waits, [26, 12 * 60].into());
}

#[test]
fn production_is_changed_by_approval_alone() {
    for count in [None, Some(3000)] {
        let rows = read(&Demo::new(count, start()), start());
        for row in rows.into_iter().filter(|row| get(row, "env") == "master") {
            let full = row.contains_key("authorName");
            if row.contains_key("p3") {
                assert!(row.contains_key("pr"), "{row:?}");
                assert!(!full || !get(&row, "mergedBy").is_empty() && get(&row, "mergedBy") != get(&row, "authorName"));
            }
        }
    }
}

#[test]
fn manual_edits_have_no_image() {
    let rows = read(&Demo::new(None, start()), start());
    let edits: Vec<_> = rows.iter().filter(|row| !is_sync(row) && !row.contains_key("p1")).collect();
    assert_eq!(edits.len(), 6);
    for row in edits {
        for column in ["p2", "imageTag", "commitId", "sourceRepo"] {
            assert!(!row.contains_key(column), "{row:?}");
        }
        assert!(row.contains_key("p3") && row.contains_key("manifestCommitId") && row.contains_key("authorName"));
    }
}

#[test]
fn bare_rows_are_what_bedrock_writes() {
    let rows = read(&Demo::new(None, start()), start());
    let bare: Vec<_> = rows.iter().filter(|row| !is_sync(row) && !row.contains_key("authorName")).collect();
    assert!((10..25).contains(&bare.len()), "{}", bare.len());
    const KNOWN: [&str; 15] = [
        "PartitionKey",
        "RowKey",
        "Timestamp",
        "p1",
        "p2",
        "p3",
        "commitId",
        "imageTag",
        "service",
        "env",
        "hldCommitId",
        "manifestCommitId",
        "pr",
        "sourceRepo",
        "hldRepo",
    ];
    for (column, value) in bare.iter().copied().flatten() {
        assert!(KNOWN.contains(&column.as_str()) || column == "manifestRepo", "{column}");
        assert!(column == "Timestamp" || *value == value.to_lowercase(), "{value}");
        assert!(!column.ends_with("CommitId") || value.len() == 7, "{value}");
        assert!(!column.ends_with("Repo") || value.starts_with("github.com/contoso/"), "{value}");
    }
    assert!(bare.iter().any(|row| get(row, "service").starts_with("contoso/")));
}

#[test]
fn links_are_links_and_nobody_has_a_picture() {
    for row in read(&Demo::new(Some(2000), start()), start()).iter().chain(&read(&Demo::new(None, start()), start())) {
        for (column, value) in row {
            assert!(!value.is_empty(), "{column} {row:?}");
            assert!(!column.ends_with("Url") || Link::new(value).is_some(), "{column} {value}");
            assert!(!column.ends_with("Image"), "{column}");
        }
        assert_eq!(get(row, "RowKey").starts_with("sync-"), is_sync(row));
    }
}

#[test]
fn clusters_report_manifests_that_were_published() {
    for count in [None, Some(3000)] {
        let rows = read(&Demo::new(count, start()), start());
        let cluster = |name: &str| rows.iter().find(|row| get(row, "cluster") == name).unwrap();
        let ended = |row: &&Row| (get(row, "p3End").to_owned(), get(row, "manifestCommitId").to_owned());
        let mut published: Vec<_> =
            rows.iter().filter(|row| get(row, "p3Status") == "succeeded").map(|r| ended(&r)).collect();
        published.sort();
        let newest = &published.last().unwrap().1;
        let is_at = |name: &str| is_same_commit(get(cluster(name), "syncCommit"), newest);
        // In a generated sample the newest manifests may be younger than the clusters' lag.
        assert!(count.is_some() || is_at("dev-1") && is_at("prod-east"));
        assert_eq!(get(cluster("lab"), "syncState"), "failed");

        // Newer than what prod-west runs are exactly two manifests of production.
        let west = get(cluster("prod-west"), "syncCommit");
        let mut production: Vec<_> = rows
            .iter()
            .filter(|row| get(row, "env") == "master" && get(row, "p3Status") == "succeeded")
            .map(|r| ended(&r))
            .collect();
        production.sort();
        assert_eq!(production.iter().rev().position(|(_, commit)| is_same_commit(commit, west)), Some(2));
    }
}

#[test]
fn clusters_follow() {
    let demo = Demo::new(None, start());
    let commit = |name: &str, now| {
        let rows = read(&demo, now);
        let row = rows.iter().find(|row| get(row, "RowKey") == format!("sync-{name}")).unwrap();
        get(row, "syncCommit").to_owned()
    };
    assert_eq!(commit("dev-1", start()), commit("prod-east", start()));
    for name in ["dev-1", "prod-east"] {
        assert_ne!(commit(name, start()), commit(name, after(3600)), "{name}");
    }
    assert_eq!(commit("prod-west", start()), commit("prod-west", after(3600)));
}

#[test]
fn every_page_once() {
    for count in [0, 1, 999, 1000, 1001, 2500] {
        let demo = Demo::new(Some(count), start());
        let rows = read(&demo, start());
        assert_eq!(rows.iter().filter(|row| !is_sync(row)).count(), count as usize);
        assert!(rows.is_sorted_by(|a, b| get(a, "RowKey") < get(b, "RowKey")), "{count}");

        #[track_caller]
        fn check(demo: &Demo, span: &Span, rows: &[Row], keep: impl Fn(&Row) -> bool) {
            let expect: Vec<_> = rows.iter().filter(|row| keep(row)).cloned().collect();
            assert_eq!(read_span(demo, span, start()), expect, "{span:?}");
            let keys_only = read_span(demo, &Span { keys_only: true, ..span.clone() }, start());
            assert!(keys_only.iter().map(|row| get(row, "RowKey")).eq(expect.iter().map(|row| get(row, "RowKey"))));
            assert!(keys_only.iter().all(|row| row.len() == 2));
        }
        let newest = rows.iter().map(changed).max().unwrap_or(start());
        for (from, to) in [(0, 1), (60, 7_200), (0, 700_000), (100_000, 10_000_000)] {
            let (low, high) = (after(-to), after(-from));
            let span = Span { since: Some(low), before: Some(high), ..Span::default() };
            check(&demo, &span, &rows, |row| changed(row) >= low && changed(row) < high);
        }
        let newer = Span { since: Some(newest + Duration::from_millis(1)), ..Span::default() };
        check(&demo, &newer, &rows, |_| false);
        for (low, high) in [("", "~"), ("4", "8"), ("sync-", "sync."), ("0", "1"), ("x", "y")] {
            let span = Span { from_key: Some(low.to_owned()), to_key: Some(high.to_owned()), ..Span::default() };
            check(&demo, &span, &rows, |row| get(row, "RowKey") >= low && get(row, "RowKey") < high);
        }
    }
}

/// A reader that asks for what has changed since it last asked must not miss anything.
#[test]
fn what_changes_has_a_new_timestamp() {
    for count in [None, Some(150)] {
        let demo = Demo::new(count, start());
        let mut before: BTreeMap<String, Row> = BTreeMap::new();
        let mut changes = 0;
        let moments = (0..2_400).step_by(9).chain((2_400..50_000).step_by(600)).chain([10_000_000]);
        for seconds in moments {
            let now = after(seconds);
            for row in read(&demo, now) {
                assert!(changed(&row) <= now, "{row:?}");
                if let Some(old) = before.get(get(&row, "RowKey")).filter(|old| **old != row) {
                    assert!(changed(old) < changed(&row), "{old:?}\n{row:?}");
                    changes += 1;
                }
                before.insert(get(&row, "RowKey").to_owned(), row);
            }
        }
        assert!(changes > 20, "{changes}");
        let rows: Vec<_> = before.into_values().collect();
        let counts = count_by(&rows, |row| status(row).to_owned());
        assert!(!counts.contains_key("running") && !counts.contains_key("queued"), "{counts:?}");
        // Nothing stands before the start but what stood at the start.
        assert_eq!(read(&demo, after(-100_000)), read(&demo, start()));
    }
}

#[test]
fn a_generated_sample_is_a_busy_team() {
    let rows = read(&Demo::new(Some(6000), start()), start());
    let distinct = |column: &str| {
        rows.iter()
            .map(|row| get(row, column).trim_start_matches("contoso/").to_owned())
            .filter(|value| !value.is_empty())
            .collect::<HashSet<_>>()
            .len()
    };
    assert_eq!((distinct("service"), distinct("env")), (24, 12));
    let counts = count_by(&rows, |row| status(row).to_owned());
    for (word, range) in [
        ("queued", 1..8),
        ("running", 2..12),
        ("waiting", 3..25),
        ("failed", 300..700),
        ("canceled", 80..400),
        ("incomplete", 60..300),
        ("unknown", 60..300),
        ("succeeded", 4500..5600),
    ] {
        assert!(range.contains(&counts[word]), "{word} {counts:?}");
    }
    let oldest = rows.iter().map(changed).min().unwrap();
    assert!((30..40).contains(&(start().since(oldest).as_secs() / 86_400)));

    let few = read(&Demo::new(Some(600), start()), start());
    let distinct = |column: &str| few.iter().map(|row| get(row, column)).collect::<HashSet<_>>().len();
    assert!(distinct("env") <= 5 && distinct("service") <= 13);
}

#[test]
fn a_generated_sample_weighs_eight_bytes_each() {
    let demo = Demo::new(Some(100_000), start());
    assert_eq!(demo.world.weight(), 800_000);
    assert!(Demo::new(Some(u32::MAX), start()).world.weight() <= 8 * Demo::MOST as usize);
}

#[test]
fn its_configuration_names_it() {
    let config = Demo::config(None).unwrap();
    assert_eq!(config.projects.iter().map(|p| &p.storage).collect::<Vec<_>>(), [&Storage::Sample]);
}
