//! What is kept of a row that others complete.

use super::{chunk, slot::Slot};
use crate::storage::row::{Field, Row};

/// A row that is shown with what other rows hold.
#[derive(Debug)]
pub(super) struct Joined {
    /// The row as it was written.
    pub(super) own: OwnTexts,
    /// The rows that complete it.
    pub(super) parts: Vec<Slot>,
    /// The fingerprint of what is shown.
    pub(super) shown: u64,
}

/// The texts of a row in one piece: a [`Row`] has room for every field, and most are empty.
#[derive(Debug)]
pub(super) struct OwnTexts {
    /// A bit for each field that has a text.
    present: u64,
    /// These, in the order of the fields.
    texts: Box<str>,
}

impl OwnTexts {
    pub(super) fn of(row: &Row<'_>) -> Self {
        let (mut present, mut texts) = (0, String::new());
        for &field in Field::ALL {
            let text = row.get(field);
            if !text.is_empty() {
                present |= 1 << field as u8;
                chunk::push(&mut texts, text);
            }
        }
        Self { present, texts: texts.into() }
    }

    /// A field's text, empty where it has none.
    pub(super) fn get(&self, field: Field) -> &str {
        let bit = 1 << field as u8;
        if self.present & bit == 0 {
            return "";
        }
        let before = (self.present & (bit - 1)).count_ones();
        self.texts.split(chunk::END).nth(before as usize).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::rows::RowBuilder;

    #[test]
    fn each_text_is_found_again() {
        let fields = Field::ALL.iter().enumerate().filter(|(n, _)| n % 3 != 1);
        let row = RowBuilder::texts(fields.map(|(n, &field)| (field, format!("text {n}")))).row();
        let own = OwnTexts::of(&row);
        for &field in Field::ALL {
            assert_eq!(own.get(field), row.get(field), "{field:?}");
        }
        assert!(Field::ALL.iter().all(|&field| OwnTexts::of(&Row::default()).get(field).is_empty()));
    }
}
