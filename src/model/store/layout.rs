//! Where each field of a row is kept, and why.

use crate::storage::row::Field;

/// Where a field is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Home {
    /// Its own text, shown on the page and so searched.
    Shown,
    /// Its own text, not searched: keys, addresses, times. A search for "github" should not find every link.
    Hidden,
    /// A text that many rows share, compared as it is: addresses.
    Shared,
    /// A text that many rows share, where case does not distinguish two.
    SharedFolded,
    /// Not kept: it belongs to rows about clusters.
    Nowhere,
}

pub(super) const fn home(field: Field) -> Home {
    match field {
        Field::P1
        | Field::P2
        | Field::P3
        | Field::CommitId
        | Field::ImageTag
        | Field::HldCommitId
        | Field::ManifestCommitId
        | Field::Pr
        | Field::CommitMessage
        | Field::P1Name
        | Field::P2Name
        | Field::P3Name
        | Field::PrTitle
        | Field::PrBranch => Home::Shown,
        Field::RowKey
        | Field::Timestamp
        | Field::P1Start
        | Field::P1End
        | Field::P1Url
        | Field::P2Start
        | Field::P2End
        | Field::P2Url
        | Field::P3Start
        | Field::P3End
        | Field::P3Url
        | Field::PrUrl
        | Field::PrCreatedAt
        | Field::PrMergedAt => Home::Hidden,
        Field::PartitionKey | Field::AuthorEmail | Field::AuthorImage | Field::AuthorUrl | Field::MergedByImage => {
            Home::Shared
        }
        Field::Service
        | Field::Env
        | Field::SourceRepo
        | Field::HldRepo
        | Field::ManifestRepo
        | Field::Branch
        | Field::AuthorName
        | Field::MergedBy
        | Field::P1Status
        | Field::P2Status
        | Field::P3Status
        | Field::PrState => Home::SharedFolded,
        Field::Kind | Field::Cluster | Field::SyncCommit | Field::SyncState | Field::SyncMessage | Field::SyncAt => {
            Home::Nowhere
        }
    }
}

const fn mask(of: Home) -> u64 {
    let (mut mask, mut i) = (0, 0);
    while i < Field::ALL.len() {
        #[expect(clippy::indexing_slicing, reason = "a constant: out of bounds would not compile")]
        let field = Field::ALL[i];
        if home(field) as u8 == of as u8 {
            mask |= 1 << i;
        }
        i += 1;
    }
    mask
}

/// The bits of the fields in [`Home::Shown`].
pub(super) const SHOWN: u64 = mask(Home::Shown);
/// The bits of the fields in [`Home::Hidden`].
pub(super) const HIDDEN: u64 = mask(Home::Hidden);

const _: () = assert!(Field::ALL.len() <= 64, "a row's present fields are one u64");
