//! What must hold while the simulation runs, and at its end.

use super::*;
use ringside::domain::project::ProjectId;

impl Page {
    /// A stage that went through never goes back.
    pub(super) fn check_truths(&mut self) {
        for &slot in &self.screen {
            let Some(d) = self.engine.deployment(slot) else { continue };
            for stage in &d.stages {
                if matches!(stage.kind, StageKind::Commit | StageKind::Sync) {
                    continue;
                }
                // What a row alone has may be taken back by a forge.
                if !matches!(stage.provenance, Some(Provenance::By(..))) || stage.started.is_none() {
                    continue;
                }
                if self.known.insert((slot, stage.kind), stage.status) == Some(Status::Succeeded) {
                    let (seed, what) = (self.seed, stage.kind.as_str());
                    assert_eq!(stage.status, Status::Succeeded, "seed {seed}: {what} of {} goes back: {stage:?}", d.id);
                }
            }
        }
    }

    /// The deployment that a row is, or is part of.
    fn slot_of(&self, row: &Row) -> Option<Slot> {
        let pieces = self.forges.world.pieces(row);
        pieces.iter().find_map(|(key, _)| self.engine.store().by_id(key))
    }

    /// The page equals the world.
    pub(super) fn compare(&mut self) {
        let world = &self.forges.world;
        let mut compared = 0;
        let mut shown = 0;
        for row in &world.rows {
            shown += usize::from(!world.entities(row, self.timeline.now).is_empty());
            if world.entities(row, self.timeline.now - 3 * MINUTE).is_empty() {
                continue;
            }
            let slot = self.slot_of(row);
            let slot = slot.unwrap_or_else(|| panic!("seed {}: there is no row {}", self.seed, row.key));
            let d = self.engine.deployment(slot).unwrap();
            // What has changed since it was last asked for may not be known yet.
            let then = world.truth(row, self.timeline.now - 3 * MINUTE);
            let now = world.truth(row, self.timeline.now);
            // What a release wrote, with the digest that either of the two reported.
            if row.service.is_some() && row.written[1] <= self.timeline.now - 3 * MINUTE {
                let expect = row.digest.iter().fold(row.image.clone(), |image, digest| format!("{image}@{digest}"));
                let image = d.image.as_ref().map(ToString::to_string);
                assert_eq!(image, Some(expect.to_ascii_lowercase()), "seed {}: {}", self.seed, row.key);
            }
            if now == then {
                let now = own_environment(world, row, now, self.timeline.now);
                compared += check_deployment(&d, &now, &format!("seed {}: {}", self.seed, row.key));
            }
        }
        // Each deployment once, whatever rows have of it.
        let listed = self.engine.store().by_time().len();
        let lately = world.rows.iter().filter(|row| world.entities(row, self.timeline.now - MINUTE).is_empty()).count();
        assert!((shown.saturating_sub(lately)..=shown).contains(&listed), "seed {}: {listed} of {shown}", self.seed);
        self.count[2] += compared;
        self.count[6] += self.compare_clusters() + self.compare_branches();
    }

    /// What clusters run is what they run, and what that contains is theirs.
    fn compare_clusters(&self) -> u64 {
        let (world, syncs) = (&self.forges.world, self.engine.syncs());
        let mut compared = 0;
        for standing in syncs.positions() {
            let is_it =
                |c: &Cluster| ProjectId::at(c.project) == standing.project && standing.cluster.as_str() == c.name;
            let what = format!("seed {}: {} is no cluster", self.seed, standing.cluster);
            assert!(world.clusters.iter().any(is_it), "{what}: {standing:?}");
        }
        for cluster in &world.clusters {
            let what = format!("seed {}: cluster {} of {}", self.seed, cluster.name, cluster.project);
            // Nobody asks about a project of which nothing is visible.
            let rows = || world.rows.iter().filter(|row| row.project == cluster.project);
            let is_visible = rows().any(|row| !world.entities(row, self.timeline.now - 3 * MINUTE).is_empty());
            let (then, now) = (
                world.cluster_truth(cluster, self.timeline.now - 3 * MINUTE),
                world.cluster_truth(cluster, self.timeline.now),
            );
            let Some((commit, at)) = now.applied.filter(|_| is_visible && then == now) else { continue };
            let repository = world.projects[cluster.project].manifests;
            let log = world.log(repository, self.timeline.now);
            // Statuses are not looked for for ever.
            if !log.iter().take(20).any(|n| *n == commit) && !matches!(cluster.channel, Channel::Tag { .. }) {
                continue;
            }
            let standing = syncs.positions().iter().find(|s| {
                s.project == ProjectId::at(cluster.project) && s.cluster.as_str().eq_ignore_ascii_case(&cluster.name)
            });
            // Whose word lies behind more pages than are read is unknown, and the page shows that for its project.
            let is_unread = syncs.unread(ProjectId::at(cluster.project)).is_some_and(|unread| unread.environments);
            if standing.is_none() && cluster.channel == Channel::Deployment && is_unread {
                continue;
            }
            let standing = standing.unwrap_or_else(|| panic!("{what}: nothing is known of it"));
            let applied = standing.applied.as_ref().unwrap_or_else(|| panic!("{what}: it runs nothing: {standing:?}"));
            let id = applied.commit.as_ref().map(ToString::to_string);
            assert_eq!(id.as_deref(), Some(&*world.commits[commit].id), "{what}: {standing:?}");
            if !applied.is_approximate {
                check_end(applied.at, Some(at), &format!("{what}: applied at {:?}, not {}", applied.at, rfc3339(at)));
            }
            compared += 1;
            let runs = world.reach(commit, false);
            for row in rows() {
                let Some(published) = row.manifest.filter(|n| world.commits[*n].at <= self.timeline.now - 3 * MINUTE)
                else {
                    continue;
                };
                let Some(slot) = self.slot_of(row) else { continue };
                let d = self.engine.deployment(slot).unwrap();
                if d.manifest_commit.is_none() {
                    continue;
                }
                let has = runs.contains(&published);
                let shown = d.clusters.iter().find(|c| c.cluster.as_str().eq_ignore_ascii_case(&cluster.name));
                let is_shown = shown.is_some_and(|c| c.state == SyncState::Synced);
                assert_eq!(is_shown, has, "{what}: {} {:?}", row.key, d.clusters);
                compared += 1;
            }
        }
        compared
    }

    /// A branch that is shown as ended has ended.
    fn compare_branches(&self) -> u64 {
        let world = &self.forges.world;
        let mut compared = 0;
        for row in &world.rows {
            let slot = self.slot_of(row);
            let (Some(slot), Some(source)) = (slot, row.source) else { continue };
            let Some(shown) = self.engine.branch_end(slot) else { continue };
            let repository = world.commits[source].repository;
            let truth = world.branch_end(repository, &row.branch, self.timeline.now);
            // What was deleted is gone, and whether it was merged before is known where a pull request shows it.
            let is_true =
                truth.is_some() || world.branches(repository, self.timeline.now).iter().all(|b| b.name != row.branch);
            assert!(is_true, "seed {}: {} of {} has not ended: {shown:?}", self.seed, row.branch, row.key);
            compared += 1;
        }
        compared
    }

    /// How many requests three minutes may take. What runs is asked for every five seconds, what waits for somebody
    /// with every refresh, what may be taken back ever more rarely: on GitLab, whose lists do not show when a pipeline
    /// began or ended, each by itself; elsewhere many at once.
    fn most_on_second_visit(&self) -> u64 {
        let (world, now) = (&self.forges.world, self.timeline.now);
        let is_gitlab = |place: usize| world.places[place].forge == Forge::GitLab;
        let runs = world.runs.iter().filter(|run| is_gitlab(run.place)).map(|run| match run.now(now - 3 * MINUTE) {
            span if span.ended > now - 3 * MINUTE => 3 * 60 / 5 + 2,
            span if matches!(span.outcome, Outcome::Succeeded | Outcome::Warned) => 0,
            _ => 3,
        });
        let pulls = world.pulls.iter().filter(|pull| is_gitlab(world.repositories[pull.repository].place));
        let pulls = pulls.map(|pull| if pull.state(now) == PullState::Merged { 0 } else { 8 });
        // The branch, tags, and the statuses of the newest commits, with every refresh.
        let of_project = |manifests: usize| if is_gitlab(world.repositories[manifests].place) { 250 } else { 100 };
        let projects = world.projects.iter().map(|project| of_project(project.manifests));
        150 + projects.sum::<u64>() + runs.sum::<u64>() + pulls.sum::<u64>()
    }

    /// A second visit asks nothing about what is over for good.
    pub(super) fn visit_again(&mut self) {
        let mut again = Engine::new(&self.config, "https://page.example", self.seed + 1);
        let now = Timestamp::from_millis(self.timeline.now);
        again.handle_input(Input::CachedFacts(self.kept.clone().into_iter().collect()), now);
        for (origin, _) in ORIGINS {
            let origin = Origin::of(origin).unwrap();
            again.handle_input(Input::ForgeCredential(origin.clone(), Some(Secret::new(origin, TOKEN))), now);
        }
        // What came before them is handed on then.
        attach_forges(&mut again, &self.config, self.seed + 1, now);
        self.engine = again;
        (self.waiting, self.by_hand) = (Vec::new(), false);
        self.timeline = Timeline::new(self.timeline.now);
        self.known.clear();
        // Who looks again wants to see what has been run again.
        self.finished.retain(|_, provenance| provenance.is_none());
        self.log(|| "second visit".to_owned());
        let before = self.asked;
        self.run_until(self.timeline.now + 3 * MINUTE);
        let (asked, most) = (self.asked - before, self.most_on_second_visit());
        assert!(asked < most, "seed {}: {asked} requests for a second look, of at most {most}", self.seed);
        self.count[3] += self.finished.len() as u64;
    }
}
