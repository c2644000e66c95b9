//! What a deployment ships, where else its version is, and its ids.

use std::sync::Arc;

use crate::{
    domain::{deployment::Deployment, link::Link, stage::StageKind},
    model::wording,
    text::{details as words, parts::COPY},
    ui::{
        html::{Element, el},
        view::{
            ViewContext,
            changes::{PlaceView, place, version_item},
            parts::{copy_button, outside},
        },
    },
};

/// So many versions are listed; the others are counted.
const LISTED: usize = 10;

/// What a deployment changes in its ring.
#[derive(Clone, PartialEq, Debug)]
pub struct Ships {
    /// What the ring ran before it, or runs now if it has not come yet.
    pub base: Arc<Deployment>,
    /// It goes back to an older version.
    pub is_back: bool,
    /// The versions since, the newest first, this one among them.
    pub versions: Vec<Arc<Deployment>>,
    /// How many commits lie between.
    pub commits: Option<u32>,
    /// A forge's page of these.
    pub link: Option<Link>,
}

/// The same version in other rings.
pub type Elsewhere = Vec<PlaceView>;

pub(super) fn ships(ships: &Ships, d: &Deployment, context: &ViewContext) -> Element {
    let sentence = words::ships(&wording::version(&ships.base), &wording::version(d), ships.commits, ships.is_back);
    let link = ships.link.as_ref().map(|link| outside("outside", link).text(words::COMPARE));
    let sum = el("p").class("ships__sum").text(sentence).text(" ").children(link);
    let items = ships.versions.iter().take(LISTED).map(|d| version_item(d, true, context));
    let more = ships.versions.len().saturating_sub(LISTED);
    let more = (more > 0).then(|| el("p").class("ships__more").text(words::more_versions(more)));
    let list = (!ships.versions.is_empty()).then(|| el("ol").class("between").children(items));
    section("ships", words::SHIPS).child(sum).children(list).children(more)
}

pub(super) fn elsewhere(places: &Elsewhere, context: &ViewContext) -> Option<Element> {
    let items = places.iter().map(|p| place(p, context));
    let list = el("ul").class("where__places").children(items);
    (!places.is_empty()).then(|| section("elsewhere", words::ELSEWHERE).child(list))
}

fn section(hook: &'static str, title: &'static str) -> Element {
    el("section").key(hook).class("drawer__section").set("data-section", hook).child(el("h3").text(title))
}

/// Every id, to copy.
pub(super) fn ids(d: &Deployment, context: &ViewContext) -> Element {
    let run = |kind| d.stage(kind).and_then(|s| s.run.as_ref()).map(ToString::to_string);
    let all = [
        Some(d.id.to_string()),
        d.source.commit.as_ref().map(ToString::to_string),
        d.image.as_ref().map(ToString::to_string),
        run(StageKind::Build),
        run(StageKind::Release),
        d.hld_commit.as_ref().map(ToString::to_string),
        run(StageKind::PullRequest),
        run(StageKind::Manifest),
        d.manifest_commit.as_ref().map(ToString::to_string),
    ];
    let rows = words::ID_NAMES.into_iter().zip(all).filter_map(|((what, named), id)| {
        let id = id?;
        let copy = copy_button(id.clone(), named, COPY, context);
        Some(el("div").child(el("dt").text(what)).child(el("dd").child(el("code").text(id)).text(" ").child(copy)))
    });
    el("details")
        .key("ids")
        .class("ids")
        .child(el("summary").text(words::IDS))
        .child(el("dl").class("facts").children(rows))
}
