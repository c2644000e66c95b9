//! One row of the table, as it was written: texts by column, nothing understood yet.
//!
//! Reading is total. A value may be a string, a number, a boolean or null, because third-party writers use other
//! types than Bedrock's all-strings; a column nobody knows is skipped; only a row without a key, or something that
//! is no row at all, is bad. Rows are lent to the caller one by one ([`read_rows`]) and borrow from the answer's
//! bytes: a page of a thousand is read in about a millisecond and leaves nothing behind.

use std::{borrow::Cow, fmt};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::domain::{id::commit_of_revision, time};

macro_rules! fields {
    ($($name:ident $column:literal,)+) => {
        /// A column that Ringside reads.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "each is named like the column of the public contract, part 3")]
        pub enum Field { $($name,)+ }

        impl Field {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The column's name in the table.
            #[must_use]
            pub const fn column(self) -> &'static str {
                match self { $(Self::$name => $column,)+ }
            }

            /// The field of that column.
            #[must_use]
            pub fn from_column(name: &str) -> Option<Self> {
                match name { $($column => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

fields! {
    PartitionKey "PartitionKey", RowKey "RowKey", Timestamp "Timestamp",
    P1 "p1", P2 "p2", P3 "p3",
    CommitId "commitId", ImageTag "imageTag", HldCommitId "hldCommitId", ManifestCommitId "manifestCommitId",
    Pr "pr",
    Service "service", Env "env",
    SourceRepo "sourceRepo", HldRepo "hldRepo", ManifestRepo "manifestRepo",
    Branch "branch", CommitMessage "commitMessage",
    AuthorName "authorName", AuthorEmail "authorEmail", AuthorImage "authorImage", AuthorUrl "authorUrl",
    P1Status "p1Status", P1Start "p1Start", P1End "p1End", P1Url "p1Url", P1Name "p1Name",
    P2Status "p2Status", P2Start "p2Start", P2End "p2End", P2Url "p2Url", P2Name "p2Name",
    P3Status "p3Status", P3Start "p3Start", P3End "p3End", P3Url "p3Url", P3Name "p3Name",
    PrUrl "prUrl", PrTitle "prTitle", PrState "prState", PrBranch "prBranch",
    PrCreatedAt "prCreatedAt", PrMergedAt "prMergedAt", MergedBy "mergedBy", MergedByImage "mergedByImage",
    Kind "kind", Cluster "cluster", SyncCommit "syncCommit", SyncState "syncState",
    SyncMessage "syncMessage", SyncAt "syncAt",
}

/// How many fields there are.
pub const FIELDS: usize = Field::ALL.len();

/// One row: a text for each field, empty where the column is absent, null or blank.
#[derive(Clone, PartialEq, Eq)]
pub struct Row<'a> {
    texts: [Cow<'a, str>; FIELDS],
}

impl Default for Row<'_> {
    fn default() -> Self {
        Self { texts: [const { Cow::Borrowed("") }; FIELDS] }
    }
}

impl<'a> Row<'a> {
    /// The field's text without surrounding blanks; empty when there is none. Keys are taken as they are: they say
    /// where to go on, and blanks tell them apart.
    #[must_use]
    pub fn get(&self, field: Field) -> &str {
        self.texts.get(field as usize).map_or("", |t| t)
    }

    /// Puts a text in.
    pub fn set(&mut self, field: Field, text: impl Into<Cow<'a, str>>) {
        let text = text.into();
        let is_key = matches!(field, Field::PartitionKey | Field::RowKey);
        let bare = |b: Option<&u8>| b.is_none_or(u8::is_ascii_graphic);
        let text = match (is_key || bare(text.as_bytes().first()) && bare(text.as_bytes().last()), text) {
            // Nearly always; trimming every text of a hundred thousand rows is a good part of reading them.
            (true, text) => text,
            (false, Cow::Borrowed(text)) => Cow::Borrowed(text.trim()),
            (false, Cow::Owned(text)) => Cow::Owned(text.trim().to_owned()),
        };
        let text = match (field, text) {
            (Field::HldCommitId | Field::ManifestCommitId | Field::SyncCommit, Cow::Borrowed(text)) => {
                Cow::Borrowed(commit_of_revision(text))
            }
            (Field::HldCommitId | Field::ManifestCommitId | Field::SyncCommit, Cow::Owned(text)) => {
                Cow::Owned(commit_of_revision(&text).to_owned())
            }
            (_, text) => text,
        };
        if let Some(slot) = self.texts.get_mut(field as usize) {
            *slot = text;
        }
    }

    /// Whether this row tells of a cluster instead of a deployment.
    #[must_use]
    pub fn is_sync(&self) -> bool {
        self.get(Field::Kind).eq_ignore_ascii_case("sync")
    }

    /// A number that changes whenever any text changes.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        use std::hash::Hasher;
        let mut hasher = rustc_hash::FxHasher::default();
        for (field, text) in self.texts.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            hasher.write_u8(field as u8);
            hasher.write(text.as_bytes());
        }
        hasher.finish()
    }

    fn clear(&mut self) {
        self.texts.fill(const { Cow::Borrowed("") });
    }
}

impl fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for &field in Field::ALL {
            if !self.get(field).is_empty() {
                map.entry(&field.column(), &self.get(field));
            }
        }
        map.finish()
    }
}

/// Whether one `Timestamp` of a row is later than another.
#[must_use]
pub fn is_written_after(one: &str, other: &str) -> bool {
    match (time::Timestamp::parse(one), time::Timestamp::parse(other)) {
        // Within a millisecond the digits decide, which the service writes in one length.
        (Some(a), Some(b)) => (a, one) > (b, other),
        _ => false,
    }
}

/// How reading a list of rows ended.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RowsRead {
    /// Rows lent to the caller.
    pub rows: usize,
    /// What was no row, in words: why, and how it begins.
    pub bad: Vec<String>,
    /// Keys of the last row that had any: where paging by key goes on.
    pub last_key: Option<(String, String)>,
}

/// Why a list of rows could not be read to its end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RowsError {
    /// It broke off. What came before has been lent.
    Truncated,
    /// It is no list of rows.
    Unreadable(String),
}

/// Lends every row of `{"value":[…]}`, or of a bare list, to `each`.
///
/// # Errors
/// When the bytes are not JSON of either shape, or end early. Rows before that point have been lent by then, and
/// `read` counts them.
pub fn read_rows<'a>(body: &'a [u8], read: &mut RowsRead, each: &mut dyn FnMut(&Row<'a>)) -> Result<(), RowsError> {
    // One check of the encoding for the whole page: the parser then borrows without checking every string again.
    let text = match std::str::from_utf8(body) {
        Ok(text) => text,
        // The body was cut inside a character. What stands before the cut is as good as any other beginning.
        Err(e) if e.error_len().is_none() => {
            body.get(..e.valid_up_to()).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("")
        }
        Err(e) => return Err(RowsError::Unreadable(format!("byte {} is not UTF-8", e.valid_up_to()))),
    };
    let mut json = serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}'));
    let result = BodySeed { read, each }.deserialize(&mut json).and_then(|found| json.end().map(|()| found));
    match result {
        Ok(true) => Ok(()),
        Ok(false) => Err(RowsError::Unreadable("it has no list named value".into())),
        Err(e) if e.is_eof() => Err(RowsError::Truncated),
        Err(e) => Err(RowsError::Unreadable(e.to_string())),
    }
}

struct BodySeed<'r, 'a> {
    read: &'r mut RowsRead,
    each: &'r mut dyn FnMut(&Row<'a>),
}

impl<'a> DeserializeSeed<'a> for BodySeed<'_, 'a> {
    /// Whether a list was found.
    type Value = bool;
    fn deserialize<D: Deserializer<'a>>(self, d: D) -> Result<bool, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for BodySeed<'_, 'a> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rows")
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<bool, M::Error> {
        let mut found = false;
        while let Some(key) = map.next_key::<Cow<'a, str>>()? {
            if key == "value" {
                map.next_value_seed(RowsSeed { read: &mut *self.read, each: &mut *self.each })?;
                found = true;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }

    fn visit_seq<S: SeqAccess<'a>>(self, seq: S) -> Result<bool, S::Error> {
        RowsSeed { read: self.read, each: self.each }.visit_seq(seq).map(|()| true)
    }
}

struct RowsSeed<'r, 'a> {
    read: &'r mut RowsRead,
    each: &'r mut dyn FnMut(&Row<'a>),
}

impl<'a> DeserializeSeed<'a> for RowsSeed<'_, 'a> {
    type Value = ();
    fn deserialize<D: Deserializer<'a>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_seq(self)
    }
}

impl<'a> Visitor<'a> for RowsSeed<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rows")
    }

    fn visit_seq<S: SeqAccess<'a>>(self, mut seq: S) -> Result<(), S::Error> {
        let mut row = Row::default();
        while let Some(is_object) = seq.next_element_seed(RowSeed(&mut row))? {
            let (partition, key) = (row.get(Field::PartitionKey), row.get(Field::RowKey));
            if is_object && !key.is_empty() {
                self.read.rows += 1;
                match &mut self.read.last_key {
                    // The buffers are kept: this runs for every row, and only the last one's keys matter.
                    Some((p, k)) => {
                        p.clear();
                        p.push_str(partition);
                        k.clear();
                        k.push_str(key);
                    }
                    none => *none = Some((partition.to_owned(), key.to_owned())),
                }
                (self.each)(&row);
            } else if is_object {
                self.read.bad.push(format!("a row without RowKey: {row:?}").chars().take(200).collect());
            } else {
                self.read.bad.push("something that is no row where a row should be".to_owned());
            }
            row.clear();
        }
        Ok(())
    }
}

struct RowSeed<'r, 'a>(&'r mut Row<'a>);

impl<'a> DeserializeSeed<'a> for RowSeed<'_, 'a> {
    /// Whether it was an object.
    type Value = bool;
    fn deserialize<D: Deserializer<'a>>(self, d: D) -> Result<bool, D::Error> {
        d.deserialize_any(self)
    }
}

/// Accepts every value that JSON has; the same list for a row and for a cell.
macro_rules! any_other_value {
    ($out:ty, $value:expr) => {
        fn visit_seq<S: SeqAccess<'a>>(self, mut seq: S) -> Result<$out, S::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok($value)
        }
        fn visit_unit<E>(self) -> Result<$out, E> {
            Ok($value)
        }
    };
}

impl<'a> Visitor<'a> for RowSeed<'_, 'a> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<bool, M::Error> {
        while let Some(key) = map.next_key::<Cow<'a, str>>()? {
            match Field::from_column(&key) {
                Some(field) => {
                    let text = map.next_value::<Cell<'a>>()?.0;
                    self.0.set(field, text);
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(true)
    }

    any_other_value!(bool, false);
    fn visit_bool<E>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_str<E>(self, _: &str) -> Result<bool, E> {
        Ok(false)
    }
}

/// A value as text, whatever its type.
struct Cell<'a>(Cow<'a, str>);

impl<'a> serde::Deserialize<'a> for Cell<'a> {
    fn deserialize<D: Deserializer<'a>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(CellVisitor).map(Cell)
    }
}

struct CellVisitor;

impl<'a> Visitor<'a> for CellVisitor {
    type Value = Cow<'a, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(if value { "true" } else { "false" }))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_string()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_string()))
    }
    #[expect(clippy::cast_possible_truncation, reason = "a double that is a whole id; others are kept as 0 fractions")]
    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        // An Edm.Double id such as 6001.0. Formatting floats would cost more code than all other cells together.
        Ok(Cow::Owned((value as i64).to_string()))
    }
    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Cow::Borrowed(""))
    }
    any_other_value!(Self::Value, Cow::Borrowed(""));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> (Vec<String>, RowsRead, Result<(), RowsError>) {
        let (mut rows, mut read) = (Vec::new(), RowsRead::default());
        let result = read_rows(body.as_bytes(), &mut read, &mut |row| rows.push(format!("{row:?}")));
        (rows, read, result)
    }

    #[test]
    fn typed_values_become_text() {
        let (rows, read, result) = read(
            r#"{"odata.metadata":"x","value":[{"PartitionKey":"p","RowKey":"r","p1":7,"p2":"8","p3":9.0,"pr":null,
               "env":true,"service":["x"],"etag":{"a":[1]},"imageTag":"a\"b","commitId":-1}]}"#,
        );
        assert_eq!(result, Ok(()));
        assert_eq!(read.rows, 1);
        assert_eq!(read.last_key, Some(("p".into(), "r".into())));
        expect_test::expect![[r#"{"PartitionKey": "p", "RowKey": "r", "p1": "7", "p2": "8", "p3": "9", "commitId": "-1", "imageTag": "a\"b", "env": "true"}"#]]
        .assert_eq(&rows.join("\n"));
    }

    #[test]
    fn revisions_are_commits() {
        for (column, field) in [
            ("syncCommit", Field::SyncCommit),
            ("manifestCommitId", Field::ManifestCommitId),
            ("hldCommitId", Field::HldCommitId),
        ] {
            for text in ["0a12da8", " main@sha1:0a12da8 ", "main/0a12da8", "sha256:0a12da8", "main\\u002f0a12da8"] {
                let body = format!(r#"[{{"RowKey":"1","{column}":"{text}"}}]"#);
                let mut found = String::new();
                let result = read_rows(body.as_bytes(), &mut RowsRead::default(), &mut |row| {
                    found.push_str(row.get(field));
                });
                assert_eq!((found.as_str(), result), ("0a12da8", Ok(())), "{body}");
            }
        }
    }

    #[test]
    fn a_bad_row_stands_beside_the_good_ones() {
        let (rows, read, result) = read(r#"{"value":[{"RowKey":"1"},{"p1":"5"},null,"x",7,[{}],{"RowKey":"2"}]}"#);
        assert_eq!((rows.len(), read.rows, read.bad.len(), result), (2, 2, 5, Ok(())));
        assert_eq!(read.bad.first().map(String::as_str), Some(r#"a row without RowKey: {"p1": "5"}"#));
    }

    #[test]
    fn endings() {
        #[track_caller]
        fn check(body: &str, rows: usize, expect: Result<(), RowsError>) {
            let (got, _, result) = read(body);
            assert_eq!((got.len(), &result), (rows, &expect), "{body}");
        }
        let unreadable = |why: &str| Err(RowsError::Unreadable(why.into()));
        check(r#"{"value":[]}"#, 0, Ok(()));
        check(r#"[{"RowKey":"1"}]"#, 1, Ok(()));
        check("\u{feff}{\"value\":[]}", 0, Ok(()));
        check(r#"{"value":[{"RowKey":"1"},{"RowKey":"2"#, 1, Err(RowsError::Truncated));
        check("", 0, Err(RowsError::Truncated));
        check(r#"{"rows":[]}"#, 0, unreadable("it has no list named value"));
        check("7", 0, unreadable("invalid type: integer `7`, expected a list of rows at line 1 column 1"));
    }

    #[test]
    fn a_cut_inside_a_character_is_a_truncation() {
        let body = "[{\"RowKey\":\"1\"},{\"RowKey\":\"ü";
        let mut read = RowsRead::default();
        let cut = &body.as_bytes()[..body.len() - 1];
        assert_eq!(read_rows(cut, &mut read, &mut |_| ()), Err(RowsError::Truncated));
        assert_eq!(read.rows, 1);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(body: Vec<u8>) {
            let _ = read_rows(&body, &mut RowsRead::default(), &mut |_| ());
        }

        #[test]
        fn any_cut_lends_only_whole_rows(cut in 0..90_usize) {
            let body = r#"{"value":[{"RowKey":"1","p1":"a"},{"RowKey":"2","p1":"ü"},{"RowKey":"3","p1":"\n"}]}"#;
            let mut keys = Vec::new();
            let bytes = body.as_bytes().get(..cut.min(body.len())).unwrap();
            let result = read_rows(bytes, &mut RowsRead::default(), &mut |r| keys.push(r.get(Field::RowKey).to_owned()));
            proptest::prop_assert_eq!(result.is_ok(), cut >= body.len());
            let whole: Vec<String> = ["1", "2", "3"].iter().take(keys.len()).map(|k| (*k).to_owned()).collect();
            proptest::prop_assert_eq!(keys, whole);
        }
    }
}
