//! Lists of several pages, where what matters is not on the first: a cluster that failed is failed, and what lies
//! behind more pages than are read is unknown, never well.

use ringside::{
    domain::{cluster::SyncState, project::ProjectId},
    http::{Request, Response},
};
use serde_json::{Value, json};

use crate::{
    forges::{
        Forges,
        call::Call,
        world::{Channel, Cluster, Entity, Forge, MINUTE, Millis, Report, SECOND, Sync, World},
    },
    support::{
        page::{Page, START, TOKEN, json_response, rows_response},
        rows::RowBuilder,
    },
};

/// What clusters report of the newest manifests, and of those before.
struct Scene {
    forge: Forge,
    has_token: bool,
    /// Others that report on each commit, and jobs that ran in environments for it.
    checks: u64,
    jobs: u64,
    /// After all of these, or before: services list the oldest first, or the newest.
    is_last: bool,
    clusters: Vec<(String, Channel, Sync)>,
    /// What the configuration maps to the cluster `east`.
    named: &'static str,
}

impl Scene {
    fn of(forge: Forge, has_token: bool, channel: Channel) -> Self {
        Self {
            forge,
            has_token,
            checks: 0,
            jobs: 0,
            is_last: false,
            clusters: vec![("east".to_owned(), channel, Sync::Failed)],
            named: "*east*",
        }
    }

    /// What the page makes of the cluster `east` at the newest manifests, whether it shows that something is unread,
    /// and what it asked.
    fn play(self) -> (Option<SyncState>, bool, Vec<String>) {
        let mut world = World::story(START);
        (world.checks, world.jobs) = (self.checks, self.jobs);
        let is_it = |project: usize| {
            let repository = world.projects[project].manifests;
            world.places[world.repositories[repository].place].forge == self.forge
        };
        let rows = world.rows.iter().filter(|row| is_it(row.project) && row.manifest.is_some());
        let row = rows.max_by_key(|row| row.manifest.map(|n| world.commits[n].at)).unwrap().clone();
        let log = world.log(world.projects[row.project].manifests, START);
        let newest = log[0];
        assert_eq!(row.manifest, Some(newest));
        let after = if self.is_last { 60 + self.checks as Millis } else { 5 };
        let report = |state: Sync| Report {
            at: world.commits[newest].at + after * SECOND,
            commit: newest,
            state,
            message: "health check failed".to_owned(),
        };
        let clusters = self.clusters.into_iter().map(|(name, channel, state)| Cluster {
            project: row.project,
            name,
            channel,
            reports: vec![report(state)],
        });
        world.clusters = clusters.collect();
        let name = world.projects[row.project].name.clone();
        let (pipelines, manifests) = world.config(row.project, None);
        let config = json!({ "refreshSeconds": 3600, "projects": [{
            "name": name, "storage": { "kind": "snapshot", "url": "rows.json" }, "pipelines": pipelines, "manifests": manifests,
        }], "clusters": [{ "name": "east", "match": self.named }] });
        let mut forges = Forges::new(world);
        forges.gate.github_limits = (u32::MAX, u32::MAX);
        Forge::ALL.into_iter().for_each(|forge| forges.gate.admit(forge, TOKEN));
        let project = row.project;
        let mut answer = |request: &Request, at: Millis| {
            if request.address() == "rows.json" {
                let rows = forges.world.rows(at);
                let rows: Vec<RowBuilder> = rows.iter().filter(|row| row.project == project).map(Entity::row).collect();
                return rows_response(&rows);
            }
            let forge = match request.address() {
                address if address.contains("gitlab.com") => Forge::GitLab,
                address if address.contains("github.com") => Forge::GitHub,
                _ => Forge::AzureDevOps,
            };
            let method = if request.question().is_some() { "POST" } else { "GET" };
            let mut call = Call::new(method, request.address()).body(request.question().unwrap_or_default());
            for (name, value) in request.headers.iter().map(|(n, v)| (*n, v.clone())).chain(request.secret_header()) {
                call = call.header(name, &value);
            }
            let response = forges.answer(forge, &call, at);
            Response { status: response.status, headers: response.seen_headers(), body: response.body.into_bytes() }
        };
        let origins =
            ["https://dev.azure.com", "https://vsrm.dev.azure.com", "https://api.github.com", "https://gitlab.com"];
        let token = self.has_token.then_some(TOKEN);
        let mut page = Page::open(&config, &origins, token, Some(Vec::new()), START);
        page.pass(SECOND, &mut answer);
        page.show_first(50);
        page.pass(5 * MINUTE, &mut answer);
        let slot = page.engine.store().slot_of(ProjectId::at(0), &name, &row.key).unwrap();
        let clusters = page.engine.deployment(slot).unwrap().clusters;
        let east = clusters.iter().find(|c| c.cluster.as_str().eq_ignore_ascii_case("east")).map(|c| c.state);
        let unread = page.engine.syncs().unread(ProjectId::at(0));
        let is_cut = unread.is_some_and(|unread| unread.is_cut || unread.tags || unread.environments);
        (east, is_cut, page.asked)
    }
}

/// Every way to ask: GitHub by GraphQL with a token and without one by REST alone.
const WAYS: [(Forge, bool); 4] =
    [(Forge::GitHub, true), (Forge::GitHub, false), (Forge::GitLab, true), (Forge::AzureDevOps, true)];

fn asked_for_more(asked: &[String]) -> bool {
    asked.iter().any(|asked| asked.contains("&page=2") || asked.contains("?page=2") || asked.contains("skip=100"))
}

#[test]
fn a_status_on_the_second_page_is_read() {
    for (forge, has_token) in WAYS {
        for is_last in [false, true] {
            let scene = Scene { checks: 130, is_last, ..Scene::of(forge, has_token, Channel::FluxStatus) };
            let (east, is_cut, asked) = scene.play();
            assert_eq!((east, is_cut), (Some(SyncState::Failed), false), "{forge:?} {has_token} {is_last}: {asked:#?}");
        }
    }
}

#[test]
fn a_status_behind_more_pages_than_are_read_is_unknown() {
    for (forge, has_token) in WAYS {
        let mut unknown = 0;
        for is_last in [false, true] {
            let scene = Scene { checks: 1_100, is_last, ..Scene::of(forge, has_token, Channel::FluxStatus) };
            let (east, is_cut, _) = scene.play();
            // It is on the first page, or on one that is not read.
            assert!(east != Some(SyncState::Synced), "{forge:?} {has_token} {is_last}");
            unknown += u32::from(east != Some(SyncState::Failed));
            assert!(is_cut, "{forge:?} {has_token} {is_last}");
        }
        assert_eq!(unknown, 1, "{forge:?} {has_token}");
    }
}

#[test]
fn a_deployment_on_the_second_page_is_read_and_one_behind_more_is_unknown() {
    for has_token in [true, false] {
        let scene = |jobs| Scene { jobs, ..Scene::of(Forge::GitHub, has_token, Channel::Deployment) };
        let (east, is_cut, asked) = scene(120).play();
        assert_eq!((east, is_cut), (Some(SyncState::Failed), true), "{has_token}: {asked:#?}");
        assert!(asked_for_more(&asked), "{has_token}: {asked:#?}");
        let (east, is_cut, _) = scene(1_000).play();
        assert!(matches!(east, None | Some(SyncState::Unknown)) && is_cut, "{has_token}: {east:?}");
        // One whose environment the configuration names is asked for by that, however much came after it.
        let by_name = Scene { named: "east", ..scene(1_000) };
        let (east, _, asked) = by_name.play();
        assert_eq!(east, Some(SyncState::Failed), "{has_token}: {asked:#?}");
    }
}

#[test]
fn a_tag_on_the_second_page_is_read() {
    for (forge, has_token) in WAYS {
        let with = |others: usize| {
            // In the order of their names, which GitLab turns round, the one that is looked for is the last.
            let begin = if forge == Forge::GitLab { 'f' } else { 'c' };
            let tag = Channel::Tag { annotated: false };
            let mut scene = Scene::of(forge, has_token, tag);
            scene.clusters = (0..others).map(|n| (format!("{begin}{n:05}"), tag, Sync::Applied)).collect();
            scene.clusters.push(("east".to_owned(), tag, Sync::Applied));
            scene.play()
        };
        let (east, is_cut, asked) = with(130);
        assert_eq!((east, is_cut), (Some(SyncState::Synced), false), "{forge:?} {has_token}: {asked:#?}");
        // GitHub lists all of them at once. Behind more than are read it is not known what it runs.
        let (east, is_cut, asked) = with(1_500);
        let expect = if forge == Forge::GitHub { (Some(SyncState::Synced), false) } else { (None, true) };
        assert_eq!((east, is_cut), expect, "{forge:?} {has_token}: {asked:#?}");
    }
}
