//! Requests for things of a repository, and what their answers tell.

use super::super::{
    Forges, Want,
    ask::Question,
    places::{Git, Key, PlaceId, Thing},
};
use crate::{
    config::{Forge, secret::Secret},
    domain::{
        id::CommitId,
        manifests::{Log, Tag},
        problem::ProblemKind,
        time::Timestamp,
    },
    engine::cache::{Fact, Moving},
    forge::{Limits, Reads, azure_devops, github, gitlab},
    http::{ApiError, Request, Response},
    model::sync::names::FLUX_TAGS,
};

/// Commits of Azure DevOps whose statuses are asked for at once.
const AT_ONCE: usize = 50;

type Facts = Vec<(Key, Fact)>;

impl Forges {
    /// The request that asks for something of a repository.
    #[expect(clippy::too_many_arguments, reason = "all that a request is made of")]
    pub(in crate::engine::forges) fn git_question(
        &self,
        want: &Want,
        git: &Git,
        rest: &[Want],
        forge: &Forge,
        secret: Option<&Secret>,
        etag: Option<&str>,
        now: Timestamp,
    ) -> Option<(Question, Request)> {
        let one = |request: Request| Some((Question::Git(vec![want.key.clone()]), request));
        match forge {
            Forge::GitHub(at) => {
                let is_alone = self.facts.get(&want.key).is_some_and(|entry| entry.alone);
                if let Git::Head(branch) = git
                    && secret.is_some()
                    && !is_alone
                {
                    let request = github::request_manifests(at, branch.as_deref(), secret);
                    return Some((Question::Manifests(want.key.clone()), request));
                }
                one(match git {
                    Git::Head(branch) => github::request_log(at, None, branch.as_deref(), secret, etag),
                    Git::Log(from) => github::request_log(at, Some(from), None, secret, None),
                    Git::Tags(prefix) => github::request_tags(at, prefix, secret, etag),
                    Git::TagObject(object) => github::request_tag(at, object, secret),
                    Git::Statuses(commit) => github::request_statuses(at, commit, secret, etag),
                    Git::Environments => github::request_deployments(at, secret, etag),
                    Git::Outcome(id) => github::request_outcome(at, id, secret),
                    Git::Contains(old, new) | Git::Between(old, new) => github::request_compare(at, old, new, secret),
                    Git::Branch(name) => github::request_branch(at, name, secret),
                    Git::BranchPull(name) => github::request_branch_pull(at, name, secret),
                    // Its lists leave no parents out.
                    Git::Parents(_) => return None,
                })
            }
            Forge::AzureDevOps(at) => {
                let repository = at.repository.as_deref()?;
                one(match git {
                    Git::Head(branch) => azure_devops::request_log(at, repository, None, branch.as_deref(), secret),
                    Git::Log(from) => azure_devops::request_log(at, repository, Some(from), None, secret),
                    Git::Parents(commit) => azure_devops::request_parents(at, repository, commit, secret),
                    Git::Tags(prefix) => azure_devops::request_tags(at, repository, prefix, secret),
                    Git::TagObject(object) => azure_devops::request_tag(at, repository, object, secret),
                    Git::Statuses(_) => {
                        let (keys, commits) = self.alike(want, rest, AT_ONCE, now, |key| match &key.thing {
                            Thing::Git(Git::Statuses(commit)) => Some(commit.clone()),
                            _ => None,
                        });
                        let request = azure_devops::request_statuses(at, repository, &commits, secret);
                        return Some((Question::Git(keys), request));
                    }
                    Git::Contains(old, new) | Git::Between(old, new) => {
                        azure_devops::request_compare(at, repository, old, new, secret)
                    }
                    Git::Branch(name) => azure_devops::request_branch(at, repository, name, secret),
                    Git::BranchPull(name) => azure_devops::request_branch_pull(at, repository, name, secret),
                    Git::Environments | Git::Outcome(_) => return None,
                })
            }
            Forge::GitLab(at) => one(match git {
                Git::Head(branch) => gitlab::request_log(at, None, branch.as_deref(), secret, etag),
                Git::Log(from) => gitlab::request_log(at, Some(from), None, secret, None),
                Git::Tags(prefix) => gitlab::request_tags(at, prefix, secret, etag),
                Git::Statuses(commit) => gitlab::request_statuses(at, commit, secret),
                Git::Contains(old, new) => gitlab::request_is_ancestor(at, old, new, secret),
                Git::Between(old, new) => gitlab::request_compare(at, old, new, secret),
                Git::Branch(name) => gitlab::request_branch(at, name, secret),
                // Its lists tell all of it, and a branch tells itself whether it was merged.
                Git::Parents(_) | Git::TagObject(_) | Git::Environments | Git::Outcome(_) | Git::BranchPull(_) => {
                    return None;
                }
            }),
        }
    }

    /// Reads the answer to a question for things of a repository.
    pub(in crate::engine::forges) fn read_git(&mut self, keys: &[Key], response: &Response) -> Result<Facts, ApiError> {
        let Some(key) = keys.first() else { return Ok(Vec::new()) };
        let (Some(forge), Thing::Git(git)) = (self.places.get(key.place), &key.thing) else { return Ok(Vec::new()) };
        let moving = |moving: Moving| Ok(vec![(key.clone(), Fact::Moving(moving))]);
        match (git, forge) {
            (Git::Head(_) | Git::Log(_), forge) => {
                let log = match forge {
                    Forge::GitHub(_) => github::parse_log(response)?,
                    Forge::AzureDevOps(_) => azure_devops::parse_log(response, true)?,
                    Forge::GitLab(_) => gitlab::parse_log(response)?,
                };
                self.take_log(key, log)
            }
            (Git::Parents(commit), _) => {
                let listed = azure_devops::parse_parents(response)?;
                if !listed.id.is_same_as(commit) {
                    return Err(ApiError::new(ProblemKind::Unreadable, "another commit than was asked for"));
                }
                Ok(vec![(key.clone(), Fact::Listed(listed))])
            }
            (Git::Tags(_), Forge::GitHub(_)) => moving(Moving::Tags(github::parse_tags(response)?)),
            (Git::Tags(_), Forge::AzureDevOps(_)) => moving(Moving::Tags(azure_devops::parse_tags(response)?)),
            (Git::Tags(_), Forge::GitLab(_)) => moving(Moving::Tags(gitlab::parse_tags(response)?)),
            (Git::TagObject(_), Forge::AzureDevOps(_)) => {
                Ok(vec![(key.clone(), Fact::Tag(azure_devops::parse_tag(response)?))])
            }
            (Git::TagObject(_), _) => Ok(vec![(key.clone(), Fact::Tag(github::parse_tag(response)?))]),
            (Git::Statuses(_), Forge::AzureDevOps(_)) => {
                let all = azure_devops::parse_statuses(response)?;
                let of = |key: &Key| {
                    let Thing::Git(Git::Statuses(commit)) = &key.thing else { return None };
                    let its = all.iter().filter(|status| status.commit.is_same_as(commit)).cloned().collect();
                    Some((key.clone(), Fact::Moving(Moving::Statuses(its))))
                };
                Ok(keys.iter().filter_map(of).collect())
            }
            (Git::Statuses(commit), Forge::GitHub(_)) => {
                moving(Moving::Statuses(github::parse_statuses(response, commit)?))
            }
            (Git::Statuses(commit), Forge::GitLab(_)) => {
                moving(Moving::Statuses(gitlab::parse_statuses(response, commit)?))
            }
            (Git::Environments, _) => moving(Moving::Deployments(github::parse_deployments(response)?)),
            (Git::Outcome(_), _) => moving(Moving::Outcome(github::parse_outcome(response)?)),
            (Git::Contains(old, _), Forge::GitLab(_)) => {
                let is_ancestor = Some(gitlab::parse_is_ancestor(response, old)?);
                Ok(vec![(key.clone(), Fact::Compared { ahead: None, is_ancestor })])
            }
            (Git::Between(..), Forge::GitLab(_)) => {
                let ahead = Some(gitlab::parse_compare(response)?);
                Ok(vec![(key.clone(), Fact::Compared { ahead, is_ancestor: None })])
            }
            (Git::Contains(..) | Git::Between(..), forge) => {
                let compared = match forge {
                    Forge::AzureDevOps(_) => azure_devops::parse_compare(response)?,
                    _ => github::parse_compare(response)?,
                };
                let fact = Fact::Compared { ahead: Some(compared.ahead), is_ancestor: Some(compared.is_ancestor) };
                Ok(vec![(key.clone(), fact)])
            }
            (Git::Branch(name), forge) => moving(Moving::Branch(match forge {
                Forge::GitHub(_) => github::parse_branch(response, name)?,
                Forge::AzureDevOps(_) => azure_devops::parse_branch(response, name)?,
                Forge::GitLab(_) => gitlab::parse_branch(response, name)?,
            })),
            (Git::BranchPull(_), forge) => moving(Moving::BranchPull(match forge {
                Forge::AzureDevOps(_) => azure_devops::parse_branch_pull(response)?,
                _ => github::parse_branch_pull(response)?,
            })),
        }
    }

    /// A list of commits: where it begins, and each commit's place.
    fn take_log(&mut self, key: &Key, log: Log) -> Result<Facts, ApiError> {
        if let Thing::Git(Git::Log(from)) = &key.thing {
            // Whatever has ids could be a list of commits.
            if !log.tip.as_ref().is_some_and(|tip| tip.is_same_as(from)) {
                return Err(ApiError::new(ProblemKind::Unreadable, "other commits than were asked for"));
            }
            *self.pages.entry(key.place).or_insert(0) += 1;
        }
        let known = self.unclear.entry(key.place).or_default();
        for id in &log.unclear {
            if !known.contains(id) {
                known.push(id.clone());
            }
        }
        let Log { tip, commits, unclear } = log;
        let listed = commits.into_iter().map(|listed| (parents(key.place, &listed.id), Fact::Listed(listed)));
        let mut facts: Facts = listed.collect();
        facts.push((key.clone(), Fact::Moving(Moving::Log(Log { tip, commits: Vec::new(), unclear }))));
        Ok(facts)
    }

    /// Reads what GitHub says of a repository at once.
    pub(in crate::engine::forges) fn read_manifests(
        &mut self,
        key: &Key,
        response: &Response,
    ) -> Result<(Facts, Vec<Reads>, Limits), ApiError> {
        let github::Manifests { log, tags, statuses, deployments, refused, limits } =
            github::parse_manifests(response)?;
        let place = key.place;
        let git = |git: Git| Key { place, thing: Thing::Git(git) };
        let mut facts: Facts = Vec::new();
        // Those of which nothing is said have no statuses, and that is known then too.
        for commit in first_line(&log, github::WITH_STATUSES) {
            let its = statuses.iter().filter(|status| status.commit.is_same_as(&commit)).cloned().collect();
            facts.push((git(Git::Statuses(commit)), Fact::Moving(Moving::Statuses(its))));
        }
        for tag in &tags {
            if let (Some(object), Some(_)) = (&tag.object, &tag.commit) {
                facts.push((git(Git::TagObject(object.clone())), Fact::Tag(Tag::clone(tag))));
            }
        }
        facts.push((git(Git::Tags(FLUX_TAGS.into())), Fact::Moving(Moving::Tags(tags))));
        for deployment in &deployments {
            let outcome = Moving::Outcome(deployment.outcome.clone());
            facts.push((git(Git::Outcome(deployment.id.clone())), Fact::Moving(outcome)));
        }
        facts.push((git(Git::Environments), Fact::Moving(Moving::Deployments(deployments))));
        facts.extend(self.take_log(key, log)?);
        Ok((facts, refused, limits))
    }
}

fn parents(place: PlaceId, id: &CommitId) -> Key {
    Key { place, thing: Thing::Git(Git::Parents(id.clone())) }
}

/// The newest commits of a list, on the first line of parents.
fn first_line(log: &Log, most: usize) -> Vec<CommitId> {
    let mut line: Vec<CommitId> = Vec::new();
    let mut next = log.tip.clone();
    while let Some(id) = next.filter(|_| line.len() < most) {
        next = log.commits.iter().find(|c| c.id == id).and_then(|c| c.parents.first().cloned());
        line.push(id);
    }
    line
}
