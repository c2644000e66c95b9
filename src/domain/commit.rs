//! A commit, as the forge that keeps its repository reports it.

use super::{id::CommitId, link::Link, person::Person, time::Timestamp};

/// A commit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Commit {
    /// Its whole id.
    pub id: CommitId,
    /// First line and rest of its message.
    pub message: Option<Box<str>>,
    /// Who wrote it.
    pub author: Option<Person>,
    /// When it was committed.
    pub at: Option<Timestamp>,
    /// Where to see it.
    pub link: Option<Link>,
}
