//! Connections: what this page reads, with which credential, and what is wrong with it.

use leptos::{ev, html, prelude::*};

use crate::{
    domain::{problem::Severity, time::Timestamp},
    engine::reader::Source,
    storage::sas::Sas,
    text,
    ui::{
        filters::Count,
        parts::problem_list,
        state::{App, Views},
    },
    web::{clock, storage::Keep},
};

/// The connections view.
#[component]
pub(in crate::ui) fn Setup(views: Views) -> impl IntoView {
    let app = views.app;
    let projects = (0..app.config().projects.len()).map(|project| view! { <Connection app project /> }).collect_view();
    let config_warnings = Signal::derive(move || {
        app.health.with(|h| {
            let of_config = h.problems.iter().filter(|p| p.area == crate::domain::problem::Area::Config);
            of_config.filter(|p| p.severity != Severity::Error).cloned().collect::<Vec<_>>()
        })
    });
    let sample = app.is_sample().then(|| {
        view! {
            <section class="connection">
                <h2>"Sample data"</h2>
                <p>"There is no " <code>"config.json"</code> " beside this page, so it shows a trivia shop that does not exist. To see your own deployments:"</p>
                <ol class="steps">
                    <li>"Create a read-only SAS of your table: " <code>"az storage table generate-sas --name deployments --permissions r --expiry 2027-12-31 --https-only --account-name ACCOUNT"</code></li>
                    <li>"Let this page read it: " <code>{format!("az storage cors add --services t --methods GET OPTIONS --origins {} --allowed-headers accept --exposed-headers 'x-ms-*' --max-age 3600 --account-name ACCOUNT", crate::web::page::origin())}</code></li>
                    <li>"Put a " <code>"config.json"</code> " that names the table beside " <code>"index.html"</code> "; what it may hold is in " <a href="config.schema.json">"config.schema.json"</a> "."</li>
                    <li>"Reload. Where the file holds no SAS, it is asked for here."</li>
                </ol>
            </section>
        }
    });
    view! {
        <div class="setup">
            <Count views />
            {problem_list(config_warnings, app.tick.into())}
            {sample}
            {projects}
        </div>
    }
}

/// One project's storage.
#[component]
fn Connection(app: App, project: usize) -> impl IntoView {
    let (name, source) = app.engine(|e| {
        let reader = e.readers().get(project);
        (reader.map(|r| r.name().to_string()).unwrap_or_default(), reader.map(|r| r.source().clone()))
    });
    let problems = Signal::derive(move || {
        let ours = app.engine(|e| e.readers().get(project).map(|r| r.name().clone()));
        app.health.with(|h| {
            let here = h.problems.iter().filter(|p| p.project == ours && p.severity != Severity::Error);
            here.cloned().collect::<Vec<_>>()
        })
    });
    match source {
        None => ().into_any(),
        Some(Source::Snapshot { url }) => view! {
            <section class="connection">
                <h2>{name} ": rows from a file"</h2>
                <p>"Read from " <code>{url.to_string()}</code> " beside this page. It needs no credential."</p>
                {problem_list(problems, app.tick.into())}
            </section>
        }
        .into_any(),
        Some(Source::Table { table, .. }) => view! {
            <section class="connection">
                <h2>{name} ": " {table.origin.to_string()}</h2>
                <dl class="facts">
                    <div><dt>"For"</dt><dd>"Deployment rows"</dd></div>
                    <div><dt>"Table"</dt><dd><code>{table.table.to_string()}</code></dd></div>
                    <div><dt>"Partition"</dt><dd>{table.partition.as_ref().map_or_else(|| "the whole table".to_owned(), ToString::to_string)}</dd></div>
                    <SasFacts app project />
                </dl>
                {problem_list(problems, app.tick.into())}
                {(!app.is_sample()).then(|| view! { <SasForm app project origin=table.origin.to_string() table=table.table.to_string() /> })}
            </section>
        }
        .into_any(),
    }
}

/// What the credential in use says of itself.
#[component]
fn SasFacts(app: App, project: usize) -> impl IntoView {
    let sas = Memo::new(move |_| {
        app.credentials_version.track();
        let of_page = app.kept_credential(project);
        (app.engine(|e| e.readers().get(project).and_then(|r| r.sas().cloned())), of_page)
    });
    let origin = move || match sas.get() {
        _ if app.is_sample() => "none needed for sample data",
        (None, _) => "none yet",
        (Some(_), Some(Keep::Tab)) => "typed here, kept until this tab is closed",
        (Some(_), Some(Keep::Device)) => "typed here, kept on this device",
        (Some(_), None) => "from config.json",
    };
    let ends = move || sas.with(|(s, _)| s.as_ref().map(|s| expiry(s, app.tick.get())));
    let may = move || {
        let letters = sas.with(|(s, _)| s.as_ref().and_then(|s| s.permissions.clone()))?;
        let words = letters.chars().map(|letter| match letter {
            'r' => "read".to_owned(),
            'a' => "add".to_owned(),
            'u' => "update".to_owned(),
            'd' => "delete".to_owned(),
            other => other.to_string(),
        });
        Some(words.collect::<Vec<_>>().join(", "))
    };
    view! {
        <div><dt>"Credential"</dt><dd>"SAS: " {origin}</dd></div>
        <Show when=move || !app.is_sample() && sas.with(|(s, _)| s.is_some())>
            <div><dt>"Allows"</dt><dd>{move || may().unwrap_or_else(|| "as its stored access policy says".to_owned())}</dd></div>
            <div><dt>"Ends"</dt><dd>{ends}</dd></div>
        </Show>
    }
}

fn expiry(sas: &Sas, now: Timestamp) -> String {
    match sas.expires {
        None => "as its stored access policy says".to_owned(),
        Some(end) if end <= now => format!("ended {}", text::ago(end, now)),
        Some(end) => format!("in {} ({})", text::duration(end.since(now)), clock::exact(end)),
    }
}

/// Where a SAS is typed. What was typed is never put back into the page.
#[component]
fn SasForm(app: App, project: usize, origin: String, table: String) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let keep = RwSignal::new(app.kept_credential(project) == Some(Keep::Device));
    let said = RwSignal::new("");
    let kept = Memo::new(move |_| {
        app.credentials_version.track();
        app.kept_credential(project).is_some()
    });
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(input) = input.get_untracked() else { return };
        let typed = input.value();
        if typed.trim().is_empty() {
            said.set("Type or paste a SAS first.");
            return;
        }
        app.save_credential(project, &typed, keep.get_untracked());
        input.set_value("");
        said.set("Saved. Reading with it now.");
    };
    let forget = move |_| {
        app.forget_credential(project);
        said.set("Forgotten.");
    };
    let id = format!("sas-{project}");
    view! {
        <form class="credential" on:submit=save autocomplete="off">
            <label for=id.clone()>"SAS of the table " {table}</label>
            <input id=id node_ref=input type="password" autocomplete="off" spellcheck="false" data-credential=origin placeholder="sv=…&tn=…&sp=r&se=…&sig=…" />
            <label class="choice">
                <input type="checkbox" prop:checked=keep on:change:target=move |event| keep.set(event.target().checked()) />
                "Keep on this device"
            </label>
            <div class="credential__do">
                <button class="button button--main">"Save"</button>
                <Show when=move || kept.get()>
                    <button type="button" class="button" on:click=forget>"Forget"</button>
                </Show>
                <span role="status">{said}</span>
            </div>
            <p class="credential__note">
                "The narrowest that will do: " <code>"az storage table generate-sas --permissions r"</code>
                ". It is sent to this table's account alone and stays in this browser."
            </p>
        </form>
    }
}
