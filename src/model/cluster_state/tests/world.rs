//! A made-up branch of manifests, the rows and reports of it, and what each cluster runs by replaying all its commits.

use super::*;

pub(super) const SERVICES: [&str; 3] = ["api", "web", "quiz"];
pub(super) const RINGS: [&str; 3] = ["dev", "qa", "prod"];
pub(super) const CLUSTERS: [&str; 3] = ["east", "lab", "west"];

/// A commit of the manifests, and what it deploys.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) id: String,
    pub(super) parents: Vec<usize>,
    pub(super) deploys: Option<(usize, usize, String)>,
}

/// A repository of manifests, its deployments, and what clusters did.
pub(super) struct World {
    pub(super) rng: Rng,
    pub(super) commits: Vec<Made>,
    /// The branch's first line, the newest last.
    pub(super) branch: Vec<usize>,
    /// By cluster.
    pub(super) serves: Vec<Vec<usize>>,
    /// The commit that each cluster applied, and the one that it failed at afterwards.
    pub(super) applied: Vec<Option<usize>>,
    pub(super) failed: Vec<Option<usize>>,
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        let all_serve_all = rng.below(3) == 0;
        let serves = (0..CLUSTERS.len())
            .map(|_| {
                let some: Vec<usize> = (0..RINGS.len()).filter(|_| all_serve_all || rng.below(2) == 0).collect();
                some
            })
            .collect();
        let mut world = Self {
            rng,
            commits: Vec::new(),
            branch: Vec::new(),
            serves,
            applied: vec![None; 3],
            failed: vec![None; 3],
        };
        world.commit(Vec::new());
        world.branch.push(0);
        for _ in 0..world.rng.below(40) {
            world.step();
        }
        world
    }

    pub(super) fn commit(&mut self, parents: Vec<usize>) -> usize {
        let n = self.commits.len();
        // Scattered, so that no order can be read from the ids.
        let id = format!("{:08x}{:032x}", (n as u32 + 1).wrapping_mul(2_654_435_761), n);
        let deploys = (self.rng.below(5) != 0).then(|| {
            let (service, ring) = (self.rng.below(3) as usize, self.rng.below(3) as usize);
            // Few versions, so that old ones come back.
            (service, ring, format!("v{}", self.rng.below(4)))
        });
        self.commits.push(Made { id, parents, deploys });
        n
    }

    pub(super) fn step(&mut self) {
        let head = *self.branch.last().unwrap();
        match self.rng.below(12) {
            // A side branch of one to three commits, merged.
            0 | 1 => {
                let mut side = self.rng.pick(&self.branch);
                for _ in 0..=self.rng.below(3) {
                    side = self.commit(vec![side]);
                }
                let merge = self.commit(vec![head, side]);
                self.branch.push(merge);
            }
            // Pushed with force: what came last is no longer there.
            2 if self.branch.len() > 2 => {
                let keep = self.branch.len() - 1 - self.rng.below(2) as usize;
                self.branch.truncate(keep);
            }
            // A cluster applies anything that the branch ever held, most often its newest.
            3..=6 => {
                let cluster = self.rng.below(3) as usize;
                let newest = self.rng.below(3) != 0;
                let any = self.rng.below(self.commits.len() as u64) as usize;
                self.applied[cluster] = Some(if newest { head } else { any });
                self.failed[cluster] = None;
            }
            7 => {
                let cluster = self.rng.below(3) as usize;
                if self.applied[cluster].is_some_and(|applied| applied != head) {
                    self.failed[cluster] = Some(head);
                }
            }
            _ => {
                let next = self.commit(vec![head]);
                self.branch.push(next);
            }
        }
    }

    /// All that a commit contains, in the order in which it came: slow and obvious.
    pub(super) fn replay(&self, commit: usize, order: &mut Vec<usize>) {
        if !order.contains(&commit) {
            for &parent in &self.commits[commit].parents {
                self.replay(parent, order);
            }
            order.push(commit);
        }
    }

    pub(super) fn contains(&self, commit: Option<usize>) -> Vec<usize> {
        let mut order = Vec::new();
        commit.into_iter().for_each(|commit| self.replay(commit, &mut order));
        order
    }

    /// What runs of a service in a ring after a replay: the commit.
    pub(super) fn running(&self, order: &[usize], service: usize, ring: usize) -> Option<usize> {
        let mut env: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for &commit in order {
            if let Some((s, r, _)) = &self.commits[commit].deploys {
                env.insert((*s, *r), commit);
            }
        }
        env.get(&(service, ring)).copied()
    }

    /// Rows, signals, and as much of the history as `known` allows: the newest so many in the order of the branch, and
    /// what has left it.
    pub(super) fn export(&mut self, known: usize) -> (Store, Syncs) {
        let rules: Vec<RingRule> = (0..RINGS.len())
            .map(|ring| RingRule {
                clusters: (0..3)
                    .filter(|&c| self.serves[c].contains(&ring))
                    .map(|c| ClusterName::new(CLUSTERS[c]).unwrap())
                    .chain(ClusterName::new("nobody"))
                    .collect(),
                ..ring_rule(RINGS[ring])
            })
            .collect();
        let mut store = empty_store(&rules);
        let mut syncs = Syncs::new(&rules, &[]);
        for n in 0..self.commits.len() {
            let Some((service, ring, version)) = self.commits[n].deploys.clone() else { continue };
            let short = 7 + self.rng.below(3) as usize;
            // Rows are written when a pipeline ends, which is not quite the order of commits.
            let minute = n as i64 + self.rng.below(6) as i64;
            let row = deployed(n, SERVICES[service], RINGS[ring], &version, &self.commits[n].id[..short], minute);
            store.put(ProjectId::at(0), &row);
        }
        let head = *self.branch.last().unwrap();
        let order = self.contains(Some(head));
        let forgotten: BTreeSet<usize> = order.iter().copied().take(order.len().saturating_sub(known)).collect();
        let id = |n: usize| CommitId::new(&self.commits[n].id).unwrap();
        let mut listed: Vec<Listed> = (0..self.commits.len())
            .filter(|n| !forgotten.contains(n))
            .map(|n| Listed { id: id(n), parents: self.commits[n].parents.iter().map(|&p| id(p)).collect(), at: None })
            .collect();
        // In any order, in pages.
        while !listed.is_empty() {
            let first = self.rng.below(listed.len() as u64) as usize;
            let page = listed.split_off(first);
            syncs.history_mut(ProjectId::at(0)).add_all(&page);
        }
        let id = |n: usize| CommitId::new(&self.commits[n].id).unwrap();
        syncs.history_mut(ProjectId::at(0)).set_head(&id(head));
        let signal = |cluster: usize, commit: usize, state, minute: i64| Signal {
            from: names::of_tag(&format!("flux-{}", CLUSTERS[cluster]), &[]).unwrap(),
            commit: Some(id(commit)),
            state,
            at: Some(Timestamp::from_millis(1_900_000_000_000 + minute * 60_000)),
            is_approximate: false,
            message: None,
        };
        let applied = (0..3).filter_map(|c| Some(signal(c, self.applied[c]?, SignalState::Applied, 10 + c as i64)));
        let failed = (0..3).filter_map(|c| Some(signal(c, self.failed[c]?, SignalState::Failed, 20)));
        let signals = applied.chain(failed).collect();
        syncs.set_signals(ProjectId::at(0), signals);
        store.rebuild();
        syncs.rebuild(&store);
        (store, syncs)
    }

    pub(super) fn slot(&self, store: &Store, commit: Option<usize>) -> Option<Slot> {
        commit.and_then(|n| store.slot_of(ProjectId::at(0), "", &n.to_string()))
    }
}
