//! What stands between this page and the rows: the credential, and what the service asked for.
//!
//! This device's clock never decides whether a credential is valid: the service does. A SAS that is out of its dates
//! by this clock is tried all the same; once the service refuses it, that is believed until something changes.

use std::time::Duration;

use super::source::Source;
use crate::{
    domain::{
        problem::{Area, Problem, ProblemKind, Severity},
        time::{Timestamp, minutes},
    },
    engine::clock::Now,
    http::{ApiError, secret::Secret},
    storage::sas::{Finding, Sas},
};

/// After a failure that asking again does not mend by itself: somebody may mend it meanwhile.
pub(super) const REFUSED: Duration = minutes(1);

/// Whether the rows may be asked for.
#[derive(Debug, Default)]
pub(super) struct Access {
    pub sas: Option<Sas>,
    /// The service has refused this credential.
    is_refused: bool,
    /// The credential, as it was when last looked at, is not to be used.
    is_barred: bool,
    /// When it will be, if that is all that is wrong with it.
    barred_until: Option<Timestamp>,
    /// Nothing is asked before: the service is busy.
    throttled_until: Option<Timestamp>,
    /// Nothing is asked before: the service has refused.
    refused_until: Option<Timestamp>,
}

impl Access {
    pub(super) fn new(source: &Source) -> Self {
        Self { sas: source.sas().map(Sas::read), ..Self::default() }
    }

    /// Looks whether the credential is any good by now. Returns whether it was refused before its time and is due.
    #[must_use]
    pub(super) fn recheck(&mut self, source: &Source, now: Now) -> bool {
        let starts = self.sas.as_ref().and_then(|sas| sas.starts).filter(|&start| start > now.wall);
        let is_due = self.barred_until.is_some() && starts.is_none();
        if is_due {
            self.try_again();
        }
        self.is_barred = self.refusal(source, now).is_some();
        self.barred_until = starts.filter(|_| self.is_barred).map(|start| now.steady_at(start));
        is_due
    }

    pub(super) const fn is_barred(&self) -> bool {
        self.is_barred
    }

    pub(super) const fn barred_until(&self) -> Option<Timestamp> {
        self.barred_until
    }

    /// Nothing is asked before.
    pub(super) fn quiet_until(&self) -> Option<Timestamp> {
        self.throttled_until.max(self.refused_until)
    }

    /// What is wrong with the credential, so that nothing is asked.
    pub(super) fn refusal(&self, source: &Source, now: Now) -> Option<Problem> {
        let Source::Table { table, sas: credential } = source else { return None };
        // Whether an access token is any good is for the service to decide.
        if credential.as_ref().is_some_and(Secret::is_access_token) {
            return None;
        }
        let Some(sas) = &self.sas else {
            let (what, hint) = match table.has_sign_in {
                true => ("a sign-in, or a SAS", "Sign in or enter one under Connections."),
                false => ("a SAS", "Enter one under Connections. It stays in this browser."),
            };
            let what = format!("Reading {} needs {what} of the table {}.", table.endpoint, table.table);
            return Some(Problem::error(Area::Storage, ProblemKind::Unauthorized, what, hint));
        };
        let problem = |f: Finding| Problem::error(Area::Storage, f.kind, f.what, f.hint);
        let mut findings = sas.check(&table.table, table.origin.is_https(), now.wall);
        if let Some(fatal) = findings.iter().position(|f| f.severity == Severity::Error) {
            return Some(problem(findings.swap_remove(fatal)));
        }
        // The first of them is about its dates, if any is.
        let outdated = findings.into_iter().next().filter(|_| self.is_refused_as_outdated(now))?;
        let what = format!("{} {} refuses it.", outdated.what, table.origin);
        Some(Problem { what, ..problem(outdated) })
    }

    /// Whether the service has refused the credential, and this device's clock agrees that it is out of its dates.
    fn is_refused_as_outdated(&self, now: Now) -> bool {
        let is_outdated = |sas: &Sas| {
            sas.expires.is_some_and(|end| end <= now.wall) || sas.starts.is_some_and(|start| start > now.wall)
        };
        self.is_refused && self.sas.as_ref().is_some_and(is_outdated)
    }

    /// Things to know about a credential that is used.
    pub(super) fn warnings(&self, source: &Source, now: Now) -> Vec<Problem> {
        let (Some(sas), Source::Table { table, .. }) = (&self.sas, source) else { return Vec::new() };
        // The refusal's own finding about its dates is not shown twice.
        let is_reported = usize::from(self.is_refused_as_outdated(now));
        let findings = sas.check(&table.table, table.origin.is_https(), now.wall).into_iter().skip(is_reported);
        let warnings = findings.filter(|f| f.severity == Severity::Warning);
        warnings.map(|f| Problem::error(Area::Storage, f.kind, f.what, f.hint).severity(Severity::Warning)).collect()
    }

    /// The service has refused, in a way that asking again does not mend.
    pub(super) fn refused(&mut self, error: &ApiError, now: Timestamp) {
        self.refused_until = Some(now + REFUSED);
        self.is_refused |= matches!(error.kind, ProblemKind::Unauthorized | ProblemKind::Forbidden);
    }

    pub(super) fn throttled(&mut self, until: Timestamp) {
        self.throttled_until = self.throttled_until.max(Some(until));
    }

    pub(super) const fn answered(&mut self) {
        self.is_refused = false;
    }

    /// Somebody asks by hand, or the device woke: whatever the last refusal was may no longer hold.
    pub(super) const fn try_again(&mut self) {
        self.is_refused = false;
        self.throttled_until = None;
        self.refused_until = None;
    }
}
