//! The REST endpoints of manifest repositories: histories, tags, statuses; [deployments](super::deployments)
//! apart.

use serde_json::{Value, json};

use super::{
    refusal,
    rest::{commit_json, page},
};
use crate::forges::{
    call::{Answer, Call},
    gate::Read,
    world::{MAIN, Millis, StatusAuthor, Sync, Tag, Word, World, latest, rfc3339},
};

const COMMITS: [&str; 8] = ["sha", "path", "author", "committer", "since", "until", "per_page", "page"];
const DEPLOYMENTS: [&str; 6] = ["sha", "ref", "task", "environment", "per_page", "page"];
const PAGES: [&str; 2] = ["per_page", "page"];
/// As many commits as a comparison shows without pages.
const COMPARED: usize = 250;

/// The parameters that a path has, and what it takes to read it.
pub(super) fn known_params(rest: &[&str]) -> Option<(&'static [&'static str], Read)> {
    Some(match rest {
        ["commits"] => (&COMMITS, Read::Commits),
        ["git", "matching-refs", _, ..] | ["git", "ref", _, ..] | ["git", "tags", _] => (&[], Read::Commits),
        ["compare", _, ..] => (&PAGES, Read::Commits),
        ["commits", _, "status" | "statuses"] => (&PAGES, Read::Statuses),
        ["deployments"] => (&DEPLOYMENTS, Read::Deployments),
        ["deployments", _] => (&[], Read::Deployments),
        ["deployments", _, "statuses"] => (&PAGES, Read::Deployments),
        _ => return None,
    })
}

/// A repository at a moment.
pub(super) struct At<'w> {
    pub(super) world: &'w World,
    pub(super) repository: usize,
    pub(super) now: Millis,
}

pub(super) fn answer(asks: &At<'_>, call: &Call, rest: &[&str]) -> Result<Answer, String> {
    let missing = || refusal(404, "Not Found");
    let whole = |json: Value| Answer::json(200, &json);
    Ok(match rest {
        ["commits"] => return asks.commits(call),
        ["git", "matching-refs", name @ ..] => {
            let wanted = format!("refs/{}", name.join("/"));
            let all = asks.refs().into_iter().filter(|(name, ..)| name.starts_with(&wanted));
            whole(all.map(|(name, kind, sha)| asks.reference(&name, kind, &sha)).collect())
        }
        ["git", "ref", name @ ..] => {
            let wanted = format!("refs/{}", name.join("/"));
            let found = asks.refs().into_iter().find(|(name, ..)| *name == wanted);
            found.map_or_else(missing, |(name, kind, sha)| whole(asks.reference(&name, kind, &sha)))
        }
        ["git", "tags", sha] => {
            let tag = asks.world.tag_of(asks.repository, sha, asks.now);
            tag.map_or_else(missing, |tag| whole(asks.tag(&tag, sha)))
        }
        ["compare", name @ ..] => {
            let name = name.join("/");
            let (base, head) = name.split_once("...").ok_or("compare wants two, with three points between them")?;
            asks.compare(call, base, head)
        }
        ["commits", name, "status"] => match asks.commit(name) {
            Some(commit) => whole(asks.combined(call, commit)),
            None => missing(),
        },
        ["commits", name, "statuses"] => match asks.commit(name) {
            Some(commit) => {
                let words = asks.world.words(commit, asks.now).into_iter().rev();
                pages(call, words.map(|word| asks.status(&word)).collect())
            }
            None => missing(),
        },
        ["deployments"] => asks.deployments(call),
        ["deployments", id] => match asks.deployment_of(id) {
            Some(deployment) => whole(asks.deployment(&deployment)),
            None => missing(),
        },
        ["deployments", id, "statuses"] => match asks.deployment_of(id) {
            Some(deployment) => pages(call, asks.deployment_statuses(&deployment)),
            None => missing(),
        },
        _ => missing(),
    })
}

/// A page of a list, and where the next one is.
pub(super) fn pages(call: &Call, all: Vec<Value>) -> Answer {
    let (size, page_number) = (call.number("per_page", 30, 100), call.number("page", 1, usize::MAX).max(1));
    let has_more = all.len() > size * page_number;
    let answer = Answer::json(200, &json!(page(call, all)));
    if !has_more {
        return answer;
    }
    let root = if call.origin.is_empty() { "https://api.github.com" } else { &call.origin };
    let rest = call.query.iter().filter(|(name, _)| name != "page").map(|(name, value)| format!("{name}={value}&"));
    let next = format!("{root}{}?{}page={}", call.path, rest.collect::<String>(), page_number + 1);
    answer.header("link", format!("<{next}>; rel=\"next\""))
}

/// In the words of statuses.
pub(super) const fn state(state: Sync) -> &'static str {
    match state {
        Sync::Applied => "success",
        Sync::Failed => "failure",
        Sync::Pending => "pending",
    }
}

pub(super) fn context(author: &StatusAuthor) -> String {
    match author {
        StatusAuthor::Flux(cluster) => format!("kustomization/apps/{cluster}"),
        StatusAuthor::Fetched(cluster) => format!("gitrepository/flux-system/{cluster}"),
        StatusAuthor::Argo(cluster) => format!("continuous-delivery/{cluster}"),
        StatusAuthor::Build => "ci/build".to_owned(),
        StatusAuthor::Check(n) => format!("ci/check-{n}"),
    }
}

/// The state of all together: pending where nothing has been reported.
pub(super) fn combined(words: &[Word]) -> &'static str {
    let any = |state: Sync| words.iter().any(|word| word.state == state);
    if any(Sync::Failed) {
        "failure"
    } else if any(Sync::Pending) || words.is_empty() {
        "pending"
    } else {
        "success"
    }
}

impl At<'_> {
    pub(super) fn root(&self) -> String {
        let place = &self.world.places[self.world.repositories[self.repository].place];
        format!("https://api.github.com/repos/{}/{}", place.owner, place.name)
    }

    pub(super) fn sha(&self, commit: usize) -> &str {
        &self.world.commits[commit].id
    }

    fn commit(&self, name: &str) -> Option<usize> {
        self.world.resolve(self.repository, name, self.now)
    }

    fn commits(&self, call: &Call) -> Result<Answer, String> {
        if self.world.branches(self.repository, self.now).is_empty() {
            return Ok(refusal(409, "Git Repository is empty."));
        }
        let Some(tip) = self.commit(call.param("sha").unwrap_or(MAIN)) else { return Ok(refusal(404, "Not Found")) };
        let moment = |name: &str| match call.param(name).map(|text| (text, instant(text))) {
            Some((text, None)) => Err(format!("{text} is no moment")),
            Some((_, at)) => Ok(at),
            None => Ok(None),
        };
        let (since, until) = (moment("since")?, moment("until")?);
        let mut all = self.world.reach(tip, false);
        all.retain(|n| {
            let commit = &self.world.commits[*n];
            let author = &self.world.people[commit.author];
            let is_by = |name: &str| name.eq_ignore_ascii_case(&author.login) || name == author.email();
            since.is_none_or(|since| commit.at >= since)
                && until.is_none_or(|until| commit.at <= until)
                && call.param("author").is_none_or(is_by)
                && call.param("committer").is_none_or(is_by)
        });
        Ok(pages(call, all.into_iter().map(|n| commit_json(self.world, n)).collect()))
    }

    /// Every ref: its name, what kind of object it is on, and which.
    fn refs(&self) -> Vec<(String, &'static str, String)> {
        let branches = self.world.branches(self.repository, self.now).into_iter();
        let branches = branches.map(|b| (format!("refs/heads/{}", b.name), "commit", self.sha(b.tip).to_owned()));
        let tags = self.world.tags(self.repository, self.now).into_iter().map(|tag| {
            let name = format!("refs/tags/{}", tag.name);
            match tag.object {
                Some(object) => (name, "tag", object),
                None => (name, "commit", self.sha(tag.commit).to_owned()),
            }
        });
        branches.chain(tags).collect()
    }

    fn reference(&self, name: &str, kind: &str, sha: &str) -> Value {
        let root = self.root();
        let object = json!({ "sha": sha, "type": kind, "url": format!("{root}/git/{kind}s/{sha}") });
        json!({ "ref": name, "node_id": "x", "url": format!("{root}/git/{name}"), "object": object })
    }

    fn tag(&self, tag: &Tag, object: &str) -> Value {
        let (root, commit) = (self.root(), self.sha(tag.commit));
        json!({
            "node_id": "x", "tag": tag.name, "sha": object, "url": format!("{root}/git/tags/{object}"),
            "message": tag.message,
            "tagger": { "name": "Flux", "email": "flux@contoso.example", "date": rfc3339(tag.at) },
            "object": { "sha": commit, "type": "commit", "url": format!("{root}/git/commits/{commit}") },
            "verification": { "verified": false, "reason": "unsigned", "signature": null, "payload": null },
        })
    }

    fn compare(&self, call: &Call, base: &str, head: &str) -> Answer {
        let (Some(old), Some(new)) = (self.commit(base), self.commit(head)) else { return refusal(404, "Not Found") };
        let between = self.world.between(old, new);
        let Some(common) = between.common else {
            return refusal(404, &format!("No common ancestor between {base} and {head}."));
        };
        let (ahead, behind) = (between.ahead.len(), between.behind.len());
        let status = match (ahead, behind) {
            (0, 0) => "identical",
            (_, 0) => "ahead",
            (0, _) => "behind",
            _ => "diverged",
        };
        // The oldest first.
        let all: Vec<Value> = between.ahead.iter().rev().map(|n| commit_json(self.world, *n)).collect();
        let is_paged = call.param("page").or(call.param("per_page")).is_some();
        let commits = if is_paged { page(call, all) } else { all.into_iter().take(COMPARED).collect() };
        let web = self.world.repository_web(self.repository);
        Answer::json(
            200,
            &json!({
                "url": format!("{}/compare/{base}...{head}", self.root()),
                "html_url": format!("{web}/compare/{base}...{head}"), "status": status,
                "ahead_by": ahead, "behind_by": behind, "total_commits": ahead, "commits": commits, "files": [],
                "base_commit": commit_json(self.world, old), "merge_base_commit": commit_json(self.world, common),
            }),
        )
    }

    fn combined(&self, call: &Call, commit: usize) -> Value {
        let words = latest(self.world.words(commit, self.now));
        let statuses: Vec<Value> = words.iter().map(|word| self.status(word)).collect();
        let (root, sha) = (self.root(), self.sha(commit));
        json!({
            "state": combined(&words), "total_count": words.len(), "sha": sha, "statuses": page(call, statuses),
            "commit_url": format!("{root}/commits/{sha}"), "url": format!("{root}/commits/{sha}/status"),
        })
    }

    fn status(&self, word: &Word) -> Value {
        json!({
            "url": format!("{}/statuses/{}", self.root(), self.sha(word.commit)), "id": word.id, "node_id": "x",
            "state": state(word.state), "description": word.message, "target_url": null,
            "context": context(&word.author), "created_at": rfc3339(word.at), "updated_at": rfc3339(word.at),
        })
    }
}

/// A moment to the second, in UTC.
fn instant(text: &str) -> Option<Millis> {
    ringside::domain::time::Timestamp::parse(text).map(ringside::domain::time::Timestamp::millis)
}
