//! The store against a list of rows that takes no shortcut.

mod ids;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any},
    prop_assert, prop_assert_eq, prop_oneof,
    sample::select,
};

use super::{
    layout::{Home, home},
    overlay::outcome_of_row,
    *,
};
use crate::support::rows::{self, RowBuilder, ring_rule, row};
use crate::{
    config::RingRule,
    domain::{id::ProjectName, project::ProjectId},
    model::{rings::RingNames, symbols::RingSym},
    storage::row::{Field, Row},
};

#[test]
fn each_of_many_projects_is_one_of_its_own() {
    let names = (0..300).map(|n| ProjectName::new(&format!("project {n}")).unwrap());
    let mut store = Store::new(names.collect(), RingNames::default());
    let row = row("1");
    for project in [0, 44, 255, 256, 299].map(ProjectId::at) {
        let (slot, change) = store.put(project, &row);
        assert_eq!((store.at(slot).project(), change), (project, Change::Added));
        assert_eq!(store.slot_of(project, "", "1"), Some(slot));
    }
    assert_eq!(store.len(), 5);
}

/// Project, partition and row key.
type Key = (ProjectId, String, String);

const PROJECTS: [&str; 3] = ["trivia", "a:b", "a"];
const PARTITIONS: [&str; 4] = ["", "trivia", "b:c", "c"];

fn rules() -> Vec<RingRule> {
    let rule = |name: &str, aliases: &[&str], branches: &[&str]| RingRule {
        aliases: aliases.iter().map(|a| Box::from(*a)).collect(),
        branches: branches.iter().map(|b| Box::from(*b)).collect(),
        ..ring_rule(name)
    };
    vec![rule("dev", &[], &["develop"]), rule("prod", &["master"], &["main"])]
}

fn new_store(projects: usize) -> Store {
    let names = PROJECTS.iter().take(projects).map(|p| ProjectName::new(p).unwrap()).collect();
    Store::new(names, RingNames::new(&rules()))
}

/// A row as the test has it.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Entity {
    key: Key,
    texts: BTreeMap<Field, String>,
}

impl Entity {
    fn row(&self) -> Row<'static> {
        let row = RowBuilder::texts(self.texts.iter().map(|(field, text)| (*field, text)));
        row.with(Field::PartitionKey, &self.key.1).with(Field::RowKey, &self.key.2).row()
    }

    /// What the store should have of a field, but for the spelling of shared ones.
    fn expect(&self, field: Field) -> String {
        let text = match field {
            Field::PartitionKey => return self.key.1.clone(),
            Field::RowKey => return self.key.2.replace('\u{1f}', " "),
            _ => self.texts.get(&field).map_or("", |t| t.trim()),
        };
        match field {
            Field::Service => text.split('/').rfind(|part| !part.is_empty()).unwrap_or(text).to_owned(),
            Field::Branch | Field::PrBranch => text.strip_prefix("refs/heads/").unwrap_or(text).to_owned(),
            _ => match home(field) {
                Home::Nowhere => String::new(),
                Home::Shown | Home::Hidden => text.replace('\u{1f}', " "),
                Home::Shared | Home::SharedFolded => text.to_owned(),
            },
        }
    }
}

/// Rows by key, and the spellings that were ever seen.
#[derive(Default)]
struct Oracle {
    rows: HashMap<Key, Entity>,
    spellings: HashMap<(Field, String), BTreeSet<String>>,
}

impl Oracle {
    fn put(&mut self, entity: &Entity) -> Change {
        let texts = |e: &Entity| Field::ALL.iter().map(|f| e.row().get(*f).to_owned()).collect::<Vec<_>>();
        // All of one length, so that they compare as texts; what is no time is as good as any.
        let time = |e: &Entity| e.texts.get(&Field::Timestamp).filter(|t| t.starts_with("20")).cloned();
        let mut key = entity.key.clone();
        key.2 = key.2.replace('\u{1f}', " ");
        let change = match self.rows.get(&key) {
            Some(old) if texts(old) == texts(entity) => return Change::Same,
            Some(old) if time(old).zip(time(entity)).is_some_and(|(old, new)| old > new) => return Change::Same,
            Some(_) => Change::Changed,
            None => Change::Added,
        };
        for &field in Field::ALL.iter().filter(|f| home(**f) == Home::SharedFolded) {
            let text = entity.expect(field);
            self.spellings.entry((field, text.to_lowercase())).or_default().insert(text);
        }
        self.rows.insert(key, entity.clone());
        change
    }

    fn expect(&self, entity: &Entity, field: Field) -> String {
        let text = entity.expect(field);
        match home(field) {
            Home::SharedFolded => self.spellings[&(field, text.to_lowercase())].first().unwrap().clone(),
            _ => text,
        }
    }

    #[track_caller]
    fn check(&self, store: &Store) {
        assert_eq!((store.len(), store.is_empty()), (self.rows.len(), self.rows.is_empty()));
        let live: Vec<Slot> = store.all_slots().filter(|&s| store.is_live(s)).collect();
        assert_eq!(live.len(), self.rows.len());
        for project in (0..PROJECTS.len()).map(ProjectId::at) {
            for ring in (0..store.rings().table_len()).map(RingSym::at) {
                let is_there = |&slot: &Slot| (store.at(slot).project(), store.at(slot).ring()) == (project, ring);
                assert_eq!(store.has_in_ring(project, ring), live.iter().any(is_there), "{project} in {ring}");
            }
        }
        for (key, entity) in &self.rows {
            let slot = store.slot_of(key.0, &key.1, &key.2).unwrap_or_else(|| panic!("{key:?} is missing"));
            assert!(store.is_live(slot));
            assert_eq!(store.at(slot).project(), key.0);
            for &field in Field::ALL {
                assert_eq!(store.at(slot).text(field), self.expect(entity, field), "{field:?} of {key:?}");
            }
            self.check_derived(store, slot, entity);
        }
    }

    fn check_derived(&self, store: &Store, slot: Slot, entity: &Entity) {
        let row = entity.row();
        let facts = outcome_of_row(&row);
        let at = store.at(slot);
        assert_eq!((at.status(), at.updated()), (facts.status, facts.updated));
        let derived = store.derived();
        let index = slot.index();
        assert_eq!(derived.kind[index], facts.kind);
        assert_eq!(derived.project[index], entity.key.0);
        assert_eq!(derived.manifest[index], commit_key(row.get(Field::ManifestCommitId)));
        assert_eq!(store.service_name(store.service(slot)), self.expect(entity, Field::Service));
        let ring = match (entity.expect(Field::Env).as_str(), entity.expect(Field::Branch).as_str()) {
            ("master", _) | ("", "main") => "prod".to_owned(),
            ("", "develop") => "dev".to_owned(),
            (env, _) => env.to_lowercase(),
        };
        assert_eq!(store.rings().folded(at.ring()), ring);
    }

    /// The keys in the order in which they should be listed.
    fn by_time(&self) -> Vec<Key> {
        let mut keys: Vec<&Key> = self.rows.keys().collect();
        let updated = |key: &Key| outcome_of_row(&self.rows[key].row()).updated;
        keys.sort_by(|a, b| updated(b).cmp(&updated(a)).then_with(|| (&a.2, &a.1, a.0).cmp(&(&b.2, &b.1, b.0))));
        keys.into_iter().cloned().collect()
    }
}

fn listed(store: &Store) -> Vec<Key> {
    let key = |&slot: &Slot| {
        let at = store.at(slot);
        (at.project(), at.text(Field::PartitionKey).to_owned(), at.text(Field::RowKey).to_owned())
    };
    store.by_time().iter().map(key).collect()
}

/// One thing that happens to a store.
#[derive(Clone, Debug)]
enum Step {
    Put(Entity),
    /// One that is there, as it is.
    Again(usize),
    Remove(Key),
    Rebuild,
}

const KEYS: [&str; 10] = ["1", "2", "3a", "3A", " 3a", "ü", "it's", "a:b", "x\u{1f}y", "x y"];

fn key() -> impl Strategy<Value = Key> {
    (0..PROJECTS.len(), select(&PARTITIONS[..]), select(&KEYS[..]))
        .prop_map(|(n, p, k)| (ProjectId::at(n), p.into(), k.into()))
}

/// By these rows are found to be one deployment, which `joins` tests: here each is one of its own.
const JOINED_BY: [Field; 3] = [Field::ImageTag, Field::Pr, Field::HldCommitId];

/// A number that no row of another key has.
fn number((project, partition, row): &Key) -> usize {
    let at = |all: &[&str], text: &str| all.iter().position(|known| *known == text).unwrap();
    (project.index() * PARTITIONS.len() + at(&PARTITIONS, partition)) * KEYS.len() + at(&KEYS, row)
}

fn text(field: Field) -> impl Strategy<Value = String> {
    let texts: &[&str] = match field {
        Field::Timestamp => {
            const TIMES: &[&str] = &[
                "2026-11-01T10:00:00.0000001Z",
                "2026-11-01T10:00:00.0000009Z",
                "2026-11-01T10:00:00.0000010Z",
                "2026-11-03T10:00:00.0000001Z",
                "never",
            ];
            TIMES
        }
        Field::Service => &["api", "contoso/api", "Contoso/API", "client", "/", "a/b/"],
        Field::Env => &["dev", "DEV", "master", "prod", "feature-1", "Feature-1"],
        Field::Branch | Field::PrBranch => &["main", "refs/heads/main", "develop", "Größe", "GRÖSSE", "GRÖße"],
        Field::ManifestCommitId => &["0a12da8", "0A12DA8ffff", "zzz"],
        Field::P1Status | Field::P2Status | Field::P3Status => &["succeeded", "Failed", "running", "strange"],
        Field::P1End | Field::P3Start => &["2026-11-02T11:00:00Z", "2026-10-02T11:00:00Z"],
        _ => &["x", "X", " blanks ", "a\u{1f}b", "ÄÖÜ ẞ İ", "a longer text than all of the others are"],
    };
    select(texts).prop_map(str::to_owned)
}

fn entity() -> impl Strategy<Value = Entity> {
    let field = select(Field::ALL).prop_filter("a key", |f| !matches!(f, Field::PartitionKey | Field::RowKey));
    let texts = vec(field.prop_flat_map(|f| (Just(f), text(f))), 0..8);
    (key(), texts, text(Field::Timestamp)).prop_map(|(key, texts, time)| {
        let mut texts: BTreeMap<Field, String> = texts.into_iter().collect();
        texts.entry(Field::Timestamp).or_insert(time);
        for field in JOINED_BY {
            texts.entry(field).and_modify(|text| *text = format!("{} {text}", number(&key)));
        }
        Entity { key, texts }
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => entity().prop_map(Step::Put),
        1 => any::<usize>().prop_map(Step::Again),
        2 => key().prop_map(Step::Remove),
        1 => Just(Step::Rebuild),
    ];
    vec(step, 1..60)
}

proptest::proptest! {
    #[test]
    fn what_was_put_in_last_is_what_is_there(steps in steps()) {
        let (mut store, mut oracle) = (new_store(3), Oracle::default());
        for step in steps {
            let version = store.version();
            match step {
                Step::Put(entity) => {
                    let (slot, change) = store.put(entity.key.0, &entity.row());
                    prop_assert_eq!(change, oracle.put(&entity), "{:?}", entity);
                    prop_assert_eq!(store.version() == version, change == Change::Same);
                    prop_assert_eq!(store.slot_of(entity.key.0, &entity.key.1, &entity.key.2), Some(slot));
                }
                Step::Again(n) => {
                    let entity = oracle.rows.values().nth(n % oracle.rows.len().max(1));
                    let change = entity.map(|e| store.put(e.key.0, &e.row()).1);
                    prop_assert!(change.is_none_or(|change| change == Change::Same));
                    prop_assert_eq!(store.version(), version);
                }
                Step::Remove(key) => {
                    let slot = store.slot_of(key.0, &key.1, &key.2);
                    let mut kept = key;
                    kept.2 = kept.2.replace('\u{1f}', " ");
                    prop_assert_eq!(slot.is_some(), oracle.rows.remove(&kept).is_some());
                    if let Some(slot) = slot {
                        store.remove(slot);
                        prop_assert!(!store.is_live(slot) && store.version() > version);
                        store.remove(slot);
                    }
                }
                Step::Rebuild => {
                    store.rebuild();
                    prop_assert_eq!(listed(&store), oracle.by_time());
                }
            }
        }
        oracle.check(&store);
        store.rebuild();
        prop_assert_eq!(listed(&store), oracle.by_time());
    }
}

#[test]
fn what_a_check_of_the_set_up_left_is_no_deployment() {
    let mut store = new_store(1);
    let texts =
        BTreeMap::from([(Field::Service, "bedrock-self-test".to_owned()), (Field::Env, "bedrock-test".to_owned())]);
    let entity = Entity { key: (ProjectId::at(0), "trivia".into(), "1".into()), texts };
    for _ in 0..2 {
        assert_eq!(store.put(ProjectId::at(0), &entity.row()).1, Change::Same);
        store.rebuild();
        assert!(store.take_delta().is_empty());
        assert_eq!((store.len(), store.by_time()), (0, &[][..]));
    }
    assert_eq!(store.slot_of(ProjectId::at(0), "trivia", "1"), Some(Slot::at(0)), "it is not asked for again");
}

#[test]
fn rows_that_differ_in_project_or_partition_alone_are_different() {
    let names = (0..250).map(|n| ProjectName::new(&n.to_string()).unwrap()).collect();
    let mut store = Store::new(names, RingNames::new(&rules()));
    let keys: Vec<Key> = (0..250)
        .flat_map(|n| {
            [
                (ProjectId::at(n), "trivia".to_owned(), "key".to_owned()),
                (ProjectId::at(0), format!("part {n}"), "key".to_owned()),
            ]
        })
        .collect();
    for key in &keys {
        assert_eq!(store.slot_of(key.0, &key.1, &key.2), None);
        assert_eq!(store.put(key.0, &Entity { key: key.clone(), texts: BTreeMap::new() }.row()).1, Change::Added);
    }
    for (slot, key) in keys.iter().enumerate() {
        assert_eq!(store.slot_of(key.0, &key.1, &key.2), Some(Slot::at(slot)));
    }
}

/// A deployment as a table of a hundred thousand has it.
fn plausible(n: usize) -> Entity {
    let row = rows::plausible(n).row();
    let fields = Field::ALL.iter().filter(|field| !matches!(field, Field::PartitionKey | Field::RowKey));
    let texts = fields.map(|&field| (field, row.get(field).to_owned())).filter(|(_, text)| !text.is_empty());
    let (partition, key) = row.keys();
    Entity { key: (ProjectId::at(0), partition.to_owned(), key.to_owned()), texts: texts.collect() }
}

#[test]
fn a_hundred_thousand_rows_in_any_order_with_changes_and_removals() {
    const ROWS: usize = 100_000;
    let before = resident();
    let mut store = new_store(1);
    let (mut texts, mut slots) = (0, Vec::with_capacity(ROWS));
    for n in 0..ROWS {
        let entity = plausible(n * 7 % ROWS);
        texts += entity.texts.values().map(String::len).sum::<usize>();
        let (slot, change) = store.put(ProjectId::at(0), &entity.row());
        assert_eq!(change, Change::Added);
        slots.push(slot);
        if n % 1_000 == 999 {
            store.rebuild();
        }
    }
    if let (Some(before), Some(now)) = (before, resident()) {
        let each = now.saturating_sub(before) / ROWS;
        println!("{ROWS} rows: about {each} bytes a row, of {} bytes of text", texts / ROWS);
    }
    assert!(store.by_time().is_sorted_by(|&a, &b| store.at(a).updated() >= store.at(b).updated()));
    // One in ten changes, one in ten goes, and comes back in another's place.
    for n in (0..ROWS).step_by(10) {
        let mut entity = plausible(n);
        entity.texts.insert(Field::Timestamp, "2027-12-31T00:00:00Z".into());
        entity.texts.insert(Field::CommitMessage, "ANOTHER, longer than the one before it was, by far".into());
        assert_eq!(store.put(ProjectId::at(0), &entity.row()).1, Change::Changed);
        let gone = plausible(n + 1);
        store.remove(store.slot_of(ProjectId::at(0), &gone.key.1, &gone.key.2).unwrap());
    }
    store.rebuild();
    for n in (0..ROWS).step_by(10).rev() {
        assert_eq!(store.put(ProjectId::at(0), &plausible(n + 1).row()).1, Change::Added);
    }
    store.rebuild();
    assert_eq!((store.len(), store.slots(), store.by_time().len()), (ROWS, ROWS, ROWS));
    assert!(store.by_time().is_sorted_by(|&a, &b| store.at(a).updated() >= store.at(b).updated()));
    let mut seen = vec![false; ROWS];
    store.by_time().iter().for_each(|&slot| assert!(!std::mem::replace(&mut seen[slot.index()], true)));
    for n in 0..ROWS {
        let mut entity = plausible(n);
        if n % 10 == 0 {
            entity.texts.insert(Field::Timestamp, "2027-12-31T00:00:00Z".into());
            entity.texts.insert(Field::CommitMessage, "ANOTHER, longer than the one before it was, by far".into());
        }
        let slot = store.slot_of(ProjectId::at(0), &entity.key.1, &entity.key.2).unwrap();
        for &field in entity.texts.keys() {
            assert_eq!(store.at(slot).text(field), entity.expect(field), "{field:?} of {n}");
        }
        assert_eq!(store.by_id(&entity.key.2), Some(slot));
    }
}

/// How many bytes this process occupies, where the system reports it.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.split_whitespace().next()?.parse::<usize>().ok()? * 1024)
}
