//! One deployment, where it lies.

use super::{
    chunk::CHUNK,
    columns::SharedColumn,
    journey::{RUNS, StagesKnown, Texts, pull_state, stated},
    layout::{self, Home, home},
    overlay::Overlay,
    parts::StageNames,
    rows::Store,
    slot::Slot,
    stage_of_run::RingWords,
};
use crate::{
    domain::{
        deployment::{Kind, Status},
        facts::SlotFacts,
        project::ProjectId,
        pull_request::PullState,
        time::Timestamp,
    },
    model::symbols::RingSym,
    storage::row::Field,
};

/// A run that a row numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RunKind {
    /// `p1`.
    Build,
    /// `p2`.
    Release,
    /// `p3`.
    Manifest,
}

impl RunKind {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Build, Self::Release, Self::Manifest];
}

/// One deployment's texts, where they lie.
#[derive(Clone, Copy, Debug)]
pub struct At<'s> {
    pub(super) store: &'s Store,
    pub(super) slot: Slot,
}

impl Store {
    /// One deployment.
    #[must_use]
    pub const fn at(&self, slot: Slot) -> At<'_> {
        At { store: self, slot }
    }
}

impl<'s> At<'s> {
    /// The project's number.
    #[must_use]
    pub fn project(&self) -> ProjectId {
        self.slot.of(&self.store.derived.project).copied().unwrap_or_default()
    }

    /// The field's text as the row has it; empty when there is none.
    #[must_use]
    pub fn text(&self, field: Field) -> &'s str {
        let chunk = || self.store.chunks.get(self.slot.index() / CHUNK);
        let nth = |of: u64| {
            let present = self.slot.of(&self.store.present).copied().unwrap_or(0) & of;
            let bit = 1_u64 << field as u8;
            (present & bit != 0).then(|| (present & (bit - 1)).count_ones() as usize)
        };
        let row = self.slot.index() % CHUNK;
        match home(field) {
            Home::Shared | Home::SharedFolded => {
                let of_row = self.store.layers.get(&self.slot).and_then(|layer| layer.of_row(field));
                self.store.symbols_of(field).text(of_row.unwrap_or_else(|| self.store.symbol_of(field, self.slot)))
            }
            Home::Shown => nth(layout::SHOWN).and_then(|n| chunk()?.shown(row, n)).unwrap_or(""),
            Home::Hidden => nth(layout::HIDDEN).and_then(|n| chunk()?.hidden(row, n)).unwrap_or(""),
            Home::Nowhere => "",
        }
    }

    /// The partition that its row is in.
    #[must_use]
    pub fn partition(&self) -> &'s str {
        self.text(Field::PartitionKey)
    }

    /// The row's key, which its project's partition makes unique.
    #[must_use]
    pub fn key(&self) -> &'s str {
        self.text(Field::RowKey)
    }

    /// When its row was last written, by the table's clock.
    #[must_use]
    pub fn written(&self) -> Option<Timestamp> {
        Timestamp::parse(self.store.row_text(self.slot, Field::Timestamp))
    }

    /// The service's name.
    #[must_use]
    pub fn service_name(&self) -> &'s str {
        self.text(Field::Service)
    }

    /// The number of the build, the release or the manifests' build: `p1`, `p2`, `p3`.
    #[must_use]
    pub fn run_id(&self, run: RunKind) -> &'s str {
        self.text(match run {
            RunKind::Build => Field::P1,
            RunKind::Release => Field::P2,
            RunKind::Manifest => Field::P3,
        })
    }

    /// What the row has of a run, and whether it has that one's end.
    #[must_use]
    pub fn row_run(&self, run: RunKind) -> (Status, bool) {
        let fields = RUNS.get(run as usize);
        fields.map_or((Status::Unknown, false), |of| (stated(self.text(of.status)), self.has(of.end)))
    }

    /// The number of its pull request.
    #[must_use]
    pub fn pull_request(&self) -> &'s str {
        self.text(Field::Pr)
    }

    /// The commit of the service's source as the row has it: [`At::commit`] is what is shown.
    #[must_use]
    pub fn row_commit(&self) -> &'s str {
        self.text(Field::CommitId)
    }

    /// The commit to the high-level definition.
    #[must_use]
    pub fn hld_commit(&self) -> &'s str {
        self.text(Field::HldCommitId)
    }

    /// The commit that holds its manifests.
    #[must_use]
    pub fn manifest_commit(&self) -> &'s str {
        self.text(Field::ManifestCommitId)
    }

    /// Where source, high-level definition and manifests live as the row has it.
    #[must_use]
    pub fn row_repositories(&self) -> [&'s str; 3] {
        [Field::SourceRepo, Field::HldRepo, Field::ManifestRepo].map(|field| self.text(field))
    }

    /// Whether the row has the commit's author and message by itself.
    #[must_use]
    pub fn has_commit_details(&self) -> bool {
        self.has(Field::AuthorName) && self.has(Field::CommitMessage)
    }

    /// What the row has of its pull request, and whether it has that one's end.
    #[must_use]
    pub fn row_pull_request(&self) -> (PullState, bool) {
        (pull_state(self.text(Field::PrState)), self.has(Field::PrMergedAt))
    }

    /// Whether the row holds something that only comes of a release.
    #[must_use]
    pub fn has_released(&self) -> bool {
        self.over().has_released()
    }

    /// Its ring's symbol.
    #[must_use]
    pub fn ring(&self) -> RingSym {
        self.slot.of(&self.store.derived.ring).copied().unwrap_or(RingSym::NONE)
    }

    /// When it last changed.
    #[must_use]
    pub fn updated(&self) -> Option<Timestamp> {
        self.slot.of(&self.store.derived.updated).copied().flatten()
    }

    /// Whether [`At::updated`] is the time of a stage, and not of when the row was written.
    #[must_use]
    pub fn is_timed(&self) -> bool {
        self.slot.of(&self.store.derived.is_timed).copied().unwrap_or(false)
    }

    /// What kind of change it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.slot.of(&self.store.derived.kind).copied().unwrap_or(Kind::Deployment)
    }

    /// What became of it.
    #[must_use]
    pub fn status(&self) -> Status {
        self.slot.of(&self.store.derived.status).copied().unwrap_or(Status::Unknown)
    }
}

/// What is shown of it: what forges reported, laid over what the row states.
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
        self.shared_text(SharedColumn::Branch)
    }

    /// Where the source lives.
    #[must_use]
    pub fn repository(&self) -> &'s str {
        self.shared_text(SharedColumn::Repository)
    }

    /// The image.
    #[must_use]
    pub fn image(&self) -> &'s str {
        self.over().image()
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

    fn shared_text(&self, column: SharedColumn) -> &'s str {
        self.store.symbols(column).text(self.store.shared(column, self.slot))
    }

    /// What forges reported, laid over it.
    pub(super) fn lay(&self, facts: Option<&'s SlotFacts>) -> Overlay<'s, Self> {
        let rules = self.project().of(&self.store.stage_rules);
        Overlay::new(*self, facts).with_names(StageNames { rules, rings: Some(&self.store.names) })
    }

    fn over(&self) -> Overlay<'s, Self> {
        self.lay(self.store.facts(self.slot))
    }
}

impl<'s> Texts<'s> for At<'s> {
    fn text(self, field: Field) -> &'s str {
        At::text(&self, field)
    }
}
