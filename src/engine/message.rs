//! What goes into the engine, and what comes out of it.

use std::time::Duration;

use super::{cache::CacheWrite, forges::Forges, request_id::RequestId, visible_set::VisibleSet};
use crate::{
    domain::{project::ProjectId, time::Timestamp},
    http::{NetError, Origin, Request, Response, secret::Secret},
    model::store::Delta,
};

/// What has happened outside.
#[derive(Debug)]
pub enum Input {
    /// Time has passed: the moment of [`Output::Wait`] has come, or somebody wants the views to be up to date.
    Timer,
    /// The answer to a request. One that was given up is ignored.
    Response(RequestId, Result<Response, NetError>),
    /// Whether the page can be seen. Nothing is refreshed while it cannot.
    Visibility(bool),
    /// Whether the device has a network.
    Network(bool),
    /// How often to refresh; `None` is by hand.
    RefreshInterval(Option<Duration>),
    /// Somebody asks by hand for everything anew: what changed, and what has been deleted.
    Refresh,
    /// Only these projects are read, and what is under way for others is given up. An empty list is all of them.
    Projects(Vec<String>),
    /// A project's storage has a credential, or none any more, and starts over with it.
    StorageCredential(ProjectId, Option<Secret>),
    /// An origin of forges has a credential, or none any more.
    ForgeCredential(Origin, Option<Secret>),
    /// Somebody wants to know whether an origin's credential is good, which takes one harmless request.
    TestCredential(Origin),
    /// What somebody sees now: forges are asked about nothing else.
    VisibleSet(VisibleSet),
    /// What the browser kept from earlier visits: chunks by name, none where it keeps nothing. No forge is asked
    /// before.
    CachedFacts(Vec<(String, Vec<u8>)>),
    /// What the browser keeps of finished work is to be thrown away.
    ClearCache,
    /// The part that asks forges has come. Until then only rows are read, and what concerns forges waits for it.
    Forges(Box<dyn Forges>),
}

/// What is to be done outside.
#[derive(Debug)]
#[must_use = "an output that is dropped is never carried out"]
pub enum Output {
    /// Send this, and bring the answer.
    Send(RequestId, Request),
    /// Nobody wants that answer any more.
    Abort(RequestId),
    /// Keep this for the next visit, or keep it no longer.
    Persist(CacheWrite),
    /// The views have to follow what has changed. This comes only after [`Input::Timer`]: it may take the views long,
    /// so that it gets a task of its own, and one for all that came meanwhile.
    Publish(Delta),
    /// There is nothing to do before this moment of the wall clock, as it was at the last input, or before another
    /// input.
    Wait(Option<Timestamp>),
}
