//! Small pieces that know a value or two and no more.

mod avatar;
mod copy;

pub(super) use self::{
    avatar::person,
    copy::{CopyButton, copy_button},
};

use leptos::{ev, prelude::*};

use super::{
    html::Html,
    view::{ViewContext, problems::problems},
};
use crate::{
    domain::{deployment::Status, link::Link, problem::Problem, pull_request::PullRequest, time::Timestamp},
    route::Route,
    text,
    web::clock,
};

/// Runs `close` for the Escape key, and lets nobody else see it.
pub(super) fn on_escape(event: &ev::KeyboardEvent, close: impl FnOnce()) {
    if event.key() == "Escape" {
        event.stop_propagation();
        close();
    }
}

/// Several problems.
pub(super) fn problem_list(all: Signal<Vec<Problem>>, now: Signal<Timestamp>) -> impl Fn() -> Html + Clone {
    move || {
        let context = ViewContext { now: now.get(), zone: clock::behind, route: Route::default(), copied: None };
        all.with(|all| problems(all, &context))
    }
}

/// A state: its icon, drawn by the style sheet, and its word.
pub(super) fn state(status: Status) -> impl IntoView {
    view! { <span class="state" data-status=status.word()>{text::status(status)}</span> }
}

/// How long ago, with the exact moment on hover.
pub(super) fn ago(then: Timestamp, now: Timestamp) -> impl IntoView {
    view! { <time datetime=then.to_rfc3339() title=clock::exact(then)>{text::ago(then, now)}</time> }
}

/// A text, and a link that opens elsewhere where there is somewhere to go.
pub(super) fn maybe_outside(link: Option<&Link>, label: String) -> AnyView {
    match link {
        Some(link) => outside(link, label).into_any(),
        None => label.into_any(),
    }
}

/// A pull request's number.
pub(super) fn pull_request(pr: &PullRequest) -> AnyView {
    maybe_outside(pr.link.as_ref(), format!("#{}", pr.id))
}

/// A link that opens elsewhere.
pub(super) fn outside(link: &Link, label: String) -> impl IntoView + use<> {
    let href = link.as_str().to_owned();
    view! { <a class="outside" href=href target="_blank" rel="noopener noreferrer">{label}</a> }
}
