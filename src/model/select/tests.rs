//! What is wanted, against a pass over plain texts with nothing clever in it.

mod reference;

use std::collections::{BTreeMap, BTreeSet};

use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any},
    prop_assert_eq, prop_oneof,
    sample::select as one_of,
};

use self::reference::*;
use super::*;
use crate::storage::row::Field;
use crate::support::rows::{RowBuilder, ring_rule, row};
use crate::{
    config::RingRule,
    domain::{
        deployment::Status,
        id::{ProjectName, is_same_commit},
        project::ProjectId,
        time::Timestamp,
    },
    model::{filter::Filters, overlay::outcome_of_row, query, query::Term, rings::RingNames},
    storage::row::Row,
};

fn texts_of(field: Field) -> &'static [&'static str] {
    match field {
        Field::Service => &["api", "API", "contoso/api", "api-gateway", "client", "quiz"],
        Field::Env => &["dev", "Prod", "master", "feature-1", "Feature-10"],
        Field::AuthorName | Field::MergedBy => &["Mara Lind", "mara", "Élodie", "ÉLODIE"],
        Field::Branch | Field::PrBranch => &["main", "refs/heads/main", "develop", "feature/Login"],
        Field::CommitId | Field::HldCommitId => &["0a12da8", "0A12DA9", "0a12da8c991", "beef12"],
        Field::ManifestCommitId => &["0a12da8", "beef123aa", "0a12da", "nothex!"],
        Field::P1Status | Field::P2Status | Field::P3Status => &["succeeded", "failed", "running", "queued"],
        Field::PrState => &["open", "merged", "abandoned"],
        Field::Timestamp => &["2026-11-01T00:00:00Z", "2026-11-20T00:00:00Z"],
        Field::P1End => &["2026-11-10T00:00:00Z"],
        Field::SourceRepo => &["https://github.com/contoso/API", "17"],
        _ => &["6881", "68", "Fix the quiz", "main-6881", "main-0a12da8", "ÄRGER"],
    }
}

fn rows() -> impl Strategy<Value = Vec<(ProjectId, Texts, bool)>> {
    let fields: Vec<Field> = SHOWN.into_iter().chain(NAMES).collect();
    let others =
        [Field::Env, Field::Env, Field::Timestamp, Field::P1Status, Field::P3Status, Field::PrState, Field::P1End];
    let field = prop_oneof![one_of(fields), one_of(others.to_vec())];
    let text = field.prop_flat_map(|f| (Just(f), one_of(texts_of(f)).prop_map(str::to_owned)));
    let texts = vec(text, 0..10).prop_map(|texts| texts.into_iter().collect::<Texts>());
    vec(((0..2_usize).prop_map(ProjectId::at), texts, proptest::bool::weighted(0.1)), 0..30)
}

/// Anything that somebody may look for: whole texts, parts of them, in another case, and what nobody has.
fn value() -> impl Strategy<Value = String> {
    let words = [
        "api",
        "API",
        "ap",
        "gateway",
        "Mara Lind",
        "mara l",
        "élodie",
        "ÉLO",
        "main",
        "MASTER",
        "prod",
        "pro",
        "süd",
        "dev",
        "feature-1",
        "feature",
        "0a12da8",
        "0a12da8c99104f00",
        "0a12da8ffff",
        "0A12DA8C991",
        "0a12da",
        "beef123aaffff",
        "failed",
        "FAIL",
        "in",
        "succeeded",
        "deployment",
        "hld",
        "east",
        "East-2",
        "EAST",
        "we",
        "trivia",
        "triv",
        "quiz",
        "6881",
        "github",
        "17",
        "ärger",
        "Produktion Süd",
        "i",
        "nothing has this",
        "login",
        "hld-edit",
        "running",
        "a",
        " ",
    ];
    one_of(words.to_vec()).prop_map(str::to_owned)
}

fn filter() -> impl Strategy<Value = Filter> {
    let filter = (one_of(Facet::ALL.to_vec()), vec(value(), 0..3));
    let facet = prop_oneof![2 => Just(None), 3 => one_of(Facet::ALL.to_vec()).prop_map(Some)];
    let term = (any::<bool>(), facet, value());
    let term = term.prop_map(|(negated, facet, value)| Term { negated, facet, value });
    let since = proptest::option::weighted(0.2, one_of(vec!["2026-11-05T00:00:00Z", "2026-11-20T00:00:00Z"]));
    let values = vec(filter, 0..2).prop_map(|chosen| {
        let mut values = Filters::default();
        for (facet, chosen) in chosen {
            values.set(facet, chosen);
        }
        values
    });
    (values, vec(term, 0..3), since).prop_map(|(values, terms, since)| Filter {
        values,
        // As the search box would say it.
        terms: query::parse(&query::print(&terms)),
        since: since.and_then(Timestamp::parse),
    })
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 1_500, ..Default::default() })]

    #[test]
    fn what_is_selected_is_what_is_wanted(rows in rows(), filter in filter()) {
        let fixture = Fixture::new(rows);
        let selection = super::select(&fixture.store, &fixture.syncs, &filter);
        let mut count = 0;
        for slot in 0..fixture.store.slots() {
            let expect = fixture.is_wanted(slot, &filter);
            prop_assert_eq!(selection.has(Slot::at(slot)), expect, "{:?}", &fixture.rows[slot]);
            count += usize::from(expect);
        }
        prop_assert_eq!((selection.len(), selection.is_empty()), (count, count == 0));
        if filter.is_everything() {
            prop_assert_eq!(count, fixture.store.len());
        }
    }

    #[test]
    fn menus_count_what_choosing_would_select(rows in rows(), filter in filter()) {
        let fixture = Fixture::new(rows);
        let (store, syncs) = (&fixture.store, &fixture.syncs);
        for facet in Facet::ALL {
            let others = filter.without(facet);
            let selection = super::select(store, syncs, &others);
            let values = super::count(store, syncs, facet, &selection);
            for value in &values {
                let mut chosen = others.clone();
                chosen.values.set(facet, [&value.value]);
                let selected = super::select(store, syncs, &chosen).len();
                prop_assert_eq!(value.count, selected, "{:?} {:?}", facet, &value.value);
            }
            let offered: BTreeSet<String> = values.iter().map(|v| low(&v.value)).collect();
            prop_assert_eq!(offered.len(), values.len(), "each once");
            let is_by_count = matches!(facet, Facet::Service | Facet::Author | Facet::MergedBy | Facet::Branch);
            prop_assert_eq!(is_by_count && !values.is_sorted_by(|a, b| a.count >= b.count), false);
        }
    }
}

#[track_caller]
fn check(q: &str, expect: &str) {
    let lines = [
        "service=contoso/api env=dev commitId=0a12da8 authorName=Mara imageTag=main-1 p3Status=failed p3=9",
        "service=api-gateway env=prod commitId=beef123 authorName=Mara_Lind manifestCommitId=0a12da8",
        "service=client branch=main commitId=0a12da9 prState=open pr=12",
        "p3=77 manifestCommitId=beef123",
    ];
    let rows = lines.iter().map(|line| {
        let pairs = line.split_whitespace().map(|pair| pair.split_once('=').unwrap());
        let texts = pairs.map(|(column, text)| (Field::from_column(column).unwrap(), text.replace('_', " "))).collect();
        (ProjectId::at(0), texts, false)
    });
    let fixture = Fixture::new(rows.collect());
    let filter = Filter { terms: query::parse(q), ..Filter::default() };
    let selection = super::select(&fixture.store, &fixture.syncs, &filter);
    let found: String = (0..4).filter(|&slot| selection.has(Slot::at(slot))).map(|slot| slot.to_string()).collect();
    assert_eq!(found, expect, "{q}");
}

#[test]
fn searches() {
    check("", "0123");
    check("mara", "01");
    check("author:mara", "0"); // there is one of just that name
    check("author:mar", "01");
    check("-author:mara", "123");
    check("service:api", "0");
    check("service:api service:client", "02"); // one key's values are alternatives
    check("service:api ring:prod", "");
    check("-service:api -service:client", "13");
    check("ring:master", "12"); // an alias; a branch that the configuration gives to a ring
    check("süd", "12"); // a title
    check("status:fail", "0");
    check("status:waiting", "2");
    check("type:hld-edit", "3");
    check("type:deployment failed", "0");
    check("0A12DA8", "01"); // another column's commit, in another case
    check("0a12da8c99104f5e", "01"); // the whole id of a short one
    check("-0a12da8c99104f5e", "23");
    check("0a12da", "012");
    check("\"mara lind\"", "1");
    check("mara lind", "1");
    check("cluster:east", "1");
    check("cluster:west", "3");
    check("east-2", "1");
    check("project:trivia", "0123");
    check("project:triv", "0123");
    check("project:quiz", "");
    check("status:nonsense", "");
    check("http://x", "");
    check("#12", "2"); // a pull request, as it is shown
    check("!12", "2");
    check("#1", "2");
    check("#2", "");
    check("#77", ""); // a build
    check("#", "");
    check("\"PR 12\"", "2");
    check("\"pull request #12\"", "2");
    check("PR 12", "2");
    check("pr #12 ring:master", "2");
    check("PR 77", "");
    check("\"waiting for approval\"", "2");
}

#[test]
fn a_text_that_stands_across_two_columns_or_two_rows_is_not_found() {
    check("main-1", "0");
    check("main-19", "");
    check("8main", "");
}

#[test]
fn an_image_is_found_by_its_tag_and_by_its_digest() {
    let digest = format!("sha256:{}", "1f".repeat(32));
    let texts = |image: String| {
        let texts = [(Field::Service, "api".to_owned()), (Field::ImageTag, image)];
        (ProjectId::at(0), texts.into_iter().collect(), false)
    };
    let fixture = Fixture::new(vec![texts(format!("r/api:v5@{digest}")), texts("r/api:v5".to_owned())]);
    let check = |q: &str, expect: &[u32]| {
        let filter = Filter { terms: query::parse(q), ..Filter::default() };
        let selection = super::select(&fixture.store, &fixture.syncs, &filter);
        let found: Vec<u32> = (0..2).filter(|&slot| selection.has(Slot::at(slot as usize))).collect();
        assert_eq!(found, expect, "{q}");
    };
    check("api:v5", &[0, 1]);
    check(&digest, &[0]);
    check(&digest[..20], &[0]);
    check(&digest.to_uppercase(), &[0]);
    check("8c8c8c", &[]);
}

#[test]
fn a_deployment_is_found_by_its_id() {
    let mut store = Store::new(vec![ProjectName::new("trivia").unwrap()], RingNames::default());
    for key in ["3f2a9c1b77de", "3f2a9c1b77df", "short"] {
        let texts = [(Field::PartitionKey, "trivia"), (Field::RowKey, key), (Field::Service, "api")];
        store.put(ProjectId::at(0), &new_row(&texts.map(|(field, text)| (field, text.to_owned())).into()));
    }
    store.rebuild();
    let check = |q: &str, expect: &[&str]| {
        let filter = Filter { terms: query::parse(q), ..Filter::default() };
        let selection = super::select(&store, &Syncs::default(), &filter);
        let slots = store.by_time().iter().filter(|&&slot| selection.has(slot));
        assert_eq!(slots.map(|&slot| store.at(slot).key()).collect::<Vec<_>>(), expect, "{q}");
    };
    check("3f2a9c1b77de", &["3f2a9c1b77de"]);
    check("api 3f2a9c1b77df", &["3f2a9c1b77df"]);
    // A part of an id, and a word that happens to be one, are none.
    check("3f2a9c", &[]);
    check("short", &[]);
}
