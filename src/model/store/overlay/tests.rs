use std::sync::Arc;

use super::*;
use crate::domain::{
    id::{CommitId, PullRequestId},
    run::RunPart,
    stage::Service,
};
use crate::support::rows::row;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(&format!("2026-11-20T{text}:00Z")).unwrap()
}

/// What a forge reported at 12:00.
fn reported<T: Clone>(value: &T) -> Option<Answer<T>> {
    Some(Answer { by: Service::AzureDevOps, at: at("12:00"), value: Some(Arc::new(value.clone())) })
}

fn run(status: Status, started: &str, ended: Option<&str>) -> Run {
    Run { started: Some(at(started)), ended: ended.map(at), ..Run::new(status) }
}

fn part(name: &str, status: Status) -> RunPart {
    RunPart::new(name, status)
}

/// What is known of a build by its row and what a forge reported of it at 12:00.
#[track_caller]
fn check_run(texts: &str, run: &Run, expect: &str) {
    let row = row(texts);
    let facts = SlotFacts { runs: [reported(run), None, None], ..SlotFacts::NONE };
    let known = Overlay::new(&row, Some(&facts)).stages(["prod", "", ""]).runs[0];
    let word = match known.word {
        Word::Known(status) => status.as_str(),
        Word::Strange => "strange",
        Word::NotYet => "not yet",
        Word::Silent => "silent",
    };
    let time = |time: Option<Timestamp>| time.map_or(String::new(), |time| time.to_rfc3339()[11..16].to_owned());
    let found = [word.to_owned(), time(known.started), time(known.ended)].join(" ");
    assert_eq!(found.trim_end(), expect, "{texts}");
}

#[test]
fn a_forge_wins_unless_the_row_is_newer() {
    let (running, over) = (run(Status::Running, "11:00", None), run(Status::Failed, "11:00", Some("11:30")));
    check_run("p1=1", &running, "running 11:00");
    check_run("p1=1 p1Status=running", &over, "failed 11:00 11:30");
    check_run("p1=1 p1Status=succeeded p1End=2026-11-20T11:20:00Z", &over, "failed 11:00 11:30");
    // Written after the forge was asked, and over by then.
    let ended = "p1=1 p1Status=succeeded p1Start=2026-11-20T11:00:00Z p1End=2026-11-20T12:10:00Z";
    check_run(&format!("{ended} Timestamp=2026-11-20T12:10:05Z"), &running, "succeeded 11:00 12:10");
    // Written long before: so it has been begun anew.
    let before = "p1=1 p1Status=failed p1End=2026-11-20T10:00:00Z Timestamp=2026-11-20T10:00:05Z";
    check_run(before, &running, "running 11:00");
    // Written just now, but what runs began after what it reports had ended.
    let again = "p1=1 p1Status=failed p1End=2026-11-20T10:00:00Z Timestamp=2026-11-20T12:30:00Z";
    check_run(again, &running, "running 11:00");
    // A word that is not known here counts less than the row.
    let strange = run(Status::Unknown, "11:00", Some("11:30"));
    check_run("p1=1 p1Status=failed p1End=2026-11-20T11:30:00Z", &strange, "failed  11:30");
    check_run("p1=1", &strange, "strange 11:00 11:30");
    // Nothing runs until somebody approves it.
    check_run("p1=1", &run(Status::Waiting, "11:00", None), "waiting 11:00");
}

#[test]
fn stages_of_one_run() {
    #[track_caller]
    fn check(status: Status, parts: &[(&str, Status)], awaits_parts: bool, expect: [Option<Status>; 2]) {
        let parts = parts.iter().map(|&(name, status)| part(name, status)).collect();
        let run = Run { parts, ..run(status, "11:00", None) };
        let facts = SlotFacts {
            runs: [reported(&run), reported(&run), None],
            is_staged: true,
            awaits_parts,
            ..SlotFacts::NONE
        };
        let row = Row::default();
        let over = Overlay::new(&row, Some(&facts));
        let found = [0, 1].map(|index| over.stage(index, ["prod", "", ""]).map(|stage| stage.status));
        assert_eq!(found, expect, "{status:?} {parts:?}", parts = run.parts);
    }
    use Status::{Failed, Incomplete, Running, Skipped, Succeeded};
    // The second may have been skipped.
    check(Succeeded, &[], true, [Some(Succeeded), None]);
    check(Succeeded, &[], false, [Some(Succeeded), Some(Succeeded)]);
    check(Succeeded, &[("image", Succeeded), ("hld", Skipped)], false, [Some(Succeeded), Some(Skipped)]);
    check(Failed, &[], true, [None, None]);
    check(Failed, &[], false, [Some(Failed), Some(Incomplete)]);
    check(Failed, &[("image", Succeeded), ("hld", Failed)], false, [Some(Succeeded), Some(Failed)]);
    check(Running, &[("image", Running)], false, [Some(Running), Some(Incomplete)]);
}

#[test]
fn a_release_is_the_one_to_the_rings_environment() {
    #[track_caller]
    fn check(ring: RingWords<'_>, expect: (Status, Option<&str>)) {
        let parts = vec![part("Dev", Status::Succeeded), part("trivia-prod", Status::Failed)];
        let release = Run { parts, ..Run::new(Status::Failed) };
        let facts = SlotFacts { runs: [None, reported(&release), None], ..SlotFacts::NONE };
        let stage = Overlay::new(&Row::default(), Some(&facts)).stage(1, ring).unwrap();
        assert_eq!((stage.status, stage.part.as_ref().map(|part| &*part.name)), expect, "{ring:?}");
    }
    check(["dev", "", ""], (Status::Succeeded, None));
    check(["", "prod", ""], (Status::Failed, Some("trivia-prod")));
    check(["pro", "", ""], (Status::Failed, Some("trivia-prod"))); // no such environment: the worst
    check([""; 3], (Status::Failed, Some("trivia-prod")));
}

#[test]
fn people_come_whole_and_pull_requests_end_once() {
    let row = row("pr=7 prState=merged authorName=ken authorEmail=ken@x Timestamp=2026-11-20T12:30:00Z");
    let author = Person { name: "Mara Lind".into(), email: None, image: None, url: None };
    let id = CommitId::new("0a12da8").unwrap();
    let commit = Commit { id, message: Some("Fix".into()), author: Some(author), at: None, link: None };
    let pull = PullRequest::new(PullRequestId::new("7").unwrap(), PullState::Open);
    let facts = SlotFacts { pull_request: reported(&pull), commit: reported(&commit), ..SlotFacts::NONE };
    let over = Overlay::new(&row, Some(&facts));
    let author = over.reported_author().map(|person| &*person.name);
    assert_eq!((author, over.author_email(), over.message()), (Some("Mara Lind"), "", "Fix"));
    assert_eq!(over.stages([""; 3]).pull, Some(PullState::Merged));
}

#[test]
fn stages_are_what_they_are_called() {
    use Status::{Canceled, Failed, Incomplete, Running, Skipped, Succeeded, Waiting};
    /// Build, release and the deployment as a whole, with the part that decides it, of a run of these stages.
    #[track_caller]
    fn check(texts: &str, status: Status, parts: &[(&str, Status)], expect: [Status; 3], by: &str) {
        let row = row(texts);
        let parts = parts.iter().map(|&(name, status)| part(name, status)).collect();
        let run = Run { parts, ..run(status, "11:00", None) };
        let is_staged = !row.get(Field::P2).is_empty();
        let release = if is_staged { reported(&run) } else { None };
        let facts = SlotFacts { runs: [reported(&run), release, None], is_staged, ..SlotFacts::NONE };
        let mut known = crate::model::rings::RingNames::default();
        ["dev", "prod"].into_iter().for_each(|ring| _ = known.resolve(ring));
        let names = StageNames { rules: None, rings: Some(&known) };
        let over = Overlay::new(&row, Some(&facts)).with_names(names);
        let ring = [row.get(Field::Env), "", ""];
        let states = over.stages(ring).states();
        let outcome = over.stages(ring).outcome().status;
        assert_eq!([states[0].status, states[1].status, outcome], expect, "{texts} {:?}", run.parts);
        let parts = [0, 1].map(|index| over.stage(index, ring).and_then(|stage| stage.part));
        let parts: Vec<&str> = parts.iter().flatten().map(|part| &*part.name).collect();
        assert_eq!(parts.join(" "), by, "{texts} {:?}", run.parts);
    }
    let image = [("Test", Succeeded), ("Build image", Succeeded), ("Update HLD", Failed)];
    for texts in ["p1=7 p2=7 env=prod", "p1=7 env=prod", "p1=7"] {
        check(texts, Failed, &image, [Succeeded, Failed, Failed], "Update HLD");
    }
    let rings = [("Build", Succeeded), ("dev", Succeeded), ("prod", Failed)];
    check("p1=7 p2=7 env=dev", Failed, &rings, [Succeeded, Succeeded, Incomplete], "");
    check("p1=7 p2=7 env=prod", Failed, &rings, [Succeeded, Failed, Failed], "prod");
    check("p1=7 p2=7 env=dev manifestCommitId=c", Failed, &rings, [Succeeded, Succeeded, Succeeded], "");
    check("p1=7 p2=7", Succeeded, &[("A", Succeeded), ("B", Skipped)], [Succeeded, Skipped, Incomplete], "B");
    check("p1=7", Running, &[("A", Succeeded), ("Deploy", Waiting)], [Succeeded, Waiting, Waiting], "Deploy");
    check("p1=7", Running, &[("A", Succeeded), ("B", Waiting)], [Waiting, Incomplete, Waiting], "B");
    check("p1=7 p2=7", Canceled, &[("A", Canceled), ("B", Skipped)], [Canceled, Skipped, Canceled], "A B");
    check("p1=7 p2=7", Failed, &[("A", Failed), ("B", Skipped)], [Failed, Skipped, Failed], "A B");
    check("p1=7 p2=7", Failed, &[("A", Failed), ("B", Incomplete)], [Failed, Incomplete, Failed], "A B");
}
