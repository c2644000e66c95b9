//! How much a publish looks at: what has changed, however many rows there are.
//!
//! Counted is how often anything is looked up by its number (`domain::number::lookups`). Both worlds have the same
//! services, rings and clusters, and as many rows of the service of which one changes; all others grow.

use crate::domain::{column::Column, id::CommitId, manifests::Listed, number::lookups};
use crate::support::rows::plausible;

use super::*;

const P: ProjectId = ProjectId::at(0);
/// So many rows has the service of which one changes.
const ROWS: usize = 50;
/// What somebody looks at: what is searched for, and by what the list is sorted.
const LOOKS: [(&str, Option<Column>); 8] = [
    ("", None),
    ("", Some(Column::Service)),
    ("", Some(Column::Build)),
    ("service:followed", None),
    ("change 7", Some(Column::Author)),
    ("-ring:prod", Some(Column::Status)),
    ("status:failed", Some(Column::Ring)),
    ("cluster:cluster-3", Some(Column::Clusters)),
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Clusters {
    None,
    /// They report, and nothing is known of the branch.
    WithoutHistory,
    WithHistory,
}

struct World {
    store: Store,
    syncs: Syncs,
    views: Vec<LiveViews>,
    rows: usize,
}

impl World {
    fn new(rows: usize, clusters: Clusters) -> Self {
        let store = Store::new(vec![ProjectName::new("p").unwrap()], RingNames::default());
        let views = LOOKS.iter().map(|_| LiveViews::default()).collect();
        let mut world = Self { store, syncs: Syncs::default(), views, rows };
        (0..rows).for_each(|n| world.put(n, "1"));
        let commit = |n: usize| CommitId::new(world.store.at(Slot::at(n)).manifest_commit()).unwrap();
        if clusters == Clusters::WithHistory {
            let listed = |n| Listed { id: commit(n), parents: vec![commit(n + 1)], at: None };
            let listed: Vec<Listed> = (0..100).map(listed).collect();
            let head = commit(0);
            world.syncs.history_mut(P).add_all(&listed);
            world.syncs.history_mut(P).set_head(&head);
        }
        let reports = if clusters == Clusters::None { 0 } else { 10 };
        for n in 0..reports {
            let commit = world.store.at(Slot::at(3 * n)).manifest_commit().to_owned();
            let texts = format!("sync-{n} kind=sync cluster=cluster-{n} syncCommit={commit} syncState=applied");
            world.syncs.put(P, &row(&texts));
        }
        world.publish();
        world
    }

    /// Writes a row, with that build.
    fn put(&mut self, n: usize, build: &str) {
        let service = if n < ROWS { "contoso/followed".to_owned() } else { format!("contoso/service-{}", n % 40) };
        let status = if build == "1" { "succeeded" } else { "failed" };
        let row = plausible(n)
            .with(Field::Service, service)
            .with(Field::Pr, n.to_string())
            .with(Field::P1, build)
            .with(Field::P1Status, status);
        self.store.put(P, &row.row());
    }

    /// Publishes, and looks at everything.
    fn publish(&mut self) {
        self.store.rebuild();
        let mut delta = self.store.take_delta();
        self.syncs.follow(&self.store, &mut delta);
        let (store, syncs) = (&self.store, &self.syncs);
        for (views, (query_text, column)) in self.views.iter_mut().zip(LOOKS) {
            views.note(&delta);
            let filter = Filter { terms: query::parse(query_text), ..Filter::default() };
            let by = column.map(|column| SortBy { column, descending: true });
            views.selection(store, syncs, &filter);
            views.order(store, syncs, &filter, by);
            views.summary(store, syncs, &filter, |summary| summary.in_state(&[Status::Failed]));
            views.without_ring(store, syncs, &filter);
            views.board(store, syncs);
        }
    }

    /// How much is looked up by a publish in which nothing has changed, by one in which one row has, by one in which
    /// one has come, and by one in which one is gone.
    fn lookups(&mut self) -> [usize; 4] {
        let nothing = lookups::during(|| self.publish());
        self.put(7, "2");
        let changed = lookups::during(|| self.publish());
        let new = self.rows;
        self.store.put(P, &plausible(new).with(Field::Service, "contoso/followed").with(Field::Pr, "1000000").row());
        let came = lookups::during(|| self.publish());
        let key = plausible(new).text("RowKey");
        let slot = self.store.slot_of(P, "trivia", &key).unwrap();
        self.store.remove(slot);
        let gone = lookups::during(|| self.publish());
        [nothing, changed, came, gone]
    }
}

#[test]
fn a_publish_makes_no_pass_over_the_rows() {
    for clusters in [Clusters::None, Clusters::WithoutHistory, Clusters::WithHistory] {
        let few = World::new(2_000, clusters).lookups();
        let many = World::new(20_000, clusters).lookups();
        assert_eq!((few[0], many[0]), (0, 0), "{clusters:?}: nothing has changed");
        for (few, many) in few.into_iter().zip(many) {
            // A place among ten times as many rows is found in a few steps more.
            assert!(many < few + 200, "{clusters:?}: {few} {many}");
        }
    }
}
