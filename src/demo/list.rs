//! Rows held in memory: a table that a test fills by hand.

use std::{borrow::Cow, collections::BTreeMap};

use super::table::{Put, Rows};
use crate::domain::time::Timestamp;

/// One row as somebody wrote it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entity {
    /// Its partition key.
    pub partition: String,
    /// Its row key.
    pub row_key: String,
    /// When it was last written.
    pub timestamp: Timestamp,
    /// Its other columns.
    pub columns: BTreeMap<String, String>,
}

impl Entity {
    /// A row with these columns.
    #[must_use]
    pub fn new(partition: &str, row_key: &str, timestamp: Timestamp, columns: &[(&str, &str)]) -> Self {
        let columns = columns.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { partition: partition.to_owned(), row_key: row_key.to_owned(), timestamp, columns }
    }

    fn key(&self) -> (&str, &str) {
        (&self.partition, &self.row_key)
    }
}

/// Rows by key.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct List(Vec<Entity>);

impl List {
    /// Writes a row, over the one with the same key if there is one.
    pub fn put(&mut self, entity: Entity) {
        match self.0.binary_search_by(|e| e.key().cmp(&entity.key())) {
            Ok(place) => {
                if let Some(old) = self.0.get_mut(place) {
                    *old = entity;
                }
            }
            Err(place) => self.0.insert(place, entity),
        }
    }

    /// Merges columns into a row, as the pipelines do: what is not named stays. Creates the row if need be.
    pub fn merge(&mut self, partition: &str, row_key: &str, timestamp: Timestamp, columns: &[(&str, &str)]) {
        let mut entity = Entity::new(partition, row_key, timestamp, columns);
        if let Ok(place) = self.0.binary_search_by(|e| e.key().cmp(&(partition, row_key)))
            && let Some(old) = self.0.get(place)
        {
            for (name, value) in &old.columns {
                entity.columns.entry(name.clone()).or_insert_with(|| value.clone());
            }
        }
        self.put(entity);
    }

    /// Drops the rows for which `keep` is false.
    pub fn retain(&mut self, keep: impl FnMut(&Entity) -> bool) {
        self.0.retain(keep);
    }

    /// The rows, sorted by key.
    #[must_use]
    pub fn rows(&self) -> &[Entity] {
        &self.0
    }
}

impl FromIterator<Entity> for List {
    fn from_iter<I: IntoIterator<Item = Entity>>(rows: I) -> Self {
        // The last of two rows with one key wins, as with one write after the other.
        let by_key: BTreeMap<_, _> = rows.into_iter().map(|e| ((e.partition.clone(), e.row_key.clone()), e)).collect();
        Self(by_key.into_values().collect())
    }
}

impl Rows for List {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn partition(&self, place: usize) -> &str {
        self.0.get(place).map_or("", |e| &e.partition)
    }

    fn row_key(&self, place: usize) -> Cow<'_, str> {
        self.0.get(place).map_or("", |e| e.row_key.as_str()).into()
    }

    fn timestamp(&self, place: usize, now: Timestamp) -> Timestamp {
        self.0.get(place).map_or(now, |e| e.timestamp)
    }

    fn columns(&self, place: usize, _now: Timestamp, put: &mut Put<'_>) {
        for (name, value) in self.0.get(place).into_iter().flat_map(|e| &e.columns) {
            put(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_by_key() {
        let t = Timestamp::from_millis;
        let mut list: List = [Entity::new("b", "1", t(1), &[]), Entity::new("a", "2", t(1), &[])].into_iter().collect();
        list.put(Entity::new("a", "1", t(1), &[("p1", "7"), ("env", "dev")]));
        list.merge("a", "1", t(2), &[("p1", "8"), ("p2", "9")]);
        list.retain(|e| e.partition != "b");
        let expect = Entity::new("a", "1", t(2), &[("env", "dev"), ("p1", "8"), ("p2", "9")]);
        assert_eq!(list.rows(), [expect, Entity::new("a", "2", t(1), &[])]);
    }
}
