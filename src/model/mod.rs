//! Pure derivations for the views: from rows to journeys, rings, filtered and sorted lists, what is in the window.
//!
//! In reading order: [`fold`] and [`symbols`] are how texts are compared and kept, [`store`] keeps a hundred thousand
//! deployments in a few bytes each, [`overlay`] lays what forges reported over a row, [`journey`] derives the state
//! from that and [`assemble`] makes a deployment of it, [`query`], [`filter`] and [`select`] decide which rows are shown,
//! [`sort`] in which order, [`history`] which manifest commit contains which, [`sync`] and [`cluster_state`] what
//! clusters have of them, [`rings`] what runs where, [`compare`] and [`trace`] how two rings differ and where a change
//! is, [`kept`] by what things are known across changes, [`timeline`] and [`ships`] where a deployment's time went and what it changes, [`window`] which of them are
//! drawn. Nothing here makes requests: that is `engine`.

pub mod cluster_state;
pub mod column;
pub mod compare;
pub mod export;
pub mod filter;
pub mod fold;
pub mod history;
pub mod kept;
pub mod last_drawn;
pub mod live;
pub(crate) mod order;
pub mod pattern;
pub mod query;
pub mod rings;
pub mod select;
pub mod ships;
pub mod sort;
pub mod store;
pub mod suggest;
pub mod summary;
pub mod symbols;
pub mod sync;
pub mod timeline;
pub mod trace;
pub mod window;
pub mod wording;

pub use self::store::{assemble, journey, overlay};
