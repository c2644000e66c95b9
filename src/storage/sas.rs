//! What a shared access signature allows, read from its own words before it is used.
//!
//! A SAS is a query string; everything but its signature is plain. Reading it first turns most refusals into a
//! sentence that names the cause, and warns of tokens that allow far more than reading.
//! Source: "Create a service SAS" and "Create an account SAS" of the Azure Storage REST reference.

use crate::{
    domain::{
        problem::{ProblemKind, Severity},
        time::{Timestamp, days},
    },
    http::{decode, secret::Secret},
};

/// How long before its end a SAS is worth a warning.
const ENDS_SOON: u64 = 7;

/// The parts of a SAS that can be read. Never its signature.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sas {
    /// `se`: when it ends. Absent when a stored access policy has it.
    pub expires: Option<Timestamp>,
    /// `st`: when it begins.
    pub starts: Option<Timestamp>,
    /// `sp`: permission letters.
    pub permissions: Option<String>,
    /// `tn`: the table.
    pub table: Option<String>,
    /// `spr` allows https alone.
    pub https_only: bool,
    /// `ss` is there: it opens a whole account.
    pub account_wide: bool,
    /// `si`: a stored access policy holds what is missing here.
    pub policy: Option<String>,
    /// It has a signature.
    pub signed: bool,
    /// A space in the signature: its `+` were taken for spaces on the way here.
    pub mangled: bool,
}

/// One finding about a SAS.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// An error means that asking is useless. What follows from this device's clock alone is a warning.
    pub severity: Severity,
    /// What kind of trouble.
    pub kind: ProblemKind,
    /// In a sentence.
    pub what: String,
    /// What to do.
    pub hint: String,
}

impl Sas {
    /// Reads the words of a SAS.
    #[must_use]
    pub fn read(secret: &Secret) -> Self {
        let mut sas = Self::default();
        for pair in secret.expose().split('&') {
            let (key, raw) = pair.split_once('=').unwrap_or((pair, ""));
            let value = decode(raw, false);
            match key {
                "se" => sas.expires = moment(&value),
                "st" => sas.starts = moment(&value),
                "sp" => sas.permissions = Some(value),
                "tn" => sas.table = Some(value),
                "spr" => sas.https_only = value.eq_ignore_ascii_case("https"),
                "ss" => sas.account_wide = true,
                "si" => sas.policy = Some(value),
                "sig" => {
                    sas.signed = !value.is_empty();
                    sas.mangled = value.trim().contains(' ');
                }
                _ => {}
            }
        }
        sas
    }

    /// All findings about using it for `table` at an https or http endpoint.
    #[must_use]
    pub fn check(&self, table: &str, https: bool, now: Timestamp) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut report = |severity, kind, what: String, hint: &str| {
            found.push(Finding { severity, kind, what, hint: hint.to_owned() });
        };
        let renew = "Enter a new one under Connections; the command that makes one is there too.";
        if !self.signed {
            let hint = "A SAS is a query string such as sv=…&tn=…&sp=r&se=…&sig=….";
            report(Severity::Error, ProblemKind::Unauthorized, "Not a SAS: it has no signature (sig).".into(), hint);
        } else if self.mangled {
            let hint = "Copy it again, with %2B where the signature has a plus sign.";
            report(
                Severity::Error,
                ProblemKind::Unauthorized,
                "The SAS was damaged when it was copied: its signature has a space.".into(),
                hint,
            );
        }
        match self.expires {
            Some(end) if end <= now => {
                let what = format!("The SAS expired on {}, by this device's clock.", minute(end));
                report(Severity::Warning, ProblemKind::Expired, what, renew);
            }
            Some(end) if end <= now + days(ENDS_SOON) => {
                let what = format!("The SAS expires on {}.", minute(end));
                report(Severity::Warning, ProblemKind::Expired, what, renew);
            }
            _ => {}
        }
        if let Some(start) = self.starts.filter(|start| *start > now) {
            let what = format!("The SAS is not valid before {}, by this device's clock.", minute(start));
            let hint =
                "Wait, check this device's clock, or ask for a SAS that starts a quarter of an hour in the past.";
            report(Severity::Warning, ProblemKind::Unauthorized, what, hint);
        }
        if let Some(permissions) = &self.permissions {
            if !permissions.contains('r') {
                let what = format!("The SAS does not allow reading: its permissions (sp) are {permissions:?}.");
                report(Severity::Error, ProblemKind::Forbidden, what, renew);
            } else if permissions != "r" {
                let what = format!("The SAS allows more than reading: its permissions (sp) are {permissions:?}.");
                report(
                    Severity::Warning,
                    ProblemKind::Forbidden,
                    what,
                    "Use one with sp=r: everybody who opens this page holds it.",
                );
            }
        }
        if self.account_wide {
            let what = "The SAS opens the whole storage account, not one table.".into();
            report(Severity::Warning, ProblemKind::Forbidden, what, "Use a SAS of the table alone (with tn).");
        } else if let Some(tn) = self.table.as_ref().filter(|tn| !tn.eq_ignore_ascii_case(table)) {
            let what = format!("The SAS is for the table {tn:?}, not for {table:?}.");
            report(
                Severity::Error,
                ProblemKind::Forbidden,
                what,
                "Use a SAS of this table, or correct storage.table in config.json.",
            );
        }
        if self.https_only && !https {
            let what = "The SAS is for https only, and the endpoint is http.".into();
            report(
                Severity::Error,
                ProblemKind::Forbidden,
                what,
                "Write https in storage.endpoint, or use a SAS without spr=https.",
            );
        }
        found
    }
}

/// A SAS writes whole seconds, minutes, or a bare date.
fn moment(text: &str) -> Option<Timestamp> {
    [text, &format!("{text}T00:00:00Z"), &text.replace('Z', ":00Z")].into_iter().find_map(Timestamp::parse)
}

/// `2026-11-27 22:18 UTC`: a date that reads alike everywhere.
fn minute(at: Timestamp) -> String {
    let text = at.to_rfc3339();
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(time)) => format!("{day} {time} UTC"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Origin;

    #[track_caller]
    fn check(sas: &str, table: &str, https: bool, expect: &[(Severity, ProblemKind, &str)]) {
        let secret = Secret::new(Origin::of("https://a.example").unwrap(), sas);
        let now = Timestamp::parse("2026-11-23T12:00:00Z").unwrap();
        let found = Sas::read(&secret).check(table, https, now);
        let got: Vec<_> = found.iter().map(|f| (f.severity, f.kind, f.what.as_str())).collect();
        assert_eq!(got.len(), expect.len(), "{sas}: {got:?}");
        for ((severity, kind, what), (es, ek, part)) in got.into_iter().zip(expect) {
            assert_eq!((severity, kind), (*es, *ek), "{sas}");
            assert!(what.contains(part), "{what:?} should say {part:?}");
        }
    }

    #[test]
    fn findings() {
        use ProblemKind::{Expired, Forbidden, Unauthorized};
        use Severity::{Error, Warning};
        let good = "?sv=2024-05-04&tn=deployments&sp=r&se=2027-01-01T00%3A00%3A00Z&sig=a%2Bb%3D";
        check(good, "deployments", true, &[]);
        check(good, "Deployments", true, &[]);
        check(good, "other", true, &[(Error, Forbidden, "for the table \"deployments\"")]);
        check(
            "tn=t&sp=r&se=2026-11-23T11:59Z&sig=x",
            "t",
            true,
            &[(Warning, Expired, "expired on 2026-11-23 11:59 UTC")],
        );
        check("tn=t&sp=r&se=2026-11-23&sig=x", "t", true, &[(Warning, Expired, "expired")]);
        check("tn=t&sp=r&se=2026-11-25&sig=x", "t", true, &[(Warning, Expired, "expires on 2026-11-25 00:00 UTC")]);
        check("tn=t&sp=r&st=2026-11-24&se=2027-11-24&sig=x", "t", true, &[(Warning, Unauthorized, "not valid before")]);
        check("tn=t&sp=au&se=2027-11-24&sig=x", "t", true, &[(Error, Forbidden, "does not allow reading")]);
        check("tn=t&sp=raud&se=2027-11-24&sig=x", "t", true, &[(Warning, Forbidden, "more than reading")]);
        check("ss=t&srt=o&sp=r&se=2027-11-24&sig=x", "t", true, &[(Warning, Forbidden, "whole storage account")]);
        check("tn=t&sp=r&spr=https&se=2027-11-24&sig=x", "t", false, &[(Error, Forbidden, "https only")]);
        check("tn=t&sp=r&spr=https,http&se=2027-11-24&sig=x", "t", false, &[]);
        check("tn=t&si=policy&sig=x", "t", true, &[]); // a stored policy holds the rest
        check("tn=t&sp=r&se=2027-11-24&sig=a b", "t", true, &[(Error, Unauthorized, "damaged")]);
        check("hello", "t", true, &[(Error, Unauthorized, "no signature")]);
        check("", "t", true, &[(Error, Unauthorized, "no signature")]);
    }

    #[test]
    fn what_is_read_holds_no_signature() {
        let secret = Secret::new(Origin::of("https://a.example").unwrap(), "tn=t&sp=r&sig=topsecret");
        assert!(!format!("{:?}", Sas::read(&secret)).contains("topsecret"));
    }
}
