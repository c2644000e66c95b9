//! What people see; every decision is made in `model` and `engine`.
//!
//! `state` derives from signals what each view shows. A view in `view` is a function from that to [`html::Html`], which
//! `patch` makes the document equal to; what its elements are for is an [`action::Action`], which `dispatch`
//! carries out. `html`, `action` and `view` know no browser and are tested without one.

pub mod action;
pub mod html;
pub mod view;

#[cfg(target_arch = "wasm32")]
mod app;
#[cfg(target_arch = "wasm32")]
mod commands;
#[cfg(target_arch = "wasm32")]
mod dispatch;
#[cfg(target_arch = "wasm32")]
mod keyboard;
#[cfg(target_arch = "wasm32")]
mod measure;
#[cfg(target_arch = "wasm32")]
mod modules;
#[cfg(target_arch = "wasm32")]
mod patch;
#[cfg(target_arch = "wasm32")]
mod search;
#[cfg(target_arch = "wasm32")]
mod shell;
#[cfg(target_arch = "wasm32")]
mod state;

#[cfg(target_arch = "wasm32")]
pub use app::mount;
