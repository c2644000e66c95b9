//! One service in two rings, and the versions between.

use std::sync::Arc;

use leptos::prelude::*;

use super::titles;
use crate::{
    domain::{deployment::Deployment, link::Link},
    model::{
        compare::{Lag, ServiceDiff},
        filter::Filter,
        store::{SharedColumn, Slot},
        symbols::Sym,
        trace::NAMELESS,
        truth::Known,
        wording::{self, changes},
    },
    text,
    ui::{
        links,
        parts::{maybe_outside, outside, person, pull_request},
        state::{ServiceKey, Views},
    },
    web::clock,
};

/// What runs in one of the rings, and how certain that is.
type Runs = (Option<Arc<Deployment>>, Known);

/// All that is shown of a service.
#[derive(Clone, PartialEq)]
struct Shown {
    diff: ServiceDiff,
    /// Its name, and its project's where there are several.
    name: String,
    project: Option<String>,
    rings: (String, String),
    first: Runs,
    second: Runs,
    /// Those shown of the versions between, and whether each is what the filters ask for.
    between: Vec<(Arc<Deployment>, bool)>,
    commits: Option<u32>,
    link: Option<Link>,
}

/// A service's name as it is shown.
pub(super) fn shown_name(name: &str) -> String {
    if name.is_empty() { NAMELESS.to_owned() } else { name.to_owned() }
}

fn shown(views: Views, key: ServiceKey) -> Option<Shown> {
    let app = views.app;
    app.version.track();
    let (all, board) = (views.changes.comparison.get()?, views.board.get());
    let diff = all.services.iter().find(|diff| (diff.project, diff.service) == key)?.clone();
    let cells = board.services.iter().find(|s| (s.project, s.service) == key);
    let known = |ring: Sym| {
        let column = board.rings.iter().position(|r| r.ring == ring)?;
        Some(cells?.cells.get(column)?.known)
    };
    let runs =
        |slot: Option<Slot>, ring: Sym| (slot.and_then(|slot| app.deployment(slot)), known(ring).unwrap_or_default());
    let everything = views.wanted.with(Filter::is_everything);
    let is_wanted = |slot: Slot| everything || views.selection.with(|s| s.has(slot));
    let between = views.changes.between(&diff).iter();
    let between = between.filter_map(|&slot| Some((app.deployment(slot)?, is_wanted(slot)))).collect();
    let (first, second) = (runs(diff.first, all.first), runs(diff.second, all.second));
    app.engine(|e| {
        let store = e.store();
        let commit = |slot: Slot| store.at(slot).row_commit();
        let span = diff.span();
        let project = store.projects().get(usize::from(diff.project)).filter(|_| store.projects().len() > 1);
        Some(Shown {
            name: store.symbols(SharedColumn::Service).text(diff.service).to_owned(),
            project: project.map(ToString::to_string),
            rings: titles(views),
            first,
            second,
            between,
            commits: span.and_then(|(old, new)| e.syncs().commit_count(key.0.into(), commit(old), commit(new))),
            link: span.and_then(|(old, new)| e.compare_link(old, new)),
            diff,
        })
    })
}

#[component]
pub(super) fn ServiceCard(views: Views, key: ServiceKey) -> impl IntoView {
    let shown = Memo::new(move |_| shown(views, key));
    let name = move || shown.with(|s| s.as_ref().map(|s| s.name.clone()));
    let lag = move || shown.with(|s| s.as_ref().map(|s| s.diff.lag.word()));
    let counts =
        Memo::new(move |_| shown.with(|s| s.as_ref().map_or((0, 0), |s| (s.diff.between.len(), s.between.len()))));
    let is_open = move || views.changes.opened.with(|opened| opened.contains(&key));
    let toggle = move |_| {
        views.changes.opened.update(|opened| {
            if !opened.remove(&key) {
                opened.insert(key);
            }
        });
    };
    // The button stays where it is pressed, and with it the focus.
    let label = move || match counts.get() {
        (all, shown) if shown < all => format!("Show {}", text::plural(all - shown, "older version")),
        _ => "Show the newest only".to_owned(),
    };
    view! {
        <article class="diff" data-service=name data-lag=lag>
            {move || shown.with(|s| s.as_ref().map(|s| head(views, key, s)))}
            {move || shown.with(|s| s.as_ref().map(|s| list(views, s)))}
            <Show when=move || is_open() || counts.with(|(all, shown)| shown < all)>
                <button type="button" class="button diff__more" aria-expanded=move || is_open().to_string() on:click=toggle>{label}</button>
            </Show>
        </article>
    }
}

fn head(views: Views, key: ServiceKey, s: &Shown) -> impl IntoView + use<> {
    let (first, second) = &s.rings;
    let lag = changes::lag(&s.diff, s.commits, first, second);
    let link = s.link.as_ref().map(|link| outside(link, "All commits between".to_owned()));
    view! {
        <div class="diff__head">
            <h2 class="diff__name">{links::to_history(views, key, shown_name(&s.name))} " " <span class="diff__project">{s.project.clone()}</span></h2>
            <dl class="diff__runs">
                {runs(views, first, &s.first)}
                {runs(views, second, &s.second)}
            </dl>
            <p class="diff__lag"><span class="lag">{lag}</span> {link}</p>
        </div>
    }
}

/// What lies between, as far as it is shown.
fn list(views: Views, s: &Shown) -> impl IntoView + use<> {
    let (first, second) = &s.rings;
    let got = if s.diff.lag == Lag::Ahead { second } else { first };
    let items = s.between.iter().map(|(d, wanted)| between(views, d, *wanted)).collect_view();
    let is_some = !s.between.is_empty();
    // What the other ring runs was not found, so nobody can say where to stop.
    let partly = (s.diff.is_partial && is_some).then(|| {
        let says = format!("What came to {got} since the version in {second} was made. There may be more between.");
        view! { <p class="diff__note">{says}</p> }
    });
    let label = format!("Versions of {} that {got} got since", shown_name(&s.name));
    let list = is_some.then(|| view! { <ol class="between" aria-label=label>{items}</ol> });
    view! { {partly} {list} }
}

fn runs(views: Views, ring: &str, (d, known): &Runs) -> impl IntoView + use<> {
    let version = match d {
        Some(d) => links::to_details(views, d, "inside", wording::version(d)),
        None => view! { <span class="diff__none">"nothing"</span> }.into_any(),
    };
    let unsure = (*known == Known::Unknown && d.is_some()).then(|| {
        let why = "It was deployed. Whether the ring's clusters run it is not known.";
        view! { <span class="diff__unsure" title=why>"sync unknown"</span> }
    });
    view! { <div><dt>{ring.to_owned()}</dt><dd>{version} {unsure}</dd></div> }
}

/// One version between.
fn between(views: Views, d: &Arc<Deployment>, wanted: bool) -> impl IntoView + use<> {
    let app = views.app;
    let message = d.source.message.as_deref().map(|m| text::first_line(m).to_owned());
    let commit = d.source.commit.as_ref().map(|c| maybe_outside(d.source.link.as_ref(), c.short().to_owned()));
    let pull_request = d.pull_request.as_ref().map(pull_request);
    let at = d.updated;
    view! {
        <li class="between__item" data-dim=(!wanted).then_some("true")>
            {links::to_details(views, d, "inside between__version", wording::version(d))}
            <span class="between__message" title=message.clone()>{message.clone()}</span>
            <span class="between__about">
                {d.source.author.as_ref().map(person)}
                <code>{commit}</code>
                <span>{pull_request}</span>
                <time datetime=at.to_rfc3339() title=clock::exact(at)>{move || text::ago(at, app.tick.get())}</time>
            </span>
        </li>
    }
}
