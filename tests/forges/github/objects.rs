//! The objects of the GraphQL schema that Ringside has a use for, with the fields that it may have a use for.

use serde_json::{Map, Value};

use super::{history, query::Walk, statuses, words};
use crate::forges::{
    gate::Read,
    world::{Deployment, Forge, Kind, MAIN, Millis, PullState, State, Tag, Word, World, current, rfc3339},
};

/// What a field holds.
pub(super) enum Found {
    Value(Value),
    Nothing,
    One(Object),
    Many(Vec<Object>),
}

/// An object, by its place in the world.
#[derive(Clone, Debug)]
pub(super) enum Object {
    Query,
    RateLimit,
    Repository(usize),
    Commit(usize),
    /// Who made a commit or a tag, and when; who may be nobody's account.
    GitActor(Option<usize>, Millis),
    User(usize),
    /// A workflow's run, as the suite of its jobs.
    CheckSuite(usize),
    WorkflowRun(usize),
    Workflow,
    App,
    CheckRun(usize),
    PullRequest(usize),
    ReviewRequest(usize),
    /// By its repository and its whole name.
    Ref(usize, String),
    /// An annotated tag's object.
    Tag(Tag),
    /// What is reported of a commit, one word of each.
    Status(Vec<Word>),
    StatusContext(Word),
    Deployment(Deployment),
    /// One of a deployment's words.
    DeploymentStatus(Deployment, usize),
    /// Two commits.
    Comparison(usize, usize),
    Connection(&'static str, Vec<Object>, Page),
    PageInfo(Page),
}

/// Which part of a list that is: from where to where, and of how many.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    from: usize,
    to: usize,
    total: usize,
}

/// Every type, and the interfaces and unions that it belongs to.
pub(super) const TYPES: [(&str, &[&str]); 27] = [
    ("Query", &["Node"]),
    ("RateLimit", &[]),
    ("Repository", &["Node", "UniformResourceLocatable"]),
    ("Commit", &["Node", "GitObject", "UniformResourceLocatable"]),
    ("Tree", &["Node", "GitObject"]),
    ("Blob", &["Node", "GitObject"]),
    ("Tag", &["Node", "GitObject"]),
    ("GitActor", &[]),
    ("User", &["Node", "Actor", "RequestedReviewer", "ProfileOwner"]),
    ("Bot", &["Node", "Actor", "RequestedReviewer"]),
    ("Mannequin", &["Node", "Actor", "RequestedReviewer"]),
    ("Organization", &["Node", "Actor"]),
    ("Team", &["Node", "RequestedReviewer"]),
    ("CheckSuite", &["Node"]),
    ("WorkflowRun", &["Node", "UniformResourceLocatable"]),
    ("Workflow", &["Node"]),
    ("App", &["Node"]),
    ("CheckRun", &["Node", "UniformResourceLocatable"]),
    ("PullRequest", &["Node", "UniformResourceLocatable"]),
    ("ReviewRequest", &["Node"]),
    ("PageInfo", &[]),
    ("Ref", &["Node"]),
    ("Status", &["Node"]),
    ("StatusContext", &["Node", "RequirableByPullRequest", "StatusCheckRollupContext"]),
    ("Deployment", &["Node"]),
    ("DeploymentStatus", &["Node"]),
    ("Comparison", &["Node"]),
];

pub(super) type Arguments = Map<String, Value>;

pub(super) fn value(value: impl Into<Value>) -> Result<Found, String> {
    Ok(Found::Value(value.into()))
}

pub(super) fn one(object: Option<Object>) -> Result<Found, String> {
    Ok(object.map_or(Found::Nothing, Found::One))
}

/// `first` or `last` is asked for, and is no more than a hundred.
pub(super) fn connection(kind: &'static str, arguments: &Arguments, all: Vec<Object>) -> Result<Found, String> {
    let number = |name: &str| arguments.get(name).and_then(Value::as_u64);
    let cursor = |name: &str| match arguments.get(name).and_then(Value::as_str) {
        Some(text) => text.strip_prefix('c').and_then(|n| n.parse().ok()).map(Some).ok_or("that is no cursor"),
        None => Ok(None),
    };
    let (first, last) = (number("first"), number("last"));
    let size = first.or(last).ok_or("a connection wants first or last")?;
    if !(1..=100).contains(&size) {
        return Err(format!("{size} is not from 1 to 100"));
    }
    let (size, total) = (size as usize, all.len());
    let begin = cursor("after")?.map_or(0, |n: usize| n + 1).min(total);
    let end = cursor("before")?.unwrap_or(total).clamp(begin, total);
    let (from, to) =
        if first.is_some() { (begin, end.min(begin + size)) } else { (begin.max(end.saturating_sub(size)), end) };
    Ok(Found::One(Object::Connection(kind, all[from..to].to_vec(), Page { from, to, total })))
}

pub(super) fn text<'a>(arguments: &'a Arguments, name: &str) -> Result<&'a str, String> {
    arguments.get(name).and_then(Value::as_str).ok_or_else(|| format!("{name} is wanted, a text"))
}

fn check(arguments: &Arguments, known: &[&str]) -> Result<(), String> {
    match arguments.keys().find(|name| !known.contains(&name.as_str())) {
        Some(strange) => Err(format!("there is no argument {strange}")),
        None => Ok(()),
    }
}

impl Object {
    pub(super) const fn type_name(&self) -> &'static str {
        match self {
            Self::Query => "Query",
            Self::RateLimit => "RateLimit",
            Self::Repository(_) => "Repository",
            Self::Commit(_) => "Commit",
            Self::GitActor(..) => "GitActor",
            Self::User(_) => "User",
            Self::CheckSuite(_) => "CheckSuite",
            Self::WorkflowRun(_) => "WorkflowRun",
            Self::Workflow => "Workflow",
            Self::App => "App",
            Self::CheckRun(_) => "CheckRun",
            Self::PullRequest(_) => "PullRequest",
            Self::ReviewRequest(_) => "ReviewRequest",
            Self::Ref(..) => "Ref",
            Self::Tag(_) => "Tag",
            Self::Status(_) => "Status",
            Self::StatusContext(_) => "StatusContext",
            Self::Deployment(_) => "Deployment",
            Self::DeploymentStatus(..) => "DeploymentStatus",
            Self::Comparison(..) => "Comparison",
            Self::Connection(name, ..) => name,
            Self::PageInfo(_) => "PageInfo",
        }
    }

    pub(super) fn is_a(&self, name: &str) -> bool {
        let own = self.type_name();
        own == name || TYPES.iter().any(|(kind, all)| *kind == own && all.contains(&name))
    }

    pub(super) fn field(&self, name: &str, arguments: &Arguments, walk: &mut Walk<'_>) -> Result<Found, String> {
        let world = walk.world;
        let arguments_known: &[&str] = match (self, name) {
            (Self::Query, "repository") => &["owner", "name", "followRenames"],
            (Self::Query, "rateLimit") => &["dryRun"],
            (Self::Repository(_), "object") => &["oid", "expression"],
            (Self::Repository(_), "pullRequest") => &["number"],
            (Self::Repository(_), "ref") => &["qualifiedName"],
            (Self::Repository(_), "refs") => {
                &["refPrefix", "query", "first", "last", "after", "before", "orderBy", "direction"]
            }
            (Self::Repository(_), "deployments") => &["first", "last", "after", "before", "environments", "orderBy"],
            (Self::Repository(_), "pullRequests") | (Self::Ref(..), "associatedPullRequests") => {
                &["first", "last", "after", "before", "headRefName", "baseRefName", "states", "labels", "orderBy"]
            }
            (Self::Ref(..), "compare") => &["headRef"],
            (Self::Commit(_), "history") => &["first", "last", "after", "before", "path", "author", "since", "until"],
            (Self::Commit(_), "parents") | (Self::Deployment(_), "statuses") | (Self::Comparison(..), "commits") => {
                &["first", "last", "after", "before"]
            }
            (Self::Commit(_), "deployments") => &["first", "last", "after", "before", "environments", "orderBy"],
            (Self::Status(_), "context") => &["name"],
            (Self::Commit(_), "checkSuites") => &["first", "last", "after", "before", "filterBy"],
            (Self::Commit(_), "associatedPullRequests") => &["first", "last", "after", "before", "orderBy"],
            (Self::CheckSuite(_), "checkRuns") => &["first", "last", "after", "before", "filterBy"],
            (Self::PullRequest(_), "reviewRequests") => &["first", "last", "after", "before"],
            (Self::User(_) | Self::GitActor(..), "avatarUrl") => &["size"],
            _ => &[],
        };
        check(arguments, arguments_known)?;
        let found = match self {
            Self::Query => query(name, arguments, walk),
            Self::RateLimit => rate_limit(name, walk),
            Self::Repository(n) => repository(*n, name, arguments, walk),
            Self::Commit(n) => commit(*n, name, arguments, walk),
            Self::GitActor(person, at) => git_actor(world, *person, *at, name),
            Self::User(n) => user(world, *n, name),
            Self::CheckSuite(n) => check_suite(*n, name, arguments, walk),
            Self::WorkflowRun(n) => workflow_run(*n, name, walk),
            Self::Workflow => match name {
                "name" => value("Deploy"),
                "databaseId" => value(77),
                _ => Err(String::new()),
            },
            Self::App => match name {
                "name" => value("GitHub Actions"),
                "slug" => value("github-actions"),
                _ => Err(String::new()),
            },
            Self::CheckRun(n) => check_run(*n, name, walk),
            Self::PullRequest(n) => pull_request(*n, name, arguments, walk),
            Self::ReviewRequest(person) => match name {
                "requestedReviewer" => one(Some(Self::User(*person))),
                "asCodeOwner" => value(false),
                _ => Err(String::new()),
            },
            Self::Ref(repository, full) => history::reference(*repository, full, name, arguments, walk),
            Self::Tag(tag) => history::tag(tag, name, walk),
            Self::Status(words) => statuses::status(words, name, arguments),
            Self::StatusContext(word) => statuses::status_context(word, name),
            Self::Deployment(deployment) => statuses::deployment(deployment, name, arguments, walk),
            Self::DeploymentStatus(deployment, n) => statuses::deployment_status(deployment, *n, name),
            Self::Comparison(base, head) => history::comparison([*base, *head], name, arguments, walk),
            Self::Connection(_, all, page) => match name {
                "nodes" => Ok(Found::Many(all.clone())),
                "totalCount" => value(page.total),
                "pageInfo" => one(Some(Self::PageInfo(*page))),
                _ => Err(String::new()),
            },
            Self::PageInfo(Page { from, to, total }) => match name {
                "hasNextPage" => value(to < total),
                "hasPreviousPage" => value(*from > 0),
                "startCursor" => value((from < to).then(|| format!("c{from}"))),
                "endCursor" => value((from < to).then(|| format!("c{}", to - 1))),
                _ => Err(String::new()),
            },
        };
        found.map_err(|why| if why.is_empty() { format!("{} has no {name}", self.type_name()) } else { why })
    }
}

fn query(name: &str, arguments: &Arguments, walk: &mut Walk<'_>) -> Result<Found, String> {
    match name {
        "rateLimit" => one(Some(Object::RateLimit)),
        "viewer" => one(Some(Object::User(0))),
        "repository" => {
            let (owner, name) = (text(arguments, "owner")?, text(arguments, "name")?);
            let place = walk.world.place_of(Forge::GitHub, owner, name);
            if place.is_none() {
                let message = format!("Could not resolve to a Repository with the name '{owner}/{name}'.");
                walk.error("NOT_FOUND", message);
            }
            one(place.map(Object::Repository))
        }
        _ => Err(String::new()),
    }
}

fn rate_limit(name: &str, walk: &Walk<'_>) -> Result<Found, String> {
    match name {
        "cost" | "nodeCount" => value(1),
        "limit" => value(walk.budget.limit),
        "remaining" => value(walk.budget.remaining()),
        "used" => value(walk.budget.used),
        "resetAt" => value(rfc3339(walk.budget.reset / 1000 * 1000)),
        _ => Err(String::new()),
    }
}

fn repository(place: usize, name: &str, arguments: &Arguments, walk: &mut Walk<'_>) -> Result<Found, String> {
    let world = walk.world;
    let at = &world.places[place];
    match name {
        "name" => value(at.name.as_str()),
        "nameWithOwner" => value(format!("{}/{}", at.owner, at.name)),
        "url" => value(at.web()),
        "databaseId" => value(at.number),
        "isPrivate" | "isArchived" => value(false),
        "isEmpty" => value(world.repository_of(place, None).and_then(|r| world.resolve(r, MAIN, walk.now)).is_none()),
        "object" => {
            let id = arguments.get("expression").or_else(|| arguments.get("oid")).and_then(Value::as_str);
            let id = id.ok_or("object wants an expression or an oid")?;
            if arguments.contains_key("oid") && id.len() != 40 {
                return Err(format!("{id} is no whole id"));
            }
            if !walk.may(Read::Commits) {
                walk.error("FORBIDDEN", "Resource not accessible by personal access token".to_owned());
                return Ok(Found::Nothing);
            }
            let repository = world.repository_of(place, None);
            one(repository.and_then(|r| world.resolve(r, id, walk.now)).map(Object::Commit))
        }
        "pullRequest" => {
            let number = arguments.get("number").and_then(Value::as_u64).ok_or("pullRequest wants a number")?;
            if !walk.may(Read::PullRequests) {
                walk.error("FORBIDDEN", "Resource not accessible by personal access token".to_owned());
                return Ok(Found::Nothing);
            }
            let found = world.pull_of(place, number, walk.now);
            if found.is_none() {
                let message = format!("Could not resolve to a PullRequest with the number of {number}.");
                walk.error("NOT_FOUND", message);
            }
            let n = found.and_then(|pull| world.pulls.iter().position(|p| std::ptr::eq(p, pull)));
            one(n.map(Object::PullRequest))
        }
        _ => history::repository(place, name, arguments, walk),
    }
}

fn commit(n: usize, name: &str, arguments: &Arguments, walk: &mut Walk<'_>) -> Result<Found, String> {
    let world = walk.world;
    let at = &world.commits[n];
    let title = at.message.lines().next().unwrap_or_default();
    match name {
        "oid" => value(at.id.as_str()),
        "abbreviatedOid" => value(&at.id[..7]),
        "message" => value(at.message.as_str()),
        "messageHeadline" => value(title),
        "messageBody" => value(at.message.split_once("\n\n").map_or("", |(_, body)| body)),
        "committedDate" | "authoredDate" => value(rfc3339(at.at)),
        "url" | "commitUrl" => value(world.commit_web(n)),
        "author" | "committer" => one(Some(Object::GitActor(Some(at.author), at.at))),
        "checkSuites" => {
            let is_of = |run: &crate::forges::world::Run| {
                run.kind == Kind::Workflow && run.commit == n && run.is_there(walk.now)
            };
            let runs = world.runs.iter().enumerate().filter(|(_, run)| is_of(run));
            let suites: Vec<Object> = runs.map(|(run, _)| Object::CheckSuite(run)).collect();
            if !walk.may(Read::Runs) {
                walk.error("FORBIDDEN", "Resource not accessible by personal access token".to_owned());
                return Ok(Found::Nothing);
            }
            connection("CheckSuiteConnection", arguments, suites)
        }
        "associatedPullRequests" => {
            let pulls = world.pulls.iter().enumerate().filter(|(_, p)| p.commit == n && p.opened <= walk.now);
            connection("PullRequestConnection", arguments, pulls.map(|(n, _)| Object::PullRequest(n)).collect())
        }
        _ => history::commit(n, name, arguments, walk),
    }
}

fn git_actor(world: &World, n: Option<usize>, at: Millis, name: &str) -> Result<Found, String> {
    let person = n.map(|n| &world.people[n]);
    match name {
        "name" => value(person.map_or("Flux", |person| person.name.as_str())),
        "email" => value(person.map_or_else(|| "flux@contoso.example".to_owned(), |person| person.email())),
        "avatarUrl" => value(person.map(|person| world.picture(person))),
        "date" => value(rfc3339(at)),
        "user" => one(n.filter(|n| world.people[*n].is_known).map(Object::User)),
        _ => Err(String::new()),
    }
}

fn user(world: &World, n: usize, name: &str) -> Result<Found, String> {
    let person = &world.people[n];
    match name {
        "login" => value(person.login.as_str()),
        "name" => value(person.name.as_str()),
        "avatarUrl" => value(world.picture(person)),
        "url" => value(format!("https://github.com/{}", person.login)),
        "databaseId" => value(1000 + person.login.len()),
        _ => Err(String::new()),
    }
}

/// In capitals, as enumerations are.
fn shout(word: Option<&str>) -> Result<Found, String> {
    value(word.map(str::to_ascii_uppercase))
}

fn check_suite(n: usize, name: &str, arguments: &Arguments, walk: &Walk<'_>) -> Result<Found, String> {
    let world = walk.world;
    let run = &world.runs[n];
    let span = run.now(walk.now);
    let (status, conclusion) = words(span.state(walk.now));
    match name {
        "databaseId" => value(run.id + 1),
        "status" => shout(Some(status)),
        "conclusion" => shout(conclusion),
        "createdAt" => value(rfc3339(span.queued)),
        "updatedAt" => value(rfc3339(span.finished(walk.now).or(span.began(walk.now)).unwrap_or(span.queued))),
        "url" => value(format!("{}/suites/{}", world.commit_web(run.commit), run.id + 1)),
        "commit" => one(Some(Object::Commit(run.commit))),
        "app" => one(Some(Object::App)),
        "creator" => one(Some(Object::User(run.starter))),
        "branch" => {
            let repository = world.commits[run.commit].repository;
            let is_there = world.branches(repository, walk.now).iter().any(|branch| branch.name == run.branch);
            one(is_there.then(|| Object::Ref(repository, format!("refs/heads/{}", run.branch))))
        }
        "workflowRun" => one(Some(Object::WorkflowRun(n))),
        "checkRuns" => {
            let jobs = world
                .runs
                .iter()
                .enumerate()
                .filter(|(_, job)| job.kind == Kind::Job && job.workflow == Some(n) && job.is_there(walk.now));
            connection("CheckRunConnection", arguments, jobs.map(|(n, _)| Object::CheckRun(n)).collect())
        }
        _ => Err(String::new()),
    }
}

fn workflow_run(n: usize, name: &str, walk: &Walk<'_>) -> Result<Found, String> {
    let run = &walk.world.runs[n];
    let span = run.now(walk.now);
    match name {
        "databaseId" => value(run.id),
        "url" => value(walk.world.run_web(n)),
        "event" => value("push"),
        "runNumber" => value(n + 1),
        "createdAt" => value(rfc3339(run.tries[0].queued)),
        "updatedAt" => value(rfc3339(span.finished(walk.now).or(span.began(walk.now)).unwrap_or(span.queued))),
        "workflow" => one(Some(Object::Workflow)),
        "checkSuite" => one(Some(Object::CheckSuite(n))),
        _ => Err(String::new()),
    }
}

fn check_run(n: usize, name: &str, walk: &Walk<'_>) -> Result<Found, String> {
    let run = &walk.world.runs[n];
    let (_, span) = current(&run.tries, walk.now);
    let state = span.state(walk.now);
    let (status, conclusion) = words(state);
    let is_waiting = matches!(state, State::Absent | State::Queued | State::Waiting);
    match name {
        "databaseId" => value(run.id),
        "name" => value(run.name.as_str()),
        "status" => shout(Some(status)),
        "conclusion" => shout(conclusion),
        "startedAt" => value(span.began(walk.now).or((!is_waiting).then_some(span.queued)).map(rfc3339)),
        "completedAt" => value(span.finished(walk.now).map(rfc3339)),
        "url" | "permalink" | "detailsUrl" => value(walk.world.run_web(n)),
        "title" | "summary" | "text" => value(Value::Null),
        "checkSuite" => one(run.workflow.map(Object::CheckSuite)),
        _ => Err(String::new()),
    }
}

fn pull_request(n: usize, name: &str, arguments: &Arguments, walk: &Walk<'_>) -> Result<Found, String> {
    let world = walk.world;
    let pull = &world.pulls[n];
    let state = pull.state(walk.now);
    let (is_open, is_merged) = (state == PullState::Open, state == PullState::Merged);
    let ended = (!is_open).then(|| rfc3339(pull.ended));
    match name {
        "number" => value(pull.number),
        "title" => value(pull.title.as_str()),
        "url" | "permalink" => value(world.pull_web(pull)),
        "body" | "bodyText" => value(""),
        "state" => value(if is_open {
            "OPEN"
        } else if is_merged {
            "MERGED"
        } else {
            "CLOSED"
        }),
        "merged" => value(is_merged),
        "closed" => value(!is_open),
        "isDraft" => value(pull.is_draft),
        "createdAt" => value(rfc3339(pull.opened)),
        "updatedAt" => value(rfc3339(pull.ended.min(walk.now))),
        "closedAt" => value(ended),
        "mergedAt" => value(ended.filter(|_| is_merged)),
        "headRefName" => value(pull.branch.as_str()),
        "headRefOid" => value(world.commits[world.head(pull, walk.now)].id.as_str()),
        "headRef" => {
            let is_there = world.branches(pull.repository, walk.now).iter().any(|branch| branch.name == pull.branch);
            one(is_there.then(|| Object::Ref(pull.repository, format!("refs/heads/{}", pull.branch))))
        }
        "baseRefName" => value(MAIN),
        "author" => one(Some(Object::User(pull.author))),
        "mergedBy" => one(is_merged.then_some(Object::User(pull.closer))),
        "mergeCommit" => one(is_merged.then_some(Object::Commit(pull.commit))),
        "reviewDecision" => value(if pull.waits_for(walk.now).is_empty() { "APPROVED" } else { "REVIEW_REQUIRED" }),
        "reviewRequests" => {
            let waits = pull.waits_for(walk.now).into_iter().map(Object::ReviewRequest);
            connection("ReviewRequestConnection", arguments, waits.collect())
        }
        "repository" => one(Some(Object::Repository(world.repositories[pull.repository].place))),
        _ => Err(String::new()),
    }
}
