//! Which code that comes later is there, and what is wrong with what does not come.

use crate::domain::problem::Problem;

/// Code that comes later.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Module {
    Forges,
    Pages,
}

/// Which modules are there or on their way, and what is wrong with those that do not come.
#[derive(Clone, Default)]
pub(super) struct Modules {
    pub(super) asked: Vec<Module>,
    pub(super) missing: Vec<(Module, Problem)>,
}

impl Modules {
    pub(super) fn problems(&self) -> impl Iterator<Item = Problem> {
        self.missing.iter().map(|(_, problem)| problem.clone())
    }
}
