//! Forgets the begin of a branch that goes on for ever: what came before all that anybody names.

use super::{Commit, History, Node, Within};
use crate::model::store::commit_key;

/// So many commits more than are needed are kept, and so many have to come before it is looked whether any may go.
const SPARE: usize = 128;

impl History {
    /// Whether so many have come since some were last forgotten that it is worth a look.
    pub(in crate::model) const fn may_forget(&self) -> bool {
        self.commits.len() > self.kept + 2 * SPARE
    }

    /// Forgets what came before all of these commits. Numbers of commits are others afterwards. What the forgotten ones
    /// contained is unknown, as it is of all that was never read.
    pub(in crate::model) fn forget_before(&mut self, named: impl Iterator<Item = Node>) {
        self.kept = self.commits.len();
        let Some(head) = self.head else { return };
        let line = self.ancestors(head);
        // How far back something is named: on the branch, or where what is named meets it.
        let place = |mut node: Node| {
            for _ in 0..=self.commits.len() {
                match line.within(node) {
                    Within::Yes(rank) => return Some(rank),
                    Within::No | Within::Unknown => node = *node.of(&self.commits)?.parents.first()?,
                }
            }
            None
        };
        let newest = line.len().saturating_sub(SPARE as u32);
        let from = named.filter_map(place).min().unwrap_or(newest).min(newest);
        let is_kept = |node: Node| match line.within(node) {
            Within::Yes(rank) => rank >= from,
            Within::No | Within::Unknown => true,
        };
        let mut is_left: Vec<bool> = (0..self.commits.len()).map(Node::at).map(is_kept).collect();
        let was_read = is_left.clone();
        // Where something that is left goes on is known, and no more.
        for (commit, _) in self.commits.iter().zip(&was_read).filter(|(_, is_kept)| **is_kept) {
            for &parent in &commit.parents {
                if let Some(is_left) = parent.of_mut(&mut is_left) {
                    *is_left = true;
                }
            }
        }
        self.renumber(&is_left, &was_read);
        self.kept = self.commits.len();
    }

    fn renumber(&mut self, is_left: &[bool], was_read: &[bool]) {
        let mut places = (0..).map(Node::at);
        let numbers: Vec<Option<Node>> =
            is_left.iter().map(|&is_left| if is_left { places.next() } else { None }).collect();
        let number = |old: Node| old.of(&numbers).copied().flatten();
        let numbered = |olds: &[Node]| olds.iter().filter_map(|&old| number(old)).collect::<Vec<Node>>();
        let old = std::mem::take(&mut self.commits);
        for ((commit, _), &was_read) in old.into_iter().zip(is_left).zip(was_read).filter(|((_, is_left), _)| **is_left)
        {
            self.commits.push(match was_read {
                true => Commit { parents: numbered(&commit.parents), contains: numbered(&commit.contains), ..commit },
                false => Commit { id: commit.id, at: commit.at, ..Commit::default() },
            });
        }
        self.head = self.head.and_then(number);
        self.by_key.clear();
        for (node, commit) in self.commits.iter().enumerate() {
            self.by_key.entry(commit_key(&commit.id)).or_default().push(Node::at(node));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::id::CommitId,
        model::history::{Found, Listed, tests::Relation},
    };

    fn id(n: usize) -> CommitId {
        CommitId::new(&format!("{:07x}{:033x}", n + 1, n)).unwrap()
    }

    fn commit(n: usize, parents: &[usize]) -> Listed {
        Listed { id: id(n), parents: parents.iter().map(|&n| id(n)).collect(), at: None }
    }

    fn node(history: &History, n: usize) -> Option<Node> {
        match history.find(id(n).as_str()) {
            Found::One(node) => Some(node),
            Found::Many | Found::Nothing => None,
        }
    }

    #[test]
    fn the_begin_of_a_long_branch_goes_and_what_is_named_keeps_its_place() {
        let mut history = History::default();
        let (last, named, forked, side) = (5_000, 4_500, 4_400, 9_000);
        history.add_all(&[commit(0, &[])]);
        for n in 1..=last {
            // Every tenth is a merge of what was branched off two before.
            let parents: &[usize] = if n % 10 == 0 { &[n - 1, 10_000 + n] } else { &[n - 1] };
            if let [_, merged] = parents {
                history.add_all(&[commit(*merged, &[n - 2])]);
            }
            history.add_all(&[commit(n, parents)]);
        }
        // A cluster is at a commit that was pushed away.
        history.add_all(&[commit(side, &[forked])]);
        history.set_head(&id(last));
        assert!(history.reaches().is_none() && history.may_forget());
        let relations = |history: &History| {
            [(named, last), (last, named), (side, last), (side, forked), (named, side), (10_000 + last, last)]
                .map(|(a, b)| history.relation(id(a).as_str(), id(b).as_str()))
        };
        let before = relations(&history);
        assert_eq!(before[..3], [Relation::Ancestor, Relation::Descendant, Relation::Unrelated]);
        let all = [named, side].map(|n| node(&history, n).unwrap());
        history.forget_before(all.into_iter());
        assert_eq!(relations(&history), before);
        assert!(history.len() < 1_000 && !history.may_forget() && history.reaches().is_some());
        assert_eq!(node(&history, 100), None);
        assert_eq!(history.relation(id(100).as_str(), id(last).as_str()), Relation::Unknown);
        assert_eq!(history.head().and_then(|head| history.id(head)), Some(id(last)));
        // Where it goes on is known, and what comes from there fits in.
        let (from, _) = history.reaches().unwrap();
        let n = (0..last).find(|&n| id(n) == from).unwrap();
        history.add_all(&[commit(n, &[n - 1]), commit(n - 1, &[n - 2])]);
        assert_eq!(history.relation(id(n - 1).as_str(), id(last).as_str()), Relation::Ancestor);
    }

    #[test]
    fn a_short_branch_stays() {
        let mut history = History::default();
        (1..2 * SPARE).for_each(|n| history.add_all(&[commit(n, &[n - 1])]));
        assert!(!history.may_forget());
        let empty = History::default();
        assert!(!empty.may_forget());
    }
}
