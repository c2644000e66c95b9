//! The tags of images: versions, or branch and build.

use std::fmt;

use super::fixtures::{Ring, Service, Tags};

/// The version in an image's tag.
#[derive(Clone, Copy)]
pub(super) enum Version {
    /// As it is.
    Text(&'static str),
    /// The n-th: `1.12.33`, with the ring's name where it is not one for everybody.
    Count(u32),
}

pub(super) struct Tag {
    pub(super) service: Option<&'static Service>,
    pub(super) ring: &'static Ring,
    pub(super) branch: &'static str,
    pub(super) build: u32,
    pub(super) version: Version,
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(service) = self.service.filter(|s| s.tags == Tags::Builds) {
            let leaf = self.branch.rsplit('/').next().unwrap_or_default();
            return write!(f, "{}-{leaf}-{}", service.name, self.build);
        }
        match self.version {
            Version::Text(text) => f.write_str(text),
            Version::Count(n) => {
                write!(f, "1.{}.{}", n / 400, n % 400)?;
                let is_common = matches!(self.branch, "main" | "develop");
                if is_common { Ok(()) } else { write!(f, "-{}", self.ring.name) }
            }
        }
    }
}
