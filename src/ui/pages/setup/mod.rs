//! Connections: what this page reads, with which credential, and what is wrong with it.

mod forges;
mod form;
mod kept;
mod tables;

use leptos::prelude::*;

use self::{forges::ForgeConnection, kept::KeptHere, tables::StorageConnection};
use crate::{
    domain::problem::{Area, Problem, Severity},
    ui::{
        html::Html,
        parts::problem_list,
        state::{Held, Views},
        view::filters::count,
    },
};

/// The connections view.
#[component]
pub(in crate::ui) fn Setup(views: Views) -> impl IntoView {
    let app = views.app;
    let projects =
        (0..app.config().projects.len()).map(|project| view! { <StorageConnection app project /> }).collect_view();
    let connections = app.connections();
    let forges = connections
        .iter()
        .enumerate()
        .map(|(index, connection)| view! { <ForgeConnection app index connection=connection.clone() /> })
        .collect_view();
    let kept = (!connections.is_empty()).then(|| view! { <KeptHere app /> });
    let config_warnings =
        Signal::derive(move || app.health.with(|h| minor(h.problems.iter().filter(|p| p.area == Area::Config))));
    view! {
        <div class="setup">
            {move || Html::from(count(views.count_view()))}
            {problem_list(config_warnings, app.tick.into())}
            {app.is_sample().then(|| view! { <FirstSteps /> })}
            {projects}
            {forges}
            {kept}
        </div>
    }
}

/// What is shown here; errors stand above every view.
fn minor<'a>(problems: impl Iterator<Item = &'a Problem>) -> Vec<Problem> {
    problems.filter(|p| p.severity != Severity::Error).cloned().collect()
}

/// How to get from sample data to one's own.
#[component]
fn FirstSteps() -> impl IntoView {
    let cors = format!(
        "az storage cors add --services t --methods GET OPTIONS --origins {} --allowed-headers accept --exposed-headers \
         'x-ms-*' --max-age 3600 --account-name ACCOUNT --output tsv",
        crate::web::page::origin()
    );
    view! {
        <section class="connection">
            <h2>"Sample data"</h2>
            <p>"There is no " <code>"config.json"</code> " beside this page, so it shows a trivia shop that does not exist. To see your own deployments:"</p>
            <ol class="steps">
                <li>"Create a read-only SAS of your table: " <code>"az storage table generate-sas --name deployments --permissions r --expiry 2027-12-31 --https-only --account-name ACCOUNT --output tsv"</code></li>
                <li>"Let this page read it: " <code>{cors}</code></li>
                <li>"Put a " <code>"config.json"</code> " that names the table beside " <code>"index.html"</code> "; what it may hold is in " <a href="config.schema.json">"config.schema.json"</a> "."</li>
                <li>"Reload. Where the file holds no SAS, it is asked for here."</li>
            </ol>
        </section>
    }
}

/// How long a typed credential lasts, in words.
const fn lasts(held: Held) -> &'static str {
    match held {
        Held::Page => "typed here; this browser keeps nothing, so it is gone with the next reload",
        Held::Tab => "typed here, kept until this tab is closed",
        Held::Device => "typed here, kept on this device",
    }
}

/// One line of what is known of a connection.
fn fact(what: &'static str, value: impl IntoView + 'static) -> impl IntoView {
    view! { <div><dt>{what}</dt><dd>{value}</dd></div> }
}
