//! What forges reported, beside the rows: typed facts, and the little that is derived from them.

#[cfg(test)]
mod tests;

use super::{
    at::At,
    chunk::{self, CHUNK, Chunk},
    columns::{set, tidy},
    journey::Texts,
    layer::{ASSEMBLED, Layer},
    layout,
    overlay::Overlay,
    rows::Store,
    slot::Slot,
};
use crate::{
    domain::facts::SlotFacts,
    model::symbols::Sym,
    storage::row::{Field, Row},
};

/// A row's fields by which it names what forges have, and what of the facts goes when the field changes.
const NAMED: [(Field, Part); 8] = [
    (Field::P1, Part::Run(0)),
    (Field::P2, Part::Run(1)),
    (Field::P3, Part::Run(2)),
    (Field::Pr, Part::PullRequest),
    (Field::CommitId, Part::Commit),
    (Field::SourceRepo, Part::All),
    (Field::HldRepo, Part::All),
    (Field::ManifestRepo, Part::All),
];

#[derive(Clone, Copy)]
enum Part {
    Run(usize),
    PullRequest,
    Commit,
    All,
}

impl Store {
    /// What forges reported of a deployment.
    #[must_use]
    pub fn facts(&self, slot: Slot) -> Option<&SlotFacts> {
        self.layers.get(&slot).map(|layer| &layer.facts)
    }

    /// Puts in what forges report of a deployment, in place of all they reported before. Returns whether that changes
    /// anything but when it was read. They stay when the row changes, except what is of things that it no longer
    /// names.
    pub fn set_facts(&mut self, slot: Slot, facts: SlotFacts) -> bool {
        if !self.is_live(slot) {
            return false;
        }
        let known = self.facts(slot).unwrap_or(SlotFacts::nothing());
        if *known == facts {
            return false;
        }
        let is_same = known.has_same_content(&facts);
        let (before, after) = (self.position(slot, known), self.position(slot, &facts));
        if is_same && before == after {
            // Learnt anew, and nothing else.
            if let Some(layer) = self.layers.get_mut(&slot) {
                layer.facts = facts;
            }
            return false;
        }
        self.leave_place(slot);
        let layer = self.layers.remove(&slot).unwrap_or_else(|| {
            let row = ASSEMBLED.map(|field| self.symbol_of(field, slot));
            Box::new(Layer { row, ..Layer::default() })
        });
        self.lay(slot, Box::new(Layer { facts, ..*layer }));
        self.enter_place(slot);
        self.note(|delta| &mut delta.facts, slot);
        self.version += 1;
        true
    }

    /// What a deployment's stages are by its row and some facts, and which of these are older than the row.
    fn position(&self, slot: Slot, facts: &SlotFacts) -> impl PartialEq + use<> {
        let row = self.at(slot);
        let over = row.lay(Some(facts));
        let ring = row.ring_words();
        let is_older = |index: usize| over.stage(index, ring).is_some_and(|stage| over.is_older(index, &stage));
        let is_pull_older = over.pull().is_some_and(|pull| over.is_pull_older(pull.state));
        (over.stages(ring), [is_older(0), is_older(1), is_older(2), is_pull_older])
    }

    /// Lays facts over a row that has none on it.
    pub(super) fn lay(&mut self, slot: Slot, mut layer: Box<Layer>) {
        // Out of the store while its texts are read beside what is written.
        let (facts, own) = (std::mem::take(&mut layer.facts), layer.row);
        self.layers.insert(slot, layer);
        let row = self.at(slot);
        let over = row.lay(Some(&facts));
        let outcome = over.stages(row.ring_words()).outcome();
        let (mut texts, mut hides) = (String::new(), 0);
        for (field, text) in shown_texts(over) {
            let of_row = row.text(field);
            if text != of_row {
                hides |= 1 << field as u8;
                chunk::push(&mut texts, text);
            }
        }
        let others = self.reported_texts(over, own);
        let ring =
            if row.has(Field::Env) { row.ring() } else { self.names.of_branch(tidy(Field::Branch, over.branch())) };
        for ((field, own), reported) in ASSEMBLED.into_iter().zip(own).zip(others) {
            let sym =
                reported.zip(self.symbols.get_mut(field as usize)).map(|(reported, symbols)| symbols.intern(&reported));
            self.set_shared(slot.index(), field, sym.filter(|sym| *sym != Sym::NONE).unwrap_or(own));
        }
        if let Some(layer) = self.layers.get_mut(&slot) {
            (layer.facts, layer.hides) = (facts, hides);
        }
        self.write_reported(slot, &texts);
        self.derive(slot, ring, &outcome);
    }

    /// What is shown of the [`ASSEMBLED`] fields, where that is not what the row has, whose symbols are `own`. What the
    /// row has too is not copied.
    fn reported_texts(
        &self,
        over: Overlay<'_, At<'_>>,
        own: [Sym; ASSEMBLED.len()],
    ) -> [Option<String>; ASSEMBLED.len()] {
        let reported = [
            over.reported_author().map(|person| &*person.name),
            over.reported_merged_by().map(|person| &*person.name),
            Some(over.branch()),
            Some(over.repository()),
        ];
        let mut others = [const { None }; ASSEMBLED.len()];
        for (((field, own), reported), other) in ASSEMBLED.into_iter().zip(own).zip(reported).zip(&mut others) {
            let reported = tidy(field, reported.unwrap_or_default());
            *other = (reported != self.symbols_of(field).text(own)).then(|| reported.to_owned());
        }
        others
    }

    /// Takes off what forges reported, before another row comes in place of this one; what is left of it is still true
    /// of the new one. It is to be [laid](Store::lay) over that.
    pub(super) fn take_layer(&mut self, slot: Slot, new: &Row<'_>) -> Option<Box<Layer>> {
        let mut layer = self.layers.remove(&slot)?;
        self.write_reported(slot, "");
        let old = self.at(slot);
        let facts = &mut layer.facts;
        for (field, part) in NAMED {
            // Without the layer a shared field reads as what was shown, and not as what the old row had.
            let before = ASSEMBLED.iter().position(|f| *f == field).and_then(|n| layer.row.get(n)).copied();
            let before = before.map_or_else(|| old.text(field), |sym| self.symbols_of(field).text(sym));
            if before.eq_ignore_ascii_case(new.get(field)) {
                continue;
            }
            match part {
                Part::Run(index) => facts.runs.get_mut(index).into_iter().for_each(|run| *run = None),
                Part::PullRequest => facts.pull_request = None,
                Part::Commit => facts.commit = None,
                Part::All => *facts = SlotFacts::NONE,
            }
        }
        facts.is_staged &= new.get(Field::P1) == new.get(Field::P2);
        if !old.text(Field::ManifestCommitId).eq_ignore_ascii_case(new.get(Field::ManifestCommitId)) {
            facts.links.manifests = None;
        }
        (!facts.is_empty()).then_some(layer)
    }

    pub(super) fn drop_layer(&mut self, slot: Slot) {
        if self.layers.remove(&slot).is_some() {
            self.write_reported(slot, "");
        }
    }

    fn write_reported(&mut self, slot: Slot, texts: &str) {
        let (nth, row) = (slot.index() / CHUNK, slot.index() % CHUNK);
        if texts.is_empty() && self.reported.get(nth).is_none_or(Option::is_none) {
            return;
        }
        if self.reported.len() <= nth {
            self.reported.resize_with(nth + 1, || None);
        }
        if let Some(chunk) = self.reported.get_mut(nth) {
            chunk.get_or_insert_default().write(row, texts, "");
        }
    }

    /// The chunks with texts that forges reported of slots, with the first slot of each, for the search.
    pub(in crate::model) fn reported_chunks_of(
        &self,
        slots: &std::ops::Range<usize>,
    ) -> impl Iterator<Item = (usize, &Chunk)> {
        let nth = slots.start / CHUNK..slots.end.div_ceil(CHUNK).min(self.reported.len());
        nth.filter_map(|n| Some((n * CHUNK, &**self.reported.get(n)?.as_ref()?)))
    }

    /// Whether the text of the `nth` shown field that a row has is not what is shown: a forge reported another.
    pub(in crate::model) fn is_hidden(&self, slot: Slot, nth: impl FnOnce() -> usize) -> bool {
        let Some(layer) = self.layers.get(&slot).filter(|layer| layer.hides != 0) else { return false };
        let mut present = slot.of(&self.present).copied().unwrap_or(0) & layout::SHOWN;
        for _ in 0..nth() {
            present &= present.wrapping_sub(1);
        }
        present != 0 && layer.hides & (1 << present.trailing_zeros()) != 0
    }
}

/// The texts that the search reads, of fields that a forge may have.
fn shown_texts<'a, T: Texts<'a>>(over: Overlay<'a, T>) -> [(Field, &'a str); 8] {
    let [build, release, manifest] = [0, 1, 2].map(|index| over.run_name(index));
    [
        (Field::P1Name, build),
        (Field::P2Name, release),
        (Field::P3Name, manifest),
        (Field::CommitId, over.commit()),
        (Field::ImageTag, over.image()),
        (Field::CommitMessage, over.message()),
        (Field::PrTitle, over.pull_title()),
        (Field::PrBranch, over.pull_branch()),
    ]
}

impl Store {
    pub(super) fn set_shared(&mut self, index: usize, field: Field, sym: Sym) {
        // A column that no row has takes no memory.
        if let Some(column) =
            self.shared.get_mut(field as usize).filter(|column| sym != Sym::NONE || index < column.len())
        {
            set(column, index, sym);
        }
    }
}
