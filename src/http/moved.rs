//! Where a service has moved what stands behind an address, as its redirects reported.
//!
//! A request with a secret is not redirected, as that would carry the secret wherever the redirect leads. Where it
//! leads is learnt without the secret; within its own origin the same is then asked there with it.

/// So many places are remembered.
const MOST: usize = 64;

/// Places that have moved within their origin.
#[derive(Debug, Default)]
pub struct Moves {
    /// The begin of addresses before and after.
    all: Vec<(Box<str>, Box<str>)>,
}

/// An address without its query, and that.
fn split(address: &str) -> (&str, &str) {
    address.split_at(address.find(['?', '#']).unwrap_or(address.len()))
}

/// What of a path stands below a place; empty for the place itself.
fn below<'a>(path: &'a str, place: &str) -> Option<&'a str> {
    path.strip_prefix(place).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Moves {
    /// Remembers that one address led to the other: what both end with has not moved.
    pub fn record(&mut self, from: &str, to: &str) {
        let ((from, _), (to, _)) = (split(from), split(to));
        let same = from.bytes().rev().zip(to.bytes().rev()).take_while(|(a, b)| a == b).count();
        let common = from.get(from.len() - same..).unwrap_or_default();
        // Whole segments, and never all of an origin.
        let tail = common.find('/').and_then(|at| common.get(at..)).unwrap_or_default();
        let strip = |address: &str| address.strip_suffix(tail).unwrap_or(address).into();
        let (before, after): (Box<str>, Box<str>) = (strip(from), strip(to));
        let is_origin = before.splitn(4, '/').nth(3).is_none_or(str::is_empty);
        let (before, after) = if is_origin { (from.into(), to.into()) } else { (before, after) };
        self.forget(&before);
        if self.all.len() >= MOST {
            self.all.remove(0);
        }
        self.all.push((before, after));
    }

    /// Where an address has moved to.
    #[must_use]
    pub fn find(&self, address: &str) -> Option<String> {
        let (path, query) = split(address);
        self.all.iter().rev().find_map(|(before, after)| Some([after, below(path, before)?, query].concat()))
    }

    /// Forgets what is known of an address: it is not so any more.
    pub fn forget(&mut self, address: &str) {
        let (path, _) = split(address);
        self.all.retain(|(before, _)| below(path, before).is_none());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_moved_is_found() {
        #[track_caller]
        fn check((from, to): (&str, &str), address: &str, expect: Option<&str>) {
            let mut moves = Moves::default();
            moves.record(from, to);
            assert_eq!(moves.find(address).as_deref(), expect, "{from} → {to}: {address}");
            moves.forget(from);
            assert_eq!(moves.find(address), None);
        }
        let by_number = ("https://h/repos/a/b/actions/runs/1?x", "https://h/repositories/7/actions/runs/1?x");
        check(by_number, "https://h/repos/a/b/commits/c?y=1", Some("https://h/repositories/7/commits/c?y=1"));
        check(by_number, "https://h/repos/a/b", Some("https://h/repositories/7"));
        check(by_number, "https://h/repos/a/bb/commits/c", None);
        check(by_number, "https://h/repos/a/c", None);
        check(
            ("https://h/repos/a/b/runs/1", "https://h/repos/a/d/runs/1"),
            "https://h/repos/a/b/x",
            Some("https://h/repos/a/d/x"),
        );
        // Where nothing of the path would be left, that one address alone.
        check(("https://h/x/y", "https://h/api/x/y"), "https://h/x/y?q", Some("https://h/api/x/y?q"));
        check(("https://h/x/y", "https://h/api/x/y"), "https://h/other", None);
        // A name that begins alike is another's.
        let mut moves = Moves::default();
        moves.record(by_number.0, by_number.1);
        moves.forget("https://h/repos/a/bb/commits/c");
        assert!(moves.find("https://h/repos/a/b/commits/c").is_some());
        // Not the same segment, though it ends alike.
        check(("https://h/a/old-b", "https://h/a/b"), "https://h/a/old-b", Some("https://h/a/b"));
    }

    #[test]
    fn so_many_are_remembered() {
        let mut moves = Moves::default();
        (0..=MOST).for_each(|n| moves.record(&format!("https://h/{n}x/y"), &format!("https://h/{n}z/y")));
        assert_eq!((moves.all.len(), moves.find("https://h/0x/y")), (MOST, None));
        assert_eq!(moves.find("https://h/64x/y").as_deref(), Some("https://h/64z/y"));
    }
}
