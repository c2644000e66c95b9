//! What was drawn of each thing last, so that a view can point out what has just become another one.

use crate::domain::time::Timestamp;

/// With more than these, what the next drawing does not draw is forgotten.
const FEW: usize = 256;
/// So many are remembered of one drawing, however far somebody scrolls meanwhile.
const MOST: usize = 4_000;

/// What was drawn of a thing.
#[derive(Clone, Copy, Debug)]
struct Drawn {
    /// The thing.
    hash: u64,
    /// The hash of what was drawn of it last.
    value: u64,
    /// Since when that is so, if another was drawn before.
    since: Option<Timestamp>,
}

/// In the order of their hashes: of a few thousand one is found as fast as in a table, by less code.
type AllDrawn = Vec<Drawn>;

/// What was drawn of each thing last: of what the screen shows, however much that is, and of little more.
#[derive(Debug, Default)]
pub struct LastDrawn {
    things: AllDrawn,
    /// Those of before something was last forgotten.
    earlier: AllDrawn,
    drawing: u64,
}

fn find(things: &AllDrawn, hash: u64) -> Result<usize, usize> {
    things.binary_search_by_key(&hash, |thing| thing.hash)
}

impl LastDrawn {
    /// Since when a thing has been drawn with this value, where it was drawn with another one before. Each drawing has
    /// a number of its own. Without a moment a new value counts as one that has always been there.
    pub fn since(&mut self, drawing: u64, (hash, value): (u64, u64), now: Option<Timestamp>) -> Option<Timestamp> {
        let is_next = std::mem::replace(&mut self.drawing, drawing) != drawing;
        if self.things.len() > if is_next { FEW } else { MOST } {
            self.earlier = std::mem::take(&mut self.things);
        }
        let at = find(&self.things, hash).unwrap_or_else(|at| {
            let known = find(&self.earlier, hash).ok().and_then(|at| self.earlier.get(at)).copied();
            self.things.insert(at, known.unwrap_or(Drawn { hash, value, since: None }));
            at
        });
        let known = self.things.get_mut(at)?;
        if known.value != value {
            *known = Drawn { hash, value, since: now };
        }
        known.since
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Option<Timestamp> = Some(Timestamp::from_millis(1_795_000_000_000));

    #[test]
    fn another_value_is_one_since_it_came() {
        let mut drawn = LastDrawn::default();
        assert_eq!(drawn.since(1, (1, 10), NOW), None);
        assert_eq!(drawn.since(1, (2, 10), NOW), None);
        assert_eq!(drawn.since(2, (1, 11), NOW), NOW);
        assert_eq!(drawn.since(2, (2, 10), NOW), None);
        let later = NOW.map(|now| now + std::time::Duration::from_secs(1));
        assert_eq!(drawn.since(3, (1, 11), later), NOW);
        assert_eq!(drawn.since(4, (1, 12), None), None);
    }

    #[test]
    fn what_is_no_longer_drawn_is_forgotten_and_what_the_screen_shows_is_not() {
        for screen in [12, 3_000] {
            let mut drawn = LastDrawn::default();
            let mut most = 0;
            for drawing in 0..2_000 {
                // Some stay, and with each drawing there are others beside them.
                (0..screen).for_each(|thing| assert_eq!(drawn.since(drawing, (thing, 0), NOW), None));
                let others = 1_000_000 + 5 * drawing;
                (others..others + 5).for_each(|thing| assert_eq!(drawn.since(drawing, (thing, 0), NOW), None));
                most = most.max(drawn.things.capacity() + drawn.earlier.capacity());
            }
            assert!(most < 4 * (screen as usize + FEW), "{screen}: {most}");
            (0..screen).for_each(|thing| assert_eq!(drawn.since(2_000, (thing, 1), NOW), NOW));
        }
    }

    #[test]
    fn scrolling_is_remembered_in_part() {
        let mut drawn = LastDrawn::default();
        (0..100_000).for_each(|thing| assert_eq!(drawn.since(1, (thing, 0), NOW), None));
        assert!(drawn.things.len() + drawn.earlier.len() <= 2 * (MOST + 1));
        assert_eq!(drawn.since(1, (99_990, 1), NOW), NOW);
        assert_eq!(drawn.since(1, (10, 1), NOW), None);
    }
}
