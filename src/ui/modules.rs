//! Code that is fetched when it is first needed, each module a file beside the program.
//!
//! The build splits the program at these functions (feature `split`, `tools/modules.mjs`); without that feature all is
//! one file, and they answer at once. Nothing else may call what they call, or it stays with the program.

#![allow(unsafe_code, reason = "the macro declares a module's functions as imported ones")]

use std::sync::Arc;

use web_sys::{Element, Event};

use super::{
    action::SetupAction,
    html::Html,
    state::{self, App, Related, ServiceKey, SignInStep, Views},
    view::{compare, details, history, setup, where_is},
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
    http::{Request, Response},
    model::{
        compare::{self as comparison, Choice, Comparison},
        export::Format,
        rings::Board,
        store::Slot,
        trace::{self, ServiceHistory, Trace},
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

/// What to say when what a module holds cannot be shown.
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

/// What answers in the place of a table and of the repository of manifests.
pub(super) type SampleServer = Box<dyn Fn(&Request, Timestamp) -> Response>;

module! {
    /// The part of the engine that asks forges.
    forges: pub(super) fn forges(config: Arc<Config>, seed: u64) -> Box<dyn Forges> {
        Box::new(ForgeEngine::new(&config, seed))
    }
}

/// The views besides the first two, and what is derived for them alone.
#[derive(Clone, Copy)]
pub(super) struct Pages {
    pub compare: fn(Views) -> Html,
    pub history: fn(Views) -> Html,
    pub where_is: fn(Views) -> Html,
    pub details: fn(Views) -> Html,
    pub setup: fn(Views) -> Html,
    /// Does what an element of the connections view is for, if that is to be done at this event.
    pub set_up: fn(Views, &str, SetupAction, &Event, &Element) -> bool,
    pub read_draft: fn(&str) -> Option<Draft>,
    pub comparison: fn(App, &Board, Choice) -> Option<Comparison>,
    pub comparison_markdown: fn(Views) -> String,
    pub service_history: fn(App, ServiceKey, usize) -> ServiceHistory,
    pub trace: fn(App, &str, usize) -> Option<Trace>,
    pub related: fn(App, Slot) -> Related,
    pub export: fn(Views, Format) -> String,
    pub sign_in: fn(App, SignInStep),
    pub ask_for_credentials: fn(Views) -> Html,
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
            set_up: state::act,
            read_draft: Draft::from_config,
            comparison: |app, board, choice| {
                app.engine(|e| comparison::compare(e.store(), board, choice.first, choice.second))
            },
            comparison_markdown: Views::comparison_markdown,
            service_history: |app, (project, service), limit| {
                app.engine(|e| trace::history(e.store(), e.syncs(), project, service, limit))
            },
            trace: |app, question, limit| app.engine(|e| trace::where_is(e.store(), e.syncs(), question, limit)),
            related: state::related,
            export: Views::export,
            sign_in: state::sign_in_step,
            ask_for_credentials: |views| setup::ask_in_window(views.window_view()),
        }
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
