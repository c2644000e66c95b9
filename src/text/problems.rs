//! Words of what is wrong, above every view.

/// Leads to the connections.
pub const CONNECTIONS: &str = "Connections";
/// Hides a problem.
pub const DISMISS: &str = "Dismiss";
/// Uses a typed SAS.
pub const CONNECT: &str = "Connect";
/// The field for it.
pub const SAS: &str = "SAS";
/// What one looks like.
pub const SAS_PLACEHOLDER: &str = "sv=…&sp=r&sig=…";
/// Where it stays.
pub const STAYS_HERE: &str = "It stays in this tab.";
/// A configuration is tried.
pub const TRIAL: &str = "This page shows your table in this tab only.";
/// What to do next.
pub const TRIAL_HINT: &str = "Connections goes on to config.json, which makes it a page for your team.";
/// What a browser without storage does not keep.
pub const KEEPS_NOTHING: &str = "Credentials, columns and the theme last until it is left or reloaded, and finished work is fetched again at every visit.";
/// The same, where it keeps facts.
pub const KEEPS_NO_CREDENTIALS: &str = "Credentials, columns and the theme last until it is left or reloaded.";
/// The same, where it keeps all else.
pub const KEEPS_NO_FACTS: &str = "Finished builds, commits and pull requests are fetched again at every visit.";
/// Why that is so.
pub const FORGETS: &str = "This browser cannot store everything for this page: site data is blocked or full.";
/// A repository was renamed.
pub const MOVED_HINT: &str = "It is read there. If it was renamed, write its new name into config.json.";

/// Whose answer it is when that cannot be reported.
pub const A_SERVICE: &str = "a service";

/// `https://a.example/x has moved to https://b.example/x.`
#[must_use]
pub fn has_moved(from: &str, to: &str) -> String {
    format!("{from} has moved to {to}.")
}

/// What a service gives as its reason.
#[must_use]
pub fn service_answered(reason: &str) -> String {
    format!("The service answered: {reason}")
}

/// `Can't reach https://x.example · showing 22:41`
#[must_use]
pub fn outage(host: &str, clock: &str) -> String {
    format!("Can't reach {host} · showing {clock}")
}

/// `To read the table deployments, enter a SAS for https://x.example.`
#[must_use]
pub fn needs_sas(table: &str, endpoint: &str, has_sign_in: bool, is_here: bool) -> String {
    let sign_in = match (has_sign_in, is_here) {
        (false, _) => "",
        (true, true) => "sign in or ",
        (true, false) => "sign in under Connections or ",
    };
    format!("To read the table {table}, {sign_in}enter a SAS for {endpoint}.")
}
