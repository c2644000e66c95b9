//! Loads what the first rows do not need, and says what did not come.

use std::time::Duration;

use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};

use super::App;
use crate::{
    engine::{
        Input,
        backoff::{Random, wait},
    },
    ui::modules,
    web::clock,
};

/// How long to wait at most before a module is fetched anew.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

impl App {
    /// Loads the part that asks forges, once, and gives it to the engine.
    pub(super) fn load_forges(self) {
        if self.config().uses_forges() && !self.are_forges_loading.get_value() {
            self.are_forges_loading.set_value(true);
            self.fetch_forges(0);
        }
    }

    fn fetch_forges(self, failures: u32) {
        spawn_local(async move {
            let seed = clock::now().millis().unsigned_abs();
            let failed = match modules::forges(self.config(), seed).await {
                Ok(forges) => {
                    self.give(Input::Forges(forges));
                    None
                }
                Err(modules::Unavailable) => {
                    let wait = wait(failures + 1, None, &mut Random::new(seed)).min(LONGEST_WAIT);
                    let millis = u32::try_from(wait.as_millis()).unwrap_or(u32::MAX);
                    Timeout::new(millis, move || self.fetch_forges(failures + 1)).forget();
                    let mut problem = modules::unavailable("What asks the services about builds, authors and clusters");
                    problem.retry_at = Some(clock::now() + wait);
                    Some(problem)
                }
            };
            self.missing_module.set_value(failed);
            self.run_engine();
        });
    }
}
