//! What the views of changes share: a version of a service, and what became of it in each ring.

use std::sync::Arc;

use super::{
    ViewContext,
    parts::{maybe_outside, person, pull_request},
};
use crate::{
    domain::deployment::Deployment,
    model::{
        symbols::RingSym,
        trace::ChangeStatus,
        wording::{self, changes},
    },
    text,
    ui::{
        action::Change,
        html::{Element, Html, el},
    },
};

/// A ring: its symbol, its name in the address and the hooks, its title.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RingName {
    /// Its symbol.
    pub ring: RingSym,
    /// Its name.
    pub name: String,
    /// What people call it.
    pub title: String,
}

/// A service's name, and where its history is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServiceLink {
    /// Its name in the hooks; empty for edits that name no service.
    pub name: String,
    /// The one that is shown.
    pub shown: String,
    /// Its history.
    pub history: Change,
    /// What its project is called, where there are several.
    pub project: Option<String>,
}

/// A change, and all that is shown of it.
#[derive(Clone, PartialEq, Debug)]
pub struct ChangeView {
    /// Its service.
    pub service: ServiceLink,
    /// Its newest deployment.
    pub newest: Arc<Deployment>,
    /// In each ring.
    pub places: Vec<PlaceView>,
}

/// A change in a ring, and all that is shown of it.
#[derive(Clone, PartialEq, Debug)]
pub struct PlaceView {
    /// The ring.
    pub ring: RingName,
    /// What became of it there.
    pub change_status: ChangeStatus,
    /// The deployment that shows it.
    pub deployment: Option<Arc<Deployment>>,
    /// The version that took its place.
    pub by: Option<String>,
}

impl ServiceLink {
    /// A link to its history.
    #[must_use]
    pub fn link(&self, context: &ViewContext) -> Element {
        context.link("inside", self.history.clone()).child(el("b").text(self.shown.clone()))
    }
}

/// A deployment's version, as a link to its details.
#[must_use]
pub fn version(class: &'static str, d: &Deployment, context: &ViewContext) -> Element {
    to_details(class, d, context).text(wording::version(d))
}

/// A link to a deployment's details.
#[must_use]
pub fn to_details(class: &'static str, d: &Deployment, context: &ViewContext) -> Element {
    context.link(class, Change::Open(d.id.to_string()))
}

/// The first line of a commit's message.
#[must_use]
pub fn message(class: &'static str, d: &Deployment) -> Option<Element> {
    let message = text::first_line(d.source.message.as_deref()?).to_owned();
    Some(el("span").class(class).set("title", message.clone()).text(message))
}

/// Who wrote it, and its pull request.
pub fn about(d: &Deployment) -> impl Iterator<Item = Html> {
    let author = d.source.author.as_ref().map(|author| Html::from(person(author)));
    author.into_iter().chain(d.pull_request.as_ref().map(pull_request))
}

/// What became of a change in a ring, in a sentence.
#[must_use]
pub fn place(p: &PlaceView, context: &ViewContext) -> Element {
    let more = changes::change_status_more(&p.change_status, p.deployment.as_deref(), p.by.as_deref(), context.now);
    let more = if more.is_empty() { more } else { [changes::change_status_joint(&p.change_status), &more].concat() };
    let change_status = el("span")
        .class("fate")
        .text(changes::change_status_in(&p.change_status))
        .text(" ")
        .child(el("b").text(p.ring.title.clone()))
        .text(more);
    let place =
        el("li").class("where__place").set("data-ring", p.ring.name.clone()).set("data-fate", p.change_status.as_str());
    match &p.deployment {
        Some(d) => place.child(to_details("inside", d, context).child(change_status)),
        None => place.child(change_status),
    }
}

/// One of several versions.
#[must_use]
pub fn version_item(d: &Deployment, is_wanted: bool, context: &ViewContext) -> Element {
    let commit = d.source.commit.as_ref().map(|c| maybe_outside(d.source.link.as_ref(), c.short().to_owned()));
    let about = el("span")
        .class("between__about")
        .children(about(d))
        .children(commit.map(|commit| el("code").child(commit)))
        .child(context.maybe_ago(d.updated));
    el("li")
        .key(d.id.as_str())
        .class("between__item")
        .maybe("data-dim", (!is_wanted).then_some("true"))
        .child(version("inside between__version", d, context))
        .child(message("between__message", d).unwrap_or_else(|| el("span").class("between__message")))
        .child(about)
}
