//! Tags: by the REST API a list first and then the object of each annotated one, by GraphQL all at once.

use super::{
    manifests::{Dated, list},
    requests::{get, reference},
    trouble,
    wire::{filled, id, time},
};
use crate::{
    config::GitHub,
    domain::{
        id::CommitId,
        manifests::{ListPage, Tag},
    },
    forge::answer::{item, no},
    http::{ApiError, Request, Response, encode, secret::Secret},
    json::wire,
};

/// The tags whose names begin with `prefix`: all of them, since this list has no pages.
pub(super) fn request_tags(at: &GitHub, prefix: &str, secret: Option<&Secret>, etag: Option<&str>) -> Request {
    get(at, &["/git/matching-refs/", &reference("tags", prefix)].concat(), secret, etag)
}

wire! {
    struct Reference {
        name: Option<String> = "ref",
        object: Option<Object>,
    }

    struct Object {
        kind: Option<String> = "type",
        sha: Option<String>,
    }
}

/// Reads the answer to [`request_tags`]: of an annotated tag its object, which [`request_tag`] asks for; of a
/// lightweight one its commit. What is on neither a commit nor a tag is left out.
///
/// # Errors
/// When it is a refusal, or no list.
pub(super) fn parse_tags(response: &Response) -> Result<ListPage<Tag>, ApiError> {
    let tag = |reference: Reference| {
        let name = reference.name.as_deref()?.strip_prefix("refs/tags/")?.into();
        let target = reference.object?;
        let (object, commit) = match target.kind.as_deref()? {
            "tag" => (Some(filled(&target.sha)?.into()), None),
            "commit" => (None, Some(id(&target.sha)?)),
            _ => return None,
        };
        let is_approximate = object.is_none();
        Some(Tag { name, object, commit, at: None, is_approximate })
    };
    Ok(ListPage::whole(list(response)?.iter().filter_map(|raw| tag(item(raw)?)).collect()))
}

/// The object of an annotated tag.
pub(super) fn request_tag(at: &GitHub, object: &str, secret: Option<&Secret>) -> Request {
    get(at, &["/git/tags/", &encode(object)].concat(), secret, None)
}

wire! {
    struct TagObject {
        tag: Option<String>,
        sha: Option<String>,
        tagger: Option<Dated>,
        object: Option<Object>,
    }
}

/// Reads the answer to [`request_tag`]. A tag can be on another tag, which has to be asked for in turn.
///
/// # Errors
/// When it is a refusal, or no tag.
pub(super) fn parse_tag(response: &Response) -> Result<Tag, ApiError> {
    let tag: TagObject = trouble::read(response)?;
    let name = filled(&tag.tag).ok_or_else(|| no(response, "a tag without a name"))?;
    let target = tag.object.as_ref().and_then(|object| Some((object.kind.as_deref()?, filled(&object.sha)?)));
    let (kind, sha) = target.ok_or_else(|| no(response, "a tag that is on nothing"))?;
    let (object, commit) = match kind {
        "commit" => (filled(&tag.sha), CommitId::new(sha)),
        "tag" => (Some(sha), None),
        _ => (None, None),
    };
    let date = tag.tagger.and_then(|tagger| tagger.date);
    Ok(Tag { name: name.into(), object: object.map(Into::into), commit, at: time(&date), is_approximate: false })
}

wire! {
    /// A tag as GraphQL lists it.
    pub(super) struct TagRef {
        name: Option<String>,
        target: Option<Target>,
    }

    struct Target {
        kind: Option<String>,
        sha: Option<String>,
        committed_at: Option<String>,
        tagger: Option<Dated>,
        target: Option<Inner>,
    }

    struct Inner {
        kind: Option<String>,
        sha: Option<String>,
    }
}

impl TagRef {
    /// A tag that is on another tag is given that one as its object, which has to be asked for in turn.
    pub(super) fn tag(self, prefix: &str) -> Option<Tag> {
        // The question finds names that hold the text anywhere.
        let name = filled(&self.name)?.to_owned();
        let target = self.target.filter(|_| name.starts_with(prefix))?;
        let kind = target.kind.as_deref()?;
        let (object, commit, at) = match (kind, &target.target) {
            ("Commit", _) => (None, Some(id(&target.sha)?), time(&target.committed_at)),
            ("Tag", Some(inner)) => {
                let at = target.tagger.and_then(|tagger| time(&tagger.date));
                match inner.kind.as_deref()? {
                    "Commit" => (Some(filled(&target.sha)?), Some(id(&inner.sha)?), at),
                    "Tag" => (Some(filled(&inner.sha)?), None, at),
                    _ => (None, None, at),
                }
            }
            _ => return None,
        };
        Some(Tag { name: name.into(), object: object.map(Into::into), commit, at, is_approximate: kind == "Commit" })
    }
}
