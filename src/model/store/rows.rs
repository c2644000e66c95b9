//! All deployments: rows put in, and taken out.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    by_time::ByTime,
    chunk::{self, CHUNK, Chunk},
    columns::{Derived, commit_key, set, tidy},
    delta::Delta,
    groups::Groups,
    joined::Joined,
    journey::Outcome,
    keys::key_hash,
    layer::Layer,
    layout::{Home, home},
    overlay::outcome_of_row,
    slot::Slot,
    slot_table::SlotTable,
};
use crate::{
    config::StageRules,
    domain::{id::ProjectName, project::ProjectId},
    model::{
        rings::names::RingNames,
        symbols::{RingSym, Sym, Symbols},
    },
    storage::row::{FIELDS, Field, Row, is_written_after},
};

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

/// All deployments.
#[derive(Debug, Default)]
pub struct Store {
    pub(super) projects: Vec<ProjectName>,
    pub(super) names: RingNames,
    /// By project: what the stages of runs are called.
    pub(super) stage_rules: Vec<StageRules>,
    pub(super) chunks: Vec<Chunk>,
    pub(super) symbols: Vec<Symbols>,
    /// By field, by slot. Of [`ASSEMBLED`](super::layer::ASSEMBLED) fields what is shown, which may be what a forge
    /// reported; of all others what the row states.
    pub(super) shared: Vec<Vec<Sym>>,
    pub(super) derived: Derived,
    pub(super) present: Vec<u64>,
    /// In how many rows each field of a row's own has a text.
    pub(super) filled: Vec<u32>,
    pub(super) fingerprint: Vec<u64>,
    pub(super) ids: SlotTable,
    pub(super) free: Vec<Slot>,
    pub(super) live: Vec<bool>,
    pub(super) count: usize,
    pub(super) version: u64,
    pub(super) by_time: ByTime,
    /// Some row came with no partition key.
    pub(super) unpartitioned: bool,
    /// What forges reported, of the deployments of which they reported anything.
    pub(super) layers: FxHashMap<Slot, Box<Layer>>,
    /// The texts that forges reported, chunk by chunk beside those of the rows, for the search.
    pub(super) reported: Vec<Option<Box<Chunk>>>,
    /// How many deployments each project has in each ring.
    pub(super) placed: FxHashMap<(ProjectId, RingSym), u32>,
    /// Rows that may belong together: by image, pull request and commit of the definition.
    pub(super) groups: [Groups; 3],
    /// Deployments that are shown with what other rows hold.
    pub(super) joined: FxHashMap<Slot, Box<Joined>>,
    /// Rows that are no deployments: parts of others, and what a check of the set-up left behind.
    pub(super) hidden: FxHashSet<Slot>,
    pub(super) delta: Delta,
    /// Slots whose row came or changed since somebody last asked, if somebody wants to know.
    pub(super) fresh: Option<Vec<Slot>>,
}

impl Store {
    /// An empty one. The projects' order is theirs in `config.json`.
    #[must_use]
    pub fn new(projects: Vec<ProjectName>, names: RingNames) -> Self {
        let symbols = Field::ALL
            .iter()
            .map(|&f| if home(f) == Home::SharedFolded { Symbols::folding() } else { Symbols::default() })
            .collect();
        Self { projects, names, symbols, shared: vec![Vec::new(); FIELDS], filled: vec![0; FIELDS], ..Self::default() }
    }

    /// What the stages of each project's runs are called, by the configuration.
    #[must_use]
    pub fn with_stages(self, stage_rules: Vec<StageRules>) -> Self {
        Self { stage_rules, ..self }
    }

    /// Puts a row in, in place of the one with the same keys.
    pub fn put(&mut self, project: ProjectId, row: &Row<'_>) -> (Slot, Change) {
        let fingerprint = row.fingerprint();
        // Some versions of a writer put the name of a variable where its value should be.
        let mended = (row.get(Field::Pr) == "pr_id").then(|| {
            let mut row = row.clone();
            row.set(Field::Pr, "");
            row
        });
        let row = mended.as_ref().unwrap_or(row);
        let (partition, key) = (row.get(Field::PartitionKey), chunk::kept(row.get(Field::RowKey)));
        let hash = key_hash(project, partition, &key);
        let known = self.find(project, partition, &key, hash);
        if let Some(slot) = known
            // Answers may overtake one another.
            && (slot.of(&self.fingerprint) == Some(&fingerprint)
                || is_written_after(self.row_text(slot, Field::Timestamp), row.get(Field::Timestamp)))
        {
            return (slot, Change::Same);
        }
        let version = self.version;
        let slot = known.unwrap_or_else(|| self.new_slot());
        let mut near = Vec::new();
        if known.is_some() {
            near = self.neighbours(slot);
            self.leave_groups(slot);
        }
        let whole = self.with_parts(slot, row);
        self.rewrite(slot, project, &whole, fingerprint);
        if known.is_none() {
            let mut ids = std::mem::take(&mut self.ids);
            ids.insert(hash, slot, |&s| self.slot_hash(s));
            self.ids = ids;
        }
        self.enter_groups(slot);
        near.extend(self.neighbours(slot));
        near.sort_unstable();
        near.dedup();
        self.join(&near);
        let change = if known.is_some() { Change::Changed } else { Change::Added };
        // One that is part of nothing and shown nowhere is known, so that it is not asked for again and again.
        (slot, if self.version == version { Change::Same } else { change })
    }

    /// Writes what is shown of a row.
    pub(super) fn rewrite(&mut self, slot: Slot, project: ProjectId, row: &Row<'_>, fingerprint: u64) {
        let is_live = self.is_live(slot);
        let layer = self.take_layer(slot, row);
        if is_live {
            self.leave_place(slot);
        }
        self.write(slot, project, row, fingerprint);
        if let Some(layer) = layer {
            self.lay(slot, layer);
        }
        if is_live {
            self.enter_place(slot);
            self.note(|delta| &mut delta.changed, slot);
            self.fresh.iter_mut().for_each(|fresh| fresh.push(slot));
            self.version += 1;
        }
    }

    /// Remembers from now on which rows came or changed, for [`Store::take_fresh`].
    pub fn watch_fresh(&mut self) {
        self.fresh.get_or_insert_default();
    }

    /// The slots whose row came or changed since the last time.
    pub fn take_fresh(&mut self) -> Vec<Slot> {
        self.fresh.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Takes a row out.
    pub fn remove(&mut self, slot: Slot) {
        if !self.has_row(slot) {
            return;
        }
        let near = self.neighbours(slot);
        self.leave_groups(slot);
        if self.hidden.remove(&slot) {
            self.version += 1;
        } else {
            self.leave_place(slot);
            self.unorder(slot);
            self.drop_layer(slot);
            self.count -= 1;
            self.note(|delta| &mut delta.removed, slot);
            self.version += 1;
        }
        self.joined.remove(&slot);
        let hash = self.slot_hash(slot);
        if let Some(entry) = self.ids.find_entry(hash, |&s| s == slot) {
            entry.remove();
        }
        let index = slot.index();
        if let (Some(live), Some(chunk)) = (self.live.get_mut(index), self.chunks.get_mut(index / CHUNK)) {
            *live = false;
            chunk.write(index % CHUNK, "", "");
        }
        self.set_present(index, 0);
        set(&mut self.fingerprint, index, 0);
        self.free.push(slot);
        self.join(&near);
    }

    /// A slot for a row that is not shown yet.
    fn new_slot(&mut self) -> Slot {
        if let Some(slot) = self.free.pop() {
            self.hidden.insert(slot);
            return slot;
        }
        let slot = self.live.len();
        self.live.push(false);
        self.hidden.insert(Slot::at(slot));
        if slot.is_multiple_of(CHUNK) {
            let next = self.chunks.last_mut().map(Chunk::next).unwrap_or_default();
            self.chunks.push(next);
        }
        Slot::at(slot)
    }

    fn write(&mut self, slot: Slot, project: ProjectId, row: &Row<'_>, fingerprint: u64) {
        let index = slot.index();
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
        self.unpartitioned |= row.get(Field::PartitionKey).is_empty();
        self.set_present(index, present);
        set(&mut self.fingerprint, index, fingerprint);
        let ring = match self.names.resolve(row.get(Field::Env)) {
            RingSym::NONE => self.names.of_branch(tidy(Field::Branch, row.get(Field::Branch))),
            ring => ring,
        };
        let outcome = outcome_of_row(row);
        let derived = &mut self.derived;
        set(&mut derived.project, index, project);
        set(&mut derived.manifest, index, commit_key(row.get(Field::ManifestCommitId)));
        self.derive(slot, ring, &outcome);
    }

    /// Writes down what views filter and sort by.
    pub(super) fn derive(&mut self, slot: Slot, ring: RingSym, outcome: &Outcome) {
        let index = slot.index();
        let before = self.derived.updated.get(index).copied();
        set(&mut self.derived.ring, index, ring);
        set(&mut self.derived.status, index, outcome.status);
        set(&mut self.derived.kind, index, outcome.kind);
        set(&mut self.derived.is_timed, index, outcome.is_timed);
        if before != Some(outcome.updated) {
            self.reorder(slot, Some(outcome.updated));
        }
    }

    fn set_present(&mut self, index: usize, present: u64) {
        let before = self.present.get(index).copied().unwrap_or(0);
        for (n, filled) in self.filled.iter_mut().enumerate() {
            let is = |bits: u64| u32::from(bits >> n & 1 == 1);
            *filled = *filled + is(present) - is(before);
        }
        set(&mut self.present, index, present);
    }

    fn share(&mut self, index: usize, field: Field, text: &str) {
        let (Some(symbols), Some(column)) = (self.symbols.get_mut(field as usize), self.shared.get_mut(field as usize))
        else {
            return;
        };
        let sym = symbols.intern(text);
        // A column that no row has takes no memory.
        if sym != Sym::NONE || index < column.len() {
            set(column, index, sym);
        }
    }
}

fn push_text(out: &mut String, present: &mut u64, field: Field, text: &str) {
    *present |= 1 << field as u8;
    chunk::push(out, text);
}
