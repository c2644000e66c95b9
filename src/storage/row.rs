//! One row of the table, as it was written: texts by column, nothing understood yet.
//!
//! [`super::rows`] reads them from an answer.

use std::{borrow::Cow, fmt};

use crate::domain::{id::commit_of_revision, time::Timestamp};

macro_rules! fields {
    ($($name:ident $column:literal,)+) => {
        /// A column that Ringside reads.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "each is named like the column of the public contract, part 3")]
        pub enum Field { $($name,)+ }

        impl Field {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The column's name in the table.
            #[must_use]
            pub const fn column(self) -> &'static str {
                match self { $(Self::$name => $column,)+ }
            }

            /// The field of that column.
            #[must_use]
            pub fn from_column(name: &str) -> Option<Self> {
                match name { $($column => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

fields! {
    PartitionKey "PartitionKey", RowKey "RowKey", Timestamp "Timestamp",
    P1 "p1", P2 "p2", P3 "p3",
    CommitId "commitId", ImageTag "imageTag", HldCommitId "hldCommitId", ManifestCommitId "manifestCommitId",
    Pr "pr",
    Service "service", Env "env",
    SourceRepo "sourceRepo", HldRepo "hldRepo", ManifestRepo "manifestRepo",
    Branch "branch", CommitMessage "commitMessage",
    AuthorName "authorName", AuthorEmail "authorEmail", AuthorImage "authorImage", AuthorUrl "authorUrl",
    P1Status "p1Status", P1Start "p1Start", P1End "p1End", P1Url "p1Url", P1Name "p1Name",
    P2Status "p2Status", P2Start "p2Start", P2End "p2End", P2Url "p2Url", P2Name "p2Name",
    P3Status "p3Status", P3Start "p3Start", P3End "p3End", P3Url "p3Url", P3Name "p3Name",
    PrUrl "prUrl", PrTitle "prTitle", PrState "prState", PrBranch "prBranch",
    PrCreatedAt "prCreatedAt", PrMergedAt "prMergedAt", MergedBy "mergedBy", MergedByImage "mergedByImage",
    Kind "kind", Cluster "cluster", SyncCommit "syncCommit", SyncState "syncState",
    SyncMessage "syncMessage", SyncAt "syncAt",
}

/// How many fields there are.
pub const FIELDS: usize = Field::ALL.len();

/// One row: a text for each field, empty where the column is absent, null or blank.
#[derive(Clone, PartialEq, Eq)]
pub struct Row<'a> {
    texts: [Cow<'a, str>; FIELDS],
}

impl Default for Row<'_> {
    fn default() -> Self {
        Self { texts: [const { Cow::Borrowed("") }; FIELDS] }
    }
}

impl<'a> Row<'a> {
    /// The field's text without surrounding blanks; empty when there is none. Keys are taken as they are: they say
    /// where to go on, and blanks distinguish them.
    #[must_use]
    pub fn get(&self, field: Field) -> &str {
        self.texts.get(field as usize).map_or("", |t| t)
    }

    /// Puts a text in.
    pub fn set(&mut self, field: Field, text: impl Into<Cow<'a, str>>) {
        let text = text.into();
        let is_key = matches!(field, Field::PartitionKey | Field::RowKey);
        let bare = |b: Option<&u8>| b.is_none_or(u8::is_ascii_graphic);
        let text = match (is_key || bare(text.as_bytes().first()) && bare(text.as_bytes().last()), text) {
            // Nearly always; trimming every text of a hundred thousand rows is a good part of reading them.
            (true, text) => text,
            (false, Cow::Borrowed(text)) => Cow::Borrowed(text.trim()),
            (false, Cow::Owned(text)) => Cow::Owned(text.trim().to_owned()),
        };
        let text = match (field, text) {
            (Field::HldCommitId | Field::ManifestCommitId | Field::SyncCommit, Cow::Borrowed(text)) => {
                Cow::Borrowed(commit_of_revision(text))
            }
            (Field::HldCommitId | Field::ManifestCommitId | Field::SyncCommit, Cow::Owned(text)) => {
                Cow::Owned(commit_of_revision(&text).to_owned())
            }
            (_, text) => text,
        };
        if let Some(slot) = self.texts.get_mut(field as usize) {
            *slot = text;
        }
    }

    /// Partition and row key.
    #[must_use]
    pub fn keys(&self) -> (&str, &str) {
        (self.get(Field::PartitionKey), self.get(Field::RowKey))
    }

    /// When it was last written, by the table's clock.
    #[must_use]
    pub fn written(&self) -> Option<Timestamp> {
        Timestamp::parse(self.get(Field::Timestamp))
    }

    /// Whether this row reports on a cluster instead of a deployment.
    #[must_use]
    pub fn is_sync(&self) -> bool {
        self.get(Field::Kind).eq_ignore_ascii_case("sync")
    }

    /// The report about a cluster, if it [does](Self::is_sync).
    #[must_use]
    pub fn cluster(&self) -> ClusterRow<'_> {
        ClusterRow {
            cluster: self.get(Field::Cluster),
            commit: self.get(Field::SyncCommit),
            state: self.get(Field::SyncState),
            message: self.get(Field::SyncMessage),
            at: Timestamp::parse(self.get(Field::SyncAt)),
            written: self.get(Field::Timestamp),
        }
    }

    /// A number that changes whenever any text changes.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        use std::hash::Hasher;
        let mut hasher = rustc_hash::FxHasher::default();
        for (field, text) in self.texts.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            hasher.write_u8(field as u8);
            hasher.write(text.as_bytes());
        }
        hasher.finish()
    }

    pub(super) fn clear(&mut self) {
        self.texts.fill(const { Cow::Borrowed("") });
    }
}

impl fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for &field in Field::ALL {
            if !self.get(field).is_empty() {
                map.entry(&field.column(), &self.get(field));
            }
        }
        map.finish()
    }
}

/// A row's report on a cluster.
#[derive(Clone, Copy, Debug)]
pub struct ClusterRow<'a> {
    /// The cluster's name; the row's key may hold it instead.
    pub cluster: &'a str,
    /// The commit it reports.
    pub commit: &'a str,
    /// The word for what became of that.
    pub state: &'a str,
    /// Its message.
    pub message: &'a str,
    /// When that was.
    pub at: Option<Timestamp>,
    /// When the row was last written, as the service writes it.
    pub written: &'a str,
}

/// Whether one `Timestamp` of a row is later than another.
#[must_use]
pub fn is_written_after(one: &str, other: &str) -> bool {
    match (Timestamp::parse(one), Timestamp::parse(other)) {
        // Within a millisecond the digits decide, of which zeros at the end may be left out.
        (Some(a), Some(b)) => (a, one.trim_end_matches(['Z', '0'])) > (b, other.trim_end_matches(['Z', '0'])),
        _ => false,
    }
}
