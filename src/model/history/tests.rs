use super::*;

fn id(text: &str) -> CommitId {
    CommitId::new(text).unwrap()
}

/// Commits as `child<parent,parent`, each a hexadecimal digit or a few; the ids are those repeated to eight digits.
fn whole(short: &str) -> String {
    format!("{short:0<8}")
}

fn listed(line: &str) -> Vec<Listed> {
    let one = |word: &str| {
        let (child, parents) = word.split_once('<').unwrap_or((word, ""));
        let parents = parents.split(',').filter(|p| !p.is_empty()).map(|p| id(&whole(p))).collect();
        Listed { id: id(&whole(child)), parents, at: Timestamp::parse("2026-11-01T10:00:00Z") }
    };
    line.split_whitespace().map(one).collect()
}

fn history(line: &str) -> History {
    let mut history = History::default();
    history.add_all(&listed(line));
    history
}

/// How one commit stands to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Relation {
    Same,
    Ancestor,
    Descendant,
    Unrelated,
    Unknown,
}

impl History {
    /// How the first commit stands to the second.
    pub(super) fn relation(&self, a: &str, b: &str) -> Relation {
        let (a, b) = match (self.find(a), self.find(b)) {
            (Found::One(a), Found::One(b)) => (a, b),
            (Found::Nothing, Found::Nothing) if is_same_commit(a, b) => return Relation::Same,
            _ => return Relation::Unknown,
        };
        match (self.ancestors(b).within(a), self.ancestors(a).within(b)) {
            _ if a == b => Relation::Same,
            (Within::Yes(_), _) => Relation::Ancestor,
            (_, Within::Yes(_)) => Relation::Descendant,
            (Within::No, Within::No) => Relation::Unrelated,
            _ => Relation::Unknown,
        }
    }
}

fn order(history: &History, tip: &str) -> String {
    let Found::One(tip) = history.find(&whole(tip)) else { panic!("no {tip}") };
    let line = history.ancestors(tip);
    let mut all: Vec<(u32, String)> = Vec::new();
    for node in (0..history.len()).map(Node::at) {
        if let Within::Yes(rank) = line.within(node) {
            all.push((rank, history.id(node).unwrap().as_str().trim_end_matches('0').to_owned()));
        }
    }
    all.sort();
    all.iter().map(|(_, id)| id.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn relations() {
    #[track_caller]
    fn check(line: &str, a: &str, b: &str, expect: Relation) {
        let history = history(line);
        assert_eq!(history.relation(&whole(a), &whole(b)), expect, "{line}: {a} {b}");
        let back = match expect {
            Relation::Ancestor => Relation::Descendant,
            Relation::Descendant => Relation::Ancestor,
            same => same,
        };
        assert_eq!(history.relation(&whole(b), &whole(a)), back, "{line}: {b} {a}");
    }
    use Relation::{Ancestor, Same, Unknown, Unrelated};
    check("c<b b<a a", "a", "c", Ancestor);
    check("c<b b<a a", "b", "b", Same);
    check("", "a", "a", Same);
    check("", "a", "b", Unknown);
    check("c<b b<a a", "d", "c", Unknown); // may be newer than all of it
    check("d<b,c b<a c<a a", "b", "c", Unrelated);
    check("d<b,c b<a c<a a", "c", "d", Ancestor);
    // Behind a missing parent: `a` is named as a parent and has not been read.
    check("c<b b<a", "a", "c", Ancestor);
    check("c<b b<a", "b", "c", Ancestor);
    check("c<a b<a", "b", "c", Unrelated); // what contains it cannot lie behind it
    check("c<a b<f", "b", "c", Unknown); // either may lead to the other
    check("c<a b", "b", "c", Unknown);
    check("d<a,f c<a b<f", "c", "d", Unknown); // behind `f` there may be `c`
    check("d<a,f c<a,f b<a", "c", "d", Unrelated);
    // No history of this world, but it must end.
    assert_eq!(history("a<b b<a").relation(&whole("a"), &whole("b")), Ancestor);
}

#[test]
fn order_is_that_of_landing() {
    #[track_caller]
    fn check(line: &str, tip: &str, expect: &str) {
        assert_eq!(order(&history(line), tip), expect, "{line}");
    }
    check("c<b b<a a", "c", "a b c");
    check("c<b b<a a", "b", "a b");
    // `x` and `y` were made early and merged late.
    check("d<c,ee ee<e e<a c<b b<a a", "d", "a b c e ee d");
    check("d<c,e c<b,f b<a e<b f<a a", "d", "a b f c e d");
    check("c<b", "c", "b c");
}

#[test]
fn a_short_id_means_one_commit_or_nothing() {
    let mut history = History::default();
    let listed = |text: &str| Listed { id: id(text), parents: Vec::new(), at: None };
    history.add_all(&[listed("abcdef01"), listed("abcdef02"), listed("1234567fff")]);
    assert_eq!(history.find("abcdef0"), Found::Many);
    assert_eq!(history.find("ABCDEF02"), Found::One(Node::at(1)));
    assert_eq!(history.find("1234567"), Found::One(Node::at(2)));
    assert_eq!(history.find("1234567fff00"), Found::One(Node::at(2)));
    for nothing in ["123456", "1234567e", "", "no commit", "9999999"] {
        assert_eq!(history.find(nothing), Found::Nothing, "{nothing}");
    }
    assert_eq!(history.relation("abcdef0", "abcdef01"), Relation::Unknown);
    assert_eq!(history.relation("abcdef0", "abcdef0"), Relation::Unknown);
    assert_eq!(history.add("abcdef0"), None);
    // What was known by a short name is the same when its whole one comes.
    assert_eq!(history.add("7777777"), Some(Node::at(3)));
    history.add_all(&[listed("77777770aa")]);
    assert_eq!((history.find("77777770"), history.len()), (Found::One(Node::at(3)), 4));
    assert_eq!(history.find("77777771"), Found::Nothing);
}

#[test]
fn pages_add_up_in_any_order() {
    let pages = ["f<e e<d", "d<c c<b", "b<a a", "9<f,8 8<7 7<d"];
    for first in 0..pages.len() {
        let mut history = History::default();
        for n in 0..pages.len() {
            history.add_all(&listed(pages[(first + n) % pages.len()]));
            history.add_all(&listed(pages[first]));
        }
        history.set_head(&id(&whole("9")));
        assert_eq!(order(&history, "9"), "a b c d e f 7 8 9");
        assert_eq!(history.reaches(), None);
    }
}

#[test]
fn how_far_it_reaches() {
    let mut history = history("d<c c<b");
    assert_eq!((history.reaches(), history.head()), (None, None)); // the branch's head is not known
    assert_eq!(history.set_head(&id("d0000000")), Moved::Forward);
    let (next, at) = history.reaches().unwrap();
    assert_eq!((next.as_str(), at.map(Timestamp::to_rfc3339).as_deref()), ("b0000000", Some("2026-11-01T10:00:00Z")));
    history.add_all(&listed("b<a a"));
    assert_eq!(history.reaches(), None);
}

#[test]
fn a_branch_moves() {
    #[track_caller]
    fn check(known: &str, from: &str, new: &str, to: &str, expect: Moved) {
        let mut history = history(known);
        history.set_head(&id(&whole(from)));
        history.add_all(&listed(new));
        assert_eq!(history.set_head(&id(&whole(to))), expect, "{known}: {from}, {new}: {to}");
    }
    check("b<a a", "b", "", "b", Moved::Same);
    check("b<a a", "b", "c<b", "c", Moved::Forward);
    check("b<a a", "b", "d<c c<b", "d", Moved::Forward);
    check("b<a a", "b", "d<c", "d", Moved::Unknown); // what lies between has not been read
    check("c<b b<a a", "c", "d<b", "d", Moved::Forced);
    check("c<b b<a", "c", "d<b", "d", Moved::Forced); // though nobody knows how it began
    check("c<b b<a a", "c", "", "b", Moved::Forced);
    check("b<a a", "b", "f", "f", Moved::Forced);
}

#[test]
fn a_comparison_bridges_a_gap() {
    let mut history = history("f<e e<d");
    let (old, new) = (id("1110000"), id(&whole("d")));
    assert_eq!(history.relation("1110000", &whole("f")), Relation::Unknown);
    history.add_ancestor(&old, &new);
    assert_eq!(history.relation("1110000", &whole("f")), Relation::Ancestor);
    assert_eq!(order(&history, "f"), "111 d e f");
    // The opposite cannot be true as well.
    history.add_ancestor(&new, &old);
    assert_eq!(history.relation("1110000", &whole("f")), Relation::Ancestor);
    history.add_ancestor(&old, &old);
    assert_eq!(order(&history, "f"), "111 d e f");
}

#[test]
fn ten_thousand_commits_in_a_line() {
    let name = |n: u32| format!("{n:07x}0");
    let all: Vec<Listed> =
        (1..10_000).rev().map(|n| Listed { id: id(&name(n)), parents: vec![id(&name(n - 1))], at: None }).collect();
    let mut history = History::default();
    history.add_all(&all);
    assert_eq!(history.relation(&name(1), &name(9_999)), Relation::Ancestor);
    assert_eq!(history.relation(&name(9_999), &name(0)), Relation::Descendant);
}
