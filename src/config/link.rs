//! Links to elsewhere, made from what a deployment is: `https://logs.example/?app={service}&env={ring}`.

use crate::{domain::link::Link, http::encode};

/// A link with gaps.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LinkTemplate {
    /// What people read.
    pub title: Box<str>,
    parts: Vec<Part>,
}

/// What fills a gap.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Gap {
    /// The service.
    Service,
    /// The ring.
    Ring,
    /// The image's tag.
    ImageTag,
    /// The commit.
    Commit,
    /// The branch.
    Branch,
    /// The project.
    Project,
    /// The deployment's id.
    Deployment,
}

impl Gap {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Service, Self::Ring, Self::ImageTag, Self::Commit, Self::Branch, Self::Project, Self::Deployment];

    /// Its word between braces.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Ring => "ring",
            Self::ImageTag => "imageTag",
            Self::Commit => "commit",
            Self::Branch => "branch",
            Self::Project => "project",
            Self::Deployment => "deployment",
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Part {
    Text(Box<str>),
    Gap(Gap),
}

/// Why a text is no template.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TemplateError {
    /// It would make no `http` or `https` address.
    NotWeb,
    /// Nothing is called that.
    Gap(String),
    /// A brace without its other half.
    Brace,
}

impl LinkTemplate {
    /// Reads a template.
    ///
    /// # Errors
    ///
    /// When it could never make a link.
    pub fn new(title: &str, url: &str) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut rest = url.trim();
        while let Some((text, after)) = rest.split_once('{') {
            let (word, after) = after.split_once('}').ok_or(TemplateError::Brace)?;
            let gap = Gap::ALL.into_iter().find(|g| g.as_str() == word);
            parts.push(Part::Text(text.into()));
            parts.push(Part::Gap(gap.ok_or_else(|| TemplateError::Gap(word.to_owned()))?));
            rest = after;
        }
        parts.push(Part::Text(rest.into()));
        if parts.iter().any(|part| matches!(part, Part::Text(text) if text.contains('}'))) {
            return Err(TemplateError::Brace);
        }
        let template = Self { title: title.into(), parts };
        // No value can break out of its gap, so what makes a link once makes one always.
        template.fill(|_| Some("x")).map(|_| template).ok_or(TemplateError::NotWeb)
    }

    /// The link for a deployment, its values encoded; `None` when one of them is not known.
    #[must_use]
    pub fn fill<'a>(&self, value: impl Fn(Gap) -> Option<&'a str>) -> Option<Link> {
        let mut url = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => url.push_str(text),
                Part::Gap(gap) => url.push_str(&encode(value(*gap).filter(|v| !v.trim().is_empty())?)),
            }
        }
        Link::new(&url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filled() {
        #[track_caller]
        fn check(url: &str, expect: Option<&str>) {
            let template = LinkTemplate::new("Logs", url).unwrap();
            let link = template.fill(|gap| match gap {
                Gap::Service => Some("quiz api"),
                Gap::Ring => Some("prod&admin=1"),
                Gap::ImageTag => Some("a/b:1"),
                Gap::Branch => Some("  "),
                _ => None,
            });
            assert_eq!(link.as_ref().map(Link::as_str), expect, "{url}");
        }
        check("https://logs.example/?app={service}", Some("https://logs.example/?app=quiz%20api"));
        check(
            "https://logs.example/{imageTag}?e={ring}&x={service}#{service}",
            Some("https://logs.example/a%2Fb%3A1?e=prod%26admin%3D1&x=quiz%20api#quiz%20api"),
        );
        check("http://logs.example", Some("http://logs.example"));
        check("https://logs.example/{commit}", None); // not known
        check("https://logs.example/{branch}", None); // blank
    }

    #[test]
    fn refused() {
        #[track_caller]
        fn check(url: &str, expect: TemplateError) {
            assert_eq!(LinkTemplate::new("Logs", url), Err(expect), "{url}");
        }
        check("logs.example/{service}", TemplateError::NotWeb);
        check("javascript:alert(1)", TemplateError::NotWeb);
        check("{service}", TemplateError::NotWeb);
        check("", TemplateError::NotWeb);
        check("https://logs.example/{tag}", TemplateError::Gap("tag".into()));
        check("https://logs.example/{Service}", TemplateError::Gap("Service".into()));
        check("https://logs.example/{}", TemplateError::Gap(String::new()));
        check("https://logs.example/{service", TemplateError::Brace);
        check("https://logs.example/service}", TemplateError::Brace);
    }
}
