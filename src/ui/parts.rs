//! Small pieces that know a value or two and no more.

use leptos::prelude::*;

use super::{
    html::Html,
    view::{ViewContext, problems::problems},
};
use crate::{
    domain::{link::Link, problem::Problem, time::Timestamp},
    route::Route,
    web::clock,
};

/// Several problems.
pub(super) fn problem_list(all: Signal<Vec<Problem>>, now: Signal<Timestamp>) -> impl Fn() -> Html + Clone {
    move || {
        let context = ViewContext { now: now.get(), zone: clock::behind, route: Route::default(), copied: None };
        all.with(|all| problems(all, &context))
    }
}

/// A link that opens elsewhere.
pub(super) fn outside(link: &Link, label: String) -> impl IntoView + use<> {
    let href = link.as_str().to_owned();
    view! { <a class="outside" href=href target="_blank" rel="noopener noreferrer">{label}</a> }
}
