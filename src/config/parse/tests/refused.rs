//! `config.json` as it should not be: the key, what was found, and what is allowed, in words.

use serde_json::json;

use super::*;
use crate::domain::problem::Severity;

/// The one error there should be begins with `what`, and its hint holds `hint`.
#[track_caller]
fn refused(at: &str, value: Value, what: &str, hint: &str) {
    let problems = parse(&with(at, value)).expect_err(at);
    let [problem] = problems.as_slice() else { panic!("{at}: {problems:#?}") };
    assert_eq!(
        (problem.area, problem.kind, problem.severity),
        (Area::Config, ProblemKind::Unreadable, Severity::Error)
    );
    assert!(problem.what.starts_with(what), "{:?} should begin with {what:?}", problem.what);
    assert!(problem.what.contains(" Line 1, column "), "{:?}", problem.what);
    assert!(problem.hint.contains(hint), "{:?} should hold {hint:?}", problem.hint);
    assert!(!format!("{problem:?}").contains("topsecret"), "{problem:?}");
}

#[test]
fn refused_at_the_top() {
    refused("/title", json!("  "), "title is empty.", "a text");
    refused("/title", json!(7), "title is 7.", "a text");
    for wrong in [json!(4), json!(3601), json!(-5), json!(7.5), json!("30")] {
        refused("/refreshSeconds", wrong.clone(), &format!("refreshSeconds is {wrong}."), "5 to 3600, or 0");
    }
    for wrong in [json!(3651), json!(-1), json!(1.5), json!("14")] {
        refused("/idleDays", wrong.clone(), &format!("idleDays is {wrong}."), "1 to 3650, or 0");
    }
    refused("/projects", Value::Null, "projects is missing.", "at least one project");
    refused("/projects", json!([]), "projects is an empty list.", "at least one project");
    refused("/projects", json!({}), "projects is an object.", "at least one project");
    refused("/projects/0", json!("trivia"), "projects[0] is \"trivia\".", "an object with name and storage");
    refused("/projects/1/name", json!("TRIVIA"), "projects[1].name is \"TRIVIA\".", "no other project");
    refused("/projects/1/name", Value::Null, "projects[1].name is missing.", "no other project");
    refused("/columns", json!([]), "columns is an empty list.", "at least one");
    refused("/columns", json!("status"), "columns is \"status\".", "\"mergedBy\"");
    refused("/columns/1", json!("colour"), "columns[1] is \"colour\".", "\"clusters\"");
    refused("/columns/1", json!("status"), "columns[1] is \"status\".", "each at most once");
    refused("/columns/1", json!(3), "columns[1] is 3.", "\"pr\"");
    refused(
        "/avatars/0",
        json!("http://pictures.example"),
        "avatars[0] is \"http://pictures.example\".",
        "https origins",
    );
    refused("/avatars/0", json!("https://a.example/me"), "avatars[0] is \"https://a.example/me\".", "https origins");
    refused("/links/0/url", json!("javascript:alert(1)"), "links[0].url is \"javascript:alert(1)\".", "http or https");
    refused("/links/0/url", json!("https://x/{tag}"), "links[0].url has the placeholder {tag}", "{imageTag}");
    refused("/links/0/url", json!("https://x/{ring"), "links[0].url has a brace", "%7B");
    refused("/links/0/title", Value::Null, "links[0].title is missing.", "a text");
    refused("/links", json!({}), "links is an object.", "a list");
    refused("/clusters/0/match", Value::Null, "clusters[0].match is missing.", "sync signal");
    refused("/clusters/0/name", json!(""), "clusters[0].name is empty.", "name");
    refused("/signIn", json!({}), "signIn is an object.", "a list");
    refused("/signIn/0/kind", json!("okta"), "signIn[0].kind is \"okta\".", "\"entra\"");
    refused("/signIn/0/clientId", json!("a b"), "signIn[0].clientId is \"a b\".", "client id");
    refused("/signIn/0/tenant", json!("../x"), "signIn[0].tenant is \"../x\".", "directory");
    refused("/signIn/0/authority", json!("login"), "signIn[0].authority is \"login\".", "http or https");
    refused("/signIn/2/relay", Value::Null, "signIn[2].relay is missing.", "https://relay.example.com");
    let gitlab = json!({ "kind": "gitlab", "clientId": "a", "url": "https://git.example" });
    refused("/signIn/2", gitlab, "signIn[2] signs in where one before it does.", "one registration");
}

#[test]
fn refused_rings() {
    refused("/rings", json!("dev"), "rings is \"dev\".", "a list");
    refused("/rings/0/name", Value::Null, "rings[0].name is missing.", "no other ring");
    refused("/rings/0/name", json!("PROD"), "rings[1].name is \"prod\".", "no other ring");
    refused("/rings/0/aliases", json!(["Master"]), "rings[1].aliases[0] is \"master\".", "no other ring");
    refused("/rings/1/aliases/0", json!("DEV"), "rings[1].aliases[0] is \"DEV\".", "no other ring");
    refused("/rings/1/branches", json!("main"), "rings[1].branches is \"main\".", "a list of branches");
    refused("/rings/1/clusters/0", json!(1), "rings[1].clusters[0] is 1.", "a list of names of clusters");
}

#[test]
fn refused_storage() {
    let storage = |key: &str| format!("/projects/0/storage/{key}");
    refused("/projects/0/storage", Value::Null, "projects[0].storage is missing.", "azure-table");
    refused(
        &storage("kind"),
        json!("azure"),
        "projects[0].storage.kind is \"azure\".",
        "\"azure-table\", \"snapshot\"",
    );
    refused(&storage("kind"), Value::Null, "projects[0].storage.kind is missing.", "\"snapshot\"");
    for wrong in ["de", "1st", "my-table", "tablé", &"x".repeat(64)] {
        refused(&storage("table"), json!(wrong), "projects[0].storage.table is \"", "3 to 63 letters and digits");
    }
    refused(&storage("partition"), json!(3), "projects[0].storage.partition is 3.", "PartitionKey");

    #[track_caller]
    fn endpoint(address: &str, what: &str, hint: &str) {
        refused("/projects/0/storage/endpoint", json!(address), &format!("projects[0].storage.endpoint {what}"), hint);
    }
    endpoint("ftp://a.example", "is \"ftp://a.example\".", "https://ACCOUNT.table");
    endpoint("triviastore.table.core.windows.net", "is \"triviastore.table", "https://ACCOUNT.table");
    endpoint(
        "https://a.table.core.windows.net?sv=1&sig=topsecret",
        "is \"https://a.table.core.windows.net\" and a query",
        "storage.sas",
    );
    endpoint("a.table.core.windows.net?sv=1&sig=topsecret", "is a text that holds a secret.", "https://ACCOUNT");
    endpoint(
        "https://a.table.cosmos.azure.com:443/",
        "is \"https://a.table.cosmos.azure.com:443/\", a Cosmos DB account.",
        "has no CORS",
    );
    endpoint(
        "https://A.table.cosmosdb.azure.com",
        "is \"https://A.table.cosmosdb.azure.com\", a Cosmos DB account.",
        "has no CORS",
    );
    endpoint(
        "https://a.blob.core.windows.net",
        "is \"https://a.blob.core.windows.net\", the blob service",
        "https://a.table.core.windows.net.",
    );
    endpoint(
        "https://a.table.core.windows.net/deployments",
        "is \"https://a.table.core.windows.net/deployments\", which goes on",
        "storage.table",
    );

    let sas =
        |value: Value, what: &str| refused(&storage("sas"), value, &format!("projects[0].storage.sas {what}"), "");
    sas(json!(""), "is empty or no text.");
    sas(json!(["topsecret"]), "is empty or no text.");
    sas(json!("AccountName=a;AccountKey=topsecret=="), "is an account's key");
    sas(json!(format!("{}==", "topsecret".repeat(10).get(..86).unwrap())), "is an account's key");
    sas(json!("https://a.table.core.windows.net/deployments?sv=1"), "is an address without a signature (sig).");

    for wrong in
        ["https://a.example/s.json", "//a.example/s.json", "/\\a.example", "\t/\t/a", "data:text/plain,x", "a//b"]
    {
        refused("/projects/1/storage/url", json!(wrong), "projects[1].storage.url is \"", "next to index.html");
    }
}

#[test]
fn refused_forges() {
    let pipelines = |key: &str| format!("/projects/0/pipelines/{key}");
    refused("/projects/0/pipelines", json!("github"), "projects[0].pipelines is \"github\".", "a forge each");
    refused("/projects/0/pipelines", json!({}), "projects[0].pipelines.kind is missing.", "a forge each");
    refused(
        &pipelines("kind"),
        json!("gitea"),
        "projects[0].pipelines.kind is \"gitea\".",
        "\"azure-devops\", \"github\", \"gitlab\"",
    );
    refused(&pipelines("organization"), Value::Null, "projects[0].pipelines.organization is missing.", "ORG");
    refused(
        &pipelines("organization"),
        json!("https://dev.azure.com/contoso"),
        "projects[0].pipelines.organization is",
        "ORG",
    );
    refused(&pipelines("project"), json!("a/b"), "projects[0].pipelines.project is", "PROJECT");
    refused(&pipelines("api"), json!("localhost"), "projects[0].pipelines.api is \"localhost\".", "http or https");
    refused(&pipelines("releaseApi"), json!("https://x?y"), "projects[0].pipelines.releaseApi is", "without a query");
    refused(
        "/projects/1/pipelines/release",
        Value::Null,
        "projects[1].pipelines.release is missing.",
        "an object with a kind",
    );
    refused("/projects/1/pipelines/build/kind", json!(1), "projects[1].pipelines.build.kind is 1.", "\"gitlab\"");
    refused(
        "/projects/1/pipelines/manifest/project",
        json!(-1),
        "projects[1].pipelines.manifest.project is -1.",
        "GROUP/NAME",
    );
    for wrong in ["trivia", "a/b/c", "/b", "a/", "https://github.com/a/b", "a/.."] {
        refused(
            "/projects/0/manifests/repository",
            json!(wrong),
            "projects[0].manifests.repository is \"",
            "OWNER/NAME",
        );
    }
    refused(
        "/projects/1/manifests/repository",
        Value::Null,
        "projects[1].manifests.repository is missing.",
        "manifests",
    );
    refused("/projects/1/manifests/branch", json!([]), "projects[1].manifests.branch is a list.", "branch");
}

#[test]
fn every_mistake_is_named_at_once() {
    let config = json!({
        "refreshSecond": 5,
        "refreshSeconds": "often",
        "projects": [
            { "name": 1, "storage": { "kind": "azure-table", "endpoint": "x", "tabel": "deployments" } },
            { "name": "b", "storage": {}, "pipelines": { "build": {}, "manifest": { "kind": "github" } } }
        ]
    });
    let problems = parse(&config.to_string()).unwrap_err();
    let key = |what: &str| {
        what.trim_start_matches("Unknown key ").split(' ').next().map(|key| key.trim_matches(['"', '.']).to_owned())
    };
    let keys: Vec<String> = problems.iter().filter_map(|p| key(&p.what)).collect();
    assert_eq!(
        keys,
        [
            "refreshSeconds",
            "projects[0].name",
            "projects[0].storage.endpoint",
            "projects[0].storage.table",
            "projects[1].storage.kind",
            "projects[1].pipelines.build.kind",
            "projects[1].pipelines.release",
            "projects[1].pipelines.manifest.repository",
            "refreshSecond",
            "projects[0].storage.tabel",
        ]
    );
    assert_eq!(problems[8].hint, "Did you mean \"refreshSeconds\"?");
    assert_eq!(problems[9].hint, "Did you mean \"table\"?");
}

#[test]
fn warnings() {
    #[track_caller]
    fn check(at: &str, value: Value, what: &str, hint: &str) {
        let (_, warnings) = parse(&with(at, value)).unwrap();
        let [warning] = warnings.as_slice() else { panic!("{at}: {warnings:#?}") };
        assert_eq!((warning.area, warning.severity), (Area::Config, Severity::Warning));
        assert!(warning.what.starts_with(&format!("{what} Line 1, column ")), "{:?}", warning.what);
        assert!(warning.hint.contains(hint), "{:?} should hold {hint:?}", warning.hint);
        assert!(!format!("{warning:?}").contains("topsecret"), "{warning:?}");
    }
    check("/tittle", json!("x"), "Unknown key \"tittle\".", "Did you mean \"title\"?");
    check("/colour", json!("x"), "Unknown key \"colour\".", "\"columns\"");
    check("/projects/0/storage/SAS", json!("topsecret"), "Unknown key \"projects[0].storage.SAS\".", "\"sas\"?");
    check("/projects/0/pipelines/build", json!({}), "Unknown key \"projects[0].pipelines.build\".", "Known here");
    check("/rings/0/branch", json!([]), "Unknown key \"rings[0].branch\".", "\"branches\"?");
    let http = "http://10.0.0.7/acct";
    check(
        "/projects/0/storage/endpoint",
        json!(http),
        "projects[0].storage.endpoint is http, not https.",
        "can be read",
    );
    check("/projects/0/manifests/api", json!(http), "projects[0].manifests.api is http, not https.", "can be read");
    check("/rings/0/branches", json!(["MAIN"]), "rings[1].branches[0] is a branch of another ring too.", "rings[0]");
}

#[test]
fn what_is_no_json() {
    #[track_caller]
    fn check(text: &str, at: &str, hint: &str) {
        let problems = parse(text).unwrap_err();
        let [problem] = problems.as_slice() else { panic!("{problems:?}") };
        assert!(
            problem.what.starts_with("config.json is not valid JSON: ") && problem.what.contains(at),
            "{problem:?}"
        );
        assert!(problem.hint.contains(hint), "{problem:?}");
        assert!(!format!("{problem:?}").contains("topsecret"), "{problem:?}");
    }
    check("", "line 1, column 0", "empty");
    check("  \n", "line ", "empty");
    check("{\n  \"title\": \"topsecret\"", "line 2", "ends too early");
    check("{\n  // the title\n  \"title\": \"a\" }", "line 2, column 3", "no comments");
    check("{ \"title\": \"a\", /* x */ }", "line 1, column 17", "no comments");
    check("{ 'title': \"topsecret\" }", "line 1, column 3", "straight double quotes");
    check("{ “title”: \"topsecret\" }", "line 1, column 3", "straight double quotes");
    check("{ \"title\": \"topsecret\", }", "line 1, column 25", "comma before it");
    check("{ \"a\": [1, 2,] }", "line 1, column 14", "comma before it");
    check("{ \"a\": 1 \"b\": 2 }", "line 1, column 10", "missing before it");
    check("{ title: 1 }", "line 1, column 3", "Usual causes");
    check("{ \"a\": \"C:\\new\\x\" }", "line 1, column 16", "Usual causes");
    check("{} {}", "line 1, column 4", "Usual causes");
}

#[test]
fn json_that_is_no_object() {
    let problems = parse("[]").unwrap_err();
    assert_eq!(problems[0].what, "config.json is a list. Line 1, column 1.");
}

#[test]
fn mistakes_are_located() {
    let text = "{\n  \"refreshSeconds\": 4,\n  \"projects\": [\n    { \"name\": \"ä\", \"storage\": { \"kind\": \"sql\" } }\n  ]\n}";
    let problems = parse(text).unwrap_err();
    let found: Vec<&str> = problems.iter().map(|p| p.what.as_str()).collect();
    let expect = ["refreshSeconds is 4. Line 2, column 21.", "projects[0].storage.kind is \"sql\". Line 4, column 41."];
    assert_eq!(found, expect);
}

#[test]
fn what_is_shown_is_bounded() {
    // So few that a missing bound fails at once: each problem that is made is looked for in the text. A file of 5 MB is
    // for the browser's tests.
    const MANY: usize = 1_500;
    let mut config = least();
    for n in 0..MANY {
        config[format!("k{n}")] = json!(n);
    }
    let (_, warnings) = parse(&config.to_string()).unwrap();
    assert_eq!(warnings.len(), 11);
    assert_eq!(warnings[10].what, "config.json has 1,490 more of these.");
    assert!(warnings.iter().all(|w| w.severity == Severity::Warning));

    let mut config = least();
    config["rings"] = (0..MANY).map(|n| json!({ "name": format!("r{}", n / 2) })).collect();
    assert_eq!(parse(&config.to_string()).unwrap_err().len(), 11);

    config["title"] = "x".repeat(1 << 20).into();
    let problems = parse(&config.to_string()).unwrap_err();
    assert!(problems[0].what.contains("bytes.") && problems[0].hint == "Allowed: at most 1,048,576.", "{problems:?}");
}
