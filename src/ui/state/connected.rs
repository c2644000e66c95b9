//! How each of the origins is that the page asks.

use crate::{
    domain::{problem::Problem, time::Timestamp},
    engine::forge::{CredentialTest, RemainingRequests},
};

/// How one origin stands.
#[derive(Clone, PartialEq, Debug, Default)]
pub(in crate::ui) struct OriginStatus {
    pub tested: Option<CredentialTest>,
    pub left: Option<RemainingRequests>,
    pub problems: Vec<Problem>,
    /// When it last answered, and how many milliseconds that took.
    pub answered: Option<(Timestamp, u32)>,
}

/// How all stand, in the order of the configuration, and what is kept. Compared as a whole.
#[derive(Clone, PartialEq, Debug, Default)]
pub(in crate::ui) struct Connected {
    pub origins: Vec<OriginStatus>,
    /// When the table of each project last answered.
    pub tables: Vec<Option<(Timestamp, u32)>>,
    pub kept: usize,
}

impl Connected {
    /// Whose a token is that has just been tested.
    pub(in crate::ui) fn owner(&self) -> Option<Box<str>> {
        self.origins.iter().find_map(|status| match &status.tested {
            Some(CredentialTest::Passed(_, owner)) => owner.clone(),
            _ => None,
        })
    }
}
