//! What is wrong, beside the data and never instead of it.

use super::{
    ViewContext,
    parts::{copy_button, icon, icon_button, unseen},
};
use crate::{
    domain::{
        problem::{Problem, Severity},
        project::ProjectId,
    },
    route::View,
    text::{parts as words, problems as banners},
    ui::{
        action::{Action, Change, CredentialOf, SetupAction},
        html::{Element, Html, el},
    },
};

/// All of these, whole.
#[must_use]
pub fn problems<'a>(problems: impl IntoIterator<Item = &'a Problem>, context: &ViewContext) -> Html {
    let cards = problems.into_iter().map(|problem| card(problem, context));
    el("div").class("problems").set("role", "status").children(cards).into()
}

/// What stands above every view.
pub struct Banner {
    /// What is wrong.
    pub problem: Problem,
    /// The table that only lacks a SAS, as everywhere at a first visit: its project's number and its service.
    pub lacks_sas: Option<(ProjectId, String)>,
    /// What else is wrong with the same origin.
    pub others: Vec<Problem>,
    /// By what somebody hides it.
    pub key: String,
}

impl Banner {
    /// Whether both are about what one origin answers.
    #[must_use]
    pub fn is_about_origin_of(&self, other: &Self) -> bool {
        let origin = |banner: &Self| banner.problem.origin.clone().filter(|_| banner.lacks_sas.is_none());
        origin(self).is_some_and(|of| Some(of) == origin(other))
    }

    /// By what somebody hides all of it.
    fn keys(&self) -> String {
        let others = self.others.iter().map(|other| other.what.as_str());
        std::iter::once(self.key.as_str()).chain(others).collect::<Vec<_>>().join("\n")
    }
}

/// All of these, in one line each.
#[must_use]
pub fn banners<'a>(all: impl IntoIterator<Item = &'a Banner>, context: &ViewContext) -> Html {
    let lines = all.into_iter().map(|banner| match &banner.lacks_sas {
        Some((project, origin)) => first_visit(&banner.problem, *project, origin, context),
        None => line(banner, context),
    });
    el("div").class("problems").set("role", "status").children(lines).into()
}

/// What a problem is, with the hooks that it has everywhere.
fn element(problem: &Problem, severity: &'static str) -> Element {
    el("div")
        .key((problem.area, problem.kind, problem.severity, &problem.project, &problem.what))
        .set("data-problem", problem.area.as_str())
        .set("data-kind", problem.kind.as_str())
        .set("data-severity", severity)
}

const fn severity(problem: &Problem) -> &'static str {
    match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn what(problem: &Problem) -> Element {
    let project = problem.project.as_ref().map(|project| format!("{project}: "));
    let what = el("p").class("problem__what").child(unseen(format!("{}: ", severity(problem))));
    what.children(project).text(problem.what.clone())
}

fn retry(problem: &Problem, context: &ViewContext) -> Option<Element> {
    problem.retry_at.map(|at| el("span").class("problem__retry").text(words::retry(at, context.now)))
}

/// What to do. The countdown shows that it is retried.
fn hint(problem: &Problem) -> &str {
    let hint = &*problem.hint;
    problem.retry_at.and_then(|_| hint.strip_prefix(words::RETRYING)).map_or(hint, str::trim_start)
}

fn command(problem: &Problem, context: &ViewContext) -> Option<Element> {
    let command = problem.command.clone()?;
    let copy = copy_button(command.clone(), words::COMMAND, words::COPY, context);
    Some(el("div").class("problem__command").child(el("code").text(command)).child(copy))
}

fn details(problem: &Problem) -> Option<Element> {
    (!problem.details.is_empty()).then(|| {
        let lines = problem.details.iter().map(|line| el("li").text(line.to_string()));
        el("ul").children(lines)
    })
}

/// One problem: what, what to do, a command to copy, and the details for whoever wants them.
fn card(problem: &Problem, context: &ViewContext) -> Element {
    let hint =
        el("p").class("problem__hint").text(hint(problem).to_owned()).text(" ").children(retry(problem, context));
    let body = el("div").class("problem__body").child(what(problem)).child(hint).children(command(problem, context));
    let details = details(problem).map(|list| el("details").child(el("summary").text(words::DETAILS)).child(list));
    element(problem, severity(problem)).class("problem").child(icon("icon problem__icon")).child(body.children(details))
}

/// The same in one line, with a way to the connections and one to hide it.
fn line(banner: &Banner, context: &ViewContext) -> Element {
    let problem = &banner.problem;
    let sentence = hint(problem);
    let hint = (!sentence.is_empty()).then(|| {
        let hint = el("span").class("problem__hint").set("title", problem.hint.clone()).text(sentence.to_owned());
        el("p").class("problem__short").child(hint)
    });
    let others = banner.others.iter().map(|other| {
        let hint = el("p").class("problem__hint").text(other.hint.clone());
        element(other, severity(other))
            .child(what(other))
            .child(hint)
            .children(command(other, context))
            .children(details(other))
    });
    let others: Vec<Element> = others.collect();
    let count = (!others.is_empty()).then(|| el("span").class("problem__count").text(words::more(others.len())));
    let has_more = problem.command.is_some() || !problem.details.is_empty() || !others.is_empty();
    let more = has_more.then(|| {
        let whole = el("p").class("problem__hint").text(problem.hint.clone());
        let body = el("div").class("problem__more").child(whole).children(command(problem, context));
        let body = body.children(details(problem)).children(others);
        el("details").child(el("summary").text(words::DETAILS)).child(body)
    });
    let link = context.link("problem__link", Change::View(View::Setup)).text(banners::CONNECTIONS);
    let dismiss = icon_button("icon icon--close", banners::DISMISS, Action::Dismiss(banner.keys()));
    element(problem, severity(problem))
        .class("problem problem--line")
        .child(icon("icon problem__icon"))
        .child(what(problem))
        .children(count)
        .child(el("div").class("problem__end").children(retry(problem, context)).children(hint).child(link))
        .child(dismiss)
        .children(more)
}

/// A table that waits for a SAS: nothing is wrong.
fn first_visit(problem: &Problem, project: ProjectId, origin: &str, context: &ViewContext) -> Element {
    let of = CredentialOf::Table(project);
    let input = el("input")
        .set("type", "password")
        .set("autocomplete", "off")
        .set("spellcheck", "false")
        .set("placeholder", banners::SAS_PLACEHOLDER)
        .set("aria-label", banners::SAS)
        .set("data-credential", origin.to_owned());
    let form = el("form")
        .class("first-visit__form")
        .on(Action::Setup(SetupAction::Save(of)))
        .child(input)
        .child(el("button").set("type", "submit").class("button button--primary").text(banners::CONNECT));
    let link = context.link("problem__link", Change::View(View::Setup)).text(banners::CONNECTIONS);
    let note = el("p").class("problem__hint").text(banners::STAYS_HERE).text(" ").child(link);
    element(problem, "note").class("problem first-visit").child(
        el("div")
            .class("problem__body")
            .child(el("p").class("problem__what").text(problem.what.clone()))
            .child(form)
            .child(note),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::problem::{Area, ProblemKind},
        ui::view::fixtures::context,
    };

    fn refused() -> Problem {
        Problem::error(Area::Storage, ProblemKind::Forbidden, "The table refuses.", "Ask for a SAS.")
    }

    #[test]
    fn a_problem_shows_what_and_what_to_do() {
        assert_eq!(
            problems([&refused()], &context()).to_string(),
            r#"<div class="problems" role="status"><div data-problem="storage" data-kind="forbidden" data-severity="error" class="problem"><i class="icon problem__icon" aria-hidden="true"></i><div class="problem__body"><p class="problem__what"><span class="unseen">error: </span>The table refuses.</p><p class="problem__hint">Ask for a SAS. </p></div></div></div>"#
        );
    }

    #[test]
    fn a_banner_is_one_line_that_can_be_hidden() {
        let banner = Banner {
            problem: Problem { command: Some("az login".to_owned()), ..refused() },
            lacks_sas: None,
            others: Vec::new(),
            key: String::new(),
        };
        let markup = banners([&banner], &context()).to_string();
        for part in
            ["problem--line", "The table refuses.", "Ask for a SAS.", "view=setup", "Dismiss", "<details>", "az login"]
        {
            assert!(markup.contains(part), "no {part} in {markup}");
        }
    }

    #[test]
    fn that_it_is_tried_again_is_shown_once() {
        let context = context();
        for (hint, rest) in [("Retrying.", ""), ("Retrying. Look at the host.", ">Look at the host.")] {
            let problem = Problem { hint: hint.to_owned(), retry_at: Some(context.now), ..refused() };
            let banner = Banner { problem: problem.clone(), lacks_sas: None, others: Vec::new(), key: String::new() };
            for markup in [problems([&problem], &context).to_string(), banners([&banner], &context).to_string()] {
                assert!(markup.matches(">Retrying").count() == 1 && markup.contains(rest), "{markup}");
            }
        }
    }

    #[test]
    fn what_is_wrong_with_one_origin_takes_one_line() {
        let at = |origin: &str| Problem { origin: Some(origin.into()), ..refused() };
        let banner =
            |origin: &str| Banner { problem: at(origin), lacks_sas: None, others: Vec::new(), key: "a".into() };
        assert!(banner("https://x.example").is_about_origin_of(&banner("https://x.example")));
        assert!(!banner("https://x.example").is_about_origin_of(&banner("https://y.example")));
        let other = Problem { what: "No commits.".into(), ..at("https://x.example") };
        let both = Banner { others: vec![other], ..banner("https://x.example") };
        assert_eq!(both.keys(), "a\nNo commits.");
        let markup = banners([&both], &context()).to_string();
        assert_eq!(markup.matches("problem--line").count(), 1);
        for part in ["+1 more", "No commits.", "<details>"] {
            assert!(markup.contains(part), "no {part} in {markup}");
        }
    }

    #[test]
    fn a_table_without_a_sas_asks_for_one_and_shows_no_error() {
        let banner = Banner {
            problem: refused(),
            lacks_sas: Some((ProjectId::at(1), "https://x.example".to_owned())),
            others: Vec::new(),
            key: String::new(),
        };
        let markup = banners([&banner], &context()).to_string();
        assert!(markup.contains("data-severity=\"note\"") && markup.contains("data-credential=\"https://x.example\""));
        assert!(!markup.contains("error:") && !markup.contains("problem__icon"), "{markup}");
    }
}
