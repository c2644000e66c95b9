//! What somebody sees, which is all that forges are asked about.

use crate::model::store::Slot;

/// What somebody sees.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct VisibleSet {
    /// Deployments on screen, the first ones first: rows of the table, and the one whose details are open.
    pub screen: Vec<Slot>,
    /// What comes next in that list: a request that has room left asks for it too, and none is made for it alone.
    pub next: Vec<Slot>,
    /// Deployments that the rings show.
    pub board: Vec<Slot>,
    /// Deployments of whose branches it is to be known whether they have ended: the newest of each feature ring.
    pub branches: Vec<Slot>,
    /// Pairs of deployments of one service, the older first, of whose source the commits between are to be counted.
    pub spans: Vec<(Slot, Slot)>,
    /// What is seen depends on what clusters have, whatever that is: a filter asks for it.
    pub by_cluster: bool,
}
