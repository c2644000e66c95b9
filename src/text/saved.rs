//! Words of saved views, and of who looks at them.

/// The menu.
pub const VIEWS: &str = "Views";
/// Views that this site offers to everybody.
pub const OF_SITE: &str = "For everybody";
/// Views that this device keeps.
pub const OF_DEVICE: &str = "On this device";
/// Nothing is saved.
pub const NONE: &str = "No saved views yet.";
/// What a view holds.
pub const WHAT: &str = "A view keeps filters, search, sort order, columns and density.";
/// The field for the name of a view.
pub const NAME: &str = "Name of this view";
/// Saves the view.
pub const SAVE: &str = "Save";
/// Copies the address of what is shown.
pub const COPY_LINK: &str = "Copy link";
/// What that button copies.
pub const LINK: &str = "a link to this view";
/// The field for one's own name.
pub const ME: &str = "Your name (for author:@me)";

/// Asks for notifications, or no longer.
pub const NOTIFY: &str = "Notify me of pinned services and my changes";
/// The browser does not allow them.
pub const NOT_ALLOWED: &str = "This browser does not allow notifications for this page.";
/// A version has come to a ring.
pub const NOW_RUNS: &str = "Deployed";
/// A deployment failed.
pub const NOW_FAILED: &str = "Failed";
/// A pull request waits for who looks.
pub const NOW_WAITS: &str = "Waiting for your approval";

/// `Pin api to the top`
#[must_use]
pub fn pin(service: &str, is_pinned: bool) -> String {
    if is_pinned { format!("Unpin {service}") } else { format!("Pin {service} to the top") }
}

/// `Remove view Failures`
#[must_use]
pub fn remove(name: &str) -> String {
    format!("Remove view {name}")
}
