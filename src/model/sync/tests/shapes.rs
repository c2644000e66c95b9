//! Rows as Argo CD's notifications write them by its webhook service, from what a template finds in an application.

use super::*;
use crate::support::rows::empty_store;
use crate::{domain::project::ProjectId, storage::rows::RowsReader};

/// How a ring stands that published `0a12da8`, after a cluster wrote this row.
#[track_caller]
fn check(columns: &str, expect: &str) {
    let mut store = empty_store(&[]);
    let mut syncs = Syncs::new(&[], &[]);
    let body = format!(
        r#"[{{"RowKey":"1","env":"dev","manifestCommitId":"0a12da8","Timestamp":"2026-11-20T09:00:00Z"}},
            {{"RowKey":"sync-east","Timestamp":"2026-11-20T10:00:01.1234567Z","kind":"sync","cluster":"east",{columns}}}]"#
    );
    let mut reader = RowsReader::new(body.into_bytes());
    let mut each = |row: &Row<'_>| {
        if row.is_sync() {
            syncs.put(ProjectId::at(0), row);
        } else {
            store.put(ProjectId::at(0), row);
        }
    };
    assert_eq!(reader.read(9, &mut each), Ok(true), "{columns}");
    assert_eq!(reader.counted().bad.words, [""; 0], "{columns}");
    store.rebuild();
    syncs.rebuild(&store);
    assert_eq!(ring(&store, &syncs, "dev"), expect, "{columns}");
}

#[test]
fn rows_of_argo_cd() {
    const REVISION: &str = "0a12da8c99104f5e0a12da8c99104f5e0a12da8c";
    let row = |state: &str, commit: &str, at: &str| {
        format!(r#""syncState":"{state}","syncCommit":{commit},"syncMessage":"successfully synced","syncAt":{at}"#)
    };
    let commit = format!("\"{REVISION}\"");
    let at = r#""2026-11-20T10:00:00Z""#;
    check(&row("applied", &commit, at), "synced: east synced Some(0)");
    check(&row("failed", &commit, at), "failed: east failed Some(0)");
    check(&row("pending", &commit, at), "pending: east pending Some(0)");
    // The phases of an operation are no words of these rows: what they mean is not guessed.
    for phase in ["Succeeded", "Synced", "Healthy", "Running", "Error", ""] {
        check(&row(phase, &commit, at), "unknown: east unknown Some(0)");
    }
    check(&row("Applied", &commit, at), "synced: east synced Some(0)");
    // An application of several sources has a list of revisions, and no revision; one that was never synced has none.
    for none in ["null", r#""""#, r#"["0a12da8"]"#] {
        check(&row("applied", none, at), "unknown: ");
    }
    check(&row("applied", r#""<no value>""#, at), "unknown: east unknown None");
    // A chart's version is no commit of the branch.
    check(&row("applied", r#""1.2.3""#, at), "unknown: east unknown None");
    // Without a time of its own the row's counts, and is marked as possibly later.
    check(&row("applied", &commit, "null"), "synced: east synced Some(0)");
    check(&row("applied", &commit, r#""<no value>""#), "synced: east synced Some(0)");
}
