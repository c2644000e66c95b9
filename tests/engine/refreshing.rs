//! Keeping up: only what is new, never twice at once, not while nobody looks, and what has been deleted.

use std::{cell::Cell, rc::Rc};

use ringside::{
    domain::{
        problem::{ProblemKind, Severity},
        time::Timestamp,
    },
    engine::Input,
    http::NetError,
};

use crate::{
    desk::{DAY, Desk, MINUTE, SAS, after, config, deployment, hex_key, key, project, seconds, secret, sync},
    service::Headers,
    world::reports,
};

#[test]
fn a_quiet_refresh_is_one_question_and_changes_nothing() {
    for headers in [Headers::Exposed, Headers::IdAlone, Headers::Hidden] {
        let mut desk = Desk::new().rows(200, DAY).headers(headers);
        desk.write("sync-east", sync("east", "aaaaaaa"));
        // The newest row comes again until it is sure to be older than the margin.
        desk.pass(seconds(150));
        let (version, published) = (desk.engine.store().version(), desk.published);
        for _ in 0..10 {
            assert_eq!(desk.pass(seconds(30)), 1, "{headers:?}");
        }
        assert_eq!((desk.engine.store().version(), desk.published), (version, published));
        let last = desk.sent.last().unwrap();
        assert!(last.is_since() && !last.is_sweep());
    }
}

#[test]
fn a_changed_row_changes_that_row_alone() {
    let mut desk = Desk::new().rows(50, DAY).loaded();
    let (version, slots) = (desk.engine.store().version(), desk.engine.store().slots());
    let slot = desk.engine.store().slot_of(0, "trivia", &hex_key(7).1).unwrap();
    let now = desk.now.millis();
    desk.world().write(&hex_key(7), now, 0, deployment(99));
    let published = desk.published;
    desk.pass(seconds(30));
    desk.check();
    let store = desk.engine.store();
    assert_eq!((store.version(), store.slots(), desk.published), (version + 1, slots, published + 1));
    assert_eq!(store.slot_of(0, "trivia", &hex_key(7).1), Some(slot), "it keeps its place");
    assert_eq!(store.by_time().first(), Some(&slot), "and is the newest now");
}

#[test]
fn a_refresh_asks_only_for_what_is_new() {
    let mut desk = Desk::new().rows(500, 2 * DAY).loaded();
    desk.write("new", deployment(1));
    desk.pass(seconds(30));
    let rows = Rc::new(Cell::new(0));
    let seen = Rc::clone(&rows);
    let (service, world) = desk.tables[0].clone();
    desk.answer_with(move |sent| {
        let answer = service.answer(&world, &sent.request, &mut crate::rng::Rng::new(1));
        seen.set(seen.get() + String::from_utf8_lossy(&answer.body).matches("RowKey").count());
        Some(Ok(answer))
    });
    assert_eq!(desk.pass(seconds(30)), 1);
    assert_eq!(rows.get(), 1, "the newest, which was written within the margin");
}

#[test]
fn a_table_with_nothing_recent_is_not_read_twice() {
    let mut desk = Desk::new().rows(900, 100 * DAY);
    desk.turn();
    // The recent ones are answered, the rest takes its time: longer than a refresh.
    desk.answer_one();
    desk.turn();
    let rest = desk.waiting.remove(0);
    assert!(rest.is_rest());
    desk.pass(seconds(65));
    assert!(desk.since(2).iter().all(|s| s.is_since() && !s.filter().contains("2025")), "{:?}", desk.since(2));
    let answer = desk.response(&rest);
    desk.give(Input::Response(rest.id, answer));
    desk.pass(seconds(65));
    let news = |s: &crate::desk::Sent| s.is_since() || s.is_proof();
    assert!(desk.since(2).iter().all(news), "the whole table is asked for again: {:?}", desk.since(2));
    desk.check();
    desk.write("new", deployment(1));
    desk.pass(seconds(30));
    desk.check();
}

#[test]
fn an_empty_table_that_fills_is_noticed() {
    let mut desk = Desk::new().loaded();
    assert_eq!(desk.pass(seconds(60)), 2);
    desk.write("one", deployment(1));
    desk.pass(seconds(30));
    desk.check();
}

#[test]
fn a_refresh_never_overlaps_itself() {
    let mut desk = Desk::new().rows(5, DAY).loaded();
    desk.now = desk.now + seconds(30);
    assert_eq!(desk.turn(), 1);
    // Its answer takes two minutes.
    for _ in 0..12 {
        desk.now = desk.now + seconds(10);
        assert_eq!(desk.turn(), 0);
        assert_eq!(desk.wake_at(), None);
    }
    desk.answer_one();
    assert_eq!(desk.pass(seconds(29)), 0, "half a minute after the answer, not after the question");
    assert_eq!(desk.pass(seconds(1)), 1);
}

#[test]
fn nothing_is_refreshed_while_nobody_looks_and_at_once_when_somebody_does() {
    let mut desk = Desk::new().rows(5, DAY).loaded();
    desk.give(Input::Visibility(false));
    desk.write("new", deployment(1));
    desk.world().delete(&hex_key(1));
    assert_eq!(desk.pass(seconds(3_600)), 0);
    assert_eq!(desk.wake_at(), None, "nor is it woken");
    desk.give(Input::Visibility(true));
    // At once, and only once; an hour is also long enough for a sweep.
    assert_eq!(desk.turn(), 2);
    assert_eq!(desk.settle(), 0);
    desk.check();
    // A glance away and back.
    let before = desk.sent.len();
    desk.give(Input::Visibility(false));
    desk.give(Input::Visibility(true));
    desk.settle();
    assert_eq!(desk.sent.len(), before + 1);
}

#[test]
fn a_refresh_of_many_pages_stops_while_nobody_looks_and_goes_on_after() {
    let mut desk = Desk::new().rows(5, DAY).loaded();
    for n in 0..100 {
        desk.write(&format!("new {n}"), deployment(n));
    }
    desk.tables[0].0.page = 10;
    desk.now = desk.now + seconds(30);
    desk.turn();
    desk.answer_one();
    desk.give(Input::Visibility(false));
    assert_eq!(desk.pass(seconds(600)), 0);
    desk.give(Input::Visibility(true));
    desk.pass(seconds(1));
    desk.check();
}

#[test]
fn the_first_read_goes_on_while_nobody_looks() {
    let mut desk = Desk::new().rows(500, DAY).rows(700, 40 * DAY);
    desk.tables[0].0.page = 100;
    desk.give(Input::Visibility(false));
    desk.pass(seconds(600));
    desk.check();
    assert!((12..=14).contains(&desk.sent.len()), "{:?}", desk.sent.last());
}

#[test]
fn when_the_page_is_told_to_refresh_by_hand_only_it_asks_nothing_by_itself() {
    let projects = vec![project("trivia", "deployments", Some("trivia"), Some(SAS))];
    let mut desk = Desk::with(config(projects, None)).rows(5, DAY).loaded();
    assert_eq!(desk.pass(seconds(86_400)), 0);
    desk.give(Input::Visibility(false));
    desk.give(Input::Visibility(true));
    assert_eq!(desk.pass(seconds(86_400)), 0);
    desk.give(Input::RefreshInterval(Some(seconds(60))));
    assert_eq!(desk.pass(seconds(1)), 2, "a day is also long enough for a sweep");
}

#[test]
fn by_hand_everything_is_read_anew_at_once() {
    for headers in [Headers::Exposed, Headers::Hidden] {
        let mut desk = Desk::new().rows(20, DAY).rows(30, 40 * DAY).headers(headers);
        desk.write("sync-east", sync("east", "aaaaaaa"));
        desk.write("sync-west", sync("west", "aaaaaaa"));
        let mut desk = desk.loaded();
        desk.world().delete(&hex_key(3));
        desk.world().delete(&hex_key(25));
        desk.world().delete(&key("sync-west"));
        desk.write("new", deployment(1));
        let published = desk.published;
        desk.give(Input::Refresh);
        assert_eq!(desk.turn(), 2, "what is new, and all keys");
        assert!(desk.sent.iter().any(crate::desk::Sent::is_sweep));
        desk.settle();
        desk.check();
        assert!(desk.published > published);
    }
}

#[test]
fn deleted_rows_disappear_by_themselves_within_a_quarter_of_an_hour() {
    let mut desk = Desk::new().rows(20, DAY).loaded();
    desk.world().delete(&hex_key(3));
    desk.pass(seconds(15 * 60));
    desk.check();
    let before = desk.sent.len();
    desk.pass(seconds(60 * 60));
    let sweeps = desk.since(before).iter().filter(|s| s.is_sweep()).count();
    assert!((4..=6).contains(&sweeps), "{sweeps} sweeps an hour");
}

#[test]
fn a_row_that_came_while_a_sweep_was_under_way_stays() {
    let mut desk = Desk::new().rows(20, DAY).loaded();
    desk.give(Input::Refresh);
    desk.turn();
    // The sweep is answered first, with the table as it was; then the row comes, and the refresh brings it.
    let sweep = desk.waiting.iter().position(crate::desk::Sent::is_sweep).unwrap();
    let sweep = desk.waiting.remove(sweep);
    let answer = desk.response(&sweep);
    desk.write("new", deployment(1));
    desk.write("sync-new", sync("new", "aaaaaaa"));
    desk.answer_one();
    desk.give(Input::Response(sweep.id, answer));
    desk.settle();
    desk.check();
}

#[test]
fn a_new_row_that_a_sweep_sees_first_is_brought_by_a_refresh_not_by_reading_all() {
    let mut desk = Desk::new().rows(20, DAY).loaded();
    desk.give(Input::Refresh);
    desk.turn();
    let before = desk.sent.len();
    // The refresh is answered before the row comes, the sweep after.
    let refresh = desk.waiting.iter().position(|s| !s.is_sweep()).unwrap();
    let refresh = desk.waiting.remove(refresh);
    let answer = desk.response(&refresh);
    desk.write("new", deployment(1));
    desk.write("sync-new", sync("new", "aaaaaaa"));
    desk.settle();
    desk.give(Input::Response(refresh.id, answer));
    desk.pass(seconds(120));
    desk.check();
    assert!(desk.since(before).iter().all(|s| s.is_since()), "{:?}", desk.since(before));
}

#[test]
fn rows_that_no_refresh_can_bring_are_found_by_the_next_sweep_and_read() {
    let mut desk = Desk::new().rows(20, DAY).loaded();
    // Nobody can write into the past. But a row that was missed for whatever reason looks like this.
    let past = after(-3 * DAY).millis();
    desk.world().write(&key("missed"), past, 0, deployment(1));
    desk.pass(seconds(12 * 60));
    desk.check();
    let before = desk.sent.len();
    desk.pass(seconds(60 * 60));
    let all = desk.since(before).iter().filter(|s| !s.is_since() && !s.is_sweep()).count();
    assert_eq!(all, 0, "once is enough");
}

#[test]
fn a_report_of_a_nameless_cluster_does_not_make_it_read_everything_again() {
    let mut desk = Desk::new().rows(20, DAY);
    desk.write("sync-", sync("", "aaaaaaa"));
    desk.settle();
    let before = desk.sent.len();
    desk.pass(seconds(60 * 60));
    assert!(desk.since(before).iter().all(|s| s.is_since() || s.is_sweep()), "{:?}", desk.since(before).last());
    assert!(desk.engine.syncs().has(0, "trivia", "sync-"));
}

#[test]
fn an_answer_that_was_overtaken_changes_nothing() {
    let mut desk = Desk::new().rows(20, DAY);
    desk.write("sync-east", sync("east", "aaaaaaa"));
    let mut desk = desk.loaded();
    // A row that is missing makes it read all, which is answered as of now, but late.
    let past = after(-3 * DAY).millis();
    desk.world().write(&key("missed"), past, 0, deployment(1));
    desk.give(Input::Refresh);
    while !desk.waiting.iter().any(|s| !s.is_since() && !s.is_sweep()) {
        desk.turn();
        if !desk.waiting.iter().any(|s| !s.is_since() && !s.is_sweep()) {
            assert!(desk.answer_one());
        }
    }
    let all = desk.waiting.iter().position(|s| !s.is_since() && !s.is_sweep()).unwrap();
    let all = desk.waiting.remove(all);
    let answer = desk.response(&all);
    let now = desk.now.millis();
    desk.world().write(&hex_key(4), now, 0, deployment(77));
    desk.write("sync-east", sync("east", "bbbbbbb"));
    desk.pass(seconds(40));
    desk.give(Input::Response(all.id, answer));
    desk.settle();
    desk.check();
    // Also where nothing but the digits behind the millisecond tell.
    let now = desk.now.millis();
    desk.world().write(&hex_key(5), now, 9_999, deployment(78));
    desk.pass(seconds(40));
    desk.check();
}

#[test]
fn leaving_a_project_gives_up_what_is_under_way() {
    let sas = SAS.replace("tn=deployments&", "");
    let projects = ["one", "two"].map(|name| project(name, &format!("table{name}"), None, Some(&sas))).to_vec();
    let mut desk = Desk::with(config(projects, Some(seconds(30))));
    for n in 0..2_500 {
        desk.tables[0].1.write(&hex_key(n), after(-DAY).millis(), 0, deployment(n));
        desk.tables[1].1.write(&hex_key(n), after(-DAY).millis(), 0, deployment(n));
    }
    desk.turn();
    desk.answer_one();
    desk.turn();
    let gone: Vec<_> = desk.waiting.iter().filter(|s| s.request.address().contains("tableone")).cloned().collect();
    assert_eq!(gone.len(), 5, "the first project's ranges");
    desk.give(Input::Projects(vec!["TWO".to_owned()]));
    desk.turn();
    assert_eq!(desk.aborted.len(), gone.len());
    assert!(gone.iter().all(|s| desk.aborted.contains(&s.id)));
    // An answer that comes all the same is nobody's.
    let (version, waiting) = (desk.engine.store().version(), desk.waiting.len());
    for sent in &gone {
        let answer = desk.response(sent);
        desk.give(Input::Response(sent.id, answer));
    }
    assert_eq!((desk.engine.store().version(), desk.turn(), desk.waiting.len()), (version, 0, waiting));
    desk.pass(seconds(120));
    let store = desk.engine.store();
    let known = |project| (0..store.slots() as u32).filter(|&s| store.at(s).project() == project).count();
    assert_eq!((known(0), known(1)), (1_000, 2_500));
    assert!(desk.engine.progress().is_none() && desk.engine.is_ready());
    // Back again, it goes on where it stood.
    let before = desk.sent.len();
    desk.give(Input::Projects(Vec::new()));
    desk.pass(seconds(1));
    desk.check();
    let questions = desk.since(before).iter().filter(|s| s.request.address().contains("tableone")).count();
    assert!(questions <= 8, "{questions} questions");
}

#[test]
fn a_new_sas_gives_up_what_is_under_way_and_asks_anew_with_it() {
    let projects = vec![project("trivia", "deployments", Some("trivia"), Some("tn=deployments&sp=r&sig=wrong"))];
    let mut desk = Desk::with(config(projects, None)).rows(5, DAY);
    desk.turn();
    let old = desk.waiting[0].clone();
    desk.give(Input::StorageCredential(0, Some(secret(SAS))));
    assert_eq!(desk.turn(), 1);
    assert_eq!(desk.aborted, [old.id]);
    let answer = desk.response(&old);
    assert_eq!(answer.as_ref().map(|a| a.status), Ok(403));
    desk.give(Input::Response(old.id, answer));
    assert_eq!(desk.problems(), []);
    assert_eq!(desk.settle(), 2);
    desk.check();
    // When all is read, another one looks again, with it.
    desk.write("new", deployment(1));
    desk.give(Input::StorageCredential(0, Some(secret(&SAS.replace("sp=r", "sp=r&x=y")))));
    assert_eq!(desk.turn(), 2, "what is new, and whether it opens as much");
    desk.settle();
    desk.check();
    assert!(desk.sent.last().unwrap().request.address_with_secret().contains("x=y"));
    // Without any, nothing is asked.
    desk.give(Input::StorageCredential(0, None));
    desk.give(Input::Refresh);
    assert_eq!(desk.pass(seconds(3_600)), 0);
    assert_eq!(desk.problems(), [(ProblemKind::Unauthorized, Severity::Error)]);
    desk.check();
}

#[test]
fn a_problem_that_a_new_sas_may_solve_is_not_shown_with_it() {
    let projects = vec![project("trivia", "deployments", Some("trivia"), Some("tn=deployments&sp=r&sig=wrong"))];
    let mut desk = Desk::with(config(projects, Some(seconds(30)))).rows(5, DAY);
    desk.settle();
    assert_eq!(desk.problems(), [(ProblemKind::Unauthorized, Severity::Error)]);
    assert!(desk.engine.is_ready());
    desk.give(Input::StorageCredential(0, Some(secret(SAS))));
    assert_eq!(desk.problems(), []);
    assert!(!desk.engine.is_ready(), "it loads again");
    assert!(desk.turn() > 0, "at once, however lately the other was refused");
    desk.settle();
    desk.check();
}

#[test]
fn clocks_that_are_wrong_lose_nothing() {
    for wrong in [-400 * DAY, -40 * DAY, -10 * MINUTE, 10 * MINUTE, 40 * DAY, 400 * DAY] {
        let mut desk = Desk::new().rows(20, DAY).rows(30, 45 * DAY);
        desk.now = Timestamp::from_millis(desk.now.millis() + wrong);
        let mut desk = desk.loaded();
        for n in 0..10 {
            let there = desk.now.millis() - wrong;
            desk.world().write(&hex_key(n * 3), there, 0, deployment(n));
            desk.world().write(&key(&format!("new {n}")), there, 0, deployment(n));
            desk.pass(seconds(31));
            desk.check();
        }
    }
}

#[test]
fn what_changes_while_the_first_read_takes_its_time_is_known_whatever_the_clock_says() {
    for (wrong, every) in [(0, None), (40 * DAY, None), (0, Some(seconds(30))), (40 * DAY, Some(seconds(30)))] {
        let projects = vec![project("trivia", "deployments", Some("trivia"), Some(SAS))];
        let mut desk = Desk::with(config(projects, every)).rows(30, 50 * DAY);
        desk.now = Timestamp::from_millis(desk.now.millis() + wrong);
        desk.tables[0].0.page = 10;
        let there = |desk: &Desk| desk.now.millis() - wrong;
        // One page of the old rows comes; then it takes five minutes to the next, and a row of the first one changes.
        while desk.engine.store().is_empty() {
            desk.turn();
            desk.answer_one();
        }
        let key = desk.world().rows.keys().next().unwrap().clone();
        desk.now = desk.now + seconds(60);
        let now = there(&desk);
        desk.world().write(&key, now, 0, deployment(99));
        desk.now = desk.now + seconds(240);
        desk.give(Input::Refresh);
        desk.settle();
        desk.pass(seconds(60));
        desk.check();
    }
}

#[test]
fn a_clock_that_is_set_does_not_stop_it() {
    for set in [-3_600_000, -90_000, 20_000] {
        let mut desk = Desk::new().rows(5, DAY).loaded();
        desk.wall_off = set;
        desk.write("new", deployment(1));
        let published = desk.published;
        assert_eq!(desk.pass(seconds(29)), 0, "it goes on as ever");
        assert_eq!(desk.pass(seconds(1)), 1);
        desk.check();
        assert_eq!(desk.published, published + 1);
    }
}

#[test]
fn a_refresh_that_fails_is_tried_again_at_once_when_somebody_looks() {
    let mut desk = Desk::new().rows(5, DAY).loaded();
    desk.answer_with(|_| Some(Err(NetError::Blocked)));
    desk.pass(seconds(3_600));
    desk.give(Input::Visibility(false));
    desk.mend();
    desk.pass(seconds(60));
    desk.give(Input::Visibility(true));
    assert!(desk.turn() > 0);
    desk.settle();
    assert_eq!(desk.problems(), []);
}

#[test]
fn a_reports_newest_version_is_what_is_known() {
    let mut desk = Desk::new();
    desk.write("sync-east", sync("east", "aaaaaaa"));
    let mut desk = desk.loaded();
    desk.write("sync-east", sync("east", "bbbbbbb"));
    desk.pass(seconds(30));
    desk.check();
    assert!(reports(desk.engine.syncs())[0].contains("bbbbbbb"));
}

#[test]
fn a_table_that_was_written_at_once_is_not_read_again_and_again() {
    for (wall_off, wait) in [(0, 90), (40 * DAY, 90), (-20 * MINUTE, 22 * 60)] {
        // Copied within half a minute, just now.
        let mut desk = Desk::new();
        for n in 0..2_500 {
            desk.world().write(&hex_key(n), after(-(n as i64) * 12).millis(), 0, deployment(n));
        }
        desk.wall_off = wall_off;
        let mut desk = desk.loaded();
        desk.pass(seconds(wait));
        for _ in 0..5 {
            let before = desk.sent.len();
            desk.pass(seconds(30));
            let refreshes = desk.since(before).iter().filter(|s| s.is_since()).count();
            assert_eq!(refreshes, 1, "{wall_off}: {:?}", desk.sent.last());
        }
        desk.write("new", deployment(1));
        desk.pass(seconds(30));
        desk.check();
    }
}

#[test]
fn a_row_from_the_future_hides_no_later_change() {
    for wall_off in [0, -DAY / 2, 3 * DAY] {
        let mut desk = Desk::new().rows(20, DAY);
        desk.wall_off = wall_off;
        desk.world().write(&key("mad"), 253_000_000_000_000, 0, deployment(1));
        let mut desk = desk.loaded();
        for n in 0..10 {
            let now = desk.now.millis();
            desk.world().write(&hex_key(n), now, 0, deployment(100 + n));
            desk.pass(seconds(31));
            desk.check();
        }
        // Nor its own, once its date is put right.
        desk.world().forget(&key("mad"));
        desk.write("mad", deployment(2));
        desk.pass(seconds(31));
        desk.check();
    }
}

#[test]
fn what_would_take_most_away_is_confirmed_first() {
    let empty = |sent: &crate::desk::Sent| {
        let headers = vec![("x-ms-version".to_owned(), "1".to_owned())];
        let answer = ringside::http::Response { status: 200, headers, body: b"{\"value\":[]}".to_vec() };
        sent.is_sweep().then_some(Ok(answer))
    };
    for every in [None, Some(seconds(30))] {
        let projects = vec![project("trivia", "deployments", Some("trivia"), Some(SAS))];
        let mut desk = Desk::with(config(projects, every)).rows(200, DAY);
        desk.write("sync-east", sync("east", "aaaaaaa"));
        let mut desk = desk.loaded();
        // A service that says there is nothing, once.
        desk.answer_with(empty);
        desk.give(Input::Refresh);
        desk.settle();
        desk.mend();
        desk.check();
        let problem = &desk.all_problems()[0];
        assert_eq!((problem.kind, problem.severity), (ProblemKind::Truncated, Severity::Warning));
        assert!(problem.what.ends_with("of 201 rows were missing when the rows were last looked through."));
        desk.pass(seconds(29));
        assert_eq!(desk.problems(), [(ProblemKind::Truncated, Severity::Warning)]);
        desk.pass(seconds(2));
        assert_eq!(desk.problems(), [], "a second look finds all");
        desk.check();
        // A table that really was emptied.
        let all: Vec<_> = desk.world().rows.keys().cloned().collect();
        all.iter().for_each(|key| desk.world().delete(key));
        desk.give(Input::Refresh);
        desk.settle();
        assert_eq!(desk.engine.store().len(), 200);
        desk.pass(seconds(31));
        desk.check();
        assert_eq!(desk.problems(), []);
    }
}

#[test]
fn setting_the_clock_back_prolongs_no_wait() {
    let mut desk = Desk::new().rows(5, DAY).loaded();
    desk.answer_with(|_| Some(Err(NetError::Blocked)));
    desk.pass(seconds(300));
    desk.wall_off = -3_600_000;
    desk.mend();
    desk.write("new", deployment(1));
    desk.pass(seconds(60));
    desk.check();
    // While it cannot be reached, what is shown grows old all the same.
    desk.answer_with(|_| Some(Err(NetError::Blocked)));
    desk.wall_off = -7_200_000;
    desk.pass(seconds(600));
    let age = desk.clock().wall.since(desk.engine.fresh_at().unwrap());
    assert!((seconds(560)..seconds(640)).contains(&age), "{age:?}");
}

#[test]
fn a_device_that_slept_asks_at_once() {
    let mut desk = Desk::new().rows(5, DAY).loaded();
    desk.now = desk.now + seconds(30);
    assert_eq!(desk.turn(), 1);
    let lost = desk.waiting[0].id;
    desk.write("new", deployment(1));
    // Nine hours, of which the monotonic clock knows nothing.
    desk.slept += 9 * 3_600_000;
    desk.now = desk.now + seconds(9 * 3_600 + 3);
    assert!(desk.turn() > 0, "it waits for an answer that will never come");
    assert_eq!(desk.aborted, [lost]);
    desk.settle();
    desk.check();
}

#[test]
fn what_changes_while_the_device_sleeps_amid_a_read_is_known() {
    for sleep in [5_000, 20_000, 600_000] {
        let mut desk = Desk::new().rows(30, DAY).rows(30, 50 * DAY);
        desk.tables[0].0.page = 10;
        desk.turn();
        desk.answer_one();
        // A row that has been read changes; then the lid is closed, and the rest is read after.
        let known = desk.world().rows.keys().next().unwrap().clone();
        let now = desk.now.millis();
        desk.world().write(&known, now, 0, deployment(99));
        desk.slept += sleep;
        desk.now = desk.now + std::time::Duration::from_millis(sleep as u64);
        let now = desk.now.millis();
        desk.world().write(&key("new"), now, 0, deployment(98));
        desk.pass(seconds(90));
        desk.check();
    }
}
