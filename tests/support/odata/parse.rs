//! Reads a filter's text.

use super::{BadFilter, Field, MAX_COMPARISONS, Node, Operator};
use ringside::domain::time::Timestamp;

/// How deep parentheses and `not` may go: a filter comes from outside and must not exhaust the stack.
const MAX_DEPTH: usize = 32;

/// The whole text as a filter.
pub(super) fn filter(text: &str) -> Result<Node, BadFilter> {
    let mut parser = Parser { rest: text.trim(), comparisons: 0, depth: 0 };
    let node = parser.either()?;
    if parser.rest.is_empty() { Ok(node) } else { Err(BadFilter) }
}

/// Recursive descent: `or` binds weakest, then `and`, then `not`.
struct Parser<'a> {
    rest: &'a str,
    comparisons: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn either(&mut self) -> Result<Node, BadFilter> {
        let mut node = self.both()?;
        while self.takes_word("or") {
            node = Node::Or(Box::new(node), Box::new(self.both()?));
        }
        Ok(node)
    }

    fn both(&mut self) -> Result<Node, BadFilter> {
        let mut node = self.one()?;
        while self.takes_word("and") {
            node = Node::And(Box::new(node), Box::new(self.one()?));
        }
        Ok(node)
    }

    fn one(&mut self) -> Result<Node, BadFilter> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(BadFilter);
        }
        let node = if self.takes_word("not") {
            Node::Not(Box::new(self.one()?))
        } else if self.takes('(') {
            let inner = self.either()?;
            if !self.takes(')') {
                return Err(BadFilter);
            }
            inner
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(node)
    }

    fn comparison(&mut self) -> Result<Node, BadFilter> {
        self.comparisons += 1;
        let name = self.word();
        let operator = Operator::of(self.word()).ok_or(BadFilter)?;
        let constant = self.constant().ok_or(BadFilter)?;
        // The service has types for its own three properties, and refuses a constant of another.
        let typed = match name {
            "PartitionKey" | "RowKey" => matches!(constant, Field::Text(_)),
            "Timestamp" => matches!(constant, Field::Moment(_)),
            _ => true,
        };
        let sound = typed && !name.is_empty() && self.comparisons <= MAX_COMPARISONS;
        if sound { Ok(Node::Compare { name: name.into(), operator, constant }) } else { Err(BadFilter) }
    }

    fn constant(&mut self) -> Option<Field<'static>> {
        match self.rest.strip_prefix("datetime").filter(|rest| rest.starts_with('\'')) {
            Some(rest) => {
                self.rest = rest;
                Timestamp::parse(&self.quoted()?).map(Field::Moment)
            }
            None => self.quoted().map(|text| Field::Text(text.into())),
        }
    }

    /// `'o''clock'`
    fn quoted(&mut self) -> Option<String> {
        let mut rest = self.rest.strip_prefix('\'')?;
        let mut text = String::new();
        loop {
            let (part, after) = rest.split_once('\'')?;
            text.push_str(part);
            match after.strip_prefix('\'') {
                Some(more) => {
                    text.push('\'');
                    rest = more;
                }
                None => {
                    self.rest = after.trim_start();
                    return Some(text);
                }
            }
        }
    }

    fn word(&mut self) -> &'a str {
        let end = self.rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end).unwrap_or(("", self.rest));
        self.rest = rest.trim_start();
        word
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let before = self.rest;
        let found = self.word() == word;
        if !found {
            self.rest = before;
        }
        found
    }

    fn takes(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }
}
