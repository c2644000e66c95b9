//! What the connections view shows of the forges: what they are for, and how each stands now.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    app::App,
    connected::{Connected, OriginStatus},
};
use crate::{
    config::Storage,
    engine::{Engine, Input},
    forge::connections::Connection,
    http::Origin,
    route::View,
    web::cache,
};

fn connected(app: App, engine: &Engine, connections: &[Connection]) -> Connected {
    let answered = |origin: &Origin| app.answered.with_value(|all| all.get(origin).copied());
    let config = app.config();
    let tables = config.projects.iter().map(|project| match &project.storage {
        Storage::AzureTable(table) => answered(&table.origin),
        Storage::Snapshot { .. } | Storage::Sample => None,
    });
    let status = |c: &Connection| OriginStatus {
        tested: engine.credential_test(&c.origin),
        left: engine.remaining_requests(&c.origin),
        problems: engine.origin_problems(&c.origin),
        answered: answered(&c.origin),
    };
    Connected {
        tables: tables.collect(),
        origins: connections.iter().map(status).collect(),
        kept: engine.cached_count(),
    }
}

impl App {
    /// The forges that the configuration names.
    pub(in crate::ui) fn connections(self) -> Arc<[Connection]> {
        self.connections.get_value()
    }

    /// Brings [`App::connected`] up to date, while somebody looks at it.
    pub(super) fn update_connections(self) {
        if self.route.with_untracked(|r| r.view) == View::Setup {
            let connected = self.engine(|engine| connected(self, engine, &self.connections()));
            if self.connected.with_untracked(|old| *old != connected) {
                self.connected.set(connected);
            }
        }
    }

    /// Asks an origin whether its token is good.
    pub(in crate::ui) fn test_token(self, origin: &Origin) {
        self.give(Input::TestCredential(origin.clone()));
        self.run_engine();
    }

    /// Forgets what is known of finished work, here and in the browser.
    pub(in crate::ui) fn forget_kept(self) {
        self.give(Input::ClearCache);
        cache::clear();
        self.run_engine();
    }
}
