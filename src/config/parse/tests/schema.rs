//! The schema that editors read allows what the parser does.

use serde_json::json;

use super::*;
use crate::config::{forge, rings, sign_in, storage, views};

const SCHEMA: &str = include_str!("../../../../public/config.schema.json");

/// The schema and the parser name the same keys and words.
#[test]
fn the_schema_agrees() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    #[track_caller]
    fn keys(object: &Value, expect: &[&str]) {
        let mut found: Vec<&str> = object["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        let mut expect = expect.to_vec();
        found.sort_unstable();
        expect.sort_unstable();
        assert_eq!(found, expect);
        assert_eq!(object["additionalProperties"], json!(false));
    }
    let defs = &schema["$defs"];
    keys(&schema, &ROOT);
    keys(&defs["project"], &PROJECT);
    keys(&defs["azureTable"], &storage::AZURE_TABLE);
    keys(&defs["snapshot"], &storage::SNAPSHOT);
    keys(&defs["stages"], &forge::PIPELINES);
    keys(&defs["stageRules"], &forge::STAGE_RULES);
    keys(&defs["azureDevOps"], &forge::AZURE_DEVOPS);
    keys(&defs["gitHub"], &forge::GITHUB);
    keys(&defs["gitLab"], &forge::GITLAB);
    keys(&defs["ring"], &rings::RING);
    keys(&defs["cluster"], &rings::CLUSTER);
    keys(&defs["link"], &LINK);
    keys(&defs["view"], &views::VIEW);
    keys(&defs["team"], &views::TEAM);
    keys(&defs["signInEntra"], &sign_in::ENTRA);
    keys(&defs["signInGitLab"], &sign_in::GITLAB);
    keys(&defs["signInGitHub"], &sign_in::GITHUB);

    let kinds = |names: &[&str]| {
        names.iter().map(|n| defs[n]["properties"]["kind"]["const"].as_str().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&["azureTable", "snapshot"]), storage::KINDS);
    assert_eq!(kinds(&["azureDevOps", "gitHub", "gitLab"]), forge::KINDS);
    assert_eq!(kinds(&["signInEntra", "signInGitLab", "signInGitHub"]), sign_in::KINDS);
    assert_eq!(schema["properties"]["columns"]["items"]["enum"], json!(Column::ALL.map(Column::id)));
    let gaps = Gap::ALL.map(Gap::as_str).join("|");
    assert!(defs["link"]["properties"]["url"]["pattern"].as_str().unwrap().contains(&format!("({gaps})")));
    let properties = &schema["properties"];
    assert_eq!(properties["title"]["default"], json!(TITLE));
    assert_eq!(properties["refreshSeconds"]["default"], json!(REFRESH.as_secs()));
    assert_eq!(properties["idleDays"]["default"], json!(IDLE_DAYS));
    assert_eq!(properties["waitingHours"]["default"], json!(WAITING_HOURS));
}

/// What the schema requires, the parser misses, and what it does not, the parser does without.
#[test]
fn the_schema_requires_what_the_parser_misses() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    #[track_caller]
    fn check(object: &Value, at: &str) {
        for key in object["properties"].as_object().unwrap().keys() {
            let required = object["required"].as_array().unwrap().contains(&json!(key));
            let pointer = format!("{at}/{key}");
            if whole().pointer(&pointer).is_some() {
                assert_eq!(parse(&with(&pointer, Value::Null)).is_err(), required, "{pointer}");
            }
        }
    }
    let defs = &schema["$defs"];
    check(&schema, "");
    check(&defs["project"], "/projects/0");
    check(&defs["azureTable"], "/projects/0/storage");
    check(&defs["snapshot"], "/projects/1/storage");
    check(&defs["stages"], "/projects/1/pipelines");
    check(&defs["azureDevOps"], "/projects/1/pipelines/release");
    check(&defs["gitHub"], "/projects/0/manifests");
    check(&defs["gitLab"], "/projects/1/pipelines/manifest");
    check(&defs["ring"], "/rings/1");
    check(&defs["cluster"], "/clusters/0");
    check(&defs["link"], "/links/0");
    check(&defs["signInEntra"], "/signIn/0");
    check(&defs["signInGitLab"], "/signIn/1");
    check(&defs["signInGitHub"], "/signIn/2");
}
