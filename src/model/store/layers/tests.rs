use std::sync::Arc;

use super::*;
use crate::{
    domain::{
        commit::Commit,
        deployment::Status,
        facts::Answer,
        id::{Branch, CommitId, ProjectName, Repository},
        person::Person,
        project::ProjectId,
        run::Run,
        stage::Service,
        time::Timestamp,
    },
    model::rings::RingNames,
    support::rows::row,
};

const ROW: &str = "1 env=dev service=api p1=7 p1Status=succeeded branch=main sourceRepo=o/api commitId=0a12da8 \
                   authorName=Mara commitMessage=Fix";

fn facts(run: &Arc<Run>, commit: &Arc<Commit>, millis: i64) -> SlotFacts {
    let (by, at) = (Service::GitHub, Timestamp::from_millis(millis));
    SlotFacts {
        runs: [Some(Answer { by, at, value: Some(Arc::clone(run)) }), None, None],
        commit: Some(Answer { by, at, value: Some(Arc::clone(commit)) }),
        ..SlotFacts::NONE
    }
}

/// Where the texts of a deployment lie, and how often its shared ones changed.
fn places(store: &Store, slot: Slot) -> (Vec<*const u8>, Vec<(Sym, u32)>) {
    let own = [Field::CommitMessage, Field::CommitId, Field::P1Status, Field::Service];
    let own = own.into_iter().chain(ASSEMBLED).map(|field| store.at(slot).text(field).as_ptr());
    let shared = ASSEMBLED.map(|field| (store.symbol_of(field, slot), store.symbols_of(field).version()));
    (own.collect(), shared.to_vec())
}

#[test]
fn facts_that_change_nothing_copy_no_text() {
    let mut store = Store::new(vec![ProjectName::new("trivia").unwrap()], RingNames::default());
    let (slot, _) = store.put(ProjectId::at(0), &row(ROW));
    let before = places(&store, slot);
    let run = Arc::new(Run {
        commit: CommitId::new("0a12da8"),
        branch: Branch::new("main"),
        repository: Repository::new("o/api"),
        ..Run::new(Status::Succeeded)
    });
    let commit = Arc::new(Commit {
        id: CommitId::new("0a12da8").unwrap(),
        message: Some("Fix".into()),
        author: Some(Person { name: "Mara".into(), email: None, image: None, url: None }),
        at: None,
        link: None,
    });
    // Learnt for the first time, and once more.
    for (millis, is_news) in [(1, true), (2, false)] {
        let reported = facts(&run, &commit, millis);
        let own = ASSEMBLED.map(|field| store.symbol_of(field, slot));
        assert_eq!(store.reported_texts(store.at(slot).lay(Some(&reported)), own), [const { None }; ASSEMBLED.len()]);
        assert_eq!(store.set_facts(slot, reported), is_news);
        assert_eq!(places(&store, slot), before);
        assert!(store.reported.iter().all(Option::is_none) && store.layers[&slot].hides == 0);
        let known = store.facts(slot).unwrap();
        let (of_run, of_commit) = (known.runs[0].as_ref().unwrap(), known.commit.as_ref().unwrap());
        assert_eq!(of_run.at, Timestamp::from_millis(millis));
        assert!(Arc::ptr_eq(of_run.value.as_ref().unwrap(), &run));
        assert!(Arc::ptr_eq(of_commit.value.as_ref().unwrap(), &commit));
    }
    // What differs is written down, and the row's text stays where it was.
    let other = Arc::new(Commit { message: Some("Other".into()), ..(*commit).clone() });
    assert!(store.set_facts(slot, facts(&run, &other, 3)));
    assert!(store.reported.iter().any(Option::is_some) && store.layers[&slot].hides != 0);
    assert_eq!(places(&store, slot), before);
}
