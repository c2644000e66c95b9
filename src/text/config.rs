//! Words where the configuration cannot be used, or did not come.

/// What the file is called where it did not come.
pub const FILE: &str = "This site's config.json";
/// The tab's title where it is wrong.
pub const INVALID_TITLE: &str = "Configuration · Ringside";
/// The tab's title where it did not come.
pub const UNAVAILABLE_TITLE: &str = "Not available · Ringside";
/// The heading where it is wrong.
pub const INVALID: &str = "This site's config.json needs a correction";
/// Where it is, before the link to what is allowed.
pub const WHERE: &str = "It is next to index.html; allowed keys: ";
/// Leads to the sample.
pub const SAMPLE: &str = "Show sample data instead";

/// `The sample data is not available now`
#[must_use]
pub fn unavailable(what: &str) -> String {
    format!("{what} is not available now")
}
