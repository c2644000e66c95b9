//! What forges have of manifest repositories: where clusters are, and in which order commits came. And of the
//! repositories of sources: which branches have ended, and how many commits lie between two versions.
//!
//! Asked only while a deployment of the project is visible. Where the branch is, its tags and the statuses of its
//! newest commits are asked anew with every refresh; the order of commits is asked once, page by page, as far back as
//! what is visible needs it and the limits of [`agent`] allow, and kept by commit, since it never changes. With a
//! token one call has all that clusters report of a repository, where its forge can.
//!
//! [`export`] hands to [`Syncs`] what was learnt; nothing here decides what a cluster runs.

mod agent;
mod demands;
mod environments;
mod export;
mod lists;

pub(super) use self::{agent::ManifestAgent, export::branch_end};
