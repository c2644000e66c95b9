//! Of parts of the page that did not come.

/// What a part is called: the one that asks forges.
pub const FORGES: &str = "The part that asks about builds, authors and clusters";
/// The later views.
pub const PAGES: &str = "The part that compares, and shows histories and details";
/// The sample data.
pub const SAMPLE: &str = "The sample data";
/// What to do about it.
pub const HINT: &str = "Check the connection. If a newer version has just been put up, reload the page.";

/// That a part did not come.
#[must_use]
pub fn missing(what: &str) -> String {
    format!("{what} could not be loaded: a file of this page did not arrive.")
}
