//! The tags of images: versions, or branch and build.

use std::fmt;

use super::{cast::Tags, row::Plan};

/// The version in an image's tag.
#[derive(Clone, Copy)]
pub(super) enum Version {
    /// As it is.
    Text(&'static str),
    /// The n-th: `1.12.33`, with the ring's name where it is not one for everybody.
    Count(u32),
}

/// An image's tag.
pub(super) struct Tag<'a>(pub(super) &'a Plan);

impl fmt::Display for Tag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plan = self.0;
        if let Some(service) = plan.service.filter(|s| s.tags == Tags::Builds) {
            let leaf = plan.branch.rsplit('/').next().unwrap_or_default();
            return write!(f, "{}-{leaf}-{}", service.name, plan.build);
        }
        match plan.version {
            Version::Text(text) => f.write_str(text),
            Version::Count(n) => {
                write!(f, "1.{}.{}", n / 400, n % 400)?;
                let is_common = matches!(plan.branch, "main" | "develop");
                if is_common { Ok(()) } else { write!(f, "-{}", plan.ring.name) }
            }
        }
    }
}
