//! Keeping up: only what is new, never twice at once, not while nobody looks, and what has been deleted.

use std::{cell::Cell, rc::Rc};

use ringside::{
    domain::{
        problem::{ProblemKind, Severity},
        project::ProjectId,
    },
    engine::Input,
    http::NetError,
};

use crate::{
    harness::{DAY, Harness, MINUTE, SAS, after, config, deployment, hex_key, key, project, seconds, secret, sync},
    service::Headers,
    world::reports,
};

#[test]
fn a_quiet_refresh_is_one_question_and_changes_nothing() {
    for headers in [Headers::Exposed, Headers::IdAlone, Headers::Hidden] {
        let mut harness = Harness::new().rows(200, DAY).headers(headers);
        harness.write("sync-east", sync("east", "aaaaaaa"));
        // The newest row comes again until it is sure to be older than the margin.
        harness.pass(seconds(150));
        let (version, published) = (harness.engine.store().version(), harness.published);
        for _ in 0..10 {
            assert_eq!(harness.pass(seconds(30)), 1, "{headers:?}");
        }
        assert_eq!((harness.engine.store().version(), harness.published), (version, published));
        let last = harness.sent.last().unwrap();
        assert!(last.is_since() && !last.is_sweep());
    }
}

#[test]
fn a_changed_row_changes_that_row_alone() {
    let mut harness = Harness::new().rows(50, DAY).loaded();
    let (version, slots) = (harness.engine.store().version(), harness.engine.store().slots());
    let slot = harness.engine.store().slot_of(ProjectId::at(0), "trivia", &hex_key(7).1).unwrap();
    let now = harness.now().millis();
    harness.world().write(&hex_key(7), now, 0, deployment(99));
    let published = harness.published;
    harness.pass(seconds(30));
    harness.check();
    let store = harness.engine.store();
    assert_eq!((store.version(), store.slots(), harness.published), (version + 1, slots, published + 1));
    assert_eq!(store.slot_of(ProjectId::at(0), "trivia", &hex_key(7).1), Some(slot), "it keeps its place");
    assert_eq!(store.by_time().first(), Some(&slot), "and is the newest now");
}

#[test]
fn a_refresh_asks_only_for_what_is_new() {
    let mut harness = Harness::new().rows(500, 2 * DAY).loaded();
    harness.write("new", deployment(1));
    harness.pass(seconds(30));
    let rows = Rc::new(Cell::new(0));
    let seen = Rc::clone(&rows);
    let (service, world) = harness.tables[0].clone();
    harness.answer_with(move |sent| {
        let answer = service.answer(&world, &sent.request, &mut crate::support::rng::Rng::new(1));
        seen.set(seen.get() + String::from_utf8_lossy(&answer.body).matches("RowKey").count());
        Some(Ok(answer))
    });
    assert_eq!(harness.pass(seconds(30)), 1);
    assert_eq!(rows.get(), 1, "the newest, which was written within the margin");
}

#[test]
fn a_table_with_nothing_recent_is_not_read_twice() {
    let mut harness = Harness::new().rows(900, 100 * DAY);
    harness.turn();
    // The recent ones are answered, the rest takes its time: longer than a refresh.
    harness.answer_one();
    harness.turn();
    let rest = harness.waiting.remove(0);
    assert!(rest.is_rest());
    harness.pass(seconds(65));
    assert!(harness.since(2).iter().all(|s| s.is_since() && !s.filter().contains("2025")), "{:?}", harness.since(2));
    let answer = harness.response(&rest);
    harness.give(Input::Response(rest.id, answer));
    harness.pass(seconds(65));
    let news = |s: &crate::harness::Sent| s.is_since() || s.is_proof();
    assert!(harness.since(2).iter().all(news), "the whole table is asked for again: {:?}", harness.since(2));
    harness.check();
    harness.write("new", deployment(1));
    harness.pass(seconds(30));
    harness.check();
}

#[test]
fn an_empty_table_that_fills_is_noticed() {
    let mut harness = Harness::new().loaded();
    assert_eq!(harness.pass(seconds(60)), 2);
    harness.write("one", deployment(1));
    harness.pass(seconds(30));
    harness.check();
}

#[test]
fn a_refresh_never_overlaps_itself() {
    let mut harness = Harness::new().rows(5, DAY).loaded();
    harness.skip(seconds(30));
    assert_eq!(harness.turn(), 1);
    // Its answer takes two minutes.
    for _ in 0..12 {
        harness.skip(seconds(10));
        assert_eq!(harness.turn(), 0);
        assert_eq!(harness.wake_at(), None);
    }
    harness.answer_one();
    assert_eq!(harness.pass(seconds(29)), 0, "half a minute after the answer, not after the question");
    assert_eq!(harness.pass(seconds(1)), 1);
}

#[test]
fn nothing_is_refreshed_while_nobody_looks_and_at_once_when_somebody_does() {
    let mut harness = Harness::new().rows(5, DAY).loaded();
    harness.give(Input::Visibility(false));
    harness.write("new", deployment(1));
    harness.world().delete(&hex_key(1));
    assert_eq!(harness.pass(seconds(3_600)), 0);
    assert_eq!(harness.wake_at(), None, "nor is it woken");
    harness.give(Input::Visibility(true));
    // At once, and only once; an hour is also long enough for a sweep.
    assert_eq!(harness.turn(), 2);
    assert_eq!(harness.rebuild(), 0);
    harness.check();
    // A glance away and back.
    let before = harness.sent.len();
    harness.give(Input::Visibility(false));
    harness.give(Input::Visibility(true));
    harness.rebuild();
    assert_eq!(harness.sent.len(), before + 1);
}

#[test]
fn a_refresh_of_many_pages_stops_while_nobody_looks_and_goes_on_after() {
    let mut harness = Harness::new().rows(5, DAY).loaded();
    for n in 0..100 {
        harness.write(&format!("new {n}"), deployment(n));
    }
    harness.tables[0].0.page = 10;
    harness.skip(seconds(30));
    harness.turn();
    harness.answer_one();
    harness.give(Input::Visibility(false));
    assert_eq!(harness.pass(seconds(600)), 0);
    harness.give(Input::Visibility(true));
    harness.pass(seconds(1));
    harness.check();
}

#[test]
fn the_first_read_goes_on_while_nobody_looks() {
    let mut harness = Harness::new().rows(500, DAY).rows(700, 40 * DAY);
    harness.tables[0].0.page = 100;
    harness.give(Input::Visibility(false));
    harness.pass(seconds(600));
    harness.check();
    assert!((12..=14).contains(&harness.sent.len()), "{:?}", harness.sent.last());
}

#[test]
fn when_the_page_is_set_to_refresh_by_hand_only_it_asks_nothing_by_itself() {
    let projects = vec![project("trivia", "deployments", Some("trivia"), Some(SAS))];
    let mut harness = Harness::with(config(projects, None)).rows(5, DAY).loaded();
    assert_eq!(harness.pass(seconds(86_400)), 0);
    harness.give(Input::Visibility(false));
    harness.give(Input::Visibility(true));
    assert_eq!(harness.pass(seconds(86_400)), 0);
    harness.give(Input::RefreshInterval(Some(seconds(60))));
    assert_eq!(harness.pass(seconds(1)), 2, "a day is also long enough for a sweep");
}

#[test]
fn by_hand_everything_is_read_anew_at_once() {
    for headers in [Headers::Exposed, Headers::Hidden] {
        let mut harness = Harness::new().rows(20, DAY).rows(30, 40 * DAY).headers(headers);
        harness.write("sync-east", sync("east", "aaaaaaa"));
        harness.write("sync-west", sync("west", "aaaaaaa"));
        let mut harness = harness.loaded();
        harness.world().delete(&hex_key(3));
        harness.world().delete(&hex_key(25));
        harness.world().delete(&key("sync-west"));
        harness.write("new", deployment(1));
        let published = harness.published;
        harness.give(Input::Refresh);
        assert_eq!(harness.turn(), 2, "what is new, and all keys");
        assert!(harness.sent.iter().any(crate::harness::Sent::is_sweep));
        harness.rebuild();
        harness.check();
        assert!(harness.published > published);
    }
}

#[test]
fn deleted_rows_disappear_by_themselves_within_a_quarter_of_an_hour() {
    let mut harness = Harness::new().rows(20, DAY).loaded();
    harness.world().delete(&hex_key(3));
    harness.pass(seconds(15 * 60));
    harness.check();
    let before = harness.sent.len();
    harness.pass(seconds(60 * 60));
    let sweeps = harness.since(before).iter().filter(|s| s.is_sweep()).count();
    assert!((4..=6).contains(&sweeps), "{sweeps} sweeps an hour");
}

#[test]
fn a_row_that_came_while_a_sweep_was_under_way_stays() {
    let mut harness = Harness::new().rows(20, DAY).loaded();
    harness.give(Input::Refresh);
    harness.turn();
    // The sweep is answered first, with the table as it was; then the row comes, and the refresh brings it.
    let sweep = harness.waiting.iter().position(crate::harness::Sent::is_sweep).unwrap();
    let sweep = harness.waiting.remove(sweep);
    let answer = harness.response(&sweep);
    harness.write("new", deployment(1));
    harness.write("sync-new", sync("new", "aaaaaaa"));
    harness.answer_one();
    harness.give(Input::Response(sweep.id, answer));
    harness.rebuild();
    harness.check();
}

#[test]
fn a_new_row_that_a_sweep_sees_first_is_brought_by_a_refresh_not_by_reading_all() {
    let mut harness = Harness::new().rows(20, DAY).loaded();
    harness.give(Input::Refresh);
    harness.turn();
    let before = harness.sent.len();
    // The refresh is answered before the row comes, the sweep after.
    let refresh = harness.waiting.iter().position(|s| !s.is_sweep()).unwrap();
    let refresh = harness.waiting.remove(refresh);
    let answer = harness.response(&refresh);
    harness.write("new", deployment(1));
    harness.write("sync-new", sync("new", "aaaaaaa"));
    harness.rebuild();
    harness.give(Input::Response(refresh.id, answer));
    harness.pass(seconds(120));
    harness.check();
    assert!(harness.since(before).iter().all(|s| s.is_since()), "{:?}", harness.since(before));
}

#[test]
fn rows_that_no_refresh_can_bring_are_found_by_the_next_sweep_and_read() {
    let mut harness = Harness::new().rows(20, DAY).loaded();
    // Nobody can write into the past. But a row that was missed for whatever reason looks like this.
    let past = after(-3 * DAY).millis();
    harness.world().write(&key("missed"), past, 0, deployment(1));
    harness.pass(seconds(12 * 60));
    harness.check();
    let before = harness.sent.len();
    harness.pass(seconds(60 * 60));
    let all = harness.since(before).iter().filter(|s| !s.is_since() && !s.is_sweep()).count();
    assert_eq!(all, 0, "once is enough");
}

#[test]
fn a_report_of_a_nameless_cluster_does_not_make_it_read_everything_again() {
    let mut harness = Harness::new().rows(20, DAY);
    harness.write("sync-", sync("", "aaaaaaa"));
    harness.rebuild();
    let before = harness.sent.len();
    harness.pass(seconds(60 * 60));
    assert!(harness.since(before).iter().all(|s| s.is_since() || s.is_sweep()), "{:?}", harness.since(before).last());
    assert!(harness.engine.syncs().has(ProjectId::at(0), "trivia", "sync-"));
}

#[test]
fn an_answer_that_was_overtaken_changes_nothing() {
    let mut harness = Harness::new().rows(20, DAY);
    harness.write("sync-east", sync("east", "aaaaaaa"));
    let mut harness = harness.loaded();
    // A row that is missing makes it read all, which is answered as of now, but late.
    let past = after(-3 * DAY).millis();
    harness.world().write(&key("missed"), past, 0, deployment(1));
    harness.give(Input::Refresh);
    while !harness.waiting.iter().any(|s| !s.is_since() && !s.is_sweep()) {
        harness.turn();
        if !harness.waiting.iter().any(|s| !s.is_since() && !s.is_sweep()) {
            assert!(harness.answer_one());
        }
    }
    let all = harness.waiting.iter().position(|s| !s.is_since() && !s.is_sweep()).unwrap();
    let all = harness.waiting.remove(all);
    let answer = harness.response(&all);
    let now = harness.now().millis();
    harness.world().write(&hex_key(4), now, 0, deployment(77));
    harness.write("sync-east", sync("east", "bbbbbbb"));
    harness.pass(seconds(40));
    harness.give(Input::Response(all.id, answer));
    harness.rebuild();
    harness.check();
    // Also where nothing but the digits behind the millisecond show.
    let now = harness.now().millis();
    harness.world().write(&hex_key(5), now, 9_999, deployment(78));
    harness.pass(seconds(40));
    harness.check();
}

#[test]
fn leaving_a_project_gives_up_what_is_under_way() {
    let sas = SAS.replace("tn=deployments&", "");
    let projects = ["one", "two"].map(|name| project(name, &format!("table{name}"), None, Some(&sas))).to_vec();
    let mut harness = Harness::with(config(projects, Some(seconds(30))));
    for n in 0..2_500 {
        harness.tables[0].1.write(&hex_key(n), after(-DAY).millis(), 0, deployment(n));
        harness.tables[1].1.write(&hex_key(n), after(-DAY).millis(), 0, deployment(n));
    }
    harness.turn();
    harness.answer_one();
    harness.turn();
    let gone: Vec<_> = harness.waiting.iter().filter(|s| s.request.address().contains("tableone")).cloned().collect();
    assert_eq!(gone.len(), 5, "the first project's ranges");
    harness.give(Input::Projects(vec!["TWO".to_owned()]));
    harness.turn();
    assert_eq!(harness.aborted.len(), gone.len());
    assert!(gone.iter().all(|s| harness.aborted.contains(&s.id)));
    // An answer that comes all the same is nobody's.
    let (version, waiting) = (harness.engine.store().version(), harness.waiting.len());
    for sent in &gone {
        let answer = harness.response(sent);
        harness.give(Input::Response(sent.id, answer));
    }
    assert_eq!((harness.engine.store().version(), harness.turn(), harness.waiting.len()), (version, 0, waiting));
    harness.pass(seconds(120));
    let store = harness.engine.store();
    let known = |project| store.all_slots().filter(|&s| store.at(s).project() == project).count();
    assert_eq!((known(ProjectId::at(0)), known(ProjectId::at(1))), (1_000, 2_500));
    assert!(harness.engine.progress().is_none() && harness.engine.is_ready());
    // Back again, it goes on where it stood.
    let before = harness.sent.len();
    harness.give(Input::Projects(Vec::new()));
    harness.pass(seconds(1));
    harness.check();
    let questions = harness.since(before).iter().filter(|s| s.request.address().contains("tableone")).count();
    assert!(questions <= 8, "{questions} questions");
}

#[test]
fn a_new_sas_gives_up_what_is_under_way_and_asks_anew_with_it() {
    let projects = vec![project("trivia", "deployments", Some("trivia"), Some("tn=deployments&sp=r&sig=wrong"))];
    let mut harness = Harness::with(config(projects, None)).rows(5, DAY);
    harness.turn();
    let old = harness.waiting[0].clone();
    harness.give(Input::StorageCredential(ProjectId::at(0), Some(secret(SAS))));
    assert_eq!(harness.turn(), 1);
    assert_eq!(harness.aborted, [old.id]);
    let answer = harness.response(&old);
    assert_eq!(answer.as_ref().map(|a| a.status), Ok(403));
    harness.give(Input::Response(old.id, answer));
    assert_eq!(harness.problems(), []);
    assert_eq!(harness.rebuild(), 2);
    harness.check();
    // When all is read, another one looks again, with it.
    harness.write("new", deployment(1));
    harness.give(Input::StorageCredential(ProjectId::at(0), Some(secret(&SAS.replace("sp=r", "sp=r&x=y")))));
    assert_eq!(harness.turn(), 2, "what is new, and whether it opens as much");
    harness.rebuild();
    harness.check();
    assert!(harness.sent.last().unwrap().request.address_with_secret().contains("x=y"));
    // Without any, nothing is asked.
    harness.give(Input::StorageCredential(ProjectId::at(0), None));
    harness.give(Input::Refresh);
    assert_eq!(harness.pass(seconds(3_600)), 0);
    assert_eq!(harness.problems(), [(ProblemKind::Unauthorized, Severity::Error)]);
    harness.check();
}

#[test]
fn a_problem_that_a_new_sas_may_solve_is_not_shown_with_it() {
    let projects = vec![project("trivia", "deployments", Some("trivia"), Some("tn=deployments&sp=r&sig=wrong"))];
    let mut harness = Harness::with(config(projects, Some(seconds(30)))).rows(5, DAY);
    harness.rebuild();
    assert_eq!(harness.problems(), [(ProblemKind::Unauthorized, Severity::Error)]);
    assert!(harness.engine.is_ready());
    harness.give(Input::StorageCredential(ProjectId::at(0), Some(secret(SAS))));
    assert_eq!(harness.problems(), []);
    assert!(!harness.engine.is_ready(), "it loads again");
    assert!(harness.turn() > 0, "at once, however lately the other was refused");
    harness.rebuild();
    harness.check();
}

#[test]
fn clocks_that_are_wrong_lose_nothing() {
    for wrong in [-400 * DAY, -40 * DAY, -10 * MINUTE, 10 * MINUTE, 40 * DAY, 400 * DAY] {
        let mut harness = Harness::new().rows(20, DAY).rows(30, 45 * DAY);
        harness.timeline.now += wrong;
        let mut harness = harness.loaded();
        for n in 0..10 {
            let there = harness.now().millis() - wrong;
            harness.world().write(&hex_key(n * 3), there, 0, deployment(n));
            harness.world().write(&key(&format!("new {n}")), there, 0, deployment(n));
            harness.pass(seconds(31));
            harness.check();
        }
    }
}

#[test]
fn what_changes_while_the_first_read_takes_its_time_is_known_whatever_the_clock_shows() {
    for (wrong, every) in [(0, None), (40 * DAY, None), (0, Some(seconds(30))), (40 * DAY, Some(seconds(30)))] {
        let projects = vec![project("trivia", "deployments", Some("trivia"), Some(SAS))];
        let mut harness = Harness::with(config(projects, every)).rows(30, 50 * DAY);
        harness.timeline.now += wrong;
        harness.tables[0].0.page = 10;
        let there = |harness: &Harness| harness.now().millis() - wrong;
        // One page of the old rows comes; then it takes five minutes to the next, and a row of the first one changes.
        while harness.engine.store().is_empty() {
            harness.turn();
            harness.answer_one();
        }
        let key = harness.world().rows.keys().next().unwrap().clone();
        harness.skip(seconds(60));
        let now = there(&harness);
        harness.world().write(&key, now, 0, deployment(99));
        harness.skip(seconds(240));
        harness.give(Input::Refresh);
        harness.rebuild();
        harness.pass(seconds(60));
        harness.check();
    }
}

#[test]
fn a_clock_that_is_set_does_not_stop_it() {
    for set in [-3_600_000, -90_000, 20_000] {
        let mut harness = Harness::new().rows(5, DAY).loaded();
        harness.wall_off = set;
        harness.write("new", deployment(1));
        let published = harness.published;
        assert_eq!(harness.pass(seconds(29)), 0, "it goes on as ever");
        assert_eq!(harness.pass(seconds(1)), 1);
        harness.check();
        assert_eq!(harness.published, published + 1);
    }
}

#[test]
fn a_refresh_that_fails_is_tried_again_at_once_when_somebody_looks() {
    let mut harness = Harness::new().rows(5, DAY).loaded();
    harness.answer_with(|_| Some(Err(NetError::Blocked)));
    harness.pass(seconds(3_600));
    harness.give(Input::Visibility(false));
    harness.mend();
    harness.pass(seconds(60));
    harness.give(Input::Visibility(true));
    assert!(harness.turn() > 0);
    harness.rebuild();
    assert_eq!(harness.problems(), []);
}

#[test]
fn a_reports_newest_version_is_what_is_known() {
    let mut harness = Harness::new();
    harness.write("sync-east", sync("east", "aaaaaaa"));
    let mut harness = harness.loaded();
    harness.write("sync-east", sync("east", "bbbbbbb"));
    harness.pass(seconds(30));
    harness.check();
    assert!(reports(harness.engine.syncs())[0].contains("bbbbbbb"));
}

#[test]
fn a_table_that_was_written_at_once_is_not_read_again_and_again() {
    for (wall_off, wait) in [(0, 90), (40 * DAY, 90), (-20 * MINUTE, 22 * 60)] {
        // Copied within half a minute, just now.
        let mut harness = Harness::new();
        for n in 0..2_500 {
            harness.world().write(&hex_key(n), after(-(n as i64) * 12).millis(), 0, deployment(n));
        }
        harness.wall_off = wall_off;
        let mut harness = harness.loaded();
        harness.pass(seconds(wait));
        for _ in 0..5 {
            let before = harness.sent.len();
            harness.pass(seconds(30));
            let refreshes = harness.since(before).iter().filter(|s| s.is_since()).count();
            assert_eq!(refreshes, 1, "{wall_off}: {:?}", harness.sent.last());
        }
        harness.write("new", deployment(1));
        harness.pass(seconds(30));
        harness.check();
    }
}

#[test]
fn a_row_from_the_future_hides_no_later_change() {
    for wall_off in [0, -DAY / 2, 3 * DAY] {
        let mut harness = Harness::new().rows(20, DAY);
        harness.wall_off = wall_off;
        harness.world().write(&key("mad"), 253_000_000_000_000, 0, deployment(1));
        let mut harness = harness.loaded();
        for n in 0..10 {
            let now = harness.now().millis();
            harness.world().write(&hex_key(n), now, 0, deployment(100 + n));
            harness.pass(seconds(31));
            harness.check();
        }
        // Nor its own, once its date is put right.
        harness.world().forget(&key("mad"));
        harness.write("mad", deployment(2));
        harness.pass(seconds(31));
        harness.check();
    }
}

#[test]
fn what_would_take_most_away_is_confirmed_first() {
    let empty = |sent: &crate::harness::Sent| {
        let headers = vec![("x-ms-version".to_owned(), "1".to_owned())];
        let answer = ringside::http::Response { status: 200, headers, body: b"{\"value\":[]}".to_vec() };
        sent.is_sweep().then_some(Ok(answer))
    };
    for every in [None, Some(seconds(30))] {
        let projects = vec![project("trivia", "deployments", Some("trivia"), Some(SAS))];
        let mut harness = Harness::with(config(projects, every)).rows(200, DAY);
        harness.write("sync-east", sync("east", "aaaaaaa"));
        let mut harness = harness.loaded();
        // A service that answers with nothing, once.
        harness.answer_with(empty);
        harness.give(Input::Refresh);
        harness.rebuild();
        harness.mend();
        harness.check();
        let problem = &harness.all_problems()[0];
        assert_eq!((problem.kind, problem.severity), (ProblemKind::Truncated, Severity::Warning));
        assert!(problem.what.ends_with("of 201 rows were missing when the rows were last looked through."));
        harness.pass(seconds(29));
        assert_eq!(harness.problems(), [(ProblemKind::Truncated, Severity::Warning)]);
        harness.pass(seconds(2));
        assert_eq!(harness.problems(), [], "a second look finds all");
        harness.check();
        // A table that really was emptied.
        let all: Vec<_> = harness.world().rows.keys().cloned().collect();
        all.iter().for_each(|key| harness.world().delete(key));
        harness.give(Input::Refresh);
        harness.rebuild();
        assert_eq!(harness.engine.store().len(), 200);
        harness.pass(seconds(31));
        harness.check();
        assert_eq!(harness.problems(), []);
    }
}

#[test]
fn setting_the_clock_back_prolongs_no_wait() {
    let mut harness = Harness::new().rows(5, DAY).loaded();
    harness.answer_with(|_| Some(Err(NetError::Blocked)));
    harness.pass(seconds(300));
    harness.wall_off = -3_600_000;
    harness.mend();
    harness.write("new", deployment(1));
    harness.pass(seconds(60));
    harness.check();
    // While it cannot be reached, what is shown grows old all the same.
    harness.answer_with(|_| Some(Err(NetError::Blocked)));
    harness.wall_off = -7_200_000;
    harness.pass(seconds(600));
    let age = harness.clock().wall.since(harness.engine.fresh_at().unwrap());
    assert!((seconds(560)..seconds(640)).contains(&age), "{age:?}");
}

#[test]
fn a_device_that_slept_asks_at_once() {
    let mut harness = Harness::new().rows(5, DAY).loaded();
    harness.skip(seconds(30));
    assert_eq!(harness.turn(), 1);
    let lost = harness.waiting[0].id;
    harness.write("new", deployment(1));
    // Nine hours, which the monotonic clock did not count.
    harness.slept += 9 * 3_600_000;
    harness.skip(seconds(9 * 3_600 + 3));
    assert!(harness.turn() > 0, "it waits for an answer that will never come");
    assert_eq!(harness.aborted, [lost]);
    harness.rebuild();
    harness.check();
}

#[test]
fn what_changes_while_the_device_sleeps_amid_a_read_is_known() {
    for sleep in [5_000, 20_000, 600_000] {
        let mut harness = Harness::new().rows(30, DAY).rows(30, 50 * DAY);
        harness.tables[0].0.page = 10;
        harness.turn();
        harness.answer_one();
        // A row that has been read changes; then the lid is closed, and the rest is read after.
        let known = harness.world().rows.keys().next().unwrap().clone();
        let now = harness.now().millis();
        harness.world().write(&known, now, 0, deployment(99));
        harness.slept += sleep;
        harness.skip(std::time::Duration::from_millis(sleep as u64));
        let now = harness.now().millis();
        harness.world().write(&key("new"), now, 0, deployment(98));
        harness.pass(seconds(90));
        harness.check();
    }
}
