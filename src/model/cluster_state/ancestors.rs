//! What commits contain, found once for each of them: reports by the hundred name the same few.

use std::{cell::RefCell, sync::Arc};

use crate::{
    domain::project::ProjectId,
    model::history::{AncestorSet, History, Node},
};

/// The ancestors of a project's commits, as far as they were needed.
pub(super) struct Ancestors<'h> {
    pub project: ProjectId,
    pub history: &'h History,
    /// By commit.
    found: RefCell<Vec<Option<Arc<AncestorSet>>>>,
}

impl<'h> Ancestors<'h> {
    pub(super) fn new(project: ProjectId, history: &'h History) -> Self {
        Self { project, history, found: RefCell::new(vec![None; history.len()]) }
    }

    pub(super) fn of(&self, node: Node) -> Arc<AncestorSet> {
        let mut found = self.found.borrow_mut();
        let Some(found) = node.of_mut(&mut found) else { return Arc::default() };
        Arc::clone(found.get_or_insert_with(|| Arc::new(self.history.ancestors(node))))
    }
}
