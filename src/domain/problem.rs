//! What goes wrong, in words that state what to do.
//!
//! Three layers of failure exist: [`crate::http::NetError`] (no answer came), [`crate::http::ApiError`] (an answer
//! came and is of no use) and this, what people read. A problem stands beside the data we have, never instead of it.

use super::{id::ProjectName, time::Timestamp};

/// Where the trouble is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Area {
    /// `config.json`.
    Config,
    /// The deployment rows.
    Storage,
    /// The forges that build.
    Pipelines,
    /// The repository of manifests.
    Manifests,
}

impl Area {
    /// Its word in the page's hooks (`data-problem`).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Storage => "storage",
            Self::Pipelines => "pipelines",
            Self::Manifests => "manifests",
        }
    }
}

/// What kind of trouble.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ProblemKind {
    /// No credential, or one that is refused.
    Unauthorized,
    /// A credential that may not do this.
    Forbidden,
    /// No such thing.
    NotFound,
    /// Too many requests.
    RateLimited,
    /// No answer, and the browser does not report why.
    Unreachable,
    /// No answer in time.
    Timeout,
    /// An answer that makes no sense.
    Unreadable,
    /// The service failed.
    Server,
    /// This device has no network.
    Offline,
    /// An answer that broke off, or less than there is.
    Truncated,
    /// A credential past its date.
    Expired,
}

impl ProblemKind {
    /// Its word in the page's hooks (`data-kind`).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::RateLimited => "rate-limited",
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::Unreadable => "unreadable",
            Self::Server => "server",
            Self::Offline => "offline",
            Self::Truncated => "truncated",
            Self::Expired => "expired",
        }
    }
}

/// How much it matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Something cannot be shown, or is getting old.
    Error,
    /// All is shown, but somebody should know.
    Warning,
    /// Belongs in the connections view only.
    Note,
}

/// One thing that is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Where.
    pub area: Area,
    /// What kind.
    pub kind: ProblemKind,
    /// How much it matters.
    pub severity: Severity,
    /// Whose answers it is about: an origin.
    pub origin: Option<Box<str>>,
    /// Which project it is about.
    pub project: Option<ProjectName>,
    /// What is wrong, in one sentence.
    pub what: String,
    /// What to do about it.
    pub hint: String,
    /// A command that mends it, to copy.
    pub command: Option<String>,
    /// Things to look at one by one: rows that could not be read, keys nobody knows.
    pub details: Vec<String>,
    /// When it will be tried again by itself.
    pub retry_at: Option<Timestamp>,
}

impl Problem {
    /// An error with nothing but its words.
    #[must_use]
    pub fn error(area: Area, kind: ProblemKind, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            area,
            kind,
            severity: Severity::Error,
            origin: None,
            project: None,
            what: what.into(),
            hint: hint.into(),
            command: None,
            details: Vec::new(),
            retry_at: None,
        }
    }

    /// The same with another severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same with things to look at.
    #[must_use]
    pub fn details(mut self, details: Vec<String>) -> Self {
        self.details = details;
        self
    }
}
