//! GraphQL documents: as much of the language as questions use.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// What is asked of an object.
#[derive(Clone, Debug)]
pub(super) enum Selection {
    Field {
        alias: String,
        name: String,
        /// With the variables filled in.
        arguments: Map<String, Value>,
        selections: Vec<Selection>,
    },
    /// On objects of that type, or on any.
    Part { on: Option<String>, selections: Vec<Selection> },
    /// A named fragment.
    Spread(String),
}

/// A document with one query.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) selections: Vec<Selection>,
    pub(super) fragments: HashMap<String, (String, Vec<Selection>)>,
}

pub(super) fn parse(text: &str, variables: &Value) -> Result<Document, String> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, variables, defaults: Map::new() };
    let mut document = Document::default();
    let mut queries = 0;
    while parser.at < parser.tokens.len() {
        if parser.eat("fragment") {
            let name = parser.name()?;
            parser.expect("on")?;
            let on = parser.name()?;
            let selections = parser.selections()?;
            document.fragments.insert(name, (on, selections));
            continue;
        }
        if parser.peek() != "{" {
            parser.expect("query")?;
            if parser.peek() != "{" && parser.peek() != "(" {
                parser.name()?;
            }
            if parser.eat("(") {
                parser.definitions()?;
            }
        }
        document.selections = parser.selections()?;
        queries += 1;
    }
    if queries == 1 { Ok(document) } else { Err(format!("{queries} queries in one document")) }
}

/// Punctuation and names as they are, strings with their first quotation mark.
fn tokens(text: &str) -> Result<Vec<String>, String> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        let from = at;
        at += 1;
        match c {
            _ if c.is_whitespace() || c == ',' => {}
            '#' => at += chars[at..].iter().take_while(|c| **c != '\n').count(),
            '.' if chars[from..].starts_with(&['.', '.', '.']) => {
                at += 2;
                tokens.push("...".to_owned());
            }
            '"' => {
                let mut string = String::from('"');
                loop {
                    let c = *chars.get(at).ok_or("a string without an end")?;
                    at += 1;
                    match c {
                        '"' => break,
                        '\n' => return Err("a string over two lines".to_owned()),
                        '\\' => {
                            let escaped = *chars.get(at).ok_or("a string without an end")?;
                            at += 1;
                            string.push(match escaped {
                                'n' => '\n',
                                't' => '\t',
                                'r' => '\r',
                                '"' | '\\' | '/' => escaped,
                                'u' => {
                                    let digits: String = chars.iter().skip(at).take(4).collect();
                                    at += 4;
                                    let code = u32::from_str_radix(&digits, 16).map_err(|e| e.to_string())?;
                                    char::from_u32(code).ok_or("half a character")?
                                }
                                _ => return Err(format!("\\{escaped} is no escape")),
                            });
                        }
                        c => string.push(c),
                    }
                }
                tokens.push(string);
            }
            _ if c.is_alphanumeric() || matches!(c, '_' | '-') => {
                let is_part = |c: &&char| c.is_alphanumeric() || **c == '_';
                at += chars[at..].iter().take_while(is_part).count();
                tokens.push(chars[from..at].iter().collect());
            }
            '{' | '}' | '(' | ')' | '[' | ']' | ':' | '$' | '!' | '=' | '@' => tokens.push(c.to_string()),
            _ => return Err(format!("{c} has no meaning")),
        }
    }
    Ok(tokens)
}

struct Parser<'v> {
    tokens: Vec<String>,
    at: usize,
    variables: &'v Value,
    defaults: Map<String, Value>,
}

impl Parser<'_> {
    fn peek(&self) -> &str {
        self.tokens.get(self.at).map_or("", String::as_str)
    }

    fn eat(&mut self, token: &str) -> bool {
        let is_it = self.peek() == token;
        self.at += usize::from(is_it);
        is_it
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        if self.eat(token) { Ok(()) } else { Err(format!("{token} should stand where {} stands", self.peek())) }
    }

    fn name(&mut self) -> Result<String, String> {
        let name = self.peek().to_owned();
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        self.at += 1;
        if is_name { Ok(name) } else { Err(format!("{name} is no name")) }
    }

    /// What follows the parenthesis: `$a: String!, $b: Int = 1)`.
    fn definitions(&mut self) -> Result<(), String> {
        while !self.eat(")") {
            self.expect("$")?;
            let name = self.name()?;
            self.expect(":")?;
            let depth = usize::from(self.eat("["));
            self.name()?;
            self.eat("!");
            if depth == 1 {
                self.expect("]")?;
                self.eat("!");
            }
            let default = if self.eat("=") { self.value()? } else { Value::Null };
            self.defaults.insert(name, default);
        }
        Ok(())
    }

    fn selections(&mut self) -> Result<Vec<Selection>, String> {
        self.expect("{")?;
        let mut selections = Vec::new();
        while !self.eat("}") {
            if self.eat("...") {
                selections.push(self.part()?);
                continue;
            }
            let mut name = self.name()?;
            let alias = name.clone();
            if self.eat(":") {
                name = self.name()?;
            }
            let mut arguments = Map::new();
            if self.eat("(") {
                while !self.eat(")") {
                    let argument = self.name()?;
                    self.expect(":")?;
                    let value = self.value()?;
                    arguments.insert(argument, value);
                }
            }
            let selections_of = if self.peek() == "{" { self.selections()? } else { Vec::new() };
            selections.push(Selection::Field { alias, name, arguments, selections: selections_of });
        }
        if selections.is_empty() { Err("nothing between { and }".to_owned()) } else { Ok(selections) }
    }

    fn part(&mut self) -> Result<Selection, String> {
        if self.eat("on") {
            let on = self.name()?;
            return Ok(Selection::Part { on: Some(on), selections: self.selections()? });
        }
        if self.peek() == "{" {
            return Ok(Selection::Part { on: None, selections: self.selections()? });
        }
        Ok(Selection::Spread(self.name()?))
    }

    fn value(&mut self) -> Result<Value, String> {
        if self.eat("$") {
            let name = self.name()?;
            let default = self.defaults.get(&name).ok_or_else(|| format!("${name} is not declared"))?;
            let given = self.variables.get(&name);
            return Ok(given.unwrap_or(default).clone());
        }
        if self.eat("[") {
            let mut items = Vec::new();
            while !self.eat("]") {
                items.push(self.value()?);
            }
            return Ok(Value::Array(items));
        }
        if self.eat("{") {
            let mut object = Map::new();
            while !self.eat("}") {
                let name = self.name()?;
                self.expect(":")?;
                object.insert(name, self.value()?);
            }
            return Ok(Value::Object(object));
        }
        let token = self.peek().to_owned();
        self.at += 1;
        if let Some(text) = token.strip_prefix('"') {
            return Ok(Value::String(text.to_owned()));
        }
        match token.as_str() {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            "null" => Ok(Value::Null),
            "" | "}" | ")" | ":" => Err(format!("a value should stand where {token} stands")),
            // A number; else a word of an enumeration.
            _ => Ok(token.parse::<i64>().map_or(Value::String(token), Value::from)),
        }
    }
}
