//! Forges that are not there: Azure DevOps, GitHub and GitLab as far as Ringside reads them, over a made-up world.
//!
//! ```text
//!   world    what happens when: commits, runs, pull requests, the rows that pipelines write of them, and what
//!     │        clusters make of it
//!     │        seeded: as chance has it · story: a dozen rows by hand · truth: what a viewer should see
//!     ▼
//!   azure_devops  github  gitlab     what each service reports of it, to a call
//!     ▲
//!   gate     tokens, limits, counts, and the list of calls that no real service would have understood
//! ```
//!
//! Everything is a function of the world, the call and `now`, but for the gate's counts. None of it shares a line with
//! the adapters it is there to test: the shapes are written down a second time, from the services' documentation.
//! What can go wrong on the way (late, twice, never, half a body, a proxy's web page) is the caller's business.

pub(crate) mod azure_devops;
pub(crate) mod call;
pub(crate) mod gate;
pub(crate) mod github;
pub(crate) mod gitlab;
pub(crate) mod world;

use call::{Answer, Call};
use gate::Gate;
use world::{Forge, Millis, World};

/// All forges of a world, and who may ask them what.
pub(crate) struct Forges {
    pub(crate) world: World,
    pub(crate) gate: Gate,
}

impl Forges {
    pub(crate) fn new(world: World) -> Self {
        Self { world, gate: Gate::default() }
    }

    /// What a forge answers to a call, as a browser on any other origin gets it.
    pub(crate) fn answer(&mut self, forge: Forge, call: &Call, now: Millis) -> Answer {
        self.gate.count(forge);
        if call.method == "OPTIONS" {
            return gate::preflight(forge, call, &mut self.gate);
        }
        let answer = match forge {
            Forge::AzureDevOps => azure_devops::answer(&self.world, &mut self.gate, call, now),
            Forge::GitHub => github::answer(&self.world, &mut self.gate, call, now),
            Forge::GitLab => gitlab::answer(&self.world, &mut self.gate, call, now),
        };
        gate::shown(forge, answer)
    }
}
