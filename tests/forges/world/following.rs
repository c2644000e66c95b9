//! What chance adds around the rows: side branches, the ends of branches, and clusters that follow the manifests.

use super::{Channel, Cluster, HOUR, MAIN, MINUTE, Millis, NEVER, Pull, Report, SECOND, Sync, World, timeline::Ids};
use crate::{forges::world::Forge, support::rng::Rng};

const NAMES: [&str; 3] = ["east", "west", "lab"];

impl World {
    /// By chances of its own, so that a seed's rows stay what they are.
    pub(super) fn follow(&mut self, seed: u64, ids: &mut Ids) {
        let mut rng = Rng::new(seed ^ 0x0C1A_57E2);
        self.azure_minds_history_modes = rng.percent(50);
        self.azure_caps_batches = rng.percent(50);
        // Pages of lists have a hundred.
        self.checks = if rng.percent(12) { rng.pick(&[99, 120, 230]) } else { 0 };
        self.jobs = if rng.percent(12) { rng.pick(&[2, 12, 40]) } else { 0 };
        for project in 0..self.projects.len() {
            self.side_branches(&mut rng, self.projects[project].manifests);
        }
        self.end_branches(&mut rng, ids);
        self.settle_history();
        for project in 0..self.projects.len() {
            for name in NAMES.into_iter().take(rng.below(4) as usize) {
                let cluster = self.cluster(&mut rng, project, name);
                self.clusters.push(cluster);
            }
        }
    }

    /// Makes some commits merges of what somebody did by hand.
    fn side_branches(&mut self, rng: &mut Rng, repository: usize) {
        let is_here = |n: &usize| self.commits[*n].repository == repository;
        let mut line: Vec<usize> = (0..self.commits.len()).filter(is_here).collect();
        line.sort_by_key(|n| (self.commits[*n].at, *n));
        let Some(first) = line.first().map(|n| self.commits[*n].at) else { return };
        for merge in line.into_iter().skip(1) {
            let merged = self.commits[merge].at;
            if merged - first < 3 * SECOND || !rng.percent(15) {
                continue;
            }
            let at = (merged - rng.between(1, 90 * 60) * SECOND).max(first + SECOND);
            let author = rng.below(self.people.len() as u64) as usize;
            let side = self.note(repository, author, "Raise a limit by hand", at);
            let branch = format!("side/{side}");
            self.commits[side].branch.clone_from(&branch);
            self.commits[merge].merges = Some(side);
            self.delete_branch(repository, &branch, merged);
        }
    }

    /// What becomes of branches: those of pull requests go some time after, others now and then.
    fn end_branches(&mut self, rng: &mut Rng, ids: &mut Ids) {
        for pull in self.pulls.clone().into_iter().filter(|pull| pull.ended < NEVER) {
            if rng.percent(if pull.is_merged { 80 } else { 40 }) {
                let at = pull.ended + rng.between(1, 300) * MINUTE;
                self.delete_branch(pull.repository, &pull.branch, at);
            }
        }
        let mut ends: Vec<(usize, String, Millis)> = Vec::new();
        for row in &self.rows {
            let Some(commit) = row.source.map(|n| &self.commits[n]).filter(|c| c.branch != MAIN) else { continue };
            match ends.iter_mut().find(|(r, b, _)| *r == commit.repository && *b == commit.branch) {
                Some((_, _, last)) => *last = (*last).max(commit.at),
                None => ends.push((commit.repository, commit.branch.clone(), commit.at)),
            }
        }
        for (repository, branch, last) in ends {
            let opened = last + rng.between(1, 60) * MINUTE;
            let ended = if rng.percent(70) { opened + rng.between(1, 20) * HOUR } else { NEVER };
            if rng.percent(35) {
                self.merge_source(rng, ids, repository, &branch, opened, ended);
            }
            if ended < NEVER && rng.percent(35) {
                self.delete_branch(repository, &branch, ended + rng.between(1, 60) * MINUTE);
            }
        }
    }

    /// A pull request of a branch that rows were built from, which no row names.
    fn merge_source(
        &mut self,
        rng: &mut Rng,
        ids: &mut Ids,
        repository: usize,
        branch: &str,
        opened: Millis,
        ended: Millis,
    ) {
        let people = self.people.len() as u64;
        let (author, closer) = (rng.below(people) as usize, rng.below(people) as usize);
        let title = format!("Merge {branch}");
        ids.pull += 1;
        // All of it becomes one commit.
        let commit = self.note(repository, author, &title, ended);
        self.pull(Pull {
            repository,
            number: ids.pull,
            title,
            branch: branch.to_owned(),
            author,
            is_draft: false,
            opened,
            ended,
            is_merged: rng.percent(70),
            closer,
            reviewers: Vec::new(),
            commit,
        });
    }

    fn cluster(&self, rng: &mut Rng, project: usize, name: &str) -> Cluster {
        const TAG: Channel = Channel::Tag { annotated: true };
        const LIGHT: Channel = Channel::Tag { annotated: false };
        let repository = self.projects[project].manifests;
        let channel = match self.places[self.repositories[repository].place].forge {
            Forge::AzureDevOps => rng.pick(&[TAG, LIGHT, Channel::FluxStatus, Channel::FluxStatus]),
            Forge::GitHub => rng.pick(&[TAG, LIGHT, Channel::FluxStatus, Channel::ArgoStatus, Channel::Deployment]),
            Forge::GitLab => rng.pick(&[TAG, LIGHT, Channel::FluxStatus, Channel::ArgoStatus]),
        };
        let mut line = self.log(repository, NEVER - 1);
        line.reverse();
        let is_tag = matches!(channel, Channel::Tag { .. });
        let can_go_back = is_tag || channel == Channel::Deployment;
        let waits = matches!(channel, Channel::ArgoStatus | Channel::Deployment);
        let lag = rng.pick(&[MINUTE, 5 * MINUTE, 40 * MINUTE]);
        let mut reports: Vec<Report> = Vec::new();
        for (place, commit) in line.iter().copied().enumerate() {
            if rng.percent(2) {
                break;
            }
            let last = reports.last().map_or(0, |report| report.at);
            let at = (self.commits[commit].at + rng.between(20, lag / SECOND) * SECOND).max(last + SECOND);
            // A newer one has come meanwhile.
            let is_late = line.get(place + 1).is_some_and(|next| self.commits[*next].at < at);
            if rng.percent(if is_late { 70 } else { 10 }) {
                continue;
            }
            let mut report = |at, commit, state, message: &str| {
                reports.push(Report { at, commit, state, message: message.to_owned() });
            };
            let mut end = at;
            if waits && rng.percent(60) {
                report(at, commit, Sync::Pending, "syncing");
                end += rng.between(10, 240) * SECOND;
            }
            if !is_tag && rng.percent(18) {
                report(end, commit, Sync::Failed, rng.pick(&["health check failed", "build failed"]));
                if rng.percent(60) {
                    continue;
                }
                end += rng.between(30, 900) * SECOND;
            }
            report(end, commit, Sync::Applied, "reconciliation succeeded");
            if can_go_back && place > 0 && rng.percent(8) {
                let older = line[rng.below(place as u64) as usize];
                report(end + rng.between(1, 30) * MINUTE, older, Sync::Applied, "reconciliation succeeded");
            }
        }
        Cluster { project, name: name.to_owned(), channel, reports }
    }
}
