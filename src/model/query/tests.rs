//! What is read from the search box, table by table.

use proptest::prelude::*;

use super::*;

#[test]
fn facets() {
    #[track_caller]
    fn check(word: &str, expect: Option<Facet>) {
        assert_eq!(Facet::from_word(word), expect, "{word}");
    }
    for facet in Facet::ALL {
        check(facet.as_str(), Some(facet));
    }
    check("Type", Some(Facet::Kind));
    check("ENV", Some(Facet::Ring));
    check("kind", None);
    check("", None);
}

/// A term in short: `-service=api`, `=any word`.
fn short(term: &Term) -> String {
    let minus = if term.negated { "-" } else { "" };
    format!("{minus}{}={}", term.facet.map_or("", Facet::as_str), term.value)
}

#[test]
fn terms() {
    #[track_caller]
    fn check(q: &str, expect: &[&str]) {
        let terms = parse(q);
        assert_eq!(terms.iter().map(short).collect::<Vec<_>>(), expect, "{q}");
        assert_eq!(parse(&print(&terms)), terms, "{q}");
    }
    check("", &[]);
    check("  \t ", &[]);
    check("quiz", &["=quiz"]);
    check("  quiz  api ", &["=quiz", "=api"]);
    check("service:api", &["service=api"]);
    check("Service:API -ENV:prod type:hld-edit", &["service=API", "-ring=prod", "type=hld-edit"]);
    check("-quiz -\"fix the\"", &["-=quiz", "-=fix the"]);
    check("\"fix the quiz\"", &["=fix the quiz"]);
    check("author:\"Mara Lind\" x", &["author=Mara Lind", "=x"]);
    check("-author:\"Mara Lind\"", &["-author=Mara Lind"]);
    // unknown keys are text
    check("http://x foo:bar :x", &["=http://x", "=foo:bar", "=:x"]);
    check("branch:feature/a:b", &["branch=feature/a:b"]);
    // while it is typed
    check("service:", &[]);
    check("service: api", &["=api"]);
    check("service:\"", &[]);
    check("service:\"\" x", &["=x"]);
    check("service:\"a b", &["service=a b"]);
    check("-", &[]);
    check("- quiz", &["=quiz"]);
    check("--", &[]);
    check("-service:", &[]);
    check("\"", &[]);
    check("\"  \"", &[]);
    check("-\"", &[]);
    check("\"fix the", &["=fix the"]);
    // quotes hold what would be read otherwise
    check("\"service:api\"", &["=service:api"]);
    check("\"-quiz\" \"-\"", &["=-quiz", "=-"]);
    check("--quiz", &["-=-quiz"]);
    check("service:-api", &["service=-api"]);
    check("\"say \"\"hi\"\"\"", &["=say \"hi\""]);
    check("say\"hi\"", &["=say\"hi\""]);
    check("\"a\"b", &["=a", "=b"]);
    check("service:\"a b\"c", &["service=a b", "=c"]);
    check("größe\u{a0}\u{3000}日本", &["=größe", "=日本"]);
}

proptest! {
    #[test]
    fn any_text_is_read_and_round_trips(q in any::<String>()) {
        let terms = parse(&q);
        prop_assert!(terms.iter().all(|t| !t.value.trim().is_empty()));
        prop_assert_eq!(parse(&print(&terms)), terms);
    }

    #[test]
    fn any_tricky_text_is_read_and_round_trips(q in "(-|\"|:|service|env|type| |\t|a|ä|日|/){0,24}", cursor in 0_usize..40) {
        let terms = parse(&q);
        prop_assert_eq!(parse(&print(&terms)), terms);
        let context = suggest(&q, cursor);
        prop_assert!(q.get(context.replace.clone()).is_some());
        for replacement in ["ring:", "Mara Lind", "x", "\"", "", "-"] {
            let (new, cursor) = complete(&q, &context, replacement);
            prop_assert!(new.is_char_boundary(cursor));
        }
    }

    #[test]
    fn any_terms_round_trip(terms in prop::collection::vec(
        (any::<bool>(), prop::option::of(prop::sample::select(Facet::ALL.to_vec())), any::<String>()), 0..5)) {
        let terms: Vec<Term> = terms
            .into_iter()
            .filter(|(.., value)| !value.trim().is_empty())
            .map(|(negated, facet, value)| Term { negated, facet, value })
            .collect();
        prop_assert_eq!(parse(&print(&terms)), terms);
    }
}

/// `|` is the cursor; what is replaced stands in brackets.
#[test]
fn suggestions() {
    #[track_caller]
    fn check(q: &str, replaced: &str, what: Typing) {
        let cursor = q.find('|').unwrap();
        let q = q.replace('|', "");
        let context = suggest(&q, cursor);
        assert_eq!(context.what, what, "{q}");
        assert_eq!(&q[context.replace], replaced, "{q}");
    }
    let word = |text: &str| Typing::Word(text.into());
    let value = |facet, text: &str| Typing::Value(facet, text.into());
    check("|", "", word(""));
    check("ser|", "ser", word("ser"));
    check("ser|v", "serv", word("ser"));
    check("-ser|", "ser", word("ser"));
    check("-|", "", word(""));
    check("quiz |", "", word(""));
    check("quiz | api", "", word(""));
    check("|quiz", "", word("")); // before a term, not within it
    check("service:|", "", value(Facet::Service, ""));
    check("-service:a|", "a", value(Facet::Service, "a"));
    check("service:a|pi x", "api", value(Facet::Service, "a"));
    check("ser|vice:api", "service:", word("ser"));
    check("-|service:api", "service:", word(""));
    check("author:\"Mara L|", "\"Mara L", value(Facet::Author, "Mara L"));
    check("author:\"Mara| Lind\" x", "\"Mara Lind\"", value(Facet::Author, "Mara"));
    check("author:\"Mara Lind\"|", "\"Mara Lind\"", value(Facet::Author, "Mara Lind"));
    check("author:|\"Mara\"", "\"Mara\"", value(Facet::Author, ""));
    check("\"fix th|", "\"fix th", word("fix th"));
    check("foo:b|", "foo:b", word("foo:b"));
}

#[test]
fn suggestions_at_impossible_cursors() {
    assert_eq!(suggest("ä", 1).what, Typing::Word(String::new()));
    assert_eq!(suggest("ä", 99).what, Typing::Word("ä".into()));
    assert!(suggest("-quiz", 3).negated);
}

#[test]
fn completions() {
    #[track_caller]
    fn check(q: &str, replacement: &str, expect: &str) {
        let cursor = q.find('|').unwrap();
        let q = q.replace('|', "");
        let (mut new, cursor) = complete(&q, &suggest(&q, cursor), replacement);
        new.insert(cursor, '|');
        assert_eq!(new, expect, "{q}");
    }
    check("ser|", "service:", "service:|");
    check("-ser|", "service:", "-service:|");
    check("ser| x", "service:", "service:| x");
    check("ser|vice:api", "ring:", "ring:|api");
    check("|", "service:api", "service:api |");
    check("mar|", "author:\"Mara Lind\"", "author:\"Mara Lind\" |");
    check("fi|", "fix the quiz", "\"fix the quiz\" |");
    check("service:|", "api", "service:api |");
    check("service:a|pi x", "app", "service:app |x");
    check("author:m|", "Mara Lind", "author:\"Mara Lind\" |");
    check("author:\"Mara L|", "Mara Lind", "author:\"Mara Lind\" |");
    check("author:|", "Al \"Ace\" Oz", "author:\"Al \"\"Ace\"\" Oz\" |");
    check("-ring:p| x", "prod", "-ring:prod |x");
    check("branch:|", "type:", "branch:type: |"); // a value that looks like a key is a value
    check("|quiz", "ring:prod", "ring:prod |quiz");
}

#[test]
fn a_context_of_another_text_does_no_harm() {
    let context = suggest("a long text", 11);
    assert_eq!(complete("a", &context, "b"), ("ab ".to_owned(), 3));
}
