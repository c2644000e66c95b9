//! A table that the test writes to, and everything that it ever held.

use std::{
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

use ringside::{
    domain::{
        cluster::{ClusterSync, SyncState},
        id::{ClusterName, CommitId},
        project::ProjectId,
        time::Timestamp,
    },
    model::{
        rings::RingNames,
        store::{Slot, Store},
        sync::Syncs,
    },
    storage::row::Field,
};

use crate::support::rows::RowBuilder;

/// Partition and row key.
pub(crate) type Key = (String, String);

/// What somebody wrote in a row at some moment.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Entity {
    /// When, to the millisecond.
    pub(crate) written: i64,
    /// All of it, the time with seven digits behind the point, as the service writes it.
    pub(crate) row: RowBuilder,
    /// The same as a text, and its keys alone.
    pub(crate) json: String,
    pub(crate) keys_json: String,
    timestamp: String,
}

/// A row's keys alone.
fn keys(key: &Key) -> RowBuilder {
    RowBuilder::default().with(Field::PartitionKey, &key.0).with(Field::RowKey, &key.1)
}

impl Entity {
    fn new(key: &Key, written: i64, ticks: u32, row: RowBuilder) -> Self {
        let whole = Timestamp::from_millis(written - written.rem_euclid(1000)).to_rfc3339();
        let digits = written.rem_euclid(1000) * 10_000 + i64::from(ticks);
        let timestamp = format!("{}.{digits:07}Z", whole.trim_end_matches('Z'));
        let row = keys(key).with(Field::Timestamp, &timestamp).extended(row);
        Self { written, json: row.json(), keys_json: keys(key).json(), row, timestamp }
    }

    /// A column as a reader should see it.
    pub(crate) fn text(&self, column: &str) -> String {
        self.row.text(column)
    }

    pub(crate) fn is_sync(&self) -> bool {
        self.text("kind") == "sync"
    }
}

/// A table.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) rows: BTreeMap<Key, Rc<Entity>>,
    /// The one partition that the configuration names, if it names one.
    pub(crate) partition: Option<String>,
    /// Every row that ever was, by its keys and time.
    history: HashMap<Key, Vec<Rc<Entity>>>,
    versions: u64,
}

impl World {
    /// An empty one, of which the configuration names one partition or all.
    pub(crate) fn of(partition: Option<String>) -> Self {
        Self { partition, ..Self::default() }
    }

    /// Writes a row, over the one with the same keys if there is one. A row's time always grows.
    pub(crate) fn write(&mut self, key: &Key, at: i64, ticks: u32, row: RowBuilder) {
        let old = self.history.get(key).and_then(|all| all.last());
        let written = old.map_or(at, |old| at.max(old.written + 1));
        self.versions += 1;
        let is_sync = row.columns().any(|name| name == "kind");
        let field = if is_sync { Field::SyncMessage } else { Field::CommitMessage };
        let row = row.with(field, format!("version {}", self.versions));
        let entity = Rc::new(Entity::new(key, written, ticks, row));
        self.history.entry(key.clone()).or_default().push(Rc::clone(&entity));
        self.rows.insert(key.clone(), entity);
    }

    pub(crate) fn delete(&mut self, key: &Key) {
        self.rows.remove(key);
    }

    /// Nothing is known of what a row ever was: its next version may be of any time.
    pub(crate) fn forget(&mut self, key: &Key) {
        self.rows.remove(key);
        self.history.remove(key);
    }

    /// What a reader should find of deployments, or of reports.
    fn expected(&self, syncs: bool) -> impl Iterator<Item = (&Key, &Rc<Entity>)> {
        let wanted = |key: &Key| self.partition.as_ref().is_none_or(|p| *p == key.0);
        self.rows.iter().filter(move |(key, entity)| wanted(key) && entity.is_sync() == syncs)
    }

    /// The row that had these keys at that time, if ever one had.
    fn once(&self, key: &Key, timestamp: &str) -> Option<&Rc<Entity>> {
        self.history.get(key)?.iter().find(|e| e.timestamp == timestamp)
    }
}

/// The keys in a slot.
fn key_of(store: &Store, slot: Slot) -> Key {
    let at = store.at(slot);
    (at.text(Field::PartitionKey).to_owned(), at.text(Field::RowKey).to_owned())
}

fn slots(store: &Store) -> impl Iterator<Item = Slot> + '_ {
    store.all_slots().filter(|&slot| store.has_row(slot))
}

/// What the store held when last looked at: each row's time.
#[derive(Default)]
pub(crate) struct TrackedRows(HashMap<(ProjectId, Key), i64>);

impl TrackedRows {
    /// Checks that the store holds only rows that were in their tables at some time, none twice, and none that is
    /// older than what it held before.
    pub(crate) fn check(&mut self, store: &Store, worlds: &[&World]) {
        let mut now = HashMap::new();
        for slot in slots(store) {
            let at = store.at(slot);
            let key = key_of(store, slot);
            let text = |field: Field| store.row_text(slot, field);
            let entity = worlds[at.project().index()].once(&key, text(Field::Timestamp));
            let entity = entity.unwrap_or_else(|| panic!("{key:?} never was as of {}", text(Field::Timestamp)));
            assert_eq!(text(Field::CommitMessage), entity.text("commitMessage"), "the text of {key:?}");
            assert_eq!(store.slot_of(at.project(), &key.0, &key.1), Some(slot), "{key:?} is found by its keys");
            let key = (at.project(), key);
            if let Some(before) = self.0.get(&key) {
                assert!(*before <= entity.written, "{key:?} was overwritten by an older answer");
            }
            assert_eq!(now.insert(key.clone(), entity.written), None, "{key:?} is there twice");
        }
        assert_eq!(slots(store).filter(|&slot| store.is_live(slot)).count(), store.len(), "the store's own count");
        self.0 = now;
    }
}

/// Checks that the store holds exactly what the tables hold, field by field.
pub(crate) fn check_same(store: &Store, worlds: &[&World]) {
    let expected: usize = worlds.iter().map(|w| w.expected(false).count()).sum();
    for (project, world) in worlds.iter().enumerate() {
        for (key, entity) in world.expected(false) {
            let slot =
                store.slot_of(ProjectId::at(project), &key.0, &key.1).unwrap_or_else(|| panic!("{key:?} is missing"));
            check_fields(store, slot, entity);
        }
    }
    let left: Vec<Key> = slots(store)
        .map(|slot| (store.at(slot).project(), key_of(store, slot)))
        .filter(|(project, key)| worlds[project.index()].rows.get(key).is_none_or(|e| e.is_sync()))
        .map(|(_, key)| key)
        .collect();
    assert_eq!(left, [], "gone from the table, still in the store");
    assert_eq!(slots(store).count(), expected);
    check_joined(store);
}

/// Checks that rows are joined as they are where they come all at once.
fn check_joined(store: &Store) {
    let mut fresh = Store::new(store.projects().to_vec(), RingNames::default());
    for slot in slots(store) {
        let row = RowBuilder::texts(Field::ALL.iter().map(|&field| (field, store.row_text(slot, field)))).row();
        let (in_fresh, _) = fresh.put(store.at(slot).project(), &row);
        assert!(fresh.has_row(in_fresh));
    }
    assert_eq!(store.len(), fresh.len(), "deployments");
    for slot in slots(store) {
        let (partition, key) = key_of(store, slot);
        let at = store.at(slot);
        let in_fresh = fresh.slot_of(at.project(), &partition, &key).expect("it was put there");
        assert_eq!(store.is_live(slot), fresh.is_live(in_fresh), "{key}");
        for &field in Field::ALL {
            let texts = [at.text(field), fresh.at(in_fresh).text(field)].map(str::to_lowercase);
            assert_eq!(texts[0], texts[1], "{field:?} of {key}");
        }
    }
}

fn check_fields(store: &Store, slot: Slot, entity: &Entity) {
    for &field in Field::ALL {
        let expect = match field {
            Field::PartitionKey | Field::RowKey => continue,
            Field::Timestamp => entity.timestamp.clone(),
            Field::Service => entity.text("service").rsplit('/').next().unwrap_or_default().to_owned(),
            Field::Branch => entity.text("branch").trim_start_matches("refs/heads/").to_owned(),
            Field::Kind
            | Field::Cluster
            | Field::SyncCommit
            | Field::SyncState
            | Field::SyncMessage
            | Field::SyncAt => String::new(),
            _ => entity.text(field.column()),
        };
        // Spellings that differ in case alone are one.
        let text = store.row_text(slot, field);
        let same = text == expect || text.to_lowercase() == expect.to_lowercase();
        assert!(same, "{field:?} of {:?}: {text:?}, not {expect:?}", key_of(store, slot));
    }
}

/// Checks that the reports are exactly those that the tables hold.
pub(crate) fn check_same_syncs(syncs: &Syncs, worlds: &[&World]) {
    let mut expect: Vec<String> = Vec::new();
    for (project, world) in worlds.iter().enumerate() {
        for (key, entity) in world.expected(true) {
            assert!(syncs.has(ProjectId::at(project), &key.0, &key.1), "the report {key:?} is missing");
            expect.push(format!("{:?}", report(key, entity)));
        }
    }
    let mut found = reports(syncs);
    found.sort();
    expect.sort();
    assert_eq!(found, expect);
}

/// Every report, in words.
pub(crate) fn reports(syncs: &Syncs) -> Vec<String> {
    syncs.reports().map(|(_, report)| format!("{report:?}")).collect()
}

fn report((_, row): &Key, entity: &Entity) -> ClusterSync {
    let named = ClusterName::new(&entity.text("cluster"));
    let from_key = || ClusterName::new(row.strip_prefix("sync-").unwrap_or(row));
    let stated = Timestamp::parse(&entity.text("syncAt"));
    ClusterSync {
        cluster: named.or_else(from_key).expect("a test's cluster has a name"),
        commit: CommitId::new(&entity.text("syncCommit")),
        state: match entity.text("syncState").as_str() {
            "applied" => SyncState::Synced,
            "failed" => SyncState::Failed,
            "pending" => SyncState::Pending,
            _ => SyncState::Unknown,
        },
        message: Some(entity.text("syncMessage").into()),
        at: stated.or_else(|| Timestamp::parse(&entity.timestamp)),
        is_approximate: stated.is_none(),
    }
}
