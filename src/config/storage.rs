//! `projects[].storage` of `config.json`.
//!
//! What can only be asked of a SAS when the time is known (its dates, its table) is asked in `storage::sas`.

use super::{
    AzureTable, Storage,
    reader::{Object, Place, Report, shown},
};
use crate::http::{
    address::{Address, AddressError},
    secret::Secret,
};

pub(super) const KINDS: [&str; 2] = ["azure-table", "snapshot"];
pub(super) const AZURE_TABLE: [&str; 5] = ["kind", "endpoint", "table", "partition", "sas"];
pub(super) const SNAPSHOT: [&str; 2] = ["kind", "url"];

pub(super) fn storage(project: &Object<'_>, report: &mut Report) -> Option<Storage> {
    let allowed = "an object with a kind, \"azure-table\" or \"snapshot\"";
    let object = project.need("storage", allowed, report)?.raw_object(allowed, report)?;
    let kind = object.need("kind", "\"azure-table\", \"snapshot\"", report)?;
    if kind.word(&KINDS, report)? == "snapshot" {
        object.check(&SNAPSHOT, report);
        return snapshot(&object, report);
    }
    object.check(&AZURE_TABLE, report);
    let endpoint = object.need("endpoint", ENDPOINT, report).and_then(|place| endpoint(&place, report));
    let table = object.need("table", TABLE, report).and_then(|place| table(&place, report));
    let partition =
        object.text("partition", "the PartitionKey of the rows, or no such key for the whole table", report);
    let sas = object.get("sas").and_then(|place| sas(&place, report));
    let endpoint = endpoint?;
    Some(Storage::AzureTable(AzureTable {
        endpoint: endpoint.as_str().into(),
        origin: endpoint.origin().clone(),
        table: table?.into(),
        partition: partition.map(Into::into),
        sas: sas.map(|sas| Secret::new(endpoint.origin().clone(), sas)),
        has_sign_in: false,
    }))
}

const ENDPOINT: &str = "the address of a table service, such as https://ACCOUNT.table.core.windows.net";

fn endpoint(place: &Place<'_>, report: &mut Report) -> Option<Address> {
    let text = place.text(ENDPOINT, report)?;
    let address = match Address::new(text) {
        Ok(address) => address,
        Err(AddressError::Query) => {
            let hint = "If that is a SAS, put what follows the question mark under storage.sas, or leave it out so that \
                        each viewer is asked for one.";
            let bare = text.split(['?', '#']).next().unwrap_or_default();
            report.error(
                place,
                &["is ", &shown(&bare.into()), " and a query, which does not belong here."].concat(),
                hint,
            );
            return None;
        }
        Err(AddressError::NotWeb) => {
            report.wrong(place, ENDPOINT);
            return None;
        }
    };
    let host = address.host();
    let is = |what: &str| ["is ", &shown(place.value), ", ", what].concat();
    let azure = |service: &str| host.contains(&[".", service, ".core."].concat());
    if [".table.cosmos.azure.com", ".table.cosmosdb.azure.com"].iter().any(|end| host.ends_with(end)) {
        let hint = "Cosmos DB's Table API has no CORS, so no web page can read it. Allowed: an Azure Storage account, or \
                    a snapshot of the rows (kind \"snapshot\").";
        report.error(place, &is("a Cosmos DB account."), hint);
        return None;
    }
    if let Some(service) = ["blob", "queue", "file", "dfs"].into_iter().find(|service| azure(service)) {
        let right = host.replacen(&[".", service, "."].concat(), ".table.", 1);
        let what = ["the ", service, " service of an account."].concat();
        report.error(place, &is(&what), &["Its table service is https://", &right, "."].concat());
        return None;
    }
    if azure("table") && !address.path().is_empty() {
        let hint = "Only the account's address belongs here; the table's name goes to storage.table.";
        report.error(place, &is("which goes on behind the host."), hint);
        return None;
    }
    warn_exposed(place, &address, report);
    Some(address)
}

/// For every address that a credential is sent to.
pub(super) fn warn_exposed(place: &Place<'_>, address: &Address, report: &mut Report) {
    if address.is_exposed() {
        let hint = "Use https: what is sent there, credentials too, can be read on the way.";
        report.warn(&place.path, "is http, not https.", hint);
    }
}

const TABLE: &str = "the table's name: 3 to 63 letters and digits, a letter first";

fn table<'a>(place: &Place<'a>, report: &mut Report) -> Option<&'a str> {
    let name = place.text(TABLE, report)?;
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts && (3..=63).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Some(name);
    }
    report.wrong(place, TABLE);
    None
}

/// The one value that is never shown, whatever is wrong with it.
fn sas<'a>(place: &Place<'a>, report: &mut Report) -> Option<&'a str> {
    let allowed = "Allowed: a SAS that may only read (sv=…&tn=…&sp=r&sig=…), or no such key, so that each viewer is \
                   asked for one.";
    let text = place.value.as_str().map_or("", str::trim);
    let lower = text.to_ascii_lowercase();
    let bare_key = text.len() == 88 && text.ends_with("==") && !text.contains(['&', '?']);
    if text.is_empty() {
        report.error(place, "is empty or no text.", allowed);
    } else if lower.contains("accountkey=") || bare_key {
        let hint = "Replace that key in Azure now: it allows everything, and everybody who opens this page can read \
                    config.json. ";
        report.error(place, "is an account's key, not a SAS.", &[hint, allowed].concat());
    } else if lower.contains("://") && !lower.contains("sig=") {
        report.error(place, "is an address without a signature (sig).", allowed);
    } else {
        return Some(text);
    }
    None
}

fn snapshot(object: &Object<'_>, report: &mut Report) -> Option<Storage> {
    let allowed = "the address of a file next to index.html, such as snapshot.json";
    let place = object.need("url", allowed, report)?;
    let url = place.text(allowed, report)?;
    // Browsers read "\" as "/" and skip tabs and line breaks, so neither may hide another origin.
    let elsewhere = url.contains("//") || url.contains(|c: char| c == '\\' || c.is_control());
    let scheme = url.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'));
    if elsewhere || scheme {
        report.wrong(&place, allowed);
        return None;
    }
    Some(Storage::Snapshot { url: url.into() })
}
