//! What a deployment changes in its ring: the version that it follows there, and those between.

use super::{
    journey::Word,
    rings::{Cell, is_same_version},
    store::{Slot, Store},
    sync::Syncs,
};
use crate::domain::deployment::Status;

/// What a deployment changes in its ring.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shipment {
    /// What the ring ran before it, or runs now if it has not come yet.
    pub base: Slot,
    /// It goes back to a version that the ring ran before that.
    pub is_back: bool,
    /// The versions since, the newest first, this one among them.
    pub versions: Vec<Slot>,
}

/// `same_ring` is all of the same service and ring, the newest first. `None` where nothing ran there before, or that is
/// not known.
#[must_use]
pub fn shipment(store: &Store, syncs: &Syncs, same_ring: &[Slot], slot: Slot) -> Option<Shipment> {
    let at = store.at(slot);
    let cell = Cell::of(store, syncs, (at.project(), at.ring()), same_ring, None);
    let history = cell.history();
    let place = history.iter().position(|&ran| ran == slot);
    let is_later = |other: Slot| store.at(slot).updated() > store.at(other).updated();
    let base = match place {
        Some(n) => history.get(n + 1).copied()?,
        None => cell.running.filter(|&running| running != slot && is_later(running))?,
    };
    if is_same_version(store, base, slot) {
        return None;
    }
    let before = history.iter().position(|&ran| ran == base).map_or(0, |n| n + 1);
    let is_back = history.get(before..).unwrap_or_default().iter().any(|&ran| is_same_version(store, ran, slot));
    let versions = if is_back { Vec::new() } else { between(store, same_ring, base, slot) };
    Some(Shipment { base, is_back, versions })
}

/// One a version, of those that came after `base` and not after `slot`: of its branch, wherever they went; where no
/// branch is known, of its ring.
fn between(store: &Store, same_ring: &[Slot], base: Slot, slot: Slot) -> Vec<Slot> {
    let service = |slot: Slot| {
        let at = store.at(slot);
        (at.project(), store.service(slot))
    };
    let branch = store.at(slot).branch();
    let is_of_branch = |other: &Slot| service(*other) == service(slot) && store.at(*other).branch() == branch;
    let candidates: Vec<Slot> = match branch {
        "" => same_ring.to_vec(),
        _ => store.by_time().iter().copied().filter(is_of_branch).collect(),
    };
    let (begin, end) = (store.at(base).updated(), store.at(slot).updated());
    let mut versions: Vec<Slot> = Vec::new();
    for other in candidates {
        let updated = store.at(other).updated();
        let is_new = !versions.iter().chain([&base]).any(|&known| is_same_version(store, known, other));
        if updated > begin && updated <= end && is_new && has_image(store, other) {
            versions.push(other);
        }
    }
    versions
}

/// Whether it can ship: what was not built has no image, and its commits are in the next one.
fn has_image(store: &Store, slot: Slot) -> bool {
    let [build, ..] = store.at(slot).stages().runs;
    !matches!(build.word, Word::Known(Status::Failed | Status::Canceled))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::rows::{empty_store, row};
    use crate::{domain::project::ProjectId, model::timeline::of_same_service_and_ring};

    /// Rows `ring version branch`, one an hour from midnight on, all published but those whose version begins with `!`,
    /// of which the build failed; the last one is asked about.
    fn of(rows: &[&str], asked: usize) -> Option<(String, bool, Vec<String>)> {
        let mut store = empty_store(&[]);
        let put = |(n, texts): (usize, &&str)| {
            let [ring, version, branch] = texts.split(' ').collect::<Vec<_>>().try_into().unwrap();
            let end = format!("2026-11-23T{n:02}:00:00Z");
            let became = match version.strip_prefix('!') {
                Some(version) => format!("imageTag={version} p1=1 p1Status=failed p1End={end}"),
                None => format!("imageTag={version} p3=1 p3End={end} manifestCommitId=abcdef{n}"),
            };
            store.put(ProjectId::at(0), &row(&format!("{n} service=api env={ring} branch={branch} {became}"))).0
        };
        let slots: Vec<Slot> = rows.iter().enumerate().map(put).collect();
        store.rebuild();
        let mut syncs = Syncs::default();
        syncs.rebuild(&store);
        let same = of_same_service_and_ring(&store, slots[asked]);
        let tag = |slot: Slot| store.at(slot).image().to_owned();
        let shipment = shipment(&store, &syncs, &same, slots[asked])?;
        Some((tag(shipment.base), shipment.is_back, shipment.versions.into_iter().map(tag).collect()))
    }

    #[test]
    fn what_ships() {
        #[track_caller]
        fn check(rows: &[&str], asked: usize, expect: Option<(&str, bool, &[&str])>) {
            let expect = expect.map(|(base, is_back, versions)| {
                (base.to_owned(), is_back, versions.iter().map(|&v| v.to_owned()).collect())
            });
            assert_eq!(of(rows, asked), expect, "{rows:?} {asked}");
        }
        check(&["dev 1 main"], 0, None);
        check(&["dev 1 main", "dev 2 main"], 1, Some(("1", false, &["2"])));
        check(&["dev 1 main", "dev 2 main"], 0, None);
        // What went to other rings meanwhile ships as well, if it is of the branch.
        let promoted = ["prod 1 main", "dev 2 main", "dev x other", "dev 3 main", "prod 3 main"];
        check(&promoted, 4, Some(("1", false, &["3", "2"])));
        let bare = ["prod 1 ", "dev 2 ", "prod 3 "];
        check(&bare, 2, Some(("1", false, &["3"])));
        check(&["dev 1 main", "dev 2 main", "dev 1 main"], 2, Some(("2", true, &[])));
        check(&["dev 1 main", "dev 1 main"], 1, None);
        check(&["dev 1 main", "dev !2 main", "dev 3 main"], 2, Some(("1", false, &["3"])));
    }
}
