//! The commits of one manifest branch, as far as they are known, and which of them contain which.
//!
//! A commit and its parents never change, so what is learnt stays, in whatever order it comes: pages of a list, a
//! single commit, the answer of a comparison. What is not known is a *missing parent*: a commit that is named as a
//! parent and has not been read. Nothing is concluded across a missing parent: there the answer is [`Within::Unknown`].

use rustc_hash::FxHashMap;

use super::store::commit_key;
pub use crate::domain::manifests::Listed;
use crate::domain::{
    id::{CommitId, SHORT_COMMIT, is_same_commit},
    time::Timestamp,
};

/// Whether a commit is among a [`AncestorSet`]'s.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Within {
    /// It is, as the so-many-th that came, from 0.
    Yes(u32),
    /// It is not.
    No,
    /// Not known.
    Unknown,
}

/// Whether that is a yes.
pub(super) const fn is_in(within: Within) -> bool {
    matches!(within, Within::Yes(_))
}

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

crate::domain::number::numbers! {
    /// A commit's number in a [`History`].
    Node;
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Commit {
    /// In lower case.
    id: Box<str>,
    at: Option<Timestamp>,
    /// Empty for a missing parent too.
    parents: Vec<Node>,
    /// Commits that are known to be contained, without the way there.
    contains: Vec<Node>,
    /// Its parents are known.
    is_read: bool,
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
    pub const fn len(&self) -> usize {
        self.commits.len()
    }

    /// Whether none is.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.commits.is_empty()
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

    /// Whether the branch is known to its first commit.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.head.is_some_and(|head| self.ancestors(head).is_complete())
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
        let mut walk = Walk { history: self, seen: vec![false; self.commits.len()], order: Vec::new() };
        // The first-parent history by a loop: it may be thousands of commits long.
        let mut chain = Vec::new();
        let mut next = Some(tip);
        while let Some(node) = next.filter(|&n| walk.mark(n)) {
            chain.push(node);
            next = node.of(&self.commits).and_then(|c| c.parents.first().copied());
        }
        for &node in chain.iter().rev() {
            for &parent in node.of(&self.commits).map_or(&[][..], |c| &c.parents) {
                walk.visit(parent);
            }
            walk.order.push(node);
        }
        let known_way = walk.order.len();
        // What is contained without a known way came before all of which the way is known.
        let mut at = 0;
        while let Some(&node) = walk.order.get(at) {
            for &old in node.of(&self.commits).map_or(&[][..], |c| &c.contains) {
                walk.visit(old);
            }
            at += 1;
        }
        let mut order = walk.order;
        order.rotate_left(known_way);
        let mut within = vec![Within::No; self.commits.len()];
        for (n, &node) in order.iter().enumerate() {
            if let Some(within) = node.of_mut(&mut within) {
                *within = Within::Yes(n as u32);
            }
        }
        let missing: Vec<Node> =
            order.iter().copied().filter(|&n| self.commits.get(n.index()).is_some_and(|c| !c.is_read)).collect();
        // What lies behind a commit that is contained without a known way came before all others, as that does.
        let before = (order.len() - known_way) as u32;
        let is_without_way = |node: &Node| matches!(node.of(&within), Some(Within::Yes(n)) if *n < before);
        let on_ways = missing.get(missing.partition_point(is_without_way)..).unwrap_or_default();
        let hits = self.count_missing(&missing);
        let of_ways = if on_ways.len() == missing.len() { None } else { Some(self.count_missing(on_ways)) };
        let contains_all = of_ways.as_ref().unwrap_or(&hits).iter().map(|&hits| hits as usize == on_ways.len());
        let mut line = AncestorSet {
            within,
            contains_all_missing: contains_all.collect(),
            vague: Vec::new(),
            len: order.len() as u32,
            is_complete: missing.is_empty(),
        };
        // What contains a missing parent cannot lie behind it.
        for (within, &hits) in line.within.iter_mut().zip(&hits) {
            if *within == Within::No && hits as usize != missing.len() {
                *within = Within::Unknown;
            }
        }
        // What was merged may have come earlier than it seems, through a missing parent that was passed before.
        let mut passed = 0;
        for &node in &order {
            let is_missing = missing.get(passed as usize) == Some(&node);
            let hits = node.of(&hits).copied().unwrap_or(0) - u32::from(is_missing);
            if hits < passed && !chain.contains(&node) {
                line.vague.push(node);
            }
            passed += u32::from(is_missing);
        }
        line
    }

    /// For each commit how many of these missing parents it contains.
    fn count_missing(&self, missing: &[Node]) -> Vec<u32> {
        let mut hits = vec![0_u32; self.commits.len()];
        if !missing.is_empty() {
            let mut children: Vec<Vec<Node>> = vec![Vec::new(); self.commits.len()];
            for (child, commit) in self.commits.iter().enumerate() {
                for &parent in commit.parents.iter().chain(&commit.contains) {
                    if let Some(children) = parent.of_mut(&mut children) {
                        children.push(Node::at(child));
                    }
                }
            }
            // Which missing parent last led to a commit, counted from 1.
            let mut last = vec![0_u32; self.commits.len()];
            for (n, &parent) in missing.iter().enumerate() {
                let mut todo = vec![parent];
                while let Some(node) = todo.pop() {
                    let (Some(last), Some(hits)) = (node.of_mut(&mut last), node.of_mut(&mut hits)) else {
                        continue;
                    };
                    if std::mem::replace(last, n as u32 + 1) != n as u32 + 1 {
                        *hits += 1;
                        todo.extend(node.of(&children).into_iter().flatten());
                    }
                }
            }
        }
        hits
    }
}

/// Goes through parents before children.
struct Walk<'h> {
    history: &'h History,
    seen: Vec<bool>,
    order: Vec<Node>,
}

impl Walk<'_> {
    /// Whether the commit is met for the first time.
    fn mark(&mut self, node: Node) -> bool {
        node.of_mut(&mut self.seen).is_some_and(|seen| !std::mem::replace(seen, true))
    }

    fn visit(&mut self, node: Node) {
        if !self.mark(node) {
            return;
        }
        let mut stack = vec![(node, 0_usize)];
        while let Some((node, nth)) = stack.pop() {
            let parent = node.of(&self.history.commits).and_then(|c| c.parents.get(nth)).copied();
            let Some(parent) = parent else {
                self.order.push(node);
                continue;
            };
            stack.push((node, nth + 1));
            if self.mark(parent) {
                stack.push((parent, 0));
            }
        }
    }
}

/// Everything that one commit contains, itself among it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AncestorSet {
    /// By commit.
    within: Vec<Within>,
    /// By commit: whether it contains every missing parent on a known way.
    contains_all_missing: Vec<bool>,
    /// Those that may have come earlier than their place.
    vague: Vec<Node>,
    len: u32,
    is_complete: bool,
}

impl AncestorSet {
    /// Whether a commit is among them.
    #[must_use]
    pub fn within(&self, node: Node) -> Within {
        node.of(&self.within).copied().unwrap_or(Within::Unknown)
    }

    /// Whether a commit may have come earlier than its place states, since what it was merged into is not known to its
    /// begin.
    #[must_use]
    pub fn is_vague(&self, node: Node) -> bool {
        self.vague.contains(&node)
    }

    /// Whether all that is contained and has not been read came before that commit.
    #[must_use]
    pub fn contains_all_missing(&self, node: Node) -> bool {
        node.of(&self.contains_all_missing) == Some(&true)
    }

    /// How many there are, as far as they are known.
    #[must_use]
    pub const fn len(&self) -> u32 {
        self.len
    }

    /// Whether it is of nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether all of them are known.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.is_complete
    }
}

mod forget;
#[cfg(test)]
mod tests;
