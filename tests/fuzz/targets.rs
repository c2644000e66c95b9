//! Every parser with any bytes: none panics, and what each promises of what it reads holds.
//!
//! `fuzz/` hands these the bytes that a fuzzer makes up, `main.rs` the cases that are kept of that.

use ringside::{
    config::{Config, Forge, Storage, link::LinkTemplate, load, parse},
    domain::{
        fact::Fact,
        id::{CommitId, ProjectName, PullRequestId, RunId},
        link::Link,
        project::ProjectId,
        time::Timestamp,
    },
    engine::cache::{CacheWrite, CachedFact, FactCache},
    forge::{self, Call, Demand, PlanContext, RepoResource, Repositories, Resource, ResourceKey},
    guide::{self, Draft},
    http::{Origin, Response, address::Address, decode, encode, secret::Secret},
    model::{assemble, query, rings::RingNames, store::Store, sync::Syncs},
    route,
    storage::{
        azure_table,
        page::RowsPage,
        row::{Field, Row},
        sas::Sas,
        snapshot,
    },
};

/// A target by its name.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// All of them.
pub(crate) const TARGETS: [Target; 12] = [
    ("address", address),
    ("azure_devops", azure_devops),
    ("cache", cache),
    ("config", config),
    ("github", github),
    ("gitlab", gitlab),
    ("guide", guide),
    ("query", query),
    ("route", route),
    ("rows", rows),
    ("sas", sas),
    ("snapshot", snapshot),
];

/// No field of a row is longer, whatever a table holds.
const LONGEST_FIELD: usize = 40_000;

fn text(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}

fn answer(status: u16, data: &[u8]) -> Response {
    Response { status, headers: Vec::new(), body: data.to_vec() }
}

/// What a link leads to is a web page, and nothing in it cannot be seen.
fn check_link(link: &Link) {
    let link = link.as_str().to_ascii_lowercase();
    assert!(link.starts_with("https://") || link.starts_with("http://"), "{link}");
    assert!(!link.contains(|c: char| c.is_control() || c.is_whitespace()), "{link:?}");
}

/// One page of the table service, or its refusal, with what people read of that.
pub(crate) fn rows(data: &[u8]) {
    let Some((&first, body)) = data.split_first() else { return };
    let status = [200, 400, 403, 404, 500][usize::from(first % 5)];
    let open = || azure_table::open_rows(answer(status, body));
    match (open(), open()) {
        (Ok(one), Ok(other)) => compare_steps(one, other),
        (Err(error), Err(_)) => {
            let table = match &sample_config().projects[0].storage {
                Storage::AzureTable(table) => table.clone(),
                _ => return,
            };
            let problem = azure_table::explain(&error, &table, "https://page.example");
            assert!(problem.what.len() + problem.hint.len() < 20_000, "{}", problem.what.len());
        }
        _ => panic!("an answer is opened in one way"),
    }
}

/// A file of rows.
pub(crate) fn snapshot(data: &[u8]) {
    let open = || snapshot::open_rows(answer(200, data));
    if let (Ok(one), Ok(other)) = (open(), open()) {
        compare_steps(one, other);
    }
}

/// Rows read a few at a time are those read all at once, and the store shows each of them.
fn compare_steps(mut one: RowsPage, mut other: RowsPage) {
    let names = ProjectName::new("trivia").into_iter().collect();
    let (mut store, mut syncs) = (Store::new(names, RingNames::default()), Syncs::default());
    let mut prints = Vec::new();
    let end = read(&mut one, 3, &mut |row| {
        prints.push(row.fingerprint());
        let longest = Field::ALL.iter().map(|&field| row.get(field).len()).max();
        assert!(longest.is_none_or(|longest| longest <= LONGEST_FIELD), "{longest:?}");
        if row.is_sync() {
            syncs.put(ProjectId::at(0), row);
        } else {
            store.put(ProjectId::at(0), row);
        }
    });
    let mut others = Vec::new();
    let other_end = read(&mut other, usize::MAX, &mut |row| others.push(row.fingerprint()));
    assert_eq!((prints, end), (others, other_end));
    store.rebuild();
    let mut delta = store.take_delta();
    syncs.follow(&store, &mut delta);
    for slot in store.all_slots().filter(|&slot| store.is_live(slot)) {
        let deployment = assemble::assemble(&store, slot, Vec::new());
        assert!(deployment.is_some());
    }
}

fn read(page: &mut RowsPage, limit: usize, each: &mut dyn FnMut(&Row<'_>)) -> Result<(), String> {
    loop {
        match page.read(limit, each) {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(error) => return Err(format!("{error:?}")),
        }
    }
}

/// A SAS as it is pasted: its signature is never shown.
pub(crate) fn sas(data: &[u8]) {
    let pasted = text(data);
    let origin = Origin::of("https://account.table.core.windows.net").unwrap();
    let secret = Secret::new(origin, &pasted);
    let sas = Sas::read(&secret);
    let signature = pasted.split(['&', '?']).find_map(|pair| pair.strip_prefix("sig="));
    // What stands elsewhere too is described there.
    let signature = signature.filter(|sig| sig.len() > 12 && pasted.matches(*sig).count() == 1);
    for finding in sas.check("deployments", true, Timestamp::from_millis(1_795_000_000_000)) {
        let text = format!("{} {}", finding.what, finding.hint);
        assert!(signature.is_none_or(|signature| !text.contains(signature)), "{text}");
    }
}

/// `config.json`.
pub(crate) fn config(data: &[u8]) {
    match load::from_response(&Ok(answer(200, data))) {
        load::Loaded::Ready(config, problems) => {
            assert!(!config.projects.is_empty() && problems.len() <= 60, "{}", problems.len());
        }
        load::Loaded::Invalid(problems) => {
            assert!(!problems.is_empty() && problems.len() <= 60, "{}", problems.len());
        }
        load::Loaded::Sample | load::Loaded::Unavailable(..) => {}
    }
}

/// What is typed into the search box.
pub(crate) fn query(data: &[u8]) {
    let q = text(data);
    let terms = query::parse(&q);
    assert_eq!(query::parse(&query::print(&terms)), terms, "{q:?}");
    for cursor in 0..=q.len().min(200) {
        let context = query::suggest(&q, cursor);
        let (new, cursor) = query::complete(&q, &context, "production");
        assert!(new.is_char_boundary(cursor), "{q:?} {cursor}");
    }
}

/// The address of the page.
pub(crate) fn route(data: &[u8]) {
    let route = route::parse(&text(data));
    let printed = route::print(&route);
    assert_eq!(route::parse(&printed), route, "{printed:?}");
    assert!(!printed.contains(['<', '>', '"', ' ', '#', '\n']), "{printed:?}");
}

/// Addresses: of services, of links, and templates of them.
pub(crate) fn address(data: &[u8]) {
    let text = text(data);
    if let Some(link) = Link::new(&text) {
        check_link(&link);
        assert!(link.origin().contains("://"));
    }
    if let Ok(address) = Address::new(&text) {
        assert_eq!(Some(address.origin()), Origin::of(address.as_str()).as_ref(), "{text:?}");
        assert!(!address.host().contains('@') && address.path().chars().next().is_none_or(|c| c == '/'), "{text:?}");
    }
    if let Ok(template) = LinkTemplate::new("Logs", &text)
        && let Some(link) = template.fill(|_| Some("\u{202e}\"<x> &#/../"))
    {
        check_link(&link);
    }
    assert_eq!(decode(&encode(&text), false), text);
}

/// What is pasted into the guide, and a configuration that it takes over.
pub(crate) fn guide(data: &[u8]) {
    let text = text(data);
    if let Ok(pasted) = guide::address::read(&text)
        && let Some(endpoint) = pasted.endpoint
    {
        assert!(Origin::of(&endpoint).is_some(), "{endpoint}");
    }
    let draft = Draft::from_config(&text).unwrap_or_default();
    let written = draft.or_example().to_config(None);
    assert!(serde_json::from_str::<serde_json::Value>(&written).is_ok(), "{written}");
    let _ = guide::recognize::forge([text.as_str()], true);
}

/// What the browser kept.
pub(crate) fn cache(data: &[u8]) {
    let chunk = |bytes: Vec<u8>| vec![("000000000000001-00000000".to_owned(), bytes)];
    let known = FactCache::new(1).restore(chunk([b"ringside 1\n", data].concat()));
    for fact in &known {
        check_fact(&fact.fact);
    }
    // What is read is written as it was.
    let mut cache = FactCache::new(1);
    let now = Timestamp::from_millis(1_795_000_000_000);
    known.iter().for_each(|fact: &CachedFact| cache.add(fact.clone(), now));
    let written = cache.take(now).into_iter().flat_map(|write| match write {
        CacheWrite::Write { bytes, .. } => FactCache::new(1).restore(chunk(bytes)),
        CacheWrite::Delete { .. } => Vec::new(),
    });
    let written: Vec<CachedFact> = written.collect();
    let missing = known.iter().find(|fact| !written.contains(fact));
    assert!(missing.is_none() || known.len() > 512, "{missing:?}");
}

fn check_fact(fact: &Fact) {
    match fact {
        Fact::Run(run) => run.link.iter().for_each(check_link),
        Fact::Commit(commit) => commit.link.iter().for_each(check_link),
        Fact::PullRequest(pull) => pull.link.iter().for_each(check_link),
        Fact::Project { web, .. } => check_link(web),
        _ => {}
    }
}

/// Answers of Azure DevOps: the first byte selects to what.
pub(crate) fn azure_devops(data: &[u8]) {
    forge_answer(0, data);
}

/// Answers of GitHub.
pub(crate) fn github(data: &[u8]) {
    forge_answer(1, data);
}

/// Answers of GitLab.
pub(crate) fn gitlab(data: &[u8]) {
    forge_answer(2, data);
}

fn forge_answer(nth: usize, data: &[u8]) {
    thread_local!(static CALLS: Vec<(Forge, Vec<Call>)> = calls());
    let [kind, status, body @ ..] = data else { return };
    CALLS.with(|all| {
        let (at, calls) = &all[nth];
        let call = &calls[usize::from(*kind) % calls.len()];
        let status = [200, 200, 200, 403, 404, 429, 500][usize::from(*status % 7)];
        let response = answer(status, body);
        let read = forge::read(call, &response);
        let error = match read {
            Ok(answer) => {
                answer.facts.iter().chain(&answer.besides).for_each(|(_, fact)| check_fact(fact));
                forge::parse_test(at.service(), &response).err()
            }
            Err(error) => Some(error),
        };
        if let Some(error) = error {
            let (what, hint) = forge::explain(&error, at, call.reads(), true);
            assert!(what.len() + hint.len() < 20_000, "{}", what.len());
        }
    });
}

/// Every call that a forge is asked by, one for each kind of thing, with and without a token, alone and with others.
fn calls() -> Vec<(Forge, Vec<Call>)> {
    let config = sample_config();
    let pipelines = config.projects[0].pipelines.as_ref().unwrap();
    let forges = [&pipelines.build, &pipelines.release, &pipelines.manifest];
    forges.map(|forge| (forge.clone(), calls_of(forge))).into()
}

fn calls_of(forge: &Forge) -> Vec<Call> {
    let mut repositories = Repositories::default();
    let repo = repositories.intern(forge.clone());
    let commit = |id: &str| CommitId::new(id).unwrap();
    let (a, b) =
        (commit("0a12da8c991f5b0e5e1ab4a0e31d43ffbbb3a1c2"), commit("1b12da8c991f5b0e5e1ab4a0e31d43ffbbb3a1c2"));
    let run = |id: &str| RunId::new(id).unwrap();
    let mut keys: Vec<Resource> = [
        RepoResource::Head(None),
        RepoResource::Head(Some("main".into())),
        RepoResource::History(a.clone()),
        RepoResource::Parents(a.clone()),
        RepoResource::Tags("flux-".into(), 1),
        RepoResource::TagObject("cccccccccccccccccccccccccccccccccccccccc".into()),
        RepoResource::Statuses(a.clone(), 1),
        RepoResource::Environments(1),
        RepoResource::Environment("prod".into()),
        RepoResource::Outcome("7".into()),
        RepoResource::Contains(a.clone(), b.clone()),
        RepoResource::Between(a.clone(), b.clone()),
        RepoResource::Branch("main".into()),
        RepoResource::BranchPullRequest("main".into()),
    ]
    .map(Resource::Repo)
    .into();
    keys.extend([Resource::Run(run("7")), Resource::Run(run("8")), Resource::Release(run("9")), Resource::Project]);
    keys.extend(["12", "13"].map(|id| Resource::PullRequest(PullRequestId::new(id).unwrap())));
    let mut keys: Vec<ResourceKey> = keys.into_iter().map(|resource| ResourceKey { repo, resource }).collect();
    keys.extend([&a, &b].map(|id| ResourceKey::commit(repo, id).unwrap()));
    let mut calls = Vec::new();
    for has_token in [true, false] {
        let context = PlanContext { repositories: &repositories, has_token };
        for (parts, individually, otherwise) in
            [(false, false, false), (true, false, false), (false, true, false), (false, false, true)]
        {
            let demand = |key| Demand {
                key,
                parts,
                batch_limit: None,
                individually,
                otherwise,
                etag: None,
                commit: Some(&a),
                repository: Some("trivia"),
            };
            let all: Vec<Demand<'_>> = keys.iter().map(demand).collect();
            for nth in 0..all.len() {
                calls.extend(forge::plan(&all[nth..=nth], &context, &[]));
                calls.extend(forge::plan(&all[nth..], &context, &[]));
            }
        }
    }
    assert!(calls.len() > 20);
    calls
}

fn sample_config() -> Config {
    let text = r#"{ "projects": [{ "name": "trivia",
        "storage": { "kind": "azure-table", "endpoint": "https://account.table.core.windows.net", "table": "deployments" },
        "pipelines": { "build": { "kind": "azure-devops", "organization": "contoso", "project": "trivia", "repository": "trivia" },
                       "release": { "kind": "github", "repository": "contoso/trivia" },
                       "manifest": { "kind": "gitlab", "project": "1042" } } }] }"#;
    parse::parse(text).unwrap().0
}
