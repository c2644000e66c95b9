//! Words of one source in the connections: what it is read for, with what credential, and how that is.

use super::{ago, countdown, duration, plural};
use crate::domain::{
    stage::Service,
    time::{Timestamp, days},
};

/// Where a file is.
pub const READ_FROM: &str = "Read from";
/// What a source is used for.
pub const FOR: &str = "For";
/// What is read of a table.
pub const ROWS: &str = "Deployment rows";
/// A table's name.
pub const TABLE: &str = "Table";
/// The part of it that is read.
pub const PARTITION: &str = "Partition";
/// No partition is named.
pub const WHOLE_TABLE: &str = "the whole table";
/// What a forge is asked with.
pub const TOKEN: &str = "Token";
/// What a table is asked with.
pub const CREDENTIAL: &str = "Credential";
/// What a token must be allowed.
pub const MINIMUM: &str = "Minimum permission";
/// How many requests are left.
pub const LIMIT: &str = "Limit";
/// What a SAS allows.
pub const ALLOWS: &str = "Allows";
/// When a SAS ends.
pub const EXPIRES: &str = "Expires";
/// There is no credential.
pub const NONE: &str = "none";
/// There is no credential where one is needed.
pub const NONE_YET: &str = "none yet";
/// The same where nothing is answered without.
pub const NONE_BUT_NEEDED: &str = "none yet, and nothing can be read without";
/// The same, beside a source's name.
pub const NEEDS_TOKEN: &str = "needs a token";
/// A sign-in in place of a SAS.
pub const SIGN_IN: &str = "your sign-in";
/// Everybody has the same SAS.
pub const FROM_CONFIG: &str = "from config.json";
/// The SAS names a policy in place of permissions and dates.
pub const STORED_POLICY: &str = "by its stored access policy";
/// A token is being tried.
pub const TESTING: &str = "Testing…";

/// `trivia: rows from a file`
#[must_use]
pub fn file_of(project: &str) -> String {
    format!("{project}: rows from a file")
}

/// `SAS of the table deployments`
#[must_use]
pub fn sas_of(table: &str) -> String {
    format!("SAS of the table {table}")
}

/// `SAS: from config.json`
#[must_use]
pub fn sas_from(from: &str) -> String {
    format!("SAS: {from}")
}

/// `Access token for https://gitlab.com`
#[must_use]
pub fn token_for(service: Service, origin: &str) -> String {
    let token = if service == Service::GitLab { "Access token" } else { "Personal access token" };
    format!("{token} for {origin}")
}

/// What a service calls the permissions of a token.
#[must_use]
pub const fn kind_of_scope(service: Service) -> &'static str {
    match service {
        Service::AzureDevOps => "scopes, for this organization",
        Service::GitHub => "repository permissions of a fine-grained token",
        Service::GitLab => "scope",
    }
}

/// `answered 5 s ago`
#[must_use]
pub fn answered(at: Timestamp, now: Timestamp) -> String {
    format!("answered {}", ago(at, now))
}

/// A letter of a SAS's permissions.
#[must_use]
pub fn permission(letter: char) -> String {
    match letter {
        'r' => "read".to_owned(),
        'a' => "add".to_owned(),
        'u' => "update".to_owned(),
        'd' => "delete".to_owned(),
        other => other.to_string(),
    }
}

/// `in 12 d (5 Dec 2026, 12:00:00)`, after [`EXPIRES`].
#[must_use]
pub fn expiry(end: Timestamp, exact: &str, now: Timestamp) -> String {
    if end <= now {
        return format!("expired {}", ago(end, now));
    }
    let left = end.since(now);
    let left = if left <= days(1) { countdown(left) } else { duration(left) };
    format!("in {left} ({exact})")
}

/// `SAS expires in 12 d`
#[must_use]
pub fn sas_expires(end: Timestamp, now: Timestamp) -> String {
    match end <= now {
        true => format!("SAS expired {}", ago(end, now)),
        false => format!("SAS expires in {}", duration(end.since(now))),
    }
}

/// `4,812 requests left until 12:40`
#[must_use]
pub fn requests_left(remaining: usize, until: Option<&str>) -> String {
    let n = match remaining {
        0 => "no requests".to_owned(),
        n => plural(n, "request"),
    };
    match until {
        Some(until) => format!("{n} left until {until}"),
        None => format!("{n} left"),
    }
}
