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

/// `Can't reach https://x.example · showing 22:41`
#[must_use]
pub fn outage(host: &str, clock: &str) -> String {
    format!("Can't reach {host} · showing {clock}")
}

/// `To read the table deployments, enter a SAS for https://x.example.`
#[must_use]
pub fn needs_sas(table: &str, endpoint: &str, has_sign_in: bool) -> String {
    let sign_in = if has_sign_in { "sign in under Connections or " } else { "" };
    format!("To read the table {table}, {sign_in}enter a SAS for {endpoint}.")
}
