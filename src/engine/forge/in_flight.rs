//! Requests that were sent and whose answers are awaited.

use super::origin::{CredentialCheck, OriginId};
use crate::{
    domain::time::Timestamp,
    engine::request_id::RequestId,
    forge::{Call, ResourceKey},
};

/// What a request asks.
#[derive(Clone, Debug)]
pub(super) enum RequestKind {
    /// Resources that are wanted.
    Call(Call),
    /// Whether a credential is good.
    Credential(CredentialCheck),
}

impl RequestKind {
    /// The resources it asks for.
    pub(super) fn keys(&self) -> &[ResourceKey] {
        match self {
            Self::Call(call) => call.keys(),
            Self::Credential(_) => &[],
        }
    }
}

#[derive(Debug)]
pub(super) struct PendingRequest {
    pub(super) id: RequestId,
    pub(super) origin: OriginId,
    /// The origin's epoch when it was sent: an answer to an old credential is no evidence of the new.
    pub(super) epoch: u32,
    pub(super) sent: Timestamp,
    pub(super) kind: RequestKind,
    /// It asks for what is known, and may have changed.
    pub(super) is_repeat: bool,
}

#[derive(Debug, Default)]
pub(super) struct InFlight {
    all: Vec<PendingRequest>,
}

impl InFlight {
    pub(super) fn add(&mut self, request: PendingRequest) {
        self.all.push(request);
    }

    /// Whether the answer to that request is awaited here.
    pub(super) fn has(&self, id: RequestId) -> bool {
        self.all.iter().any(|request| request.id == id)
    }

    /// The request of that number, which is no longer awaited.
    pub(super) fn take(&mut self, id: RequestId) -> Option<PendingRequest> {
        let index = self.all.iter().position(|request| request.id == id)?;
        Some(self.all.swap_remove(index))
    }

    /// Whether something is asked for that is not known at all.
    pub(super) fn is_loading(&self) -> bool {
        let is_new = |request: &PendingRequest| matches!(request.kind, RequestKind::Call(_)) && !request.is_repeat;
        self.all.iter().any(is_new)
    }

    /// Calls to an origin.
    pub(super) fn calls_to(&self, origin: OriginId) -> Vec<&Call> {
        let of_origin = self.all.iter().filter(|request| request.origin == origin);
        let calls = of_origin.filter_map(|request| match &request.kind {
            RequestKind::Call(call) => Some(call),
            RequestKind::Credential(_) => None,
        });
        calls.collect()
    }
}
