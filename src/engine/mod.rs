//! What to request next, and what an answer changes. Pure: it is given the clocks, takes inputs, returns outputs.
//!
//! The loop around it (`ui/state/run_engine.rs` in the page, a simulation in the tests) is always the same: whatever
//! happens goes to [`Engine::handle_input`]; then what [`Engine::poll_output`] returns is done, until it is
//! [`Output::Wait`].
//!
//! ```
//! use ringside::{config::parse::parse, domain::time::Timestamp, engine::{Engine, Input, Output}, http::NetError};
//!
//! let json = r#"{ "projects": [{ "name": "trivia", "storage": { "kind": "snapshot", "url": "rows.json" } }] }"#;
//! let (config, _) = parse(json).unwrap();
//! let mut engine = Engine::new(&config, "https://page.example", 1);
//! let now = Timestamp::from_millis(1_795_000_000_000);
//!
//! engine.handle_input(Input::Timer, now);
//! let Output::Send(id, request) = engine.poll_output() else { panic!("it reads the rows first") };
//! assert_eq!(request.address(), "rows.json");
//! assert!(matches!(engine.poll_output(), Output::Wait(_)));
//!
//! engine.handle_input(Input::Response(id, Err(NetError::Offline)), now);
//! assert_eq!(engine.problems().len(), 1);
//! ```
//!
//! One [`rows::Reader`] a project reads its rows, [`forge`], which may come later, asks what became of what they name,
//! [`cache`] keeps what never changes; [`coordinator`] composes them, and [`status`] sums up how it goes.

pub mod backoff;
pub mod cache;
mod clock;
mod coordinator;
pub mod forge;
mod forges;
mod message;
mod request_id;
pub mod rows;
mod status;
mod visible_set;

pub use self::{
    coordinator::Engine,
    forges::Forges,
    message::{Input, Output},
    request_id::RequestId,
    status::Progress,
    visible_set::VisibleSet,
};
