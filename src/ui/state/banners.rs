//! What stands above every view of what is wrong.

use leptos::prelude::*;

use super::{app::App, views::Views};
use crate::{
    config::{AzureTable, Config, Storage},
    domain::{
        problem::{Area, Problem, ProblemKind, Severity},
        project::ProjectId,
    },
    http::Origin,
    route::View,
    text::{self, problems as words},
    ui::view::problems::Banner,
    web::clock,
};

impl Views {
    /// What is wrong, but for what somebody has hidden and what only the connections view shows.
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
        let mut banners: Vec<Banner> = Vec::new();
        for mut banner in shown.map(|problem| self.banner(problem)) {
            // What is wrong with one origin takes one line, the worst first.
            match banners.iter_mut().find(|other| other.is_about_origin_of(&banner)) {
                Some(other) => {
                    if banner.problem.severity < other.problem.severity {
                        std::mem::swap(other, &mut banner);
                        other.others = std::mem::take(&mut banner.others);
                    }
                    other.others.push(banner.problem);
                }
                None => banners.push(banner),
            }
        }
        banners
    }

    fn banner(self, problem: Problem) -> Banner {
        let app = self.app;
        let key = problem.what.clone();
        let config = app.config();
        let Some((_, table)) = table_of(&config, &problem) else {
            return Banner { problem, lacks_sas: None, others: Vec::new(), key };
        };
        if let Some((n, origin)) = app.lacks_sas(&problem) {
            // The field for it is here, so there is nothing to add.
            let is_here = app.view() == View::Setup;
            let what = words::needs_sas(&table.table, &table.endpoint, table.has_sign_in, is_here);
            return Banner {
                problem: Problem { what, hint: String::new(), severity: Severity::Note, ..problem },
                lacks_sas: Some((n, origin.to_string())),
                others: Vec::new(),
                key,
            };
        }
        Banner { problem: self.outage(problem, table), lacks_sas: None, others: Vec::new(), key }
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

impl App {
    /// The table that only lacks a SAS, as at everybody's first visit: nothing is wrong then.
    pub(in crate::ui) fn lacks_sas(self, problem: &Problem) -> Option<(ProjectId, Origin)> {
        let config = self.config();
        let (n, table) = table_of(&config, problem)?;
        self.credentials_version.track();
        let lacks = problem.kind == ProblemKind::Unauthorized && table.sas.is_none() && self.held_sas(n).is_none();
        lacks.then(|| (n, table.origin.clone()))
    }
}

/// The table that an error is about, and its project's number.
fn table_of<'a>(config: &'a Config, problem: &Problem) -> Option<(ProjectId, &'a AzureTable)> {
    let n = config.project_id(problem.project.as_ref()?.as_str())?;
    match &n.of(&config.projects)?.storage {
        Storage::AzureTable(table) if (problem.area, problem.severity) == (Area::Storage, Severity::Error) => {
            Some((n, table))
        }
        _ => None,
    }
}
