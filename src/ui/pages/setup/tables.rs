//! Where a project's rows are.

use gloo_timers::callback::Interval;
use leptos::prelude::*;

use super::{
    fact,
    form::{CredentialForm, taken},
    lasts, minor,
};
use crate::{
    config::AzureTable,
    domain::time::{Timestamp, days},
    engine::rows::Source,
    storage::sas::Sas,
    text,
    ui::{parts::problem_list, state::App},
    web::clock,
};

/// One project's storage.
#[component]
pub(super) fn StorageConnection(app: App, project: usize) -> impl IntoView {
    let reader = app.engine(|e| e.readers().get(project).map(|r| (r.name().clone(), r.source().clone())));
    let (name, source) = reader?;
    let ours = name.clone();
    let problems = Signal::derive(move || {
        app.health.with(|h| minor(h.problems.iter().filter(|p| p.project.as_ref() == Some(&ours))))
    });
    let problems = problem_list(problems, app.tick.into());
    let view = match source {
        Source::Sample => view! {
            <section class="connection">
                <h2>{name.to_string()} ": sample data"</h2>
                <p>"The rows come with the page. They need no credential."</p>
                {problems}
            </section>
        }
        .into_any(),
        Source::Snapshot { url } => view! {
            <section class="connection">
                <h2>{name.to_string()} ": rows from a file"</h2>
                <p>"Read from " <code>{url.to_string()}</code> " beside this page. It needs no credential."</p>
                {problems}
            </section>
        }
        .into_any(),
        Source::Table { table, .. } => {
            let partition = table.partition.as_ref().map_or_else(|| "the whole table".to_owned(), ToString::to_string);
            let name_of_table = table.table.to_string();
            view! {
                <section class="connection">
                    <h2>{name.to_string()} ": " {table.origin.to_string()}</h2>
                    <dl class="facts">
                        {fact("For", "Deployment rows")}
                        {fact("Table", view! { <code>{name_of_table}</code> })}
                        {fact("Partition", partition)}
                        <SasFacts app project />
                    </dl>
                    {problems}
                    {sas_form(app, project, &table)}
                </section>
            }
            .into_any()
        }
    };
    Some(view)
}

/// What the credential in use says of itself.
#[component]
fn SasFacts(app: App, project: usize) -> impl IntoView {
    let sas = Memo::new(move |_| {
        app.credentials_version.track();
        app.engine(|e| e.readers().get(project).and_then(|r| r.sas().cloned()))
    });
    let origin = move || match (sas.with(Option::is_some), app.held_sas(project)) {
        (false, _) => "none yet",
        (true, Some(held)) => lasts(held),
        (true, None) => "from config.json",
    };
    let may = move || {
        let letters = sas.with(|s| s.as_ref().and_then(|s| s.permissions.clone()))?;
        let words = letters.chars().map(|letter| match letter {
            'r' => "read".to_owned(),
            'a' => "add".to_owned(),
            'u' => "update".to_owned(),
            'd' => "delete".to_owned(),
            other => other.to_string(),
        });
        Some(words.collect::<Vec<_>>().join(", "))
    };
    let end = Memo::new(move |_| sas.with(|s| s.as_ref().and_then(|s| s.expires)));
    let now = clock_until(app, end);
    view! {
        {fact("Credential", view! { "SAS: " {origin} })}
        <Show when=move || sas.with(Option::is_some)>
            {fact("Allows", move || may().unwrap_or_else(|| "as its stored access policy says".to_owned()))}
            {fact("Ends", view! { <span role="timer" class="countdown">{move || sas.with(|s| s.as_ref().map(|s| expiry(s, now.get())))}</span> })}
        </Show>
    }
}

fn expiry(sas: &Sas, now: Timestamp) -> String {
    let Some(end) = sas.expires else { return "as its stored access policy says".to_owned() };
    if end <= now {
        return format!("ended {}", text::ago(end, now));
    }
    let left = end.since(now);
    let left = if left <= days(1) { text::countdown(left) } else { text::duration(left) };
    format!("in {left} ({})", clock::exact(end))
}

/// About now; to the second on the last day before `end`.
fn clock_until(app: App, end: Memo<Option<Timestamp>>) -> Signal<Timestamp> {
    let second = RwSignal::new(app.tick.get_untracked());
    let ticking = StoredValue::new_local(None::<Interval>);
    Effect::new(move |_| {
        let now = app.tick.get();
        let is_near = end.get().is_some_and(|end| end > now && end.since(now) <= days(1));
        if is_near != ticking.with_value(Option::is_some) {
            let tick = move || {
                second.try_set(clock::now());
            };
            ticking.set_value(is_near.then(|| Interval::new(1_000, tick)));
        }
    });
    Signal::derive(move || second.get().max(app.tick.get()))
}

fn sas_form(app: App, project: usize, table: &AzureTable) -> impl IntoView + use<> {
    let held = Memo::new(move |_| {
        app.credentials_version.track();
        app.held_sas(project)
    });
    let save = Callback::new(move |(typed, on_device): (String, bool)| {
        if typed.trim().is_empty() {
            return Err("Type or paste a SAS first.");
        }
        let held = app.save_sas(project, &typed, on_device);
        Ok(held.map_or_else(String::new, |held| taken(held, "Reading with it now.")))
    });
    let forget = Callback::new(move |()| app.forget_sas(project));
    view! {
        <CredentialForm
            id=format!("sas-{project}")
            label=format!("SAS of the table {}", table.table)
            origin=table.origin.to_string()
            placeholder="sv=…&tn=…&sp=r&se=…&sig=…"
            held
            save
            forget
        >
            "The narrowest that will do: " <code>"az storage table generate-sas --permissions r --output tsv"</code>
            ". It is sent to this table's account alone and stays in this browser."
        </CredentialForm>
    }
}
