//! Loads what the first rows do not need, and shows what did not come.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use super::{app::App, modules::Module, sign_ins::SignInStep};
use crate::{
    domain::problem::Problem,
    engine::{
        Input,
        backoff::{Random, wait},
    },
    text::modules as words,
    ui::modules::{self, Unavailable},
    web::clock,
};

/// How long to wait at most before a module is fetched anew.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

impl App {
    /// Loads all of it, once: when the first rows are on screen, which fetching and compiling it would hold up.
    pub(in crate::ui) fn load_modules(self) {
        self.load_forges();
        self.load_pages();
    }

    /// Loads the part that asks forges, once, and gives it to the engine.
    pub(super) fn load_forges(self) {
        if self.config().uses_forges() {
            self.load(Module::Forges);
        }
    }

    /// Loads the views besides the first two, once.
    pub(super) fn load_pages(self) {
        self.load(Module::Pages);
    }

    fn load(self, module: Module) {
        let is_new = self.modules.try_update_value(|modules| {
            let is_new = !modules.asked.contains(&module);
            if is_new {
                modules.asked.push(module);
            }
            is_new
        });
        if is_new == Some(true) {
            self.fetch(module, 0);
        }
    }

    fn fetch(self, module: Module, failures: u32) {
        spawn_local(async move {
            let now = clock::now();
            let seed = now.millis().unsigned_abs();
            let came = match module {
                Module::Forges => {
                    modules::forges(self.config(), seed).await.map(|forges| self.give(Input::Forges(forges)))
                }
                Module::Pages => modules::derivations().await.map(|derivations| {
                    self.derivations.set(Some(derivations));
                    self.tend_sign_in(SignInStep::Tick);
                }),
            };
            self.modules.update_value(|modules| modules.missing.retain(|(missing, _)| *missing != module));
            if let Err(Unavailable) = came {
                let wait = wait(failures + 1, None, &mut Random::new(seed)).min(LONGEST_WAIT);
                set_timeout(move || self.fetch(module, failures + 1), wait);
                let what = match module {
                    Module::Forges => words::FORGES,
                    Module::Pages => words::PAGES,
                };
                let problem = Problem { retry_at: Some(clock::now() + wait), ..modules::unavailable(what) };
                self.modules.update_value(|modules| modules.missing.push((module, problem)));
            }
            self.run_engine();
        });
    }
}
