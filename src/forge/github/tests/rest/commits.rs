use super::*;

pub(in crate::forge::github::tests) const COMMIT: &str = r#"{
  "sha": "0a12da8c991f5b0e5e1ab4a0e31d43ffbbb3a1c2",
  "html_url": "https://github.com/contoso/trivia/commit/0a12da8c991f5b0e5e1ab4a0e31d43ffbbb3a1c2",
  "commit": {
    "message": "Ask twice\n\nOnce was not enough.",
    "author": {"name": "Mara Lind", "email": "mara.lind@contoso.example", "date": "2026-11-19T08:00:00Z"},
    "committer": {"name": "GitHub", "email": "noreply@github.com", "date": "2026-11-20T08:59:00Z"}
  },
  "author": {"login": "mara-lind", "avatar_url": "https://avatars.example/u/1", "html_url": "https://github.com/mara-lind",
             "url": "https://api.github.com/users/mara-lind"},
  "committer": null, "parents": [], "files": [{"filename": "src/main.rs", "status": "modified"}]
}"#;

#[test]
fn a_commit() {
    expect![[r#"
        Commit {
            id: "0a12da8c991f5b0e5e1ab4a0e31d43ffbbb3a1c2",
            message: Some(
                "Ask twice\n\nOnce was not enough.",
            ),
            author: Some(
                Person {
                    name: "Mara Lind",
                    email: Some(
                        "mara.lind@contoso.example",
                    ),
                    image: Some(
                        Link(
                            "https://avatars.example/u/1",
                        ),
                    ),
                    url: Some(
                        Link(
                            "https://github.com/mara-lind",
                        ),
                    ),
                },
            ),
            at: Some(
                Timestamp(
                    1795165140000,
                ),
            ),
            link: Some(
                Link(
                    "https://github.com/contoso/trivia/commit/0a12da8c991f5b0e5e1ab4a0e31d43ffbbb3a1c2",
                ),
            ),
        }
    "#]]
    .assert_debug_eq(&parse_commit(&ok(COMMIT)).unwrap());
}

#[test]
fn authors() {
    #[track_caller]
    fn check(written: &str, account: &str, expect: Option<(&str, bool)>) {
        let body = format!(r#"{{"sha": "0a12da8c", "commit": {{"author": {written}}}, "author": {account}}}"#);
        let author = parse_commit(&ok(&body)).unwrap().author;
        assert_eq!(author.as_ref().map(|a| (&*a.name, a.url.is_some())), expect, "{written} {account}");
    }
    let account = r#"{"login": "mara-lind", "html_url": "https://github.com/mara-lind"}"#;
    check(r#"{"name": "Mara Lind"}"#, account, Some(("Mara Lind", true)));
    check(r#"{"name": "Mara Lind"}"#, "null", Some(("Mara Lind", false)));
    check(r#"{"name": " "}"#, account, Some(("mara-lind", true)));
    check(r#"{"email": "m@contoso.example"}"#, "null", Some(("m@contoso.example", false)));
    check(r#"{"name": "Mara"}"#, r#"{"login": "m", "html_url": "javascript:alert(1)"}"#, Some(("Mara", false)));
    check("null", account, Some(("mara-lind", true)));
    check("null", "{}", None); // as GitHub sends for an account that is gone
    check("null", "null", None);
}
