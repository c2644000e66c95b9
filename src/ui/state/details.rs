//! What the details of a deployment show.

use leptos::prelude::*;

use super::{app::App, related::Related, views::Views};
use crate::{
    config::link::Gap,
    domain::{deployment::Deployment, link::Link},
    model::{
        cluster_state::decide,
        ships::{Shipment, shipment},
        store::Slot,
        timeline::{of_same_service_and_ring, recent, reusing_images, timeline, usual},
        trace::{ChangeStatus, change_of},
    },
    ui::view::details::{DeploymentView, DetailsView, Neighbours, Ships},
    web::page,
};

/// The medians are of so many deployments at the most.
const MEASURED: usize = 200;

pub(in crate::ui) fn related(app: App, slot: Slot) -> Related {
    let now = app.tick.get_untracked();
    app.engine(|e| {
        let (store, syncs) = (e.store(), e.syncs());
        let same = of_same_service_and_ring(store, slot);
        let place = same.iter().position(|&other| other == slot).unwrap_or(0);
        let id = |at: Option<usize>| Some(store.id(*same.get(at?)?)?.to_string());
        let reusing = reusing_images(store, &same);
        let measured: Vec<(Deployment, bool)> = recent(store, &same, slot, now)
            .take(MEASURED)
            .filter_map(|slot| Some((e.deployment(slot)?, reusing.contains(&slot))))
            .collect();
        Related {
            neighbours: Neighbours {
                previous: id(Some(place + 1)),
                next: id(place.checked_sub(1)),
                place: (same.len() - place, same.len()),
            },
            usual: usual(measured.iter().map(|(d, reuses)| (d, *reuses))),
            reuses_image: reusing.contains(&slot),
            shipment: shipment(store, syncs, &same, slot),
            change: change_of(store, syncs, slot),
            meanwhile: decide(store, syncs, store.at(slot).project(), store.at(slot).ring(), &same)
                .map(|deployed| deployed.clusters)
                .unwrap_or_default(),
        }
    })
}

impl Views {
    /// What the details show, while the address names a deployment.
    pub(in crate::ui) fn details_view(self) -> Option<DetailsView> {
        let app = self.app;
        let id = app.route.with(|r| r.deployment.clone())?;
        let is_reading = app.health.with(|h| h.progress.is_some() || !h.ready);
        let shown = self.details.slot.get().and_then(|slot| self.deployment_view(slot));
        Some(DetailsView { id, width: self.details.width.get(), shown, is_reading })
    }

    fn deployment_view(self, slot: Slot) -> Option<DeploymentView> {
        let app = self.app;
        let d = app.deployment(slot)?;
        let related = self.details.related.get();
        let links = app
            .config()
            .links
            .iter()
            .filter_map(|template| Some((template.fill(|gap| value(&d, gap))?, template.title.to_string())))
            .collect();
        let cluster_links = d.clusters.iter().map(|c| {
            let commit = c.commit.as_ref()?;
            app.engine(|e| e.manifest_link(app.config().project_id(d.project.as_str())?, commit))
        });
        let elsewhere = related.change.as_ref().and_then(|change| self.change_view(change));
        let elsewhere = elsewhere.into_iter().flat_map(|change| change.places).filter(|place| {
            place.change_status != ChangeStatus::NotThere
                && d.ring.as_ref().is_none_or(|ring| ring.as_str() != place.ring.name)
        });
        let key = related.change.as_ref().map(|change| (change.project, change.service));
        Some(DeploymentView {
            spans: timeline(&d, related.reuses_image),
            reuses_image: related.reuses_image,
            usual: related.usual.clone(),
            cluster_links: cluster_links.collect(),
            meanwhile: self.cell_clusters(&related.meanwhile),
            links,
            share: page::address_with(&app.route.with(|r| r.href())),
            ships: related.shipment.as_ref().and_then(|shipment| self.ships(shipment, slot)),
            elsewhere: elsewhere.collect(),
            service: key.map(|key| self.service_link(key)),
            neighbours: related.neighbours.clone(),
            deployment: d,
        })
    }

    fn ships(self, shipment: &Shipment, slot: Slot) -> Option<Ships> {
        let app = self.app;
        let (older, newer) = if shipment.is_back { (slot, shipment.base) } else { (shipment.base, slot) };
        let (commits, link): (Option<u32>, Option<Link>) = app.engine(|e| {
            let store = e.store();
            let commit = |slot: Slot| store.at(slot).row_commit();
            let count = e.syncs().commit_count(store.at(slot).project(), commit(older), commit(newer));
            (count, e.compare_link(older, newer))
        });
        Some(Ships {
            base: app.deployment(shipment.base)?,
            is_back: shipment.is_back,
            versions: shipment.versions.iter().filter_map(|&slot| app.deployment(slot)).collect(),
            commits,
            link,
        })
    }
}

fn value(d: &Deployment, gap: Gap) -> Option<&str> {
    match gap {
        Gap::Service => d.service.as_ref().map(|v| v.as_str()),
        Gap::Ring => d.ring.as_ref().map(|v| v.as_str()),
        Gap::ImageTag => d.image.as_ref().map(|v| v.as_str()),
        Gap::Commit => d.source.commit.as_ref().map(|v| v.as_str()),
        Gap::Branch => d.source.branch.as_ref().map(|v| v.as_str()),
        Gap::Project => Some(d.project.as_str()),
        Gap::Deployment => Some(d.id.as_str()),
    }
}
