//! Why no answer came, or why one is of no use.

use std::time::Duration;

use crate::domain::problem::ProblemKind;

/// The code of an [`ApiError`] about an answer that was too large to be taken.
pub const TOO_LARGE: &str = "TooLarge";

/// The code of an [`ApiError`] about a redirect that was not followed.
pub const REDIRECTED: &str = "Redirected";

/// Why no answer came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NetError {
    /// The device reports that it has no network.
    Offline,
    /// None came in time.
    Timeout,
    /// The browser refused or could not connect and does not report which: no CORS rule, no such host, a firewall.
    Blocked,
    /// The answer has more bytes than are taken; so many, or at least so many.
    TooLarge(u64),
    /// A redirect: to another origin, or with a credential, which is not sent on. Browsers do not report where to.
    Redirected,
}

/// Why an answer is of no use. `detail` holds the service's own words and never a secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApiError {
    /// What kind of failure.
    pub kind: ProblemKind,
    /// HTTP status; 0 when none came.
    pub status: u16,
    /// The service's code for it, or what could not be read.
    pub code: String,
    /// The service's message.
    pub detail: String,
    /// When the service may be asked again, as it states.
    pub retry_after: Option<Duration>,
}

impl ApiError {
    /// A failure without a status or words of a service.
    #[must_use]
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self { kind, status: 0, code: String::new(), detail: detail.into(), retry_after: None }
    }

    /// An answer that has more bytes than are taken.
    #[must_use]
    pub fn too_large(bytes: u64) -> Self {
        let detail = format!("an answer of {} MB", bytes.div_ceil(1_000_000));
        Self { code: TOO_LARGE.to_owned(), ..Self::new(ProblemKind::Unreadable, detail) }
    }

    /// Whether asking again may help with nobody mending anything.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(
            self.kind,
            ProblemKind::RateLimited
                | ProblemKind::Server
                | ProblemKind::Timeout
                | ProblemKind::Offline
                | ProblemKind::Truncated
                | ProblemKind::Unreachable
        )
    }
}

impl From<NetError> for ApiError {
    fn from(error: NetError) -> Self {
        let kind = match error {
            NetError::Offline => ProblemKind::Offline,
            NetError::Timeout => ProblemKind::Timeout,
            NetError::Blocked => ProblemKind::Unreachable,
            NetError::TooLarge(bytes) => return Self::too_large(bytes),
            NetError::Redirected => {
                return Self { code: REDIRECTED.to_owned(), ..Self::new(ProblemKind::Unreachable, "") };
            }
        };
        Self::new(kind, "")
    }
}
