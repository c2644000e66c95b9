//! Rows of an Azure Storage table, read with a SAS and no header that would cost a preflight, or with an access token.
//!
//! Sources: "Query Entities", "Query timeout and pagination" and "Table service error codes" of the Azure Storage
//! REST reference. A page has at most 1,000 rows; it may be empty and still be followed by others; the next one is
//! named in two response headers, which a browser shows only if the account's CORS rule exposes them. Where it does
//! not, [`open_rows`] returns [`Next::Hidden`], and the caller goes on by key, since rows come sorted by key.

use serde::Deserialize;

use super::{
    page::RowsPage,
    span::{Cursor, Next, Span},
};
use crate::{
    config::AzureTable,
    domain::{
        problem::{Area, Problem, ProblemKind},
        time::Timestamp,
    },
    http::{ApiError, AuthScheme, REDIRECTED, Request, Response, TOO_LARGE, encode, secret::Secret},
};

/// The most rows an answer holds.
pub const PAGE: usize = 1000;
/// The only form that a browser gets without asking for permission first.
const ACCEPT: &str = "application/json;odata=nometadata";
/// Wanted with an access token: the first version that takes one for tables for sure.
const VERSION: &str = "2020-12-06";
/// What a sign-in asks Entra for, to read tables.
pub const SIGN_IN_SCOPES: &str = "https://storage.azure.com/user_impersonation";
/// The longest message of the service that is shown.
const LONGEST_MESSAGE: usize = 300;
/// Where in a refusal's body its words are looked for.
const REFUSAL_BYTES: usize = 16 * 1024;
/// The code of a read that would never end, beside the service's own.
pub const ENDLESS: &str = "EndlessPages";

/// A page of `span`.
pub fn request_rows(table: &AzureTable, sas: Option<&Secret>, span: &Span, cursor: &Cursor) -> Request {
    let mut address = format!("{}/{}()?$top={PAGE}", table.endpoint, table.table);
    let filter = filter(table, span);
    if !filter.is_empty() {
        address.push_str("&$filter=");
        address.push_str(&encode(&filter));
    }
    if span.keys_only {
        address.push_str("&$select=PartitionKey,RowKey");
    }
    if let Cursor::Token { partition, row } = cursor {
        address.push_str("&NextPartitionKey=");
        address.push_str(&encode(partition));
        if let Some(row) = row {
            address.push_str("&NextRowKey=");
            address.push_str(&encode(row));
        }
    }
    authorized(address, sas)
}

/// A question to which a table of two rows or more answers with a next page: so its headers show whether they would.
pub fn request_proof(table: &AzureTable, sas: Option<&Secret>) -> Request {
    let mut address = format!("{}/{}()?$top=1&$select=PartitionKey,RowKey", table.endpoint, table.table);
    let filter = filter(table, &Span::default());
    if !filter.is_empty() {
        address.push_str("&$filter=");
        address.push_str(&encode(&filter));
    }
    authorized(address, sas)
}

fn authorized(address: String, credential: Option<&Secret>) -> Request {
    let request = Request::get(address).header("Accept", ACCEPT).secret(AuthScheme::Query, credential);
    let is_signed_in = request.has_secret() && credential.is_some_and(Secret::is_access_token);
    if is_signed_in { request.header("x-ms-version", VERSION) } else { request }
}

fn filter(table: &AzureTable, span: &Span) -> String {
    let text = |value: &str| format!("'{}'", value.replace('\'', "''"));
    let time = |value: Timestamp| format!("datetime'{}'", value.to_rfc3339());
    let mut parts = Vec::new();
    if let Some(partition) = &table.partition {
        parts.push(format!("PartitionKey eq {}", text(partition)));
    }
    if let Some(since) = span.since {
        parts.push(format!("Timestamp ge {}", time(since)));
    }
    if let Some(before) = span.before {
        parts.push(format!("Timestamp lt {}", time(before)));
    }
    if let Some(from) = &span.from_key {
        parts.push(format!("RowKey ge {}", text(from)));
    }
    if let Some(to) = &span.to_key {
        parts.push(format!("RowKey lt {}", text(to)));
    }
    if let Some((partition, row)) = &span.behind {
        parts.push(if table.partition.is_some() {
            format!("RowKey gt {}", text(row))
        } else {
            let partition = text(partition);
            format!("(PartitionKey gt {partition} or (PartitionKey eq {partition} and RowKey gt {}))", text(row))
        });
    }
    parts.join(" and ")
}

/// Begins to read the answer to [`request_rows`] or [`request_proof`].
///
/// # Errors
/// When the answer is a refusal, or larger than any page.
pub fn open_rows(response: Response) -> Result<RowsPage, ApiError> {
    if !response.is_success() {
        return Err(refusal(&response));
    }
    let token = |name| response.header(name).filter(|v| !v.is_empty()).map(str::to_owned);
    let next = match token("x-ms-continuation-NextPartitionKey") {
        Some(partition) => Next::More(Cursor::Token { partition, row: token("x-ms-continuation-NextRowKey") }),
        // One of these accompanies every answer: where none is visible, the others would not be either.
        None if token("x-ms-version").or_else(|| token("x-ms-request-id")).is_none() => Next::Hidden,
        None => Next::Unnamed,
    };
    RowsPage::new(response, next)
}

#[derive(Deserialize)]
struct ErrorBody {
    #[serde(rename = "odata.error")]
    error: ErrorCode,
}

#[derive(Deserialize)]
struct ErrorCode {
    code: String,
    message: Option<ErrorMessage>,
}

#[derive(Deserialize)]
struct ErrorMessage {
    value: String,
}

fn refusal(response: &Response) -> ApiError {
    let body = String::from_utf8_lossy(response.body.get(..REFUSAL_BYTES).unwrap_or(&response.body));
    let json: Option<ErrorBody> = serde_json::from_str(&body).ok();
    let tag = |name: &str| {
        // An element may have attributes.
        let (_, rest) = body.split_once(&["<", name].concat()).filter(|(_, rest)| rest.starts_with(['>', ' ']))?;
        let (_, inner) = rest.split_once('>')?;
        inner.split_once(&["</", name, ">"].concat()).map(|(inner, _)| inner.to_owned())
    };
    let code = response
        .header("x-ms-error-code")
        .map(str::to_owned)
        .or_else(|| json.as_ref().map(|j| j.error.code.clone()))
        .or_else(|| tag("Code"))
        .or_else(|| tag("m:code"))
        .unwrap_or_default();
    let code: String = code.chars().take(LONGEST_MESSAGE).collect();
    let message =
        json.and_then(|j| j.error.message).map(|m| m.value).or_else(|| tag("Message").or_else(|| tag("m:message")));
    let message = message.unwrap_or_default();
    // The lines below the first are a request's id and time.
    let detail: String = message.lines().next().unwrap_or_default().trim().chars().take(LONGEST_MESSAGE).collect();
    let kind = match (response.status, code.as_str()) {
        (401, _) | (403, "AuthenticationFailed" | "NoAuthenticationInformation") => ProblemKind::Unauthorized,
        // Azure's firewall and the emulator's signature check share a code; the words differ.
        (403, "AuthorizationFailure") if detail.contains("authenticate") => ProblemKind::Unauthorized,
        (403, _) => ProblemKind::Forbidden,
        (404, _) => ProblemKind::NotFound,
        (408, _) => ProblemKind::Timeout,
        (429, _) | (503, _) => ProblemKind::RateLimited,
        (500.., _) => ProblemKind::Server,
        _ => ProblemKind::Unreadable,
    };
    ApiError { kind, status: response.status, code, detail, retry_after: response.retry_after() }
}

/// What people read when rows cannot be had with an access token.
#[must_use]
pub fn explain_signed_in(error: &ApiError, table: &AzureTable, page: &str) -> Problem {
    let (what, hint) = match error.kind {
        ProblemKind::Unauthorized => (
            format!("{} does not accept the sign-in.", table.origin),
            "The storage account belongs to another directory than signIn.tenant in config.json, or the token is not for \
             Azure Storage. Sign out and in again in the connections view, or enter a SAS there.",
        ),
        ProblemKind::Forbidden => (
            format!("Your account may not read the table {}.", table.table),
            "It needs the role Storage Table Data Reader on the storage account or on the table; a new assignment takes up \
             to half an hour. The storage account's firewall may also shut this network out (portal: Networking).",
        ),
        _ => return explain(error, table, page),
    };
    Problem { what, hint: hint.to_owned(), ..explain(error, table, page) }
}

/// The storage account of a table service, or what stands where one is needed: an emulator's address names none that
/// `az` could find.
#[must_use]
pub fn account_of(endpoint: &str) -> &str {
    let (_, host) = endpoint.split_once("://").unwrap_or_default();
    match host.split_once(['.', '/']) {
        Some((account, rest)) if rest.starts_with("table.") => account,
        _ => "ACCOUNT",
    }
}

/// The command that lets pages of an origin read an account's tables with requests that have such headers.
#[must_use]
pub fn cors_command(endpoint: &str, page: &str, headers: &str) -> String {
    let account = account_of(endpoint);
    format!(
        "az storage cors add --services t --methods GET OPTIONS --origins {page} --allowed-headers {headers} \
         --exposed-headers 'x-ms-*' --max-age 3600 --account-name {account} --output tsv"
    )
}

/// What people read when rows cannot be had. `page` is this page's own origin, for the command that lets it in.
#[must_use]
pub fn explain(error: &ApiError, table: &AzureTable, page: &str) -> Problem {
    let name = &table.table;
    let host = table.origin.as_str();
    let headers = if table.has_sign_in { "accept authorization x-ms-version" } else { "accept" };
    let cors = cors_command(&table.endpoint, page, headers);
    let (what, hint) = match (error.kind, error.code.as_str()) {
        (ProblemKind::Unauthorized, _) => (
            format!("{host} refuses the SAS of the table {name}."),
            "Its signature does not fit: it was cut or damaged, or the account's key has changed. Enter a new SAS in the connections view.".to_owned(),
        ),
        (ProblemKind::Forbidden, "AuthorizationPermissionMismatch" | "AuthorizationResourceTypeMismatch") => (
            format!("The SAS may not read the table {name}."),
            "It needs the permission to read: az storage table generate-sas --permissions r --output tsv.".to_owned(),
        ),
        (ProblemKind::Forbidden, _) => (
            format!("{host} does not let this network or this SAS in."),
            "Either the storage account's firewall shuts this network out (portal: Networking), or the SAS is for something else.".to_owned(),
        ),
        (ProblemKind::NotFound, _) => (
            format!("There is no table {name} at {}.", table.endpoint),
            "Check storage.table and storage.endpoint in config.json; the table may not have been created yet.".to_owned(),
        ),
        (ProblemKind::RateLimited, _) => (
            format!("{host} is limiting requests."),
            "Retrying more slowly.".to_owned(),
        ),
        (ProblemKind::Timeout, _) => (
            format!("{host} did not answer in time."),
            "Retrying. If this goes on, check the network between this device and the host.".to_owned(),
        ),
        (ProblemKind::Offline, _) => (
            "This device is offline.".to_owned(),
            "The rows are read again as soon as the network is back.".to_owned(),
        ),
        (ProblemKind::Unreachable, REDIRECTED) => (
            format!("{host} answers with a redirect, which a credential does not follow."),
            "Check storage.endpoint in config.json. A proxy or a sign-in page may stand in between.".to_owned(),
        ),
        (ProblemKind::Unreachable, _) => (
            format!("{host} cannot be reached from this page."),
            "Either the storage account has no CORS rule for this page or the host is down (browsers don't say which). \
             Open the endpoint in a new tab: if an XML error appears, the host is up and the rule is missing; this command adds it."
                .to_owned(),
        ),
        (ProblemKind::Truncated, _) => (
            format!("A response of {host} was cut off."),
            "Retrying. If this goes on, something on the network cuts off long responses.".to_owned(),
        ),
        (ProblemKind::Server, _) => (
            format!("{host} failed with status {}.", error.status),
            "Retrying.".to_owned(),
        ),
        (ProblemKind::Unreadable, ENDLESS) => (
            format!("{host} names one next page of {name} after another and brings no new rows."),
            "The read was ended; what it brought is shown, and there may be more. It is tried again now and then. A proxy \
             in between that drops parts of addresses does this."
                .to_owned(),
        ),
        (ProblemKind::Unreadable, TOO_LARGE) => (
            format!("An answer of {host} was refused: it is larger than any page of rows."),
            "Check storage.endpoint in config.json: this does not look like a table service.".to_owned(),
        ),
        (ProblemKind::Unreadable, _) if error.status == 400 => (
            format!("{host} rejects the request."),
            "Check storage.endpoint and storage.table in config.json: this does not look like a table service.".to_owned(),
        ),
        (ProblemKind::Unreadable, _) => (
            format!("{host} answered with something that is not a list of rows."),
            "Check storage.endpoint in config.json. A proxy or a sign-in page may stand in between.".to_owned(),
        ),
        (ProblemKind::Expired, _) => (
            "The SAS has expired.".to_owned(),
            "Enter a new one under Connections.".to_owned(),
        ),
    };
    let mut problem = Problem::error(Area::Storage, error.kind, what, hint);
    if error.kind == ProblemKind::Unreachable && error.code != REDIRECTED {
        problem.command = Some(cors);
    }
    let parts: Vec<&str> = [error.code.as_str(), error.detail.as_str()].into_iter().filter(|s| !s.is_empty()).collect();
    if !parts.is_empty() {
        problem.details.push(format!("The service answered: {}", parts.join(": ")));
    }
    problem
}

#[cfg(test)]
mod tests;
