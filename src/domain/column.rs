//! The columns of the table of deployments: their names, and the order of the rows by one of them.
//!
//! What a cell holds is for the table to decide, and how two rows compare for `sort`; here are the words that
//! `config.json`, the URL and the page share.

/// A column.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Column {
    /// What became of the deployment.
    Status,
    /// The service.
    Service,
    /// The ring.
    Ring,
    /// Who wrote the commit behind it.
    Author,
    /// The build that made the image.
    Build,
    /// The release that wrote the image's tag into the high-level definition.
    Release,
    /// The pull request with that update.
    PullRequest,
    /// Who merged it.
    MergedBy,
    /// The build that generated the manifests.
    Manifest,
    /// When something last happened.
    Updated,
    /// The clusters that apply its manifests.
    Clusters,
}

impl Column {
    /// All of them, in the order in which they stand when `config.json` names none.
    pub const ALL: [Self; 11] = [
        Self::Status,
        Self::Service,
        Self::Ring,
        Self::Author,
        Self::Build,
        Self::Release,
        Self::PullRequest,
        Self::MergedBy,
        Self::Manifest,
        Self::Updated,
        Self::Clusters,
    ];

    /// Its word in `config.json`, in the URL and in the page's hooks.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Service => "service",
            Self::Ring => "ring",
            Self::Author => "author",
            Self::Build => "build",
            Self::Release => "release",
            Self::PullRequest => "pr",
            Self::MergedBy => "mergedBy",
            Self::Manifest => "manifest",
            Self::Updated => "updated",
            Self::Clusters => "clusters",
        }
    }

    /// The column with that id, in any case.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.id().eq_ignore_ascii_case(id))
    }

    /// What stands above it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Status => "Status",
            Self::Service => "Service",
            Self::Ring => "Ring",
            Self::Author => "Author",
            Self::Build => "Image",
            Self::Release => "Metadata update",
            Self::PullRequest => "Approval",
            Self::MergedBy => "Merged by",
            Self::Manifest => "Manifests",
            Self::Updated => "Last updated",
            Self::Clusters => "Synced clusters",
        }
    }
}

/// An order of rows. Every column has one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SortBy {
    /// By what.
    pub column: Column,
    /// The greatest, latest or last first.
    pub descending: bool,
}

impl SortBy {
    /// Reads `updated` or `-updated`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (id, descending) = text.strip_prefix('-').map_or((text, false), |id| (id, true));
        Column::from_id(id).map(|column| Self { column, descending })
    }

    /// Writes what [`SortBy::parse`] reads.
    #[must_use]
    pub fn print(self) -> String {
        let minus = if self.descending { "-" } else { "" };
        [minus, self.column.id()].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_found_by_its_id() {
        for column in Column::ALL {
            assert_eq!(Column::from_id(column.id()), Some(column));
            for descending in [false, true] {
                let sort = SortBy { column, descending };
                assert_eq!(SortBy::parse(&sort.print()), Some(sort));
            }
        }
    }

    #[test]
    fn sort_by() {
        #[track_caller]
        fn check(text: &str, expect: Option<(Column, bool)>) {
            assert_eq!(SortBy::parse(text).map(|s| (s.column, s.descending)), expect, "{text}");
        }
        check("updated", Some((Column::Updated, false)));
        check("-updated", Some((Column::Updated, true)));
        check("-MERGEDBY", Some((Column::MergedBy, true)));
        check(" pr ", Some((Column::PullRequest, false)));
        check("--updated", None);
        check("- updated", None);
        check("colour", None);
        check("-", None);
        check("", None);
    }
}
