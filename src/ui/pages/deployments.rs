//! Every deployment, in a table.

use leptos::prelude::*;

use crate::ui::{
    html::Html,
    state::Views,
    view::{empty::empty, table::table},
};

/// The deployments view.
pub(in crate::ui) fn deployments(views: Views) -> Html {
    let context = views.app.context();
    match views.nothing.get() {
        Some(why) => empty(why, &context),
        None => table(&views.table_view(), &context),
    }
}
