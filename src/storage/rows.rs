//! Reads a list of rows, some at a time.
//!
//! Reading is total. A value may be a string, a number, a boolean or null, because third-party writers use other
//! types than Bedrock's all-strings; a column nobody knows is passed over; only a row without a key, or something that
//! is no row at all, is bad. Damaged characters are replaced and long texts cut, and the row is marked.
//!
//! Rows are lent to the caller one by one and borrow from the answer. A [`RowsReader`] keeps its place, so that a page
//! of a thousand rows is read in as many steps as the caller likes and no step holds up the page it is drawn on.

use std::borrow::Cow;

use super::{
    json::{Fault, Json},
    row::{Field, Row},
};

/// Of so many bad rows, and so many flawed ones, there are words for one answer. A page has no more rows, a file may.
const LISTED: usize = 1_000;
/// The longest key, in bytes. The service allows 1 KiB in UTF-16.
const LONGEST_KEY: usize = 2_048;
/// The longest message or address, in bytes.
const LONGEST_TEXT: usize = 4_096;
/// The longest of all other texts, in bytes: ids, names, branches, tags.
const LONGEST_NAME: usize = 512;
/// A step ends after so many bytes even if fewer rows than wanted have come.
const STEP_BYTES: usize = 256 * 1024;

/// What has been read so far.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RowsRead {
    /// Rows lent to the caller.
    pub rows: usize,
    /// What was no row: why, and how it begins.
    pub bad: Remarks,
    /// Rows that were lent with a text that was cut or mended.
    pub flawed: Remarks,
    /// Keys of the last row that had any: where paging by key goes on.
    pub last_key: Option<(String, String)>,
}

/// What is reported of some rows, in words, which may be alike.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Remarks {
    /// How many rows it is reported of.
    pub count: usize,
    /// The words for the first thousand of them.
    pub words: Vec<String>,
}

impl Remarks {
    fn add(&mut self, words: impl FnOnce() -> String) {
        self.count += 1;
        if self.words.len() < LISTED {
            self.words.push(words());
        }
    }
}

/// Why a list of rows could not be read to its end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RowsError {
    /// It broke off. What came before has been lent.
    Truncated,
    /// It is no list of rows.
    Unreadable(String),
}

/// Where in the list reading stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    Start,
    /// In the object around the list, in front of a key or its end.
    Keys {
        first: bool,
    },
    /// In the list, in front of a row or its end.
    Rows {
        first: bool,
    },
    End,
}

/// Reads `{"value":[…]}`, or a bare list.
#[derive(Debug)]
pub struct RowsReader {
    text: String,
    at: usize,
    place: Place,
    is_object: bool,
    has_list: bool,
    /// Bytes of the answer were no text, so that every row must be looked at for the replacement character.
    is_damaged: bool,
    read: RowsRead,
}

impl RowsReader {
    /// A reader of an answer's body.
    #[must_use]
    pub fn new(body: Vec<u8>) -> Self {
        let (text, is_damaged) = match String::from_utf8(body) {
            Ok(text) => (text, false),
            Err(e) => (String::from_utf8_lossy(e.as_bytes()).into_owned(), true),
        };
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let (place, read) = (Place::Start, RowsRead::default());
        Self { text, at, place, is_object: false, has_list: false, is_damaged, read }
    }

    /// What has been read so far.
    #[must_use]
    pub const fn counted(&self) -> &RowsRead {
        &self.read
    }

    /// Lends up to about `limit` more rows to `each`. Returns whether the list has been read to its end.
    ///
    /// # Errors
    /// When it is not JSON of either shape, or ends early. Rows before that point have been lent by then.
    pub fn read(&mut self, limit: usize, each: &mut dyn FnMut(&Row<'_>)) -> Result<bool, RowsError> {
        let text = std::mem::take(&mut self.text);
        let mut json = Json::new(&text, self.at);
        let mut row = Row::default();
        let mut result = Ok(false);
        for _ in 0..limit {
            result = self.step(&mut json, &mut row, each);
            if !matches!(result, Ok(false)) || json.at() >= self.at + STEP_BYTES {
                break;
            }
            row.clear();
        }
        self.at = json.at();
        drop(row);
        self.text = text;
        result.map_err(|fault| match fault {
            Stop::Fault(Fault::End) => RowsError::Truncated,
            Stop::Fault(Fault::Syntax(at)) => RowsError::Unreadable(format!("byte {at} breaks the rules of JSON")),
            Stop::NoList => RowsError::Unreadable("it has no list named value".into()),
        })
    }

    /// Reads up to behind the next row. Returns whether there is none.
    fn step<'a>(
        &mut self,
        json: &mut Json<'a>,
        row: &mut Row<'a>,
        each: &mut dyn FnMut(&Row<'_>),
    ) -> Result<bool, Stop> {
        loop {
            match self.place {
                Place::Start => {
                    self.is_object = json.accept(b'{')?;
                    if !self.is_object && !json.accept(b'[')? {
                        return Err(Stop::NoList);
                    }
                    self.place = if self.is_object { Place::Keys { first: true } } else { Place::Rows { first: true } };
                }
                Place::Keys { first } => {
                    if json.accept(b'}')? {
                        self.place = Place::End;
                        continue;
                    }
                    if !first {
                        json.expect(b',')?;
                    }
                    let is_list = json.key()? == "value";
                    self.place = Place::Keys { first: false };
                    if is_list && json.accept(b'[')? {
                        self.place = Place::Rows { first: true };
                    } else if is_list {
                        return Err(Stop::NoList);
                    } else {
                        json.skip()?;
                    }
                }
                Place::Rows { first } => {
                    if json.accept(b']')? {
                        self.has_list = true;
                        self.place = if self.is_object { Place::Keys { first: false } } else { Place::End };
                        continue;
                    }
                    if !first {
                        json.expect(b',')?;
                    }
                    self.row(json, row, each)?;
                    self.place = Place::Rows { first: false };
                    return Ok(false);
                }
                Place::End if !self.has_list && self.is_object => return Err(Stop::NoList),
                Place::End => {
                    return match json.peek() {
                        Err(Fault::End) => Ok(true),
                        _ => Err(Fault::Syntax(json.at()).into()),
                    };
                }
            }
        }
    }

    fn row<'a>(&mut self, json: &mut Json<'a>, row: &mut Row<'a>, each: &mut dyn FnMut(&Row<'_>)) -> Result<(), Fault> {
        if json.peek()? != b'{' {
            json.skip()?;
            self.read.bad.add(|| "something that is not a row where a row should be".to_owned());
            return Ok(());
        }
        json.is_mended = false;
        let mut flaw = None;
        json.object(&mut |json, key| {
            let Some(field) = Field::from_column(key) else { return json.skip() };
            let (text, found) = bound(field, json.value()?);
            json.is_mended |= self.is_damaged && text.contains(char::REPLACEMENT_CHARACTER);
            flaw = flaw.max(found);
            row.set(field, text);
            Ok(())
        })?;
        if json.is_mended {
            flaw = flaw.max(Some(Flaw::Mended));
        }
        let (partition, key) = (row.get(Field::PartitionKey), row.get(Field::RowKey));
        if flaw == Some(Flaw::Key) {
            self.read.bad.add(|| format!("a row whose key is longer than {LONGEST_KEY} bytes"));
            return Ok(());
        }
        if key.is_empty() {
            self.read.bad.add(|| format!("a row without RowKey: {row:?}").chars().take(200).collect());
            return Ok(());
        }
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
        if let Some(flaw) = flaw {
            let what = if flaw == Flaw::Cut { "a text was too long" } else { "a text holds characters that are none" };
            self.read.flawed.add(|| format!("{}: {what}", key.chars().take(100).collect::<String>()));
        }
        each(row);
        Ok(())
    }
}

/// Why a step came to no row.
enum Stop {
    Fault(Fault),
    NoList,
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What is wrong with a row's texts, the worst last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Flaw {
    Mended,
    Cut,
    Key,
}

/// The text as it is kept.
fn bound(field: Field, text: Cow<'_, str>) -> (Cow<'_, str>, Option<Flaw>) {
    match field {
        Field::PartitionKey | Field::RowKey => {
            let is_long = text.len() > LONGEST_KEY;
            (text, is_long.then_some(Flaw::Key))
        }
        Field::AuthorImage
        | Field::AuthorUrl
        | Field::P1Url
        | Field::P2Url
        | Field::P3Url
        | Field::PrUrl
        | Field::MergedByImage => {
            // Half an address leads somewhere else.
            if text.len() > LONGEST_TEXT { (Cow::Borrowed(""), Some(Flaw::Cut)) } else { (text, None) }
        }
        Field::CommitMessage | Field::SyncMessage | Field::PrTitle => cut(text, LONGEST_TEXT),
        // A whole number that is kept as a double is an id all the same.
        Field::P1 | Field::P2 | Field::P3 | Field::Pr => match text.strip_suffix(".0") {
            Some(whole) if !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) => {
                (Cow::Owned(whole.to_owned()), None)
            }
            _ => cut(text, LONGEST_NAME),
        },
        _ => cut(text, LONGEST_NAME),
    }
}

fn cut(text: Cow<'_, str>, longest: usize) -> (Cow<'_, str>, Option<Flaw>) {
    if text.len() <= longest {
        return (text, None);
    }
    let end = (0..=longest).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    (Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())), Some(Flaw::Cut))
}

#[cfg(test)]
mod tests;
