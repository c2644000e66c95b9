//! What a text holds, or where it is not JSON.

use std::{borrow::Cow, fmt, rc::Rc};

/// A value, which borrows its texts. To keep it for longer costs no more than counting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Json<'a> {
    /// What stands between the quotes of a string.
    Text(&'a str),
    /// The items of a list.
    List(Rc<[Json<'a>]>),
    /// The members of an object.
    Object(Object<'a>),
    /// A number, a word, or what cannot be read as anything, as it is written.
    Plain(&'a str),
}

/// The members of an object, in the order in which they are written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Object<'a>(pub(super) Rc<[Member<'a>]>);

/// A name and its value.
pub(super) type Member<'a> = (Cow<'a, str>, Json<'a>);

/// Why a text cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Fault {
    /// It ends where more must follow.
    End,
    /// It is not JSON at this byte.
    Syntax(usize),
    /// It is JSON, of another shape.
    Shape(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::End => f.write_str("data that ends too early"),
            Self::Syntax(at) => write!(f, "no JSON at byte {at}"),
            Self::Shape(what) => f.write_str(what),
        }
    }
}

/// So many values may stand in one another.
const DEPTH: u8 = 127;

impl<'a> Json<'a> {
    /// What a member that is missing has for a value.
    pub(super) const MISSING: &'static Json<'static> = &Json::Plain("");

    /// Reads a text.
    ///
    /// # Errors
    /// When it is not JSON.
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        let mut scan = Scan { text, at: 0 };
        let value = scan.value(DEPTH)?;
        match scan.peek() {
            Err(_) => Ok(value),
            Ok(_) => Err(Fault::Syntax(scan.at)),
        }
    }

    /// How it is written, where it is neither a list nor an object.
    pub(crate) fn as_str(&self) -> &'a str {
        match self {
            Self::Text(text) | Self::Plain(text) => text,
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// A number or a word.
    pub(super) fn plain(&self) -> &'a str {
        if let Self::Plain(word) = self { word } else { "" }
    }

    pub(crate) fn is_null(&self) -> bool {
        self.plain() == "null"
    }

    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Self::Plain(""))
    }

    /// The text of a string. `None` of half of a surrogate pair too.
    pub(crate) fn text(&self) -> Option<Cow<'a, str>> {
        if let Self::Text(raw) = self { unescaped(raw) } else { None }
    }

    pub(crate) fn items(&self) -> Option<&[Self]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    pub(crate) fn object(&self) -> Option<&Object<'a>> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }
}

impl<'a> Object<'a> {
    /// The member of that name; of several the last.
    pub(crate) fn get(&self, name: &str) -> Option<&Json<'a>> {
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

/// A place in a text.
struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is not blank, which is not passed.
    fn peek(&mut self) -> Result<u8, Fault> {
        loop {
            match self.next() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                next => return next.ok_or(Fault::End),
            }
        }
    }

    /// Passes the next byte that is not blank, if it is this one.
    fn accept(&mut self, byte: u8) -> Result<bool, Fault> {
        let is_next = self.peek()? == byte;
        self.at += usize::from(is_next);
        Ok(is_next)
    }

    fn expect(&mut self, byte: u8) -> Result<(), Fault> {
        if self.accept(byte)? { Ok(()) } else { self.syntax() }
    }

    const fn syntax<T>(&self) -> Result<T, Fault> {
        Err(Fault::Syntax(self.at))
    }

    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// Passes a value, in which so many may stand in one another.
    fn value(&mut self, depth: u8) -> Result<Json<'a>, Fault> {
        let first = self.peek()?;
        let start = self.at;
        match first {
            b'"' => return self.string().map(Json::Text),
            b'{' => {
                let mut is_whole = true;
                let members = self.object(depth, &mut is_whole)?;
                if is_whole {
                    return Ok(Json::Object(Object(members.into())));
                }
            }
            b'[' => return self.list(depth).map(|items| Json::List(items.into())),
            b't' => self.word("true")?,
            b'f' => self.word("false")?,
            b'n' => self.word("null")?,
            _ => self.number()?,
        }
        Ok(Json::Plain(self.since(start)))
    }

    fn list(&mut self, depth: u8) -> Result<Vec<Json<'a>>, Fault> {
        self.at += 1;
        let Some(depth) = depth.checked_sub(1) else { return self.syntax() };
        let mut items = Vec::new();
        if self.accept(b']')? {
            return Ok(items);
        }
        loop {
            items.push(self.value(depth)?);
            if !self.accept(b',')? {
                self.expect(b']')?;
                return Ok(items);
            }
        }
    }

    /// An object with half of a surrogate pair in a name can be passed, but not be read.
    fn object(&mut self, depth: u8, is_whole: &mut bool) -> Result<Vec<Member<'a>>, Fault> {
        self.at += 1;
        let Some(depth) = depth.checked_sub(1) else { return self.syntax() };
        let mut members = Vec::new();
        if self.accept(b'}')? {
            return Ok(members);
        }
        loop {
            if self.peek()? != b'"' {
                return self.syntax();
            }
            let name = unescaped(self.string()?);
            *is_whole &= name.is_some();
            self.expect(b':')?;
            members.push((name.unwrap_or_default(), self.value(depth)?));
            if !self.accept(b',')? {
                self.expect(b'}')?;
                return Ok(members);
            }
        }
    }

    /// Passes a string; returns what stands between its quotes.
    fn string(&mut self) -> Result<&'a str, Fault> {
        self.at += 1;
        let start = self.at;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            self.at += rest.iter().position(|&b| b == b'"' || b == b'\\' || b < b' ').ok_or(Fault::End)?;
            match self.next() {
                Some(b'"') => {
                    let inner = self.since(start);
                    self.at += 1;
                    return Ok(inner);
                }
                Some(b'\\') => self.escape()?,
                _ => return self.syntax(),
            }
        }
    }

    fn escape(&mut self) -> Result<(), Fault> {
        self.at += 1;
        match self.next().ok_or(Fault::End)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
            b'u' => {
                let digits = self.text.as_bytes().get(self.at + 1..self.at + 5).ok_or(Fault::End)?;
                if !digits.iter().all(u8::is_ascii_hexdigit) {
                    return self.syntax();
                }
                self.at += 4;
            }
            _ => return self.syntax(),
        }
        self.at += 1;
        Ok(())
    }

    fn word(&mut self, word: &str) -> Result<(), Fault> {
        for byte in word.bytes() {
            if self.next().ok_or(Fault::End)? != byte {
                return self.syntax();
            }
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), Fault> {
        self.pass(b"-");
        if self.next() == Some(b'0') {
            self.at += 1;
            if self.next().is_some_and(|b| b.is_ascii_digit()) {
                return self.syntax();
            }
        } else {
            self.digits()?;
        }
        if self.pass(b".") {
            self.digits()?;
        }
        if self.pass(b"eE") {
            self.pass(b"+-");
            self.digits()?;
        }
        Ok(())
    }

    /// Passes the next byte if it is one of these.
    fn pass(&mut self, bytes: &[u8]) -> bool {
        let is_next = self.next().is_some_and(|next| bytes.contains(&next));
        self.at += usize::from(is_next);
        is_next
    }

    fn digits(&mut self) -> Result<(), Fault> {
        if !self.next().ok_or(Fault::End)?.is_ascii_digit() {
            return self.syntax();
        }
        while self.pass(b"0123456789") {}
        Ok(())
    }
}

/// The text of a string whose escapes are well-formed.
fn unescaped(raw: &str) -> Option<Cow<'_, str>> {
    if !raw.contains('\\') {
        return Some(Cow::Borrowed(raw));
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((plain, escape)) = rest.split_once('\\') {
        out.push_str(plain);
        let (letter, after) = escape.split_at_checked(1)?;
        rest = after;
        out.push(match letter {
            "b" => '\u{8}',
            "f" => '\u{c}',
            "n" => '\n',
            "r" => '\r',
            "t" => '\t',
            "u" => {
                let first = unit(&mut rest)?;
                match char::from_u32(first) {
                    Some(found) => found,
                    None => second_half(first, &mut rest)?,
                }
            }
            _ => letter.chars().next()?,
        });
    }
    out.push_str(rest);
    Some(Cow::Owned(out))
}

/// The number behind `\u`.
fn unit(rest: &mut &str) -> Option<u32> {
    let (digits, after) = rest.split_at_checked(4)?;
    *rest = after;
    u32::from_str_radix(digits, 16).ok()
}

fn second_half(first: u32, rest: &mut &str) -> Option<char> {
    *rest = rest.strip_prefix("\\u")?;
    let second = unit(rest)?;
    let is_pair = (0xD800..0xDC00).contains(&first) && (0xDC00..0xE000).contains(&second);
    if is_pair { char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)) } else { None }
}
