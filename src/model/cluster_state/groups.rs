//! Deployments in groups that are alike to all clusters, which follow the rows that change; and what a cluster lacks of
//! a ring, counted over these.

use super::position::{ClusterPosition, ClusterState, Group, GroupKey, PositionId, RingGroups};
use crate::{
    domain::{deployment::Status, id::is_same_commit},
    model::{
        history::{Found, Node, Within, is_in},
        store::{Slot, Store, commit_key},
        symbols::{RingSym, ServiceSym},
        sync::Syncs,
    },
};

impl ClusterState {
    /// Puts every deployment into its group.
    pub(super) fn place(&mut self, store: &Store, syncs: &Syncs) {
        self.has_parts = self.positions.iter().any(|position| !position.parts.is_empty());
        for position in self.positions.iter().filter(|position| !position.is_placed) {
            let key = position.latest.commit.as_ref().map_or(0, |commit| commit_key(commit.as_str()));
            if let Err(at) = self.named.binary_search_by_key(&key, |(key, _)| *key) {
                self.named.insert(at, (key, Vec::new()));
            }
        }
        for &slot in store.by_time() {
            self.put_in(store, syncs, slot);
        }
    }

    /// Puts deployments that came, changed or went where they belong now; in the order of their slots.
    pub(in crate::model) fn follow(&mut self, store: &Store, syncs: &Syncs, slots: &[Slot]) {
        self.take_out(slots);
        // Once all that moved are out, the others are still in order.
        for &slot in slots.iter().filter(|&&slot| store.is_live(slot)) {
            self.put_in(store, syncs, slot);
        }
    }

    fn take_out(&mut self, slots: &[Slot]) {
        let (by_slot, mut is_any) = (&mut self.by_slot, false);
        for slot in slots {
            // Those that left with another one of its group are in none any more.
            let number = slot.of(by_slot).copied().unwrap_or(0);
            let Some(group) = self.groups.get_mut(number as usize).filter(|_| number != 0) else { continue };
            is_any = true;
            // Their times are others by now, so they have to be looked for.
            group.slots.retain(|other| {
                let is_left = slots.binary_search(other).is_err();
                if !is_left && let Some(number) = other.of_mut(by_slot) {
                    *number = 0;
                }
                is_left
            });
            if group.slots.is_empty() {
                self.by_key.remove(&group.key);
                if let Some(ring) = group.key.ring.of_mut(&mut self.by_ring) {
                    ring.groups.retain(|&other| other != number);
                }
                self.free.push(number);
            }
        }
        if is_any {
            self.named.iter_mut().for_each(|(_, named)| named.retain(|other| slots.binary_search(other).is_err()));
        }
    }

    fn put_in(&mut self, store: &Store, syncs: &Syncs, slot: Slot) {
        let at = store.at(slot);
        let manifest = manifest_key(store, slot);
        let found = syncs.history(at.project()).map(|history| history.find_keyed(manifest, || at.manifest_commit()));
        let key = GroupKey {
            project: at.project(),
            ring: at.ring(),
            service: if self.has_parts { store.service(slot) } else { ServiceSym::NONE },
            node: match found {
                Some(Found::One(node)) => Some(node),
                Some(Found::Many | Found::Nothing) | None => None,
            },
            has_manifest: manifest != 0,
            is_published: at.status() == Status::Succeeded,
        };
        let number = self.by_key.get(&key).copied().unwrap_or_else(|| self.new_group(store, syncs, key));
        put(&mut self.by_slot, slot, number);
        if let Some(group) = self.groups.get_mut(number as usize) {
            store.insert_by_time(&mut group.slots, slot);
        }
        if let Ok(nth) = self.named.binary_search_by_key(&manifest, |(key, _)| *key)
            && let Some((_, slots)) = self.named.get_mut(nth)
        {
            store.insert_by_time(slots, slot);
        }
    }

    fn new_group(&mut self, store: &Store, syncs: &Syncs, key: GroupKey) -> u32 {
        if self.by_ring.len() <= key.ring.index() {
            self.by_ring.resize(key.ring.index() + 1, RingGroups::default());
        }
        let Some(ring) = key.ring.of_mut(&mut self.by_ring) else { return 0 };
        let position = |id: &PositionId| id.of(&self.positions);
        if ring.groups.is_empty() {
            let serves = |id: &PositionId| position(id).is_some_and(|p| syncs.serves(store, &p.cluster, key.ring));
            ring.serving = (0..self.positions.len()).map(PositionId::at).filter(serves).collect();
        }
        let has = |id: &PositionId| {
            let position = position(id).map(|position| position.of_service(store.service_name(key.service)));
            position.zip(key.node).is_some_and(|(position, node)| {
                position.project == key.project
                    && (is_in(position.line.within(node)) || position.latest_node == Some(node))
            })
        };
        let clusters = ring.serving.iter().copied().filter(has).collect();
        let group = Group { key, clusters, slots: Vec::new() };
        let number = self.free.pop().unwrap_or(self.groups.len() as u32);
        match self.groups.get_mut(number as usize) {
            Some(free) => *free = group,
            None => self.groups.push(group),
        }
        ring.groups.push(number);
        self.by_key.insert(key, number);
        number
    }

    fn group(&self, slot: Slot) -> Option<&Group> {
        self.groups.get(*slot.of(&self.by_slot)? as usize)
    }

    /// The clusters that have a deployment.
    pub(in crate::model) fn clusters_of(&self, slot: Slot) -> &[PositionId] {
        self.group(slot).map_or(&[], |group| &group.clusters)
    }

    /// A deployment's manifest commit, where it is known.
    pub(in crate::model) fn node(&self, slot: Slot) -> Option<Node> {
        self.group(slot)?.key.node
    }

    /// How many published deployments of a ring a cluster does not have; `None` when that is not known.
    pub(in crate::model) fn behind(&self, store: &Store, ring: RingSym, position: &ClusterPosition) -> Option<u32> {
        let numbers = ring.of(&self.by_ring).map_or(&[][..], |ring| &ring.groups);
        let groups = numbers.iter().filter_map(|&number| self.groups.get(number as usize));
        let groups = groups.filter(|group| group.key.project == position.project);
        if !position.is_placed {
            // From the rows alone: a cluster that applied the manifest commit of a deployment has everything that was
            // published up to then. Whether a commit that no row names is older or newer is not known here.
            let named = self.newest_named(store, position)?;
            let groups = groups.filter(|group| group.key.has_manifest);
            let is_newer = |&slot: &Slot| store.newer_first(slot, named).is_lt();
            return Some(groups.map(|group| group.slots.partition_point(is_newer) as u32).sum());
        }
        let newer = |a: Option<Slot>, b: Option<Slot>| match (a, b) {
            (Some(a), Some(b)) if store.newer_first(b, a).is_lt() => Some(b),
            (a, b) => a.or(b),
        };
        let (mut behind, mut has, mut unknown) = (0, None, None);
        for group in groups.filter(|group| group.key.is_published) {
            let position = position.of_service(store.service_name(group.key.service));
            let (node, newest) = (group.key.node, group.slots.first().copied());
            match position.has(node) {
                Within::Yes(_) => has = newer(has, newest),
                Within::No if self.is_to_come(position.project, node)? => behind += group.slots.len() as u32,
                Within::No => {}
                Within::Unknown if position.is_surely_before(node, true) => unknown = newer(unknown, newest),
                Within::Unknown => return None,
            }
        }
        // What is not known must be older, by its row, than something that the cluster has.
        (newer(has, unknown) == has).then_some(behind)
    }

    /// The newest deployment whose row names the commit of which a cluster reported last.
    fn newest_named(&self, store: &Store, position: &ClusterPosition) -> Option<Slot> {
        let commit = position.latest.commit.as_ref()?.as_str();
        let nth = self.named.binary_search_by_key(&commit_key(commit), |(key, _)| *key).ok()?;
        let is_it = |&&slot: &&Slot| {
            let at = store.at(slot);
            at.project() == position.project && is_same_commit(at.manifest_commit(), commit)
        };
        self.named.get(nth)?.1.iter().find(is_it).copied()
    }
}

/// By slot, as the store has it.
fn manifest_key(store: &Store, slot: Slot) -> u32 {
    slot.of(&store.derived().manifest).copied().unwrap_or(0)
}

fn put<T: Clone + Default>(column: &mut Vec<T>, slot: Slot, value: T) {
    if column.len() <= slot.index() {
        column.resize(slot.index() + 1, T::default());
    }
    if let Some(place) = slot.of_mut(column) {
        *place = value;
    }
}
