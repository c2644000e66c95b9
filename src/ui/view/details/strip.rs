//! The whole way to scale: work solid, waits hatched. Screen readers have the list of stages instead.

use super::DeploymentView;
use crate::{
    domain::time::Timestamp,
    model::{
        timeline::{Span, SpanKind},
        wording::{details as sentences, stage_title},
    },
    text,
    ui::{
        html::{Element, el},
        view::ViewContext,
    },
};

/// From so wide on, in percent of the whole, a span's name stands on it.
const NAMED: f64 = 24.0;
/// A part narrower than this cannot be seen.
const NARROWEST: f64 = 0.4;

/// The strip, where there are spans to draw.
pub(super) fn strip(view: &DeploymentView, context: &ViewContext) -> Option<Element> {
    let now = context.now;
    let start = view.spans.iter().map(|span| span.start).min()?;
    let end = view.spans.iter().map(|span| span.end.unwrap_or(now)).max()?;
    let whole = end.since(start).as_secs_f64();
    if whole <= 0.0 {
        return None;
    }
    let percent = |at: Timestamp| at.since(start).as_secs_f64() / whole * 100.0;
    let place = |span: &Span| {
        let from = percent(span.start);
        (from, (percent(span.end.unwrap_or(now)) - from).max(NARROWEST))
    };
    let bars = view.spans.iter().map(|span| bar(span, place(span), view));
    let names = view.spans.iter().map(|span| (span, place(span))).filter(|(_, (_, width))| *width >= NAMED);
    let names = names.map(|(span, (from, width))| {
        el("text")
            .class("way__name")
            .set("x", format!("{:.2}%", from + width / 2.0))
            .set("y", "11")
            .set("text-anchor", "middle")
            .text(name(span, view, now))
    });
    let lines = el("path").class("way__hatch").set("d", "M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2");
    let hatch = el("pattern")
        .set("id", "wait-hatch")
        .set("width", "6")
        .set("height", "6")
        .set("patternUnits", "userSpaceOnUse")
        .child(lines);
    let drawing = el("svg")
        .class("way")
        .set("width", "100%")
        .set("height", "30")
        .set("aria-hidden", "true")
        .child(el("defs").child(hatch))
        .children(bars)
        .children(names);
    let clock = |at: Timestamp| el("span").text(text::moment(at, now, context.zone));
    let ends = el("p").class("way__ends").set("aria-hidden", "true").child(clock(start)).child(clock(end));
    Some(el("div").key("way").class("way__room").child(drawing).child(ends))
}

fn bar(span: &Span, (from, width): (f64, f64), view: &DeploymentView) -> Element {
    let rect = |class: &'static str| {
        el("rect")
            .class(class)
            .set("x", format!("{from:.2}%"))
            .set("width", format!("{width:.2}%"))
            .set("y", "16")
            .set("height", "14")
    };
    let status = view.deployment.stage(span.kind.stage()).map(|stage| stage.status.as_str());
    match span.kind.is_wait() {
        true => rect("way__wait").set("fill", "url(#wait-hatch)"),
        false => rect("way__work").maybe("data-status", status),
    }
}

fn name(span: &Span, view: &DeploymentView, now: Timestamp) -> String {
    match span.kind {
        SpanKind::Work(stage) => format!("{} {}", stage_title(stage), text::duration(span.length(now))),
        _ => sentences::wait_alone(span, &view.deployment, now),
    }
}
