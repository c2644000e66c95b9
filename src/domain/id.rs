//! Ids that could be mistaken for one another, each a type of its own.

use std::fmt;

macro_rules! text_ids {
    ($take:path: $($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// `None` when there is no text.
            #[must_use]
            pub fn new(text: &str) -> Option<Self> {
                let text = $take(text);
                (!text.is_empty()).then(|| Self(text.into()))
            }

            /// The text, in the spelling of its source.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
    )+};
}

text_ids! {
    // Blanks distinguish keys, and may be all that one consists of.
    std::convert::identity:
    /// One deployment: its row's key, prefixed by project and partition only where the bare key is ambiguous.
    DeploymentId;
}

text_ids! {
    str::trim:
    /// A project of `config.json`.
    ProjectName;
    /// A service, without its owner: `shop/api` is the service `api`.
    ServiceName;
    /// A deployment ring, by the name in `config.json` or else as the rows spell it.
    RingName;
    /// A cluster that applies manifests.
    ClusterName;
    /// A commit, short or whole. Equality is textual; whether two ids *mean* one commit is [`CommitId::is_same_as`].
    CommitId;
    /// The tag of a container image.
    ImageTag;
    /// A run of a pipeline: a build, a release, a job.
    RunId;
    /// The number of a pull or merge request.
    PullRequestId;
    /// A repository as the rows spell it: a URL with or without scheme, `owner/name`, or a project's number.
    Repository;
    /// A branch, without `refs/heads/`.
    Branch;
}

/// The shortest prefix of a commit id that is taken for the commit: what `git rev-parse --short` writes.
pub const SHORT_COMMIT: usize = 7;

impl CommitId {
    /// Whether two ids mean the same commit: one is a prefix of the other, in any case, and no shorter than
    /// [`SHORT_COMMIT`] characters.
    #[must_use]
    pub fn is_same_as(&self, other: &Self) -> bool {
        is_same_commit(&self.0, &other.0)
    }

    /// The first seven characters, which is how people read commits.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.get(..SHORT_COMMIT).unwrap_or(&self.0)
    }
}

/// The commit that a revision names. Flux writes where it found one before the commit: `main@sha1:0a12da8…`,
/// `v1.2@sha256:…`, and `main/0a12da8…` in its older versions. Any other text is taken for a commit as it is.
#[must_use]
pub fn commit_of_revision(text: &str) -> &str {
    let last = text.rsplit(['@', ':', '/']).next().unwrap_or(text);
    let is_commit = (SHORT_COMMIT..=64).contains(&last.len()) && last.bytes().all(|b| b.is_ascii_hexdigit());
    if is_commit { last } else { text }
}

impl ImageTag {
    /// What people read, without the digest.
    #[must_use]
    pub fn tag(&self) -> &str {
        image_parts(&self.0).0
    }
}

/// An image's tag, which is for people, and its digest, which distinguishes one image from another: the two sides of
/// the `@` in `repository/name:v5.36.0@sha256:…`. One that has no tag is its digest to people too.
#[must_use]
pub fn image_parts(image: &str) -> (&str, Option<&str>) {
    match image.split_once('@') {
        Some((tag, digest)) if digest.contains(':') => {
            let has_tag = tag.rsplit('/').next().is_some_and(|name| name.contains(':'));
            (if has_tag || !tag.contains('/') && !tag.is_empty() { tag } else { image }, Some(digest))
        }
        _ => (image, None),
    }
}

/// Whether two images are the same: by their digests where both have one, else by what people call them.
#[must_use]
pub fn is_same_image(a: &str, b: &str) -> bool {
    match (image_parts(a), image_parts(b)) {
        ((_, Some(a)), (_, Some(b))) => a.eq_ignore_ascii_case(b),
        ((a, _), (b, _)) => a.eq_ignore_ascii_case(b),
    }
}

/// [`CommitId::is_same_as`] on bare text, for the places that compare a great many.
#[must_use]
pub fn is_same_commit(a: &str, b: &str) -> bool {
    let common = a.len().min(b.len());
    match (a.as_bytes().get(..common), b.as_bytes().get(..common)) {
        (Some(a), Some(b)) => common >= SHORT_COMMIT && a.eq_ignore_ascii_case(b),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits_match_by_prefix() {
        #[track_caller]
        fn check(a: &str, b: &str, same: bool) {
            assert_eq!(is_same_commit(a, b), same, "{a} {b}");
            assert_eq!(is_same_commit(b, a), same, "{b} {a}");
        }
        check("0a12da8", "0a12da8", true);
        check("0a12da8", "0A12DA8c991", true);
        check("0a12da8", "0a12da9c991", false);
        check("0a12da", "0a12da8", false); // six characters could be anybody's
        check("", "", false);
    }

    #[test]
    fn revisions() {
        const SHA1: &str = "0a12da8c99104f5e6d7c8b9a0f1e2d3c4b5a6978";
        const SHA256: &str = "0a12da8c99104f5e6d7c8b9a0f1e2d3c4b5a69780a12da8c99104f5e6d7c8b9a";
        #[track_caller]
        fn check(text: &str, expect: &str) {
            assert_eq!(commit_of_revision(text), expect);
        }
        for (before, commit) in [
            ("", SHA1),
            ("sha1:", SHA1),
            ("main@sha1:", SHA1),
            ("refs/heads/release/1.2@sha1:", SHA1),
            ("main/", SHA1),
            ("feature/login/", SHA1),
            ("sha256:", SHA256),
            ("v1.2@sha256:", SHA256),
            ("main/", "0A12DA8"),
        ] {
            check(&[before, commit].concat(), commit);
        }
        check("main/dead", "main/dead"); // too short for a commit
        check("v1.2.3", "v1.2.3");
        check("main@sha1:", "main@sha1:");
        check("", "");
    }

    #[test]
    fn images_are_distinguished_by_their_digests_and_named_by_their_tags() {
        #[track_caller]
        fn check(a: &str, b: &str, same: bool) {
            assert_eq!((is_same_image(a, b), is_same_image(b, a)), (same, same), "{a} {b}");
        }
        let (one, other) = ("sha256:1f0aa", "sha256:8c2bb");
        check(&format!("r/api:v1@{one}"), &format!("r/api:v2@{one}"), true);
        check(&format!("r/api:v1@{one}"), &format!("r/api:v1@{other}"), false);
        check(&format!("r/api:v1@{one}"), "r/api:V1", true);
        check("v1", "v2", false);
        for (image, tag) in [
            ("r/api:v1@sha256:1f0aa", "r/api:v1"),
            ("r/api@sha256:1f0aa", "r/api@sha256:1f0aa"),
            ("v1@sha256:1f0aa", "v1"),
            ("host:5000/api@sha256:1f0aa", "host:5000/api@sha256:1f0aa"),
            ("mail@example", "mail@example"),
        ] {
            assert_eq!(ImageTag::new(image).unwrap().tag(), tag);
        }
    }

    #[test]
    fn blank_is_no_id() {
        assert_eq!(CommitId::new("  "), None);
        assert_eq!(CommitId::new(" abc ").map(|c| c.to_string()).as_deref(), Some("abc"));
    }

    #[test]
    fn short_never_splits_a_character() {
        let id = CommitId::new("äöüäöüäöü").unwrap();
        assert_eq!(id.short(), "äöüäöüäöü");
    }
}
