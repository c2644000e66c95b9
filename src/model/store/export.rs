//! All rows as a file that `storage.kind = "snapshot"` reads: rows as they were written, and in their columns what
//! forges reported of them since, so that the file is the same without any forge.

use serde_json::{Map, Value};

use super::{
    assemble::assemble,
    layout::{Home, home},
    rows::Store,
    slot::Slot,
};
use crate::{
    domain::{
        cluster::SignalState,
        deployment::{Deployment, Status},
        person::Person,
        project::ProjectId,
        pull_request::PullState,
        stage::{Provenance, StageKind},
        time::Timestamp,
    },
    model::sync::Syncs,
    storage::row::Field,
};

/// The fields that identify a person.
const PEOPLE: [Field; 6] = [
    Field::AuthorName,
    Field::AuthorEmail,
    Field::AuthorImage,
    Field::AuthorUrl,
    Field::MergedBy,
    Field::MergedByImage,
];

const RUNS: [(StageKind, [Field; 5]); 3] = [
    (StageKind::Build, [Field::P1Status, Field::P1Start, Field::P1End, Field::P1Url, Field::P1Name]),
    (StageKind::Release, [Field::P2Status, Field::P2Start, Field::P2End, Field::P2Url, Field::P2Name]),
    (StageKind::Manifest, [Field::P3Status, Field::P3Start, Field::P3End, Field::P3Url, Field::P3Name]),
];

/// The rows of these projects, and what clusters reported in rows.
#[must_use]
pub fn snapshot(store: &Store, syncs: &Syncs, is_wanted: impl Fn(ProjectId) -> bool, has_names: bool) -> String {
    let slots = store.by_time().iter().filter(|&&slot| is_wanted(store.at(slot).project()));
    let rows = slots.filter_map(|&slot| row(store, slot, has_names));
    let reports = syncs.all_reports().iter().filter(|report| is_wanted(report.project) && !report.is_past);
    let reports = reports.filter_map(|report| {
        let of_row = report.row.as_ref()?;
        let signal = &report.signal;
        let state = match signal.state {
            SignalState::Applied => "applied",
            SignalState::Pending => "pending",
            SignalState::Failed => "failed",
            SignalState::Unknown => "unknown",
        };
        let mut row = Texts::default();
        row.put(Field::PartitionKey, &of_row.partition);
        row.put(Field::RowKey, &of_row.key);
        row.put(Field::Timestamp, &of_row.written);
        row.put(Field::Kind, "sync");
        row.put(Field::Cluster, &signal.from.name);
        row.put(Field::SyncCommit, signal.commit.as_ref().map_or("", |commit| commit.as_str()));
        row.put(Field::SyncState, state);
        row.put(Field::SyncMessage, signal.message.as_deref().unwrap_or_default());
        row.put_time(Field::SyncAt, signal.at.filter(|_| !signal.is_approximate));
        Some(Value::Object(row.0))
    });
    let all: Vec<Value> = rows.chain(reports).collect();
    Value::Object(Map::from_iter([("value".to_owned(), Value::Array(all))])).to_string()
}

#[derive(Default)]
struct Texts(Map<String, Value>);

impl Texts {
    /// Puts a text in, if there is one.
    fn put(&mut self, field: Field, text: &str) {
        if !text.is_empty() {
            self.0.insert(field.column().to_owned(), text.into());
        }
    }

    fn put_time(&mut self, field: Field, time: Option<Timestamp>) {
        self.put(field, &time.map(Timestamp::to_rfc3339).unwrap_or_default());
    }

    fn put_person(&mut self, person: &Person, [name, image]: [Field; 2]) {
        self.put(name, &person.name);
        self.put(image, person.image.as_ref().map_or("", |image| image.as_str()));
    }
}

fn row(store: &Store, slot: Slot, has_names: bool) -> Option<Value> {
    let at = store.at(slot);
    let mut row = Texts::default();
    for &field in Field::ALL.iter().filter(|field| home(**field) != Home::Nowhere) {
        row.put(field, at.text(field));
    }
    add_facts(&mut row, &assemble(store, slot, Vec::new())?);
    if !has_names {
        PEOPLE.iter().for_each(|field| drop(row.0.remove(field.column())));
        // Below the first line stand those who signed it off.
        let message = row.0.get(Field::CommitMessage.column()).and_then(Value::as_str).unwrap_or_default();
        let first = crate::text::first_line(message).to_owned();
        row.put(Field::CommitMessage, &first);
    }
    Some(Value::Object(row.0))
}

/// What forges reported, in the columns that rows have for it.
fn add_facts(row: &mut Texts, d: &Deployment) {
    for (kind, [status, start, end, url, name]) in RUNS {
        let Some(stage) = d.stage(kind).filter(|stage| matches!(stage.provenance, Some(Provenance::By(..)))) else {
            continue;
        };
        if !matches!(stage.status, Status::Incomplete | Status::Unknown) {
            row.put(status, stage.status.as_str());
        }
        row.put_time(start, stage.started);
        row.put_time(end, stage.ended);
        row.put(url, stage.link.as_ref().map_or("", |link| link.as_str()));
        row.put(name, stage.name.as_deref().unwrap_or_default());
    }
    let source = &d.source;
    row.put(Field::Branch, source.branch.as_ref().map_or("", |branch| branch.as_str()));
    row.put(Field::CommitMessage, source.message.as_deref().unwrap_or_default());
    if let Some(author) = &source.author {
        row.put_person(author, [Field::AuthorName, Field::AuthorImage]);
        row.put(Field::AuthorEmail, author.email.as_deref().unwrap_or_default());
        row.put(Field::AuthorUrl, author.url.as_ref().map_or("", |url| url.as_str()));
    }
    let Some(pull) = &d.pull_request else { return };
    row.put(
        Field::PrState,
        match pull.state {
            PullState::Open => "open",
            PullState::Merged => "merged",
            PullState::Abandoned => "abandoned",
            PullState::Unknown => "",
        },
    );
    row.put(Field::PrTitle, pull.title.as_deref().unwrap_or_default());
    row.put(Field::PrUrl, pull.link.as_ref().map_or("", |link| link.as_str()));
    row.put(Field::PrBranch, pull.branch.as_ref().map_or("", |branch| branch.as_str()));
    row.put_time(Field::PrCreatedAt, pull.created);
    row.put_time(Field::PrMergedAt, pull.ended);
    if let Some(who) = &pull.merged_by {
        row.put_person(who, [Field::MergedBy, Field::MergedByImage]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::rows::empty_store;
    use crate::{
        http::Response,
        storage::{row::Row, snapshot::open_rows},
    };

    fn empty() -> (Store, Syncs) {
        (empty_store(&[]), Syncs::default())
    }

    fn read(file: &str) -> (Store, Syncs) {
        let (mut store, mut syncs) = empty();
        let response = Response { status: 200, headers: Vec::new(), body: file.into() };
        let is_read = open_rows(response).unwrap().read(usize::MAX, &mut |row: &Row<'_>| {
            if row.is_sync() {
                syncs.put(ProjectId::at(0), row);
            } else {
                store.put(ProjectId::at(0), row);
            }
        });
        assert_eq!(is_read, Ok(true));
        store.rebuild();
        syncs.rebuild(&store);
        (store, syncs)
    }

    const ROWS: &str = r#"{"value":[
        {"PartitionKey":"t","RowKey":"1","Timestamp":"2026-11-23T12:00:00Z","service":"api","env":"dev","p1":"7","p1Status":"succeeded",
         "p1Start":"2026-11-23T10:00:00Z","p1End":"2026-11-23T10:05:00Z","imageTag":"api:1.2","commitId":"abcdef0123","branch":"main",
         "authorName":"Mara Lind","authorEmail":"mara@example.com","commitMessage":"Fix \"it\"\n\nSigned-off-by: Mara Lind",
         "p2":"8","pr":"9","prState":"merged","prMergedAt":"2026-11-23T11:00:00Z","mergedBy":"Ken Abe","p3":"10","p3Status":"failed"},
        {"PartitionKey":"t","RowKey":"2","service":"web"},
        {"PartitionKey":"t","RowKey":"sync-east","Timestamp":"2026-11-23T12:00:00Z","kind":"sync","cluster":"east","syncState":"failed",
         "syncCommit":"fedcba9876","syncMessage":"not ready","syncAt":"2026-11-23T11:30:00Z"}]}"#;

    #[test]
    fn a_snapshot_is_read_as_it_was_written() {
        let (store, syncs) = read(ROWS);
        let file = snapshot(&store, &syncs, |_| true, true);
        let (again, reports) = read(&file);
        let all =
            |store: &Store| store.by_time().iter().map(|&slot| assemble(store, slot, Vec::new())).collect::<Vec<_>>();
        assert_eq!(all(&again), all(&store));
        assert_eq!(all(&again).len(), 2);
        assert_eq!(reports.reports().collect::<Vec<_>>(), syncs.reports().collect::<Vec<_>>());
        assert_eq!(snapshot(&again, &reports, |_| true, true), file, "and once more");
        assert_eq!(snapshot(&store, &syncs, |_| false, true), r#"{"value":[]}"#);
    }

    #[test]
    fn without_names_nobody_is_named() {
        let (store, syncs) = read(ROWS);
        let file = snapshot(&store, &syncs, |_| true, false);
        for name in ["Mara", "mara@", "Ken"] {
            assert!(!file.contains(name), "{name} in {file}");
        }
        assert!(file.contains("Fix \\\"it\\\"") && file.contains("abcdef0123"), "{file}");
    }
}
