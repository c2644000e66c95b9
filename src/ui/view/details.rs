//! One deployment: how it stands, its way from commit to cluster, what it ships, and where else it is.

mod facts;
mod journey;
mod strip;

use std::sync::Arc;

pub use self::facts::{Elsewhere, Ships};
use super::{
    ViewContext,
    board::CellClusterView,
    changes::ServiceLink,
    parts::{button, copy_button, icon_button, outside, person},
};
use crate::{
    domain::{
        cluster::SyncState,
        deployment::{Deployment, Status},
        link::Link,
    },
    model::{
        timeline::{Span, Usual, lead_time},
        wording::{self, details as sentences},
    },
    text::{self, details as words},
    ui::{
        action::{Action, Change},
        html::{Element, Html, el, nothing},
    },
};

/// What the details show.
#[derive(Clone, PartialEq, Debug)]
pub struct DetailsView {
    /// The id that the address names.
    pub id: String,
    /// How wide they are, in pixels.
    pub width: u32,
    /// The deployment.
    pub shown: Option<DeploymentView>,
    /// Whether more rows are being read.
    pub is_reading: bool,
}

/// A deployment and what belongs to it.
#[derive(Clone, PartialEq, Debug)]
pub struct DeploymentView {
    /// The deployment.
    pub deployment: Arc<Deployment>,
    /// Where its time went.
    pub spans: Vec<Span>,
    /// Its image was built for an earlier deployment.
    pub reuses_image: bool,
    /// How long that usually takes.
    pub usual: Usual,
    /// For each of its clusters, where to see the commit that it is at.
    pub cluster_links: Vec<Option<Link>>,
    /// What each cluster of the ring runs, where none is known to have this one.
    pub meanwhile: Vec<CellClusterView>,
    /// Links of the configuration, with their titles.
    pub links: Vec<(Link, String)>,
    /// An address of these details.
    pub share: String,
    /// What it changes in its ring.
    pub ships: Option<Ships>,
    /// The same version in other rings.
    pub elsewhere: Elsewhere,
    /// Its service.
    pub service: Option<ServiceLink>,
    /// Its neighbours among the deployments of its service and ring.
    pub neighbours: Neighbours,
}

/// The deployments before and after, of the same service and ring.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Neighbours {
    /// The id of the one before.
    pub previous: Option<String>,
    /// The id of the one after.
    pub next: Option<String>,
    /// Its place among all, the first is 1, and how many there are.
    pub place: (usize, usize),
}

/// The details, beside a view or in its place.
#[must_use]
pub fn details(view: Option<&DetailsView>, context: &ViewContext) -> Html {
    let Some(view) = view else { return nothing() };
    let shown = view.shown.as_ref();
    let title = shown.map_or_else(|| words::DEPLOYMENT.to_owned(), |shown| wording::title(&shown.deployment));
    let close = icon_button("icon icon--close", words::CLOSE, Action::Change(Change::Close));
    let neighbours = shown.map(|shown| &shown.neighbours).filter(|n| n.place.1 > 1).map(neighbours);
    let head = el("div")
        .class("drawer__head")
        .child(el("h2").set("id", "details-title").set("tabindex", "-1").text(title))
        .children(neighbours)
        .child(close.set("title", words::CLOSE_HINT));
    let body = match shown {
        Some(shown) => body(shown, context),
        None => {
            let sentence = if view.is_reading { words::NOT_YET } else { words::MISSING };
            el("p").class("drawer__missing").text(sentence)
        }
    };
    let resize = el("div")
        .class("drawer__edge")
        .set("role", "separator")
        .set("aria-orientation", "vertical")
        .set("aria-label", words::RESIZE)
        .set("aria-valuenow", view.width.to_string())
        .set("tabindex", "0")
        .on(Action::ResizeDetails);
    el("div")
        .class("drawer")
        .set("role", "dialog")
        .set("aria-labelledby", "details-title")
        .set("data-details", shown.map_or_else(|| view.id.clone(), |shown| shown.deployment.id.to_string()))
        .on(Action::Details)
        .set("--width", format!("{}px", view.width))
        .child(resize)
        .child(el("div").class("drawer__inside").child(head).child(body))
        .into()
}

fn neighbours(n: &Neighbours) -> Element {
    let step = |sign: &'static str, name: &'static str, hook: &'static str, id: &Option<String>| {
        let step = match id {
            Some(id) => button("button button--bare", Action::Change(Change::Open(id.clone()))),
            None => el("button").set("type", "button").class("button button--bare").set("disabled", ""),
        };
        step.key(hook).set("data-step", hook).set("title", name).set("aria-label", name).text(sign)
    };
    el("div")
        .class("drawer__steps")
        .child(step("‹", words::PREVIOUS, "previous", &n.previous))
        .child(el("span").text(words::position(n.place.0, n.place.1)))
        .child(step("›", words::NEXT, "next", &n.next))
}

fn body(view: &DeploymentView, context: &ViewContext) -> Element {
    let d = &*view.deployment;
    // Of one part alone its own line shows how long it took.
    let lead = lead_time(&view.spans).filter(|lead| lead.from != lead.to).map(|lead| {
        let sentence = sentences::lead(lead.length, lead.from, lead.to, view.usual.lead(lead));
        el("span").class("drawer__lead").text(sentence)
    });
    let standing = standing(d);
    let word = if standing == d.status { text::status(d.status) } else { words::PUBLISHED };
    let about = el("p")
        .class("drawer__about")
        .child(el("span").class("state").set("data-status", standing.as_str()).text(word))
        .children(d.source.author.as_ref().map(person))
        .child(context.maybe_ago(d.updated))
        .children(lead);
    let links = (!view.links.is_empty()).then(|| {
        let links = view.links.iter().map(|(link, title)| el("li").child(outside("outside", link).text(title.clone())));
        el("ul").class("drawer__links").set("aria-label", words::LINKS).children(links)
    });
    let history = view.service.as_ref().map(|service| {
        let link = context.link("button", service.history.clone());
        link.text(words::history_of(&service.shown))
    });
    let end = el("p").class("drawer__end").children(history).child(copy_button(
        view.share.clone(),
        words::LINK,
        words::COPY_LINK,
        context,
    ));
    el("div")
        .class("drawer__body")
        .child(about)
        .child(callout(d, context))
        .children(strip::strip(view, context))
        .child(journey::journey(view, context))
        .children(links)
        .children(view.ships.as_ref().map(|ships| facts::ships(ships, d, context)))
        .children(facts::elsewhere(&view.elsewhere, context))
        .child(facts::ids(d, context))
        .child(end)
}

/// How it stands, and what to do about it.
fn callout(d: &Deployment, context: &ViewContext) -> Element {
    let standing = standing(d).as_str();
    let sentence = el("p")
        .class("callout__what state state--text")
        .set("data-status", standing)
        .text(sentences::status(d, context.now));
    let link = d.deciding_stage().and_then(|stage| stage.link.as_ref());
    let step = link.zip(sentences::next_step(d)).map(|(link, label)| outside("button callout__step", link).text(label));
    el("div").class("callout").set("data-status", standing).child(sentence).children(step)
}

/// The colour: what went through has not arrived before clusters have it.
fn standing(d: &Deployment) -> Status {
    let is = |state: SyncState| d.clusters.iter().any(|c| c.state == state);
    match d.status {
        Status::Succeeded if is(SyncState::Failed) => Status::Failed,
        Status::Succeeded if is(SyncState::Pending) => Status::Running,
        Status::Succeeded if is(SyncState::Unknown) => Status::Unknown,
        status => status,
    }
}

#[cfg(test)]
mod tests;
