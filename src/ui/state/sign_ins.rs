//! Who is signed in, and what is to be done about that.

use crate::{
    domain::problem::Problem,
    sign_in::{failure::Failure, session::Session},
};

/// What is to be done about signing in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::ui) enum SignInStep {
    /// Whatever is due.
    Tick,
    /// What stood in the place of a token was taken away.
    RequestAgain,
    /// Signs in with a provider, by its number.
    Begin(usize),
    SignOut(usize),
    /// Opens the connections view in a window, from a frame.
    OpenWindow,
    /// Gives the credentials of this window to the frame that opened it.
    HandOver,
}

/// Who is signed in, and where.
#[derive(Default)]
pub(in crate::ui) struct SignIns {
    /// In the order of the configuration, once somebody looked.
    pub(super) sessions: Option<Vec<Session>>,
    /// What is shown above every view.
    pub(super) problems: Vec<Problem>,
    /// Of an answer that belongs to no attempt.
    pub(super) foreign: Option<Failure>,
    /// The window that this frame opened.
    pub(super) window: Option<web_sys::Window>,
    /// What came of the last hand-over, or of the window that was to open.
    pub(super) notice: &'static str,
}
