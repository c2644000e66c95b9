//! Words of the connections: sources, credentials, sign-in, what is kept.

use super::plural;

/// It answers.
pub const WORKING: &str = "Working";
/// Something is to be looked at.
pub const ATTENTION: &str = "Needs attention";
/// It does not answer, or refuses.
pub const FAILING: &str = "Failing";
/// No answer has come.
pub const NO_ANSWER: &str = "Not asked yet";
/// Until the page is left.
pub const HELD_PAGE: &str = "typed here; this browser keeps nothing, so it is gone with the next reload";
/// Until the tab is closed.
pub const HELD_TAB: &str = "typed here, kept until this tab is closed";
/// Until it is removed.
pub const HELD_DEVICE: &str = "typed here, kept on this device";
/// Until somebody signs out.
pub const HELD_SIGNED_IN: &str = "by your sign-in";
/// Where tokens are made.
pub const CREATE: &str = "Create one";
/// A credential is kept no longer.
pub const REMOVED: &str = "Removed.";
/// One is kept.
pub const SAVED: &str = "Saved.";
/// Forgets a credential.
pub const REMOVE: &str = "Remove";
/// Tries it.
pub const TEST: &str = "Test";
/// Keeps it.
pub const KEEP: &str = "Keep on this device";
/// Uses what was typed.
pub const SAVE: &str = "Save";
/// A sign-in.
pub const SIGNED_OUT: &str = "Nobody is signed in.";
/// It is under way.
pub const SIGNING_IN: &str = "Signing in…";
/// It is done.
pub const SIGNED_IN: &str = "Signed in, in this tab.";
/// Ends it.
pub const SIGN_OUT: &str = "Sign out";
/// It is of no use.
pub const NOTHING_TO_READ: &str = "Nothing in config.json can be read with it.";
/// In a frame.
pub const OPEN_WINDOW: &str = "Sign in or enter credentials";
/// Why a window.
pub const ABOUT_FRAME: &str = "A page in a frame shares nothing with the page itself. The button opens a window of Ringside's own, which hands over what you enter there.";
/// In that window.
pub const ABOUT_WINDOW: &str = "Sign in or enter credentials below, then hand them over. They go to Ringside's own frame in the page that opened this window, and to nobody else.";
/// Gives them.
pub const HAND_OVER: &str = "Hand over and close";
/// What it is for.
pub const FOR_FRAME: &str = "For a page that shows Ringside in a frame";
/// Nothing is kept.
pub const EMPTY: &str = "Empty.";
/// What is kept.
pub const ABOUT_CACHE: &str =
    " Finished builds, commits and pull requests never change, so each is fetched once. No credential is kept here.";
/// Forgets it.
pub const CLEAR: &str = "Clear cache";
/// What this browser keeps of forges.
pub const CACHE: &str = "Local cache";
/// The cache was cleared.
pub const CLEARED: &str = "Cleared. What is looked at is fetched again.";
/// The file to add a project to cannot be had.
pub const NO_CONFIG: &str = "config.json did not arrive. Try again.";
/// A file was saved.
pub const DOWNLOADED: &str = "Downloaded. Put it next to index.html.";
/// Nothing was typed.
pub const NO_SAS: &str = "Type or paste a SAS first.";
/// A SAS is used.
pub const READING: &str = "Reading with it now.";
/// Nothing was typed.
pub const NO_TOKEN: &str = "Type or paste a token first.";
/// What was typed is none.
pub const BAD_TOKEN: &str = "Not a token: it holds a character that no token has.";
/// A browser keeps nothing.
pub const USED_ONCE: &str = "Used until the page is left: this browser keeps nothing.";
/// A field is empty.
pub const WHICH_ACCOUNT: &str = "Which storage account? Enter its name or the address of its table service.";
/// A field is empty.
pub const WHICH_TABLE: &str = "Which table? Enter its name.";
/// A browser keeps nothing.
pub const CANNOT_TRY: &str = "This browser keeps nothing for this page (site data is blocked), so it cannot try the table. The file below can still be downloaded.";
/// Where a SAS goes.
pub const SAS_GOES: &str =
    "It is sent to this table's account alone and stays in this browser. Minimum permission: read.";
/// What is read without a token.
pub const AZURE_DEVOPS_NEEDS: &str = "Azure DevOps needs a token. Until then only table data is shown. Make it for one organization: tokens for all organizations stop working on 2026-12-01.";
/// The same of GitHub.
pub const GITHUB_NEEDS: &str =
    "Without a token only public repositories can be read, and GitHub answers 60 requests an hour.";
/// The same of GitLab.
pub const GITLAB_NEEDS: &str = "Without a token only public projects can be read.";
/// They are on their way to the page that opened this window.
pub const HANDING_OVER: &str = "Handing over…";
/// Credentials were given.
pub const HANDED_OVER: &str = "Handed over. You can close this window.";
/// A window has opened.
pub const WINDOW_OPENED: &str = "Continue in the window that has opened.";
/// None has.
pub const NO_WINDOW: &str = "The browser opened no window. Allow pop-ups for this page, and press the button again.";
/// There is nothing to hand over.
pub const NOTHING_TO_GIVE: &str = "There is nothing to hand over yet: sign in or enter a credential below.";
/// Nobody is there to take it.
pub const OPENER_GONE: &str = "The page that opened this window is closed. Close this window and open it again.";
/// Nobody took it.
pub const OPENER_SILENT: &str = "The page that opened this window did not answer. Close this window and open it again.";

/// `Sign in with Microsoft`
#[must_use]
pub fn sign_in_with(name: &str) -> String {
    format!("Sign in with {name}")
}

/// `For rows of trivia. A credential entered below is used instead.`
#[must_use]
pub fn signs_in_for(targets: &str) -> String {
    format!("For {targets}. A credential entered below is used instead.")
}

/// `rows of trivia`, among what a sign-in is for.
#[must_use]
pub fn rows_of(project: &str) -> String {
    format!("rows of {project}")
}

/// `12 facts about finished work.`
#[must_use]
pub fn kept(facts: usize) -> String {
    format!("{} about finished work.", plural(facts, "fact"))
}

/// `It is sent to https://gitlab.com alone and stays in this browser.`
#[must_use]
pub fn token_goes_to(origin: impl std::fmt::Display) -> String {
    format!("It is sent to {origin} alone and stays in this browser.")
}

/// The same where another origin gets it too.
#[must_use]
pub fn token_goes_to_both(origin: impl std::fmt::Display, other: impl std::fmt::Display, service: &str) -> String {
    format!("It is sent to {origin} and to {other}, where {service} has its releases, and stays in this browser.")
}
