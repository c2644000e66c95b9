//! What a commit contains: its ancestors in the order in which they came to it.

use crate::domain::time::Timestamp;

/// Whether a commit is among an [`AncestorSet`]'s.
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
pub(in crate::model) const fn is_in(within: Within) -> bool {
    matches!(within, Within::Yes(_))
}

crate::domain::number::numbers! {
    /// A commit's number in a [`History`](super::History).
    Node;
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Commit {
    /// In lower case.
    pub id: Box<str>,
    pub at: Option<Timestamp>,
    /// Empty for a missing parent too.
    pub parents: Vec<Node>,
    /// Commits that are known to be contained, without the way there.
    pub contains: Vec<Node>,
    /// Its parents are known.
    pub is_read: bool,
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
}

impl AncestorSet {
    /// Everything that a commit contains, in the order in which it came to it.
    pub(super) fn of(commits: &[Commit], tip: Node) -> Self {
        let mut walk = Walk { commits, seen: vec![false; commits.len()], order: Vec::new() };
        // The first-parent history by a loop: it may be thousands of commits long.
        let mut chain = Vec::new();
        let mut next = Some(tip);
        while let Some(node) = next.filter(|&n| walk.mark(n)) {
            chain.push(node);
            next = node.of(commits).and_then(|c| c.parents.first().copied());
        }
        for &node in chain.iter().rev() {
            for &parent in node.of(commits).map_or(&[][..], |c| &c.parents) {
                walk.visit(parent);
            }
            walk.order.push(node);
        }
        let known_way = walk.order.len();
        // What is contained without a known way came before all of which the way is known.
        let mut at = 0;
        while let Some(&node) = walk.order.get(at) {
            for &old in node.of(commits).map_or(&[][..], |c| &c.contains) {
                walk.visit(old);
            }
            at += 1;
        }
        let mut order = walk.order;
        order.rotate_left(known_way);
        let mut within = vec![Within::No; commits.len()];
        for (n, &node) in order.iter().enumerate() {
            if let Some(within) = node.of_mut(&mut within) {
                *within = Within::Yes(n as u32);
            }
        }
        let missing: Vec<Node> =
            order.iter().copied().filter(|&n| commits.get(n.index()).is_some_and(|c| !c.is_read)).collect();
        // What lies behind a commit that is contained without a known way came before all others, as that does.
        let before = (order.len() - known_way) as u32;
        let is_without_way = |node: &Node| matches!(node.of(&within), Some(Within::Yes(n)) if *n < before);
        let on_ways = missing.get(missing.partition_point(is_without_way)..).unwrap_or_default();
        let hits = count_missing(commits, &missing);
        let of_ways = if on_ways.len() == missing.len() { None } else { Some(count_missing(commits, on_ways)) };
        let contains_all = of_ways.as_ref().unwrap_or(&hits).iter().map(|&hits| hits as usize == on_ways.len());
        let mut line =
            Self { within, contains_all_missing: contains_all.collect(), vague: Vec::new(), len: order.len() as u32 };
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

    /// Whether a commit is among them.
    #[must_use]
    pub fn within(&self, node: Node) -> Within {
        node.of(&self.within).copied().unwrap_or(Within::Unknown)
    }

    /// Whether a commit may have come earlier than its place, since what it was merged into is not known to its
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
}

/// For each commit how many of these missing parents it contains.
fn count_missing(commits: &[Commit], missing: &[Node]) -> Vec<u32> {
    let mut hits = vec![0_u32; commits.len()];
    if !missing.is_empty() {
        let mut children: Vec<Vec<Node>> = vec![Vec::new(); commits.len()];
        for (child, commit) in commits.iter().enumerate() {
            for &parent in commit.parents.iter().chain(&commit.contains) {
                if let Some(children) = parent.of_mut(&mut children) {
                    children.push(Node::at(child));
                }
            }
        }
        // Which missing parent last led to a commit, counted from 1.
        let mut last = vec![0_u32; commits.len()];
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

/// Goes through parents before children.
struct Walk<'h> {
    commits: &'h [Commit],
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
            let parent = node.of(self.commits).and_then(|c| c.parents.get(nth)).copied();
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
