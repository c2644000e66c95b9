//! The adapter against whole answers of GitLab, in the shapes of its documentation: `tests/data/gitlab.json`.

use super::*;
use crate::{
    domain::{cluster::SignalState, pull_request::PullState},
    forge::tests::Recordings,
};

fn recorded() -> Recordings {
    Recordings::new(include_str!("../../../../tests/data/gitlab.json"))
}

fn time(text: &str) -> Option<Timestamp> {
    Some(Timestamp::parse(text).unwrap())
}

#[test]
fn pipelines_and_jobs() {
    let (id, run) = parse_pipeline(&recorded().answer("pipeline")).unwrap();
    assert_eq!((id.as_str(), run.status), ("2718281", Status::Succeeded));
    assert_eq!(run.commit.as_ref().map(CommitId::short), Some("b866fac"));
    assert_eq!(run.link.unwrap().as_str(), "https://gitlab.com/contoso/quiz-night/-/pipelines/2718281");
    assert_eq!((run.started, run.ended), (time("2026-11-23T08:00:05Z"), time("2026-11-23T08:04:00Z")));
    // The newest is listed first.
    let parts = parse_jobs(&recorded().answer("jobs")).unwrap();
    let shape: Vec<_> = parts.iter().map(|part| (&*part.name, part.status)).collect();
    assert_eq!(shape, [("build", Status::Succeeded), ("deploy", Status::Failed)]);
}

#[test]
fn commits() {
    let commit = parse_commit(&recorded().answer("commit")).unwrap();
    assert_eq!((commit.id.short(), &*commit.author.unwrap().name), ("91cd99a", "Mara Lindqvist"));
    assert_eq!((commit.at, commit.link.is_some()), (time("2026-11-23T10:00:00Z"), true));
    let log = parse_log(&recorded().answer("commits")).unwrap();
    let shape: Vec<(&str, Vec<&str>)> =
        log.commits.iter().map(|c| (c.id.short(), c.parents.iter().map(CommitId::short).collect())).collect();
    assert_eq!(shape, [("91cd99a", vec!["0e99d16", "3a5e8ab"]), ("0e99d16", vec!["cb1bfce"])]);
    assert_eq!(log.tip.unwrap().short(), "91cd99a");
}

#[test]
fn merge_requests() {
    let merge = parse_merge_request(&recorded().answer("merge request")).unwrap();
    assert_eq!((merge.id.as_str(), merge.state, merge.ended), ("61", PullState::Merged, time("2026-11-23T10:00:00Z")));
    assert_eq!((&*merge.merged_by.unwrap().name, merge.merge_commit.unwrap().short()), ("Tomasz Wrona", "91cd99a"));
    assert_eq!((merge.branch.unwrap().as_str(), merge.waits_for.len()), ("deploy/scoreboard-61", 0));
}

#[test]
fn tags() {
    #[track_caller]
    fn check(name: &str, expect: (&str, &str, Option<Timestamp>, bool)) {
        let tags = parse_tags(&recorded().answer(name)).unwrap().items;
        let [tag] = tags.as_slice() else { panic!("{tags:?}") };
        let commit = tag.commit.as_ref().map(CommitId::short).unwrap_or_default();
        assert_eq!((&*tag.name, commit, tag.at, tag.is_approximate), expect, "{name}");
        assert_eq!(tag.object, None);
    }
    check("tags", ("flux-prod-eu", "91cd99a", time("2026-11-23T10:06:00Z"), false));
    // Of a server that does not report yet when a tag was made: its commit's time.
    check("tags of an older server", ("flux-dev", "0e99d16", time("2026-11-22T09:00:00Z"), true));
}

#[test]
fn statuses() {
    let commit = CommitId::new("91cd99a").unwrap();
    let statuses = parse_statuses(&recorded().answer("statuses"), &commit).unwrap().items;
    let found: Vec<_> = statuses.iter().map(|s| (&*s.context, s.state, s.message.as_deref(), s.at)).collect();
    let at = time("2026-11-23T10:05:00Z");
    let expect = [
        ("ci:lint", SignalState::Pending, None, at),
        ("kustomization/quiz/5e1f0a2b", SignalState::Failed, Some("health check failed"), at),
    ];
    assert_eq!(found, expect);
    assert!(statuses.iter().all(|status| status.commit == commit && status.genre.is_none()));
}

#[test]
fn no_part_of_an_answer_is_read_with_a_panic() {
    for response in recorded().cut(131) {
        let _ = (parse_pipeline(&response), parse_jobs(&response), parse_commit(&response), parse_log(&response));
        let _ = (parse_merge_request(&response), parse_tags(&response), parse_test(&response));
    }
}
