//! Numbers by which things lie in tables, a type for each kind of thing: none can be taken for another's.

/// Makes such types. More than 2³² of anything do not fit into the memory of a page.
macro_rules! numbers {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(u32);

        #[allow(dead_code, reason = "not every kind needs all of it")]
        impl $name {
            /// The one at this place.
            #[must_use]
            pub const fn at(place: usize) -> Self {
                Self(place as u32)
            }

            /// Its place.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }

            /// Its entry in a table that has one for each.
            #[must_use]
            pub fn of<T>(self, table: &[T]) -> Option<&T> {
                table.get(self.index())
            }

            /// The same, to change it.
            #[must_use]
            pub fn of_mut<T>(self, table: &mut [T]) -> Option<&mut T> {
                table.get_mut(self.index())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

pub(crate) use numbers;
