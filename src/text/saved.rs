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

/// `Remove view Failures`
#[must_use]
pub fn remove(name: &str) -> String {
    format!("Remove view {name}")
}
