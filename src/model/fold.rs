//! Case-insensitive comparison that never changes a text's length, so that an offset found in the folded text is
//! an offset in the text that is shown.

/// Appends `text` in lower case. A character whose lower-case form takes another number of bytes (`İ`) stays as it is.
pub fn fold_into(out: &mut String, text: &str) {
    out.reserve(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c.to_ascii_lowercase());
            continue;
        }
        let mut lower = c.to_lowercase();
        match (lower.next(), lower.next()) {
            (Some(l), None) if l.len_utf8() == c.len_utf8() => out.push(l),
            _ => out.push(c),
        }
    }
}

/// `text` in lower case, of the same length.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::new();
    fold_into(&mut out, text);
    out
}

/// Whether folding leaves `text` as it is.
#[must_use]
pub fn is_folded(text: &str) -> bool {
    if text.is_ascii() { !text.bytes().any(|b| b.is_ascii_uppercase()) } else { fold(text) == text }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn folding_keeps_offsets(text: String) {
            let folded = fold(&text);
            proptest::prop_assert_eq!(folded.len(), text.len());
            proptest::prop_assert!(text.char_indices().zip(folded.char_indices()).all(|(a, b)| a.0 == b.0));
            proptest::prop_assert!(is_folded(&folded));
        }
    }

    #[test]
    fn folds() {
        assert_eq!(fold("Änderung ÉTÉ İ ẞ"), "änderung été İ ẞ");
    }
}
