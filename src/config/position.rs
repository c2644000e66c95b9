//! Where in the text of `config.json` a value stands.
//!
//! The parsed JSON no longer has that, and only what is wrong needs it: so the text is walked once more, along the path
//! that a problem names.

/// Line and column, both from 1; the column counts characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// Where the value at `path` (`projects[0].storage.table`) begins, or else the object in which it is missing. `text`
/// is valid JSON.
pub(super) fn position(text: &str, path: &str) -> Position {
    let offset = Cursor { text, at: 0 }.find(path);
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    Position {
        line: before.matches('\n').count() + 1,
        column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
    }
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Moves behind `c` if that comes next.
    fn takes(&mut self, c: char) -> bool {
        self.skip_blanks();
        let is_next = self.rest().starts_with(c);
        self.at += if is_next { c.len_utf8() } else { 0 };
        is_next
    }

    /// Moves behind the text that begins here, and returns it with its quotes.
    fn quoted(&mut self) -> &'a str {
        let rest = self.rest();
        let mut is_escaped = false;
        let end = rest.char_indices().skip(1).find_map(|(at, c)| {
            let ends = c == '"' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            ends.then_some(at + 1)
        });
        let end = end.unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    /// Moves behind the value that begins here.
    fn skip_value(&mut self) {
        let mut depth = 0_usize;
        loop {
            self.skip_blanks();
            match self.rest().chars().next() {
                None => return,
                Some('"') => {
                    self.quoted();
                }
                Some('{' | '[') => {
                    depth += 1;
                    self.at += 1;
                }
                Some('}' | ']') => {
                    depth = depth.saturating_sub(1);
                    self.at += 1;
                }
                Some(',' | ':') => self.at += 1,
                Some(_) => {
                    let rest = self.rest();
                    self.at +=
                        rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | '}' | ']')).unwrap_or(rest.len());
                }
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// The offset of the value at `path`, from the value that begins here.
    fn find(mut self, path: &str) -> usize {
        self.skip_blanks();
        let here = self.at;
        if let Some((index, rest)) = path.strip_prefix('[').and_then(|path| path.split_once(']')) {
            if !self.takes('[') {
                return here;
            }
            for _ in 0..index.parse().unwrap_or(0_usize) {
                self.skip_blanks();
                self.skip_value();
                if !self.takes(',') {
                    return here;
                }
            }
            return self.find(rest);
        }
        let path = path.strip_prefix('.').unwrap_or(path);
        if path.is_empty() || !self.takes('{') {
            return here;
        }
        loop {
            self.skip_blanks();
            if !self.rest().starts_with('"') {
                return here;
            }
            let key: String = serde_json::from_str(self.quoted()).unwrap_or_default();
            self.takes(':');
            match path
                .strip_prefix(&key)
                .filter(|rest| !key.is_empty() && (rest.is_empty() || rest.starts_with(['.', '['])))
            {
                Some(rest) => return self.find(rest),
                None => {
                    self.skip_blanks();
                    self.skip_value();
                }
            }
            if !self.takes(',') {
                return here;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions() {
        const TEXT: &str = r#"{
  "title": "a \" } \\",
  "größe": {"a.b": [1, {"x": -2.5e3}]}, "projects": [
    { "name" : "ä", "storage": { "kind": "snapshot" } },
    {}, [ [], "x" ] ],
  "last": null
}"#;
        #[track_caller]
        fn check(path: &str, expect: (usize, usize)) {
            let found = position(TEXT, path);
            assert_eq!((found.line, found.column), expect, "{path}");
        }
        check("", (1, 1));
        check("title", (2, 12));
        check("größe.a.b[1].x", (3, 30));
        check("projects", (3, 53));
        check("projects[0].name", (4, 16));
        check("projects[0].storage.kind", (4, 42));
        check("projects[0].storage.table", (4, 32)); // missing: its object
        check("projects[1]", (5, 5));
        check("projects[2][1]", (5, 15));
        check("projects[7]", (3, 53));
        check("last", (6, 11));
        check("last.of", (6, 11));
        check("nothing", (1, 1));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_walked(text in "[\\[\\]{}\",:a\\\\ \n0]{0,40}", path in "[a\\[\\].0]{0,8}") {
            position(&text, &path);
        }
    }
}
