//! Rows from a file beside the page: read whole each time.

use std::{cell::RefCell, rc::Rc};

use ringside::{
    config::{Project, Storage},
    domain::{
        id::ProjectName,
        problem::{ProblemKind, Severity},
    },
    engine::Input,
    http::Response,
    storage::row::Field,
};

use crate::desk::{Desk, config, seconds};

fn snapshot(body: &Rc<RefCell<String>>) -> Desk {
    let name = ProjectName::new("trivia").unwrap();
    let storage = Storage::Snapshot { url: "rows.json".into() };
    let projects = vec![Project { name, storage, pipelines: None, manifests: None }];
    let mut desk = Desk::with(config(projects, Some(seconds(30))));
    let body = Rc::clone(body);
    desk.answer_with(move |sent| {
        assert_eq!(sent.request.address(), "rows.json");
        let body = body.borrow().clone();
        let status = if body.is_empty() { 404 } else { 200 };
        Some(Ok(Response { status, headers: Vec::new(), body: body.into_bytes() }))
    });
    desk
}

#[test]
fn a_file_is_read_whole_each_time() {
    let row = |key: &str, env: &str| format!(r#"{{"RowKey":"{key}","env":"{env}","p1":"1"}}"#);
    let body = Rc::new(RefCell::new(format!("[{},{}]", row("a", "dev"), row("b", "dev"))));
    let mut desk = snapshot(&body);
    assert_eq!(desk.settle(), 1);
    let keys = |desk: &Desk| {
        let store = desk.engine.store();
        let of = |slot: u32| format!("{} {}", store.id(slot).unwrap(), store.at(slot).text(Field::Env));
        let mut keys: Vec<String> = store.by_time().iter().map(|&slot| of(slot)).collect();
        keys.sort();
        keys
    };
    assert_eq!(keys(&desk), ["a dev", "b dev"]);
    let (version, published) = (desk.engine.store().version(), desk.published);
    assert_eq!(desk.pass(seconds(120)), 4);
    assert_eq!((desk.engine.store().version(), desk.published), (version, published));
    *body.borrow_mut() = format!(r#"{{"value":[{},{}]}}"#, row("b", "prod"), row("c", "prod"));
    desk.pass(seconds(30));
    assert_eq!(keys(&desk), ["b prod", "c prod"]);
    // The file goes, the rows stay; it is asked for again, but not without end.
    body.borrow_mut().clear();
    assert!(desk.pass(seconds(600)) <= 10);
    assert_eq!(desk.problems(), [(ProblemKind::NotFound, Severity::Error)]);
    assert_eq!(keys(&desk), ["b prod", "c prod"]);
    *body.borrow_mut() = format!("[{}]", row("c", "dev"));
    desk.pass(seconds(120));
    assert_eq!(keys(&desk), ["c dev"]);
    assert_eq!(desk.problems(), []);
}

#[test]
fn a_file_is_not_read_while_nobody_looks_nor_twice_at_once() {
    let body = Rc::new(RefCell::new("[]".to_owned()));
    let mut desk = snapshot(&body);
    desk.settle();
    desk.give(Input::Visibility(false));
    assert_eq!(desk.pass(seconds(600)), 0);
    desk.give(Input::Visibility(true));
    assert_eq!(desk.turn(), 1);
    desk.now = desk.now + seconds(600);
    assert_eq!(desk.turn(), 0);
}

#[test]
fn rows_that_cannot_be_read_are_counted_once_however_often_they_come() {
    let bad = |n: usize| (0..n).map(|i| format!(r#"{{"p1":"{i}"}}"#)).collect::<Vec<_>>().join(",");
    let body = Rc::new(RefCell::new(format!("[{}]", bad(70))));
    let mut desk = snapshot(&body);
    desk.settle();
    for _ in 0..5 {
        let problem = &desk.all_problems()[0];
        assert_eq!((problem.what.as_str(), problem.details.len()), ("70 rows cannot be read.", 50));
        desk.pass(seconds(30));
    }
    *body.borrow_mut() = format!("[{}]", bad(1));
    desk.pass(seconds(30));
    assert_eq!(desk.all_problems()[0].what, "1 row cannot be read.");
    *body.borrow_mut() = "[]".to_owned();
    desk.pass(seconds(30));
    assert_eq!(desk.problems(), []);
}
