//! How much of the rows is known, and what is read next to know more.

use super::{
    scan::Scan,
    sweep::{Sweep, Unconfirmed},
};
use crate::{domain::time::Timestamp, engine::clock::Now};

/// What has been read, in the order in which that happens, and the read under way.
#[derive(Debug)]
pub(super) enum Phase {
    /// Nothing yet. What was written recently is read first, because that is what people look for.
    Recent(Option<Scan>),
    /// The recent rows. What was written before them is read.
    Rest(Rest),
    /// All rows. Now and then a sweep looks for what has been deleted.
    Complete(Complete),
}

#[derive(Debug)]
pub(super) struct Rest {
    /// What was last written before; all of the table when rows turned out to be missing.
    pub before: Option<Timestamp>,
    /// When the first read began.
    pub began: Now,
    /// A refresh had nothing better to go by than this device's clock.
    pub is_by_device_clock: bool,
    pub scan: Option<Scan>,
}

#[derive(Debug)]
pub(super) struct Complete {
    /// When the first read began.
    pub began: Now,
    /// When all keys were last looked through.
    pub swept_at: Timestamp,
    pub sweep: Option<(Sweep, Scan)>,
    /// The last sweep found most rows gone.
    pub unconfirmed: Option<Unconfirmed>,
    /// A sweep read rows that no refresh brought: all is read again.
    pub lacks_rows: bool,
}

impl Complete {
    pub(super) const fn new(began: Now, swept_at: Timestamp) -> Self {
        Self { began, swept_at, sweep: None, unconfirmed: None, lacks_rows: false }
    }
}

impl Phase {
    pub(super) const fn scan(&self) -> Option<&Scan> {
        match self {
            Self::Recent(scan) => scan.as_ref(),
            Self::Rest(rest) => rest.scan.as_ref(),
            Self::Complete(Complete { sweep: Some((_, scan)), .. }) => Some(scan),
            Self::Complete(_) => None,
        }
    }

    pub(super) const fn scan_mut(&mut self) -> Option<&mut Scan> {
        match self {
            Self::Recent(scan) => scan.as_mut(),
            Self::Rest(rest) => rest.scan.as_mut(),
            Self::Complete(Complete { sweep: Some((_, scan)), .. }) => Some(scan),
            Self::Complete(_) => None,
        }
    }

    pub(super) const fn is_recent(&self) -> bool {
        matches!(self, Self::Recent(_))
    }

    pub(super) const fn is_complete(&self) -> bool {
        matches!(self, Self::Complete(_))
    }

    /// What a sweep under way has found.
    pub(super) const fn sweep_mut(&mut self) -> Option<&mut Sweep> {
        match self {
            Self::Complete(Complete { sweep: Some((sweep, _)), .. }) => Some(sweep),
            _ => None,
        }
    }

    pub(super) const fn unconfirmed(&self) -> Option<&Unconfirmed> {
        match self {
            Self::Complete(complete) => complete.unconfirmed.as_ref(),
            _ => None,
        }
    }
}
