//! Requests and answers as plain values, so that everything but sending them can be tested without a network.
//!
//! A [`Request`] is always a read, also where a service wants its question as the body of a POST, or the exchange of a
//! code for a token. Its secret is a part of its own: it is bound to an [`Origin`], it is added only by
//! [`Request::address_with_secret`], [`Request::body_with_secret`] and [`Request::secret_header`] (which `web` alone
//! calls), and nothing prints it.

pub mod address;
mod encoding;
mod error;
pub mod moved;
mod origin;
mod request;
mod response;
pub mod secret;

pub use self::{
    encoding::{decode, encode},
    error::{ApiError, NetError, REDIRECTED, TOO_LARGE},
    origin::Origin,
    request::{ANSWER_BYTES, AuthScheme, Request},
    response::{MOVED_TO, Page, Response},
};
