//! What goes wrong on the way: said specifically, beside the data there is, and asked again with patience.

use std::{cell::RefCell, rc::Rc};

use ringside::{
    domain::problem::{ProblemKind, Severity},
    engine::Input,
    http::{NetError, Response},
};

use crate::{
    desk::{DAY, Desk, SAS, Sent, config, deployment, project, seconds},
    rng::Rng,
    service::{Headers, Service},
};

fn status(status: u16, headers: &[(&str, &str)], body: &str) -> Result<Response, NetError> {
    let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    Ok(Response { status, headers, body: body.into() })
}

#[test]
fn every_failure_is_told_beside_the_rows_there_are_and_is_over_when_it_is_over() {
    #[track_caller]
    fn check(answer: Result<Response, NetError>, kind: ProblemKind) {
        let mut desk = Desk::new().rows(5, DAY).loaded();
        let rows = desk.engine.store().len();
        let fault = answer.clone();
        desk.answer_with(move |_| Some(fault.clone()));
        desk.pass(seconds(40));
        assert_eq!(desk.problems(), [(kind, Severity::Error)], "{answer:?}");
        let problem = &desk.all_problems()[0];
        assert!(problem.retry_at.is_some_and(|at| at > desk.now), "{problem:?}");
        assert!(!problem.what.is_empty() && !problem.hint.is_empty());
        assert_eq!(problem.project.as_ref().map(|p| p.as_str()), Some("trivia"));
        assert!(!format!("{problem:?}").contains("good"), "the SAS is told: {problem:?}");
        assert_eq!(desk.engine.store().len(), rows);
        desk.pass(seconds(3_600));
        assert_eq!(desk.problems(), [(kind, Severity::Error)], "{answer:?}");
        assert_eq!(desk.engine.store().len(), rows);
        desk.write("new", deployment(1));
        desk.mend();
        desk.pass(seconds(600));
        assert_eq!(desk.problems(), []);
        desk.check();
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
fn a_failure_at_the_start_makes_the_page_ready_to_tell_it() {
    let mut desk = Desk::new().rows(5, DAY);
    desk.answer_with(|_| Some(Err(NetError::Blocked)));
    desk.turn();
    assert!(!desk.engine.is_ready());
    desk.answer_one();
    desk.turn();
    assert!(desk.engine.is_ready() && desk.published == 1);
    assert_eq!(desk.problems(), [(ProblemKind::Unreachable, Severity::Error)]);
    desk.mend();
    desk.pass(seconds(30));
    desk.check();
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
        let mut desk = Desk::with(config(projects, every.map(seconds))).rows(2_500, DAY);
        // In the midst of reading in ranges, the key is changed.
        desk.turn();
        desk.answer_one();
        desk.turn();
        desk.answer_one();
        desk.turn();
        let before = desk.sent.len();
        desk.tables[0].0.signature = "sig=another".to_owned();
        desk.pass(seconds(3_000));
        let moments = moments(desk.since(before));
        let gaps: Vec<i64> = moments.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(gaps.iter().all(|gap| *gap >= least * 1000), "{gaps:?}");
        assert_eq!(gaps.is_empty(), every.is_none());
        // By hand it is asked at once.
        let before = desk.sent.len();
        desk.give(Input::Refresh);
        assert!(desk.turn() > 0);
        desk.settle();
        // And each range once, not again and again.
        assert!(desk.sent.len() - before <= 7, "{}", desk.sent.len() - before);
        desk.tables[0].0.signature = Service::new("deployments").signature;
        desk.give(Input::Refresh);
        desk.settle();
        desk.pass(seconds(60));
        desk.check();
    }
}

#[test]
fn who_is_busy_is_left_alone_as_long_as_he_asked() {
    let mut desk = Desk::new().rows(8_000, DAY);
    desk.turn();
    desk.answer_one();
    desk.turn();
    assert_eq!(desk.waiting.len(), 6);
    desk.answer_with(|_| Some(status(429, &[("retry-after", "100")], "")));
    desk.answer_one();
    let asked = desk.now;
    desk.mend();
    // What was under way is answered, and nothing follows: by itself, or by the network's coming and going.
    while desk.answer_one() {}
    assert_eq!(desk.turn(), 0);
    desk.give(Input::Network(false));
    desk.give(Input::Network(true));
    desk.give(Input::Visibility(false));
    desk.give(Input::Visibility(true));
    assert_eq!(desk.pass(seconds(99)), 0);
    assert_eq!(desk.problems(), [(ProblemKind::RateLimited, Severity::Error)]);
    assert_eq!(desk.all_problems()[0].retry_at, Some(asked + seconds(100)));
    assert!(desk.pass(seconds(1)) > 0);
    desk.pass(seconds(5));
    desk.check();
}

#[test]
fn by_hand_even_the_busy_are_asked_at_once() {
    let mut desk = Desk::new().rows(5, DAY).loaded();
    desk.answer_with(|_| Some(status(503, &[("retry-after", "86400")], "")));
    desk.pass(seconds(40));
    desk.write("new", deployment(1));
    desk.mend();
    assert_eq!(desk.pass(seconds(3_000)), 0, "that long is waited, but not a day");
    desk.give(Input::Refresh);
    assert!(desk.turn() > 0);
    desk.settle();
    assert_eq!(desk.problems(), []);
    desk.check();
}

#[test]
fn who_is_busy_and_does_not_say_how_long_is_asked_less_and_less() {
    let mut desk = Desk::new().rows(3, DAY);
    desk.answer_with(|_| Some(status(503, &[], "")));
    desk.pass(seconds(3_600));
    assert!((60..90).contains(&desk.sent.len()), "{} questions in an hour", desk.sent.len());
    let moments = moments(&desk.sent);
    let gaps: Vec<i64> = moments.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(gaps[0] <= 1_000, "{gaps:?}");
    assert!(gaps.iter().all(|gap| *gap <= 60_000), "a minute apart at most: {gaps:?}");
    assert!(gaps[6..].iter().all(|gap| *gap >= 45_000), "{gaps:?}");
    desk.mend();
    desk.pass(seconds(60));
    desk.check();
}

#[test]
fn a_long_failure_does_not_make_the_next_wait_long() {
    let mut desk = Desk::new().rows(3, DAY);
    desk.answer_with(|_| Some(Err(NetError::Blocked)));
    desk.pass(seconds(3_600));
    desk.mend();
    desk.pass(seconds(400));
    desk.check();
    desk.answer_with(|_| Some(Err(NetError::Blocked)));
    desk.pass(seconds(31));
    let retry = desk.all_problems()[0].retry_at.unwrap();
    assert!(retry.since(desk.now) <= seconds(3), "{retry:?}");
}

#[test]
fn nor_does_it_when_the_next_is_of_the_same_read() {
    let mut desk = Desk::new().rows(10, DAY);
    desk.tables[0].0.page = 2;
    desk.answer_with(|_| Some(Err(NetError::Blocked)));
    desk.pass(seconds(3_600));
    desk.mend();
    while desk.engine.store().is_empty() {
        desk.now = desk.wake_at().unwrap_or(desk.now);
        desk.turn();
        desk.answer_one();
    }
    assert_eq!(desk.problems(), [], "it goes on");
    desk.answer_with(|_| Some(Err(NetError::Blocked)));
    desk.settle();
    let retry = desk.all_problems()[0].retry_at.unwrap();
    assert!(retry.since(desk.now) <= seconds(3), "{retry:?}");
}

#[test]
fn one_question_that_fails_leaves_the_others_alone() {
    let mut desk = Desk::new().rows(8_000, 40 * DAY);
    let failing: Rc<RefCell<Option<String>>> = Rc::default();
    let which = Rc::clone(&failing);
    desk.answer_with(move |sent| {
        // The first range that does not begin at the table's begin fails from now on.
        let filter = sent.filter();
        let mut which = which.borrow_mut();
        if which.is_none() && sent.filter().contains("RowKey lt '80'") {
            *which = Some("RowKey lt '80'".to_owned());
        }
        which.as_ref().is_some_and(|w| filter.contains(w)).then_some(Err(NetError::Timeout))
    });
    desk.pass(seconds(20));
    assert!(failing.borrow().is_some(), "no range failed");
    assert_eq!(desk.problems(), [(ProblemKind::Timeout, Severity::Error)]);
    let known = desk.engine.store().len();
    assert!((5_500..7_500).contains(&known), "{known}");
    // What is there is drawn, although the read is not done, and no more often than ever.
    assert_eq!(desk.engine.store().by_time().len(), known);
    assert!(desk.published <= 5, "{} looks at {} answers", desk.published, desk.sent.len());
    desk.mend();
    desk.pass(seconds(120));
    desk.check();
}

#[test]
fn rows_before_a_break_are_kept_and_the_others_come_later() {
    for headers in [Headers::Exposed, Headers::Hidden] {
        let mut desk = Desk::new().rows(100, DAY).headers(headers);
        let (service, world) = desk.tables[0].clone();
        desk.answer_with(move |sent| {
            let mut answer = service.answer(&world, &sent.request, &mut Rng::new(1));
            answer.body.truncate(answer.body.len() * 2 / 3);
            Some(Ok(answer))
        });
        desk.turn();
        desk.answer_one();
        desk.turn();
        let known = desk.engine.store().len();
        assert!((50..80).contains(&known), "{known}");
        assert_eq!(desk.engine.store().by_time().len(), known, "and drawn");
        desk.mend();
        desk.pass(seconds(5));
        desk.check();
    }
}

#[test]
fn without_a_network_nothing_is_asked_and_with_it_at_once() {
    let mut desk = Desk::new().rows(5, DAY).loaded();
    desk.give(Input::Network(false));
    assert_eq!(desk.pass(seconds(600)), 0);
    assert_eq!(desk.wake_at(), None);
    assert_eq!(desk.problems(), [(ProblemKind::Offline, Severity::Error)]);
    desk.write("new", deployment(1));
    desk.give(Input::Network(true));
    assert!(desk.turn() > 0);
    desk.settle();
    assert_eq!(desk.problems(), []);
    desk.check();
    // What was under way when it went fails, and waits; not any longer than until it is back.
    desk.now = desk.now + seconds(30);
    desk.turn();
    for _ in 0..6 {
        desk.answer_with(|_| Some(Err(NetError::Offline)));
        desk.pass(seconds(20));
    }
    desk.give(Input::Network(false));
    desk.mend();
    desk.turn();
    desk.give(Input::Network(true));
    assert_eq!(desk.turn(), 1);
}

#[test]
fn a_refusal_that_waits_for_a_hand_need_not_when_refreshing_by_itself_again() {
    let projects = vec![project("trivia", "deployments", Some("trivia"), Some(SAS))];
    let mut desk = Desk::with(config(projects, None)).rows(5, DAY);
    desk.tables[0].0.signature = "sig=another".to_owned();
    desk.settle();
    assert_eq!(desk.all_problems()[0].retry_at, None);
    desk.tables[0].0.signature = Service::new("deployments").signature;
    assert_eq!(desk.pass(seconds(3_600)), 0);
    desk.give(Input::RefreshInterval(Some(seconds(30))));
    desk.pass(seconds(60));
    desk.check();
}

#[test]
fn where_headers_come_and_go_nothing_is_lost() {
    let mut desk = Desk::new().rows(60, DAY);
    desk.tables[0].0.page = 7;
    desk.turn();
    let mut turn = 0;
    while !desk.waiting.is_empty() {
        desk.tables[0].0.headers = if turn % 2 == 0 { Headers::Hidden } else { Headers::Exposed };
        turn += 1;
        desk.answer_one();
        desk.turn();
    }
    desk.check();
}

#[test]
fn rows_that_cannot_be_read_stand_beside_the_others_and_are_counted_once() {
    let mut desk = Desk::new().rows(5, DAY).loaded();
    desk.answer_with(|_| {
        let bad: Vec<String> = (0..60).map(|n| format!("{{\"p1\":\"{n}\"}}")).collect();
        let good = r#"{"PartitionKey":"trivia","RowKey":"good","p1":"1"}"#;
        Some(status(200, &[("x-ms-version", "1")], &format!("{{\"value\":[{},{good}]}}", bad.join(","))))
    });
    for _ in 0..5 {
        desk.pass(seconds(30));
        assert_eq!(desk.engine.store().len(), 6);
        let problem = &desk.all_problems()[0];
        assert_eq!((problem.what.as_str(), problem.details.len()), ("60 rows cannot be read.", 50));
        assert_eq!(desk.problems(), [(ProblemKind::Unreadable, Severity::Warning)]);
    }
}

/// A page with this next page named, as a service answers that never ends.
fn endless(rows: &str, token: Option<String>) -> Result<Response, NetError> {
    let mut headers = vec![("x-ms-version", "1")];
    headers.extend(token.as_deref().map(|token| ("x-ms-continuation-nextpartitionkey", token)));
    status(200, &headers, &format!("{{\"value\":[{rows}]}}"))
}

#[test]
fn a_read_that_would_never_end_is_ended_and_told() {
    const ROW: &str = r#"{"PartitionKey":"trivia","RowKey":"1","Timestamp":"2026-11-01T00:00:00Z","p1":"1"}"#;
    #[track_caller]
    fn check(name: &str, most: usize, answer: impl Fn(u64) -> Result<Response, NetError> + Copy + 'static) {
        for is_loaded in [false, true] {
            let mut desk = Desk::new().rows(5, DAY);
            if is_loaded {
                desk.settle();
            }
            let (before, rows, mut count) = (desk.sent.len(), desk.engine.store().len(), 0);
            desk.answer_with(move |sent| {
                count += 1;
                (!sent.is_proof()).then(|| answer(count))
            });
            desk.pass(seconds(600));
            let sent = desk.sent.len() - before;
            assert!(sent <= most, "{name}: {sent} questions");
            let problem = &desk.all_problems()[0];
            assert_eq!((problem.kind, problem.severity), (ProblemKind::Unreadable, Severity::Error), "{name}");
            assert!(problem.what.contains("brings no new rows"), "{problem:?}");
            assert!(desk.engine.store().len() >= rows, "what was read is kept");
            desk.mend();
            desk.pass(seconds(1_300));
            assert_eq!(desk.problems(), [], "{name}");
        }
    }
    check("the same page and token", 30, |_| endless(ROW, Some("t".to_owned())));
    check("the same page, another token", 30, |n| endless(ROW, Some(n.to_string())));
    check("no rows, the same token", 30, |_| endless("", Some("t".to_owned())));
    check("no rows, another token", 340, |n| endless("", Some(n.to_string())));
    check("a filter that is ignored, without headers", 30, |_| status(200, &[], &format!("[{ROW}]")));
}
