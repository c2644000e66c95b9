//! Refs, and the objects of annotated tags.

use serde_json::{Value, json};

use super::{At, list, manifests::flag, ref_name, refusal};
use crate::forges::{
    call::{Answer, Call},
    world::{latest, rfc3339},
};

pub(super) const REFS: [&str; 10] = [
    "filter",
    "includeLinks",
    "includeStatuses",
    "includeMyBranches",
    "latestStatusesOnly",
    "peelTags",
    "filterContains",
    "$top",
    "continuationToken",
    "api-version",
];
impl At<'_> {
    pub(super) fn refs(&self, repository: usize, call: &Call) -> Result<Answer, String> {
        let filter = format!("refs/{}", call.param("filter").unwrap_or_default());
        let contained = call.param("filterContains").unwrap_or_default();
        let [peels, has_statuses, latest_only] =
            ["peelTags", "includeStatuses", "latestStatusesOnly"].map(|name| flag(call, name));
        let (peels, has_statuses, latest_only) = (peels?, has_statuses?, latest_only?);
        let top = call.number("$top", 1000, usize::MAX);
        if top == 0 || top > 1000 {
            return Err(format!("$top is {top}"));
        }
        let creator = self.identity(&self.world.people[0]);
        let root = self.repository_root(repository);
        let reference = |name: String, object: &str, commit: usize| {
            let url = format!("{root}/refs?filter={}", name.trim_start_matches("refs/").replace('/', "%2F"));
            let mut json = json!({ "name": name, "objectId": object, "creator": creator, "url": url });
            if has_statuses {
                let words = self.world.words(commit, self.now);
                let words = if latest_only { latest(words) } else { words };
                json["statuses"] = words.iter().map(|word| self.status(word)).collect();
            }
            json
        };
        let id = |commit: usize| self.world.commits[commit].id.as_str();
        let mut all = Vec::new();
        for branch in self.world.branches(repository, self.now) {
            all.push(reference(ref_name(&branch.name), id(branch.tip), branch.tip));
        }
        for tag in self.world.tags(repository, self.now) {
            let name = format!("refs/tags/{}", tag.name);
            let mut json = reference(name, tag.object.as_deref().unwrap_or(id(tag.commit)), tag.commit);
            if peels && tag.object.is_some() {
                json["peeledObjectId"] = json!(id(tag.commit));
            }
            all.push(json);
        }
        all.retain(|json| {
            let name = json["name"].as_str().unwrap_or_default();
            name.starts_with(&filter) && name.contains(contained)
        });
        let begin = match call.param("continuationToken") {
            Some(token) => token.parse().map_err(|_| format!("{token} is no token to go on with"))?,
            None => 0,
        };
        let next = begin + top;
        let has_more = all.len() > next;
        let answer = list(all.into_iter().skip(begin).take(top).collect());
        // Which no page of another origin gets to see.
        Ok(if has_more { answer.header("x-ms-continuationtoken", next.to_string()) } else { answer })
    }

    pub(super) fn annotated_tag(&self, repository: usize, id: &str) -> Answer {
        let Some(tag) = self.world.tag_of(repository, id, self.now) else {
            let message = format!("TF401380: There is no annotated tag with the object id {id}.");
            return refusal(404, "GitObjectDoesNotExistException", &message);
        };
        // A moment without a word of its zone.
        let at = rfc3339(tag.at);
        let url = format!("{}/annotatedTags/{id}", self.repository_root(repository));
        let commit = &self.world.commits[tag.commit].id;
        Answer::json(
            200,
            &json!({
                "name": tag.name, "objectId": id, "message": tag.message, "url": url,
                "taggedObject": { "objectId": commit, "objectType": "commit" },
                "taggedBy": { "name": "Flux", "email": "flux@contoso.example", "date": at.trim_end_matches('Z') },
            }),
        )
    }
}
