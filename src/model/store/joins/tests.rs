use std::collections::BTreeMap;

use proptest::{
    collection::vec,
    prelude::{Just, Strategy},
    prop_assert, prop_assert_eq, prop_oneof,
    sample::select,
};

use super::*;
use crate::support::rows::RowBuilder;
use crate::{
    domain::{deployment::Status, id::ProjectName, project::ProjectId},
    model::{rings::RingNames, store::Change},
};

fn new_store() -> Store {
    Store::new(vec![ProjectName::new("trivia").unwrap()], RingNames::default())
}

/// `KEY column=text …`
fn row(line: &str) -> Row<'static> {
    RowBuilder::of(line).with(Field::PartitionKey, "trivia").row()
}

fn shown(store: &Store) -> Vec<Slot> {
    store.all_slots().filter(|&slot| store.is_live(slot)).collect()
}

/// Every deployment as its row would have been written in one piece.
fn deployments(store: &Store) -> BTreeMap<String, String> {
    let line = |slot: Slot| {
        let at = store.at(slot);
        let fields = Field::ALL.iter().filter(|f| !matches!(f, Field::PartitionKey | Field::RowKey | Field::Timestamp));
        let texts = fields.map(|&field| (field.column(), at.text(field))).filter(|(_, text)| !text.is_empty());
        texts.map(|(column, text)| format!("{column}={text}")).collect::<Vec<_>>().join(" ")
    };
    shown(store).into_iter().map(|slot| (store.at(slot).key().to_owned(), line(slot))).collect()
}

/// The rows, in whatever order they come, are shown as those deployments.
#[track_caller]
fn check(rows: &[&str], expect: &[&str]) {
    for shift in 0..rows.len() {
        for is_reversed in [false, true] {
            let mut rows: Vec<&str> = rows.iter().cycle().skip(shift).take(rows.len()).copied().collect();
            if is_reversed {
                rows.reverse();
            }
            let mut store = new_store();
            for line in &rows {
                store.put(ProjectId::at(0), &row(line));
            }
            let found = deployments(&store);
            let found: Vec<String> = found.iter().map(|(key, texts)| format!("{key} {texts}")).collect();
            assert_eq!(found, expect, "{rows:?}");
            store.rebuild();
            assert_eq!((store.len(), store.by_time().len()), (expect.len(), expect.len()));
        }
    }
}

#[test]
fn a_build_and_a_release_whose_tags_were_not_written_alike() {
    const BUILD: &str = "a p1=7 commitId=0a12da8 imageTag=api:release-1-2-20 service=api sourceRepo=github.com/o/api";
    const RELEASE: &str =
        "b p2=30 imageTag=api:release__1.2-20 hldCommitId=1b12da8 pr=4 env=dev hldRepo=github.com/o/hld";
    let joined = "p1=7 p2=30 commitId=0a12da8 imageTag=api:release_1.2-20 hldCommitId=1b12da8 pr=4 service=api env=dev \
                  sourceRepo=github.com/o/api hldRepo=github.com/o/hld";
    check(&[BUILD, RELEASE], &[&format!("b {joined}")]);
    // Each ring's release is a deployment.
    let other = RELEASE.replace("env=dev", "env=prod").replace("b p2", "c p2");
    let (dev, prod) = (format!("b {joined}"), format!("c {}", joined.replace("env=dev", "env=prod")));
    check(&[BUILD, RELEASE, &other], &[&dev, &prod]);
    // A build whose release has yet to come, or that is of another image, is one of its own.
    check(&[BUILD], &[BUILD]);
    let release = "b p2=30 imageTag=api:release__1.3-20 hldCommitId=1b12da8 pr=4 env=dev";
    check(&[BUILD, release], &[BUILD, &release.replace("__", "_")]);
}

#[test]
fn what_distinguishes_two_images() {
    #[track_caller]
    fn apart(rows: &[&str]) {
        check(rows, rows);
    }
    apart(&["a p1=7 imageTag=a-b service=api", "b p2=30 imageTag=a.b service=client"]);
    apart(&["a p1=7 imageTag=a-b env=dev", "b p2=30 imageTag=a.b env=prod"]);
    apart(&["a p1=7 imageTag=a-b sourceRepo=github.com/o/a", "b p2=30 imageTag=a.b sourceRepo=github.com/o/b"]);
    apart(&["a p1=7 imageTag=a-b branch=a-b", "b p2=30 imageTag=a.b branch=a.b"]);
    // Two builds would do.
    apart(&["a p1=7 imageTag=a-b", "b p2=30 imageTag=a.b", "c p1=8 imageTag=a-b"]);
    // It has a build.
    apart(&["a p1=7 imageTag=a-b", "b p1=8 p2=30 imageTag=a.b"]);
    apart(&["a p1=7", "b p2=30"]);
    check(
        &[
            "a p1=7 imageTag=a-b service=o/API sourceRepo=https://github.com/o/a.git",
            "b p2=30 imageTag=A.B service=api sourceRepo=github.com/O/a",
        ],
        &["b p1=7 p2=30 imageTag=A.B service=API sourceRepo=github.com/O/a"],
    );
    // One build that was written twice, and the very same tag.
    check(
        &["a p1=7 imageTag=a-b Timestamp=2026-11-02T10:00:00Z branch=x", "b p2=30 imageTag=a.b", "c p1=7 imageTag=a-b"],
        &["b p1=7 p2=30 imageTag=a.b branch=x"],
    );
    check(
        &["a p1=7 imageTag=a-b", "b p2=30 imageTag=a.b", "c p1=8 imageTag=a.b"],
        &["a p1=7 imageTag=a-b", "b p1=8 p2=30 imageTag=a.b"],
    );
}

#[test]
fn an_image_with_a_digest_and_one_without() {
    let (one, two) = (format!("sha256:{}", "1f".repeat(32)), format!("sha256:{}", "8c".repeat(32)));
    let [build, release] = ["a p1=7 imageTag=r/api:a-b", "b p2=30 imageTag=r/api:a.b"];
    // Whichever of the two has it.
    check(&[build, &format!("{release}@{one}")], &[&format!("b p1=7 p2=30 imageTag=r/api:a.b@{one}")]);
    check(&[&format!("{build}@{one}"), release], &[&format!("b p1=7 p2=30 imageTag=r/api:a.b@{one}")]);
    let upper = one.to_uppercase().replacen("SHA", "sha", 1);
    let both = [format!("{build}@{upper}"), format!("{release}@{one}")];
    check(&both.each_ref().map(String::as_str), &[&format!("b p1=7 p2=30 imageTag=r/api:a.b@{one}")]);
    // Built again under the same tag.
    let other = [format!("{build}@{two}"), format!("{release}@{one}")];
    check(&other.each_ref().map(String::as_str), &other.each_ref().map(String::as_str));
}

#[test]
fn several_deployments_in_one_pull_request() {
    let first = "a p1=7 p2=30 p3=50 imageTag=x hldCommitId=1b12da8 manifestCommitId=2c12da8 pr=4 service=api \
                 hldRepo=github.com/o/hld manifestRepo=github.com/o/m p3Status=succeeded";
    let second = "b p1=8 p2=31 imageTag=y hldCommitId=3d12da8 pr=4 service=client hldRepo=github.com/o/hld";
    let whole = "b p1=8 p2=31 p3=50 imageTag=y hldCommitId=3d12da8 manifestCommitId=2c12da8 pr=4 service=client \
                 hldRepo=github.com/o/hld manifestRepo=github.com/o/m p3Status=succeeded";
    check(&[first, second], &[first, whole]);
    // The numbers of another repository's pull requests are others.
    let elsewhere = second.replace("o/hld", "o/hld-2");
    check(&[first, &elsewhere], &[first, &elsewhere]);
    let elsewhere = second.replace("pr=4", "pr=5");
    check(&[first, &elsewhere], &[first, &elsewhere]);
    // One commit of the definition, without a pull request.
    check(
        &["a p2=30 p3=50 imageTag=x hldCommitId=1b12da8ff", "b p2=31 imageTag=y hldCommitId=1B12DA8"],
        &["a p2=30 p3=50 imageTag=x hldCommitId=1b12da8ff", "b p2=31 p3=50 imageTag=y hldCommitId=1B12DA8"],
    );
}

#[test]
fn a_row_of_the_manifest_pipeline_alone() {
    let release = "a p1=7 p2=30 imageTag=x hldCommitId=1b12da8 pr=4 env=dev prUrl=https://h/4 prState=open";
    let manifest =
        "b p3=50 manifestCommitId=2c12da8 hldCommitId=9912da8 pr=4 prUrl=https://h/4 prState=merged mergedBy=Mara";
    let whole = "a p1=7 p2=30 p3=50 imageTag=x hldCommitId=1b12da8 manifestCommitId=2c12da8 pr=4 env=dev \
                 prUrl=https://h/4 prState=merged mergedBy=Mara";
    // As `capture.sh` writes it, which may not read.
    let expect = |line: &str| {
        let store = &mut new_store();
        store.put(ProjectId::at(0), &row(line));
        let (key, texts) = deployments(store).pop_first().unwrap();
        format!("{key} {texts}")
    };
    check(&[release, manifest], &[&expect(whole)]);
    let again = "c p3=51 pr=4 p3Status=running";
    check(
        &[release, manifest, again],
        &[&expect(
            "a p1=7 p2=30 p3=51 imageTag=x hldCommitId=1b12da8 pr=4 env=dev prUrl=https://h/4 prState=open p3Status=running",
        )],
    );
    let build = "d p1=7 imageTag=x service=api";
    let release = "a p2=30 imageTag=x hldCommitId=1b12da8 pr=4 service=api env=dev";
    let manifest = "b p3=50 manifestCommitId=2c12da8 pr=4";
    check(
        &[build, release, manifest],
        &["a p1=7 p2=30 p3=50 imageTag=x hldCommitId=1b12da8 manifestCommitId=2c12da8 pr=4 service=api env=dev"],
    );
    // A change of the definition by hand is one of its own.
    check(&[release, "b p3=50 pr=5"], &[release, "b p3=50 pr=5"]);
}

#[test]
fn a_joined_deployment_has_the_ids_times_and_states_of_its_rows() {
    let mut store = new_store();
    for line in [
        "build01 p1=7 imageTag=a-b Timestamp=2026-11-02T10:00:00Z p1Status=succeeded p1End=2026-11-02T09:59:00Z",
        "release01 p2=30 imageTag=a.b Timestamp=2026-11-02T10:05:00Z pr=4 p2Status=succeeded",
        "manifest01 p3=50 pr=4 Timestamp=2026-11-02T10:20:00Z p3Status=failed",
    ] {
        store.put(ProjectId::at(0), &row(line));
    }
    let slot = store.slot_of(ProjectId::at(0), "trivia", "release01").unwrap();
    for id in ["build01", "release01", "manifest01"] {
        assert_eq!(store.by_id(id), Some(slot), "{id}");
    }
    assert_eq!(store.at(slot).status(), Status::Failed);
    assert_eq!(store.at(slot).text(Field::Timestamp), "2026-11-02T10:20:00Z");
    // Its own later version wins over the earlier one, whatever was written to its parts since.
    let later = row("release01 p2=31 imageTag=a.b Timestamp=2026-11-02T10:06:00Z pr=4");
    assert_eq!(
        (store.put(ProjectId::at(0), &later).1, store.put(ProjectId::at(0), &later).1),
        (Change::Changed, Change::Same)
    );
    assert_eq!((store.at(slot).text(Field::P2), store.at(slot).text(Field::P1)), ("31", "7"));
}

#[test]
fn a_text_without_meaning_joins_nothing() {
    let mut store = new_store();
    for n in 0..=LARGEST {
        store.put(ProjectId::at(0), &row(&format!("b{n} p2={n} imageTag=latest")));
        let build = store.put(ProjectId::at(0), &row("a p1=7 imageTag=latest")).0;
        assert_eq!(store.is_live(build), n + 2 > LARGEST, "{n}");
        assert_eq!(store.len(), n + 1 + usize::from(store.is_live(build)));
    }
    let last = store.slot_of(ProjectId::at(0), "trivia", "b64").unwrap();
    store.remove(last);
    store.remove(store.slot_of(ProjectId::at(0), "trivia", "b63").unwrap());
    assert_eq!(store.len(), LARGEST - 1, "they are joined again");
}

/// One thing that happens to a table.
#[derive(Clone, Debug)]
enum Step {
    Put(String),
    Remove(String),
    Rebuild,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let key = || select(&["k1", "k2", "k3", "k4", "k5", "k6", "k7"][..]);
    let column = |name: &'static str, texts: &'static [&'static str]| prop_oneof![2 => Just(String::new()), 3 => select(texts).prop_map(move |text| format!(" {name}={text}"))];
    let columns = (
        column("p1", &["1", "2"]),
        column("p2", &["3", "4"]),
        column("p3", &["5", "6", "x"]),
        column("imageTag", &["a-b", "a.b", "A_B", "c", "a-b@sha256:1f", "a.b@sha256:1f", "a.b@sha256:8c"]),
        column("pr", &["8", "9"]),
        column("hldCommitId", &["1b12da8", "1b12da8ff", "3d12da8"]),
        column("service", &["api", "o/api", "client", "bedrock-self-test"]),
        column("env", &["dev", "prod"]),
        (column("manifestCommitId", &["2c12da8"]), column("prState", &["open", "merged", "abandoned"])),
        column("Timestamp", &["2026-11-02T10:00:00Z", "2026-11-02T11:00:00Z"]),
    );
    let put = (key(), columns).prop_map(|(key, c)| {
        Step::Put([key, &c.0, &c.1, &c.2, &c.3, &c.4, &c.5, &c.6, &c.7, &c.8.0, &c.8.1, &c.9].concat())
    });
    let step = prop_oneof![6 => put, 2 => key().prop_map(|key| Step::Remove(key.to_owned())), 1 => Just(Step::Rebuild)];
    vec(step, 1..40)
}

proptest::proptest! {
    /// However a table came to be as it is, it is shown as if its rows had been read just now.
    #[test]
    fn joins_follow_what_changes(steps in steps()) {
        let (mut store, mut rows) = (new_store(), BTreeMap::new());
        for step in steps {
            match step {
                Step::Put(line) => {
                    if store.put(ProjectId::at(0), &row(&line)).1 != Change::Same || !rows.contains_key(&line[..2]) {
                        rows.insert(line[..2].to_owned(), line);
                    } else {
                        // An older version, or one of a row that is no deployment.
                        let slot = store.slot_of(ProjectId::at(0), "trivia", &line[..2]).unwrap();
                        if store.row_text(slot, Field::Timestamp) == row(&line).get(Field::Timestamp) {
                            rows.insert(line[..2].to_owned(), line);
                        }
                    }
                }
                Step::Remove(key) => {
                    let slot = store.slot_of(ProjectId::at(0), "trivia", &key);
                    prop_assert_eq!(slot.is_some(), rows.remove(&key).is_some());
                    slot.into_iter().for_each(|slot| store.remove(slot));
                }
                Step::Rebuild => store.rebuild(),
            }
        }
        let mut fresh = new_store();
        for line in rows.values() {
            fresh.put(ProjectId::at(0), &row(line));
        }
        prop_assert_eq!(deployments(&store), deployments(&fresh), "{:?}", rows);
        let order = |store: &mut Store| {
            store.rebuild();
            store.by_time().iter().map(|&slot| store.at(slot).key().to_owned()).collect::<Vec<_>>()
        };
        prop_assert_eq!(order(&mut store), order(&mut fresh));
        prop_assert_eq!((store.len(), shown(&store).len()), (fresh.len(), fresh.len()));
        for key in rows.keys() {
            let slot = store.slot_of(ProjectId::at(0), "trivia", key).unwrap();
            prop_assert!(store.has_row(slot));
            let is_self_test = row(&rows[key]).get(Field::Service) == "bedrock-self-test";
            prop_assert_eq!(store.by_id(key).is_none(), is_self_test, "{}", key);
        }
    }
}

#[test]
fn a_part_keeps_its_texts_when_those_of_nobody_are_forgotten() {
    let mut store = new_store();
    store.put(ProjectId::at(0), &row("a p1=7 imageTag=a-b branch=rare service=api"));
    let whole = store.put(ProjectId::at(0), &row("b p2=30 imageTag=a-b")).0;
    assert_eq!(deployments(&store).len(), 1);
    for n in 0..600 {
        store.put(ProjectId::at(0), &row(&format!("c p1=8 imageTag=c branch=feature-{n} service=service-{n}")));
        store.rebuild();
    }
    assert!(store.take_delta().everything, "some were forgotten");
    store.remove(whole);
    assert_eq!(deployments(&store).get("a").unwrap(), "p1=7 imageTag=a-b service=api branch=rare");
}
