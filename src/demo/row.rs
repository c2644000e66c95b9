//! A deployment's row: what the pipelines have written of it by a moment.

use super::{
    clock::Clock,
    fixtures::{Person, Ring, Service, Tags},
    json::Put,
    mix::Sha,
    tag::{Tag, Version},
    timeline::{Run, Timeline},
};

/// Everything about one deployment but what time it is.
#[derive(Clone, Copy)]
pub(super) struct Plan {
    /// What its own commits are made of.
    pub(super) seed: u64,
    /// What the commit behind its image is made of: the same for every deployment of the image.
    pub(super) source: u64,
    /// Counts deployments, the newest highest: the numbers of its runs come from it.
    pub(super) number: u32,
    /// The number of the build that made the image.
    pub(super) build: u32,
    /// `None` for an edit that is about no service.
    pub(super) service: Option<&'static Service>,
    pub(super) ring: &'static Ring,
    pub(super) branch: &'static str,
    pub(super) version: Version,
    /// Of the commit, or the title of an edit's pull request.
    pub(super) message: &'static str,
    pub(super) author: &'static Person,
    pub(super) approver: &'static Person,
    pub(super) style: Style,
    pub(super) timeline: Timeline,
}

/// Who wrote the row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Ringside's capture; from the release on, or from the beginning, the row has the ring.
    Full { ring_late: bool },
    /// Bedrock's pipelines: ids alone, lower case and short. A `vague` one lacks what would show how it went.
    Bare { vague: bool },
    /// Ringside's capture of a manual edit.
    Edit,
}

impl Style {
    pub(super) const fn is_bare(self) -> bool {
        matches!(self, Self::Bare { .. })
    }
}

impl Plan {
    /// The last change at or before a second.
    pub(super) fn last_change(&self, second: i64) -> i64 {
        self.timeline.last_change(second, self.style.is_bare())
    }

    /// The columns at the clock's second.
    pub(super) fn columns(&self, clock: Clock, put: &mut Put<'_>) {
        match self.style {
            Style::Full { ring_late } => self.full(ring_late, clock, put),
            Style::Bare { vague } => self.bare(vague, clock.second, put),
            Style::Edit => self.edit(clock, put),
        }
    }

    const fn tag(&self) -> Tag {
        let &Self { service, ring, branch, build, version, .. } = self;
        Tag { service, ring, branch, build, version }
    }

    /// The commit that its release makes.
    pub(super) const fn definition(&self) -> u64 {
        self.seed ^ 2
    }

    /// The commit that its manifest build makes.
    pub(super) const fn manifest(&self) -> u64 {
        self.seed ^ 3
    }

    fn full(&self, ring_late: bool, clock: Clock, put: &mut Put<'_>) {
        let Self { build, message, .. } = self;
        let release = self.timeline.release.filter(|run| run.queued <= clock.second);
        if let Some(service) = self.service {
            put("service", &service.name);
            put("sourceRepo", &format_args!("{SOURCES}{}", service.repository));
        }
        if !ring_late || release.is_some() {
            put("env", &self.ring.name);
        }
        put("branch", &self.branch);
        put("commitId", &Sha::whole(self.source));
        put("commitMessage", message);
        self.people(put);
        if let Some(run) = self.timeline.build {
            put("p1", build);
            put("p1Url", &format_args!("{SOURCES}{}{RUNS}{build}", self.repository()));
            put("p1Name", &clock.at(run.queued).run_name());
            columns_of_run(["p1Status", "p1Start", "p1End"], run, clock, put);
            if run.has_succeeded(clock.second) {
                put("imageTag", &self.tag());
            }
        }
        if let Some(run) = release {
            let id = self.release();
            put("p2", &id);
            put("p2Url", &format_args!("{HLD}{RUNS}{id}"));
            put("p2Name", &format_args!("Release-{id}"));
            columns_of_run(["p2Status", "p2Start", "p2End"], run, clock, put);
            put("hldRepo", &HLD);
            if run.has_succeeded(clock.second) {
                put("hldCommitId", &Sha::short(self.definition()));
            }
        }
        self.approval_and_manifest(clock, put);
    }

    fn edit(&self, clock: Clock, put: &mut Put<'_>) {
        if let Some(service) = self.service {
            put("service", &service.name);
        }
        put("env", &self.ring.name);
        self.people(put);
        put("hldRepo", &HLD);
        put("hldCommitId", &Sha::short(self.definition()));
        self.approval_and_manifest(clock, put);
    }

    fn people(&self, put: &mut Put<'_>) {
        let Person { name, login, has_email, is_bot } = self.author;
        put("authorName", name);
        if *has_email {
            put("authorEmail", &format_args!("{login}@contoso.example"));
        }
        if !is_bot {
            put("authorUrl", &format_args!("https://people.contoso.example/{login}"));
        }
    }

    fn approval_and_manifest(&self, clock: Clock, put: &mut Put<'_>) {
        if let Some(approval) = self.timeline.approval.filter(|a| a.opened <= clock.second) {
            let id = self.pull_request();
            put("pr", &id);
            put("prUrl", &format_args!("{HLD}/pull/{id}"));
            put("prTitle", &self.pull_request_title());
            if self.style == Style::Edit {
                put("prBranch", &format_args!("edit/{id}"));
            } else {
                put("prBranch", &format_args!("deploy/{}-{}", self.service_name(), self.build));
            }
            put("prCreatedAt", &clock.at(approval.opened));
            match approval.closed_by(clock.second) {
                None => put("prState", &"open"),
                Some(_) if !approval.merges => put("prState", &"abandoned"),
                Some(closed) => {
                    put("prState", &"merged");
                    put("prMergedAt", &clock.at(closed));
                    put("mergedBy", &self.approver.name);
                }
            }
        }
        if let Some(run) = self.timeline.manifest.filter(|run| run.queued <= clock.second) {
            let id = self.manifest_build();
            put("p3", &id);
            put("p3Url", &format_args!("{HLD}{RUNS}{id}"));
            put("p3Name", &clock.at(run.queued).run_name());
            columns_of_run(["p3Status", "p3Start", "p3End"], run, clock, put);
            put("manifestRepo", &MANIFESTS);
            if run.has_succeeded(clock.second) {
                put("manifestCommitId", &Sha::short(self.manifest()));
            }
        }
    }

    /// Each of Bedrock's pipelines writes once, when it is done.
    fn bare(&self, vague: bool, second: i64, put: &mut Put<'_>) {
        let done = |run: Option<Run>| run.is_some_and(|run| run.has_succeeded(second));
        if let Some(service) = self.service.filter(|_| done(self.timeline.build)) {
            let owner = if self.seed.is_multiple_of(2) { "contoso/" } else { "" };
            put("service", &format_args!("{owner}{}", service.name));
            put("p1", &self.build);
            put("imageTag", &self.tag());
            put("commitId", &Sha::short(self.source));
            put("sourceRepo", &format_args!("{}{}", bare_address(SOURCES), service.repository));
        }
        if done(self.timeline.release) {
            put("p2", &self.release());
            put("env", &self.ring.name);
            put("hldRepo", &bare_address(HLD));
            if !vague {
                put("hldCommitId", &Sha::short(self.definition()));
            }
            if self.timeline.approval.is_some() {
                put("pr", &self.pull_request());
            }
        }
        if done(self.timeline.manifest) {
            put("p3", &self.manifest_build());
            put("manifestRepo", &bare_address(MANIFESTS));
            if !vague {
                put("manifestCommitId", &Sha::short(self.manifest()));
            }
        }
    }

    fn service_name(&self) -> &'static str {
        self.service.map_or("shared", |service| service.name)
    }

    pub(super) fn repository(&self) -> &'static str {
        self.service.map_or("", |service| service.repository)
    }

    pub(super) const fn pull_request(&self) -> u32 {
        self.number + 1_126
    }

    pub(super) fn pull_request_title(&self) -> String {
        if self.style == Style::Edit {
            return self.message.to_owned();
        }
        // A tag that is made of the build names the service itself.
        let service = self.service.filter(|s| s.tags != Tags::Builds).map_or("", |s| s.name);
        let space = if service.is_empty() { "" } else { " " };
        format!("Deploy {service}{space}{} to {}", self.tag(), self.ring.name)
    }

    pub(super) const fn release(&self) -> u32 {
        self.number.saturating_sub(3_196)
    }

    /// Even, as images are made by builds of odd numbers.
    pub(super) const fn manifest_build(&self) -> u32 {
        self.number * 2
    }
}

pub(super) const SOURCES: &str = "https://github.com/contoso/";
const HLD: &str = "https://github.com/contoso/trivia-hld";
const MANIFESTS: &str = "https://github.com/contoso/trivia-manifests";
const RUNS: &str = "/actions/runs/";

/// Bedrock's pipelines cut the scheme off.
fn bare_address(address: &'static str) -> &'static str {
    address.split_once("://").map_or(address, |(_, rest)| rest)
}

fn columns_of_run([status, start, end]: [&str; 3], run: Run, clock: Clock, put: &mut Put<'_>) {
    if let Some(word) = run.word(clock.second) {
        put(status, &word);
    }
    if run.begun <= clock.second {
        put(start, &clock.at(run.begun));
    }
    if run.ended <= clock.second {
        put(end, &clock.at(run.ended));
    }
}
