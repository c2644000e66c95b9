//! What the engine needs of the part that asks forges. It may come later than the rest: its code is large, and the
//! first rows need none of it.

use std::{fmt::Debug, time::Duration};

use super::{
    backoff::Random,
    cache::CacheWrite,
    request_id::{RequestId, RequestIds},
    visible_set::VisibleSet,
};
use crate::{
    domain::{id::CommitId, link::Link, manifests::BranchEnd, problem::Problem, project::ProjectId, time::Timestamp},
    http::{NetError, Origin, Request, Response, secret::Secret},
    model::{
        store::{Slot, Store},
        sync::Syncs,
    },
};

/// What asking whether a credential works came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CredentialTest {
    /// No answer yet.
    Running,
    /// It works; in words, and whose it is, where that is known.
    Passed(String, Option<Box<str>>),
    /// It does not.
    Failed {
        /// What is wrong.
        what: String,
        /// What to do.
        hint: String,
    },
}

/// How many requests are left, and when there are more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RemainingRequests {
    /// Requests left.
    pub remaining: u32,
    /// When there are more again.
    pub reset: Option<Timestamp>,
}

/// What of the inputs concerns forges.
#[derive(Debug)]
pub enum ForgeInput {
    /// An origin has a credential, or none any more.
    Credential(Origin, Option<Secret>),
    /// Somebody wants to know whether an origin's credential is good.
    TestCredential(Origin),
    /// What somebody sees now.
    VisibleSet(VisibleSet),
    /// What the browser kept from earlier visits. Nothing is asked before.
    CachedFacts(Vec<(String, Vec<u8>)>),
    /// What the browser keeps is to be thrown away.
    ClearCache,
    /// How often what may change is asked for again; `None` is by hand.
    RefreshInterval(Option<Duration>),
    /// All that is visible and may have changed is to be asked for anew.
    Refresh,
    /// What failed for want of a network need wait no longer.
    NetworkIsBack,
}

impl ForgeInput {
    /// Whether an earlier input of this kind means nothing any more once this one has come.
    const fn replaces_earlier(&self) -> bool {
        matches!(self, Self::VisibleSet(_) | Self::RefreshInterval(_) | Self::Refresh | Self::NetworkIsBack)
    }
}

/// What forges have of visible deployments: what to request next, and what an answer changes.
pub trait Forges: Debug {
    /// Takes in what has happened.
    fn handle_input(&mut self, input: ForgeInput, store: &Store);
    /// Decides what is wanted, and lays what is known over the rows. Whether anything that is shown has changed.
    fn plan(&mut self, now: Timestamp, store: &mut Store, syncs: &mut Syncs) -> bool;
    /// Requests to send now. None while nobody looks or there is no network.
    fn poll(&mut self, now: Timestamp, is_awake: bool, ids: &mut RequestIds) -> Vec<(RequestId, Request)>;
    /// Whether answers are awaited to questions of what is not known at all.
    fn is_loading(&self) -> bool;
    /// Whether a request is one of [`Forges::poll`] that waits for its answer.
    fn is_in_flight(&self, id: RequestId) -> bool;
    /// Takes an answer in. Whether anything that is shown has changed.
    fn apply_answer(
        &mut self,
        id: RequestId,
        result: Result<Response, NetError>,
        now: Timestamp,
        store: &mut Store,
        syncs: &mut Syncs,
        random: &mut Random,
    ) -> bool;
    /// When there is something to do if no answer comes before, as of the last [`Forges::poll`].
    fn wake_at(&self) -> Option<Timestamp>;
    /// What the browser is to keep, and to throw away.
    fn take_cache_writes(&mut self, now: Timestamp) -> Vec<CacheWrite>;
    /// How many facts the browser keeps.
    fn count_cached(&self) -> usize;
    /// What is wrong with the origins that visible deployments need.
    fn problems(&self, now: Timestamp) -> Vec<Problem>;
    /// What is wrong with one origin.
    fn origin_problems(&self, origin: &Origin, now: Timestamp) -> Vec<Problem>;
    /// What the last test of an origin's credential came to.
    fn credential_test(&self, origin: &Origin) -> Option<CredentialTest>;
    /// How many requests an origin has left, as far as that is known.
    fn remaining_requests(&self, origin: &Origin) -> Option<RemainingRequests>;
    /// What became of the branch that a deployment was built from, where that is known.
    fn branch_end(&self, slot: Slot, store: &Store) -> Option<BranchEnd>;
    /// Where to see a commit of a project's manifests.
    fn manifest_link(&self, project: ProjectId, id: &CommitId) -> Option<Link>;
    /// The forge's page with what lies between the sources of two deployments, the older first.
    fn compare_link(&self, store: &Store, old: Slot, new: Slot) -> Option<Link>;
}

/// The part that asks forges, or what it is to be given when it comes.
#[derive(Debug)]
pub(super) enum ForgesOrLater {
    There(Box<dyn Forges>),
    Later(Vec<ForgeInput>),
}

impl ForgesOrLater {
    pub(super) fn get(&self) -> Option<&dyn Forges> {
        match self {
            Self::There(forges) => Some(forges.as_ref()),
            Self::Later(_) => None,
        }
    }

    pub(super) fn get_mut(&mut self) -> Option<&mut dyn Forges> {
        match self {
            Self::There(forges) => Some(forges.as_mut()),
            Self::Later(_) => None,
        }
    }

    pub(super) fn handle_input(&mut self, input: ForgeInput, store: &Store) {
        match self {
            Self::There(forges) => forges.handle_input(input, store),
            Self::Later(inputs) => {
                if input.replaces_earlier() {
                    let kind = std::mem::discriminant(&input);
                    inputs.retain(|earlier| std::mem::discriminant(earlier) != kind);
                }
                inputs.push(input);
            }
        }
    }

    /// The part has come: it is given the inputs from before.
    pub(super) fn attach(&mut self, mut forges: Box<dyn Forges>, store: &Store) {
        if let Self::Later(inputs) = self {
            inputs.drain(..).for_each(|input| forges.handle_input(input, store));
        }
        *self = Self::There(forges);
    }
}
