//! Which calls ask for what is demanded, and what their answers hold.

use super::{branch, deployments, found, lookup, manifests, manifests_many, pending, rest, tags};
use crate::{
    config::{Forge, GitHub},
    domain::{
        fact::Fact,
        id::{CommitId, is_same_commit},
        manifests::{CommitStatus, ListPage, Log, Rest},
    },
    forge::{
        answer::hold,
        capabilities::Reads,
        demand::{Demand, NotFound, ParsedAnswer, PlanContext},
        key::{RepoResource, Resource, ResourceKey},
    },
    http::{ApiError, Request, Response, secret::Secret},
};

/// From so many things of one GitHub on, they are asked by GraphQL, where a token allows that. Fewer are cheaper one by
/// one: an answer that has not changed costs nothing.
const WORTH_GRAPHQL: usize = 3;

/// How a call asks.
#[derive(Clone, Debug)]
pub(in crate::forge) enum CallKind {
    Job,
    Run,
    /// What a workflow run waits for.
    Pending,
    Commit(CommitId),
    PullRequest,
    /// Many things at once, by GraphQL.
    Many(Vec<lookup::Lookup>),
    /// All that clusters report of a repository, by GraphQL; the key is its branch.
    Manifests,
    /// Something of the repository, as the key has it.
    Repo,
}

/// The next call for the first of these demands, and for as many of the others as fit in.
pub(in crate::forge) fn plan(
    demands: &[Demand<'_>],
    context: &PlanContext<'_>,
) -> Option<(Vec<ResourceKey>, CallKind)> {
    let first = demands.first()?;
    if let Some(many) = plan_many(first, demands, context) {
        return Some(many);
    }
    let kind = match &first.key.resource {
        Resource::Run(_) if first.parts => return None,
        Resource::Run(_) if first.otherwise => CallKind::Run,
        Resource::Run(_) => CallKind::Job,
        Resource::Commit(_) => CallKind::Commit(first.commit?.clone()),
        Resource::PullRequest(_) => CallKind::PullRequest,
        Resource::Approvals(_) => CallKind::Pending,
        Resource::Repo(RepoResource::Head(_)) if context.has_token && !first.individually => CallKind::Manifests,
        // Its lists leave no parents out.
        Resource::Repo(RepoResource::Parents(_)) | Resource::Release(_) | Resource::Project => return None,
        Resource::Repo(_) => CallKind::Repo,
    };
    Some((vec![first.key.clone()], kind))
}

/// All that is demanded of one GitHub in one call, if there is a token and enough to ask.
fn plan_many(
    first: &Demand<'_>,
    demands: &[Demand<'_>],
    context: &PlanContext<'_>,
) -> Option<(Vec<ResourceKey>, CallKind)> {
    if !context.has_token {
        return None;
    }
    lookup(first, context)?;
    let lookups = demands.iter().filter_map(|demand| Some((demand.key.clone(), lookup(demand, context)?)));
    let (keys, lookups): (Vec<ResourceKey>, Vec<lookup::Lookup>) = lookups.take(first.at_once(lookup::AT_ONCE)).unzip();
    (lookups.len() >= WORTH_GRAPHQL).then_some((keys, CallKind::Many(lookups)))
}

/// A resource as GraphQL is asked for it; `None` where it cannot be.
fn lookup(demand: &Demand<'_>, context: &PlanContext<'_>) -> Option<lookup::Lookup> {
    let Forge::GitHub(at) = context.repositories.get(demand.key.repo)? else { return None };
    let repository = at.repository.clone();
    if demand.individually || demand.parts {
        return None;
    }
    match &demand.key.resource {
        Resource::Commit(_) => Some(lookup::Lookup::Commit { repository, id: demand.commit?.clone() }),
        Resource::PullRequest(id) => Some(lookup::Lookup::PullRequest { repository, id: id.clone() }),
        Resource::Run(id) => Some(lookup::Lookup::Run { repository, id: id.clone(), commit: demand.commit?.clone() }),
        Resource::Release(_) | Resource::Approvals(_) | Resource::Project | Resource::Repo(_) => None,
    }
}

pub(in crate::forge) fn request(
    at: &GitHub,
    kind: &CallKind,
    keys: &[ResourceKey],
    secret: Option<&Secret>,
    etag: Option<&str>,
) -> Option<Request> {
    Some(match (kind, &keys.first()?.resource) {
        (CallKind::Job, Resource::Run(id)) => rest::request_job(at, id, secret, etag),
        (CallKind::Run, Resource::Run(id)) => rest::request_run(at, id, secret, etag),
        (CallKind::Pending, Resource::Approvals(run)) => pending::request_pending(at, run, secret, etag),
        (CallKind::Commit(id), _) => rest::request_commit(at, id, secret),
        (CallKind::PullRequest, Resource::PullRequest(id)) => rest::request_pull_request(at, id, secret, etag),
        (CallKind::Many(lookups), _) => lookup::request_many(at, lookups, secret),
        (CallKind::Manifests, Resource::Repo(RepoResource::Head(branch))) => {
            manifests_many::request_manifests(at, branch.as_deref(), secret)
        }
        (CallKind::Repo, Resource::Repo(resource)) => match resource {
            RepoResource::Head(branch) => manifests::request_log(at, None, branch.as_deref(), secret, etag),
            RepoResource::History(from) => manifests::request_log(at, Some(from), None, secret, None),
            RepoResource::Tags(prefix, _) => tags::request_tags(at, prefix, secret, etag),
            RepoResource::TagObject(object) => tags::request_tag(at, object, secret),
            RepoResource::Statuses(commit, page) => manifests::request_statuses(at, commit, *page, secret, etag),
            RepoResource::Environments(page) => deployments::request_deployments(at, *page, secret, etag),
            RepoResource::Environment(name) => deployments::request_deployments_to(at, name, secret, etag),
            RepoResource::Outcome(id) => deployments::request_outcome(at, id, secret),
            RepoResource::Contains(old, new) | RepoResource::Between(old, new) => {
                branch::request_compare(at, old, new, secret)
            }
            RepoResource::Branch(name) => branch::request_branch(at, name, secret),
            RepoResource::BranchPullRequest(name) => branch::request_branch_pull(at, name, secret),
            RepoResource::Parents(_) => return None,
        },
        _ => return None,
    })
}

pub(in crate::forge) fn read(
    kind: &CallKind,
    keys: &[ResourceKey],
    response: &Response,
) -> Result<ParsedAnswer, ApiError> {
    let Some(key) = keys.first() else { return Ok(ParsedAnswer::default()) };
    match (kind, &key.resource) {
        (CallKind::Job, _) => ParsedAnswer::run(key, rest::parse_job(response)?),
        (CallKind::Run, _) => ParsedAnswer::run(key, rest::parse_run(response)?),
        (CallKind::Pending, _) => Ok(ParsedAnswer::one(key, Fact::Approvals(pending::parse_pending(response)?))),
        (CallKind::Commit(_), _) => ParsedAnswer::commit(key, rest::parse_commit(response)?),
        (CallKind::PullRequest, _) => ParsedAnswer::pull_request(key, rest::parse_pull_request(response)?),
        (CallKind::Many(lookups), _) => read_many(lookups, keys, response),
        (CallKind::Manifests, _) => read_manifests(key, response),
        (CallKind::Repo, Resource::Repo(resource)) => {
            let fact = match resource {
                RepoResource::Head(_) | RepoResource::History(_) => {
                    return ParsedAnswer::log(key, manifests::parse_log(response)?);
                }
                RepoResource::Tags(..) => Fact::Tags(tags::parse_tags(response)?),
                RepoResource::TagObject(object) => {
                    hold(response, &["sha"], |sha| sha.eq_ignore_ascii_case(object))?;
                    Fact::Tag(tags::parse_tag(response)?)
                }
                RepoResource::Statuses(commit, _) => {
                    hold(response, &["sha"], |sha| is_same_commit(sha, commit.as_str()))?;
                    Fact::Statuses(manifests::parse_statuses(response, commit)?)
                }
                RepoResource::Environments(_) | RepoResource::Environment(_) => {
                    Fact::Deployments(deployments::parse_deployments(response)?)
                }
                RepoResource::Outcome(id) => {
                    hold(response, &["deployment_url"], |url| url.rsplit('/').next() == Some(id))?;
                    Fact::Outcome(deployments::parse_outcome(response)?)
                }
                RepoResource::Contains(old, _) | RepoResource::Between(old, _) => {
                    hold(response, &["base_commit", "sha"], |sha| is_same_commit(sha, old.as_str()))?;
                    branch::parse_compare(response)?.into()
                }
                RepoResource::Branch(name) => Fact::Branch(branch::parse_branch(response, name)?),
                RepoResource::BranchPullRequest(name) => {
                    hold(response, &["head", "ref"], |branch| branch == &**name)?;
                    Fact::BranchPullRequest(branch::parse_branch_pull(response)?)
                }
                RepoResource::Parents(_) => return Ok(ParsedAnswer::default()),
            };
            Ok(ParsedAnswer::one(key, fact))
        }
        (CallKind::Repo, _) => Ok(ParsedAnswer::default()),
    }
}

fn read_many(lookups: &[lookup::Lookup], keys: &[ResourceKey], response: &Response) -> Result<ParsedAnswer, ApiError> {
    let (found, limits) = found::parse_many(response, lookups)?;
    let mut answer = ParsedAnswer { limits, ..ParsedAnswer::default() };
    for (key, found) in keys.iter().zip(found) {
        let fact = match found {
            lookup::Found::Commit(commit) => Fact::from(commit),
            lookup::Found::PullRequest(pull) => Fact::from(pull),
            lookup::Found::Run(run) => Fact::from(run),
            lookup::Found::Nothing => Fact::Gone,
            lookup::Found::Unanswered => {
                answer.individually.push(key.clone());
                continue;
            }
        };
        answer.facts.push((key.clone(), fact));
    }
    Ok(answer)
}

/// Reads what is reported of a repository of manifests at once.
fn read_manifests(key: &ResourceKey, response: &Response) -> Result<ParsedAnswer, ApiError> {
    let manifests_many::Manifests { log, tags, statuses, deployments, refused, limits } =
        manifests_many::parse_manifests(response)?;
    let of_repo = |resource: RepoResource| ResourceKey::of_repo(key.repo, resource);
    let mut facts: Vec<(ResourceKey, Fact)> = Vec::new();
    let mut individually = Vec::new();
    // Those of which nothing is reported have no statuses, and that is known then too.
    for commit in first_parents(&log, manifests_many::WITH_STATUSES) {
        let its: Vec<CommitStatus> =
            statuses.iter().filter(|status| status.commit.is_same_as(&commit)).cloned().collect();
        let key = of_repo(RepoResource::Statuses(commit, 1));
        // This list may have no end of its own: where it is so long, its pages are read instead.
        if its.len() < manifests::AT_ONCE {
            facts.push((key, Fact::Statuses(ListPage::whole(its))));
        } else {
            individually.push(key);
        }
    }
    for tag in &tags.items {
        if let (Some(object), Some(_)) = (&tag.object, &tag.commit) {
            facts.push((of_repo(RepoResource::TagObject(object.clone())), Fact::Tag(tag.clone())));
        }
    }
    let of_tags = of_repo(RepoResource::Tags(manifests_many::PREFIX.into(), 1));
    if tags.rest == Rest::NextPage {
        individually.push(of_tags);
    } else {
        facts.push((of_tags, Fact::Tags(tags)));
    }
    for deployment in &deployments.items {
        let outcome = Fact::Outcome(deployment.outcome.clone());
        facts.push((of_repo(RepoResource::Outcome(deployment.id.clone())), outcome));
    }
    facts.push((of_repo(RepoResource::Environments(1)), Fact::Deployments(deployments)));
    facts.extend(ParsedAnswer::log(key, log)?.facts);
    let may_read = |reads: Reads| (reads, !refused.contains(&reads));
    let permissions = [Reads::Statuses, Reads::Environments].map(may_read).to_vec();
    Ok(ParsedAnswer { facts, individually, permissions, limits, ..ParsedAnswer::default() })
}

/// The newest commits of a list, along first parents.
fn first_parents(log: &Log, most: usize) -> Vec<CommitId> {
    let mut line: Vec<CommitId> = Vec::new();
    let mut next = log.tip.clone();
    while let Some(id) = next.filter(|_| line.len() < most) {
        next = log.commits.iter().find(|c| c.id == id).and_then(|c| c.parents.first().cloned());
        line.push(id);
    }
    line
}

/// What "not found" means for a call.
pub(in crate::forge) fn not_found(kind: &CallKind, keys: &[ResourceKey]) -> NotFound {
    match kind {
        // A row may hold a run's number where most hold a job's.
        CallKind::Job => NotFound::OtherEndpoint,
        // The repository, or its branch, is not there, or not for who asks.
        CallKind::Manifests => NotFound::Refused,
        CallKind::Repo if keys.first().is_some_and(ResourceKey::is_head) => NotFound::Refused,
        CallKind::Many(_) => NotFound::SomeOfMany { individually: true },
        CallKind::Run | CallKind::Pending | CallKind::Commit(_) | CallKind::PullRequest | CallKind::Repo => {
            NotFound::Gone
        }
    }
}
