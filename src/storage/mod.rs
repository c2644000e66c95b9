//! Where the rows are.
//!
//! One file per kind of storage, each with a `request_x` for every `parse_x` and neither performing IO. What all
//! kinds share is the row itself, [`row::Row`]. Nothing here knows what a row *means*: that is `model::journey`.

pub mod azure_table;
pub mod row;
pub mod sas;
pub mod snapshot;
