//! Tags of Azure Repos: a list that has the commits, and by itself the object of an annotated one, which shows when
//! it was put there.

use super::{
    answers::{List, filled, one, time, word},
    commit::place,
    requests::{VERSION, read_at},
};
use crate::{
    config::AzureDevOps,
    domain::{
        id::CommitId,
        manifests::{ListPage, Rest, Tag},
    },
    forge::answer::{item, no},
    http::{ApiError, Request, Response, encode, secret::Secret},
    json::wire,
};

/// The largest number of refs that may be asked for.
const LONGEST: usize = 1_000;

/// The tags whose names begin with `prefix` ("Refs - List").
pub(super) fn request_tags(at: &AzureDevOps, repository: &str, prefix: &str, secret: Option<&Secret>) -> Request {
    let filter = encode(&["tags/", prefix].concat());
    read_at(format!("{}/refs?filter={filter}&peelTags=true&{VERSION}", place(at, repository)), secret)
}

wire! {
    struct GitRef {
        name: Option<String>,
        object_id: Option<String> = "objectId",
        peeled_object_id: Option<String> = "peeledObjectId",
    }
}

/// Reads the answer to [`request_tags`]. Only an annotated tag has been peeled.
///
/// # Errors
/// When the answer is a refusal or no list.
pub(super) fn parse_tags(response: &Response) -> Result<ListPage<Tag>, ApiError> {
    let tag = |reference: GitRef| {
        let name = filled(reference.name)?.strip_prefix("refs/tags/")?.into();
        let (on, peeled) = (filled(reference.object_id)?, filled(reference.peeled_object_id));
        let (object, commit) = match peeled {
            Some(commit) if commit != on => (Some(on), CommitId::new(&commit)),
            _ => (None, CommitId::new(&on)),
        };
        let is_approximate = object.is_none();
        Some(Tag { name, object, commit, at: None, is_approximate })
    };
    let List { value } = one(response)?;
    // Without a number of how many are wanted it lists them all. Were it to stop where numbers may not go beyond, it
    // would name the rest in a header that no browser sees.
    let rest = if value.len() >= LONGEST { Rest::LeftOut } else { Rest::None };
    Ok(ListPage { items: value.iter().filter_map(|raw| tag(item(raw)?)).collect(), rest })
}

/// The object of an annotated tag ("Annotated Tags - Get").
pub(super) fn request_tag(at: &AzureDevOps, repository: &str, object: &str, secret: Option<&Secret>) -> Request {
    read_at(format!("{}/annotatedtags/{}?{VERSION}", place(at, repository), encode(object)), secret)
}

wire! {
    struct GitAnnotatedTag {
        name: Option<String>,
        object_id: Option<String> = "objectId",
        tagged_object: Option<GitObject> = "taggedObject",
        tagged_by: Option<GitUserDate> = "taggedBy",
    }

    struct GitObject {
        object_id: Option<String> = "objectId",
        object_type: Option<String> = "objectType",
    }

    struct GitUserDate {
        /// Without a zone: the service means UTC.
        date: Option<String>,
    }
}

/// Reads the answer to [`request_tag`]. A tag can be on another tag, which has to be asked for in turn.
///
/// # Errors
/// When the answer is a refusal or no tag.
pub(super) fn parse_tag(response: &Response) -> Result<Tag, ApiError> {
    let tag: GitAnnotatedTag = one(response)?;
    let name = filled(tag.name).ok_or_else(|| no(response, "a tag without a name"))?;
    let target = tag.tagged_object.and_then(|target| Some((filled(target.object_id)?, target.object_type)));
    let (on, kind) = target.ok_or_else(|| no(response, "a tag that is on nothing"))?;
    let (object, commit) = match word(kind.as_deref()).as_str() {
        "commit" => (filled(tag.object_id), CommitId::new(&on)),
        "tag" => (Some(on), None),
        _ => (None, None),
    };
    Ok(Tag {
        name: name.strip_prefix("refs/tags/").unwrap_or(&name).into(),
        object,
        commit,
        at: tag.tagged_by.and_then(|by| time(by.date.as_deref())),
        is_approximate: false,
    })
}
