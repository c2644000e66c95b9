//! What one row means: its stages, what became of them, and so of the deployment.
//!
//! Everything here is told from the row alone, by four rules (`docs/DESIGN.md` says why):
//! 1. `p{k}Status` and `prState` say what they say. A word we do not know is [`Status::Unknown`].
//! 2. A stage whose product is there went through: `manifestCommitId` is the manifest build's.
//! 3. A stage went through if a later one exists.
//! 4. Otherwise a stage with an id is [`Status::Unknown`], and one without has not begun.
//!
//! A deployment is where its furthest stage is.

use std::time::Duration;

use super::store::{Slot, Store};
use crate::{
    domain::{
        cluster::ClusterSync,
        deployment::{Deployment, Kind, Source, Status},
        id::{Branch, CommitId, ImageTag, PullRequestId, Repository, RingName, RunId, ServiceName},
        link::Link,
        person::Person,
        pull_request::{PullRequest, PullState},
        stage::{Evidence, Stage, StageKind},
        time::Timestamp,
    },
    model::symbols::NONE,
    storage::row::{Field, Row},
};

/// A row's texts, wherever they lie.
pub trait Texts {
    /// The field's text; empty when there is none.
    fn text(&self, field: Field) -> &str;

    /// Whether there is one.
    fn has(&self, field: Field) -> bool {
        !self.text(field).is_empty()
    }

    /// The moment it says.
    fn time(&self, field: Field) -> Option<Timestamp> {
        Timestamp::parse(self.text(field))
    }
}

impl Texts for Row<'_> {
    fn text(&self, field: Field) -> &str {
        self.get(field)
    }
}

/// What is known of one stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct State {
    kind: StageKind,
    status: Status,
    evidence: Evidence,
}

/// The columns that tell of one run of a pipeline.
#[derive(Clone, Copy, Debug)]
pub struct RunFields {
    /// Its stage.
    pub kind: StageKind,
    /// The run's number.
    pub id: Field,
    /// A word of [`state_word`].
    pub status: Field,
    /// Begin.
    pub start: Field,
    /// End.
    pub end: Field,
    /// Where to see it.
    pub url: Field,
    /// What people call it.
    pub name: Field,
}

const BUILD: RunFields = RunFields {
    kind: StageKind::Build,
    id: Field::P1,
    status: Field::P1Status,
    start: Field::P1Start,
    end: Field::P1End,
    url: Field::P1Url,
    name: Field::P1Name,
};

const RELEASE: RunFields = RunFields {
    kind: StageKind::Release,
    id: Field::P2,
    status: Field::P2Status,
    start: Field::P2Start,
    end: Field::P2End,
    url: Field::P2Url,
    name: Field::P2Name,
};

const MANIFEST: RunFields = RunFields {
    kind: StageKind::Manifest,
    id: Field::P3,
    status: Field::P3Status,
    start: Field::P3Start,
    end: Field::P3End,
    url: Field::P3Url,
    name: Field::P3Name,
};

/// The columns of `p1`, `p2` and `p3`.
pub const RUNS: [RunFields; 3] = [BUILD, RELEASE, MANIFEST];

/// What views filter and sort by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Facts {
    /// What became of it.
    pub status: Status,
    /// The stage that decided it.
    pub decided_by: Option<StageKind>,
    /// What kind of change.
    pub kind: Kind,
    /// The newest of the stages' times, else when the row was written.
    pub updated: Timestamp,
    /// From the first begin to the last end.
    pub took: Option<Duration>,
}

/// The facts of a row.
#[must_use]
pub fn facts<T: Texts>(row: &T) -> Facts {
    let (status, decided_by) = overall(&states(row));
    let (updated, took) = times(row, status);
    Facts { status, decided_by, kind: kind(row), updated, took }
}

fn kind<T: Texts>(row: &T) -> Kind {
    let image = [Field::P1, Field::P2, Field::ImageTag, Field::CommitId].into_iter().any(|f| row.has(f));
    let edit = [Field::P3, Field::HldCommitId, Field::ManifestCommitId, Field::Pr].into_iter().any(|f| row.has(f));
    if edit && !image { Kind::HldEdit } else { Kind::Deployment }
}

/// The word for a run's state in its column: what [`stated`] reads. A run that waits for somebody runs: `waiting` is
/// the word for pull requests.
#[must_use]
pub const fn state_word(status: Status) -> &'static str {
    match status {
        Status::Waiting => Status::Running.word(),
        status => status.word(),
    }
}

/// A run's state as its column says it.
#[must_use]
pub fn stated(word: &str) -> Status {
    match word.to_ascii_lowercase().as_str() {
        "queued" => Status::Queued,
        "running" => Status::Running,
        "succeeded" => Status::Succeeded,
        "failed" => Status::Failed,
        "canceled" => Status::Canceled,
        _ => Status::Unknown,
    }
}

fn run_state<T: Texts>(row: &T, run: &RunFields, product: bool, later: bool) -> State {
    // The update of the high-level definition is also there when only its commit is named.
    let there = row.has(run.id) || (run.kind == StageKind::Release && row.has(Field::HldCommitId));
    let word = row.text(run.status);
    let (status, evidence) = if product {
        (Status::Succeeded, Evidence::Product)
    } else if word.eq_ignore_ascii_case(Status::Incomplete.word()) {
        // A later stage of a run whose earlier ones are not through.
        (Status::Incomplete, Evidence::NotYet)
    } else if !word.is_empty() {
        match stated(word) {
            Status::Unknown => (Status::Unknown, Evidence::StrangeWord),
            status => (status, Evidence::Stated),
        }
    } else if later {
        (Status::Succeeded, Evidence::LaterStage)
    } else if there {
        (Status::Unknown, Evidence::IdOnly)
    } else {
        (Status::Incomplete, Evidence::NotYet)
    };
    State { kind: run.kind, status, evidence }
}

/// The states of build, release, approval and manifest, in that order.
fn states<T: Texts>(row: &T) -> [State; 4] {
    let published = row.has(Field::ManifestCommitId);
    let generated = published || row.has(Field::P3) || row.has(Field::P3Status);
    let approval = row.has(Field::Pr) || row.has(Field::PrState);
    let updated = generated || approval;
    let released = updated || row.has(Field::P2) || row.has(Field::P2Status) || row.has(Field::HldCommitId);
    let pr = match row.text(Field::PrState) {
        word if pull_state(word) != PullState::Unknown => (pull_state(word).status(), Evidence::Stated),
        "" if row.has(Field::PrMergedAt) => (Status::Succeeded, Evidence::Product),
        "" if approval && generated => (Status::Succeeded, Evidence::LaterStage),
        "" if approval => (Status::Unknown, Evidence::IdOnly),
        "" => (Status::Incomplete, Evidence::NotYet),
        _ => (Status::Unknown, Evidence::StrangeWord),
    };
    [
        run_state(row, &BUILD, false, released),
        run_state(row, &RELEASE, false, updated),
        State { kind: StageKind::PullRequest, status: pr.0, evidence: pr.1 },
        run_state(row, &MANIFEST, published, false),
    ]
}

/// Where the furthest stage is, is where the deployment is.
fn overall(states: &[State; 4]) -> (Status, Option<StageKind>) {
    let furthest = states.iter().rev().find(|s| s.evidence != Evidence::NotYet);
    let Some(furthest) = furthest else { return (Status::Unknown, None) };
    let stopped = || {
        states.iter().find(|s| s.evidence == Evidence::Stated && matches!(s.status, Status::Failed | Status::Canceled))
    };
    match furthest.status {
        Status::Succeeded if furthest.kind == StageKind::Manifest => (Status::Succeeded, Some(StageKind::Manifest)),
        // Nothing followed; where an earlier stage is said to have failed, that is why.
        Status::Succeeded | Status::Unknown => match stopped() {
            Some(stage) => (stage.status, Some(stage.kind)),
            None if furthest.status == Status::Unknown => (Status::Unknown, Some(furthest.kind)),
            None => (Status::Incomplete, Some(furthest.kind)),
        },
        status => (status, Some(furthest.kind)),
    }
}

fn times<T: Texts>(row: &T, status: Status) -> (Timestamp, Option<Duration>) {
    let starts = RUNS.iter().filter_map(|r| row.time(r.start));
    let ends = || RUNS.iter().filter_map(|r| row.time(r.end));
    let (created, merged) = (row.time(Field::PrCreatedAt), row.time(Field::PrMergedAt));
    let first = starts.clone().chain(created).min();
    let last = ends().chain(merged).max();
    let newest = starts.chain(ends()).chain(created).chain(merged).max();
    let updated = newest.or_else(|| row.time(Field::Timestamp)).unwrap_or(Timestamp::from_millis(0));
    let took = match (first, last) {
        (Some(first), Some(last)) if !status.is_under_way() && last >= first => Some(last.since(first)),
        _ => None,
    };
    (updated, took)
}

/// Everything that the views show of one deployment.
#[must_use]
pub fn assemble(store: &Store, slot: Slot, clusters: Vec<ClusterSync>) -> Option<Deployment> {
    let row = store.at(slot);
    let project = store.projects().get(row.project())?.clone();
    let states = states(&row);
    let facts = facts(&row);
    let ring = row.ring();
    Some(Deployment {
        id: store.id(slot)?,
        project,
        service: ServiceName::new(row.text(Field::Service)),
        ring: (ring != NONE).then(|| RingName::new(store.rings().name(ring))).flatten(),
        ring_title: (ring != NONE).then(|| store.rings().title(ring).into()),
        ring_from_branch: ring != NONE && !row.has(Field::Env),
        kind: facts.kind,
        status: facts.status,
        decided_by: facts.decided_by,
        image: ImageTag::new(row.text(Field::ImageTag)),
        source: Source {
            commit: CommitId::new(row.text(Field::CommitId)),
            message: boxed(row.text(Field::CommitMessage)),
            branch: Branch::new(row.text(Field::Branch)),
            author: person(
                &row,
                Field::AuthorName,
                Some(Field::AuthorEmail),
                Field::AuthorImage,
                Some(Field::AuthorUrl),
            ),
            repository: Repository::new(row.text(Field::SourceRepo)),
            link: None,
        },
        pull_request: pull_request(&row),
        hld_commit: CommitId::new(row.text(Field::HldCommitId)),
        hld_link: None,
        manifest_commit: CommitId::new(row.text(Field::ManifestCommitId)),
        manifest_link: None,
        hld_repository: Repository::new(row.text(Field::HldRepo)),
        manifest_repository: Repository::new(row.text(Field::ManifestRepo)),
        stages: stages(&row, &states, facts.kind, &clusters),
        updated: facts.updated,
        took: facts.took,
        clusters,
    })
}

fn pull_request<T: Texts>(row: &T) -> Option<PullRequest> {
    let id = PullRequestId::new(row.text(Field::Pr))?;
    Some(PullRequest {
        title: boxed(row.text(Field::PrTitle)),
        link: Link::new(row.text(Field::PrUrl)),
        branch: Branch::new(row.text(Field::PrBranch)),
        created: row.time(Field::PrCreatedAt),
        ended: row.time(Field::PrMergedAt),
        merged_by: person(row, Field::MergedBy, None, Field::MergedByImage, None),
        ..PullRequest::new(id, pull_state(row.text(Field::PrState)))
    })
}

/// A pull request's state as a column says it.
#[must_use]
pub fn pull_state(word: &str) -> PullState {
    match word.to_ascii_lowercase().as_str() {
        "open" => PullState::Open,
        "merged" => PullState::Merged,
        "abandoned" => PullState::Abandoned,
        _ => PullState::Unknown,
    }
}

fn boxed(text: &str) -> Option<Box<str>> {
    (!text.is_empty()).then(|| text.into())
}

fn person<T: Texts>(row: &T, name: Field, email: Option<Field>, image: Field, url: Option<Field>) -> Option<Person> {
    let name = row.text(name);
    (!name.is_empty()).then(|| Person {
        name: name.into(),
        email: email.and_then(|f| boxed(row.text(f))),
        image: Link::new(row.text(image)),
        url: url.and_then(|f| Link::new(row.text(f))),
    })
}

fn stages<T: Texts>(row: &T, states: &[State; 4], kind: Kind, clusters: &[ClusterSync]) -> Vec<Stage> {
    let mut out = Vec::with_capacity(6);
    let blank = |kind, status, evidence| Stage {
        kind,
        status,
        evidence,
        run: None,
        name: None,
        commit: None,
        link: None,
        started: None,
        ended: None,
        warned: false,
        part: None,
        told: None,
    };
    if kind == Kind::Deployment {
        let commit = CommitId::new(row.text(Field::CommitId));
        let (status, evidence) = match commit {
            Some(_) => (Status::Succeeded, Evidence::Product),
            None => (Status::Unknown, Evidence::NotYet),
        };
        out.push(Stage { commit, ..blank(StageKind::Commit, status, evidence) });
    }
    for state in states {
        let skipped = state.evidence == Evidence::NotYet;
        match state.kind {
            StageKind::Build | StageKind::Release if kind == Kind::HldEdit && skipped => continue,
            // Rings that nobody has to approve have no pull request; a stage that will never come is not shown.
            StageKind::PullRequest if skipped => continue,
            StageKind::PullRequest => out.push(Stage {
                run: RunId::new(row.text(Field::Pr)),
                name: boxed(row.text(Field::PrTitle)),
                link: Link::new(row.text(Field::PrUrl)),
                started: row.time(Field::PrCreatedAt),
                ended: row.time(Field::PrMergedAt),
                ..blank(state.kind, state.status, state.evidence)
            }),
            _ => {
                let Some(run) = RUNS.iter().find(|r| r.kind == state.kind) else { continue };
                let made = match state.kind {
                    StageKind::Release => row.text(Field::HldCommitId),
                    StageKind::Manifest => row.text(Field::ManifestCommitId),
                    _ => "",
                };
                out.push(Stage {
                    run: RunId::new(row.text(run.id)),
                    name: boxed(row.text(run.name)),
                    commit: CommitId::new(made),
                    link: Link::new(row.text(run.url)),
                    started: row.time(run.start),
                    ended: row.time(run.end),
                    ..blank(state.kind, state.status, state.evidence)
                });
            }
        }
    }
    out.push(sync_stage(row, clusters, blank));
    out
}

fn sync_stage<T: Texts>(
    row: &T,
    clusters: &[ClusterSync],
    blank: impl Fn(StageKind, Status, Evidence) -> Stage,
) -> Stage {
    use crate::domain::cluster::SyncState;
    let any = |state| clusters.iter().any(|c| c.state == state);
    let (status, evidence) = if any(SyncState::Failed) {
        (Status::Failed, Evidence::Stated)
    } else if any(SyncState::Pending) {
        (Status::Running, Evidence::Stated)
    } else if any(SyncState::Synced) {
        (Status::Succeeded, Evidence::Stated)
    } else if row.has(Field::ManifestCommitId) {
        (Status::Unknown, Evidence::IdOnly)
    } else {
        (Status::Incomplete, Evidence::NotYet)
    };
    Stage { ended: clusters.iter().filter_map(|c| c.at).max(), ..blank(StageKind::Sync, status, evidence) }
}

#[cfg(test)]
mod tests;
