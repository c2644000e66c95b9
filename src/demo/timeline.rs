//! How a deployment goes: which stages it passes, when, and where it ends.
//!
//! A timeline is fixed from the beginning. What is to be seen of it at a moment is what has happened by then, so a
//! build that runs when the page opens is done some minutes later.

use super::mix::below;

/// A stage that a pipeline runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Build,
    Release,
    Manifest,
}

/// Where it ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Goes through.
    Lives,
    /// Goes through, but its pull request stays open for so many seconds; `None` is for good.
    Waits(Option<i64>),
    /// Its pull request is closed without a merge after so many seconds.
    Abandoned(i64),
    /// A run fails.
    Fails(Step),
    /// Somebody stops a run.
    Cancels(Step),
    /// A run succeeds, and nothing follows.
    Stops(Step),
}

impl Outcome {
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
    fn new(step: Step, queued: i64, wait: i64, takes: i64, outcome: Outcome) -> Self {
        let (ending, takes) = match outcome {
            Outcome::Fails(s) if s == step => (Ending::Failed, takes * 2 / 3),
            Outcome::Cancels(s) if s == step => (Ending::Canceled, takes / 2),
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
    /// `None` is never.
    pub(super) closed: Option<i64>,
    pub(super) merges: bool,
}

impl Approval {
    /// When it was closed, if that has come by a second.
    pub(super) fn closed_by(&self, second: i64) -> Option<i64> {
        self.closed.filter(|&closed| closed <= second)
    }
}

#[derive(Clone, Copy, Default)]
pub(super) struct Timeline {
    pub(super) build: Option<Run>,
    pub(super) release: Option<Run>,
    pub(super) approval: Option<Approval>,
    pub(super) manifest: Option<Run>,
}

impl Timeline {
    /// The way from second `from` on.
    pub(super) fn new(seed: u64, from: i64, cause: Cause, needs_approval: bool, outcome: Outcome) -> Self {
        let pace = |salt, low, span| low + below(seed, salt, span) as i64;
        let mut timeline = Self::default();
        let mut at = from;
        match cause {
            Cause::Commit => {
                let run = Run::new(Step::Build, at, pace(1, 35, 40), pace(2, 170, 140), outcome);
                timeline.build = Some(run);
                at = run.ended + pace(3, 3, 6);
            }
            Cause::Image(run) => timeline.build = Some(run),
            Cause::Edit => {}
        }
        if outcome.ends_with(Step::Build) {
            return timeline;
        }
        if !matches!(cause, Cause::Edit) {
            let run = Run::new(Step::Release, at, 3, pace(4, 50, 30), outcome);
            timeline.release = Some(run);
            at = run.ended + 2;
        }
        if outcome.ends_with(Step::Release) {
            return timeline;
        }
        if needs_approval || matches!(cause, Cause::Edit) {
            let wait = match outcome {
                Outcome::Waits(seconds) => seconds,
                Outcome::Abandoned(seconds) => Some(seconds),
                _ => Some(pace(5, 300, 2_700)),
            };
            let merges = !matches!(outcome, Outcome::Abandoned(_));
            let closed = wait.map(|wait| at + wait);
            timeline.approval = Some(Approval { opened: at, closed, merges });
            match closed.filter(|_| merges) {
                Some(closed) => at = closed + 4,
                None => return timeline,
            }
        }
        timeline.manifest = Some(Run::new(Step::Manifest, at + pace(6, 3, 6), 5, pace(7, 70, 40), outcome));
        timeline
    }

    /// The last change at or before a moment: of every change that a full row shows, or only of the ends, when a
    /// `bare` row is written.
    pub(super) fn last_change(&self, second: i64, bare: bool) -> i64 {
        let runs = [self.build, self.release, self.manifest].into_iter().flatten();
        let of_runs = runs.flat_map(|run| {
            [Some(run.ended), Some(run.queued), Some(run.begun)].into_iter().take(if bare { 1 } else { 3 })
        });
        let of_approval = self.approval.filter(|_| !bare).into_iter().flat_map(|a| [Some(a.opened), a.closed]);
        of_runs.chain(of_approval).flatten().filter(|&moment| moment <= second).max().unwrap_or(0)
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
    fn check(cause: Cause, needs_approval: bool, outcome: Outcome, expect: [Option<&str>; 4]) {
        let timeline = Timeline::new(7, 0, cause, needs_approval, outcome);
        let late = 1_000_000;
        let approval = timeline.approval.map(|a| match (a.closed_by(late).is_some(), a.merges) {
            (false, _) => "open",
            (true, true) => "merged",
            (true, false) => "abandoned",
        });
        let word = |run: Option<Run>| run.and_then(|r| r.word(late));
        assert_eq!([word(timeline.build), word(timeline.release), approval, word(timeline.manifest)], expect);
        for run in [timeline.build, timeline.release, timeline.manifest].into_iter().flatten() {
            assert_eq!(run.word(run.queued - 1), None);
            assert_eq!(run.word(run.queued), Some("queued"));
            assert_eq!(run.word(run.begun), Some("running"));
        }
    }

    const OK: Option<&str> = Some("succeeded");

    #[test]
    fn change_statuses() {
        check(Cause::Commit, false, Outcome::Lives, [OK, OK, None, OK]);
        check(Cause::Commit, true, Outcome::Lives, [OK, OK, Some("merged"), OK]);
        check(Cause::Commit, true, Outcome::Waits(None), [OK, OK, Some("open"), None]);
        check(Cause::Commit, true, Outcome::Waits(Some(60)), [OK, OK, Some("merged"), OK]);
        check(Cause::Commit, true, Outcome::Abandoned(60), [OK, OK, Some("abandoned"), None]);
        check(Cause::Commit, true, Outcome::Fails(Step::Build), [Some("failed"), None, None, None]);
        check(Cause::Commit, true, Outcome::Cancels(Step::Release), [OK, Some("canceled"), None, None]);
        check(Cause::Commit, true, Outcome::Fails(Step::Manifest), [OK, OK, Some("merged"), Some("failed")]);
        check(Cause::Commit, false, Outcome::Stops(Step::Build), [OK, None, None, None]);
        check(Cause::Edit, false, Outcome::Lives, [None, None, Some("merged"), OK]);
    }

    #[test]
    fn the_last_change_only_moves_on() {
        let timeline = Timeline::new(7, 0, Cause::Commit, true, Outcome::Lives);
        for bare in [false, true] {
            let changes: Vec<i64> = (0..9_000).map(|second| timeline.last_change(second, bare)).collect();
            assert!(changes.is_sorted());
            assert!(changes.iter().zip(0..).all(|(change, second)| *change <= second));
            assert_eq!(changes.last().copied(), timeline.published());
        }
    }
}
