//! What the connections view shows, and what happens in it.

mod act;
mod sources;

use leptos::prelude::*;

pub(in crate::ui) use self::act::act;
use super::views::Views;
use crate::{
    config::Storage,
    domain::{
        deployment::Deployment,
        problem::{Area, Problem, Severity},
        project::ProjectId,
        stage::StageKind,
    },
    guide::{Part, RingDraft, recognize},
    model::{order::set_of, rings::RingRole, store::Slot},
    ui::view::setup::{GuideView, ReadRow, RingChoice, SetupView},
    web::page,
};

/// How many of the newest rows are shown, and how many are looked at to recognize their forge.
const NEWEST: usize = 5;
const LOOKED_AT: usize = 200;

impl Views {
    pub(in crate::ui) fn setup_view(self) -> SetupView {
        let app = self.app;
        let has_guide = app.is_sample() || app.is_trial() || self.setup.is_adding.get();
        let is_minor = |p: &&Problem| p.severity != Severity::Error && p.area == Area::Config;
        let connections = app.connections();
        SetupView {
            count: self.count_view(),
            warnings: app.health.with(|h| h.problems.iter().filter(is_minor).cloned().collect()),
            guide: has_guide.then(|| self.guide_view()),
            can_add: (!has_guide).then(|| self.setup.notice.get().map(|(_, sentence)| sentence).unwrap_or_default()),
            hand_over: self.hand_over_view(),
            sign_ins: self.sign_in_views(),
            sources: if app.is_sample() { Vec::new() } else { self.sources() },
            cache: (!connections.is_empty() && !app.is_sample())
                .then(|| (app.connected.with(|c| c.kept), self.setup.cleared.get())),
        }
    }

    fn guide_view(self) -> GuideView {
        let (app, setup) = (self.app, self.setup);
        let mut draft = setup.draft.get();
        let is_trial = app.is_trial();
        let recognized = if is_trial && !setup.has_forges.get() { self.recognized() } else { [None, None] };
        let is_recognized = recognized.iter().any(Option::is_some);
        for (part, forge) in Part::ALL.into_iter().zip(recognized) {
            if draft.forge(part).is_none() {
                *draft.forge_mut(part) = forge;
            }
        }
        let rings = if draft.rings.is_empty() && is_trial { self.found_rings() } else { draft.rings.clone() };
        GuideView {
            origin: page::origin(),
            is_tried: is_trial,
            is_adding: setup.is_adding.get(),
            rows: setup.rows.get(),
            newest: self.newest(),
            partition: self.partition(),
            is_recognized,
            rings: rings.into_iter().map(|RingDraft { name, clusters, .. }| RingChoice { name, clusters }).collect(),
            clusters: if is_trial { self.clusters() } else { Vec::new() },
            host: setup.host.get(),
            with_sas: self.sas().map(|_| setup.with_sas.get()),
            config: draft.or_example().to_shown_config(),
            notice: setup.notice.get(),
            draft,
        }
    }

    /// The number of the project in the making, in what this tab tries.
    fn tried_project(self) -> Option<ProjectId> {
        let name = self.setup.draft.with(|draft| draft.project().name.clone());
        self.app.config().project_id(&name)
    }

    /// The SAS that this tab reads with.
    fn sas(self) -> Option<crate::http::secret::Secret> {
        self.app.credentials_version.track();
        let project = self.tried_project().filter(|_| self.app.is_trial())?;
        match &project.of(&self.app.config().projects)?.storage {
            Storage::AzureTable(table) => self.app.typed_sas(table),
            Storage::Snapshot { .. } | Storage::Sample => None,
        }
    }

    /// The newest rows of the project in the making.
    fn newest_slots(self, most: usize) -> Vec<Slot> {
        self.app.version.track();
        let Some(project) = self.tried_project().filter(|_| self.app.is_trial()) else { return Vec::new() };
        self.app.engine(|e| {
            let store = e.store();
            let is_ours = |slot: &Slot| store.at(*slot).project() == project;
            store.by_time().iter().copied().filter(is_ours).take(most).collect()
        })
    }

    fn newest_of_project(self, most: usize) -> Vec<std::sync::Arc<Deployment>> {
        self.newest_slots(most).into_iter().filter_map(|slot| self.app.deployment(slot)).collect()
    }

    fn partition(self) -> String {
        let newest = self.newest_slots(1);
        let of = |slot: &Slot| self.app.engine(|e| e.store().at(*slot).partition().to_owned());
        newest.first().map(of).unwrap_or_default()
    }

    fn newest(self) -> Vec<ReadRow> {
        let rows = self.newest_of_project(NEWEST).into_iter();
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        rows.map(|d| ReadRow {
            service: text(d.service.as_ref().map(|s| s.as_str())),
            ring: text(d.ring.as_ref().map(|r| r.as_str())),
            image: text(d.image.as_ref().map(|i| i.as_str())),
            status: d.status,
            updated: d.updated,
        })
        .collect()
    }

    /// The forges that the rows themselves name: of the pipelines and of the manifests.
    fn recognized(self) -> [Option<crate::guide::ForgeDraft>; 2] {
        let (mut runs, mut manifests) = (Vec::new(), Vec::new());
        for deployment in self.newest_of_project(LOOKED_AT) {
            let is_run = |kind| matches!(kind, StageKind::Build | StageKind::Release | StageKind::Manifest);
            let links = deployment.stages.iter().filter(|stage| is_run(stage.kind)).filter_map(|s| s.link.as_ref());
            runs.extend(links.map(|link| link.as_str().to_owned()));
            runs.extend(deployment.source.repository.as_ref().map(|repository| repository.as_str().to_owned()));
            manifests.extend(deployment.manifest_repository.as_ref().map(|r| r.as_str().to_owned()));
        }
        let text = String::as_str;
        [recognize::forge(runs.iter().map(text), false), recognize::forge(manifests.iter().map(text), true)]
    }

    /// The rings on the way to production, in the order in which the board has them.
    fn found_rings(self) -> Vec<RingDraft> {
        let board = self.board.get();
        let known = board.rings.iter().filter(|ring| ring.role != RingRole::Feature);
        self.app.engine(|engine| {
            let name = |ring| engine.store().rings().name(ring).to_owned();
            known.map(|column| RingDraft::new(name(column.ring))).collect()
        })
    }

    fn clusters(self) -> Vec<String> {
        self.app.version.track();
        let names = self.app.engine(|engine| set_of(engine.syncs().clusters().iter().map(|name| name.to_string())));
        names.into_iter().collect()
    }
}
