//! What is wrong, beside the data and never instead of it.

use leptos::prelude::*;

use super::copy::CopyButton;
use crate::{
    domain::{
        problem::{Problem, Severity},
        time::Timestamp,
    },
    text,
};

/// One problem: what, what to do, a command to copy, and the details for whoever wants them.
#[component]
pub(in crate::ui) fn ProblemCard(problem: Problem, now: Signal<Timestamp>) -> impl IntoView {
    let severity = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let retry = problem.retry_at.map(|at| {
        let when = move || {
            let wait = at.since(now.get());
            if wait.as_secs() < 5 {
                "Trying again now.".to_owned()
            } else {
                format!("Trying again in {}.", text::duration(wait))
            }
        };
        view! { <span class="problem__retry">{when}</span> }
    });
    let command = problem.command.clone().map(|command| {
        view! {
            <div class="problem__command">
                <code>{command.clone()}</code>
                <CopyButton text=command what="the command".to_owned() />
            </div>
        }
    });
    let details = (!problem.details.is_empty()).then(|| {
        let lines: Vec<_> = problem.details.iter().map(|line| view! { <li>{line.clone()}</li> }).collect();
        view! {
            <details>
                <summary>"Details"</summary>
                <ul>{lines}</ul>
            </details>
        }
    });
    let project = problem.project.as_ref().map(|p| format!("{p}: "));
    view! {
        <div class="problem" data-problem=problem.area.word() data-kind=problem.kind.word() data-severity=severity>
            <i class="icon problem__icon" aria-hidden="true"></i>
            <div class="problem__body">
                <p class="problem__what">
                    <span class="unseen">{severity}": "</span>
                    {project}
                    {problem.what.clone()}
                </p>
                <p class="problem__hint">{problem.hint.clone()} " " {retry}</p>
                {command}
                {details}
            </div>
        </div>
    }
}

/// Several, the same ones keeping their place while others come and go.
pub(in crate::ui) fn problem_list(problems: Signal<Vec<Problem>>, now: Signal<Timestamp>) -> impl IntoView {
    // The moment of the next try is a part of the key, because a card shows it; its words are not enough.
    let key = |p: &Problem| {
        (p.area, p.kind, p.severity, p.project.clone(), p.what.clone(), p.retry_at, p.details.len(), p.command.clone())
    };
    view! {
        <div class="problems" role="status">
            <For each=move || problems.get() key=key let:problem>
                <ProblemCard problem now />
            </For>
        </div>
    }
}
