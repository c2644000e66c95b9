//! What forges have: runs, commits, pull requests. One folder a forge, which owns its protocol: its words, addresses
//! and shapes are private to it.
//!
//! The engine has [demands](Demand), which [`plan`] turns into as few opaque [calls](Call) as the forge allows, and
//! [facts](ParsedAnswer), which [`read`] makes of a call's answer. What differs between forges and matters to when and
//! what is asked is data: [`Capabilities`]. Nothing here performs IO or decides when something is asked.
//!
//! How much one call asks for differs: a hundred builds in one request of Azure DevOps, fifty things of everything in
//! one of GitHub's GraphQL, one pipeline a request of GitLab.

mod adapters;
mod answer;
mod azure_devops;
mod call;
mod capabilities;
pub mod connections;
mod demand;
mod explain;
mod github;
mod gitlab;
mod key;
mod limits;
mod owner;
mod references;

pub use self::{
    adapters::{
        approvals_of_run, branch, capabilities, commit_link, compare_link, explain, is_bundle, is_outage, limits,
        not_found, origins, parse_test, plan, read, repository_name, request, request_test, secret_for,
    },
    call::Call,
    capabilities::{Anonymous, BucketSize, Capabilities, PartsCalls, Reads, TokenScope},
    demand::{Demand, NotFound, ParsedAnswer, PlanContext},
    key::{RepoId, RepoResource, Repositories, Resource, ResourceKey},
    limits::Limits,
    owner::{parse_owner, request_owner},
    references::{KnownFacts, ProjectForges, RowNames, RowReferences},
};

#[cfg(test)]
mod tests;
