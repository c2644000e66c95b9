//! Code that is fetched when it is first needed, each module a file beside the program.
//!
//! The build splits the program at these functions (feature `split`, `tools/modules.mjs`); without that feature all is
//! one file, and they answer at once. Nothing else may call what they call, or it stays with the program.

#![allow(unsafe_code, reason = "the macro declares a module's functions as imported ones")]

use std::sync::Arc;

use super::{
    state::{
        app::{Derivations, SampleServer},
        details::related,
        kiosk as wall, notify,
        saved::act_on_saved,
        setup::act,
        sign_in,
        views::{Pages, Views},
    },
    view::{compare, details, history, kiosk, setup, where_is},
};
use crate::{
    config::Config,
    demo::Demo,
    domain::{
        problem::{Area, Problem, ProblemKind},
        time::Timestamp,
    },
    engine::{Forges, forge::ForgeEngine},
    guide::Draft,
    model::{
        compare::{self as comparison},
        trace::{self},
    },
    text::modules as words,
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

/// The sentence for a module whose contents cannot be shown.
pub(super) fn unavailable(what: &str) -> Problem {
    Problem::error(Area::Config, ProblemKind::Unreachable, words::missing(what), words::HINT)
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

module! {
    /// The part of the engine that asks forges.
    forges: pub(super) fn forges(config: Arc<Config>, seed: u64) -> Box<dyn Forges> {
        Box::new(ForgeEngine::new(&config, seed))
    }
}

module! {
    /// What is derived for the views besides the first two.
    pages: pub(super) fn derivations() -> Derivations {
        Derivations {
            read_draft: Draft::from_config,
            comparison: |app, board, choice| {
                app.engine(|e| comparison::compare(e.store(), board, choice.first, choice.second))
            },
            service_history: |app, (project, service), limit| {
                app.engine(|e| trace::history(e.store(), e.syncs(), project, service, limit))
            },
            trace: |app, question, limit| app.engine(|e| trace::where_is(e.store(), e.syncs(), question, limit)),
            related,
            sign_in: sign_in::step,
        }
    }
}

module! {
    /// The views besides the first two.
    pages: pub(super) fn pages() -> Pages {
        Pages {
            compare: |views| compare::compare(&views.compare_view(), &views.app.context()),
            history: |views| history::history(&views.history_view(), &views.app.context()),
            where_is: |views| where_is::where_is(views.where_is_view().as_ref(), &views.app.context()),
            details: |views| details::details(views.details_view().as_ref(), &views.app.context()),
            setup: |views| setup::setup(&views.setup_view(), &views.app.context()),
            set_up: act,
            comparison_markdown: Views::comparison_markdown,
            export: Views::export,
            ask_for_credentials: |views| setup::request_in_window(views.window_view()),
            kiosk: |views| kiosk::kiosk(&views.kiosk_view(), &views.app.context()),
            act_on_saved,
            follow: |views| {
                wall::follow(views);
                notify::follow(views);
            },
        }
    }
}

module! {
    /// The sample data, and the configuration of a site that shows it.
    sample: pub(super) fn sample(count: Option<u32>, now: Timestamp) -> Result<(Config, SampleServer), Vec<Problem>> {
        Demo::config(count).map(|config| {
            let demo = Demo::new(count, now);
            let server: SampleServer = Box::new(move |request, now| demo.answer(request, now));
            (config, server)
        })
    }
}
