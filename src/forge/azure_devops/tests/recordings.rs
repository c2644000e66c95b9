//! The adapter against whole answers of Azure DevOps, in the shapes of its reference: `tests/data/azure-devops.json`.

use super::*;
use crate::{
    domain::{
        cluster::SignalState,
        deployment::Status,
        id::{CommitId, PullRequestId},
        manifests::{BranchEnd, Compared},
        pull_request::PullState,
        time::Timestamp,
    },
    forge::tests::Recordings,
    http::Request,
};

const REPOSITORY: &str = "3f0c2f5a-7a53-4c0e-9a43-5d2b6d1f0a77";

fn recorded() -> Recordings {
    Recordings::new(include_str!("../../../../tests/data/azure-devops.json"))
}

fn at() -> AzureDevOps {
    AzureDevOps {
        organization: "contoso".into(),
        project: "Quiz Night".into(),
        repository: None,
        branch: None,
        api: Address::new("https://dev.azure.com").unwrap(),
        release_api: Address::new("https://vsrm.dev.azure.com").unwrap(),
    }
}

fn time(text: &str) -> Option<Timestamp> {
    Some(Timestamp::parse(text).unwrap())
}

/// What is asked for is what was recorded.
#[track_caller]
fn same_path(ours: &Request, name: &str) {
    let path = ours.address().split('?').next().unwrap();
    assert_eq!(path.split_once(".com").map(|(_, path)| path), Some(recorded().path(name)), "{name}");
}

#[test]
fn builds() {
    let page = parse_builds(&recorded().answer("builds")).unwrap();
    assert_eq!((page.items.len(), page.bad.len()), (2, 0));
    let (id, run) = &page.items[0];
    assert_eq!((id.as_str(), run.status, run.name.as_deref()), ("8101", Status::Succeeded, Some("20261123.1")));
    assert_eq!((run.queued, run.started), (time("2026-11-23T08:00:00.123Z"), time("2026-11-23T08:00:09.5Z")));
    assert_eq!(run.ended, time("2026-11-23T08:04:10.25Z"));
    assert_eq!((run.branch.as_ref().unwrap().as_str(), run.commit.as_ref().unwrap().short()), ("main", "b866fac"));
    assert_eq!(run.repository.as_ref().unwrap().as_str(), "https://github.com/contoso/quiz-night");
    assert!(run.link.as_ref().unwrap().as_str().ends_with("/_build/results?buildId=8101"));
    let starter = run.starter.as_ref().unwrap();
    assert_eq!((&*starter.name, starter.email.as_deref()), ("Mara Lindqvist", Some("mara@contoso.example")));
    let (_, running) = &page.items[1];
    assert_eq!((running.status, running.ended), (Status::Running, None));
    assert_eq!(
        running.repository.as_ref().unwrap().as_str(),
        "https://dev.azure.com/contoso/Quiz%20Night/_git/scoreboard"
    );
    let stages = parse_stages(&recorded().answer("timeline")).unwrap();
    let shape: Vec<_> = stages.iter().map(|stage| (&*stage.name, stage.status)).collect();
    assert_eq!(shape, [("Image", Status::Succeeded), ("Push", Status::Running)]);
}

#[test]
fn releases() {
    let page = parse_releases(&recorded().answer("releases")).unwrap();
    let [(id, run), (_, abandoned)] = page.items.as_slice() else { panic!("{page:?}") };
    assert_eq!((id.as_str(), run.name.as_deref()), ("310", Some("Release-310")));
    let parts: Vec<(&str, Status)> = run.parts.iter().map(|part| (&*part.name, part.status)).collect();
    assert_eq!(parts, [("dev", Status::Succeeded), ("prod", Status::Incomplete)]);
    assert_eq!((run.queued, run.started), (time("2026-11-23T08:05:00Z"), time("2026-11-23T08:05:10Z")));
    assert_eq!(run.image.as_ref().unwrap().as_str(), "scoreboard-main-8101");
    assert!(run.link.as_ref().unwrap().as_str().ends_with("/_release?releaseId=310&_a=release-summary"));
    assert_eq!(abandoned.status, Status::Canceled);
}

#[test]
fn commits() {
    let ids = ["91cd99a", "0e99d16"].map(|id| CommitId::new(id).unwrap());
    same_path(&request_commits(&at(), REPOSITORY, &ids, None), "commits of a batch");
    let page = parse_commits(&recorded().answer("commits of a batch")).unwrap();
    assert_eq!(page.items.iter().map(|c| c.id.short()).collect::<Vec<_>>(), ["91cd99a", "0e99d16"]);
    let id = CommitId::new("91cd99a26cb3ef2a3262c2ff34012b82a6d27bb6").unwrap();
    same_path(&request_commit(&at(), REPOSITORY, &id, None), "commit");
    let commit = parse_commit(&recorded().answer("commit")).unwrap();
    let author = commit.author.unwrap();
    assert_eq!((commit.id, commit.at), (id, time("2026-11-23T10:00:00Z")));
    assert_eq!((&*author.name, author.email.as_deref()), ("Mara Lindqvist", Some("mara@contoso.example")));
    assert!(
        author.image.is_some() && commit.link.unwrap().as_str().contains("/Quiz%20Night/_git/manifests/commit/91cd99a")
    );
}

#[test]
fn pull_requests() {
    let open = parse_pull_request(&recorded().answer("pull request")).unwrap();
    assert_eq!((open.id.as_str(), open.state, open.ended), ("62", PullState::Open, None));
    assert_eq!(open.branch.as_ref().unwrap().as_str(), "deploy/scoreboard-62");
    assert_eq!(open.waits_for.iter().map(|p| &*p.name).collect::<Vec<_>>(), ["Tomasz Wrona"], "who has not voted");
    let page = parse_pull_requests(&recorded().answer("pull requests")).unwrap();
    let merged = &page.items[0];
    assert_eq!((merged.id.as_str(), merged.state, merged.waits_for.len()), ("61", PullState::Merged, 0));
    assert_eq!(
        (merged.merge_commit.as_ref().unwrap().short(), merged.ended),
        ("91cd99a", time("2026-11-23T10:00:00.25Z"))
    );
    assert_eq!(&*merged.merged_by.as_ref().unwrap().name, "Tomasz Wrona");
    same_path(&request_pull_requests(&at(), Some(REPOSITORY), None), "pull requests");
    same_path(&request_pull_request(&at(), &PullRequestId::new("62").unwrap(), None), "pull request");
    assert_eq!(parse_branch_pull(&recorded().answer("pull requests")), Ok(Some(PullState::Merged)));
}

#[test]
fn history() {
    same_path(&request_log(&at(), REPOSITORY, None, None, None), "commits");
    // A list does not show parents, so this one is taken for first-parent history.
    let log = parse_log(&recorded().answer("commits"), true).unwrap();
    assert_eq!(log.tip.as_ref().map(CommitId::short), Some("91cd99a"));
    // The newest is a pull request's, and the last one may be the first of all.
    assert_eq!(log.unclear.iter().map(CommitId::short).collect::<Vec<_>>(), ["91cd99a", "cb1bfce"]);
    let shape: Vec<(&str, Vec<&str>)> =
        log.commits.iter().map(|c| (c.id.short(), c.parents.iter().map(CommitId::short).collect())).collect();
    assert_eq!(shape, [("0e99d16", vec!["cb1bfce"])]);
    assert_eq!(parse_parents(&recorded().answer("commit")).unwrap().parents.len(), 2);
    assert_eq!(parse_parents(&recorded().answer("first commit")).unwrap().parents.len(), 0);
    let (old, new) = (CommitId::new("cb1bfce").unwrap(), CommitId::new("91cd99a").unwrap());
    same_path(&request_compare(&at(), REPOSITORY, &old, &new, None), "compared");
    assert_eq!(parse_compare(&recorded().answer("compared")), Ok(Compared { ahead: 2, is_ancestor: true }));
}

#[test]
fn tags_and_branches() {
    same_path(&request_tags(&at(), REPOSITORY, "", None), "tags");
    let tags = parse_tags(&recorded().answer("tags")).unwrap().items;
    let shape: Vec<_> = tags
        .iter()
        .map(|tag| (&*tag.name, tag.object.as_deref().and_then(|id| id.get(..7)), tag.commit.as_ref().unwrap().short()))
        .collect();
    assert_eq!(shape, [("flux-dev", None, "0e99d16"), ("flux-prod-eu", Some("94fe6e9"), "91cd99a")]);
    same_path(&request_tag(&at(), REPOSITORY, "94fe6e990e10e004f13667158c61c9c01b1e7568", None), "tag");
    let tag = parse_tag(&recorded().answer("tag")).unwrap();
    assert_eq!((&*tag.name, tag.commit.as_ref().unwrap().short()), ("flux-prod-eu", "91cd99a"));
    assert_eq!((tag.at, tag.is_approximate), (time("2026-11-23T10:06:00Z"), false));
    let heads = recorded().answer("branches");
    same_path(&request_branch(&at(), REPOSITORY, "feature/ties", None), "branches");
    assert_eq!(parse_branch(&heads, "feature/ties"), Ok(None));
    assert_eq!(parse_branch(&heads, "feature/tie"), Ok(Some(BranchEnd::Gone)));
}

#[test]
fn what_clusters_report_of_commits() {
    use SignalState::{Applied, Failed};
    let expect = [
        ("Kustomization", "Status", Failed, "Status: Health Check Failed"),
        ("continuous-integration", "lint", Applied, "No findings"),
        ("fluxcd", "kustomization/quiz/5e1f0a2b", Failed, "health check failed"),
        ("fluxcd:prod-eu", "kustomization/quiz/9b7c3d10", Applied, "reconciliation succeeded"),
    ];
    let commit = CommitId::new("91cd99a26cb3ef2a3262c2ff34012b82a6d27bb6").unwrap();
    let of_batch = parse_statuses(&recorded().answer("statuses of a batch")).unwrap();
    let of_batch = of_batch.into_iter().flat_map(|(_, list)| list.items).collect::<Vec<_>>();
    for statuses in [of_batch, parse_status_page(&recorded().answer("statuses"), &commit).unwrap().items] {
        assert!(statuses.iter().all(|status| status.commit == commit && status.at.is_some()));
        let found: Vec<_> = statuses
            .iter()
            .map(|s| (s.genre.as_deref().unwrap(), &*s.context, s.state, s.message.as_deref().unwrap()))
            .collect();
        assert_eq!(found, expect);
    }
    same_path(&request_statuses(&at(), REPOSITORY, &[commit], None), "statuses of a batch");
}

#[test]
fn no_part_of_an_answer_is_read_with_a_panic() {
    for response in recorded().cut(331) {
        let _ = (parse_builds(&response), parse_stages(&response), parse_releases(&response));
        let _ = (parse_commits(&response), parse_commit(&response), parse_test(&response));
        let _ = (parse_pull_request(&response), parse_pull_requests(&response), parse_compare(&response));
        let _ = (parse_log(&response, true), parse_parents(&response), parse_statuses(&response));
        let _ = (parse_tags(&response), parse_tag(&response));
        let _ = (parse_branch(&response, "main"), parse_branch_pull(&response));
    }
}
