//! What is wrong, beside the data and never instead of it.

use super::{
    ViewContext,
    parts::{copy_button, icon, unseen},
};
use crate::{
    domain::problem::{Problem, Severity},
    text::parts as words,
    ui::html::{Element, Html, el},
};

/// All of these.
#[must_use]
pub fn problems<'a>(problems: impl IntoIterator<Item = &'a Problem>, context: &ViewContext) -> Html {
    let cards = problems.into_iter().map(|problem| card(problem, context));
    el("div").class("problems").set("role", "status").children(cards).into()
}

/// One problem: what, what to do, a command to copy, and the details for whoever wants them.
fn card(problem: &Problem, context: &ViewContext) -> Element {
    let severity = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let retry = problem.retry_at.map(|at| el("span").class("problem__retry").text(words::retry(at, context.now)));
    let command = problem.command.as_ref().map(|command| {
        el("div").class("problem__command").child(el("code").text(command.clone())).child(copy_button(
            command.clone(),
            words::COMMAND,
            words::COPY,
            context,
        ))
    });
    let details = (!problem.details.is_empty()).then(|| {
        let lines = problem.details.iter().map(|line| el("li").text(line.to_string()));
        el("details").child(el("summary").text(words::DETAILS)).child(el("ul").children(lines))
    });
    let project = problem.project.as_ref().map(|project| format!("{project}: "));
    let what = el("p").class("problem__what").child(unseen(format!("{severity}: "))).children(project);
    let hint = el("p").class("problem__hint").text(problem.hint.clone()).text(" ").children(retry);
    let body = el("div").class("problem__body").child(what.text(problem.what.clone())).child(hint);
    el("div")
        .key((problem.area, problem.kind, problem.severity, &problem.project, &problem.what))
        .class("problem")
        .set("data-problem", problem.area.word())
        .set("data-kind", problem.kind.word())
        .set("data-severity", severity)
        .child(icon("icon problem__icon"))
        .child(body.children(command).children(details))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::problem::{Area, ProblemKind},
        ui::view::fixtures::context,
    };

    #[test]
    fn a_problem_says_what_and_what_to_do() {
        let problem = Problem::error(Area::Storage, ProblemKind::Forbidden, "The table refuses.", "Ask for a SAS.");
        assert_eq!(
            problems([&problem], &context()).to_string(),
            r#"<div class="problems" role="status"><div class="problem" data-problem="storage" data-kind="forbidden" data-severity="error"><i class="icon problem__icon" aria-hidden="true"></i><div class="problem__body"><p class="problem__what"><span class="unseen">error: </span>The table refuses.</p><p class="problem__hint">Ask for a SAS. </p></div></div></div>"#
        );
    }
}
