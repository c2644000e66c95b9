//! Reads JSON piece by piece, forgiving damaged text and nothing else.
//!
//! A raw control character or half of a surrogate pair makes a document invalid by the letter; here it becomes the
//! replacement character, because one such text must not cost the thousand rows beside it. Numbers are handed out as
//! the text that was sent. Values that nobody wants are passed over without recursion, however deep they are.

use std::borrow::Cow;

/// Why reading stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fault {
    /// The text ends where more must follow.
    End,
    /// It is not JSON at this byte.
    Syntax(usize),
}

/// A place in a JSON text.
#[derive(Debug)]
pub(super) struct Json<'a> {
    text: &'a str,
    at: usize,
    /// A character was replaced since this was last set to false.
    pub is_mended: bool,
}

impl<'a> Json<'a> {
    /// Goes on at a byte.
    pub(super) const fn new(text: &'a str, at: usize) -> Self {
        Self { text, at, is_mended: false }
    }

    /// The next byte to be read.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    const fn syntax(&self) -> Fault {
        Fault::Syntax(self.at)
    }

    /// The next byte that is not blank, which is not passed.
    pub(super) fn peek(&mut self) -> Result<u8, Fault> {
        let rest = self.rest();
        let blanks = rest.iter().position(|b| !matches!(b, b' ' | b'\t' | b'\n' | b'\r')).unwrap_or(rest.len());
        self.at += blanks;
        rest.get(blanks).copied().ok_or(Fault::End)
    }

    /// Passes this byte if it is next.
    pub(super) fn accept(&mut self, byte: u8) -> Result<bool, Fault> {
        let is_next = self.peek()? == byte;
        self.at += usize::from(is_next);
        Ok(is_next)
    }

    /// Passes this byte, which must be next.
    pub(super) fn expect(&mut self, byte: u8) -> Result<(), Fault> {
        if self.accept(byte)? { Ok(()) } else { Err(self.syntax()) }
    }

    /// Calls `each` with every key of an object, in front of its value, which `each` must pass.
    pub(super) fn object(&mut self, each: &mut dyn FnMut(&mut Self, &str) -> Result<(), Fault>) -> Result<(), Fault> {
        self.expect(b'{')?;
        if self.accept(b'}')? {
            return Ok(());
        }
        loop {
            let key = self.key()?;
            each(self, &key)?;
            if !self.accept(b',')? {
                return self.expect(b'}');
            }
        }
    }

    /// A key and the colon behind it.
    pub(super) fn key(&mut self) -> Result<Cow<'a, str>, Fault> {
        let key = self.string()?;
        self.expect(b':')?;
        Ok(key)
    }

    /// A value as text: a string's content, a number or a boolean as it was sent, nothing for everything else.
    pub(super) fn value(&mut self) -> Result<Cow<'a, str>, Fault> {
        match self.peek()? {
            b'"' => self.string(),
            b'{' | b'[' => self.skip().map(|()| Cow::Borrowed("")),
            _ => self.scalar().map(|text| Cow::Borrowed(if text == "null" { "" } else { text })),
        }
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        self.expect(b'"')?;
        let plain = self.plain()?;
        if self.rest().first() == Some(&b'"') {
            self.at += 1;
            return Ok(Cow::Borrowed(plain));
        }
        let mut out = plain.to_owned();
        loop {
            match self.rest().first() {
                None => return Err(Fault::End),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Owned(out));
                }
                Some(b'\\') => out.push(self.escape()?),
                Some(_) => {
                    self.at += 1;
                    out.push(self.replacement());
                }
            }
            out.push_str(self.plain()?);
        }
    }

    /// Passes everything in a string up to what is not plain text.
    fn plain(&mut self) -> Result<&'a str, Fault> {
        let length = self.rest().iter().position(|&b| b == b'"' || b == b'\\' || b < b' ').ok_or(Fault::End)?;
        let start = self.at;
        self.at += length;
        self.text.get(start..self.at).ok_or(self.syntax())
    }

    fn replacement(&mut self) -> char {
        self.is_mended = true;
        char::REPLACEMENT_CHARACTER
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let letter = self.rest().get(1).copied().ok_or(Fault::End)?;
        let plain = match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.code_point(),
            _ => return Err(self.syntax()),
        };
        self.at += 2;
        Ok(plain)
    }

    fn code_point(&mut self) -> Result<char, Fault> {
        let unit = self.code_unit()?;
        self.at += 6;
        if let Some(found) = char::from_u32(unit) {
            return Ok(found);
        }
        let is_first = (0xD800..0xDC00).contains(&unit);
        if is_first
            && self.rest().starts_with(b"\\u")
            && let second @ 0xDC00..0xE000 = self.code_unit()?
            && let Some(found) = char::from_u32(0x1_0000 + ((unit - 0xD800) << 10) + (second - 0xDC00))
        {
            self.at += 6;
            return Ok(found);
        }
        Ok(self.replacement())
    }

    /// The number in `\uXXXX`.
    fn code_unit(&self) -> Result<u32, Fault> {
        let digits = self.rest().get(2..6).ok_or(Fault::End)?;
        let digits = str::from_utf8(digits).ok().filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        digits.and_then(|d| u32::from_str_radix(d, 16).ok()).ok_or(self.syntax())
    }

    /// A number, `true`, `false` or `null`.
    fn scalar(&mut self) -> Result<&'a str, Fault> {
        let rest = self.rest();
        // Whether a number goes on behind the end of the text cannot be known.
        let length = rest.iter().position(|b| !matches!(b, b'0'..=b'9' | b'a'..=b'z' | b'+' | b'-' | b'.' | b'E'));
        let length = length.ok_or(Fault::End)?;
        let text = self.text.get(self.at..self.at + length).ok_or(self.syntax())?;
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_number = digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
        if !is_number && !matches!(text, "true" | "false" | "null") {
            return Err(self.syntax());
        }
        self.at += length;
        Ok(text)
    }

    /// Passes a value of any kind.
    pub(super) fn skip(&mut self) -> Result<(), Fault> {
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'"' => self.skip_string()?,
                b'{' | b'[' => {
                    self.at += 1;
                    depth += 1;
                }
                b'}' | b']' if depth > 0 => {
                    self.at += 1;
                    depth -= 1;
                }
                b',' | b':' if depth > 0 => self.at += 1,
                _ => {
                    self.scalar()?;
                }
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    fn skip_string(&mut self) -> Result<(), Fault> {
        self.at += 1;
        loop {
            let rest = self.rest();
            let length = memchr::memchr2(b'"', b'\\', rest).ok_or(Fault::End)?;
            let is_end = rest.get(length) == Some(&b'"');
            self.at += length + if is_end { 1 } else { 2 };
            if is_end {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Result<&str, Fault>, is_mended: bool) {
        let whole = format!("{text} ");
        let mut json = Json::new(&whole, 0);
        assert_eq!(json.value().as_deref(), expect.as_ref().map(|text| &**text), "{text}");
        assert_eq!(json.is_mended, is_mended, "{text}");
        if expect.is_ok() {
            assert_eq!(json.at(), text.len(), "{text}");
        }
    }

    #[test]
    fn values() {
        check(r#""""#, Ok(""), false);
        check(r#""a\"b\\\/\b\f\n\r\tü\u00fc""#, Ok("a\"b\\/\u{8}\u{c}\n\r\tüü"), false);
        check(r#""\ud83d\ude80""#, Ok("🚀"), false);
        for text in ["20220531.1", "2.5", "9.0", "-1", "1e10", "-0.5E+3", "9007199254740993", "true", "false"] {
            check(text, Ok(text), false);
        }
        check("null", Ok(""), false);
        check(r#"{"a":[1,"]}",{"b":null}]}"#, Ok(""), false);
        check("[]", Ok(""), false);
    }

    #[test]
    fn damaged_text_is_replaced() {
        check(r#""a\ud83d""#, Ok("a\u{fffd}"), true);
        check(r#""\ude80b""#, Ok("\u{fffd}b"), true);
        check(r#""\ud83d\ud83d\ude80""#, Ok("\u{fffd}🚀"), true);
        check(r#""\ud83d\n""#, Ok("\u{fffd}\n"), true);
        check("\"a\nb\u{0}c\"", Ok("a\u{fffd}b\u{fffd}c"), true);
    }

    #[test]
    fn what_is_not_json_is_none() {
        check(r#""\x""#, Err(Fault::Syntax(1)), false);
        check(r#""\u00g0""#, Err(Fault::Syntax(1)), false);
        check("}", Err(Fault::Syntax(0)), false);
        check("nul", Err(Fault::Syntax(0)), false);
        check("e5", Err(Fault::Syntax(0)), false);
        check("1x", Err(Fault::Syntax(0)), false);
        check("", Err(Fault::End), false);
        check(r#""abc"#, Err(Fault::End), false);
        check(r#""abc\"#, Err(Fault::Syntax(4)), false);
        check("[1,[2", Err(Fault::End), false);
    }

    #[test]
    fn depth_is_no_danger() {
        let deep = "[".repeat(200_000) + &"]".repeat(200_000);
        check(&deep, Ok(""), false);
    }
}
