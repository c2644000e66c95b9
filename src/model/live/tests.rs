//! What follows changes against what is made anew.

use std::sync::Arc;

use proptest::{collection::vec, prelude::Strategy, prop_assert_eq, prop_oneof, sample, test_runner::TestCaseError};

mod passes;

use super::*;
use crate::support::rows::{RowBuilder, row};
use crate::{
    domain::{
        column::Column,
        commit::Commit,
        deployment::{Kind, Status},
        facts::{Answer, SlotFacts},
        id::{CommitId, ProjectName},
        person::Person,
        project::ProjectId,
        run::Run,
        stage::Service,
        time::Timestamp,
    },
    model::{
        query,
        rings::{RingNames, tests::anew},
    },
    storage::row::Field,
};

/// What is asked for meanwhile.
const QUERIES: [&str; 6] = ["", "api", "status:running", "author:mara", "-ring:prod fix", "green"];

#[derive(Clone, Debug)]
enum Step {
    Put(usize, Vec<(Field, &'static str)>),
    Remove(usize),
    /// A forge reports the deployment's build and commit.
    SetFacts(usize, Status, &'static str),
    /// A cluster reports that it applied a commit.
    Apply(&'static str),
    Publish,
    /// The same, after so much that it is not named.
    PublishAll,
}

fn text() -> impl Strategy<Value = (Field, &'static str)> {
    let texts: [(Field, &[&'static str]); 10] = [
        (Field::Service, &["api", "client", "auth"]),
        (Field::Env, &["dev", "prod", "feature-1", "feature-2"]),
        (Field::Branch, &["main", "topic"]),
        (Field::AuthorName, &["Mara", "Ken"]),
        (Field::ImageTag, &["1.0", "1.1", "api-2"]),
        (Field::P1Status, &["running", "failed", "succeeded"]),
        (Field::P1End, &["2026-11-01T00:00:00Z", "2026-11-05T00:00:00Z"]),
        (Field::ManifestCommitId, &["0a12da8", "beef123"]),
        (Field::Pr, &["12", "7"]),
        (Field::CommitMessage, &["Fix prices", "Other"]),
    ];
    sample::select(texts.to_vec()).prop_flat_map(|(field, texts)| (sample::select(vec![field]), sample::select(texts)))
}

fn step() -> impl Strategy<Value = Step> {
    let key = 0..9_usize;
    prop_oneof![
        6 => (key.clone(), vec(text(), 1..7)).prop_map(|(key, texts)| Step::Put(key, texts)),
        1 => key.clone().prop_map(Step::Remove),
        3 => (key, sample::select(vec![Status::Running, Status::Failed, Status::Succeeded]), sample::select(&["Mara", "Ana"][..]))
            .prop_map(|(key, status, author)| Step::SetFacts(key, status, author)),
        1 => sample::select(&["0a12da8", "beef123"][..]).prop_map(Step::Apply),
        5 => sample::select(vec![Step::Publish, Step::Publish, Step::Publish, Step::PublishAll]),
    ]
}

fn facts(status: Status, author: &str) -> SlotFacts {
    let at = Timestamp::parse("2026-11-03T00:00:00Z").unwrap();
    let person = Person { name: author.into(), email: None, image: None, url: None };
    let commit = Commit {
        id: CommitId::new("0123456789").unwrap(),
        message: Some("Fix what forges know".into()),
        author: Some(person),
        at: None,
        link: None,
    };
    let run = Run { ended: Some(at), ..Run::new(status) };
    let by = Service::GitHub;
    SlotFacts {
        runs: [Some(Answer { by, at, value: Some(Arc::new(run)) }), None, None],
        commit: Some(Answer { by, at, value: Some(Arc::new(commit)) }),
        ..SlotFacts::NONE
    }
}

/// A store, and those who follow it.
struct Followed {
    store: Store,
    syncs: Syncs,
    views: Vec<LiveViews>,
}

impl Followed {
    fn take(&mut self, step: &Step) {
        let partition = "p";
        let slot = |store: &Store, key: usize| store.slot_of(ProjectId::at(0), partition, &key.to_string());
        match step {
            Step::Put(key, texts) => {
                let row = RowBuilder::of(&format!("{key} PartitionKey={partition} p1={}", 7_000 + key));
                let row = texts.iter().fold(row, |row, (field, text)| row.with(*field, *text));
                self.store.put(ProjectId::at(0), &row.row());
            }
            Step::Remove(key) => {
                if let Some(slot) = slot(&self.store, *key) {
                    self.store.remove(slot);
                }
            }
            Step::SetFacts(key, status, author) => {
                if let Some(slot) = slot(&self.store, *key) {
                    self.store.set_facts(slot, facts(*status, author));
                }
            }
            Step::Apply(commit) => {
                let row = row(&format!("sync-green syncCommit={commit} syncState=applied"));
                self.syncs.put(ProjectId::at(0), &row);
            }
            Step::Publish | Step::PublishAll => {}
        }
    }
}

/// Takes steps, and compares with what is made anew whenever somebody looks.
fn check(steps: &[Step]) -> Result<(), TestCaseError> {
    let names = RingNames::default();
    let mut all = Followed {
        store: Store::new(vec![ProjectName::new("p").unwrap()], names),
        syncs: Syncs::default(),
        views: QUERIES.iter().map(|_| LiveViews::default()).collect(),
    };
    for step in steps {
        all.take(step);
        if !matches!(step, Step::Publish | Step::PublishAll) {
            continue;
        }
        all.store.rebuild();
        let mut delta = all.store.take_delta();
        all.syncs.follow(&all.store, &mut delta);
        if matches!(step, Step::PublishAll) {
            delta = Delta { everything: true, clusters: delta.clusters, ..Delta::default() };
        }
        let (store, syncs) = (&all.store, &all.syncs);
        let mut fresh = syncs.clone();
        fresh.rebuild(store);
        for (nth, (views, query_text)) in all.views.iter_mut().zip(QUERIES).enumerate() {
            views.note(&delta);
            let filter = Filter { terms: query::parse(query_text), ..Filter::default() };
            let by = Some(SortBy { column: Column::ALL[nth * 2], descending: nth % 2 == 0 }).filter(|_| nth > 0);
            let selection = select(store, &fresh, &filter);
            prop_assert_eq!(&*views.selection(store, syncs, &filter), &selection, "{}", query_text);
            let order = Order::of(store, &fresh, &selection, by);
            prop_assert_eq!(&**views.order(store, syncs, &filter, by), order.slots());
            let counts = |summary: &Summary| Status::ALL.map(|status| summary.in_state(&[status]));
            let counted = counts(&Summary::of(store, &fresh, &filter));
            prop_assert_eq!(views.summary(store, syncs, &filter, counts), counted);
            prop_assert_eq!(&*views.board(store, syncs), &anew::board(store, &fresh));
            let is_without = |slot: &Slot| {
                let (ring, kind) = (store.at(*slot).ring(), store.at(*slot).kind());
                selection.has(*slot) && ring == RingSym::NONE && kind == Kind::Deployment
            };
            let without_ring = store.all_slots().filter(is_without).count();
            prop_assert_eq!(views.without_ring(store, syncs, &filter), without_ring, "{}", query_text);
        }
    }
    Ok(())
}

proptest::proptest! {
    #[test]
    fn what_follows_is_what_would_be_made_anew(steps in vec(step(), 1..40)) {
        check(&steps)?;
    }
}

#[test]
fn branches_deployed_at_the_same_time_keep_their_order() {
    let first = Step::Put(0, vec![(Field::Env, "feature-1"), (Field::Branch, "main")]);
    let second = Step::Put(1, vec![(Field::Env, "feature-1"), (Field::Service, "api"), (Field::Branch, "topic")]);
    check(&[first, Step::Publish, second, Step::Publish]).unwrap();
}
