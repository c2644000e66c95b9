//! By what deployments are found: the keys of their rows, and the ids of the page.

use super::{chunk, keys::key_hash, rows::Store, slot::Slot};
use crate::{
    domain::{
        id::{DeploymentId, ProjectName},
        project::ProjectId,
    },
    model::symbols::Sym,
    storage::row::Field,
};

impl Store {
    /// The slot of those keys.
    #[must_use]
    pub fn slot_of(&self, project: ProjectId, partition: &str, key: &str) -> Option<Slot> {
        let key = chunk::kept(key);
        self.find(project, partition, &key, key_hash(project, partition, &key))
    }

    pub(super) fn find(&self, project: ProjectId, partition: &str, key: &str, hash: u64) -> Option<Slot> {
        self.ids.find(hash, |&slot| {
            let at = self.at(slot);
            at.project() == project && at.text(Field::RowKey) == key && at.text(Field::PartitionKey) == partition
        })
    }

    pub(super) fn slot_hash(&self, slot: Slot) -> u64 {
        let at = self.at(slot);
        key_hash(at.project(), at.text(Field::PartitionKey), at.text(Field::RowKey))
    }

    /// The deployment with that public id: the key of its row or of one that is joined with it, or the longer form
    /// where that key is ambiguous.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<Slot> {
        // A row's key has no slash, and a project's name no colon as it stands here.
        let long = id.rsplit_once('/').and_then(|(front, key)| {
            let (name, partition) = front.split_once(':')?;
            let project = self.projects.iter().position(|p| prefix(p) == name)?;
            self.slot_of(ProjectId::at(project), partition, key)
        });
        let partitions = self.symbols_of(Field::PartitionKey);
        let partitions = || std::iter::once(Sym::NONE).chain(partitions.all()).map(|sym| partitions.text(sym));
        let bare = || {
            (0..self.projects.len())
                .map(ProjectId::at)
                .find_map(|p| partitions().find_map(|partition| self.slot_of(p, partition, id)))
        };
        self.shown_with(long.or_else(bare)?)
    }

    fn long_id(&self, slot: Slot) -> String {
        let at = self.at(slot);
        let project = at.project().of(&self.projects).map(prefix).unwrap_or_default();
        format!("{project}:{}/{}", at.text(Field::PartitionKey), at.text(Field::RowKey))
    }

    /// The public id: the row's key alone where the configuration makes it unique.
    #[must_use]
    pub fn id(&self, slot: Slot) -> Option<DeploymentId> {
        let partitions = self.symbols_of(Field::PartitionKey).all().count() + usize::from(self.unpartitioned);
        let plain = self.projects.len() < 2 && partitions < 2;
        if plain {
            DeploymentId::new(self.at(slot).text(Field::RowKey))
        } else {
            DeploymentId::new(&self.long_id(slot))
        }
    }
}

/// A project's name before the colon in an id.
fn prefix(project: &ProjectName) -> String {
    project.as_str().replace('%', "%25").replace(':', "%3A")
}
