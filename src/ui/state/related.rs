//! What is derived from all deployments for one of them.

use crate::{
    model::{cluster_state::CellCluster, ships::Shipment, timeline::Usual, trace::TracedChange},
    ui::view::details::Neighbours,
};

/// What is derived from all deployments for the one whose details are open.
#[derive(Clone, PartialEq, Default)]
pub(in crate::ui) struct Related {
    pub(super) neighbours: Neighbours,
    pub(super) usual: Usual,
    pub(super) reuses_image: bool,
    pub(super) shipment: Option<Shipment>,
    pub(super) change: Option<TracedChange>,
    /// What the ring's clusters run.
    pub(super) meanwhile: Vec<CellCluster>,
}
