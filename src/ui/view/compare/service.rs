//! One service in two rings, and the versions between.

use std::sync::Arc;

use crate::{
    domain::{deployment::Deployment, link::Link},
    model::{
        cluster_state::Known,
        compare::{Lag, ServiceDiff},
        kept::ServiceHash,
        wording::{self, changes},
    },
    text::changes as words,
    ui::{
        action::Action,
        html::{Element, el},
        view::{
            ViewContext,
            changes::{ServiceLink, version, version_item},
            parts::{button, outside},
        },
    },
};

/// What runs in one of the rings, and how certain that is.
pub type Runs = (Option<Arc<Deployment>>, Known);

/// All that is shown of a service.
#[derive(Clone, PartialEq, Debug)]
pub struct ServiceCard {
    /// By what it is known.
    pub key: ServiceHash,
    /// How the two rings differ in it.
    pub diff: ServiceDiff,
    /// The service.
    pub service: ServiceLink,
    /// What runs in either ring.
    pub runs: (Runs, Runs),
    /// Those shown of the versions between, and whether each is what the filters select.
    pub between: Vec<(Arc<Deployment>, bool)>,
    /// Whether somebody asked for all of them.
    pub is_open: bool,
    /// How many commits lie between.
    pub commits: Option<u32>,
    /// A forge's page of these.
    pub link: Option<Link>,
}

/// A service; `rings` is what the two are called.
#[must_use]
pub fn card(s: &ServiceCard, rings: (&str, &str), context: &ViewContext) -> Element {
    let (all, shown) = (s.diff.between.len(), s.between.len());
    // The button stays where it is pressed, and with it the focus.
    let more = (s.is_open || shown < all).then(|| {
        let label = if shown < all { words::show_older(all - shown, "version") } else { words::NEWEST_ONLY.to_owned() };
        button("button diff__more", Action::AllVersions(s.key)).set("aria-expanded", s.is_open.to_string()).text(label)
    });
    el("article")
        .key(s.key)
        .class("diff")
        .set("data-service", s.service.name.clone())
        .set("data-lag", s.diff.lag.as_str())
        .child(head(s, rings, context))
        .children(list(s, rings, context))
        .children(more)
}

fn head(s: &ServiceCard, rings: (&str, &str), context: &ViewContext) -> Element {
    let project = s.service.project.clone().map(|project| el("span").class("diff__project").text(project));
    let name = el("h2").class("diff__name").child(s.service.link(context)).text(" ").children(project);
    let link = s.link.as_ref().map(|link| outside("outside", link).text(words::ALL_COMMITS));
    let lag = changes::lag(&s.diff, s.commits, &version_of(&s.runs.1), rings.0, rings.1);
    let lag = el("p").class("diff__lag").child(el("span").class("lag").text(lag)).text(" ").children(link);
    let runs =
        el("dl").class("diff__runs").child(runs(rings.0, &s.runs.0, context)).child(runs(rings.1, &s.runs.1, context));
    el("div").class("diff__head").child(name).child(runs).child(lag)
}

/// What lies between, as far as it is shown.
fn list(s: &ServiceCard, rings: (&str, &str), context: &ViewContext) -> Vec<Element> {
    if s.between.is_empty() {
        return Vec::new();
    }
    let got = if s.diff.lag == Lag::Ahead { rings.1 } else { rings.0 };
    // What the other ring runs was not found, so it is not known where to stop.
    let partly = s
        .diff
        .is_partial
        .then(|| el("p").class("diff__note").text(words::may_be_incomplete(got, &version_of(&s.runs.1))));
    let items = s.between.iter().map(|(d, is_wanted)| version_item(d, *is_wanted, context));
    let list =
        el("ol").class("between").set("aria-label", words::versions_since(&s.service.shown, got)).children(items);
    partly.into_iter().chain([list]).collect()
}

fn version_of(runs: &Runs) -> String {
    runs.0.as_deref().map(wording::version).unwrap_or_default()
}

fn runs(ring: &str, (d, known): &Runs, context: &ViewContext) -> Element {
    let version = match d {
        Some(d) => version("inside", d, context),
        None => el("span").class("diff__none").text(words::NOT_DEPLOYED),
    };
    let unsure = (*known == Known::Unknown && d.is_some()).then(|| {
        el("span").class("diff__unsure").set("title", words::CLUSTERS_UNKNOWN_HINT).text(words::CLUSTERS_UNKNOWN)
    });
    let what = el("dd").child(version).text(" ").children(unsure);
    el("div").child(el("dt").text(ring.to_owned())).child(what)
}
