//! The first read: recent rows first, all of them in the end.

use std::time::Duration;

use ringside::{
    domain::{
        problem::{ProblemKind, Severity},
        project::ProjectId,
    },
    engine::{Input, rows::IN_FLIGHT},
    http::{NetError, Response},
};

use crate::{
    harness::{DAY, Harness, MINUTE, SAS, START, Sent, after, config, deployment, hex_key, project, seconds, secret},
    service::Headers,
    support::rows::{RowBuilder, Value},
};

#[test]
fn a_small_table_takes_three_questions_the_recent_rows_first() {
    let mut harness = Harness::new().rows(10, DAY).rows(20, 40 * DAY);
    assert_eq!(harness.rebuild(), 3);
    harness.check();
    let from = |sent: &crate::harness::Sent| sent.filter().split('\'').nth(3).unwrap().to_owned();
    // The second shows once and for all whether a next page would be named.
    assert!(
        harness.sent[0].is_since() && harness.sent[1].is_proof() && harness.sent[2].is_rest(),
        "{:?}",
        harness.sent
    );
    assert_eq!(from(&harness.sent[0]), from(&harness.sent[2]), "the rest ends where the recent begins");
}

#[test]
fn where_headers_are_hidden_each_end_costs_one_question_more_and_a_note_shows_so() {
    let mut harness = Harness::new().rows(10, DAY).headers(Headers::Hidden);
    // The recent rows, nothing behind them, nothing before them.
    assert_eq!(harness.rebuild(), 3);
    harness.check();
    assert_eq!(harness.problems(), [(ProblemKind::Truncated, Severity::Note)]);
    let mut exposed = Harness::new().rows(10, DAY);
    exposed.rebuild();
    assert_eq!(exposed.problems(), []);
}

#[test]
fn no_row_is_missed_where_only_other_headers_are_exposed() {
    let mut harness = Harness::new().rows(2_500, 40 * DAY).headers(Headers::IdAlone);
    harness.rebuild();
    harness.check();
}

#[test]
fn pages_without_rows_are_followed() {
    let mut harness = Harness::new().rows(300, DAY).rows(400, 50 * DAY);
    let service = &mut harness.tables[0].0;
    (service.moody, service.page) = (true, 5);
    harness.rebuild();
    harness.check();
    assert!(harness.sent.len() > 400 / 5, "the pages were not small");
}

#[test]
fn more_than_a_page_is_read_in_ranges_at_once_and_each_row_once() {
    for (headers, days_ago) in [Headers::Exposed, Headers::Hidden].into_iter().flat_map(|h| [(h, 1), (h, 40)]) {
        let mut harness = Harness::new().rows(7_000, days_ago * DAY).headers(headers);
        let mut most = 0;
        harness.turn();
        while harness.answer_one() {
            harness.turn();
            most = most.max(harness.waiting.len());
            assert!(harness.waiting.len() <= IN_FLIGHT);
        }
        harness.check();
        assert_eq!(most, IN_FLIGHT, "{headers:?}");
        // Seven full pages, a range's last page each, and where headers are hidden one more question each.
        assert!(harness.sent.len() <= 7 + 6 + 1 + 7, "{} questions, {headers:?}", harness.sent.len());
    }
}

#[test]
fn a_first_page_that_is_not_full_does_not_make_all_others_wait_for_one_another() {
    let mut harness = Harness::new().rows(6_000, DAY);
    let (service, world) = harness.tables[0].clone();
    let mut first = true;
    harness.answer_with(move |sent| {
        // The service ran out of time after one row.
        let page = if std::mem::take(&mut first) { 1 } else { 1000 };
        let service = crate::service::Service { page, ..service.clone() };
        Some(Ok(service.answer(&world, &sent.request, &mut crate::support::rng::Rng::new(1))))
    });
    let mut most = 0;
    harness.turn();
    while harness.answer_one() {
        harness.turn();
        most = most.max(harness.waiting.len());
    }
    harness.check();
    assert_eq!(most, IN_FLIGHT);
}

#[test]
fn a_whole_table_of_many_partitions_is_read_in_ranges() {
    for headers in [Headers::Exposed, Headers::Hidden] {
        let whole = config(vec![project("trivia", "deployments", None, Some(SAS))], Some(seconds(30)));
        let mut harness = Harness::with(whole).headers(headers);
        for n in 0..4_000 {
            let (_, row) = hex_key(n / 2);
            let at = after(-DAY).millis();
            harness.world().write(&(format!("part {}", n % 2), row), at, 0, deployment(n));
        }
        harness.rebuild();
        harness.check();
        assert!(harness.sent.len() <= 24, "{} questions", harness.sent.len());
    }
}

#[test]
fn keys_that_are_all_alike_are_read_all_the_same() {
    for headers in [Headers::Exposed, Headers::Hidden] {
        let mut harness = Harness::new().headers(headers);
        for n in 0..3_500_i64 {
            let row = format!("{:020}-it's & 100% +x", 2_517_000_000_000_i64 - n);
            harness.world().write(
                &("trivia".to_owned(), row),
                after(-n * MINUTE * 20).millis(),
                0,
                deployment(n as u64),
            );
        }
        harness.rebuild();
        harness.check();
    }
}

#[test]
fn keys_may_begin_and_end_with_blanks() {
    for headers in [Headers::Exposed, Headers::Hidden] {
        let mut harness = Harness::new().headers(headers);
        for (n, row) in [" a", "a", "a ", "a  ", "z "].into_iter().enumerate() {
            harness.write(row, deployment(n as u64));
        }
        harness.tables[0].0.page = 1;
        for _ in 0..40 {
            harness.turn();
            harness.answer_one();
        }
        assert_eq!(harness.waiting.len() + harness.turn(), 0, "it goes on for ever");
        harness.check();
    }
}

#[test]
fn what_is_drawn_first_stays_until_all_recent_rows_are_there() {
    let mut harness = Harness::new().rows(5_000, DAY).rows(7_000, 40 * DAY);
    harness.turn();
    assert!(!harness.engine.is_ready() && harness.published == 0);
    harness.answer_one();
    harness.turn();
    assert!(harness.engine.is_ready() && harness.published == 1, "the first page is drawn at once");
    while harness.waiting.iter().any(crate::harness::Sent::is_since) {
        assert_eq!(harness.published, 1, "newer rows push in above older ones");
        harness.skip(Duration::from_millis(300));
        harness.answer_one();
        harness.turn();
    }
    assert_eq!(harness.published, 2, "the recent rows are complete");
    assert_eq!(harness.engine.store().by_time().len(), 5_000);
}

#[test]
fn while_the_rest_comes_the_views_look_at_most_five_times_a_second_and_less_often_at_many_rows() {
    // The mean of the intervals between 200 ms and what the last row adds to them.
    for (rows, page, interval) in [(6_000, 50, 200), (40_000, 100, 350)] {
        let mut harness = Harness::new().rows(rows, 40 * DAY);
        harness.tables[0].0.page = page;
        harness.rebuild();
        let millis = harness.now().since(after(0)).as_millis();
        assert!(
            harness.published >= 3 && harness.published as u128 <= 3 + millis / interval,
            "{rows}: {} in {millis} ms",
            harness.published
        );
        assert_eq!(harness.engine.store().by_time().len() as u64, rows, "and the last look shows all");
    }
}

#[test]
fn progress_never_goes_back() {
    let projects = [("one", "deployments1"), ("two", "deployments2")];
    let sas = SAS.replace("tn=deployments&", "");
    let projects = projects.map(|(name, table)| project(name, table, None, Some(&sas))).to_vec();
    let mut harness = Harness::with(config(projects, Some(seconds(30))));
    for (table, rows, partitions) in [(0, 9_000, 1), (1, 3_000, 3)] {
        for n in 0..rows {
            let at = after(if n % 2 == 0 { -DAY } else { -40 * DAY }).millis();
            let key = (format!("part {}", n % partitions), hex_key(n).1);
            harness.tables[table].1.write(&key, at, 0, deployment(n));
        }
    }
    let (mut part, mut rows, mut steps) = (0.0, 0, 0);
    // The first pages are short ones: much lies behind already when it is split into ranges.
    harness.tables.iter_mut().for_each(|(service, _)| service.page = 300);
    harness.turn();
    while let Some(progress) = harness.engine.progress() {
        assert!((part..=1.0).contains(&progress.part), "from {part} to {progress:?}");
        assert!(progress.rows >= rows);
        steps += u32::from(progress.part > part);
        (part, rows) = (progress.part, progress.rows);
        assert!(harness.answer_one(), "it waits for nothing");
        harness.turn();
        if steps == 6 {
            harness.tables.iter_mut().for_each(|(service, _)| service.page = 1000);
        }
    }
    assert!(steps > 10 && part > 0.8, "{steps} steps, the last at {part}");
    harness.check();
}

#[test]
fn one_projects_long_table_does_not_hold_up_anothers_recent_rows() {
    let sas = SAS.replace("tn=deployments&", "");
    let projects = ["one", "two"].map(|name| project(name, &format!("table{name}"), None, Some(&sas))).to_vec();
    let mut harness = Harness::with(config(projects, Some(seconds(30))));
    for n in 0..16_000 {
        harness.tables[0].1.write(&hex_key(n), after(-40 * DAY).millis(), 0, deployment(n));
    }
    for n in 0..3_000 {
        harness.tables[1].1.write(&hex_key(n), after(-DAY).millis(), 0, deployment(n));
    }
    // The first is in the midst of its table when somebody wants to see the second as well.
    harness.give(Input::Projects(vec!["one".to_owned()]));
    while harness.waiting.len() < IN_FLIGHT {
        harness.turn();
        harness.answer_one();
        harness.turn();
    }
    harness.give(Input::Projects(Vec::new()));
    harness.turn();
    for _ in 0..24 {
        harness.answer_one();
        harness.turn();
    }
    let store = harness.engine.store();
    let known = |project| store.all_slots().filter(|&s| store.at(s).project() == project).count();
    assert_eq!(known(ProjectId::at(1)), 3_000, "{} of the first", known(ProjectId::at(0)));
    assert!(known(ProjectId::at(0)) < 12_000, "{} of the first", known(ProjectId::at(0)));
    harness.rebuild();
    harness.check();
}

#[test]
fn projects_that_share_an_account_share_its_limit() {
    let sas = SAS.replace("tn=deployments&", "");
    let projects = ["one", "two"].map(|name| project(name, &format!("table{name}"), None, Some(&sas))).to_vec();
    let mut harness = Harness::with(config(projects, Some(seconds(30))));
    for n in 0..10_000 {
        harness.tables[0].1.write(&hex_key(n), after(-DAY).millis(), 0, deployment(n));
        harness.tables[1].1.write(&hex_key(n), after(-DAY).millis(), 0, deployment(n));
    }
    let mut most = 0;
    harness.turn();
    while harness.answer_one() {
        harness.turn();
        most = most.max(harness.waiting.len());
    }
    assert_eq!(most, IN_FLIGHT);
    harness.check();
}

#[test]
fn a_sas_that_cannot_work_is_reported_before_anything_is_asked() {
    #[track_caller]
    fn check(sas: Option<&str>, expect: ProblemKind) {
        let projects = vec![project("trivia", "deployments", Some("trivia"), sas)];
        let mut harness = Harness::with(config(projects, Some(seconds(30)))).rows(3, DAY);
        assert_eq!(harness.pass(seconds(3_600)), 0, "{sas:?}");
        assert_eq!(harness.problems(), [(expect, Severity::Error)], "{sas:?}");
        assert!(harness.engine.is_ready(), "the page shows the problem");
        // A better one starts it.
        harness.give(Input::StorageCredential(ProjectId::at(0), Some(secret(SAS))));
        assert_eq!(harness.rebuild(), 3);
        harness.check();
        assert_eq!(harness.problems(), []);
    }
    check(None, ProblemKind::Unauthorized);
    check(Some("hello"), ProblemKind::Unauthorized);
    check(Some("tn=deployments&sp=au&se=2040-01-01&sig=x"), ProblemKind::Forbidden);
    check(Some("tn=other&sp=r&se=2040-01-01&sig=x"), ProblemKind::Forbidden);
    check(Some("tn=deployments&sp=r&se=2040-01-01&sig=a b"), ProblemKind::Unauthorized);
}

#[test]
fn a_sas_that_is_not_valid_yet_is_tried_once_and_used_when_it_is() {
    let starts = after(10 * MINUTE).to_rfc3339();
    let sas = format!("tn=deployments&sp=r&st={starts}&se=2040-01-01&sig=good%2Bsignature%3D");
    for every in [None, Some(seconds(30))] {
        let projects = vec![project("trivia", "deployments", Some("trivia"), Some(&sas))];
        let mut harness = Harness::with(config(projects, every)).rows(3, DAY);
        assert_eq!(harness.pass(seconds(599)), 1, "the service decides, once");
        let problem = &harness.all_problems()[0];
        assert_eq!((problem.kind, problem.severity), (ProblemKind::Unauthorized, Severity::Error));
        assert!(problem.what.contains("not valid before") && problem.what.contains("refuses"), "{problem:?}");
        assert_eq!(harness.wake_at(), Some(after(10 * MINUTE).millis()));
        assert_eq!(harness.pass(seconds(2)), 3);
        harness.check();
        assert_eq!(harness.problems(), []);
    }
}

#[test]
fn a_sas_that_ends_while_the_page_is_open_is_believed_when_the_service_refuses_it() {
    let ends = after(10 * MINUTE).to_rfc3339();
    let sas = format!("tn=deployments&sp=r&se={ends}&sig=good%2Bsignature%3D");
    let projects = vec![project("trivia", "deployments", Some("trivia"), Some(&sas))];
    let mut harness = Harness::with(config(projects, Some(seconds(30)))).rows(3, DAY);
    assert!(harness.pass(seconds(590)) > 10);
    assert_eq!(harness.problems(), [(ProblemKind::Expired, Severity::Warning)]);
    harness.pass(seconds(41));
    assert_eq!(harness.pass(seconds(3_600)), 0);
    assert_eq!(harness.problems()[0], (ProblemKind::Expired, Severity::Error));
    harness.check();
    // By hand it is tried once more.
    harness.give(Input::Refresh);
    assert_eq!(harness.turn(), 2);
    harness.rebuild();
    assert_eq!(harness.pass(seconds(3_600)), 0);
}

#[test]
fn this_devices_clock_never_refuses_a_sas() {
    let (starts, ends) = (after(-10 * MINUTE).to_rfc3339(), after(60 * MINUTE).to_rfc3339());
    let sas = format!("tn=deployments&sp=r&st={starts}&se={ends}&sig=good%2Bsignature%3D");
    for (wall_off, kind) in [(-20 * MINUTE, ProblemKind::Unauthorized), (180 * MINUTE, ProblemKind::Expired)] {
        let projects = vec![project("trivia", "deployments", Some("trivia"), Some(&sas))];
        let mut harness = Harness::with(config(projects, Some(seconds(30)))).rows(3, DAY);
        harness.wall_off = wall_off;
        let mut harness = harness.loaded();
        harness.write("new", deployment(1));
        harness.pass(seconds(60));
        harness.check();
        assert!(harness.problems().contains(&(kind, Severity::Warning)), "a warning it is: {:?}", harness.problems());
        assert!(harness.problems().iter().all(|(_, severity)| *severity == Severity::Warning));
    }
}

#[test]
fn one_projects_missing_sas_does_not_hold_up_another() {
    let sas = SAS.replace("tn=deployments&", "");
    let projects = ["one", "two"].map(|name| project(name, &format!("table{name}"), None, Some(&sas))).to_vec();
    let mut harness = Harness::with(config(projects, Some(seconds(30))));
    harness.tables[0].1.write(&hex_key(0), after(-DAY).millis(), 0, deployment(0));
    // Both are asked; the second's SAS is taken away before its answer comes.
    harness.turn();
    harness.give(Input::StorageCredential(ProjectId::at(1), None));
    harness.pass(seconds(10));
    let published = harness.published;
    let now = harness.timeline.now;
    harness.tables[0].1.write(&hex_key(1), now, 0, deployment(1));
    harness.pass(seconds(60));
    assert_eq!(harness.engine.store().len(), 2);
    assert_eq!(harness.published, published + 1, "a changed row of the first project is drawn");
    harness.check();
}

#[test]
fn numbers_and_nulls_in_place_of_texts_are_read() {
    let mut harness = Harness::new();
    let columns = [("p1", Value::Number(6881)), ("p2", Value::Null), ("pr", Value::from(" 12 "))];
    harness.write("one", columns.into_iter().fold(RowBuilder::default(), |row, (name, value)| row.column(name, value)));
    harness.rebuild();
    harness.check();
}

#[test]
fn on_a_slow_line_nothing_is_given_up_and_something_comes_every_ten_seconds() {
    // Of these the last page of each of six ranges is half a one, which shows as much of the connection as a whole one.
    check_slow_line(9_200);
    check_slow_line(20_000);
}

#[track_caller]
fn check_slow_line(count: u64) {
    const BYTES_A_SECOND: u64 = 200_000;
    let mut harness = Harness::new();
    for n in 0..count {
        let row = deployment(n).column("notes", "x".repeat(1_000).into());
        harness.world().write(&hex_key(n), START - DAY - n as i64, 0, row);
    }
    harness.give(Input::RefreshInterval(None));
    harness.turn();
    // All that is under way shares the line: what is left of each answer, in bytes.
    let mut left: Vec<(Sent, Result<Response, NetError>, u64)> = Vec::new();
    let (mut fetched, mut last, mut rows) = (0, harness.now(), 0);
    while harness.engine.progress().is_some() {
        for sent in std::mem::take(&mut harness.waiting) {
            let response = harness.response(&sent);
            let bytes = response.as_ref().map_or(0, |response| response.body.len() as u64);
            fetched += bytes;
            left.push((sent, response, bytes.max(1)));
        }
        let least = left.iter().map(|(_, _, left)| *left).min().unwrap_or_else(|| panic!("it waits for nothing"));
        let among = left.len() as u64;
        harness.skip(Duration::from_millis((least * among * 1_000).div_ceil(BYTES_A_SECOND)));
        let (done, still): (Vec<_>, Vec<_>) = left.into_iter().partition(|(_, _, left)| *left == least);
        left = still.into_iter().map(|(sent, response, left)| (sent, response, left - least)).collect();
        for (sent, response, _) in done {
            harness.give(Input::Response(sent.id, response));
            harness.turn();
        }
        let known = harness.engine.progress().map_or(count as usize, |progress| progress.rows);
        if known > rows {
            let gap = harness.now().since(last);
            assert!(gap <= Duration::from_secs(10), "{gap:?} until {known} rows");
            (rows, last) = (known, harness.now());
        }
    }
    let whole = harness.world().rows.values().map(|row| row.json.len() as u64).sum::<u64>();
    assert!(fetched < whole * 11 / 10, "{fetched} bytes for {whole}");
    assert!(harness.aborted.is_empty(), "{:?}", harness.aborted);
    harness.check();
}
