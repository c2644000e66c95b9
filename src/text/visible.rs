//! Characters that cannot be seen, made visible: a text must not pose as another, nor turn the direction of what
//! follows it.

use std::borrow::Cow;

use crate::domain::link::is_invisible;

/// What stands in place of each.
const MARK: char = '\u{fffd}';

/// The text as it is shown. Joiners stay beside letters of a script, and pictures, that need them.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut before = ' ';
    let show = |c: char| {
        let is_joined = matches!(c, '\u{200c}' | '\u{200d}') && !before.is_ascii() && !is_invisible(before);
        before = c;
        if is_invisible(c) && !is_joined { MARK } else { c }
    };
    Cow::Owned(text.chars().map(show).collect())
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn nothing_is_unseen() {
        #[track_caller]
        fn check(text: &str, expect: &str) {
            assert_eq!(visible(text), expect);
        }
        check("api", "api");
        check("Änne Öst · 日本 · עברית", "Änne Öst · 日本 · עברית");
        check("a\u{200b}pi", "a\u{fffd}pi");
        check("\u{202e}gnp.exe\u{202c}", "\u{fffd}gnp.exe\u{fffd}");
        check("\u{2066}a\u{2069}\u{feff}\u{ad}", "\u{fffd}a\u{fffd}\u{fffd}\u{fffd}");
        check("a\u{200d}p\u{200c}i", "a\u{fffd}p\u{fffd}i");
        // A person at a computer, and a Persian word.
        check("👩\u{200d}💻 می\u{200c}خواهم", "👩\u{200d}💻 می\u{200c}خواهم");
        check("é\u{200d}\u{200d}", "é\u{200d}\u{fffd}");
    }
}
