//! How each source of rows or facts is now.

use leptos::prelude::*;

use crate::{
    config::AzureTable,
    domain::{
        problem::{Problem, Severity},
        project::ProjectId,
        stage::Service,
        time::Timestamp,
    },
    engine::{
        forge::{CredentialTest, RemainingRequests},
        rows::Source,
    },
    forge::connections::{Connection, Need},
    guide::publish,
    storage::sas::Sas,
    text::{connections, sources as words},
    ui::{
        action::CredentialOf,
        state::{connected::OriginStatus, views::Views},
        view::{
            header::SourceState,
            setup::{CredentialView, Fact, Held, SourceView, TestView},
        },
    },
    web::clock,
};

impl Views {
    /// All of them: tables and files, then forges.
    pub(super) fn sources(self) -> Vec<SourceView> {
        let app = self.app;
        let tables = app.config().project_ids().filter_map(|project| self.table_source(project));
        let connections = app.connections();
        let forges = connections.iter().enumerate().map(|(index, connection)| self.forge_source(index, connection));
        tables.chain(forges).collect()
    }

    /// Whether the next credential is to be kept on the device: as somebody chose, else as the one before.
    pub(super) fn is_for_device(self, of: CredentialOf) -> bool {
        let chosen = self.setup.for_device.with(|all| all.get(&of).copied());
        chosen.unwrap_or_else(|| self.held(of) == Some(Held::Device))
    }

    fn held(self, of: CredentialOf) -> Option<Held> {
        let app = self.app;
        app.credentials_version.track();
        match of {
            CredentialOf::Table(project) => app.held_sas(project),
            CredentialOf::Forge(index) => app.held_token(&app.connections().get(index)?.origin),
        }
    }

    /// Decided once: what somebody types into must not close under them.
    fn is_open(self, of: CredentialOf, is_open: bool) -> bool {
        let open = self.setup.open.try_update_value(|all| *all.entry(of).or_insert(is_open));
        open.unwrap_or(is_open)
    }

    fn table_source(self, project: ProjectId) -> Option<SourceView> {
        let app = self.app;
        app.credentials_version.track();
        let (name, source, sas) = app.engine(|engine| {
            let reader = project.of(engine.readers())?;
            Some((reader.name().clone(), reader.source().clone(), reader.sas().cloned()))
        })?;
        let of = CredentialOf::Table(project);
        let (here, is_fresh) = app.health.with(|health| {
            let ours = health.problems.iter().filter(|p| p.project.as_ref() == Some(&name));
            (ours.cloned().collect::<Vec<Problem>>(), health.ready && health.progress.is_none())
        });
        // Where nobody has entered a SAS yet nothing is wrong, and nothing is known.
        let wrong: Vec<Problem> = here.iter().filter(|problem| app.lacks_sas(problem).is_none()).cloned().collect();
        let state = state_of(&wrong, is_fresh && wrong.len() == here.len());
        let now = self.setup.second.get();
        let mut line: Vec<String> = self.answered(app.connected.with(|c| project.of(&c.tables).copied().flatten()));
        let problems = minor(here);
        let (title, mut facts, credential) = match source {
            Source::Sample => return None,
            Source::Snapshot { url } => {
                let facts = vec![(words::READ_FROM, Fact::Code(url.to_string()))];
                (words::file_of(name.as_str()), facts, None)
            }
            Source::Table { table, .. } => {
                line.extend(sas.as_ref().and_then(|sas| expires(sas, now)));
                let partition =
                    table.partition.as_ref().map_or_else(|| words::WHOLE_TABLE.to_owned(), ToString::to_string);
                let facts = vec![
                    (words::FOR, Fact::Text(words::ROWS.to_owned())),
                    (words::TABLE, Fact::Code(table.table.to_string())),
                    (words::PARTITION, Fact::Text(partition)),
                ];
                (format!("{name}: {}", table.origin), facts, Some(self.sas_form(project, &table)))
            }
        };
        if credential.is_some() {
            facts.extend(sas_facts(sas.as_ref(), self.held(of), now));
        }
        let has_none = sas.is_none() && self.held(of) != Some(Held::SignedIn);
        let needs_sas = credential.is_some() && (has_none || state == SourceState::Failed);
        let is_open = self.is_open(of, needs_sas);
        Some(SourceView { of, title, state, line, facts, problems, credential, is_open })
    }

    /// "answered 5 s ago", "83 ms"
    fn answered(self, answered: Option<(Timestamp, u32)>) -> Vec<String> {
        let now = self.app.tick.get();
        answered.map_or_else(Vec::new, |(at, millis)| vec![words::answered(at, now), format!("{millis} ms")])
    }

    fn sas_form(self, project: ProjectId, table: &AzureTable) -> CredentialView {
        let of = CredentialOf::Table(project);
        let mut draft = crate::guide::Draft::default();
        draft.project_mut().storage.endpoint = table.endpoint.to_string();
        draft.project_mut().storage.table = table.table.to_string();
        CredentialView {
            id: format!("sas-{project}"),
            label: words::sas_of(&table.table),
            origin: table.origin.to_string(),
            placeholder: "sv=…&tn=…&sp=r&se=…&sig=…",
            held: self.held(of),
            is_for_device: self.is_for_device(of),
            note: connections::SAS_GOES.to_owned(),
            command: Some(publish::reading_sas(&draft, clock::now())),
            notice: self.setup.typed.with(|all| all.get(&of).cloned()),
            test: None,
        }
    }

    fn forge_source(self, index: usize, connection: &Connection) -> SourceView {
        let app = self.app;
        let of = CredentialOf::Forge(index);
        let status = app.connected.with(|c| c.origins.get(index).cloned().unwrap_or_default());
        let OriginStatus { tested, left, problems, answered } = status;
        let held = self.held(of);
        let (service, need) = (connection.service, connection.need);
        let is_missing = held.is_none() && need == Need::Required;
        let has_failed = matches!(tested, Some(CredentialTest::Failed { .. }));
        let state = match state_of(&problems, answered.is_some() || matches!(tested, Some(CredentialTest::Passed(..))))
        {
            SourceState::Good | SourceState::Unknown if has_failed => SourceState::Failed,
            state => state,
        };
        let token = match held {
            Some(held) => held.sentence(),
            None if is_missing => words::NONE_BUT_NEEDED,
            None => words::NONE,
        };
        let mut line = self.answered(answered);
        line.extend(left.map(requests_left));
        if is_missing {
            line.push(words::NEEDS_TOKEN.to_owned());
        }
        let mut facts = vec![
            (words::FOR, Fact::List(connection.uses.iter().map(|use_| capital(use_)).collect())),
            (words::TOKEN, Fact::Text(token.to_owned())),
            (
                words::MINIMUM,
                Fact::Scopes(connection.scopes.clone(), words::kind_of_scope(service), connection.token_page.clone()),
            ),
        ];
        facts.extend(left.map(|left| (words::LIMIT, Fact::Text(requests_left(left)))));
        let is_open = self.is_open(of, held.is_none() || has_failed);
        SourceView {
            of,
            title: format!("{}: {}", service.name(), connection.origin),
            state,
            line,
            facts,
            problems: minor(problems),
            credential: Some(self.token_form(index, connection, tested.as_ref(), held)),
            is_open,
        }
    }

    fn token_form(
        self,
        index: usize,
        connection: &Connection,
        tested: Option<&CredentialTest>,
        held: Option<Held>,
    ) -> CredentialView {
        let of = CredentialOf::Forge(index);
        let service = connection.service;
        let sent_to = match &connection.also_sent_to {
            Some(other) => connections::token_goes_to_both(&connection.origin, other, service.name()),
            None => connections::token_goes_to(&connection.origin),
        };
        CredentialView {
            id: format!("token-{index}"),
            label: words::token_for(service, &connection.origin.to_string()),
            origin: connection.origin.to_string(),
            placeholder: match service {
                Service::AzureDevOps => "",
                Service::GitHub => "github_pat_…",
                Service::GitLab => "glpat-…",
            },
            held,
            is_for_device: self.is_for_device(of),
            note: format!("{} {sent_to}", without(service)),
            command: None,
            notice: self.setup.typed.with(|all| all.get(&of).cloned()),
            test: Some(tested.map(test_view)),
        }
    }
}

fn state_of(problems: &[Problem], has_answered: bool) -> SourceState {
    let worst = problems.iter().map(|problem| problem.severity).min();
    match worst {
        Some(Severity::Error) => SourceState::Failed,
        Some(Severity::Warning) => SourceState::Warned,
        _ if has_answered => SourceState::Good,
        _ => SourceState::Unknown,
    }
}

/// What is shown here; errors stand above every view.
fn minor(problems: Vec<Problem>) -> Vec<Problem> {
    problems.into_iter().filter(|problem| problem.severity != Severity::Error).collect()
}

fn sas_facts(sas: Option<&Sas>, held: Option<Held>, now: Timestamp) -> Vec<(&'static str, Fact)> {
    let from = match (sas, held) {
        (None, Some(Held::SignedIn)) => return vec![(words::CREDENTIAL, Fact::Text(words::SIGN_IN.to_owned()))],
        (None, _) => words::NONE_YET,
        (Some(_), Some(held)) => held.sentence(),
        (Some(_), None) => words::FROM_CONFIG,
    };
    let mut facts = vec![(words::CREDENTIAL, Fact::Text(words::sas_from(from)))];
    if let Some(sas) = sas {
        let allows = sas.permissions.as_ref().map_or_else(
            || words::STORED_POLICY.to_owned(),
            |letters| letters.chars().map(words::permission).collect::<Vec<_>>().join(", "),
        );
        facts.push((words::ALLOWS, Fact::Text(allows)));
        facts.push((words::EXPIRES, Fact::Countdown(expiry(sas, now))));
    }
    facts
}

fn expiry(sas: &Sas, now: Timestamp) -> String {
    sas.expires.map_or_else(|| words::STORED_POLICY.to_owned(), |end| words::expiry(end, &clock::exact(end), now))
}

fn expires(sas: &Sas, now: Timestamp) -> Option<String> {
    sas.expires.map(|end| words::sas_expires(end, now))
}

fn requests_left(left: RemainingRequests) -> String {
    words::requests_left(left.remaining as usize, left.reset.map(clock::time_of_day).as_deref())
}

/// What can be had without a token.
const fn without(service: Service) -> &'static str {
    match service {
        Service::AzureDevOps => connections::AZURE_DEVOPS_NEEDS,
        Service::GitHub => connections::GITHUB_NEEDS,
        Service::GitLab => connections::GITLAB_NEEDS,
    }
}

fn test_view(tested: &CredentialTest) -> TestView {
    let (word, what, hint) = match tested {
        CredentialTest::Running => ("running", words::TESTING, ""),
        CredentialTest::Passed(sentence, _) => ("passed", sentence.as_str(), ""),
        CredentialTest::Failed { what, hint } => ("failed", what.as_str(), hint.as_str()),
    };
    TestView { word, what: what.to_owned(), hint: hint.to_owned() }
}

/// The phrase as the begin of a line.
fn capital(phrase: &str) -> String {
    let (first, rest) = phrase.split_at_checked(1).unwrap_or((phrase, ""));
    [&first.to_ascii_uppercase(), rest].concat()
}
