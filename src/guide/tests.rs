use expect_test::expect;

use super::*;
use crate::config::parse::parse;

fn draft() -> Draft {
    let mut draft = Draft::default();
    let project = draft.project_mut();
    project.name = "trivia".into();
    project.storage.endpoint = "https://triviastore.table.core.windows.net".into();
    project.storage.table = "deployments".into();
    project.pipelines =
        Some(ForgeDraft { organization: "contoso".into(), project: "trivia".into(), ..ForgeDraft::default() });
    project.manifests =
        Some(ForgeDraft { kind: ForgeKind::Github, repository: "contoso/manifests".into(), ..ForgeDraft::default() });
    draft.rings = ["dev", "qa", "prod"].map(|name| RingDraft::new(name.into())).into();
    draft
}

#[test]
fn becomes_a_configuration() {
    let draft = draft();
    let text = draft.to_config(None);
    expect![[r#"
        {
          "projects": [
            {
              "name": "trivia",
              "storage": {
                "kind": "azure-table",
                "endpoint": "https://triviastore.table.core.windows.net",
                "table": "deployments"
              },
              "pipelines": {
                "kind": "azure-devops",
                "organization": "contoso",
                "project": "trivia"
              },
              "manifests": {
                "kind": "github",
                "repository": "contoso/manifests"
              }
            }
          ],
          "rings": [
            {
              "name": "dev"
            },
            {
              "name": "qa"
            },
            {
              "name": "prod"
            }
          ]
        }"#]]
    .assert_eq(&text);
    let (config, problems) = parse(&text).unwrap();
    assert_eq!((config.projects.len(), problems), (1, Vec::new()));
    assert_eq!(Draft::from_config(&text), Some(draft));
}

#[test]
fn an_example_is_a_configuration() {
    assert!(parse(&Draft::default().or_example().to_config(None)).is_ok());
    assert_eq!(draft().or_example(), draft());
}

#[test]
fn holds_a_sas_on_request_alone() {
    let mut draft = draft();
    assert!(!draft.to_config(None).contains("sas"));
    let text = draft.to_config(Some("sv=1&sig=topsecret"));
    assert!(text.contains("topsecret") && parse(&text).is_ok());
    assert_eq!(Draft::from_config(&text).unwrap().to_config(None).matches("topsecret").count(), 1, "it is in the file");
    draft.add_project(Some("sv=1&sig=topsecret"));
    assert!(draft.to_config(None).contains("topsecret") && !draft.to_shown_config().contains("topsecret"));
}

const EXISTING: &str = r#"{
    "title": "Shop", "refreshSeconds": 60, "columns": ["status"],
    "projects": [
        { "name": "a", "storage": { "kind": "snapshot", "url": "a.json" } },
        {
            "name": "b", "storage": { "kind": "azure-table", "endpoint": "https://x", "table": "rows", "sas": "sig=topsecret" },
            "pipelines": { "kind": "github", "repository": "o/r", "branch": "main" }
        },
        { "name": "c", "storage": { "kind": "azure-table", "endpoint": "https://x", "table": "rows" } }
    ],
    "rings": [{ "name": "prod", "aliases": ["master"], "clusters": ["east"] }]
}"#;

#[test]
fn a_project_is_added_to_a_configuration_and_nothing_else_of_it_changes() {
    let mut draft = Draft::to_extend(EXISTING).unwrap();
    let same = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!(same(&draft.to_config(None)), same(EXISTING));
    draft.project_mut().name = "d".into();
    draft.project_mut().storage.table = "rows".into();
    draft.move_ring(0, 0);
    let mut expect = same(EXISTING);
    let added =
        serde_json::json!({ "name": "d", "storage": { "kind": "azure-table", "endpoint": "", "table": "rows" } });
    expect["projects"].as_array_mut().unwrap().push(added);
    assert_eq!(same(&draft.to_config(None)), expect);
    assert!(!draft.to_shown_config().contains("topsecret"), "it is not shown");
    assert_eq!(Draft::from_config(&draft.to_config(None)), Some(draft));
    for nothing in ["", "[]", "{"] {
        assert_eq!(Draft::to_extend(nothing), None, "{nothing}");
    }
}

#[test]
fn projects_that_are_done_can_be_gone_on_with_and_taken_out() {
    let mut draft = Draft::to_extend(EXISTING).unwrap();
    let names = |draft: &Draft| {
        draft.others().iter().map(|o| format!("{}{}", o.name, if o.can_edit { "+" } else { "" })).collect::<Vec<_>>()
    };
    assert_eq!(names(&draft), ["a", "b", "c+"], "a file, and what has a branch and a SAS, is for an editor");
    draft.edit_project(0);
    assert_eq!(names(&draft).len(), 3);
    draft.edit_project(2);
    assert_eq!((draft.project().name.as_str(), names(&draft).len()), ("c", 2));
    draft.add_project(None);
    assert_eq!((draft.project(), names(&draft)), (&ProjectDraft::default(), vec!["a".into(), "b".into(), "c+".into()]));
    draft.add_project(None);
    assert_eq!(names(&draft).len(), 3, "nothing was entered");
    draft.remove_project(1);
    draft.remove_project(7);
    assert_eq!(names(&draft), ["a", "c+"]);
    assert_eq!(Draft::from_config(&draft.to_config(None)).unwrap().project().name, "c");
}

#[test]
fn rings_are_ordered_and_get_clusters() {
    let mut draft = draft();
    let names = |draft: &Draft| draft.rings.iter().map(|r| r.name.clone()).collect::<Vec<_>>().join(" ");
    draft.move_ring(2, 0);
    assert_eq!(names(&draft), "prod dev qa");
    draft.move_ring(0, 3);
    assert_eq!(names(&draft), "prod dev qa", "there is no such place");
    draft.place_cluster("east", "prod");
    draft.place_cluster("east", "qa");
    assert_eq!(draft.rings[0].clusters, Vec::<String>::new());
    assert_eq!(draft.rings[2].clusters, ["east"]);
    draft.place_cluster("east", "");
    assert!(draft.rings.iter().all(|r| r.clusters.is_empty()));
}
