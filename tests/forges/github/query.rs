//! The GraphQL endpoint: walks a document over the world's [`objects`](super::objects).

use serde_json::{Map, Value, json};

use super::{
    document::{Document, Selection, parse},
    objects::{Found, Object, TYPES},
    refusal,
};
use crate::forges::{
    call::{Answer, Call},
    gate::{Budget, Caller, Gate, Read},
    world::{Forge, Millis, World},
};

/// What a walk needs to know, and what went wrong on it.
pub(super) struct Walk<'w> {
    pub(super) world: &'w World,
    pub(super) caller: &'w Caller,
    pub(super) budget: Budget,
    pub(super) now: Millis,
    document: &'w Document,
    errors: Vec<Value>,
    path: Vec<Value>,
}

pub(super) fn answer(
    world: &World,
    gate: &mut Gate,
    call: &Call,
    caller: &Caller,
    now: Millis,
) -> Result<Answer, String> {
    if call.method != "POST" {
        return Err(format!("no {} here", call.method));
    }
    if !matches!(caller, Caller::Known { .. }) {
        return Ok(refusal(401, "This endpoint requires you to be authenticated."));
    }
    let body: Value = serde_json::from_str(&call.body).map_err(|e| e.to_string())?;
    let text = body["query"].as_str().ok_or("there is no query")?;
    let document = parse(text, &body["variables"])?;
    let mut budget = *gate.budget(Forge::GitHub, caller, now);
    budget.used += 1;
    let mut walk = Walk { world, caller, budget, now, document: &document, errors: Vec::new(), path: Vec::new() };
    let data = walk.object(&Object::Query, &document.selections)?;
    let mut answer = json!({ "data": data });
    if !walk.errors.is_empty() {
        answer["errors"] = json!(walk.errors);
    }
    Ok(Answer::json(200, &answer))
}

impl Walk<'_> {
    pub(super) fn may(&self, read: Read) -> bool {
        self.caller.may(read)
    }

    /// An error that stands beside the data.
    pub(super) fn error(&mut self, kind: &str, message: String) {
        self.errors.push(json!({
            "type": kind, "path": self.path, "message": message, "locations": [{ "line": 1, "column": 1 }],
        }));
    }

    fn object(&mut self, object: &Object, selections: &[Selection]) -> Result<Value, String> {
        let mut map = Map::new();
        self.fill(object, selections, &mut map)?;
        Ok(Value::Object(map))
    }

    fn fill(&mut self, object: &Object, selections: &[Selection], map: &mut Map<String, Value>) -> Result<(), String> {
        let document = self.document;
        for selection in selections {
            match selection {
                Selection::Field { alias, name, arguments, selections } => {
                    self.path.push(json!(alias));
                    let value = if name == "__typename" {
                        json!(object.type_name())
                    } else {
                        let found = object.field(name, arguments, self)?;
                        self.found(found, selections, name)?
                    };
                    self.path.pop();
                    merge(map, alias, value);
                }
                Selection::Part { on, selections } => {
                    if self.fits(object, on.as_deref())? {
                        self.fill(object, selections, map)?;
                    }
                }
                Selection::Spread(name) => {
                    let (on, selections) = document.fragments.get(name).ok_or("no such fragment")?;
                    if self.fits(object, Some(on))? {
                        self.fill(object, selections, map)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn fits(&self, object: &Object, on: Option<&str>) -> Result<bool, String> {
        let Some(on) = on else { return Ok(true) };
        if !TYPES.iter().any(|(name, all)| *name == on || all.contains(&on)) {
            return Err(format!("there is no type {on} here"));
        }
        Ok(object.is_a(on))
    }

    fn found(&mut self, found: Found, selections: &[Selection], name: &str) -> Result<Value, String> {
        let is_leaf = matches!(found, Found::Value(_));
        if is_leaf != selections.is_empty() && !matches!(found, Found::Nothing) {
            return Err(format!("{name} {} fields", if is_leaf { "has no" } else { "wants" }));
        }
        match found {
            Found::Value(value) => Ok(value),
            Found::Nothing => Ok(Value::Null),
            Found::One(object) => self.object(&object, selections),
            Found::Many(objects) => {
                let mut list = Vec::new();
                for (n, object) in objects.iter().enumerate() {
                    self.path.push(json!(n));
                    list.push(self.object(object, selections)?);
                    self.path.pop();
                }
                Ok(Value::Array(list))
            }
        }
    }
}

/// Two selections of the same field are one.
fn merge(map: &mut Map<String, Value>, alias: &str, value: Value) {
    match (map.get_mut(alias), value) {
        (Some(Value::Object(old)), Value::Object(new)) => new.into_iter().for_each(|(k, v)| merge(old, &k, v)),
        (_, value) => {
            map.insert(alias.to_owned(), value);
        }
    }
}
