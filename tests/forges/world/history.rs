//! How commits follow each other: branches and their ends, and what lies between two commits.

use std::collections::{BTreeMap, HashMap};

use super::{Millis, NEVER, Pull, World, digits};

/// Every repository's default branch.
pub(crate) const MAIN: &str = "main";

/// A branch that is there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Branch {
    pub(crate) name: String,
    pub(crate) tip: usize,
}

/// How a branch ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum BranchEnd {
    /// By a pull request that was merged, whether the branch is still there or not.
    Merged,
    Deleted,
}

/// What one of two commits has that the other has not, newest first.
#[derive(Clone, Debug)]
pub(crate) struct Between {
    pub(crate) ahead: Vec<usize>,
    pub(crate) behind: Vec<usize>,
    /// The newest commit that both have.
    pub(crate) common: Option<usize>,
}

impl World {
    /// Settles who follows whom, once all commits are there but those that pull requests are made of.
    pub(super) fn settle_history(&mut self) {
        for pull in self.pulls.clone() {
            let has_head = |c: &super::Commit| c.repository == pull.repository && c.branch == pull.branch;
            if !self.commits.iter().any(has_head) {
                let head = self.commit(pull.repository, pull.author, &pull.title, pull.opened);
                self.commits[head].branch = pull.branch;
            }
        }
        let mut order: Vec<usize> = (0..self.commits.len()).collect();
        order.sort_by_key(|n| (self.commits[*n].at, *n));
        let mut newest: HashMap<(usize, &str), usize> = HashMap::new();
        let mut before = vec![Vec::new(); self.commits.len()];
        for n in order {
            let commit = &self.commits[n];
            let here = (commit.repository, commit.branch.as_str());
            let first = newest.get(&here).or_else(|| newest.get(&(commit.repository, MAIN))).copied();
            before[n] = first.into_iter().chain(commit.merges).collect();
            newest.insert(here, n);
        }
        self.before = before;
    }

    pub(super) fn delete_branch(&mut self, repository: usize, name: &str, at: Millis) {
        self.deleted.insert((repository, name.to_owned()), at);
    }

    /// Whether clusters apply what is in it.
    pub(crate) fn is_manifests(&self, repository: usize) -> bool {
        self.projects.iter().any(|project| project.manifests == repository)
    }

    /// The first line of the default branch by now, newest first.
    pub(crate) fn log(&self, repository: usize, now: Millis) -> Vec<usize> {
        self.tip(repository, MAIN, now).map(|tip| self.reach(tip, true)).unwrap_or_default()
    }

    /// The ids of a commit's parents, the first one first. What came before other commits than those of manifests
    /// does not exist in this world.
    pub(crate) fn parents(&self, commit: usize) -> Vec<String> {
        if !self.is_manifests(self.commits[commit].repository) {
            return vec![digits(commit as u64 + 5_000_000, 40)];
        }
        self.before[commit].iter().map(|parent| self.commits[*parent].id.clone()).collect()
    }

    /// A commit and all before it, newest first; or its first line alone.
    pub(crate) fn reach(&self, tip: usize, first_line: bool) -> Vec<usize> {
        let mut seen = vec![false; self.commits.len()];
        let (mut open, mut found) = (vec![tip], Vec::new());
        while let Some(n) = open.pop() {
            if !std::mem::replace(&mut seen[n], true) {
                found.push(n);
                let parents = self.before[n].iter().copied();
                open.extend(parents.take(if first_line { 1 } else { usize::MAX }));
            }
        }
        found.sort_by_key(|n| std::cmp::Reverse((self.commits[*n].at, *n)));
        found
    }

    pub(crate) fn between(&self, base: usize, head: usize) -> Between {
        let (old, new) = (self.reach(base, false), self.reach(head, false));
        let without = |all: &[usize], others: &[usize]| all.iter().copied().filter(|n| !others.contains(n)).collect();
        Between {
            ahead: without(&new, &old),
            behind: without(&old, &new),
            common: new.iter().copied().find(|n| old.contains(n)),
        }
    }

    fn tip(&self, repository: usize, branch: &str, now: Millis) -> Option<usize> {
        let is_there =
            |(_, c): &(usize, &super::Commit)| c.repository == repository && c.branch == branch && c.at <= now;
        let all = self.commits.iter().enumerate().filter(is_there);
        all.max_by_key(|(n, c)| (c.at, *n)).map(|(n, _)| n)
    }

    /// The branches that are there by now, in order of their names.
    pub(crate) fn branches(&self, repository: usize, now: Millis) -> Vec<Branch> {
        let is_there = |(_, c): &(usize, &super::Commit)| c.repository == repository && c.at <= now;
        let mut all: Vec<(usize, &super::Commit)> = self.commits.iter().enumerate().filter(is_there).collect();
        all.sort_by_key(|(n, c)| (c.at, *n));
        let mut tips: BTreeMap<&str, usize> = all.iter().map(|(n, c)| (c.branch.as_str(), *n)).collect();
        // The default branch began with whatever came first.
        if let Some((first, _)) = all.first() {
            tips.entry(MAIN).or_insert(*first);
        }
        tips.retain(|name, _| self.deleted.get(&(repository, (*name).to_owned())).is_none_or(|deleted| now < *deleted));
        tips.into_iter().map(|(name, tip)| Branch { name: name.to_owned(), tip }).collect()
    }

    /// The commit that a branch, a tag or an id stands for.
    pub(crate) fn resolve(&self, repository: usize, name: &str, now: Millis) -> Option<usize> {
        let plain = name.strip_prefix("refs/").unwrap_or(name);
        let branch = |name: &str| self.branches(repository, now).into_iter().find(|b| b.name == name).map(|b| b.tip);
        let tag = |name: &str| self.tags(repository, now).into_iter().find(|t| t.name == name).map(|t| t.commit);
        if let Some(name) = plain.strip_prefix("heads/") {
            return branch(name);
        }
        if let Some(name) = plain.strip_prefix("tags/") {
            return tag(name);
        }
        // No branch and no tag is called as an id could be.
        if name.len() >= 7 && name.chars().all(|c| c.is_ascii_hexdigit()) {
            return self.commit_of(repository, name, now).map(|(n, _)| n);
        }
        branch(if name == "HEAD" { MAIN } else { name }).or_else(|| tag(name))
    }

    /// The newest commit of a pull request's branch, at its end where that is past.
    pub(crate) fn head(&self, pull: &Pull, now: Millis) -> usize {
        let at = if pull.ended < NEVER { pull.ended.min(now) } else { now };
        self.tip(pull.repository, &pull.branch, at).unwrap_or(pull.commit)
    }

    /// How a branch has ended by now.
    pub(crate) fn branch_end(&self, repository: usize, name: &str, now: Millis) -> Option<BranchEnd> {
        let is_of = |pull: &&Pull| pull.repository == repository && pull.branch == name;
        if self.pulls.iter().filter(is_of).any(|pull| pull.is_merged && pull.ended <= now) {
            return Some(BranchEnd::Merged);
        }
        let is_deleted = self.deleted.get(&(repository, name.to_owned())).is_some_and(|deleted| *deleted <= now);
        is_deleted.then_some(BranchEnd::Deleted)
    }
}
