//! The only browser IO: sending requests, the clock, what the device keeps, the page around us.
//!
//! Nothing here decides anything. What to send and when is `engine`'s; what to draw is `ui`'s.

pub mod cache;
pub mod clock;
pub mod dom;
pub mod fetch;
pub mod page;
pub mod sign_in;
pub mod storage;
