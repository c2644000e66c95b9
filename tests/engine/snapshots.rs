//! Rows from a file beside the page: read whole each time.

use std::{cell::RefCell, rc::Rc};

use ringside::{
    config::{Project, StageRules, Storage},
    domain::{
        id::ProjectName,
        problem::{ProblemKind, Severity},
    },
    engine::Input,
    http::Response,
    model::store::Slot,
    storage::row::Field,
};

use crate::{
    harness::{Harness, config, seconds},
    support::rows::{self, RowBuilder},
};

fn snapshot(body: &Rc<RefCell<String>>) -> Harness {
    let name = ProjectName::new("trivia").unwrap();
    let storage = Storage::Snapshot { url: "rows.json".into() };
    let projects = vec![Project { name, storage, pipelines: None, stages: StageRules::default(), manifests: None }];
    let mut harness = Harness::with(config(projects, Some(seconds(30))));
    let body = Rc::clone(body);
    harness.answer_with(move |sent| {
        assert_eq!(sent.request.address(), "rows.json");
        let body = body.borrow().clone();
        let status = if body.is_empty() { 404 } else { 200 };
        Some(Ok(Response { status, headers: Vec::new(), body: body.into_bytes() }))
    });
    harness
}

#[test]
fn a_file_is_read_whole_each_time() {
    let row = |key: &str, env: &str| RowBuilder::of(&format!("{key} env={env} p1=1"));
    let list = |rows: &[RowBuilder]| format!("[{}]", rows.iter().map(RowBuilder::json).collect::<Vec<_>>().join(","));
    let body = Rc::new(RefCell::new(list(&[row("a", "dev"), row("b", "dev")])));
    let mut harness = snapshot(&body);
    assert_eq!(harness.rebuild(), 1);
    let keys = |harness: &Harness| {
        let store = harness.engine.store();
        let of = |slot: Slot| format!("{} {}", store.id(slot).unwrap(), store.at(slot).text(Field::Env));
        let mut keys: Vec<String> = store.by_time().iter().map(|&slot| of(slot)).collect();
        keys.sort();
        keys
    };
    assert_eq!(keys(&harness), ["a dev", "b dev"]);
    let (version, published) = (harness.engine.store().version(), harness.published);
    assert_eq!(harness.pass(seconds(120)), 4);
    assert_eq!((harness.engine.store().version(), harness.published), (version, published));
    *body.borrow_mut() = rows::body(&[row("b", "prod"), row("c", "prod")]);
    harness.pass(seconds(30));
    assert_eq!(keys(&harness), ["b prod", "c prod"]);
    // The file goes, the rows stay; it is asked for again, but not without end.
    body.borrow_mut().clear();
    assert!(harness.pass(seconds(600)) <= 10);
    assert_eq!(harness.problems(), [(ProblemKind::NotFound, Severity::Error)]);
    assert_eq!(keys(&harness), ["b prod", "c prod"]);
    *body.borrow_mut() = list(&[row("c", "dev")]);
    harness.pass(seconds(120));
    assert_eq!(keys(&harness), ["c dev"]);
    assert_eq!(harness.problems(), []);
}

#[test]
fn a_file_is_not_read_while_nobody_looks_nor_twice_at_once() {
    let body = Rc::new(RefCell::new("[]".to_owned()));
    let mut harness = snapshot(&body);
    harness.rebuild();
    harness.give(Input::Visibility(false));
    assert_eq!(harness.pass(seconds(600)), 0);
    harness.give(Input::Visibility(true));
    assert_eq!(harness.turn(), 1);
    harness.skip(seconds(600));
    assert_eq!(harness.turn(), 0);
}

#[test]
fn rows_that_cannot_be_read_are_counted_once_however_often_they_come() {
    let bad = |n: usize| (0..n).map(|i| format!(r#"{{"p1":"{i}"}}"#)).collect::<Vec<_>>().join(",");
    let body = Rc::new(RefCell::new(format!("[{}]", bad(70))));
    let mut harness = snapshot(&body);
    harness.rebuild();
    for _ in 0..5 {
        let problem = &harness.all_problems()[0];
        assert_eq!((problem.what.as_str(), problem.details.len()), ("70 rows cannot be read.", 50));
        harness.pass(seconds(30));
    }
    *body.borrow_mut() = format!("[{}]", bad(1));
    harness.pass(seconds(30));
    assert_eq!(harness.all_problems()[0].what, "1 row cannot be read.");
    *body.borrow_mut() = "[]".to_owned();
    harness.pass(seconds(30));
    assert_eq!(harness.problems(), []);
}

#[test]
fn rows_that_cannot_be_read_are_counted_where_they_look_alike_and_where_they_are_many() {
    #[track_caller]
    fn check(rows: &str, details: usize, expect: &str) {
        let mut harness = snapshot(&Rc::new(RefCell::new(format!(r#"[{rows}{{"RowKey":"1"}}]"#))));
        harness.rebuild();
        for _ in 0..3 {
            let problem = &harness.all_problems()[0];
            assert_eq!((problem.what.as_str(), problem.details.len()), (expect, details));
            assert_eq!(harness.engine.store().len(), 1);
            harness.pass(seconds(30));
        }
    }
    check(&"7,".repeat(25_000), 1, "25,000 rows cannot be read.");
    check(r#"{"p1":"5"},{"p1":"5"},7,"#, 2, "3 rows cannot be read.");
    let different: String = (0..2_000).map(|n| format!(r#"{{"p1":"{n}"}},"#)).collect();
    check(&different, 50, "2,000 rows cannot be read.");
}
