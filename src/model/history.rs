//! The commits of one manifest branch, as far as they are known, and which of them contain which.
//!
//! A commit and its parents never change, so what is read stays, in whatever order it comes: pages of a list, a
//! single commit, the answer of a comparison. What is not known is a *missing parent*: a commit that is named as a
//! parent and has not been read. Nothing is concluded across a missing parent: there the answer is [`Within::Unknown`].

mod ancestors;
mod forget;

use rustc_hash::FxHashMap;

use self::ancestors::Commit;
pub(super) use self::ancestors::is_in;
pub use self::ancestors::{AncestorSet, Node, Within};
use super::store::commit_key;
pub use crate::domain::manifests::Listed;
use crate::domain::{
    id::{CommitId, SHORT_COMMIT, is_same_commit},
    time::Timestamp,
};

/// Whether two ids mean one commit, or are both the same text too short to decide.
pub(super) fn is_one_commit(a: Option<&CommitId>, b: Option<&CommitId>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) if a.as_str().len().min(b.as_str().len()) < SHORT_COMMIT => {
            a.as_str().eq_ignore_ascii_case(b.as_str())
        }
        (Some(a), Some(b)) => a.is_same_as(b),
        _ => false,
    }
}

/// What became of a branch since it was last looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moved {
    /// Nothing.
    Same,
    /// It grew, or was not known before.
    Forward,
    /// It was pushed with force: the commit it was at is no longer on it.
    Forced,
    /// It moved, and the commits between are not known yet.
    Unknown,
}

/// What a text names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Found {
    /// That commit.
    One(Node),
    /// More than one: it is too short.
    Many,
    /// None that is known.
    Nothing,
}

/// The commits of a branch, and others.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct History {
    commits: Vec<Commit>,
    by_key: FxHashMap<u32, Vec<Node>>,
    head: Option<Node>,
    /// How many commits were left when some were last forgotten.
    kept: usize,
}

impl History {
    /// How many commits are known, missing parents among them.
    #[must_use]
    pub(crate) const fn len(&self) -> usize {
        self.commits.len()
    }

    /// Takes commits in, in any order. Those that are known stay as they are.
    pub fn add_all(&mut self, listed: &[Listed]) {
        for new in listed {
            let Some(node) = self.add(new.id.as_str()) else { continue };
            let parents: Vec<Node> = new.parents.iter().filter_map(|id| self.add(id.as_str())).collect();
            if let Some(commit) = node.of_mut(&mut self.commits).filter(|c| !c.is_read) {
                commit.at = new.at.or(commit.at);
                commit.is_read = parents.len() == new.parents.len() && !parents.contains(&node);
                if commit.is_read {
                    commit.parents = parents;
                }
            }
        }
    }

    /// Takes in that one commit is contained in another, as the forge's comparison states: for commits that lie too far
    /// back to read all between.
    pub fn add_ancestor(&mut self, old: &CommitId, new: &CommitId) {
        let (Some(old), Some(new)) = (self.add(old.as_str()), self.add(new.as_str())) else { return };
        // A service that states otherwise the next day must not make a circle.
        let is_circle = old == new || matches!(self.ancestors(old).within(new), Within::Yes(_));
        if let Some(commit) = new.of_mut(&mut self.commits).filter(|c| !is_circle && !c.contains.contains(&old)) {
            commit.contains.push(old);
        }
    }

    /// Where the branch is now.
    pub fn set_head(&mut self, id: &CommitId) -> Moved {
        let Some(new) = self.add(id.as_str()) else { return Moved::Unknown };
        let Some(old) = self.head.replace(new) else { return Moved::Forward };
        if old == new {
            return Moved::Same;
        }
        match self.ancestors(new).within(old) {
            Within::Yes(_) => Moved::Forward,
            Within::No => Moved::Forced,
            Within::Unknown => Moved::Unknown,
        }
    }

    /// Where the branch is.
    #[must_use]
    pub const fn head(&self) -> Option<Node> {
        self.head
    }

    /// The commit from which the branch is to be read on, and the time of the oldest that is known on its first line of
    /// parents: how far the history reaches. `None` when the branch is complete, or its head is not known.
    #[must_use]
    pub fn reaches(&self) -> Option<(CommitId, Option<Timestamp>)> {
        let (mut node, mut at) = (self.head?, None);
        for _ in 0..=self.commits.len() {
            let commit = node.of(&self.commits)?;
            if !commit.is_read {
                return CommitId::new(&commit.id).map(|id| (id, at));
            }
            at = commit.at.or(at);
            node = *commit.parents.first()?;
        }
        None
    }

    /// The newest commits on the first-parent history of the branch, at most so many.
    #[must_use]
    pub fn newest(&self, most: usize) -> Vec<CommitId> {
        let mut ids = Vec::new();
        let mut next = self.head;
        while let Some(node) = next.filter(|_| ids.len() < most) {
            let Some(commit) = node.of(&self.commits) else { break };
            ids.extend(CommitId::new(&commit.id));
            next = commit.parents.first().copied();
        }
        ids
    }

    /// The commit of that number.
    #[must_use]
    pub fn id(&self, node: Node) -> Option<CommitId> {
        node.of(&self.commits).and_then(|c| CommitId::new(&c.id))
    }

    /// Whether the branch was once at that commit: whether it is on the first-parent history from the head on.
    #[must_use]
    pub fn was_head(&self, node: Node) -> bool {
        let mut next = self.head;
        for _ in 0..=self.commits.len() {
            match next {
                Some(at) if at == node => return true,
                Some(at) => next = at.of(&self.commits).and_then(|c| c.parents.first().copied()),
                None => return false,
            }
        }
        false
    }

    /// Whether the commit has been read, with its parents.
    #[must_use]
    pub fn is_read(&self, node: Node) -> bool {
        node.of(&self.commits).is_some_and(|c| c.is_read)
    }

    /// Whether an id names a commit that has yet to be read; one that names several means nothing.
    #[must_use]
    pub fn lacks(&self, id: &str) -> bool {
        match self.find(id) {
            Found::One(node) => !self.is_read(node),
            Found::Many => false,
            Found::Nothing => true,
        }
    }

    /// The commit that a whole or short id names.
    #[must_use]
    pub fn find(&self, id: &str) -> Found {
        self.find_keyed(commit_key(id), || id)
    }

    /// [`History::find`] for callers that have the key at hand and the text only at a price.
    pub(super) fn find_keyed<'t>(&self, key: u32, id: impl FnOnce() -> &'t str) -> Found {
        let Some(nodes) = self.by_key.get(&key).filter(|_| key != 0) else { return Found::Nothing };
        let id = id();
        let named = |node: &&Node| node.of(&self.commits).is_some_and(|c| is_same_commit(&c.id, id));
        let mut named = nodes.iter().filter(named).copied();
        match (named.next(), named.next()) {
            (None, _) => Found::Nothing,
            (Some(node), None) => Found::One(node),
            (Some(first), Some(second)) => {
                let mut all = [first, second].into_iter().chain(named);
                let is_it = |node: &Node| node.of(&self.commits).is_some_and(|c| c.id.eq_ignore_ascii_case(id));
                all.find(is_it).map_or(Found::Many, Found::One)
            }
        }
    }

    /// The commit's number, given now if it has none. `None` for what names more than one, and for what is no commit.
    pub(super) fn add(&mut self, id: &str) -> Option<Node> {
        let key = commit_key(id);
        if key == 0 || !id.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let id = id.to_ascii_lowercase();
        match self.find(&id) {
            Found::Many => return None,
            Found::One(node) => {
                let commit = node.of_mut(&mut self.commits)?;
                if commit.id.len() < id.len() {
                    commit.id = id.into();
                }
                return Some(node);
            }
            Found::Nothing => {}
        }
        let node = Node::at(self.commits.len());
        self.commits.push(Commit { id: id.into(), ..Commit::default() });
        self.by_key.entry(key).or_default().push(node);
        Some(node)
    }

    /// Everything that a commit contains, in the order in which it came to it.
    #[must_use]
    pub fn ancestors(&self, tip: Node) -> AncestorSet {
        AncestorSet::of(&self.commits, tip)
    }
}

#[cfg(test)]
mod tests;
