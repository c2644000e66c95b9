//! One deployment, where it lies.

use super::{CHUNK, Field, Home, Kind, Slot, Status, Store, Sym, home, layout};
use crate::{
    domain::time::Timestamp,
    model::{
        journey::{StagesKnown, Texts},
        overlay::{Overlay, RingWords},
        symbols::NONE,
    },
};

/// One deployment's texts, where they lie.
#[derive(Clone, Copy, Debug)]
pub struct At<'s> {
    pub(super) store: &'s Store,
    pub(super) slot: Slot,
}

impl<'s> At<'s> {
    /// The project's number.
    #[must_use]
    pub fn project(&self) -> usize {
        self.store.derived.project.get(self.slot as usize).copied().unwrap_or(0).into()
    }

    /// The field's text as the row has it; empty when there is none.
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
            Home::Shared | Home::SharedFolded => {
                let of_row = self.store.layers.get(&self.slot).and_then(|layer| layer.of_row(field));
                self.store.symbols(field).text(of_row.unwrap_or_else(|| self.store.shared(field, self.slot)))
            }
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

    /// Whether [`At::updated`] is the time of a stage, and not of when the row was written.
    #[must_use]
    pub fn is_timed(&self) -> bool {
        self.store.derived.is_timed.get(self.slot as usize).copied().unwrap_or(false)
    }

    /// What kind of change it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.store.derived.kind.get(self.slot as usize).copied().unwrap_or(Kind::Deployment)
    }

    /// What became of it.
    #[must_use]
    pub fn status(&self) -> Status {
        self.store.derived.status.get(self.slot as usize).copied().unwrap_or(Status::Unknown)
    }
}

/// What is shown of it: what forges told, laid over what the row says.
impl<'s> At<'s> {
    /// The stages, and what became of them.
    #[must_use]
    pub fn stages(&self) -> StagesKnown {
        self.over().stages(self.ring_words())
    }

    /// When its manifests were published, as far as that is known.
    #[must_use]
    pub fn published(&self) -> Option<Timestamp> {
        self.stages().runs.last().and_then(|run| run.ended)
    }

    /// The commit of the service's source.
    #[must_use]
    pub fn commit(&self) -> &'s str {
        self.over().commit()
    }

    /// The branch it was built from.
    #[must_use]
    pub fn branch(&self) -> &'s str {
        self.store.symbols(Field::Branch).text(self.store.shared(Field::Branch, self.slot))
    }

    /// Where the source lives.
    #[must_use]
    pub fn repository(&self) -> &'s str {
        self.store.symbols(Field::SourceRepo).text(self.store.shared(Field::SourceRepo, self.slot))
    }

    /// The image.
    #[must_use]
    pub fn image(&self) -> &'s str {
        self.over().image()
    }

    /// The first line and the rest of the commit's message.
    #[must_use]
    pub fn message(&self) -> &'s str {
        self.over().message()
    }

    /// Who wrote the commit.
    #[must_use]
    pub fn author_name(&self) -> &'s str {
        self.store.symbols(Field::AuthorName).text(self.store.shared(Field::AuthorName, self.slot))
    }

    /// The author's e-mail address.
    #[must_use]
    pub fn author_email(&self) -> &'s str {
        self.over().author_email()
    }

    /// What people call the runs `p1`, `p2` and `p3`.
    #[must_use]
    pub fn run_names(&self) -> [&'s str; 3] {
        [0, 1, 2].map(|index| self.over().run_name(index))
    }

    /// What the row and people call its ring.
    pub(in crate::model) fn ring_words(&self) -> RingWords<'s> {
        let (names, ring) = (&self.store.names, self.ring());
        [self.text(Field::Env), names.name(ring), names.title(ring)]
    }

    fn over(&self) -> Overlay<'s, Self> {
        Overlay::new(*self, self.store.facts(self.slot))
    }
}

impl<'s> Texts<'s> for At<'s> {
    fn text(self, field: Field) -> &'s str {
        At::text(&self, field)
    }
}
