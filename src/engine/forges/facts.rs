//! What is known of things, and what is kept of that.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    needs::Known,
    places::{Key, PlaceId, Places},
};
use crate::{
    domain::{
        commit::Commit,
        link::Link,
        pull_request::{PullRequest, PullState},
        run::Run,
        time::{Timestamp, days},
    },
    engine::cache::{Fact, Kept},
    model::overlay::is_over,
};

/// What may yet be taken back (a failed run is run again, a closed pull request opened again, a build restored) is
/// asked again when so much time has passed.
pub(super) const REVERSIBLE: std::time::Duration = days(1);

/// How a fact may change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Lasting {
    /// Never.
    Final,
    /// Only if somebody goes to some length.
    Reversible,
    /// By itself: a run that runs.
    Moving,
    /// When somebody decides: a pull request that is open. So too what we do not understand.
    Waiting,
}

/// How a fact may change.
pub(super) fn lasting(fact: &Fact) -> Lasting {
    use crate::domain::deployment::Status;
    match fact {
        Fact::Run(run) => match run.status {
            Status::Succeeded => Lasting::Final,
            status if is_over(status) => Lasting::Reversible,
            // Somebody may start the rest of it, or has to say yes.
            Status::Incomplete | Status::Waiting | Status::Unknown => Lasting::Waiting,
            _ => Lasting::Moving,
        },
        Fact::PullRequest(pull) => match pull.state {
            PullState::Merged => Lasting::Final,
            PullState::Abandoned => Lasting::Reversible,
            PullState::Open | PullState::Unknown => Lasting::Waiting,
        },
        Fact::Commit(_) | Fact::Project { .. } | Fact::Listed(_) | Fact::Tag(_) | Fact::Compared { .. } => {
            Lasting::Final
        }
        Fact::Moving(_) => Lasting::Waiting,
        Fact::Gone => Lasting::Reversible,
    }
}

/// What is known of one thing, and how asking for it goes.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) fact: Option<Fact>,
    /// When the question that brought it was sent.
    pub(super) learnt: Timestamp,
    /// The answer's mark, to be told next time that nothing has changed.
    pub(super) etag: Option<String>,
    /// A question for it is under way.
    pub(super) asked: bool,
    /// Not to be asked before.
    pub(super) again_at: Timestamp,
    pub(super) failures: u32,
    /// Somebody asked by hand since it was learnt.
    pub(super) is_stale: bool,
    /// To be asked for together with no more than so many others: more were refused.
    pub(super) at_most: usize,
    /// GitHub: no job has this number, so it is a run's.
    pub(super) as_run: bool,
    /// What is asked for many at once could not tell.
    pub(super) alone: bool,
    /// The parts of a run are older than the run, or were never read.
    pub(super) parts_stale: bool,
    /// It is kept by the browser.
    pub(super) kept: bool,
}

impl Entry {
    fn new() -> Self {
        Self {
            fact: None,
            learnt: Timestamp::from_millis(i64::MIN),
            etag: None,
            asked: false,
            again_at: Timestamp::from_millis(i64::MIN),
            failures: 0,
            is_stale: false,
            at_most: usize::MAX,
            as_run: false,
            alone: false,
            parts_stale: true,
            kept: false,
        }
    }
}

/// Whether the parts of a run are known, if not all as new as the run.
pub(super) fn has_parts(entry: &Entry) -> bool {
    matches!(&entry.fact, Some(Fact::Run(run)) if !run.parts.is_empty())
}

/// All that is known.
#[derive(Debug, Default)]
pub(super) struct Facts {
    entries: FxHashMap<Key, Entry>,
    /// What the browser kept from earlier visits, until something asks for it.
    restored: FxHashMap<Box<str>, Kept>,
    /// Places of which something was shown, and those of which something was not.
    shown: FxHashSet<PlaceId>,
    hidden: FxHashSet<PlaceId>,
}

impl Facts {
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.restored.is_empty()
    }

    /// Takes in what earlier visits left.
    pub(super) fn restore(&mut self, kept: Vec<Kept>) {
        self.restored.extend(kept.into_iter().map(|kept| (kept.key.clone(), kept)));
    }

    /// How many facts about finished work are known.
    pub(super) fn count_kept(&self) -> usize {
        self.entries.values().filter(|entry| entry.kept).count() + self.restored.len()
    }

    /// Forgets what the browser kept, and that it is kept.
    pub(super) fn forget_kept(&mut self) {
        self.restored.clear();
        self.entries.values_mut().for_each(|entry| entry.kept = false);
    }

    /// Brings what the browser kept of a thing to hand. Returns whether there was anything.
    pub(super) fn recall(&mut self, key: &Key, places: &Places) -> bool {
        // It may have been wanted already while the browser was still looking for what it kept.
        if self.restored.is_empty() || self.get(key).is_some_and(|entry| entry.fact.is_some()) {
            return false;
        }
        let kept = self.restored.remove(places.text(key).as_str());
        let is_kept = kept.is_some();
        if let Some(kept) = kept {
            let entry = self.entry(key);
            entry.fact = Some(kept.fact);
            entry.learnt = kept.learnt;
            entry.parts_stale = false;
            entry.kept = true;
        }
        is_kept
    }

    /// What is known of a thing, to write to.
    pub(super) fn entry(&mut self, key: &Key) -> &mut Entry {
        self.entries.entry(key.clone()).or_insert_with(Entry::new)
    }

    pub(super) fn get(&self, key: &Key) -> Option<&Entry> {
        self.entries.get(key)
    }

    pub(super) fn all_mut(&mut self) -> impl Iterator<Item = (&Key, &mut Entry)> {
        self.entries.iter_mut()
    }

    /// All that is known.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Key, &Fact)> {
        self.entries.iter().filter_map(|(key, entry)| Some((key, entry.fact.as_ref()?)))
    }

    /// Notes that a place showed something, or did not.
    pub(super) fn note(&mut self, place: PlaceId, is_shown: bool) {
        let set = if is_shown { &mut self.shown } else { &mut self.hidden };
        set.insert(place);
    }

    /// Forgets what places did not show.
    pub(super) fn forget_hidden(&mut self) {
        self.hidden.clear();
    }

    /// Places of which nothing that was asked for is to be seen.
    pub(super) fn hidden(&self) -> Vec<PlaceId> {
        let mut hidden: Vec<PlaceId> =
            self.hidden.iter().filter(|place| !self.shown.contains(place)).copied().collect();
        hidden.sort_unstable();
        hidden
    }

    fn fact(&self, key: &Key) -> Option<&Fact> {
        self.get(key)?.fact.as_ref()
    }

    /// When a thing was learnt.
    pub(super) fn learnt(&self, key: &Key) -> Option<Timestamp> {
        self.get(key).filter(|entry| entry.fact.is_some()).map(|entry| entry.learnt)
    }

    /// A commit of that place: one of which the id that is wanted is a prefix, or the other way round.
    pub(super) fn commit(&self, key: &Key, id: &crate::domain::id::CommitId) -> Option<&Commit> {
        match self.fact(key)? {
            Fact::Commit(commit) if commit.id.is_same_as(id) => Some(commit),
            _ => None,
        }
    }

    pub(super) fn pull(&self, key: &Key) -> Option<&PullRequest> {
        match self.fact(key)? {
            Fact::PullRequest(pull) => Some(pull),
            _ => None,
        }
    }

    /// The address of a project of GitLab.
    pub(super) fn web(&self, key: &Key) -> Option<&Link> {
        match self.fact(key)? {
            Fact::Project { web, .. } => Some(web),
            _ => None,
        }
    }
}

impl Known for Facts {
    fn run(&self, key: &Key) -> Option<&Run> {
        match self.fact(key)? {
            Fact::Run(run) => Some(run),
            _ => None,
        }
    }

    fn is_gone(&self, key: &Key) -> bool {
        matches!(self.fact(key), Some(Fact::Gone))
    }
}
