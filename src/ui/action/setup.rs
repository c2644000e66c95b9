//! What the things in the connections view are for.

use crate::{domain::project::ProjectId, guide::Part};

/// Whose credential it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CredentialOf {
    /// The SAS of a project's table, by the project's number.
    Table(ProjectId),
    /// The token of an origin of forges, by its number among the connections.
    Forge(usize),
}

/// A text in the guide.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "their names say it")]
pub enum Field {
    Endpoint,
    Table,
    Partition,
    Name,
    Organization(Part),
    ForgeProject(Part),
    Repository(Part),
    Api(Part),
}

/// What an element of the connections view is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SetupAction {
    /// Takes the credential that was typed into a form.
    Save(CredentialOf),
    /// Keeps the next one on the device, or not.
    KeepOnDevice(CredentialOf),
    /// Removes one that was typed.
    Remove(CredentialOf),
    /// Asks whether one is good.
    Test(CredentialOf),
    /// Clears what is kept of finished work.
    ClearCache,
    /// The field into which a SAS or an address is pasted.
    Paste,
    /// A text field.
    Field(Field),
    /// Begins to add a project to the configuration that the page has.
    ExtendConfig,
    /// The project in the making is done, and another one begins.
    AddProject,
    /// Goes on with a project that was done, by its number.
    EditProject(usize),
    /// Takes out a project that was done.
    RemoveProject(usize),
    /// Reads the table that the guide's form names.
    ReadRows,
    /// Chooses the forge of a part.
    ForgeKind(Part),
    /// Connects the forges.
    Connect,
    /// A ring that can be dragged, by its place.
    Ring(usize),
    /// Moves a ring to another place.
    MoveRing(usize, usize),
    /// Takes a ring out of the order.
    LeaveOutRing(usize),
    /// Chooses the ring of a cluster.
    PlaceCluster(String),
    /// Shows the page with the rings in this order.
    ApplyRings,
    /// Chooses where the page will be.
    Host,
    /// Writes the SAS into `config.json`, or not.
    WithSas,
    /// Downloads `config.json`.
    Download,
    /// Gives the configuration up.
    Discard,
    /// Signs in with a provider, by its number.
    SignIn(usize),
    /// Signs out.
    SignOut(usize),
    /// Opens this view in a window, from a frame.
    OpenWindow,
    /// Gives the credentials of this window to the frame that opened it.
    HandOver,
}
