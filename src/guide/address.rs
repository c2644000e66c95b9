//! Where a table is, from whatever people have of it: a SAS, an address, a connection string, an account's name.

use crate::http::{Origin, decode};

/// What a pasted text is. It holds nothing secret.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pasted {
    /// The address of the table service.
    pub endpoint: Option<String>,
    /// The table.
    pub table: Option<String>,
    /// The one partition that the SAS is bounded to.
    pub partition: Option<String>,
    /// A SAS is part of it.
    pub has_sas: bool,
}

/// Why a pasted text will not do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refused {
    /// There is none.
    Empty,
    /// It holds an account's key, which opens everything.
    AccountKey,
    /// Cosmos DB's Table API, which no web page can read.
    Cosmos,
    /// None of the forms that are known.
    Unknown,
}

impl Refused {
    /// In words, with what to do.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Empty => "Paste a SAS, a table's address or a connection string first.",
            Self::AccountKey => {
                "This holds the account's key, which allows everything, so it is not used. Make a read-only SAS instead, with the command below."
            }
            Self::Cosmos => {
                "This is a Cosmos DB account. Its Table API does not answer web pages; use an Azure Storage table."
            }
            Self::Unknown => {
                "Neither a SAS (sv=…&sig=…), a table's address (https://ACCOUNT.table.core.windows.net/TABLE) nor a connection string."
            }
        }
    }
}

/// The table service of an account.
#[must_use]
pub fn endpoint_of(account: &str) -> String {
    ["https://", account, ".table.core.windows.net"].concat()
}

/// Reads a pasted text.
///
/// # Errors
///
/// When nothing can be made of it.
pub fn read(pasted: &str) -> Result<Pasted, Refused> {
    const QUOTES: [char; 12] = ['"', '\'', '`', '“', '”', '„', '‘', '’', '«', '»', ',', ';'];
    let is_invisible = |c: char| c.is_control() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}');
    let text: String = pasted.chars().filter(|c| !is_invisible(*c)).collect();
    let text = text.trim_matches(|c: char| c.is_whitespace() || QUOTES.contains(&c)).replace("\\u0026", "&");
    let lower = text.to_ascii_lowercase();
    if text.is_empty() {
        return Err(Refused::Empty);
    }
    if lower.contains("accountkey=") || is_bare_key(&text) {
        return Err(Refused::AccountKey);
    }
    if lower.contains("tableendpoint=") || lower.contains("accountname=") {
        return connection_string(&text);
    }
    if text.contains("://") {
        return address(&text);
    }
    if lower.contains("sig=") {
        return Ok(with_sas(Pasted::default(), text.trim_start_matches('?')));
    }
    let is_account =
        (3..=24).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    match text.split_once('/').filter(|(host, _)| host.contains(".table.")) {
        _ if is_account => Ok(Pasted { endpoint: Some(endpoint_of(&text)), ..Pasted::default() }),
        Some(_) => address(&["https://", &text].concat()),
        None if lower.contains(".table.") => address(&["https://", &text].concat()),
        None => Err(Refused::Unknown),
    }
}

/// 64 bytes in Base64.
fn is_bare_key(text: &str) -> bool {
    text.len() == 88 && text.ends_with("==") && !text.contains(['&', '?', ':'])
}

fn connection_string(text: &str) -> Result<Pasted, Refused> {
    let value = |name: &str| {
        text.split(';').filter_map(|pair| pair.split_once('=')).find(|(key, _)| key.trim().eq_ignore_ascii_case(name))
    };
    let mut found = match (value("TableEndpoint"), value("AccountName")) {
        (Some((_, endpoint)), _) => address(endpoint.trim())?,
        (None, Some((_, account))) => {
            let suffix = value("EndpointSuffix").map_or("core.windows.net", |(_, suffix)| suffix.trim());
            address(&["https://", account.trim(), ".table.", suffix].concat())?
        }
        (None, None) => return Err(Refused::Unknown),
    };
    if let Some((_, sas)) = value("SharedAccessSignature") {
        found = with_sas(found, sas.trim());
    }
    Ok(found)
}

fn address(text: &str) -> Result<Pasted, Refused> {
    let (base, query) = text.split_once('?').unwrap_or((text, ""));
    let origin = Origin::of(base).ok_or(Refused::Unknown)?;
    let (scheme, host) = origin.as_str().split_once("://").ok_or(Refused::Unknown)?;
    if host.contains(".table.cosmos") {
        return Err(Refused::Cosmos);
    }
    let path = base.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    // Other services of the same account are at hosts that differ by one word.
    let service = ["blob", "queue", "file", "dfs", "web"].into_iter().map(|name| [".", name, ".core."].concat());
    let table_host = service.fold(host.to_owned(), |host, name| host.replace(&name, ".table.core."));
    let is_azure = table_host.contains(".table.");
    // An emulator's path begins with the account.
    let account = if is_azure { None } else { parts.next() };
    let endpoint = [scheme, "://", &table_host, account.map_or("", |_| "/"), account.unwrap_or_default()].concat();
    let table = parts.next().filter(|_| table_host == host).map(|part| part.split('(').next().unwrap_or(part));
    let found = Pasted { endpoint: Some(endpoint), table: table.map(str::to_owned), ..Pasted::default() };
    Ok(if query.contains("sig=") { with_sas(found, query) } else { found })
}

fn with_sas(mut found: Pasted, sas: &str) -> Pasted {
    let word = |name: &str| {
        let (_, value) = sas.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)?;
        Some(decode(value, false)).filter(|value| !value.is_empty())
    };
    found.has_sas = true;
    found.table = found.table.or_else(|| word("tn"));
    found.partition = word("spk").filter(|first| word("epk").as_ref() == Some(first));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste() {
        const SAS: &str = "sv=2024-05-04&tn=deployments&sp=r&spk=trivia&epk=trivia&sig=a%2Bb%3D";
        const AZURE: &str = "https://acct.table.core.windows.net";
        #[track_caller]
        fn check(pasted: &str, endpoint: Option<&str>, table: Option<&str>, has_sas: bool) {
            let found = read(pasted).unwrap();
            assert_eq!((found.endpoint.as_deref(), found.table.as_deref(), found.has_sas), (endpoint, table, has_sas));
            assert_eq!(found.partition.as_deref(), has_sas.then_some("trivia"), "{pasted}");
        }
        for sas in [SAS, &format!("?{SAS}"), &format!(" \"{SAS}\",\n"), &SAS.replace('&', "\\u0026")] {
            check(sas, None, Some("deployments"), true);
        }
        check(&format!("{AZURE}/deployments?{SAS}"), Some(AZURE), Some("deployments"), true);
        check(&format!("{AZURE}/other()?{SAS}"), Some(AZURE), Some("other"), true);
        check(&format!("{AZURE}/?{SAS}"), Some(AZURE), Some("deployments"), true);
        check(&format!("https://acct.blob.core.windows.net/?{SAS}"), Some(AZURE), Some("deployments"), true);
        check("https://acct.table.core.windows.net/deployments", Some(AZURE), Some("deployments"), false);
        check("acct.table.core.windows.net/deployments", Some(AZURE), Some("deployments"), false);
        check("acct.table.core.windows.net", Some(AZURE), None, false);
        check("acct", Some(AZURE), None, false);
        let emulator = "http://127.0.0.1:10002/devstoreaccount1";
        check(&format!("{emulator}/deployments?{SAS}"), Some(emulator), Some("deployments"), true);
        check(emulator, Some(emulator), None, false);
        let connection = format!("TableEndpoint={AZURE}/;SharedAccessSignature={SAS}");
        check(&connection, Some(AZURE), Some("deployments"), true);
        let account = format!("AccountName=acct;EndpointSuffix=core.windows.net;SharedAccessSignature={SAS}");
        check(&account, Some(AZURE), Some("deployments"), true);
    }

    #[test]
    fn what_will_not_do() {
        #[track_caller]
        fn check(pasted: &str, expect: Refused) {
            assert_eq!(read(pasted), Err(expect), "{pasted}");
        }
        check(" \n", Refused::Empty);
        check("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abc==;", Refused::AccountKey);
        check(&format!("{}==", "k".repeat(86)), Refused::AccountKey);
        check("https://acct.table.cosmos.azure.com:443/", Refused::Cosmos);
        check("what is this", Refused::Unknown);
        check("javascript://x/y", Refused::Unknown);
        check("https://acct.table.core.windows.net@evil.example/t", Refused::Unknown);
    }
}
