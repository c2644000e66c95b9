//! The clusters of the hand-made world: on GitHub three in three states, elsewhere one each.

use super::{Channel, Cluster, DAY, HOUR, MINUTE, Millis, Report, Sync, World};

const MARA: usize = 0;
const OLDER: [&str; 3] = ["Begin", "Add the rings", "Raise the limits"];

impl World {
    /// `projects` are those on GitHub, on Azure DevOps and on GitLab.
    pub(super) fn story_clusters(&mut self, projects: [usize; 3], start: Millis) {
        for project in projects {
            let repository = self.projects[project].manifests;
            let known = self.commits.iter().filter(|commit| commit.repository == repository).count();
            for (n, title) in OLDER.into_iter().enumerate().take(3_usize.saturating_sub(known)) {
                self.note(repository, MARA, title, start - 90 * DAY + n as i64 * HOUR);
            }
        }
        self.settle_history();
        let [hub, azure, lab] = projects;
        let healthy = (Sync::Applied, "reconciliation succeeded");
        let sick = (Sync::Failed, "health check failed");
        self.story_cluster(hub, "east", Channel::FluxStatus, start, &[(1, healthy), (0, healthy)]);
        self.story_cluster(hub, "west", Channel::Tag { annotated: true }, start, &[(2, healthy)]);
        self.story_cluster(hub, "lab", Channel::FluxStatus, start, &[(1, healthy), (0, sick)]);
        self.story_cluster(azure, "east", Channel::FluxStatus, start, &[(1, healthy), (0, healthy)]);
        self.story_cluster(lab, "east", Channel::FluxStatus, start, &[(1, healthy), (0, healthy)]);
    }

    /// `states`: how many commits behind the newest, and what of it.
    fn story_cluster(
        &mut self,
        project: usize,
        name: &str,
        channel: Channel,
        start: Millis,
        states: &[(usize, (Sync, &str))],
    ) {
        let log = self.log(self.projects[project].manifests, start);
        let report = |(behind, (state, message)): &(usize, (Sync, &str))| {
            let commit = log[*behind];
            Report { at: self.commits[commit].at + 2 * MINUTE, commit, state: *state, message: (*message).to_owned() }
        };
        let reports = states.iter().map(report).collect();
        self.clusters.push(Cluster { project, name: name.to_owned(), channel, reports });
    }
}
