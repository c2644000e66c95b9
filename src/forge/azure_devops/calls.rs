//! Which calls ask for what is demanded, and what their answers hold.

use super::{approvals, branch, build, commit, manifests, pull_request, release, requests::AT_ONCE, tags, timeline};
use crate::{
    config::AzureDevOps,
    domain::{
        fact::Fact,
        id::{CommitId, PullRequestId, RunId, is_same_commit},
        manifests::Rest,
    },
    forge::{
        answer::{hold, no},
        demand::{Demand, NotFound, ParsedAnswer, alike},
        key::{RepoResource, Resource, ResourceKey},
    },
    http::{ApiError, Page, Request, Response, secret::Secret},
};

/// From so many pull requests of one project on, the list of its newest is asked instead of each.
const WORTH_A_LIST: usize = 3;
/// Commits whose statuses are asked for at once.
const STATUSES_AT_ONCE: usize = 50;

/// How a call asks.
#[derive(Clone, Debug)]
pub(in crate::forge) enum CallKind {
    Builds,
    /// Classic releases by their numbers.
    Releases,
    /// The timeline of a build.
    Stages,
    Approvals,
    /// Commits by their whole ids.
    Commits(Vec<CommitId>),
    /// One commit, by whatever id.
    Commit(CommitId),
    PullRequest,
    /// The newest pull requests of a repository, or of the whole project.
    PullRequests(Option<Box<str>>),
    /// The statuses of one commit, page by page.
    StatusPage,
    /// Something of the repository, as the key has it.
    Repo,
}

/// The next call for the first of these demands, and for as many of the others as fit in.
///
/// `in_flight` are the calls to the same project whose answers are awaited.
pub(in crate::forge) fn plan<'a>(
    at: &AzureDevOps,
    demands: &[Demand<'_>],
    mut in_flight: impl Iterator<Item = &'a CallKind>,
) -> Option<(Vec<ResourceKey>, CallKind)> {
    let first = demands.first()?;
    let alone = || vec![first.key.clone()];
    let run_id = |demand: &Demand<'_>| run_id(demand.key).cloned();
    Some(match &first.key.resource {
        Resource::Run(_) if first.parts => (alone(), CallKind::Stages),
        Resource::Run(_) => (alike(demands, AT_ONCE, run_id).0, CallKind::Builds),
        Resource::Release(_) => (alike(demands, AT_ONCE, run_id).0, CallKind::Releases),
        Resource::Approvals(_) => {
            let is_one = |demand: &Demand<'_>| approval_id(demand.key).map(|_| ());
            let (keys, _) = alike(demands, AT_ONCE, is_one);
            (keys, CallKind::Approvals)
        }
        Resource::Commit(short) => {
            let (keys, ids) = alike(demands, AT_ONCE, |demand| demand.commit.cloned());
            match ids.as_slice() {
                [id] if first.at_once(AT_ONCE) == 1 => (alone(), CallKind::Commit(id.clone())),
                [] => (alone(), CallKind::Commit(short.clone())),
                _ => (keys, CallKind::Commits(ids)),
            }
        }
        Resource::PullRequest(_) => {
            // What the list that is under way shows is for these too.
            if !first.individually && in_flight.any(|kind| matches!(kind, CallKind::PullRequests(_))) {
                return None;
            }
            let (keys, _) = alike(demands, AT_ONCE, |other| {
                (other.repository == first.repository && !other.individually).then_some(())
            });
            match keys.len() >= WORTH_A_LIST && !first.individually {
                true => (keys, CallKind::PullRequests(first.repository.map(Into::into))),
                false => (alone(), CallKind::PullRequest),
            }
        }
        Resource::Repo(RepoResource::Statuses(_, page)) if *page > 1 || first.individually => {
            (alone(), CallKind::StatusPage)
        }
        Resource::Repo(RepoResource::Statuses(..)) => {
            let is_first = |key: &ResourceKey| matches!(key.resource, Resource::Repo(RepoResource::Statuses(_, 1)));
            let is_statuses = |demand: &Demand<'_>| (is_first(demand.key) && !demand.individually).then_some(());
            (alike(demands, STATUSES_AT_ONCE, is_statuses).0, CallKind::Repo)
        }
        // A hundred lists and one outcome in each are GitHub's.
        Resource::Repo(RepoResource::Environments(_) | RepoResource::Environment(_) | RepoResource::Outcome(_))
        | Resource::Project => return None,
        Resource::Repo(_) => {
            at.repository.as_ref()?;
            (alone(), CallKind::Repo)
        }
    })
}

pub(in crate::forge) fn request(
    at: &AzureDevOps,
    kind: &CallKind,
    keys: &[ResourceKey],
    secret: Option<&Secret>,
) -> Option<Request> {
    let repository = at.repository.as_deref();
    let runs = || keys.iter().filter_map(run_id).cloned().collect::<Vec<RunId>>();
    let key = keys.first()?;
    Some(match (kind, &key.resource) {
        (CallKind::Builds, _) => build::request_builds(at, &runs(), secret),
        (CallKind::Releases, _) => release::request_releases(at, &runs(), secret),
        (CallKind::Stages, _) => timeline::request_stages(at, run_id(key)?, secret),
        (CallKind::Approvals, _) => {
            let ids: Vec<&str> = keys.iter().filter_map(approval_id).collect();
            approvals::request_approvals(at, &ids, secret)
        }
        (CallKind::Commits(ids), _) => commit::request_commits(at, repository?, ids, secret),
        (CallKind::Commit(id), _) => commit::request_commit(at, repository?, id, secret),
        (CallKind::PullRequest, Resource::PullRequest(id)) => pull_request::request_pull_request(at, id, secret),
        (CallKind::PullRequests(of), _) => pull_request::request_pull_requests(at, of.as_deref(), secret),
        (CallKind::StatusPage, Resource::Repo(RepoResource::Statuses(commit, page))) => {
            manifests::request_status_page(at, repository?, commit, *page, secret)
        }
        (CallKind::Repo, Resource::Repo(resource)) => {
            let repository = repository?;
            match resource {
                RepoResource::Head(branch) => manifests::request_log(at, repository, None, branch.as_deref(), secret),
                RepoResource::History(from) => manifests::request_log(at, repository, Some(from), None, secret),
                RepoResource::Parents(id) => manifests::request_parents(at, repository, id, secret),
                RepoResource::Tags(prefix, _) => tags::request_tags(at, repository, prefix, secret),
                RepoResource::TagObject(object) => tags::request_tag(at, repository, object, secret),
                RepoResource::Statuses(..) => {
                    let commits: Vec<CommitId> = keys.iter().filter_map(statuses_of).cloned().collect();
                    manifests::request_statuses(at, repository, &commits, secret)
                }
                RepoResource::Contains(old, new) | RepoResource::Between(old, new) => {
                    branch::request_compare(at, repository, old, new, secret)
                }
                RepoResource::Branch(name) => branch::request_branch(at, repository, name, secret),
                RepoResource::BranchPullRequest(name) => branch::request_branch_pull(at, repository, name, secret),
                RepoResource::Environments(_) | RepoResource::Environment(_) | RepoResource::Outcome(_) => return None,
            }
        }
        (CallKind::PullRequest | CallKind::StatusPage | CallKind::Repo, _) => return None,
    })
}

pub(in crate::forge) fn read(
    kind: &CallKind,
    keys: &[ResourceKey],
    response: &Response,
) -> Result<ParsedAnswer, ApiError> {
    let Some(key) = keys.first() else { return Ok(ParsedAnswer::default()) };
    match (kind, &key.resource) {
        (CallKind::Builds, _) => Ok(runs(keys, build::parse_builds(response)?)),
        (CallKind::Releases, _) => Ok(runs(keys, release::parse_releases(response)?)),
        (CallKind::Stages, _) => {
            hold(response, &["url"], |url| timeline::may_be_of(url, run_id(key)))?;
            timeline::parse_stages(response).map(ParsedAnswer::parts)
        }
        (CallKind::Approvals, _) => {
            let page = approvals::parse_approvals(response)?;
            let is_all_read = page.bad.is_empty();
            let mut found = page.items;
            let mut answer = ParsedAnswer::default();
            for key in keys {
                let is_it =
                    |(id, _): &(String, _)| approval_id(key).is_some_and(|wanted| id.eq_ignore_ascii_case(wanted));
                match found.iter().position(is_it) {
                    Some(at) => answer.facts.push((key.clone(), Fact::Approvals(vec![found.swap_remove(at).1]))),
                    // What is not there any more waits for nobody.
                    None if is_all_read => answer.facts.push((key.clone(), Fact::Approvals(Vec::new()))),
                    None => answer.unreadable.push(key.clone()),
                }
            }
            Ok(answer)
        }
        (CallKind::Commits(_), _) => {
            let mut found = commit::parse_commits(response)?.items;
            let mut answer = ParsedAnswer::default();
            for key in keys {
                let Resource::Commit(id) = &key.resource else { continue };
                match found.iter().position(|commit| commit.id.is_same_as(id)) {
                    Some(at) => answer.facts.push((key.clone(), Fact::from(found.swap_remove(at)))),
                    // What a batch leaves out is asked for by itself, and reported to be gone only then.
                    None => answer.individually.push(key.clone()),
                }
            }
            Ok(answer)
        }
        (CallKind::Commit(_), _) => ParsedAnswer::commit(key, commit::parse_commit(response)?),
        (CallKind::PullRequest, _) => ParsedAnswer::pull_request(key, pull_request::parse_pull_request(response)?),
        (CallKind::PullRequests(_), _) => {
            let mut answer = ParsedAnswer::default();
            let of = |id: &PullRequestId| ResourceKey { repo: key.repo, resource: Resource::PullRequest(id.clone()) };
            for pull in pull_request::parse_pull_requests(response)?.items {
                let key = of(&pull.id);
                let facts = if keys.contains(&key) { &mut answer.facts } else { &mut answer.besides };
                facts.push((key, Fact::from(pull)));
            }
            // Older than the newest hundred.
            let is_missing = |key: &&ResourceKey| !answer.facts.iter().any(|(found, _)| found == *key);
            answer.individually = keys.iter().filter(is_missing).cloned().collect();
            Ok(answer)
        }
        (CallKind::StatusPage, Resource::Repo(RepoResource::Statuses(commit, _))) => {
            Ok(ParsedAnswer::one(key, Fact::Statuses(manifests::parse_status_page(response, commit)?)))
        }
        (CallKind::Repo, Resource::Repo(resource)) => read_repo(resource, keys, response),
        (CallKind::StatusPage | CallKind::Repo, _) => Ok(ParsedAnswer::default()),
    }
}

fn read_repo(resource: &RepoResource, keys: &[ResourceKey], response: &Response) -> Result<ParsedAnswer, ApiError> {
    let Some(key) = keys.first() else { return Ok(ParsedAnswer::default()) };
    let fact = match resource {
        RepoResource::Head(_) | RepoResource::History(_) => {
            return ParsedAnswer::log(key, manifests::parse_log(response, true)?);
        }
        RepoResource::Parents(commit) => {
            let listed = manifests::parse_parents(response)?;
            if !listed.id.is_same_as(commit) {
                return Err(no(response, "another commit than was asked for"));
            }
            Fact::Listed(listed)
        }
        RepoResource::Tags(..) => Fact::Tags(tags::parse_tags(response)?),
        RepoResource::TagObject(object) => {
            hold(response, &["objectId"], |id| id.eq_ignore_ascii_case(object))?;
            Fact::Tag(tags::parse_tag(response)?)
        }
        RepoResource::Statuses(..) => {
            let all = manifests::parse_statuses(response)?;
            let mut answer = ParsedAnswer::default();
            for key in keys {
                let Some(commit) = statuses_of(key) else { continue };
                match all.iter().find(|(id, _)| id.is_same_as(commit)) {
                    Some((_, list)) if list.rest == Rest::NextPage => answer.individually.push(key.clone()),
                    Some((_, list)) => answer.facts.push((key.clone(), Fact::Statuses(list.clone()))),
                    // That the batch leaves it out is no evidence that it has no status.
                    None => answer.unreadable.push(key.clone()),
                }
            }
            return Ok(answer);
        }
        RepoResource::Contains(_, new) | RepoResource::Between(_, new) => {
            hold(response, &["targetCommit"], |id| is_same_commit(id, new.as_str()))?;
            branch::parse_compare(response)?.into()
        }
        RepoResource::Branch(name) => Fact::Branch(branch::parse_branch(response, name)?),
        RepoResource::BranchPullRequest(name) => {
            hold(response, &["sourceRefName"], |branch| branch.strip_prefix("refs/heads/") == Some(&**name))?;
            Fact::BranchPullRequest(branch::parse_branch_pull(response)?)
        }
        RepoResource::Environments(_) | RepoResource::Environment(_) | RepoResource::Outcome(_) => {
            return Ok(ParsedAnswer::default());
        }
    };
    Ok(ParsedAnswer::one(key, fact))
}

/// What "not found" means for a call.
pub(in crate::forge) fn not_found(kind: &CallKind, keys: &[ResourceKey]) -> NotFound {
    match kind {
        // A project that is not there has no builds; one that is, answers with those that it has.
        CallKind::Builds | CallKind::Releases => NotFound::Refused,
        // A run without stages is no less there.
        CallKind::Stages => NotFound::NoParts,
        // Which of them is not there is not reported; where no server has approvals, each reports it.
        CallKind::Approvals if keys.len() > 1 => NotFound::SomeOfMany { individually: false },
        CallKind::Approvals => NotFound::Gone,
        CallKind::Commits(_) | CallKind::PullRequests(_) => NotFound::SomeOfMany { individually: true },
        CallKind::Repo if keys.len() > 1 => NotFound::SomeOfMany { individually: false },
        CallKind::Repo if keys.first().is_some_and(ResourceKey::is_head) => NotFound::Refused,
        CallKind::Commit(_) | CallKind::PullRequest | CallKind::StatusPage | CallKind::Repo => NotFound::Gone,
    }
}

/// Runs by their numbers. Those that were asked for and are not there are no more.
fn runs(keys: &[ResourceKey], page: Page<(RunId, crate::domain::run::Run), ()>) -> ParsedAnswer {
    let mut answer = ParsedAnswer::default();
    let is_all_read = page.bad.is_empty();
    let mut found = page.items;
    for key in keys {
        match found.iter().position(|(id, _)| Some(id) == run_id(key)) {
            Some(at) => answer.facts.push((key.clone(), Fact::from(found.swap_remove(at).1))),
            None if is_all_read => answer.facts.push((key.clone(), Fact::Gone)),
            None => answer.unreadable.push(key.clone()),
        }
    }
    answer
}

const fn run_id(key: &ResourceKey) -> Option<&RunId> {
    match &key.resource {
        Resource::Run(id) | Resource::Release(id) => Some(id),
        _ => None,
    }
}

fn approval_id(key: &ResourceKey) -> Option<&str> {
    match &key.resource {
        Resource::Approvals(id) => Some(id).filter(|id| approvals::is_id(id)).map(|id| &**id),
        _ => None,
    }
}

const fn statuses_of(key: &ResourceKey) -> Option<&CommitId> {
    match &key.resource {
        Resource::Repo(RepoResource::Statuses(commit, _)) => Some(commit),
        _ => None,
    }
}
