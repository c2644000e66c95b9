//! Deployments as a file for other programs.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::wording;
use crate::domain::{
    column::Column,
    deployment::Deployment,
    stage::{Stage, StageKind},
    time::Timestamp,
};

/// What a file holds, and how.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// What is shown, for spreadsheets.
    Csv,
    /// What is shown, for programs.
    Json,
    /// What is shown, for people.
    Markdown,
    /// All rows.
    Snapshot,
    /// All rows, without people.
    SnapshotWithoutNames,
}

impl Format {
    /// The file's name and its media type.
    #[must_use]
    pub const fn file(self) -> (&'static str, &'static str) {
        match self {
            Self::Csv => ("deployments.csv", "text/csv"),
            Self::Json => ("deployments.json", "application/json"),
            Self::Markdown => ("deployments.md", "text/markdown"),
            Self::Snapshot | Self::SnapshotWithoutNames => ("snapshot.json", "application/json"),
        }
    }
}

/// What every file has of a deployment besides the columns that are shown.
const ALWAYS: [&str; 4] = ["id", "version", "commit", "image"];

fn always(d: &Deployment) -> [String; 4] {
    [
        d.id.to_string(),
        wording::version(d),
        d.source.commit.as_ref().map(ToString::to_string).unwrap_or_default(),
        d.image.as_ref().map(ToString::to_string).unwrap_or_default(),
    ]
}

/// Comma-separated values as RFC 4180 has them. What a spreadsheet would take for a formula gets an apostrophe.
pub fn csv<'a>(columns: &[Column], deployments: impl Iterator<Item = &'a Deployment>) -> String {
    let mut out = String::new();
    let head = ALWAYS.into_iter().chain(columns.iter().map(|column| column.id()));
    line(&mut out, head.map(str::to_owned));
    for d in deployments {
        line(&mut out, always(d).into_iter().chain(columns.iter().map(|column| text(*column, d))));
    }
    out
}

fn line(out: &mut String, cells: impl Iterator<Item = String>) {
    for (n, cell) in cells.enumerate() {
        if n > 0 {
            out.push(',');
        }
        let cell = harmless(&cell);
        if cell.contains([',', '"', '\n', '\r']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}

/// Spreadsheets calculate what begins like this (OWASP, CSV injection), blanks before it or not.
fn harmless(cell: &str) -> Cow<'_, str> {
    let is_formula =
        cell.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if is_formula { Cow::Owned(["'", cell].concat()) } else { Cow::Borrowed(cell) }
}

/// A list of objects.
pub fn json<'a>(columns: &[Column], deployments: impl Iterator<Item = &'a Deployment>) -> String {
    let object = |d: &Deployment| {
        let fixed = ALWAYS.into_iter().zip(always(d));
        let shown = columns.iter().map(|column| (column.id(), text(*column, d)));
        let all = fixed.chain(shown).filter(|(_, text)| !text.is_empty());
        Value::Object(all.map(|(key, text)| (key.to_owned(), Value::String(text))).collect::<Map<_, _>>())
    };
    Value::Array(deployments.map(object).collect()).to_string()
}

/// A table.
pub fn markdown<'a>(columns: &[Column], deployments: impl Iterator<Item = &'a Deployment>) -> String {
    let mut out = String::from("| Version |");
    for column in columns {
        out.extend([" ", column.title(), " |"]);
    }
    out.push_str("\n|");
    out.extend(std::iter::repeat_n(" --- |", columns.len() + 1));
    out.push('\n');
    for d in deployments {
        out.extend(["| ", &wording::escape_markdown(&wording::version(d)), " |"]);
        for column in columns {
            out.extend([" ", &wording::escape_markdown(&text(*column, d)), " |"]);
        }
        out.push('\n');
    }
    out
}

/// What a column has of a deployment, for programs: words of the contract, times in UTC.
fn text(column: Column, d: &Deployment) -> String {
    let run = |kind: StageKind| {
        let name =
            |stage: &Stage| stage.name.as_deref().map(str::to_owned).or_else(|| Some(stage.run.as_ref()?.to_string()));
        d.stage(kind).and_then(name)
    };
    match column {
        Column::Status => Some(d.status.as_str().to_owned()),
        Column::Service => d.service.as_ref().map(ToString::to_string),
        Column::Ring => d.ring.as_ref().map(ToString::to_string),
        Column::Author => d.source.author.as_ref().map(|who| who.name.to_string()),
        Column::Build => run(StageKind::Build),
        Column::Release => run(StageKind::Release),
        Column::PullRequest => d.pull_request.as_ref().map(|pull| pull.id.to_string()),
        Column::MergedBy => d.pull_request.as_ref().and_then(|pull| Some(pull.merged_by.as_ref()?.name.to_string())),
        Column::Manifest => run(StageKind::Manifest),
        Column::Updated => d.updated.map(Timestamp::to_rfc3339),
        Column::Clusters => {
            let all: Vec<String> = d.clusters.iter().map(|c| format!("{}: {}", c.cluster, c.state.as_str())).collect();
            Some(all.join("; "))
        }
    }
    .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::row::Field;
    use crate::support::rows::{self, RowBuilder};

    fn deployment(service: &str, author: &str) -> Deployment {
        let texts = "imageTag=api-1.2 commitId=abcdef0123 p1=7 p1Status=failed p1End=2026-11-23T10:00:00Z";
        let row = RowBuilder::of(texts).with(Field::Service, service).with(Field::AuthorName, author);
        rows::deployment(row, Vec::new())
    }

    #[test]
    fn a_spreadsheet_calculates_nothing() {
        #[track_caller]
        fn check(author: &str, expect: &str) {
            let csv = csv(&[Column::Author], [deployment("api", author)].iter());
            let row = csv.split_once("\r\n").unwrap().1;
            assert_eq!(row, format!("1,1.2,abcdef0123,api-1.2,{expect}\r\n"), "{author}");
        }
        check("Mara Lind", "Mara Lind");
        check("Lind, Mara", "\"Lind, Mara\"");
        check("\"M\" Lind", "\"\"\"M\"\" Lind\"");
        check("=HYPERLINK(\"https://evil.example\")", "\"'=HYPERLINK(\"\"https://evil.example\"\")\"");
        for sign in ['=', '+', '-', '@', '＝'] {
            check(&format!("{sign}1+1"), &format!("'{sign}1+1"));
        }
    }

    #[test]
    fn every_format_has_the_columns_that_are_shown() {
        let columns = [Column::Service, Column::Status, Column::Updated];
        let all = [deployment("api|v2", "Mara")];
        assert_eq!(
            csv(&columns, all.iter()),
            "id,version,commit,image,service,status,updated\r\n\
             1,api-1.2,abcdef0123,api-1.2,api|v2,failed,2026-11-23T10:00:00Z\r\n"
        );
        assert_eq!(
            json(&columns, all.iter()),
            r#"[{"commit":"abcdef0123","id":"1","image":"api-1.2","service":"api|v2","status":"failed","updated":"2026-11-23T10:00:00Z","version":"api-1.2"}]"#
        );
        assert_eq!(
            markdown(&columns, all.iter()),
            "| Version | Service | Status | Last updated |\n| --- | --- | --- | --- |\n\
             | api-1.2 | api\\|v2 | failed | 2026-11-23T10:00:00Z |\n"
        );
        assert_eq!(json(&columns, [].iter()), "[]");
    }
}
