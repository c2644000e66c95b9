use super::*;
use crate::domain::fact::Fact;
use crate::domain::{
    commit::Commit,
    deployment::Status,
    id::{Branch, CommitId, ImageTag, PullRequestId, Repository},
    link::Link,
    manifests::{Listed, Tag},
    person::Person,
    pull_request::{PullRequest, PullState},
    run::{Run, RunPart},
};

const fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000 + seconds * 1000)
}

fn gone(key: &str, fetched_at: i64) -> CachedFact {
    CachedFact { key: key.into(), fetched_at: at(fetched_at), fact: Fact::Gone, has_read_parts: false }
}

fn person(name: &str) -> Person {
    let address = |end: &str| Link::new(&format!("https://people.example/{name}{end}"));
    Person { name: name.into(), email: Some("a@b.example".into()), image: address(".png"), url: address("") }
}

fn every_kind() -> Vec<CachedFact> {
    let run = Run {
        warned: true,
        name: Some("20261120.3".into()),
        link: Link::new("https://ci.example/1"),
        queued: Some(at(1)),
        started: Some(at(2)),
        ended: Some(at(3)),
        commit: CommitId::new("0a12da8c9914f3a1b2c3d4e5f60718293a4b5c6d"),
        branch: Branch::new("main"),
        repository: Repository::new("contoso/api"),
        starter: Some(person("mara")),
        image: ImageTag::new("api-1.4"),
        parts: vec![RunPart {
            waits_for: Vec::new(),
            approvals: Vec::new(),
            name: "deploy \"prod\"".into(),
            status: Status::Incomplete,
            warned: false,
            started: None,
            ended: Some(at(3)),
        }],
        ..Run::new(Status::Failed)
    };
    let pull = PullRequest {
        draft: true,
        title: Some("Promote\nüber".into()),
        link: Link::new("https://forge.example/pull/7"),
        branch: Branch::new("deploy/7"),
        created: Some(at(1)),
        ended: Some(at(9)),
        author: Some(person("mara")),
        merged_by: Some(person("ken")),
        waits_for: vec![person("ana"), person("jo")],
        merge_commit: CommitId::new("abcdef0"),
        ..PullRequest::new(PullRequestId::new("7").unwrap(), PullState::Merged)
    };
    let commit = Commit {
        id: CommitId::new("0a12da8c9914").unwrap(),
        message: Some("Fix".into()),
        author: Some(person("mara")),
        at: Some(at(0)),
        link: Link::new("https://forge.example/c/1"),
    };
    let web = Link::new("https://gitlab.example/g/p").unwrap();
    let facts = [
        Fact::from(run),
        Fact::from(Run::new(Status::Succeeded)),
        Fact::from(pull),
        Fact::from(commit),
        Fact::Listed(Listed {
            id: CommitId::new("0a12da8c9914").unwrap(),
            parents: vec![CommitId::new("abcdef0").unwrap(), CommitId::new("abcdef1").unwrap()],
            at: Some(at(4)),
        }),
        Fact::Tag(Tag {
            name: "flux-lab".into(),
            object: Some("abcdef2".into()),
            commit: CommitId::new("abcdef0"),
            at: Some(at(5)),
            is_approximate: true,
        }),
        Fact::Compared { ahead: Some(7), is_ancestor: Some(false) },
        Fact::Project { path: "g/p".into(), web },
        Fact::Gone,
    ];
    let kept = |(n, fact): (usize, Fact)| CachedFact {
        fact,
        has_read_parts: n % 2 == 0,
        ..gone(&format!("key {n}"), n as i64)
    };
    facts.into_iter().enumerate().map(kept).collect()
}

#[test]
fn what_is_written_is_read() {
    let facts = every_kind();
    assert_eq!(decode(&encode(&facts)), facts);
    // What is so only now is not written at all.
    let moving = CachedFact { fact: Fact::Tags(crate::domain::manifests::ListPage::default()), ..gone("k", 0) };
    assert_eq!(encode(&[moving]), b"ringside 1\n[]");
    // What is absent is not written.
    let plain = encode(&[CachedFact { fact: Fact::from(Run::new(Status::Succeeded)), ..gone("k", 0) }]);
    let text = String::from_utf8(plain).unwrap();
    assert_eq!(text, "ringside 1\n[{\"k\":\"k\",\"t\":1800000000000,\"f\":{\"r\":{\"s\":\"succeeded\"}}}]");
}

/// Browsers keep what an earlier edition wrote.
#[test]
fn the_form_is_what_it_was() {
    let kept = format!("{VERSION}{}", include_str!("every_kind.json").trim_end());
    assert_eq!(String::from_utf8(encode(&every_kind())).unwrap(), kept);
    assert_eq!(decode(kept.as_bytes()), every_kind());
}

/// A chunk of which a part has another form is as good as none; a fact whose words make no sense is left out.
#[test]
fn what_is_otherwise_is_not_read() {
    #[track_caller]
    fn check(fact: &str, expect: usize) {
        let text = format!("{VERSION}[{{\"k\":\"a\",\"t\":1,\"f\":\"g\"}},{{\"k\":\"b\",\"t\":2,\"f\":{fact}}}]");
        assert_eq!(decode(text.as_bytes()).len(), expect, "{fact}");
    }
    check("\"g\"", 2);
    check(r#"{"d":[null,null]}"#, 2);
    check(r#"{"l":["abcdef0",[],null]}"#, 2);
    check(r#"{"r":{"s":"succeeded","a":[]}}"#, 2);
    // Of another form.
    check("\"x\"", 0);
    check("{}", 0);
    check("7", 0);
    check(r#"{"x":{}}"#, 0);
    check(r#"{"d":[1,true],"r":{"s":"failed"}}"#, 0);
    check(r#"{"d":[1]}"#, 0);
    check(r#"{"d":[1,true,2]}"#, 0);
    check(r#"{"d":["1",true]}"#, 0);
    check(r#"{"j":"a"}"#, 0);
    check(r#"{"r":{"s":"failed","w":"yes"}}"#, 0);
    check(r#"{"r":{"s":"failed","a":[7]}}"#, 0);
    check(r#"{"r":{"s":"failed","a":7}}"#, 0);
    check(r#"{"r":{"s":"failed","p":{}}}"#, 0);
    check(r#"{"r":[]}"#, 0);
    check(r#"{"t":{}}"#, 0);
    // Without sense.
    check(r#"{"r":{"s":"nonsense"}}"#, 1);
    check(r#"{"r":{"s":"failed","a":[{"n":"a","s":"nonsense"}]}}"#, 1);
    check(r#"{"c":{"i":""}}"#, 1);
    check(r#"{"j":["a","nonsense"]}"#, 1);
    check(r#"{"p":{"i":"7","s":9}}"#, 1);
}

#[test]
fn another_version_is_nothing() {
    let bytes = encode(&every_kind());
    let other = [b"ringside 0\n".as_slice(), bytes.get(VERSION.len()..).unwrap()].concat();
    assert_eq!((decode(&other), decode(b"")), (vec![], vec![]));
    assert_eq!(decode(&bytes[..bytes.len() - 2]), vec![]);
}

#[test]
fn a_chunk_grows_under_its_name_until_it_is_full() {
    let mut keeper = FactCache::new(1);
    keeper.add(gone("a", 0), at(0));
    let names = |keep: Vec<CacheWrite>| -> Vec<(String, usize)> {
        keep.into_iter()
            .map(|keep| match keep {
                CacheWrite::Write { name, bytes } => (name, decode(&bytes).len()),
                CacheWrite::Delete { name } => (name, 0),
            })
            .collect()
    };
    let first = names(keeper.take(at(0)));
    keeper.add(gone("b", 0), at(0));
    assert_eq!((keeper.take(at(0)), keeper.wake_at()), (vec![], Some(at(1))));
    assert_eq!(names(keeper.take(at(1))), [(first[0].0.clone(), 2)]);
    assert_eq!((keeper.take(at(9)), keeper.wake_at()), (vec![], None));
    for n in 0..FULL {
        keeper.add(gone(&format!("c{n}"), 0), at(10));
        let wrote = names(keeper.take(at(10)));
        assert!(wrote.iter().all(|(_, facts)| *facts <= FULL));
    }
    let last = names(keeper.take(at(20)));
    assert_ne!(last[0].0, first[0].0);
    assert_eq!(last[0].1, 2);
}

#[test]
fn two_tabs_do_not_write_over_one_another() {
    let name = |seed: u64| {
        let mut keeper = FactCache::new(seed);
        keeper.add(gone("a", 0), at(0));
        match keeper.take(at(0)).remove(0) {
            CacheWrite::Write { name, .. } | CacheWrite::Delete { name } => name,
        }
    };
    assert_ne!(name(1), name(2));
    assert_eq!(name(3), name(3));
}

/// A page that is opened often and reads little each time must not push out what was read at once.
#[test]
fn many_short_visits_fill_few_chunks() {
    use std::collections::BTreeMap;
    let mut database: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut visit = |n: i64, facts: std::ops::Range<usize>| {
        let mut keeper = FactCache::new(n as u64);
        let restored = keeper.restore(database.clone().into_iter().collect());
        for key in facts {
            keeper.add(gone(&format!("{key}"), n), at(n));
        }
        for keep in keeper.take(at(n)) {
            match keep {
                CacheWrite::Write { name, bytes } => database.insert(name, bytes),
                CacheWrite::Delete { name } => database.remove(&name),
            };
        }
        (restored.len(), database.len())
    };
    visit(0, 0..FULL * 3);
    for n in 1..=4 * MOST {
        let (_, chunks) = visit(n as i64, FULL * 3 + n..FULL * 3 + n + 1);
        assert!(chunks <= 3 + SMALL + 4, "visit {n}: {chunks} chunks");
    }
    assert_eq!(visit(9999, 0..0).0, FULL * 3 + 4 * MOST);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]

    #[test]
    fn any_bytes_are_read_without_panic(body: Vec<u8>) {
        let _ = decode(&body);
        let _ = decode(&[VERSION.as_bytes(), &body].concat());
    }

    /// Where every write is carried out there are at most [`MOST`] chunks, and the newest of each thing comes back.
    #[test]
    fn what_is_kept_is_bounded_and_comes_back(seed in 0..1000_u64, visits in 1..4_usize, facts in 0..90_000_usize, keys in 1..3000_usize) {
        use std::collections::BTreeMap;
        let (mut database, mut newest) = (BTreeMap::new(), BTreeMap::new());
        let mut now = 0;
        for visit in 0..visits {
            let mut keeper = FactCache::new(seed + visit as u64);
            let restored = keeper.restore(database.clone().into_iter().collect());
            if facts < FULL * MOST / 4 {
                let restored: BTreeMap<Box<str>, Timestamp> = restored.into_iter().map(|k| (k.key, k.fetched_at)).collect();
                proptest::prop_assert_eq!(&restored, &newest);
            }
            for n in 0..facts / visits {
                now += 1;
                let fact = gone(&format!("{}", n % keys), now);
                newest.insert(fact.key.clone(), fact.fetched_at);
                keeper.add(fact, at(now));
                if n % 200 == 0 || keeper.open.len() == FULL || n + 1 == facts / visits {
                    for keep in keeper.take(at(now + 2)) {
                        match keep {
                            CacheWrite::Write { name, bytes } => database.insert(name, bytes),
                            CacheWrite::Delete { name } => database.remove(&name),
                        };
                    }
                }
                proptest::prop_assert!(database.len() <= MOST);
            }
            for keep in keeper.take(at(now + 9)) {
                if let CacheWrite::Write { name, bytes } = keep {
                    database.insert(name, bytes);
                }
            }
        }
    }
}
