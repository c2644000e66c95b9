//! What is kept over changes in which numbers are given again.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::{
    domain::time::Timestamp,
    model::{last_drawn::LastDrawn, rings::LiveBoard, sync::Syncs},
    support::rows::{empty_store, row},
};

const P: ProjectId = ProjectId::at(0);
const NOW: Option<Timestamp> = Some(Timestamp::from_millis(1_795_000_000_000));

/// A page that looks at the board after each change.
struct Page {
    store: Store,
    board: LiveBoard,
    drawn: LastDrawn,
    drawing: u64,
}

impl Page {
    fn new() -> Self {
        let (store, syncs) = (empty_store(&[]), Syncs::default());
        Self { board: LiveBoard::of(&store, &syncs), store, drawn: LastDrawn::default(), drawing: 0 }
    }

    fn put(&mut self, key: &str, service: &str, ring: &str, status: &str) {
        let texts = format!("{key} service={service} env={ring} p3=1 p3Status={status} imageTag={key}");
        self.store.put(P, &row(&format!("{texts} Timestamp=2026-11-01T00:00:00Z p3End=2026-11-01T00:00:00Z")));
    }

    fn remove(&mut self, key: &str) {
        let slot = self.store.slot_of(P, "", key).unwrap();
        self.store.remove(slot);
    }

    /// Publishes, and draws the board: the cells that are pointed out as changed.
    fn draw(&mut self) -> Vec<String> {
        self.store.rebuild();
        let delta = self.store.take_delta();
        self.board.follow(&self.store, &Syncs::default(), &delta);
        self.drawing += 1;
        let (store, board) = (&self.store, self.board.board());
        let mut changed = Vec::new();
        for service in &board.services {
            for (cell, ring) in service.cells.iter().zip(&board.rings) {
                let thing = hash((ServiceHash::of(store, P, service.service), RingHash::of(store, ring.ring)));
                if self.drawn.since(self.drawing, (thing, shown(store, cell)), NOW).is_some() {
                    changed.push(format!("{} {}", store.service_name(service.service), store.rings().name(ring.ring)));
                }
            }
        }
        changed
    }

    fn service(&self, name: &str) -> (ServiceSym, ServiceHash) {
        let service = self.store.find_service(name).unwrap();
        (service, ServiceHash::of(&self.store, P, service))
    }

    fn ring(&self, name: &str) -> (RingSym, RingHash) {
        let ring = self.store.rings().find(name).unwrap();
        (ring, RingHash::of(&self.store, ring))
    }

    /// So many services and rings come and go that what no row has any more is forgotten.
    fn pass_many(&mut self) {
        for n in 0..1_000 {
            self.put("passing", &format!("passing-{n}"), &format!("passing-{n}"), "succeeded");
        }
        self.remove("passing");
        self.store.rebuild();
    }
}

#[test]
fn a_number_that_is_given_again_is_another_thing() {
    let mut page = Page::new();
    page.put("1", "api", "dev", "succeeded");
    page.put("2", "old", "feature-old", "succeeded");
    assert_eq!(page.draw(), [""; 0]);
    let (api, dev, old, feature) =
        (page.service("api"), page.ring("dev"), page.service("old"), page.ring("feature-old"));
    // What somebody opened before the old ones went.
    let opened: BTreeSet<(ServiceHash, RingHash)> = [(api.1, dev.1), (old.1, feature.1)].into();
    page.remove("2");
    page.pass_many();
    // The free numbers are given again, in whatever order: so many come that the old ones are among them.
    for n in 0..1_100 {
        page.put(&format!("new-{n}"), &format!("new-{n}"), &format!("feature-new-{n}"), "succeeded");
    }
    page.store.rebuild();
    assert_eq!((page.service("api"), page.ring("dev")), (api, dev));
    let again = |n: &usize| {
        let (service, ring) = (page.service(&format!("new-{n}")), page.ring(&format!("feature-new-{n}")));
        service.0 == old.0 || ring.0 == feature.0
    };
    let again: Vec<usize> = (0..1_100).filter(again).collect();
    assert!((1..=2).contains(&again.len()), "neither number was given again");
    let names = (0..1_100).map(|n| (page.service(&format!("new-{n}")).1, page.ring(&format!("feature-new-{n}")).1));
    assert_eq!(names.filter(|cell| opened.contains(cell)).count(), 0);
    // Those that came back are what they were.
    page.put("2", "OLD", "Feature-Old", "succeeded");
    assert!(opened.contains(&(page.service("old").1, page.ring("feature-old").1)));
    assert_ne!(page.service("old").0, old.0);
}

#[test]
fn what_has_changed_is_pointed_out_and_nothing_else() {
    let mut page = Page::new();
    page.put("1", "api", "dev", "succeeded");
    page.put("2", "old", "dev", "running");
    assert_eq!(page.draw(), [""; 0]);
    let (old, slot) = (page.service("old").0, page.store.slot_of(P, "", "2").unwrap());
    page.remove("2");
    page.pass_many();
    assert_eq!(page.draw(), [""; 0]);
    // A service that has not been seen before is none that has changed, whatever number it has.
    let mut news: BTreeMap<ServiceSym, String> = BTreeMap::new();
    for n in 0..1_100 {
        page.put(&format!("new-{n}"), &format!("new-{n}"), "dev", "succeeded");
        news.insert(page.service(&format!("new-{n}")).0, format!("new-{n}"));
    }
    assert!(news.contains_key(&old), "its number was not given again");
    assert_eq!(page.draw(), [""; 0]);
    let slots: BTreeSet<Slot> = page.store.by_time().iter().copied().collect();
    assert!(slots.contains(&slot), "its place was not given again");
    // What runs there by now is pointed out, also when it lies where another one lay, in the same state.
    let slot = page.store.slot_of(P, "", "1").unwrap();
    page.remove("1");
    page.put("3", "api", "dev", "succeeded");
    assert_eq!(page.store.slot_of(P, "", "3"), Some(slot), "its place was not given again");
    assert_eq!(page.draw(), ["api dev"]);
    page.put("3", "api", "dev", "failed");
    page.put("new-7", "new-7", "dev", "failed");
    assert_eq!(page.draw(), ["api dev", "new-7 dev"]);
}

#[test]
fn a_deployment_is_known_by_its_keys() {
    let mut page = Page::new();
    page.put("1", "api", "dev", "running");
    let slot = page.store.slot_of(P, "", "1").unwrap();
    let before = DeploymentHash::of(&page.store, slot);
    page.put("1", "web", "prod", "failed");
    assert_eq!(DeploymentHash::of(&page.store, slot), before);
    page.remove("1");
    page.put("2", "web", "prod", "failed");
    assert_eq!(page.store.slot_of(P, "", "2"), Some(slot));
    assert_ne!(DeploymentHash::of(&page.store, slot), before);
}
