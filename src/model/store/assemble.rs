//! Everything that the views show of one deployment, from its row and what forges reported: a pure function of both.

use super::{
    at::At,
    journey::{RUNS, StageState, StagesKnown, Texts},
    overlay::Overlay,
    rows::Store,
    slot::Slot,
    stage_of_run::RingWords,
};
use crate::{
    domain::{
        cluster::{ClusterSync, SyncState},
        deployment::{Deployment, Kind, Source, Status},
        facts::Answer,
        id::{Branch, CommitId, ImageTag, PullRequestId, Repository, RingName, RunId, ServiceName},
        link::Link,
        person::Person,
        pull_request::{PullRequest, PullState},
        stage::{Evidence, Provenance, Stage, StageKind, StagePart},
        time::Timestamp,
    },
    model::symbols::RingSym,
    storage::row::Field,
};

/// One deployment, with what clusters have of it.
#[must_use]
pub fn assemble(store: &Store, slot: Slot, clusters: Vec<ClusterSync>) -> Option<Deployment> {
    let row = store.at(slot);
    let over = row.lay(store.facts(slot));
    let project = row.project().of(store.projects())?.clone();
    let known = over.stages(row.ring_words());
    let outcome = known.outcome();
    let ring = row.ring();
    let links = &over.facts().links;
    let of_commit = over.facts().commit.as_ref().and_then(|answer| answer.value.as_deref()?.link.clone());
    let source = Source {
        commit: CommitId::new(over.commit()),
        message: boxed(over.message()),
        branch: Branch::new(over.branch()),
        author: over.reported_author().cloned().or_else(|| {
            person(row, Field::AuthorName, Some(Field::AuthorEmail), Field::AuthorImage, Some(Field::AuthorUrl))
        }),
        repository: Repository::new(over.repository()),
        link: of_commit.or_else(|| links.source.clone()),
    };
    Some(Deployment {
        id: store.id(slot)?,
        project,
        service: ServiceName::new(row.text(Field::Service)),
        ring: (ring != RingSym::NONE).then(|| RingName::new(store.rings().name(ring))).flatten(),
        ring_title: (ring != RingSym::NONE).then(|| store.rings().title(ring).into()),
        ring_from_branch: ring != RingSym::NONE && !row.has(Field::Env),
        kind: outcome.kind,
        status: outcome.status,
        decided_by: outcome.decided_by,
        image: ImageTag::new(over.image()),
        pull_request: pull_request(row, over, &known),
        hld_commit: CommitId::new(row.text(Field::HldCommitId)),
        hld_link: links.definition.clone(),
        manifest_commit: CommitId::new(row.text(Field::ManifestCommitId)),
        manifest_link: links.manifests.clone(),
        hld_repository: Repository::new(row.text(Field::HldRepo)),
        manifest_repository: Repository::new(row.text(Field::ManifestRepo)),
        stages: stages(row, over, &known, outcome.kind, &source, &clusters),
        updated: outcome.updated,
        took: outcome.took,
        source,
        clusters,
    })
}

fn pull_request(row: At<'_>, over: Overlay<'_, At<'_>>, known: &StagesKnown) -> Option<PullRequest> {
    let id = PullRequestId::new(row.text(Field::Pr))?;
    let pull = over.pull();
    Some(PullRequest {
        title: boxed(over.pull_title()),
        link: Link::new(over.pull_url()),
        branch: Branch::new(over.pull_branch()),
        created: known.pull_created,
        ended: known.pull_ended,
        merged_by: over
            .reported_merged_by()
            .cloned()
            .or_else(|| person(row, Field::MergedBy, None, Field::MergedByImage, None)),
        draft: pull.is_some_and(|pull| pull.draft),
        waits_for: pull.map(|pull| pull.waits_for.clone()).unwrap_or_default(),
        author: pull.and_then(|pull| pull.author.clone()),
        merge_commit: pull.and_then(|pull| pull.merge_commit.clone()),
        ..PullRequest::new(id, known.pull.unwrap_or(PullState::Unknown))
    })
}

fn boxed(text: &str) -> Option<Box<str>> {
    (!text.is_empty()).then(|| text.into())
}

fn person(row: At<'_>, name: Field, email: Option<Field>, image: Field, url: Option<Field>) -> Option<Person> {
    let name = row.text(name);
    (!name.is_empty()).then(|| Person {
        name: name.into(),
        email: email.and_then(|f| boxed(row.text(f))),
        image: Link::new(row.text(image)),
        url: url.and_then(|f| Link::new(row.text(f))),
    })
}

/// A stage of which nothing but its state is known.
const fn blank(state: StageState) -> Stage {
    Stage {
        kind: state.kind,
        status: state.status,
        evidence: state.evidence,
        run: None,
        name: None,
        commit: None,
        link: None,
        started: None,
        ended: None,
        warned: false,
        part: None,
        provenance: None,
    }
}

fn stages(
    row: At<'_>,
    over: Overlay<'_, At<'_>>,
    known: &StagesKnown,
    kind: Kind,
    source: &Source,
    clusters: &[ClusterSync],
) -> Vec<Stage> {
    let mut out = Vec::with_capacity(6);
    let facts = over.facts();
    if kind == Kind::Deployment {
        let (status, evidence) = match source.commit {
            Some(_) => (Status::Succeeded, Evidence::Product),
            None => (Status::Unknown, Evidence::NotYet),
        };
        out.push(Stage {
            commit: source.commit.clone(),
            link: source.link.clone(),
            started: facts.commit.as_ref().and_then(|answer| answer.value.as_ref()?.at),
            provenance: provenance(facts.commit.as_ref(), false),
            ..blank(StageState { kind: StageKind::Commit, status, evidence })
        });
    }
    for state in known.states() {
        let skipped = state.evidence == Evidence::NotYet;
        match state.kind {
            // Nothing was built for a manual edit.
            StageKind::Build
                if kind == Kind::HldEdit && matches!(state.evidence, Evidence::NotYet | Evidence::LaterStage) => {}
            StageKind::Release if kind == Kind::HldEdit && skipped => {}
            // Rings that nobody has to approve have no pull request; a stage that will never come is not shown.
            StageKind::PullRequest if skipped => {}
            StageKind::PullRequest => {
                let is_older = over.pull().is_some_and(|pull| over.is_pull_older(pull.state));
                out.push(Stage {
                    run: RunId::new(row.text(Field::Pr)),
                    name: boxed(over.pull_title()),
                    link: Link::new(over.pull_url()),
                    started: known.pull_created,
                    ended: known.pull_ended,
                    provenance: provenance(facts.pull_request.as_ref(), is_older),
                    ..blank(state)
                });
            }
            _ => out.extend(run_stage(row, over, known, state)),
        }
    }
    out.push(sync_stage(row, clusters));
    out
}

fn run_stage(row: At<'_>, over: Overlay<'_, At<'_>>, known: &StagesKnown, state: StageState) -> Option<Stage> {
    let index = RUNS.iter().position(|fields| fields.kind == state.kind)?;
    let fields = RUNS.get(index)?;
    let ring: RingWords<'_> = row.ring_words();
    let known = known.runs.get(index)?;
    let of_run = over.stage(index, ring);
    // A stage of the build's run that the row does not name is to be seen there.
    let shown_by = if index == 1 && !row.has(Field::P2) && of_run.is_some() { 0 } else { index };
    let answer = over.facts().runs.get(shown_by).and_then(Option::as_ref);
    let is_older = of_run.as_ref().is_some_and(|stage| over.is_older(index, stage));
    // This stage has no report while the stages of its run are still to come.
    let provenance = provenance(answer, is_older)
        .filter(|provenance| of_run.is_some() || matches!(provenance, Provenance::Gone(..)));
    let made = match state.kind {
        StageKind::Release => row.text(Field::HldCommitId),
        StageKind::Manifest => row.text(Field::ManifestCommitId),
        _ => "",
    };
    let of_run = of_run.filter(|_| !is_older);
    let is_environment = index == 1 && over.facts().has_environments;
    Some(Stage {
        run: RunId::new(row.text(RUNS.get(shown_by).map_or(fields.id, |fields| fields.id))),
        name: boxed(over.run_name(shown_by)),
        commit: CommitId::new(made),
        link: Link::new(over.run_url(shown_by)),
        started: known.started,
        ended: known.ended,
        warned: of_run.as_ref().is_some_and(|stage| stage.warned),
        part: of_run.and_then(|stage| stage.part).map(|part| StagePart {
            name: part.name,
            status: part.status,
            is_environment,
            waits_for: part.waits_for,
        }),
        provenance,
        ..blank(state)
    })
}

/// What a forge reported of a stage, beside the row.
fn provenance<T>(answer: Option<&Answer<T>>, is_older: bool) -> Option<Provenance> {
    let answer = answer?;
    Some(match answer.value {
        None => Provenance::Gone(answer.by, answer.at),
        Some(_) if is_older => Provenance::Older(answer.by, answer.at),
        Some(_) => Provenance::By(answer.by, answer.at),
    })
}

fn sync_stage(row: At<'_>, clusters: &[ClusterSync]) -> Stage {
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
    let ended: Option<Timestamp> = clusters.iter().filter_map(|c| c.at).max();
    Stage { ended, ..blank(StageState { kind: StageKind::Sync, status, evidence }) }
}
