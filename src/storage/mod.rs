//! Where the rows are.
//!
//! One file per kind of storage, each with a `request_x` for every answer that it opens, and none performing IO. What
//! all kinds share is the row itself, [`row::Row`], and the page of rows that is read in steps, [`page::RowsPage`].
//! Nothing here depends on what a row *means*: that is `model::journey`.

pub mod azure_table;
mod json;
pub mod page;
pub mod row;
pub mod rows;
pub mod sample;
pub mod sas;
pub mod snapshot;
pub mod span;
