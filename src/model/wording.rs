//! Sentences about a deployment; [`clusters`] has those about what clusters make of it, [`changes`] those about a
//! change in several rings.

pub mod changes;
pub mod clusters;
pub mod details;

use crate::{
    domain::{
        deployment::{Deployment, Kind, Status},
        stage::{Evidence, Provenance, Stage, StageKind, StagePart},
        time::Timestamp,
    },
    text,
};

/// What people call a stage.
#[must_use]
pub const fn stage_title(kind: StageKind) -> &'static str {
    match kind {
        StageKind::Commit => "Commit",
        StageKind::Build => "Image",
        StageKind::Release => "Metadata update",
        StageKind::PullRequest => "Approval",
        StageKind::Manifest => "Manifests",
        StageKind::Sync => "Clusters",
    }
}

/// The work that a stage is, in the middle of a sentence.
const fn stage_noun(kind: StageKind) -> &'static str {
    match kind {
        StageKind::Commit => "commit",
        StageKind::Build => "image build",
        StageKind::Release => "metadata update",
        StageKind::PullRequest => "approval",
        StageKind::Manifest => "manifest build",
        StageKind::Sync => "cluster sync",
    }
}

/// The work that a stage is, and the part of it that decides its status: `release to prod`, `image build, test`.
fn stage_place(stage: &Stage) -> String {
    match &stage.part {
        Some(part) if part.is_environment => format!("release to {}", part.name),
        Some(part) => format!("{}: {}", stage_noun(stage.kind), part.name),
        None => stage_noun(stage.kind).to_owned(),
    }
}

/// How a stage's state is known, and why it is not where it is not.
#[must_use]
pub fn why(stage: &Stage) -> String {
    let by_row = why_by_row(stage);
    match (stage.provenance, stage.kind) {
        (None, _) => by_row.to_owned(),
        (Some(Provenance::By(..)), _) if stage.evidence == Evidence::Product => by_row.to_owned(),
        (Some(Provenance::By(service, _)), _) if stage.status == Status::Unknown => {
            format!("Unknown status word from {}.", service.name())
        }
        (Some(Provenance::By(service, _)), _) => format!("From {}.", service.name()),
        (Some(Provenance::Older(service, _)), _) => {
            format!("{by_row} {} reports an older or unknown status.", service.name())
        }
        (Some(Provenance::Gone(service, _)), _) => format!("Expired in {}. {by_row}", service.name()),
    }
}

const fn why_by_row(stage: &Stage) -> &'static str {
    match (stage.evidence, stage.kind) {
        (Evidence::Stated, StageKind::Sync) => "Reported by the clusters.",
        (Evidence::Stated, _) => "From the table.",
        (Evidence::LaterStage, _) => "Inferred from a later stage.",
        (Evidence::Product, StageKind::Manifest) => "Manifest commit published.",
        (Evidence::Product, StageKind::PullRequest) => "Inferred from its merge time.",
        (Evidence::Product, _) => "From the table.",
        (Evidence::IdOnly, StageKind::Sync) => "No cluster has reported this manifest commit.",
        (Evidence::IdOnly, _) => "Only its id is known; connect the pipeline to see its result.",
        (Evidence::StrangeWord, _) => "Unknown status word from the table.",
        (Evidence::NotYet, StageKind::Commit) => "No commit known.",
        (Evidence::NotYet, _) => "Not started.",
    }
}

/// The state of one stage in people's words.
#[must_use]
pub const fn stage_state(stage: &Stage) -> &'static str {
    match (stage.kind, stage.status, stage.evidence) {
        (StageKind::Build | StageKind::Release | StageKind::Manifest, Status::Succeeded, _) if stage.warned => {
            "Succeeded with warnings"
        }
        (StageKind::Commit, _, Evidence::NotYet) => "Unknown",
        (StageKind::Build | StageKind::Release | StageKind::Manifest, Status::Succeeded, Evidence::LaterStage) => {
            "Succeeded"
        }
        (_, Status::Incomplete, _) => "Not started",
        (StageKind::PullRequest, Status::Waiting, _) => "Open",
        (StageKind::PullRequest, Status::Succeeded, _) => "Merged",
        (StageKind::PullRequest, Status::Canceled, _) => "Closed without merging",
        (StageKind::Sync, Status::Succeeded, _) => "Applied",
        (StageKind::Sync, Status::Running, _) => "Pending",
        (_, status, _) => text::status(status),
    }
}

/// The stage that should come next.
const fn following(kind: StageKind) -> StageKind {
    match kind {
        StageKind::Commit => StageKind::Build,
        StageKind::Build => StageKind::Release,
        StageKind::Release | StageKind::PullRequest => StageKind::Manifest,
        StageKind::Manifest | StageKind::Sync => StageKind::Sync,
    }
}

/// A part of a stage's run that decides its status: `release to prod: waiting for approval`.
#[must_use]
pub fn stage_part(part: &StagePart) -> String {
    match part.status {
        Status::Waiting => format!("{}: waiting for {}", part.name, approval_of(part)),
        status => format!("{}: {}", part.name, text::status(status).to_lowercase()),
    }
}

/// `approval by Ana Ruiz`, or `approval` where it is not known by whom.
fn approval_of(part: &StagePart) -> String {
    let names: Vec<&str> = part.waits_for.iter().map(|person| &*person.name).collect();
    if names.is_empty() { "approval".to_owned() } else { format!("approval by {}", text::list(&names)) }
}

/// Who reported it: the table, or a forge.
fn service_of(provenance: Option<Provenance>) -> &'static str {
    match provenance {
        Some(Provenance::By(service, _) | Provenance::Older(service, _) | Provenance::Gone(service, _)) => {
            service.name()
        }
        None => "the table",
    }
}

/// Why a deployment has its state, for a tooltip.
#[must_use]
pub fn why_status(d: &Deployment) -> String {
    let Some(stage) = d.deciding_stage() else {
        return "Status unknown: no stage known.".to_owned();
    };
    let noun = stage_place(stage);
    match d.status {
        Status::Unknown => format!("Status unknown: {noun}. {}", why(stage)),
        Status::Incomplete if stage.status == Status::Skipped => format!("Skipped: {noun}."),
        Status::Incomplete => {
            format!("Stalled after {noun}: {} has not started.", stage_noun(following(stage.kind)))
        }
        Status::Waiting => match waits_for(d) {
            Some(who) => format!("Waiting for {who}. {}", why(stage)),
            None => format!("Waiting for approval. {}", why(stage)),
        },
        Status::Canceled if stage.kind == StageKind::PullRequest => "Pull request closed without merging.".to_owned(),
        status => format!("{}: {noun}. {}", text::status(status), why(stage)),
    }
}

/// Where a deployment stands, in a few words; `None` when its state is all.
#[must_use]
pub fn place(d: &Deployment, now: Timestamp) -> Option<String> {
    let stage = d.deciding_stage()?;
    match d.status {
        Status::Succeeded => remark(d),
        Status::Waiting => Some(waiting(stage, now)),
        Status::Incomplete if stage.status == Status::Skipped => Some(format!("{} skipped", stage_place(stage))),
        Status::Incomplete => Some(format!("stalled after {}", stage_noun(stage.kind))),
        Status::Running => Some(match stage.started {
            Some(start) => format!("{}, {}", stage_place(stage), text::duration(now.since(start))),
            None => stage_place(stage),
        }),
        _ => Some(stage_place(stage)),
    }
}

/// What else is to be shown of a deployment that went through.
fn remark(d: &Deployment) -> Option<String> {
    let gone = d.stages.iter().find_map(|stage| match stage.provenance {
        Some(Provenance::Gone(service, _)) if stage.kind != StageKind::Commit => Some(service),
        _ => None,
    });
    match gone {
        Some(service) => Some(format!("expired in {}", service.name())),
        None => d.stages.iter().any(|stage| stage.warned).then(|| "with warnings".to_owned()),
    }
}

/// Who may give the approval that it waits for, as far as that is known.
#[must_use]
pub fn waits_for(d: &Deployment) -> Option<String> {
    let names: Vec<&str> = d.waits_for().iter().map(|p| &*p.name).collect();
    (!names.is_empty()).then(|| text::list(&names))
}

/// When it began, while it is under way.
#[must_use]
pub fn running_since(d: &Deployment) -> Option<Timestamp> {
    let first = || d.stages.iter().filter(|s| s.kind != StageKind::Commit).filter_map(|s| s.started).min();
    d.status.is_under_way().then(first).flatten()
}

fn waiting(stage: &Stage, now: Timestamp) -> String {
    if stage.kind != StageKind::PullRequest {
        let approval = stage.waiting_part().map_or_else(|| "approval".to_owned(), approval_of);
        return format!("{}: waiting for {approval}{}", stage_place(stage), since_begin(stage, now));
    }
    let number = stage.run.as_ref().map_or_else(|| "Pull request".to_owned(), |run| format!("PR #{run}"));
    match stage.started {
        Some(since) => format!("{number} open {}", text::lasting(since, now)),
        None => format!("{number} open"),
    }
}

/// ` for 20 min`, or nothing where it is not known when it began.
fn since_begin(stage: &Stage, now: Timestamp) -> String {
    stage.started.map_or_else(String::new, |at| format!(" {}", text::lasting(at, now)))
}

/// The version as people distinguish it from others: the image's tag without what all of them share, else the commit.
#[must_use]
pub fn version(d: &Deployment) -> String {
    let service = d.service.as_ref().map(|s| s.as_str());
    match (&d.image, &d.source.commit, &d.hld_commit) {
        (Some(image), ..) => text::shorten_tag(image.tag(), service).to_owned(),
        (None, Some(commit), _) => commit.short().to_owned(),
        (None, None, Some(commit)) if d.kind == Kind::HldEdit => format!("HLD {}", commit.short()),
        _ if d.kind == Kind::HldEdit => "HLD edit".to_owned(),
        _ => "no version".to_owned(),
    }
}

/// `4 min ago`
fn ago(then: Option<Timestamp>, now: Timestamp) -> String {
    then.map_or_else(|| text::NO_TIME.to_owned(), |then| text::ago(then, now))
}

/// How long ago a deployment changed last.
#[must_use]
pub fn updated_ago(d: &Deployment, now: Timestamp) -> String {
    ago(d.updated, now)
}

/// `1.44.0-dev.13 building for 2 min`
#[must_use]
pub fn on_its_way(d: &Deployment, now: Timestamp) -> String {
    let version = version(d);
    let Some(stage) = d.deciding_stage() else { return format!("{version}, status unknown") };
    let since = stage.started.or(d.updated);
    let lasting = || since.map_or_else(String::new, |since| [" ", &text::lasting(since, now)].concat());
    match (d.status, stage.kind) {
        (Status::Waiting, StageKind::PullRequest) => format!("{version} {}", waiting(stage, now)),
        (Status::Waiting, _) => {
            format!("{version} waiting for approval{}: {}", since_begin(stage, now), stage_place(stage))
        }
        (Status::Queued, kind) => format!("{version} {} queued{}", stage_noun(kind), lasting()),
        (Status::Running, StageKind::Build) => format!("{version} building{}", lasting()),
        (Status::Running, StageKind::Release) => format!("{version} updating metadata{}", lasting()),
        (Status::Running, StageKind::Manifest) => format!("{version} generating manifests{}", lasting()),
        (Status::Incomplete, kind) if stage.status == Status::Skipped => {
            format!("{version}: {} skipped, {}", stage_noun(kind), updated_ago(d, now))
        }
        (Status::Incomplete, kind) => {
            format!("{version} stalled after {}, {}", stage_noun(kind), updated_ago(d, now))
        }
        (_, kind) => format!("{version}: {} status unknown, {}", stage_noun(kind), updated_ago(d, now)),
    }
}

/// `2.8.2 failed: manifest build · Ken Abe, 40 min ago`: the step that failed where it is known, and whose it is.
#[must_use]
pub fn failed(d: &Deployment, now: Timestamp) -> String {
    let place = |stage: &Stage| match &stage.part {
        Some(part) if !part.is_environment => part.name.to_string(),
        _ => stage_place(stage),
    };
    let place = d.deciding_stage().map_or_else(String::new, |stage| format!(": {}", place(stage)));
    let who = d.source.author.as_ref().map_or_else(String::new, |who| format!(" · {}", who.name));
    format!("{} failed{place}{who}, {}", version(d), updated_ago(d, now))
}

/// `2.8.2 waiting for Ana Ruiz, 12 h`; `None` where it is not known for whom.
#[must_use]
pub fn waiting_for(d: &Deployment, now: Timestamp) -> Option<String> {
    let who = waits_for(d)?;
    let since = d.deciding_stage().and_then(|stage| stage.started).or(d.updated);
    let lasts = since.map_or_else(String::new, |since| [", ", &text::duration(now.since(since))].concat());
    Some(format!("{} waiting for {who}{lasts}", version(d)))
}

/// `or 1.42.0: not known which is newer`
#[must_use]
pub fn not_known_which(other: &Deployment) -> String {
    format!("or {}: not known which is newer", version(other))
}

/// `client 2.9.0 → Production`
#[must_use]
pub fn title(d: &Deployment) -> String {
    let ring = d.ring_title.as_deref().unwrap_or("ring not set");
    let what = version(d);
    d.service.as_ref().map_or_else(|| format!("{what} → {ring}"), |service| format!("{service} {what} → {ring}"))
}

/// A text that Markdown shows as it is.
#[must_use]
pub fn escape_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_[]<>#|~&@!".contains(c) {
            out.push('\\');
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::person::Person;
    use crate::support::rows::{self, RowBuilder};

    fn deployment(texts: &str) -> Deployment {
        rows::deployment(RowBuilder::of(texts), Vec::new())
    }

    fn noon() -> Timestamp {
        Timestamp::parse("2026-11-23T12:00:00Z").unwrap()
    }

    #[test]
    fn what_is_on_its_way() {
        #[track_caller]
        fn check(texts: &str, expect: &str) {
            assert_eq!(on_its_way(&deployment(texts), noon()), expect, "{texts}");
        }
        check("service=api imageTag=api-1.4 p1=1 p1Status=running", "1.4 building");
        check("imageTag=api-1.4 p1=1 p1Status=succeeded", "api-1.4 stalled after image build, time unknown");
        check(
            "service=api imageTag=api-1.4 p1=1 p1Status=running p1Start=2026-11-23T11:58:00Z",
            "1.4 building for 2 min",
        );
        check(
            "commitId=abcdef012 p1=1 p1Status=queued p1Start=2026-11-23T11:00:00Z",
            "abcdef0 image build queued for 1 h",
        );
        check("imageTag=v1 pr=4549 prState=open prCreatedAt=2026-11-23T00:00:00Z", "v1 PR #4549 open for 12 h");
        check("imageTag=v1 p1=1 p2=2 Timestamp=2026-11-23T09:00:00Z", "v1: metadata update status unknown, 3 h ago");
        check(
            "imageTag=v1 p1=1 p1Status=succeeded p1End=2026-11-23T11:00:00Z",
            "v1 stalled after image build, 1 h ago",
        );
    }

    #[test]
    fn what_failed() {
        let d = deployment("imageTag=2.8.2 p3=7 p3Status=failed p3End=2026-11-23T11:20:00Z");
        assert_eq!(failed(&d, noon()), "2.8.2 failed: manifest build, 40 min ago");
        assert_eq!(place(&d, noon()).as_deref(), Some("manifest build"));
        let mut d = deployment("imageTag=2.8.2 authorName=Ana p3=7 p3Status=failed p3End=2026-11-23T11:20:00Z");
        let part =
            StagePart { name: "Push".into(), status: Status::Failed, is_environment: false, waits_for: Vec::new() };
        d.stages.iter_mut().filter(|s| s.status == Status::Failed).for_each(|s| s.part = Some(part.clone()));
        assert_eq!(failed(&d, noon()), "2.8.2 failed: Push · Ana, 40 min ago");
    }

    #[test]
    fn who_is_waited_for_is_named() {
        #[track_caller]
        fn check(names: &[&str], part: &str, expect: &str) {
            let mut d = deployment("imageTag=2.8.2 p2=7 p2Status=running p2Start=2026-11-23T11:20:00Z");
            let person = |name: &&str| Person { name: (*name).into(), email: None, image: None, url: None };
            let waits_for = names.iter().map(person).collect();
            let waiting = StagePart { name: "prod".into(), status: Status::Waiting, is_environment: true, waits_for };
            assert_eq!(stage_part(&waiting), part);
            for stage in d.stages.iter_mut().filter(|stage| stage.kind == StageKind::Release) {
                (stage.part, stage.status) = (Some(waiting.clone()), Status::Waiting);
            }
            d.status = Status::Waiting;
            assert_eq!(place(&d, noon()).as_deref(), Some(&*format!("{expect} for 40 min")));
            assert_eq!(on_its_way(&d, noon()), "2.8.2 waiting for approval for 40 min: release to prod");
            assert_eq!(super::waits_for(&d).is_some(), !names.is_empty());
            let sentence = details::status(&d, noon());
            assert!(
                sentence.starts_with(&expect.replacen("release to prod: waiting", "Release to prod is waiting", 1)),
                "{sentence}"
            );
        }
        check(&[], "prod: waiting for approval", "release to prod: waiting for approval");
        check(
            &["Ana Ruiz", "Ken Abe"],
            "prod: waiting for approval by Ana Ruiz and Ken Abe",
            "release to prod: waiting for approval by Ana Ruiz and Ken Abe",
        );
    }

    #[test]
    fn who_must_approve_stands_first() {
        let mut d = deployment("imageTag=v1 pr=4549 prState=open prCreatedAt=2026-11-23T00:00:00Z");
        assert_eq!(waiting_for(&d, noon()), None);
        let person = Person { name: "Ana Ruiz".into(), email: None, image: None, url: None };
        d.pull_request.as_mut().unwrap().waits_for.push(person);
        assert_eq!(waiting_for(&d, noon()).as_deref(), Some("v1 waiting for Ana Ruiz, 12 h"));
    }

    #[test]
    fn what_was_not_built_has_no_build() {
        let kinds = |texts: &str| deployment(texts).stages.iter().map(|stage| stage.kind).collect::<Vec<_>>();
        assert!(!kinds("p3=1 hldCommitId=abcdef012 manifestCommitId=abcdef0").contains(&StageKind::Build));
        assert!(kinds("p1=1 p3=1 manifestCommitId=abcdef0").contains(&StageKind::Build));
    }

    #[test]
    fn a_variables_name_is_no_pull_request() {
        assert_eq!(deployment("p1=1 p1Status=succeeded pr=pr__id").pull_request, None);
    }

    #[test]
    fn an_image_with_a_digest_is_called_by_its_tag() {
        let d = deployment("service=api imageTag=registry.example/shop/api:v5.36.0@sha256:1f0a");
        assert_eq!(version(&d), "v5.36.0");
    }

    #[test]
    fn titles() {
        assert_eq!(title(&deployment("service=contoso/api env=dev imageTag=api-1")), "api 1 → dev");
        assert_eq!(title(&deployment("p3=1 hldCommitId=abcdef012")), "HLD abcdef0 → ring not set");
    }

    #[test]
    fn every_state_has_its_reason() {
        #[track_caller]
        fn check(texts: &str, part: &str) {
            let why = why_status(&deployment(texts));
            assert!(why.contains(part), "{texts}: {why:?} should say {part:?}");
        }
        check("p1=1", "Only its id is known");
        check("p1=1 p1Status=odd", "Unknown status word");
        check("service=x", "no stage");
        check("pr=1 prState=abandoned", "closed without merging");
        check("p1=1 p1Status=succeeded", "metadata update has not started");
        check("manifestCommitId=abcdef0", "Manifest commit published");
    }
}
