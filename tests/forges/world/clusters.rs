//! What clusters report of the manifests they apply, and what else is reported in the same places that is of no
//! cluster.

use super::{HOUR, MINUTE, Millis, SECOND, World, digits};

/// How a cluster reports.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Channel {
    /// By a tag that is moved from commit to commit. It reports successes alone.
    Tag { annotated: bool },
    /// By statuses of commits, as Flux 2 gives them: never a pending one.
    FluxStatus,
    /// By statuses of commits, as Argo CD's notifications give them. GitHub and GitLab.
    ArgoStatus,
    /// By deployments to an environment. GitHub.
    Deployment,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sync {
    Applied,
    Failed,
    Pending,
}

impl Sync {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Failed => "failed",
            Self::Pending => "pending",
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Report {
    pub(crate) at: Millis,
    pub(crate) commit: usize,
    pub(crate) state: Sync,
    pub(crate) message: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    pub(crate) project: usize,
    pub(crate) name: String,
    pub(crate) channel: Channel,
    /// In order of time.
    pub(crate) reports: Vec<Report>,
}

impl Cluster {
    /// All that it has reported by now.
    pub(crate) fn reports_until(&self, now: Millis) -> &[Report] {
        &self.reports[..self.reports.iter().take_while(|report| report.at <= now).count()]
    }

    pub(crate) fn applied(&self, now: Millis) -> Option<&Report> {
        self.reports_until(now).iter().rev().find(|report| report.state == Sync::Applied)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) commit: usize,
    /// The object of an annotated tag.
    pub(crate) object: Option<String>,
    pub(crate) at: Millis,
    pub(crate) message: &'static str,
}

/// The author of a commit's status.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum StatusAuthor {
    Flux(String),
    Argo(String),
    /// Flux again, of having fetched a commit.
    Fetched(String),
    /// What checks the manifests: no cluster.
    Build,
    /// One of many others that do.
    Check(u64),
}

/// What is reported of a commit.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    /// Later ones have greater ones.
    pub(crate) id: u64,
    pub(crate) author: StatusAuthor,
    pub(crate) commit: usize,
    pub(crate) state: Sync,
    pub(crate) at: Millis,
    pub(crate) message: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Deployment {
    pub(crate) id: u64,
    pub(crate) environment: String,
    pub(crate) commit: usize,
    pub(crate) at: Millis,
    /// When something was reported of it, and what, oldest first; nothing where it gave way to another.
    pub(crate) words: Vec<(Millis, Option<Sync>, String)>,
    /// A job of a workflow made it.
    pub(crate) is_by_workflow: bool,
}

/// The last word of each.
pub(crate) fn latest(mut words: Vec<Word>) -> Vec<Word> {
    let all = words.clone();
    words.retain(|word| !all.iter().any(|other| other.author == word.author && other.id > word.id));
    words
}

/// Numbers in order of time, which fit into what GraphQL calls an integer.
fn number(at: Millis, n: usize) -> u64 {
    (at / 1000 - 1_700_000_000).max(0).unsigned_abs() * 10 + n as u64
}

impl World {
    fn clusters_of(&self, repository: usize) -> impl Iterator<Item = (usize, &Cluster)> {
        let is_here = move |(_, c): &(usize, &Cluster)| self.projects[c.project].manifests == repository;
        self.clusters.iter().enumerate().filter(is_here)
    }

    /// The tags that are there by now, in order of their names.
    pub(crate) fn tags(&self, repository: usize, now: Millis) -> Vec<Tag> {
        let mut tags: Vec<Tag> = self.releases(repository, now).into_iter().collect();
        for (n, cluster) in self.clusters_of(repository) {
            let Some(report) = cluster.applied(now) else { continue };
            tags.extend(sync_tag(n, cluster, report));
        }
        tags.sort_by(|a, b| a.name.cmp(&b.name));
        tags
    }

    /// The tag whose object that is: it outlives the tag's being moved.
    pub(crate) fn tag_of(&self, repository: usize, object: &str, now: Millis) -> Option<Tag> {
        let all = self.clusters_of(repository).flat_map(|(n, cluster)| {
            cluster.reports_until(now).iter().filter_map(move |report| sync_tag(n, cluster, report))
        });
        all.chain(self.releases(repository, now)).find(|tag| tag.object.as_deref() == Some(object))
    }

    /// A tag of somebody's own.
    fn releases(&self, repository: usize, now: Millis) -> Option<Tag> {
        let first = *self.log(repository, now).last().filter(|_| self.is_manifests(repository))?;
        let at = self.commits[first].at + HOUR;
        let object = Some(digits(at.unsigned_abs() ^ repository as u64, 40));
        let tag = Tag { name: "v1.0.0".to_owned(), commit: first, object, at, message: "The first of all\n" };
        Some(tag).filter(|tag| tag.at <= now)
    }

    /// All that has been reported of a commit by now, oldest first.
    pub(crate) fn words(&self, commit: usize, now: Millis) -> Vec<Word> {
        let at = &self.commits[commit];
        let mut words = Vec::new();
        if self.is_manifests(at.repository) {
            let result = if commit.is_multiple_of(5) { Sync::Failed } else { Sync::Applied };
            for (after, state) in [(10 * SECOND, Sync::Pending), (90 * SECOND, result)] {
                let (at, message) = (at.at + after, format!("The build has {}", state.as_str()));
                words.push(Word { id: number(at, 0), author: StatusAuthor::Build, commit, state, at, message });
            }
        }
        for n in 0..if self.is_manifests(at.repository) { self.checks } else { 0 } {
            let (at, message) = (at.at + (20 + n as i64) * SECOND, "All is well".to_owned());
            words.push(Word {
                id: number(at, 9),
                author: StatusAuthor::Check(n),
                commit,
                state: Sync::Applied,
                at,
                message,
            });
        }
        for (n, cluster) in self.clusters_of(at.repository) {
            let author = match cluster.channel {
                Channel::FluxStatus => StatusAuthor::Flux(cluster.name.clone()),
                Channel::ArgoStatus => StatusAuthor::Argo(cluster.name.clone()),
                Channel::Tag { .. } | Channel::Deployment => continue,
            };
            for Report { at, state, message, .. } in cluster.reports.iter().filter(|report| report.commit == commit) {
                let (author, message) = (author.clone(), message.clone());
                words.push(Word { id: number(*at, n + 1), author, commit, state: *state, at: *at, message });
            }
            // It fetches whatever is there, and applies what it can.
            if let StatusAuthor::Flux(name) = author {
                let (at, message) = (at.at + SECOND, "stored artifact".to_owned());
                let author = StatusAuthor::Fetched(name);
                words.push(Word { id: number(at, n + 1), author, commit, state: Sync::Applied, at, message });
            }
        }
        words.retain(|word| word.at <= now);
        words.sort_by_key(|word| word.id);
        words
    }

    /// All deployments to environments by now, newest first.
    pub(crate) fn deployments(&self, repository: usize, now: Millis) -> Vec<Deployment> {
        let mut all = self.sites(repository, now);
        all.extend(self.job_deployments(repository, now));
        for (n, cluster) in self.clusters_of(repository).filter(|(_, c)| c.channel == Channel::Deployment) {
            let mut own: Vec<Deployment> = Vec::new();
            for Report { at, commit, state, message } in cluster.reports_until(now).iter().cloned() {
                let word = (at, Some(state), message);
                match own.last_mut() {
                    // A deployment is over when it has succeeded.
                    Some(last)
                        if last.commit == commit && last.words.last().is_some_and(|w| w.1 != Some(Sync::Applied)) =>
                    {
                        last.words.push(word);
                    }
                    _ => {
                        let (id, environment) = (number(at, n + 1), cluster.name.clone());
                        own.push(Deployment { id, environment, commit, at, words: vec![word], is_by_workflow: false });
                    }
                }
            }
            all.extend(own);
        }
        all.sort_by_key(|deployment| std::cmp::Reverse(deployment.id));
        // What succeeds takes the place of what succeeded before.
        for n in 0..all.len() {
            let environment = all[n].environment.clone();
            let rivals = all[..n].iter().rev().filter(|rival| rival.environment == environment);
            let successes = rivals.flat_map(|rival| rival.words.iter().filter(|w| w.1 == Some(Sync::Applied)));
            let next = successes.map(|word| word.0).next();
            let is_active = all[n].words.last().is_some_and(|word| word.1 == Some(Sync::Applied));
            if let Some(at) = next.filter(|_| is_active) {
                all[n].words.push((at, None, String::new()));
            }
        }
        all
    }

    /// Deployments of the repository's web site: of no cluster.
    fn sites(&self, repository: usize, now: Millis) -> Vec<Deployment> {
        let mut line = if self.is_manifests(repository) { self.log(repository, now) } else { Vec::new() };
        line.reverse();
        let all = line.into_iter().step_by(4).map(|commit| {
            let at = self.commits[commit].at + 2 * MINUTE;
            let words = vec![(at, Some(Sync::Applied), "It is on the web".to_owned())];
            let environment = "github-pages".to_owned();
            Deployment { id: number(at, 0), environment, commit, at, words, is_by_workflow: true }
        });
        all.filter(|deployment| deployment.at <= now).collect()
    }

    /// Deployments that workflows make for jobs, so that somebody may approve them: of no cluster.
    fn job_deployments(&self, repository: usize, now: Millis) -> Vec<Deployment> {
        let line = if self.is_manifests(repository) { self.log(repository, now) } else { Vec::new() };
        let of_commit = line.into_iter().flat_map(|commit| (0..self.jobs).map(move |n| (commit, n)));
        let all = of_commit.map(|(commit, n)| {
            let at = self.commits[commit].at + (30 + 3 * n as i64) * SECOND;
            let words = vec![(at, Some(Sync::Applied), String::new())];
            let environment = format!("approval-{}", n % 3);
            Deployment { id: number(at, 8), environment, commit, at, words, is_by_workflow: true }
        });
        all.filter(|deployment| deployment.at <= now).collect()
    }
}

fn sync_tag(n: usize, cluster: &Cluster, report: &Report) -> Option<Tag> {
    let Channel::Tag { annotated } = cluster.channel else { return None };
    let object = annotated.then(|| digits(report.at.unsigned_abs() ^ ((n as u64 + 1) << 50), 40));
    let name = format!("flux-{}", cluster.name);
    Some(Tag { name, commit: report.commit, object, at: report.at, message: "Sync pointer\n" })
}
