//! What goes wrong on the way: reported specifically, beside the data there is, and asked again later.

use std::{cell::RefCell, rc::Rc};

use ringside::{
    domain::problem::{ProblemKind, Severity},
    engine::Input,
    http::{NetError, Response},
};

use crate::{
    harness::{DAY, Harness, SAS, Sent, config, deployment, project, seconds},
    service::{Headers, Service},
    support::{
        rng::Rng,
        rows::{RowBuilder, body},
    },
};

fn status(status: u16, headers: &[(&str, &str)], body: &str) -> Result<Response, NetError> {
    let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    Ok(Response { status, headers, body: body.into() })
}

#[test]
fn every_failure_is_reported_beside_the_rows_there_are_and_is_over_when_it_is_over() {
    #[track_caller]
    fn check(answer: Result<Response, NetError>, kind: ProblemKind) {
        let mut harness = Harness::new().rows(5, DAY).loaded();
        let rows = harness.engine.store().len();
        let fault = answer.clone();
        harness.answer_with(move |_| Some(fault.clone()));
        harness.pass(seconds(40));
        assert_eq!(harness.problems(), [(kind, Severity::Error)], "{answer:?}");
        let problem = &harness.all_problems()[0];
        assert!(problem.retry_at.is_some_and(|at| at > harness.now()), "{problem:?}");
        assert!(!problem.what.is_empty() && !problem.hint.is_empty());
        assert_eq!(problem.project.as_ref().map(|p| p.as_str()), Some("trivia"));
        assert!(!format!("{problem:?}").contains("good"), "the SAS is told: {problem:?}");
        assert_eq!(harness.engine.store().len(), rows);
        harness.pass(seconds(3_600));
        assert_eq!(harness.problems(), [(kind, Severity::Error)], "{answer:?}");
        assert_eq!(harness.engine.store().len(), rows);
        harness.write("new", deployment(1));
        harness.mend();
        harness.pass(seconds(600));
        assert_eq!(harness.problems(), []);
        harness.check();
    }
    let service = Service::new("deployments");
    let xml = |status, code, message| Ok(service.refusal(status, code, message));
    check(xml(403, "AuthenticationFailed", "Server failed to authenticate"), ProblemKind::Unauthorized);
    check(xml(403, "AuthorizationPermissionMismatch", "No."), ProblemKind::Forbidden);
    check(xml(403, "AuthorizationFailure", "This request is not authorized"), ProblemKind::Forbidden);
    check(xml(404, "TableNotFound", "No."), ProblemKind::NotFound);
    check(xml(400, "InvalidInput", "No."), ProblemKind::Unreadable);
    check(xml(503, "ServerBusy", "No."), ProblemKind::RateLimited);
    check(status(429, &[("retry-after", "7")], ""), ProblemKind::RateLimited);
    check(xml(500, "InternalError", "No."), ProblemKind::Server);
    check(status(200, &[("content-type", "text/html")], "<!doctype html><p>Sign in"), ProblemKind::Unreadable);
    check(status(200, &[], "hello"), ProblemKind::Unreadable);
    check(status(200, &[], r#"{"value":[{"RowKey":"#), ProblemKind::Truncated);
    check(Err(NetError::Timeout), ProblemKind::Timeout);
    check(Err(NetError::Blocked), ProblemKind::Unreachable);
    check(Err(NetError::Offline), ProblemKind::Offline);
}

#[test]
fn a_failure_at_the_start_makes_the_page_ready_to_show_it() {
    let mut harness = Harness::new().rows(5, DAY);
    harness.answer_with(|_| Some(Err(NetError::Blocked)));
    harness.turn();
    assert!(!harness.engine.is_ready());
    harness.answer_one();
    harness.turn();
    assert!(harness.engine.is_ready() && harness.published == 1);
    assert_eq!(harness.problems(), [(ProblemKind::Unreachable, Severity::Error)]);
    harness.mend();
    harness.pass(seconds(30));
    harness.check();
}

/// The moments at which anything was sent.
fn moments(sent: &[Sent]) -> Vec<i64> {
    let mut moments: Vec<i64> = sent.iter().map(|s| s.at.millis()).collect();
    moments.dedup();
    moments
}

#[test]
fn a_refusal_is_not_hammered_at() {
    for (every, least) in [(Some(5), 60), (Some(300), 60), (None, 86_400)] {
        let projects = vec![project("trivia", "deployments", Some("trivia"), Some(SAS))];
        let mut harness = Harness::with(config(projects, every.map(seconds))).rows(2_500, DAY);
        // In the midst of reading in ranges, the key is changed.
        harness.turn();
        harness.answer_one();
        harness.turn();
        harness.answer_one();
        harness.turn();
        let before = harness.sent.len();
        harness.tables[0].0.signature = "sig=another".to_owned();
        harness.pass(seconds(3_000));
        let moments = moments(harness.since(before));
        let gaps: Vec<i64> = moments.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(gaps.iter().all(|gap| *gap >= least * 1000), "{gaps:?}");
        assert_eq!(gaps.is_empty(), every.is_none());
        // By hand it is asked at once.
        let before = harness.sent.len();
        harness.give(Input::Refresh);
        assert!(harness.turn() > 0);
        harness.rebuild();
        // And each range once, not again and again.
        assert!(harness.sent.len() - before <= 7, "{}", harness.sent.len() - before);
        harness.tables[0].0.signature = Service::new("deployments").signature;
        harness.give(Input::Refresh);
        harness.rebuild();
        harness.pass(seconds(60));
        harness.check();
    }
}

#[test]
fn who_is_busy_is_left_alone_as_long_as_he_asked() {
    let mut harness = Harness::new().rows(8_000, DAY);
    harness.turn();
    harness.answer_one();
    harness.turn();
    assert_eq!(harness.waiting.len(), 6);
    harness.answer_with(|_| Some(status(429, &[("retry-after", "100")], "")));
    harness.answer_one();
    let asked = harness.now();
    harness.mend();
    // What was under way is answered, and nothing follows: by itself, or by the network's coming and going.
    while harness.answer_one() {}
    assert_eq!(harness.turn(), 0);
    harness.give(Input::Network(false));
    harness.give(Input::Network(true));
    harness.give(Input::Visibility(false));
    harness.give(Input::Visibility(true));
    assert_eq!(harness.pass(seconds(99)), 0);
    assert_eq!(harness.problems(), [(ProblemKind::RateLimited, Severity::Error)]);
    assert_eq!(harness.all_problems()[0].retry_at, Some(asked + seconds(100)));
    assert!(harness.pass(seconds(1)) > 0);
    harness.pass(seconds(5));
    harness.check();
}

#[test]
fn by_hand_even_the_busy_are_asked_at_once() {
    let mut harness = Harness::new().rows(5, DAY).loaded();
    harness.answer_with(|_| Some(status(503, &[("retry-after", "86400")], "")));
    harness.pass(seconds(40));
    harness.write("new", deployment(1));
    harness.mend();
    assert_eq!(harness.pass(seconds(3_000)), 0, "that long is waited, but not a day");
    harness.give(Input::Refresh);
    assert!(harness.turn() > 0);
    harness.rebuild();
    assert_eq!(harness.problems(), []);
    harness.check();
}

#[test]
fn who_is_busy_without_a_time_is_asked_less_and_less() {
    let mut harness = Harness::new().rows(3, DAY);
    harness.answer_with(|_| Some(status(503, &[], "")));
    harness.pass(seconds(3_600));
    assert!((60..90).contains(&harness.sent.len()), "{} questions in an hour", harness.sent.len());
    let moments = moments(&harness.sent);
    let gaps: Vec<i64> = moments.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(gaps[0] <= 1_000, "{gaps:?}");
    assert!(gaps.iter().all(|gap| *gap <= 60_000), "a minute apart at most: {gaps:?}");
    assert!(gaps[6..].iter().all(|gap| *gap >= 45_000), "{gaps:?}");
    harness.mend();
    harness.pass(seconds(60));
    harness.check();
}

#[test]
fn a_long_failure_does_not_make_the_next_wait_long() {
    let mut harness = Harness::new().rows(3, DAY);
    harness.answer_with(|_| Some(Err(NetError::Blocked)));
    harness.pass(seconds(3_600));
    harness.mend();
    harness.pass(seconds(400));
    harness.check();
    harness.answer_with(|_| Some(Err(NetError::Blocked)));
    harness.pass(seconds(31));
    let retry = harness.all_problems()[0].retry_at.unwrap();
    assert!(retry.since(harness.now()) <= seconds(3), "{retry:?}");
}

#[test]
fn nor_does_it_when_the_next_is_of_the_same_read() {
    let mut harness = Harness::new().rows(10, DAY);
    harness.tables[0].0.page = 2;
    harness.answer_with(|_| Some(Err(NetError::Blocked)));
    harness.pass(seconds(3_600));
    harness.mend();
    while harness.engine.store().is_empty() {
        harness.timeline.now = harness.wake_at().unwrap_or(harness.timeline.now);
        harness.turn();
        harness.answer_one();
    }
    assert_eq!(harness.problems(), [], "it goes on");
    harness.answer_with(|_| Some(Err(NetError::Blocked)));
    harness.rebuild();
    let retry = harness.all_problems()[0].retry_at.unwrap();
    assert!(retry.since(harness.now()) <= seconds(3), "{retry:?}");
}

#[test]
fn one_question_that_fails_leaves_the_others_alone() {
    let mut harness = Harness::new().rows(8_000, 40 * DAY);
    let failing: Rc<RefCell<Option<String>>> = Rc::default();
    let which = Rc::clone(&failing);
    harness.answer_with(move |sent| {
        // The first range that does not begin at the table's begin fails from now on.
        let filter = sent.filter();
        let mut which = which.borrow_mut();
        if which.is_none() && sent.filter().contains("RowKey lt '80'") {
            *which = Some("RowKey lt '80'".to_owned());
        }
        which.as_ref().is_some_and(|w| filter.contains(w)).then_some(Err(NetError::Timeout))
    });
    harness.pass(seconds(20));
    assert!(failing.borrow().is_some(), "no range failed");
    assert_eq!(harness.problems(), [(ProblemKind::Timeout, Severity::Error)]);
    let known = harness.engine.store().len();
    assert!((5_500..7_500).contains(&known), "{known}");
    // What is there is drawn, although the read is not done, and no more often than ever.
    assert_eq!(harness.engine.store().by_time().len(), known);
    assert!(harness.published <= 5, "{} looks at {} answers", harness.published, harness.sent.len());
    harness.mend();
    harness.pass(seconds(120));
    harness.check();
}

#[test]
fn rows_before_a_break_are_kept_and_the_others_come_later() {
    for headers in [Headers::Exposed, Headers::Hidden] {
        let mut harness = Harness::new().rows(100, DAY).headers(headers);
        let (service, world) = harness.tables[0].clone();
        harness.answer_with(move |sent| {
            let mut answer = service.answer(&world, &sent.request, &mut Rng::new(1));
            answer.body.truncate(answer.body.len() * 2 / 3);
            Some(Ok(answer))
        });
        harness.turn();
        harness.answer_one();
        harness.turn();
        let known = harness.engine.store().len();
        assert!((50..80).contains(&known), "{known}");
        assert_eq!(harness.engine.store().by_time().len(), known, "and drawn");
        harness.mend();
        harness.pass(seconds(5));
        harness.check();
    }
}

#[test]
fn without_a_network_nothing_is_asked_and_with_it_at_once() {
    let mut harness = Harness::new().rows(5, DAY).loaded();
    harness.give(Input::Network(false));
    assert_eq!(harness.pass(seconds(600)), 0);
    assert_eq!(harness.wake_at(), None);
    assert_eq!(harness.problems(), [(ProblemKind::Offline, Severity::Error)]);
    harness.write("new", deployment(1));
    harness.give(Input::Network(true));
    assert!(harness.turn() > 0);
    harness.rebuild();
    assert_eq!(harness.problems(), []);
    harness.check();
    // What was under way when it went fails, and waits; not any longer than until it is back.
    harness.skip(seconds(30));
    harness.turn();
    for _ in 0..6 {
        harness.answer_with(|_| Some(Err(NetError::Offline)));
        harness.pass(seconds(20));
    }
    harness.give(Input::Network(false));
    harness.mend();
    harness.turn();
    harness.give(Input::Network(true));
    assert_eq!(harness.turn(), 1);
}

#[test]
fn a_refusal_that_waits_for_a_hand_need_not_when_refreshing_by_itself_again() {
    let projects = vec![project("trivia", "deployments", Some("trivia"), Some(SAS))];
    let mut harness = Harness::with(config(projects, None)).rows(5, DAY);
    harness.tables[0].0.signature = "sig=another".to_owned();
    harness.rebuild();
    assert_eq!(harness.all_problems()[0].retry_at, None);
    harness.tables[0].0.signature = Service::new("deployments").signature;
    assert_eq!(harness.pass(seconds(3_600)), 0);
    harness.give(Input::RefreshInterval(Some(seconds(30))));
    harness.pass(seconds(60));
    harness.check();
}

#[test]
fn where_headers_come_and_go_nothing_is_lost() {
    let mut harness = Harness::new().rows(60, DAY);
    harness.tables[0].0.page = 7;
    harness.turn();
    let mut turn = 0;
    while !harness.waiting.is_empty() {
        harness.tables[0].0.headers = if turn % 2 == 0 { Headers::Hidden } else { Headers::Exposed };
        turn += 1;
        harness.answer_one();
        harness.turn();
    }
    harness.check();
}

#[test]
fn rows_that_cannot_be_read_stand_beside_the_others_and_are_counted_once() {
    let mut harness = Harness::new().rows(5, DAY).loaded();
    harness.answer_with(|_| {
        let mut rows: Vec<RowBuilder> = (0..60).map(|n| RowBuilder::of(&format!("p1={n}"))).collect();
        rows.push(RowBuilder::of("good PartitionKey=trivia p1=1"));
        Some(status(200, &[("x-ms-version", "1")], &body(&rows)))
    });
    for _ in 0..5 {
        harness.pass(seconds(30));
        assert_eq!(harness.engine.store().len(), 6);
        let problem = &harness.all_problems()[0];
        assert_eq!((problem.what.as_str(), problem.details.len()), ("60 rows cannot be read.", 50));
        assert_eq!(harness.problems(), [(ProblemKind::Unreadable, Severity::Warning)]);
    }
}

/// A page with this next page named, as a service answers that never ends.
fn endless(row: Option<&str>, token: Option<String>) -> Result<Response, NetError> {
    let mut headers = vec![("x-ms-version", "1")];
    headers.extend(token.as_deref().map(|token| ("x-ms-continuation-nextpartitionkey", token)));
    status(200, &headers, &body(&row.map(RowBuilder::of).into_iter().collect::<Vec<_>>()))
}

#[test]
fn a_read_that_would_never_end_is_ended_and_reported() {
    const ROW: &str = "1 PartitionKey=trivia Timestamp=2026-11-01T00:00:00Z p1=1";
    #[track_caller]
    fn check(name: &str, most: usize, answer: impl Fn(u64) -> Result<Response, NetError> + Copy + 'static) {
        for is_loaded in [false, true] {
            let mut harness = Harness::new().rows(5, DAY);
            if is_loaded {
                harness.rebuild();
            }
            let (before, rows, mut count) = (harness.sent.len(), harness.engine.store().len(), 0);
            harness.answer_with(move |sent| {
                count += 1;
                (!sent.is_proof()).then(|| answer(count))
            });
            harness.pass(seconds(600));
            let sent = harness.sent.len() - before;
            assert!(sent <= most, "{name}: {sent} questions");
            let problem = &harness.all_problems()[0];
            assert_eq!((problem.kind, problem.severity), (ProblemKind::Unreadable, Severity::Error), "{name}");
            assert!(problem.what.contains("brings no new rows"), "{problem:?}");
            assert!(harness.engine.store().len() >= rows, "what was read is kept");
            harness.mend();
            harness.pass(seconds(1_300));
            assert_eq!(harness.problems(), [], "{name}");
        }
    }
    check("the same page and token", 30, |_| endless(Some(ROW), Some("t".to_owned())));
    check("the same page, another token", 30, |n| endless(Some(ROW), Some(n.to_string())));
    check("no rows, the same token", 30, |_| endless(None, Some("t".to_owned())));
    check("no rows, another token", 340, |n| endless(None, Some(n.to_string())));
    check("a filter that is ignored, without headers", 30, |_| {
        status(200, &[], &format!("[{}]", RowBuilder::of(ROW).json()))
    });
}

#[test]
fn new_rows_without_end_are_read_at_a_bounded_rate() {
    let mut harness = Harness::new();
    let mut count = 0;
    harness.answer_with(move |sent| {
        count += 1;
        let row = format!("{count:09} Timestamp=2026-11-01T00:00:00Z p1=1");
        (!sent.is_proof()).then(|| endless(Some(&row), Some(count.to_string())))
    });
    harness.pass(seconds(60));
    let (sent, rows) = (harness.sent.len(), harness.engine.store().len());
    // Six hundred at once, then ten a second.
    assert!((600..1_300).contains(&sent), "{sent} questions");
    assert!(rows > 500, "{rows} rows");
}
