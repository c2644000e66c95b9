//! What is wrong with reading rows, for people.

use super::{
    reader::Reader,
    scan::{Job, JobState, Scan},
    source::Source,
};
use crate::{
    domain::problem::{Area, Problem, ProblemKind, Severity},
    engine::clock::Now,
    http::NetError,
    text::plural,
};

impl Reader {
    /// What is wrong. `page` is this page's origin, for explanations. Times are steady.
    pub(in crate::engine) fn problems(&self, page: &str, online: bool, now: Now) -> Vec<Problem> {
        let mut problems = Vec::new();
        if !online {
            problems.push(self.source.explain(&NetError::Offline.into(), page));
        } else if let Some(refusal) = self.access.refusal(&self.source, now) {
            problems.push(refusal);
        } else {
            problems.extend(self.failed_job().and_then(|job| self.explain_job(job, page)));
        }
        problems.extend(self.access.warnings(&self.source, now));
        problems.extend(self.doubt());
        let about_rows = [
            (
                &self.notices.bad,
                "cannot be read",
                "All others are shown. These are what the table holds in their place:",
            ),
            (
                &self.notices.flawed,
                "cannot be shown as written",
                "Texts were cut, or characters in them replaced. By RowKey:",
            ),
        ];
        for (notices, what, hint) in about_rows.into_iter().filter(|(notices, ..)| notices.len() > 0) {
            let what = format!("{} {what}.", plural(notices.len(), "row"));
            let problem = Problem::error(Area::Storage, ProblemKind::Unreadable, what, hint);
            problems.push(problem.severity(Severity::Warning).details(notices.listed.clone()));
        }
        if let (true, Source::Table { table, .. }) = (self.has_hidden_headers(), &self.source) {
            let what = format!("{} does not show this page where the next thousand rows begin.", table.origin);
            let hint = "All rows are read nevertheless, with one more question at each end. To spare it, add x-ms-continuation-* \
                        (or x-ms-*) to the exposed headers of the table service's CORS rule.";
            let problem = Problem::error(Area::Storage, ProblemKind::Truncated, what, hint);
            problems.push(problem.severity(Severity::Note));
        }
        let origin: Option<Box<str>> = self.source.origin().map(|origin| origin.as_str().into());
        for problem in &mut problems {
            problem.origin.clone_from(&origin);
            problem.project = Some(self.name.clone());
        }
        problems
    }

    fn failed_job(&self) -> Option<&Job> {
        [self.refresh.scan.as_ref(), self.phase.scan()].into_iter().flatten().find_map(Scan::error)
    }

    fn explain_job(&self, job: &Job, page: &str) -> Option<Problem> {
        let mut problem = self.source.explain(job.error.as_ref()?, page);
        problem.retry_at = match job.state {
            JobState::Due => self.access.quiet_until(),
            JobState::DueAt(at) => Some(at).max(self.access.quiet_until()),
            JobState::Stuck | JobState::Asked | JobState::Done => problem.retry_at,
        };
        Some(problem)
    }

    /// Most rows are gone, as one reading has it.
    fn doubt(&self) -> Option<Problem> {
        let unconfirmed = self.phase.unconfirmed()?;
        let what = format!(
            "{} of {} were missing when the rows were last looked through.",
            unconfirmed.missing,
            plural(unconfirmed.known, "row")
        );
        let hint = "They are still shown, and disappear when a second look confirms it.";
        let problem = Problem::error(Area::Storage, ProblemKind::Truncated, what, hint).severity(Severity::Warning);
        Some(Problem { retry_at: Some(unconfirmed.due_at), ..problem })
    }
}
