//! How a deployment goes: which stages it passes, when, and where it ends.
//!
//! A course is fixed from the beginning. What is to be seen of it at a moment is what has happened by then, so a
//! build that runs when the page opens is done some minutes later.

use super::{clock::NEVER, mix::below};

/// A stage that a pipeline runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Build,
    Release,
    Manifest,
}

/// Where it ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Goes through.
    Lives,
    /// Goes through, but its pull request stays open for so many seconds.
    Waits(i64),
    /// Its pull request is closed without a merge after so many seconds.
    Abandoned(i64),
    /// A run fails.
    Fails(Step),
    /// Somebody stops a run.
    Cancels(Step),
    /// A run succeeds, and nothing follows.
    Stops(Step),
}

impl Fate {
    fn ends_with(self, step: Step) -> bool {
        matches!(self, Self::Fails(s) | Self::Cancels(s) | Self::Stops(s) if s == step)
    }
}

/// What sets it off.
#[derive(Clone, Copy)]
pub(super) enum Cause {
    /// A commit, which is built.
    Commit,
    /// An image that an earlier run made.
    Image(Run),
    /// An edit of the high-level definition, with a pull request of its own.
    Edit,
}

/// How a run ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Succeeded,
    Failed,
    Canceled,
}

/// One run of a pipeline.
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub(super) queued: i64,
    pub(super) begun: i64,
    pub(super) ended: i64,
    pub(super) ending: Ending,
}

impl Run {
    fn new(step: Step, queued: i64, wait: i64, takes: i64, fate: Fate) -> Self {
        let (ending, takes) = match fate {
            Fate::Fails(s) if s == step => (Ending::Failed, takes * 2 / 3),
            Fate::Cancels(s) if s == step => (Ending::Canceled, takes / 2),
            _ => (Ending::Succeeded, takes),
        };
        Self { queued, begun: queued + wait, ended: queued + wait + takes, ending }
    }

    /// Its state at a moment, in the word of the columns; `None` before it is queued.
    pub(super) const fn word(&self, second: i64) -> Option<&'static str> {
        if second < self.queued {
            None
        } else if second < self.begun {
            Some("queued")
        } else if second < self.ended {
            Some("running")
        } else {
            Some(match self.ending {
                Ending::Succeeded => "succeeded",
                Ending::Failed => "failed",
                Ending::Canceled => "canceled",
            })
        }
    }

    /// Whether it has made what it is for.
    pub(super) fn has_succeeded(&self, second: i64) -> bool {
        second >= self.ended && self.ending == Ending::Succeeded
    }
}

/// The pull request.
#[derive(Clone, Copy)]
pub(super) struct Approval {
    pub(super) opened: i64,
    pub(super) closed: i64,
    pub(super) merges: bool,
}

/// The whole way.
#[derive(Clone, Copy, Default)]
pub(super) struct Course {
    pub(super) build: Option<Run>,
    pub(super) release: Option<Run>,
    pub(super) approval: Option<Approval>,
    pub(super) manifest: Option<Run>,
}

impl Course {
    /// The way from second `from` on.
    pub(super) fn new(seed: u64, from: i64, cause: Cause, needs_approval: bool, fate: Fate) -> Self {
        let pace = |salt, low, span| low + below(seed, salt, span) as i64;
        let mut course = Self::default();
        let mut at = from;
        match cause {
            Cause::Commit => {
                let run = Run::new(Step::Build, at, pace(1, 35, 40), pace(2, 170, 140), fate);
                course.build = Some(run);
                at = run.ended + pace(3, 3, 6);
            }
            Cause::Image(run) => course.build = Some(run),
            Cause::Edit => {}
        }
        if fate.ends_with(Step::Build) {
            return course;
        }
        if !matches!(cause, Cause::Edit) {
            let run = Run::new(Step::Release, at, 3, pace(4, 50, 30), fate);
            course.release = Some(run);
            at = run.ended + 2;
        }
        if fate.ends_with(Step::Release) {
            return course;
        }
        if needs_approval || matches!(cause, Cause::Edit) {
            let wait = match fate {
                Fate::Waits(seconds) | Fate::Abandoned(seconds) => seconds,
                _ => pace(5, 300, 2_700),
            };
            let merges = !matches!(fate, Fate::Abandoned(_));
            let closed = if wait == NEVER { NEVER } else { at + wait };
            course.approval = Some(Approval { opened: at, closed, merges });
            if !merges || closed == NEVER {
                return course;
            }
            at = closed + 4;
        }
        course.manifest = Some(Run::new(Step::Manifest, at + pace(6, 3, 6), 5, pace(7, 70, 40), fate));
        course
    }

    /// The last change at or before a moment: of every change that a full row shows, or only of the ends, when a
    /// `bare` row is written.
    pub(super) fn last_change(&self, second: i64, bare: bool) -> i64 {
        let mut last = i64::MIN;
        let mut see = |moment: i64| {
            if moment <= second {
                last = last.max(moment);
            }
        };
        for run in [self.build, self.release, self.manifest].into_iter().flatten() {
            see(run.ended);
            if !bare {
                see(run.queued);
                see(run.begun);
            }
        }
        if let Some(approval) = self.approval.filter(|_| !bare) {
            see(approval.opened);
            see(approval.closed);
        }
        if last == i64::MIN { 0 } else { last }
    }

    /// When its manifests are published, if ever.
    pub(super) fn published(&self) -> Option<i64> {
        self.manifest.filter(|run| run.ending == Ending::Succeeded).map(|run| run.ended)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What has become of each stage at a second.
    #[track_caller]
    fn check(cause: Cause, needs_approval: bool, fate: Fate, expect: [Option<&str>; 4]) {
        let course = Course::new(7, 0, cause, needs_approval, fate);
        let late = 1_000_000;
        let approval = course.approval.map(|a| match (a.closed <= late, a.merges) {
            (false, _) => "open",
            (true, true) => "merged",
            (true, false) => "abandoned",
        });
        let word = |run: Option<Run>| run.and_then(|r| r.word(late));
        assert_eq!([word(course.build), word(course.release), approval, word(course.manifest)], expect);
        for run in [course.build, course.release, course.manifest].into_iter().flatten() {
            assert_eq!(run.word(run.queued - 1), None);
            assert_eq!(run.word(run.queued), Some("queued"));
            assert_eq!(run.word(run.begun), Some("running"));
        }
    }

    const OK: Option<&str> = Some("succeeded");

    #[test]
    fn fates() {
        check(Cause::Commit, false, Fate::Lives, [OK, OK, None, OK]);
        check(Cause::Commit, true, Fate::Lives, [OK, OK, Some("merged"), OK]);
        check(Cause::Commit, true, Fate::Waits(NEVER), [OK, OK, Some("open"), None]);
        check(Cause::Commit, true, Fate::Waits(60), [OK, OK, Some("merged"), OK]);
        check(Cause::Commit, true, Fate::Abandoned(60), [OK, OK, Some("abandoned"), None]);
        check(Cause::Commit, true, Fate::Fails(Step::Build), [Some("failed"), None, None, None]);
        check(Cause::Commit, true, Fate::Cancels(Step::Release), [OK, Some("canceled"), None, None]);
        check(Cause::Commit, true, Fate::Fails(Step::Manifest), [OK, OK, Some("merged"), Some("failed")]);
        check(Cause::Commit, false, Fate::Stops(Step::Build), [OK, None, None, None]);
        check(Cause::Edit, false, Fate::Lives, [None, None, Some("merged"), OK]);
    }

    #[test]
    fn the_last_change_only_moves_on() {
        let course = Course::new(7, 0, Cause::Commit, true, Fate::Lives);
        for bare in [false, true] {
            let changes: Vec<i64> = (0..9_000).map(|second| course.last_change(second, bare)).collect();
            assert!(changes.is_sorted());
            assert!(changes.iter().zip(0..).all(|(change, second)| *change <= second));
            assert_eq!(changes.last().copied(), course.published());
        }
    }
}
