//! JSON of services' answers: a tree that borrows its texts and keeps numbers as they are written, none of them ever a
//! float.
//!
//! What is read of it is declared by [`wire`]: one list of fields, by which small shared functions read. It accepts
//! what serde's derives accept, but for objects written as lists, and values nested deeper than 127 in what nobody
//! reads.

#[cfg(any(test, fuzzing))]
#[allow(unreachable_pub, reason = "only a fuzz target uses it from outside")]
pub mod against_serde;
mod read;
mod scan;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use read::{Faults, FromJson, Members, Text, from_json, from_str};
pub(crate) use scan::{Fault, Json, Object};
pub(crate) use write::{quoted, write_text};

/// Declares structs that are read from JSON objects. A member has its field's name, or the one behind `=`. One that is
/// an `Option` may be null or missing; any other must be there.
macro_rules! wire {
    ($(
        $(#[$about:meta])* $visible:vis struct $name:ident $(<$life:lifetime>)? {
            $( $(#[$of_field:meta])* $sees:vis $field:ident: $type:ty $(= $key:literal)? ),* $(,)?
        }
    )*) => { $(
        $(#[$about])* $visible struct $name $(<$life>)? { $( $(#[$of_field])* $sees $field: $type ),* }
        $crate::json::wire!(@read ($name $(<$life>)?) $( $field ($($key)?) )*);
    )* };
    (@read ($name:ident) $($fields:tt)*) => { $crate::json::wire!(@impl 'json ($name) $($fields)*); };
    (@read ($name:ident <$life:lifetime>) $($fields:tt)*) => { $crate::json::wire!(@impl $life ($name<$life>) $($fields)*); };
    (@impl $life:lifetime ($name:ty) $( $field:ident ($($key:literal)?) )*) => {
        impl<$life> $crate::json::FromJson<$life> for $name {
            fn read(json: &$crate::json::Json<$life>, faults: &mut $crate::json::Faults) -> Self {
                let members = json.members(faults);
                Self { $( $field: members.field($crate::json::wire!(@key $field $($key)?), faults) ),* }
            }
        }
    };
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
}
pub(crate) use wire;
