//! A configuration that cannot be used, or did not come: the whole page, because nothing else could be right.

use leptos::prelude::*;

use crate::{
    domain::problem::Problem,
    ui::parts::problem_list,
    web::{clock, page},
};

/// Names every key that is wrong, what it holds and what it may.
#[component]
pub(in crate::ui) fn ConfigError(problems: Vec<Problem>) -> impl IntoView {
    page::set_title("Configuration · Ringside");
    let now = clock::now();
    view! {
        <main class="whole" data-view="config-error">
            <h1>"This site's config.json needs a correction"</h1>
            <p>"It lies beside index.html. What it may hold is written down in " <a href="config.schema.json">"config.schema.json"</a> "."</p>
            {problem_list(Signal::derive(move || problems.clone()), Signal::derive(move || now))}
            <p><a class="button" href="?demo">"Look at sample data instead"</a></p>
        </main>
    }
}

/// Says that it did not come, why, and when it is asked for again.
#[component]
pub(in crate::ui) fn ConfigUnavailable(what: &'static str, problem: Problem) -> impl IntoView {
    page::set_title("Not available · Ringside");
    let now = clock::now();
    view! {
        <main class="whole" data-view="config-unavailable">
            <h1>{what} " is not available now"</h1>
            {problem_list(Signal::derive(move || vec![problem.clone()]), Signal::derive(move || now))}
            <p><a class="button" href="?demo">"Look at sample data instead"</a></p>
        </main>
    }
}
