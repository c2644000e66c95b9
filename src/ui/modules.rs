//! Code that is fetched when it is first needed, each module a file beside the program.
//!
//! The build splits the program at these functions (feature `split`, `tools/split.mjs`); without that feature all is
//! one file, and they answer at once. Nothing else may call what they call, or it stays with the program.

#![allow(unsafe_code, reason = "the macro declares a module's functions as imported ones")]

use std::sync::Arc;

use crate::{
    config::Config,
    demo::Demo,
    domain::{
        problem::{Area, Problem, ProblemKind},
        time::Timestamp,
    },
    engine::{Forges, forge::ForgeEngine},
    http::{Request, Response},
};

/// A module did not come. Asking again fetches it anew.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unavailable;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for Unavailable {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

/// What to say when what a module holds cannot be shown.
pub(super) fn unavailable(what: &str) -> Problem {
    let what = format!("{what} could not be loaded: a file of this page did not arrive.");
    Problem::error(
        Area::Config,
        ProblemKind::Unreachable,
        &what,
        "Check the connection, and whether a newer version has just been put up: reload the page.",
    )
}

/// A function whose code, with all that only it needs, goes into the module of that name.
macro_rules! module {
    ($(#[$doc:meta])* $module:ident: $vis:vis fn $name:ident($($arg:ident: $of:ty),*) -> $out:ty $body:block) => {
        $(#[$doc])*
        #[cfg(feature = "split")]
        #[wasm_split_helpers::wasm_split($module, fallible)]
        $vis fn $name($($arg: $of),*) -> Result<$out, Unavailable> { Ok($body) }

        $(#[$doc])*
        #[cfg(not(feature = "split"))]
        $vis async fn $name($($arg: $of),*) -> Result<$out, Unavailable> { Ok($body) }
    };
}

/// What answers in the place of a table and of the repository of manifests.
pub(super) type SampleServer = Box<dyn Fn(&Request, Timestamp) -> Response>;

module! {
    /// The part of the engine that asks forges.
    forges: pub(super) fn forges(config: Arc<Config>, seed: u64) -> Box<dyn Forges> {
        Box::new(ForgeEngine::new(&config, seed))
    }
}

module! {
    /// The sample data, and the configuration of a site that shows it.
    sample: pub(super) fn sample(count: Option<u32>, now: Timestamp) -> Result<(Config, SampleServer), Vec<Problem>> {
        Demo::config().map(|config| {
            let demo = Demo::new(count, now);
            let server: SampleServer = Box::new(move |request, now| demo.answer(request, now));
            (config, server)
        })
    }
}
