//! What the services report of histories, refs and comparisons, against the world.

use serde_json::{Value, json};

use crate::answers::{BASIC, START, asked, open};
use crate::forges::{
    Forges,
    call::{Answer, Call},
    gate::Read,
    world::{BranchEnd, DAY, Forge, HOUR, MAIN, Millis, World},
};
use crate::support::rng::Rng;

/// A repository, its service, and where that has it.
pub(crate) struct Place {
    pub(crate) repository: usize,
    pub(crate) forge: Forge,
    pub(crate) root: String,
}

pub(crate) fn place(world: &World, repository: usize) -> Place {
    let at = &world.repositories[repository];
    let place = &world.places[at.place];
    let root = match place.forge {
        Forge::AzureDevOps => {
            let project = place.name.replace(' ', "%20");
            format!("/{}/{project}/_apis/git/repositories/{}", place.owner, at.name)
        }
        Forge::GitHub => format!("/repos/{}/{}", place.owner, place.name),
        Forge::GitLab => format!("/api/v4/projects/{}/repository", place.number),
    };
    Place { repository, forge: place.forge, root }
}

/// The manifest repositories of all projects, each once.
pub(crate) fn manifests(world: &World) -> Vec<Place> {
    let mut all: Vec<usize> = world.projects.iter().map(|project| project.manifests).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(|repository| place(world, repository)).collect()
}

pub(crate) fn get(forges: &mut Forges, at: &Place, rest: &str, now: Millis) -> Answer {
    let version = if rest.contains('?') { "&api-version=7.1" } else { "?api-version=7.1" };
    let version = if at.forge == Forge::AzureDevOps { version } else { "" };
    forges.answer(at.forge, &asked(at.forge, &format!("{}{rest}{version}", at.root)), now)
}

/// The items of a list, whatever it is wrapped in.
pub(crate) fn items(answer: &Answer) -> Vec<Value> {
    let value = answer.value();
    value["value"].as_array().or(value.as_array()).cloned().unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The first line of a branch, as the service reports it: from the tip by way of first parents.
fn first_line(forges: &mut Forges, at: &Place, now: Millis) -> Vec<String> {
    match at.forge {
        Forge::GitHub | Forge::GitLab => {
            let mut all = Vec::new();
            for page in 1.. {
                let more = items(&get(forges, at, &format!("/commits?per_page=7&page={page}"), now));
                let is_last = more.len() < 7;
                all.extend(more);
                if is_last {
                    break;
                }
            }
            let id = |commit: &Value| text(if at.forge == Forge::GitHub { &commit["sha"] } else { &commit["id"] });
            let mut line = all.first().map(id).into_iter().collect::<Vec<_>>();
            while let Some(commit) = line.last().and_then(|last| all.iter().find(|c| id(c) == *last)) {
                let parent =
                    if at.forge == Forge::GitHub { &commit["parents"][0]["sha"] } else { &commit["parent_ids"][0] };
                let Some(parent) = parent.as_str() else { break };
                line.push(parent.to_owned());
            }
            line
        }
        Forge::AzureDevOps => {
            let newest = items(&get(forges, at, "/commits?searchCriteria.$top=1", now));
            let mut line: Vec<String> = newest.iter().map(|commit| text(&commit["commitId"])).collect();
            assert!(newest.iter().all(|commit| commit.get("parents").is_none()), "a list tells no parents");
            while let Some(last) = line.last() {
                let whole = get(forges, at, &format!("/commits/{last}"), now).value();
                let Some(parent) = whole["parents"][0].as_str() else { break };
                line.push(parent.to_owned());
            }
            line
        }
    }
}

#[test]
fn histories_are_those_of_the_world() {
    let (mut lines, mut merges) = (0, 0);
    for seed in 0..40 {
        let mut forges = open(World::seeded(seed, START));
        for at in manifests(&forges.world) {
            for now in [START - DAY, START + 2 * DAY] {
                let log = forges.world.log(at.repository, now);
                let expect: Vec<String> = log.iter().map(|n| forges.world.commits[*n].id.clone()).collect();
                assert_eq!(first_line(&mut forges, &at, now), expect, "seed {seed}: {}", at.root);
                lines += usize::from(expect.len() > 2);
                merges += log.iter().filter(|n| forges.world.parents(**n).len() == 2).count();
                let side = log.iter().filter_map(|n| forges.world.commits[*n].merges);
                assert!(side.into_iter().all(|side| !log.contains(&side)));
            }
        }
        assert_eq!(forges.gate.violations, [""; 0]);
    }
    assert!(lines > 20 && merges > 20, "{lines} {merges}");
}

#[test]
fn only_a_first_line_is_listed_where_it_can_be_asked_for() {
    let mut provenance = 0;
    for seed in 0..60 {
        let mut forges = open(World::seeded(seed, START));
        for at in manifests(&forges.world) {
            let now = START + 2 * DAY;
            let log = forges.world.log(at.repository, now).len();
            let all = log.checked_sub(1).map_or(0, |_| {
                let tip = forges.world.log(at.repository, now)[0];
                forges.world.reach(tip, false).len()
            });
            let minds = forges.world.azure_minds_history_modes;
            let (address, expect) = match at.forge {
                Forge::AzureDevOps => {
                    let mode = "/commits?searchCriteria.historyMode=firstParent&searchCriteria.$top=1000";
                    (mode.to_owned(), if minds { log } else { all })
                }
                Forge::GitLab => ("/commits?first_parent=true&per_page=100".to_owned(), log.min(100)),
                Forge::GitHub => ("/commits?per_page=100".to_owned(), all.min(100)),
            };
            let answer = get(&mut forges, &at, &address, now);
            assert_eq!(items(&answer).len(), expect, "seed {seed}: {}", at.root);
            provenance += usize::from(log < all);
        }
    }
    assert!(provenance > 20, "{provenance}");
}

#[test]
fn comparisons_count_what_lies_between() {
    let mut apart = 0;
    for seed in 0..60 {
        let mut forges = open(World::seeded(seed, START));
        let mut rng = Rng::new(seed);
        for repository in 0..forges.world.repositories.len() {
            let here: Vec<usize> = (0..forges.world.commits.len())
                .filter(|n| {
                    let commit = &forges.world.commits[*n];
                    commit.repository == repository && commit.at <= START
                })
                .collect();
            if here.is_empty() {
                continue;
            }
            let at = place(&forges.world, repository);
            let (base, head) = (rng.pick(&here), rng.pick(&here));
            let between = forges.world.between(base, head);
            let (old, new) = (forges.world.commits[base].id.clone(), forges.world.commits[head].id.clone());
            let common = between.common.map(|n| forges.world.commits[n].id.clone());
            let (ahead, behind) = (between.ahead.len(), between.behind.len());
            let response = match at.forge {
                Forge::GitHub => {
                    let response = get(&mut forges, &at, &format!("/compare/{old}...{new}"), START);
                    if common.is_none() {
                        assert_eq!(response.status, 404);
                        continue;
                    }
                    let response = response.value();
                    assert_eq!(response["commits"].as_array().map(Vec::len), Some(ahead));
                    (
                        response["ahead_by"].clone(),
                        response["behind_by"].clone(),
                        response["merge_base_commit"]["sha"].clone(),
                    )
                }
                Forge::AzureDevOps => {
                    let address = format!(
                        "/diffs/commits?baseVersion={old}&baseVersionType=commit&targetVersion={new}\
                         &targetVersionType=commit&$top=1"
                    );
                    let ahead_of = format!(
                        "/commits?searchCriteria.itemVersion.version={old}&searchCriteria.itemVersion.versionType=commit\
                         &searchCriteria.compareVersion.version={new}\
                         &searchCriteria.compareVersion.versionType=commit&$top=1000"
                    );
                    assert_eq!(items(&get(&mut forges, &at, &ahead_of, START)).len(), ahead);
                    let response = get(&mut forges, &at, &address, START).value();
                    (response["aheadCount"].clone(), response["behindCount"].clone(), response["commonCommit"].clone())
                }
                Forge::GitLab => {
                    let count = |forges: &mut Forges, from: &str, to: &str| {
                        let response = get(forges, &at, &format!("/compare?from={from}&to={to}"), START).value();
                        json!(response["commits"].as_array().map(Vec::len))
                    };
                    let (ahead, behind) = (count(&mut forges, &old, &new), count(&mut forges, &new, &old));
                    let address = format!("/merge_base?refs[]={old}&refs[]={new}");
                    (ahead, behind, get(&mut forges, &at, &address, START).value()["id"].clone())
                }
            };
            assert_eq!(response, (json!(ahead), json!(behind), json!(common)), "seed {seed}: {}", at.root);
            apart += usize::from(ahead > 0 && behind > 0);
        }
        assert_eq!(forges.gate.violations, [""; 0]);
    }
    assert!(apart > 20, "{apart}");
}

#[test]
fn branches_are_there_until_they_are_deleted() {
    let (mut there, mut merged, mut deleted) = (0, 0, 0);
    for seed in 0..60 {
        let mut forges = open(World::seeded(seed, START));
        for repository in 0..forges.world.repositories.len() {
            let at = place(&forges.world, repository);
            let now = START + HOUR;
            let expect: Vec<(String, String)> = forges
                .world
                .branches(repository, now)
                .into_iter()
                .map(|branch| (branch.name, forges.world.commits[branch.tip].id.clone()))
                .collect();
            let response: Vec<(String, String)> = match at.forge {
                Forge::GitHub => items(&get(&mut forges, &at, "/git/matching-refs/heads/", now))
                    .iter()
                    .map(|r| (text(&r["ref"]), text(&r["object"]["sha"])))
                    .collect(),
                Forge::AzureDevOps => items(&get(&mut forges, &at, "/refs?filter=heads/", now))
                    .iter()
                    .map(|r| (text(&r["name"]), text(&r["objectId"])))
                    .collect(),
                Forge::GitLab => items(&get(&mut forges, &at, "/branches?per_page=100", now))
                    .iter()
                    .map(|b| (format!("refs/heads/{}", text(&b["name"])), text(&b["commit"]["id"])))
                    .collect(),
            };
            let named = |(name, id): (String, String)| (format!("refs/heads/{name}"), id);
            assert_eq!(response, expect.iter().cloned().map(named).collect::<Vec<_>>(), "seed {seed}: {}", at.root);
            assert!(expect.is_empty() || expect.iter().any(|(name, _)| name == MAIN));
            there += expect.len();
            let names = forges.world.commits.iter().filter(|commit| commit.repository == repository);
            let ends = names.map(|commit| forges.world.branch_end(repository, &commit.branch, now));
            for end in ends.flatten() {
                merged += usize::from(end == BranchEnd::Merged);
                deleted += usize::from(end == BranchEnd::Deleted);
            }
        }
        assert_eq!(forges.gate.violations, [""; 0]);
    }
    assert!(there > 200 && merged > 20 && deleted > 10, "{there} {merged} {deleted}");
}

#[test]
fn pull_requests_are_found_by_their_branch() {
    let mut found = 0;
    for seed in 0..40 {
        let mut forges = open(World::seeded(seed, START));
        for pull in forges.world.pulls.clone().into_iter().filter(|pull| pull.opened <= START) {
            let at = place(&forges.world, pull.repository);
            let owner = forges.world.places[forges.world.repositories[pull.repository].place].owner.clone();
            let branch = pull.branch.replace('/', "%2F");
            let address = match at.forge {
                Forge::GitHub => format!("/pulls?head={owner}:{branch}&state=all"),
                Forge::AzureDevOps => {
                    format!("/pullrequests?searchCriteria.sourceRefName=refs/heads/{branch}&searchCriteria.status=all")
                }
                Forge::GitLab => format!("/../merge_requests?source_branch={branch}"),
            };
            let root = at.root.trim_end_matches("/repository").to_owned();
            let at = if at.forge == Forge::GitLab { Place { root, ..at } } else { at };
            let response = items(&get(&mut forges, &at, address.trim_start_matches("/.."), START));
            let number = |response: &Value| {
                response["number"].as_u64().or(response["iid"].as_u64()).or(response["pullRequestId"].as_u64())
            };
            let numbers: Vec<Option<u64>> = response.iter().map(number).collect();
            assert!(numbers.contains(&Some(pull.number)), "seed {seed}: {numbers:?} for {}", pull.branch);
            found += 1;
        }
        assert_eq!(forges.gate.violations, [""; 0]);
    }
    assert!(found > 40, "{found}");
}

#[test]
fn what_no_service_understands_of_histories_is_noted() {
    #[track_caller]
    fn check(forge: Forge, address: &str, status: u16, understood: bool) {
        let mut forges = open(World::story(START));
        let answer = forges.answer(forge, &asked(forge, address), START);
        assert_eq!((answer.status, forges.gate.violations.is_empty()), (status, understood), "{answer:?}");
    }
    use Forge::{AzureDevOps, GitHub, GitLab};
    let hub = |rest: &str| format!("/repos/contoso/Quiz-Manifests{rest}");
    check(GitHub, &hub("/commits?sha=main&per_page=100"), 200, true);
    check(GitHub, &hub("/commits?sha=nowhere"), 404, true);
    check(GitHub, &hub("/commits?branch=main"), 400, false);
    check(GitHub, &hub("/git/matching-refs/tags/flux-"), 200, true);
    check(GitHub, &hub("/git/matching-refs/tags/flux-?per_page=100"), 400, false);
    check(GitHub, &hub("/git/tags/0123456789012345678901234567890123456789"), 404, true);
    check(GitHub, &hub("/commits/main/status?per_page=100"), 200, true);
    check(GitHub, &hub("/commits/main/statuses?latest=true"), 400, false);
    check(GitHub, &hub("/deployments?environment=east"), 200, true);
    check(GitHub, &hub("/deployments/7/statuses"), 404, true);
    check(GitHub, &hub("/compare/main...main"), 200, true);
    check(GitHub, &hub("/compare/main..main"), 400, false);
    check(GitHub, &hub("/pulls?head=deploy"), 400, false);
    let azure = |rest: &str| format!("/contoso/Trivia%20Shop/_apis/git/repositories/Trivia-Manifests{rest}");
    check(AzureDevOps, &azure("/commits?searchCriteria.itemVersion.version=main&api-version=7.1"), 200, true);
    check(AzureDevOps, &azure("/commits?searchCriteria.itemVersion.version=gone&api-version=7.1"), 404, true);
    check(AzureDevOps, &azure("/commits?$top=5&api-version=7.1"), 200, true);
    check(AzureDevOps, &azure("/commits?top=5&api-version=7.1"), 400, false);
    check(AzureDevOps, &azure("/commits?searchCriteria.historyMode=first&api-version=7.1"), 400, false);
    check(AzureDevOps, &azure("/refs?filter=tags/flux-&peelTags=true&$top=1000&api-version=7.1"), 200, true);
    check(AzureDevOps, &azure("/refs?filter=tags/flux-&$top=2000&api-version=7.1"), 400, false);
    check(AzureDevOps, &azure("/annotatedtags/0123456789012345678901234567890123456789?api-version=7.1"), 404, true);
    check(AzureDevOps, &azure("/diffs/commits?baseVersion=main&targetVersion=main&api-version=7.1"), 200, true);
    check(AzureDevOps, &azure("/diffs/commits?base=main&target=main&api-version=7.1"), 400, false);
    let lab = |rest: &str| {
        let world = World::story(START);
        let place = world.place_of(GitLab, "contoso/web", "mail-manifests").unwrap();
        format!("/api/v4/projects/{}/repository{rest}", world.places[place].number)
    };
    check(GitLab, &lab("/commits?ref_name=main&first_parent=true"), 200, true);
    check(GitLab, &lab("/commits?ref=main"), 400, false);
    check(GitLab, &lab("/tags?search=^flux-&order_by=updated"), 200, true);
    check(GitLab, &lab("/tags?search=^flux-&order_by=date"), 400, false);
    check(GitLab, &lab("/commits/main/statuses?all=true"), 200, true);
    check(GitLab, &lab("/merge_base?refs[]=main"), 400, true);
    check(GitLab, &lab("/branches/nowhere"), 404, true);
}

#[test]
fn a_batch_of_commits_reports_what_is_shown_of_each() {
    let mut forges = open(World::story(START));
    let at = manifests(&forges.world).into_iter().find(|at| at.forge == Forge::AzureDevOps).unwrap();
    let log = forges.world.log(at.repository, START);
    let ids: Vec<&str> = log.iter().take(2).map(|n| forges.world.commits[*n].id.as_str()).collect();
    let by_ids = json!({ "ids": ids });
    let by_branch = json!({ "itemVersion": { "version": "main", "versionType": "branch" } });
    for (body, count) in [(by_ids, 2), (by_branch, log.len())] {
        for (asks, expect) in [("true", true), ("false", false)] {
            let address = format!("{}/commitsbatch?includeStatuses={asks}&api-version=7.1", at.root);
            let call = Call::post(&address, &body).header("Authorization", BASIC);
            let response = items(&forges.answer(Forge::AzureDevOps, &call, START));
            assert_eq!(response.len(), count);
            let genres = response[0]["statuses"].as_array().into_iter().flatten();
            let genres: Vec<String> = genres.map(|status| text(&status["context"]["genre"])).collect();
            assert_eq!(genres.contains(&"fluxcd:east".to_owned()), expect, "{genres:?}");
        }
    }
    assert_eq!(forges.gate.violations, [""; 0]);
}

#[test]
fn an_empty_repository_is_no_history() {
    let mut forges = open(World::story(START));
    let before = START - 400 * DAY;
    for (at, expect) in manifests(&forges.world).into_iter().zip([(200, 0), (409, 0), (200, 0)]) {
        let answer = get(&mut forges, &at, "/commits", before);
        assert_eq!((answer.status, items(&answer).len()), expect, "{}", at.root);
    }
}

#[test]
fn a_token_reads_what_it_may_of_manifests() {
    let mut forges = open(World::story(START));
    forges.gate.admit_for(Forge::GitHub, "code", &[Read::Commits]);
    let mut ask = |call: Call| forges.answer(Forge::GitHub, &call.header("Authorization", "Bearer code"), START);
    let root = "/repos/contoso/Quiz-Manifests";
    let status = |ask: &mut dyn FnMut(Call) -> Answer, rest: &str| ask(Call::get(&format!("{root}{rest}"))).status;
    assert_eq!(status(&mut ask, "/commits"), 200);
    assert_eq!(status(&mut ask, "/commits/main/status"), 403);
    assert_eq!(status(&mut ask, "/deployments"), 403);
    let query = "{ r: repository(owner: \"contoso\", name: \"quiz-manifests\") {
        ref(qualifiedName: \"refs/heads/main\") { target { ... on Commit { history(first: 2) { nodes { oid s: status { state } } } } } }
        deployments(first: 3) { nodes { databaseId } } } }";
    let response = ask(Call::post("/graphql", &json!({ "query": query }))).value();
    let nodes = &response["data"]["r"]["ref"]["target"]["history"]["nodes"];
    assert_eq!(nodes.as_array().map(Vec::len), Some(2));
    assert_eq!((&nodes[0]["s"], &response["data"]["r"]["deployments"]), (&Value::Null, &Value::Null));
    let errors: Vec<&Value> = response["errors"].as_array().unwrap().iter().map(|error| &error["path"]).collect();
    let path = |n: usize| json!(["r", "ref", "target", "history", "nodes", n, "s"]);
    assert_eq!(errors, [&path(0), &path(1), &json!(["r", "deployments"])]);
    assert!(response["errors"].as_array().unwrap().iter().all(|error| error["type"] == "FORBIDDEN"));
    assert_eq!(forges.gate.violations, [""; 0]);
    // Elsewhere who may read commits may read what is reported of them.
    forges.gate.admit_for(Forge::AzureDevOps, "secret", &[Read::Commits]);
    let call =
        "/contoso/Trivia%20Shop/_apis/git/repositories/Trivia-Manifests/refs?includeStatuses=true&api-version=7.1";
    assert_eq!(forges.answer(Forge::AzureDevOps, &Call::get(call).header("Authorization", BASIC), START).status, 200);
}
