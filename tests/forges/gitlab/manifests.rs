//! What it has of a repository beyond a commit: histories, branches, tags, comparisons; [statuses](super::statuses)
//! apart.

use std::cmp::Reverse;

use serde_json::{Value, json};

use super::{At, missing, moment_there, pages};
use crate::forges::{
    call::{Answer, Call},
    world::{Branch, MAIN, Millis, Tag},
};

const COMMITS: [&str; 12] = [
    "ref_name",
    "since",
    "until",
    "path",
    "author",
    "all",
    "with_stats",
    "first_parent",
    "order",
    "trailers",
    "page",
    "per_page",
];
const TAGS: [&str; 5] = ["search", "order_by", "sort", "page", "per_page"];
const COMPARE: [&str; 5] = ["from", "to", "from_project_id", "straight", "unidiff"];
const BRANCHES: [&str; 4] = ["search", "regex", "page", "per_page"];

/// The parameters that a path below `repository` has.
pub(super) fn known_params(rest: &[&str]) -> Option<&'static [&'static str]> {
    Some(match rest {
        ["commits"] => &COMMITS,
        ["commits", _, "statuses"] => &super::statuses::STATUSES,
        ["tags"] => &TAGS,
        ["tags" | "branches", _] => &[],
        ["branches"] => &BRANCHES,
        ["merge_base"] => &["refs[]"],
        ["compare"] => &COMPARE,
        _ => return None,
    })
}

pub(super) fn flag(call: &Call, name: &str) -> Result<bool, String> {
    match call.param(name) {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(other) => Err(format!("{name} is true or false, not {other}")),
    }
}

/// One of several words, the first of them if none is given.
pub(super) fn one_of<'c>(call: &'c Call, name: &str, words: &[&'c str]) -> Result<&'c str, String> {
    let word = call.param(name).unwrap_or(words[0]);
    if words.contains(&word) { Ok(word) } else { Err(format!("{name} is one of {words:?}, not {word}")) }
}

/// `^` and `$` stand for begin and end; nothing else has a meaning.
fn is_found(search: &str, name: &str) -> bool {
    match (search.strip_prefix('^'), search.strip_suffix('$')) {
        (Some(_), Some(_)) => search.trim_start_matches('^').trim_end_matches('$') == name,
        (Some(begin), None) => name.starts_with(begin),
        (None, Some(end)) => name.ends_with(end),
        (None, None) => name.contains(search),
    }
}

/// Without the totals, which no list of commits has.
pub(super) fn uncounted(answer: Answer) -> Answer {
    let headers = answer.headers.iter().filter(|(name, _)| !name.starts_with("x-total")).cloned().collect();
    Answer { headers, ..answer }
}

impl At<'_> {
    pub(super) fn manifests(&self, call: &Call, rest: &[&str]) -> Result<Answer, String> {
        let Some(repository) = self.world.repository_of(self.place, None) else { return Ok(missing("Repository")) };
        Ok(match rest {
            ["commits"] => return self.commits(repository, call),
            ["commits", id, "statuses"] => match self.find(id) {
                Some(commit) => return self.statuses(commit, call),
                None => missing("Commit"),
            },
            ["tags"] => return self.tags(repository, call),
            ["tags", name] => {
                let found = self.world.tags(repository, self.now).into_iter().find(|tag| tag.name == *name);
                found.map_or_else(|| missing("Tag"), |tag| Answer::json(200, &self.tag(&tag)))
            }
            ["branches"] => return self.branches(repository, call),
            ["branches", name] => {
                let found = self.world.branches(repository, self.now).into_iter().find(|branch| branch.name == *name);
                found.map_or_else(|| missing("Branch"), |branch| Answer::json(200, &self.branch(repository, &branch)))
            }
            ["merge_base"] => self.merge_base(call),
            _ => return self.compare(call),
        })
    }

    fn commits(&self, repository: usize, call: &Call) -> Result<Answer, String> {
        one_of(call, "order", &["default", "topo"])?;
        flag(call, "with_stats")?;
        flag(call, "trailers")?;
        let first_line = flag(call, "first_parent")?;
        let moment = |name: &str| match call.param(name) {
            Some(text) => ringside::domain::time::Timestamp::parse(text)
                .map(|at| Some(at.millis()))
                .ok_or_else(|| format!("{text} is no moment")),
            None => Ok(None),
        };
        let (since, until) = (moment("since")?, moment("until")?);
        let tips: Vec<usize> = if flag(call, "all")? {
            self.world.branches(repository, self.now).into_iter().map(|branch| branch.tip).collect()
        } else {
            self.find(call.param("ref_name").unwrap_or(MAIN)).into_iter().collect()
        };
        let mut all: Vec<usize> = tips.into_iter().flat_map(|tip| self.world.reach(tip, first_line)).collect();
        all.sort_by_key(|n| Reverse((self.world.commits[*n].at, *n)));
        all.dedup();
        all.retain(|n| {
            let commit = &self.world.commits[*n];
            let person = &self.world.people[commit.author];
            since.is_none_or(|since: Millis| commit.at >= since)
                && until.is_none_or(|until: Millis| commit.at <= until)
                && call.param("author").is_none_or(|name| person.name.contains(name) || person.email().contains(name))
        });
        Ok(uncounted(pages(call, all.into_iter().map(|n| self.listed(n)).collect())))
    }

    /// A commit as lists have it.
    fn listed(&self, n: usize) -> Value {
        let mut json = self.commit(n);
        if let Some(json) = json.as_object_mut() {
            for name in ["status", "last_pipeline", "project_id"] {
                json.remove(name);
            }
        }
        json["trailers"] = json!({});
        json["extended_trailers"] = json!({});
        json
    }

    fn tags(&self, repository: usize, call: &Call) -> Result<Answer, String> {
        let order = one_of(call, "order_by", &["updated", "name", "version"])?;
        let direction = one_of(call, "sort", &["desc", "asc"])?;
        let mut all = self.world.tags(repository, self.now);
        all.retain(|tag| call.param("search").is_none_or(|search| is_found(search, &tag.name)));
        if order == "updated" {
            all.sort_by_key(|tag| if tag.object.is_some() { tag.at } else { self.world.commits[tag.commit].at });
        }
        if direction == "desc" {
            all.reverse();
        }
        Ok(pages(call, all.iter().map(|tag| self.tag(tag)).collect()))
    }

    /// A lightweight tag has neither a message nor a moment.
    fn tag(&self, tag: &Tag) -> Value {
        let is_annotated = tag.object.is_some();
        let target = tag.object.as_deref().unwrap_or(&self.world.commits[tag.commit].id);
        json!({
            "name": tag.name, "target": target, "commit": self.listed(tag.commit), "release": null,
            "protected": false, "message": is_annotated.then_some(tag.message),
            "created_at": is_annotated.then(|| moment_there(tag.at)),
        })
    }

    fn branches(&self, repository: usize, call: &Call) -> Result<Answer, String> {
        // Of regular expressions only what begins and ends a name.
        let regex = call.param("regex");
        if let Some(odd) = regex.filter(|r| r.contains(|c: char| !(c.is_alphanumeric() || "^$-_/".contains(c)))) {
            return Err(format!("{odd} is more of an expression than is understood here"));
        }
        let searched = call.param("search").or(regex);
        let mut all = self.world.branches(repository, self.now);
        all.retain(|branch| searched.is_none_or(|search| is_found(search, &branch.name)));
        Ok(pages(call, all.iter().map(|branch| self.branch(repository, branch)).collect()))
    }

    fn branch(&self, repository: usize, branch: &Branch) -> Value {
        let is_default = branch.name == MAIN;
        let web = self.world.repository_web(repository);
        // Merged is what the default branch has all of.
        let main = self.world.log(repository, self.now);
        let is_merged = main.first().is_some_and(|main| self.world.between(*main, branch.tip).ahead.is_empty());
        json!({
            "name": branch.name, "merged": is_merged && !is_default, "protected": is_default, "default": is_default,
            "developers_can_push": false, "developers_can_merge": false, "can_push": false,
            "web_url": format!("{web}/-/tree/{}", branch.name), "commit": self.listed(branch.tip),
        })
    }

    fn merge_base(&self, call: &Call) -> Answer {
        let refs = || call.query.iter().filter(|(name, _)| name == "refs[]").map(|(_, value)| value.as_str());
        if refs().count() < 2 {
            return Answer::json(400, &json!({ "message": "Provide at least 2 refs" }));
        }
        let unknown: Vec<&str> = refs().filter(|name| self.find(name).is_none()).collect();
        if !unknown.is_empty() {
            let message = format!("Could not find ref: {}", unknown.join(", "));
            return Answer::json(400, &json!({ "message": message }));
        }
        let mut tips = refs().filter_map(|name| self.find(name));
        let first = tips.next();
        let common = tips.fold(first, |common, tip| self.world.between(common?, tip).common);
        common.map_or_else(|| missing("Merge Base"), |n| Answer::json(200, &self.listed(n)))
    }

    fn compare(&self, call: &Call) -> Result<Answer, String> {
        let (from, to) = call.param("from").zip(call.param("to")).ok_or("compare wants from and to")?;
        flag(call, "straight")?;
        flag(call, "unidiff")?;
        let (Some(old), Some(new)) = (self.find(from), self.find(to)) else { return Ok(missing("Ref")) };
        let ahead = self.world.between(old, new).ahead;
        // The oldest first.
        let commits: Vec<Value> = ahead.iter().rev().map(|n| self.listed(*n)).collect();
        let web = format!("{}/-/compare/{from}...{to}", self.world.places[self.place].web());
        Ok(Answer::json(
            200,
            &json!({
                "commit": commits.last(), "commits": commits, "diffs": [], "compare_timeout": false,
                "compare_same_ref": old == new, "web_url": web,
            }),
        ))
    }
}
