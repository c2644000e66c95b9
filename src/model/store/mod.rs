//! A hundred thousand deployments in memory, a few hundred bytes each, and quick to search.
//!
//! A deployment is a [`Slot`], a number that stays while it exists. Its texts are of three kinds: those that many rows
//! share (services, people, repositories) are [symbols](super::symbols); those of its own that the page shows lie in
//! [`chunk::Chunk`]s, which is what the search reads; the rest lie beside them. What views filter and sort by is
//! derived once, when the row arrives, into plain columns.
//!
//! What this is not: it has no opinion on what a row means (`journey`), and it draws nothing.

mod chunk;
mod layout;

use hashbrown::HashTable;
use rustc_hash::FxHasher;

pub(super) use self::chunk::Chunk;
use self::{
    chunk::CHUNK,
    layout::{Home, home},
};
use super::{
    journey::{self, Texts},
    order::ordered,
    rings::RingNames,
    symbols::{NONE, Sym, Symbols},
};
use crate::{
    domain::{
        deployment::{Kind, Status},
        id::{DeploymentId, ProjectName, SHORT_COMMIT},
        time::Timestamp,
    },
    storage::row::{FIELDS, Field, Row, is_written_after},
};

/// A deployment's place, its own as long as it exists.
pub type Slot = u32;

/// What putting in a row changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// It was not there before.
    Added,
    /// It was there and is different now.
    Changed,
    /// It was there, the same.
    Same,
}

/// What views filter and sort by, one entry a slot.
#[derive(Debug, Default)]
pub struct Derived {
    /// The project's number.
    pub project: Vec<u8>,
    /// Symbol in [`Store::symbols`] of [`Field::Service`].
    pub service: Vec<Sym>,
    /// Symbol in [`Store::rings`].
    pub ring: Vec<Sym>,
    /// What became of it.
    pub status: Vec<Status>,
    /// What kind of change.
    pub kind: Vec<Kind>,
    /// The newest of its times, in milliseconds.
    pub updated: Vec<i64>,
    /// The first seven hexadecimal digits of its manifest commit, see [`commit_key`].
    pub manifest: Vec<u32>,
}

/// All deployments.
#[derive(Debug, Default)]
pub struct Store {
    projects: Vec<ProjectName>,
    names: RingNames,
    chunks: Vec<Chunk>,
    symbols: Vec<Symbols>,
    shared: Vec<Vec<Sym>>,
    derived: Derived,
    present: Vec<u64>,
    fingerprint: Vec<u64>,
    ids: HashTable<Slot>,
    free: Vec<Slot>,
    live: Vec<bool>,
    count: usize,
    version: u64,
    order: Vec<Slot>,
    /// Some row came with no partition key.
    unpartitioned: bool,
    /// Slots that came or moved since the order was made; the second says that some left it.
    unordered: Vec<Slot>,
    disordered: bool,
    /// Slots whose row came or changed since somebody last asked, if somebody wants to know.
    fresh: Option<Vec<Slot>>,
}

impl Store {
    /// An empty one. The projects' order is theirs in `config.json`.
    #[must_use]
    pub fn new(projects: Vec<ProjectName>, names: RingNames) -> Self {
        let symbols = Field::ALL
            .iter()
            .map(|&f| if home(f) == Home::SharedFolded { Symbols::folding() } else { Symbols::default() })
            .collect();
        Self { projects, names, symbols, shared: vec![Vec::new(); FIELDS], ..Self::default() }
    }

    /// Puts a row in, in place of the one with the same keys.
    pub fn put(&mut self, project: usize, row: &Row<'_>) -> (Slot, Change) {
        let fingerprint = row.fingerprint();
        let (partition, key) = (row.get(Field::PartitionKey), chunk::kept(row.get(Field::RowKey)));
        let hash = key_hash(project, partition, &key);
        let known = self.find(project, partition, &key, hash);
        if let Some(slot) = known
            // Answers may overtake one another.
            && (self.fingerprint.get(slot as usize) == Some(&fingerprint)
                || is_written_after(self.at(slot).text(Field::Timestamp), row.get(Field::Timestamp)))
        {
            return (slot, Change::Same);
        }
        let slot = known.unwrap_or_else(|| self.new_slot());
        self.write(slot, project, row, fingerprint);
        if known.is_none() {
            self.count += 1;
            let mut ids = std::mem::take(&mut self.ids);
            ids.insert_unique(hash, slot, |&s| self.slot_hash(s));
            self.ids = ids;
        } else {
            self.disordered = true;
        }
        self.unordered.push(slot);
        self.fresh.iter_mut().for_each(|fresh| fresh.push(slot));
        self.version += 1;
        (slot, if known.is_some() { Change::Changed } else { Change::Added })
    }

    /// Remembers from now on which rows came or changed, for [`Store::take_fresh`].
    pub fn watch_fresh(&mut self) {
        self.fresh.get_or_insert_default();
    }

    /// The slots whose row came or changed since the last time: what was [rewritten](Store::rewrite) in them is gone.
    pub fn take_fresh(&mut self) -> Vec<Slot> {
        self.fresh.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// A deployment's texts as a row.
    #[must_use]
    pub fn row(&self, slot: Slot) -> Row<'static> {
        let (at, mut row) = (self.at(slot), Row::default());
        for &field in Field::ALL {
            row.set(field, at.text(field).to_owned());
        }
        row
    }

    /// Writes what is known besides its row into a deployment. The row in the table counts as unchanged: when it
    /// changes, it comes anew and takes the place of all this.
    pub fn rewrite(&mut self, slot: Slot, row: &Row<'_>) {
        if !self.is_live(slot) {
            return;
        }
        let index = slot as usize;
        let fingerprint = self.fingerprint.get(index).copied().unwrap_or(0);
        let before = self.derived.updated.get(index).copied();
        self.write(slot, self.at(slot).project(), row, fingerprint);
        if self.derived.updated.get(index).copied() != before {
            self.unordered.push(slot);
            self.disordered = true;
        }
        self.version += 1;
    }

    /// Takes a deployment out.
    pub fn remove(&mut self, slot: Slot) {
        if !self.is_live(slot) {
            return;
        }
        let hash = self.slot_hash(slot);
        if let Ok(entry) = self.ids.find_entry(hash, |&s| s == slot) {
            entry.remove();
        }
        let index = slot as usize;
        if let (Some(live), Some(chunk)) = (self.live.get_mut(index), self.chunks.get_mut(index / CHUNK)) {
            *live = false;
            chunk.write(index % CHUNK, "", "");
        }
        set(&mut self.present, index, 0);
        set(&mut self.fingerprint, index, 0);
        self.free.push(slot);
        self.count -= 1;
        self.disordered = true;
        self.version += 1;
    }

    /// The slot of those keys.
    #[must_use]
    pub fn slot_of(&self, project: usize, partition: &str, key: &str) -> Option<Slot> {
        let key = chunk::kept(key);
        self.find(project, partition, &key, key_hash(project, partition, &key))
    }

    fn find(&self, project: usize, partition: &str, key: &str, hash: u64) -> Option<Slot> {
        self.ids
            .find(hash, |&slot| {
                let at = self.at(slot);
                at.project() == project && at.text(Field::RowKey) == key && at.text(Field::PartitionKey) == partition
            })
            .copied()
    }

    fn slot_hash(&self, slot: Slot) -> u64 {
        let at = self.at(slot);
        key_hash(at.project(), at.text(Field::PartitionKey), at.text(Field::RowKey))
    }

    fn new_slot(&mut self) -> Slot {
        if let Some(slot) = self.free.pop() {
            set(&mut self.live, slot as usize, true);
            return slot;
        }
        let slot = self.live.len();
        self.live.push(true);
        if slot.is_multiple_of(CHUNK) {
            // The one before is full: give back what its text had in reserve.
            if let Some(full) = self.chunks.last_mut() {
                full.shrink();
            }
            self.chunks.push(Chunk::default());
        }
        slot as Slot
    }

    fn write(&mut self, slot: Slot, project: usize, row: &Row<'_>, fingerprint: u64) {
        let index = slot as usize;
        let (mut present, mut shown, mut hidden) = (0_u64, String::new(), String::new());
        for &field in Field::ALL {
            let text = row.get(field);
            match home(field) {
                Home::Shown | Home::Hidden if text.is_empty() => {}
                Home::Shown => push_text(&mut shown, &mut present, field, tidy(field, text)),
                Home::Hidden => push_text(&mut hidden, &mut present, field, text),
                Home::Shared | Home::SharedFolded => {
                    self.share(index, field, tidy(field, text));
                }
                Home::Nowhere => {}
            }
        }
        if let Some(chunk) = self.chunks.get_mut(index / CHUNK) {
            chunk.write(index % CHUNK, &shown, &hidden);
        }
        let facts = journey::facts(row);
        let ring = match self.names.resolve(row.get(Field::Env)) {
            NONE => self.names.of_branch(tidy(Field::Branch, row.get(Field::Branch))),
            ring => ring,
        };
        self.unpartitioned |= row.get(Field::PartitionKey).is_empty();
        set(&mut self.present, index, present);
        set(&mut self.fingerprint, index, fingerprint);
        let service = self.shared(Field::Service, slot);
        let derived = &mut self.derived;
        set(&mut derived.project, index, u8::try_from(project).unwrap_or(u8::MAX));
        set(&mut derived.service, index, service);
        set(&mut derived.ring, index, ring);
        set(&mut derived.status, index, facts.status);
        set(&mut derived.kind, index, facts.kind);
        set(&mut derived.updated, index, facts.updated.millis());
        set(&mut derived.manifest, index, commit_key(row.get(Field::ManifestCommitId)));
    }

    fn share(&mut self, index: usize, field: Field, text: &str) {
        let (Some(symbols), Some(column)) = (self.symbols.get_mut(field as usize), self.shared.get_mut(field as usize))
        else {
            return;
        };
        let sym = symbols.intern(text);
        // A column that no row has takes no memory.
        if sym != NONE || index < column.len() {
            set(column, index, sym);
        }
    }

    /// The symbol of a shared field.
    #[must_use]
    pub fn shared(&self, field: Field, slot: Slot) -> Sym {
        self.shared_column(field).get(slot as usize).copied().unwrap_or(NONE)
    }

    /// All symbols of a shared field, by slot; shorter than the number of slots where the rest have none.
    #[must_use]
    pub fn shared_column(&self, field: Field) -> &[Sym] {
        self.shared.get(field as usize).map_or(&[], |c| c)
    }

    /// The texts behind a shared field's symbols.
    #[must_use]
    pub fn symbols(&self, field: Field) -> &Symbols {
        static EMPTY: std::sync::OnceLock<Symbols> = std::sync::OnceLock::new();
        self.symbols.get(field as usize).unwrap_or_else(|| EMPTY.get_or_init(Symbols::default))
    }

    /// The rings' names.
    #[must_use]
    pub const fn rings(&self) -> &RingNames {
        &self.names
    }

    /// The columns to filter and sort by.
    #[must_use]
    pub const fn derived(&self) -> &Derived {
        &self.derived
    }

    /// The chunks in order of slots, for the search.
    pub(super) fn chunks(&self) -> impl Iterator<Item = (usize, &Chunk)> {
        self.chunks.iter().enumerate().map(|(i, c)| (i * CHUNK, c))
    }

    /// One deployment.
    #[must_use]
    pub const fn at(&self, slot: Slot) -> At<'_> {
        At { store: self, slot }
    }

    /// Whether there is a deployment in that slot.
    #[must_use]
    pub fn is_live(&self, slot: Slot) -> bool {
        self.live.get(slot as usize).copied().unwrap_or(false)
    }

    /// How many slots have ever been given: the length of a table indexed by them.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.live.len()
    }

    /// How many deployments there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Grows with every change.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// Whether any deployment has a text of its own in one of these fields.
    #[must_use]
    pub fn has_any(&self, fields: &[Field]) -> bool {
        let bits = fields.iter().fold(0_u64, |bits, &field| bits | 1 << field as u8);
        self.present.iter().any(|present| present & bits != 0)
    }

    /// The projects.
    #[must_use]
    pub fn projects(&self) -> &[ProjectName] {
        &self.projects
    }

    /// Every deployment, the last updated first, as of the last [`Store::settle`].
    #[must_use]
    pub fn by_time(&self) -> &[Slot] {
        &self.order
    }

    /// Brings [`Store::by_time`] up to date: what came is sorted and merged in, which is one pass however many
    /// pages came since.
    pub fn settle(&mut self) {
        if self.unordered.is_empty() && !self.disordered {
            return;
        }
        let mut came = std::mem::take(&mut self.unordered);
        let mut kept = std::mem::take(&mut self.order);
        if self.disordered {
            let mut moved = vec![false; self.slots()];
            for &slot in &came {
                set(&mut moved, slot as usize, true);
            }
            kept.retain(|&slot| self.is_live(slot) && moved.get(slot as usize) == Some(&false));
        }
        came.retain(|&slot| self.is_live(slot));
        came = ordered(&came, |&a, &b| self.newer_first(a, b));
        came.dedup();
        let mut merged = Vec::with_capacity(kept.len() + came.len());
        let mut came = came.into_iter().peekable();
        for slot in kept {
            while let Some(new) = came.next_if(|&new| self.newer_first(new, slot).is_lt()) {
                merged.push(new);
            }
            merged.push(slot);
        }
        merged.extend(came);
        self.order = merged;
        self.disordered = false;
    }

    fn newer_first(&self, a: Slot, b: Slot) -> std::cmp::Ordering {
        let time = |slot: Slot| self.derived.updated.get(slot as usize).copied().unwrap_or(i64::MIN);
        // Ties go by key and not by slot, so that the order of arrival never shows.
        time(b).cmp(&time(a)).then_with(|| {
            let project = |slot| self.at(slot).project();
            let key =
                |slot| (self.at(slot).text(Field::RowKey), self.at(slot).text(Field::PartitionKey), project(slot));
            key(a).cmp(&key(b))
        })
    }

    /// The deployment with that public id: its row's key, or the longer form where that key is ambiguous.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<Slot> {
        // A row's key has no slash, and a project's name no colon as it stands here.
        let long = id.rsplit_once('/').and_then(|(front, key)| {
            let (name, partition) = front.split_once(':')?;
            let project = self.projects.iter().position(|p| prefix(p) == name)?;
            self.slot_of(project, partition, key)
        });
        let partitions = self.symbols(Field::PartitionKey);
        let partitions = || std::iter::once(NONE).chain(partitions.all()).map(|sym| partitions.text(sym));
        let bare =
            || (0..self.projects.len()).find_map(|p| partitions().find_map(|partition| self.slot_of(p, partition, id)));
        long.or_else(bare)
    }

    fn long_id(&self, slot: Slot) -> String {
        let at = self.at(slot);
        let project = self.projects.get(at.project()).map(prefix).unwrap_or_default();
        format!("{project}:{}/{}", at.text(Field::PartitionKey), at.text(Field::RowKey))
    }

    /// The public id: the row's key alone where the configuration makes it unique.
    #[must_use]
    pub fn id(&self, slot: Slot) -> Option<DeploymentId> {
        let partitions = self.symbols(Field::PartitionKey).all().count() + usize::from(self.unpartitioned);
        let plain = self.projects.len() < 2 && partitions < 2;
        if plain {
            DeploymentId::new(self.at(slot).text(Field::RowKey))
        } else {
            DeploymentId::new(&self.long_id(slot))
        }
    }
}

/// One deployment's texts, where they lie.
#[derive(Clone, Copy, Debug)]
pub struct At<'s> {
    store: &'s Store,
    slot: Slot,
}

impl<'s> At<'s> {
    /// The project's number.
    #[must_use]
    pub fn project(&self) -> usize {
        self.store.derived.project.get(self.slot as usize).copied().unwrap_or(0).into()
    }

    /// The field's text; empty when there is none.
    #[must_use]
    pub fn text(&self, field: Field) -> &'s str {
        let chunk = || self.store.chunks.get(self.slot as usize / CHUNK);
        let nth = |of: u64| {
            let present = self.store.present.get(self.slot as usize).copied().unwrap_or(0) & of;
            let bit = 1_u64 << field as u8;
            (present & bit != 0).then(|| (present & (bit - 1)).count_ones() as usize)
        };
        let row = self.slot as usize % CHUNK;
        match home(field) {
            Home::Shared | Home::SharedFolded => self.store.symbols(field).text(self.store.shared(field, self.slot)),
            Home::Shown => nth(layout::SHOWN).and_then(|n| chunk()?.shown(row, n)).unwrap_or(""),
            Home::Hidden => nth(layout::HIDDEN).and_then(|n| chunk()?.hidden(row, n)).unwrap_or(""),
            Home::Nowhere => "",
        }
    }

    /// Its ring's symbol.
    #[must_use]
    pub fn ring(&self) -> Sym {
        self.store.derived.ring.get(self.slot as usize).copied().unwrap_or(NONE)
    }

    /// When it last changed.
    #[must_use]
    pub fn updated(&self) -> Timestamp {
        Timestamp::from_millis(self.store.derived.updated.get(self.slot as usize).copied().unwrap_or(0))
    }

    /// What became of it.
    #[must_use]
    pub fn status(&self) -> Status {
        self.store.derived.status.get(self.slot as usize).copied().unwrap_or(Status::Unknown)
    }
}

impl Texts for At<'_> {
    fn text(&self, field: Field) -> &str {
        At::text(self, field)
    }
}

/// A project's name before the colon in an id.
fn prefix(project: &ProjectName) -> String {
    project.as_str().replace('%', "%25").replace(':', "%3A")
}

fn push_text(out: &mut String, present: &mut u64, field: Field, text: &str) {
    *present |= 1 << field as u8;
    chunk::push(out, text);
}

fn set<T: Clone + DefaultFill>(column: &mut Vec<T>, index: usize, value: T) {
    if index >= column.len() {
        column.resize(index + 1, T::FILL);
    }
    if let Some(slot) = column.get_mut(index) {
        *slot = value;
    }
}

/// What a column holds where nothing has been written yet.
trait DefaultFill {
    const FILL: Self;
}

macro_rules! fills {
    ($($t:ty = $v:expr;)+) => { $(impl DefaultFill for $t { const FILL: Self = $v; })+ };
}

fills! { u8 = 0; u32 = 0; u64 = 0; i64 = 0; bool = false; Status = Status::Unknown; Kind = Kind::Deployment; }

fn key_hash(project: usize, partition: &str, key: &str) -> u64 {
    use std::hash::{Hash, Hasher};
    let mut hasher = FxHasher::default();
    (project, partition, key).hash(&mut hasher);
    hasher.finish()
}

/// A text as people know it: a service without its owner (`contoso/api` is `api`), a branch without `refs/heads/`.
fn tidy(field: Field, text: &str) -> &str {
    match field {
        Field::Service => text.rsplit('/').find(|part| !part.is_empty()).unwrap_or(text),
        Field::Branch | Field::PrBranch => text.strip_prefix("refs/heads/").unwrap_or(text),
        _ => text,
    }
}

/// The first seven hexadecimal digits of a commit as a number above 0; 0 when there are not so many. Two commits
/// with different keys are different; with the same key they may be the same.
#[must_use]
pub fn commit_key(commit: &str) -> u32 {
    commit.get(..SHORT_COMMIT).and_then(|short| u32::from_str_radix(short, 16).ok()).map_or(0, |key| key + 1)
}

#[cfg(test)]
mod tests;
