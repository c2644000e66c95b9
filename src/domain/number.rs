//! Numbers by which things lie in tables, a type for each kind of thing: none can be taken for another's.

/// Makes such types. More than 2³² of anything do not fit into the memory of a page.
macro_rules! numbers {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        // One more than the place, so that where there may be none it takes no more memory.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(std::num::NonZeroU32);

        #[allow(dead_code, reason = "not every kind needs all of it")]
        impl $name {
            /// The one at this place.
            #[must_use]
            pub const fn at(place: usize) -> Self {
                Self(std::num::NonZeroU32::MIN.saturating_add(place as u32))
            }

            /// Its place.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0.get() as usize - 1
            }

            /// Its entry in a table that has one for each.
            #[must_use]
            pub fn of<T>(self, table: &[T]) -> Option<&T> {
                #[cfg(test)]
                $crate::domain::number::lookups::note(1);
                table.get(self.index())
            }

            /// The same, to change it.
            #[must_use]
            pub fn of_mut<T>(self, table: &mut [T]) -> Option<&mut T> {
                #[cfg(test)]
                $crate::domain::number::lookups::note(1);
                table.get_mut(self.index())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.index().fmt(f)
            }
        }
    )+};
}

pub(crate) use numbers;

/// How often something was looked up by its number, in tests: where a pass is made over all of many things, it shows.
#[cfg(test)]
pub(crate) mod lookups {
    use std::cell::Cell;

    thread_local! {
        static COUNT: Cell<usize> = const { Cell::new(0) };
    }

    pub(crate) fn note(more: usize) {
        COUNT.with(|count| count.set(count.get() + more));
    }

    /// How often `act` looks something up.
    pub(crate) fn during(act: impl FnOnce()) -> usize {
        let before = COUNT.with(Cell::get);
        act();
        COUNT.with(Cell::get) - before
    }
}

#[cfg(test)]
mod tests {
    use crate::{domain::project::ProjectId, model::store::Slot};

    #[test]
    fn a_number_takes_four_bytes_also_where_there_may_be_none() {
        assert_eq!((size_of::<Slot>(), size_of::<Option<Slot>>(), size_of::<ProjectId>()), (4, 4, 4));
        for place in [0, 255, 256, 70_000] {
            assert_eq!((Slot::at(place).index(), Slot::at(place).to_string()), (place, place.to_string()));
        }
    }
}
