//! Every deployment, in a table.

use leptos::prelude::*;

use super::empty::{Empty, nothing};
use crate::ui::{state::Views, table::Table};

/// The deployments view.
#[component]
pub(in crate::ui) fn Deployments(views: Views) -> impl IntoView {
    let nothing = nothing(views);
    move || match nothing.get() {
        Some(why) => view! { <Empty views why /> }.into_any(),
        None => view! { <Table views /> }.into_any(),
    }
}
