//! The forges that know more than the rows: one section for each origin that a token may be for.

use leptos::prelude::*;

use super::{
    fact,
    form::{CredentialForm, taken},
    lasts, minor,
};
use crate::{
    domain::stage::Service,
    engine::forge::{CredentialTest, RemainingRequests},
    forge::connections::{Connection, Need},
    http::secret::Secret,
    text,
    ui::{
        parts::{outside, problem_list},
        state::{App, Held, Standing},
    },
    web::clock,
};

/// One origin of forges.
#[component]
pub(super) fn ForgeConnection(app: App, index: usize, connection: Connection) -> impl IntoView {
    let standing =
        Memo::new(move |_| app.connected.with(|c| c.origins.get(index).cloned().unwrap_or_else(Standing::default)));
    let problems = Signal::derive(move || standing.with(|s| minor(s.problems.iter())));
    let origin = connection.origin.clone();
    let held = Memo::new(move |_| {
        app.credentials_version.track();
        app.held_token(&origin)
    });
    let (service, need) = (connection.service, connection.need);
    let token = move || match held.get() {
        _ if app.is_sample() => "none needed for sample data",
        Some(held) => lasts(held),
        None if need == Need::Required => "none yet, and nothing can be read without",
        None => "none",
    };
    let left = move || standing.with(|s| s.left.map(words_left));
    let uses: Vec<_> = connection.uses.iter().map(|use_| view! { <li>{capital(use_)}</li> }).collect();
    let scopes = wanted(service, &connection);
    let form = (!app.is_sample()).then(|| token_form(app, index, &connection, held, standing));
    view! {
        <section class="connection">
            <h2>{service.name()} ": " {connection.origin.to_string()}</h2>
            <dl class="facts">
                {fact("For", view! { <ul>{uses}</ul> })}
                {fact("Token", token)}
                {fact("Needs", scopes)}
                <Show when=move || standing.with(|s| s.left.is_some())>{fact("Limit", left)}</Show>
            </dl>
            {problem_list(problems, app.tick.into())}
            {form}
        </section>
    }
}

/// What a token must be allowed, and where to make one.
fn wanted(service: Service, connection: &Connection) -> impl IntoView + use<> {
    let kind = match service {
        Service::AzureDevOps => "scopes",
        Service::GitHub => "repository permissions of a fine-grained token",
        Service::GitLab => "scope",
    };
    let scopes: Vec<_> = connection.scopes.iter().map(|scope| view! { <code class="scope">{*scope}</code> }).collect();
    let page = connection.token_page.as_ref().map(|page| outside(page, "Create one".to_owned()));
    view! { {scopes} <span class="scope__kind">{kind}</span> " " {page} }
}

fn token_form(
    app: App,
    index: usize,
    connection: &Connection,
    held: Memo<Option<Held>>,
    standing: Memo<Standing>,
) -> impl IntoView + use<> {
    let origin = StoredValue::new(connection.origin.clone());
    let save = Callback::new(move |(typed, on_device): (String, bool)| {
        let secret = origin.with_value(|origin| Secret::new(origin.clone(), &typed));
        if secret.expose().is_empty() {
            return Err("Type or paste a token first.");
        }
        if !secret.expose().bytes().all(|b| b.is_ascii_graphic()) {
            return Err("This is no token: it holds a character that no token has.");
        }
        let held = app.save_token(secret, on_device);
        origin.with_value(|origin| app.test_token(origin));
        Ok(taken(held, ""))
    });
    let forget = Callback::new(move |()| origin.with_value(|origin| app.forget_token(origin)));
    let is_running = move || standing.with(|s| s.tested == Some(CredentialTest::Running));
    let test = move |_| {
        if !is_running() {
            origin.with_value(|origin| app.test_token(origin));
        }
    };
    // Not disabled while it runs: a button that leaves the keyboard's order loses the focus.
    let more = view! {
        <button type="button" class="button" aria-disabled=move || is_running().then_some("true") on:click=test>
            "Test"
        </button>
        <p class="tested" role="status" data-tested=move || standing.with(|s| s.tested.as_ref().map(tested_word))>
            {move || standing.with(|s| s.tested.as_ref().map(tested))}
        </p>
    };
    let service = connection.service;
    let label = format!(
        "{} for {}",
        if service == Service::GitLab { "Access token" } else { "Personal access token" },
        connection.origin
    );
    let placeholder = match service {
        Service::AzureDevOps => "",
        Service::GitHub => "github_pat_…",
        Service::GitLab => "glpat-…",
    };
    let sent_to = match &connection.also_sent_to {
        Some(other) => format!(
            "It is sent to {} and to {other}, where {} has its releases, and stays in this browser.",
            connection.origin,
            service.name()
        ),
        None => format!("It is sent to {} alone and stays in this browser.", connection.origin),
    };
    view! {
        <CredentialForm id=format!("token-{index}") label origin=connection.origin.to_string() placeholder held save forget more=more.into_any()>
            {without(service)} " " {sent_to}
        </CredentialForm>
    }
}

/// What can be had without a token.
const fn without(service: Service) -> &'static str {
    match service {
        Service::AzureDevOps => "Azure DevOps answers a web page only with a token.",
        Service::GitHub => {
            "Without a token only public repositories can be read, and GitHub answers 60 requests an hour."
        }
        Service::GitLab => "Without a token only public projects can be read.",
    }
}

const fn tested_word(tested: &CredentialTest) -> &'static str {
    match tested {
        CredentialTest::Running => "running",
        CredentialTest::Passed(_) => "passed",
        CredentialTest::Failed { .. } => "failed",
    }
}

fn tested(tested: &CredentialTest) -> AnyView {
    match tested {
        CredentialTest::Running => view! { <span>"Asking…"</span> }.into_any(),
        CredentialTest::Passed(says) => view! { <span><b>"It works."</b> " " {says.clone()}</span> }.into_any(),
        CredentialTest::Failed { what, hint } => {
            view! { <span><b>{what.clone()}</b> " " {hint.clone()}</span> }.into_any()
        }
    }
}

/// "4,812 requests left until 12:40"
fn words_left(left: RemainingRequests) -> String {
    let n = match left.remaining {
        0 => "no requests".to_owned(),
        n => text::plural(n as usize, "request"),
    };
    match left.reset {
        Some(reset) => format!("{n} left until {}", clock::time_of_day(reset)),
        None => format!("{n} left"),
    }
}

/// The phrase as the begin of a line.
fn capital(phrase: &str) -> String {
    let (first, rest) = phrase.split_at_checked(1).unwrap_or((phrase, ""));
    [&first.to_ascii_uppercase(), rest].concat()
}
