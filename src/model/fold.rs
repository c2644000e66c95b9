//! The one rule by which case does not count: Unicode's simple case folding (`CaseFolding.txt`, statuses C and S).
//!
//! Everything that compares texts of people in any case does so by this: what is typed, what menus list, what an
//! address names, what rows hold. A folded text may be longer or shorter than its original.

/// `c` folded: in lower case, and one letter for those of which lower case knows several (`ς`, `ſ`, `µ`).
fn fold_char(c: char) -> char {
    match c {
        'ı' | 'İ' => c,
        '\u{b5}' => 'μ',
        '\u{17f}' => 's',
        '\u{345}' | '\u{1fbe}' => 'ι',
        'ς' => 'σ',
        'ϐ' => 'β',
        'ϑ' | '\u{3f4}' => 'θ',
        'ϕ' => 'φ',
        'ϖ' => 'π',
        'ϰ' => 'κ',
        'ϱ' => 'ρ',
        'ϵ' => 'ε',
        '\u{1c80}' => 'в',
        '\u{1c81}' => 'д',
        '\u{1c82}' => 'о',
        '\u{1c83}' => 'с',
        '\u{1c84}' | '\u{1c85}' => 'т',
        '\u{1c86}' => 'ъ',
        '\u{1c87}' => 'ѣ',
        '\u{1c88}' => 'ꙋ',
        '\u{1e9b}' => 'ṡ',
        '\u{1fd3}' => '\u{390}',
        '\u{1fe3}' => '\u{3b0}',
        '\u{fb05}' => '\u{fb06}',
        _ => {
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(lower), None) => lower,
                _ => c,
            }
        }
    }
}

/// `text` folded.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { text.chars().map(fold_char).collect() }
}

/// Whether folding leaves `text` as it is.
#[must_use]
pub fn is_folded(text: &str) -> bool {
    if text.is_ascii() {
        !text.bytes().any(|b| b.is_ascii_uppercase())
    } else {
        text.chars().all(|c| fold_char(c) == c)
    }
}

/// Whether two texts are one but for their case.
#[must_use]
pub fn is_same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
        || (!a.is_ascii() || !b.is_ascii()) && a.chars().map(fold_char).eq(b.chars().map(fold_char))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn single(mut chars: impl Iterator<Item = char>) -> Option<char> {
        chars.next().filter(|_| chars.next().is_none())
    }

    #[test]
    fn every_letter_is_its_capital_and_its_small_form() {
        // The standard keeps the Turkish letters apart from `i`, for their languages need both.
        for c in ('\0'..=char::MAX).filter(|c| !matches!(c, 'ı' | 'İ')) {
            assert_eq!(fold_char(fold_char(c)), fold_char(c), "{c:?}");
            for other in [single(c.to_uppercase()), single(c.to_lowercase())].into_iter().flatten() {
                assert_eq!(fold_char(other), fold_char(c), "{c:?} {other:?}");
            }
        }
    }

    #[test]
    fn folds() {
        #[track_caller]
        fn check(text: &str, expect: &str) {
            assert_eq!(fold(text), expect);
            assert_eq!(is_folded(text), text == expect);
            assert!(is_same(text, expect) && is_same(expect, text), "{text}");
        }
        check("Änderung ÉTÉ", "änderung été");
        check("STRAẞE", "straße");
        check("ΟΔΟΣ οδος", "οδοσ οδοσ");
        check("\u{212a}elvin ſoft", "kelvin soft");
        check("İzmir ısı", "İzmir ısı");
        check("Plain", "plain");
        check("plain", "plain");
        assert!(!is_same("a", "ä") && !is_same("ab", "a") && !is_same("ä", "äb"));
    }

    proptest::proptest! {
        #[test]
        fn one_rule(a: String, b: String) {
            proptest::prop_assert!(is_folded(&fold(&a)));
            proptest::prop_assert_eq!(is_same(&a, &b), fold(&a) == fold(&b));
        }
    }
}
