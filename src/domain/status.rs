//! What becomes of things, and what kind of change they are.

/// What became of a deployment, or of one of its stages.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Status {
    /// Is to run, has not begun.
    Queued,
    /// Runs now.
    Running,
    /// Somebody has to approve it: its pull request is open, or its run is held.
    Waiting,
    /// Went through; its manifest is published.
    Succeeded,
    /// A stage failed.
    Failed,
    /// Somebody stopped it, or closed its pull request without a merge.
    Canceled,
    /// What has run went well, and what should follow has not begun.
    Incomplete,
    /// Not known.
    Unknown,
    /// A stage that will not run, though nothing failed: its condition did not hold, or nobody approved it in time. No
    /// deployment is skipped as a whole.
    Skipped,
}

impl Status {
    /// All that a deployment can have, the most urgent first: the order in which a column of states sorts.
    pub const ALL: [Self; 8] = [
        Self::Failed,
        Self::Running,
        Self::Queued,
        Self::Waiting,
        Self::Incomplete,
        Self::Unknown,
        Self::Canceled,
        Self::Succeeded,
    ];

    /// Its word in the URL and in the page's hooks.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
            Self::Incomplete => "incomplete",
            Self::Skipped => "skipped",
            Self::Unknown => "unknown",
        }
    }

    /// The status with that word, in any case.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::Skipped]).find(|s| s.as_str().eq_ignore_ascii_case(word))
    }

    /// Whether it may yet become another one by itself.
    #[must_use]
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Queued | Self::Running | Self::Waiting)
    }
}

/// What kind of change it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// A new image of a service.
    Deployment,
    /// An edit of the high-level definition with no image behind it.
    HldEdit,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Deployment, Self::HldEdit];

    /// Its word in the URL and in the page's hooks.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deployment => "deployment",
            Self::HldEdit => "hld-edit",
        }
    }

    /// The kind with that word, in any case.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str().eq_ignore_ascii_case(word))
    }
}
