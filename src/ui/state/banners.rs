//! What stands above every view of what is wrong.

use leptos::prelude::*;

use super::views::Views;
use crate::{
    config::{AzureTable, Storage},
    domain::problem::{Area, Problem, ProblemKind, Severity},
    route::View,
    text::{self, problems as words},
    ui::view::problems::Banner,
    web::clock,
};

impl Views {
    /// What is wrong, but for what somebody has hidden and what only the connections view says.
    pub(in crate::ui) fn banners_view(self) -> Vec<Banner> {
        let app = self.app;
        let is_setup = app.view() == View::Setup;
        let hidden = self.dismissed.get();
        // The connections view shows warnings and notes where they belong, and asks for what is missing itself.
        let is_here = |p: &Problem| match p.severity {
            Severity::Error => true,
            Severity::Warning => !is_setup && p.kind != ProblemKind::Expired,
            Severity::Note => false,
        };
        let problems = app.health.with(|health| health.problems.clone());
        let shown = problems.into_iter().filter(|p| is_here(p) && (is_setup || !hidden.contains(&p.what)));
        shown.map(|problem| self.banner(problem)).collect()
    }

    fn banner(self, problem: Problem) -> Banner {
        let app = self.app;
        let key = problem.what.clone();
        let config = app.config();
        let project = config.projects.iter().position(|p| Some(&p.name) == problem.project.as_ref());
        let table = project.and_then(|n| match &config.projects.get(n)?.storage {
            Storage::AzureTable(table) => Some((n, table)),
            Storage::Snapshot { .. } | Storage::Sample => None,
        });
        let Some((n, table)) = table.filter(|_| problem.area == Area::Storage && problem.severity == Severity::Error)
        else {
            return Banner { problem, lacks_sas: None, key };
        };
        app.credentials_version.track();
        if problem.kind == ProblemKind::Unauthorized && table.sas.is_none() && app.held_sas(n).is_none() {
            let what = words::needs_sas(&table.table, &table.endpoint, table.has_sign_in);
            // Nothing is wrong with a page that somebody opens for the first time.
            return Banner {
                problem: Problem { what, severity: Severity::Note, ..problem },
                lacks_sas: Some((n, table.origin.to_string())),
                key,
            };
        }
        Banner { problem: self.outage(problem, table), lacks_sas: None, key }
    }

    /// After rows have come once, what keeps them away is no fault of how the page is set up.
    fn outage(self, problem: Problem, table: &AzureTable) -> Problem {
        use ProblemKind::{Offline, Server, Timeout, Truncated, Unreachable};
        let is_outage = matches!(problem.kind, Offline | Server | Timeout | Truncated | Unreachable);
        match self.app.fresh_at.get_value() {
            Some(at) if is_outage => {
                let clock = text::moment(at, self.app.tick.get(), clock::behind);
                let what = words::outage(table.origin.as_str(), &clock);
                Problem { what, hint: String::new(), command: None, details: Vec::new(), ..problem }
            }
            _ => problem,
        }
    }
}
