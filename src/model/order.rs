//! Sorting, once: every kind of thing that is sorted in its own way costs the program five kilobytes, so all short
//! lists are sorted by their places, with a comparison that is called through a pointer. (The one long list has its
//! own, in `sort`.)

use std::{cmp::Ordering, collections::BTreeSet};

/// The items in the order of `compare`; those that are equal stay as they were.
pub(crate) fn sorted_by<T: Clone>(items: &[T], compare: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let places = places(items.len(), &|a, b| match (items.get(a as usize), items.get(b as usize)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    places.into_iter().filter_map(|place| items.get(place as usize).cloned()).collect()
}

/// The set of these. One that is collected is sorted first, in a way of its own as well.
pub(crate) fn set_of<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    items.into_iter().for_each(|item| {
        set.insert(item);
    });
    set
}

fn places(len: usize, compare: &dyn Fn(u32, u32) -> Ordering) -> Vec<u32> {
    let mut places: Vec<u32> = (0..len as u32).collect();
    places.sort_by(|&a, &b| compare(a, b));
    places
}

#[cfg(test)]
mod tests {
    #[test]
    fn equals_stay_as_they_were() {
        let items = [(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd')];
        assert_eq!(super::sorted_by(&items, |a, b| a.0.cmp(&b.0)), [(1, 'b'), (1, 'd'), (2, 'a'), (2, 'c')]);
    }
}
