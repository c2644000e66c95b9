//! Many things at once, by GraphQL: the question. `parse_many` reads the answer.
//!
//! By the schema an object is looked up by "a Git revision expression suitable for rev-parse", so the begin of
//! a commit's id is enough; `databaseId` is "the primary key from the database", which for a check run of GitHub
//! Actions is its job's id (in the REST API both have the same, as a job's `check_run_url` shows), and for a suite's
//! `workflowRun` the run's. It is declared as `Int`, which GraphQL limits to 32 bits; real ids are larger, and are
//! sent all the same. Should that end, the address of a run and of a job holds the id too.
//!
//! What it costs, by "Rate limits and query limits for the GraphQL API": a point for every hundred lists that may have
//! to be looked into, and at most 500,000 nodes. A commit with its runs is one list of suites and one of check runs in
//! each. So [`AT_ONCE`] commits with their runs are 50 + 50 × 20 lists, about 11 of 5,000 points an hour, and 51,000
//! nodes. The steps of jobs would be a list each, fifty times as much: they are not asked for here.

use super::{
    graphql::{self, quoted},
    requests::path_parts,
};
use crate::{
    config::GitHub,
    domain::{
        commit::Commit,
        id::{CommitId, PullRequestId, RunId},
        pull_request::PullRequest,
        run::Run,
    },
    http::{Request, secret::Secret},
};

/// How many things may be asked for in one request.
pub(super) const AT_ONCE: usize = 50;

const SUITES: u32 = 20;
const RUNS: u32 = 50;
const REVIEWERS: u32 = 20;

/// One thing among many that are asked for at once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::forge) enum Lookup {
    Commit {
        /// `owner/name`
        repository: Box<str>,
        /// Its id, or the begin of that.
        id: CommitId,
    },
    PullRequest {
        /// `owner/name`
        repository: Box<str>,
        id: PullRequestId,
    },
    /// A job or a workflow run, which can be found only through the checks of the commit it ran on. A fine-grained
    /// token cannot be allowed to read those of a private repository: then it is [`Found::Unanswered`].
    Run {
        /// `owner/name`
        repository: Box<str>,
        /// The job's id, or the run's.
        id: RunId,
        /// The commit, or the begin of its id.
        commit: CommitId,
    },
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Found {
    Commit(Commit),
    PullRequest(PullRequest),
    Run(Run),
    /// There is none, or none for this token.
    Nothing,
    /// This one could not be read here: the REST API may know it.
    Unanswered,
}

/// What is asked for, each object once.
pub(super) struct Plan<'a> {
    pub(super) repositories: Vec<Repository<'a>>,
    /// Of each ask, its repository and its object there; none for what GraphQL cannot be asked for.
    pub(super) places: Vec<Option<(usize, usize)>>,
}

pub(super) struct Repository<'a> {
    owner: &'a str,
    name: &'a str,
    pub(super) objects: Vec<Object<'a>>,
}

pub(super) enum Object<'a> {
    Commit { id: &'a CommitId, itself: bool, runs: bool },
    Pull(u32),
}

impl Object<'_> {
    /// The name under which it is asked for.
    pub(super) fn alias(&self, at: usize) -> String {
        match self {
            Self::Commit { .. } => format!("c{at}"),
            Self::Pull(_) => format!("p{at}"),
        }
    }
}

impl<'a> Plan<'a> {
    pub(super) fn of(lookups: &'a [Lookup]) -> Self {
        let mut plan = Self { repositories: Vec::new(), places: Vec::with_capacity(lookups.len()) };
        for lookup in lookups {
            let place = plan.add(lookup);
            plan.places.push(place);
        }
        plan
    }

    fn add(&mut self, lookup: &'a Lookup) -> Option<(usize, usize)> {
        let (repository, object) = match lookup {
            Lookup::Commit { repository, id } => (repository, Object::Commit { id, itself: true, runs: false }),
            Lookup::Run { repository, commit, .. } => {
                (repository, Object::Commit { id: commit, itself: false, runs: true })
            }
            Lookup::PullRequest { repository, id } => (repository, Object::Pull(id.as_str().parse().ok()?)),
        };
        match &object {
            // Anything else would be an expression: the name of a branch, say.
            Object::Commit { id, .. } if !is_sha(id.as_str()) => return None,
            // `Int` of the schema.
            Object::Pull(number) if i32::try_from(*number).is_err() => return None,
            Object::Commit { .. } | Object::Pull(_) => {}
        }
        let (owner, name) = path_parts(repository)?;
        let same = |r: &Repository<'_>| r.owner.eq_ignore_ascii_case(owner) && r.name.eq_ignore_ascii_case(name);
        let at = self.repositories.iter().position(same).unwrap_or_else(|| {
            self.repositories.push(Repository { owner, name, objects: Vec::new() });
            self.repositories.len() - 1
        });
        let objects = &mut self.repositories.get_mut(at)?.objects;
        let place = objects.iter_mut().position(|known| known.take(&object)).unwrap_or_else(|| {
            objects.push(object);
            objects.len() - 1
        });
        Some((at, place))
    }
}

impl Object<'_> {
    /// Whether `other` is the same object; it is asked for with this one then.
    fn take(&mut self, other: &Self) -> bool {
        match (self, other) {
            (Self::Commit { id, itself, runs }, Self::Commit { id: other, itself: other_itself, runs: other_runs })
                if id.is_same_as(other) || id.as_str().eq_ignore_ascii_case(other.as_str()) =>
            {
                if other.as_str().len() > id.as_str().len() {
                    *id = other;
                }
                *itself |= other_itself;
                *runs |= other_runs;
                true
            }
            (Self::Pull(number), Self::Pull(other)) => *number == *other,
            _ => false,
        }
    }
}

fn is_sha(text: &str) -> bool {
    (4..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Asks for all of them in one request, for which GitHub wants a token. What is asked for twice is asked once: a
/// commit, its author and the runs on it are one object.
pub(super) fn request_many(at: &GitHub, lookups: &[Lookup], secret: Option<&Secret>) -> Request {
    graphql::request(at, &query(&Plan::of(lookups)), secret)
}

fn query(plan: &Plan<'_>) -> String {
    let mut query = "query {\n".to_owned();
    let (mut commits, mut runs, mut pulls) = (false, false, false);
    for (at, repository) in plan.repositories.iter().enumerate() {
        let (owner, name) = (quoted(repository.owner), quoted(repository.name));
        query.push_str(&format!("  r{at}: repository(owner: {owner}, name: {name}) {{\n"));
        for (at, object) in repository.objects.iter().enumerate() {
            let alias = object.alias(at);
            match object {
                Object::Commit { id, itself, runs: its_runs } => {
                    commits |= itself;
                    runs |= its_runs;
                    let parts = match (itself, its_runs) {
                        (true, true) => "...commit ...runs",
                        (true, false) => "...commit",
                        (false, _) => "...runs",
                    };
                    let id = quoted(id.as_str());
                    query.push_str(&format!("    {alias}: object(expression: {id}) {{ {parts} }}\n"));
                }
                Object::Pull(number) => {
                    pulls = true;
                    query.push_str(&format!("    {alias}: pullRequest(number: {number}) {{ ...pull }}\n"));
                }
            }
        }
        query.push_str("  }\n");
    }
    query.push_str("  rateLimit { remaining resetAt }\n}\n");
    // A fragment that nothing uses is an error.
    if commits {
        query.push_str(COMMIT);
    }
    if runs {
        query.push_str(&format!(
            "fragment runs on Commit {{
  sha: oid
  checkSuites(first: {SUITES}) {{ nodes {{
    status conclusion branch {{ name }} creator {{ ...user }}
    workflowRun {{
      id: databaseId html_url: url run_number: runNumber created_at: createdAt updated_at: updatedAt workflow {{ name }}
    }}
    checkRuns(first: {RUNS}, filterBy: {{checkType: ALL}}) {{ nodes {{
      id: databaseId name status conclusion started_at: startedAt completed_at: completedAt html_url: detailsUrl
    }} }}
  }} }}
}}
"
        ));
    }
    if pulls {
        query.push_str(&format!(
            "fragment pull on PullRequest {{
  number title html_url: url state draft: isDraft head_ref: headRefName
  created_at: createdAt closed_at: closedAt merged_at: mergedAt
  user: author {{ ...user }} merged_by: mergedBy {{ ...user }} merge_commit: mergeCommit {{ sha: oid }}
  review_requests: reviewRequests(first: {REVIEWERS}) {{ nodes {{
    reviewer: requestedReviewer {{ ...user ... on Team {{ name html_url: url }} }}
  }} }}
}}
"
        ));
    }
    if commits || runs || pulls {
        query.push_str("fragment user on Actor { login avatar_url: avatarUrl html_url: url }\n");
    }
    query
}

const COMMIT: &str = "fragment commit on Commit {
  sha: oid html_url: url message committed_at: committedDate
  author { name email avatar_url: avatarUrl user { ...user } }
}
";
