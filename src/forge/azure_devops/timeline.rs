//! The stages of a build.

use std::collections::BTreeMap;

use super::{
    answers::{filled, known_first, text, time, word},
    requests::{VERSION, home, read_at},
};
use crate::{
    config::AzureDevOps,
    domain::{deployment::Status, id::RunId, problem::ProblemKind, run::RunPart},
    forge::answer::unreadable,
    http::{ApiError, Request, Response, encode, secret::Secret},
    json::{self, wire},
};

/// How many records can stand above one another: stage, phase, job, task, checkpoint and its checks are fewer.
const DEPTH: usize = 8;

/// The timeline of a build ("Timeline - Get", without a timeline's id: the newest).
pub(super) fn request_stages(at: &AzureDevOps, id: &RunId, secret: Option<&Secret>) -> Request {
    let id = encode(id.as_str());
    read_at(format!("{}/_apis/build/builds/{id}/timeline?{VERSION}", home(&at.api, at)), secret)
}

/// Whether the address of a timeline may be that of a build's: it has the build's number before its own id.
pub(super) fn may_be_of(url: &str, build: Option<&RunId>) -> bool {
    let url = url.to_ascii_lowercase();
    let number = url.split_once("/build/builds/").map(|(_, rest)| rest.split('/').next().unwrap_or_default());
    number.is_none_or(|number| build.is_some_and(|build| build.as_str() == number))
}

/// Reads the answer to [`request_stages`]: the stages in their order. A build that has not begun has no timeline, and
/// one whose pipeline names no stages has none either, though the service keeps one for itself.
///
/// # Errors
/// When the answer is a refusal, or no timeline. A single record that makes no sense is enough for that: the order of
/// stages means something, so none may be missing.
pub(super) fn parse_stages(response: &Response) -> Result<Vec<RunPart>, ApiError> {
    let body = text(response)?;
    if body.trim().is_empty() {
        return Ok(Vec::new());
    }
    let timeline: Option<Timeline> = json::from_str(body).map_err(|fault| unreadable(response, &fault))?;
    // It may have no records, but must have the list: anything else that is JSON would pass for a timeline.
    match timeline {
        Some(Timeline { records: None }) if !response_names_records(response) => {
            Err(ApiError::new(ProblemKind::Unreadable, "a timeline without records"))
        }
        timeline => Ok(stages(timeline.and_then(|timeline| timeline.records).unwrap_or_default())),
    }
}

fn response_names_records(response: &Response) -> bool {
    memchr::memmem::find(&response.body, b"\"records\"").is_some()
}

wire! {
    struct Timeline {
        records: Option<Vec<Record>>,
    }

    struct Record {
        id: Option<String>,
        parent_id: Option<String> = "parentId",
        kind: Option<String> = "type",
        name: Option<String>,
        identifier: Option<String>,
        order: Option<i64>,
        state: Option<String>,
        result: Option<String>,
        task: Option<Task>,
        start_time: Option<String> = "startTime",
        finish_time: Option<String> = "finishTime",
    }

    struct Task {
        name: Option<String>,
    }
}

impl Record {
    /// Whether somebody has to approve before it goes on: an approval, a permission to use a resource, a manual
    /// validation.
    fn needs_person(&self) -> bool {
        let is_validation = || word(self.task.as_ref().and_then(|task| task.name.as_deref())) == "manualvalidation";
        let may_need_person =
            self.is("Checkpoint.Approval") || self.is("Checkpoint.Authorization") || self.is("Task") && is_validation();
        may_need_person && word(self.state.as_deref()) == "inprogress"
    }

    fn is(&self, kind: &str) -> bool {
        self.kind.as_deref().is_some_and(|k| k.eq_ignore_ascii_case(kind))
    }
}

fn stages(records: Vec<Record>) -> Vec<RunPart> {
    let waiting = waiting(&records);
    let is_named =
        |record: &Record| ![&record.identifier, &record.name].iter().any(|n| n.as_deref() == Some("__default"));
    let mut stages: Vec<Record> = records.into_iter().filter(|r| r.is("Stage") && is_named(r)).collect();
    stages.sort_by_key(|stage| known_first(stage.order));
    let part = |stage: Record| {
        let (status, warned) = status(stage.state.as_deref(), stage.result.as_deref());
        let asked = stage.id.as_ref().and_then(|id| waiting.get(id));
        let asked = asked.filter(|_| matches!(word(stage.state.as_deref()).as_str(), "pending" | "inprogress"));
        RunPart {
            waits_for: Vec::new(),
            approvals: asked.cloned().unwrap_or_default(),
            name: filled(stage.name).or_else(|| filled(stage.identifier)).unwrap_or_else(|| "?".into()),
            status: if asked.is_some() { Status::Waiting } else { status },
            warned,
            started: time(stage.start_time.as_deref()),
            ended: time(stage.finish_time.as_deref()),
        }
    };
    stages.into_iter().map(part).collect()
}

/// The ids of everything that waits for somebody below it, with those of approvals among that.
fn waiting(records: &[Record]) -> BTreeMap<String, Vec<Box<str>>> {
    let parents: BTreeMap<&str, &str> =
        records.iter().filter_map(|r| Some((r.id.as_deref()?, r.parent_id.as_deref()?))).collect();
    let mut above: BTreeMap<String, Vec<Box<str>>> = BTreeMap::new();
    for approval in records.iter().filter(|record| record.needs_person()) {
        let mut id = approval.parent_id.as_deref();
        for _ in 0..DEPTH {
            let Some(parent) = id else { break };
            above
                .entry(parent.to_owned())
                .or_default()
                .extend(approval.id.as_deref().filter(|_| approval.is("Checkpoint.Approval")).map(Box::from));
            id = parents.get(parent).copied();
        }
    }
    above
}

/// `TimelineRecordState` and `TaskResult`. A stage that is pending has not begun: it may wait for others, or never be
/// reached. `abandoned` is one that was given up on.
pub(super) fn status(state: Option<&str>, result: Option<&str>) -> (Status, bool) {
    let status = match word(state).as_str() {
        "pending" => Status::Incomplete,
        "inprogress" => Status::Running,
        "completed" => match word(result).as_str() {
            "succeeded" => Status::Succeeded,
            "succeededwithissues" => return (Status::Succeeded, true),
            "failed" => Status::Failed,
            "canceled" | "abandoned" => Status::Canceled,
            "skipped" => Status::Skipped,
            _ => Status::Unknown,
        },
        _ => Status::Unknown,
    };
    (status, false)
}
