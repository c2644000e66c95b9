//! `signIn` of `config.json`: the app registrations that viewers may sign in with.

use super::{
    SignIn, SignInKind, Storage,
    forge::address,
    reader::{Object, Place, Report},
};
use crate::http::address::Address;

pub(super) const KINDS: [&str; 3] = ["entra", "gitlab", "github"];
pub(super) const ENTRA: [&str; 4] = ["kind", "clientId", "tenant", "authority"];
pub(super) const GITLAB: [&str; 3] = ["kind", "clientId", "url"];
pub(super) const GITHUB: [&str; 4] = ["kind", "clientId", "relay", "url"];

pub(super) fn sign_in(root: &Object<'_>, report: &mut Report) -> Vec<SignIn> {
    let items = root.get("signIn").map_or_else(Vec::new, |place| place.items("a list of app registrations", report));
    let mut all: Vec<SignIn> = Vec::new();
    for place in items {
        let Some(found) = one(&place, report) else { continue };
        if all.iter().any(|other| other.kind == found.kind && other.server == found.server) {
            report.error(&place, "signs in where one before it does.", "Allowed: one registration for each server.");
        } else {
            all.push(found);
        }
    }
    all
}

fn one(place: &Place<'_>, report: &mut Report) -> Option<SignIn> {
    let object = place.raw_object("an object with a kind, \"entra\", \"gitlab\" or \"github\"", report)?;
    let kind = object.need("kind", "\"entra\", \"gitlab\", \"github\"", report)?.word(&KINDS, report)?;
    let id = "the client id (application id) of the registration";
    let client_id = object.need("clientId", id, report).and_then(|place| word(&place, id, report));
    let (kind, server) = match kind {
        "entra" => {
            object.check(&ENTRA, report);
            let allowed = "the directory's id, or one of its domains";
            let tenant = object.need("tenant", allowed, report).and_then(|place| word(&place, allowed, report));
            let server = server(&object, "authority", Some("https://login.microsoftonline.com"), report);
            (SignInKind::Entra { tenant: tenant?.into() }, server)
        }
        "gitlab" => {
            object.check(&GITLAB, report);
            (SignInKind::GitLab, server(&object, "url", Some("https://gitlab.com"), report))
        }
        _ => {
            object.check(&GITHUB, report);
            let server = server(&object, "url", Some("https://github.com"), report);
            (SignInKind::GitHub { relay: self::server(&object, "relay", None, report)? }, server)
        }
    };
    Some(SignIn { kind, client_id: client_id?.into(), server: server? })
}

/// A text that can be a part of a path or of a query as it is.
fn word<'a>(place: &Place<'a>, allowed: &str, report: &mut Report) -> Option<&'a str> {
    let text = place.text(allowed, report)?;
    if text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_')) {
        return Some(text);
    }
    report.wrong(place, allowed);
    None
}

fn server(object: &Object<'_>, key: &str, default: Option<&str>, report: &mut Report) -> Option<Address> {
    let example = default.unwrap_or("https://relay.example.com/token");
    let allowed = ["an http or https address without a query, such as ", example].concat();
    let place = match (object.get(key), default) {
        (None, Some(default)) => return Address::new(default).ok(),
        (None, None) => return object.need(key, &allowed, report).and(None),
        (Some(place), _) => place,
    };
    address(&place, &allowed, report)
}

/// A token of Entra opens every account that its owner may read, so it goes to Azure's own table services alone, and to
/// emulators on this machine.
pub(super) fn mark_tables(storage: &mut Storage, sign_in: &[SignIn]) {
    const TABLES: [&str; 3] =
        [".table.core.windows.net", ".table.core.usgovcloudapi.net", ".table.core.chinacloudapi.cn"];
    if let Storage::AzureTable(table) = storage
        && let Ok(address) = Address::new(&table.endpoint)
    {
        let is_azure = address.origin().is_https() && TABLES.iter().any(|end| address.host().ends_with(end));
        let has_entra = sign_in.iter().any(|each| matches!(each.kind, SignInKind::Entra { .. }));
        table.has_sign_in = has_entra && table.sas.is_none() && (is_azure || address.is_this_machine());
    }
}
