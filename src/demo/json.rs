//! Rows as a page of JSON.

use std::fmt::{self, Write};

/// Takes a row's columns one by one: name and value.
pub(super) type Put<'a> = dyn FnMut(&str, &dyn fmt::Display) + 'a;

/// A list of rows as it grows.
pub(super) struct Page(Vec<u8>);

impl Page {
    pub(super) fn new() -> Self {
        Self(b"{\"value\":[".to_vec())
    }

    /// Adds a row of the columns that `columns` puts.
    pub(super) fn add(&mut self, columns: impl FnOnce(&mut Put<'_>)) {
        if !self.0.ends_with(b"[") {
            self.0.push(b',');
        }
        write_object(&mut self.0, columns);
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.0.extend_from_slice(b"]}");
        self.0
    }
}

/// One object of texts.
pub(super) fn object(columns: impl FnOnce(&mut Put<'_>)) -> String {
    let mut out = Vec::new();
    write_object(&mut out, columns);
    String::from_utf8(out).unwrap_or_default()
}

fn write_object(out: &mut Vec<u8>, columns: impl FnOnce(&mut Put<'_>)) {
    out.push(b'{');
    columns(&mut |name, value| {
        out.extend_from_slice(if out.ends_with(b"{") { b"\"" } else { b",\"" });
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":\"");
        // Writing to memory cannot fail.
        let _ = Escaped(out).write_fmt(format_args!("{value}"));
        out.push(b'"');
    });
    out.push(b'}');
}

/// Escapes what is written through it for the inside of a JSON string.
struct Escaped<'a>(&'a mut Vec<u8>);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text.bytes().all(|b| b >= b' ' && b != b'"' && b != b'\\') {
            self.0.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        for byte in text.bytes() {
            match byte {
                b'"' | b'\\' => self.0.extend_from_slice(&[b'\\', byte]),
                0..b' ' => self.0.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
                _ => self.0.push(byte),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_flat_json() {
        let mut page = Page::new();
        page.add(|put| {
            put("RowKey", &"k\"1");
            put("commitMessage", &"say \"é\"\n\\o/\u{1}");
        });
        page.add(|put| put("p1", &7));
        let expect = r#"{"value":[{"RowKey":"k\"1","commitMessage":"say \"é\"\u000a\\o/\u0001"},{"p1":"7"}]}"#;
        assert_eq!(String::from_utf8(page.finish()).unwrap(), expect);
        assert_eq!(Page::new().finish(), b"{\"value\":[]}");
    }
}
