//! What it has of repositories beyond a commit: histories, statuses, comparisons; [refs](super::refs) apart.

use serde_json::{Value, json};

use super::{At, list, refusal};
use crate::forges::{
    call::{Answer, Call},
    world::{MAIN, Millis, StatusAuthor, Sync, Word, guid, latest},
};

const COMMITS: [&str; 25] = [
    // Its examples have these two, its list of parameters the next.
    "$skip",
    "$top",
    "searchCriteria.$skip",
    "searchCriteria.$top",
    "searchCriteria.author",
    "searchCriteria.compareVersion.version",
    "searchCriteria.compareVersion.versionOptions",
    "searchCriteria.compareVersion.versionType",
    "searchCriteria.excludeDeletes",
    "searchCriteria.fromCommitId",
    "searchCriteria.fromDate",
    "searchCriteria.historyMode",
    "searchCriteria.ids",
    "searchCriteria.includeLinks",
    "searchCriteria.includePushData",
    "searchCriteria.includeUserImageUrl",
    "searchCriteria.includeWorkItems",
    "searchCriteria.itemPath",
    "searchCriteria.itemVersion.version",
    "searchCriteria.itemVersion.versionOptions",
    "searchCriteria.itemVersion.versionType",
    "searchCriteria.toCommitId",
    "searchCriteria.toDate",
    "searchCriteria.user",
    "api-version",
];
const DIFFS: [&str; 10] = [
    "diffCommonCommit",
    "$top",
    "$skip",
    "baseVersion",
    "baseVersionOptions",
    "baseVersionType",
    "targetVersion",
    "targetVersionOptions",
    "targetVersionType",
    "api-version",
];
const MODES: [&str; 4] = ["simplifiedHistory", "firstParent", "fullHistory", "fullHistorySimplifyMerges"];

/// The parameters that a path of a repository has.
pub(super) fn known_params(rest: &[&str]) -> Option<&'static [&'static str]> {
    Some(match rest {
        ["commits"] => &COMMITS,
        ["commitsbatch"] => &["$skip", "$top", "includeStatuses", "api-version"],
        ["commits", _, "statuses"] => &["top", "skip", "latestOnly", "api-version"],
        ["refs"] => &super::refs::REFS,
        ["annotatedtags", _] => &["api-version"],
        ["diffs", "commits"] => &DIFFS,
        _ => return None,
    })
}

/// What a version is the name of: a branch, unless it is reported to be something else.
fn version(name: &str, kind: Option<&str>) -> Result<String, String> {
    match kind.unwrap_or("branch").to_ascii_lowercase().as_str() {
        "branch" => Ok(format!("refs/heads/{name}")),
        "tag" => Ok(format!("refs/tags/{name}")),
        "commit" if name.len() == 40 => Ok(name.to_owned()),
        "commit" => Err(format!("{name} is no whole id")),
        other => Err(format!("no kind of version is called {other}")),
    }
}

pub(super) fn flag(call: &Call, name: &str) -> Result<bool, String> {
    match call.param(name).map(str::to_ascii_lowercase).as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(other) => Err(format!("{name} is true or false, not {other}")),
    }
}

fn page(call: &Call, names: [&str; 2], default: usize, most: usize, mut all: Vec<usize>) -> Vec<usize> {
    let [top, skip] = names;
    all.drain(..call.number(skip, 0, usize::MAX).min(all.len()));
    all.truncate(call.number(top, default, most));
    all
}

impl At<'_> {
    pub(super) fn manifests(&self, repository: usize, call: &Call, rest: &[&str]) -> Result<Answer, String> {
        match rest {
            ["commits"] => self.search(repository, call),
            ["commitsbatch"] => self.batch(repository, call),
            ["commits", id, "statuses"] => {
                let Some(commit) = self.find(repository, id) else { return Ok(self.unresolved("Commit", id)) };
                self.statuses(call, commit)
            }
            ["refs"] => self.refs(repository, call),
            ["annotatedtags", id] => Ok(self.annotated_tag(repository, id)),
            _ => self.diffs(repository, call),
        }
    }

    pub(super) fn repository_root(&self, repository: usize) -> String {
        format!("{}/_apis/git/repositories/{}", self.root(), guid(self.world.repositories[repository].number))
    }

    fn unresolved(&self, kind: &str, name: &str) -> Answer {
        let message = format!("TF401175: The version descriptor <{kind}: {name}> could not be resolved.");
        refusal(404, "GitUnresolvableToCommitException", &message)
    }

    fn resolve(&self, repository: usize, name: &str) -> Option<usize> {
        self.world.resolve(repository, name, self.now)
    }

    /// A part of the history. None of it lists its parents.
    fn search(&self, repository: usize, call: &Call) -> Result<Answer, String> {
        let param = |name: &str| call.param(&format!("searchCriteria.{name}"));
        if param("ids").is_some() {
            let all = call.query.iter().filter(|(name, _)| name == "searchCriteria.ids");
            let wanted = all.flat_map(|(_, ids)| ids.split(','));
            let found = wanted.filter_map(|id| self.find(repository, id));
            return Ok(list(found.map(|n| self.commit_json(n, true)).collect()));
        }
        let mode = param("historyMode").unwrap_or("simplifiedHistory");
        if !MODES.iter().any(|known| known.eq_ignore_ascii_case(mode)) {
            return Err(format!("no mode of history is called {mode}"));
        }
        let version = |name: &str| (param(&format!("{name}.version")), param(&format!("{name}.versionType")));
        let (item, other) = (version("itemVersion"), version("compareVersion"));
        // By its documentation the mode matters only where the path of an item is given.
        let is_minded = self.world.azure_minds_history_modes || param("itemPath").is_some();
        let first_line = is_minded && mode.eq_ignore_ascii_case("firstParent");
        let moment = |name: &str| match param(name) {
            Some(text) => ringside::domain::time::Timestamp::parse(text)
                .map(|at| Some(at.millis()))
                .ok_or_else(|| format!("{text} is no moment")),
            None => Ok(None),
        };
        let (from, to) = (moment("fromDate")?, moment("toDate")?);
        let mut all = match self.part(repository, item, other, first_line)? {
            Ok(all) => all,
            Err(no) => return Ok(no),
        };
        all.retain(|n| {
            let commit = &self.world.commits[*n];
            let person = &self.world.people[commit.author];
            let is_by = |name: &str| name == person.name || name == person.email();
            from.is_none_or(|from: Millis| commit.at >= from)
                && to.is_none_or(|to: Millis| commit.at <= to)
                && param("author").is_none_or(is_by)
                && param("user").is_none_or(is_by)
        });
        let names = ["top", "skip"].map(|name| {
            let whole = format!("searchCriteria.${name}");
            if call.param(&whole).is_some() { whole } else { format!("${name}") }
        });
        let shown = page(call, names.each_ref().map(String::as_str), 100, 50_000, all);
        Ok(list(shown.into_iter().map(|n| self.commit_json(n, true)).collect()))
    }

    /// What a version has, newest first: the item's, or what the other one has beyond it. Each is a name and its kind.
    fn part(
        &self,
        repository: usize,
        item: (Option<&str>, Option<&str>),
        other: (Option<&str>, Option<&str>),
        first_line: bool,
    ) -> Result<Result<Vec<usize>, Answer>, String> {
        let tip = |(name, kind): (Option<&str>, Option<&str>)| match name {
            Some(name) => {
                let found = self.resolve(repository, &version(name, kind)?);
                Ok::<_, String>(found.map(Some).ok_or_else(|| self.unresolved(kind.unwrap_or("Branch"), name)))
            }
            None => Ok(Ok(None)),
        };
        let reach = |tip: usize| self.world.reach(tip, first_line);
        Ok(match (tip(item)?, tip(other)?) {
            (Err(no), _) | (_, Err(no)) => Err(no),
            (Ok(None), Ok(None)) => Ok(self.resolve(repository, MAIN).map(reach).unwrap_or_default()),
            (Ok(Some(tip)), Ok(None)) | (Ok(None), Ok(Some(tip))) => Ok(reach(tip)),
            (Ok(Some(item)), Ok(Some(other))) => {
                let known = self.world.reach(item, false);
                Ok(reach(other).into_iter().filter(|n| !known.contains(n)).collect())
            }
        })
    }

    /// Commits by their ids, or a part of the history, in the body of a question.
    fn batch(&self, repository: usize, call: &Call) -> Result<Answer, String> {
        let is_json = call.header_value("content-type").is_some_and(|t| t.starts_with("application/json"));
        if !is_json {
            return Err("it is not said to be JSON".to_owned());
        }
        let body: Value = serde_json::from_str(&call.body).map_err(|e| e.to_string())?;
        let found = if let Some(ids) = body["ids"].as_array() {
            let text = |id: &Value| id.as_str().map(str::to_owned).ok_or_else(|| "an id that is no text".to_owned());
            let wanted: Vec<String> = ids.iter().map(text).collect::<Result<_, _>>()?;
            let found: Vec<Option<usize>> = wanted.iter().map(|id| self.find(repository, id)).collect();
            if self.world.azure_refuses_whole_batches && found.contains(&None) {
                let message = "TF401175: The version descriptor <Commit> could not be resolved.";
                return Ok(refusal(404, "GitUnresolvableToCommitException", message));
            }
            found.into_iter().flatten().collect()
        } else {
            let version = |name: &str| (body[name]["version"].as_str(), body[name]["versionType"].as_str());
            match self.part(repository, version("itemVersion"), version("compareVersion"), false)? {
                Ok(all) => all,
                Err(no) => return Ok(no),
            }
        };
        let has_statuses = flag(call, "includeStatuses")?;
        let shown = page(call, ["$top", "$skip"], 100, 50_000, found).into_iter().map(|n| {
            let mut commit = self.commit_json(n, true);
            if has_statuses {
                let words = self.world.words(n, self.now);
                let most = if self.world.azure_caps_batches { 100 } else { usize::MAX };
                commit["statuses"] = words.iter().take(most).map(|word| self.status(word)).collect();
            }
            commit
        });
        Ok(list(shown.collect()))
    }

    /// The oldest first: no order is documented.
    fn statuses(&self, call: &Call, commit: usize) -> Result<Answer, String> {
        let words = self.world.words(commit, self.now);
        let words = if flag(call, "latestOnly")? { latest(words) } else { words };
        let shown = words.iter().skip(call.number("skip", 0, usize::MAX)).take(call.number("top", 1000, 1000));
        Ok(list(shown.map(|word| self.status(word)).collect()))
    }

    pub(super) fn status(&self, word: &Word) -> Value {
        let state = match word.state {
            Sync::Applied => "succeeded",
            // What checks the manifests has another word than Flux.
            Sync::Failed if word.author == StatusAuthor::Build => "failed",
            Sync::Failed => "error",
            Sync::Pending => "pending",
        };
        let (genre, name) = match &word.author {
            StatusAuthor::Flux(cluster) => (format!("fluxcd:{cluster}"), "kustomization/apps/0c9c2e41".to_owned()),
            StatusAuthor::Fetched(cluster) => {
                (format!("fluxcd:{cluster}"), "gitrepository/flux-system/0c9c2e41".to_owned())
            }
            StatusAuthor::Argo(cluster) => ("ArgoCD".to_owned(), cluster.clone()),
            StatusAuthor::Build => ("continuous-integration".to_owned(), "ci/build".to_owned()),
            StatusAuthor::Check(n) => ("continuous-integration".to_owned(), format!("ci/check-{n}")),
        };
        json!({
            "_links": null, "id": word.id, "state": state, "description": word.message,
            "context": { "name": name, "genre": genre }, "targetUrl": null,
            "creationDate": super::moment(word.at), "updatedDate": super::moment(word.at),
            "createdBy": { "displayName": "flux", "id": guid(3) },
        })
    }

    fn diffs(&self, repository: usize, call: &Call) -> Result<Answer, String> {
        flag(call, "diffCommonCommit")?;
        let side = |name: &str| {
            let kind = call.param(&format!("{name}VersionType"));
            let wanted = call.param(&format!("{name}Version")).unwrap_or(MAIN);
            let found = self.resolve(repository, &version(wanted, kind)?);
            Ok::<_, String>(found.ok_or_else(|| self.unresolved(kind.unwrap_or("Branch"), wanted)))
        };
        let (base, target) = match (side("base")?, side("target")?) {
            (Ok(base), Ok(target)) => (base, target),
            (Err(no), _) | (_, Err(no)) => return Ok(no),
        };
        let between = self.world.between(base, target);
        let id = |commit: usize| self.world.commits[commit].id.as_str();
        Ok(Answer::json(
            200,
            &json!({
                "allChangesIncluded": true, "changeCounts": {}, "changes": [], "commonCommit": between.common.map(id),
                "baseCommit": id(base), "targetCommit": id(target), "aheadCount": between.ahead.len(),
                "behindCount": between.behind.len(),
            }),
        ))
    }
}
