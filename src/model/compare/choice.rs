//! Which two rings are compared when none is given, or only one of them.

use crate::model::{
    rings::{Board, RingRole},
    store::Store,
    symbols::RingSym,
};

/// Two rings to compare.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// The ring that is usually ahead.
    pub first: RingSym,
    /// The ring that is to follow.
    pub second: RingSym,
    /// Names that were asked for and mean no ring of the board.
    pub unknown: Vec<String>,
}

/// The rings that are asked for, and for what is not given the neighbour on the way to production: without a word the
/// last two that run something. `None` when the board has fewer than two rings.
#[must_use]
pub fn choose(store: &Store, board: &Board, from: Option<&str>, to: Option<&str>) -> Option<Choice> {
    let (last, rest) = board.rings.split_last()?;
    rest.first()?;
    let mut unknown = Vec::new();
    let mut find = |name: Option<&str>| {
        let name = name?;
        let found = store.rings().find(name).filter(|&ring| board.rings.iter().any(|r| r.ring == ring));
        if found.is_none() {
            unknown.push(name.to_owned());
        }
        found
    };
    let (from, to) = (find(from), find(to));
    let way = way(board);
    // A neighbour on the way; else whatever ring there is, since two are to be compared.
    let beside = |ring: RingSym, before: bool| {
        let place = way.iter().position(|&r| r == ring);
        let earlier = place.map_or(way.len(), |n| n).checked_sub(1).and_then(|n| way.get(n));
        let later = place.and_then(|n| way.get(n + 1));
        let near = if before { earlier.or(later) } else { later.or(earlier) };
        near.copied().or_else(|| board.rings.iter().map(|r| r.ring).find(|&r| r != ring)).unwrap_or(ring)
    };
    let (first, second) = match (from, to) {
        (Some(first), Some(second)) => (first, second),
        (Some(first), None) => (first, beside(first, false)),
        (None, to) => {
            let second = to.or_else(|| way.last().copied()).unwrap_or(last.ring);
            (beside(second, true), second)
        }
    };
    Some(Choice { first, second, unknown })
}

/// The rings on the way to production, in that order: where there are two, only those that run something.
fn way(board: &Board) -> Vec<RingSym> {
    let runs = |column: usize| board.services.iter().any(|s| s.cells.get(column).is_some_and(|c| c.running.is_some()));
    let main = || board.rings.iter().enumerate().filter(|(_, r)| r.role != RingRole::Feature);
    let running: Vec<RingSym> = main().filter(|(column, _)| runs(*column)).map(|(_, r)| r.ring).collect();
    if running.len() > 1 { running } else { main().map(|(_, r)| r.ring).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sync::Syncs;
    use crate::support::rows::{RowBuilder, board_of, ring_rule, store_of};

    /// What is chosen of rings that each run something, but for those in brackets.
    fn draw(rings: &str, from: Option<&str>, to: Option<&str>) -> String {
        let idle = rings.split_whitespace().filter_map(|r| r.strip_prefix('-')).map(ring_rule);
        let rows = rings.split_whitespace().filter(|r| !r.starts_with('-')).enumerate();
        let row = |(n, ring)| RowBuilder::of(&format!("k{n} service=api env={ring} manifestCommitId=abcdef0"));
        let store = store_of(&idle.collect::<Vec<_>>(), rows.map(row));
        let board = board_of(&store, &Syncs::default());
        let name = |ring: RingSym| store.rings().name(ring).to_owned();
        choose(&store, &board, from, to).map_or("none".to_owned(), |c| {
            let unknown = c.unknown.iter().map(|name| format!(", no {name}")).collect::<String>();
            format!("{} {}{unknown}", name(c.first), name(c.second))
        })
    }

    #[test]
    fn without_a_word() {
        #[track_caller]
        fn check(rings: &str, expect: &str) {
            assert_eq!(draw(rings, None, None), expect, "{rings}");
        }
        check("", "none");
        check("prod", "none");
        check("prod dev", "dev prod");
        check("prod dev qa my-feature", "qa prod");
        check("prod my-feature", "my-feature prod");
        check("one-feature two-feature", "one-feature two-feature");
        check("dev qa -prod", "dev qa");
        check("-dev -qa prod", "qa prod");
    }

    #[test]
    fn what_is_chosen() {
        #[track_caller]
        fn check(from: Option<&str>, to: Option<&str>, expect: &str) {
            assert_eq!(draw("dev qa prod my-feature", from, to), expect, "{from:?} {to:?}");
        }
        check(Some("dev"), Some("prod"), "dev prod");
        check(Some("prod"), Some("dev"), "prod dev");
        check(Some("dev"), None, "dev qa");
        check(Some("prod"), None, "prod qa");
        check(None, Some("qa"), "dev qa");
        check(None, Some("dev"), "qa dev");
        check(None, Some("my-feature"), "prod my-feature");
        check(Some("my-feature"), None, "my-feature prod");
        check(Some("QA"), Some("qa"), "qa qa");
        check(Some("attic"), None, "qa prod, no attic");
        check(Some("attic"), Some("cellar"), "qa prod, no attic, no cellar");
    }
}
