//! `config.json` as it should be, and what is made of it.

mod refused;
mod schema;

use serde_json::json;

use super::*;
use crate::config::{Forge, SignInKind, Storage};

/// Every key there is.
fn whole() -> Value {
    json!({
        "$schema": "config.schema.json",
        "title": "Trivia",
        "refreshSeconds": 60,
        "idleDays": 21,
        "projects": [
            {
                "name": "trivia",
                "storage": {
                    "kind": "azure-table",
                    "endpoint": "https://triviastore.table.core.windows.net/",
                    "table": "deployments",
                    "partition": "trivia",
                    "sas": "?sv=2024-05-04&tn=deployments&sp=r&sig=topsecret"
                },
                "pipelines": { "kind": "azure-devops", "organization": "contoso", "project": "trivia game" },
                "manifests": { "kind": "github", "repository": "contoso/trivia-manifests", "branch": "refs/heads/main" }
            },
            {
                "name": "quiz",
                "storage": { "kind": "snapshot", "url": "data/snapshot.json?v=2" },
                "pipelines": {
                    "build": { "kind": "github", "repository": "contoso/quiz", "api": "http://127.0.0.1:9001" },
                    "release": {
                        "kind": "azure-devops", "organization": "c", "project": "p", "repository": "r", "branch": "b",
                        "api": "https://tfs.example/tfs/", "releaseApi": "https://vsrm.example"
                    },
                    "manifest": { "kind": "gitlab", "project": 1042, "branch": "main", "api": "https://git.example/api/v4/" }
                },
                "manifests": { "kind": "azure-devops", "organization": "c", "project": "p", "repository": "r" }
            }
        ],
        "rings": [
            { "name": "dev", "branches": ["develop"] },
            {
                "name": "prod", "title": "Production", "aliases": ["master"],
                "branches": ["main", "refs/heads/master"], "clusters": ["prod-east", "prod-west"]
            }
        ],
        "clusters": [{ "name": "prod-east", "match": "kustomization/apps/0c9c2e41" }],
        "columns": ["status", "mergedBy"],
        "links": [{ "title": "Logs", "url": "https://logs.example/?app={service}&env={ring}&tag={imageTag}" }],
        "avatars": ["https://pictures.example/"],
        "signIn": [
            { "kind": "entra", "clientId": "0f1e-2d", "tenant": "contoso.example", "authority": "https://login.example/" },
            { "kind": "gitlab", "clientId": "abc123", "url": "https://git.example" },
            { "kind": "github", "clientId": "Iv1.abc", "relay": "https://relay.example/token", "url": "https://gh.example" }
        ]
    })
}

/// The least there can be.
fn least() -> Value {
    json!({ "projects": [{ "name": "a", "storage": { "kind": "snapshot", "url": "s.json" } }] })
}

/// The usable configuration and its warnings.
#[track_caller]
fn good(value: &Value) -> (Config, Vec<Problem>) {
    parse(&value.to_string()).unwrap()
}

#[test]
fn tokens_of_entra_go_to_azure_alone() {
    #[track_caller]
    fn check(endpoint: &str, sas: Value, expect: bool) {
        let mut value = whole();
        value["projects"][0]["storage"]["endpoint"] = json!(endpoint);
        value["projects"][0]["storage"]["sas"] = sas;
        value["projects"][0]["storage"].as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let Storage::AzureTable(table) = good(&value).0.projects[0].storage.clone() else { panic!() };
        assert_eq!(table.has_sign_in, expect, "{endpoint}");
    }
    check("https://acct.table.core.windows.net", Value::Null, true);
    check("https://acct.table.core.usgovcloudapi.net", Value::Null, true);
    check("https://127.0.0.1:10002/devstoreaccount1", Value::Null, true);
    check("https://acct.table.core.windows.net", json!("sv=1&sp=r&sig=x"), false); // what the file brings goes first
    check("http://acct.table.core.windows.net", Value::Null, false);
    check("https://acct.table.core.windows.net.evil.example", Value::Null, false);
    check("https://tables.example", Value::Null, false);
}

#[test]
fn every_key_is_read() {
    let (config, warnings) = good(&whole());
    assert_eq!(warnings, []);
    assert_eq!(&*config.title, "Trivia");
    assert_eq!(config.refresh, Some(Duration::from_secs(60)));
    assert_eq!(config.idle, Some(days(21)));
    assert_eq!(config.columns, Some(vec![Column::Status, Column::MergedBy]));
    assert_eq!(config.clusters[0].name.as_str(), "prod-east");
    assert_eq!(&*config.clusters[0].pattern, "kustomization/apps/0c9c2e41");
    let kinds: Vec<_> = config.sign_in.iter().map(|s| (&s.kind, &*s.client_id, s.server.as_str())).collect();
    let relay = crate::http::address::Address::new("https://relay.example/token").unwrap();
    let [entra, gitlab, github] = kinds.as_slice() else { panic!() };
    assert_eq!(*entra, (&SignInKind::Entra { tenant: "contoso.example".into() }, "0f1e-2d", "https://login.example"));
    assert_eq!(*gitlab, (&SignInKind::GitLab, "abc123", "https://git.example"));
    assert_eq!(*github, (&SignInKind::GitHub { relay }, "Iv1.abc", "https://gh.example"));
    let [dev, prod] = config.rings.as_slice() else { panic!() };
    assert_eq!((dev.name.as_str(), dev.title.as_deref()), ("dev", None));
    assert_eq!((prod.name.as_str(), prod.title.as_deref()), ("prod", Some("Production")));
    assert_eq!(prod.branches, ["main".into(), "master".into()]);
    assert_eq!(prod.aliases, ["master".into()]);
    assert_eq!(prod.clusters.len(), 2);

    let [trivia, quiz] = config.projects.as_slice() else { panic!() };
    let Storage::AzureTable(table) = &trivia.storage else { panic!() };
    assert_eq!(&*table.endpoint, "https://triviastore.table.core.windows.net");
    assert_eq!(table.origin.as_str(), "https://triviastore.table.core.windows.net");
    assert_eq!((&*table.table, table.partition.as_deref()), ("deployments", Some("trivia")));
    let sas = table.sas.as_ref().unwrap();
    assert_eq!(sas.expose(), "sv=2024-05-04&tn=deployments&sp=r&sig=topsecret");
    assert_eq!(sas.origin(), &table.origin);
    assert!(!format!("{config:?}").contains("topsecret"));
    assert_eq!(quiz.storage, Storage::Snapshot { url: "data/snapshot.json?v=2".into() });
    // Of http only the page's own may be shown, and that is not for a file to say.
    assert_eq!(
        config.picture_origins(),
        [
            "https://avatars.githubusercontent.com",
            "https://api.github.com",
            "https://dev.azure.com",
            "https://git.example",
            "https://pictures.example",
            "https://secure.gravatar.com",
            "https://tfs.example",
        ]
        .map(str::to_owned)
        .into_iter()
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>()
    );
}

#[test]
fn forges_are_read() {
    /// The forge with its addresses.
    fn line(forge: &Forge) -> String {
        match forge {
            Forge::AzureDevOps(f) => {
                let (repository, branch) =
                    (f.repository.as_deref().unwrap_or("-"), f.branch.as_ref().map_or("-", |b| b.as_str()));
                let (api, releases) = (f.api.as_str(), f.release_api.as_str());
                format!("{} {} {repository} {branch} {api} {releases}", f.organization, f.project)
            }
            Forge::GitHub(f) => {
                format!("{} {} {}", f.repository, f.branch.as_ref().map_or("-", |b| b.as_str()), f.api.as_str())
            }
            Forge::GitLab(f) => {
                format!("{} {} {}", f.project, f.branch.as_ref().map_or("-", |b| b.as_str()), f.api.as_str())
            }
        }
    }
    #[track_caller]
    fn check(forge: Value, expect: &str) {
        let mut config = least();
        config["projects"][0]["pipelines"] = forge;
        let (config, _) = good(&config);
        let pipelines = config.projects[0].pipelines.as_ref().unwrap();
        assert_eq!(line(&pipelines.build), expect);
        assert_eq!(pipelines.build, pipelines.release);
        assert_eq!(pipelines.build, pipelines.manifest);
    }
    check(
        json!({ "kind": "azure-devops", "organization": "o", "project": "p q" }),
        "o p q - - https://dev.azure.com https://vsrm.dev.azure.com",
    );
    check(
        json!({ "kind": "azure-devops", "organization": "o", "project": "p", "api": "https://dev.azure.com/" }),
        "o p - - https://dev.azure.com https://vsrm.dev.azure.com",
    );
    check(
        json!({ "kind": "azure-devops", "organization": "o", "project": "p", "repository": "r", "api": "http://localhost:1/x/" }),
        "o p r - http://localhost:1/x http://localhost:1/x",
    );
    check(
        json!({ "kind": "azure-devops", "organization": "o", "project": "p", "branch": "b", "releaseApi": "http://localhost:2" }),
        "o p - b https://dev.azure.com http://localhost:2",
    );
    check(json!({ "kind": "github", "repository": "o/n" }), "o/n - https://api.github.com");
    check(json!({ "kind": "gitlab", "project": "g/s/n" }), "g/s/n - https://gitlab.com/api/v4");
    check(json!({ "kind": "gitlab", "project": 17, "branch": "b" }), "17 b https://gitlab.com/api/v4");

    let (config, _) = good(&whole());
    let pipelines = config.projects[1].pipelines.as_ref().unwrap();
    assert_eq!(line(&pipelines.build), "contoso/quiz - http://127.0.0.1:9001");
    assert_eq!(line(&pipelines.release), "c p r b https://tfs.example/tfs https://vsrm.example");
    assert_eq!(line(&pipelines.manifest), "1042 main https://git.example/api/v4");
    assert_eq!(
        line(config.projects[0].manifests.as_ref().unwrap()),
        "contoso/trivia-manifests main https://api.github.com"
    );
}

#[test]
fn what_is_absent_has_a_default() {
    let (config, warnings) = good(&least());
    assert_eq!(warnings, []);
    assert_eq!((&*config.title, config.refresh), ("Ringside", Some(Duration::from_secs(30))));
    assert_eq!((config.rings.len(), config.clusters.len(), config.links.len()), (0, 0, 0));
    assert_eq!(config.columns, None);
    assert_eq!((&config.projects[0].pipelines, &config.projects[0].manifests), (&None, &None));
}

/// Replaces one value of [`whole`]; `at` is a JSON pointer. `null` stands for taking the key out.
fn with(at: &str, value: Value) -> String {
    let mut config = whole();
    match (at.rsplit_once('/').unwrap(), value) {
        ((parent, key), Value::Null) => drop(config.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key)),
        ((parent, key), value) => match config.pointer_mut(parent).unwrap() {
            Value::Object(map) => drop(map.insert(key.to_owned(), value)),
            Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
            _ => panic!("{at}"),
        },
    }
    config.to_string()
}

#[test]
fn emulators_need_no_tls() {
    for endpoint in ["http://127.0.0.1:10002/devstoreaccount1", "http://localhost:10002/a", "http://[::1]:10002/a"] {
        let (config, warnings) = parse(&with("/projects/0/storage/endpoint", json!(endpoint))).unwrap();
        let Storage::AzureTable(table) = &config.projects[0].storage else { panic!() };
        assert_eq!((&*table.endpoint, warnings.len()), (endpoint, 0));
    }
}

#[test]
fn a_ring_may_repeat_itself() {
    let (config, warnings) = parse(&with("/rings/1/aliases", json!(["Prod", "PROD", "live"]))).unwrap();
    assert_eq!((config.rings[1].aliases.len(), warnings.len()), (3, 0));
}

#[test]
fn refresh_can_be_off() {
    assert_eq!(parse(&with("/refreshSeconds", json!(0))).unwrap().0.refresh, None);
    assert_eq!(parse(&with("/refreshSeconds", json!(5))).unwrap().0.refresh, Some(Duration::from_secs(5)));
}

#[test]
fn idle_rings_can_be_left_alone() {
    assert_eq!(parse(&with("/idleDays", Value::Null)).unwrap().0.idle, Some(days(14)));
    assert_eq!(parse(&with("/idleDays", json!(3650))).unwrap().0.idle, Some(days(3650)));
    assert_eq!(parse(&with("/idleDays", json!(0))).unwrap().0.idle, None);
    for (written, expect) in [(Value::Null, Some(4)), (json!(12), Some(12)), (json!(0), None)] {
        assert_eq!(
            parse(&with("/waitingHours", written)).unwrap().0.waiting_limit,
            expect.map(|n| crate::domain::time::minutes(60 * n))
        );
    }
}
