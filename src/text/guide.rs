//! Words of the guide to a configuration.

/// The guide, once it tries a configuration.
pub const YOURS_TRIED: &str = "Preview of your page, in this tab only";
/// Adds a project.
pub const ADD_PROJECT: &str = "Add a project";
/// The guide, before anything is tried.
pub const SET_UP: &str = "Set up your own page";
/// What adding a project does.
pub const ABOUT_ADDING: &str =
    "Your config.json is not changed. Replace it with the one from step 4, which keeps all its other settings.";
/// What trying does.
pub const ABOUT_TRIED: &str =
    "The whole page now shows your rows, in this tab only. Go on here, look around, and come back.";
/// What the guide is.
pub const ABOUT_SAMPLE: &str = "You are looking at made-up data. Four steps lead to a page of your own; each can be left out. What you enter goes to the service it is for, and nowhere else.";
/// Ends the trial.
pub const DISCARD: &str = "Discard";
/// The guide, for screen readers.
pub const GUIDE: &str = "Guide";
/// Adds one more project.
pub const ADD_ANOTHER: &str = "Add another project";
/// The projects of the configuration.
pub const PROJECTS: &str = "Projects";
/// On a page with a configuration.
pub const ANOTHER_PROJECT: &str = "Another project";
/// What the guide does there.
pub const ABOUT_EXTENDING: &str =
    "The guide adds a project to this page's config.json, tries it in this tab, and offers the file to download.";
/// A step is done.
pub const DONE: &str = "done";
/// What can be pasted looks like that.
pub const PASTE_EXAMPLE: &str = "sv=…&tn=…&sp=r&sig=… or https://ACCOUNT.table.core.windows.net/TABLE?sv=…";
/// The field for it.
pub const PASTE: &str = "A read-only SAS, a table's address or a connection string";
/// Where the table is.
pub const ENDPOINT: &str = "Table service";
/// Its name.
pub const TABLE: &str = "Table";
/// Which of its rows.
pub const PARTITION: &str = "Partition (optional)";
/// What the project is called.
pub const NAME: &str = "Name of the project";
/// What was pasted is kept and hidden.
pub const SAS_TAKEN: &str = "A SAS is taken and not shown again.";
/// Reads the newest rows.
pub const READ_TABLE: &str = "Read the table";
/// Where a SAS goes, and how to make one.
pub const ABOUT_SAS: &str = "The SAS goes to that table's account alone and stays in this browser tab. These commands make one, and let this page read the account:";
/// What a button copies.
pub const SAS_COMMAND: &str = "the command that makes a SAS";
/// What a button copies.
pub const CORS_COMMAND: &str = "the command that lets this page in";
/// The table is empty.
pub const NO_ROWS: &str =
    "No rows yet. Errors are shown above; an empty table fills once the snippets of step 4 are in place.";
/// Step 1.
pub const ROWS_STEP: &str = "Where are your deployments recorded?";
/// The newest rows.
pub const NEWEST: &str = "The newest rows, as read just now";
/// Whose runs rows name.
pub const WHO_BUILDS: &str = "Who runs build and release?";
/// What clusters follow.
pub const WHICH_MANIFESTS: &str = "Which repository do clusters apply?";
/// The forges are inferred from the rows.
pub const RECOGNIZED: &str = "Recognized from your rows. Check it, and connect.";
/// What forges add.
pub const OPTIONAL: &str =
    "Optional: without it only table data is shown. With it the page also shows builds, pull requests and clusters.";
/// Where tokens are entered.
pub const TOKENS_BELOW: &str = "Tokens are entered and tested below, one field for each service, with the minimum permissions and where to make one.";
/// Uses the forges.
pub const CONNECT: &str = "Connect";
/// Step 2.
pub const FORGE_STEP: &str = "Where do builds and pull requests run?";
/// No forge.
pub const NOT_CONNECTED: &str = "Not connected";
/// A field.
pub const ORGANIZATION: &str = "Organization";
/// A field.
pub const PROJECT: &str = "Project";
/// A field.
pub const REPOSITORY: &str = "Repository";
/// A field.
pub const API: &str = "API (own server only)";
/// A cluster serves all rings.
pub const EVERY_RING: &str = "Every ring";
/// There are no rings to be put in order.
pub const NO_RINGS: &str =
    "Rings and clusters appear here once rows are read. Left out, the page orders rings by their names.";
/// How rings are put in order.
pub const ORDER_RINGS: &str = "First to last, in the order of promotion: drag them, or use the arrows. A ring that is left out counts as a feature ring.";
/// Uses it.
pub const USE_ORDER: &str = "Use this order";
/// The rings, for screen readers.
pub const RINGS: &str = "Rings, first to last";
/// Step 3.
pub const RINGS_STEP: &str = "In which order are changes promoted?";
/// Where the page will be.
pub const HOST: &str = "Host";
/// What a SAS in the file means.
pub const SAS_PUBLISHED: &str =
    "Everybody who can open the page can then read the table with it. Without, each viewer is asked for one.";
/// More of that.
pub const PUBLIC_HOST: &str = " This host is open to everybody on the internet: leave it out.";
/// Puts it there.
pub const WITH_SAS: &str = "Write the SAS into config.json";
/// The file holds more than is shown.
pub const SAS_HIDDEN: &str = "The SAS is in the file that is downloaded and is not shown here.";
/// Saves the file.
pub const DOWNLOAD: &str = "Download config.json";
/// Chooses the host.
pub const PUBLISH_ON: &str = "Publish it on";
/// What to run.
pub const COMMANDS: &str = "Commands, in a clone of Ringside";
/// What a button copies.
pub const THE_COMMANDS: &str = "the commands";
/// What else to do.
pub const LET_IN: &str =
    "The storage account must then let the new address in, too: the second command of step 1, with that origin.";
/// What pipelines run.
pub const RECORD: &str = "Record deployments from your pipelines";
/// What a button copies.
pub const THE_SNIPPET: &str = "the snippet";
/// Step 4.
pub const PUBLISH_STEP: &str = "Put it where your team can see it";
/// What is shown of the newest rows.
pub const COLUMNS: [&str; 5] = ["Service", "Ring", "Image", "Status", "Updated"];

/// `Edit trivia`
#[must_use]
pub fn edit(project: &str) -> String {
    format!("Edit {project}")
}

/// `Remove trivia`
#[must_use]
pub fn remove(project: &str) -> String {
    format!("Remove {project}")
}

/// `trivia, in the steps below`
#[must_use]
pub fn in_steps(project: &str) -> String {
    format!("{project}, in the steps below")
}

/// `Move dev down`
#[must_use]
pub fn move_ring(ring: &str, to: &str) -> String {
    format!("Move {ring} {to}")
}

/// `Leave out dev`
#[must_use]
pub fn leave_out(ring: &str) -> String {
    format!("Leave out {ring}")
}

/// `Cluster prod-east`
#[must_use]
pub fn cluster(name: &str) -> String {
    format!("Cluster {name}")
}
