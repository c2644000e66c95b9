//! What views filter and sort by, and how a column grows.

use super::{chunk::CHUNK, slot::Slot};
use crate::{
    domain::{
        deployment::{Kind, Status},
        id::SHORT_COMMIT,
        project::ProjectId,
        time::Timestamp,
    },
    model::symbols::{RingSym, Sym},
    storage::row::Field,
};

/// A column of texts that many rows share, by which views filter and sort.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SharedColumn {
    /// The service's name.
    Service,
    /// Who wrote the commit.
    Author,
    /// Who merged the pull request.
    MergedBy,
    /// The branch it was built from.
    Branch,
    /// Where the source lives.
    Repository,
}

impl SharedColumn {
    pub(super) const fn field(self) -> Field {
        match self {
            Self::Service => Field::Service,
            Self::Author => Field::AuthorName,
            Self::MergedBy => Field::MergedBy,
            Self::Branch => Field::Branch,
            Self::Repository => Field::SourceRepo,
        }
    }
}

/// What views filter and sort by, one entry a slot.
#[derive(Debug, Default)]
pub struct Derived {
    /// The project's number.
    pub project: Vec<ProjectId>,
    /// Symbol among the rings.
    pub ring: Vec<RingSym>,
    /// What became of it.
    pub status: Vec<Status>,
    /// What kind of change.
    pub kind: Vec<Kind>,
    /// The newest of its times.
    pub updated: Vec<Option<Timestamp>>,
    /// That is the time of a stage, and not of when the row was written.
    pub is_timed: Vec<bool>,
    /// The first seven hexadecimal digits of its manifest commit, see [`commit_key`].
    pub manifest: Vec<u32>,
}

pub(super) fn set<T: Clone + DefaultFill>(column: &mut Vec<T>, index: usize, value: T) {
    if index >= column.len() {
        // A column that doubles has room for as many rows again: some twenty of them, and WebAssembly's memory never
        // shrinks.
        let missing = index + 1 - column.len();
        if column.capacity() - column.len() < missing {
            column.reserve_exact(missing.max(column.len() / 8).max(CHUNK));
        }
        column.resize(index + 1, T::FILL);
    }
    if let Some(slot) = column.get_mut(index) {
        *slot = value;
    }
}

/// What a column holds where nothing has been written yet.
pub(super) trait DefaultFill {
    const FILL: Self;
}

macro_rules! fills {
    ($($t:ty = $v:expr;)+) => { $(impl DefaultFill for $t { const FILL: Self = $v; })+ };
}

fills! {
    ProjectId = ProjectId::at(0);
    Sym = Sym::NONE;
    RingSym = RingSym::NONE;
    Option<Slot> = None;
    Option<Timestamp> = None;
    u32 = 0;
    u64 = 0;
    bool = false;
    Status = Status::Unknown;
    Kind = Kind::Deployment;
}

/// A text as people know it: a service without its owner (`contoso/api` is `api`), a branch without `refs/heads/`.
pub(super) fn tidy(field: Field, text: &str) -> &str {
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
