//! Where clusters are, as the services report it, against the world.

use std::collections::BTreeMap;

use ringside::domain::time::Timestamp;
use serde_json::{Value, json};

use crate::answers::{START, open};
use crate::answers_history::{Place, get, items, manifests};
use crate::forges::{
    Forges,
    call::Call,
    world::{Channel, DAY, Forge, HOUR, Millis, Sync, World},
};
use crate::support::rng::Rng;

/// A commit, and when that was reported, where a time is given.
type Here = (String, Option<Millis>);

/// What can be read of a cluster: where it is, and the last of what it reported.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct ClusterReading {
    applied: Option<Here>,
    latest: Option<(Here, Sync)>,
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// To the second: what is behind the point means nothing. Without a zone it is meant in UTC.
fn moment(value: &Value) -> Option<Millis> {
    let response = value.as_str()?;
    let at = Timestamp::parse(response).or_else(|| Timestamp::parse(&format!("{response}Z")))?;
    Some(at.millis() / 1000 * 1000)
}

/// The cluster in the name of a status.
fn named(context: &str, genre: &str) -> Option<String> {
    let cluster = genre.strip_prefix("fluxcd:").filter(|_| context.starts_with("kustomization/"));
    let cluster = cluster.or_else(|| context.strip_prefix("kustomization/apps/"));
    cluster.or_else(|| context.strip_prefix("continuous-delivery/")).map(str::to_owned)
}

fn meaning(word: &str) -> Sync {
    match word {
        "success" | "succeeded" | "SUCCESS" => Sync::Applied,
        "failure" | "failed" | "error" | "FAILURE" => Sync::Failed,
        "pending" | "in_progress" | "PENDING" | "IN_PROGRESS" => Sync::Pending,
        other => panic!("{other}"),
    }
}

fn tags(forges: &mut Forges, at: &Place, now: Millis, seen: &mut BTreeMap<String, ClusterReading>) {
    let address = match at.forge {
        Forge::GitHub => "/git/matching-refs/tags/flux-",
        Forge::AzureDevOps => "/refs?filter=tags/flux-&peelTags=true",
        Forge::GitLab => "/tags?search=^flux-",
    };
    for tag in items(&get(forges, at, address, now)) {
        let full = text(&tag["ref"]).to_owned() + text(&tag["name"]);
        let name = full.trim_start_matches("refs/tags/").trim_start_matches("flux-").to_owned();
        let (commit, when) = match at.forge {
            Forge::GitHub if tag["object"]["type"] == "tag" => {
                let object = get(forges, at, &format!("/git/tags/{}", text(&tag["object"]["sha"])), now).value();
                (text(&object["object"]["sha"]).to_owned(), moment(&object["tagger"]["date"]))
            }
            Forge::GitHub => {
                let sha = text(&tag["object"]["sha"]);
                assert_eq!(get(forges, at, &format!("/git/tags/{sha}"), now).status, 404);
                (sha.to_owned(), None)
            }
            Forge::AzureDevOps => {
                let id = text(&tag["objectId"]);
                let object = get(forges, at, &format!("/annotatedtags/{id}"), now);
                let Some(commit) = tag["peeledObjectId"].as_str() else {
                    assert_eq!(object.status, 404);
                    seen.insert(name, on_a_tag(id.to_owned(), None));
                    continue;
                };
                let object = object.value();
                assert_eq!(object["taggedObject"]["objectId"], commit);
                assert!(!text(&object["taggedBy"]["date"]).ends_with('Z'), "it tells no zone");
                (commit.to_owned(), moment(&object["taggedBy"]["date"]))
            }
            Forge::GitLab => (text(&tag["commit"]["id"]).to_owned(), moment(&tag["created_at"])),
        };
        seen.insert(name, on_a_tag(commit, when));
    }
}

fn on_a_tag(commit: String, at: Option<Millis>) -> ClusterReading {
    ClusterReading { applied: Some((commit.clone(), at)), latest: Some(((commit, at), Sync::Applied)) }
}

/// Takes in what is reported of a commit. Of what has been reported of an older one only a success counts.
fn take(seen: &mut BTreeMap<String, ClusterReading>, cluster: String, commit: &str, at: Option<Millis>, state: Sync) {
    let seen = seen.entry(cluster).or_default();
    let here = (commit.to_owned(), at);
    if state == Sync::Applied && seen.applied.is_none() {
        seen.applied = Some(here.clone());
    }
    if seen.latest.as_ref().is_none_or(|((_, known), _)| *known < at) {
        seen.latest = Some((here, state));
    }
}

fn statuses(forges: &mut Forges, at: &Place, now: Millis, seen: &mut BTreeMap<String, ClusterReading>) {
    for n in forges.world.log(at.repository, now) {
        let id = forges.world.commits[n].id.clone();
        let (address, names) = match at.forge {
            Forge::GitHub => (format!("/commits/{id}/status?per_page=100"), ["context", "created_at"]),
            Forge::AzureDevOps => (format!("/commits/{id}/statuses?latestOnly=true"), ["context", "creationDate"]),
            Forge::GitLab => (format!("/commits/{id}/statuses?per_page=100"), ["name", "created_at"]),
        };
        let response = get(forges, at, &address, now);
        assert_eq!(response.status, 200, "{address}");
        let whole = response.value();
        let all = whole["statuses"].as_array().cloned().unwrap_or_else(|| items(&response));
        assert!(whole["statuses"].is_null() || !all.is_empty() || whole["state"] == "pending", "{whole}");
        for status in all {
            let [context, date] = names.map(|name| &status[name]);
            let context_name = context.as_str().or(context["name"].as_str()).unwrap();
            let Some(cluster) = named(context_name, text(&context["genre"])) else { continue };
            let word = status["state"].as_str().or(status["status"].as_str()).unwrap();
            take(seen, cluster, &id, moment(date), meaning(word));
        }
    }
}

fn deployments(forges: &mut Forges, at: &Place, now: Millis, seen: &mut BTreeMap<String, ClusterReading>) {
    for page in 1.. {
        let answer = get(forges, at, &format!("/deployments?per_page=20&page={page}"), now);
        for deployment in items(&answer) {
            let environment = text(&deployment["environment"]);
            if environment == "github-pages" {
                continue;
            }
            let response = get(forges, at, &format!("/deployments/{}/statuses?per_page=1", deployment["id"]), now);
            let Some(status) = items(&response).into_iter().next().filter(|status| status["state"] != "inactive")
            else {
                continue;
            };
            let state = meaning(text(&status["state"]));
            take(seen, environment.to_owned(), text(&deployment["sha"]), moment(&status["created_at"]), state);
        }
        if answer.header_value("link").is_none() {
            break;
        }
    }
}

/// All that by GraphQL, in as many questions as its pages take.
fn by_graphql(forges: &mut Forges, at: &Place, now: Millis) -> BTreeMap<String, ClusterReading> {
    const QUERY: &str = r#"
      query Clusters($owner: String!, $name: String!, $after: String, $before: String) {
        repository(owner: $owner, name: $name) {
          refs(refPrefix: "refs/tags/", query: "flux-", first: 50, orderBy: { field: ALPHABETICAL, direction: ASC }) {
            nodes { name prefix target { __typename oid ... on Tag { tagger { date } target { oid } } } } }
          defaultBranchRef { name target { ... on Commit { history(first: 15, after: $after) {
            pageInfo { hasNextPage endCursor }
            nodes { oid parents(first: 2) { totalCount nodes { oid } }
              status { state contexts { context state description createdAt } } } } } } }
          deployments(first: 20, after: $before, orderBy: { field: CREATED_AT, direction: DESC }) {
            pageInfo { hasNextPage endCursor }
            nodes { databaseId environment commitOid createdAt state latestStatus { state description createdAt } } }
        }
        rateLimit { cost }
      }"#;
    let (owner, name) = at.root.trim_start_matches("/repos/").split_once('/').unwrap();
    let mut seen = BTreeMap::new();
    let mut after = [Value::Null, Value::Null];
    let mut goes_on = [true, true];
    while goes_on.contains(&true) {
        let variables = json!({ "owner": owner, "name": name, "after": after[0], "before": after[1] });
        let call = Call::post("/graphql", &json!({ "query": QUERY, "variables": variables }));
        let response = forges.answer(Forge::GitHub, &call.header("Authorization", "Bearer secret"), now).value();
        assert!(response["errors"].is_null(), "{response}");
        let repository = &response["data"]["repository"];
        for tag in repository["refs"]["nodes"].as_array().unwrap() {
            let cluster = text(&tag["name"]).trim_start_matches("flux-").to_owned();
            let target = &tag["target"];
            let commit = if target["__typename"] == "Tag" { &target["target"]["oid"] } else { &target["oid"] };
            seen.insert(cluster, on_a_tag(text(commit).to_owned(), moment(&target["tagger"]["date"])));
        }
        let history = &repository["defaultBranchRef"]["target"]["history"];
        let parts = [history, &repository["deployments"]];
        if goes_on[0] {
            for commit in history["nodes"].as_array().into_iter().flatten() {
                for word in commit["status"]["contexts"].as_array().into_iter().flatten() {
                    let Some(cluster) = named(text(&word["context"]), "") else { continue };
                    let state = meaning(text(&word["state"]));
                    take(&mut seen, cluster, text(&commit["oid"]), moment(&word["createdAt"]), state);
                }
            }
        }
        let nodes = parts[1]["nodes"].as_array().into_iter().flatten();
        for deployment in nodes.filter(|d| goes_on[1] && d["environment"] != "github-pages") {
            let status = &deployment["latestStatus"];
            let is_over = status["state"] == "INACTIVE";
            assert_eq!(is_over, deployment["state"] == "INACTIVE");
            if !is_over {
                let state = meaning(text(&status["state"]));
                let (cluster, commit) = (text(&deployment["environment"]), text(&deployment["commitOid"]));
                take(&mut seen, cluster.to_owned(), commit, moment(&status["createdAt"]), state);
            }
        }
        for n in 0..2 {
            goes_on[n] &= parts[n]["pageInfo"]["hasNextPage"] == true;
            if goes_on[n] {
                after[n] = parts[n]["pageInfo"]["endCursor"].clone();
            }
        }
    }
    seen
}

/// What is to be read of a repository's clusters, if all goes well.
fn expected(world: &World, repository: usize, now: Millis) -> BTreeMap<String, ClusterReading> {
    let mut expect = BTreeMap::new();
    for cluster in world.clusters.iter().filter(|c| world.projects[c.project].manifests == repository) {
        let truth = world.cluster_truth(cluster, now);
        // A lightweight tag does not show when it was moved.
        let has_time = cluster.channel != Channel::Tag { annotated: false };
        let here = |commit: usize, at: Millis| (world.commits[commit].id.clone(), has_time.then_some(at));
        let seen = ClusterReading {
            applied: truth.applied.map(|(commit, at)| here(commit, at)),
            latest: truth.latest.map(|report| (here(report.commit, report.at), report.state)),
        };
        if seen != ClusterReading::default() {
            expect.insert(truth.name, seen);
        }
    }
    expect
}

fn check(forges: &mut Forges, now: Millis) -> usize {
    let mut checked = 0;
    for at in manifests(&forges.world) {
        let expect = expected(&forges.world, at.repository, now);
        let mut seen = BTreeMap::new();
        tags(forges, &at, now, &mut seen);
        statuses(forges, &at, now, &mut seen);
        if at.forge == Forge::GitHub {
            deployments(forges, &at, now, &mut seen);
            assert_eq!(by_graphql(forges, &at, now), expect, "by GraphQL: {}", at.root);
        }
        assert_eq!(seen, expect, "{}", at.root);
        checked += expect.len();
    }
    assert_eq!(forges.gate.violations, [""; 0]);
    checked
}

#[test]
fn services_report_where_clusters_are() {
    let mut checked = 0;
    for seed in 0..60 {
        // Lists of several pages are the simulation's to read.
        let mut world = World::seeded(seed, START);
        (world.checks, world.jobs) = (0, 0);
        let mut forges = open(world);
        forges.gate.github_limits = (u32::MAX, u32::MAX);
        let mut rng = Rng::new(seed);
        for _ in 0..3 {
            checked += check(&mut forges, START + rng.between(-3 * DAY, 2 * DAY));
        }
    }
    assert!(checked > 200, "{checked}");
    assert_eq!(check(&mut open(World::story(START)), START), 5);
}

#[test]
fn clusters_do_all_that_clusters_do() {
    let mut met: Vec<(Forge, Channel)> = Vec::new();
    let (mut failed, mut pending, mut back, mut stopped, mut twice) = (0, 0, 0, 0, 0);
    for seed in 0..150 {
        let world = World::seeded(seed, START);
        let mut names: Vec<(usize, &str)> = world.clusters.iter().map(|c| (c.project, c.name.as_str())).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), world.clusters.len(), "names are unique in a project");
        for cluster in &world.clusters {
            let repository = world.projects[cluster.project].manifests;
            met.push((world.places[world.repositories[repository].place].forge, cluster.channel));
            let line = world.log(repository, Millis::MAX - 1);
            let depth = |commit: usize| line.iter().position(|n| *n == commit).unwrap();
            for pair in cluster.reports.windows(2) {
                assert!(pair[0].at < pair[1].at, "in order of time");
                let is_back = depth(pair[0].commit) < depth(pair[1].commit);
                back += usize::from(is_back);
                let can_go_back = matches!(cluster.channel, Channel::Tag { .. } | Channel::Deployment);
                assert!(can_go_back || !is_back, "{:?}", cluster.channel);
                twice += usize::from(pair[0].commit == pair[1].commit);
            }
            for report in &cluster.reports {
                assert!(report.at > world.commits[report.commit].at);
                failed += usize::from(report.state == Sync::Failed);
                pending += usize::from(report.state == Sync::Pending);
                assert!(report.state == Sync::Applied || !matches!(cluster.channel, Channel::Tag { .. }));
                assert!(report.state != Sync::Pending || cluster.channel != Channel::FluxStatus);
            }
            stopped += usize::from(cluster.reports.last().is_some_and(|report| depth(report.commit) > 4));
        }
    }
    for annotated in [true, false] {
        for forge in Forge::ALL {
            assert!(met.contains(&(forge, Channel::Tag { annotated })), "{forge:?}");
        }
    }
    for forge in Forge::ALL {
        assert!(met.contains(&(forge, Channel::FluxStatus)), "{forge:?}");
        assert_eq!(met.contains(&(forge, Channel::ArgoStatus)), forge != Forge::AzureDevOps, "{forge:?}");
        assert_eq!(met.contains(&(forge, Channel::Deployment)), forge == Forge::GitHub, "{forge:?}");
    }
    let all = [failed, pending, back, stopped, twice];
    assert!(all.iter().all(|n| *n > 10), "{all:?}");
}

#[test]
fn the_story_has_clusters_in_three_states() {
    let world = World::story(START);
    #[track_caller]
    fn check(world: &World, project: &str, name: &str, applied: usize, latest: (usize, &str, &str)) {
        let is_it = |c: &&crate::forges::world::Cluster| world.projects[c.project].name == project && c.name == name;
        let cluster = world.clusters.iter().find(is_it).unwrap();
        let log = world.log(world.projects[cluster.project].manifests, START);
        assert!(log.len() >= 3, "{log:?}");
        let truth = world.cluster_truth(cluster, START);
        assert_eq!(truth.applied.map(|(commit, _)| commit), Some(log[applied]), "{project} {name}");
        let report = truth.latest.unwrap();
        assert_eq!(
            (report.commit, report.state.as_str(), report.message.as_str()),
            (log[latest.0], latest.1, latest.2)
        );
    }
    let fine = "reconciliation succeeded";
    check(&world, "jobs", "east", 0, (0, "applied", fine));
    check(&world, "jobs", "west", 2, (2, "applied", fine));
    check(&world, "jobs", "lab", 1, (0, "failed", "health check failed"));
    check(&world, "classic", "east", 0, (0, "applied", fine));
    check(&world, "lab", "east", 0, (0, "applied", fine));
    assert_eq!(world.clusters.len(), 5);
    // What rows name is as new as it was: what was added is older than all of it.
    let named = world.rows.iter().filter_map(|row| row.manifest).map(|n| world.commits[n].at).min().unwrap();
    let manifests = |n: &usize| world.is_manifests(world.commits[*n].repository);
    let rows: Vec<Option<usize>> = world.rows.iter().map(|row| row.manifest).collect();
    let added = (0..world.commits.len()).filter(manifests).filter(|n| !rows.contains(&Some(*n)));
    assert!(added.into_iter().all(|n| world.commits[n].at < named - HOUR));
}
