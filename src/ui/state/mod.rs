//! The state of the page: the engine behind it, the address in front of it, and what is derived from both.
//!
//! Assumes one thread, as the browser has. The engine and whatever else is not a plain value lives in local storage of
//! the reactive system, so that [`App`] is `Copy` and goes into every closure. [`app`] holds what is behind the views,
//! `parts` what each part of the page keeps, [`views`] all that views are made of; the other files derive what each
//! view shows, and nothing here imports them.

pub(super) mod app;
mod badge;
mod banners;
pub(super) mod board;
mod cell;
pub(super) mod changes;
mod columns;
pub(super) mod connected;
mod connections;
mod credentials;
pub(super) mod details;
mod export;
mod follow;
pub(super) mod kiosk;
mod load;
mod modules;
mod nothing;
pub(super) mod notify;
pub(super) mod parts;
pub(super) mod prefs;
mod recent;
pub(super) mod related;
mod run_engine;
pub(super) mod saved;
pub(super) mod setup;
pub(super) mod sign_in;
pub(super) mod sign_ins;
mod strip;
mod sums;
mod tab;
mod table;
mod traced;
pub(super) mod views;
