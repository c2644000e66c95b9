//! Small pieces that know a value or two and no more.

mod avatar;
mod copy;
mod menu;
mod problem;

pub(super) use self::{
    avatar::person,
    copy::{CopyButton, copy_button},
    menu::{Menu, on_escape},
    problem::problem_list,
};

use leptos::prelude::*;

use crate::{
    domain::{deployment::Status, link::Link, pull_request::PullRequest, time::Timestamp},
    text,
    web::clock,
};

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
